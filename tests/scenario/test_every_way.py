"""Every verb by every way in which people reach it, in both languages, as `docs/verbs.md` has it in its table.

Reactions, the fourth way, have scenarios of their own (`test_reactions.py`).
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from house import House, shown, until
from playground_driving import BOT

from bot.composition.surroundings import wording
from bot.verbs import REGISTRY
from bot.verbs.registry import Menu

SCENARIOS = Path(__file__).parent
DOCS = SCENARIOS.parents[1] / "docs" / "verbs.md"
PEOPLE = {"en": "ben", "ja": "aiko"}
numbers = itertools.count(1)


@dataclass(frozen=True)
class Said:
    """What is typed after a verb, and a piece of the answer in each language."""

    words: str
    en: str
    ja: str


ANSWERS = {
    "add": Said("2401.{new}", "Saved", "保存しました"),
    "tag": Said("Way {new}", "Tagged Way", "タグ Way"),
    "untag": Said("Set", "Removed Set", "タグ Set を外しました"),
    "tags": Said("", "#Set", "#Set"),
    "tidy": Said("rename Set, Other {new}", "Other", "Other"),
    "comment": Said("good {new}", "Comment saved", "コメントを保存しました"),
    "reading": Said("", "reading", "読んでいる"),
    "read": Said("", "read", "既読"),
    "unread": Said("", "unread", "未読"),
    "emoji": Said("", "Removing the emoji undoes it", "絵文字を外すと元に戻ります"),
    "show": Said("", "No comments yet", "コメントはまだありません"),
    "related": Said("", "elated to", "関連"),
    "list": Said("Set", "1 paper", "1 件"),
    "search": Said("{id}", "1 paper", "1 件"),
    "digest": Said("", "Papers from", "の論文"),
    "agenda": Said("", "talk about", "話"),
    "undo": Said("", "ndo", "元に戻"),
    "backfill": Said("stop", "not reading this channel's past", "読み込んでいません"),
    "settings": Said("", "Language in which I answer you", "あなたへの返信の言語"),
    "forget": Said("", "If you ask me to forget you", "削除すると"),
    "publish": Said("", "brought up to date", "更新しています"),
    "menu": Said("", "Set", "Set"),
    "help": Said("", " tag [PAPER] TAG, TAG", " tag [PAPER] TAG, TAG"),
    "follow": Said("Set", "ollow", "フォロー"),
    "unfollow": Said("Set", "ollow", "フォロー"),
}

WITHOUT_CHANNEL = {"backfill": Said("", "type /note backfill in that channel", "/note backfill と入力")}
"""What is answered otherwise in the menu of everything, which belongs to no channel."""

CASES = [(verb, language) for verb in REGISTRY for language in PEOPLE]


@dataclass(frozen=True)
class Case:
    """A person about to use a verb on a paper that alone carries the tag `Set`."""

    verb: str
    language: str
    paper: str
    ts: str
    card: str

    @property
    def member(self) -> str:
        return PEOPLE[self.language]

    @property
    def typed(self) -> str:
        facts = {"new": f"{next(numbers):05}", "id": self.paper}
        return f"{self.verb} {ANSWERS[self.verb].words.format(**facts)}".strip()

    @property
    def answer(self) -> str:
        return str(getattr(ANSWERS[self.verb], self.language))


class Cases:
    """The cases of one house: each verb has a paper of its own, shared by its ways and languages."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._papers: dict[str, tuple[str, str, str]] = {}
        self._tagged = ""

    def case(self, verb: str, language: str) -> Case:
        """A case in which everything is as the verb wants it before."""
        if verb not in self._papers:
            paper = f"2402.{next(numbers):05}"
            ts = self._house.paste(f"https://arxiv.org/abs/{paper}")
            self._papers[verb] = (paper, ts, str(self._house.card(ts, paper)["ts"]))
        case = Case(verb, language, *self._papers[verb])
        if self._tagged not in ("", case.paper):
            self._house.command(f"/note untag {self._tagged} Set")
        self._house.command(f"/note tag {case.paper} Set")
        self._tagged = case.paper
        if verb == "unread":
            self._house.command(f"/note read {case.paper}", member=case.member)
        if verb == "unfollow":
            self._house.command("/note follow Set", member=case.member)
        return case


@pytest.fixture(scope="module")
def cases(house: House) -> Cases:
    return Cases(house)


@pytest.mark.parametrize(("verb", "language"), CASES)
def test_by_slash_command(house: House, cases: Cases, verb: str, language: str) -> None:
    case = cases.case(verb, language)
    assert case.answer in house.command(f"/note {case.typed}", member=case.member)


@pytest.mark.parametrize(("verb", "language"), CASES)
def test_by_mention_in_the_thread_where_no_slash_command_is_told_of(
    house: House, cases: Cases, verb: str, language: str
) -> None:
    case = cases.case(verb, language)
    before = len(house.whispers(case.member))
    house.paste(f"<@{BOT}> {case.typed}", member=case.member, thread=case.ts)
    told = until(lambda: [one for one in house.whispers(case.member)[before:] if case.answer in shown(one)])
    assert not any("/note" in shown(one) for one in told)


IN_MENUS = [
    (verb, language)
    for verb, language in CASES
    if REGISTRY[verb].menu is not Menu.NONE or (REGISTRY[verb].form and REGISTRY[verb].of_note)
]


@pytest.mark.parametrize(("verb", "language"), IN_MENUS)
def test_by_shortcut_and_button(house: House, cases: Cases, verb: str, language: str) -> None:
    case, one = cases.case(verb, language), REGISTRY[verb]
    if one.menu is Menu.ALL:
        house.act("shortcut", member=case.member, callback_id="menu_notes")
    else:
        shortcut = {"callback_id": "menu_paper", "channel": "papers", "message_ts": case.card}
        house.act("shortcut", member=case.member, **shortcut)
    menu = house.modal(case.member)
    house.act("view/click", member=case.member, view_id=menu["id"], action_id=f"verb:{verb}")
    if one.form:
        title = wording("slack", language)(f"modal_{verb}")
        until(lambda: house.modal(case.member)["title"]["text"] == title)
    elif verb in WITHOUT_CHANNEL:
        house.modal(case.member, str(getattr(WITHOUT_CHANNEL[verb], language)))
    else:
        house.modal(case.member, case.answer if verb != "list" else "")
    house.act("view/close", member=case.member, all=True)


@pytest.mark.parametrize(("member", "found"), [("ben", "1 paper"), ("aiko", "1 件")])
def test_who_asks_for_the_past_of_no_channel_takes_nothing_from_others(
    house: House, cases: Cases, member: str, found: str
) -> None:
    case = cases.case("backfill", "en")
    house.act("shortcut", member="ben", callback_id="menu_notes")
    menu = house.modal("ben")
    house.act("view/click", member="ben", view_id=menu["id"], action_id="verb:backfill")
    house.modal("ben", str(WITHOUT_CHANNEL["backfill"].en))
    house.act("view/close", member="ben", all=True)
    house.act("shortcut", member=member, callback_id="search_notes")
    house.modal(member)
    house.act("view/submit", member=member, values={"words": {"words": case.paper}})
    house.modal(member, found)
    house.act("view/close", member=member, all=True)


def test_the_table_of_the_docs_is_that_of_the_program() -> None:
    rows = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in DOCS.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `")
    ]
    said = [row[0].strip("`").replace("\\|", "|") for row in rows]
    assert said == [command.usage for command in REGISTRY.values()]
    names = [f"`{one.name}` {'、'.join(one.japanese)}" for one in REGISTRY.values()]
    assert f"They are {' · '.join(names)}." in DOCS.read_text(encoding="utf-8")
    scenarios = "".join(file.read_text(encoding="utf-8") for file in SCENARIOS.glob("test_*.py"))
    for usage, does, clicked, _reaction, tried in rows:
        command = REGISTRY[usage.strip("`").split()[0]]
        assert does.replace("\\|", "|") == command.en
        assert clicked, usage
        assert f"def {tried.strip('`')}(" in scenarios, usage
