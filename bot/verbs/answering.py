"""What people type, after the slash command or a mention, becomes a request for a verb."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from operator import attrgetter

from bot import slack_text
from bot.blocks import Rendered
from bot.verbs import by_title
from bot.verbs.desk import Desk, Request
from bot.verbs.pointed import example_of
from bot.verbs.registry import REGISTRY, Command, Takes, verb_first, verb_named
from bot.verbs.typed_tags import is_quoted
from papers import tags
from papers.asker import Asker
from papers.errors import FusenError, NotAPaper, UnknownPaper
from papers.finding import find_papers, places_of_papers
from papers.finding_pages import astray_at_start, first_astray, first_link, is_link, places_of_pages
from papers.note import Message
from papers.paper import ARXIV, PaperLink
from papers.places import Place
from papers.pointing import ANY, Example, SeveralPapers
from papers.typed_words import OFF, which_word

_HIRAGANA = re.compile("[ぁ-ゖ]")
_MOST_HIRAGANA = 1  # in what names a paper

MOST_NAMED = 20
"""Of how many people, and of how many channels, that somebody mentions the names are looked up."""


class NoVerb(FusenError):
    """A paper was typed with other words, and no verb that says what they mean."""

    en = (
        "I do not know what to do with {paper}. A verb comes first: {command} tag {paper} {rest} · "
        "{command} comment {paper} {rest}"
    )
    ja = (
        "{paper} をどうするかを先頭に書いてください。例: {command} tag {paper} {rest} · "
        "{command} comment {paper} {rest}"
    )

    def __init__(self, paper: str, rest: str) -> None:
        super().__init__(paper=paper, rest=rest if len(rest) <= 40 else rest[:40] + "…")


class OnePaperOnly(FusenError):
    """Several papers were named to a verb that is about one."""

    en = "I do this with one paper at a time. Name one: {example}"
    ja = "この操作は論文 1 件ずつに行えます。1 つだけ指定してください: {example}"


class NotAboutPapers(FusenError):
    """A paper was named to a verb to which it means nothing."""

    en = "“{verb}” is not about one paper. Leave {paper} out, or see that paper: {command} show {paper}"
    ja = (
        "「{verb}」は論文を指定せずに使います。{paper} を外して入力してください。"
        "その論文を見るには: {command} show {paper}"
    )


class ChannelNotTag(FusenError):
    """Slack took a word behind a # for a channel whose name is not told where it was typed."""

    en = "Slack made a channel of the word behind the #, and I may not read its name here. Leave the # out."
    ja = "# の付いた語は Slack でチャンネルになり、ここではその名前を読めません。# を付けずに入力してください。"


def answer(desk: Desk, asker: Asker, text: str, message: Message | None = None, beside: str = "") -> Rendered:
    """Answer what somebody typed, in Slack's text form. An unknown verb, or none, gets the list of verbs.

    Papers or a link alone are to be added. A `message` is pointed at where no paper is named; what it says
    `beside` has links. Raises a FusenError whose sentence is the answer.
    """
    verb, rest = verb_first(text)
    paper, chosen = None, verb_named(verb)
    if chosen:
        paper, rest = _pointed_at(desk, asker, chosen, verb, rest)
        if chosen.takes_words and slack_text.has_nameless_channel(rest, _names(desk, asker, rest)):
            raise ChannelNotTag
        if message and chosen.of_note and paper is None:
            said = slack_text.plain(rest, _names(desk, asker, rest))
            paper = _page_beside(desk, asker, beside, example_of(desk, verb, asker, message, said))
    elif _are_papers(desk, text.strip()) or is_link(text.strip()):
        chosen, rest = REGISTRY["add"], text
    else:
        # Help says that it does not know the word.
        chosen, rest = REGISTRY["help"], verb
    said = slack_text.plain(rest, _names(desk, asker, rest))
    if paper or (Takes.PAPERS in chosen.takes and _names_any(rest, desk.today())):
        message = None
    request = asked(desk, asker, said, paper, message=message, said=beside, marked=rest)
    return by_title.run(desk, chosen, replace(request, verb=verb))


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
    workspace, language = desk.lookup.at_home(asker.workspace, asker.member)
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


def is_command(text: str) -> bool:
    """Whether words can hardly be anything but a verb with what it needs, though nobody is spoken to.

    A sentence may begin with a verb's name too (read this, great), but not with so few words. In Japanese it is
    one word, told by its hiragana (既読 面白かった).
    """
    verb, rest = verb_first(text)
    chosen = verb_named(verb)
    if chosen is None or Takes.TAGS in chosen.takes or Takes.TEXT in chosen.takes:
        return chosen is not None
    return _is_brief(chosen, rest)


def is_brief_command(text: str, today: date) -> bool:
    """The same of words at whose end somebody is mentioned, as people do in sentences, too.

    So tags and texts are brief as well (tag RAG, LLM); papers that are named do not count.
    """
    verb, rest = verb_first(text)
    chosen = verb_named(verb)
    if chosen is None:
        return False
    for place in reversed(places_of_papers(rest, today=today, addressed=True)):
        rest = f"{rest[: place.start]} {place.behind_word(rest)}"
    return all(_is_brief(chosen, part) for part in (tags.parts(rest) if Takes.TAGS in chosen.takes else (rest,)))


def _is_brief(chosen: Command, rest: str) -> bool:
    words = rest.split()
    if Takes.OFF in chosen.takes and words and which_word(words[-1], (OFF,)):
        words.pop()
    like_sentence = chosen.takes_paper_alone or Takes.TAGS in chosen.takes or Takes.TEXT in chosen.takes
    return len(words) < 2 and not (like_sentence and len(_HIRAGANA.findall("".join(words))) > _MOST_HIRAGANA)


def names_of_channels(desk: Desk, workspace: str, here: str, text: str) -> dict[str, str]:
    """What the channels are called that a text mentions which was written in `here`; only what all may know.

    A private one is named to nobody: what is written goes to pages and to other channels. Nor is any to another
    organization.
    """
    _, mentioned, _ = slack_text.named(text)
    if not mentioned:
        return {}
    place = desk.lookup.channel(workspace, here)
    if place.is_closed:
        return {}
    home = desk.lookup.workspace(workspace)
    channels = (desk.lookup.channel(workspace, one) for one in mentioned[:MOST_NAMED])
    return {channel.id: channel.name for channel in channels if channel.name and home.publishes(channel)}


def _names(desk: Desk, asker: Asker, text: str) -> dict[str, str]:
    """What the people and channels are called that a text mentions, as far as it is known and may be told."""
    people = slack_text.mentioned(text)[:MOST_NAMED]
    named = {person: name for person in people if (name := desk.lookup.member(asker.workspace, person).name)}
    return named | names_of_channels(desk, asker.workspace, asker.channel, text)


def begins_with_verb(text: str) -> bool:
    """Whether words said to the bot begin with a verb; a bare link said to it is a share like any other."""
    return verb_named(verb_first(text)[0]) is not None


def takes_text(text: str) -> bool:
    """Whether words said to the bot begin with a verb that keeps the text behind it, a table too."""
    chosen = verb_named(verb_first(text)[0])
    return chosen is not None and Takes.TEXT in chosen.takes


def is_understood(text: str) -> bool:
    """Whether words said to the bot ask for something, be it by a link alone; all others get help."""
    return begins_with_verb(text) or is_link(text.strip())


def is_sentence(text: str, today: date) -> bool:
    """Whether words begin like a verb that takes a paper alone, but go on as a sentence: reading LINK tomorrow."""
    verb, rest = verb_first(text)
    chosen, papers = verb_named(verb), places_of_papers(rest, today=today, addressed=True)
    if not (chosen and chosen.takes_paper_alone and papers):
        return False
    if not papers[0].in_first_word(rest):
        return True
    closing = papers[0].behind_word(rest)
    return Takes.OFF in chosen.takes and bool(closing) and which_word(closing, (OFF,)) is None


def saved_by(text: str, today: date) -> PaperLink | None:
    """The paper whose link is said to the bot with a verb that saves it, if the verb is about that one alone."""
    verb, rest = verb_first(text)
    chosen = verb_named(verb)
    if not (chosen and chosen.saves):
        return None
    rest = rest if chosen.takes_paper_alone else slack_text.domains_as_typed(rest)
    places = _places(chosen, rest, today)
    if Takes.OFF in chosen.takes and any(which_word(place.behind_word(rest), (OFF,)) for place in places):
        return None
    named = {place.link.paper_id for place in places}
    linked = (link for link in find_papers(rest, today=today) if named == {link.paper_id})
    return next(linked, None)


def _are_papers(desk: Desk, text: str) -> bool:
    """Whether papers are all there is, without a verb. Raises NoVerb if one comes first, and more is said."""
    papers = places_of_papers(text, today=desk.today(), addressed=True)
    if not papers or not papers[0].in_first_word(text):
        return False
    ends = (*(after.start for after in papers[1:]), len(text))
    if any(one.behind_word(text[:end]) for one, end in zip(papers, ends, strict=True)):
        named, said = papers[0].link.paper_id.id, slack_text.plain(papers[0].behind_word(text), {})
        raise NoVerb(paper=named, rest=said)
    return True


def _names_any(text: str, today: date) -> bool:
    """Whether a text names papers or pages."""
    return bool(places_of_papers(text, today=today, addressed=True) or places_of_pages(text, today=today))


def _pointed_at(desk: Desk, asker: Asker, chosen: Command, verb: str, text: str) -> tuple[PaperLink | None, str]:
    """The paper, or noted page, that a text begins with, and what it says beside. A link may also begin a comment.

    Tags come to mind before their paper: behind them it may stand too, for no tag looks like one, and a link
    anywhere. Raises UnknownPaper for a page that nobody has saved, NotAPaper for what was meant for a paper beside
    another or at the beginning of a text, OnePaperOnly for several papers to a verb that is about one, and
    NotAboutPapers.
    """
    text = _with_typed_domains(desk, asker, chosen, text)
    places = _places(chosen, text, desk.today())
    if places and chosen.knows_no_paper and chosen is not REGISTRY["help"]:  # which is given whatever is named
        if is_quoted(text.split()[0]) or desk.tagging.known(asker.audience, [text.strip()]):
            return None, text
        raise NotAboutPapers(verb=verb, paper=places[0].link.paper_id.id)
    if Takes.TEXT not in chosen.takes and len({place.link.paper_id for place in places}) > 1:
        raise OnePaperOnly(example=example_of(desk, verb, asker)(ANY))
    if chosen.takes_paper_alone and places and (astray := first_astray(text, today=desk.today())):
        raise NotAPaper(astray)
    if Takes.TEXT in chosen.takes and (astray := astray_at_start(text, today=desk.today())):
        raise NotAPaper(astray)
    if Takes.TAGS in chosen.takes:
        return _beside_tags(desk, asker, places, text)
    for place in places:
        if named := _named(desk, asker, place):
            # No word of a comment is lost.
            return named, place.behind(text) if Takes.TEXT in chosen.takes else place.behind_word(text)
    return None, text


def _with_typed_domains(desk: Desk, asker: Asker, chosen: Command, text: str) -> str:
    """A text whose domains, of which Slack makes links by itself, are tags or words as they were typed.

    Behind a verb about papers or pages alone they are pages. Beside tags, or at the beginning of a text, the first
    is one if somebody has saved it, no paper is named, and it is no tag: neither one in use nor all there is.
    """
    typed, today = slack_text.domains_as_typed(text), desk.today()
    if typed == text or chosen.takes_paper_alone or Takes.PAPERS in chosen.takes:
        return text
    places = () if _places(chosen, typed, today) else _places(chosen, text, today)
    page = next((place for place in places if place.link.paper_id.source != ARXIV), None)
    if page is None:
        return typed
    before, link, behind = text[: page.start], text[page.start : page.end], text[page.end :]
    word = slack_text.domains_as_typed(link)
    is_tag = Takes.TAGS in chosen.takes and (word == typed.strip() or desk.tagging.known(asker.audience, [word]))
    if is_tag or _named(desk, asker, page) is None:
        return typed
    return slack_text.domains_as_typed(before) + link + slack_text.domains_as_typed(behind)


def _places(chosen: Command, text: str, today: date) -> tuple[Place, ...]:
    """Where a text names papers, or else pages, that the verb may be about."""
    if Takes.PAPERS in chosen.takes:
        return ()
    papers = places_of_papers(text, today=today, addressed=True)
    pages = places_of_pages(text, today=today) if chosen.of_note else ()
    if Takes.TAGS in chosen.takes:
        linked = (*places_of_papers(text, today=today), *pages)
        at_an_end = any(one.in_first_word(text) or not one.behind_word(text) for one in papers)
        return (*papers, *pages) if linked or at_an_end else ()
    begins = Place.begins if Takes.TEXT in chosen.takes else Place.in_first_word
    first = tuple(place for place in (*papers[:1], *pages[:1]) if begins(place, text))
    return (*papers, *pages) if first and chosen.takes_paper_alone else first


def _beside_tags(desk: Desk, asker: Asker, places: Sequence[Place], text: str) -> tuple[PaperLink | None, str]:
    if not places:
        return None, text
    named = _named(desk, asker, places[0])
    if named is None:
        raise UnknownPaper(typed=places[0].link.paper_id.url)
    for place in sorted(places, key=attrgetter("start"), reverse=True):  # the paper may be named twice
        text = ", ".join(filter(None, (place.before(text), place.behind_word(text))))
    return named, text


def _page_beside(desk: Desk, asker: Asker, beside: str, example: Example) -> PaperLink | None:
    """The page that a message links to, if somebody has saved it; None if the message links to papers.

    Raises UnknownPaper for other pages, NotAPaper for links that lead to none, and SeveralPapers: no other paper
    is meant.
    """
    today = desk.today()
    if find_papers(beside, today=today, addressed=True):
        return None
    places = places_of_pages(beside, today=today)
    if not places:
        raise NotAPaper(first_link(beside))
    found = (desk.notebook.noted(asker.audience, place.link.paper_id) for place in places)
    named = [*{note.id: note for note in found if note}.values()]
    if not named:
        raise UnknownPaper(typed=places[0].link.paper_id.url)
    if len(named) > 1:
        raise SeveralPapers(named, example)
    return PaperLink(named[0].paper_id)


def _named(desk: Desk, asker: Asker, place: Place) -> PaperLink | None:
    """The paper, or the page if it is noted."""
    if place.link.paper_id.source == ARXIV:
        return place.link
    note = desk.notebook.noted(asker.audience, place.link.paper_id)
    return PaperLink(note.paper_id) if note else None
