"""Who asks something of Fusen, and from where."""

from __future__ import annotations

from dataclasses import dataclass

from papers.note import Audience


@dataclass(frozen=True, slots=True)
class Asker:
    """Who does something, and where: what they may see follows from the channel.

    `thread_ts` is set where they stand in a thread. `origin` names the act, so that doing it twice is once.
    """

    workspace: str
    channel: str
    member: str
    origin: str
    thread_ts: str | None = None

    @property
    def audience(self) -> Audience:
        """What this person may see from here."""
        return Audience(self.workspace, self.channel)
