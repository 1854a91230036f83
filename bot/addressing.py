"""What of a message is said to the bot, what it asks for, and which papers it shares."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bot import slack_text
from bot.payloads.events import Posted
from bot.verbs import begins_with_verb, is_brief_command, is_command, is_sentence, saved_by, takes_text
from papers.finding import find_papers, places_of_papers
from papers.finding_pages import first_link, places_of_pages
from papers.paper import PaperLink
from papers.places import Place
from papers.tags import fold

_BEHIND_MENTION = re.compile(r"(?:[ \u3000]?(?:さん|ちゃん|くん|君|様)(?![^,:、，：\s]))?[,:、，：\s]*")
"""With what people part the bot's name from what they say to it; in Japanese a name has an honorific."""

_GLUED = re.compile("[0-9A-Za-z０-９Ａ-Ｚａ-ｚ_-]")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a message means: which of the papers that it `links` to it `shares`, and what it asks of the bot.

    It `saves` the paper whose link is named in what it asks, if need be: it shares it unless it is noted already.
    `asks` is in Slack's text form; where it is None, a reply is a comment. What stands in front of it or is passed
    on is `beside` if there are links in it: what is asked is asked of those, unless it names a paper itself.
    """

    links: tuple[PaperLink, ...]
    shares: tuple[PaperLink, ...]
    asks: str | None = None
    beside: str = ""
    saves: PaperLink | None = None


class Addressing:
    """Reads messages as those who speak to the bot, or beside it, mean them. `bot_name` is what follows the @."""

    def __init__(self, bot_user_id: str, bot_name: str, today: Callable[[], date]) -> None:
        self._mention = f"<@{bot_user_id}>"
        self._name = bot_name
        self._today = today

    def is_addressed(self, posted: Posted) -> bool:
        """Whether the message is a direct one, or mentions the bot anywhere."""
        return posted.direct or self._mention in posted.text

    def links(self, posted: Posted) -> tuple[PaperLink, ...]:
        """The papers that a message links to, and those that a message links to which it passes on."""
        said = f"{posted.text}\n{posted.tables}"
        return self._links(said, posted.forwarded, self.is_addressed(posted))

    def meaning(self, posted: Posted, noted: bool = True) -> Meaning:
        """What a message shares and asks; `noted` says whether it may stand in the thread of a note."""
        links, (front, said) = self.links(posted), self._parted(posted, noted)
        if said is None or not self._is_asked(posted, said, links, noted):
            return Meaning(links, links)
        if takes_text(said):
            said = f"{said}\n{posted.tables}".strip()
        else:
            front = f"{front}\n{posted.tables}"
        shares = self._links(front, posted.forwarded, addressed=True)
        beside = f"{front}\n{posted.forwarded}".strip()
        beside = beside if shares or first_link(beside) else ""
        return Meaning(links, shares, said, beside, saved_by(said, self._today()))

    def _links(self, text: str, forwarded: str, addressed: bool) -> tuple[PaperLink, ...]:
        found = find_papers(text, today=self._today(), addressed=addressed)
        passed_on = find_papers(forwarded, today=self._today())
        own = {link.paper_id for link in found}
        return (*found, *(link for link in passed_on if link.paper_id not in own))

    def _parted(self, posted: Posted, noted: bool) -> tuple[str, str | None]:
        """What stands in front of what is said to the bot, and that: after its mention, or a direct message.

        In a thread of direct messages it is only what can hardly be a comment, and so it is in front of a mention
        that ends a reply in the thread of a note. A mention in a quote or in code was made before, by somebody.
        The bot's name that was typed, and not chosen from Slack's list, is its mention where a verb follows.
        """
        own = slack_text.own_words(posted.text)
        at = own.find(self._mention)
        if at >= 0:
            behind = _BEHIND_MENTION.sub("", posted.text[at + len(self._mention) :], count=1).strip()
            begins = len(own) - len(own.lstrip())
            front, said = (posted.text[:at], behind) if behind else ("", posted.text[begins:at].strip())
            link, command = self._link_first(said)
            said = command or said
            if said and not behind and noted and posted.message.thread_ts and not self._closes(posted, said):
                return "", None
            return f"{front} {link}", said
        if (posted.direct or posted.message.thread_ts) and begins_with_verb(
            named := self._behind_name(posted, own)
        ):
            return "", named
        if not posted.direct:
            return "", None
        link, command = self._link_first(posted.text)
        if command or (posted.message.thread_ts and not is_command(posted.text)):
            return link, command or None
        return "", posted.text.strip()

    def _behind_name(self, posted: Posted, own: str) -> str:
        """What is said behind the bot's name if a message begins with that, typed after an @ of any width."""
        begins = len(own) - len(own.lstrip())
        ends = begins + 1 + len(self._name)
        named = own[begins : begins + 1] in ("@", "＠") and fold(own[begins + 1 : ends]) == fold(self._name)
        if not named or _GLUED.match(own, ends):
            return ""
        return _BEHIND_MENTION.sub("", posted.text[ends:], count=1).strip()

    def _closes(self, posted: Posted, said: str) -> bool:
        """Whether what stands in front of the mention that ends a reply can hardly be a comment."""
        return is_command(said) if posted.direct else is_brief_command(said, self._today())

    def _link_first(self, said: str) -> tuple[str, str]:
        """The only link of what is said, if that begins with it, and the command behind it; else nothing."""
        places = self._places(said)
        if len(places) > 1:  # behind the link a domain is a tag, or a word
            end = min(place.end for place in places)
            places = self._places(said[:end] + slack_text.domains_as_typed(said[end:]))
        if len(places) != 1 or not places[0].begins(said) or not is_command(places[0].behind_word(said)):
            return "", ""
        return said[: places[0].end], places[0].behind_word(said)

    def _places(self, said: str) -> tuple[Place, ...]:
        papers = places_of_papers(said, today=self._today(), addressed=True)
        return (*papers, *places_of_pages(said, today=self._today()))

    def _is_asked(self, posted: Posted, said: str, links: Sequence[PaperLink], noted: bool) -> bool:
        """Whether what is said to the bot asks something of it, rather than share papers or be a reply.

        In the thread of a note people also speak about the bot: there a verb follows, or its mention begins the
        message. In a direct message outside threads it is always spoken to. A sentence may begin like a verb.
        """
        if begins_with_verb(said):
            return not is_sentence(said, self._today())
        to_it = posted.direct and not posted.message.thread_ts
        begins = to_it or slack_text.own_words(posted.text).lstrip().startswith(self._mention)
        return not links and (begins or not noted)
