"""Notes to publish, some of them with texts that would like to be more than text."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

from hostile import HOSTILE

from papers.brief import Brief, Fallen, brief_of
from papers.formulas import Formula
from papers.note import Channel, ChannelKind, Comment, Member, Message, Note, Reader, Share, Workspace
from papers.paper import History, Paper, PaperId, Reading, Record, Summary, Version
from papers.relatedness import Kept
from papers.tag_groups import TagOrder
from papers.tags import tag
from papers.translation import Passage, Rendered, Translation
from papers.wording import LANGUAGES, Wording
from publishing.content import Content
from publishing.site import SiteBuilder

TEMPLATES = Path(__file__).parent.parent / "templates"
START = datetime(2024, 3, 1, 15, 30, tzinfo=UTC)
PAPERS = Channel("C01PAPERS", "papers", ChannelKind.PUBLIC)
AOKI = Member("U01AOKI", "Aoki")
TAG_NAMES = (
    "LLM",
    "Efficiency/SpeedUp",
    "A/B Testing",
    "C++",
    "C#",
    "C",
    "日本語",
    "..",
    "index",
    "%?#&\"'",
    "🚀",
)


def wording(language: str = "en") -> Wording:
    """The words of the pages as they are shipped."""
    assert language in LANGUAGES
    files = sorted((TEMPLATES / "words" / "site").glob(f"*.{language}.toml"))
    return Wording(language, tomllib.loads("\n".join(file.read_text(encoding="utf-8") for file in files)))


@cache
def site_builder(language: str = "en") -> SiteBuilder:
    """A builder with the shipped templates."""
    return SiteBuilder(TEMPLATES / "site", wording(language))


def content(address: str = "https://notes.example.org/lab") -> Content:
    """A workspace in Tokyo that publishes."""
    workspace = Workspace("T01LAB", "Lab", "https://lab.slack.com", zone="Asia/Tokyo")
    return Content(workspace, "Lab notes", address, START + timedelta(days=900))


class Given:
    """A stock of these notes, each of them like the next."""

    def __init__(self, notes: Iterable[Note], order: TagOrder | None = None) -> None:
        self.all = {one.id: one for one in notes}
        self.taken: dict[int, Fallen] = {}
        self.tag_order = order or TagOrder()

    def order(self) -> TagOrder:
        return self.tag_order

    def take_back(self, note_id: int) -> None:
        """Nobody sees this note any longer."""
        one = self.all.pop(note_id)
        self.taken[note_id] = Fallen(note_id, one.paper_id, tuple(tag.key for tag in one.tags))

    def fallen(self, note_ids: Collection[int] | None = None) -> Iterable[Fallen]:
        return [
            one
            for one in self.taken.values()
            if one.note_id not in self.all and (note_ids is None or one.note_id in note_ids)
        ]

    def briefs(self) -> Iterable[Brief]:
        return map(brief_of, self.all.values())

    def notes(self, note_ids: Collection[int]) -> Iterable[Note]:
        return [self.all[note_id] for note_id in note_ids if note_id in self.all]

    def image(self, name: str) -> bytes | None:
        return None

    def kept(self, note_ids: Collection[int]) -> Mapping[int, Mapping[int, Kept]]:
        return {one: found for one, found in self.alike().items() if one in note_ids}

    def keepers(self, note_ids: Collection[int]) -> Collection[int]:
        return {one for one, found in self.alike().items() if not found.keys().isdisjoint(note_ids)}

    def alike(self) -> dict[int, dict[int, Kept]]:
        return {
            one: {following: Kept(0.3, (self.all[one].paper.title[:60],))}
            for one, following in pairwise(sorted(self.all))
        }


def note(number: int = 1, text: str = "", tags: tuple[str, ...] = ("LLM",), comments: int = 1) -> Note:
    """A note whose every free text is `text`, or plain words without one."""
    at = START + timedelta(days=number)
    paper_id = PaperId("arxiv", f"2403.{number:05d}")
    record = Record(
        paper_id,
        version=2,
        title=text or f"Synthesis $Step$ {number}",
        abstract=text or "We propose a thing. It works.",
        authors=(text or "Ruida Wang", text or "Wangchunshu Zhou"),
        categories=(text or "cs.CL", "cs.LG"),
        published=START,
        updated=START + timedelta(hours=2),
        comment=text or "Accepted at EMNLP 2024",
        journal_ref=text or None,
        doi=text or "10.1000/182",
    )
    made = Summary(text or "We propose a thing.", text or "sentences of the abstract", START, text or "abstract")
    versions = (Version(1, START, 812), Version(2, START + timedelta(hours=2), 1024))
    history = History(text or "http://creativecommons.org/licenses/by-sa/4.0/", versions)
    reading = Reading(text or f"Synthesis Step {number}", record.abstract, made)
    paper = Paper(paper_id, record, reading, told_at=START, history=history)
    channel = replace(PAPERS, name=text or PAPERS.name)
    member = replace(AOKI, name=text or AOKI.name)
    message = Message("T01LAB", PAPERS.id, f"17000{number:05d}.000100")
    thread = Message("T01LAB", PAPERS.id, f"17000{number:05d}.000200", message.ts)
    written = tuple(
        Comment(member, channel, text or f"Comment {n}\nSee https://example.org/a_(b).", at, thread, edited=n == 1)
        for n in range(comments)
    )
    shares = (Share(member, channel, message, at, version=1),)
    readers = (Reader(member, at, at + timedelta(days=14)),)
    return Note(number, "T01LAB", paper, at, 1, shares, tuple(tag(name) for name in tags), written, readers)


def translated(number: int) -> Note:
    """A note whose paper is translated, but for one sentence, with a formula and a long word without blanks."""
    mathml = "<math><mi>x</mi></math>"
    pairs = (
        Rendered(
            Passage("We propose a thing.", (Formula(11, 12, mathml),)),
            Passage("x を提案する。", (Formula(0, 1, mathml),)),
        ),
        Rendered(Passage("It works."), Passage("長い" * 60)),
        Rendered(Passage("Code is at https://example.org/" + "a" * 80)),
    )
    made = Translation("ja", Passage("合成の手順"), pairs, "small-2026", START, 2)
    return replace(note(number), translation=made)


def pending(number: int, missing: bool = False) -> Note:
    """A note whose paper the source has not described."""
    full = note(number)
    return replace(full, paper=Paper(full.paper_id, missing=missing))


def withdrawn(number: int, comments: int = 1) -> Note:
    """A note whose paper has been withdrawn."""
    full = note(number, comments=comments)
    assert full.paper.record
    return replace(full, paper=replace(full.paper, record=replace(full.paper.record, withdrawn=True)))


def many_notes(count: int = 100) -> tuple[Note, ...]:
    """Notes of all kinds: many tags, hostile texts, pending and withdrawn papers, long lists of authors."""
    notes = [
        note(n, HOSTILE[n % len(HOSTILE)] if n % 3 == 0 else "", ("LLM", TAG_NAMES[n % len(TAG_NAMES)]), n % 6)
        for n in range(1, count + 1)
    ]
    notes += [pending(count + 1), pending(count + 2, missing=True)]
    long_list = note(count + 3)
    record = long_list.paper.record
    assert record is not None
    record = replace(record, authors=tuple(f"Author {n}" for n in range(1, 2834)), withdrawn=True)
    notes.append(replace(long_list, paper=replace(long_list.paper, record=record)))
    return tuple(notes)
