"""Answers to what messages ask: Slack tells of a message many times, and each is given once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from bot.blocks import Rendered
from bot.names import Names
from bot.payloads.events import Posted
from bot.verbs import Desk, answer, is_understood
from papers.asker import Asker
from papers.database_errors import DatabaseUnreachable
from papers.errors import FusenError
from papers.note import Message
from papers.nudges import Job
from papers.oblivion import Forgotten
from papers.shelf import Shelves
from papers.work import Owed, PostKind, answer_key, refusal_key


class Answers:
    """What messages ask is done here, and what comes of it is owed to Slack."""

    def __init__(self, shelves: Shelves, desk: Desk, names: Names, now: Callable[[], datetime]) -> None:
        self._shelves = shelves
        self._desk = desk
        self._names = names
        self._now = now

    def give(self, posted: Posted, text: str, beside: str, event_id: str) -> None:
        """Answer what was asked; `beside` has links to what it is about if it names no paper.

        Raises DatabaseUnreachable: what was asked is not done yet then.
        """
        message, refused = posted.message, not is_understood(text)
        asker = Asker(message.workspace, message.channel, posted.member, f"event:{event_id}", message.thread_ts)
        with self._shelves.reading() as shelf:
            if shelf.oblivion.is_forgotten(message.workspace, posted.member, posted.at):
                return  # they asked to be forgotten after they said it
        self._names.learn(message.workspace, message.channel, posted.member, text)
        try:
            with self._shelves.asked_by(message.workspace, posted.member, posted.at):
                told = answer(self._desk, asker, text, message if beside else None, beside)
        except Forgotten:
            return
        except DatabaseUnreachable:
            raise
        except FusenError as error:
            told, refused = self._desk.messages.sentence(self._desk.refusal(error, asker)), True
        if refused and self.is_done(posted):
            return  # when the event was handled before
        # In a direct message everybody who may see the answer sees it anyway.
        only_for = "" if posted.direct else posted.member
        key = refusal_key(message, posted.edited_at) if refused else answer_key(message)
        self.owe(message, key, only_for, told)

    def owe(self, message: Message, key: str, only_for: str, told: Rendered) -> None:
        """Owe an answer to a message; `key` is its identity. With `only_for` that member alone sees it."""
        owed = Owed(
            workspace=message.workspace,
            key=key,
            kind=PostKind.ANSWER,
            channel=message.channel,
            thread_ts=message.thread_ts,
            only_for=only_for,
            body=json.dumps({"text": told.text, "blocks": told.blocks}, ensure_ascii=False),
        )
        now = self._now()
        with self._shelves.writing() as shelf:
            shelf.outbox.owe(owed, now, now)
        self._desk.nudge(Job.POST_MESSAGES)

    def is_done(self, posted: Posted) -> bool:
        """Whether what a message asked is done and answered, whatever it asked then."""
        return self._stands(posted, answer_key(posted.message))

    def is_refused(self, posted: Posted) -> bool:
        """Whether it was said why what a message asks, as it reads there, was not done."""
        return self._stands(posted, refusal_key(posted.message, posted.edited_at))

    def _stands(self, posted: Posted, key: str) -> bool:
        with self._shelves.reading() as shelf:
            return shelf.outbox.stands(posted.message.workspace, key) is not None
