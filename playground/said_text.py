"""Whether a message's top-level text says all that its blocks say: screen readers have only that.

Source: docs.slack.dev/reference/methods/chat.postMessage, "Accessibility considerations".
"""

import re
from collections.abc import Iterator

from playground.records import Json
from playground.shapes import reason
from playground.typed_text import unescape

# docs: chat.postMessage: keep text under 4,000; a text cut a little before that may end in an ellipsis.
CUT_FROM = 3500
_FORM = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_EMOJI = re.compile(r":[a-z0-9_+'-]+:")
_WORD = re.compile(r"[^\W_]+")
_CARRIED = ("section", "header", "context")


def missing(text: str, blocks: list[Json]) -> Iterator[str]:
    """Yield the first words of sections, headers and contexts that `text` does not say in their order.

    An empty text is none: then Slack builds it from the blocks.
    """
    if not text.strip():
        return
    said = " ".join(_words(text))
    is_cut = len(text) >= CUT_FROM and text.rstrip().endswith(("…", "..."))
    at = 0
    for place, block in enumerate(blocks):
        for shown in _shown(block):
            for word in _words(shown):
                found = said.find(word, at)
                if found < 0:
                    if not is_cut:
                        yield reason(f"text does not say what the blocks say: {word!r}", f"/blocks/{place}")
                    return
                at = found + len(word)


def _shown(block: Json) -> Iterator[str]:
    if block.get("type") not in _CARRIED:
        return
    parts = [block.get("text"), *(block.get("fields") or ()), *(block.get("elements") or ())]
    for part in parts:
        if isinstance(part, dict) and isinstance(part.get("text"), str):
            yield part["text"]


def _words(text: str) -> list[str]:
    """Return the words a person reads: a link's label, no markup, no emoji."""
    plain = _FORM.sub(lambda found: f" {found[2] or found[1]} ", text)
    return _WORD.findall(_EMOJI.sub(" ", unescape(plain)).casefold())
