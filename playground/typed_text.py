"""What a person types, as Slack would store it: text with links in angle brackets, and rich_text blocks.

Slack's clients make both from one piece of typing; so does this module: first the blocks, then the text
from the blocks. Rules: docs.slack.dev/messaging/formatting-message-text.
"""

import re
import secrets
from collections.abc import Callable, Iterator
from typing import Any

from playground.records import Json

# Slack links bare domains of known endings; this is a small part of them.
_ENDINGS = "com|org|net|edu|gov|io|dev|ai|app|me|info|ac\\.jp|co\\.jp|or\\.jp|go\\.jp|jp|uk|de|fr|cn|ch|co|xyz"
# How Slack ends a bare URL before full-width punctuation is not documented; readers expect it to end there.
_STOPS = r"\s<>|\"、。，．！？：；「」『』（）【】〈〉《》［］｛｝　"
_PIECES = re.compile(
    rf"""
      (?P<code>`[^`\n]+`)
    | (?P<form><(?:[@\#!][^<>\n]{{1,200}}|(?:https?://|mailto:)[^<>\n]{{1,4000}})>)
    | (?P<url>https?://[^{_STOPS}]{{1,4000}})
    | (?P<mail>(?<![\w.+-])[\w.+-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,4}})
    | (?P<domain>(?<![\w@./-])(?:[a-z0-9-]{{1,63}}\.){{1,4}}(?:{_ENDINGS})(?![\w-])(?:/[^{_STOPS}]{{0,4000}})?)
    | (?P<person>(?<![\w@])@[\w.-]{{1,80}})
    | (?P<channel>(?<![\w\#])\#[\w-]{{1,80}})
    | (?P<emoji>(?<![\w:]):[a-z0-9_+-]{{1,80}}:)
    | (?P<bold>(?<![\w*])\*(?=\S)[^*\n]{{0,2000}}\S\*(?![\w*])|(?<![\w*])\*\S\*(?![\w*]))
    | (?P<italic>(?<![\w_])_(?=\S)[^_\n]{{0,2000}}\S_(?![\w_])|(?<![\w_])_\S_(?![\w_]))
    | (?P<strike>(?<![\w~])~(?=\S)[^~\n]{{0,2000}}\S~(?![\w~])|(?<![\w~])~\S~(?![\w~]))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_STYLES = {"bold": "bold", "italic": "italic", "strike": "strike"}
_MARKS = {"bold": "*", "italic": "_", "strike": "~", "code": "`"}

Lookup = Callable[[str, str], str | None]


def escape(text: str) -> str:
    """Escape the three characters that Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Undo `escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def rich_text(text: str, find: Lookup, *, typed: bool) -> list[Json]:
    """Return the blocks for a text. `find("user" | "channel", name)` returns an id or None.

    `typed` text comes from a keyboard: `<@U1>` and `&amp;` are only characters. Otherwise it is Slack's
    own form, as programs send it, and both mean what they mean there.
    """
    elements: list[Json] = []
    for number, part in enumerate(re.split(r"```", text)):
        if number % 2 and part.strip() and text.count("```") > number:
            plain = part.strip("\n") if typed else unescape(part.strip("\n"))
            elements.append({"type": "rich_text_preformatted", "elements": [_text(plain)], "border": 0})
        elif part:
            mark = "```" if number % 2 else ""
            elements.extend(_lines(mark + part, find, typed=typed, after_code=number > 0))
    return [{"type": "rich_text", "block_id": secrets.token_hex(3), "elements": elements}] if elements else []


def _lines(text: str, find: Lookup, *, typed: bool, after_code: bool) -> Iterator[Json]:
    quote = re.compile(r"(?:>|&gt;) ?" if not typed else r"> ?")
    groups: list[tuple[bool, list[str]]] = []
    for line in (text.removeprefix("\n") if after_code else text).split("\n"):
        found = quote.match(line)
        body = line[found.end() :] if found else line
        if groups and groups[-1][0] == bool(found):
            groups[-1][1].append(body)
        else:
            groups.append((bool(found), [body]))
    for quoted, lines in groups:
        inner = list(_inline("\n".join(lines), find, typed=typed))
        if inner:
            yield {"type": "rich_text_quote" if quoted else "rich_text_section", "elements": inner}


def _inline(text: str, find: Lookup, *, typed: bool, style: Json | None = None) -> Iterator[Json]:
    at = 0
    pending = ""
    for found in _PIECES.finditer(text):
        made, length = _piece(found, find, typed=typed, style=style or {})
        if not made:
            continue
        pending += text[at : found.start()]
        if pending:
            yield _text(pending if typed else unescape(pending), style)
        pending = ""
        yield from made
        at = found.start() + length
        if length < len(found.group()):
            pending = found.group()[length:]
            at = found.end()
    pending += text[at:]
    if pending:
        yield _text(pending if typed else unescape(pending), style)


def _piece(found: re.Match[str], find: Lookup, *, typed: bool, style: Json) -> tuple[list[Json], int]:
    kind, word = str(found.lastgroup), found.group()
    made: list[Json] = []
    length = len(word)
    if kind == "code":
        made = [_text(word[1:-1] if typed else unescape(word[1:-1]), style | {"code": True})]
    elif kind in _STYLES:
        made = list(_inline(word[1:-1], find, typed=typed, style=style | {_STYLES[kind]: True}))
    elif kind == "form":
        made = [] if typed else [_form(word[1:-1])]
    elif kind in ("url", "domain"):
        link = _trimmed(word)
        length = len(link)
        made = [_link(link if typed else unescape(link), bare=kind == "domain")]
    elif kind == "mail":
        made = [{"type": "link", "url": f"mailto:{word}", "text": word}]
    elif kind in ("person", "channel"):
        return _named(kind, word, find)
    elif kind == "emoji":
        made = [{"type": "emoji", "name": word[1:-1].lower()}]
    if style:
        made = [element if "style" in element else element | {"style": style} for element in made]
    return made, length


def _named(kind: str, word: str, find: Lookup) -> tuple[list[Json], int]:
    if word in ("@here", "@channel", "@everyone"):
        return [{"type": "broadcast", "range": word[1:]}], len(word)
    name = word[1:].rstrip(".-")
    found_id = find("user" if kind == "person" else "channel", name)
    if found_id is None:
        return [], 0
    key = "user" if kind == "person" else "channel"
    return [{"type": key, f"{key}_id": found_id}], len(name) + 1


def _trimmed(link: str) -> str:
    while True:
        last = link[-1]
        unopened = (last == ")" and link.count("(") < link.count(")")) or (
            last == "]" and link.count("[") < link.count("]")
        )
        if last in ".,;:!?'*_~`" or unopened:
            link = link[:-1]
        else:
            return link


def _link(link: str, *, bare: bool) -> Json:
    return {"type": "link", "url": f"http://{link}", "text": link} if bare else {"type": "link", "url": link}


def _form(inner: str) -> Json:
    target, _, label = inner.partition("|")
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!"):
        return _special(target[1:], label)
    element: Json = {"type": "link", "url": unescape(target)}
    return element | {"text": unescape(label)} if label else element


def _special(word: str, label: str) -> Json:
    if word in ("here", "channel", "everyone"):
        return {"type": "broadcast", "range": word}
    if word.startswith("subteam^"):
        return {"type": "usergroup", "usergroup_id": word.removeprefix("subteam^")}
    return _text(unescape(label) or f"!{word}")


def _text(text: str, style: Json | None = None) -> Json:
    element: Json = {"type": "text", "text": text}
    return element | {"style": style} if style else element


def slack_text(blocks: list[Json]) -> str:
    """Return the `text` that goes with rich_text blocks, links in angle brackets, the rest escaped."""
    parts = []
    for block in blocks:
        for element in block.get("elements", []):
            inner = "".join(map(_text_of, element.get("elements", [])))
            if element["type"] == "rich_text_preformatted":
                inner = f"```\n{inner}\n```"
            elif element["type"] == "rich_text_quote":
                inner = "\n".join(f"&gt; {line}" for line in inner.split("\n"))
            elif element["type"] == "rich_text_list":
                items = ["".join(map(_text_of, i.get("elements", []))) for i in element["elements"]]
                inner = "\n".join(f"• {item}" for item in items)
            parts.append(inner.removesuffix("\n"))
    return "\n".join(parts)


def _text_of(element: Json) -> str:
    kind = element["type"]
    makers: dict[str, Callable[[Json], str]] = {
        "text": _marked,
        "link": _link_text,
        "user": lambda e: f"<@{e['user_id']}>",
        "channel": lambda e: f"<#{e['channel_id']}>",
        "broadcast": lambda e: f"<!{e['range']}>",
        "usergroup": lambda e: f"<!subteam^{e['usergroup_id']}>",
        "emoji": lambda e: f":{e['name']}:",
        "date": lambda e: escape(e.get("fallback", "")),
    }
    maker = makers.get(kind)
    return maker(element) if maker else ""


def _marked(element: Json) -> str:
    text = escape(element["text"])
    style: dict[str, Any] = element.get("style", {})
    for name in ("code", "strike", "italic", "bold"):
        if style.get(name):
            text = f"{_MARKS[name]}{text}{_MARKS[name]}"
    return text


def _link_text(element: Json) -> str:
    url, label = escape(element["url"]), element.get("text")
    return f"<{url}|{escape(label)}>" if label else f"<{url}>"
