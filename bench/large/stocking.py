"""The planned notes as rows of all tables, with the index that search needs and the terms that compare papers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import lru_cache
from itertools import count
from typing import Any

from bench.large.filling import filling
from bench.large.plan import Plan, Planned
from papers.tags import fold, tag
from papers.titles import title_key
from storage import tables
from storage.engine import Database
from storage.search_index import PACKED, TITLE_WEIGHT, tag_key
from storage.search_terms import key
from storage.search_terms import terms as search_terms
from storage.terms import terms as text_terms

_LIKE, _READ_EACH, _CLAIMED_EACH, _WAITING = 5, 5, 50, 20_000
_IMAGE_EACH, _IMAGE = 20, bytes(2_000)  # an image with every so manieth comment; real ones are ten times as large
_ID_BITS = 31
_WEEK = timedelta(days=7)
_ENOUGH, _AT_ONCE = 10_000, 5_000


def stock(database: Database, plan: Plan) -> dict[str, int]:
    """Fill an empty, migrated database as planned. Returns how many rows each table has got."""
    with filling(database) as into:
        rows = _Rows(plan)
        done = {table.name: into.put(table, some) for table, some in rows.all()}
        done[tables.note_places.name] = done[tables.note_terms.name] = 0
        for places, terms in rows.indexed():
            done[tables.note_places.name] += into.put(tables.note_places, places)
            done[tables.note_terms.name] += len(terms)
            into.put_plain(tables.note_terms, ["term", "place", "times"], terms)
        into.number_on()
    if database.file is None:  # PostgreSQL counts what is in it by itself, but only after a while
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    return done


class _Rows:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._notes = plan.notes
        self._tag_ids: dict[tuple[str, int], int] = {}
        for team in plan.teams:
            for number in range(len(team.tags)):
                self._tag_ids[team.id, number] = len(self._tag_ids) + 1

    def all(self) -> Iterator[tuple[Any, Iterable[dict[str, Any]]]]:
        yield tables.workspaces, self._workspaces()
        yield tables.channels, self._channels()
        yield tables.members, self._members()
        yield tables.papers, self._papers()
        yield tables.paper_terms, self._paper_terms()
        yield tables.paper_authors, self._paper_authors()
        yield tables.notes, self._rows_of_notes()
        yield tables.shares, self._shares()
        yield tables.tags, self._tags()
        yield tables.note_tags, self._note_tags()
        yield tables.comments, self._comments()
        yield tables.images, self._images()
        yield tables.claims, self._claims()
        yield tables.reads, self._reads()
        yield tables.likenesses, self._likenesses()
        yield tables.follows, self._follows()
        yield tables.tellings, self._tellings()
        yield tables.digest_orders, self._digest_orders()
        yield tables.homes, self._homes()
        yield tables.acts, self._acts()
        yield tables.reactions, self._reactions()
        yield tables.outbox, self._outbox()
        yield tables.inbox, self._inbox()

    def _workspaces(self) -> Iterator[dict[str, Any]]:
        for team in self._plan.teams:
            address = f"https://{team.id.lower()}.slack.com"
            row = {"id": team.id, "name": team.id, "url": address, "since": self._plan.begin}
            yield {**row, "change": 1, "told_change": 1, "told_note": len(self._notes)}

    def _channels(self) -> Iterator[dict[str, Any]]:
        for team in self._plan.teams:
            for channel in team.channels:
                kind = "private" if channel == team.channels[-1] else "public"
                row = {"workspace": team.id, "id": channel, "name": channel.lower(), "kind": kind}
                yield {**row, "learned_at": self._plan.end, "joined_at": self._plan.begin}

    def _members(self) -> Iterator[dict[str, Any]]:
        for team in self._plan.teams:
            for number, member in enumerate(team.members):
                name = f"Member {number} of {team.id}"
                yield {"workspace": team.id, "id": member, "name": name, "learned_at": self._plan.end}

    def _papers(self) -> Iterator[dict[str, Any]]:
        at = self._plan.begin
        for paper in range(1, self._plan.papers + 1):
            text, title = self._plan.text(paper), self._plan.title(paper)
            yield {
                "id": paper,
                "source": "arxiv",
                "source_id": arxiv_id(paper),
                "wanted_at": at,
                "asked_at": at,
                "told_at": at,
                "version": 1,
                "title": title,
                "title_key": title_key(title),
                "abstract": text.abstract,
                "authors": text.authors,
                "categories": ("cs.CL",),
                "published": at,
                "updated": at,
                "origin": "arxiv",
                "reading_title": title,
                "reading_abstract": text.abstract,
                "summary_text": text.summary,
                "summary_made_by": "sentences of the abstract",
                "summary_made_at": at,
                "summary_made_from": "abstract",
                "words": _text_terms(title, text.abstract).total(),
                "folded": _folded(title, text.abstract, text.authors, arxiv_id(paper)),
            }

    def _paper_terms(self) -> Iterator[dict[str, Any]]:
        for paper in range(1, self._plan.papers + 1):
            found = _text_terms(self._plan.title(paper), self._plan.text(paper).abstract)
            for term, times in sorted(found.items()):
                yield {"term": term, "paper_id": paper, "times": times}

    def _paper_authors(self) -> Iterator[dict[str, Any]]:
        for paper in range(1, self._plan.papers + 1):
            for author in sorted({fold(name) for name in self._plan.text(paper).authors}):
                yield {"author": author, "paper_id": paper}

    def _rows_of_notes(self) -> Iterator[dict[str, Any]]:
        for note in self._notes:
            row = {"id": note.id, "workspace": note.team.id, "paper_id": note.paper}
            yield {**row, "change": 1, "compared": 1 if self._public(note) else None}

    def _shares(self) -> Iterator[dict[str, Any]]:
        for note in self._notes:
            row = {"note_id": note.id, "origin": f"{note.channel}:{note.ts}", **_by(note), "ts": note.ts}
            yield {**row, "version": 1, "shared_at": note.at}

    def _tags(self) -> Iterator[dict[str, Any]]:
        uses = Counter((note.team.id, number) for note in self._notes for number in note.tags)
        for team in self._plan.teams:
            for number, name in enumerate(team.tags):
                at = (team.id, number)
                row = {"id": self._tag_ids[at], "workspace": team.id, "key": tag(name).key, "name": name}
                yield {**row, "uses": uses[at]}

    def _note_tags(self) -> Iterator[dict[str, Any]]:
        for note in self._notes:
            for number in note.tags:
                yield {
                    "note_id": note.id,
                    "tag_id": self._tag_ids[note.team.id, number],
                    **_by(note),
                    "tagged_at": note.at,
                }

    def _comments(self) -> Iterator[dict[str, Any]]:
        ids = count(1)
        for note in self._notes:
            for number in range(1, note.comments + 1):
                said, ts = self._plan.comment(note, number), note.stamp(number)
                member = note.team.members[(note.id + number * number) % len(note.team.members)]
                yield {
                    "id": next(ids),
                    "note_id": note.id,
                    "origin": f"{note.channel}:{ts}",
                    **_by(note),
                    "member": member,
                    "ts": ts,
                    "thread_ts": note.ts,
                    "text": said,
                    "folded": fold(said),
                    "written_at": min(note.at + timedelta(minutes=number), self._plan.end),
                }

    def _images(self) -> Iterator[dict[str, Any]]:
        for comment in range(_IMAGE_EACH, sum(note.comments for note in self._notes) + 1, _IMAGE_EACH):
            row = {"comment_id": comment, "place": 0, "file": f"F{comment}", "url": "https://files.slack.com/one"}
            yield {**row, "name": f"{comment:032x}.webp", "width": 640, "height": 480, "body": _IMAGE}

    def _claims(self) -> Iterator[dict[str, Any]]:
        for note in self._notes[::_CLAIMED_EACH]:
            row = {"note_id": note.id, "origin": "claimed", **_by(note), "claimed_at": note.at}
            yield {**row, "until": self._plan.end + timedelta(days=7)}

    def _reads(self) -> Iterator[dict[str, Any]]:
        for note in self._notes[::_READ_EACH]:
            row = {"note_id": note.id, "origin": "read", "workspace": note.team.id, "member": note.member}
            yield {**row, "read_at": note.at}

    def _likenesses(self) -> Iterator[dict[str, Any]]:
        last: dict[str, list[int]] = {}
        for note in filter(self._public, self._notes):
            before = last.setdefault(note.team.id, [])
            for other in before:
                yield {"note_id": note.id, "other_id": other, "share": 0.2, "words": ("language", "models")}
            before.append(note.id)
            del before[:-_LIKE]

    def _follows(self) -> Iterator[dict[str, Any]]:
        for team in self._plan.teams:
            for number, member in enumerate(team.members[::2]):
                name = team.tags[number % len(team.tags)]
                row = {"workspace": team.id, "follower": member, "is_channel": False, "kind": "tag"}
                yield {
                    **row,
                    "target": tag(name).key,
                    "name": name,
                    "weekly": False,
                    "by": member,
                    "since": self._plan.begin,
                }

    def _tellings(self) -> Iterator[dict[str, Any]]:
        for note in self._notes[::3]:
            row = {"workspace": note.team.id, "follower": note.team.members[0], "is_channel": False}
            yield {**row, "note_id": note.id, "found_at": note.at, "waits": self._plan.end - note.at < _WEEK}

    def _digest_orders(self) -> Iterator[dict[str, Any]]:
        for team in self._plan.teams:
            row = {"workspace": team.id, "channel": team.channels[0], "scope": "workspace"}
            yield {**row, "member": team.members[0], "ordered_at": self._plan.end - _WEEK}

    def _homes(self) -> Iterator[dict[str, Any]]:
        for team in self._plan.teams:
            for member in team.members[1::2]:
                row = {"workspace": team.id, "member": member, "direct": f"D{member[1:]}", "wished": 1, "shown": 1}
                yield {**row, "due": self._plan.end}

    def _acts(self) -> Iterator[dict[str, Any]]:
        for note in self._notes[-_ENOUGH:]:
            row = {**_by(note), "deed": "comment", "note_id": note.id, "origin": f"act {note.id}", "facts": "{}"}
            yield {**row, "done_at": self._plan.end}

    def _reactions(self) -> Iterator[dict[str, Any]]:
        for note in self._notes[::2]:
            row = {**_by(note), "ts": note.ts, "emoji": "eyes", "told_at": note.at, "note_id": note.id}
            yield {**row, "verb": "reading", "done_at": note.at}

    def _outbox(self) -> Iterator[dict[str, Any]]:
        for note in self._notes:
            row: dict[str, Any] = {
                "workspace": note.team.id,
                "key": f"share:{note.channel}:{note.ts}:{note.id}",
                "kind": "card",
            }
            row |= {"channel": note.channel, "thread_ts": note.ts, "note_id": note.id, "owed_at": note.at}
            row |= {"due": note.at, "attempts": 1, "ts": note.stamp(999_999), "posted_at": note.at}
            yield {**row, "shown": 1, "note_change": 1}

    def _inbox(self) -> Iterator[dict[str, Any]]:
        for note in self._notes[-_WAITING:]:
            message = f"{note.team.id}/{note.channel}/{note.ts}"
            row = {
                "event_id": f"Old{note.id}",
                "message_key": message,
                "workspace": note.team.id,
                "thread": message,
            }
            yield {**row, "body": "{}", "received_at": note.at, "due": note.at, "finished_at": self._plan.end}

    def indexed(self) -> Iterator[tuple[list[dict[str, Any]], list[tuple[int, int, int]]]]:
        """The places of notes and their terms, some notes at a time."""
        for begin in range(0, len(self._notes), _AT_ONCE):
            places: list[dict[str, Any]] = []
            terms: list[tuple[int, int, int]] = []
            for note in self._notes[begin : begin + _AT_ONCE]:
                keys, place = self._keys(note), _place(note)
                packed = b"".join(PACKED.pack(*one) for one in keys.items())
                places.append({"note_id": note.id, "workspace": note.team.id, "place": place, "terms": packed})
                terms += ((term, place, times) for term, times in keys.items())
            yield places, sorted(terms)

    def _keys(self, note: Planned) -> dict[int, int]:
        """What `storage.search_index` would index the note under."""
        text, title = self._plan.text(note.paper), self._plan.title(note.paper)
        found = Counter(_search_terms(_folded("", text.abstract, text.authors, "")))
        for term, times in search_terms(fold(title)).items():
            found[term] += times * TITLE_WEIGHT
        found.update(search_terms(fold(arxiv_id(note.paper))))
        for number in range(1, note.comments + 1):
            found.update(_search_terms(fold(self._plan.comment(note, number))))
        team = note.team.id
        keys = {key(team, term): times for term, times in found.items()}
        return keys | {tag_key(team, self._tag_ids[team, number]): 1 for number in note.tags}

    def _public(self, note: Planned) -> bool:
        return note.channel != note.team.channels[-1]


def arxiv_id(paper: int) -> str:
    """The id of a paper, counted from 1."""
    return f"{20 + paper // 1_000_000 % 10:02}{1 + paper // 90_000 % 12:02}.{paper % 90_000 + 1:05}"


def _by(note: Planned) -> dict[str, Any]:
    return {"workspace": note.team.id, "member": note.member, "channel": note.channel}


def _place(note: Planned) -> int:
    return (int(note.at.timestamp()) << _ID_BITS) | note.id


def _folded(title: str, abstract: str, authors: tuple[str, ...], paper: str) -> str:
    return "\n".join(map(fold, (title, abstract, *authors, paper)))


@lru_cache(maxsize=50_000)
def _search_terms(folded: str) -> Counter[str]:
    return search_terms(folded)


@lru_cache(maxsize=50_000)
def _text_terms(title: str, abstract: str) -> Counter[str]:
    return text_terms(title, abstract)
