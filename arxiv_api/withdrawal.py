"""Telling from a paper's comment and abstract that it was withdrawn: arXiv has no flag for it."""

from __future__ import annotations

import re

_THING = (
    r"(?:e-?print|pre-?print|papers?|article|manuscript|submission|work|note|text|version|letter|comment|draft"
    r"|report|document|thesis|contribution|abstract)"
)
_WHOSE = r"(?:this|the|our|my|present|current|whole|entire)"
_NOTICES = re.compile(
    "|".join(
        (
            # "Withdrawn", "*withdrawn*", "%auto-ignore Withdrawn: ..." at the beginning
            r"\A\W*(?:auto-ignore\W+)?(?:temporarily\W+|has been\W+|is\W+)?withdrawn\b(?!\s+from\b)",
            # "This paper has (now) been (temporarily) withdrawn"
            rf"\b{_WHOSE}\s+(?:\w+\s+)?{_THING}\s+(?:(?:has|have|had|is|was|are|being|been|now|also|hereby|therefore"
            r"|thus|temporarily|administratively|already)\s+){1,4}withdrawn\b",
            # "Paper withdrawn due to an error", "Paper withdrawal"
            rf"(?:\A\W*|[.;:,(]\s*){_THING}\s+(?:(?:is|was|has been|temporarily)\s+)*withdraw(?:n|al)\b",
            r"\b(?:paper|manuscript)\s+withdrawn\b",
            # "Paper is incorrect and is withdrawn", "This paper was submitted by mistake and has been withdrawn"
            rf"(?:\A\W*|[.;:,(]\s*|\b{_WHOSE}\s+){_THING}\s+(?:is|was|contains|has)\s(?:(?!accept|publish|journal)[^.;])"
            r"{1,60}?\sand\s+(?:(?:is|was|has|being|been|now|hereby|therefore|thus)\s+){1,4}withdrawn\b(?!\s+from\b)",
            # "withdrawn by the author", "has been withdrawn by arXiv administrators"
            r"\bwithdrawn\s+(?:\w+\s+)?by\s+(?:the\s+|its\s+|all\s+)*(?:\w+\s+)?(?:authors?\b|arxiv|admin)",
            # "I withdraw this article", "the authors have withdrawn the paper"
            rf"\b(?:withdraw|withdrawing|withdrew|withdrawn)\s+{_WHOSE}\s+(?:\w+\s+)?{_THING}\b",
            # "5 pages. Withdrawn due to an error", "..., Withdrawn" as a sentence of its own
            r"[.;,]\s*(?:temporarily\s+)?withdrawn\s+(?:due|because|pending)\b",
            r"[.;,]\s*\(?withdrawn\W*\Z",
        )
    ),
    re.IGNORECASE,
)


def says_withdrawn(comment: str | None, abstract: str) -> bool:
    """Whether the comment or the abstract is a notice that this very paper was withdrawn.

    A hint, not a proof: people word it freely. Another paper's withdrawal in passing does not count.
    """
    return any(_NOTICES.search(text) for text in (comment or "", abstract))
