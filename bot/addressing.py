"""What of a message is said to the bot, what it asks for, and which papers it shares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from bot import slack_text
from bot.payloads.events import Posted
from bot.verbs import begins_with_verb, is_command, is_sentence
from papers.finding import find_papers
from papers.paper import PaperLink

BEHIND_MENTION = ",:、，： \u3000"
"""With what people part the bot's name from what they say to it."""


class Addressing:
    """Reads messages as those who speak to the bot, or beside it, mean them."""

    def __init__(self, bot_user_id: str, today: Callable[[], date]) -> None:
        self._mention = f"<@{bot_user_id}>"
        self._today = today

    def is_addressed(self, posted: Posted) -> bool:
        """Whether the message is a direct one, or mentions the bot anywhere."""
        return posted.direct or self._mention in posted.text

    def links(self, posted: Posted) -> tuple[PaperLink, ...]:
        """The papers that a message links to, and those that a message links to which it passes on."""
        found = find_papers(posted.text, today=self._today(), addressed=self.is_addressed(posted))
        passed_on = find_papers(posted.forwarded, today=self._today())
        own = {link.paper_id for link in found}
        return (*found, *(link for link in passed_on if link.paper_id not in own))

    def spoken_to(self, posted: Posted) -> str | None:
        """What is said to the bot: after its mention, or anything in a direct message.

        In a thread of direct messages it is only what can hardly be a comment. A mention in a quote or in code
        was made before, by somebody.
        """
        own = slack_text.own_words(posted.text)
        at = own.find(self._mention)
        if at >= 0:
            behind = posted.text[at + len(self._mention) :].lstrip(BEHIND_MENTION).strip()
            return behind or own[:at].strip()
        if posted.direct and (not posted.message.thread_ts or is_command(posted.text)):
            return posted.text.strip()
        return None

    def asks(self, posted: Posted, links: Sequence[PaperLink], noted: bool) -> bool:
        """Whether a message asks something of the bot, rather than share papers (`links`) or be a reply.

        In the thread of a note (`noted`) people also speak about the bot: there a verb follows, or its mention
        begins the message. In a direct message outside threads it is always spoken to.
        """
        said = self.spoken_to(posted)
        if said is None or begins_with_verb(said):
            return said is not None
        to_it = posted.direct and not posted.message.thread_ts
        begins = to_it or slack_text.own_words(posted.text).lstrip().startswith(self._mention)
        return not links and (begins or not noted)

    def asks_beside(self, posted: Posted, links: Sequence[PaperLink]) -> bool:
        """Whether papers are shared beside what is said to the bot, which names none: LINK, @bot tag LLM."""
        said = self.spoken_to(posted) or ""
        return bool(links) and not find_papers(said, today=self._today(), addressed=True)

    def shares(self, posted: Posted, links: Sequence[PaperLink]) -> bool:
        """Whether a message shares its papers, though it may begin like a question: read this, LINK."""
        said = self.spoken_to(posted) or ""
        if not begins_with_verb(said):
            return bool(links)
        return bool(links) and (is_sentence(said, self._today()) or self.asks_beside(posted, links))
