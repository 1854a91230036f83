"""A database that holds the made-up notes, as if they had been shared in one public channel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from bench.publish.content import MadeNote
from papers.tags import fold, tag, unaccented
from storage import tables
from storage.engine import Database, connect
from storage.migrate import migrate

TEAM, CHANNEL, MEMBERS = "T01BENCH", "C01PAPERS", 20
_AT_ONCE = 1_000


def stocked(file: Path, notes: Iterable[MadeNote]) -> Database:
    """A new SQLite file with these notes. They have no related notes but those with authors and tags in common."""
    return stocked_at(f"sqlite:///{file}", notes)


def stocked_at(url: str, notes: Iterable[MadeNote]) -> Database:
    """The same in an empty database of either kind."""
    database = connect(url)
    migrate(database)
    _settle(database)
    notes = iter(notes)
    known: dict[str, int] = {}
    while some := list(islice(notes, _AT_ONCE)):
        _fill(database, some, known)
    return database


def _settle(database: Database) -> None:
    since = datetime.fromisoformat("2020-01-01T00:00:00+00:00")
    workspace = {"id": TEAM, "name": "Bench", "url": "https://bench.slack.com", "since": since, "change": 1}
    people = [{"workspace": TEAM, "id": f"U{n}", "name": f"Member {n}"} for n in range(1, MEMBERS + 1)]
    channel = {"workspace": TEAM, "id": CHANNEL, "name": "papers", "kind": "public", "joined_at": since}
    with database.writing() as connection:
        connection.execute(tables.workspaces.insert(), [workspace])
        connection.execute(tables.members.insert(), people)
        connection.execute(tables.channels.insert(), [channel])


def _fill(database: Database, notes: list[MadeNote], known: dict[str, int]) -> None:
    rows: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("papers", "notes", "shares", "tags", "note_tags", "comments")
    }
    for note in notes:
        _add(rows, note, known)
    with database.writing() as connection:
        for name, found in rows.items():
            if found:
                connection.execute(tables.metadata.tables[name].insert(), found)


def _add(rows: dict[str, list[dict[str, Any]]], note: MadeNote, known: dict[str, int]) -> None:
    at = datetime.fromisoformat(note.at)
    stamp = f"{1_600_000_000 + note.id}.000100"
    by = {"note_id": note.id, "workspace": TEAM, "channel": CHANNEL}
    rows["papers"].append(_paper(note, at))
    rows["notes"].append({"id": note.id, "workspace": TEAM, "paper_id": note.id, "change": 1, "compared": 1})
    rows["shares"].append(
        {**by, "member": "U1", "origin": f"{CHANNEL}:{stamp}", "ts": stamp, "version": 1, "shared_at": at}
    )
    for name in note.tags:
        if name not in known:
            known[name] = len(known) + 1
            rows["tags"].append({"id": known[name], "workspace": TEAM, "key": tag(name).key, "name": name})
        rows["note_tags"].append({**by, "tag_id": known[name], "member": "U1", "tagged_at": at})
    for number, comment in enumerate(note.comments):
        written = f"{1_600_000_000 + note.id}.{number + 2:06d}"
        said = {"text": comment.text, "folded": fold(comment.text), "written_at": at + timedelta(days=comment.day)}
        place = {"member": f"U{comment.member}", "origin": f"{CHANNEL}:{written}", "ts": written}
        rows["comments"].append({**by, **place, "thread_ts": stamp, **said})


def _paper(note: MadeNote, at: datetime) -> dict[str, Any]:
    return {
        "id": note.id,
        "source": "arxiv",
        "source_id": note.paper,
        "wanted_at": at,
        "asked_at": at,
        "version": 1,
        "title": note.title,
        "abstract": note.abstract,
        "authors": note.authors,
        "categories": ("cs.CL",),
        "published": at,
        "updated": at,
        "origin": "arxiv",
        "reading_title": note.title,
        "reading_abstract": note.abstract,
        "summary_text": note.summary,
        "summary_made_by": "sentences of the abstract",
        "summary_made_at": at,
        "summary_made_from": "abstract",
        "words": 0,
        "folded": "\n".join(
            unaccented(fold(text)) for text in (note.title, note.abstract, *note.authors, note.paper)
        ),
    }
