"""The papers: one row each for all workspaces, with what the source said and whether it is to be asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, union, update

from papers.note import Message
from papers.paper import ARXIV, Dated, Paper, PaperId, Reading, Record, Summary
from papers.paper_shelf import Answered, Heard
from papers.tags import fold, unaccented
from papers.titles import title_key
from storage import tables
from storage.histories import history_of, want_history
from storage.paper_rows import is_paper
from storage.same_pages import known_as, settle
from storage.search_index import stamp_and_index
from storage.stamps import TO_SHARES, hold, say_anew_to_followers
from storage.statements import claim, free, put_if_new, take_turn
from storage.term_index import read_in
from storage.twins import keep_twins

_papers = tables.papers
_BATCH = 100


@cache
def _wanted(of: tuple[str, ...]) -> ColumnElement[bool]:
    """A paper of these sources is to be asked for."""
    return and_(_papers.c.due.is_not(None), _papers.c.source.in_(of))


class StoredPapers:
    """The port `PaperShelf`, kept in the table of papers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def want(self, paper_id: PaperId, at: datetime, asked_before: datetime) -> bool:
        """Make sure the paper is there. A new one is wanted: to be asked for at `at`.

        So is one that its source was last asked about before `asked_before`. True if the paper is wanted
        now; a word that is due only later, after one that was said already, is not waited for.
        """
        if self._put(paper_id, at, due=at):
            return True
        waits = or_(and_(_papers.c.missing, _papers.c.due > at), _papers.c.wanted_at > at)
        rests = or_(_papers.c.due.is_(None), waits)
        stale = (
            select(_papers.c.id)
            .where(is_paper(paper_id), _papers.c.asked_at < asked_before, rests)
            .with_for_update(skip_locked=True)  # who holds it is about to ask or has just been answered
        )
        self._connection.execute(
            update(_papers).where(_papers.c.id.in_(stale)).values(wanted_at=at, due=at, attempts=0)
        )
        wanted = and_(_papers.c.due.is_not(None), or_(_papers.c.asked_at.is_(None), _papers.c.due <= at))
        return self._connection.execute(select(_papers.c.id).where(is_paper(paper_id), wanted)).first() is not None

    def want_again(self, at: datetime, asked_before: datetime, after: datetime, limit: int) -> int:
        """Want up to `limit` noted arXiv papers last spoken of before `asked_before`, the longest ago first.

        They are to be asked for at `at`, but behind all that is wanted until `after`. A paper that is wanted
        anyway is left as it is. Returns how many are wanted again.
        """
        noted = select(tables.notes.c.id).where(tables.notes.c.paper_id == _papers.c.id).exists()
        picked = (
            select(_papers.c.id)
            .where(_papers.c.source == ARXIV, _papers.c.due.is_(None), _papers.c.asked_at < asked_before, noted)
            .order_by(_papers.c.asked_at, _papers.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=_papers)
            .cte("picked")
        )
        again = (
            update(_papers)
            .where(_papers.c.id.in_(select(picked.c.id)))
            .values(wanted_at=after, due=at, attempts=0)
            .returning(_papers.c.id)
        )
        return len(self._connection.execute(again).all())

    def get(self, paper_id: PaperId) -> Paper | None:
        """The paper, or None if nobody has wanted it yet."""
        row = self._connection.execute(select(*PAPER_COLUMNS).where(is_paper(paper_id))).first()
        return None if row is None else paper_of(row)

    def waiting(self, now: datetime, of: Collection[str] = (ARXIV,)) -> bool:
        """Whether any paper of these sources is to be asked for now (not leased, its time come)."""
        free_ones = select(_papers.c.id).where(free(_papers, now), _papers.c.source.in_(sorted(of)))
        return self._connection.execute(free_ones.limit(1)).first() is not None

    def claim(
        self, limit: int, now: datetime, lease: timedelta, of: Collection[str] = (ARXIV,)
    ) -> tuple[PaperId, ...]:
        """Lease up to `limit` papers of these sources that are to be asked for, those longest wanted first."""
        rows = claim(
            self._connection,
            _papers,
            _wanted(tuple(sorted(of))),
            limit,
            now,
            now + lease,
            first=_papers.c.wanted_at,
        )
        rows.sort(key=lambda row: (row.wanted_at, row.id))
        return tuple(PaperId(row.source, row.source_id) for row in rows)

    def attempts(self, paper_id: PaperId) -> int:
        """How often the paper was claimed since it was wanted, but for what was no attempt."""
        return self._connection.scalar(select(_papers.c.attempts).where(is_paper(paper_id))) or 0

    def known_as(self, paper_id: PaperId) -> PaperId:
        """The id by which a page is known, if this is another of its addresses; else the same id."""
        return known_as(self._connection, paper_id)

    def settle(self, asked: PaperId, page: PaperId) -> PaperId:
        """What was asked for as `asked` is this page. Notes on both, in one workspace, become one note.

        Returns the id by which the page is known.
        """
        return settle(self._connection, asked, page)

    def hold(self, paper_ids: Collection[PaperId], title: str) -> None:
        """Let nobody else change notes on these papers, or on papers of this title, until the transaction ends.

        Nor store a paper of this title. The first verb of a transaction that does more than to `store`.
        """
        key = title_key(title)
        if key:  # of two twins that are stored at once, neither would find the other
            take_turn(self._connection, key)
        ids = {*paper_ids, *(self.known_as(one) for one in paper_ids if one.source != ARXIV)}
        named = select(_papers.c.id).where(_any(ids))
        alike = select(_papers.c.id).where(_papers.c.title_key == key, _papers.c.title_key != "")
        hold(self._connection, tables.notes.c.paper_id.in_(union(named, alike)))

    def store(
        self, record: Record, reading: Reading, at: datetime, named: Collection[PaperId] = ()
    ) -> Heard | None:
        """Keep what the source said. Stamps the paper's notes; what waits to be posted of them is due at `at`.

        Stamps nothing if the source says what it said before. Keeps its twins too: those that it has `named`, and
        those that bear its title; stamps the notes on both where that is new. Returns what the source had said
        before, None if it was nothing.
        """
        self.hold({record.paper_id, *named}, reading.title)
        self._put(record.paper_id, at, due=None)
        answered: dict[str, Any] = {"missing": False, "due": None, "attempts": 0}
        known = select(*[*PAPER_COLUMNS, _papers.c.id, _papers.c.asked_at]).where(is_paper(record.paper_id))
        row = self._connection.execute(known).one()
        before = paper_of(row)
        same = before.record == record and before.reading is not None and _same(before.reading, reading)
        derived = {"folded": _folded(record, reading), "title_key": title_key(reading.title)}
        told = {**_record_columns(record), **_reading_columns(reading), **derived, "told_at": at}
        self._answered([record.paper_id], at, answered if same else answered | told, changed=not same)
        if before.record is None:
            say_anew_to_followers(self._connection, tables.notes.c.paper_id == row.id)
        if not same:
            read_in(self._connection, row.id, Paper(record.paper_id, record, reading))
        if record.origin == ARXIV and (before.history is None or row.version != record.version):
            want_history(self._connection, row.id, at)
        keep_twins(self._connection, record.paper_id, named)
        return Heard(before.record, row.asked_at) if before.record else None

    def answered(self, paper_id: PaperId) -> tuple[Answered, ...]:
        """Of each note on the paper, in all workspaces, the oldest share that stands answered in Slack."""
        shares, posts = tables.shares, tables.outbox
        in_thread = posts.c.thread_ts == func.coalesce(shares.c.thread_ts, shares.c.ts)
        is_card = and_(posts.c.origin != "", posts.c.origin == shares.c.origin)  # of a paper added by command
        stands = (
            select(posts.c.id)
            .where(posts.c.note_id == shares.c.note_id, posts.c.channel == shares.c.channel)
            .where(TO_SHARES, or_(in_thread, is_card))
            .where(posts.c.posted_at.is_not(None), posts.c.abandoned_at.is_(None))
            .exists()
        )
        found = self._connection.execute(
            select(shares)
            .join_from(shares, tables.notes, tables.notes.c.id == shares.c.note_id)
            .join(_papers, _papers.c.id == tables.notes.c.paper_id)
            .where(is_paper(paper_id), shares.c.withdrawn_at.is_(None), shares.c.ts != "", stands)
            .order_by(shares.c.shared_at, shares.c.id)
        )
        oldest: dict[int, Answered] = {}
        for row in found:
            message = Message(row.workspace, row.channel, row.ts, row.thread_ts)
            oldest.setdefault(row.note_id, Answered(row.note_id, message, row.shared_at))
        return tuple(oldest[note_id] for note_id in sorted(oldest))

    def mark_missing(self, paper_ids: Collection[PaperId], at: datetime, ask_again: datetime) -> None:
        """The source does not know these (yet). Stamps their notes; posts are due at `at`; ask again then.

        A paper of which a record is kept is not missing: a source that forgets what it knew has a bad day.
        """
        for some in _batches(paper_ids):
            hold(self._connection, tables.notes.c.paper_id.in_(select(_papers.c.id).where(_any(some))))
            self._answered(some, at, {"missing": _papers.c.version.is_(None), "due": ask_again}, changed=True)

    def postpone(self, paper_ids: Collection[PaperId], ask_again: datetime, counted: bool = True) -> None:
        """Give leased papers back unanswered: they stay wanted, to be asked for at `ask_again`.

        An attempt that is not `counted` was none.
        """
        attempts = _papers.c.attempts if counted else _papers.c.attempts - 1
        for some in _batches(paper_ids):
            self._connection.execute(
                update(_papers)
                .where(_any(some), _papers.c.due.is_not(None))
                .values(due=ask_again, leased_until=None, attempts=attempts)
            )

    def _put(self, paper_id: PaperId, at: datetime, due: datetime | None) -> bool:
        return put_if_new(
            self._connection, _papers, source=paper_id.source, source_id=paper_id.id, wanted_at=at, due=due
        )

    def _answered(
        self, paper_ids: Collection[PaperId], at: datetime, values: dict[str, Any], *, changed: bool
    ) -> None:
        """Change papers, then their notes and posts. The caller holds the notes' workspaces.

        FOR UPDATE waits for notes on these papers that are being made, and they for it: each new note
        either is stamped here or reads the paper as it is afterwards.
        """
        these = tables.notes.c.paper_id.in_(select(_papers.c.id).where(_any(paper_ids)))
        locked = select(_papers.c.id).where(_any(paper_ids)).order_by(_papers.c.id).with_for_update()
        self._connection.execute(locked).all()
        self._connection.execute(
            update(_papers).where(_any(paper_ids)).values(asked_at=at, leased_until=None, **values)
        )
        if changed:
            stamp_and_index(self._connection, these)
        posts = tables.outbox
        waits = and_(posts.c.posted_at.is_(None), posts.c.abandoned_at.is_(None), posts.c.due > at)
        theirs = posts.c.note_id.in_(select(tables.notes.c.id).where(these))
        self._connection.execute(update(posts).where(theirs, waits).values(due=at))


def paper_of(row: Row[Any]) -> Paper:
    """The paper in a row that has the columns of `PAPER_COLUMNS`."""
    paper_id = PaperId(row.source, row.source_id)
    if row.version is None:
        return Paper(paper_id, missing=row.missing)
    record = Record(
        paper_id=paper_id,
        version=row.version,
        title=row.title,
        abstract=row.abstract,
        authors=row.authors,
        categories=row.categories,
        published=row.published,
        updated=row.updated,
        comment=row.comment,
        journal_ref=row.journal_ref,
        doi=row.doi,
        withdrawn=row.withdrawn,
        origin=row.origin,
        dated=Dated(row.dated),
    )
    return Paper(paper_id, record, _reading_of(row), row.missing, row.told_at, history_of(row))


def _reading_of(row: Row[Any]) -> Reading:
    summary = None
    if row.summary_made_at is not None:
        summary = Summary(row.summary_text, row.summary_made_by, row.summary_made_at, row.summary_made_from)
    within = (row.title_formulas, row.abstract_formulas)
    return Reading(row.reading_title, row.reading_abstract, summary, *within)


_RECORD_COLUMNS = (
    "version",
    "title",
    "abstract",
    "authors",
    "categories",
    "published",
    "updated",
    "comment",
    "journal_ref",
    "doi",
    "withdrawn",
    "origin",
    "dated",
)
_READING_COLUMNS = (
    "reading_title",
    "reading_abstract",
    "title_formulas",
    "abstract_formulas",
    "summary_text",
    "summary_made_by",
    "summary_made_at",
    "summary_made_from",
)
_TOLD_COLUMNS = ("told_at", "licence", "versions")
PAPER_COLUMNS = [
    _papers.c[name]
    for name in ("source", "source_id", "missing", *_RECORD_COLUMNS, *_READING_COLUMNS, *_TOLD_COLUMNS)
]


def _record_columns(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in _RECORD_COLUMNS}


def _reading_columns(reading: Reading) -> dict[str, Any]:
    summary = reading.summary
    return {
        "reading_title": reading.title,
        "reading_abstract": reading.abstract,
        "title_formulas": reading.title_formulas,
        "abstract_formulas": reading.abstract_formulas,
        "summary_text": summary.text if summary else "",
        "summary_made_by": summary.made_by if summary else "",
        "summary_made_at": summary.made_at if summary else None,
        "summary_made_from": summary.made_from if summary else "",
    }


def _folded(record: Record, reading: Reading) -> str:
    """All that search looks at, one text a line, in the form in which it compares texts."""
    texts = (
        record.title,
        reading.title,
        record.abstract,
        reading.abstract,
        *record.authors,
        record.paper_id.id,
        *record.categories,
        *(text for text in (record.comment, record.journal_ref) if text),
    )
    return "\n".join(dict.fromkeys(unaccented(fold(text)) for text in texts))


def _same(before: Reading, now: Reading) -> bool:
    """Whether both read alike, whenever their summaries were made."""
    if before.summary is None or now.summary is None:
        return before == now
    return before == replace(now, summary=replace(now.summary, made_at=before.summary.made_at))


def _any(paper_ids: Collection[PaperId]) -> ColumnElement[bool]:
    return or_(*(is_paper(paper_id) for paper_id in paper_ids))


def _batches(paper_ids: Collection[PaperId]) -> list[list[PaperId]]:
    """In pieces that a statement can name; sorted, so that two processes lock them in one order."""
    ordered = sorted(set(paper_ids))
    return [ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH)]
