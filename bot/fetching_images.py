"""The job that fetches the images of comments that the pages may show, and drops those that they may no longer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.pauses import growing
from bot.slack_trouble import SlackTrouble
from papers.images import Develop, Fetch, FileUnavailable, NoPicture, WantedImage
from papers.nudges import Job, Nudge
from papers.shelf import Shelves

log = logging.getLogger(__name__)

SCOPE = "files:read"
"""What lets the app read files; it works without."""

LEASE = timedelta(minutes=5)
"""Longer than fetching a file can take."""

TRIES = 8
FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=1), timedelta(days=1)
"""How soon an image is tried again, four times as late each time."""

SCOPES_KNOWN = timedelta(minutes=10)
"""How long it is believed what Slack said of the scopes."""

AT_ONCE = 10
LET_GO_AT_ONCE = 200


class FetchingImages:
    """Brings the images of comments up to date. `scopes` asks Slack for ours; may raise SlackTrouble."""

    def __init__(
        self,
        shelves: Shelves,
        fetch: Fetch,
        develop: Develop,
        scopes: Callable[[], frozenset[str]],
        nudge: Nudge,
        now: Callable[[], datetime],
    ) -> None:
        self._shelves = shelves
        self._fetch = fetch
        self._develop = develop
        self._scopes = scopes
        self._nudge = nudge
        self._now = now
        self._looked: dict[str, int] = {}  # up to which count of changes, by workspace
        self._may = False
        self._asked: datetime | None = None

    def __call__(self) -> None:
        """Fetch some of what is missing; if more is, at the next run, which it wishes."""
        self._let_go()
        for _ in range(AT_ONCE):
            if not self._is_waiting() or not self._may_read():
                return
            with self._shelves.writing() as shelf:
                wanted = shelf.images.claim(self._now(), LEASE)
            if wanted is None:
                return
            self._bring(wanted)
        self._nudge(Job.FETCH_IMAGES)

    def _let_go(self) -> None:
        """Drop what nobody may see any longer of the notes that have changed since the last look."""
        with self._shelves.reading() as shelf:
            workspaces = shelf.directory.workspaces()
        for workspace in workspaces:
            since = self._looked.get(workspace.id, -1)
            if since == workspace.change:
                continue
            with self._shelves.reading() as shelf:
                unseen = shelf.images.unseen(workspace.id, since, LET_GO_AT_ONCE)
            if unseen:
                with self._shelves.writing() as shelf:
                    shelf.images.let_go(unseen, self._now())
            if len(unseen) < LET_GO_AT_ONCE:
                self._looked[workspace.id] = workspace.change

    def _is_waiting(self) -> bool:
        with self._shelves.reading() as shelf:
            return shelf.images.waiting(self._now())

    def _may_read(self) -> bool:
        now = self._now()
        if self._asked is None or now - self._asked >= SCOPES_KNOWN:
            try:
                scopes = self._scopes()
            except SlackTrouble as trouble:
                log.info("images wait: %s", trouble)
                return False
            # Whoever stands between may take the header away: then it is tried.
            self._may, self._asked = SCOPE in scopes or not scopes, now
            if not self._may:
                log.info("images wait: the app lacks the scope files:read")
        return self._may

    def _bring(self, wanted: WantedImage) -> None:
        try:
            picture = self._develop(self._fetch(wanted.url))
        except (NoPicture, FileUnavailable) as trouble:
            log.info("image %s: %s", wanted.id, trouble)
            self._failed(wanted, trouble.after if isinstance(trouble, FileUnavailable) else None)
            return
        with self._shelves.writing() as shelf:
            shelf.images.keep(wanted, picture)
        self._nudge(Job.PUBLISH_PAGES)

    def _failed(self, wanted: WantedImage, after: timedelta | None) -> None:
        pause = growing(FIRST_DELAY, LONGEST_DELAY, wanted.attempts)
        with self._shelves.writing() as shelf:
            if after is None or wanted.attempts >= TRIES:
                shelf.images.give_up(wanted)
            else:
                shelf.images.postpone(wanted, self._now() + max(after, pause))
