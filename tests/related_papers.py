"""Papers for the tests of relatedness: two of one matter, two of another, and two that stand alone."""

from __future__ import annotations

from stored import DIRECT, PUBLIC, SECRET, UNASKED, paper, share, store

from papers.shelf import Shelf

CLOSED = [SECRET, DIRECT, UNASKED]
TEXTS = (
    ("Distilling language models", "Knowledge distillation makes large language models small."),
    ("Small students of language models", "We use knowledge distillation on large language models."),
    ("Galaxies far away", "Redshift surveys of dim galaxies find dark halos."),
    ("Dark halos", "Halos of dim galaxies in redshift surveys."),
    ("A theorem on knots", "Every alternating knot has a reduced diagram."),
    ("Robots that walk", "Legged robots learn gaits in simulation."),
)


def note(shelf: Shelf, number: int, channel: str = PUBLIC, **changes: object) -> int:
    """A paper with the next of the texts, shared."""
    title, abstract = TEXTS[(number - 1) % len(TEXTS)]
    facts = {"title": title, "abstract": abstract, "authors": (f"Author {number}",)}
    note_id = share(shelf, paper(number), channel, f"{number}.0")
    store(shelf, paper(number), **(facts | changes))
    return note_id
