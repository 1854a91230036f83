"""What people wrote in Slack as HTML: what Slack shows as formatting is formatted, everything else is text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from papers import marks
from papers.formulas import FindFormulas, Formula
from publishing.maths import with_formulas
from publishing.texts import linked

_ELEMENTS = {
    marks.BOLD: Markup("<strong>{}</strong>"),
    marks.ITALIC: Markup("<em>{}</em>"),
    marks.STRUCK: Markup("<s>{}</s>"),
    marks.TEXT: Markup('<p dir="auto">{}</p>'),
    marks.QUOTE: Markup('<blockquote dir="auto">{}</blockquote>'),
}


def written(text: str, find_formulas: FindFormulas) -> Markup:
    """A text as paragraphs, quotes and blocks of code, its formulas as mathematics, its addresses as links."""
    formulas = find_formulas(text)
    blocks = _Writing(text, formulas).blocks() if marks.is_marked(text) else ()
    return Markup("\n").join(blocks) or _ELEMENTS[marks.TEXT].format(with_formulas(text, formulas, linked))


class _Writing:
    """One text being written, with its formulas."""

    def __init__(self, text: str, formulas: Sequence[Formula]) -> None:
        self._text = text
        self._formulas = formulas
        self._told = marks.without_formulas(text)

    def blocks(self) -> Iterator[Markup]:
        """The paragraphs, quotes and blocks of code."""
        return map(self._block, marks.blocks(self._told))

    def _block(self, block: marks.Block) -> Markup:
        if block.kind == marks.BLOCK:
            return Markup("<pre><code>{}</code></pre>").format(self._text[slice(*block.lines[0])])
        lines = Markup("<br>\n").join(Markup("").join(self._line(*place)) for place in block.lines)
        return _ELEMENTS[block.kind].format(lines)

    def _line(self, start: int, stop: int) -> Iterator[Markup]:
        for one in marks.spans(self._told, start, stop):
            yield self._plain(start, one.start)
            if one.kind == marks.CODE:
                yield Markup("<code>{}</code>").format(self._text[slice(*one.inner)])
            else:
                yield _ELEMENTS[one.kind].format(Markup("").join(self._line(*one.inner)))
            start = one.stop
        yield self._plain(start, stop)

    def _plain(self, start: int, stop: int) -> Markup:
        return with_formulas(self._text[start:stop], self._formulas, linked, start)
