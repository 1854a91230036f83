"""The reading of a record: texts made readable and the summary, each with where it came from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from enrichment.summary import summarise
from enrichment.tex import formulas, readable
from papers.paper import Reading, Record, Summary
from papers.sites import GITHUB, WEB

METHOD = "extract-2"
"""The name of the rule in `enrichment.summary`; a rule that picks otherwise gets another number."""
FROM_ABSTRACT = "abstract"
FROM_SAMPLE = "sample description"
FROM_PAGE = "page description"
_SAMPLE = "sample"
_WIDEST_IN_TITLES = 20  # they are set large


class Reader:
    """Makes records fit to read, without a key, a model or the network: the port `papers.source.Enrichment`."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def named(self, record: Record) -> Record:
        """The record with what is left of TeX in its authors' names, comment and reference made readable.

        Never raises.
        """
        comment, journal_ref = (_typed(text) if text else text for text in (record.comment, record.journal_ref))
        return replace(record, authors=tuple(map(_name, record.authors)), comment=comment, journal_ref=journal_ref)

    def read(self, record: Record) -> Reading:
        """Make a record fit to read. Never raises, whatever the record holds."""
        title, abstract = readable(record.title), readable(record.abstract)
        within = (formulas(record.title, title, _WIDEST_IN_TITLES), formulas(record.abstract, abstract))
        return Reading(title, abstract, self._summary(record), *within)

    def _summary(self, record: Record) -> Summary | None:
        """The summary, or None without an abstract and for a withdrawn paper, whose claims are not repeated."""
        if record.withdrawn:
            return None
        # The source is cut, then made readable: of 1,111 abstracts with TeX, 7 % would be cut otherwise the other
        # way round, mostly wrong: "in $X$. We" reads "in X. We" by then, and X looks like an initial.
        text = readable(summarise(record.title, record.abstract))
        if not text:
            return None
        return Summary(text, METHOD, self._now(), _made_from(record))


def _typed(text: str) -> str:
    return readable(text) if any(sign in text for sign in "{}\\$") else text


def _name(name: str) -> str:
    if not any(sign in name for sign in "{}\\"):
        return name
    told = readable(name)
    # A macro that nobody knows would part the name.
    return told if 0 < len(told.split()) <= len(name.split()) else name


def _made_from(record: Record) -> str:
    if record.origin == _SAMPLE:
        return FROM_SAMPLE
    return FROM_PAGE if record.paper_id.source in (GITHUB, WEB) else FROM_ABSTRACT
