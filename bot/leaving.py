"""The job that forgets workspaces that have taken Fusen away, once Slack has said again that they have."""

from __future__ import annotations

import logging

from bot.pages import Flavours
from bot.sending import Sending
from bot.slack import Slack
from bot.slack_trouble import NO_BOT, SlackTrouble
from papers.errors import FusenError
from papers.leaving import Leaving, Left
from papers.targets import SendingStopped

log = logging.getLogger(__name__)


class Forgetful:
    """Forgets the workspaces whose time is over, and takes their pages away, wherever these were sent."""

    def __init__(
        self, workspace: str, leaving: Leaving, publishing: Flavours, sending: Sending, slack: Slack
    ) -> None:
        """`workspace` is the one that is served. Others may not be served by anybody any more."""
        self._ours = workspace
        self._leaving = leaving
        self._publishing = publishing
        self._sending = sending
        self._slack = slack
        self._told: Left | None = None

    def __call__(self) -> None:
        """Forget what is due. Raises a FusenError if the pages cannot be taken away; it is due again then."""
        self._tell()
        for left in self._leaving.left():
            if left.workspace != self._ours:
                # Its pages are not here, and Slack tells nobody else of it: only that its time is over is known.
                if left.late:
                    self._forget(left)
                continue
            installed = self._is_installed(left.workspace)
            if installed:
                # An event that was late, or Fusen has come back: nothing is to be forgotten.
                self._leaving.stay(left.workspace)
            elif left.late or installed is False:
                with self._publishing.withdrawn(left.workspace):
                    self._empty(left)
                    self._forget(left)

    def _tell(self) -> None:
        """Say once a day that all is to be deleted: that may be due to a slip with a token."""
        left = self._leaving.going(self._ours)
        if left is not None and left != self._told:
            log.warning(
                "Slack told that the workspace %s took Fusen away or that its token was revoked: all of it is "
                "deleted on %s (UTC), unless Fusen starts there before with a token that Slack accepts",
                left.workspace,
                left.due.date(),
            )
        self._told = left

    def _forget(self, left: Left) -> None:
        if self._leaving.forget(left):
            log.warning("the workspace %s took Fusen away long ago and is forgotten", left.workspace)
        else:
            log.warning("the workspace %s was to be forgotten, but has come back", left.workspace)

    def _empty(self, left: Left) -> None:
        """Take the pages away from wherever they were sent; when it is late, so far as that can be done."""
        try:
            self._sending.now()
        except SendingStopped:
            raise  # no fault of the place: after the next start they can be taken away
        except FusenError as trouble:
            if not left.late:
                raise
            log.warning("pages of the workspace %s are left somewhere: %s", left.workspace, trouble)

    def _is_installed(self, workspace: str) -> bool | None:
        """Whether Slack lets Fusen into the workspace; None if Slack does not tell."""
        try:
            return self._slack.identity().workspace == workspace
        except SlackTrouble as trouble:
            return False if trouble.reason in NO_BOT else None
