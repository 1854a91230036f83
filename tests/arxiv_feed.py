"""Made-up papers, and the Atom feeds in which arXiv would tell of them."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape, quoteattr

_SUBJECTS = [
    "graph",
    "retrieval",
    "translation",
    "vision",
    "speech",
    "planning",
    "memory",
    "attention",
    "diffusion",
    "parsing",
]
_METHODS = [
    "sparse",
    "contrastive",
    "recurrent",
    "hierarchical",
    "self-supervised",
    "probabilistic",
    "modular",
    "adaptive",
]
_GIVEN = [
    "Ada",
    "Grace",
    "Emmy",
    "Kurt",
    "Alan",
    "Noether",
    "Sofia",
    "Hideki",
    "Shiro",
    "Chien",
    "Mária",
    "Søren",
]
_FAMILY = [
    "Tanaka",
    "Müller",
    "Okafor",
    "Lindqvist",
    "Rossi",
    "Nakamura",
    "Silva",
    "Novák",
    "Haddad",
    "Kim",
    "Yukawa",
    "Dupont",
]
_CATEGORIES = ["cs.CL", "cs.LG", "cs.CV", "cs.AI", "stat.ML"]


@dataclass(frozen=True, slots=True)
class FeedPaper:
    """One paper as the test server knows it. Dates are text, so that a broken one can be told."""

    id: str
    version: int = 1
    title: str = "A title"
    abstract: str = "An abstract."
    authors: tuple[str, ...] = ("Ada Tanaka",)
    categories: tuple[str, ...] = ("cs.CL",)
    published: str | None = "2024-01-02T03:04:05Z"
    updated: str | None = "2024-01-02T03:04:05Z"
    comment: str | None = None
    journal_ref: str | None = None
    doi: str | None = None
    more: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://arxiv.org/abs/{self.id}v{self.version}"


def made_up(arxiv_id: str) -> FeedPaper:
    """The paper with this id: always the same one, and no two alike."""
    rng = random.Random(zlib.crc32(arxiv_id.encode()))
    subject, method = rng.choice(_SUBJECTS), rng.choice(_METHODS)
    day = datetime(2020, 1, 1, 12, tzinfo=UTC) + timedelta(minutes=rng.randrange(2_000_000))
    version = rng.choice((1, 1, 2, 3))
    return FeedPaper(
        arxiv_id,
        version=version,
        title=f"{method.capitalize()} {subject} for study {arxiv_id}",
        abstract=(
            f"We look at {subject} in a {method} way. A model of moderate size is trained on open data."
            f" It improves {subject} by {rng.randint(2, 30)} per cent over a plain baseline."
            f" An ablation shows where the gain of study {arxiv_id} comes from."
        ),
        authors=tuple(f"{rng.choice(_GIVEN)} {rng.choice(_FAMILY)}" for _ in range(rng.randint(1, 5))),
        categories=tuple(dict.fromkeys(rng.choices(_CATEGORIES, k=2))),
        published=_instant(day),
        updated=_instant(day + timedelta(days=30 * (version - 1))),
        comment=f"{rng.randint(4, 30)} pages",
    )


def new_feed(papers: Iterable[FeedPaper], total: int | None = None) -> bytes:
    """The answer, in the form of arXiv's newer server."""
    entries = [_new_entry(p) for p in papers]
    count = len(entries) if total is None else total
    text = (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'
        ' xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">\n'
        "  <id>https://arxiv.org/api/made-up</id>\n"
        "  <title>arXiv Query: search_query=&amp;id_list=made-up</title>\n"
        "  <updated>2026-04-12T22:10:19Z</updated>\n"
        f"  <opensearch:itemsPerPage>{max(count, 1)}</opensearch:itemsPerPage>\n"
        f"  <opensearch:totalResults>{count}</opensearch:totalResults>\n"
        "  <opensearch:startIndex>0</opensearch:startIndex>\n" + "".join(entries) + "</feed>\n"
    )
    return text.encode()


def error_feed(problem: str, new: bool = True) -> bytes:
    """The feed with one entry in which arXiv complains of a badly formed id or query."""
    scheme = "https" if new else "http"
    anchor = "#" + problem.replace(" ", "_") if problem.startswith("incorrect id") else ""
    entry = (
        f"  <entry>\n    <id>{scheme}://arxiv.org/api/errors{anchor}</id>\n    <title>Error</title>\n"
        f"    <updated>2026-04-12T22:59:06Z</updated>\n    <summary>{escape(problem)}</summary>\n"
        "    <author>\n      <name>arXiv api core</name>\n    </author>\n  </entry>\n"
    )
    head, tail = new_feed([], total=1).decode().split("</feed>")
    return f"{head}{entry}</feed>{tail}".encode()


def _new_entry(p: FeedPaper) -> str:
    optional = {
        "published": p.published,
        "updated": p.updated,
        "arxiv:comment": p.comment,
        "arxiv:journal_ref": p.journal_ref,
        "arxiv:doi": p.doi,
        **p.more,
    }
    lines = [f"<id>{p.address}</id>", f"<title>{escape(p.title)}</title>"]
    lines += [f"<{name}>{escape(text)}</{name}>" for name, text in optional.items() if text is not None]
    lines.append(f"<summary>{escape(p.abstract)}</summary>")
    lines += [f'<category term={quoteattr(c)} scheme="http://arxiv.org/schemas/atom"/>' for c in p.categories]
    if p.categories:
        lines.append(f"<arxiv:primary_category term={quoteattr(p.categories[0])}/>")
    lines += [f"<author>\n      <name>{escape(name)}</name>\n    </author>" for name in p.authors]
    return "  <entry>\n" + "".join(f"    {line}\n" for line in lines) + "  </entry>\n"


def _instant(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")
