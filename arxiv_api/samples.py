"""A few sample papers, for trying Fusen where arXiv cannot be reached."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from arxiv_api.answers import folded
from arxiv_api.gateway import ARXIV_API, user_agent
from arxiv_api.timing import Timing
from arxiv_api.wire import exchange
from papers.errors import SourceError, SourceLeftAlone, SourceRefused, SourceUnavailable
from papers.paper import ARXIV, PaperId, Record
from papers.source import Answer, Source, Turn

SAMPLE = "sample"

NOBODY_HOME = frozenset({502, 503, 504})
"""What proxies answer for a server that they cannot reach; any other answer is the server's own."""


@cache
def sample_records() -> Mapping[PaperId, Record]:
    """The sample papers by id, in the order in which they are to be suggested."""
    text = files("arxiv_api").joinpath("samples.toml").read_text(encoding="utf-8")
    records = map(_record, tomllib.loads(text)["paper"])
    return MappingProxyType({record.paper_id: record for record in records})


def sample_ids() -> tuple[PaperId, ...]:
    """The ids of the sample papers."""
    return tuple(sample_records())


def reachable(base_url: str = ARXIV_API, timeout: float = 3.0) -> bool:
    """Whether the server of the API answers at all within `timeout` seconds.

    Asks for the head of its front page, through the proxy of the environment if there is one: this is no
    request to the API and needs no turn.
    """
    parts = urlsplit(base_url)
    timing = Timing(connect=timeout, read=timeout, deadline=timeout, worst=3 * timeout)
    try:
        reply = exchange("HEAD", f"{parts.scheme}://{parts.netloc}/", user_agent(""), timing)
    except SourceUnavailable:
        return False
    return reply.status not in NOBODY_HOME


class SampledSource:
    """A source that answers for the sample papers itself while the source it wraps does not answer.

    `down` says what is known at the start. While the source is down, a sample paper is answered at once: no
    turn is waited for and nothing is sent. Questions without samples still go to the source, so that its
    return is noticed; they never wait at a shut gate.
    """

    def __init__(self, source: Source, down: bool = False) -> None:
        self.batch_size = source.batch_size
        self._source = source
        self._down = down

    def wait_seconds(self) -> float:
        """How long a turn would have to be waited for, in seconds; none while samples are given out."""
        return 0.0 if self._down else self._source.wait_seconds()

    def in_trouble(self) -> bool:
        """Whether nobody should wait for an answer: not while samples are given out, which takes no time."""
        return not self._down and self._source.in_trouble()

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """A turn of the wrapped source, or at once one that prefers samples while that source is down."""
        with ExitStack() as stack:
            turn = None if self._down else self._entered(stack)
            yield _FallbackTurn(self, turn) if turn else _SampleTurn(self)

    def _entered(self, stack: ExitStack) -> Turn | None:
        try:
            return stack.enter_context(self._source.turn())
        except SourceError:  # the gate is shut for long: the outage began before this process
            self._down = True
            return None

    def ask_source(self, turn: Turn, paper_ids: Sequence[PaperId]) -> Answer:
        """Ask in a turn of the wrapped source, and remember whether it answered."""
        try:
            answer = turn.ask(paper_ids)
        except SourceRefused:
            self._down = False
            raise
        except SourceError:
            self._down = True
            raise
        self._down = False
        return answer

    def ask_in_new_turn(self, paper_ids: Sequence[PaperId]) -> Answer:
        """Take a turn of the wrapped source and ask. Raises SourceLeftAlone at once if its gate is shut."""
        wait = self._source.wait_seconds()
        if wait > 0:
            raise SourceLeftAlone(f"next try in {wait:.0f} s")
        with self._source.turn() as turn:
            return self.ask_source(turn, paper_ids)


class _SampleTurn:
    """A turn while the source is down: samples first, the source only for questions without any."""

    def __init__(self, sampled: SampledSource) -> None:
        self._sampled = sampled

    def ask(self, paper_ids: Sequence[PaperId]) -> Answer:
        return _from_samples(paper_ids) or self._sampled.ask_in_new_turn(paper_ids)


class _FallbackTurn:
    """A turn of the source, with samples for the case that it does not answer."""

    def __init__(self, sampled: SampledSource, turn: Turn) -> None:
        self._sampled = sampled
        self._turn = turn

    def ask(self, paper_ids: Sequence[PaperId]) -> Answer:
        try:
            return self._sampled.ask_source(self._turn, paper_ids)
        except SourceRefused:
            raise
        except SourceError:
            if answer := _from_samples(paper_ids):
                return answer
            raise


def _from_samples(paper_ids: Sequence[PaperId]) -> Answer | None:
    """The samples among these papers, the others unanswered; None if none is a sample."""
    records = sample_records()
    found = tuple(records[p] for p in dict.fromkeys(paper_ids) if p in records)
    return Answer(found, ()) if found else None


def _record(paper: Mapping[str, Any]) -> Record:
    return Record(
        paper_id=PaperId(ARXIV, paper["id"]),
        version=paper["version"],
        title=paper["title"],
        abstract=folded(paper["description"]),
        authors=tuple(paper["authors"]),
        categories=tuple(paper["categories"]),
        published=paper["published"],
        updated=paper["updated"],
        comment=paper.get("comment"),
        doi=paper.get("doi"),
        origin=SAMPLE,
    )
