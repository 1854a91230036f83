"""The files of a message: which of them are images that can stand on a page."""

from __future__ import annotations

import re

from bot.payloads.fields import Payload, mapping, text
from papers.images import MOST, MOST_BYTES, Attached

KINDS = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})

_FILE_NAME = re.compile(r"[^\s]+\.[a-z0-9]{2,5}|[^\n]*\.(?:png|jpe?g|gif|webp)|image|screenshot.*", re.IGNORECASE)
_LONGEST_TITLE = 300


def images(message: Payload) -> tuple[Attached, ...]:
    """The first images of a message, of those that Slack itself keeps.

    https://docs.slack.dev/reference/objects/file-object
    """
    files = message.get("files")
    found = (_image(mapping(one)) for one in (files if isinstance(files, list) else ()))
    return tuple({one.file: one for one in found if one}.values())[:MOST]


def _image(file: Payload) -> Attached | None:
    """The file if it is an image; one that was deleted, or lies elsewhere, is none."""
    known = text(file, "id") and text(file, "mimetype") in KINDS
    if not known or text(file, "mode") != "hosted" or file.get("is_external") is True:
        return None
    return Attached(text(file, "id"), _address(file), _title(file))


def _address(file: Payload) -> str:
    """Where its bytes are; of a file that is too heavy Slack's own smaller picture, if there is one."""
    size = file.get("size")
    if isinstance(size, int) and size <= MOST_BYTES:
        return text(file, "url_private_download") or text(file, "url_private")
    return text(file, "thumb_1024") or text(file, "thumb_720")


def _title(file: Payload) -> str:
    """What somebody wrote of it: the description, or a title that is not just the name of a file."""
    title = text(file, "title").strip()
    own = title if title != text(file, "name") and not _FILE_NAME.fullmatch(title) else ""
    return (text(file, "alt_txt").strip() or own)[:_LONGEST_TITLE]
