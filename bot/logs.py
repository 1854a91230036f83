"""The log: one line or one JSON object for each thing that happened, and nothing in it that is private.

Our own sentences name things by their ids. What others say is cut where they begin to cite, and their words for
looking inside (DEBUG) are not taken at all: they tell whole requests. Of an error that nobody foresaw the log
tells its kind and where it was raised, not its message, which may quote what somebody wrote. Whatever looks like
a token of Slack, or is one of the secrets in the settings, is left out wherever it stands.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO
from urllib.parse import unquote, unquote_plus, urlsplit

from bot.tracing import current

OURS = ("bot", "papers", "storage", "arxiv_api", "web_pages", "enrichment", "publishing", "playground", "__main__")
FORMS = ("text", "json")
LEVELS = ("warning", "info", "debug")
HIDDEN = "[hidden]"

SECRETS = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_CLIENT_SECRET",
    "LLM_API_KEY",
    "PAGES_BUCKET_KEY_ID",
    "PAGES_BUCKET_SECRET",
    "PAGES_GIT_TOKEN",
    "METRICS_TOKEN",
)
"""The settings whose values are told nowhere."""

_TOKEN = re.compile(r"\bx(?:ox[a-z]|app)-[\w.-]+")
_CITES = re.compile("[:({\\[\"'`<]")
_QUERIED = re.compile("(?:^|&)(?:ssl)?password=([^&]*)")
_SHORTEST_SECRET = 6

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def set_up(environment: Mapping[str, str], verbose: bool = False, stream: TextIO | None = None) -> None:
    """Log from now on as FUSEN_LOG and FUSEN_LOG_LEVEL say; `verbose` means at least `info`.

    What cannot be read there counts as not set: the settings complain of it.
    """
    form = environment.get("FUSEN_LOG", "").strip().lower()
    level = environment.get("FUSEN_LOG_LEVEL", "").strip().lower()
    handler = logging.StreamHandler(stream)
    handler.setFormatter((AsJson if form == "json" else AsText)(secrets(environment)))
    handler.addFilter(_may_speak)
    chosen = logging.getLevelName(level.upper()) if level in LEVELS else logging.WARNING
    if verbose:
        chosen = min(chosen, logging.INFO)
    logging.basicConfig(level=max(chosen, logging.INFO), handlers=[handler], force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(chosen)
    # APScheduler counts a sweep that found its job still running; the clock lets the job run again anyway.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    # It tells of each migration, also of those with which a backup learns what its tables are, in memory.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # Each nudge is a job to them and each lost connection an error with its traceback; who uses them tells it.
    for carrying in ("procrastinate", "psycopg.pool"):
        logging.getLogger(carrying).setLevel(logging.CRITICAL)


def catch_what_nobody_foresaw() -> None:
    """Let the log tell of errors that end a thread or the process; Python would print what they quote."""
    threading.excepthook = _log_thread
    sys.excepthook = _log_end


def secrets(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The secrets among settings, also the password in the database's address."""
    found = {environment.get(name, "").strip() for name in SECRETS}
    for address in (environment.get("DATABASE_URL", ""), *_proxies(environment)):
        try:
            parts = urlsplit(address)
            passwords = {parts.password or "", *_QUERIED.findall(parts.query)}
        except ValueError:
            continue
        found |= passwords | {unquote(one) for one in passwords} | {unquote_plus(one) for one in passwords}
    return tuple(sorted((one for one in found if len(one) >= _SHORTEST_SECRET), key=len, reverse=True))


def _proxies(environment: Mapping[str, str]) -> Collection[str]:
    return [value for name, value in environment.items() if name.lower() in ("http_proxy", "https_proxy")]


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in OURS


def _may_speak(record: logging.LogRecord) -> bool:
    return _is_ours(record) or record.levelno >= logging.INFO


class _Discreet(logging.Formatter):
    def __init__(self, hidden: Collection[str]) -> None:
        super().__init__()
        self._hidden = tuple(hidden)

    def said(self, record: logging.LogRecord) -> str:
        """The sentence of a record."""
        said = record.getMessage()
        return said if _is_ours(record) else _CITES.split(said, maxsplit=1)[0].strip()

    def hide(self, line: str) -> str:
        """The line without secrets."""
        for secret in self._hidden:
            line = line.replace(secret, HIDDEN)
        return _TOKEN.sub(HIDDEN, line)

    def formatException(self, info: ExceptionInfo) -> str:
        """The kinds of an error and of those behind it, and where each was raised."""
        error = info[1]
        lines: list[str] = []
        while error is not None and len(lines) < 200:
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}, raised at:")
            lines += [line.rstrip() for line in traceback.format_tb(error.__traceback__)]
            behind = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
            if behind is not None:
                lines.append("which came of:")
            error = behind
        return "\n".join(lines)


class AsText(_Discreet):
    """A line for people."""

    def format(self, record: logging.LogRecord) -> str:
        """Time in UTC, level, who says it, the event's id, and the sentence."""
        line = f"{_when(record)} {record.levelname} {record.name} [{current()}] {self.said(record)}"
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return self.hide(line)


class AsJson(_Discreet):
    """A JSON object in a line, for machines."""

    def format(self, record: logging.LogRecord) -> str:
        """The same facts by name."""
        facts = {
            "time": _when(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "trace": current(),
            "message": self.said(record),
        }
        if record.exc_info:
            facts["error"] = self.formatException(record.exc_info)
        return json.dumps({name: self.hide(fact) for name, fact in facts.items()}, ensure_ascii=False)


def _when(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _log_thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None:
        info = (told.exc_type, told.exc_value, told.exc_traceback)
        logging.getLogger("bot").critical("a thread ended by an error that nobody foresaw", exc_info=info)


def _log_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger("bot").critical("ended by an error that nobody foresaw", exc_info=(kind, error, trace))
