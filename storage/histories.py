"""The histories of papers: which are still to be asked for, and what the archive told."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update
from sqlalchemy.sql.elements import ColumnElement

from papers.history_shelf import WantedHistory
from papers.paper import History, PaperId, Version
from storage.paper_rows import is_paper
from storage.stamps import hold, stamp_shown
from storage.statements import claim, free, insert
from storage.tables import notes, papers, wanted_histories

_ANY, _LAST = wanted_histories.c.id > 0, -wanted_histories.c.id


class StoredHistories:
    """The port `HistoryShelf`, kept with the papers and in the table of those still wanted."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def waiting(self, now: datetime) -> bool:
        """Whether any history is to be asked for now."""
        found = select(wanted_histories.c.id).where(free(wanted_histories, now)).limit(1)
        return self._connection.execute(found).first() is not None

    def claim(self, now: datetime, lease: timedelta) -> WantedHistory | None:
        """Lease one history that is to be asked for, that of the paper noted last; None if there is none."""
        rows = claim(self._connection, wanted_histories, _ANY, 1, now, now + lease, first=_LAST)
        for row in rows:
            paper = self._connection.execute(
                select(papers.c.source, papers.c.source_id).where(papers.c.id == row.id)
            ).one()
            return WantedHistory(PaperId(paper.source, paper.source_id), row.attempts)
        return None

    def keep(self, paper_id: PaperId, history: History) -> None:
        """Keep what the archive told. The pages of the paper's notes are told, if it is anything new."""
        theirs = notes.c.paper_id.in_(select(papers.c.id).where(is_paper(paper_id)))
        hold(self._connection, theirs)
        known = self._connection.execute(
            select(papers.c.licence, papers.c.versions).where(is_paper(paper_id)).with_for_update()
        ).one()
        self.give_up(paper_id)
        if history_of(known) == history:
            return
        self._connection.execute(
            update(papers)
            .where(is_paper(paper_id))
            .values(licence=history.licence, versions=_text(history.versions))
        )
        stamp_shown(self._connection, theirs)

    def postpone(self, paper_id: PaperId, until: datetime) -> None:
        """Ask again then."""
        self._connection.execute(
            update(wanted_histories).where(_of(paper_id)).values(due=until, leased_until=None)
        )

    def give_up(self, paper_id: PaperId) -> None:
        """Ask no more, until there is another version."""
        self._connection.execute(delete(wanted_histories).where(_of(paper_id)))


def want_history(connection: Connection, row_id: int, at: datetime) -> None:
    """The paper of this row has a version of which the archive was not asked."""
    wanted = insert(connection, wanted_histories).values(id=row_id, due=at)
    connection.execute(
        wanted.on_conflict_do_update(index_elements=["id"], set_={"due": at, "leased_until": None, "attempts": 0})
    )


def history_of(row: Row[Any] | Row[Any, Any]) -> History | None:
    """The history in a row with a paper's `licence` and `versions`; None while the archive was not asked."""
    if row.licence is None:
        return None
    told = json.loads(row.versions or "[]")
    return History(
        row.licence, tuple(Version(number, datetime.fromisoformat(at), size) for number, at, size in told)
    )


def _text(versions: tuple[Version, ...]) -> str:
    return json.dumps([(one.number, one.submitted_at.isoformat(), one.kilobytes) for one in versions])


def _of(paper_id: PaperId) -> ColumnElement[bool]:
    return wanted_histories.c.id.in_(select(papers.c.id).where(is_paper(paper_id)))
