"""The kept likenesses of published notes: which are out of date, keeping them, reading them all at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import Connection, and_, delete, or_, select, update

from papers.note import Audience
from papers.relatedness import Kept, Outdated
from storage.sight import seen_note
from storage.stamps import hold_workspace, stamp_shown
from storage.statements import among, make_sure
from storage.tables import likenesses, notes

_TOUCHED = -1


class KeptLikenesses:
    """The part of the port `Relations` that keeps what published notes are like."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def outdated(self, workspace: str, limit: int) -> tuple[Outdated, ...]:
        """Up to `limit` notes of a workspace whose kept likenesses are not up to date."""
        shown = seen_note(Audience(workspace))
        waits = and_(shown, or_(notes.c.compared.is_(None), notes.c.compared < 0))
        rows = self._connection.execute(
            select(notes.c.id, notes.c.change, notes.c.compared, shown.label("shown"))
            .where(notes.c.workspace == workspace, or_(waits, and_(~shown, notes.c.compared.is_not(None))))
            .order_by(notes.c.id)
            .limit(limit)
        )
        return tuple(
            Outdated(row.id, row.change, bool(row.shown), not row.shown or row.compared is None) for row in rows
        )

    def keep(self, workspace: str, outdated: Outdated, found: Mapping[int, Kept], at: int) -> frozenset[int]:
        """Keep what a note is like, as of the workspace's change count `at`; those near it may be outdated now.

        Returns the notes whose pages show something else now: they are to be told of in the same transaction.
        """
        hold_workspace(self._connection, workspace)
        mine = update(notes).where(notes.c.id == outdated.note_id, notes.c.change == outdated.change)
        done = mine.values(compared=at if outdated.shown else None).returning(notes.c.id)
        if self._connection.execute(done).first() is None:
            return frozenset()
        before = self._near(outdated.note_id)
        concerned = likenesses.c.note_id == outdated.note_id
        known = dict(self.kept([outdated.note_id]).get(outdated.note_id, {}))
        others = frozenset() if outdated.shown else self.keepers([outdated.note_id])
        if not outdated.shown:
            concerned = or_(concerned, likenesses.c.other_id == outdated.note_id)
        self._connection.execute(delete(likenesses).where(concerned))
        rows = [
            {"note_id": outdated.note_id, "other_id": other, "share": one.share, "words": one.words}
            for other, one in sorted(found.items())
        ]
        make_sure(self._connection, likenesses, *rows)
        if outdated.changed:
            # Who was compared after this note changed has met it as it is now.
            older = notes.c.compared < outdated.change if outdated.shown else notes.c.compared.is_not(None)
            near = among(self._connection, notes.c.id, before | set(found))
            self._connection.execute(update(notes).where(near, older).values(compared=_TOUCHED))
        return others | {outdated.note_id} if known != found or others else frozenset()

    def tell(self, note_ids: Collection[int]) -> None:
        """Count one change for the pages of these notes, which are all of one workspace."""
        stamp_shown(self._connection, among(self._connection, notes.c.id, note_ids))

    def kept(self, note_ids: Collection[int]) -> Mapping[int, Mapping[int, Kept]]:
        """What these published notes are like: by note, by other note. One that is like none may be left out."""
        found: dict[int, dict[int, Kept]] = defaultdict(dict)
        theirs = select(likenesses).where(among(self._connection, likenesses.c.note_id, note_ids))
        for row in self._connection.execute(theirs):
            found[row.note_id][row.other_id] = Kept(row.share, row.words)
        return found

    def keepers(self, note_ids: Collection[int]) -> frozenset[int]:
        """The notes that are kept as like one of these."""
        concerned = among(self._connection, likenesses.c.other_id, note_ids)
        return frozenset(self._connection.scalars(select(likenesses.c.note_id).where(concerned)))

    def _near(self, note_id: int) -> set[int]:
        """The notes that a note is kept as like, and those kept as like it."""
        ours = select(likenesses.c.other_id).where(likenesses.c.note_id == note_id)
        theirs = select(likenesses.c.note_id).where(likenesses.c.other_id == note_id)
        return set(self._connection.scalars(ours.union(theirs)))
