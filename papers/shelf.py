"""The port to what is stored: the shelf, as one transaction sees it, parted by what lies on it.

Everything goes in and comes out as values. A verb that puts something there says "make sure it is there":
called twice, it changes nothing. A verb that changes a note, or its paper, tags, comments or the names it
shows, stamps the note with the workspace's next change count.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from papers.acts import ActShelf, TagUse
from papers.backfill import BackfillShelf
from papers.backlog import Backlogs
from papers.digest_order import DigestShelf
from papers.directory import Directory
from papers.emoji import ReactionShelf
from papers.follows import FollowShelf
from papers.history_shelf import HistoryShelf
from papers.home import HomeShelf
from papers.images import Attached, ImageShelf
from papers.note import Audience, Message, Note, Tag
from papers.oblivion import Oblivion
from papers.page_shelf import PageShelf
from papers.paper import PaperId
from papers.paper_shelf import PaperShelf
from papers.periods import Period
from papers.reader_shelf import Own, ReaderShelf
from papers.relatedness import Relations
from papers.settled import SettingsShelf
from papers.tag_shelf import TagShelf
from papers.translation_shelf import TranslationShelf
from papers.work import Inbox, Outbox


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

    def noted_threads(self, threads: Collection[str]) -> frozenset[str]:
        """Those of the threads, named as in the inbox (`papers.work.message_key`), that are about a note."""
        ...

    def shared_by(self, message: Message) -> tuple[int, ...]:
        """The notes on the papers that this very message shares, in the order of their shares."""
        ...

    def select(
        self,
        audience: Audience,
        *,
        tag: str | None = None,
        own: Own | None = None,
        period: Period | None = None,
        channel: str | None = None,
        limit: int | None = None,
    ) -> tuple[Note, ...]:
        """Notes as the audience sees them, newest first by (noted_at, id), which is by their first share seen.

        `tag` is a folded key. `own` asks for a member's mark, `period` for a share that the audience sees
        within it, `channel` for one made there. Nothing is told of what came after the period. Reads in bulk:
        the number of queries does not grow with the notes.
        """
        ...

    def search(
        self, audience: Audience, words: Sequence[str], *, limit: int, best: bool = False
    ) -> tuple[Note, ...]:
        """Up to `limit` notes with all of these folded words, the newest first, or the best match first.

        Each word must stand in the paper's texts (title, abstract, authors, id, categories), in a tag or in a
        comment that the audience sees: a word of English in any of its forms, Japanese anywhere in a text. A word
        with a leading `#` must begin the name of such a tag.
        """
        ...

    def index(self, limit: int) -> int:
        """Let search know up to `limit` notes of which it has never heard. Returns how many there were."""
        ...

    def pick(self, audience: Audience, *, own: Own | None = None, limit: int) -> tuple[int, ...]:
        """The ids of the notes that `select` would give, in the same order."""
        ...

    def share(
        self,
        note_id: int,
        origin: str,
        member: str,
        message: Message,
        version: int | None,
        at: datetime,
        again: bool = True,
    ) -> bool:
        """Make sure the share is there; a withdrawn one is so no longer, if it may be there `again`.

        True if it was not there before, or was withdrawn.
        One from before its member was forgotten belongs to nobody.
        """
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

    def untag_own(
        self, note_id: int, keys: Collection[str], member: str, channel: str, at: datetime | None = None
    ) -> tuple[Tag, ...]:
        """Take off only what this member put on the note in this channel, at that moment if one is given.

        Returns those that were there.
        """
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
        images: Sequence[Attached] = (),
    ) -> bool:
        """Make sure the comment is there. True if it was not there before."""
        ...

    def delete_comment(self, note_id: int, origin: str, member: str) -> bool:
        """Take back the comment that this act of the member made. True if it was there."""
        ...

    def move_comment(self, note_id: int, origin: str, member: str, to: int) -> bool:
        """The comment that this act of the member made is about another note. True if it was there."""
        ...

    def edit_comments(self, message: Message, text: str, images: Sequence[Attached] = ()) -> tuple[int, ...]:
        """The message that made comments now reads `text` and carries these images, and no others.

        Returns the notes; none if it made no comment.
        """
        ...

    def delete_comments(self, message: Message) -> tuple[int, ...]:
        """The message that made comments is gone, and so are they. Returns the notes."""
        ...

    def move_comments(self, thread: Message, note_id: int, to: int) -> None:
        """What was said in the thread of a message is about another note."""
        ...


class Shelf(Protocol):
    """All that is stored, as one transaction sees it."""

    papers: PaperShelf
    histories: HistoryShelf
    translations: TranslationShelf
    images: ImageShelf
    notes: NoteShelf
    tags: TagShelf
    pages: PageShelf
    directory: Directory
    settings: SettingsShelf
    acts: ActShelf
    oblivion: Oblivion
    inbox: Inbox
    outbox: Outbox
    backlogs: Backlogs
    readers: ReaderShelf
    reactions: ReactionShelf
    relations: Relations
    backfills: BackfillShelf
    digests: DigestShelf
    follows: FollowShelf
    homes: HomeShelf


class Shelves(Protocol):
    """Opens transactions. Leaving the block commits; an exception rolls back."""

    def writing(self, lasting: bool = True) -> AbstractContextManager[Shelf]:
        """A writing transaction. One that is not `lasting` may be undone where the machine loses its power."""
        ...

    def asked_by(self, workspace: str, member: str, at: datetime) -> AbstractContextManager[None]:
        """What this thread does in the block is asked for by something that the member said at that time.

        If they were forgotten since, nothing is kept of it: a writing transaction raises Forgotten when it begins,
        and nobody is forgotten until it ends.
        """
        ...

    def reading(self, resting: bool = False) -> AbstractContextManager[Shelf]:
        """A transaction that only reads, and sees one steady state. A `resting` one may ask nothing for long."""
        ...
