"""The use cases of the digest: previewing it, choosing where it goes, owing it once when it is due."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from papers.digest import Digest, compose
from papers.note import Audience, Workspace
from papers.nudges import Job, Nudge
from papers.periods import Period, WeeklyTime, due_period, running_period
from papers.settled import Setting
from papers.shelf import Shelf, Shelves
from papers.work import Owed, PostKind


class Digests:
    """The digests of all workspaces; `weekly` is when their periods end."""

    def __init__(self, shelves: Shelves, nudge: Nudge, now: Callable[[], datetime], weekly: WeeklyTime) -> None:
        self._shelves = shelves
        self._nudge = nudge
        self._now = now
        self.weekly = weekly

    def preview(self, audience: Audience, zone: str) -> Digest:
        """The digest of the period that is still running, as it would be posted to this audience."""
        return self.of(audience, running_period(self.weekly, self._now(), ZoneInfo(zone)))

    def of(self, audience: Audience, period: Period) -> Digest:
        """What was shared in the period, for this audience; people who do not want to be named are not."""
        with self._shelves.reading() as shelf:
            return compose(period, shelf.notes.select(replace(audience, discreet=True), period=period))

    def send_to(self, workspace: str, channel: str, member: str) -> None:
        """From now on the weekly digest goes to this channel, as this member wants; to none if it is empty."""
        with self._shelves.writing() as shelf:
            shelf.settings.settle(workspace, Setting.DIGEST, channel, member, self._now())

    def owe_due(self) -> int:
        """Owe the digest of each workspace whose period has ended, once; an empty period is passed over.

        Returns how many are owed.
        """
        with self._shelves.writing() as shelf:
            owed = sum(self._owe(shelf, workspace) for workspace in shelf.directory.workspaces())
        if owed:
            self._nudge(Job.POST_MESSAGES)
        return owed

    def _owe(self, shelf: Shelf, workspace: Workspace) -> bool:
        now = self._now()
        period = due_period(self.weekly, now, ZoneInfo(workspace.zone))
        if not workspace.digest_channel or shelf.directory.since(workspace.id) >= period.end:
            return False
        if not shelf.outbox.claim_period(workspace.id, period.name, now):
            return False
        audience = Audience(workspace.id, workspace.digest_channel)
        if not shelf.notes.select(audience, period=period, limit=1):
            return False
        owed = Owed(
            workspace=workspace.id,
            key=f"digest:{period.name}",
            kind=PostKind.DIGEST,
            channel=workspace.digest_channel,
            body=json.dumps([period.start.isoformat(), period.end.isoformat()]),
        )
        return shelf.outbox.owe(owed, now, now)
