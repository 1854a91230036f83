"""The job that lets missing translations be made, one at a time, within the month's budget."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.pauses import growing
from papers.note import Workspace
from papers.nudges import Job, Nudge
from papers.shelf import Shelves
from papers.source import Gate
from papers.translation import ORIGINAL, Translated, Translator, TranslatorError
from papers.translation_shelf import WantedTranslation

log = logging.getLogger(__name__)

GATE = "translator"
WORST_SECONDS = 400.0
"""The longest that one translation takes, with its second chance; whoever dies at it frees the gate by then."""

LEASE = timedelta(seconds=WORST_SECONDS)
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 10.0, 3600.0
"""How long the model is left alone after a failure, doubled with each further one in a row."""

FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=5), timedelta(days=2)
TRIES = 6
"""How soon one paper is tried again, four times as late each time, and how often at all."""

AT_ONCE = 500


class Translating:
    """Brings translations up to date. The gate lets one process at a time ask the model."""

    def __init__(
        self,
        shelves: Shelves,
        translator: Translator,
        gate: Gate,
        budget: int,
        nudge: Nudge,
        now: Callable[[], datetime],
    ) -> None:
        """`budget` is how many tokens may be spent in a month (UTC)."""
        self._shelves = shelves
        self._translator = translator
        self._gate = gate
        self._budget = budget
        self._nudge = nudge
        self._now = now
        self._looked: dict[str, Workspace] = {}

    def __call__(self) -> None:
        """Make one translation, if one is wanted and may be paid for; more at the next runs, which it wishes."""
        self._want()
        if not self._may():
            return
        hold = self._gate.take(GATE, WORST_SECONDS, 0.0)
        if hold is None:
            return
        pause, failures = 0.0, self._gate.state(GATE)[1]
        try:
            wanted = self._claim()
            if wanted is None:
                return
            failure = self._translate(wanted)
            failures = failures + 1 if failure else 0
            if failure:
                growing = FIRST_PAUSE_SECONDS * 2.0 ** min(failures - 1, 20)
                pause = max(min(growing, LONGEST_PAUSE_SECONDS), failure.seconds)
        finally:
            self._gate.release(GATE, hold, pause, failures)
        if not failures:
            self._nudge(Job.TRANSLATE)

    def _want(self) -> None:
        """Look for what is missing, if anything has changed since the last look."""
        with self._shelves.reading() as shelf:
            workspaces = shelf.directory.workspaces()
        for now in workspaces:
            last = self._looked.get(now.id)
            since = last.change if last and last.language == now.language else 0
            if now.language == ORIGINAL or now.change == since:
                continue
            with self._shelves.writing() as shelf:
                found = shelf.translations.want(now.id, since, self._now(), AT_ONCE)
            if found < AT_ONCE:
                self._looked[now.id] = now

    def _may(self) -> bool:
        now = self._now()
        with self._shelves.reading() as shelf:
            if not shelf.translations.waiting(now):
                return False
            spent = shelf.translations.spent(now)
        if spent >= self._budget:
            log.info("no more translations this month: %s tokens are spent", spent)
        return spent < self._budget

    def _claim(self) -> WantedTranslation | None:
        with self._shelves.writing() as shelf:
            return shelf.translations.claim(self._now(), LEASE)

    def _translate(self, wanted: WantedTranslation) -> TranslatorError | None:
        try:
            made = self._translator.translate(wanted.record, wanted.language)
        except TranslatorError as error:
            log.warning("%s", error)
            self._failed(wanted, error)
            return error
        self._keep(wanted, made)
        self._nudge(Job.PUBLISH_PAGES)
        return None

    def _keep(self, wanted: WantedTranslation, made: Translated) -> None:
        with self._shelves.writing() as shelf:
            shelf.translations.spend(made.tokens, self._now())
            shelf.translations.keep(wanted, made.translation)

    def _failed(self, wanted: WantedTranslation, error: TranslatorError) -> None:
        now = self._now()
        pause = growing(FIRST_DELAY, LONGEST_DELAY, wanted.attempts)
        with self._shelves.writing() as shelf:
            shelf.translations.spend(error.tokens, now)
            if wanted.attempts >= TRIES and error.tokens:
                shelf.translations.give_up(wanted)
            else:
                shelf.translations.postpone(wanted, now + pause)
