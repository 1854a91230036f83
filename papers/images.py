"""Images that people post in a paper's thread: as messages carry them, as they are kept, and the ports to them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

MOST = 3
"""So many images of one message are kept, the first ones."""

MOST_BYTES = 5_000_000
"""A larger file is never fetched."""


@dataclass(frozen=True, slots=True)
class Attached:
    """An image file that a message carries: Slack's id of it, where it can be fetched, and what people say it is.

    `url` is empty for one that is not to be fetched.
    """

    file: str
    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """An image as the pages show it: its file's name (a hash of its bytes and an ending), pixels, and title."""

    name: str
    width: int
    height: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class WantedImage:
    """An image that is to be fetched, leased; and how often it was tried, this time included."""

    id: int
    url: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as it may be published: what it shows and nothing else. `name` is made of its bytes."""

    name: str
    body: bytes
    width: int
    height: int


class NoPicture(Exception):
    """The bytes are no image that may be published; the text says why."""


class FileUnavailable(Exception):
    """Slack did not give the file. `after` is when to try again at the earliest; None if that would never help."""

    def __init__(self, reason: str, after: timedelta | None) -> None:
        super().__init__(reason)
        self.after = after


Fetch = Callable[[str], bytes]
"""Gets the bytes of a file in Slack. Raises FileUnavailable."""

Develop = Callable[[bytes], Picture]
"""Makes a picture of whatever somebody posted. Raises NoPicture."""


class ImageShelf(Protocol):
    """The images of comments. Those that anybody may see on the pages are fetched and kept, and no others."""

    def waiting(self, now: datetime) -> bool:
        """Whether any image is to be fetched now."""
        ...

    def claim(self, now: datetime, lease: timedelta) -> WantedImage | None:
        """Lease the image posted last of those to be fetched; None if there is none."""
        ...

    def keep(self, wanted: WantedImage, picture: Picture) -> None:
        """Keep what was made of it. The pages of its note are told."""
        ...

    def postpone(self, wanted: WantedImage, until: datetime) -> None:
        """Try again then."""
        ...

    def give_up(self, wanted: WantedImage) -> None:
        """Try no more."""
        ...

    def unseen(self, workspace: str, since: int, limit: int) -> tuple[int, ...]:
        """Up to `limit` images whose bytes are kept and that nobody may see on the pages any longer.

        They are those of notes that changed after the workspace's change count was `since`.
        """
        ...

    def let_go(self, unseen: Collection[int], at: datetime) -> None:
        """Drop the bytes of these images, unless they are seen again by now. They are fetched if that changes."""
        ...

    def lose(self, workspace: str, file: str) -> tuple[int, ...]:
        """The file is gone, and so are its images, and comments that had nothing else. Returns the notes."""
        ...

    def published(self, workspace: str, name: str) -> bytes | None:
        """The bytes of an image that anybody may see on the pages."""
        ...
