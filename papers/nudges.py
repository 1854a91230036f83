"""Jobs by name, and the wish that one of them run now."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class Job(StrEnum):
    """A named function that brings one kind of row up to date, safe at any time and any number of times."""

    HANDLE_EVENTS = "handle-events"
    FETCH_PAPERS = "fetch-papers"
    READ_PAGES = "read-pages"
    LEARN_HISTORIES = "learn-histories"
    TRANSLATE = "translate"
    FETCH_IMAGES = "fetch-images"
    POST_MESSAGES = "post-messages"
    REFRESH_CARDS = "refresh-cards"
    LEARN_NAMES = "learn-names"
    OWE_DIGESTS = "owe-digests"
    EXPIRE_CLAIMS = "expire-claims"
    TELL_FOLLOWERS = "tell-followers"
    REFRESH_HOMES = "refresh-homes"
    WATCH_PAPERS = "watch-papers"
    RELATE_NOTES = "relate-notes"
    INDEX_NOTES = "index-notes"
    READ_PAST = "read-past"
    PUBLISH_PAGES = "publish-pages"
    SEND_PAGES = "send-pages"
    PRUNE = "prune"


class Nudge(Protocol):
    """Wishes that a job run now. A nudge may be lost or doubled without harm: the clock sweeps."""

    def __call__(self, job: Job, /) -> None:
        """Run the job soon, in another thread."""
        ...


class Carrier(Protocol):
    """Carries nudges between processes, as well as it can; each is told to one process or more."""

    def start(self, take: Nudge, /) -> None:
        """Hand on to `take` from now on what is heard."""
        ...

    def send(self, job: Job, /) -> None:
        """Tell of a nudge soon; returns at once."""
        ...

    def stop(self) -> None:
        """Tell and hear nothing more."""
        ...
