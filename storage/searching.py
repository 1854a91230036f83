"""Finding notes by words: proposed by the index, checked against what the audience sees, and put in order.

The index knows all texts of a note, so it proposes whatever may be found; what it proposes is found only if
each word stands in a text, tag or comment that the audience sees. It must stand there by itself: `firing` has
only letters in common with `first`, and if such a note were found, that would tell what the index knows of it.
So what is private decides nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    and_,
    case,
    func,
    literal,
    null,
    or_,
    select,
    union,
    union_all,
)

from papers.note import Audience
from papers.tags import unaccented
from storage.note_statements import IDS, rows_of
from storage.search_index import note_at, tag_key
from storage.search_terms import Sought, key, sought, tag_begun, terms, unmarked
from storage.sight import first_seen_share, seen, seen_share
from storage.statements import accented, among, among_given, contains, each, each_number
from storage.tables import comments, note_tags, note_terms, notes, papers, shares, tag_aliases, tags
from storage.tag_rows import alias_told, tag_seen

AT_ONCE = 30
"""How many proposed notes are checked in the first statement; in each further one twice as many as before it."""

MOST_AT_ONCE = 480

RANKED = 2_000
"""How many notes, the newest, are put in another order than the index's: the cost must not grow with all notes."""

_TERMS = 12  # by so many terms of a word the index is asked; the check looks for the whole word
_WORDS = 8  # by so many words, the rarest
_COUNTED = 1_000  # a term in more notes than this is common, however many there are
_K1 = 1.2  # BM25's saturation; without its length norm, as a note with much discussion is no worse a match


@dataclass(frozen=True, slots=True)
class _Word:
    """What a note in the index must have for a word: all of the terms, or one of the tags.

    A word that asks for a tag (`is_tag`) has no terms, and the tags are those with a name that begins with it.
    """

    word: str
    sought: Sought
    terms: tuple[int, ...]
    tags: Mapping[int, int]
    """Tags by their numbers in the index."""
    is_tag: bool = False

    def names(self, tag: str) -> bool:
        """A tag with this folded name is meant by it."""
        plain = unaccented(tag)
        return plain.startswith(self.word) if self.is_tag else self.word in plain

    def often(self, times: Mapping[int, Mapping[int, int]], place: int) -> int:
        """How often it stands in the note at a place: as often as its rarest piece, and once for each tag."""
        pieces = min((times[term].get(place, 0) for term in self.terms), default=0)
        return max(pieces, 0) + sum(times[tag].get(place, 0) for tag in self.tags)

    def at(self, place: ColumnElement[int]) -> ColumnElement[bool]:
        """The note at a place has it."""
        whole = [and_(*(_has(place, term) for term in self.terms))] if self.terms else []
        return or_(*whole, *(_has(place, tag) for tag in self.tags))


def search(
    connection: Connection, audience: Audience, words: Sequence[str], limit: int, best: bool
) -> tuple[int, ...]:
    """The ids of up to `limit` notes with all of these folded words: the newest first, or the best match first.

    A word of English is found in all its forms, Japanese wherever it stands; marks around a word do not count.
    The best match has the words most often, as BM25 counts within a note, among the newest `RANKED` that the index
    proposes. How rare a word is elsewhere does not count: each of these notes has them all, and a count would tell
    of notes that are not seen. Words without a letter or a digit find nothing by themselves, but tags. A word that
    begins with `#` means a tag whose name begins so. Accents of Latin letters do not count.
    """
    asked = _asked(connection, audience, [unmarked(unaccented(word)) for word in words])
    telling = [word for word in asked if word.terms or word.is_tag] or [word for word in asked if word.tags]
    if not telling or any(word.is_tag and not word.tags for word in asked):
        return ()
    order = _best if best else _newest
    noted: dict[int, datetime] = {}
    for proposed in order(connection, audience, telling):
        told = _told(connection, audience, asked, proposed)
        noted |= {note_id: told[note_id] for note_id in proposed if note_id in told}
        if len(noted) >= limit:
            break
    found = noted if best else _by_time(noted)
    return tuple(found)[:limit]


def _asked(connection: Connection, audience: Audience, words: Sequence[str]) -> list[_Word]:
    begun = {word: tag_begun(word) for word in words}
    named = _tags_named(connection, audience, [begun[word] or word for word in words])
    asked = []
    for typed, begins in begun.items():
        word = begins or typed
        looked_for = Sought((), word) if begins else sought(word)
        keys = tuple(key(audience.workspace, term) for term in looked_for.terms[:_TERMS])
        one = _Word(word, looked_for, keys, {}, bool(begins))
        meant = {number: tag for number, (tag, names) in named.get(word, {}).items() if any(map(one.names, names))}
        asked.append(replace(one, tags=meant))
    return asked


def _tags_named(
    connection: Connection, audience: Audience, words: Sequence[str]
) -> dict[str, dict[int, tuple[int, list[str]]]]:
    """The tags that the audience sees with a word in one of their names, by the word and their numbers.

    With each, the names that have the word, and all that may have it but for accents.
    """
    word = each(connection, tuple(dict.fromkeys(words)))

    def may_have_it(name: ColumnElement[str]) -> ColumnElement[bool]:
        return or_(contains(connection, name, word), accented(connection, name))

    own = select(word.label("word"), tags.c.id, tags.c.key).join_from(tags, word.table, may_have_it(tags.c.key))
    other = (
        select(word, tag_aliases.c.tag_id, tag_aliases.c.key)
        .join_from(tag_aliases, word.table, may_have_it(tag_aliases.c.key))
        .join(tags, tags.c.id == tag_aliases.c.tag_id)
    )
    named = union(
        own.where(tags.c.workspace == audience.workspace, tag_seen(audience)),
        other.where(tag_aliases.c.workspace == audience.workspace, tag_seen(audience), alias_told(audience)),
    )
    found: dict[str, dict[int, tuple[int, list[str]]]] = defaultdict(dict)
    for row in connection.execute(named):
        number = tag_key(audience.workspace, row.id)
        found[row.word].setdefault(number, (row.id, []))[1].append(row.key)
    return found


def _has(place: ColumnElement[int], term: int) -> ColumnElement[bool]:
    """The note at a place has the term."""
    other = note_terms.alias()
    return select(other.c.term).where(other.c.term == term, other.c.place == place).exists()


def _newest(connection: Connection, audience: Audience, asked: Sequence[_Word]) -> Iterator[Sequence[int]]:
    """The proposed notes, the newest first."""
    if audience.channel is None:
        for places in _places(connection, asked, AT_ONCE):
            yield [note_at(place) for place in places]
        return
    # The index knows only one order of notes, and people of a channel may have seen one before or after others.
    noted = select(notes.c.id, first_seen_share(audience)).where(
        among_given(connection.dialect.name, notes.c.id, IDS)
    )
    for places in _places(connection, asked, RANKED):
        rows = connection.execute(noted, {IDS: [note_at(place) for place in places]})
        yield from _portions(_by_time({note_id: at for note_id, at in rows if at}))


def _by_time(noted: Mapping[int, datetime]) -> list[int]:
    return sorted(noted, key=lambda note_id: (noted[note_id], note_id), reverse=True)


def _best(connection: Connection, audience: Audience, asked: Sequence[_Word]) -> Iterator[Sequence[int]]:
    """The proposed notes, the best match first."""
    places = next(_places(connection, asked, RANKED), [])
    words = asked[:_WORDS]
    times = _times(connection, audience, words, places)

    def worth(place: int) -> float:
        often = (word.often(times, place) for word in words)
        return sum(one * (_K1 + 1) / (one + _K1) for one in often)

    yield from _portions([note_at(place) for place in sorted(places, key=worth, reverse=True)])


def _portions(in_order: Sequence[int]) -> Iterator[Sequence[int]]:
    """The notes in this order, as many at once as are checked in one statement."""
    begin, at_once = 0, AT_ONCE
    while begin < len(in_order):
        yield in_order[begin : begin + at_once]
        begin, at_once = begin + at_once, _more(at_once)


def _times(
    connection: Connection, audience: Audience, words: Sequence[_Word], places: Collection[int]
) -> Mapping[int, Mapping[int, int]]:
    """By term and by tag of the words: how often it stands in what the audience sees of the note at a place."""
    times: dict[int, dict[int, int]] = defaultdict(dict)
    numbers = {term: number for word in words for term, number in zip(word.sought.terms, word.terms, strict=False)}
    columns = note_terms.c.term, note_terms.c.place, note_terms.c.times
    wanted = among(connection, note_terms.c.term, numbers.values()), among(connection, note_terms.c.place, places)
    for number, place, often in connection.execute(select(*columns).where(*wanted)).all():
        times[number][place] = often
    # The index counts what is said in private too.
    place_of = {note_at(place): place for place in places}
    said = rows_of(comments, connection.dialect.name)
    letters = _has_letters(connection, said.c.folded, _needles(connection, words))
    unseen = select(said.c.note_id, said.c.folded).where(~seen(said, audience), letters)
    for note_id, folded in connection.execute(unseen, {IDS: place_of.keys()}):
        here = terms(folded)
        for term in here.keys() & numbers.keys():
            counted, place = times[numbers[term]], place_of[note_id]
            counted[place] = counted.get(place, 0) - here[term]
    if named := {tag_id: number for word in words for number, tag_id in word.tags.items()}:
        uses = rows_of(note_tags, connection.dialect.name)
        carried = select(uses.c.note_id, uses.c.tag_id).where(among(connection, uses.c.tag_id, named))
        for note_id, tag_id in connection.execute(carried.where(seen(uses, audience)), {IDS: place_of.keys()}):
            times[named[tag_id]][place_of[note_id]] = 1
    return times


def _places(connection: Connection, asked: Sequence[_Word], at_once: int) -> Iterator[list[int]]:
    """The places that the index proposes, the last first, so many at once: by the rarest word's rarest term."""
    counts = _counts(connection, {term for word in asked for term in (*word.terms, *word.tags)}, _COUNTED)

    def size(word: _Word) -> int:
        return min((counts[term] for term in word.terms), default=0) + sum(counts[tag] for tag in word.tags)

    rarest, *others = sorted(asked, key=size)[:_WORDS]
    ways: list[ColumnElement[bool]] = [among(connection, note_terms.c.term, rarest.tags)] if rarest.tags else []
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
) -> dict[int, datetime]:
    """Those of the proposed notes that the audience sees, with each word in a text, tag or comment it sees.

    With each, when it was first shared where the audience sees it.
    """
    # Of signs alone the index knows no texts, but tags.
    in_texts = any(word.terms for word in asked)
    rows = connection.execute(_said(connection, audience, asked), {IDS: proposed}).all()
    noted = {row.note_id: row.noted_at for row in rows if row.noted_at}
    lacking = {note_id: [*asked] for note_id in noted}
    for row in rows:
        words = lacking.get(row.note_id, [])
        for word in tuple(words):
            in_text = in_texts and not word.is_tag
            if row.tag_id in word.tags.values() or (in_text and word.sought.stands_in(row.said)):
                words.remove(word)
    return {note_id: noted[note_id] for note_id, words in lacking.items() if not words}


def _said(connection: Connection, audience: Audience, asked: Sequence[_Word]) -> CompoundSelect[Any]:
    """The texts of those notes in IDS that the audience sees; and what it sees of the comments and tags of any.

    Only those with the letters of a word, and the tags that are meant: the others need not be read.
    """
    dialect, needle = connection.dialect.name, _needles(connection, asked)
    told, uses = rows_of(comments, dialect), rows_of(note_tags, dialect)
    meant = {tag_id for word in asked for tag_id in word.tags.values()}
    theirs = select(shares.c.id).where(shares.c.note_id == notes.c.id, seen_share(audience)).exists()
    texts = case((_has_letters(connection, papers.c.folded, needle), papers.c.folded), else_="")
    shown = (
        select(notes.c.id.label("note_id"), texts.label("said"), literal(0).label("tag_id"))
        .add_columns(first_seen_share(audience).label("noted_at"))
        .join_from(notes, papers, papers.c.id == notes.c.paper_id)
        # Put together, for by the workspace as it is SQLite would walk through all notes of it.
        .where(among_given(dialect, notes.c.id, IDS), notes.c.workspace.concat("") == audience.workspace, theirs)
    )
    return union_all(
        shown,
        select(told.c.note_id, told.c.folded, literal(0), null()).where(
            _has_letters(connection, told.c.folded, needle), seen(told, audience)
        ),
        select(uses.c.note_id, literal(""), uses.c.tag_id, null()).where(
            among(connection, uses.c.tag_id, meant), seen(uses, audience)
        ),
    )


def _needles(connection: Connection, asked: Sequence[_Word]) -> ColumnElement[str]:
    return select(each(connection, [word.sought.needle for word in asked]).label("needle")).cte("needles").c.needle


def _has_letters(
    connection: Connection, text: ColumnElement[str], needle: ColumnElement[str]
) -> ColumnElement[bool]:
    """The letters of one of the needles stand in a text, whatever else they may be there."""
    return select(needle).where(contains(connection, text, needle)).correlate_except(needle.table).exists()
