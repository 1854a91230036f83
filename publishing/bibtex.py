"""BibTeX: how a paper is cited."""

from __future__ import annotations

import re
import unicodedata

from papers.paper import ARXIV, Paper, Record
from publishing.texts import fit

# Braces are counted by BibTeX even behind a backslash, so no brace of the text may stay one.
_SIGNS = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "&%$#_"},
    }
)
_BREAKS_A_NAME = re.compile(r",|\band\b", re.IGNORECASE)
_NOT_IN_A_KEY = re.compile(r"[^A-Za-z0-9.-]+")


def bibtex(paper: Paper, record: Record) -> str:
    """One `@misc` entry as arXiv proposes it (https://info.arxiv.org/help/bib_feed.html).

    The title is the readable one: its TeX is foreign code that would run in the reader's document.
    """
    fields = {
        "title": f"{{{_plain(paper.title)}}}",
        "author": " and ".join(_name(author) for author in record.authors),
        "year": str(record.published.year),
        "eprint": _plain(paper.paper_id.id),
        "archivePrefix": "arXiv" if paper.paper_id.source == ARXIV else _plain(paper.paper_id.source),
        "primaryClass": _plain(record.primary_category),
        "doi": _plain(record.doi or ""),
        "note": _plain(record.journal_ref or ""),
        "url": _plain(paper.url),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{_key(paper, record)},\n{lines}}}\n"


def _plain(text: str) -> str:
    return " ".join(fit(text).split()).translate(_SIGNS)


def _name(author: str) -> str:
    name = _plain(author)
    return f"{{{name}}}" if _BREAKS_A_NAME.search(name) else name


def _key(paper: Paper, record: Record) -> str:
    last = record.authors[0].split()[-1:] if record.authors else []
    parts = (*last, str(record.published.year), paper.paper_id.id.replace("/", "."))
    ascii_only = unicodedata.normalize("NFKD", "-".join(parts)).encode("ascii", "ignore").decode("ascii")
    return _NOT_IN_A_KEY.sub("", ascii_only).strip("-") or "paper"
