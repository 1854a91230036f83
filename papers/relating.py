"""The use cases of relatedness: what a note is related to, and keeping ready what the pages show of it."""

from __future__ import annotations

from papers.asker import Asker
from papers.errors import UnknownPaper
from papers.note import Audience, Workspace
from papers.nudges import Job, Nudge
from papers.relatedness import Kept, Outdated, Reasons, RelatedNote, related
from papers.shelf import Shelf, Shelves
from papers.source import Gate

AT_ONCE = 100
"""How many papers are made comparable in one transaction."""

COMPARED_AT_ONCE = 20
"""How many notes are compared with all others in one run: a second or two in a notebook of 10,000."""

TURN = "related notes"
"""The gate of whoever compares notes: named after no workspace, for it outlives all of them."""

LONGEST = 60.0
"""Seconds after which a process that has the turn to compare is taken to be gone."""

KEPT = 10
"""How many notes with similar texts are kept for each published note: twice what is shown."""

LEAST_KEPT = 0.05
"""Texts less alike than this are not kept: whatever else notes have in common, it says nothing more."""


class Relating:
    """Related notes, as those who ask may see them, and what is kept ready for the published pages."""

    def __init__(self, shelves: Shelves, nudge: Nudge, gate: Gate) -> None:
        self._shelves = shelves
        self._nudge = nudge
        self._gate = gate
        self._ready: dict[str, int] = {}  # the workspace's count of changes at which nothing was to be compared

    def related(self, asker: Asker, note_id: int) -> tuple[RelatedNote, ...]:
        """The notes related to a note, most related first. Raises UnknownPaper if the note is not seen."""
        with self._shelves.reading() as shelf:
            return related_to(shelf, note_id, asker.audience)

    def keep_ready(self) -> None:
        """The job: make papers comparable that are not so yet, and compare what is published anew; some of each.

        Where more is left to be done, the job is nudged.
        """
        with self._shelves.writing() as shelf:
            read = shelf.relations.read_in(AT_ONCE)
        if read:
            self._ready.clear()  # no workspace counts this as a change
        with self._shelves.reading() as shelf:
            workspaces = shelf.directory.workspaces()
        more = read == AT_ONCE
        for workspace in workspaces:
            # To look through all notes takes long, and nothing is to be compared unless something has changed.
            if self._ready.get(workspace.id) != workspace.change:
                more |= self._compare(workspace)
        if more:
            self._nudge(Job.RELATE_NOTES)

    def _compare(self, workspace: Workspace) -> bool:
        """Compare some notes of a workspace with all others. True if there are more.

        One process at a time: others would compare the very same ones. The one at it goes on until none is left.
        """
        with self._shelves.reading() as shelf:
            if not shelf.relations.outdated(workspace.id, 1):
                self._ready[workspace.id] = workspace.change
                return False
        hold = self._gate.take(TURN, LONGEST, 0.0)
        if hold is None:
            return False
        try:
            return self._compare_some(workspace)
        finally:
            self._gate.release(TURN, hold, 0.0, 0)

    def _compare_some(self, workspace: Workspace) -> bool:
        """Compare some notes of a workspace with all others. True if there are more.

        What is compared is read first and kept after, so that nobody waits for it who wants to write.
        """
        with self._shelves.reading() as shelf:
            outdated = shelf.relations.outdated(workspace.id, COMPARED_AT_ONCE)
            if not outdated:
                return False
            settled = shelf.directory.workspace(workspace.id)
            at = settled.change if settled else 0
            found = [(one, _like(shelf, workspace.id, one)) for one in outdated]
        with self._shelves.writing() as shelf:
            kept = [shelf.relations.keep(workspace.id, one, likenesses, at) for one, likenesses in found]
            # With a count of their own: a later change that got the same would never come to their cards.
            if shown := frozenset[int]().union(*kept):
                shelf.relations.tell(shown)
            more = bool(shelf.relations.outdated(workspace.id, 1))
        if not more:
            self._nudge(Job.PUBLISH_PAGES)
        return more


def related_to(shelf: Shelf, note_id: int, audience: Audience) -> tuple[RelatedNote, ...]:
    """The notes related to a note in the eyes of an audience. Raises UnknownPaper if it does not see the note."""
    note = shelf.notes.get(note_id, audience)
    if note is None:
        raise UnknownPaper(typed="this paper")
    near = shelf.relations.near(note, audience)
    found = related(note, shelf.notes.several(near.likenesses, audience), near.likenesses, near.usage)
    unknown = {one.note_id: near.likenesses[one.note_id] for one in found if one.note_id not in near.words}
    words = {**near.words, **(shelf.relations.words(note_id, unknown) if unknown else {})}
    told = (one.told(words[one.note_id]) for one in found)
    return tuple(one for one in told if one.reasons != Reasons())  # a stem alone is none: its words differ


def _like(shelf: Shelf, workspace: str, outdated: Outdated) -> dict[int, Kept]:
    if not outdated.shown:
        return {}
    alike = shelf.relations.alike(outdated.note_id, Audience(workspace))
    best = sorted(alike.items(), key=lambda one: (-round(one[1].share, 6), one[0]))[:KEPT]
    chosen = {note_id: likeness for note_id, likeness in best if likeness.share >= LEAST_KEPT}
    words = shelf.relations.words(outdated.note_id, chosen)
    return {other: Kept(likeness.share, words[other]) for other, likeness in chosen.items() if words[other]}
