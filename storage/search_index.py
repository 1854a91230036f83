"""Writing the index by which notes are searched: brought up to date in the transaction that changes a note.

A note has a place: when it was first shared, then its id, so that walking along a term's places backwards
gives the newest notes first, without looking at the others. Only terms that differ are written.
"""

from __future__ import annotations

import struct
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    tuple_,
    type_coerce,
)

from storage.columns import Moment
from storage.search_terms import key, terms
from storage.sight import seen_by_all
from storage.stamps import hold, stamp
from storage.statements import among, each_row
from storage.statements import insert as upsert
from storage.tables import comments, note_places, note_tags, note_terms, notes, papers, shares

TITLE_WEIGHT = 3
"""How often a term of the title counts."""

_ID_BITS = 31
_MOST = 2**15 - 1  # how often a term counts at most
PACKED = struct.Struct(">qh")
"""How a note's own list of its terms is kept: each term with how often it counts."""

_KEPT = select(note_places).where(note_places.c.note_id == bindparam("note"))


def note_at(place: int) -> int:
    """The id of the note at a place."""
    return place & ((1 << _ID_BITS) - 1)


def tag_key(workspace: str, tag_id: int) -> int:
    """The number under which the index knows a tag, whatever it is called."""
    return key(workspace, f"#{tag_id}")


def stamp_and_index(connection: Connection, which: ColumnElement[bool]) -> None:
    """Stamp these notes, whose texts, tags or shares have changed, and let search know. The caller holds them."""
    stamp(connection, which)
    index(connection, which)


def stamp_and_index_tags(connection: Connection, note_id: int, touched: Collection[int]) -> None:
    """Stamp a note on which these tags were set or taken off, and let search know. The caller holds it.

    Its texts are as they were, so nothing else is read or made of them.
    """
    stamp(connection, notes.c.id == note_id)
    kept = connection.execute(_KEPT, {"note": note_id}).first()
    if kept is None:
        index(connection, notes.c.id == note_id)
        return
    carried = note_tags.c.note_id == note_id, among(connection, note_tags.c.tag_id, touched)
    there = set(connection.scalars(select(note_tags.c.tag_id).where(*carried)))
    before = _unpacked(kept.terms)
    gone = {tag_key(kept.workspace, tag_id) for tag_id in touched if tag_id not in there}
    keys = {term: times for term, times in before.items() if term not in gone}
    _revise(connection, kept, before, keys | {tag_key(kept.workspace, tag_id): 1 for tag_id in there})


def stamp_and_index_comment(connection: Connection, note_id: int, folded: str) -> None:
    """Stamp a note of which somebody said this, folded, just now, and let search know. The caller holds it.

    What was said before stays, so it is not read again: a long discussion costs no more with each comment.
    """
    stamp(connection, notes.c.id == note_id)
    kept = connection.execute(_KEPT, {"note": note_id}).first()
    if kept is None:
        index(connection, notes.c.id == note_id)
        return
    before = _unpacked(kept.terms)
    said = {key(kept.workspace, term): times for term, times in terms(folded).items()}
    more = {term: min(before.get(term, 0) + times, _MOST) for term, times in said.items()}
    _revise(connection, kept, before, before | more)


def index(connection: Connection, which: ColumnElement[bool]) -> None:
    """Let search know the texts, tags and shares that these notes have now. The caller holds them."""
    rows = connection.execute(
        select(notes.c.id, notes.c.workspace, papers.c.folded)
        .join_from(notes, papers, papers.c.id == notes.c.paper_id)
        .where(which)
    ).all()
    ids = [row.id for row in rows]
    before = _as_indexed(connection, ids)
    said = _grouped(connection, comments.c.note_id, comments.c.folded, ids)
    tagged = _grouped(connection, note_tags.c.note_id, note_tags.c.tag_id, ids)
    shared = _first_shares(connection, ids)
    changes = _Changes()
    for row in rows:
        found = sum(map(terms, said[row.id]), start=_of_paper(row.folded))
        place = _place(shared.get(row.id), row.id)
        keys = {key(row.workspace, term): min(times, _MOST) for term, times in found.items()}
        keys |= {tag_key(row.workspace, tag_id): 1 for tag_id in tagged[row.id]}
        old = before.get(row.id)
        if changes.note(*(old or (None, {})), place, keys) or old is None:
            changes.keep({"note_id": row.id, "workspace": row.workspace, "place": place, "terms": _packed(keys)})
    changes.write(connection)


def index_places(connection: Connection, which: ColumnElement[bool]) -> None:
    """Let search know when these notes were first shared, as it is seen now. The caller holds them."""
    rows = connection.execute(
        select(note_places).join_from(note_places, notes, notes.c.id == note_places.c.note_id).where(which)
    ).all()
    shared = _first_shares(connection, [row.note_id for row in rows])
    changes = _Changes()
    for row in rows:
        place = _place(shared.get(row.note_id), row.note_id)
        keys = _unpacked(row.terms)
        if place != row.place and changes.note(row.place, keys, place, keys):
            changes.keep({**row._mapping, "place": place})
    changes.write(connection)


def index_some(connection: Connection, limit: int) -> int:
    """Index up to `limit` notes that never were, the newest first. Returns how many.

    The caller holds their workspaces.
    """
    unknown = (
        select(notes.c.id)
        .outerjoin(note_places, note_places.c.note_id == notes.c.id)
        .where(note_places.c.note_id.is_(None))
        .order_by(notes.c.id.desc())
        .limit(limit)
    )
    ids = connection.scalars(unknown).all()
    if ids:
        hold(connection, among(connection, notes.c.id, ids))
        index(connection, among(connection, notes.c.id, ids))
    return len(ids)


def leave_out(connection: Connection, which: ColumnElement[bool]) -> None:
    """Let search forget these notes. The caller holds them."""
    ids = connection.scalars(select(notes.c.id).where(which)).all()
    changes = _Changes()
    for place, keys in _as_indexed(connection, ids).values():
        changes.note(place, keys, None, {})
    changes.write(connection)
    connection.execute(delete(note_places).where(among(connection, note_places.c.note_id, ids)))


def _as_indexed(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[int | None, dict[int, int]]]:
    """The places and terms under which notes are in the index, by their ids."""
    kept = select(note_places).where(among(connection, note_places.c.note_id, ids))
    return {row.note_id: (row.place, _unpacked(row.terms)) for row in connection.execute(kept)}


def _revise(connection: Connection, kept: Row[Any], before: Mapping[int, int], now: Mapping[int, int]) -> None:
    """Let a note that is in the index have other terms, at the place where it is."""
    changes = _Changes()
    if changes.note(kept.place, before, kept.place, now):
        changes.keep({**kept._mapping, "terms": _packed(now)})
    changes.write(connection)


def _packed(keys: Mapping[int, int]) -> bytes:
    return b"".join(PACKED.pack(*one) for one in keys.items())


def _unpacked(kept: bytes) -> dict[int, int]:
    return dict(PACKED.iter_unpack(kept))


def _grouped(
    connection: Connection, note_id: Column[int], what: Column[Any], ids: Sequence[int]
) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for of, one in connection.execute(select(note_id, what).where(among(connection, note_id, ids))):
        found[of].append(one)
    return found


def _first_shares(connection: Connection, ids: Sequence[int]) -> dict[int, datetime]:
    """When notes were first shared: where all see it, else anywhere. Not those nobody shares any more.

    To go by an earlier share in private would tell of it.
    """
    there = and_(among(connection, shares.c.note_id, ids), shares.c.withdrawn_at.is_(None))
    told = func.min(case((seen_by_all(), shares.c.shared_at)))
    first = func.coalesce(told, func.min(shares.c.shared_at))
    query = select(shares.c.note_id, type_coerce(first, Moment)).where(there).group_by(shares.c.note_id)
    return {row[0]: row[1] for row in connection.execute(query)}


@lru_cache(maxsize=500)  # a paper is tagged and talked about when it is new
def _of_paper(folded: str) -> Counter[str]:
    """The terms of a paper's texts, of which the title stands first. Not to be changed."""
    found = terms(folded)
    for term, times in terms(folded.partition("\n")[0]).items():
        found[term] += times * (TITLE_WEIGHT - 1)
    return found


def _place(shared_at: datetime | None, note_id: int) -> int | None:
    return None if shared_at is None else (int(shared_at.timestamp()) << _ID_BITS) | note_id


class _Changes:
    """What differs between the index and the notes: gathered, then written in three statements."""

    def __init__(self) -> None:
        self._gone: list[tuple[int, int]] = []
        self._come: list[tuple[int, int, int]] = []
        self._kept: list[dict[str, Any]] = []

    def note(self, old: int | None, before: Mapping[int, int], new: int | None, now: Mapping[int, int]) -> bool:
        """Gather what differs between a note's old place and terms and its new ones. True if anything does."""
        if (old, before) == (new, now):
            return False
        had = before.items() if old is not None else set()
        has = now.items() if new is not None else set()
        gone, come = (had - has, has - had) if old == new else (had, has)
        if old is not None:
            self._gone += ((term, old) for term, _ in gone)
        if new is not None:
            self._come += ((term, new, times) for term, times in come)
        return True

    def keep(self, row: Mapping[str, Any]) -> None:
        """Gather what the index is to know a note by."""
        self._kept.append(dict(row))

    def write(self, connection: Connection) -> None:
        """Write all that was gathered."""
        if self._gone:
            both = tuple_(note_terms.c.term, note_terms.c.place)
            rows = each_row(connection, sorted(self._gone), 2)
            connection.execute(delete(note_terms).where(both.in_(select(*rows))))
        if self._come:
            rows = each_row(connection, sorted(self._come), 3)
            connection.execute(insert(note_terms).from_select(["term", "place", "times"], select(*rows)))
        if self._kept:
            kept = upsert(connection, note_places)
            anew = {name: kept.excluded[name] for name in ("place", "terms")}
            connection.execute(kept.on_conflict_do_update(index_elements=["note_id"], set_=anew), self._kept)
