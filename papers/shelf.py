"""The port to what is stored: the shelf, as one transaction sees it, parted by what lies on it.

Everything goes in and comes out as values. A verb that puts something there says "make sure it is there":
called twice, it changes nothing. A verb that changes a note, or its paper, tags, comments or the names it
shows, stamps the note with the workspace's next change count.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from papers.acts import ActShelf, TagUse
from papers.backfill import BackfillShelf
from papers.digest_order import DigestShelf
from papers.emoji import ReactionShelf
from papers.follows import FollowShelf
from papers.home import HomeShelf
from papers.note import Audience, Channel, Member, Message, Note, Tag, Workspace
from papers.oblivion import Oblivion
from papers.paper import ARXIV, Paper, PaperId, Reading, Record
from papers.periods import Period
from papers.reader_shelf import Own, ReaderShelf
from papers.relatedness import Relations
from papers.settled import SettingsShelf
from papers.tag_shelf import TagShelf
from papers.work import Inbox, Outbox


@dataclass(frozen=True, slots=True)
class Heard:
    """What a source said of a paper before, and when it last said something of it."""

    record: Record
    at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """A share that stands answered in Slack: of which note, by which message, and when."""

    note_id: int
    message: Message
    shared_at: datetime


class PaperShelf(Protocol):
    """The papers, one row each for all workspaces."""

    def want(self, paper_id: PaperId, at: datetime, asked_before: datetime) -> bool:
        """Make sure the paper is there. A new one is wanted: to be asked for at `at`.

        So is one that its source was last asked about before `asked_before`. True if the paper is wanted
        now, that is, if a word of its source is still to come.
        """
        ...

    def want_again(self, at: datetime, asked_before: datetime, after: datetime, limit: int) -> int:
        """Want up to `limit` noted arXiv papers last spoken of before `asked_before`, the longest ago first.

        They are to be asked for at `at`, but behind all that is wanted until `after`. A paper that is wanted
        anyway is left as it is. Returns how many are wanted again.
        """
        ...

    def get(self, paper_id: PaperId) -> Paper | None:
        """The paper, or None if nobody has wanted it yet."""
        ...

    def waiting(self, now: datetime, of: Collection[str] = (ARXIV,)) -> bool:
        """Whether any paper of these sources is to be asked for now (not leased, its time come)."""
        ...

    def claim(
        self, limit: int, now: datetime, lease: timedelta, of: Collection[str] = (ARXIV,)
    ) -> tuple[PaperId, ...]:
        """Lease up to `limit` papers of these sources that are to be asked for, those longest wanted first."""
        ...

    def attempts(self, paper_id: PaperId) -> int:
        """How often the paper was claimed since it was wanted."""
        ...

    def known_as(self, paper_id: PaperId) -> PaperId:
        """The id by which a page is known, if this is another of its addresses; else the same id."""
        ...

    def settle(self, asked: PaperId, own: PaperId) -> None:
        """What was asked for as `asked` is the page `own`. Notes on both, in one workspace, become one note."""
        ...

    def twin(self, paper_id: PaperId, named: Collection[PaperId] = ()) -> None:
        """Make sure that the twins of a stored paper are known: those named, and those that bear its title.

        Twins are an arXiv paper and a page. Stamps the notes on both. The first verb of its transaction.
        """
        ...

    def store(self, record: Record, reading: Reading, at: datetime) -> Heard | None:
        """Keep what the source said. Stamps the paper's notes; what waits to be posted of them is due at `at`.

        Returns what the source had said before, or None if this is its first word.
        """
        ...

    def answered(self, paper_id: PaperId) -> tuple[Answered, ...]:
        """Of each note on the paper, in all workspaces, the oldest share that stands answered in Slack.

        Withdrawn shares do not count, nor those whose card or seen line is not posted, or no longer kept.
        """
        ...

    def mark_missing(self, paper_ids: Collection[PaperId], at: datetime, ask_again: datetime) -> None:
        """The source does not know these (yet). Stamps their notes; posts are due at `at`; ask again then."""
        ...

    def postpone(self, paper_ids: Collection[PaperId], ask_again: datetime) -> None:
        """Give leased papers back unanswered: they stay wanted, to be asked for at `ask_again`."""
        ...


class NoteShelf(Protocol):
    """The notes of the workspaces with their shares, tags and comments.

    `origin` names the act that made a share or comment (a message, a command), so that doing it twice is
    once; it is unique per workspace and note.
    """

    def ensure(self, workspace: str, paper_id: PaperId, at: datetime) -> int:
        """The id of the workspace's note on this (wanted) paper, made if it is not there."""
        ...

    def get(self, note_id: int, audience: Audience) -> Note | None:
        """The note as the audience sees it: only shares, tags and comments made in channels it may see.

        None if there is no such note in the audience's workspace or it sees no share of it.
        """
        ...

    def of_paper(self, paper_id: PaperId, audience: Audience) -> Note | None:
        """The note on a paper as the audience sees it, or None."""
        ...

    def several(self, note_ids: Collection[int], audience: Audience) -> tuple[Note, ...]:
        """Those of these notes that the audience sees, as it sees them, by id."""
        ...

    def recent_in(self, audience: Audience, limit: int) -> tuple[Note, ...]:
        """Up to `limit` notes shared last (and not withdrawn) in the audience's own channel, the last one first.

        Fewer than there are, if the same papers were shared there again and again.
        """
        ...

    def of_thread(self, thread: Message) -> tuple[int, ...]:
        """The notes that the thread `thread.thread` of a channel is about, in the order of their shares.

        Those shared by the message that began the thread; if there are none, those shared within it.
        """
        ...

    def shared_by(self, message: Message) -> tuple[int, ...]:
        """The notes on the papers that this very message shares, in the order of their shares."""
        ...

    def select(
        self,
        audience: Audience,
        *,
        tag: str | None = None,
        words: Sequence[str] = (),
        own: Own | None = None,
        period: Period | None = None,
        channel: str | None = None,
        limit: int | None = None,
    ) -> tuple[Note, ...]:
        """Notes as the audience sees them, newest first by (noted_at, id), which is by their first share seen.

        `tag` is a folded key. Every one of the folded `words` must stand in the paper's texts (title, abstract,
        authors, id, categories), in a tag or in a comment that the audience sees. `own` asks for a member's
        mark, `period` for a share that the audience sees within it, `channel` for one made there. Reads in
        bulk: the number of queries does not grow with the notes.
        """
        ...

    def pick(self, audience: Audience, *, own: Own | None = None, limit: int) -> tuple[int, ...]:
        """The ids of the notes that `select` would give, in the same order."""
        ...

    def share(
        self, note_id: int, origin: str, member: str, message: Message, version: int | None, at: datetime
    ) -> bool:
        """Make sure the share is there; a withdrawn one is so no longer. True if it was not there before."""
        ...

    def place(self, note_id: int, origin: str, ts: str) -> None:
        """The share that a command made now has a message: the card that the bot posted at `ts`."""
        ...

    def withdraw(self, message: Message, at: datetime, keep: Collection[int] = ()) -> tuple[int, ...]:
        """Withdraw the shares that a message made, except those of the notes in `keep`. Returns the notes."""
        ...

    def withdraw_added(self, note_id: int, origin: str, member: str, at: datetime) -> bool:
        """Withdraw the share that this command of the member made. True if it was there."""
        ...

    def tag(self, note_id: int, tags: Sequence[Tag], member: str, channel: str, at: datetime) -> tuple[Tag, ...]:
        """Put tags on a note as done in `channel`; a tag known by its key, or another name, keeps the name it has.

        Returns the tags that the note did not have yet in the eyes of that channel.
        """
        ...

    def untag(self, note_id: int, keys: Collection[str], audience: Audience) -> tuple[Tag, ...]:
        """Take the tags that these folded keys mean to the audience off a note, for all channels.

        Only those that the audience sees there. Returns those that were there.
        """
        ...

    def untag_own(self, note_id: int, keys: Collection[str], member: str, channel: str) -> tuple[Tag, ...]:
        """Take off only what this member put on the note in this channel. Returns those that were there."""
        ...

    def untag_set(self, note_id: int, member: str, channel: str, at: datetime) -> tuple[Tag, ...]:
        """Take off what this member put on the note in this channel at that moment, if it still stands so."""
        ...

    def uses(self, note_id: int) -> tuple[TagUse, ...]:
        """How the note's tags were set, in all channels."""
        ...

    def put_back(self, note_id: int, uses: Sequence[TagUse]) -> tuple[Tag, ...]:
        """Set tags again as they were set before. Returns those that were gone and are there again."""
        ...

    def comment(
        self,
        note_id: int,
        origin: str,
        member: str,
        channel: str,
        message: Message | None,
        text: str,
        at: datetime,
    ) -> bool:
        """Make sure the comment is there. True if it was not there before."""
        ...

    def delete_comment(self, note_id: int, origin: str, member: str) -> bool:
        """Take back the comment that this act of the member made. True if it was there."""
        ...

    def edit_comments(self, message: Message, text: str) -> tuple[int, ...]:
        """The message that made comments now reads `text`. Returns the notes; none if it made no comment."""
        ...

    def delete_comments(self, message: Message) -> tuple[int, ...]:
        """The message that made comments is gone, and so are they. Returns the notes."""
        ...


class Directory(Protocol):
    """Workspaces, channels and members: their names, kinds and settings."""

    def workspaces(self) -> tuple[Workspace, ...]:
        """All workspaces, by id."""
        ...

    def workspace(self, workspace: str) -> Workspace | None:
        """One workspace, or None."""
        ...

    def ensure_workspace(self, workspace: Workspace, at: datetime) -> None:
        """Make sure the workspace is there with this name and url, and has Fusen.

        Language, zone and the digest's channel (unless empty) hold too, except where people have settled them.
        """
        ...

    def leave(self, workspace: str, at: datetime | None) -> None:
        """The workspace took Fusen away at that time, or (None) has it after all. The first time holds."""
        ...

    def left(self) -> dict[str, datetime]:
        """The workspaces that took Fusen away, and when."""
        ...

    def since(self, workspace: str) -> datetime:
        """When the workspace was first seen."""
        ...

    def member(self, workspace: str, member: str) -> Member:
        """The member, nameless if not known."""
        ...

    def channel(self, workspace: str, channel: str) -> Channel:
        """The channel, nameless and of unknown kind if not known."""
        ...

    def store_member(self, workspace: str, member: Member, at: datetime) -> None:
        """Keep a member's name, language and kind. Stamps the notes that show the name, if it changed.

        Of one who asked to be forgotten nothing is kept.
        """
        ...

    def wants_name(self, workspace: str, member: str) -> bool:
        """Whether the member's name is not known, and may be learned."""
        ...

    def store_channel(self, workspace: str, channel: Channel, at: datetime) -> None:
        """Keep a channel's name and kind. Stamps the notes shared in it, if either changed."""
        ...

    def hear_presence(self, workspace: str, channel: str, here: bool, at: datetime) -> bool:
        """Fusen was in the channel at that time, or was not. Words may come in any order: the latest holds.

        What was made in a public channel that Fusen has left is seen in that channel alone. Stamps the notes
        shared, tagged or commented on in it, if that changes. True if it does.
        """
        ...

    def is_in(self, workspace: str, channel: str) -> bool:
        """Whether Fusen is known to be in the channel."""
        ...

    def members_to_ask(self, workspace: str, asked_before: datetime, limit: int) -> tuple[str, ...]:
        """Ids of members who appear on notes and whose name was last learned before then, or never."""
        ...

    def channels_to_ask(self, workspace: str, asked_before: datetime, limit: int) -> tuple[str, ...]:
        """Ids of channels that appear on notes and whose name was last learned before then, or never."""
        ...


class Shelf(Protocol):
    """All that is stored, as one transaction sees it."""

    papers: PaperShelf
    notes: NoteShelf
    tags: TagShelf
    directory: Directory
    settings: SettingsShelf
    acts: ActShelf
    oblivion: Oblivion
    inbox: Inbox
    outbox: Outbox
    readers: ReaderShelf
    reactions: ReactionShelf
    relations: Relations
    backfills: BackfillShelf
    digests: DigestShelf
    follows: FollowShelf
    homes: HomeShelf


class Shelves(Protocol):
    """Opens transactions. Leaving the block commits; an exception rolls back."""

    def writing(self) -> AbstractContextManager[Shelf]:
        """A writing transaction."""
        ...

    def reading(self) -> AbstractContextManager[Shelf]:
        """A transaction that only reads, and sees one steady state."""
        ...
