"""The images of comments: which are wanted, what was made of them, and who is shown them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, literal_column, select, true, update

from papers.images import Attached, Image, Picture, WantedImage
from papers.mentions import SOMEONE
from papers.note import Audience
from storage.search_index import stamp_and_index
from storage.sight import KEPT as MOST_AUDIENCES
from storage.sight import made_for_all, seen, seen_by_all, seen_note
from storage.stamps import hold, hold_workspace, stamp_shown
from storage.statements import among, among_given, claim, free, make_sure
from storage.tables import comments, images, notes, shares

_IDS = "note_ids"
_SERVED = 8  # a process works for one
_LAST = -images.c.id  # made once, as what is claimed by must be
_NOTHING = {"name": "", "width": None, "height": None, "body": None}

KEPT = images.c.name != literal_column("''")  # not as a parameter, which would not lead to the index
"""The image was fetched and can be shown."""


class StoredImages:
    """The port `ImageShelf`."""

    def __init__(self, connection: Connection, serving: str = "") -> None:
        self._connection = connection
        self._serving = serving

    def waiting(self, now: datetime) -> bool:
        """Whether any image is to be fetched now."""
        found = select(images.c.id).where(free(images, now), _wanted(self._serving)).limit(1)
        return self._connection.execute(found).first() is not None

    def claim(self, now: datetime, lease: timedelta) -> WantedImage | None:
        """Lease the image posted last of those to be fetched; None if there is none."""
        wanted = _wanted(self._serving)
        for row in claim(self._connection, images, wanted, 1, now, now + lease, first=_LAST):
            return WantedImage(row.id, row.url, row.attempts)
        return None

    def keep(self, wanted: WantedImage, picture: Picture) -> None:
        """Keep what was made of it. The pages of its note are told."""
        its_note = notes.c.id.in_(
            select(comments.c.note_id)
            .join_from(comments, images, images.c.comment_id == comments.c.id)
            .where(images.c.id == wanted.id)
        )
        hold(self._connection, its_note)
        made = {
            "name": picture.name,
            "width": picture.width,
            "height": picture.height,
            "body": picture.body,
        }
        # The url is another one if the image was taken back and posted again meanwhile.
        self._set(wanted, images.c.url == wanted.url, due=None, **made)
        stamp_shown(self._connection, its_note)

    def postpone(self, wanted: WantedImage, until: datetime) -> None:
        """Try again then."""
        self._set(wanted, images.c.due.is_not(None), due=until)

    def give_up(self, wanted: WantedImage) -> None:
        """Try no more."""
        self._set(wanted, images.c.url == wanted.url, due=None)

    def unseen(self, workspace: str, since: int, limit: int) -> tuple[int, ...]:
        """Up to `limit` kept images of notes changed after `since` that nobody may see on the pages any longer."""
        found = (
            select(images.c.id)
            .join_from(notes, comments, comments.c.note_id == notes.c.id)
            .join(images, images.c.comment_id == comments.c.id)
            .where(notes.c.workspace == workspace, notes.c.change > since, KEPT, ~_for_all())
            .limit(limit)
        )
        return tuple(self._connection.scalars(found))

    def let_go(self, unseen: Collection[int], at: datetime) -> None:
        """Drop the bytes of these images, unless they are seen again by now. They are fetched if that changes."""
        self._connection.execute(
            update(images)
            .where(among(self._connection, images.c.id, unseen), KEPT, ~_for_all())
            .values(due=at, leased_until=None, attempts=0, **_NOTHING)
        )

    def lose(self, workspace: str, file: str) -> tuple[int, ...]:
        """The file is gone, and so are its images, and comments that had nothing else. Returns the notes."""
        hold_workspace(self._connection, workspace)
        theirs = select(comments.c.id).where(comments.c.workspace == workspace)
        gone = delete(images).where(images.c.file == file, images.c.comment_id.in_(theirs))
        concerned = set(self._connection.scalars(gone.returning(images.c.comment_id)))
        if not concerned:
            return ()
        ours = among(self._connection, comments.c.id, concerned)
        found = sorted(set(self._connection.scalars(select(comments.c.note_id).where(ours))))
        without = ~select(images.c.id).where(images.c.comment_id == comments.c.id).exists()
        self._connection.execute(delete(comments).where(ours, comments.c.text == "", without))
        stamp_and_index(self._connection, among(self._connection, notes.c.id, found))
        return tuple(found)

    def published(self, workspace: str, name: str) -> bytes | None:
        """The bytes of an image that anybody may see on the pages."""
        anybody = Audience(workspace)
        found = (
            select(images.c.body)
            .join_from(images, comments, comments.c.id == images.c.comment_id)
            .join(notes, notes.c.id == comments.c.note_id)
            .where(images.c.name == name, KEPT, seen(comments, anybody), seen_note(anybody))
            .limit(1)
        )
        body: bytes | None = self._connection.scalar(found)
        return body

    def _set(self, wanted: WantedImage, only: ColumnElement[bool], **values: Any) -> None:
        row = and_(images.c.id == wanted.id, only)
        self._connection.execute(update(images).where(row).values(leased_until=None, **values))


def images_shown(
    connection: Connection, audience: Audience, note_ids: Collection[int], unsaid: re.Pattern[str] | None
) -> dict[int, tuple[Image, ...]]:
    """The images of the notes' comments, by comment, without the mentions `unsaid`.

    They are for those who read the pages: everybody else has them in Slack.
    """
    if audience.channel is not None:
        return {}
    found: dict[int, tuple[Image, ...]] = defaultdict(tuple)
    for row in connection.execute(_shown_to(audience, connection.dialect.name), {_IDS: note_ids}):
        title = unsaid.sub(SOMEONE, row.title) if unsaid else row.title
        found[row.comment_id] += (Image(row.name, row.width, row.height, title),)
    return found


@lru_cache(maxsize=MOST_AUDIENCES)
def _shown_to(audience: Audience, dialect: str) -> Select[Any]:
    columns = (images.c.comment_id, images.c.name, images.c.width, images.c.height, images.c.title)
    return (
        select(*columns)
        .join_from(comments, images, images.c.comment_id == comments.c.id)
        .where(seen(comments, audience), KEPT, among_given(dialect, comments.c.note_id, _IDS))
        .order_by(images.c.comment_id, images.c.place, images.c.id)
    )


def attach(connection: Connection, which: ColumnElement[bool], given: Sequence[Attached]) -> Collection[int]:
    """Let the images of these comments be the given ones and no others. Returns the notes where that is new.

    The caller holds the notes.
    """
    rows = connection.execute(select(comments.c.id, comments.c.note_id, comments.c.written_at).where(which)).all()
    note_of = {row.id: row.note_id for row in rows}
    theirs = among(connection, images.c.comment_id, note_of)
    files = [one.file for one in given]
    gone = delete(images).where(theirs, images.c.file.not_in(files)).returning(images.c.comment_id)
    changed = set(connection.scalars(gone))
    known = connection.execute(select(images.c.comment_id, images.c.file).where(theirs))
    there = {(row.comment_id, row.file) for row in known}
    new = [
        {
            "comment_id": row.id,
            "place": place,
            "file": one.file,
            "url": one.url,
            "title": one.title,
            "due": row.written_at if one.url else None,
        }
        for row in rows
        for place, one in enumerate(given)
        if (row.id, one.file) not in there
    ]
    make_sure(connection, images, *new)
    changed.update(row["comment_id"] for row in new)
    return {note_of[comment] for comment in changed}


@lru_cache(maxsize=_SERVED)
def _wanted(serving: str) -> ColumnElement[bool]:
    return and_(_for_all(), _ours(serving))


def _ours(serving: str) -> ColumnElement[bool]:
    """The image's comment is of the workspace that is served."""
    theirs = select(comments.c.id).where(comments.c.id == images.c.comment_id, comments.c.workspace == serving)
    return theirs.correlate(images).exists() if serving else true()


def _for_all() -> ColumnElement[bool]:
    """Anybody may see the image's comment on the pages."""
    noted = select(shares.c.id).where(shares.c.note_id == comments.c.note_id, seen_by_all())
    return (
        select(comments.c.id)
        .where(
            comments.c.id == images.c.comment_id,
            made_for_all(comments),
            noted.correlate(comments).exists(),
        )
        .correlate(images)
        .exists()
    )
