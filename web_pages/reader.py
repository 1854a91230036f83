"""The way to a page: a turn at its site's gate for each step, a few steps at most, and a record in the end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import SplitResult, urljoin, urlsplit

from papers.errors import PageThrottled, PageUnavailable
from papers.page_urls import open_address, page_at
from papers.paper import PaperId
from papers.paper_urls import paper_at
from papers.retry_after import wait_asked_for
from papers.sites import WEB
from papers.source import Gate, ReadPage
from web_pages.metadata import Metadata, read_page
from web_pages.network import Deadline, Network
from web_pages.records import FROM_PAGE, canonical_of, is_as_good_as, record_of, record_of_address, twins_of
from web_pages.wire import HTML, LONGEST_BODY, NobodyThere, Reply, exchange

SECONDS = 10.0
"""How long reading one page may take in all, every step included."""

GAP = 1.0
"""Seconds between the end of one request to a host and the next one to it."""

MOST_STEPS = 6  # five redirects
LONGEST_PAUSE = 900.0
LONGEST_OBEDIENCE = 86_400.0

PERMANENT = frozenset((301, 308))
REDIRECTS = frozenset((301, 302, 303, 307, 308))
GONE = frozenset((404, 410))
BUSY = frozenset((429, 503))

# What they show to a visitor without a browser is a shell that says nothing of the page.
SHELLS = ("x.com", "twitter.com", "facebook.com", "instagram.com", "linkedin.com", "threads.net")
# arXiv, its listings too, is asked by its own gateway and by nobody else.
UNASKED = ("arxiv.org", *SHELLS)
# They forward by 302 what they mean for ever.
RESOLVERS = frozenset(("doi.org", "dx.doi.org", "hdl.handle.net"))
_DOORS = ("login", "signin", "sign-in", "auth", "sso", "consent", "captcha", "challenge", "paywall", "accounts")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where we are on the way: the page as it will be known, the address to ask, and whether we were sent
    aside (by a redirect that says that it is for now only)."""

    page: PaperId
    scheme: str
    address: SplitResult
    aside: bool = False

    @property
    def host(self) -> str:
        return self.address.netloc

    @property
    def path(self) -> str:
        return f"{self.address.path}?{self.address.query}" if self.address.query else self.address.path

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}{self.path}"


class WebPages:
    """The web as a source of pages: the port `papers.source.PageSource`.

    All processes that share the gate's database share one pace for each host. `user_agent` names us to the
    sites. `network` is the open internet unless a test says otherwise.
    """

    def __init__(
        self,
        gate: Gate,
        user_agent: str,
        now: Callable[[], datetime],
        network: Network | None = None,
        stop: threading.Event | None = None,
        seconds: float = SECONDS,
        gap: float = GAP,
    ) -> None:
        self._gate = gate
        self._user_agent = user_agent
        self._now = now
        self._network = network or Network()
        self._stop = stop or threading.Event()
        self._seconds = seconds
        self._gap = gap

    def read(self, paper_id: PaperId) -> ReadPage:
        """Read a page. Raises PageThrottled or PageUnavailable."""
        address = open_address(paper_id.url)
        if address is None:
            return ReadPage(record_of_address(paper_id, self._now()))
        place = _Place(paper_id, "https", address)
        deadline = Deadline(self._seconds)
        for step in range(MOST_STEPS):
            if _is_of(place.host, UNASKED):
                return ReadPage(record_of_address(place.page, self._now()))
            place, reply = self._ask(place, deadline, patient=step > 0)
            if reply.status not in REDIRECTS or "location" not in reply.headers:
                return self._told(place, reply, deadline, last=step + 1 == MOST_STEPS)
            target = urljoin(place.url, reply.headers["location"].strip())
            if twin := paper_at(target, today=date.max):
                return ReadPage(record_of_address(place.page, self._now()), (twin.paper_id,))
            place = _moved(place, target, reply.status)
        raise PageUnavailable(paper_id.site, "too many redirects")

    def _ask(
        self, place: _Place, deadline: Deadline, patient: bool, most: int = LONGEST_BODY
    ) -> tuple[_Place, Reply]:
        """Ask for what is at a place, by plain HTTP where there is no TLS; where that was, and the answer."""
        with self._turn(place.host, deadline, patient) as turn:
            try:
                reply = self._exchange(place, deadline, most)
            except NobodyThere:
                if place.scheme == "http":
                    raise
                place = _Place(place.page, "http", place.address, place.aside)
                reply = self._exchange(place, deadline, most)
            turn.answered(reply)
        return place, reply

    def _exchange(self, place: _Place, deadline: Deadline, most: int) -> Reply:
        return exchange(place.scheme, place.host, place.path, self._user_agent, self._network, deadline, most)

    def _told(self, place: _Place, reply: Reply, deadline: Deadline, last: bool) -> ReadPage:
        if reply.status in GONE and not place.aside:
            return ReadPage(None)
        if reply.status >= 500:
            raise PageUnavailable(place.host, f"HTTP {reply.status}")
        behind_a_door = place.aside and any(word in place.url.lower() for word in _DOORS)
        if reply.status != 200 or reply.kind not in HTML or behind_a_door:
            # A file, or a site that lets only browsers and members in: the link is worth keeping all the same.
            return ReadPage(record_of_address(place.page, self._now()))
        told = _read(reply)
        page = place.page
        if not place.aside and page.source == WEB:
            own = canonical_of(page, told)
            if is_as_good_as(own, page):
                page = own
            elif not last and (said := self._said_at(own, deadline, LONGEST_BODY - len(reply.body))):
                return said
        return ReadPage(record_of(page, told, self._now()), twins_of(page, told))

    def _said_at(self, page: PaperId, deadline: Deadline, most: int) -> ReadPage | None:
        """What a page says of itself to which another has pointed as its own address: nobody else is believed.

        None if that cannot be read by one request, says nothing of itself, or points on to another address.
        """
        address = open_address(page.url)
        if address is None or most <= 0:
            return None
        try:
            _, reply = self._ask(_Place(page, "https", address), deadline, patient=True, most=most)
        except (PageThrottled, PageUnavailable):
            if self._stop.is_set():
                raise
            return None
        if reply.status != 200 or reply.kind not in HTML:
            return None
        told = _read(reply)
        own = canonical_of(page, told) if page.source == WEB else page
        record = record_of(own, told, self._now())
        if record.origin != FROM_PAGE or not is_as_good_as(own, page):
            return None
        return ReadPage(record, twins_of(own, told))

    @contextmanager
    def _turn(self, host: str, deadline: Deadline, patient: bool) -> Iterator[_Turn]:
        """A turn at a host's gate. Raises PageThrottled if it is not free, or not in time for the `patient`."""
        name = f"web:{host}"
        hold = self._gate.take(name, self._seconds * 1.5, self._gap)
        while hold is None:
            wait = max(self._gate.state(name)[0], 0.01)
            if not patient or wait >= deadline.remaining(host) or self._stop.wait(wait):
                raise PageThrottled(host, wait)
            hold = self._gate.take(name, self._seconds * 1.5, self._gap)
        turn = _Turn(host, self._gate.state(name)[1], self._gap)
        try:
            yield turn
        except PageUnavailable:
            turn.failed()
            raise
        finally:
            self._gate.release(name, hold, turn.pause, turn.failures)


class _Turn:
    """A turn in the hand: it remembers what is to be left at the gate afterwards."""

    def __init__(self, host: str, failures: int, gap: float) -> None:
        self.pause = gap
        self.failures = failures
        self._host = host
        self._gap = gap

    def answered(self, reply: Reply) -> None:
        """The host answered. Raises PageThrottled if it asks for a wait."""
        if reply.status in BUSY and (reply.status == 429 or "retry-after" in reply.headers):
            self.failed()
            asked_for = min(wait_asked_for(reply.headers.get("retry-after")) or 0.0, LONGEST_OBEDIENCE)
            self.pause = max(self.pause, asked_for)
            raise PageThrottled(self._host, self.pause)
        if reply.status >= 500:
            self.failed()
        else:
            self.failures = 0

    def failed(self) -> None:
        """The host failed once more: it is left alone for longer each time."""
        self.failures += 1
        self.pause = max(self._gap, min(self._gap * 2.0 ** min(self.failures, 30), LONGEST_PAUSE))


def _read(reply: Reply) -> Metadata:
    return read_page(reply.body, reply.headers.get("content-type", ""))


def _moved(place: _Place, target: str, status: int) -> _Place:
    """The place that a redirect leads to. Raises PageUnavailable if it leads out of the open web."""
    page, address = page_at(target), open_address(target)
    if page is None or address is None:
        raise PageUnavailable(place.host, "it leads to an address that is not asked")
    scheme = urlsplit(target).scheme.lower()
    if page.source != WEB and page != place.page:
        # The page of a paper tells more than its PDF does.
        scheme, address = "https", open_address(page.url) or address
    lasting = status in PERMANENT or place.host in RESOLVERS or page == place.page
    aside = place.aside or not lasting
    return _Place(place.page if aside else page, scheme, address, aside)


def _is_of(host: str, names: tuple[str, ...]) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in names)
