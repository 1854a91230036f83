"""The one polite way to arXiv: a turn at the gate, one request, and an answer that can be trusted."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from itertools import takewhile
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import arxiv  # type: ignore[import-untyped] # the package carries no type marker
import requests

from arxiv_api.answers import Page, open_reply, sort_answer
from arxiv_api.timing import POLITE, Timing
from arxiv_api.turnstile import Slot, TurnLost, Turnstile
from arxiv_api.wire import exchange
from papers.arxiv_ids import parse_arxiv_id
from papers.errors import SourceRefused, SourceThrottled, SourceUnavailable
from papers.paper import ARXIV, PaperId, PaperLink
from papers.source import Answer, Gate, Turn

ARXIV_API = "https://export.arxiv.org/api/query"
BATCH_SIZE = 100  # one address of about two thousand characters; longer ones are refused on the way


class ArxivGateway:
    """arXiv as a source of papers.

    `contact` (an e-mail or web address) is told to arXiv with each request. `base_url` is the address of the
    query API, with or without `/api/query`. All processes that share the gate's database share one pace.
    `stop`, once set, ends all waiting for a turn.
    """

    batch_size = BATCH_SIZE

    def __init__(
        self,
        gate: Gate,
        contact: str,
        base_url: str = ARXIV_API,
        timing: Timing = POLITE,
        stop: threading.Event | None = None,
    ) -> None:
        self._turnstile = Turnstile(gate, ARXIV, timing, stop)
        self._url = query_url(base_url)
        self._user_agent = user_agent(contact)
        self._timing = timing

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """Wait for a turn at the gate; for one question of up to `batch_size` papers.

        Raises SourceThrottled or SourceUnavailable, without waiting, when the gate is shut for longer than
        the timing's patience.
        """
        with self._turnstile.turn() as slot:
            yield _ArxivTurn(slot, self._ask)

    def wait_seconds(self) -> float:
        """Seconds until the gate is free."""
        return self._turnstile.wait_seconds()

    def in_trouble(self) -> bool:
        """Whether the last request failed, by whichever process it was made."""
        return self._turnstile.in_trouble()

    def _ask(self, asked: Sequence[PaperId], before_sending: Callable[[], None]) -> Answer:
        def fetch(url: str) -> Page:
            return open_reply(exchange("GET", url, self._user_agent, self._timing, before_sending))

        return answer_about(asked, self._url, fetch)


def answer_about(asked: Sequence[PaperId], base_url: str, fetch: Callable[[str], Page]) -> Answer:
    """What the page at the query's address, which `fetch` gets, tells of these papers.

    Raises SourceUnavailable, and what `fetch` raises.
    """
    client = arxiv.Client(page_size=len(asked), delay_seconds=0, num_retries=0)
    client.query_url_format = base_url.replace("{", "{{").replace("}", "}}") + "?{}"
    session = client._session = _OnePage(fetch)
    # The request carries the page size; a limit here would only drop what comes after unasked papers.
    search = arxiv.Search(id_list=[p.id for p in asked], max_results=None)
    try:
        results = list(_first_page(client.results(search)))
    except (arxiv.ArxivError, requests.RequestException, ValueError, RecursionError) as error:
        raise SourceUnavailable("the answer cannot be read") from error
    return sort_answer(asked, session.only_page(), results)


class _ArxivTurn:
    """A turn in the hand; see `papers.source.Turn`."""

    def __init__(self, slot: Slot, question: Callable[[Sequence[PaperId], Callable[[], None]], Answer]) -> None:
        self._slot = slot
        self._question = question

    def ask(self, paper_ids: Sequence[PaperId]) -> Answer:
        """Ask for these papers in one request.

        Raises SourceThrottled, SourceUnavailable or SourceRefused, and ValueError or RuntimeError (nothing
        is sent) for an empty or too long list and for a second question in the same turn.
        """
        asked = _checked(paper_ids)
        self._slot.use()
        try:
            answer = self._question(asked, self._slot.check_fresh)
        except TurnLost:
            raise
        except SourceThrottled as error:
            raise SourceThrottled(self._slot.failed(error.seconds)) from error
        except SourceUnavailable:
            self._slot.failed()
            raise
        except SourceRefused:
            self._slot.answered()
            raise
        self._slot.answered()
        return answer


class _OnePage(requests.Session):
    """The session of an `arxiv` client that is good for one page: a second one needs another turn."""

    def __init__(self, fetch: Callable[[str], Page]) -> None:
        super().__init__()
        self._fetch = fetch
        self._page: Page | None = None

    def get(self, url: str | bytes, **_kwargs: Any) -> requests.Response:
        """Fetch the page; raises _SecondPage when there is one already."""
        if self._page is not None:
            raise _SecondPage
        self._page = self._fetch(str(url))
        response = requests.Response()
        response.status_code = 200
        response.raw = io.BytesIO(self._page.xml)
        return response

    def only_page(self) -> Page:
        """The page that was fetched."""
        if self._page is None:
            raise SourceUnavailable("nothing was asked")
        return self._page


class _SecondPage(Exception):
    """The server spoke of more papers than it sent, and the client went for the rest."""


def _first_page(results: Iterator[arxiv.Result]) -> Iterator[arxiv.Result]:
    try:
        yield from results
    except _SecondPage:
        return


def _checked(paper_ids: Sequence[PaperId]) -> list[PaperId]:
    """The papers, each once. A bad id is refused here: arXiv would answer HTTP 400 for the whole list."""
    asked = list(dict.fromkeys(paper_ids))
    if not 0 < len(asked) <= BATCH_SIZE:
        raise ValueError(f"between 1 and {BATCH_SIZE} papers can be asked for, not {len(asked)}")
    for paper_id in asked:
        if parse_arxiv_id(paper_id.id, today=date.max, naked=True) != PaperLink(paper_id):
            raise SourceRefused(f"{paper_id} is no arXiv id")
    return asked


def query_url(base_url: str) -> str:
    """The address of the query API, completed: `http://host`, `http://host/api` and the whole are the same."""
    parts = urlsplit(base_url.strip())
    path = parts.path.rstrip("/")
    if not path.endswith("/query"):
        path += "/query" if path.endswith("/api") else "/api/query"
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def user_agent(contact: str) -> str:
    """How we name ourselves to arXiv: the program, its version and whom to write to."""
    try:
        release = version("fusen")
    except PackageNotFoundError:
        release = "0"
    plain = "".join(takewhile(str.isprintable, contact.strip())).encode("ascii", "ignore").decode()
    return f"Fusen/{release} (+{plain})" if plain else f"Fusen/{release}"
