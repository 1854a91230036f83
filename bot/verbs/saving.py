"""Verbs that save a paper or a page that nobody pasted."""

from __future__ import annotations

from itertools import accumulate

from bot import modals
from bot.blocks import Block, Rendered
from bot.payloads.interactions import Submitted
from bot.verbs.registry import Desk, Form, Request, command
from papers.errors import FusenError, NoLinkInMessage, NotAPage, NotAPaper
from papers.finding import find_papers
from papers.finding_pages import find_pages, first_link
from papers.note import Note
from papers.paper import PaperId, PaperLink
from papers.paper_urls import is_place_of_a_paper

LINKS = "links"
MOST = 10
"""How many links are offered, and saved, at once."""

REMEMBERED = 2_500
"""How many characters of links a modal remembers beside the rest, of 3,000 in all."""


class NoLinkChosen(FusenError):
    """The modal was submitted without a link."""

    en = "Choose a link or type one."
    ja = "リンクを選ぶか、入力してください。"


def _add_fields(desk: Desk, request: Request, _note: Note | None) -> list[Block]:
    """Choose among the links of a message; where there is none to be chosen from, type one."""
    words = desk.messages.wording(request.language)
    if request.message is None:
        return [modals.asking(LINKS, words("modal_link"), modals.line(LINKS, words("modal_link_hint")))]
    offered = _offered(desk, request)
    if not offered:
        raise NoLinkInMessage
    asked = modals.asking(LINKS, words("modal_links"), modals.ticks(LINKS, offered))
    if len(offered) == len(find_pages(request.said, today=desk.today())):
        return [asked]
    return [asked, modals.remark(words("modal_links_left", command=desk.command))]


def _offered(desk: Desk, request: Request) -> tuple[str, ...]:
    """The links of the message to choose among: the first ones, as many as the modal remembers."""
    found = find_pages(request.said, today=desk.today())[:MOST] if request.message else ()
    lengths = accumulate(len(page.url) + 4 for page in found)
    return tuple(page.url for page, length in zip(found, lengths, strict=True) if length <= REMEMBERED)


def _add_words(sent: Submitted) -> str:
    offered = {str(place): link for place, link in enumerate(sent.kept)}
    chosen = (offered.get(value, "") for value in sent.chosen.get(LINKS, ()))
    words = " ".join((*chosen, sent.typed.get(LINKS, ""))).strip()
    if not words:
        raise NoLinkChosen
    return words


def _only_link(desk: Desk, request: Request) -> str:
    """The link of the message, if it has a single one: then there is nothing to ask."""
    found = find_pages(request.said, today=desk.today()) if request.message else ()
    return found[0].url if len(found) == 1 else ""


@command(
    "add PAPER",
    "save a paper by link or id, or any web page by its address",
    "論文 (リンクか ID) や Web ページ (アドレス) を保存",
    japanese=("保存", "追加"),
    form=Form(_add_fields, _add_words, known=_only_link, kept=_offered),
)
def add(desk: Desk, request: Request) -> Rendered:
    """Note a paper or a page that nobody pasted."""
    paper = request.paper or _paper(desk, request)
    pages = find_pages(request.rest, today=desk.today())[:MOST] if paper is None else ()
    if request.message and paper is None and (linked := pages or _linked(desk, request)):
        can_post = desk.following.is_in(request.message.workspace, request.message.channel)
        saved = desk.notebook.save(request.asker, request.message, linked)
        return desk.say("saved", request, added=saved, can_post=can_post, bot=f"@{desk.bot_user}")
    link = paper or _page(request.rest or first_link(request.said), pages)
    added = desk.notebook.add(request.asker, link)
    return desk.say("added", request, note=added.note, new=added.new, bot=f"@{desk.bot_user}")


def _paper(desk: Desk, request: Request) -> PaperLink | None:
    found = find_papers(request.rest, today=desk.today(), addressed=True)
    return found[0] if len(found) == 1 else None


def _linked(desk: Desk, request: Request) -> tuple[PaperId, ...]:
    """What the message links to beside the verb."""
    papers = find_papers(request.said, today=desk.today(), addressed=True)
    return (*(link.paper_id for link in papers), *find_pages(request.said, today=desk.today()))[:MOST]


def _page(typed: str, pages: tuple[PaperId, ...]) -> PaperLink:
    if len(pages) == 1:
        return PaperLink(pages[0])
    is_page = "://" in typed and not is_place_of_a_paper(typed)
    raise NotAPage(typed) if is_page else NotAPaper(typed)
