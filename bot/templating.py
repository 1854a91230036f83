"""Templates of Slack messages become marked-up text in which nothing from outside is markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot import slack_text
from bot.blocks import cut
from papers.depth import depth
from papers.digest import contributors, human_sentence
from papers.digest_order import as_typed
from papers.marks import quotable
from papers.unseen import fit
from papers.wording import Wording


def environment(templates: Path) -> Environment:
    """The templates of a folder, in which whatever they are given is plain text."""
    made = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        finalize=plain,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(cut=cut, oneline=_oneline, quotable=quotable)
    made.globals.update(link=_link, quote=_quote, first_names=_first_names, depth=depth)
    made.globals.update(human_sentence=human_sentence, contributors=contributors, as_typed=as_typed)
    return made


class Saying:
    """The wording inside templates: facts that are plain text are escaped, the sentence itself may hold markup."""

    def __init__(self, words: Wording) -> None:
        self._words = words

    def __call__(self, key: str, **facts: object) -> Markup:
        """The sentence with its gaps filled."""
        return Markup(self._words(key, **{name: _fact(fact) for name, fact in facts.items()}))  # noqa: S704 - the facts are escaped one by one

    def word(self, group: str, value: str) -> str:
        """The word for a value that the program stores in English."""
        return self._words.word(group, value)


class Day:
    """Days inside templates, in the workspace's zone."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)

    def __call__(self, moment: datetime) -> str:
        """The moment's day."""
        return moment.astimezone(self._zone).strftime("%Y-%m-%d")


def _fact(fact: object) -> object:
    return fact if isinstance(fact, int | float) else plain(fact)


def plain(value: object) -> Markup:
    """A value as text that Slack reads as plain."""
    if isinstance(value, Markup):
        return value
    return Markup(_calm(slack_text.escape(_within(str(value)))))  # noqa: S704 - escaped for mrkdwn, which is not HTML


# What begins a header, small print or, for Slack, a quote.
_OPENINGS = ("# ", ":: ", ">")


def _within(text: str) -> str:
    """The text as part of a paragraph: it neither ends the paragraph nor makes another kind of it."""
    line = fit(text).replace("\n", " ")
    return f"\u200b{line}" if line.lstrip().startswith(_OPENINGS) else line


# A formatting mark works only at the edge of a word; a zero-width space beside it takes its power.
_MARKS = re.compile(r"(?<![0-9A-Za-z])([*_~`])|([*_~`])(?![0-9A-Za-z])")
_ANY_MARK = re.compile("[*_~`]")


def _calm(text: str) -> str:
    # Most texts have none, and that is seen sooner than where one stands.
    return _MARKS.sub(lambda found: f"\u200b{found[0]}\u200b", text) if _ANY_MARK.search(text) else text


def _link(url: str, label: str) -> Markup:
    return Markup(slack_text.link(url, _calm(fit(str(label)))))  # noqa: S704 - `link` escapes both its parts


def _quote(text: str) -> Markup:
    return Markup("\n").join(Markup("> ") + plain(line) for line in text.splitlines() if line.strip())


def _oneline(text: str) -> str:
    return " ".join(fit(text).split())


def _first_names(names: Sequence[object], most: int = 3) -> tuple[Sequence[object], int]:
    return (names, 0) if len(names) <= most + 1 else (names[:most], len(names) - most)
