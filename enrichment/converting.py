"""TeX to text by pylatexenc, in a time and to a length that grow with the source: whatever the source."""

from __future__ import annotations

from typing import Any

from pylatexenc import latex2text, latexwalker

from enrichment.macros import PARSING, READING

_MOST_TOKENS = 4  # read for each character of a source; of 22,000 arXiv records none takes more than 2
_LONGEST_TOLD = 4  # characters for each of a source


class _Walker(latexwalker.LatexWalker):  # type: ignore[misc]  # pylatexenc has no types
    """A parser that gives up a source whose parts it reads again and again.

    Where the second argument of a macro is missing, it reads the first one once more as text: of those that lie
    within each other, each doubles the time.
    """

    def __init__(self, source: str) -> None:
        super().__init__(source, latex_context=PARSING, tolerant_parsing=True)
        self._tokens = _MOST_TOKENS * (len(source) + 1)

    def get_token(self, *where: Any, **how: Any) -> Any:
        """The next token. Raises ValueError if too many were asked for."""
        self._tokens -= 1
        if self._tokens < 0:
            raise ValueError("too many groups are not closed")
        return super().get_token(*where, **how)


class _Teller(latex2text.LatexNodes2Text):  # type: ignore[misc]  # as above
    """A converter that gives up what becomes too long: some macros double their text (`\\not`)."""

    def __init__(self, longest: int) -> None:
        super().__init__(latex_context=READING)
        self._longest = longest

    def nodelist_to_text(self, nodelist: Any) -> str:
        """The text of some nodes. Raises ValueError if it is too long."""
        told = str(super().nodelist_to_text(nodelist))
        if len(told) > self._longest:
            raise ValueError("the text is much longer than its source")
        return told


def convert(source: str) -> str:
    """TeX to text by pylatexenc, soft blanks still in it, in time that grows with the length of the source.

    Raises whatever pylatexenc raises on broken source (IndexError and RecursionError have been seen), and
    ValueError where it would take too long.
    """
    nodes, _, _ = _Walker(source).get_latex_nodes()
    # A converter of its own for each text: it keeps state while it works, and texts are read in threads.
    return _Teller(_LONGEST_TOLD * (len(source) + 10)).nodelist_to_text(nodes)
