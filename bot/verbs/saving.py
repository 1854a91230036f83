"""Verbs that save a paper or a page that nobody pasted."""

from __future__ import annotations

from itertools import accumulate
from operator import attrgetter

from bot import modals, slack_text
from bot.blocks import Block, Rendered, cut
from bot.payloads.interactions import Submitted
from bot.verbs.desk import Desk, Request
from bot.verbs.registry import Form, Takes, command, verb_first, verb_named
from papers.errors import FusenError, NoLinkInMessage, NotAPage, NotAPaper
from papers.finding import find_papers, places_of_papers
from papers.finding_pages import find_pages, first_astray, first_link, places_of_pages
from papers.note import Message, Note
from papers.paper import ARXIV, PaperLink
from papers.paper_urls import is_place_of_a_paper
from papers.tags import fold

LINKS = "links"
MOST = 10
"""How many links are offered, and saved, at once."""

LOOKED_UP = 50
"""Of how many papers that a message links to, and of how many pages, it is asked whether they are saved."""

TOLD_AGAIN = 80
"""How much is told of words that nothing was done with."""

JOINING = frozenset({"and", "also", "please", "thanks", "too", "と", "も", "や", "を", "お願いします"})
"""Words around papers to be saved that ask for nothing else."""

REMEMBERED = 2_500
"""How many characters of links a modal remembers beside the rest, of 3,000 in all."""


class NoLinkChosen(FusenError):
    """The modal was submitted without a link."""

    en = "Choose a link or type one."
    ja = "リンクを選ぶか、入力してください。"


class NothingToSave(FusenError):
    """The verb alone, with no link beside it."""

    en = "Say what to save: a link or an id, for example: {command} add 2310.13671"
    ja = "保存するもののリンクか ID を続けて入力してください。例: {command} add 2310.13671"


def _add_fields(desk: Desk, request: Request, _note: Note | None) -> list[Block]:
    """Choose among the links of a message; where there is none to be chosen from, type one."""
    words = desk.messages.wording(request.language)
    if request.message is None:
        return [modals.asking(LINKS, words("modal_link"), modals.line(LINKS, words("modal_link_hint")))]
    if not request.kept:
        raise NoLinkInMessage
    asked = modals.asking(LINKS, words("modal_links"), modals.ticks(LINKS, request.kept))
    if len(request.kept) >= len(_unsaved(desk, request)):
        return [asked]
    return [asked, modals.remark(words("modal_links_left", command=desk.spoken(request.asker, request.message)))]


def _offered(desk: Desk, request: Request) -> tuple[str, ...]:
    """The links of the message to choose among: the first ones, as many as the modal remembers."""
    found = _unsaved(desk, request)[:MOST]
    lengths = accumulate(len(link) + 4 for link in found)
    return tuple(link for link, length in zip(found, lengths, strict=True) if length <= REMEMBERED)


def _unsaved(desk: Desk, request: Request) -> tuple[str, ...]:
    """The links of the message to arXiv papers that nobody has saved, and to pages that nobody saved from it.

    A page that is pasted shares nothing, so one that was saved elsewhere may be shared here too.
    """
    message = request.message
    if message is None:
        return ()
    audience = request.asker.audience
    papers = find_papers(request.said, today=desk.today())[:LOOKED_UP]
    pages = find_pages(request.said, today=desk.today())[:LOOKED_UP]
    new = (link for link in papers if desk.notebook.noted(audience, link.paper_id) is None)
    left = (page for page in pages if not _is_shared(desk.notebook.noted(audience, page), message))
    return (*map(_address, new), *(page.url for page in left))


def _is_shared(note: Note | None, message: Message) -> bool:
    return note is not None and any(share.message.origin == message.origin for share in note.shares)


def _address(link: PaperLink) -> str:
    return f"{link.paper_id.url}v{link.version}" if link.version else link.paper_id.url


def _add_words(sent: Submitted) -> str:
    offered = {str(place): link for place, link in enumerate(sent.kept)}
    chosen = (offered.get(value, "") for value in sent.chosen.get(LINKS, ()))
    words = " ".join((*chosen, sent.typed.get(LINKS, ""))).strip()
    if not words:
        raise NoLinkChosen
    return words


def _only_link(desk: Desk, request: Request) -> str:
    """The link of the message, if it has a single one: then there is nothing to ask."""
    found = _unsaved(desk, request)
    return found[0] if len(found) == 1 else ""


@command(
    "add PAPER, PAPER",
    "save papers by link or id, or any web pages by their addresses",
    "論文 (リンクか ID) や Web ページ (アドレス) を保存。複数指定可",
    japanese=("保存", "追加"),
    takes=Takes.PAPERS,
    form=Form(_add_fields, _add_words, known=_only_link, kept=_offered),
)
def add(desk: Desk, request: Request) -> Rendered:
    """Note papers and pages that nobody pasted."""
    astray = first_astray(request.marked, today=desk.today())
    links = _linked(desk, request.marked) or _linked(desk, request.said)
    if astray or not links:
        raise _refusal(astray or request.rest or first_link(request.said))
    first = links[:MOST]
    if request.message:
        added = desk.notebook.save(request.asker, request.message, first)
        can_post = desk.following.is_in(request.message.workspace, request.message.channel)
    else:
        added, can_post = desk.notebook.add(request.asker, first), True
    return desk.say(
        "saved",
        request,
        added=added,
        new=sum(one.new for one in added),
        in_thread=request.message is not None,
        can_post=can_post,
        left=len(links) - len(first),
        most=MOST,
        bot=f"@{desk.bot_user}",
        not_done=_not_done(desk, request),
    )


def _not_done(desk: Desk, request: Request) -> dict[str, str] | None:
    """What was typed behind papers and pages and is not done, with what to type for the first of it.

    A verb with what it needs may stand there, or else a tag or words about the paper. None if nothing does.
    """
    text, today = request.marked, desk.today()
    places = (*places_of_papers(text, today=today, addressed=True), *places_of_pages(text, today=today))
    ordered = sorted(places, key=attrgetter("start"))
    ends = [*(place.start for place in ordered), len(text)][1:]
    behind = (
        (place.link.paper_id, slack_text.plain(place.behind_word(text[:end]), {}).strip(" \n,、，・-–—([{（「"))
        for place, end in zip(ordered, ends, strict=True)
    )
    said = [one for one in behind if not JOINING.issuperset(fold(one[1]).strip(".。!！").split())]
    if not said:
        return None
    paper, words = said[0]
    verb, rest = verb_first(words)
    chosen = verb_named(verb)
    verbs, rest = ((verb,), rest) if chosen and chosen.of_note else (("tag", "comment"), words)
    named, spoken = paper.id if paper.source == ARXIV else paper.url, desk.spoken(request.asker, request.message)
    typed = " · ".join(f"{spoken} {one} {named} {cut(rest, TOLD_AGAIN)}".rstrip() for one in verbs)
    return {"said": cut(", ".join(words for _, words in said), TOLD_AGAIN), "typed": typed}


def _linked(desk: Desk, text: str) -> tuple[PaperLink, ...]:
    """The papers and pages that a text names, each once."""
    papers = find_papers(text, today=desk.today(), addressed=True)
    return (*papers, *map(PaperLink, find_pages(text, today=desk.today())))


def _refusal(typed: str) -> FusenError:
    """Why what was typed cannot be saved."""
    if not typed.strip():
        return NothingToSave()
    return NotAPage(typed) if "://" in typed and not is_place_of_a_paper(typed) else NotAPaper(typed)
