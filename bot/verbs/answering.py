"""What people type, after the slash command or a mention, becomes a request for a verb."""

from __future__ import annotations

from datetime import date

from bot import slack_text
from bot.blocks import Rendered
from bot.verbs import by_title
from bot.verbs.registry import REGISTRY, Command, Desk, Request
from papers.asker import Asker
from papers.finding import find_papers
from papers.finding_pages import find_pages
from papers.note import Message
from papers.paper import PaperLink
from papers.tags import fold


def answer(desk: Desk, asker: Asker, text: str) -> Rendered:
    """Answer what somebody typed, in Slack's text form. An unknown verb, or none, gets the list of verbs.

    A paper alone is one to be added. Raises a FusenError whose sentence is the answer.
    """
    verb, rest = _first_word(text)
    chosen = REGISTRY.get(fold(verb))
    paper, rest = _pointed_at(desk, asker, chosen, rest)
    if chosen is None and not rest and paper is None:
        paper, _ = _named(verb, desk.today())
        chosen = REGISTRY["add"] if paper else None
    if chosen is None:
        # Help says that it does not know the word.
        chosen, rest = REGISTRY["help"], verb
    request = asked(desk, asker, slack_text.plain(rest, {}), paper, marked=rest)
    return by_title.run(desk, chosen, request)


def asked(
    desk: Desk,
    asker: Asker,
    rest: str = "",
    paper: PaperLink | None = None,
    note_id: int = 0,
    message: Message | None = None,
    said: str = "",
    marked: str = "",
) -> Request:
    """A request by somebody, answered in their language. Raises LookupError for an unknown workspace.

    Without `marked`, `rest` is taken for Slack's text form: what buttons remember and modals are made of.
    """
    workspace, language = desk.notebook.at_home(asker.workspace, asker.member)
    return Request(
        asker=asker,
        language=language,
        workspace=workspace,
        rest=rest,
        marked=marked or rest,
        paper=paper,
        note_id=note_id,
        message=message,
        said=said,
    )


def begins_with_verb(text: str) -> bool:
    """Whether words said to the bot begin with a verb; a bare link said to it is a share like any other."""
    return fold(_first_word(text)[0]) in REGISTRY


def _pointed_at(desk: Desk, asker: Asker, chosen: Command | None, text: str) -> tuple[PaperLink | None, str]:
    """The paper, or noted page, that a text begins with, and what follows it. A link may also begin a comment.

    Tags come to mind before their paper: after them it may stand too, for no tag looks like one.
    """
    paper, rest = _named(text, desk.today())
    if paper is None and chosen is not None and chosen.takes_tags:
        *before, last = text.rsplit(maxsplit=1) or [""]
        paper, _ = _named(last, desk.today())
        rest = "".join(before) if paper else rest
    if paper is None and chosen is not None and chosen.of_note:
        first, behind = _first_word(text)
        pages = find_pages(first, today=desk.today())
        if len(pages) == 1 and (named := desk.notebook.page_named(asker, pages[0])):
            return named, behind
    return paper, rest


def _named(text: str, today: date) -> tuple[PaperLink | None, str]:
    """The paper that a text begins with, and what follows it."""
    first, rest = _first_word(text)
    links = find_papers(first, today=today, addressed=True)
    return (links[0], rest) if len(links) == 1 else (None, text)


def _first_word(text: str) -> tuple[str, str]:
    """The first word and what follows it; Japanese keyboards type a wide blank between them."""
    first, *rest = text.strip().split(maxsplit=1)[:2] or [""]
    return first, "".join(rest)
