"""Reading what the blocks of Slack's messages say: rich text, tables and apps' blocks become mrkdwn.

Blocks are what Slack sent: whatever is not as documented is left out, and nothing raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from bot.slack_text import BROADCASTS, escape, link, numbers_as_typed
from papers.japanese import JAPANESE
from papers.marks import EDGE

_ID = re.compile(r"[A-Z0-9]+")
_BREAKS = re.compile(r"\s+")
# Looks like a back-tick, and cannot end the code that it stands in.
_TICK = "\u02cb"
# What an attachment has that tells whose words it brings: a web page's, another message's, an app's about a link.
_NOT_SAID = ("from_url", "is_share", "is_app_unfurl", "app_unfurl_url")
# The mark of each style, and what on its line may keep it from being read as one: names may hold a `_`.
_STYLES = (("bold", "*", ("*",)), ("italic", "_", ("_", "$", "<@", "<#")), ("strike", "~", ("~",)))
_IN_WORD = re.compile(rf"[^\W{JAPANESE}]{{2}}")
_NEEDS_EDGE = re.compile(r"[\w*~<]")

_Line = Callable[[Iterable[Mapping[str, Any]]], str]


def marked_up(blocks: object, text: str, styled: bool = False, attachments: object = ()) -> str:
    """The `rich_text` blocks and the tables of a message in Slack's text form, `text` where no block has words.

    A pasted table may stand among the `attachments`; `typed` leaves all tables out. Code comes in back-ticks,
    quotes after `> `; bold, slanted and struck words between their marks if it is to be `styled`, where
    `papers.marks` reads them as such. Blocks are what Slack sent: whatever is not as documented is left out, and
    nothing raises.
    """
    line = _styled_line if styled else _line
    own = _dicts(blocks)
    written = [said for block in own if (said := _rich(block, line) or _table(block, line))]
    if not any(_rich(block, line) for block in own):
        written.insert(0, text)
    return numbers_as_typed("\n".join(filter(None, (*written, *_pasted(attachments, line)))))


def typed(blocks: object, text: str) -> str:
    """The same without tables, of which nobody types a word."""
    return marked_up([block for block in _dicts(blocks) if not _table(block, _line)], text)


def tables(blocks: object, attachments: object) -> str:
    """The tables of a message in the same form, and nothing else."""
    own = (_table(block, _line) for block in _dicts(blocks))
    return numbers_as_typed("\n".join(filter(None, (*own, *_pasted(attachments, _line)))))


def forwarded(attachments: object) -> tuple[str, ...]:
    """The texts of the messages that were forwarded with this one, in Slack's text form.

    Previews that Slack attaches by itself, of web pages and of linked messages, are left out: nobody said them.
    """
    return tuple(text for one in _shares(attachments) if (text := _shared(one)))


def forwarded_from(attachments: object) -> tuple[str, ...]:
    """The addresses of the messages that were forwarded with this one."""
    return tuple(url for one in _shares(attachments) if (url := _str(one.get("from_url"))))


def _shares(attachments: object) -> Iterable[dict[str, Any]]:
    return (one for one in _dicts(attachments) if one.get("is_share") is True)


def _shared(attachment: Mapping[str, Any]) -> str:
    """What a forwarded message says; where an app said it, its text is read beside its blocks."""
    messages = [_dict(outer.get("message")) for outer in _dicts(attachment.get("message_blocks"))]
    blocks = [block for message in messages for block in _dicts(message.get("blocks"))]
    said = [_rich(block, _line) or _table(block, _line) or _composed(block) for block in blocks]
    said += [table for message in messages for table in _pasted(message.get("attachments"), _line)]
    text = _str(attachment.get("text"))
    if text not in said and not any(_rich(block, _line) for block in blocks):
        said.append(text)
    return numbers_as_typed("\n".join(filter(None, said)))


def _composed(block: Mapping[str, Any]) -> str:
    """The texts of a block that apps make.

    https://docs.slack.dev/reference/block-kit/blocks
    """
    kind, text = block.get("type"), block.get("text")
    if kind == "markdown":
        return _str(text)
    if kind not in ("section", "header", "context"):
        return ""
    texts = (_dict(text), *_dicts(block.get("fields")), *_dicts(block.get("elements")))
    said = (
        _str(one.get("text")) if one.get("type") == "mrkdwn" else escape(_str(one.get("text"))) for one in texts
    )
    return "\n".join(filter(None, said))


def _rich(block: Mapping[str, Any], line: _Line) -> str:
    parts = _dicts(block.get("elements")) if block.get("type") == "rich_text" else ()
    return "\n".join(_part(part, line).removesuffix("\n") for part in parts)


def _table(block: Mapping[str, Any], line: _Line) -> str:
    """A table's rows, one a line.

    https://docs.slack.dev/reference/block-kit/blocks/table-block
    """
    rows = block.get("rows") if block.get("type") in ("table", "data_table") else ()
    read = (map(_dict, row) for row in (rows if isinstance(rows, list) else ()) if isinstance(row, list))
    return "\n".join(" | ".join(_cell(cell, line) for cell in row) for row in read)


def _cell(cell: Mapping[str, Any], line: _Line) -> str:
    return _BREAKS.sub(" ", _rich(cell, line) or escape(_str(cell.get("text")))).strip()


def _pasted(attachments: object, line: _Line) -> list[str]:
    """The tables among attachments, but for those of previews and of messages that were passed on."""
    own = (one for one in _dicts(attachments) if not any(map(one.get, _NOT_SAID)))
    return [_table(block, line) for one in own for block in _dicts(one.get("blocks"))]


def _part(part: Mapping[str, Any], line: _Line) -> str:
    kind = part.get("type")
    if kind == "rich_text_list":
        return _list(part, line)
    if kind == "rich_text_preformatted":
        return "```\n" + _code_text(_dicts(part.get("elements"))) + "\n```"
    written = line(_dicts(part.get("elements")))
    if kind == "rich_text_quote":
        return "\n".join("> " + said for said in written.split("\n"))
    return written


def _list(part: Mapping[str, Any], line: _Line) -> str:
    ordered = part.get("style") == "ordered"
    first, indent = _count(part.get("offset")) + 1, "    " * min(_count(part.get("indent")), 8)
    items = [line(_dicts(section.get("elements"))) for section in _dicts(part.get("elements"))]
    return "\n".join(
        f"{indent}{f'{number}.' if ordered else '•'} {item}" for number, item in enumerate(items, start=first)
    )


def _line(elements: Iterable[Mapping[str, Any]]) -> str:
    """Elements side by side. Neighbours in code share one pair of back-ticks: two pairs would read as none."""
    runs = ((is_code, list(run)) for is_code, run in groupby(elements, key=_is_code))
    return "".join(_code(_code_text(run)) if is_code else "".join(map(_element, run)) for is_code, run in runs)


def _styled_line(elements: Iterable[Mapping[str, Any]]) -> str:
    """The same with the marks of bold, slanted and struck words. Neighbours in one style share one pair."""
    lines: list[list[tuple[tuple[str, ...], str]]] = [[]]
    for styles, run in groupby(elements, key=_styles):
        first, *others = _line(run).split("\n")
        lines[-1].append((styles, first))
        lines += [[(styles, other)] for other in others]
    return "\n".join(map(_with_marks, lines))


def _styles(element: Mapping[str, Any]) -> tuple[str, ...]:
    """The styles of an element; code has no other, so that neighbours in code stay together."""
    style = {} if _is_code(element) else _dict(element.get("style"))
    return tuple(name for name, _, _ in _STYLES if style.get(name) is True)


def _with_marks(runs: Sequence[tuple[tuple[str, ...], str]]) -> str:
    """The runs of one line, each with its styles; those that would not be read back are left out."""
    whole = "".join(text for _, text in runs)
    read = {name: sign for name, sign, spoilt in _STYLES if not any(one in whole for one in spoilt)}
    written, done = "", 0
    for styles, text in runs:
        start, stop = done + len(text) - len(text.lstrip()), done + len(text.rstrip())
        signs = "".join(read.get(name, "") for name in styles)
        if signs and start < stop and _may_begin(whole, start) and not _IN_WORD.match(whole, stop - 1):
            written += whole[done:start]
            opening = EDGE * bool(_NEEDS_EDGE.match(written[-1:])) + signs
            closing = signs[::-1] + EDGE * bool(_NEEDS_EDGE.match(whole, stop))
            written += opening + whole[start:stop] + closing + whole[stop : done + len(text)]
        else:
            written += text
        done += len(text)
    return written


def _may_begin(text: str, at: int) -> bool:
    """Whether a mark there would stand neither within a word nor at the end of an address, which would take it."""
    return at == 0 or not (text[at - 1] == ">" or _IN_WORD.match(text, at - 1))


def _is_code(element: Mapping[str, Any]) -> bool:
    return _dict(element.get("style")).get("code") is True


def _code(text: str) -> str:
    return "\n".join(f"`{line}`" if line else "" for line in text.split("\n"))


def _code_text(elements: Iterable[Mapping[str, Any]]) -> str:
    return "".join(map(_element, elements)).replace("`", _TICK)


def _element(element: Mapping[str, Any]) -> str:
    write = _WRITERS.get(_str(element.get("type")))
    return write(element) if write else escape(_str(element.get("text")))


def _write_link(element: Mapping[str, Any]) -> str:
    return link(_str(element.get("url")), _str(element.get("text")))


def _write_emoji(element: Mapping[str, Any]) -> str:
    name = escape(_str(element.get("name")))
    tone = _count(element.get("skin_tone"))
    return f":{name}:" + (f":skin-tone-{tone}:" if tone else "") if name else ""


def _write_date(element: Mapping[str, Any]) -> str:
    return escape(_str(element.get("fallback")))


def _write_broadcast(element: Mapping[str, Any]) -> str:
    name = _str(element.get("range"))
    return f"<!{name}>" if name in BROADCASTS else ""


def _mention(before: str, value: object) -> str:
    known = _ID.fullmatch(_str(value))
    return f"<{before}{known[0]}>" if known else ""


_WRITERS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "link": _write_link,
    "emoji": _write_emoji,
    "date": _write_date,
    "broadcast": _write_broadcast,
    "user": lambda element: _mention("@", element.get("user_id")),
    "channel": lambda element: _mention("#", element.get("channel_id")),
    "usergroup": lambda element: _mention("!subteam^", element.get("usergroup_id")),
    "color": lambda element: escape(_str(element.get("value"))),
}


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list | tuple) else []


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _str(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10_000 else 0
