"""What is typed where tags belong and is none: a link, or what looks like the id of a paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.verbs.desk import Desk, Request
from bot.verbs.registry import verb_named
from papers import tags
from papers.errors import NotAPaper, WrongWords
from papers.finding import mistyped_ids, places_of_papers
from papers.finding_pages import first_astray, first_link

_QUOTES = re.compile('["“”＂「」『』]')


class LinkNotTag(WrongWords):
    """Somebody typed a link, or what looks like an id, where tags belong."""

    en = "“{typed}” is a link or looks like the ID of a paper, so it cannot be a tag. For example: DataGeneration"
    ja = "「{typed}」はリンクまたは論文の ID と読めるため、タグにできません。例: DataGeneration"


def refuse_links(desk: Desk, request: Request, typed: str) -> None:
    """Raise LinkNotTag for a link among tags, or an id at an end of one, neither quoted nor in use.

    Behind a verb that is about a paper it was meant for one: raise NotAPaper if it leads to none.
    """
    today, verb = desk.today(), verb_named(request.verb)
    found = {part: link for part in tags.parts(typed) if (link := _link(part, today))}
    used = desk.tagging.known(request.asker.audience, list(found)) if found else ()
    for part, link in found.items():
        if part not in used:
            raise (
                NotAPaper(link) if verb and verb.of_note and first_astray(link, today=today) else LinkNotTag(link)
            )


def _link(part: str, today: date) -> str:
    """The link in a tag, or the id at an end of it; empty if there is none."""
    return first_link(part) or next((found for word in _ends(part) for found in _ids(word, today)), "")


def _ids(word: str, today: date) -> tuple[str, ...]:
    named = (place.link.paper_id.id for place in places_of_papers(word, today=today, addressed=True))
    return (*named, *mistyped_ids(word, today=today))


def _ends(text: str) -> Iterator[str]:
    """The first and the last word, but for those in quotes."""
    words = text.split()
    return (word for word in (*words[:1], *words[-1:]) if not is_quoted(word))


def is_quoted(word: str) -> bool:
    """Whether a typed word stands in quotation marks, at one end of them, or holds one: then it is a name."""
    return _QUOTES.search(word) is not None
