"""Papers' ids as arXiv writes them."""

from __future__ import annotations

from papers.paper import PaperLink


def versioned_id(link: PaperLink) -> str:
    """The id, with its version if the link names one: `2310.13671v2`."""
    return link.paper_id.id if link.version is None else f"{link.paper_id.id}v{link.version}"
