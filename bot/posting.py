"""The jobs that post to Slack what the outbox owes, and keep posted cards up to date."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.blocks import TOGETHER, Rendered
from bot.messages import Messages
from bot.pauses import growing
from bot.post_and_share import adder, is_first, is_shared_there, is_taken_back
from bot.slack import Slack
from bot.slack_trouble import SlackTrouble
from bot.tidings import Tidings
from bot.tracing import of_owed, tracing
from papers.changes import Change, ChangeKind
from papers.digests import Digests, read
from papers.lookup import Lookup
from papers.membership import owe_word_of_opening
from papers.note import Audience, Note, Workspace
from papers.notebook import Notebook
from papers.nudges import Job, Nudge
from papers.oblivion import NOBODY
from papers.shelf import Shelf, Shelves
from papers.work import ANSWERS_A_SHARE, Owed, Post, PostKind, message_key

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
"""Longer than a post, whose claim is renewed right before, or a change: a call or two of `bot.slack.SECONDS`.

A look may take longer, up to five pages of history. Somebody else may look as well then, but only one posts.
"""

FRESH = timedelta(seconds=8)
"""A claim that is older is renewed before anything is posted: this host may have been cut off, or asleep.

So a post, and the connection that it travels by, ends before the lease does.
"""

MOST_ATTEMPTS = 200
"""After so many claims a post is given up: with the pauses below, after more than a day."""

LONGEST_PAUSE = timedelta(minutes=10)

WITHHELD_ATTEMPTS, WITHHELD_FOR = 8, timedelta(days=3)
"""What people do not let in is given up after both: it is tried after an hour, two, four and so on, up to a day.

What stands already is owed for as long as it stands; to change it costs a call and no look.
"""

ANSWERED_WITHIN = timedelta(minutes=10)
"""After so long nobody waits for the answer to a mention any more."""

SPEAK_OF_A_NOTE = ANSWERS_A_SHARE | {PostKind.NEWS}


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A post that is ours, since when it is."""

    post: Post
    at: datetime


class Posting:
    """Posts what is owed, and refreshes cards, one claim at a time."""

    def __init__(
        self,
        shelves: Shelves,
        lookup: Lookup,
        notebook: Notebook,
        digests: Digests,
        tidings: Tidings,
        slack: Slack,
        messages: Messages,
        nudge: Nudge,
        wake: Callable[[Job, datetime], None],
        now: Callable[[], datetime],
    ) -> None:
        self._shelves = shelves
        self._lookup = lookup
        self._notebook = notebook
        self._digests = digests
        self._tidings = tidings
        self._slack = slack
        self._messages = messages
        self._nudge = nudge
        self._wake = wake
        self._now = now

    def post(self) -> None:
        """Post all that is due, channel by channel in turn, and wake up again when the next post falls due."""
        had_their_turn: set[str] = set()
        while claimed := self._claim_owed(had_their_turn):
            channel = claimed.post.owed.channel
            if channel in had_their_turn:
                had_their_turn.clear()  # so have all others to which anything is owed
            had_their_turn.add(channel)
            with tracing(of_owed(claimed.post.owed)):
                self._post(claimed)
        with self._shelves.reading() as shelf:
            due = shelf.outbox.next_due()
        if due:
            self._wake(Job.POST_MESSAGES, due)

    def refresh(self) -> None:
        """Let each posted card say what its note says now."""
        while claimed := self._claim_outdated():
            with tracing(of_owed(claimed.post.owed)):
                self._refresh(claimed)

    def _claim_owed(self, had_their_turn: Collection[str]) -> _Claimed | None:
        at = self._now()
        with self._shelves.writing() as shelf:
            posts = shelf.outbox.claim(1, at, LEASE, had_their_turn)
        return _Claimed(posts[0], at) if posts else None

    def _claim_outdated(self) -> _Claimed | None:
        at = self._now()
        with self._shelves.writing() as shelf:
            posts = shelf.outbox.claim_outdated(1, at, LEASE)
        return _Claimed(posts[0], at) if posts else None

    def _is_ours(self, claimed: _Claimed) -> bool:
        """Whether nobody else can be at the post now, nor will be while one call to Slack lasts."""
        at = claimed.at
        # Renewing may take long itself; and the clock may have been set back.
        while not timedelta(0) <= self._now() - at < FRESH:
            at = self._now()
            with self._shelves.writing() as shelf:
                if not shelf.outbox.keep(claimed.post, at + LEASE):
                    log.info("post %s is somebody else's by now", claimed.post.id)
                    return False
        return True

    def _post(self, claimed: _Claimed) -> None:
        post, owed = claimed.post, claimed.post.owed
        if post.attempts > MOST_ATTEMPTS:
            self._abandon(post, "too many attempts")
            return
        if owed.only_for and post.attempts > 1:
            # Nobody can look an ephemeral message up. It may have been seen, and what it told of is done.
            self._abandon(post, "an ephemeral answer is given once")
            return
        try:
            # An earlier attempt may have arrived though its answer did not: look before repeating.
            ts = self._slack.find(owed, post.owed_at) if post.attempts > 1 else None
            rendered, shown = self._render(post, self._note(owed))
            if rendered is None:
                if ts is not None:
                    self._slack.delete(owed, ts)
                self._leave_unsaid(post)
                return
            if ts is None:
                ts = self._say(claimed, rendered)
                if ts is None:
                    return
            elif owed.kind is not PostKind.ANSWER:
                shown = -1  # what the found one says is not known: let it be refreshed
        except SlackTrouble as trouble:
            self._put_off(post, trouble)
            return
        self._posted(post, ts, shown)

    def _say(self, claimed: _Claimed, rendered: Rendered) -> str | None:
        """Where in Slack it stands now; None if the post is somebody else's by now. Raises SlackTrouble."""
        post = claimed.post
        if not self._is_ours(claimed):
            return None
        try:
            return self._slack.post(post.owed, rendered)
        except SlackTrouble as trouble:
            fewer = self._in_fewer_words(post, trouble)
            return self._slack.post(post.owed, fewer) if self._is_ours(claimed) else None

    def _posted(self, post: Post, ts: str, shown: int) -> None:
        owed, reopened = post.owed, 0
        with self._shelves.writing() as shelf:
            shelf.outbox.posted(post.id, ts, shown, self._now(), post.shown)
            if owed.note_id is not None:
                if owed.origin:
                    shelf.notes.place(owed.note_id, owed.origin, ts)
                # Somebody may have replied or reacted to it already: until now that was a message about nothing.
                reopened = shelf.inbox.reopen(message_key(owed.workspace, owed.channel, ts), self._now())
        log.info("post %s (%s) stands in Slack", post.id, owed.kind.value)
        self._nudge(Job.REFRESH_CARDS)
        if reopened:
            self._nudge(Job.HANDLE_EVENTS)

    def _refresh(self, claimed: _Claimed) -> None:
        post = claimed.post
        note = self._note(post.owed)
        rendered, shown = self._render(post, note)
        taken_back = is_taken_back(post, note)
        # What is to be said anew and can be said no longer does not stay as it was either.
        goes = taken_back or (rendered is None and post.shown < 0)
        try:
            if goes and post.ts:
                self._slack.delete(post.owed, post.ts)
            elif rendered and post.ts:
                self._update(post, post.ts, rendered)
        except SlackTrouble as trouble:
            self._put_off(post, trouble)
            return
        reason = "its share was taken back" if taken_back else "its note is gone"
        if goes:
            log.info("post %s is taken away: %s", post.id, reason)
            with self._shelves.writing() as shelf:
                shelf.outbox.take_away(post.id, self._now(), reason)
                self._owe_if_back(shelf, post.owed)
            return
        if rendered is None:
            self._abandon(post, reason)
            return
        with self._shelves.writing() as shelf:
            shelf.outbox.posted(post.id, post.ts or "", shown, self._now(), post.shown)
        log.info("post %s (%s) is up to date", post.id, post.owed.kind.value)

    def _update(self, post: Post, ts: str, rendered: Rendered) -> None:
        try:
            self._slack.update(post.owed, ts, rendered)
        except SlackTrouble as trouble:
            self._slack.update(post.owed, ts, self._in_fewer_words(post, trouble))

    def _in_fewer_words(self, post: Post, trouble: SlackTrouble) -> Rendered:
        """What to say instead of what Slack refused as too long. Raises the SlackTrouble if it was another."""
        if not trouble.too_long:
            raise trouble
        log.warning("Slack did not take post %s: %s. Trying it in fewer words", post.id, trouble.reason)
        rendered, _ = self._render(post, self._note(post.owed), TOGETHER // 2)
        if rendered is None:
            raise trouble
        return rendered.shortened()

    def _note(self, owed: Owed) -> Note | None:
        """The note that the post speaks of, as its channel sees it; None if it speaks of none, or that is gone."""
        if owed.note_id is None or owed.kind not in SPEAK_OF_A_NOTE:
            return None
        return self._notebook.note(owed.note_id, Audience(owed.workspace, owed.channel))

    def _render(self, post: Post, note: Note | None, room: int = TOGETHER) -> tuple[Rendered | None, int]:
        """What a post says now, and the change count of the note that it shows.

        Of many notes as many are told as there is `room` for.
        """
        owed = post.owed
        workspace = self._lookup.workspace(owed.workspace)
        if owed.kind is PostKind.ANSWER:
            told = json.loads(owed.body)
            return Rendered(told["text"], tuple(told["blocks"])), 0
        if owed.kind is PostKind.DIGEST:
            subject, period = read(Audience(owed.workspace, owed.channel), owed.body)
            digest = self._digests.of(subject, period)
            rendered = self._messages.digest(digest, subject, workspace, workspace.language, True, room)
            return (rendered if digest.notes else None), 0
        if owed.kind in (PostKind.FOLLOWED, PostKind.GATHERING):
            return self._tidings.render(owed, room), 0
        if owed.kind is PostKind.WELCOME:
            return self._welcome(owed, workspace), 0
        if owed.kind is PostKind.OPENED:
            return self._messages.opened(self._lookup.channel(owed.workspace, owed.channel), workspace), 0
        if owed.kind is PostKind.PROGRESS:
            return self._progress(owed, workspace), 0
        if owed.kind is PostKind.SURPLUS:
            return self._messages.surplus(int(owed.body), workspace), 0
        if note is None:
            return None, 0
        return self._speak_of(note, post), note.change

    def _progress(self, owed: Owed, workspace: Workspace) -> Rendered | None:
        with self._shelves.reading() as shelf:
            backfill = shelf.backfills.get(int(owed.body))
            member = shelf.directory.member(owed.workspace, backfill.member if backfill else "")
        return self._messages.progress(backfill, member, workspace) if backfill else None

    def _welcome(self, owed: Owed, workspace: Workspace) -> Rendered:
        inviter = json.loads(owed.body)["inviter"] if owed.body else NOBODY
        with self._shelves.reading() as shelf:
            channel = shelf.directory.channel(owed.workspace, owed.channel)
            member = shelf.directory.member(owed.workspace, inviter)
        return self._messages.welcome(channel, member, workspace)

    def _speak_of(self, note: Note, post: Post) -> Rendered | None:
        owed = post.owed
        workspace = self._lookup.workspace(owed.workspace)
        if owed.kind is PostKind.NEWS:
            told = json.loads(owed.body)
            change = Change(ChangeKind(told["kind"]), told["fact"])
            return self._messages.news(note, change, workspace) if is_shared_there(note, owed) else None
        if owed.kind is PostKind.SEEN and not is_first(note, owed):
            return self._messages.seen(note, workspace)
        channel = self._lookup.channel(owed.workspace, owed.channel)
        return self._messages.card(note, channel, workspace, adder(note, post) if owed.origin else None)

    def _put_off(self, post: Post, trouble: SlackTrouble) -> None:
        log.warning("Slack did not take post %s: %s", post.id, trouble.reason)
        if trouble.seconds is None:
            self._abandon(post, trouble.reason)
            return
        until = self._now() + _pause(post, trouble)
        if trouble.withheld and post.ts is None and _is_long_withheld(post, self._now()):
            self._abandon(post, trouble.reason)
            return
        if post.owed.only_for and until > post.owed_at + ANSWERED_WITHIN:
            self._abandon(post, "an answer that comes too late")
            return
        # What Slack surely did not take may be given once more, an ephemeral answer too.
        counted = trouble.sent or not post.owed.only_for
        with self._shelves.writing() as shelf:
            if shelf.outbox.keep(post, until):
                shelf.outbox.postpone(post.id, until, trouble.reason, counted)

    def _leave_unsaid(self, post: Post) -> None:
        log.info("post %s has nothing to say any more", post.id)
        with self._shelves.writing() as shelf:
            shelf.outbox.abandon(post.id, self._now(), "nothing to say any more")
            self._owe_if_back(shelf, post.owed)

    def _owe_if_back(self, shelf: Shelf, owed: Owed) -> None:
        """Owe an answer to a share that came back while the answer was given up, or the word of an opening."""
        if owed.kind is PostKind.OPENED:
            workspace = shelf.directory.workspace(owed.workspace)
            channel = shelf.directory.channel(owed.workspace, owed.channel)
            if workspace and self._messages.opened(channel, workspace):
                owe_word_of_opening(shelf, owed.workspace, owed.channel, self._now())
            return
        note = shelf.notes.get(owed.note_id or 0, Audience(owed.workspace, owed.channel))
        if owed.kind in ANSWERS_A_SHARE and note and is_shared_there(note, owed):
            now = self._now()
            shelf.outbox.owe(owed, now, now)

    def _abandon(self, post: Post, reason: str) -> None:
        log.info("post %s is given up: %s", post.id, reason)
        with self._shelves.writing() as shelf:
            shelf.outbox.abandon(post.id, self._now(), reason)


def _pause(post: Post, trouble: SlackTrouble) -> timedelta:
    """For how long to leave a post alone that Slack did not take."""
    first = timedelta(seconds=trouble.seconds or 0)
    if trouble.reason == "ratelimited":
        return first
    return growing(first, timedelta(days=1) if trouble.withheld else LONGEST_PAUSE, post.attempts, times=2)


def _is_long_withheld(post: Post, now: datetime) -> bool:
    return post.attempts >= WITHHELD_ATTEMPTS and now > post.owed_at + WITHHELD_FOR
