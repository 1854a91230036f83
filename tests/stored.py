"""Values and acts that the storage tests put on the shelves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

from papers import tags
from papers.note import Audience, Channel, ChannelKind, Member, Message, Workspace
from papers.paper import PaperId, Reading, Record, Summary
from papers.shelf import Shelf

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
TEAM = "T1"
PUBLIC, SECRET, DIRECT, UNASKED = "C_PUBLIC", "C_SECRET", "D_DIRECT", "C_UNASKED"
ANYBODY = Audience(TEAM)


def paper(number: int = 1) -> PaperId:
    return PaperId("arxiv", f"2310.{number:05}")


def record(paper_id: PaperId, **changes: object) -> Record:
    facts: dict[str, object] = {
        "version": 1,
        "title": f"On {paper_id.id}",
        "abstract": "We study large language models.",
        "authors": ("Ada Lovelace", "藤田 正宏"),
        "categories": ("cs.CL", "cs.AI"),
        "published": NOW - 3 * DAY,
        "updated": NOW - 2 * DAY,
    }
    return Record(paper_id=paper_id, **(facts | changes))  # type: ignore[arg-type]  # facts are named as the fields


def reading(of: Record, made_at: datetime = NOW) -> Reading:
    return Reading(of.title, of.abstract, Summary("A summary.", "lead", made_at, "abstract"))


def want(shelf: Shelf, paper_id: PaperId, at: datetime = NOW) -> bool:
    return shelf.papers.want(paper_id, at, at - DAY)


def store(
    shelf: Shelf, paper_id: PaperId, at: datetime = NOW, named: Collection[PaperId] = (), **changes: object
) -> None:
    said = record(paper_id, **changes)
    shelf.papers.store(said, reading(said, at), at, named)


def message(channel: str, ts: str, thread_ts: str | None = None) -> Message:
    return Message(TEAM, channel, ts, thread_ts)


def settle(shelf: Shelf) -> None:
    """A workspace with one channel of each kind and two members whose names are known."""
    shelf.directory.ensure_workspace(Workspace(TEAM, "Team", "https://team.slack.com"), NOW)
    kinds = {PUBLIC: ChannelKind.PUBLIC, SECRET: ChannelKind.PRIVATE, DIRECT: ChannelKind.DIRECT}
    for channel, kind in kinds.items():
        shelf.directory.store_channel(TEAM, Channel(channel, channel.lower(), kind), NOW)
    for member, name in {"U1": "Aki", "U2": "Ben"}.items():
        shelf.directory.store_member(TEAM, Member(member, name), NOW)


def note(shelf: Shelf, paper_id: PaperId, at: datetime = NOW) -> int:
    want(shelf, paper_id, at)
    return shelf.notes.ensure(TEAM, paper_id, at)


def share(shelf: Shelf, paper_id: PaperId, channel: str, ts: str, at: datetime = NOW, member: str = "U1") -> int:
    """A message that links to the paper. Returns the note."""
    note_id = note(shelf, paper_id, at)
    shelf.notes.share(note_id, f"{channel}:{ts}", member, message(channel, ts), None, at)
    return note_id


def tag(shelf: Shelf, note_id: int, channel: str, typed: str) -> None:
    shelf.notes.tag(note_id, tags.tags(typed), "U1", channel, NOW)


def say(shelf: Shelf, note_id: int, channel: str, ts: str, text: str, thread_ts: str = "1.0") -> None:
    """A reply in a thread, which is a comment."""
    shelf.notes.comment(note_id, f"{channel}:{ts}", "U2", channel, message(channel, ts, thread_ts), text, NOW)


def at_once(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Do all at once, each in a thread of its own. Raises what one of them raised."""
    ready = Barrier(len(acts))

    def act(one: Callable[[], object]) -> object:
        ready.wait()
        return one()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(act, acts))
