"""The tags of a workspace: their names, other names, and what was refused of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Row,
    Table,
    and_,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)

from papers.acts import Renaming
from papers.note import Audience, Tag, TagCount
from storage.search_index import index
from storage.sight import notes_seen, seen, seen_note, told_of_tag
from storage.stamps import count_change, hold_workspace, stamp
from storage.statements import among, contains, insert, make_sure
from storage.tables import note_tags, notes, tag_aliases, tag_descriptions, tag_groupings, tag_refusals, tags
from storage.tag_rows import alias_told, count_uses, meant, told_here
from storage.tag_words import TagWords


class StoredTags(TagWords):
    """The port `TagShelf`, kept in tables."""

    def hold(self, workspace: str) -> None:
        """Let nobody else change the workspace's notes and tags until the transaction ends."""
        hold_workspace(self._connection, workspace)

    def known(self, audience: Audience, keys: Collection[str]) -> Mapping[str, Tag]:
        """Which tags the typed keys mean to the audience: those it sees by their key, or by another name."""
        found = meant(self._connection, audience, keys)
        return {typed: Tag(row.name, row.key) for typed, row in found.items()}

    def names(self, audience: Audience) -> tuple[tuple[Tag, str], ...]:
        """Every name of every tag that the audience sees, with the tag's key; other names only where told."""
        own = select(tags.c.name, tags.c.key, tags.c.key.label("tag")).where(told_here(audience))
        others = (
            select(tag_aliases.c.name, tag_aliases.c.key, tags.c.key.label("tag"))
            .join_from(tag_aliases, tags, tags.c.id == tag_aliases.c.tag_id)
            .where(told_here(audience), alias_told(audience))
        )
        rows = (*self._connection.execute(own), *self._connection.execute(others))
        return tuple((Tag(row.name, row.key), row.tag) for row in rows)

    def counted(self, audience: Audience, keys: Collection[str] | None = None) -> tuple[TagCount, ...]:
        """The tags that the audience sees, or those of them with these keys, most used first, then by key."""
        number = func.count(note_tags.c.note_id.distinct()).label("notes")
        if keys is None:
            uses = (
                select(note_tags.c.tag_id, number)
                .where(note_tags.c.workspace == audience.workspace, seen(note_tags, audience))
                .where(note_tags.c.note_id.in_(notes_seen(audience)))
                .group_by(note_tags.c.tag_id)
                .subquery()
            )
            counted = select(tags.c.name, tags.c.key, uses.c.notes).join(uses, uses.c.tag_id == tags.c.id)
        else:
            counted = (
                select(tags.c.name, tags.c.key, number)
                .join_from(note_tags, tags, tags.c.id == note_tags.c.tag_id)
                .join(notes, notes.c.id == note_tags.c.note_id)
                .where(seen(note_tags, audience), seen_note(audience))
                .where(tags.c.workspace == audience.workspace, tags.c.key.in_(list(keys)))
                .group_by(tags.c.id, tags.c.name, tags.c.key)
            )
        found = [TagCount(Tag(row.name, row.key), row.notes) for row in self._connection.execute(counted)]
        return tuple(sorted(found, key=lambda one: (-one.notes, one.tag.key)))

    def suggest(self, audience: Audience, typed: str, limit: int) -> tuple[Tag, ...]:
        """Up to `limit` tags that the audience sees with the folded `typed` in one of their names."""
        if not typed:
            return self._suggested(audience, (), limit)
        first = self._suggested(audience, (self._named(audience, typed, begins=True),), limit)
        if len(first) == limit:
            return first
        inside = self._suggested(audience, (self._named(audience, typed, begins=False),), limit)
        return tuple(dict.fromkeys((*first, *inside)))[:limit]

    def _suggested(self, audience: Audience, only: Iterable[ColumnElement[bool]], limit: int) -> tuple[Tag, ...]:
        """The most used tags that are seen: walked in this order, so that few of their uses are looked at."""
        chosen = (
            select(tags.c.name, tags.c.key)
            .where(told_here(audience), *only)
            .order_by(tags.c.uses.desc(), tags.c.id.desc())
            .limit(limit)
        )
        return tuple(Tag(row.name, row.key) for row in self._connection.execute(chosen))

    def _named(self, audience: Audience, typed: str, *, begins: bool) -> ColumnElement[bool]:
        def fits(key: ColumnElement[str]) -> ColumnElement[bool]:
            if begins:
                return func.substr(key, 1, len(typed)) == typed
            return contains(self._connection, key, literal(typed))

        others = select(tag_aliases.c.tag_id).where(
            tag_aliases.c.workspace == audience.workspace, fits(tag_aliases.c.key), alias_told(audience)
        )
        return or_(fits(tags.c.key), tags.c.id.in_(others))

    # What was refused

    def refuse(self, workspace: str, key: str, others: Iterable[str]) -> None:
        """Remember that the tag `key` is none of the `others`."""
        pairs = (sorted((key, other)) for other in others)
        rows = [{"workspace": workspace, "key": one, "other": another} for one, another in pairs]
        make_sure(self._connection, tag_refusals, *rows)

    def refused(self, workspace: str, key: str) -> frozenset[str]:
        """The keys of which somebody has said that the tag `key` is another one, or the other way round."""
        either = or_(tag_refusals.c.key == key, tag_refusals.c.other == key)
        pairs = select(tag_refusals.c.key, tag_refusals.c.other).where(
            tag_refusals.c.workspace == workspace, either
        )
        return frozenset(row.other if row.key == key else row.key for row in self._connection.execute(pairs))

    # Names

    def rename(self, audience: Audience, key: str, new: Tag, keep: bool = True) -> Renaming:
        """Give a tag another name and key; `keep` the old ones as its other name, or not. Stamps its notes.

        A tag with the new key that the audience does not see becomes one with it. What was its own is returned.
        """
        hold_workspace(self._connection, audience.workspace)
        one, there = self._row(audience.workspace, key), self._row(audience.workspace, new.key)
        done = Renaming(one.name, new.name)
        if there is not None and there.id != one.id:
            done = replace(self._join(audience, one, there), new=new.name)
            one = there
        elif new.key != key and keep:
            self._keep_name(audience, one, one.id)
        self._connection.execute(update(tags).where(tags.c.id == one.id).values(key=new.key, name=new.name))
        # A name that the tag has had before is its name again.
        had = self._connection.execute(
            delete(tag_aliases).where(tag_aliases.c.tag_id == one.id, tag_aliases.c.key == new.key)
        )
        self._stamp(one.id)
        return replace(done, fresh=not had.rowcount)

    def part(self, audience: Audience, key: str, own: Renaming, old: Tag) -> None:
        """Let what still is the tag `key`'s of this be the tag `old`'s again, with which it had become one."""
        hold_workspace(self._connection, audience.workspace)
        make_sure(self._connection, tags, {"workspace": audience.workspace, "key": old.key, "name": old.name})
        whole, one = self._row(audience.workspace, key), self._row(audience.workspace, old.key)
        theirs = and_(among(self._connection, tags.c.id, own.merged), tags.c.merged_into == whole.id)
        self._connection.execute(update(tags).where(theirs).values(merged_into=one.id))
        self._connection.execute(update(tags).where(tags.c.id == one.id).values(name=old.name, merged_into=None))
        self._connection.execute(
            delete(tag_aliases).where(tag_aliases.c.tag_id == whole.id, tag_aliases.c.key == old.key)
        )
        for rows, ids, which in (
            (note_tags, own.uses, ("note_id", "channel")),
            (tag_groupings, own.groups, ("channel",)),
            (tag_descriptions, own.descriptions, ("channel",)),
        ):
            self._give_back(rows, among(self._connection, rows.c.id, ids), whole.id, one.id, which)
        self._give_back(tag_aliases, tag_aliases.c.key.in_(own.names), whole.id, one.id, ("key",))
        count_uses(self._connection, [one.id, whole.id])
        for parted in (one.id, whole.id):
            index(self._connection, _carrying(parted))
            self._stamp(parted)

    def merge(self, audience: Audience, key: str, into: str) -> None:
        """Make two tags one. Every use keeps who set it, where and when; stamps the notes concerned."""
        hold_workspace(self._connection, audience.workspace)
        one, other = self._row(audience.workspace, key), self._row(audience.workspace, into)
        self._join(audience, one, other)
        self._stamp(other.id)

    def alias(self, audience: Audience, other: Tag, key: str) -> None:
        """Give a tag another name by which it is found too."""
        hold_workspace(self._connection, audience.workspace)
        # What stood on the pages under this name still leads somewhere: to the tag that has the name now.
        published = other.key in self.moved(audience.workspace)
        self.unalias(audience, other.key)
        tag = self._row(audience.workspace, key)
        row = {"workspace": audience.workspace, "key": other.key, "tag_id": tag.id, "name": other.name}
        row |= {"channel": audience.channel or "", "published": published}
        make_sure(self._connection, tag_aliases, row)
        count_change(self._connection, audience.workspace)

    def unalias(self, audience: Audience, other: str) -> Tag | None:
        """Take another name from the tag that the audience sees by it. Returns the tag, None if there is none."""
        hold_workspace(self._connection, audience.workspace)
        tag = meant(self._connection, audience, [other]).get(other)
        if tag is None or tag.key == other:
            return None
        mine = and_(
            tag_aliases.c.workspace == audience.workspace,
            tag_aliases.c.key == other,
            tag_aliases.c.tag_id == tag.id,
        )
        self._connection.execute(delete(tag_aliases).where(mine))
        count_change(self._connection, audience.workspace)
        return Tag(tag.name, tag.key)

    def _give_back(
        self, rows: Table, own: ColumnElement[bool], whole: int, one: int, which: Collection[str]
    ) -> None:
        """Let a tag's `own` rows be those of `one` again, but where it has such a row by now."""
        newer = rows.alias("newer")
        alike = and_(*(newer.c[name] == rows.c[name] for name in which))
        there = select(newer.c.tag_id).where(newer.c.tag_id == one, alike).correlate(rows)
        self._connection.execute(
            update(rows).where(rows.c.tag_id == whole, own, ~there.exists()).values(tag_id=one)
        )

    def _join(self, audience: Audience, one: Row[Any], other: Row[Any]) -> Renaming:
        """What `one` has and had, `other` has from now on. Returns what was `one`'s own."""
        self._keep_name(audience, one, other.id)
        uses = self._move_uses(one.id, other.id)
        index(self._connection, _carrying(other.id))
        theirs = tag_aliases.alias("theirs")
        keys = select(theirs.c.key).where(theirs.c.tag_id == other.id)
        published = select(theirs.c.key).where(theirs.c.tag_id == one.id, theirs.c.published)
        self._connection.execute(
            update(tag_aliases)
            .where(tag_aliases.c.tag_id == other.id, tag_aliases.c.key.in_(published))
            .values(published=True)
        )
        names = self._move(tag_aliases.c.key, one.id, other.id, tag_aliases.c.key.not_in(keys))
        words = []
        for said in (tag_groupings, tag_descriptions):
            own, anybody = said.alias("own"), Audience(audience.workspace)
            # What hides one's words from somebody must be seen by them too.
            there = or_(
                own.c.channel == said.c.channel, and_(told_of_tag(own, anybody), told_of_tag(said, anybody))
            )
            told = select(own.c.id).where(own.c.tag_id == other.id, there).correlate(said)
            words.append(self._move(said.c.id, one.id, other.id, ~told.exists()))
        part = or_(tags.c.id == one.id, tags.c.merged_into == one.id)
        merged = update(tags).where(part).values(merged_into=other.id).returning(tags.c.id)
        before = [tag_id for tag_id in self._connection.scalars(merged) if tag_id not in (one.id, other.id)]
        self._connection.execute(update(tags).where(tags.c.id == other.id).values(merged_into=None))
        count_uses(self._connection, [one.id, other.id])
        groups, descriptions = words
        return Renaming(one.name, other.name, uses, before, names, groups, descriptions)

    def _move(self, named: Column[Any], one: int, other: int, which: ColumnElement[bool]) -> Sequence[Any]:
        """Move the rows of a column's table. Returns by what the column names those that moved."""
        rows = named.table
        moving = update(rows).where(rows.c.tag_id == one, which).values(tag_id=other).returning(named)
        moved = self._connection.scalars(moving).all()
        self._connection.execute(delete(rows).where(rows.c.tag_id == one))
        return moved

    def _move_uses(self, one: int, other: int) -> Sequence[int]:
        """Of two uses on one note in one channel the older stays; then nothing stands in the way of the rest.

        Returns which moved.
        """
        older, newer = note_tags.alias("older"), note_tags.alias("newer")
        both = (
            select(newer.c.id)
            .join_from(newer, older, and_(older.c.note_id == newer.c.note_id, older.c.channel == newer.c.channel))
            .where(newer.c.tag_id.in_([one, other]), older.c.tag_id.in_([one, other]))
            .where(
                older.c.tag_id != newer.c.tag_id,
                or_(
                    older.c.tagged_at < newer.c.tagged_at,
                    and_(older.c.tagged_at == newer.c.tagged_at, older.c.id < newer.c.id),
                ),
            )
        )
        self._connection.execute(delete(note_tags).where(note_tags.c.id.in_(both)))
        moving = update(note_tags).where(note_tags.c.tag_id == one).values(tag_id=other)
        return self._connection.scalars(moving.returning(note_tags.c.id)).all()

    def _keep_name(self, audience: Audience, one: Row[Any], tag_id: int) -> None:
        """The name of `one` is from now on another name of the tag `tag_id`."""
        public = Audience(audience.workspace)
        published = self.counted(public, [one.key])
        kept = insert(self._connection, tag_aliases).values(
            workspace=audience.workspace,
            key=one.key,
            tag_id=tag_id,
            name=one.name,
            channel=audience.channel or "",
            published=bool(published),
        )
        both = or_(tag_aliases.c.published, kept.excluded.published)
        self._connection.execute(
            kept.on_conflict_do_update(
                index_elements=["workspace", "key", "tag_id"], set_={"published": both, "name": one.name}
            )
        )

    def moved(self, workspace: str) -> Mapping[str, str]:
        """The keys under which tags stood on the published pages, and the keys that these tags have now."""
        there = (
            select(tag_aliases.c.key.label("old"), tags.c.key.label("new"))
            .join_from(tag_aliases, tags, tags.c.id == tag_aliases.c.tag_id)
            .where(tag_aliases.c.workspace == workspace, tag_aliases.c.published)
            .order_by(tags.c.id)
        )
        return {row.old: row.new for row in self._connection.execute(there)}

    def moved_names(self, workspace: str) -> Mapping[str, str]:
        """The names that tags had there, by the keys under which they stood."""
        there = (
            select(tag_aliases.c.key, tag_aliases.c.name)
            .where(tag_aliases.c.workspace == workspace, tag_aliases.c.published)
            .order_by(tag_aliases.c.tag_id)
        )
        return {row.key: row.name for row in self._connection.execute(there)}

    def _row(self, workspace: str, key: str) -> Any:
        return self._connection.execute(
            select(tags).where(tags.c.workspace == workspace, tags.c.key == key)
        ).one_or_none()

    def _stamp(self, tag_id: int) -> None:
        stamp(self._connection, _carrying(tag_id))


def _carrying(tag_id: int) -> ColumnElement[bool]:
    return notes.c.id.in_(select(note_tags.c.note_id).where(note_tags.c.tag_id == tag_id))
