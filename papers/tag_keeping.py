"""The use cases that keep the tags of a workspace in order: renaming, merging, other names, groups, descriptions.

A tag is one label of the whole workspace, so it is renamed for all: also on notes in private channels that the
person does not see. Renamed for some only, one tag would silently become two, and those who do not see the
other could never make them one again. It tells nobody what they may not know: who sees which note is as before,
and the new name was typed by the person, who is told before that it will show everywhere. What a person does
not see themselves they can neither rename nor merge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from papers import tags
from papers.acts import KEPT, Act, Deed, Renaming, record_staying
from papers.asker import Asker
from papers.errors import FusenError
from papers.mentions import refuse_people
from papers.note import Audience, Member, Tag, TagCount
from papers.nudges import Job, Nudge
from papers.shelf import Shelf, Shelves

LONGEST_GROUP = 60
"""A group's name has at most so many characters: it is a heading."""


LONGEST_DESCRIPTION = 300
"""So many characters say what a tag is about: a sentence or two."""


class NoSuchTag(FusenError):
    """Somebody speaks of a tag that they do not see."""

    en = "There is no tag “{typed}” here. See the tags in use: {command} tags"
    ja = "タグ「{typed}」はここにはありません。使われているタグは {command} tags で確認できます。"


class TagInUse(FusenError):
    """A new name is one that another tag has."""

    en = "“{typed}” is a tag of its own. To make the two one: {command} tidy merge {old}, {new}"
    ja = "「{typed}」は別のタグとして使われています。1 つにまとめるには: {command} tidy merge {old}, {new}"


class NoGroupName(FusenError):
    """A group without a name, with one too long, or without tags."""

    en = "A group needs a name of 1 to {longest} characters, and at least one tag."
    ja = "グループには 1〜{longest} 文字の名前と、1 つ以上のタグが必要です。"

    def __init__(self) -> None:
        super().__init__(longest=LONGEST_GROUP)


class LongDescription(FusenError):
    """A description that is more than one."""

    en = "That is too long: say what the tag is about in {longest} characters at most."
    ja = "長すぎます。タグの説明は {longest} 文字以内で入力してください。"

    def __init__(self) -> None:
        super().__init__(longest=LONGEST_DESCRIPTION)


@dataclass(frozen=True, slots=True)
class Plan:
    """What renaming or merging would do: from which tag, as its people count it, to which name.

    `merges` if the new name is that of another tag.
    """

    old: TagCount
    new: Tag
    merges: bool


@dataclass(frozen=True, slots=True)
class Renamed:
    """A tag was given another name, or became one with another. `notes` counts those that the person sees.

    `changed` is false if it was so already.
    """

    by: Member
    old: Tag
    new: Tag
    notes: int
    merged: bool
    changed: bool = True


class TagKeeping:
    """The order in the tags of all workspaces."""

    def __init__(self, shelves: Shelves, nudge: Nudge, now: Callable[[], datetime]) -> None:
        self._shelves = shelves
        self._nudge = nudge
        self._now = now

    def plan(self, asker: Asker, old: Tag, new: Tag) -> Plan:
        """What would come of giving the tag `old` the name `new`. Raises NoSuchTag or PersonInName."""
        with self._shelves.reading() as shelf:
            one = _known(shelf, asker.audience, old)
            other = shelf.tags.known(asker.audience, [new.key]).get(new.key)
            if other is None:
                refuse_people(shelf, asker.workspace, new.name)
            counted = shelf.tags.counted(asker.audience, [one.key])
        there = other is not None and other.key != one.key
        return Plan(next(iter(counted), TagCount(one, 0)), other if other and there else new, there)

    def rename(self, asker: Asker, old: Tag, new: Tag) -> Renamed:
        """Give a tag another name, for all. Doing it twice is doing it once.

        Raises NoSuchTag, TagInUse or PersonInName.
        """
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            by = shelf.directory.member(asker.workspace, asker.member)
            one = _known(shelf, asker.audience, old)
            other = shelf.tags.known(asker.audience, [new.key]).get(new.key)
            if other is not None and other.key != one.key:
                raise TagInUse(typed=other.name, old=one.name, new=other.name)
            notes = _notes(shelf, asker.audience, one)
            if one == new:
                return Renamed(by, old, one, notes, merged=False, changed=False)
            if other is None:
                refuse_people(shelf, asker.workspace, new.name)
            undone = self._undone(shelf, asker, Deed.RENAME, Renaming(one.name, new.name))
            if undone and undone.uses:
                shelf.tags.part(asker.audience, one.key, undone, new)
            else:
                done = shelf.tags.rename(asker.audience, one.key, new)
                if undone is None:
                    self._remember(shelf, asker, Deed.RENAME, done)
        self._changed()
        return Renamed(by, one, new, notes, merged=False)

    def merge(self, asker: Asker, old: Tag, into: Tag) -> Renamed:
        """Make two tags one, under the name of the second. Doing it twice is doing it once. Raises NoSuchTag."""
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            by = shelf.directory.member(asker.workspace, asker.member)
            one, other = _known(shelf, asker.audience, old), _known(shelf, asker.audience, into)
            notes = _notes(shelf, asker.audience, one)
            if one.key == other.key:
                return Renamed(by, old, other, notes, merged=True, changed=False)
            shelf.tags.merge(asker.audience, one.key, other.key)
            done = Renaming(one.name, other.name)
            if self._undone(shelf, asker, Deed.MERGE, done) is None:
                self._remember(shelf, asker, Deed.MERGE, done)
        self._changed()
        return Renamed(by, one, other, notes, merged=True)

    def alias(self, asker: Asker, other_name: Tag, tag: Tag) -> Tag:
        """Let a tag be found by another name too. Returns the tag.

        Raises NoSuchTag, TagInUse or PersonInName.
        """
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            one = _known(shelf, asker.audience, tag)
            there = shelf.tags.known(asker.audience, [other_name.key]).get(other_name.key)
            if there is not None and there.key == other_name.key:
                raise TagInUse(typed=there.name, old=there.name, new=one.name)
            refuse_people(shelf, asker.workspace, other_name.name)
            shelf.tags.alias(asker.audience, other_name, one.key)
            back = [f"tidy unalias {other_name.name}"]
            if there is not None:
                back = [] if there.key == one.key else [f"tidy alias {other_name.name}, {there.name}"]
            self._stays(shelf, asker, f"tidy alias {other_name.name}, {one.name}", back)
        self._nudge(Job.PUBLISH_PAGES)
        return one

    def other_names(self, asker: Asker, tag: Tag) -> tuple[Tag, tuple[str, ...]]:
        """The tag, and by which other names it is found, as far as the person may know them. Raises NoSuchTag."""
        with self._shelves.reading() as shelf:
            one = _known(shelf, asker.audience, tag)
            names = shelf.tags.names(asker.audience)
        return one, tuple(sorted(name.name for name, key in names if key == one.key and name.key != key))

    def unalias(self, asker: Asker, other_name: Tag) -> Tag:
        """Take another name from its tag. Returns the tag. Raises NoSuchTag if it is no other name."""
        with self._shelves.writing() as shelf:
            tag = shelf.tags.unalias(asker.audience, other_name.key)
            if tag is None:
                raise NoSuchTag(typed=other_name.name)
            name = other_name.name
            self._stays(shelf, asker, f"tidy unalias {name}", [f"tidy alias {name}, {tag.name}"])
        self._nudge(Job.PUBLISH_PAGES)
        return tag

    def group(self, asker: Asker, name: str, typed: Sequence[Tag]) -> tuple[str, tuple[Tag, ...]]:
        """Put tags into a group, made if it is not there. Returns the group as it is called, and the tags.

        Raises NoSuchTag, NoGroupName, InvalidTag or PersonInName.
        """
        group = tags.tag(name)  # what can be a tag's name can be a group's
        if len(group.name) > LONGEST_GROUP:
            raise NoGroupName
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            found = tuple(dict.fromkeys(_known(shelf, asker.audience, tag) for tag in typed))
            refuse_people(shelf, asker.workspace, group.name)
            before = shelf.tags.groups(asker.audience)
            called = next((one for one in before.values() if tags.fold(one) == group.key), group.name)
            shelf.tags.group(asker.audience, [tag.key for tag in found], called)
            self._stays(shelf, asker, _grouping(called, found), _regrouping(before, found, called))
        self._nudge(Job.PUBLISH_PAGES)
        return called, found

    def ungroup(self, asker: Asker, typed: Sequence[Tag]) -> tuple[Tag, ...]:
        """Take tags out of their groups. Returns the tags. Raises NoSuchTag."""
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            found = tuple(dict.fromkeys(_known(shelf, asker.audience, tag) for tag in typed))
            before = shelf.tags.groups(asker.audience)
            shelf.tags.group(asker.audience, [tag.key for tag in found], "")
            self._stays(shelf, asker, _grouping("", found), _regrouping(before, found, ""))
        self._nudge(Job.PUBLISH_PAGES)
        return found

    def describe(self, asker: Asker, typed: Tag, text: str) -> tuple[Tag, str, bool]:
        """Say what a tag is about; nothing said takes it away.

        Returns the tag, the text on one line, and whether something was said of the tag before.

        Raises NoSuchTag or LongDescription.
        """
        said = " ".join(text.split())
        if len(said) > LONGEST_DESCRIPTION:
            raise LongDescription
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            tag = _known(shelf, asker.audience, typed)
            before = shelf.tags.descriptions(asker.audience).get(tag.key, "")
            shelf.tags.describe(asker.audience, tag.key, said)
            if said or before:
                back = [] if said == before else [_describing(tag, before)]
                self._stays(shelf, asker, _describing(tag, said), back)
        self._nudge(Job.PUBLISH_PAGES)
        return tag, said, bool(before)

    def _undone(self, shelf: Shelf, asker: Asker, deed: Deed, done: Renaming) -> Renaming | None:
        """The act that is undone by doing this: what names a tag back is no act of its own."""
        for act in shelf.acts.last(asker, self._now() - KEPT):
            if act.deed is deed:
                before = Renaming(**act.facts)
                if (before.old, before.new) == (done.new, done.old):
                    shelf.acts.remove(act.id)
                    return before
        return None

    def _remember(self, shelf: Shelf, asker: Asker, deed: Deed, done: Renaming) -> None:
        act = Act(deed, None, asker.origin, asdict(done))
        shelf.acts.record(asker, act, self._now())

    def _stays(self, shelf: Shelf, asker: Asker, did: str, back: Iterable[str]) -> None:
        record_staying(shelf.acts, asker, did, back, self._now())

    def _changed(self) -> None:
        self._nudge(Job.REFRESH_CARDS)
        self._nudge(Job.PUBLISH_PAGES)


def _known(shelf: Shelf, audience: Audience, typed: Tag) -> Tag:
    tag = shelf.tags.known(audience, [typed.key]).get(typed.key)
    if tag is None:
        raise NoSuchTag(typed=typed.name)
    return tag


def _notes(shelf: Shelf, audience: Audience, tag: Tag) -> int:
    return sum(one.notes for one in shelf.tags.counted(audience, [tag.key]))


def _grouping(group: str, found: Iterable[Tag]) -> str:
    """What is typed to put the tags into a group, or into none."""
    names = ", ".join(tag.name for tag in found)
    return f"tidy group {group}: {names}" if group else f"tidy ungroup {names}"


def _regrouping(before: Mapping[str, str], found: Sequence[Tag], now: str) -> list[str]:
    """What is typed to put the tags back from the group `now` into those in which they were `before`, by keys."""
    moved = [tag for tag in found if before.get(tag.key, "") != now]
    groups = dict.fromkeys(before.get(tag.key, "") for tag in moved)
    return [_grouping(group, [tag for tag in moved if before.get(tag.key, "") == group]) for group in groups]


def _describing(tag: Tag, text: str) -> str:
    """What is typed to describe the tag. Without the words: who is forgotten is named in them, and not here."""
    return f"tidy describe {tag.name}: …" if text else f"tidy describe {tag.name}:"
