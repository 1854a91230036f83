"""Where each page lives, and how one page links to another."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

from papers.paper import PaperId
from publishing.slugs import slug

INDEX, FEED, NOT_FOUND, STYLE, ICON = "index.html", "feed.xml", "404.html", "style.css", "icon.svg"
JSON_FEED, FOR_AGENTS, ROBOTS, SITEMAP = "feed.json", "llms.txt", "robots.txt", "sitemap.xml"
ATTENTION = "attention.html"
MAP = "map.html"
NO_JEKYLL = ".nojekyll"
SEARCH, SEARCH_SCRIPT = "search.html", "search.js"
CITE_SCRIPT = "cite.js"
_PAPERS = "papers"
ARTICLES = "_articles"
"""A collection of Jekyll; what it makes of `_articles/A.markdown` is `articles/A.html`."""
_NEW_ID = re.compile(r"\d{4}\.\d{4,5}", re.ASCII)
_OLD_ID = re.compile(r"([a-z]+(?:-[a-z]+)*)/(\d{7})", re.ASCII)


def tag_page(key: str, part: str = "") -> str:
    """The path of a tag's page, or of one of its parts, such as `2024` or `2024-03`."""
    return f"tags/{slug(key)}.{part}.html" if part else f"tags/{slug(key)}.html"


def tag_file(key: str, ending: str, part: str = "") -> str:
    """The path of a file for programs beside a tag's page, or beside one of its parts."""
    return f"{tag_page(key, part).removesuffix('.html')}.{ending}"


def tag_feed(key: str) -> str:
    """The path of a tag's feed."""
    return f"tags/{slug(key)}.xml"


def tag_list(part: int = 1) -> str:
    """The path of the list of all tags, or of its further parts. No tag has the slug `index`."""
    return "tags/index.html" if part == 1 else f"tags/index.{part}.html"


def person_page(feed: str) -> str:
    """The path of the page of somebody who wants one, by what it is called."""
    return f"people/{feed}.html"


def person_feed(feed: str) -> str:
    """The path of that person's Atom feed."""
    return f"people/{feed}.xml"


def person_json_feed(feed: str) -> str:
    """The path of that person's JSON feed."""
    return f"people/{feed}.json"


def month_page(name: str) -> str:
    """The path of a month's page, such as `2024-03`, or of one of its parts."""
    return f"months/{name}.html"


def month_list() -> str:
    """The path of the list of all months."""
    return "months/index.html"


def sitemap(name: str) -> str:
    """The path of one of the site maps that the first one names. They may only name what stands below them."""
    return f"sitemap.{name}.xml"


def image(name: str) -> str:
    """The path of the file of an image, by its name."""
    return f"images/{name}"


def search_shard(name: str) -> str:
    """The path of one file of the records that search loads."""
    return f"search/{name}.js"


def paper_page(paper_id: PaperId) -> str:
    """The path of a paper's page: `papers/arxiv/2310.13671.html`, `papers/arxiv/hep-th.9901001.html`."""
    return f"{_paper(paper_id)}.html"


def paper_bibtex(paper_id: PaperId) -> str:
    """The path of a paper's BibTeX file."""
    return f"{_paper(paper_id)}.bib"


def is_of_papers(path: str) -> bool:
    """Whether such a page is there only where there are papers: that of one, or an article of Jekyll."""
    return path.startswith((f"{_PAPERS}/", f"{ARTICLES}/"))


def root_of(path: str) -> str:
    """The way from a page up to the folder of all pages: empty, `../` or `../../`."""
    return "../" * path.count("/")


def href(root: str, path: str) -> str:
    """A link to `path`, percent-encoded, from a page whose way up is `root`."""
    return root + _quoted(path)


_quoted = lru_cache(maxsize=1_000)(quote)


def public_address(typed: str) -> str:
    """The public address without a closing `/`, or nothing if it is no web address."""
    return typed.rstrip("/") if typed.startswith(("https://", "http://")) else ""


def _paper(paper_id: PaperId) -> str:
    return f"{_PAPERS}/{slug(paper_id.source)}/{_safe_id(paper_id.id)}"


def _safe_id(typed: str) -> str:
    # A slug has no dot in it, so the two forms of arXiv and the rest never meet.
    if _NEW_ID.fullmatch(typed):
        return typed
    old = _OLD_ID.fullmatch(typed)
    return f"{old[1]}.{old[2]}" if old else slug(typed)
