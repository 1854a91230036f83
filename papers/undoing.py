"""The use cases of undoing: taking back one's own last act in a channel, or an act that a button stands for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from papers import pointing, tags
from papers.acts import KEPT, Act, Deed, Renaming, TagUse
from papers.asker import Asker
from papers.backfills import STOP_READING
from papers.errors import FusenError
from papers.follow_acts import take_back
from papers.follows import Target
from papers.note import Note, Tag
from papers.nudges import Job, Nudge
from papers.readers import claim_again
from papers.shelf import Shelf, Shelves


class NothingToUndo(FusenError):
    """Nothing that the person did in this channel can be taken back (any longer)."""

    en = "There is nothing of yours left to undo in this channel. What you do can be undone for 24 hours."
    ja = "このチャンネルで元に戻せる操作はありません。元に戻せるのは 24 時間以内の操作です。"


class UndoneAlready(FusenError):
    """This very request has taken something back before."""

    en = "That is undone already."
    ja = "それはすでに元に戻してあります。"


class TooLateToUndo(FusenError):
    """What a button is to take back is not remembered any more, or is no longer so."""

    en = "That can no longer be undone. What you did last can be undone for 24 hours."
    ja = "この操作はもう元に戻せません。元に戻せるのは、24 時間以内の最近の操作です。"


@dataclass(frozen=True, slots=True)
class Taken:
    """What to name of what was taken back: the names of tags, or what is followed, `here` if by the channel.

    Of what stays: what `did` it, and what is typed to change it `back` by hand, each without the command.
    """

    named: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()
    here: bool = False
    did: str = ""
    back: tuple[str, ...] = ()


TakeBack = Callable[[Shelf, Asker, int, Act, datetime], Taken | None]
"""Takes an act back on its note. None if there is nothing left to take back."""

TakeBackAlone = Callable[[Shelf, Asker, Act], Taken | None]
"""The same for what was done without a note."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back: the deed, the note as it was before if it concerns one, and what to name of it."""

    deed: Deed
    note: Note | None
    taken: Taken


class Undoing:
    """Undo, for all workspaces."""

    def __init__(self, shelves: Shelves, nudge: Nudge, now: Callable[[], datetime]) -> None:
        self._shelves = shelves
        self._nudge = nudge
        self._now = now

    def undo(self, asker: Asker) -> Undone:
        """Take back the asker's last act in this channel that still stands.

        One that cannot be taken back is named, and left: the next time the act before it is meant. A mention may
        be handled again: what it asks for is done once. Raises NothingToUndo or UndoneAlready.
        """
        return self._undo(asker, lambda _: True, NothingToUndo)

    def undo_renaming(self, asker: Asker, old: Tag, new: Tag) -> Undone:
        """Take back that the asker gave the tag `old` the name `new` in this channel, whatever they did since.

        Raises TooLateToUndo or UndoneAlready.
        """
        names = {"old": old.name, "new": new.name}

        def wanted(act: Act) -> bool:
            return act.deed is Deed.RENAME and names.items() <= act.facts.items()

        return self._undo(asker, wanted, TooLateToUndo)

    def undo_comment(self, asker: Asker, note_id: int, origin: str) -> Undone:
        """Take back the comment that this act of the asker made in this channel, whatever they did since.

        Raises TooLateToUndo or UndoneAlready.
        """

        def wanted(act: Act) -> bool:
            return (act.deed, act.note_id, act.origin) == (Deed.COMMENT, note_id, origin)

        return self._undo(asker, wanted, TooLateToUndo)

    def move_comment(self, asker: Asker, note_id: int, origin: str, other_id: int) -> Note:
        """Move the comment that this act of the asker made in this channel to another note. Returns that one.

        Raises TooLateToUndo if it is not there, and UnknownPaper if the other note is not seen.
        """
        now = self._now()
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            pointing.by_id(shelf, asker.audience, other_id)
            done = [
                act
                for act in shelf.acts.last(asker, now - KEPT)
                if (act.deed, act.note_id, act.origin) == (Deed.COMMENT, note_id, origin)
            ]
            if not done or not shelf.notes.move_comment(note_id, origin, asker.member, other_id):
                raise TooLateToUndo
            shelf.acts.remove(done[0].id)
            shelf.acts.record(asker, Act(Deed.COMMENT, other_id, origin), now)
            note = pointing.by_id(shelf, asker.audience, other_id)
        self._changed()
        return note

    def _undo(self, asker: Asker, wanted: Callable[[Act], bool], nothing: type[FusenError]) -> Undone:
        now = self._now()
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            acts = shelf.acts.last(asker, now - KEPT)
            if any(act.deed is Deed.UNDO and act.origin == asker.origin for act in acts):
                raise UndoneAlready
            standing = (act for act in acts if act.deed is not Deed.UNDO and wanted(act))
            undone = next(filter(None, (_undone(shelf, asker, act, now) for act in standing)), None)
            if undone is None:
                raise nothing
            act = Act(Deed.UNDO, None, asker.origin)
            shelf.acts.record(asker, act, now)
        self._changed()
        return undone

    def _changed(self) -> None:
        for job in (Job.REFRESH_CARDS, Job.REFRESH_HOMES, Job.PUBLISH_PAGES):
            self._nudge(job)


def _undone(shelf: Shelf, asker: Asker, act: Act, now: datetime) -> Undone | None:
    shelf.acts.remove(act.id)
    if act.note_id is None:
        done = TAKE_BACK_ALONE[act.deed](shelf, asker, act)
        return None if done is None else Undone(act.deed, None, done)
    note = shelf.notes.get(act.note_id, asker.audience)
    done = TAKE_BACK[act.deed](shelf, asker, note.id, act, now) if note else None
    return None if done is None else Undone(act.deed, note, done)


def _untag(shelf: Shelf, asker: Asker, note_id: int, act: Act, _now: datetime) -> Taken | None:
    # Where two tags became one, the older of their uses stays: by its moment it is known as another act's.
    at = act.facts.get("at")
    set_at = datetime.fromisoformat(at) if at else None  # acts of an older Fusen remember none
    return _names(shelf.notes.untag_own(note_id, act.facts["keys"], asker.member, asker.channel, set_at))


def _tag_again(shelf: Shelf, _asker: Asker, note_id: int, act: Act, _now: datetime) -> Taken | None:
    uses = [
        TagUse(tag, member, channel, datetime.fromisoformat(at)) for tag, member, channel, at in act.facts["uses"]
    ]
    return _names(shelf.notes.put_back(note_id, uses))


def _names(named: Sequence[Tag]) -> Taken | None:
    return Taken(tuple(tag.name for tag in named)) if named else None


def _uncomment(shelf: Shelf, asker: Asker, note_id: int, act: Act, _now: datetime) -> Taken | None:
    return _said(shelf.notes.delete_comment(note_id, act.origin, asker.member))


def _unadd(shelf: Shelf, asker: Asker, note_id: int, act: Act, now: datetime) -> Taken | None:
    return _said(shelf.notes.withdraw_added(note_id, act.origin, asker.member, now))


def _unclaim(shelf: Shelf, asker: Asker, note_id: int, act: Act, _now: datetime) -> Taken | None:
    return _said(shelf.readers.put_down(note_id, asker.member, act.origin))


def _claim_again(shelf: Shelf, asker: Asker, note_id: int, act: Act, now: datetime) -> Taken | None:
    return _said(claim_again(shelf, asker, note_id, act.facts["claims"], now))


def _unread(shelf: Shelf, asker: Asker, note_id: int, act: Act, now: datetime) -> Taken | None:
    """The mark goes, and what it ended begins anew."""
    unmarked = shelf.readers.mark_unread(note_id, asker.member, act.origin)
    return _said(claim_again(shelf, asker, note_id, act.facts["claims"], now) or unmarked)


def _read_again(shelf: Shelf, asker: Asker, note_id: int, act: Act, _now: datetime) -> Taken | None:
    at = datetime.fromisoformat(act.facts["at"])
    return _said(shelf.readers.mark_read(note_id, act.origin, asker.member, at))


def _said(done: bool) -> Taken | None:
    return Taken() if done else None


TAKE_BACK: Mapping[Deed, TakeBack] = {
    Deed.TAG: _untag,
    Deed.UNTAG: _tag_again,
    Deed.COMMENT: _uncomment,
    Deed.ADD: _unadd,
    Deed.READING: _unclaim,
    Deed.PUT_DOWN: _claim_again,
    Deed.READ: _unread,
    Deed.UNREAD: _read_again,
}
"""How each deed with a note is taken back."""


def _rename_back(shelf: Shelf, asker: Asker, act: Act) -> Taken | None:
    renaming = Renaming(**act.facts)
    old, new = tags.tag(renaming.old), tags.tag(renaming.new)
    known = shelf.tags.known(asker.audience, [old.key, new.key])
    # Whoever gave the tag yet another name since, or the old name to another tag, has the last word.
    stands = known.get(new.key) == new and known.get(old.key, new).key == new.key
    if not stands:
        return None
    if renaming.uses:
        shelf.tags.part(asker.audience, new.key, renaming, old)
    else:
        shelf.tags.rename(asker.audience, new.key, old, keep=not renaming.fresh)
    return Taken((old.name,))


def _stay_merged(_shelf: Shelf, _asker: Asker, act: Act) -> Taken:
    """Which of the papers had which of the two tags is not known any more."""
    renaming = Renaming(**act.facts)
    return Taken((renaming.old, renaming.new))


def _follow_back(shelf: Shelf, asker: Asker, act: Act) -> Taken | None:
    targets = take_back(shelf, asker, act)
    return Taken(targets=targets, here=act.facts["is_channel"]) if targets else None


def _stay(shelf: Shelf, asker: Asker, act: Act) -> Taken:
    """What has ended by itself need not be stopped by hand."""
    reads = shelf.backfills.unfinished(asker.workspace, asker.channel)
    back = (one for one in act.facts["back"] if one != STOP_READING or reads)
    return Taken(did=act.facts["did"], back=tuple(back))


TAKE_BACK_ALONE: Mapping[Deed, TakeBackAlone] = {
    Deed.RENAME: _rename_back,
    Deed.MERGE: _stay_merged,
    Deed.FOLLOW: _follow_back,
    Deed.OFTEN: _follow_back,
    Deed.UNFOLLOW: _follow_back,
    Deed.STAYS: _stay,
}
"""The same for deeds without a note."""
