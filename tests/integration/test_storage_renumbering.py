"""A channel that gets another id: all that is known of it goes with it, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import cast, func, or_, select
from stored import ANYBODY, NOW, PUBLIC, SECRET, TEAM, message, paper, say, settle, share, store, tag

from papers.acts import Act, Deed
from papers.asker import Asker
from papers.digest_order import DigestOrder, Scope
from papers.follows import Follower, Target, TargetKind
from papers.note import Audience
from papers.shelf import Shelf
from papers.work import Event, Owed, PostKind
from storage import tables
from storage.columns import Words
from storage.engine import Database
from storage.shelves import StoredShelves

NEW = "C_NEWER"


def owe(shelf: Shelf, note_id: int, channel: str, ts: str) -> bool:
    key = f"share:{channel}:{ts}:{note_id}"
    return shelf.outbox.owe(Owed(TEAM, key, PostKind.CARD, channel, ts, note_id), NOW, NOW)


@pytest.fixture
def lived_in(shelves: StoredShelves) -> StoredShelves:
    """A private channel in which people did all that is kept."""
    with shelves.writing() as shelf:
        settle(shelf)
        store(shelf, paper(1))
        note_id = share(shelf, paper(1), SECRET, "1.0")
        tag(shelf, note_id, SECRET, "hush")
        say(shelf, note_id, SECRET, "1.1", "whispered")
        owe(shelf, note_id, SECRET, "1.0")
        shelf.outbox.posted(shelf.outbox.claim(1, NOW, timedelta(minutes=1))[0].id, "1.2", 0, NOW)
        shelf.acts.record(Asker(TEAM, SECRET, "U1", ""), Act(Deed.COMMENT, note_id, f"{SECRET}:1.1"), NOW)
        shelf.readers.claim(note_id, "origin", "U1", SECRET, NOW, NOW + timedelta(days=1))
        shelf.digests.order(DigestOrder(TEAM, SECRET, Scope.CHANNEL, "", "", "U1"), NOW)
        shelf.follows.follow(Follower(TEAM, SECRET, True), Target(TargetKind.TAG, "llm", "LLM"), False, "U1", NOW)
        shelf.tags.group(Audience(TEAM, SECRET), ["hush"], "Ours")
        shelf.inbox.put([Event("Ev1", TEAM, f'{{"channel": "{SECRET}"}}', None, f"{TEAM}/{SECRET}/1.0")], NOW)
    return shelves


def move(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        shelf.directory.renumber(TEAM, SECRET, NEW)


def test_all_that_was_made_in_a_channel_is_found_under_its_new_id(lived_in: StoredShelves) -> None:
    move(lived_in)
    with lived_in.reading() as shelf:
        (note,) = shelf.notes.select(Audience(TEAM, NEW))
        assert note.shares[0].message == message(NEW, "1.0")
        assert note.comments[0].message == message(NEW, "1.1", "1.0")
        assert [one.name for one in note.tags] == ["hush"]
        assert [one.member.id for one in note.readers] == ["U1"]
        assert shelf.directory.channel(TEAM, NEW).name == SECRET.lower()
        assert shelf.outbox.shows(message(NEW, "1.2")) == note.id
        assert [order.channel for order in shelf.digests.orders(TEAM)] == [NEW]
        assert shelf.follows.of(Follower(TEAM, NEW, True))
        assert shelf.acts.last(Asker(TEAM, NEW, "U1", ""), NOW)[0].origin == f"{NEW}:1.1"
        assert shelf.tags.groups(Audience(TEAM, NEW)) == {"hush": "Ours"}
        assert shelf.notes.select(Audience(TEAM, SECRET)) == shelf.notes.select(ANYBODY) == ()
    with lived_in.writing() as shelf:
        (event,) = shelf.inbox.claim(9, NOW, timedelta(minutes=1))
    assert NEW in event.event.body


def test_nothing_names_the_old_id_any_longer(lived_in: StoredShelves, database: Database) -> None:
    move(lived_in)
    with database.reading() as connection:
        for table in tables.metadata.sorted_tables:
            names = or_(*(cast(column, Words).contains(SECRET, autoescape=True) for column in table.columns))
            found = connection.scalar(select(func.count()).select_from(table).where(names))
            # On SQLite `LIKE` takes the channel's name for its id.
            assert found == (table is tables.channels and connection.dialect.name == "sqlite"), table.name


def test_told_twice_it_is_done_once_and_a_message_told_under_both_ids_is_one(lived_in: StoredShelves) -> None:
    with lived_in.writing() as shelf:
        # Slack promises no order: an edit and a new reply came first, under the new id.
        note_id = share(shelf, paper(1), NEW, "1.0")
        say(shelf, note_id, NEW, "1.1", "whispered")
        say(shelf, note_id, NEW, "1.3", "and answered")
        tag(shelf, note_id, NEW, "hush")
        owe(shelf, note_id, NEW, "1.0")
    move(lived_in)
    with lived_in.reading() as shelf:
        once = shelf.notes.select(Audience(TEAM, NEW))
    move(lived_in)
    with lived_in.writing() as shelf:
        assert shelf.notes.select(Audience(TEAM, NEW)) == once
        assert [one.text for one in once[0].comments] == ["whispered", "and answered"]
        assert len(once[0].shares) == 1
        assert not owe(shelf, note_id, NEW, "1.0")
        assert shelf.outbox.claim(9, NOW, timedelta(minutes=1)) == ()
        assert shelf.outbox.shows(message(NEW, "1.2")) == note_id


def test_other_channels_and_other_workspaces_keep_theirs(lived_in: StoredShelves) -> None:
    with lived_in.writing() as shelf:
        share(shelf, paper(1), PUBLIC, "5.0")
        shelf.directory.renumber("T2", SECRET, NEW)
        shelf.directory.renumber(TEAM, "C_NEVER_SEEN", NEW)
    with lived_in.reading() as shelf:
        assert len(shelf.notes.select(Audience(TEAM, SECRET))[0].shares) == 2
        assert len(shelf.notes.select(Audience(TEAM, NEW))[0].shares) == 1
