"""The use cases of reactions: an emoji under a paper's message does what a verb does, and undoes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from papers import pointing, tags
from papers.acts import record_staying
from papers.asker import Asker
from papers.emoji import (
    MOST,
    ActingReaction,
    EmojiVerb,
    Meaning,
    Reaction,
    TooManyEmoji,
    as_typed,
    effective,
)
from papers.mentions import refuse_people
from papers.note import Audience, Note
from papers.nudges import Job, Nudge
from papers.readers import claim, read
from papers.shelf import Shelf, Shelves


class Reactions:
    """The reactions in all workspaces."""

    def __init__(self, shelves: Shelves, nudge: Nudge, now: Callable[[], datetime]) -> None:
        self._shelves = shelves
        self._nudge = nudge
        self._now = now

    def concerns(self, reaction: Reaction) -> bool:
        """Whether the reaction can matter: its emoji means something, or has done something."""
        with self._shelves.reading() as shelf:
            return _meaning(shelf, reaction) is not None or shelf.reactions.stands(reaction)

    def acts_on(self, reaction: Reaction) -> bool:
        """Whether the reaction is under a message about one paper, and its emoji means something."""
        with self._shelves.reading() as shelf:
            return _meaning(shelf, reaction) is not None and _note(shelf, reaction) is not None

    def come(self, reaction: Reaction) -> None:
        """A member reacted: do what the emoji stands for, once.

        Nothing where it is about no paper, or several, or of one who asked to be forgotten afterwards.
        """
        now, workspace = self._now(), reaction.message.workspace
        with self._shelves.writing() as shelf:
            meaning, note = _meaning(shelf, reaction), _note(shelf, reaction)
            if meaning is None or note is None:
                return
            shelf.tags.hold(workspace)  # nobody is forgotten from here on
            if shelf.oblivion.is_forgotten(workspace, reaction.member, reaction.at):
                return
            standing = ActingReaction(reaction, note.id, meaning, now)
            if not shelf.reactions.come(standing):
                return
            DO[meaning.verb](shelf, standing, now)
        self._changed()

    def go(self, reaction: Reaction) -> None:
        """A member took their reaction away: undo what it did, and nothing else.

        Nothing where they asked to be forgotten afterwards.
        """
        now, workspace = self._now(), reaction.message.workspace
        with self._shelves.writing() as shelf:
            note = _note(shelf, reaction)
            shelf.tags.hold(workspace)  # nobody is forgotten from here on
            if shelf.oblivion.is_forgotten(workspace, reaction.member, reaction.at):
                return
            stood = shelf.reactions.go(reaction, remember=note is not None)
            if stood is None:
                return
            UNDO[stood.meaning.verb](shelf, stood, now)
        self._changed()

    def meanings(self, audience: Audience) -> Mapping[str, Meaning]:
        """What emoji mean in the workspace, by name; a tag that the audience sees by its name of today."""
        with self._shelves.reading() as shelf:
            meanings = effective(shelf.reactions.meanings(audience.workspace))
            return {emoji: _today(shelf, audience, meaning) for emoji, meaning in meanings.items()}

    def settle(self, asker: Asker, emoji: str, meaning: Meaning | None) -> None:
        """From now on the emoji means this in the workspace, or nothing. Raises TooManyEmoji or PersonInName."""
        workspace = asker.workspace
        with self._shelves.writing() as shelf:
            shelf.tags.hold(workspace)
            refuse_people(shelf, workspace, meaning.words if meaning else "")
            said = shelf.reactions.meanings(workspace)
            if len(said) >= MOST and emoji not in said:
                raise TooManyEmoji
            shelf.reactions.settle(workspace, emoji, meaning)
            before = effective(said).get(emoji)
            if before is not None:
                before = _today(shelf, asker.audience, before)
            back = [] if before == meaning else [as_typed(emoji, before)]
            record_staying(shelf.acts, asker, as_typed(emoji, meaning), back, self._now())

    def _changed(self) -> None:
        self._nudge(Job.REFRESH_CARDS)
        self._nudge(Job.PUBLISH_PAGES)


def _meaning(shelf: Shelf, reaction: Reaction) -> Meaning | None:
    return effective(shelf.reactions.meanings(reaction.message.workspace)).get(reaction.emoji)


def _today(shelf: Shelf, audience: Audience, meaning: Meaning) -> Meaning:
    """The meaning with the names that its tags have now."""
    typed = tags.tags(meaning.words) if meaning.words else ()
    known = shelf.tags.known(audience, [tag.key for tag in typed]) if typed else {}
    return replace(meaning, words=", ".join(dict.fromkeys(known.get(tag.key, tag).name for tag in typed)))


def _note(shelf: Shelf, reaction: Reaction) -> Note | None:
    audience = Audience(reaction.message.workspace, reaction.message.channel)
    return pointing.by_sight(shelf, audience, reaction.message)


def _asker(reaction: Reaction) -> Asker:
    message = reaction.message
    return Asker(message.workspace, message.channel, reaction.member, reaction.origin)


def _tag(shelf: Shelf, standing: ActingReaction, now: datetime) -> None:
    by = standing.reaction
    shelf.notes.tag(standing.note_id, tags.tags(standing.meaning.words), by.member, by.message.channel, now)


def _untag(shelf: Shelf, stood: ActingReaction, now: datetime) -> None:
    _take_off(shelf, stood)
    # A tag stands on a note once. If others have put it there in the same way, theirs takes its place.
    for other in shelf.reactions.beside(stood):
        _take_off(shelf, other)
        _tag(shelf, other, now)
        shelf.reactions.renew(ActingReaction(other.reaction, other.note_id, other.meaning, now))


def _take_off(shelf: Shelf, stood: ActingReaction) -> None:
    by = stood.reaction
    shelf.notes.untag_set(stood.note_id, by.member, by.message.channel, stood.done_at)


def _claim(shelf: Shelf, standing: ActingReaction, now: datetime) -> None:
    claim(shelf, _asker(standing.reaction), standing.note_id, now)


def _put_down(shelf: Shelf, stood: ActingReaction, _now: datetime) -> None:
    shelf.readers.put_down(stood.note_id, stood.reaction.member, stood.reaction.origin)


def _read(shelf: Shelf, standing: ActingReaction, now: datetime) -> None:
    read(shelf, _asker(standing.reaction), standing.note_id, now)


def _unread(shelf: Shelf, stood: ActingReaction, _now: datetime) -> None:
    shelf.readers.mark_unread(stood.note_id, stood.reaction.member, stood.reaction.origin)


Deed = Callable[[Shelf, ActingReaction, datetime], None]
DO: Mapping[EmojiVerb, Deed] = {EmojiVerb.TAG: _tag, EmojiVerb.READING: _claim, EmojiVerb.READ: _read}
UNDO: Mapping[EmojiVerb, Deed] = {
    EmojiVerb.TAG: _untag,
    EmojiVerb.READING: _put_down,
    EmojiVerb.READ: _unread,
}
