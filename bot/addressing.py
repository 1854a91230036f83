"""What of a message is said to the bot, and whether that asks for something."""

from __future__ import annotations

from bot import slack_text
from bot.payloads.events import Posted
from bot.verbs import begins_with_verb, is_command

BEHIND_MENTION = ",:、，："
"""With what people part the bot's name from what they say to it."""


def asks(posted: Posted, mention: str, links: bool, noted: bool) -> bool:
    """Whether a message asks something of the bot, rather than share a paper (`links`) or be a reply.

    In the thread of a note (`noted`) people also speak about the bot: there a verb follows, or its mention
    begins the message.
    """
    said = spoken_to(posted, mention)
    if said is None or begins_with_verb(said):
        return said is not None
    begins = posted.direct or slack_text.own_words(posted.text).lstrip().startswith(mention)
    return not links and (begins or not noted)


def spoken_to(posted: Posted, mention: str) -> str | None:
    """What is said to the bot: after its mention, or anything in a direct message.

    In a thread of direct messages it is only what can hardly be a comment. A mention in a quote or in code was
    made before, by somebody.
    """
    at = slack_text.own_words(posted.text).find(mention)
    if at >= 0:
        behind = posted.text[at + len(mention) :].lstrip(BEHIND_MENTION).strip()
        return behind or posted.text[:at].strip()
    if posted.direct and (not posted.message.thread_ts or is_command(posted.text)):
        return posted.text.strip()
    return None
