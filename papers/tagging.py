"""The use cases of tags: putting them on notes and taking them off, each as one writing transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from papers import pointing, tags
from papers.acts import Act, Deed
from papers.errors import TagNotThere
from papers.note import Audience, Note, Tag, TagCount
from papers.notebook import Asker
from papers.nudges import Job, Nudge
from papers.shelf import Shelf, Shelves


@dataclass(frozen=True, slots=True)
class Tagged:
    """A note with its tags as they are now, and which of them are new or gone."""

    note: Note
    tags: tuple[Tag, ...]


class Tagging:
    """The tags of all workspaces."""

    def __init__(self, shelves: Shelves, nudge: Nudge, now: Callable[[], datetime]) -> None:
        self._shelves = shelves
        self._nudge = nudge
        self._now = now

    def tag(self, asker: Asker, note_id: int, typed: str) -> Tagged:
        """Put the tags that somebody typed on a note. Raises InvalidTag, or UnknownPaper if it is not seen."""
        chosen = tags.tags(typed)
        with self._shelves.writing() as shelf:
            pointing.by_id(shelf, asker.audience, note_id)
            added = shelf.notes.tag(note_id, chosen, asker.member, asker.channel, self._now())
            self._remember(shelf, asker, note_id, added)
            note = pointing.by_id(shelf, asker.audience, note_id)
        self._changed()
        return Tagged(note, added)

    def untag(self, asker: Asker, note_id: int, typed: str) -> Tagged:
        """Take tags off a note. Raises InvalidTag, TagNotThere, or UnknownPaper if it is not seen."""
        chosen = tags.tags(typed)
        with self._shelves.writing() as shelf:
            before = pointing.by_id(shelf, asker.audience, note_id)
            uses = shelf.notes.uses(note_id)
            removed = shelf.notes.untag(note_id, [tag.key for tag in chosen])
            if not removed:
                raise TagNotThere(title=before.paper.title, typed=", ".join(tag.name for tag in chosen))
            left = set(shelf.notes.uses(note_id))
            gone = [[use.tag, use.member, use.channel, use.at.isoformat()] for use in uses if use not in left]
            act = Act(Deed.UNTAG, note_id, asker.origin, {"uses": gone})
            shelf.acts.record(asker.workspace, asker.channel, asker.member, act, self._now())
            note = pointing.by_id(shelf, asker.audience, note_id)
        self._changed()
        return Tagged(note, removed)

    def take_back_tags(self, asker: Asker, note_id: int, keys: Sequence[str]) -> Tagged:
        """Take off the tags with these folded keys that the asker put on a note in this channel.

        Raises TagNotThere if none is left, or UnknownPaper if the note is not seen.
        """
        with self._shelves.writing() as shelf:
            removed = _taken_back(shelf, asker, note_id, keys)
            note = pointing.by_id(shelf, asker.audience, note_id)
        self._changed()
        return Tagged(note, removed)

    def move_tags(self, asker: Asker, note_id: int, keys: Sequence[str], other_id: int) -> Tagged:
        """Move the tags that the asker put on a note in this channel to another note. Returns that one.

        Raises TagNotThere if none is left to be moved, or UnknownPaper if either note is not seen.
        """
        with self._shelves.writing() as shelf:
            moved = _taken_back(shelf, asker, note_id, keys)
            pointing.by_id(shelf, asker.audience, other_id)
            added = shelf.notes.tag(other_id, moved, asker.member, asker.channel, self._now())
            self._remember(shelf, asker, other_id, added)
            note = pointing.by_id(shelf, asker.audience, other_id)
        self._changed()
        return Tagged(note, added)

    def tags(self, audience: Audience) -> tuple[TagCount, ...]:
        """The tags that the audience sees, most used first."""
        with self._shelves.reading() as shelf:
            return shelf.notes.tags(audience)

    def _remember(self, shelf: Shelf, asker: Asker, note_id: int, added: Sequence[Tag]) -> None:
        if added:
            act = Act(Deed.TAG, note_id, asker.origin, {"keys": [tag.key for tag in added]})
            shelf.acts.record(asker.workspace, asker.channel, asker.member, act, self._now())

    def _changed(self) -> None:
        self._nudge(Job.TELL_FOLLOWERS)
        self._nudge(Job.REFRESH_CARDS)
        self._nudge(Job.PUBLISH_PAGES)


def _taken_back(shelf: Shelf, asker: Asker, note_id: int, keys: Sequence[str]) -> tuple[Tag, ...]:
    note = pointing.by_id(shelf, asker.audience, note_id)
    removed = shelf.notes.untag_own(note_id, keys, asker.member, asker.channel)
    if not removed:
        raise TagNotThere(title=note.paper.title, typed=", ".join(keys))
    return removed
