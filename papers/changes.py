"""What became of a paper between two answers of its source: a new version, a withdrawal, a publication."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from papers.paper import Record


class ChangeKind(StrEnum):
    """What happened to a paper."""

    VERSION = "version"
    WITHDRAWN = "withdrawn"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to a paper.

    `fact` is the new version's number, the version that says it is withdrawn, or where it was published
    (the journal reference, else the DOI).
    """

    kind: ChangeKind
    fact: str

    @property
    def key(self) -> str:
        """What makes this change one and the same, however often a source tells it."""
        # A DOI and a journal reference that follows it, or one that is worded better later, are one publication.
        return self.kind if self.kind is ChangeKind.PUBLISHED else f"{self.kind}:{self.fact}"


def changes(before: Record, after: Record) -> tuple[Change, ...]:
    """What is new in `after`, if anything, the gravest first.

    A withdrawal is told alone: arXiv makes a version of it, which nobody needs to hear of besides. Records of
    different origin (a sample, then arXiv's own) are not compared: what differs did not happen.
    """
    if before.origin != after.origin:
        return ()
    found: list[Change] = []
    if after.withdrawn and not before.withdrawn:
        found.append(Change(ChangeKind.WITHDRAWN, str(after.version)))
    elif after.version > before.version:
        found.append(Change(ChangeKind.VERSION, str(after.version)))
    where = after.journal_ref or after.doi
    if where and not (before.journal_ref or before.doi):
        found.append(Change(ChangeKind.PUBLISHED, where))
    return tuple(found)
