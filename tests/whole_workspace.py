"""A workspace of which there is something everywhere: a row in every table that is a workspace's."""

from __future__ import annotations

from datetime import timedelta

from image_bytes import attached
from stored import DAY, NOW, PUBLIC, paper, store

from papers.asker import Asker
from papers.digest_order import DigestOrder, Scope
from papers.emoji import ActingReaction, EmojiVerb, Meaning, Reaction
from papers.follows import Follower, Target, TargetKind
from papers.note import Channel, ChannelKind, Member, Message, Tag, Workspace
from papers.notebook import Notebook
from papers.nudges import Job
from papers.relatedness import Kept
from papers.settled import Setting
from papers.tagging import Tagging
from papers.work import Event, Owed, PostKind
from storage.shelves import StoredShelves


def _nobody(_job: Job) -> None:
    """Nothing runs here."""


def fill(shelves: StoredShelves, team: str) -> None:
    """A row in every table that is a workspace's."""
    asker = Asker(team, PUBLIC, "U1", "command:1")
    message = Message(team, PUBLIC, "1.0")
    with shelves.writing() as shelf:
        shelf.directory.ensure_workspace(Workspace(team, "Team", "https://team.slack.com"), NOW)
        shelf.directory.store_channel(team, Channel(PUBLIC, "papers", ChannelKind.PUBLIC), NOW)
        shelf.directory.store_member(team, Member("U1", "Aki"), NOW)
        shelf.follows.follow(Follower(team, "U2"), Target(TargetKind.MEMBER, "U1"), True, "U2", NOW - DAY)
        shelf.homes.opened(team, "U1", "D1", NOW)
        for number in (1, 2):
            shelf.papers.want(paper(number), NOW, NOW)
            store(shelf, paper(number))
        notes = [shelf.notes.ensure(team, paper(number), NOW) for number in (2, 1)]
        note_id = notes[-1]
        shelf.notes.share(note_id, "m", "U1", message, None, NOW)
        shelf.settings.settle(team, Setting.ZONE, "Asia/Tokyo", "U1", NOW)
        shelf.readers.claim(note_id, "c", "U1", PUBLIC, NOW, NOW + DAY)
        shelf.readers.mark_read(note_id, "c", "U1", NOW)
        eyes = Reaction(message, "U1", "eyes", NOW)
        shelf.reactions.come(ActingReaction(eyes, note_id, Meaning(EmojiVerb.READING), NOW))
        shelf.reactions.settle(team, "tada", Meaning(EmojiVerb.READ))
        shelf.inbox.put([Event(f"E{team}", team, "{}")], NOW)
        shelf.outbox.owe(Owed(team, "card", PostKind.CARD, PUBLIC, "1.0", note_id), NOW, NOW)
        shelf.outbox.claim_period(team, "week", NOW)
        shelf.digests.order(DigestOrder(team, PUBLIC, Scope.CHANNEL, member="U1"), NOW)
        shelf.backfills.start(team, PUBLIC, "U1", NOW, NOW)
    Tagging(shelves, _nobody, lambda: NOW).tag(asker, note_id, "LLM")
    Notebook(shelves, _nobody, lambda: NOW, lambda: timedelta(0)).comment(asker, note_id, "said")
    with shelves.writing() as shelf:
        shelf.tags.alias(asker.audience, Tag("Large", "large"), "llm")
        shelf.tags.refuse(team, "llm", ["lms"])
        shelf.tags.group(asker.audience, ["llm"], "Models")
        shelf.tags.describe(asker.audience, "llm", "Models of language")
        shelf.notes.comment(note_id, "image", "U1", PUBLIC, None, "", NOW, [attached()])
        shelf.follows.look(team, 9, NOW)
        for one in shelf.relations.outdated(team, 9):
            shelf.relations.keep(team, one, {notes[0]: Kept(0.5, ("large",))} if one.note_id == note_id else {}, 1)
