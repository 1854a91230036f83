"""arXiv's archive (OAI-PMH), which tells the licence and all versions of a paper: by the same gate as all else."""

from __future__ import annotations

import re
import threading
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode

from arxiv_api.answers import folded, parse_xml
from arxiv_api.gateway import user_agent
from arxiv_api.timing import POLITE, Timing
from arxiv_api.turnstile import Slot, TurnLost, Turnstile
from arxiv_api.wire import Reply, exchange
from papers.errors import SourceRefused, SourceThrottled, SourceUnavailable
from papers.history_shelf import ArchiveTurn
from papers.paper import ARXIV, History, PaperId, Version
from papers.retry_after import wait_asked_for
from papers.source import Gate

_OWN_GATE = "arxiv-oai"
_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_RAW = "{http://arxiv.org/OAI/arXivRaw/}"
# Errors come with 200 by the protocol; one server has sent them with others.
_STATUSES = (200, 400, 404)
_UNKNOWN = ("idDoesNotExist", "noRecordsMatch")
_NUMBER = re.compile(r"v([1-9]\d{0,3})")
_SIZE = re.compile(r"(\d{1,9})\s*kb", re.IGNORECASE)
_LONGEST_REASON, _LONGEST_ADDRESS = 120, 300


class ArxivArchive:
    """arXiv's archive. Its requests and those of the query API are one pace, over all processes.

    What it answers with when it is in trouble is remembered apart (`arxiv-oai`): the query API may be well.
    `contact` and `stop` are as for `ArxivGateway`, `base_url` is the address of the OAI-PMH interface.
    """

    def __init__(
        self,
        gate: Gate,
        contact: str,
        base_url: str,
        timing: Timing = POLITE,
        stop: threading.Event | None = None,
    ) -> None:
        # Nobody waits for a licence: where the gate is busy, the next sweep asks.
        waits = replace(timing, patience=timing.gap)
        self._pace = Turnstile(gate, ARXIV, waits, stop)
        self._own = Turnstile(
            gate, _OWN_GATE, replace(timing, worst=timing.worst + waits.patience, patience=0), stop
        )
        self._url = base_url
        self._user_agent = user_agent(contact)
        self._timing = timing

    @contextmanager
    def turn(self) -> Iterator[ArchiveTurn]:
        """A turn for one question. Raises SourceThrottled or SourceUnavailable when the gate is busy or shut."""
        with self._own.turn() as own, self._pace.turn() as slot:
            yield _ArchiveTurn(own, slot, self._fetch)

    def _fetch(self, paper_id: PaperId, before_sending: Callable[[], None]) -> Reply:
        asked = {"verb": "GetRecord", "identifier": f"oai:arXiv.org:{paper_id.id}", "metadataPrefix": "arXivRaw"}
        url = f"{self._url}?{urlencode(asked, safe=':/')}"
        return exchange("GET", url, self._user_agent, self._timing, before_sending)


class _ArchiveTurn:
    """A turn in the hand; see `papers.history_shelf.ArchiveTurn`."""

    def __init__(self, own: Slot, slot: Slot, fetch: Callable[[PaperId, Callable[[], None]], Reply]) -> None:
        self._own = own
        self._slot = slot
        self._fetch = fetch

    def ask(self, paper_id: PaperId) -> History | None:
        """The history of a paper, or None if the archive does not know it."""
        self._slot.use()
        self._own.use()
        try:
            history = read_history(self._fetch(paper_id, self._slot.check_fresh), paper_id)
        except TurnLost:
            raise
        except SourceThrottled as error:
            raise SourceThrottled(self._own.failed(error.seconds)) from error
        except SourceUnavailable:
            self._own.failed()
            raise
        except SourceRefused:
            self._own.answered()
            raise
        self._own.answered()
        return history


def read_history(reply: Reply, asked: PaperId) -> History | None:
    """What the reply tells of the paper asked for; None if the archive says that it has no such paper.

    Raises SourceThrottled when arXiv wants us to slow down, SourceRefused when it does not take the question,
    SourceUnavailable for all else that is no answer, such as another paper's history.
    """
    seconds = wait_asked_for(reply.retry_after)
    if reply.status == 429 or (reply.status == 503 and seconds is not None):
        raise SourceThrottled(seconds or 0.0)
    if reply.status not in _STATUSES:
        raise SourceUnavailable(f"HTTP {reply.status}")
    answer = parse_xml(reply.body)
    if answer.tag != f"{_OAI}OAI-PMH":
        raise SourceUnavailable("no answer of the archive")
    error = answer.find(f"{_OAI}error")
    if error is not None:
        if error.get("code") in _UNKNOWN:
            return None
        raise SourceRefused(folded(error.get("code"))[:_LONGEST_REASON])
    record = answer.find(f"{_OAI}GetRecord/{_OAI}record")
    header = None if record is None else record.find(f"{_OAI}header")
    if header is not None and header.get("status") == "deleted":
        return None
    raw = None if record is None else record.find(f"{_OAI}metadata/{_RAW}arXivRaw")
    if raw is None or folded(raw.findtext(f"{_RAW}id")) != asked.id:
        raise SourceUnavailable("no answer to what was asked")
    licence = folded(raw.findtext(f"{_RAW}license"))[:_LONGEST_ADDRESS]
    versions = sorted(filter(None, map(_version, raw.findall(f"{_RAW}version"))), key=lambda one: one.number)
    return History(licence, tuple(versions))


def _version(element: ET.Element) -> Version | None:
    """One version, or None if it cannot be read."""
    number = _NUMBER.fullmatch(element.get("version", ""))
    size = _SIZE.fullmatch(folded(element.findtext(f"{_RAW}size")))
    try:
        at = parsedate_to_datetime(folded(element.findtext(f"{_RAW}date")))
        at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return Version(int(number[1]), at, int(size[1]) if size else 0) if number else None
