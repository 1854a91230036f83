"""What people did last, so that they can take it back."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, select

from papers.acts import MOST, Act, Deed
from papers.asker import Asker
from storage import tables

_acts = tables.acts
_KNOWN = [deed.value for deed in Deed]


class StoredActs:
    """The port `ActShelf`, kept in a table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, asker: Asker, act: Act, at: datetime) -> None:
        """Remember the act of the asker; beyond `MOST` of theirs in this channel the oldest is forgotten."""
        whose = {"workspace": asker.workspace, "channel": asker.channel, "member": asker.member}
        deed = Deed.UNDO if act.deed is Deed.STAYS else act.deed
        what = {"deed": deed.value, "note_id": act.note_id, "origin": act.origin, "facts": act.written}
        self._connection.execute(_acts.insert().values(**whose, **what, done_at=at))
        kept = select(_acts.c.id).where(_by(asker)).order_by(_acts.c.id.desc()).limit(MOST)
        self._connection.execute(delete(_acts).where(_by(asker), _acts.c.id.not_in(kept)))

    def last(self, asker: Asker, since: datetime) -> tuple[Act, ...]:
        """What the asker did in the channel since then, the last one first; acts of a newer Fusen are left."""
        meant = _by(asker), _acts.c.done_at >= since, _acts.c.deed.in_(_KNOWN)
        found = select(_acts).where(*meant).order_by(_acts.c.id.desc()).limit(MOST)
        return tuple(_act(row) for row in self._connection.execute(found))

    def remove(self, act: int) -> None:
        """The act is undone, or can be no longer."""
        self._connection.execute(delete(_acts).where(_acts.c.id == act))

    def prune(self, before: datetime) -> int:
        """Forget the acts done before then. Returns how many."""
        return self._connection.execute(delete(_acts).where(_acts.c.done_at < before)).rowcount


def _act(row: Row[Any]) -> Act:
    # What stays is kept as an undo that has facts: a process of an older Fusen knows no such deed, and leaves it.
    facts = json.loads(row.facts)
    deed = Deed.STAYS if facts and row.deed == Deed.UNDO else Deed(row.deed)
    return Act(deed, row.note_id, row.origin, facts, row.id)


def _by(asker: Asker) -> ColumnElement[bool]:
    mine = _acts.c.workspace == asker.workspace, _acts.c.channel == asker.channel, _acts.c.member == asker.member
    return and_(*mine)
