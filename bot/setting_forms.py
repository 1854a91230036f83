"""The forms of settings: each makes a value of a text, or raises ValueError that says what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo


def token(prefix: str) -> Callable[[str], str]:
    """A token that begins so, or none."""

    def check(text: str) -> str:
        if text and (not text.startswith(prefix) or text.split() != [text]):
            raise ValueError(f"a token here begins with {prefix} and has no blanks")
        return text

    return check


def command(text: str) -> str:
    """A slash command."""
    if not re.fullmatch(r"/[^/\s]{1,31}", text) or text != text.lower():
        raise ValueError(
            "a slash command begins with /, such as /note, and has 2 to 32 characters, no capitals and no other /"
        )
    return text


def address(text: str) -> str:
    """An address of the web; its scheme in small letters, as that of every address here."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or text.split() != [text]:
        raise ValueError("an address begins with http:// or https:// and names a host")
    return parts.scheme + text[len(parts.scheme) :]


def address_or_none(text: str) -> str:
    """An address of the web, or none."""
    return address(text) if text else ""


def site(text: str) -> str:
    """The address of a folder of pages: the path of each is put behind it."""
    found = address_or_none(text)
    if "?" in found or "#" in found:
        raise ValueError("leave out what begins with ? or #: the addresses of pages begin with this one")
    if found.lower().endswith((".html", ".htm")):
        raise ValueError("leave out the page: give the address of the folder, where those of all pages begin")
    return found


def number(text: str) -> int:
    """A number."""
    if not re.fullmatch("[0-9]{1,12}", text):
        raise ValueError("give a number, such as 1000000")
    return int(text)


def open_address(text: str) -> str:
    """An address in which nothing is secret: it is shown."""
    if not text:
        return ""
    parts = urlsplit(address(text))
    if parts.username or parts.password or parts.query:
        raise ValueError("leave keys, users and passwords out of the address; each has a setting of its own")
    return text


def bucket(text: str) -> str:
    """A bucket, perhaps with a folder in it, or none."""
    if text and not re.fullmatch(
        r"s3://[a-z0-9][a-z0-9._-]{1,61}[a-z0-9](/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?", text
    ):
        raise ValueError("write s3://BUCKET or s3://BUCKET/FOLDER")
    return text


def repository(text: str) -> str:
    """Over HTTPS, over SSH in both of git's forms, or a bare repository on this machine."""
    if text.startswith(("https://", "http://")):
        return open_address(text)
    if text and not re.fullmatch(r"ssh://[^\s:@]+(@[^\s:@]+)?(:\d+)?/\S+|[\w.-]+@[\w.-]+:\S+|/\S+", text):
        raise ValueError(
            "write https://HOST/OWNER/NAME.git, git@HOST:OWNER/NAME.git or the path of a bare repository"
        )
    return text


def branch(text: str) -> str:
    """The name of a branch."""
    # https://git-scm.com/docs/git-check-ref-format, and a little stricter
    if not re.fullmatch(r"(?!.*(\.\.|//|/\.|\.lock(/|$)))[A-Za-z0-9_][A-Za-z0-9_./-]*(?<![./])", text):
        raise ValueError("this is no name of a branch")
    return text


def one_of(known: Collection[str]) -> Callable[[str], str]:
    """One of these words, in small letters."""

    def check(text: str) -> str:
        if text.lower() not in known:
            raise ValueError(f"choose one of {', '.join(known)}")
        return text.lower()

    return check


def channel(text: str) -> str:
    """The id of a channel, or none."""
    if text and not re.fullmatch("[CG][A-Z0-9]+", text):
        raise ValueError(
            "give the channel's ID, such as C0123456789; Slack shows it at the end of the channel's details"
        )
    return text


def path(text: str) -> Path:
    """A path; `~` is the home directory."""
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise ValueError("there is no such home directory") from error


def zone(text: str) -> str:
    """The name of a zone."""
    try:
        return ZoneInfo(text).key
    except (LookupError, ValueError, OSError) as error:
        raise ValueError("name a zone such as Asia/Tokyo") from error


def port(text: str) -> int:
    """The number of a port."""
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) > 65535:
        raise ValueError("a port is a number from 0 to 65535; 0 takes a free one")
    return int(text)
