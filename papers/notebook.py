"""The use cases: what people and the clock may do with the notes, each as one writing transaction.

No network, no rendering and no posting happens in here: a use case changes rows, and owes what follows from
them. Jobs then bring the world up to date.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from papers import pointing, tags
from papers.acts import Act, Deed
from papers.asker import Asker
from papers.errors import EmptyComment
from papers.finding_pages import find_pages
from papers.images import Attached
from papers.note import Audience, Message, Note
from papers.nudges import Job, Nudge
from papers.paper import PaperId, PaperLink
from papers.quiet import is_quiet
from papers.sharing import bounded
from papers.shelf import Shelf, Shelves
from papers.work import Owed, PostKind, refuse_changed

FRESH = timedelta(days=1)
"""A paper shared again is asked for again if its source's last word is older than this."""

PAGES_KEPT = 50
"""Of how many other links in a message it is asked whether somebody has saved them."""

TITLES_LOOKED_AT = 100
"""Among how many notes that match words best those with the words in their title are looked for."""

INDEXED_AT_ONCE = 100
"""How many notes search is told of in one transaction."""

LISTED = 20
"""How many notes a list or a search shows at most."""


@dataclass(frozen=True, slots=True)
class Added:
    """The note on a paper that was added by command. `new` is false if it had been shared here before."""

    note: Note
    new: bool


class Notebook:
    """The use cases over the shelves.

    `patience` tells how long a card may wait for its paper's details before it is posted without them.
    """

    def __init__(
        self,
        shelves: Shelves,
        nudge: Nudge,
        now: Callable[[], datetime],
        patience: Callable[[], timedelta],
    ) -> None:
        self._shelves = shelves
        self._nudge = nudge
        self._now = now
        self._patience = patience

    # What happens in Slack

    def share(
        self,
        message: Message,
        member: str,
        links: Sequence[PaperLink],
        at: datetime,
        said: str = "",
        heard: str = "",
    ) -> tuple[int, ...]:
        """The message links to these papers, and to no others: make it so, and owe an answer for each new share.

        Of very many it shares the first alone (`papers.sharing`).
        Nothing is said of a paper seen before where that is not wanted (`papers.quiet`); `said` is the message
        with its links. A link to the paper that the thread is about anyway is no share of its own. Other pages
        that it links to are not shared by that; those that somebody saved stay so. Where all its papers are others
        than before, what was said of those is said of the first of these. Returns the notes shared. Raises
        ChangedAgain where the event `heard` does not tell of the last change.
        """
        patience, now = self._patience(), self._now()
        with self._shelves.writing() as shelf:
            shelf.tags.hold(message.workspace)  # before the papers, as whoever stores an answer does
            refuse_changed(shelf.inbox, message, heard)
            about = shelf.notes.of_thread(message) if message.thread_ts else ()
            links = bounded(shelf, message, links, now)
            # All papers first, in one order for everybody: two messages with the same links never wait in a ring.
            wanted = sorted({link.paper_id for link in links})
            awaited = {paper_id for paper_id in wanted if shelf.papers.want(paper_id, now, now - FRESH)}
            shared, kept = [], False
            for link in links:
                due = now + patience if link.paper_id in awaited else now
                note_id, new = self._share(shelf, message, member, link, at, due, about, said)
                kept = kept or not new
                if note_id not in about:
                    shared.append(note_id)
            saved = _on_pages(shelf, message, said, now)
            withdrawn = shelf.notes.withdraw(message, self._now(), keep=[*shared, *saved])
            if shared and not kept:
                for note_id in withdrawn:
                    shelf.notes.move_comments(message, note_id, shared[0])
        self._wanted()
        return tuple(shared)

    def _share(
        self,
        shelf: Shelf,
        message: Message,
        member: str,
        link: PaperLink,
        at: datetime,
        due: datetime,
        about: tuple[int, ...],
        said: str,
    ) -> tuple[int, bool]:
        """The note, and whether the message shares it only now."""
        note_id = shelf.notes.ensure(message.workspace, link.paper_id, at)
        if note_id in about:
            return note_id, False
        seen = shelf.notes.get(note_id, Audience(message.workspace, message.channel))
        new = shelf.notes.share(note_id, message.origin, member, message, link.version, at)
        home = shelf.directory.workspace(message.workspace)
        if new and not (seen and home and is_quiet(home, seen, message, at, said)):
            owed = Owed(
                workspace=message.workspace,
                key=f"share:{message.channel}:{message.ts}:{note_id}",
                kind=PostKind.SEEN if seen else PostKind.CARD,
                channel=message.channel,
                thread_ts=message.thread,
                note_id=note_id,
            )
            shelf.outbox.owe(owed, self._now(), due)
        return note_id, new

    def reply(
        self,
        message: Message,
        member: str,
        text: str,
        at: datetime,
        images: Sequence[Attached] = (),
        heard: str = "",
    ) -> tuple[int, ...]:
        """A reply in a thread is a comment on the notes that the thread is about. Returns these notes.

        What somebody said before they asked to be forgotten is none. Raises ChangedAgain as `share` does.
        """
        with self._shelves.writing() as shelf:
            notes = shelf.notes.of_thread(message)
            if notes:
                shelf.tags.hold(message.workspace)  # nobody is forgotten from here on
                refuse_changed(shelf.inbox, message, heard)
            if notes and shelf.oblivion.is_forgotten(message.workspace, member, at):
                notes = ()
            for note_id in notes:
                shelf.notes.comment(note_id, message.origin, member, message.channel, message, text, at, images)
        self._changed(bool(notes))
        return notes

    def edit(self, message: Message, text: str, images: Sequence[Attached] = (), heard: str = "") -> None:
        """A message now reads `text`, with these images: so do its comments; with neither it makes none.

        Raises ChangedAgain as `share` does.
        """
        with self._shelves.writing() as shelf:
            shelf.tags.hold(message.workspace)
            refuse_changed(shelf.inbox, message, heard)
            if text or images:
                notes = shelf.notes.edit_comments(message, text, images)
            else:
                notes = shelf.notes.delete_comments(message)
        self._changed(bool(notes))

    def lose_file(self, workspace: str, file: str) -> None:
        """A file is gone from Slack, and with it the images of comments."""
        with self._shelves.writing() as shelf:
            notes = shelf.images.lose(workspace, file)
        self._changed(bool(notes))

    def delete(self, message: Message) -> None:
        """A message is gone: its shares are withdrawn and its comments go with it."""
        with self._shelves.writing() as shelf:
            withdrawn = shelf.notes.withdraw(message, self._now())
            uncommented = shelf.notes.delete_comments(message)
        self._changed(bool(withdrawn or uncommented))

    # What people ask for

    def add(self, asker: Asker, links: Sequence[PaperLink]) -> tuple[Added, ...]:
        """Note papers that nobody pasted. The card of each that was not shared here is posted in the channel."""
        now, patience = self._now(), self._patience()
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            wanted = _known(shelf, links)
            awaited = {paper_id for paper_id in sorted(wanted) if shelf.papers.want(paper_id, now, now - FRESH)}
            added = tuple(
                self._add(shelf, asker, link, now, now + patience if paper_id in awaited else now)
                for paper_id, link in wanted.items()
            )
        self._wanted()
        return added

    def _add(self, shelf: Shelf, asker: Asker, link: PaperLink, now: datetime, due: datetime) -> Added:
        message = Message(asker.workspace, asker.channel, "", None)
        note_id = shelf.notes.ensure(asker.workspace, link.paper_id, now)
        note = shelf.notes.get(note_id, asker.audience)
        new = note is None
        if new and shelf.notes.share(note_id, asker.origin, asker.member, message, link.version, now):
            owed = Owed(
                workspace=asker.workspace,
                key=f"add:{asker.origin}:{note_id}",
                kind=PostKind.CARD,
                channel=asker.channel,
                note_id=note_id,
                origin=asker.origin,
            )
            shelf.outbox.owe(owed, now, due)
            act = Act(Deed.ADD, note_id, asker.origin)
            shelf.acts.record(asker, act, now)
        return Added(note or pointing.by_id(shelf, asker.audience, note_id), new)

    def save(self, asker: Asker, message: Message, links: Sequence[PaperLink]) -> tuple[Added, ...]:
        """Note what a message links to, as the asker's own shares; the cards are posted in its thread.

        What they shared by this message itself is new too.
        """
        now, patience = self._now(), self._patience()
        added = []
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            about = shelf.notes.of_thread(message) if message.thread_ts else ()
            for paper_id, link in sorted(_known(shelf, links).items()):
                due = now + patience if shelf.papers.want(paper_id, now, now - FRESH) else now
                known = shelf.notes.of_paper(paper_id, asker.audience)
                self._share(shelf, message, asker.member, link, now, due, about, "")
                if note := known or shelf.notes.of_paper(paper_id, asker.audience):
                    added.append(Added(note, known is None or _began(note, message, asker.member)))
        self._wanted()
        return tuple(added)

    def noted(self, audience: Audience, paper_id: PaperId) -> Note | None:
        """The note on a paper or page as the audience sees it, or None."""
        with self._shelves.reading() as shelf:
            return shelf.notes.of_paper(shelf.papers.known_as(paper_id), audience)

    def find(self, asker: Asker, link: PaperLink | None, example: pointing.Example) -> Note:
        """The note that somebody speaks of: the paper named, else the thread's, or the channel's last.

        Raises UnknownPaper, SeveralPapers, NoPaperInThread or NoPaperHere.
        """
        thread = None
        if asker.thread_ts:
            thread = Message(asker.workspace, asker.channel, asker.thread_ts, asker.thread_ts)
        with self._shelves.reading() as shelf:
            return pointing.by_words(shelf, asker.audience, link, thread, example)

    def find_by_message(self, asker: Asker, message: Message, said: str, example: pointing.Example) -> Note:
        """The note that a message is about: the paper that it shares, else its thread's; `said` is its text.

        Raises SeveralPapers, NotSavedYet or NoPaperInMessage.
        """
        with self._shelves.reading() as shelf:
            return pointing.by_message(shelf, asker.audience, message, said, self._now().date(), example)

    def recent(self, audience: Audience, limit: int) -> tuple[Note, ...]:
        """The notes shared last in the audience's own channel, the last one first."""
        with self._shelves.reading() as shelf:
            return shelf.notes.recent_in(audience, limit)

    def note(self, note_id: int, audience: Audience) -> Note | None:
        """The note as the audience sees it, or None."""
        with self._shelves.reading() as shelf:
            return shelf.notes.get(note_id, audience)

    def comment(self, asker: Asker, note_id: int, text: str) -> Note:
        """Comment on a note, outside its thread. Raises EmptyComment, or UnknownPaper if it is not seen."""
        if not text.strip():
            raise EmptyComment
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            pointing.by_id(shelf, asker.audience, note_id)
            said, now = text.strip(), self._now()
            if shelf.notes.comment(note_id, asker.origin, asker.member, asker.channel, None, said, now):
                act = Act(Deed.COMMENT, note_id, asker.origin)
                shelf.acts.record(asker, act, now)
            note = pointing.by_id(shelf, asker.audience, note_id)
        self._changed(True)
        return note

    def notes(self, audience: Audience, tag: str = "") -> tuple[Note, ...]:
        """Notes, perhaps with a tag, newest first, as the audience sees them."""
        with self._shelves.reading() as shelf:
            return shelf.notes.select(audience, tag=tags.fold(tag.lstrip("#＃")) or None, limit=LISTED)

    def search(self, audience: Audience, words: str, best: bool = False) -> tuple[Note, ...]:
        """Notes with all of some words, as the audience sees them: newest first, or best match first."""
        with self._shelves.reading() as shelf:
            return shelf.notes.search(audience, tags.words(words), limit=LISTED, best=best)

    def titled(self, audience: Audience, words: str) -> tuple[Note, ...]:
        """Notes on papers with all of some words in their title, as the audience sees them, the newest first."""
        wanted = tags.unaccented(tags.fold(words))
        looked_for = [word.lstrip("#") or word for word in wanted.split()]  # in a title a # means no tag
        with self._shelves.reading() as shelf:
            found = shelf.notes.search(audience, looked_for, limit=TITLES_LOOKED_AT, best=True)
        found = tuple(sorted(found, key=lambda note: (note.noted_at, note.id), reverse=True))
        titled = {note.id: tags.unaccented(tags.fold(note.paper.title)) for note in found}
        named = [note for note in found if all(word in titled[note.id] for word in wanted.split())]
        whole = [note for note in named if titled[note.id] == wanted]
        return tuple(whole or named)

    def index(self) -> None:
        """The job: let search know the notes that it has never heard of, in a restored database for instance."""
        more = True
        while more:
            with self._shelves.writing() as shelf:
                more = shelf.notes.index(INDEXED_AT_ONCE) == INDEXED_AT_ONCE

    def _wanted(self) -> None:
        for job in (Job.FETCH_PAPERS, Job.READ_PAGES, Job.TELL_FOLLOWERS, Job.POST_MESSAGES, Job.PUBLISH_PAGES):
            self._nudge(job)

    def _changed(self, really: bool) -> None:
        if really:
            for job in (Job.REFRESH_CARDS, Job.PUBLISH_PAGES, Job.FETCH_IMAGES):
                self._nudge(job)


def _known(shelf: Shelf, links: Sequence[PaperLink]) -> dict[PaperId, PaperLink]:
    """What links lead to, each once and under the id that it is known by."""
    found: dict[PaperId, PaperLink] = {}
    for link in links:
        paper_id = shelf.papers.known_as(link.paper_id)
        found.setdefault(paper_id, PaperLink(paper_id, link.version))
    return found


def _began(note: Note, message: Message, member: str) -> bool:
    """Whether it was this member who shared the paper first, by this message."""
    first = note.first_share
    return bool(first and first.message.origin == message.origin and first.member.id == member)


def _on_pages(shelf: Shelf, message: Message, said: str, now: datetime) -> tuple[int, ...]:
    """The notes on the pages that a message links to: what was saved from it."""
    pages = find_pages(said, today=now.date())[:PAGES_KEPT]
    audience = Audience(message.workspace, message.channel)
    noted = (shelf.notes.of_paper(shelf.papers.known_as(page), audience) for page in pages)
    return tuple(note.id for note in noted if note)
