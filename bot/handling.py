"""The job that works through the inbox: what happened in Slack becomes shares, comments and answers."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import slack_text
from bot.addressing import Addressing, Meaning
from bot.answers import Answers
from bot.channels import Channels
from bot.names import Names
from bot.payloads.events import (
    Deleted,
    Edited,
    FileGone,
    Happening,
    Posted,
    Reacted,
    happening,
    kind_of,
)
from bot.payloads.presence import Joined, Left, Uninstalled
from bot.tracing import of_event, tracing
from bot.verbs import Desk, is_understood, names_of_channels
from papers.database_errors import DatabaseUnreachable
from papers.emoji import Reaction
from papers.leaving import Leaving
from papers.note import Audience
from papers.paper import PaperLink
from papers.shelf import Shelves
from papers.work import ChangedAgain, ClaimedEvent, Event, message_key

log = logging.getLogger(__name__)

AT_ONCE = 30
"""How many events are claimed together. If a process dies, those it has finished are handled once more too."""

GATHERING = 0.02
"""Seconds to wait for more events where there were fewer than that: to claim one alone costs as much as ten."""

LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = 8
PAUSE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class _Taken:
    """An event that is being handled, and whether its thread was about a note when it was claimed.

    After `until` its lease may end while it is handled.
    """

    claimed: ClaimedEvent
    noted: bool
    until: datetime


class Handling:
    """Handles events one by one; each may be handled again without harm."""

    def __init__(
        self,
        shelves: Shelves,
        desk: Desk,
        channels: Channels,
        leaving: Leaving,
        names: Names,
        bot_user_id: str,
        now: Callable[[], datetime],
        count: Callable[[str, str], None],
    ) -> None:
        self._shelves = shelves
        self._desk = desk
        self._channels = channels
        self._leaving = leaving
        self._names = names
        self._answers = Answers(shelves, desk, names, now)
        self._bot_user = bot_user_id
        self._addressing = Addressing(bot_user_id, desk.bot_user, desk.today)
        self._now = now
        self._count = count

    def __call__(self) -> None:
        """Handle all events that wait."""
        done: dict[ClaimedEvent, str] = {}
        while taken := self._claim(done):
            done = {}
            for number, one in enumerate(taken):
                if number and self._now() > one.until:
                    # Slack was slow. Somebody else would soon handle the rest, and what comes after it, beside us.
                    self._put_back(done, taken[number:], timedelta(0))
                    done = {}
                    break
                try:
                    with tracing(of_event(one.claimed.event)):
                        self._handle(one, done)
                except DatabaseUnreachable:
                    self._put_back(done, taken[number:], PAUSE)
                    raise
            if len(taken) < AT_ONCE:
                threading.Event().wait(GATHERING)

    def concerns(self, happened: Happening) -> bool:
        """Whether an event can matter: what does not is never stored."""
        if isinstance(happened, Joined | Left):
            return happened.member in ("", self._bot_user)
        if isinstance(happened, Reacted):
            reaction = happened.reaction
            return reaction.member != self._bot_user and self._desk.reactions.concerns(reaction)
        if not isinstance(happened, Posted):
            return True
        return bool(
            happened.message.thread_ts
            or self._addressing.is_addressed(happened)
            or self._addressing.links(happened)
        )

    def recall(self, posted: Posted, asked_at: datetime) -> int:
        """A message of the past: keep what it shares, or says of its thread's paper. Returns the new shares.

        Slack was asked for it at `asked_at`: of one that was changed since, that change alone says what to keep.
        """
        message, member = posted.message, posted.member
        key = message_key(message.workspace, message.channel, message.ts)
        with self._shelves.reading() as shelf:
            if shelf.inbox.last_change(key, since=asked_at):
                return 0
            heard = _id_of(shelf.inbox.last_change(key))
        meant = self._addressing.meaning(posted)
        shares, recalled = self._shares(posted, meant), self._desk.backfills.recall
        new = 0
        with suppress(ChangedAgain):
            new = recalled(message, member, shares, posted.at, heard) if shares else 0
            if message.thread_ts and meant.asks is None:
                self._comment(posted, heard)
        return new

    def _claim(self, done: Mapping[ClaimedEvent, str]) -> list[_Taken]:
        # Without power the lease is of no use either; and an event that is not finished is handled once more.
        with self._shelves.writing(lasting=False) as shelf:
            shelf.inbox.finish(done, self._now())
            now = self._now()
            claimed = shelf.inbox.claim(AT_ONCE, now, LEASE)
            # Most replies are to what is no paper. Asked for together, they cost no transaction each; a note that
            # comes into being meanwhile reopens its thread.
            noted = shelf.notes.noted_threads({one.event.thread for one in claimed if one.event.thread})
        return [_Taken(one, one.event.thread in noted, now + LEASE / 2) for one in claimed]

    def _put_back(self, done: Mapping[ClaimedEvent, str], taken: Sequence[_Taken], pause: timedelta) -> None:
        due = self._now() + pause
        with suppress(DatabaseUnreachable), self._shelves.writing() as shelf:  # else their leases end
            shelf.inbox.finish(done, self._now())
            for one in taken:
                shelf.inbox.postpone(one.claimed, due, "")

    def _handle(self, taken: _Taken, done: dict[ClaimedEvent, str]) -> None:
        """Handle an event; if that is the end of it, it is `done`, with an error if it is given up."""
        claimed = taken.claimed
        error, happened = "", None
        try:
            body = json.loads(claimed.event.body)
            happened = happening(body)
            self._channels.told_beside(claimed.event.workspace, body, claimed.received_at)
            try:
                now, heard = self._as_it_stands(happened, claimed.event) if claimed.changed else (happened, "")
                self._take(now, heard, taken)
            except ChangedAgain:
                self._take(*self._as_it_stands(happened, claimed.event), taken)
        except DatabaseUnreachable:
            raise  # no fault of the event: it is never given up for that
        except Exception as trouble:  # one event that cannot be handled must not stop those behind it
            log.exception("event %s could not be handled", claimed.event.event_id)
            if claimed.attempts < MOST_ATTEMPTS:
                with self._shelves.writing() as shelf:
                    shelf.inbox.postpone(claimed, self._now() + PAUSE * claimed.attempts, repr(trouble)[:500])
                self._count(kind_of(happened), "put_off")
                return
            error = repr(trouble)[:500]
            if isinstance(happened, Reacted):
                self._tell_failure(happened.reaction)
        done[claimed] = error
        outcome = "given_up" if error else "handled"
        log.info("event %s (%s): %s", claimed.event.event_id, kind_of(happened), outcome)
        self._count(kind_of(happened), outcome)

    def _as_it_stands(self, happened: Happening | None, event: Event) -> tuple[Happening | None, str]:
        """What happened, with its message as it was changed last, and by which event: Slack promises no order."""
        message = event.changes or event.message_key
        if message is None or not isinstance(happened, Posted | Edited):
            return happened, ""
        with self._shelves.reading() as shelf:
            last = shelf.inbox.last_change(message)
        if last is None or last.event_id == event.event_id:
            return happened, _id_of(last)
        changed = happening(json.loads(last.body))
        if isinstance(changed, Edited):
            changed = replace(changed, before=happened.before) if isinstance(happened, Edited) else changed.posted
        return changed or happened, last.event_id

    def _take(self, happened: Happening | None, heard: str, taken: _Taken) -> None:
        if isinstance(happened, Posted):
            self._posted(happened, heard, taken)
        elif isinstance(happened, Edited):
            self._edited(happened, heard, taken)
        elif isinstance(happened, Deleted):
            self._desk.notebook.delete(happened.message)
        elif isinstance(happened, Reacted):
            self._reacted(happened)
        elif isinstance(happened, FileGone):
            self._desk.notebook.lose_file(happened.workspace, happened.file)
        elif isinstance(happened, Uninstalled):
            self._leaving.leave(happened.workspace)
        elif happened is not None:
            self._channels.happened(happened, taken.claimed.received_at)

    def _posted(self, posted: Posted, heard: str, taken: _Taken) -> None:
        meant, claimed = self._addressing.meaning(posted, taken.noted), taken.claimed
        if shares := self._shares(posted, meant):
            self._share(posted, shares, heard)
        if meant.asks is None:
            if posted.message.thread_ts and (shares or taken.noted):
                self._comment(posted, heard)
        elif not (heard and self._answers.is_done(posted)):
            self._answers.give(posted, meant.asks, meant.beside, claimed.event.event_id)
        if shares:
            # Slack promises no order: replies and reactions that were handled first found no note.
            self._hear_again(claimed, claimed.event.message_key)

    def _shares(self, posted: Posted, meant: Meaning) -> tuple[PaperLink, ...]:
        """What a message shares, with the paper that it saves unless others have shared that."""
        audience = Audience(posted.message.workspace, posted.message.channel)
        if meant.saves is None or meant.saves in meant.shares:
            return meant.shares
        note = self._desk.notebook.noted(audience, meant.saves.paper_id)
        own = note is None or any(share.message.origin == posted.message.origin for share in note.shares)
        return (*meant.shares, meant.saves) if own else meant.shares

    def _hear_again(self, claimed: ClaimedEvent, message: str | None) -> None:
        """What was said to a message is to be handled once more: it is about a paper now."""
        # What came later too: an event has its number before others see it, and so may be seen last. Only the
        # message and its edits hear again, an edit only if it shares nothing of what the message shared before:
        # once both have shared what the last change says, it does so no more.
        with self._shelves.writing() as shelf:
            shelf.inbox.reopen(message or "", self._now(), but=claimed.id)

    def _reacted(self, reacted: Reacted) -> None:
        reaction, reactions = reacted.reaction, self._desk.reactions
        if not reacted.came:
            reactions.go(reaction)
        elif reactions.acts_on(reaction):
            message = reaction.message
            self._names.learn(message.workspace, message.channel, reaction.member)
            if not self._desk.lookup.member(message.workspace, reaction.member).bot:
                reactions.come(reaction)

    def _tell_failure(self, reaction: Reaction) -> None:
        """Reactions are quiet, but whoever reacted would take it for done."""
        message = reaction.message
        words = self._desk.messages.wording(self._desk.lookup.language(message.workspace, reaction.member))
        told = self._desk.messages.sentence(words("reaction_failed", emoji=f":{reaction.emoji}:"))
        key = f"{reaction.origin}:{reaction.member}:{reaction.at.isoformat()}"
        self._answers.owe(message, key, reaction.member, told)

    def _edited(self, edited: Edited, heard: str, taken: _Taken) -> None:
        posted, claimed = edited.posted, taken.claimed
        meant, shared, kept = self._addressing.meaning(posted, taken.noted), set[int](), set[int]()
        with self._shelves.reading() as shelf:
            before = shelf.notes.shared_by(posted.message)
            audience = Audience(posted.message.workspace, posted.message.channel)
            noted = {link: shelf.notes.of_paper(link.paper_id, audience) for link in meant.links if before}
        shares = self._shares(posted, meant)
        if before or shares:
            # Asked of a paper that the message shared before, a question keeps it.
            known = tuple(link for link, note in noted.items() if note and note.id in before)
            shared = set(self._share(posted, shares or known, heard))
            kept = shared.intersection(before)
        if meant.asks is None:
            self._desk.notebook.edit(posted.message, self._plain(posted), posted.images, heard)
            if posted.message.thread_ts:
                # Words may be new beside a file.
                self._comment(posted, heard)
        else:
            if self._asks_late(edited, taken.noted):
                self._answers.give(posted, meant.asks, meant.beside, claimed.event.event_id)
            if self._answers.is_done(posted):
                # A slip in a command is refused, and takes nothing away of what was said before.
                self._desk.notebook.edit(posted.message, "", (), heard)
        if shared and not kept:
            # The link came late, or was the wrong one: what was said is of the paper that is named now.
            self._hear_again(claimed, claimed.event.changes)

    def _asks_late(self, edited: Edited, noted: bool) -> bool:
        """Whether a message asks since this edit what it did not ask before, or what was refused then."""
        if edited.before is None or self._answers.is_done(edited.posted):
            return False
        before = self._addressing.meaning(edited.before, noted).asks
        return before is None or not is_understood(before) or self._answers.is_refused(edited.before)

    def _share(self, posted: Posted, links: Sequence[PaperLink], heard: str) -> tuple[int, ...]:
        self._learn_names(posted)
        said = " ".join((posted.text, posted.tables, *posted.passed_on_from))
        return self._desk.notebook.share(posted.message, posted.member, links, posted.at, said, heard)

    def _comment(self, posted: Posted, heard: str) -> None:
        """A reply is a comment, if it has words or an image: another file alone is none."""
        said, images = self._plain(posted), posted.images
        if not said and not images:
            return
        if self._desk.notebook.reply(posted.message, posted.member, said, posted.at, images, heard):
            self._learn_names(posted)

    def _plain(self, posted: Posted) -> str:
        here, text = posted.message, posted.styled
        people = self._names.of(here.workspace, slack_text.mentioned(text))
        self._names.learn(here.workspace, "", "", text)
        return slack_text.plain(
            text, people | names_of_channels(self._desk, here.workspace, here.channel, text)
        ).strip()

    def _learn_names(self, posted: Posted) -> None:
        self._names.learn(posted.message.workspace, posted.message.channel, posted.member)


def _id_of(change: Event | None) -> str:
    return change.event_id if change else ""
