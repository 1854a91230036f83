"""What people type after the slash command, in the many ways in which people type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from fakes import FakeGate
from stored import NOW, PUBLIC, SECRET, TEAM, paper, settle, share, store, tag
from written import MESSAGES, assert_slack_takes, words_of

from bot.blocks import Rendered
from bot.payloads.interactions import Submitted
from bot.verbs import REGISTRY, Desk, answer, asked, begins_with_verb, is_command
from bot.verbs.answering import ChannelNotTag, NotAboutPapers, NoVerb, OnePaperOnly
from bot.verbs.digesting import TimeWithoutHere
from bot.verbs.finding import NothingToSearch
from bot.verbs.following import NoTimeToFollow
from bot.verbs.registry import Takes, verb_named
from bot.verbs.saving import NothingToSave
from bot.verbs.tag_keeping import HowToTidy
from bot.verbs.typed_tags import LinkNotTag
from papers import tags as tag_names
from papers.asker import Asker
from papers.backfills import Backfills
from papers.digest_order import DigestOrder, Scope
from papers.digests import Digests, NoDigestHere, NotATime
from papers.emoji import DEFAULTS, EmojiVerb, Meaning, understand
from papers.errors import EmptyComment, FusenError, NoSuchPaper, NotAPage, NotAPaper, TagNotThere, UnknownPaper
from papers.following import Following
from papers.follows import Follower, Target, TargetKind
from papers.forgetting import Forgetting
from papers.lookup import Lookup
from papers.mentions import NobodyCalled, PersonInName
from papers.note import Audience, Channel, ChannelKind, Member
from papers.notebook import Notebook
from papers.nudges import Job
from papers.periods import WeeklyTime
from papers.preferences import AdminsSettle, MembersSettle, Preferences
from papers.reactions import Reactions
from papers.readers import Readers
from papers.relating import Relating
from papers.settled import (
    Setting,
    Standing,
    UnknownSetting,
    UnknownZone,
    WrongChoice,
    WrongDays,
    WrongSetting,
    settings,
)
from papers.shelf import Shelves
from papers.tag_keeping import TagKeeping
from papers.tagging import Tagging
from papers.tags import NoTag
from papers.undoing import TooLateToUndo, Undoing
from storage.engine import connect
from storage.shelves import StoredShelves


@dataclass
class Typist:
    """Somebody who types commands into a public channel with one paper, 2310.00001."""

    shelves: Shelves
    nudges: list[Job] = field(default_factory=list)
    typed: int = 0
    standing: Standing = Standing.MEMBER
    admins_only: bool = False
    member: str = "U1"
    now: datetime = NOW

    def type(self, text: str) -> str:
        self.typed += 1
        return self._read(answer(self._desk(), self._asker(), text))

    def press(self, verb: str, words: str) -> str:
        """Press a button that runs a verb with these words."""
        self.typed += 1
        desk = self._desk()
        request = replace(asked(desk, self._asker(), words), verb=verb, pressed=True)
        return self._read(REGISTRY[verb].run(desk, request))

    def fill_in(self, verb: str, known_tags: tuple[str, ...], new_tags: str) -> str:
        """Send the window of a verb, opened for the paper."""
        self.typed += 1
        desk, form = self._desk(), REGISTRY[verb].form
        assert form
        chosen, typed = {"known_tags": known_tags}, {"new_tags": new_tags}
        words = form.words(Submitted(self._asker(), verb, 0, typed, chosen))
        return self._read(REGISTRY[verb].run(desk, asked(desk, self._asker(), words)))

    def _read(self, told: Rendered) -> str:
        assert_slack_takes(told)
        return "\n".join(words_of(told.blocks)).replace("\u200b", "")

    def _asker(self) -> Asker:
        return Asker(TEAM, PUBLIC, self.member, f"command:{self.typed}")

    def _desk(self) -> Desk:
        notebook = Notebook(self.shelves, self.nudges.append, lambda: NOW, lambda: timedelta(0))
        digests = Digests(self.shelves, self.nudges.append, lambda: self.now, WeeklyTime.parse("mon 09:00"))
        return Desk(
            lookup=Lookup(self.shelves),
            notebook=notebook,
            tagging=Tagging(self.shelves, self.nudges.append, lambda: NOW),
            readers=Readers(self.shelves, self.nudges.append, lambda: NOW),
            reactions=Reactions(self.shelves, self.nudges.append, lambda: NOW),
            tag_keeping=TagKeeping(self.shelves, self.nudges.append, lambda: NOW),
            digests=digests,
            forgetting=Forgetting(self.shelves, self.nudges.append, lambda: NOW),
            following=Following(self.shelves, self.nudges.append, lambda: NOW, WeeklyTime.parse("mon 09:00")),
            undoing=Undoing(self.shelves, self.nudges.append, lambda: NOW),
            preferences=Preferences(self.shelves, self.nudges.append, lambda: NOW, self.admins_only),
            relating=Relating(self.shelves, self.nudges.append, FakeGate()),
            backfills=Backfills(self.shelves, self.nudges.append, lambda: NOW, "/note"),
            messages=MESSAGES,
            nudge=self.nudges.append,
            command="/note",
            bot_user="fusen",
            pages_address="",
            today=NOW.date,
            standing=lambda _workspace, _member: self.standing,
        )


@pytest.fixture
def ben(sqlite_url: str) -> Iterator[Typist]:
    database = connect(sqlite_url)
    shelves = StoredShelves(database)
    with shelves.writing() as shelf:
        settle(shelf)
        share(shelf, paper(1), PUBLIC, "1.0")
        store(shelf, paper(1))
    yield Typist(shelves)
    database.close()


@pytest.mark.parametrize(
    "text",
    [
        "tag LLM",
        "TAG LLM",
        "  tag   LLM ",
        "tag\tLLM",
        "tag　LLM",
        "ｔａｇ　LLM",
        "tag 2310.00001 LLM",
        "tag\nLLM",
        "tag: LLM",
        "tag:LLM",
        "TAG： LLM",
    ],
)
def test_a_verb_is_known_however_it_is_typed(ben: Typist, text: str) -> None:
    assert "Tagged LLM" in ben.type(text)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("タグ　評価", "Tagged 評価"),
        ("ﾀｸﾞ 2310.00001 評価", "Tagged 評価"),
        ("検索 language", "1 paper"),
        ("一覧 未読", "2310.00001"),
        ("読んでいる", "reading"),
        ("ダイジェスト ここ 毎週金曜", "every Friday at 09:00"),
        ("設定 language 日本語", "日本語"),
        ("ヘルプ", "/note tag"),
        ("タグ：評価", "Tagged 評価"),
        ("タグ: 2310.00001 評価", "Tagged 評価"),
        ("コメント：良い論文", "Comment saved"),
        ("タグを付ける 評価", "Tagged 評価"),
        ("タグ付け：評価", "Tagged 評価"),
    ],
)
def test_a_verb_has_japanese_names(ben: Typist, typed: str, told: str) -> None:
    assert told in ben.type(typed)


def test_what_was_done_is_taken_back_by_its_short_japanese_name(ben: Typist) -> None:
    ben.type("タグ 評価")
    assert "評価" in ben.type("取消")
    assert "評価" not in ben.type("tags")


@pytest.mark.parametrize("text", ["タグを付けたい", "検索は速い", "一覧表", "コメントありがとう"])
def test_a_sentence_that_begins_like_a_japanese_name_is_no_command(ben: Typist, text: str) -> None:
    assert not is_command(text) and not begins_with_verb(text)
    assert f"I do not know “{text}”" in ben.type(text)


@pytest.mark.parametrize("text", ["undo: that", "help: LLM", "tagged: LLM", "tag :LLM"])
def test_a_colon_parts_no_other_word(ben: Typist, text: str) -> None:
    assert not is_command(text) or "Tagged :LLM" in ben.type(text)


@pytest.mark.parametrize("text", ["", " ", "　", "help", "HELP me", "frobnicate", "<@U1>", "2310 papers"])
def test_what_is_no_verb_gets_the_list_of_verbs(ben: Typist, text: str) -> None:
    told = ben.type(text)
    for verb in REGISTRY:
        assert f"/note {verb}" in told


@pytest.mark.parametrize(
    ("typed", "verb"),
    [
        ("serach 蒸留", "search"),
        ("seach 蒸留", "search"),
        ("Taggs", "tags"),
        ("tags?", "tags"),
        ("ｔａｇｇ LLM", "tag"),
        ("tagg: LLM", "tag"),
        ("tga LLM", "tag"),
        ("tydi", "tidy"),
        ("hlep", "help"),
        ("lists", "list"),
        ("unfolow", "unfollow"),
        ("settings？", "settings"),
    ],
)
def test_a_slip_in_a_verb_is_answered_with_the_verb(ben: Typist, typed: str, verb: str) -> None:
    assert f"Did you mean /note {verb}?" in ben.type(typed)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("詳細。", "詳細"),
        ("タグ一覧？", "タグ一覧"),
        ("ﾀｸﾞ! 評価", "タグ"),
        ("フォーロ 評価", "フォロー"),
        ("フォロ 評価", "フォロー"),
        ("コメンと 良い論文", "コメント"),
        ("だいじぇすと", "ダイジェスト"),
        ("検策 蒸留", "検索"),
        ("一欄", "一覧"),
        ("フォロー中", "フォロー"),
        ("フォロー解除して", "フォロー解除"),
        ("既読です", "既読"),
        ("関連論文は？", "関連"),
        ("読んでいます", "読んでいる"),
        ("タグを付けたい", "タグを付ける"),
        ("検索してください。", "検索"),
    ],
)
def test_a_slip_in_a_japanese_name_is_answered_with_that_name(ben: Typist, typed: str, name: str) -> None:
    told = ben.type(typed)
    assert f"I do not know “{typed.split()[0]}”. Did you mean /note {name}?" in told
    assert verb_named(name)


@pytest.mark.parametrize(
    "word", ["検証", "追記", "関係", "タク", "読書会", "一緒に", "。", "追加で質問なのですが実験は再現できますか"]
)
def test_a_plain_japanese_word_is_no_slip_in_a_verb(ben: Typist, word: str) -> None:
    told = ben.type(word)
    assert "I do not know" in told
    assert "Did you mean" not in told


def test_a_plain_word_is_no_slip_in_a_verb(ben: Typist) -> None:
    for word in [
        "how",
        "head",
        "lead",
        "real",
        "ready",
        "redo",
        "and",
        "last",
        "snow",
        "tap",
        "undone",
        "helper",
        "readme",
    ]:
        told = ben.type(word)
        assert f"I do not know “{word}”" in told
        assert "Did you mean" not in told


def test_what_is_not_saved_is_said_with_the_words_that_save_it(ben: Typist) -> None:
    with pytest.raises(UnknownPaper) as refused:
        ben.type("show 2310.99998")
    sentence = refused.value.sentence("en")
    assert sentence == "Nobody here has shared 2310.99998 yet. Save it first: /note add 2310.99998"


def test_help_with_a_verb_knows_it_however_it_is_typed(ben: Typist) -> None:
    for verb in ("tag", "Tag", "ｔａｇ", " TAG ", "タグ"):
        assert "do not know" not in ben.type(f"help {verb}")


@pytest.mark.parametrize(
    "text", ["2310.00009", "<https://arxiv.org/abs/2310.00009>", "https://arxiv.org/pdf/2310.00009v2"]
)
def test_a_paper_alone_is_added(ben: Typist, text: str) -> None:
    assert "Saved" in ben.type(text)
    assert "2310.00009" in ben.type("list")


@pytest.mark.parametrize(
    "text",
    [
        "2310.00008 2310.00009",
        "2310.00008, 2310.00009",
        "2310.00008、2310.00009",
        "[2310.00008],arXiv:2310.00009",
        "<https://arxiv.org/abs/2310.00008|one> <https://arxiv.org/abs/2310.00009|two>",
    ],
)
def test_papers_alone_are_added(ben: Typist, text: str) -> None:
    assert "Saved" in ben.type(text)
    listed = ben.type("list")
    assert "2310.00008" in listed and "2310.00009" in listed


def test_a_paper_is_found_before_the_words_whatever_its_form(ben: Typist) -> None:
    for named in (
        "2310.00001",
        "<https://arxiv.org/abs/2310.00001v3|arxiv.org/abs/2310.00001v3>",
        "arXiv:2310.00001",
    ):
        assert "Comment saved" in ben.type(f"comment {named}　良い *論文* & more")
    assert ben.type("show").count("良い *論文* &amp; more") == 3


@pytest.mark.parametrize(
    "words",
    [
        "LLM 2310.00001",
        "LLM <https://arxiv.org/abs/2310.00001v3|arxiv.org/abs/2310.00001v3>",
        "LLM, 2310.00001",
        "LLM　arXiv:2310.00001",
        "LLM,2310.00001",
        "2310.00001、LLM",
        "2310.00001,LLM",
        "2310.00001: LLM",
        "2310.00001に LLM",
        "arXiv: 2310.00001 LLM",
        "<https://arxiv.org/abs/2310.00001|A label of words>、LLM",
    ],
)
def test_a_paper_may_be_named_beside_its_tag(ben: Typist, words: str) -> None:
    with ben.shelves.writing() as shelf:
        share(shelf, paper(2), PUBLIC, "2.0")
    assert "Tagged LLM" in ben.type(f"tag {words}")
    assert "2310.00001" in ben.type("list LLM")
    assert "LLM (1)" in ben.type("tags")
    ben.type(f"untag {words}")
    assert "LLM (1)" not in ben.type("tags")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2310.00001を読んだ。とても 良い論文", "を読んだ。とても 良い論文"),
        ("<https://arxiv.org/abs/2310.00001>、3章が 参考になる", "3章が 参考になる"),
        ("https://arxiv.org/abs/2310.00001、3章が 参考になる", "3章が 参考になる"),
        ("2310.00001、great", "great"),
        ("2310.00001: great  stuff", "great  stuff"),
        ("(2310.00001) *great*", "*great*"),
        ("論文2310.00001を読んだ", "論文2310.00001を読んだ"),
        ("論文2310.00001 を読んだ", "論文2310.00001 を読んだ"),
    ],
)
def test_no_word_of_a_comment_is_lost(ben: Typist, typed: str, kept: str) -> None:
    ben.type(f"comment {typed}")
    with ben.shelves.reading() as shelf:
        (note,) = shelf.notes.select(Audience(TEAM, PUBLIC))
    assert [comment.text for comment in note.comments] == [kept]


@pytest.mark.parametrize(
    ("typed", "slip"),
    [
        ("2313.00001 hello", "2313.00001"),
        ("2313.00001", "2313.00001"),
        ("2313.00001に 賛成", "2313.00001"),
        ("(2313.00001) hello", "2313.00001"),
        ("arXiv:2313.00001 hello", "2313.00001"),
        ("２３１３．００００１ hello", "2313.00001"),
        ("ａｒＸｉｖ：２３１３．００００１　hello", "2313.00001"),
        ("arXiv 2313.00001 hello", "2313.00001"),
        ("hep-th/9913001: hello", "hep-th/9913001"),
        ("<https://arxiv.org/abs/2313.00001|the paper> hello", "https://arxiv.org/abs/2313.00001"),
        ("https://arxiv.org/abs/2310.00001v0 hi", "https://arxiv.org/abs/2310.00001v0"),
        ("「https://arxiv.org/pdf/2313.00001」 hi", "https://arxiv.org/pdf/2313.00001"),
    ],
)
def test_a_text_that_begins_with_a_slip_is_no_comment_on_another_paper(ben: Typist, typed: str, slip: str) -> None:
    for verb in ("comment", "コメント:"):
        with pytest.raises(NotAPaper, match=re.escape(f"“{slip}” is not an arXiv paper")):
            ben.type(f"{verb} {typed}")
    assert "No comments" in ben.type("show")


@pytest.mark.parametrize(
    "text",
    [
        "compare with 2313.00001",
        "論文2313.00001 を読んだ",
        "http://wiki.lab/x says more",
        "see https://arxiv.org/abs/2313.00001",
        "`2313.00001` is no id",
        "`x` 2313.00001",
        "3.5 points up",
        "1/2 of it",
    ],
)
def test_a_slip_amid_a_comment_and_another_sites_link_are_part_of_it(ben: Typist, text: str) -> None:
    assert "Comment saved" in ben.type(f"comment {text}")


def test_who_is_mentioned_in_a_comment_is_named_as_in_the_thread(ben: Typist) -> None:
    ben.type("comment <@U2> and <@U9> said so")
    assert "@Ben and @someone said so" in ben.type("show")


@pytest.mark.parametrize("typed", ["https://example.org/nope LLM", "LLM <https://example.org/nope|a page>"])
def test_an_address_is_no_tag(ben: Typist, typed: str) -> None:
    with pytest.raises(UnknownPaper, match=r"add https://example\.org/nope"):
        ben.type(f"tag {typed}")


@pytest.mark.parametrize(
    ("typed", "slip"),
    [
        ("2313.00001 LLM", "2313.00001"),
        ("2313.00001", "2313.00001"),
        ("LLM 2313.00001", "2313.00001"),
        ("LLM, 9999.99999", "9999.99999"),
        ("2313.00001、LLM", "2313.00001"),
        ("LLM, 2313.00001, RAG", "2313.00001"),
        ("2313.00001に LLM", "2313.00001"),
        ("2313.00001v2: LLM", "2313.00001v2"),
        ("arXiv:2313.00001 LLM", "2313.00001"),
        ("hep-th/9913001 LLM", "hep-th/9913001"),
        ("2310.00001 2313.00002 LLM", "2313.00002"),
        ("<https://arxiv.org/abs/2313.00001|the paper> LLM", "https://arxiv.org/abs/2313.00001"),
        ("LLM http://localhost/x", "http://localhost/x"),
    ],
)
def test_an_id_with_a_slip_in_it_is_no_tag_of_another_paper(ben: Typist, typed: str, slip: str) -> None:
    for verb in ("tag", "untag"):
        with pytest.raises(NotAPaper, match=re.escape(f"“{slip}” is not an arXiv paper")):
            ben.type(f"{verb} {typed}")
    assert "No tags" in ben.type("tags")


@pytest.mark.parametrize("tag", ["2313.00001 LLM", "9999.99999", "tickets/1234567", "release 2024.1", "GPT-4.1"])
def test_in_quotes_or_in_use_whatever_looks_like_an_id_is_a_tag(ben: Typist, tag: str) -> None:
    assert f"Tagged {tag}" in ben.type(f'tag "{tag}"')
    assert f"Removed {tag}" in ben.type(f"untag {tag}")
    assert f"Tagged {tag}, RAG" in ben.type(f'tag "{tag}", RAG')
    assert "It has these tags already" in ben.type(f"tag {tag}, RAG")
    assert "It has these tags already" in ben.type(f"tag #{tag} #RAG")
    assert f"Removed {tag}, RAG" in ben.type(f"untag RAG, {tag}")


@pytest.mark.parametrize(
    "named",
    [
        "２３１０．００００１",
        "ａｒＸｉｖ：２３１０．００００１",
        "２３１０．００００１：",
        "arXiv：２３１０．００００１",
        "ｈｔｔｐｓ：／／ａｒｘｉｖ．ｏｒｇ／ａｂｓ／２３１０．００００１",
    ],
)
def test_an_id_typed_in_full_width_names_its_paper(two: Typist, named: str) -> None:
    two.type(f"コメント　{named}　一つ目の話です")
    two.type(f"タグ　{named}　評価")
    for verb in ("既読", "読んでいる", "関連", "追加"):
        two.type(f"{verb} {named}")
    shown = two.type(f"詳細 {named}")
    assert "2310.00001" in shown and "一つ目の話です" in shown and "#評価" in shown
    assert "2310.00001" in two.type("list read")


def test_of_two_papers_neither_is_passed_over_where_one_is_typed_in_full_width(ben: Typist) -> None:
    assert ben.type("add 2310.00005 ２３１０．００００６").count("Saved: ") == 2


@pytest.mark.parametrize(
    "slip",
    [
        "２３１３．００００９",
        "ａｒＸｉｖ：２３１３．００００９",
        "ｈｔｔｐｓ：／／ａｒｘｉｖ．ｏｒｇ／ａｂｓ／２３１３．００００９",
    ],
)
def test_an_id_with_a_slip_in_it_is_no_tag_in_full_width(ben: Typist, slip: str) -> None:
    with pytest.raises(NotAPaper, match=r"2313\.00009” is not an arXiv paper"):
        ben.type(f"tag {slip} 新規")
    assert "No tags" in ben.type("tags")


LINKS = [
    ("https://arxiv.org/abs/1409.1556", "https://arxiv.org/abs/1409.1556"),
    ("強い, https://blog.example/one", "https://blog.example/one"),
    ("2313.00077, 強い", "2313.00077"),
    ("2001.08361", "2001.08361"),
    ("強い, ２００１．０８３６１", "2001.08361"),
]


@pytest.mark.parametrize(("typed", "link"), LINKS)
@pytest.mark.parametrize("verb", ["tag", "follow"])
def test_a_link_or_an_id_in_a_window_is_no_tag(ben: Typist, verb: str, typed: str, link: str) -> None:
    with pytest.raises(LinkNotTag, match=re.escape(f"“{link}” is a link or looks like")):
        ben.fill_in(verb, known_tags=(), new_tags=typed)
    assert "No tags" in ben.type("tags")
    assert typed not in ben.type("follow")


def test_a_tag_in_use_that_looks_like_an_id_can_be_chosen_in_a_window(ben: Typist) -> None:
    ben.press("tag", '"2001.08361", LLM')
    told = ben.fill_in("tag", known_tags=("2001.08361", "LLM"), new_tags="RAG")
    assert "Tagged RAG" in told
    assert "2001.08361" in ben.fill_in("follow", known_tags=("2001.08361",), new_tags="")


@pytest.mark.parametrize(
    "typed",
    [
        "emoji :books: tag {}",
        "tidy rename LLM, {}",
        "tidy alias {}, LLM",
        "tag 2310.00001 LLM, {}, RAG",
        "follow RAG, {} weekly",
    ],
)
@pytest.mark.parametrize("link", ["https://arxiv.org/abs/1409.1556", "2001.08361", "２３１３．０００７７"])
def test_a_link_or_an_id_becomes_no_tag_in_any_way(ben: Typist, typed: str, link: str) -> None:
    ben.type("tag LLM")
    with pytest.raises((LinkNotTag, NotAPaper, OnePaperOnly)):
        ben.type(typed.format(link))
    assert ben.type("tags").count("#") == 1
    assert "books" not in ben.type("emoji")


def test_a_tag_in_corner_brackets_is_the_tag_without_them(ben: Typist) -> None:
    for typed in ("評価", "「評価」", "『評価』"):
        ben.type(f"tag {typed}")
    assert "「" not in ben.type("tags") and "『" not in ben.type("tags")
    ben.type("tag 「2313.00001」")
    assert "2313.00001" in ben.type("tags")


FAST_AI, NERF = "<http://fast.ai|fast.ai>", "<http://nerf.example|nerf.example>"
"""Domains that somebody typed, as Slack gives them."""


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("tag {}, RAG", "Tagged fast.ai, RAG: "),
        ("tag 2310.00001 {}", "Tagged fast.ai: "),
        ("tag <https://arxiv.org/abs/2310.00001> {}", "Tagged fast.ai: "),
        ("tag {} <http://arxiv.org/abs/2310.00001|arxiv.org/abs/2310.00001>", "Tagged fast.ai: "),
        ("follow {}", "#fast.ai"),
        ("emoji :books: tag {}", "fast.ai"),
        ("comment {} does so, too", "Comment saved"),
        ("comment compare {}", "Comment saved"),
    ],
)
def test_a_domain_that_slack_links_is_what_was_typed(ben: Typist, typed: str, told: str) -> None:
    assert told in ben.type(typed.format(FAST_AI))
    assert "http://" not in ben.type("show") + ben.type("tags") + ben.type("follow")


def test_a_tag_that_looks_like_a_domain_is_known_by_every_verb(ben: Typist) -> None:
    ben.type(f"tag {FAST_AI}")
    for typed in (f"list {FAST_AI}", f"search tag:{FAST_AI}", f"digest {FAST_AI}"):
        assert "Nothing found" not in ben.type(typed), typed
    assert "fastai" in ben.type(f"tidy rename {FAST_AI}, fastai")
    ben.type(f"untag {FAST_AI}")
    assert "No tags" in ben.type("tags")


def test_a_domain_is_a_page_where_one_is_clearly_meant(ben: Typist) -> None:
    assert "Saved" in ben.type(f"add {NERF}")
    assert "nerf.example" in ben.type(f"tag {NERF}, {FAST_AI}")
    assert "#fast.ai" in ben.type(f"show {NERF}")
    ben.type(f"comment {NERF} a fine demo")
    assert "a fine demo" in ben.type(f"show {NERF}")
    assert "a fine demo" not in ben.type("show 2310.00001")
    ben.type(f"tag 2310.00001 {NERF}")
    assert "#nerf.example" in ben.type("show 2310.00001")
    assert "Saved" in ben.type("<http://new.example|new.example>")


def test_a_number_amid_the_words_of_a_tag_is_part_of_it(ben: Typist) -> None:
    assert "Tagged notes of 2310.00001 and on:" in ben.type("tag notes of 2310.00001 and on")


def test_a_paper_named_twice_is_one(ben: Typist) -> None:
    named = "<https://arxiv.org/abs/2310.00001> <https://arxiv.org/pdf/2310.00001>"
    for typed in (f"tag {named} Twice", f"tag Twice {named}"):
        assert "Twice" in ben.type(typed)
    assert ben.type("tags").count("#") == 1


def test_tags_for_several_papers_at_once_are_put_on_none(ben: Typist) -> None:
    with pytest.raises(OnePaperOnly):
        ben.type("tag 2310.00001 2310.00002 LLM")
    assert "LLM" not in ben.type("tags")


@pytest.mark.parametrize(
    "named",
    [
        "2310.00001 2310.00002",
        "2310.00001 and 2310.00002",
        "2310.00001、2310.00002",
        "<https://arxiv.org/abs/2310.00001> <https://blog.example/two>",
    ],
)
@pytest.mark.parametrize("verb", ["read", "unread", "show", "related", "reading", "menu"])
def test_of_several_papers_none_is_taken_by_a_verb_that_is_about_one(ben: Typist, verb: str, named: str) -> None:
    with pytest.raises(OnePaperOnly, match=f"Name one: /note {verb} 2310"):
        ben.type(f"{verb} {named}")
    assert "not marked any of the papers seen here as read" in ben.type("list read")


@pytest.mark.parametrize("slip", ["2313.00001", ", 2313.00001", "and <https://arxiv.org/abs/2313.00001>"])
@pytest.mark.parametrize("verb", ["read", "unread", "show", "related", "reading", "menu"])
def test_beside_a_paper_with_a_slip_none_is_taken_by_a_verb_that_is_about_one(
    ben: Typist, verb: str, slip: str
) -> None:
    with pytest.raises(NotAPaper, match=r"2313\.00001” is not an arXiv paper"):
        ben.type(f"{verb} 2310.00001 {slip}")
    assert "not marked any of the papers seen here as read" in ben.type("list read")


@pytest.mark.parametrize("named", ["2310.00001", "<https://arxiv.org/abs/2310.00001v2|a label>", "2310.00001 LLM"])
@pytest.mark.parametrize(
    "verb",
    [
        "list",
        "一覧",
        "digest",
        "agenda",
        "follow",
        "unfollow",
        "tags",
        "tidy",
        "emoji",
        "settings",
        "undo",
        "forget",
        "publish",
        "backfill",
    ],
)
def test_a_paper_named_to_a_verb_that_is_about_none_is_not_passed_over(ben: Typist, verb: str, named: str) -> None:
    ben.type("tag LLM")
    with pytest.raises(NotAboutPapers, match=rf"“{verb}” is not about one paper.*/note show 2310\.00001$"):
        ben.type(f"{verb} {named}")
    assert "LLM" in ben.type("tags")


def test_help_is_given_and_a_paper_found_whatever_stands_beside(ben: Typist) -> None:
    assert "/note" in ben.type("help 2310.00001")
    assert "1 paper" in ben.type("search <https://arxiv.org/abs/2310.00001>")


def test_a_tag_that_looks_like_a_paper_is_listed(ben: Typist) -> None:
    with ben.shelves.writing() as shelf:
        tag(shelf, 1, PUBLIC, "2310.00001")
    assert "#2310.00001" in ben.type("list 2310.00001")
    assert "#2310.00001" in ben.type('digest "2310.00001"')


def test_a_paper_that_is_linked_to_twice_is_one_to_every_verb(ben: Typist) -> None:
    assert "2310.00001" in ben.type("show <https://arxiv.org/abs/2310.00001> <https://arxiv.org/pdf/2310.00001v2>")


@pytest.fixture
def two(ben: Typist) -> Typist:
    """The same person, with a second paper shared after the first: "A vision"."""
    with ben.shelves.writing() as shelf:
        share(shelf, paper(2), PUBLIC, "2.0")
        store(shelf, paper(2), title="A vision")
        share(shelf, paper(3), PUBLIC, "3.0")
    return ben


@pytest.mark.parametrize("typed", ["vision:clip", "#vision:clip", '"vision: clip"', '"vision：clip"'])
def test_a_colon_within_a_tag_names_no_paper(two: Typist, typed: str) -> None:
    name = typed.strip('#"')
    assert f"Tagged {name}:" in two.type(f"tag {typed}")
    assert "2310.00003" in two.type(f"list {name}")
    assert f"{name}: words: about it" in two.type(f"tidy describe {name}: words: about it")
    assert f"Removed {name} from" in two.type(f"untag {name}")


@pytest.mark.parametrize("parting", [": ", ":　", "：", "： "])
def test_words_before_a_colon_and_a_blank_name_a_paper(two: Typist, parting: str) -> None:
    two.type(f"tag a vision{parting}LLM")
    assert "2310.00002" in two.type("list LLM")


@pytest.mark.parametrize("words", ["A vision: ", "a VISION：", '"A vision": ', "「A vision」：　"])
def test_words_of_a_title_before_a_colon_say_what_a_comment_is_about(two: Typist, words: str) -> None:
    assert "|A vision>" in two.type(f"comment {words}worth it: really")
    told = two.type("show 2310.00002")
    assert "worth it: really" in told
    assert f"{words}worth" not in told


@pytest.mark.parametrize("colon", [":", "： "])
def test_a_title_with_nothing_behind_its_colon_is_no_comment_and_no_tag(two: Typist, colon: str) -> None:
    with pytest.raises(EmptyComment, match=r"/note comment 2310\.00002 see section 3"):
        two.type(f"comment A vision{colon}")
    with pytest.raises(NoTag, match=r"/note tag 2310\.00002 DataGeneration"):
        two.type(f"tag a vision{colon}")
    assert "No comments" in two.type("show 2310.00003")
    assert "No tags" in two.type("tags")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("untag", "/note untag DataGeneration"),
        ("untag 2310.00001", "/note untag 2310.00001 DataGeneration"),
        ("tag", "/note tag DataGeneration"),
        ("tag <https://arxiv.org/abs/2310.00001v2>", "/note tag 2310.00001 DataGeneration"),
        ("タグ 2310.00001", "/note タグ 2310.00001 DataGeneration"),
        ("comment", "/note comment see section 3"),
        ("comment 2310.00001", "/note comment 2310.00001 see section 3"),
        ("list ,", "/note list DataGeneration"),
    ],
)
def test_what_is_missing_is_said_with_the_words_that_were_typed(two: Typist, typed: str, told: str) -> None:
    with pytest.raises(FusenError, match=re.escape(f"for example: {told}") + "$"):
        two.type(typed)


@pytest.mark.parametrize(
    "text",
    ["Note: a slip", "Note:", "vision:", "A: yes", "vision: a word", "A revision: no", "see 1: a, b", "a:b"],
)
def test_a_comment_with_a_colon_that_names_no_title_is_kept_whole(two: Typist, text: str) -> None:
    assert "A vision" not in two.type(f"comment {text}")
    assert text in two.type("show 2310.00003")


def test_of_several_papers_with_the_words_before_a_comment_one_is_chosen(two: Typist) -> None:
    with two.shelves.writing() as shelf:
        for number, title in ((4, "Views of all"), (5, "Views of some")):
            share(shelf, paper(number), PUBLIC, f"{number}.0")
            store(shelf, paper(number), title=title)
    assert "2 papers have these words in their title" in two.type("comment Views of: said of one")
    assert "said of one" not in two.type("show 2310.00005")
    assert "2 papers have these words in their title" in two.type("comment Views of:")


@pytest.mark.parametrize("typed", ["2310.00001を", "2310.00001。", "論文2310.00001", "(2310.00001)"])
def test_what_is_glued_to_a_paper_does_not_matter_where_nothing_else_is_said(ben: Typist, typed: str) -> None:
    assert "You are reading" in ben.type(f"reading {typed}")
    assert "no longer" in ben.type(f"reading {typed} やめる")


def test_a_paper_and_words_without_a_verb_are_answered_with_verbs(ben: Typist) -> None:
    for rest in ("LLM", "LLM 2310.00002", "2310.00002 LLM"):
        with pytest.raises(NoVerb, match=rf"/note tag 2310\.00001 {rest}"):
            ben.type(f"2310.00001 {rest}")


@pytest.mark.parametrize("verb", ["show", "tag", "untag", "comment", "related"])
def test_an_unknown_paper_is_answered_with_how_to_add_it(ben: Typist, verb: str) -> None:
    with pytest.raises(UnknownPaper, match=r"add 2311\.99999"):
        ben.type(f"{verb} 2311.99999 x")


def test_a_link_alone_is_saved(ben: Typist) -> None:
    assert "Saved" in ben.type("<https://blog.example/sleep|blog.example/sleep>")
    with pytest.raises(NotAPage):
        ben.type("http://localhost/x")


@pytest.mark.parametrize(
    "named",
    [
        "2310.00005 2310.00006",
        "2310.00005、2310.00006",
        "<https://arxiv.org/abs/2310.00005v2>, <https://arxiv.org/abs/2310.00006|arxiv.org/abs/2310.00006>",
        "arXiv:2310.00005 and https://arxiv.org/abs/2310.00006",
        "2310.00005 <https://blog.example/2310.00006>",
    ],
)
def test_every_paper_and_page_that_is_named_is_saved(ben: Typist, named: str) -> None:
    told = ben.type(f"add {named}")
    assert told.count("Saved: ") == 2
    assert told.count("Their cards appear in this channel") == 1
    assert ben.type("list").count("2310.0000") >= 3
    again = ben.type(f"追加 {named}")
    assert again.count("shared before by") == 2
    assert "Saved" not in again
    assert ben.type("undo") != ben.type("undo")


@pytest.mark.parametrize(
    ("typed", "said", "instead"),
    [
        ("2310.00005 tag Memory", "tag Memory", "/note tag 2310.00005 Memory"),
        ("2310.00005, タグ：記憶", "タグ：記憶", "/note タグ 2310.00005 記憶"),
        ("2310.00005 LLM", "LLM", "/note tag 2310.00005 LLM · /note comment 2310.00005 LLM"),
        (
            "2310.00005: great paper",
            "great paper",
            "/note tag 2310.00005 great paper · /note comment 2310.00005 great",
        ),
        ("2310.00005 read, 2310.00006 tag YOLO", "read, tag YOLO", "/note read 2310.00005"),
        ("<https://blog.example/a> tag AI", "tag AI", "/note tag https://blog.example/a AI"),
    ],
)
def test_what_add_does_not_do_is_said_with_what_to_type(ben: Typist, typed: str, said: str, instead: str) -> None:
    told = ben.type(f"add {typed}")
    assert "Saved: " in told
    assert f"I did nothing with “{said}”. For that, say: {instead}" in told


@pytest.mark.parametrize("typed", ["2310.00005, please!", "2310.00005 と 2310.00006 を", "the paper (2310.00005)"])
def test_words_that_ask_for_nothing_are_passed_over_beside_papers_to_be_saved(ben: Typist, typed: str) -> None:
    assert "nothing with" not in ben.type(f"add {typed}")


def test_more_papers_than_are_saved_at_once_are_counted(ben: Typist) -> None:
    told = ben.type("add " + " ".join(f"2310.{number:05}" for number in range(2, 14)))
    assert told.count("Saved: ") == 10
    assert "I save 10 at once. Not saved, because there are too many: 2." in told


@pytest.mark.parametrize(
    ("slip", "error"), [("2313.00001", NotAPaper), ("http://localhost/x", NotAPage), ("hep-th/9913001", NotAPaper)]
)
def test_beside_a_paper_with_a_slip_nothing_is_saved(ben: Typist, slip: str, error: type[FusenError]) -> None:
    with pytest.raises(error, match=f"“{slip}” is not"):
        ben.type(f"add 2310.00005 {slip}")
    assert "2310.00005" not in ben.type("list")


def test_add_alone_says_what_is_missing(ben: Typist) -> None:
    with pytest.raises(NothingToSave, match="Say what to save"):
        ben.type("add")


@pytest.mark.parametrize(
    "text",
    [
        "add nonsense",
        "add 2313.13671",
        "https://arxiv.org/abs/2310.167",
        "https://www.arxiv.org/abs/2310.167",
        "https://export.arxiv.org/abs/2310.167",
        "<https://arxiv.org/abs/2313.13671>",
    ],
)
def test_what_is_no_paper_is_said_to_be_none(ben: Typist, text: str) -> None:
    with pytest.raises(NotAPaper):
        ben.type(text)


@pytest.mark.parametrize(
    "text", ["show nonsense", "related nonsense", "read nonsense", "menu nonsense", "reading x"]
)
def test_what_names_no_paper_here_is_said_to_be_none(ben: Typist, text: str) -> None:
    with pytest.raises(NoSuchPaper):
        ben.type(text)


def test_the_digest_is_settled_with_its_day_in_words(ben: Typist) -> None:
    assert "every Monday at 09:00 (UTC)" in ben.type("digest here")
    assert "no longer comes to this channel" in ben.type("digest OFF")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("　LLM fri 17:00", "#LLM comes to this channel every Friday at 17:00"),
        (" LLM fri　17：00", "#LLM comes to this channel every Friday at 17:00"),
        (" LLM 金 17:00", "#LLM comes to this channel every Friday at 17:00"),
        (" channel　金曜日１７:００", "papers of this channel comes to this channel every Friday at 17:00"),
        ("　金 9:00", "everything comes to this channel every Friday at 09:00"),
        (" 毎週金曜", "everything comes to this channel every Friday at 09:00"),
        ("　毎週 金曜日 17:00", "everything comes to this channel every Friday at 17:00"),
        (" LLM 土曜", "#LLM comes to this channel every Saturday at 09:00"),
        (" LLM 毎週 土 17:00", "#LLM comes to this channel every Saturday at 17:00"),
        (" every friday", "everything comes to this channel every Friday at 09:00"),
        (" Every Fri 17:00", "everything comes to this channel every Friday at 17:00"),
        (" friday", "everything comes to this channel every Friday at 09:00"),
        (" LLM friday", "#LLM comes to this channel every Friday at 09:00"),
        (" LLM every friday at 17:00", "#LLM comes to this channel every Friday at 17:00"),
        (" LLM sat", "#LLM comes to this channel every Saturday at 09:00"),
        (" channel thu", "papers of this channel comes to this channel every Thursday at 09:00"),
        (" LLM 金", "#LLM comes to this channel every Friday at 09:00"),
        (' "LLM" sat', "#LLM comes to this channel every Saturday at 09:00"),
        (" チャンネル　土", "papers of this channel comes to this channel every Saturday at 09:00"),
        (" LLM every week", "#LLM comes to this channel every Monday at 09:00"),
        (" Every week", "everything comes to this channel every Monday at 09:00"),
        (" 金曜 17時", "everything comes to this channel every Friday at 17:00"),
        (" LLM 月曜9時", "#LLM comes to this channel every Monday at 09:00"),
        (" 毎週金曜　午後5時", "everything comes to this channel every Friday at 17:00"),
        (" LLM 毎週金曜日の17:00", "#LLM comes to this channel every Friday at 17:00"),
        (" チャンネル 水曜の 午後 5時半", "papers of this channel comes to this channel every Wednesday at 17:30"),
        (" LLM fri 5 pm", "#LLM comes to this channel every Friday at 17:00"),
        (" every fri at 5:30pm", "everything comes to this channel every Friday at 17:30"),
        (" チャンネル 毎週", "papers of this channel comes to this channel every Monday at 09:00"),
    ],
)
def test_a_digest_is_ordered_however_its_time_is_typed(ben: Typist, typed: str, told: str) -> None:
    ben.type("tag LLM")
    assert told in ben.type(f"digest here{typed}")
    assert told[-5:] in ben.type("digest list")


@pytest.mark.parametrize(
    "typed",
    ["fri 17:00 LLM", "次の金曜 17:00", "LLM 17：00", "fri 17h", "金 25:00", "金曜 午後13時", "次の金曜 17時"],
)
def test_a_tag_that_nobody_uses_and_that_holds_a_time_is_no_tag(ben: Typist, typed: str) -> None:
    with pytest.raises(NotATime):
        ben.type(f"digest here {typed}")


def test_what_is_no_time_is_answered_with_an_example_in_the_language_of_whoever_reads_it(ben: Typist) -> None:
    with pytest.raises(NotATime) as refused:
        ben.type("digest here 金 25:00")
    assert refused.value.sentence("en").endswith("/note digest here fri 17:00")
    assert refused.value.sentence("ja").endswith("例: /note ダイジェスト ここ 毎週金曜 17:00")
    assert "every Friday at 17:00" in ben.type("ダイジェスト ここ 毎週金曜 17:00")


@pytest.mark.parametrize("tag", ["Monte Carlo", "SAT solving", "Satellite images", "SAT", "土"])
def test_a_tag_that_begins_like_a_day_is_one(ben: Typist, tag: str) -> None:
    ben.type(f"tag {tag}")
    assert f"#{tag} comes to this channel every Monday" in ben.type(f"digest here {tag}")
    for friday in ("fri 17:00", "friday", "every fri"):
        assert f"#{tag} comes to this channel every Friday" in ben.type(f"digest here {tag} {friday}")


@pytest.mark.parametrize("tag", ["max sat", "sat", "black friday"])
def test_in_quotes_a_day_belongs_to_the_tag(ben: Typist, tag: str) -> None:
    assert f"#{tag} comes to this channel every Monday" in ben.type(f'digest here "{tag}"')
    for friday in ("friday", "fri", "金"):
        assert f"#{tag} comes to this channel every Friday" in ben.type(f'digest here "{tag}" {friday}')
    assert "no longer comes" in ben.type(f'digest off "{tag}"')


@pytest.mark.parametrize("tag", ["max sat", "sat", "土", "全国 土"])
def test_a_short_day_behind_no_tag_in_use_belongs_to_the_tag(ben: Typist, tag: str) -> None:
    assert f"#{tag} comes to this channel every Monday" in ben.type(f"digest here {tag}")


@pytest.mark.parametrize(
    "typed",
    [
        "fri 17:00",
        "friday",
        "weekly",
        "channel fri 17:00",
        "LLM fri 17:00",
        "LLM every friday",
        "LLM sat",
        "金 17:00",
        "毎週",
    ],
)
def test_a_digest_with_a_time_is_answered_with_how_to_let_it_come(ben: Typist, typed: str) -> None:
    ben.type("tag LLM")
    with pytest.raises(TimeWithoutHere, match=f"/note digest here {typed}$"):
        ben.type(f"digest {typed}")
    assert "comes to this channel every" in ben.type(f"digest here {typed}")


@pytest.mark.parametrize("tag", ["black friday", "fri 17:00", "weekly"])
def test_a_digest_of_a_tag_with_a_times_name_is_shown(ben: Typist, tag: str) -> None:
    ben.type(f'tag "{tag}"')
    assert f"#{tag}" in ben.type(f"digest {tag}")


def test_a_tag_with_a_days_letters_is_said_to_be_on_no_paper(ben: Typist) -> None:
    assert "carries #SAT solving" in ben.type("digest SAT solving")
    with pytest.raises(NotATime):
        ben.type("digest LLM fri 25:00")


@pytest.mark.parametrize("typed", ["LLM fri 17:00", "LLM", "LLM weekly", "LLM 金曜", "fri 17:00", "毎週"])
def test_a_digest_is_stopped_by_the_words_that_ordered_it(ben: Typist, typed: str) -> None:
    ben.type("tag LLM")
    ben.type(f"digest here {typed}")
    assert "no longer comes" in ben.type(f"digest off {typed}")
    with pytest.raises(NoDigestHere):
        ben.type("digest off")


def test_a_digest_of_an_unused_tag_that_ends_like_a_day_is_stopped_without_quotes(ben: Typist) -> None:
    ben.type('digest here "black friday"')
    ben.type("digest here channel")
    ben.type("digest off black friday")
    with pytest.raises(NoDigestHere):
        ben.type('digest off "black friday"')
    assert "no longer comes" in ben.type("digest off channel")


def test_a_tag_that_nobody_uses_is_called_alike_where_its_digest_is_ordered_and_listed(ben: Typist) -> None:
    assert "#nope comes to this channel" in ben.type("digest here Nope")
    assert "#nope" in ben.type("digest list")
    ben.type("tag Nope")
    assert "#Nope comes to this channel" in ben.type("digest here Nope")
    assert "#Nope" in ben.type("digest list")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("digest ここ 金 17:00", "every Friday at 17:00"),
        ("digest 一覧", "everything to #"),
        ("digest オフ すべて", "The digest of everything no longer comes"),
        ("digest 停止 チャンネル", "no longer comes"),
        ("follow LLM ここ 毎週", "This channel follows #LLM now. New papers are announced together"),
        ("follow LLM　すぐ", "You follow #LLM now. Each new paper is announced at once"),
        ("reading ｵﾌ", "not shown as reading"),
        ("reading 2310.00001　やめる", "not shown as reading"),
        ("list 読んでいる", "not reading any of"),
        ("list 未読", "2310.00001"),
        ("list 既読", "not marked any of"),
        ("emoji :eyes: オフ", ":eyes:"),
        ("settings names いいえ", "People by name on pages and in digests: no"),
        ("settings names はい", "People by name on pages and in digests: yes"),
        ("settings language 日本語", "あなたへの返信の言語: 日本語"),
        ("settings language English", "answer you: English"),
        ("settings language Slack と同じ", "answer you: as in Slack"),
        ("settings team-language 英語", "cards, pages and digests: English"),
        ("settings quiet-days ７ 日", "so many days: 7 days"),
        ("settings quiet-days なし", "so many days: off"),
        ("settings 言語 英語", "answer you: English"),
        ("settings タイムゾーン　Asia/Tokyo, 言語: 日本語", "タイムゾーン: Asia/Tokyo"),
        ("settings team_language 英語", "cards, pages and digests: English"),
        ("tidy 改名 LLM, BigLM", "Rename LLM to BigLM?"),
        ("tags 別名 大規模言語モデル, LLM", "LLM"),
        ("tags グループ モデル: LLM", "In the group モデル: LLM"),
        ("tags 説明 LLM: 大きなモデル", "LLM: 大きなモデル"),
    ],
)
def test_what_is_said_behind_a_verb_is_understood_in_japanese(ben: Typist, typed: str, told: str) -> None:
    for before in ("tag LLM", "digest here", "digest here channel"):
        ben.type(before)
    assert told in ben.type(typed)


def test_a_past_is_read_and_left_in_japanese(ben: Typist) -> None:
    assert "past" in ben.type("backfill 30日")
    assert "Stopped" in ben.type("backfill 中止")


def test_a_digest_of_a_tag_that_nobody_uses_says_so(ben: Typist) -> None:
    assert "No paper here carries #llm yet" in ben.type("digest here LLM")
    ben.type("tag LLM")
    assert "No paper here carries" not in ben.type("digest here LLM")


def test_of_several_digests_none_ends_before_it_is_said_which(ben: Typist) -> None:
    ben.type("tag RAG, all")
    ben.member = "U2"
    ben.type("digest here RAG fri 17:00")
    ben.type('digest here "All"')
    ben.member = "U1"
    ben.type("digest here")
    told = ben.type("digest off")
    assert "Nothing has ended yet" in told
    for typed in ("digest off RAG`", 'digest off "all"`', "digest off everything`"):
        assert typed in told
    assert ben.type("digest list").count(" to #c_public: ") == 3
    assert "The digest of everything no longer comes" in ben.type("digest off everything")
    assert "The digest of #all no longer comes" in ben.type('digest off "all"')
    assert "#RAG to #c_public" in ben.type("digest list")
    assert "The digest of #RAG no longer comes" in ben.type("digest off")
    with pytest.raises(NoDigestHere):
        ben.type("digest off")


def test_a_digest_where_another_organization_reads_along_is_said_to_be_of_that_channels_papers(
    ben: Typist,
) -> None:
    closes(ben.shelves, PUBLIC, external=True)
    assert "the digest of the papers of this channel comes" in ben.type("digest here")
    assert "the papers of this channel to #closed" in ben.type("digest list")
    closes(ben.shelves, PUBLIC)
    assert "everything to #closed" in ben.type("digest list")


@pytest.mark.parametrize("typed", ["everything", "All", "すべて", "everything fri 17:00"])
def test_the_digest_of_everything_can_be_named(ben: Typist, typed: str) -> None:
    assert "digest of everything comes to this channel" in ben.type(f"digest here {typed}")


def test_a_digest_of_what_is_no_tag_says_so_or_asks_which_is_meant(ben: Typist) -> None:
    assert "no paper that is seen here carries #LLMM." in ben.type("digest #LLMM")
    ben.type("tag DataGeneration")
    assert "DataGeneration" in ben.type("digest data-generation")
    assert "Papers from" not in ben.type("digest data-generation")


def test_an_empty_digest_says_of_what_there_is_nothing(ben: Typist) -> None:
    ben.type("tag LLM")
    ben.now += timedelta(days=14)
    assert "No papers with the tag #LLM have been shared this week" in ben.type("digest LLM")
    assert "No papers have been shared in this channel this week" in ben.type("digest channel")
    assert "No papers have been shared this week" in ben.type("digest")


def test_a_digest_for_a_channel_without_the_bot_says_what_is_missing(ben: Typist) -> None:
    assert "/invite @fusen" in ben.type("digest here")
    with ben.shelves.writing() as shelf:
        shelf.directory.hear_presence(TEAM, PUBLIC, True, NOW)
    assert "/invite" not in ben.type("digest here")


def test_the_digests_are_listed_as_of_their_own_channel_and_with_what_keeps_them_away(ben: Typist) -> None:
    with_channels(ben.shelves)
    ben.type("digest here channel")
    with ben.shelves.writing() as shelf:
        shelf.directory.hear_presence(TEAM, PUBLIC, True, NOW)
        shelf.digests.order(DigestOrder(TEAM, "CLLM", Scope.CHANNEL, member="U1"), NOW)
    ours, theirs = ben.type("digest list").splitlines()[-2:]
    assert "the papers of this channel to" in ours
    assert "/invite" not in ours
    assert "the papers of that channel to #llm" in theirs
    assert "I am not in #llm, so it cannot come. Write there: /invite @fusen" in theirs


def test_wide_blanks_and_signs_part_words_everywhere(ben: Typist) -> None:
    ben.type("tag LLM")
    assert "2310.00001" in ben.type("list ＃LLM")
    assert "once a week" in ben.type("follow LLM　ｗｅｅｋｌｙ").lower()
    assert "#LLM" in ben.type("unfollow　LLM，")
    assert "Rename LLM to BigLM?" in ben.type("tidy rename　LLM, BigLM")


def test_what_is_filled_in_about_a_tag_means_that_tag_whatever_colons_it_has(ben: Typist) -> None:
    def filled_in(way: str, name: str) -> str:
        chosen = {"known_tag": ("a:b",), "tidy_how": (way,)}
        form = REGISTRY["tidy"].form
        assert form is not None
        sent = Submitted(Asker(TEAM, PUBLIC, "U1", ""), "tidy", 0, {"tidy_name": name}, chosen)
        return ben.type(f"tidy {form.words(sent)}")

    ben.type("tag a:b")
    assert "In the group A B: a:b" in filled_in("group", "A：B")
    assert "a:b: words: more" in filled_in("describe", "words: more")


def test_more_than_two_names_are_no_other_name(ben: Typist) -> None:
    ben.type("tag LLM")
    with pytest.raises(HowToTidy):
        ben.type("tidy alias x, y, LLM")


def test_a_group_without_its_colon_is_told_how_to_type_it(ben: Typist) -> None:
    ben.type("tag LLM")
    with pytest.raises(HowToTidy, match="tidy group GROUP: TAG, TAG"):
        ben.type("tidy group Models LLM")


def test_a_tag_without_a_description_loses_none(ben: Typist) -> None:
    ben.type("tag LLM")
    assert "LLM has no description" in ben.type("tidy describe LLM:")
    ben.type("tidy describe LLM: large models")
    assert "LLM no longer has a description" in ben.type("tidy describe LLM:")


def test_settings_are_shown_and_changed_in_words(ben: Typist) -> None:
    assert "`language` Language in which I answer you: as in Slack" in ben.type("settings")
    told = ben.type("settings zone asia/tokyo、quiet-days ７, quiet-here = yes")
    assert "Time zone: Asia/Tokyo (by Aki on 2026-11-21)" in told
    assert "Quiet about papers shared within so many days: 7 days (by Aki" in told
    assert "People by name on pages and in digests: yes\n" in told
    assert "あなたへの返信の言語: 日本語\n" in ben.type("settings language ja")
    assert "answer you: as in Slack\n" in ben.type("settings language slack")


def test_who_changes_the_language_of_cards_is_told_which_cards_keep_theirs(ben: Typist) -> None:
    ben.type("settings language en")
    assert "keeps its language" in ben.type("settings team-language ja")
    assert "keeps its language" not in ben.type("settings team-language ja, zone UTC")
    ben.type("settings language ja")
    assert "言語は変わりません" in ben.type("settings 言語 日本語、カード・公開ページ・ダイジェストの言語 英語")


def test_every_setting_is_changed_by_its_label_in_japanese(ben: Typist) -> None:
    told = ben.type("settings language ja")
    shown = [line.split("` ")[1].split(" (")[0] for line in told.splitlines() if line.startswith("• ")]
    assert settings("\n".join(shown)) == settings(
        "language ja, named yes, feed no, team-language en, zone UTC, names yes, quiet-days off, quiet-here no, "
        "publish-external no"
    )


def test_every_setting_has_a_short_japanese_name_that_is_told_where_one_is_not_known(ben: Typist) -> None:
    with pytest.raises(UnknownSetting) as refused:
        ben.type("設定 色 赤")
    told = refused.value.sentence("ja")
    names = told.partition("設定は ")[2].partition(" です")[0].split("、")
    values = ["日本語", "はい", "いいえ", "英語", "UTC", "はい", "なし", "いいえ", "いいえ"]
    assert settings("、".join(map(" ".join, zip(names, values, strict=True)))) == settings(
        "language ja, named yes, feed no, team-language en, zone UTC, names yes, quiet-days off, quiet-here no, "
        "publish-external no"
    )
    assert all(len(name) < 15 and not name.isascii() for name in names)
    assert told.endswith("例: /note 設定 言語 日本語")
    assert "あなたへの返信の言語: 日本語" in ben.type("設定 言語 日本語")
    assert "The settings are language, named, feed," in refused.value.sentence("en")


def test_lists_in_a_sentence_are_joined_as_its_language_joins_them(ben: Typist) -> None:
    ben.type("settings language ja")
    assert "タグ 評価、拡散モデル を付けました" in ben.type("tag 評価, 拡散モデル")
    assert "フォローしました: #拡散モデル、#評価。" in ben.type("follow 評価, 拡散モデル")
    assert re.search("フォローを解除しました: #[^#]+、#[^#]+。", ben.type("unfollow 評価, 拡散モデル"))
    assert "グループ 手法: 評価、拡散モデル" in ben.type("tidy group 手法: 評価, 拡散モデル")
    for other in ("大規模", "巨大"):
        ben.type(f"tidy alias {other}, 評価")
    assert re.search("別名: (?:大規模、巨大|巨大、大規模)", ben.type("tidy alias 評価"))
    assert "タグ 評価、拡散モデル を外しました" in ben.type("untag 評価, 拡散モデル")
    with pytest.raises(TagNotThere) as refused:
        ben.type("untag 評価, 拡散モデル")
    assert "タグ 評価、拡散モデル は" in refused.value.sentence("ja")
    assert "the tag 評価, 拡散モデル." in refused.value.sentence("en")
    assert "タグ 評価、拡散モデル を付け直しました" in ben.type("undo")
    assert "Tagged A, B" in ben.type("settings language en") + ben.type("tag A, B")


def test_a_setting_that_is_not_there_is_named_without_its_value(ben: Typist) -> None:
    for typed in ("colour red", "colour=red", "colour　: red", "colour"):
        with pytest.raises(UnknownSetting, match="no setting “colour”"):
            ben.type(f"settings {typed}")


def test_every_setting_is_shown_with_the_name_that_changes_it(ben: Typist) -> None:
    for language in ("en", "ja"):
        told = ben.type(f"settings language {language}")
        assert [line.split("`")[1] for line in told.splitlines() if line.startswith("• ")] == list(Setting)


def test_who_changed_a_setting_is_not_whoever_repeats_it(ben: Typist) -> None:
    ben.type("settings zone Asia/Tokyo")
    ben.member = "U2"
    assert "Asia/Tokyo (by Aki" in ben.type("settings zone Asia/Tokyo, quiet-here yes")
    assert "same channel: yes (by Ben" in ben.type("settings")


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("zone Tokyo", UnknownZone),
        ("zone", UnknownZone),
        ("quiet-days many", WrongDays),
        ("quiet-days 366", WrongDays),
        ("quiet-days -1", WrongDays),
        ("team-language slack", WrongChoice),
        ("named perhaps", WrongChoice),
        ("digest C1", UnknownSetting),
        ("colour red", UnknownSetting),
    ],
)
def test_a_wrong_setting_changes_nothing_not_even_what_is_right_beside_it(
    ben: Typist, typed: str, error: type[WrongSetting]
) -> None:
    with pytest.raises(error):
        ben.type(f"settings quiet-here yes, {typed}")
    assert "same channel: no" in ben.type("settings")


@pytest.mark.parametrize("standing", [Standing.STRANGER, Standing.GUEST])
def test_guests_and_strangers_settle_what_is_theirs_and_no_more(ben: Typist, standing: Standing) -> None:
    ben.standing = standing
    assert "Your name on pages and in digests: no" in ben.type("settings named no")
    with pytest.raises(MembersSettle):
        ben.type("settings named yes, names no")
    told = ben.type("settings")
    assert "Your name on pages and in digests: no" in told
    assert "People by name on pages and in digests: yes" in told


@pytest.mark.parametrize(
    "typed",
    [
        "emoji :eyes: tag Rubbish",
        "tidy rename LLM, Rubbish",
        "tidy merge LLM, Spam",
        "tidy alias Rubbish, LLM",
        "tidy unalias Model",
        "tidy group Rubbish: LLM",
        "tidy ungroup LLM",
        "tags describe LLM: rubbish",
    ],
)
def test_what_holds_for_all_is_no_guests_to_change_and_everybodys_to_read(ben: Typist, typed: str) -> None:
    ben.type('tag "LLM", "Spam"')
    ben.type("tidy alias Model, LLM")
    ben.type("tidy group Ours: LLM")
    listed = [ben.type(one) for one in ("emoji", "tags", "tidy alias LLM")]
    ben.standing = Standing.GUEST
    with pytest.raises(MembersSettle):
        ben.type(typed)
    assert [ben.type(one) for one in ("emoji", "tags", "tidy alias LLM")] == listed


def test_where_admins_settle_members_keep_the_tags_and_leave_the_emoji(ben: Typist) -> None:
    ben.admins_only = True
    ben.type("tag LLM")
    assert "Model" in ben.type("tidy alias Model, LLM")
    with pytest.raises(AdminsSettle):
        ben.type("emoji :eyes: tag LLM")


def test_a_renaming_is_confirmed_by_its_button_alone(ben: Typist) -> None:
    ben.type('tag "LLM", "Spam"')
    for typed in ("tidy confirm merge LLM, Spam", "tags confirm rename LLM, Rubbish"):
        with pytest.raises(HowToTidy):
            ben.type(typed)
    assert "Spam" in ben.press("tidy", "confirm merge LLM, Spam")


def test_a_tag_that_nobody_uses_is_named_with_one_sign(ben: Typist) -> None:
    for typed in ("#zzz", "＃zzz", "zzz"):
        assert "carries #zzz." in ben.type(f"list {typed}")


def test_who_reads_something_that_is_not_seen_here_is_not_told_that_they_read_nothing(ben: Typist) -> None:
    with ben.shelves.writing() as shelf:
        note_id = share(shelf, paper(2), SECRET, "2.0")
        shelf.readers.claim(note_id, "c", "U1", SECRET, NOW, NOW + timedelta(days=14))
        shelf.readers.mark_read(note_id, "r", "U1", NOW)
    for typed in ("list reading", "list read"):
        told = ben.type(typed)
        assert "of the papers seen here" in told
        assert "elsewhere is in Fusen → Home" in told


def test_search_takes_words_or_an_id(ben: Typist) -> None:
    for text in ("search 2310.00001", "search on language", "search　ＬＡＮＧＵＡＧＥ"):
        assert "1 paper" in ben.type(text)
    assert "Nothing found" in ben.type("search zzz")
    assert "no paper that is seen here carries #zzz" in ben.type("list zzz")
    assert "You are not reading any of" in ben.type("list reading")
    assert "You have not marked any of the papers seen here as read" in ben.type("list read")
    with pytest.raises(NothingToSearch):
        ben.type("search")


def test_search_takes_words_parted_by_a_wide_comma(ben: Typist) -> None:
    ben.type("comment SimCSEとBERTを1,000件で比較")
    for text in ("simcse、bert", "simcse，bert", "SimCSE､比較", "#評価、", "１，０００件、bert", "、bert。"):
        assert ("1 paper" in ben.type(f"search {text}")) is (text != "#評価、"), text
    assert "Nothing found" in ben.type("search １，０、bert")


ANYTHING = ("", "<!channel> <@U1>", "&amp;" * 2000, "*" * 3000, "#a #b", "\n\n# x", "x" * 3000, "2310.00001")


@pytest.mark.parametrize("verb", [*REGISTRY, "nonsense"])
def test_every_verb_answers_anything_with_words_that_slack_takes(ben: Typist, verb: str) -> None:
    for rest in ANYTHING:
        try:
            ben.type(f"{verb} {rest}")
        except FusenError as error:
            for language in ("en", "ja"):
                assert_slack_takes(MESSAGES.sentence(error.sentence(language)))


def test_every_verb_has_its_line_in_both_languages() -> None:
    for command in REGISTRY.values():
        assert command.usage.split()[0] == command.name
        assert command.help("en").isascii()
        assert not command.help("ja").isascii()


@pytest.mark.parametrize(
    ("shown", "taken"),
    [
        ("[PAPER]", Takes.PAPER),
        ("[PAPER] TAG", Takes.TAGS),
        ("[PAPER] TEXT", Takes.TEXT),
        ("[off]", Takes.OFF),
        ("PAPER, PAPER", Takes.PAPERS),
        ("#CHANNEL", Takes.CHANNEL),
    ],
)
def test_help_shows_what_a_verb_takes(shown: str, taken: Takes) -> None:
    for command in REGISTRY.values():
        assert (shown in command.usage) == (taken in command.takes), command.name


def test_each_name_means_one_verb_and_the_help_in_japanese_tells_it(ben: Typist) -> None:
    ben.type("settings language ja")
    told = ben.type("使い方")
    for command in REGISTRY.values():
        assert command.japanese
        for name in command.japanese:
            assert verb_named(name) is command
            assert f"`{name}`" in told


def with_channels(shelves: Shelves) -> None:
    """Of the channels that Slack tells of by their ids, one is public, one private, one external."""
    with shelves.writing() as shelf:
        shelf.directory.store_channel(TEAM, Channel("CLLM", "llm", ChannelKind.PUBLIC), NOW)
        shelf.directory.store_channel(TEAM, Channel("CSECRET", "secret", ChannelKind.PRIVATE), NOW)
        shelf.directory.store_channel(TEAM, Channel("CABROAD", "abroad", ChannelKind.PUBLIC, external=True), NOW)


def test_a_tag_that_is_also_a_channels_name_is_the_tag(ben: Typist) -> None:
    with_channels(ben.shelves)
    assert "Tagged llm, RLHF" in ben.type("tag <#CLLM> #RLHF")
    assert "2310.00001" in ben.type("list <#CLLM|>")
    assert "the digest of #llm" in ben.type("digest here <#CLLM|>")
    assert "Removed llm" in ben.type("untag <#CLLM>")


@pytest.mark.parametrize("channel", ["CSECRET", "CABROAD", "CNEVERSEEN"])
@pytest.mark.parametrize(
    "verb",
    ["tag", "tag 2310.00001", "untag", "list", "search", "digest", "digest here", "emoji :eyes: tag", "show"],
)
def test_a_channel_whose_name_not_everybody_may_know_becomes_no_tag(ben: Typist, verb: str, channel: str) -> None:
    with_channels(ben.shelves)
    for mention in (f"<#{channel}>", f"<#{channel}|>"):
        with pytest.raises(ChannelNotTag) as refused:
            ben.type(f"{verb} {mention}")
        assert "Leave the # out" in refused.value.sentence("en")
        assert "#" in refused.value.sentence("ja")


@pytest.mark.parametrize(
    "typed",
    [
        "tag ask <@U2>",
        "tag LLM, for@Ben",
        "tags rename Seen, Of <@U2>",
        "tags alias @Ben, Seen",
        "tags group Team <@U2>: Seen",
        "emoji :eyes: tag LLM, @Ben",
        "tag ＠Ben",
        "tag ＠Ben さんの論文",
        "tag ﹫ｂｅｎ",
        "tag @ben-notes",
        "tags alias ＠ben, Seen",
        "tags group ＠BEN: Seen",
        "emoji :eyes: tag ＠ben",
        "tag for ＠ada　LOVELACE",
    ],
)
def test_no_tag_or_group_is_called_after_a_person(ben: Typist, typed: str) -> None:
    with ben.shelves.writing() as shelf:
        shelf.directory.store_member(TEAM, Member("U7", "Ada Ｌovelace"), NOW)
    ben.type("tag Seen")
    with pytest.raises(PersonInName) as refused:
        ben.type(typed)
    assert "mentions a person" in refused.value.sentence("en")
    assert "メンション" in refused.value.sentence("ja")
    assert "@" not in tag_names.fold(ben.type("tags"))


def test_who_lets_an_emoji_set_a_tag_from_a_private_channel_is_told_that_its_name_is_listed_everywhere(
    ben: Typist,
) -> None:
    warning = "names this tag in all channels"
    assert warning not in ben.type("emoji :eyes: tag LLM")
    with ben.shelves.writing() as shelf:
        shelf.directory.store_channel(TEAM, Channel(PUBLIC, "ours", ChannelKind.PRIVATE), NOW)
    assert warning in ben.type("emoji :eyes: tag LLM")
    for typed in ("emoji :eyes: reading", "emoji :eyes: off", "emoji"):
        assert warning not in ben.type(typed)


@pytest.mark.parametrize(
    ("language", "shown"), [("en", ("reading", "read", "tag")), ("ja", ("読んでいる", "既読", "タグ"))]
)
def test_what_emoji_mean_is_listed_as_it_can_be_typed(
    ben: Typist, language: str, shown: tuple[str, str, str]
) -> None:
    ben.type(f"settings language {language}")
    reading, read, tags = shown
    assert f":brain: {tags} LLM, 評価" in ben.type("emoji :brain: tag LLM, 評価")
    lines = [line for line in ben.type("emoji").splitlines() if line.startswith("•")]
    assert [line.split()[2] for line in lines] == [tags, reading, read]
    typed = dict(understand(line.removeprefix("•")) for line in lines)
    assert typed == {**DEFAULTS, "brain": Meaning(EmojiVerb.TAG, "LLM, 評価")}


def test_an_emoji_says_the_name_of_today_of_its_tag(ben: Typist) -> None:
    ben.type("tag LLMs")
    ben.type("emoji :brain: tag LLMs, Unused, LLM")
    assert "tag LLMs, Unused, LLM" in ben.type("emoji")
    ben.press("tidy", "confirm rename LLMs, LLM")
    assert "tag LLM, Unused" in ben.type("emoji")
    assert ":brain: tag LLM\n" in ben.type("emoji :brain: tag LLMs")
    with ben.shelves.writing() as shelf:
        tag(shelf, 1, SECRET, "Quiet")
    ben.type("emoji :shushing_face: tag Quiet")
    with ben.shelves.writing() as shelf:
        shelf.tags.rename(Audience(TEAM, SECRET), "quiet", tag_names.tag("Hidden"))
    assert "tag Quiet" in ben.type("emoji")


def test_a_tag_with_an_at_sign_and_one_that_mentioned_somebody_before_are_tags(ben: Typist) -> None:
    assert "Tagged pass@k" in ben.type("tag pass@k")
    with ben.shelves.writing() as shelf:
        tag(shelf, 1, PUBLIC, "for@Ben")
    ben.type("tag for@Ben")
    assert "Mine" in ben.press("tidy", "confirm rename for@Ben, Mine")
    # Whatever names it back, by the button or by hand: its own name is no new one.
    assert "called for@Ben again" in ben.press("tidy", 'confirm undo "for@Ben", "Mine"')
    with pytest.raises(TooLateToUndo):
        ben.press("tidy", 'confirm undo "for@Ben", "Mine"')
    ben.press("tidy", "confirm rename for@Ben, Mine")
    assert "Mine to for@Ben" in ben.press("tidy", "confirm rename Mine, for@Ben")


@pytest.mark.parametrize(
    "typed",
    [
        "follow @kenjii",
        "follow LLM, ＠佐藤 weekly",
        "follow @Ben here",
        "digest here @kenjii",
        "digest here @kenjii fri 17:00",
        "tag @kenjii",
        "tag LLM #@kenjii",
        "tags rename Seen, @kenjii",
        "emoji :eyes: tag ＠kenjii",
    ],
)
def test_an_at_name_of_nobody_is_no_tag(ben: Typist, typed: str) -> None:
    ben.type("tag Seen")
    with pytest.raises(NobodyCalled) as refused:
        ben.type(typed)
    assert "choose them from the list" in refused.value.sentence("en")
    assert "一覧から選んで" in refused.value.sentence("ja")
    assert "You follow nothing yet" in ben.type("follow")
    assert "No digest comes yet" in ben.type("digest list")


def test_a_tag_in_use_that_begins_with_an_at_sign_is_followed_and_what_was_followed_is_ended(ben: Typist) -> None:
    with ben.shelves.writing() as shelf:
        tag(shelf, 1, PUBLIC, "@home")
        shelf.follows.follow(Follower(TEAM, "U1"), Target(TargetKind.TAG, "@kenjii", "@kenjii"), False, "U1", NOW)
    assert "You follow #@home now" in ben.type("follow @home")
    assert "the digest of #@home" in ben.type("digest here @home")
    assert "You no longer follow #@kenjii" in ben.type("unfollow @kenjii")


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        ("RAG every friday", "digest here RAG friday 09:00"),
        ("LLM, RAG fri 17:00", "digest here RAG fri 17:00"),
        ("LLM fri", "digest here LLM fri 09:00"),
        ("RAG 毎週金曜", "digest here RAG 毎週金曜 09:00"),
        ("RAG every friday here", "follow RAG weekly"),
        ("<@U2> friday", "digest here LLM friday 09:00"),
    ],
)
def test_a_day_behind_what_is_followed_is_no_tag(ben: Typist, typed: str, instead: str) -> None:
    ben.type("tag LLM")
    for language in ("en", "ja"):
        with pytest.raises(NoTimeToFollow) as refused:
            ben.type(f"follow {typed}")
        assert instead in refused.value.sentence(language)


@pytest.mark.parametrize("tag", ["SAT solving", "Max SAT", '"Black Friday"'])
def test_a_tag_with_a_day_in_its_name_is_followed(ben: Typist, tag: str) -> None:
    name = tag.strip('"')
    assert f"You follow #{name} now" in ben.type(f"follow {tag}")
    ben.type(f"tag {tag}")
    assert f"You follow #{name} now" in ben.type(f"follow {name}")
    assert f"You no longer follow #{name}" in ben.type(f"unfollow {name}")


def test_a_channel_that_follows_is_promised_what_is_true_of_a_channel(ben: Typist) -> None:
    here, alone = ben.type("follow LLM here"), ben.type("follow LLM")
    assert "none that was shared in this one" in here
    assert "your own" not in here
    assert "never your own" in alone


def closes(shelves: Shelves, channel: str, kind: ChannelKind = ChannelKind.PUBLIC, external: bool = False) -> None:
    with shelves.writing() as shelf:
        shelf.directory.store_channel(TEAM, Channel(channel, "closed", kind, external), NOW + timedelta(days=1))


@pytest.mark.parametrize(("kind", "external"), [(ChannelKind.PRIVATE, False), (ChannelKind.PUBLIC, True)])
def test_a_followed_channel_that_can_bring_nothing_any_more_is_listed_with_the_reason(
    ben: Typist, kind: ChannelKind, external: bool
) -> None:
    with_channels(ben.shelves)
    ben.type("follow LLM, <#CLLM>")
    ben.type("follow <#CLLM> here")
    assert "brings nothing" not in ben.type("follow")
    closes(ben.shelves, "CLLM", kind, external)
    told = ben.type("follow")
    assert told.count("brings nothing any more: that channel is not public") == 2
    assert "no longer follow" in ben.press("unfollow", "<#CLLM>")
    assert "no longer follows" in ben.press("unfollow", "<#CLLM> here")
    assert "brings nothing" not in ben.type("follow")


def test_what_a_channel_follows_that_is_shared_with_another_organization_is_listed_with_the_reason(
    ben: Typist,
) -> None:
    ben.type("follow LLM here")
    ben.type("follow LLM")
    closes(ben.shelves, PUBLIC, external=True)
    told = ben.type("follow")
    assert told.count("brings nothing any more: this channel is shared") == 1
    assert "no longer follows" in ben.press("unfollow", "LLM here")


def test_what_is_followed_every_week_is_told_weekly(ben: Typist) -> None:
    assert "You follow #LLM now. New papers are announced together" in ben.type("follow LLM every week")


def test_a_followed_tag_that_nobody_uses_says_so(ben: Typist) -> None:
    ben.type("tag LLM")
    assert "No paper here carries" not in ben.type("follow LLM, <@U2>")
    assert "No paper here carries #Ragg yet" in ben.type("follow LLM, Ragg")
    assert "No paper here carries #Ragg, #Rlhff yet" in ben.type("follow Ragg, Rlhff here")


def test_a_channel_in_a_comment_is_named_if_everybody_may_know_it(ben: Typist) -> None:
    with_channels(ben.shelves)
    ben.type("comment more in <#CLLM>, <#CSECRET>, <#CABROAD> and <#CNEVERSEEN>")
    assert "more in #llm, #channel, #channel and #channel" in ben.type("show 2310.00001")


def test_in_an_external_channel_no_other_channel_is_named(ben: Typist) -> None:
    with_channels(ben.shelves)
    with ben.shelves.writing() as shelf:
        shelf.directory.store_channel(TEAM, Channel(PUBLIC, "ours", ChannelKind.PUBLIC, external=True), NOW)
    with pytest.raises(ChannelNotTag):
        ben.type("tag <#CLLM>")
