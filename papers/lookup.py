"""The questions of what is known of a workspace, its channels and its people."""

from __future__ import annotations

from papers.note import Channel, Member, Workspace
from papers.shelf import Shelves
from papers.wording import LANGUAGES


class Lookup:
    """Looks up what the directory holds, each time in a transaction of its own."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def workspace(self, workspace: str) -> Workspace:
        """The workspace. Raises LookupError if it has never been seen."""
        with self._shelves.reading() as shelf:
            found = shelf.directory.workspace(workspace)
        if found is None:
            raise LookupError(workspace)
        return found

    def member(self, workspace: str, member: str) -> Member:
        """A member of the workspace, nameless if they are not known."""
        with self._shelves.reading() as shelf:
            return shelf.directory.member(workspace, member)

    def channel(self, workspace: str, channel: str) -> Channel:
        """A channel of the workspace, nameless and of unknown kind if it is not known."""
        with self._shelves.reading() as shelf:
            return shelf.directory.channel(workspace, channel)

    def language(self, workspace: str, member: str) -> str:
        """The language in which to answer a member: as they chose, else Slack's own, else the workspace's."""
        with self._shelves.reading() as shelf:
            found = shelf.directory.home(workspace, member)
        return found[1] if found else LANGUAGES[0]

    def at_home(self, workspace: str, member: str) -> tuple[Workspace, str]:
        """The workspace, and the language in which to answer a member. Raises LookupError if it is not known."""
        with self._shelves.reading() as shelf:
            found = shelf.directory.home(workspace, member)
        if found is None:
            raise LookupError(workspace)
        return found
