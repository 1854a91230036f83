"""Finding notes by words: proposed by the index, checked against what the audience sees, and put in order.

The index knows all texts of a note, so it proposes whatever may be found; what it proposes is found only if
each word stands in a text, tag or comment that the audience sees. It must stand there by itself: `firing` has
only letters in common with `first`, and if such a note were found, that would tell what the index knows of it.
So what is private decides nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    FromClause,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    union,
    union_all,
)

from papers.note import Audience
from storage.note_statements import IDS, rows_of
from storage.search_index import note_at, tag_key
from storage.search_terms import Sought, key, sought, unmarked
from storage.sight import seen, seen_note
from storage.statements import among, among_given, contains, each, each_number
from storage.tables import comments, note_tags, note_terms, notes, papers, tag_aliases, tags
from storage.tag_rows import alias_told, tag_seen

AT_ONCE = 30
"""How many proposed notes are checked in the first statement; in each further one twice as many as before it."""

MOST_AT_ONCE = 480

RANKED = 2_000
"""How many notes, the newest, are compared for the best match: its cost must not grow with the notebook."""

_TERMS = 12  # by so many terms of a word the index is asked; the check looks for the whole word
_WORDS = 8  # by so many words, the rarest
_COUNTED = 1_000  # a term in more notes than this is common, however many there are
_K1 = 1.2  # BM25's saturation; without its length norm, as a note with much discussion is no worse a match


@dataclass(frozen=True, slots=True)
class _Word:
    """What a note in the index must have for a word: all of the terms, or one of the tags."""

    word: str
    sought: Sought
    terms: tuple[int, ...]
    tags: tuple[int, ...]

    def at(self, place: ColumnElement[int]) -> ColumnElement[bool]:
        """The note at a place has it."""
        whole = [and_(*(_has(place, term) for term in self.terms))] if self.terms else []
        return or_(*whole, *(_has(place, tag) for tag in self.tags))


def search(
    connection: Connection, audience: Audience, words: Sequence[str], limit: int, best: bool
) -> tuple[int, ...]:
    """The ids of up to `limit` notes with all of these folded words: the newest first, or the best match first.

    A word of English is found in all its forms, Japanese wherever it stands; marks around a word do not count.
    The best match is that of BM25 among the newest `RANKED`. Words without a letter or a digit find nothing by
    themselves.
    """
    asked = _asked(connection, audience, [unmarked(word) for word in words])
    telling = [word for word in asked if word.terms] or [word for word in asked if word.tags]
    if not telling:
        return ()
    order = _best if best else _newest
    found: list[int] = []
    for proposed in order(connection, audience.workspace, telling):
        told = _told(connection, audience, asked, proposed)
        found += [note_id for note_id in proposed if note_id in told]
        if len(found) >= limit:
            break
    return tuple(found[:limit])


def _asked(connection: Connection, audience: Audience, words: Sequence[str]) -> list[_Word]:
    named = _tags_named(connection, audience, words)
    asked = []
    for word in dict.fromkeys(words):
        looked_for = sought(word)
        terms = tuple(key(audience.workspace, term) for term in looked_for.terms[:_TERMS])
        asked.append(_Word(word, looked_for, terms, named.get(word, ())))
    return asked


def _tags_named(connection: Connection, audience: Audience, words: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """The tags that the audience sees with a word in one of their names, as the index knows them, by the word."""
    word = each(connection, tuple(dict.fromkeys(words)))
    own = select(word.label("word"), tags.c.id).join_from(tags, word.table, contains(connection, tags.c.key, word))
    other = (
        select(word, tag_aliases.c.tag_id)
        .join_from(tag_aliases, word.table, contains(connection, tag_aliases.c.key, word))
        .join(tags, tags.c.id == tag_aliases.c.tag_id)
    )
    named = union(
        own.where(tags.c.workspace == audience.workspace, tag_seen(audience)),
        other.where(tag_aliases.c.workspace == audience.workspace, tag_seen(audience), alias_told(audience)),
    )
    found: dict[str, tuple[int, ...]] = {}
    for row in connection.execute(named):
        found[row.word] = (*found.get(row.word, ()), tag_key(audience.workspace, row.id))
    return found


def _has(place: ColumnElement[int], term: int) -> ColumnElement[bool]:
    """The note at a place has the term."""
    other = note_terms.alias()
    return select(other.c.term).where(other.c.term == term, other.c.place == place).exists()


def _newest(connection: Connection, _workspace: str, asked: Sequence[_Word]) -> Iterator[list[int]]:
    """The proposed notes, the newest first."""
    for places in _places(connection, asked, AT_ONCE):
        yield [note_at(place) for place in places]


def _best(connection: Connection, workspace: str, asked: Sequence[_Word]) -> Iterator[list[int]]:
    """The proposed notes, the best match first."""
    places = next(_places(connection, asked, RANKED), [])
    keys = {term for word in asked[:_WORDS] for term in (*word.terms, *word.tags)}
    whole = connection.scalar(select(func.count()).where(notes.c.workspace == workspace)) or 0
    rarity = {
        term: log(1 + (max(whole - count, 0) + 0.5) / (count + 0.5))
        for term, count in _counts(connection, keys, RANKED).items()
    }
    times = note_terms.c.times * 1.0
    score = func.sum(case(rarity, value=note_terms.c.term, else_=0.0) * times * (_K1 + 1) / (times + _K1))
    ranked = (
        select(note_terms.c.place)
        .where(note_terms.c.term.in_(keys), among(connection, note_terms.c.place, places))
        .group_by(note_terms.c.place)
        .order_by(score.desc(), note_terms.c.place.desc())
    )
    in_order = [note_at(place) for place in connection.scalars(ranked)]
    begin, at_once = 0, AT_ONCE
    while begin < len(in_order):
        yield in_order[begin : begin + at_once]
        begin, at_once = begin + at_once, _more(at_once)


def _places(connection: Connection, asked: Sequence[_Word], at_once: int) -> Iterator[list[int]]:
    """The places that the index proposes, the last first, so many at once: by the rarest word's rarest term."""
    counts = _counts(connection, {term for word in asked for term in (*word.terms, *word.tags)}, _COUNTED)

    def size(word: _Word) -> int:
        return min((counts[term] for term in word.terms), default=0) + sum(counts[tag] for tag in word.tags)

    rarest, *others = sorted(asked, key=size)[:_WORDS]
    ways: list[ColumnElement[bool]] = [note_terms.c.term.in_(rarest.tags)] if rarest.tags else []
    if rarest.terms:
        first, *rest = sorted(rarest.terms, key=counts.__getitem__)
        ways.append(and_(note_terms.c.term == first, *(_has(note_terms.c.place, term) for term in rest)))
    before: int | None = None
    while True:
        found: set[int] = set()
        for way in ways:
            walk = select(note_terms.c.place).where(way, *(word.at(note_terms.c.place) for word in others))
            if before is not None:
                walk = walk.where(note_terms.c.place < before)
            found.update(connection.scalars(walk.order_by(note_terms.c.place.desc()).limit(at_once)))
        if not found:
            return
        places = sorted(found, reverse=True)[:at_once]
        yield places
        if len(places) < at_once:
            return
        before, at_once = places[-1], _more(at_once)


def _more(at_once: int) -> int:
    return min(2 * at_once, MOST_AT_ONCE)


def _counts(connection: Connection, keys: Collection[int], most: int) -> dict[int, int]:
    """How many notes have each term, counted up to `most`."""
    asked = each_number(connection, keys)
    there = select(note_terms.c.place).where(note_terms.c.term == asked).correlate(asked.table).limit(most)
    count = select(func.count()).select_from(there.subquery()).correlate(asked.table).scalar_subquery()
    return {row[0]: row[1] for row in connection.execute(select(asked, count))}


def _told(
    connection: Connection, audience: Audience, asked: Sequence[_Word], proposed: Collection[int]
) -> set[int]:
    """Those of the proposed notes that the audience sees, with each word in a text, tag or comment it sees."""
    # Of signs alone the index knows no texts, but tags.
    in_texts = any(word.terms for word in asked)
    lacking: dict[int, list[_Word]] = {}
    said = _said(connection, audience, [word.sought.needle for word in asked])
    for row in connection.execute(said, {IDS: proposed}):
        words = lacking.setdefault(row.note_id, [*asked])
        for word in tuple(words):
            if word.word in row.said if row.is_tag else in_texts and word.sought.stands_in(row.said):
                words.remove(word)
    return {note_id for note_id, words in lacking.items() if not words}


def _said(connection: Connection, audience: Audience, needles: Sequence[str]) -> CompoundSelect[Any]:
    """The texts, comments and names of tags of those notes in IDS that the audience sees, as far as it sees them.

    Only those in which the letters of a needle stand: what else is to be looked at need not be read.
    """
    dialect = connection.dialect.name
    needle = each(connection, needles)
    told, uses = rows_of(comments, dialect), rows_of(note_tags, dialect)

    def said(
        text: ColumnElement[str], of: FromClause, *only: ColumnElement[bool], tag: bool = False
    ) -> Select[Any]:
        has_letters = select(needle).where(contains(connection, text, needle)).correlate_except(needle.table)
        row = select(notes.c.id.label("note_id"), text.label("said"), literal(tag).label("is_tag"))
        return row.select_from(of).where(seen_note(audience), *only, has_letters.exists())

    of_paper = notes.join(papers, papers.c.id == notes.c.paper_id)
    of_comment = told.join(notes, notes.c.id == told.c.note_id)
    of_use = uses.join(notes, notes.c.id == uses.c.note_id)
    named, also_named = tags.c.id == uses.c.tag_id, tag_aliases.c.tag_id == uses.c.tag_id
    return union_all(
        said(papers.c.folded, of_paper, among_given(dialect, notes.c.id, IDS)),
        said(told.c.folded, of_comment, seen(told, audience)),
        said(tags.c.key, of_use.join(tags, named), seen(uses, audience), tag=True),
        said(
            tag_aliases.c.key,
            of_use.join(tag_aliases, also_named),
            seen(uses, audience),
            alias_told(audience),
            tag=True,
        ),
    )
