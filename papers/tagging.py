"""The use cases of tags: putting them on notes and taking them off, each as one writing transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from papers import nearness, pointing, tags
from papers.acts import Act, Deed
from papers.asker import Asker
from papers.errors import TagNotThere
from papers.mentions import refuse_new_people
from papers.note import Audience, Note, Tag, TagCount
from papers.nudges import Job, Nudge
from papers.shelf import Shelf, Shelves

CANDIDATES = 3
"""How many tags are asked about for one that was typed."""


@dataclass(frozen=True, slots=True)
class Question:
    """Somebody typed a tag that is not there yet, but others like it are: the likeliest first."""

    typed: Tag
    near: tuple[TagCount, ...]


@dataclass(frozen=True, slots=True)
class Tagged:
    """A note with its tags as they are now, which of them are new or gone, and what has to be asked first.

    `clear` is false where every tag has to be asked about.
    """

    note: Note
    tags: tuple[Tag, ...]
    questions: tuple[Question, ...] = ()
    clear: bool = True


class Tagging:
    """The tags of all workspaces."""

    def __init__(self, shelves: Shelves, nudge: Nudge, now: Callable[[], datetime]) -> None:
        self._shelves = shelves
        self._nudge = nudge
        self._now = now

    def tag(self, asker: Asker, note_id: int, typed: str) -> Tagged:
        """Put the tags that somebody typed on a note, except those that may be meant for others like them.

        These are asked about, also if those others were typed just before. Who types one in quotation marks means
        it: it is put on the note, and nobody is asked about this pair again. Raises InvalidTag, PersonInName,
        NobodyCalled, or UnknownPaper if the note is not seen.
        """
        wishes = tags.wishes(typed)
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            pointing.by_id(shelf, asker.audience, note_id)
            refuse_new_people(shelf, asker.audience, [wish.tag for wish in wishes])
            doubts = _doubts(shelf, asker.audience, [wish.tag for wish in wishes])
            for wish in wishes:
                if wish.exactly and (near := doubts.pop(wish.tag.key, None)):
                    shelf.tags.refuse(asker.workspace, wish.tag.key, [one.tag.key for one in near.near])
            clear = [wish for wish in wishes if wish.tag.key not in doubts]
            now = self._now()
            first = [wish.tag for wish in clear if wish.exactly or not _is_alike_before(wish, clear)]
            added = shelf.notes.tag(note_id, first, asker.member, asker.channel, now)
            if rest := [wish.tag for wish in clear if wish.tag not in first]:
                doubts |= _doubts(shelf, asker.audience, rest)
                rest = [tag for tag in rest if tag.key not in doubts]
                added += shelf.notes.tag(note_id, rest, asker.member, asker.channel, now)
            _remember(shelf, asker, note_id, added, now)
            note = pointing.by_id(shelf, asker.audience, note_id)
        self._changed()
        return Tagged(note, added, tuple(doubts.values()), bool(clear))

    def untag(self, asker: Asker, note_id: int, typed: str) -> Tagged:
        """Take tags off a note. Raises InvalidTag, TagNotThere, or UnknownPaper if it is not seen."""
        chosen = tags.tags(typed)
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            before = pointing.by_id(shelf, asker.audience, note_id)
            uses = shelf.notes.uses(note_id)
            removed = shelf.notes.untag(note_id, [tag.key for tag in chosen], asker.audience)
            if not removed:
                raise TagNotThere(title=before.paper.title, typed=tuple(tag.name for tag in chosen))
            left = set(shelf.notes.uses(note_id))
            gone = [[use.tag, use.member, use.channel, use.at.isoformat()] for use in uses if use not in left]
            act = Act(Deed.UNTAG, note_id, asker.origin, {"uses": gone})
            shelf.acts.record(asker, act, self._now())
            note = pointing.by_id(shelf, asker.audience, note_id)
        self._changed()
        return Tagged(note, removed)

    def take_back_tags(self, asker: Asker, note_id: int, keys: Sequence[str]) -> Tagged:
        """Take off the tags with these folded keys that the asker put on a note in this channel.

        Raises TagNotThere if none is left, or UnknownPaper if the note is not seen.
        """
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            removed = _taken_back(shelf, asker, note_id, keys)
            note = pointing.by_id(shelf, asker.audience, note_id)
        self._changed()
        return Tagged(note, removed)

    def move_tags(self, asker: Asker, note_id: int, keys: Sequence[str], other_id: int) -> Tagged:
        """Move the tags that the asker put on a note in this channel to another note. Returns that one.

        Raises TagNotThere if none is left to be moved, or UnknownPaper if either note is not seen.
        """
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            moved = _taken_back(shelf, asker, note_id, keys)
            pointing.by_id(shelf, asker.audience, other_id)
            now = self._now()
            added = shelf.notes.tag(other_id, moved, asker.member, asker.channel, now)
            _remember(shelf, asker, other_id, added, now)
            note = pointing.by_id(shelf, asker.audience, other_id)
        self._changed()
        return Tagged(note, added)

    def tags(self, audience: Audience) -> tuple[TagCount, ...]:
        """The tags that the audience sees, most used first."""
        with self._shelves.reading() as shelf:
            return shelf.tags.counted(audience)

    def known(self, audience: Audience, typed: Sequence[str]) -> tuple[str, ...]:
        """Those of the names typed that are tags which the audience sees, whatever they hold."""
        keys = {name: tags.fold(name.lstrip("#＃")) for name in typed}
        with self._shelves.reading() as shelf:
            found = shelf.tags.known(audience, list(keys.values()))
        return tuple(name for name, key in keys.items() if key in found)

    def near(self, audience: Audience, typed: str) -> tuple[Question, ...]:
        """What may be meant by typed tags that the audience does not see. Raises InvalidTag."""
        with self._shelves.reading() as shelf:
            return tuple(_doubts(shelf, audience, tags.tags(typed)).values())

    def suggest(self, audience: Audience, typed: str, limit: int) -> tuple[Tag, ...]:
        """Up to `limit` tags that the audience sees with what was typed in their names, the likeliest first."""
        with self._shelves.reading() as shelf:
            return shelf.tags.suggest(audience, tags.fold(typed.lstrip("#＃")), limit)

    def groups(self, audience: Audience) -> Mapping[str, str]:
        """The groups of the tags that the audience sees, by the tags' keys."""
        with self._shelves.reading() as shelf:
            return shelf.tags.groups(audience)

    def moved(self, workspace: str) -> Mapping[str, str]:
        """The keys under which tags stood on the published pages, and the keys that these tags have now."""
        with self._shelves.reading() as shelf:
            return shelf.tags.moved(workspace)

    def _changed(self) -> None:
        self._nudge(Job.TELL_FOLLOWERS)
        self._nudge(Job.REFRESH_CARDS)
        self._nudge(Job.PUBLISH_PAGES)


def _is_alike_before(wish: tags.Wish, wishes: Sequence[tags.Wish]) -> bool:
    """Whether a tag is like one that was typed before it."""
    return bool(nearness.alike(wish.tag, [one.tag for one in wishes[: wishes.index(wish)]]))


def _remember(shelf: Shelf, asker: Asker, note_id: int, added: Sequence[Tag], at: datetime) -> None:
    if added:
        facts = {"keys": [tag.key for tag in added], "at": at.isoformat()}
        shelf.acts.record(asker, Act(Deed.TAG, note_id, asker.origin, facts), at)


def _taken_back(shelf: Shelf, asker: Asker, note_id: int, keys: Sequence[str]) -> tuple[Tag, ...]:
    note = pointing.by_id(shelf, asker.audience, note_id)
    removed = shelf.notes.untag_own(note_id, keys, asker.member, asker.channel)
    if not removed:
        raise TagNotThere(title=note.paper.title, typed=tuple(keys))
    return removed


def _doubts(shelf: Shelf, audience: Audience, typed: Sequence[Tag]) -> dict[str, Question]:
    """What to ask about the tags that are new to the audience, by their keys; nothing that was answered before."""
    known = shelf.tags.known(audience, [tag.key for tag in typed])
    new = [tag for tag in typed if tag.key not in known]
    names = shelf.tags.names(audience) if new else ()
    found = ((tag, _near(shelf, audience, tag, names)) for tag in new)
    return {tag.key: Question(tag, near) for tag, near in found if near}


def _near(shelf: Shelf, audience: Audience, tag: Tag, names: Sequence[tuple[Tag, str]]) -> tuple[TagCount, ...]:
    likenesses = nearness.alike(tag, [name for name, _ in names])
    if not likenesses:
        return ()
    refused = shelf.tags.refused(audience.workspace, tag.key)
    # An answer about a name that a tag had before is an answer about the tag.
    answered = {key for name, key in names if name.key in refused}
    best: dict[str, nearness.Likeness] = {}
    for name, key in names:
        if name.key in likenesses and key not in answered:
            best[key] = min(likenesses[name.key], best.get(key, likenesses[name.key]))
    if not best:
        return ()
    counted = shelf.tags.counted(audience, best)
    return tuple(sorted(counted, key=lambda one: (best[one.tag.key], -one.notes, one.tag.key))[:CANDIDATES])
