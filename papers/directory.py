"""The port to what is known of workspaces, their channels and their people."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from papers.note import Channel, Member, Workspace


class Directory(Protocol):
    """Workspaces, channels and members: their names, kinds and settings."""

    def workspaces(self) -> tuple[Workspace, ...]:
        """The workspaces that are served, by id."""
        ...

    def workspace(self, workspace: str) -> Workspace | None:
        """One workspace, or None."""
        ...

    def home(self, workspace: str, member: str) -> tuple[Workspace, str] | None:
        """A workspace, and the language in which a member is answered there; None if it is not known.

        The language is the one they chose, else Slack's own for them, else the workspace's.
        """
        ...

    def ensure_workspace(self, workspace: Workspace, at: datetime) -> None:
        """Make sure the workspace is there with this name and url, and has Fusen.

        Language and zone hold too, except where people have settled them.
        """
        ...

    def leave(self, workspace: str, at: datetime | None) -> None:
        """The workspace took Fusen away at that time, or (None) has it after all. The first time holds."""
        ...

    def left(self) -> dict[str, datetime]:
        """The workspaces that took Fusen away, and when."""
        ...

    def member(self, workspace: str, member: str) -> Member:
        """The member, nameless if not known."""
        ...

    def named_in(self, workspace: str, folded: str) -> tuple[str, ...]:
        """The names of members that stand in a folded text behind an `@`, folded."""
        ...

    def channel(self, workspace: str, channel: str) -> Channel:
        """The channel, nameless and of unknown kind if not known."""
        ...

    def store_member(self, workspace: str, member: Member, at: datetime) -> None:
        """Keep a member's name, language and kind. Stamps the notes that show the name, if it changed.

        Of one who asked to be forgotten nothing is kept.
        """
        ...

    def strangers(self, workspace: str, member: str, channel: str) -> tuple[bool, bool]:
        """Whether the member's name is not known and may be learned; whether the channel's kind is not known."""
        ...

    def store_channel(self, workspace: str, channel: Channel, at: datetime) -> bool:
        """Keep a channel's name and kind. Stamps the notes shared in it, if either changed.

        Where others may read it from now on, or no longer, what Fusen said there is said anew. One that was
        external stays known as such. True if its people are owed word of what became of it: if a closed channel
        has become public, or an external one that is public was disconnected, and its notes were not for
        everybody before.
        """
        ...

    def ask(self, workspace: str, channel: str, at: datetime) -> None:
        """Slack is about to be asked what the channel is: of several answers that of the last question counts.

        A question without an answer is soon asked again.
        """
        ...

    def answered(self, workspace: str, channel: str, asked_at: datetime) -> bool:
        """Slack has answered what it was asked then. False if something was heard or asked since: it is void."""
        ...

    def is_news(self, workspace: str, channel: str, private: bool, external: bool) -> bool:
        """Whether it is to be heard of a channel that it is private, or external, as far as it is said to be.

        It is if that is not known, and if Slack is being asked: it may answer what was so before.
        """
        ...

    def hear_external(self, workspace: str, channel: str, at: datetime) -> bool:
        """The channel was shared with another organisation at that time. True if that was not known.

        What was learned of the channel later counts more. Else it is stored, and soon asked about; what Slack was
        asked before is void.
        """
        ...

    def hear_private(self, workspace: str, channel: str, at: datetime) -> bool:
        """The channel was a private one at that time. True if it was known as a public one.

        What was learned of the channel later counts more. Else it is stored, and soon asked about; what Slack was
        asked before is void.
        """
        ...

    def doubt(self, workspace: str, channel: str, at: datetime) -> bool:
        """At that time nobody could say what the channel was. True if it was known as a public one.

        What was learned of the channel later counts more. Else its kind is unknown until Slack is asked again.
        """
        ...

    def renumber(self, workspace: str, before: str, channel: str) -> None:
        """The channel `before` is called by the id `channel` from now on, and so is all that was made in it.

        What has come under the new id already stays; doing it again changes nothing.
        """
        ...

    def hear_presence(self, workspace: str, channel: str, here: bool, at: datetime) -> bool:
        """Fusen was in the channel at that time, or was not. Words may come in any order: the latest holds.

        What was made in a public channel that Fusen has left is seen in that channel alone. Stamps the notes
        shared, tagged or commented on in it, if that changes. True if it does.
        """
        ...

    def is_in(self, workspace: str, channel: str) -> bool:
        """Whether Fusen is known to be in the channel."""
        ...

    def members_to_ask(self, workspace: str, asked_before: datetime, limit: int) -> tuple[str, ...]:
        """Ids of members who appear on notes and whose name was last learned before then, or never: they first."""
        ...

    def channels_to_ask(self, workspace: str, asked_before: datetime, limit: int) -> tuple[str, ...]:
        """Ids of channels that appear on notes and whose name was last learned before then, or never.

        Also of those that Fusen is in and whose kind is not known. Those last asked about come last.
        """
        ...
