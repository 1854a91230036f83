"""BibTeX: how a paper is cited."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import quote

from papers.author_names import family_first, is_a_group
from papers.paper import ARXIV, Paper, Record
from papers.sites import WEB
from papers.unseen import fit

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
_DIGEST = 8
_BREAKS_A_NAME = re.compile(r",|\band\b", re.IGNORECASE)
_NOT_VERBATIM = re.compile(r"[\\{}\s]")
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
        "doi": _verbatim(record.doi or ""),
        "note": ". ".join(filter(None, ("Withdrawn" * record.withdrawn, _plain(record.journal_ref or "")))),
        "url": _verbatim(paper.url),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{_key(paper, record)},\n{lines}}}\n"


def _plain(text: str) -> str:
    return " ".join(fit(text).split()).translate(_SIGNS)


def _verbatim(text: str) -> str:
    """What biblatex and `\\url` take as it stands, so that a sign with a backslash would be another address."""
    return _NOT_VERBATIM.sub(lambda sign: quote(sign.group()), fit(text).strip())


def _name(author: str) -> str:
    name = _plain(author)
    if found := family_first(name):
        return ", ".join(found)
    return f"{{{name}}}" if _BREAKS_A_NAME.search(name) or is_a_group(name) else name


def _key(paper: Paper, record: Record) -> str:
    """One for each paper: where it cannot tell the id, as of an address, a hash of the id stands behind it."""
    last = record.authors[0].split()[-1:] if record.authors else []
    paper_id = paper.paper_id
    own = paper_id.id if paper_id.source == ARXIV else paper_id.source + paper_id.id
    if paper_id.source == WEB:
        own = paper_id.id.partition("://")[2]
    told = own.replace("/", ".")
    parts = unicodedata.normalize("NFKD", "-".join((*last, record.year, told)))
    key = _NOT_IN_A_KEY.sub("", parts.encode("ascii", "ignore").decode("ascii")).strip("-.")
    # An address may hold a "." wherever it holds a "/"; before a "/" of a site's own ids there is none.
    if paper_id.source != WEB and key.endswith(told) and len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.sha256(str(paper_id).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
    return f"{key[: LONGEST_KEY - _DIGEST - 1]}-{digest}".lstrip("-")
