"""The use case of undoing: taking back one's own last act in a channel, one further with each time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from papers import tags
from papers.acts import KEPT, Act, Deed, Renaming, TagUse
from papers.errors import FusenError
from papers.note import Note
from papers.notebook import Asker
from papers.nudges import Job, Nudge
from papers.shelf import Shelf, Shelves

TakeBack = Callable[[Shelf, Asker, Act, int, datetime], str | None]
"""Takes an act with a note back. Returns what to name of it, perhaps nothing; None if nothing is left of it."""

TakeBackTag = Callable[[Shelf, Asker, Act], str | None]
"""The same for what was done with a tag itself."""


class NothingToUndo(FusenError):
    """Nothing that the person did in this channel can be taken back (any longer)."""

    en = "There is nothing of yours left to undo in this channel. What you do can be undone for 24 hours."
    ja = "このチャンネルで元に戻せる操作はありません。元に戻せるのは 24 時間以内の操作です。"


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back: the deed, the note as it was before (None for a tag's own), and what to name of it."""

    deed: Deed
    note: Note | None
    named: str


class Undoing:
    """Undo, for all workspaces."""

    def __init__(self, shelves: Shelves, nudge: Nudge, now: Callable[[], datetime]) -> None:
        self._shelves = shelves
        self._nudge = nudge
        self._now = now

    def undo(self, asker: Asker) -> Undone:
        """Take back the asker's last act in this channel that still stands. Raises NothingToUndo."""
        now = self._now()
        with self._shelves.writing() as shelf:
            acts = shelf.acts.last(asker.workspace, asker.channel, asker.member, now - KEPT)
            undone = next(filter(None, (_undone(shelf, asker, act, now) for act in acts)), None)
            if undone is None:
                raise NothingToUndo
        for job in (Job.REFRESH_CARDS, Job.PUBLISH_PAGES):
            self._nudge(job)
        return undone


def _undone(shelf: Shelf, asker: Asker, act: Act, now: datetime) -> Undone | None:
    shelf.acts.remove(act.id)
    if act.note_id is None:
        named = TAKE_BACK_TAGS[act.deed](shelf, asker, act)
        return None if named is None else Undone(act.deed, None, named)
    note = shelf.notes.get(act.note_id, asker.audience)
    named = TAKE_BACK[act.deed](shelf, asker, act, act.note_id, now) if note else None
    return Undone(act.deed, note, named) if note and named is not None else None


def _untag(shelf: Shelf, asker: Asker, act: Act, note_id: int, _now: datetime) -> str | None:
    removed = shelf.notes.untag_own(note_id, act.facts["keys"], asker.member, asker.channel)
    return ", ".join(tag.name for tag in removed) or None


def _tag_again(shelf: Shelf, _asker: Asker, act: Act, note_id: int, _now: datetime) -> str | None:
    uses = [
        TagUse(tag, member, channel, datetime.fromisoformat(at)) for tag, member, channel, at in act.facts["uses"]
    ]
    back = shelf.notes.put_back(note_id, uses)
    return ", ".join(tag.name for tag in back) or None


def _uncomment(shelf: Shelf, asker: Asker, act: Act, note_id: int, _now: datetime) -> str | None:
    return "" if shelf.notes.delete_comment(note_id, act.origin, asker.member) else None


def _unadd(shelf: Shelf, asker: Asker, act: Act, note_id: int, now: datetime) -> str | None:
    return "" if shelf.notes.withdraw_added(note_id, act.origin, asker.member, now) else None


def _rename_back(shelf: Shelf, asker: Asker, act: Act) -> str | None:
    shelf.tags.hold(asker.workspace)
    renaming = Renaming(**act.facts)
    old, new = tags.tag(renaming.old), tags.tag(renaming.new)
    known = shelf.tags.known(asker.audience, [old.key, new.key])
    # Whoever gave the tag yet another name since, or the old name to another tag, has the last word.
    stands = known.get(new.key) == new and known.get(old.key, new).key == new.key
    if not stands:
        return None
    shelf.tags.rename(asker.audience, new.key, old)
    return old.name


def _stay_merged(_shelf: Shelf, _asker: Asker, act: Act) -> str:
    """Which of the papers had which of the two tags is not known any more."""
    renaming = Renaming(**act.facts)
    return f"{renaming.old}, {renaming.new}"


TAKE_BACK: Mapping[Deed, TakeBack] = {
    Deed.TAG: _untag,
    Deed.UNTAG: _tag_again,
    Deed.COMMENT: _uncomment,
    Deed.ADD: _unadd,
}
"""How each deed is taken back."""

TAKE_BACK_TAGS: Mapping[Deed, TakeBackTag] = {Deed.RENAME: _rename_back, Deed.MERGE: _stay_merged}
"""The same for deeds with a tag itself."""
