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
LONGEST_KEY = 80
_BREAKS_A_NAME = re.compile(r",|\band\b", re.IGNORECASE)
_NOT_IN_A_KEY = re.compile(r"[^A-Za-z0-9.-]+")


def bibtex(paper: Paper, record: Record) -> str:
    """One `@misc` entry, for an arXiv paper as arXiv proposes it (https://info.arxiv.org/help/bib_feed.html).

    The title is the readable one: its TeX is foreign code that would run in the reader's document.
    """
    is_arxiv = paper.paper_id.source == ARXIV
    fields = {
        "title": f"{{{_plain(paper.title)}}}",
        "author": " and ".join(_name(author) for author in record.authors),
        "year": record.year,
        "eprint": _plain(paper.paper_id.id) if is_arxiv else "",
        "archivePrefix": "arXiv" if is_arxiv else "",
        "primaryClass": _plain(record.primary_category),
        "howpublished": "" if is_arxiv else _plain(paper.paper_id.site),
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
    parts = (*last, record.year, paper.paper_id.spoken.removeprefix(f"{ARXIV}:").replace("/", "."))
    ascii_only = unicodedata.normalize("NFKD", "-".join(parts)).encode("ascii", "ignore").decode("ascii")
    return _NOT_IN_A_KEY.sub("", ascii_only).strip("-.")[:LONGEST_KEY] or "paper"
