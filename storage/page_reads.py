"""Reading for the published pages: all public notes in brief, and which notes have changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Integer, Row, and_, bindparam, func, select

from papers.attention import Act, Deed, attention
from papers.brief import AUTHORS_LOOKED_AT, Brief, Fallen, Person, people_of
from papers.note import Audience, Member, Tag
from papers.paper import PaperId
from storage.images import KEPT
from storage.sight import first_seen_share, seen, seen_note, seen_share, shown_feed
from storage.statements import among
from storage.tables import claims, comments, images, members, note_tags, notes, papers, shares, tags
from storage.twins import twin_notes

_CHANGED = (
    select(notes.c.id)
    .where(notes.c.workspace == bindparam("of_workspace"), notes.c.change > bindparam("since"))
    .order_by(notes.c.change, notes.c.id)
    .limit(bindparam("most", type_=Integer))
)


class StoredPages:
    """The port `PageShelf`. Seven queries for all briefs, however many."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def briefs(self, workspace: str) -> tuple[Brief, ...]:
        """All notes of the workspace that anybody may see, in brief, by id."""
        anybody = Audience(workspace)
        their_tags = self._tags(anybody)
        acts: dict[int, list[Act]] = defaultdict(list)
        threads = self._threads(anybody, acts)
        self._add_comments(anybody, acts)
        with_feeds = self._with_feeds(anybody)
        people = {note_id: _credited(done, with_feeds) for note_id, done in acts.items()} if with_feeds else {}
        self._add_readers(anybody, acts)
        pictures = self._images(anybody)
        chosen = (
            select(
                notes.c.id,
                first_seen_share(anybody).label("noted_at"),
                papers.c.source,
                papers.c.source_id,
                papers.c.version,
                papers.c.reading_title,
                papers.c.published,
                papers.c.authors,
                papers.c.withdrawn,
            )
            .join_from(notes, papers, papers.c.id == notes.c.paper_id)
            .where(seen_note(anybody))
            .order_by(notes.c.id)
        )
        return tuple(
            _brief(
                row,
                their_tags.get(row.id, ()),
                threads.get(row.id, ()),
                acts.get(row.id, ()),
                people.get(row.id, ()),
                tuple(sorted(pictures.get(row.id, ()))),
            )
            for row in self._connection.execute(chosen)
        )

    def fallen(self, workspace: str, note_ids: Collection[int] | None = None) -> tuple[Fallen, ...]:
        """The notes that anybody could see when they were withdrawn, of these notes or of all, by id."""
        anybody = Audience(workspace)
        shown = and_(shares.c.was_public, seen(shares, anybody))
        theirs = select(shares.c.id).where(shares.c.note_id == notes.c.id, shown).exists()
        which = [] if note_ids is None else [among(self._connection, notes.c.id, note_ids)]
        chosen = (
            select(notes.c.id, papers.c.source, papers.c.source_id)
            .join_from(notes, papers, papers.c.id == notes.c.paper_id)
            .where(notes.c.workspace == workspace, theirs, ~seen_note(anybody), *which)
            .order_by(notes.c.id)
        )
        found = {row.id: PaperId(row.source, row.source_id) for row in self._connection.execute(chosen)}
        keys: dict[int, list[str]] = defaultdict(list)
        carried = (
            select(note_tags.c.note_id, tags.c.key)
            .join_from(note_tags, tags, tags.c.id == note_tags.c.tag_id)
            .where(among(self._connection, note_tags.c.note_id, found))
            .where(note_tags.c.was_public, seen(note_tags, anybody))
            .order_by(note_tags.c.id)
        )
        for note_id, key in self._connection.execute(carried) if found else ():
            keys[note_id].append(key)
        return tuple(
            Fallen(note_id, paper, tuple(dict.fromkeys(keys[note_id]))) for note_id, paper in found.items()
        )

    def ids(self, workspace: str) -> Collection[int]:
        """All notes of the workspace, also those that nobody may see."""
        return set(self._connection.scalars(select(notes.c.id).where(notes.c.workspace == workspace)))

    def number(self, workspace: str) -> int:
        """How many these are."""
        counted = select(func.count()).select_from(notes).where(notes.c.workspace == workspace)
        return int(self._connection.execute(counted).scalar_one())

    def touched(self, workspace: str, since: int, limit: int) -> tuple[int, ...] | None:
        """The notes whose pages may have changed after that count of changes, or None if more than `limit` did."""
        found = set(
            self._connection.scalars(_CHANGED, {"of_workspace": workspace, "since": since, "most": limit + 1})
        )
        if len(found) > limit:
            return None
        # A note names its twins, by their titles and only while they are seen.
        return tuple(sorted(found | twin_notes(self._connection, found))) if found else ()

    def _tags(self, anybody: Audience) -> dict[int, list[Tag]]:
        carried = (
            select(note_tags.c.note_id, tags.c.id, tags.c.name, tags.c.key)
            .join_from(note_tags, tags, tags.c.id == note_tags.c.tag_id)
            .where(tags.c.workspace == anybody.workspace, seen(note_tags, anybody))
            .order_by(note_tags.c.id)
        )
        made: dict[int, Tag] = {}
        found: dict[int, list[Tag]] = defaultdict(list)
        for note_id, tag_id, name, key in self._connection.execute(carried):
            found[note_id].append(made.get(tag_id) or made.setdefault(tag_id, Tag(name, key)))
        return found

    def _threads(self, anybody: Audience, acts: dict[int, list[Act]]) -> dict[int, list[tuple[str, str]]]:
        """The threads in which each note was shared; the sharing itself is added to the acts."""
        columns = (shares.c.note_id, shares.c.channel, shares.c.member, shares.c.shared_at)
        shared = (
            select(*columns, func.coalesce(shares.c.thread_ts, shares.c.ts))
            .join_from(shares, notes, notes.c.id == shares.c.note_id)
            .where(notes.c.workspace == anybody.workspace, seen_share(anybody))
        )
        found: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for note_id, channel, member, at, thread in self._connection.execute(shared):
            acts[note_id].append(Act(at, Deed.SHARE, member, channel))
            if thread:
                found[note_id].append((channel, thread))
        return found

    def _add_comments(self, anybody: Audience, acts: dict[int, list[Act]]) -> None:
        said = (
            select(comments.c.note_id, comments.c.written_at, comments.c.member, comments.c.channel)
            .join_from(comments, notes, notes.c.id == comments.c.note_id)
            .where(notes.c.workspace == anybody.workspace, seen(comments, anybody))
        )
        for note_id, at, member, channel in self._connection.execute(said):
            acts[note_id].append(Act(at, Deed.COMMENT, member, channel))

    def _images(self, anybody: Audience) -> dict[int, set[str]]:
        shown = (
            select(comments.c.note_id, images.c.name)
            .join_from(images, comments, comments.c.id == images.c.comment_id)
            .join(notes, notes.c.id == comments.c.note_id)
            .where(notes.c.workspace == anybody.workspace, KEPT, seen(comments, anybody))
        )
        found: dict[int, set[str]] = defaultdict(set)
        for note_id, name in self._connection.execute(shown):
            found[note_id].add(name)
        return found

    def _with_feeds(self, anybody: Audience) -> dict[str, Member]:
        """The members who want a feed, and may be named."""
        feed = shown_feed(anybody)
        wanting = select(members.c.id, members.c.name, feed.label("feed")).where(
            members.c.workspace == anybody.workspace, members.c.feed != "", feed != ""
        )
        return {row.id: Member(row.id, row.name, feed=row.feed) for row in self._connection.execute(wanting)}

    def _add_readers(self, anybody: Audience, acts: dict[int, list[Act]]) -> None:
        # A note names each reader once, since the first of their claims.
        reading = (
            select(claims.c.note_id, func.min(claims.c.claimed_at), claims.c.member)
            .join_from(claims, notes, notes.c.id == claims.c.note_id)
            .where(notes.c.workspace == anybody.workspace, seen(claims, anybody))
            .group_by(claims.c.note_id, claims.c.member)
        )
        for note_id, since, member in self._connection.execute(reading):
            acts[note_id].append(Act(since, Deed.READING, member, ""))


def _credited(acts: Collection[Act], with_feeds: Mapping[str, Member]) -> tuple[Person, ...]:
    return people_of(with_feeds[act.member] for act in acts if act.member in with_feeds)


def _brief(
    row: Row[Any],
    carried: Collection[Tag],
    threads: Collection[tuple[str, str]],
    acts: Collection[Act],
    people: tuple[Person, ...],
    pictures: tuple[str, ...],
) -> Brief:
    paper_id = PaperId(row.source, row.source_id)
    known = row.version is not None
    return Brief(
        row.id,
        paper_id,
        row.reading_title if known else paper_id.spoken,
        row.published.year if known else None,
        row.noted_at,
        tuple(dict.fromkeys(carried)),
        row.authors[:AUTHORS_LOOKED_AT] if known else (),
        frozenset(threads),
        attention(acts),
        people,
        pictures,
        bool(known and row.withdrawn),
    )
