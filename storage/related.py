"""Reading what brings notes together: texts that are alike, shared authors, tags and threads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, or_, select

from papers.kinship import CARRIERS
from papers.note import Audience, Message, Note
from papers.relatedness import Likeness, Near, Usage
from storage.likenesses import KeptLikenesses
from storage.papers import PAPER_COLUMNS, paper_of
from storage.phrases import Spoken
from storage.sight import notes_seen, seen, seen_note, seen_share, sees_as_anybody
from storage.statements import among
from storage.tables import note_tags, notes, paper_authors, paper_terms, papers, shares, tags
from storage.term_index import read_in

ALIKE = 20
"""How many notes with the most similar texts are looked at."""

ALSO = 20
"""How many notes are looked at that share authors, at least two tags, or a thread: so many of each."""

TERMS_READ = 120
"""How many terms of a paper are looked up: those that stand in it most often."""

TERMS_COUNTED = 80
"""How many of them count: those that say most of it."""

_WORDS = 4
_THREADS = 20

# BM25's usual constants: how soon repetition stops to count, and how much a long text is held against itself.
_K1, _B = 1.2, 0.75


class StoredRelations(KeptLikenesses):
    """The port `Relations`, read from the tables of terms, authors, tags and shares."""

    def near(self, note: Note, audience: Audience) -> Near:
        """The notes that may be related to a note, among those that the audience sees, and how alike they are."""
        usage = self._usage(note, audience)
        rare = [key for key, carriers in usage.tags.items() if carriers <= CARRIERS]
        also = set(self._connection.scalars(_by_thread(note, audience)))
        also.update(self._connection.scalars(_by_tags(note, rare, audience)) if len(rare) > 1 else ())
        also.update(self._by_author(note, audience))
        none = dict.fromkeys(sorted(also), Likeness(0.0))
        if not self._is_kept(note.id, audience):
            return Near(none | self.alike(note.id, audience, also), usage)
        kept = self.kept([note.id]).get(note.id, {})
        words = {other: one.words for other, one in kept.items()} | dict.fromkeys(also - kept.keys(), ())
        return Near(none | {other: Likeness(one.share) for other, one in kept.items()}, usage, words)

    def _is_kept(self, note_id: int, audience: Audience) -> bool:
        """Whether the audience sees what anybody sees, and the note's likenesses are kept and up to date."""
        ready = and_(notes.c.id == note_id, notes.c.compared >= 0, sees_as_anybody(audience))
        return self._connection.scalar(select(notes.c.id).where(ready)) is not None

    def _by_author(self, note: Note, audience: Audience) -> list[int]:
        """The notes with the most authors in common, the newest first; two questions, each led by an index."""
        own, other = paper_authors.alias(), paper_authors.alias()
        mine = select(notes.c.paper_id).where(notes.c.id == note.id).scalar_subquery()
        theirs = (
            select(other.c.paper_id, func.count())
            .join_from(own, other, other.c.author == own.c.author)
            .where(own.c.paper_id == mine, other.c.paper_id != mine)
            .group_by(other.c.paper_id)
        )
        shared = {row[0]: row[1] for row in self._connection.execute(theirs)}
        if not shared:
            return []
        noted = select(notes.c.id, notes.c.paper_id).where(
            among(self._connection, notes.c.paper_id, shared), seen_note(audience)
        )
        found = sorted(self._connection.execute(noted), key=lambda row: (-shared[row.paper_id], -row.id))
        return [row.id for row in found[:ALSO]]

    def alike(self, note_id: int, audience: Audience, also: Collection[int] = ()) -> dict[int, Likeness]:
        """How alike the texts of the nearest notes are, and of the notes `also`; the note itself left out."""
        parts: dict[int, dict[str, float]] = defaultdict(dict)
        for row in self._connection.execute(_alike(self._connection, note_id, audience, also)):
            parts[row.note_id][row.term] = row.weight
        whole = sum(parts.pop(note_id, {}).values())
        return {other: Likeness(sum(terms.values()) / whole, terms) for other, terms in parts.items()}

    def words(self, note_id: int, likenesses: Mapping[int, Likeness]) -> dict[int, tuple[str, ...]]:
        """The words that make a note like others, by note, the weightiest first, as they stand in its texts."""
        spoken = self._spoken({note_id, *likenesses})
        return {
            other: spoken[note_id].shared(spoken[other], likeness.terms, _WORDS)
            for other, likeness in likenesses.items()
        }

    def read_in(self, limit: int) -> int:
        """Make up to `limit` papers comparable whose texts are stored and not read in yet. Returns how many."""
        unread = (
            select(papers.c.id, *PAPER_COLUMNS)
            .where(papers.c.words.is_(None), papers.c.version.is_not(None))
            .order_by(papers.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = self._connection.execute(unread).all()
        for row in rows:
            read_in(self._connection, row.id, paper_of(row))
        return len(rows)

    def _spoken(self, note_ids: Collection[int]) -> dict[int, Spoken]:
        texts = (
            select(notes.c.id, papers.c.reading_title, papers.c.reading_abstract)
            .join_from(notes, papers, papers.c.id == notes.c.paper_id)
            .where(among(self._connection, notes.c.id, note_ids))
        )
        return {row.id: Spoken(row.reading_title, row.reading_abstract) for row in self._connection.execute(texts)}

    def _usage(self, note: Note, audience: Audience) -> Usage:
        if not note.tags:
            return Usage(0, {})
        number = select(func.count(notes_seen(audience).subquery().c.note_id.distinct()))
        # Asked for by their ids, which the database has counted: joined by their keys it guesses far too few.
        named = select(tags.c.id, tags.c.key).where(*_called([tag.key for tag in note.tags], audience))
        keys = {row.id: row.key for row in self._connection.execute(named)}
        carried = (
            select(note_tags.c.tag_id, func.count(note_tags.c.note_id.distinct()).label("notes"))
            .where(
                note_tags.c.workspace == audience.workspace,
                note_tags.c.tag_id.in_(keys),
                seen(note_tags, audience),
                self._is_seen(note_tags.c.note_id, audience),
            )
            .group_by(note_tags.c.tag_id)
        )
        counted = {keys[row.tag_id]: row.notes for row in self._connection.execute(carried)}
        return Usage(self._connection.execute(number).scalar_one(), counted)

    def _is_seen(self, note_id: ColumnElement[int], audience: Audience) -> ColumnElement[bool]:
        """The audience sees the note, where there are many to be asked about.

        SQLite looks each of them up. PostgreSQL would rather read the shares of all workspaces once.
        """
        if self._connection.dialect.name == "postgresql":
            return note_id.in_(notes_seen(audience))
        return select(notes.c.id).where(notes.c.id == note_id, seen_note(audience)).exists()


def _by_tags(note: Note, rare: Collection[str], audience: Audience) -> Select[int]:
    """One tag alone makes nothing related, so at least two of the rare ones are asked for."""
    shared = func.count(note_tags.c.tag_id.distinct())
    return (
        select(notes.c.id)
        .join_from(note_tags, tags, tags.c.id == note_tags.c.tag_id)
        .join(notes, notes.c.id == note_tags.c.note_id)
        .where(
            *_called(rare, audience),
            seen(note_tags, audience),
            notes.c.id != note.id,
            seen_note(audience),
        )
        .group_by(notes.c.id)
        .having(shared > 1)
        .order_by(shared.desc(), notes.c.id.desc())
        .limit(ALSO)
    )


def _called(keys: Collection[str], audience: Audience) -> tuple[ColumnElement[bool], ...]:
    return tags.c.workspace == audience.workspace, tags.c.key.in_(keys)


def _by_thread(note: Note, audience: Audience) -> Select[int]:
    thread = or_(false(), *(_in_thread(share.message) for share in note.shares[:_THREADS] if share.message.ts))
    return (
        select(notes.c.id)
        .join_from(notes, shares, shares.c.note_id == notes.c.id)
        .where(thread, seen_share(audience), notes.c.workspace == audience.workspace, notes.c.id != note.id)
        .group_by(notes.c.id)
        .order_by(notes.c.id.desc())
        .limit(ALSO)
    )


def _in_thread(message: Message) -> ColumnElement[bool]:
    within = or_(shares.c.ts == message.thread, shares.c.thread_ts == message.thread)
    return and_(shares.c.workspace == message.workspace, shares.c.channel == message.channel, within)


def _alike(
    connection: Connection, note_id: int, audience: Audience, also: Collection[int]
) -> Select[int, str, float]:
    """What each term adds to the likeness of the notes most like one (itself among them) and of those `also`.

    One statement, the same on both databases: BM25 over what the audience sees, so that nothing else counts,
    not even as one of many notes that carry a term. A term that the note repeats counts more, with the same
    damping. The logarithm is the one that is never negative: a notebook of three notes has its likenesses too.
    """
    visible = (
        select(notes.c.id.label("note_id"), papers.c.id.label("paper_id"), papers.c.words)
        .join_from(notes, papers, papers.c.id == notes.c.paper_id)
        .where(seen_note(audience), papers.c.words > 0)
        .cte("visible")
    )
    size = (
        select(func.count().label("notes"), func.avg(visible.c.words).label("words"))
        .select_from(visible)
        .cte("size")
    )
    own = (
        select(paper_terms.c.term, paper_terms.c.times)
        .join(visible, visible.c.paper_id == paper_terms.c.paper_id)
        .where(visible.c.note_id == note_id)
        .order_by(paper_terms.c.times.desc(), paper_terms.c.term)
        .limit(TERMS_READ)
        .cte("own")
    )
    found = (
        select(
            paper_terms.c.term, paper_terms.c.times, visible.c.note_id, visible.c.words, own.c.times.label("ours")
        )
        .join_from(own, paper_terms, paper_terms.c.term == own.c.term)
        # The sum says: term by term. SQLite would else look up each term for each note.
        .join(visible, visible.c.paper_id == paper_terms.c.paper_id + 0)
        .cte("found")
    )
    carried = func.count()
    rarity = func.ln(1 + (size.c.notes - carried + 0.5) / (carried + 0.5))
    says = (rarity * found.c.ours * (_K1 + 1) / (found.c.ours + _K1)).label("says")
    best = (
        select(found.c.term, says)
        .join_from(found, size, size.c.notes > 0)
        .group_by(found.c.term, found.c.ours, size.c.notes)
        .order_by(says.desc(), found.c.term)
        .limit(TERMS_COUNTED)
        .cte("best")
    )
    damped = found.c.times + _K1 * (1 - _B + _B * found.c.words / size.c.words)
    weight = best.c.says * found.c.times * (_K1 + 1) / damped
    weighed = (
        select(found.c.note_id, found.c.term, weight.label("weight"))
        .join_from(found, best, best.c.term == found.c.term)
        .join(size, size.c.notes > 0)
        .cte("weighed")
    )
    total = func.sum(weighed.c.weight)
    wanted = among(connection, weighed.c.note_id, {note_id, *also})
    top = (
        select(weighed.c.note_id, total.label("score"))
        .group_by(weighed.c.note_id)
        .order_by(wanted.desc(), total.desc(), weighed.c.note_id)
        .limit(1 + ALIKE + len(also))
        .cte("top")
    )
    return (
        select(top.c.note_id, weighed.c.term, weighed.c.weight)
        .join_from(top, weighed, weighed.c.note_id == top.c.note_id)
        .order_by(top.c.score.desc(), top.c.note_id, weighed.c.term)
    )
