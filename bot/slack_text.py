"""Slack's text forms: reading mrkdwn, writing links, and turning mrkdwn into plain human text.

The forms are those of https://docs.slack.dev/messaging/formatting-message-text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from papers.finding import GAP, without_code
from papers.mentions import SOMEONE

_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
_MARKUP = re.compile(r"<([^<>\n]*)>|&(?:amp|lt|gt);")
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>\n]*)?>")
_CHANNEL = re.compile(r"<#(?P<id>[CG][A-Z0-9]+)(?:\|(?P<label>[^<>\n]*))?>")
_WEB = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_DIALLED = re.compile(r"<tel:([^<>|\n]*)(?:\|([^<>\n]*))?>", re.IGNORECASE)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_SHORTENED = re.compile(r"(?:https?://|mailto:)?(?:www\.)?", re.IGNORECASE)
_DOMAIN = re.compile(r"<http://([^<>|/?#\s]+)/?\|(\1)>", re.IGNORECASE)
_QUOTE = re.compile(r"^(?:>|&gt;)(?:(?:>|&gt;){2}.*|[^\n]*)", re.DOTALL | re.MULTILINE)
_BREAKS = re.compile(r"\s+")

BROADCASTS = ("here", "channel", "everyone")
"""What calls on everybody at once behind an @."""

# What would end a link early, or the line it stands on.
_UNSAFE = str.maketrans({"|": "%7C", "<": "%3C", ">": "%3E", " ": "%20", "\n": "%0A", "\r": "%0D", "\t": "%09"})


def escape(text: str) -> str:
    """The text with Slack's three entities for `&`, `<` and `>`; Slack knows no others."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def link(url: str, label: str = "") -> str:
    """A link in mrkdwn. What is no web or mail address gives its label alone.

    So an address such as `!channel` or `@U123` cannot become a mention.
    """
    words = escape(_BREAKS.sub(" ", label).strip())
    if not _WEB.match(url):
        return words or escape(url)
    address = url.translate(_UNSAFE).replace("&", "&amp;")
    return f"<{address}|{words}>" if words else f"<{address}>"


def mentioned(text: str) -> tuple[str, ...]:
    """The ids of the people whom a text in Slack's form mentions, each once, in order."""
    return tuple(dict.fromkeys(_PERSON.findall(text)))


def named(text: str) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """The ids of the people and of the channels that a text in Slack's form mentions, and what else it says."""
    channels = (found["id"] for found in _CHANNEL.finditer(text))
    return mentioned(text), tuple(dict.fromkeys(channels)), _CHANNEL.sub(" ", _PERSON.sub(" ", text))


def has_nameless_channel(text: str, names: Mapping[str, str]) -> bool:
    """Whether a text in Slack's form mentions a channel that neither Slack names in it nor `names` by its id."""
    return any(not found["label"] and found["id"] not in names for found in _CHANNEL.finditer(text))


def own_words(text: str) -> str:
    """A text in Slack's form with blanks where code and quotes stand, as long as before."""
    return _QUOTE.sub(lambda quote: " " * len(quote[0]), without_code(text).replace(GAP, " "))


def plain(text: str, names: Mapping[str, str]) -> str:
    """Slack's text form as plain human text, fit to be stored.

    `names` gives the names of people and channels by their ids; whoever is not in it is `@someone`, a channel
    that Slack does not name either `#channel`. A domain without scheme and path stays as it was typed. The three
    entities are decoded once, so that `&amp;lt;` becomes `&lt;`.
    """

    def spoken(match: re.Match[str]) -> str:
        markup = match[1]
        return _ENTITIES[match[0]] if markup is None else _spoken(markup, names)

    return _MARKUP.sub(spoken, domains_as_typed(text))


def _spoken(markup: str, names: Mapping[str, str]) -> str:
    target, _, label = markup.partition("|")
    label = _decoded(label)
    kind, rest = target[:1], target[1:]
    if kind == "@":
        return f"@{names[rest]}" if rest in names else SOMEONE
    if kind == "#":
        return "#" + (label or names.get(rest, "channel"))
    if kind == "!":
        return _command(rest, label)
    if _ADDRESS.match(target):
        return _address(_decoded(target), label)
    return _decoded(f"<{markup}>")


def _command(target: str, label: str) -> str:
    name, _, _ = target.partition("^")
    if name in BROADCASTS:
        return "@" + name
    if name == "subteam":
        return "@" + (label.lstrip("@") or "group")
    return label


def _address(address: str, label: str) -> str:
    shown = address.removeprefix("mailto:")
    return shown if _is_short_for(label, address) else f"{label} ({shown})"


def _is_short_for(label: str, address: str) -> bool:
    """Whether a label is the address itself, without its scheme, or its beginning up to an ellipsis or a `/`."""
    whole = _SHORTENED.sub("", address, count=1).rstrip("/").lower()
    short = _SHORTENED.sub("", label.strip(), count=1).lower()
    cut = short.removesuffix("...").removesuffix("…")
    begins = whole.startswith(cut.rstrip("/"))
    return begins and (cut != short or whole[len(cut.rstrip("/")) :][:1] in ("", "/", "?", "#") or not cut)


def _decoded(text: str) -> str:
    return re.sub(r"&(?:amp|lt|gt);", lambda match: _ENTITIES[match[0]], text)


def domains_as_typed(text: str) -> str:
    """A text in Slack's form with what was typed where Slack made a link of what looks like a domain: fast.ai."""
    return _DOMAIN.sub(r"\2", text)


def numbers_as_typed(text: str) -> str:
    """A text in Slack's form with what was typed where Slack made a telephone's link of it: of an id, say."""
    return _DIALLED.sub(lambda link: link[2] or link[1], text)
