"""Messages hold whatever people and arXiv write, within Slack's limits, without pinging anybody."""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from written import (
    BEN,
    HOSTILE,
    LANGUAGES,
    MESSAGES,
    NOW,
    PUBLIC,
    TEMPLATES,
    WORDS,
    assert_slack_takes,
    note,
    paper,
    share,
    words_of,
    workspace,
    worst,
)

from bot import modals
from bot.blocks import Rendered, cut
from bot.followed import enders
from bot.verbs import REGISTRY, tag_echo
from papers.agenda import agenda
from papers.backfill import Backfill
from papers.brief import compared_authors
from papers.changes import Change, ChangeKind
from papers.digest import compose
from papers.digest_order import ComingDigest, DigestOrder, Scope
from papers.digests import Subject
from papers.emoji import EmojiVerb, Meaning
from papers.errors import FusenError
from papers.follows import Follow, Follower, Target, TargetKind
from papers.note import (
    Audience,
    Channel,
    ChannelKind,
    Comment,
    Member,
    Note,
    Share,
    Tag,
    TagCount,
    Twin,
    Workspace,
)
from papers.notebook import Added
from papers.oblivion import Held
from papers.paper import Dated, Paper, PaperId
from papers.periods import Period, WeeklyTime
from papers.relatedness import RELATED, Reasons, RelatedNote
from papers.settled import Setting, Settled
from papers.tag_groups import TagGroup
from papers.tagging import Question, Tagged
from papers.undoing import Taken
from papers.unseen import fit
from playground.payload_checks import check_view

Say = Callable[..., tuple[str, Rendered]]
ALL = Subject(Audience("T1"))
WEEK = Period(NOW - timedelta(days=7), NOW)
TEXTS = {
    "hostile": HOSTILE,
    "ampersands": "&",
    "marks": "*_`~",
    "Japanese": "大規模言語モデルの評価、",
    "header": "# big\n\n# more\n\n",
    "small print": ":: small\n\n:: more\n",
    "divider": "---\n\n---\n",
    "blank lines": "a\n\n\n \t\nb\r\n\r\n",
    "quotes": "> said\n\n&gt; said\n",
    "entities": "&amp;lt;!channel&amp;gt; ",
}


def about_oneself(say: Say, share: Share, text: str) -> Iterator[tuple[str, Rendered]]:
    """Every message that tells a person what is kept and settled."""
    for number in (0, 1, 40_000):
        yield say("forget", held=Held(number, number, number))
        yield say("forgotten", held=Held(number, number, number))
    settled = Settled(Setting.ZONE, share.member, NOW)
    lines = [("zone", text, text, settled), ("names", text, text, None)]
    for saved in (True, False):
        feed = "settings_feed_where" if saved else ""
        yield say("settings", saved=saved, cards_stay=saved, own=lines, shared=lines, feed=feed)


def about_saving(say: Say, page: Note, of: Note) -> Iterator[tuple[str, Rendered]]:
    """Every message that tells what was saved."""
    several = [Added(page, True), Added(of, False)] * 5
    facts: dict[str, Any] = {"left": 12, "most": 10, "bot": "@fusen"}
    facts["not_done"] = {"said": page.paper.title, "typed": f"/note tag 2310.00001 {page.paper.title}"}
    for in_thread in (True, False):
        yield say("saved", added=several, new=5, in_thread=in_thread, can_post=False, **facts)
        for new in (True, False):
            yield say("saved", added=[Added(of, new)], new=int(new), in_thread=in_thread, can_post=True, **facts)


def all_messages(of: Note, language: str) -> Iterator[tuple[str, Rendered]]:
    """Every message that can be made of a note."""
    home = workspace(language)

    def say(template: str, **values: object) -> tuple[str, Rendered]:
        return template, MESSAGES.render(template, home, language, **values)

    text = of.comments[0].text if of.comments else of.paper.title
    for kind in ChannelKind:
        yield f"card {kind}", MESSAGES.card(of, Channel("C1", "x", kind), home)
        for inviter in (Member("U1"), Member("U1", text)):
            yield f"welcome {kind}", MESSAGES.welcome(Channel("C1", "x", kind), inviter, home)
    yield say("opened")
    disconnected = Channel("C1", "x", ChannelKind.PUBLIC, was_external=True)
    yield "card of a disconnected channel", MESSAGES.card(of, disconnected, home)
    yield "welcome to a disconnected channel", MESSAGES.welcome(disconnected, Member("U1", text), home)
    yield say("disconnected")
    page = on_a_page(of, text)
    yield "card of a page", MESSAGES.card(page, page.shares[0].channel, home)
    yield say("show", note=page)
    yield say("list", notes=[page] * 20)
    yield from about_saving(say, page, of)
    yield "seen", MESSAGES.seen(of, home)
    for change in ChangeKind:
        yield f"news {change}", MESSAGES.news(of, Change(change, text), home)
    yield "seen without links", MESSAGES.seen(of, replace(home, url=""))
    yield say("commented", note=of)
    yield say("show", note=of)
    yield say("list", notes=[of] * 20)
    yield say("list", notes=[of] * 20, read_ids={of.id})
    yield say("show", note=of, read_ids={of.id})
    for key in ("reading_until", "reading_ended", "reading_not", "now_read", "now_unread"):
        yield say("marked", note=of, key=key, until=NOW if key == "reading_until" else None)
    yield say("list", notes=[of] * 20, many=True)
    for none in ("none_reading", "none_unread", "none_read"):
        yield say("list", notes=[], lacking=none)
    yield say("say", key="none_tagged", facts={"tag": text[:60]})
    yield say("list", notes=[])
    why = Reasons(of.tags, compared_authors(of.paper), (text[:200],) * 4, thread=True)
    yield say("related", note=of, related=[RelatedNote(of.id, of.paper, 1.0, why)] * RELATED)
    yield say("related", note=of, related=[])
    for tags, others in ((of.tags, []), ((), []), (of.tags[:1], [replace(of, id=n) for n in range(2, 12)])):
        keys = [tag.key for tag in tags]
        yield "tagged", tag_echo.rendered(MESSAGES, home, language, Tagged(of, tags), others, keys)
    yield say("untagged", note=of, tags=of.tags)
    yield from tag_messages(of, language)
    commands = tuple(REGISTRY.values())
    yield say("help", unknown=text, meant="unfollow", commands=commands, bot="@fusen")
    yield say("help", unknown="", commands=commands, bot="@fusen")
    yield say("say", key="publish_soon", facts={"pages": text})
    yield say("menu", note=of)
    means = {text[:90]: Meaning(EmojiVerb.TAG, text[:200]), "eyes": Meaning(EmojiVerb.READ)}
    for settled in ("", text[:90], "off"):
        yield say("emoji", settled=settled, meanings=means, named_elsewhere=bool(settled))
    many = {f"{n}{text[:90]}": Meaning(EmojiVerb.READ) for n in range(100)}
    yield say("emoji", settled="", meanings=many, named_elsewhere=False)
    yield say("emoji", settled="", meanings={}, named_elsewhere=False)
    yield say("undone", key="undone_tag", note=of, taken=Taken((text, text)))
    yield say("undone", key="undone_merge", note=None, taken=Taken((text, text)))
    yield say("undone", key="undone_stays", note=None, taken=Taken(did=text, back=(text, text)))
    yield from about_oneself(say, of.shares[0], text)
    for end in (None, NOW):
        past = Backfill(1, "T1", "C1", "U1", NOW, NOW, "1.0", 1200, 1, end, text if end else "")
        yield "backfill", MESSAGES.progress(past, BEN, home)
    yield "sentence", MESSAGES.sentence(f"“{text}” is wrong")
    yield "one in a digest", MESSAGES.digest(compose(WEEK, [of]), ALL, home, language)
    sixty = [replace(of, id=number, tags=of.tags[number : number + 1]) for number in range(60)]
    yield "digest", MESSAGES.digest(compose(WEEK, sixty), ALL, home, language, weekly=True)
    by_tag = Subject(Audience("T1"), Scope.TAG, text[:200])
    tag = Tag(text[:200], text[:200])
    yield "digest of a tag", MESSAGES.digest(compose(WEEK, [of], tag), by_tag, home, language)
    yield say("agenda", agenda=agenda([of] * 20))
    yield say("agenda", agenda=agenda([]))
    whose = ((PUBLIC, BEN, True), (Channel("C2"), None, False))
    at = WeeklyTime.parse("mon 09:00")
    coming = [
        ComingDigest(DigestOrder("T1", channel.id, Scope.TAG), channel, at, text[:200], can_come, member)
        for channel, member, can_come in whose
    ]
    facts = {"what": text[:200], "weekday": text, "clock": "09:00", "zone": "UTC"}
    yield say("digest_here", facts=facts, unused=text[:200], can_come=False, bot="@fusen")
    yield say("digests", digests=coming, here="C1", bot="@fusen")
    yield say("digests", digests=[], here="C1", bot="@fusen")
    yield "empty digest", MESSAGES.digest(compose(WEEK, []), ALL, home, language)
    yield "empty digest of a tag", MESSAGES.digest(compose(WEEK, [], tag), by_tag, home, language)


def on_a_page(of: Note, text: str) -> Note:
    """The same note on a web page, whose twins are named as `text`."""
    page = PaperId("web", f"https://blog.example/{'x' * 900}")
    record = of.paper.record and replace(of.paper.record, paper_id=page, dated=Dated.NEVER, origin="address")
    twins = (Twin(PaperId("arxiv", "2310.00001"), text, True), Twin(PaperId("arxiv", "2310.00002")))
    return replace(of, paper=replace(of.paper, paper_id=page, record=record), twins=twins)


def tag_messages(of: Note, language: str) -> Iterator[tuple[str, Rendered]]:
    """Every message about tags themselves that can be made of a note's."""
    home = workspace(language)

    def say(template: str, **values: object) -> tuple[str, Rendered]:
        return template, MESSAGES.render(template, home, language, **values)

    doubts = tuple(Question(tag, tuple(TagCount(one, 3) for one in of.tags[:3])) for tag in of.tags[:9])
    for tagged in (Tagged(of, of.tags[:3], doubts), Tagged(of, (), doubts[:1], clear=False)):
        if doubts:
            yield "did_you_mean", tag_echo.rendered(MESSAGES, home, language, tagged, [])
    counts = tuple(TagCount(tag, 3) for tag in of.tags)
    groups = tuple(TagGroup(tag.name[:60], counts[:5]) for tag in of.tags[:9])
    for some, rest in (((), counts), (groups, counts), (groups, ())):
        yield say("tags", count=len(of.tags), groups=some, rest=rest)
    for tag in of.tags[:1]:
        for merges in (True, False):
            yield say("tag_plan", old=TagCount(tag, 3), new=tag, merges=merges)
            for changed in (True, False):
                done = {"by": Member("U1", of.paper.title), "old": tag, "new": tag, "count": 3}
                yield say("tag_renamed", merged=merges, changed=changed, **done)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_slack_takes_the_longest_and_most_hostile_of_everything(text: str, language: str) -> None:
    for name, rendered in all_messages(worst(1, text), language):
        try:
            assert_slack_takes(rendered)
        except Exception as error:
            error.add_note(f"{name}: {rendered.text[:500]!r}")
            raise


@pytest.mark.parametrize("language", LANGUAGES)
def test_slack_takes_the_barest_of_everything(language: str) -> None:
    unknown = PaperId("arxiv", "2310.00001")
    nameless = share(Member("U1"), Channel("C1"))
    for of in (
        note(),
        note(paper=Paper(unknown), shares=(nameless,)),
        note(paper=Paper(unknown, missing=True)),
        note(paper=paper(withdrawn=True, title="", abstract="", authors=(), categories=())),
    ):
        for _, rendered in all_messages(of, language):
            assert_slack_takes(rendered)


def following(of: Note, text: str, home: Workspace, language: str) -> Iterator[tuple[str, Rendered]]:
    """What is said of following."""
    followers = (Follower("T1", "U1"), Follower("T1", "C1", is_channel=True))
    named = [Target(kind, "key", name) for kind in TargetKind for name in (text, "")]
    own, here = (
        [Follow(one, target, weekly, Member("U2", text), NOW) for target in named for weekly in (False, True)] * 4
        for one in followers
    )
    buttons = enders(MESSAGES.wording(language), [*own, *here])

    def say(template: str, **values: object) -> tuple[str, Rendered]:
        return template, MESSAGES.render(template, home, language, **values).over(*buttons)

    for key in ("undone_follow", "undone_often", "undone_unfollow"):
        for whose in (key, f"{key}_here"):
            yield say("undone", key=whose, note=None, taken=Taken(targets=tuple(named * 4)))
    for follows in (own, here):
        yield say("follows", own=follows, here=[])
        yield say("follows", own=[], here=follows)
        yield say("followed", note=of, reasons=follows)
        for is_here in (False, True):
            more = {"here": is_here, "weekly": is_here, "can_tell": not is_here, "bot": "@fusen"}
            yield say("follow", followed=follows, unused=[one.target for one in follows], **more)
            yield say("unfollowed", targets=named * 4, here=is_here)
    for most in (1, 30):
        for reasons in ([], follows):
            told = {"notes": [of] * most, "rest": most, "reasons": reasons}
            yield "gathering", MESSAGES.render("gathering", home, language, **told)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_slack_takes_all_that_is_said_of_following(text: str, language: str) -> None:
    for name, rendered in following(worst(1, text), text, workspace(language), language):
        try:
            assert_slack_takes(rendered)
        except Exception as error:
            error.add_note(f"{name}: {rendered.text[:500]!r}")
            raise


def test_a_template_is_tested_for_each_file() -> None:
    tested = {
        "card",
        "seen",
        "digest",
        "digests",
        "digest_here",
        "agenda",
        "saved",
        "commented",
        "show",
        "list",
        "tagged",
        "did_you_mean",
        "untagged",
        "tags",
        "tag_plan",
        "tag_renamed",
        "help",
        "marked",
        "menu",
        "emoji",
        "backfill",
        "news",
        "settings",
        "forget",
        "forgotten",
        "undone",
        "related",
        "welcome",
        "opened",
        "disconnected",
        "follow",
        "unfollowed",
        "follows",
        "followed",
        "gathering",
    }
    assert {file.stem for file in (TEMPLATES / "slack").glob("*.j2")} == tested | {"say", "parts"}


_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}")


def test_no_line_of_a_template_runs_into_the_next_because_it_ends_in_a_tag() -> None:
    """Jinja takes away the newline behind a tag, so that a blank line must stand behind words that end in one."""
    for file in (TEMPLATES / "slack").rglob("*.j2"):
        lines = file.read_text(encoding="utf-8").splitlines()
        for line, following_line in pairwise(lines):
            if line.endswith("%}") and _TAG.sub("", line).strip() and not line.startswith(("{% macro", "{% set")):
                assert not following_line or following_line.startswith("{% endmacro"), (file.name, line)


def test_no_blank_stands_behind_a_japanese_sentence() -> None:
    home = workspace("ja")
    changed = paper(version=2, updated=NOW, withdrawn=True, journal_ref="J. 1")
    for of in (note(paper=changed), note(tags=(Tag("llm", "llm"),))):
        for name, rendered in (*all_messages(of, "ja"), *following(of, "LLM", home, "ja")):
            assert "。 " not in rendered.text, name


@pytest.mark.parametrize(
    ("language", "one_day", "days"),
    [
        ("en", "Papers from 2026-11-21", "Papers from 2026-11-14 to 2026-11-21"),
        ("ja", "2026-11-21 の論文", "2026-11-14 から 2026-11-21 までの論文"),
    ],
)
def test_a_digest_of_one_day_names_it_once(language: str, one_day: str, days: str) -> None:
    for start, title in ((NOW - timedelta(hours=2), one_day), (WEEK.start, days)):
        digest = compose(Period(start, NOW), [note()])
        told = MESSAGES.digest(digest, ALL, workspace(language), language)
        assert shown(told).splitlines()[0] == title


def test_the_tags_of_a_listed_paper_stand_on_a_line_of_their_own() -> None:
    tagged = note(tags=(Tag("llm", "llm"),))
    for read_ids in ((), (tagged.id,)):
        told = MESSAGES.render("list", workspace("en"), "en", notes=[tagged], read_ids=read_ids)
        assert shown(told).splitlines()[-1] == "   #llm"


ANY = st.text(max_size=40) | st.lists(
    st.sampled_from(
        ("<", ">", "&", "|", "*", "_", "`", "~", "\n", "\n\n", "# ", ":: ", "&amp;", "<!here>", "…", "論")
    ),
    max_size=30,
).map("".join)


@st.composite
def notes(draw: st.DrawFn) -> Note:
    words = [draw(ANY) for _ in range(12)]
    some = draw(st.integers(1, 9))
    record = paper(
        1,
        title=words[0] * some,
        authors=tuple(words[1:4] * some),
        categories=(words[4], words[5]),
        comment=words[6] * some,
        journal_ref=words[7] or None,
        withdrawn=draw(st.booleans()),
        version=some,
    )
    assert record.reading
    assert record.reading.summary
    summary = replace(record.reading.summary, text=words[8] * some, made_from=words[0])
    member, channel = Member("U1", words[9]), Channel("C1", words[10], ChannelKind.PUBLIC)
    return note(
        paper=replace(record, reading=replace(record.reading, summary=summary)),
        shares=(share(member, channel),),
        # None is blank.
        tags=tuple(Tag(fit(name).strip() or "x", str(number)) for number, name in enumerate(words)),
        comments=tuple(Comment(member, channel, word * some, NOW) for word in words[:4]),
    )


@given(of=notes(), language=st.sampled_from(LANGUAGES))
@settings(max_examples=60, deadline=None)
def test_slack_takes_whatever_is_written(of: Note, language: str) -> None:
    for _, rendered in all_messages(of, language):
        assert_slack_takes(rendered)


UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
"""Controls, what turns the direction of text, and letters that programs read and nobody sees."""


def spoken(value: Any) -> Iterator[str]:
    """All that is shown or read aloud, however deep."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(inner, str):
            yield from (inner,) * (key in ("text", "accessibility_label"))
        elif isinstance(inner, dict | list | tuple):
            yield from spoken(inner)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_turns_its_direction_or_hides_a_letter(language: str) -> None:
    text = "Safe \u202egnp.exe\u202c \u2066x\u2069 \U000e0041\U000e0042 \x1b[31m\u2028end "
    of, home = worst(1, text), workspace(language)
    for name, rendered in (*all_messages(of, language), *following(of, text, home, language)):
        for words in (rendered.text, *spoken(list(rendered.blocks))):
            assert not UNFIT.search(words), (name, words[:300])
    words = WORDS[language]
    asked = [modals.asking("tags", text, modals.several("tags", text, modals.tag_options(of.tags)))]
    assert not UNFIT.search("".join(spoken(modals.asking_for("tag", "modal_save", words, of, asked, "{}"))))


@pytest.mark.parametrize(
    "needed", ["می\u200cخواهم", "👩\u200d🔬", "❤\ufe0f", "葛\U000e0100", "क्\u200dष", "\u200fשלו\u200e"]
)
def test_what_belongs_to_a_script_or_an_emoji_stays(needed: str) -> None:
    of = note(paper=paper(title=needed, authors=(needed,)), comments=(Comment(BEN, PUBLIC, needed, NOW),))
    assert shown(MESSAGES.card(of, PUBLIC, workspace("en"))).count(needed) >= 2
    assert needed in shown(MESSAGES.render("commented", workspace("en"), "en", note=of))


# What a message says


def shown(rendered: Rendered) -> str:
    return "\n".join(words_of(rendered.blocks))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_the_longest_card_still_ends_with_its_tags_and_where_it_is_published(text: str, language: str) -> None:
    card = MESSAGES.card(worst(1, text), PUBLIC, workspace(language))
    assert card.whole
    kinds = [block["type"] for block in card.blocks]
    assert kinds[-2:] == ["context", "actions"]
    assert WORDS[language]("the_pages") in shown(card)
    assert WORDS[language]("comments", count=3) in shown(card)


def test_a_paper_has_the_day_that_arxiv_gives_it_wherever_the_team_is() -> None:
    late = datetime(2023, 10, 10, 23, 50, tzinfo=UTC)
    of = note(paper=paper(published=late, updated=late + timedelta(days=30), version=2))
    tokyo = replace(workspace("en"), zone="Asia/Tokyo")
    for message in (MESSAGES.card(of, PUBLIC, tokyo), MESSAGES.render("show", tokyo, "en", note=of)):
        assert "2023-10-10" in shown(message)
    assert "v2 2023-11-09" in shown(MESSAGES.card(of, PUBLIC, tokyo))


def test_a_card_leads_to_the_papers_own_page_where_there_is_one() -> None:
    home, page = workspace("en"), "/papers/arxiv/2310.00001.html|the pages>"
    private = Channel("C2", "lab", ChannelKind.PRIVATE)
    closed = note(shares=(share(channel=private),))
    assert page in shown(MESSAGES.card(note(), PUBLIC, home))
    assert page in shown(MESSAGES.render("show", home, "en", note=note()))
    assert "the pages" not in shown(MESSAGES.card(closed, private, home))
    assert "the pages" not in shown(MESSAGES.render("show", home, "en", note=closed))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_digest_that_cannot_hold_all_says_how_many_are_left_out(language: str) -> None:
    for digest in (compose(WEEK, [note(n) for n in range(60)]), compose(WEEK, [worst(n) for n in range(60)])):
        rendered = MESSAGES.digest(digest, ALL, workspace(language), language)
        assert rendered.whole
        papers = sum(line.startswith("• ") for words in words_of(rendered.blocks) for line in words.splitlines())
        assert papers >= 3
        assert WORDS[language]("digest_rest", rest=60 - papers) in shown(rendered)


def test_a_week_of_forty_ordinary_papers_is_shown_whole() -> None:
    rendered = MESSAGES.digest(compose(WEEK, [note(n) for n in range(40)]), ALL, workspace("en"), "en")
    assert sum(words.startswith("• ") for words in words_of(rendered.blocks)) == 40
    assert "more" not in shown(rendered)


def test_a_title_with_marks_does_not_change_the_layout() -> None:
    title = "*Bold* `code` _it_ ~gone~ A* search"
    shows = shown(MESSAGES.card(note(paper=paper(title=title)), PUBLIC, workspace("en")))
    assert title in shows.replace("\u200b", "")
    for mark in ("*B", "d*", "`c", "e`", "_i", "t_", "~g", "e~"):
        assert mark not in shows


@pytest.mark.parametrize("opening", ["# ", ":: ", "> ", "\n\n# ", "---\n\n"])
def test_words_of_people_do_not_make_headers_small_print_or_quotes(opening: str) -> None:
    summary = note().paper.reading
    assert summary
    assert summary.summary
    reading = replace(summary, summary=replace(summary.summary, text=f"{opening}loud"))
    member = Member("U1", f"{opening}Ben")
    of = note(paper=replace(paper(), reading=reading), comments=(Comment(member, PUBLIC, f"{opening}x", NOW),))
    plain = note(comments=(Comment(Member("U1", "Ben"), PUBLIC, "x", NOW),))
    for template in ("show",):
        ours = MESSAGES.render(template, workspace("en"), "en", note=of)
        theirs = MESSAGES.render(template, workspace("en"), "en", note=plain)
        assert [block["type"] for block in ours.blocks] == [block["type"] for block in theirs.blocks]


def test_a_comment_is_quoted_line_by_line() -> None:
    of = note(comments=(Comment(Member("U1", "Ben"), PUBLIC, "one\n\n# two\n> three", NOW),))
    shows = shown(MESSAGES.render("show", workspace("en"), "en", note=of))
    assert re.search(r"^> one\n> \u200b?# two\n> \u200b?&gt; three$", shows, re.MULTILINE)


def test_the_digest_tells_a_quote_from_what_its_person_says_and_leaves_out_what_is_struck() -> None:
    of = note(comments=(Comment(Member("U1", "Ben"), PUBLIC, "> it works\n~this is wrong~ I doubt that", NOW),))
    digest = MESSAGES.digest(compose(WEEK, [of]), ALL, workspace("en"), "en", weekly=True)
    assert "Ben: “it works” I doubt that" in shown(digest)


def test_code_in_a_comment_has_no_loose_ticks_in_the_digest_and_the_agenda() -> None:
    said = "```\npython\nprint('x')\n``` what does this print, and why does it?"
    of = note(comments=(Comment(Member("U1", "Ben"), PUBLIC, said, NOW),))
    digest = MESSAGES.digest(compose(WEEK, [of]), ALL, workspace("en"), "en", weekly=True)
    for message in (digest, MESSAGES.render("agenda", workspace("en"), "en", agenda=agenda([of]))):
        assert "python print('x')" in shown(message) and "`" not in shown(message)


@pytest.mark.parametrize(
    ("language", "reasons"),
    [("en", ("shared by Ben, Aiko", "1 comment")), ("ja", ("共有した人: Ben さん、Aiko さん", "コメント 1 件"))],
)
def test_each_paper_of_the_agenda_says_why_it_stands_there(language: str, reasons: tuple[str, str]) -> None:
    ben, aiko = Member("U1", "Ben"), Member("U2", "Aiko")
    twice = note(1, shares=(share(ben), share(aiko)))
    short = note(2, shares=(share(ben), share(ben)), comments=(Comment(aiko, PUBLIC, "ok", NOW),))
    for of, reason in zip((twice, short), reasons, strict=True):
        shows = shown(MESSAGES.render("agenda", workspace(language), language, agenda=agenda([of])))
        assert reason in shows
        assert sum(one in shows for one in reasons) == 1


def test_why_papers_are_related_is_told_in_words_and_the_number_once() -> None:
    why = Reasons((Tag("LLM", "llm"), Tag("RAG", "rag")), ("Ada Lovelace",), ("distillation", "LLMs"), thread=True)
    hit = RelatedNote(2, note(2).paper, 0.412, why)
    told = {
        language: shown(MESSAGES.render("related", workspace(language), language, note=note(), related=[hit, hit]))
        for language in LANGUAGES
    }
    reason = (
        "shares #LLM #RAG, the author Ada Lovelace; both mention distillation, LLMs; shared in the same thread"
    )
    assert told["en"].count(reason) == told["en"].count(", 2026 · 41%") == 2
    assert told["en"].count("The percentage") == 1
    assert "共通: #LLM #RAG、著者 Ada Lovelace / どちらにも出てくる言葉: distillation、LLMs / " in told["ja"]


def test_only_what_is_in_common_is_told_as_a_reason() -> None:
    for why, told in (
        (Reasons(words=("distillation",)), "both mention distillation"),
        (Reasons(authors=("A", "B", "C", "D", "E")), "shares the authors A, B, C and 2 more"),
        (Reasons(thread=True), "shared in the same thread"),
    ):
        hit = RelatedNote(2, note(2).paper, 0.5, why)
        lines = shown(MESSAGES.render("related", workspace("en"), "en", note=note(), related=[hit])).splitlines()
        assert told in lines


def test_a_related_page_without_a_date_has_no_year() -> None:
    hit = RelatedNote(2, on_a_page(note(2), "x").paper, 0.5, Reasons(thread=True))
    told = shown(MESSAGES.render("related", workspace("en"), "en", note=note(), related=[hit]))
    assert " · 50%" in told and ", 2026" not in told


def test_more_is_found_after_a_list_by_a_search_and_after_a_search_by_another_word() -> None:
    for language, searched in (("en", "There may be more: add a word."), ("ja", "言葉を足すと絞り込めます")):
        for best, more in ((None, "/note search"), (False, searched), (True, searched)):
            values = {"notes": [note()] * 20, "many": True, "best": best}
            told = shown(MESSAGES.render("list", workspace(language), language, **values))
            assert more in told and (best is None or "/note search" not in told)


def test_a_persons_name_is_polite_in_japanese_and_plain_in_english() -> None:
    assert "Ben さんが #papers で共有しています" in shown(MESSAGES.seen(note(), workspace("ja")))
    assert "shared before by Ben in #papers" in shown(MESSAGES.seen(note(), workspace("en")))
    nameless = note(shares=(share(Member("U1"), PUBLIC),))
    assert "誰かが #papers で共有しています" in shown(MESSAGES.seen(nameless, workspace("ja")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_news_is_one_line_that_links_the_title(language: str) -> None:
    for kind, fact in (
        (ChangeKind.VERSION, "3"),
        (ChangeKind.WITHDRAWN, "2"),
        (ChangeKind.PUBLISHED, "J. 1\n(2)"),
    ):
        (block,) = MESSAGES.news(note(), Change(kind, fact), workspace(language)).blocks
        (words,) = words_of((block,))
        assert len(words.splitlines()) == 1
        assert f"<{note().paper.url}|{note().paper.title}>" in words
        assert fact.splitlines()[0] in words or kind is ChangeKind.WITHDRAWN
        assert words.partition(" <")[0][-1] in ".:"  # nothing runs into the title


@pytest.mark.parametrize(("language", "mark"), [("en", "withdrawn"), ("ja", "取り下げ")])
def test_a_withdrawn_paper_is_said_to_be_so_wherever_it_stands(language: str, mark: str) -> None:
    home, of = workspace(language), note(paper=paper(withdrawn=True))
    why = RelatedNote(of.id, of.paper, 1.0, Reasons(words=("scale",)))
    for told in (
        MESSAGES.render("show", home, language, note=of),
        MESSAGES.render("list", home, language, notes=[of]),
        MESSAGES.render("related", home, language, note=note(), related=[why]),
        MESSAGES.digest(compose(WEEK, [of]), ALL, home, language),
    ):
        assert mark in shown(told)


def test_a_card_has_a_paragraph_for_each_of_its_matters() -> None:
    card = MESSAGES.card(note(paper=paper(withdrawn=True)), PUBLIC, workspace("en"))
    paragraphs = list(words_of(card.blocks))
    assert [paragraph.splitlines()[0][:9] for paragraph in paragraphs[1:]] == [
        ":warning:",
        "It works.",
        "Picked by",
        "No tags y",
    ]
    assert paragraphs[0].splitlines()[1:] == ["Ada Lovelace, 藤田 正宏", "2026-10-22 · cs.CL"]


def test_where_a_summary_comes_from_is_said_in_the_readers_language() -> None:
    assert "アブストラクトから自動で抜き出した文" in shown(MESSAGES.card(note(), PUBLIC, workspace("ja")))
    assert "Picked by machine from the abstract (extract-1)" in shown(
        MESSAGES.card(note(), PUBLIC, workspace("en"))
    )
    assert WORDS["ja"]("made_from_sample_description") != "sample description"


def test_an_unknown_language_reads_english() -> None:
    assert MESSAGES.wording("fr") is WORDS["en"]


@given(text=st.text(), most=st.integers(2, 50))
def test_a_cut_text_fits_and_says_that_it_is_cut(text: str, most: int) -> None:
    got = cut(text, most)
    assert len(got) <= most
    assert got == text or (got.endswith("…") and text.startswith(got[:-1]))


def row(tags: int, length: int, others: int = 10) -> list[str]:
    """What can be clicked under the answer to tagging."""
    new = tuple(Tag("x" * length, f"{n:03}".ljust(length, "論")) for n in range(tags))
    choice = [note(n + 2, paper=paper(n + 2, title="題" * 200)) for n in range(others)]
    told = tag_echo.rendered(MESSAGES, workspace("en"), "en", Tagged(note(tags=new), new), choice)
    assert_slack_takes(told)
    return [element["action_id"] for element in told.blocks[-1].get("elements", []) if "action_id" in element]


def test_what_the_buttons_under_an_answer_cannot_remember_is_not_offered() -> None:
    assert row(1, 200) == ["undo_tags", "another_paper"]
    assert row(2, 200) == ["undo_tags"]
    assert row(9, 200) == ["undo_tags"]
    assert row(10, 200) == []
    assert row(0, 1) == []
    assert row(1, 1, others=0) == ["undo_tags"]


# Modals


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", [*TEXTS.values(), "", " "])
def test_slack_takes_the_modals_whatever_the_title_and_tags(text: str, language: str) -> None:
    of = worst(1, text) if text else note(paper=paper(title=text))
    others = [Tag(f"{n}{text}"[: n % 200 + 1], str(n)) for n in range(300)]
    words = WORDS[language]
    choice = modals.several("known_tags", words("modal_choose"), modals.tag_options(others))
    assert len(choice["options"]) == modals.OPTIONS
    asked = [
        modals.asking("known_tags", words("modal_known_tags"), choice, optional=True),
        modals.asking("new_tags", words("modal_new_tags"), modals.line("new_tags", words("modal_new_tags_hint"))),
        modals.asking("typed", words("modal_known_tags"), modals.typeahead("typed", words("modal_choose"))),
        modals.asking("single", words("tidy_which"), modals.one_by_typeahead("single", words("modal_choose"))),
        modals.asking("comment", words("modal_text"), modals.paragraphs("comment")),
    ]
    for verb in ("tag", "untag", "tidy", "comment", "search"):
        for about in (of, None):
            check_view(modals.asking_for(verb, "modal_save", words, about, asked, "{}"), "modal")
    for _, told in all_messages(of, language):
        check_view(modals.telling(words, told, "{}"), "modal")
    check_view(modals.loading(words), "modal")


def test_before_a_comment_is_sent_its_writer_is_told_who_will_read_it() -> None:
    words = MESSAGES.wording("en")
    said = [
        words(MESSAGES.audience_of(Channel("C1", "papers", kind), workspace("en")))
        for kind in (ChannelKind.PUBLIC, ChannelKind.PRIVATE, ChannelKind.DIRECT, ChannelKind.UNKNOWN)
    ]
    assert "published pages" in said[0]
    assert said[1] == said[2]
    assert "stays in this conversation" in said[1]
    assert "all who may read this channel" in said[3]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_weekly_digest_says_how_to_end_it_alone_and_who_ordered_it_and_a_preview_does_not(language: str) -> None:
    digest = compose(WEEK, [note()])
    weekly = MESSAGES.digest(digest, ALL, workspace(language), language, weekly=True)
    assert "/note digest off everything" in weekly.text
    for scope, tag, typed in (
        (Scope.CHANNEL, None, "channel"),
        (Scope.TAG, Tag("RAG", "rag"), "RAG"),
        (Scope.TAG, Tag("Max SAT", "max sat"), '"Max SAT"'),
        (Scope.TAG, Tag("Channel", "channel"), '"Channel"'),
    ):
        subject, of = replace(ALL, scope=scope, tag=tag.key if tag else ""), compose(WEEK, [note()], tag)
        told = MESSAGES.digest(of, subject, workspace(language), language, weekly=True)
        assert told.text.endswith(f"/note digest off {typed}")
    assert "/note digest list" in weekly.text
    assert "digest off" not in MESSAGES.digest(digest, ALL, workspace(language), language).text


@pytest.mark.parametrize("language", ["en", "ja"])
def test_help_and_home_name_whom_to_ask(language: str) -> None:
    home = workspace(language)
    told = MESSAGES.render("help", home, language, unknown="", commands=(), bot="@fusen")
    assert "papers@lab.example" in told.text
    assert "papers@lab.example" in MESSAGES.render("home/end", home, language, digests=()).text


# The words


def gaps(sentence: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(sentence) if name)


def words(door: str, language: str) -> dict[str, Any]:
    files = sorted((TEMPLATES / "words" / door).glob(f"*.{language}.toml"))
    return tomllib.loads("\n".join(file.read_text(encoding="utf-8") for file in files))


def test_both_languages_have_the_same_sentences_with_the_same_gaps() -> None:
    english, japanese = words("slack", "en"), words("slack", "ja")
    # Japanese has no plural, so it needs no sentence for one.
    assert {key for key in english if not key.endswith("_one")} == set(japanese)
    assert all(key.removesuffix("_one") in english for key in english)
    for key, sentence in japanese.items():
        assert gaps(sentence) == gaps(english[key]), key


# What Japanese writes in another way everywhere else.
WRITTEN_OTHERWISE = re.compile(
    "いま(?![すしせ])|分か[らりるれ]|だれ|ブラウザー|関連度|他 |？|！|もう一度試|運用者|概要"
)


@pytest.mark.parametrize("door", ["shell", "site", "slack", "web"])
def test_japanese_has_one_way_to_write_a_word_and_no_last_sentence_without_its_stop(door: str) -> None:
    headings = {"home_welcome"}
    sentences = [(key, str(sentence)) for key, sentence in words(door, "ja").items() if key not in headings]
    assert [one for one in sentences if WRITTEN_OTHERWISE.search(one[1])] == []
    # What a sentence ends with to be copied, or looked at, stands behind a colon.
    assert [one for one in sentences if re.search("。(?=.)(?!.*(?:[。?…]$|: ))", one[1])] == []


@pytest.mark.parametrize("done", [False, True])
def test_the_progress_of_a_backfill_says_what_is_saved_and_not_that_it_goes_on(done: bool) -> None:
    past = Backfill(1, "T1", "C1", "U1", NOW, NOW, "1.0", 1200, 1, NOW if done else None, "")
    told = shown(MESSAGES.progress(past, BEN, workspace("ja")))
    assert "ここで共有された論文の保存。メッセージ 1200 件を確認" in told
    assert "保存しています" not in told and ("完了しました" in told) is done


ALWAYS_SEVERAL = {"channels", "scopes", "which_of_several", "which_paper"}
"""Said only where there are at least two."""


@pytest.mark.parametrize("door", ["shell", "site", "slack", "web"])
def test_what_is_counted_in_english_can_be_one(door: str) -> None:
    english = words(door, "en")
    several = {key for key, sentence in english.items() if re.search(r"\{count\} [a-z]+s\b", str(sentence))}
    assert {key for key in several if f"{key}_one" not in english} <= ALWAYS_SEVERAL


# Keys put together from a beginning and what follows it, and where.
TOGETHER = {
    "weekday_": ("bot/verbs/digesting.py", 'f"weekday_{'),
    "digest_of_": ("bot/verbs/digesting.py", 'f"digest_of_{'),
    "digest_empty_": ("templates/slack/digest.j2", 'say("digest_empty_" ~ scope'),
    "digest_title_": ("bot/messages.py", 'f"digest_title_{'),
    "modal_": ("bot/modals.py", 'f"modal_{'),
    "button_": ("bot/verbs/upkeep.py", 'f"button_{'),
    "home_digest_of_": ("templates/slack/home/end.j2", 'say("home_digest_of_" ~ one.told'),
    "none_": ("bot/verbs/finding.py", 'f"none_{'),
    "reaches_": ("bot/messages.py", 'f"reaches_{'),
    "tags_reaches_": ("bot/verbs/tagging.py", 'f"tags_{'),
    "depth_": ("templates/slack/parts.j2", 'say.word("depth"'),
    "silent_": ("templates/slack/parts.j2", 'say("silent_" ~ one.silence'),
    "setting_": ("bot/verbs/settling.py", 'f"setting_{'),
    "undone_": ("bot/verbs/undoing.py", 'f"undone_{'),
    "value_": ("bot/verbs/settling.py", 'f"value_{'),
    "tidy_": ("bot/verbs/tag_keeping.py", 'f"tidy_{'),
    "made_from_": ("templates/slack/card.j2", 'say.word("made_from"'),
}


def test_each_sentence_is_used_and_each_used_sentence_exists() -> None:
    root = TEMPLATES.parent
    code = "\n".join(file.read_text(encoding="utf-8") for file in sorted((root / "bot").rglob("*.py")))
    slack = "\n".join(
        file.read_text(encoding="utf-8") for file in sorted((root / "templates/slack").rglob("*.j2"))
    )
    english = {key for key in words("slack", "en") if not key.endswith("_one")}
    named = set(re.findall(r"\bsay\(\s*\"([a-z_]+)\"\s*[,)]", slack)) | set(
        re.findall(r"\b(?:words|wording\((?!\"shell\")[^()]*\))\(\s*\"([a-z_]+)\"", code)
    )
    assert named
    assert named <= english | set(words("shell", "en"))
    elsewhere = set(re.findall(r"\"([a-z]+_[a-z_]+)\"", code))
    begun = tuple(TOGETHER)
    for file, put_together in TOGETHER.values():
        assert put_together in (root / file).read_text(encoding="utf-8")
    assert {key for key in english - named - elsewhere if not key.startswith(begun)} == set()


def refusals() -> dict[str, type[FusenError]]:
    """The expected errors of which people read in Slack."""
    kinds = [FusenError]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    return {kind.__name__: kind for kind in kinds if kind.__module__.startswith(("papers.", "bot.verbs."))}


SPOKEN = re.compile(r"\{(?:command|bot)\}[^.。、·(]*")
BARE = {"en": r"(?:: |· )(?:%s)\b(?! (?:your|a)\b)", "ja": r"(?<![\w{])(?:%s)(?![\w}])"}
"""A verb where it would be typed; in English most are words of sentences as well."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_sentence_tells_to_type_can_be_typed_as_it_stands(language: str) -> None:
    told = words("slack", language) | {
        name: getattr(kind, language) for name, kind in refusals().items() if hasattr(kind, language)
    }
    told = {key: SPOKEN.sub("", said) for key, said in told.items()}
    verbs = re.compile(BARE[language] % "|".join(REGISTRY))
    assert {key for key, said in told.items() if verbs.search(said)} == set()


CLICKED = {"en": r"(?:[Cc]lick|[Cc]hoose|[Pp]ress) (?:“([^”]+)”|([A-Z]\w+))", "ja": r"「([^」]+)」を(?:押|選)()"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_button_that_a_sentence_tells_to_click_is_called_so(language: str) -> None:
    said = words("slack", language)
    told = [
        (key, quoted or bare) for key in said for quoted, bare in re.findall(CLICKED[language], str(said[key]))
    ]
    buttons = {text for key, text in said.items() if key.startswith("button_")}
    assert len(told) >= 3
    assert [(key, name) for key, name in told if name not in buttons] == []
