"""The job that shows members their Homes, as they are now."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from bot.home import HomeView
from bot.names import Names
from bot.slack import Slack
from bot.slack_trouble import NO_BOT, SlackTrouble
from papers.home import HomeWish
from papers.homes import Homes
from papers.lookup import Lookup
from papers.nudges import Job

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
"""After so many a Home is given up until its member looks at it again."""


class ShowingHomes:
    """Shows Homes one by one, each to the member that it belongs to, with what they may see at this moment."""

    def __init__(
        self,
        homes: Homes,
        lookup: Lookup,
        names: Names,
        slack: Slack,
        view: HomeView,
        wake: Callable[[Job, datetime], None],
    ) -> None:
        self._homes = homes
        self._lookup = lookup
        self._names = names
        self._slack = slack
        self._view = view
        self._wake = wake

    def __call__(self) -> None:
        """Show all Homes that are to be shown anew."""
        while wish := self._homes.claim():
            if wish.attempts > MOST_ATTEMPTS:
                log.warning("the Home of %s is given up for now", wish.member)
                self._homes.shown(wish)
            else:
                self._show(wish)

    def _show(self, wish: HomeWish) -> None:
        # Who opens a Home may never have been heard of: their language is Slack's to tell.
        self._names.learn(wish.workspace, "", wish.member)
        trouble: SlackTrouble | None = None
        conversations: tuple[str, ...] = ()
        try:
            conversations = self._slack.conversations(wish.member)
        except SlackTrouble as unknown:
            # Without knowing where they are they see what anybody sees.
            log.info("where %s is stays unknown for now: %s", wish.member, unknown.reason)
            trouble = unknown if unknown.sent or unknown.reason == "ratelimited" else None
        home = self._homes.of(wish, conversations)
        workspace, language = self._lookup.at_home(wish.workspace, wish.member)
        try:
            self._slack.publish_home(wish.member, self._view.view(home, wish.direct, workspace, language))
        except SlackTrouble as refused:
            log.warning("the Home of %s was not shown: %s", wish.member, refused.reason)
            if refused.seconds is None or refused.reason in NO_BOT:
                self._homes.shown(wish)
                return
            trouble = refused
        if trouble is None:
            self._homes.shown(wish)
        else:
            pause = (trouble.seconds or 1) * 2 ** (wish.attempts - 1)
            self._wake(Job.REFRESH_HOMES, self._homes.postpone(wish, pause))
