"""Being forgotten: what goes, what stays without a name, and what is not taken in again."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from stored import ANYBODY, DAY, MINUTE, NOW, PUBLIC, SECRET, TEAM, message, paper, say, settle, share, store, tag

from papers.asker import Asker
from papers.backfills import Backfills
from papers.emoji import Reaction
from papers.follows import Follower, Target, TargetKind
from papers.forgetting import Forgetting
from papers.note import Audience, Member
from papers.notebook import Notebook
from papers.nudges import Job
from papers.oblivion import NOBODY, Forgotten, Held
from papers.paper import PaperLink
from papers.reactions import Reactions
from papers.readers import Readers
from papers.settled import Personal, Setting
from papers.shelf import Shelf
from papers.tagging import Tagging
from papers.work import Event, Owed, PostKind
from storage import tables
from storage.engine import Database
from storage.shelves import StoredShelves

HERE = Audience(TEAM, PUBLIC)
AKI = Asker(TEAM, PUBLIC, "U1", "command:1")
BEN = Asker(TEAM, PUBLIC, "U2", "command:2")
CANARY = "kanarienvogel"


def _nobody(_job: Job) -> None:
    """Nothing runs here."""


def forget(shelves: StoredShelves, asker: Asker = BEN) -> Held:
    return Forgetting(shelves, _nobody, lambda: NOW).forget(asker)


@pytest.fixture
def stored(shelves: StoredShelves) -> StoredShelves:
    """Ben (U2) has done everything that one can do; Aki (U1) mentions him."""
    notebook = Notebook(shelves, _nobody, lambda: NOW, lambda: timedelta(0))
    with shelves.writing() as shelf:
        settle(shelf)
        note_id = share(shelf, paper(1), PUBLIC, "1.0", member="U2")
        share(shelf, paper(1), SECRET, "2.0", member="U2")
        store(shelf, paper(1))
        say(shelf, note_id, PUBLIC, "1.1", f"{CANARY} public")
        say(shelf, note_id, SECRET, "2.1", f"{CANARY} private", thread_ts="2.0")
        by_aki = "@Ben is right, and @Bente too"
        shelf.notes.comment(note_id, "x", "U1", PUBLIC, message(PUBLIC, "1.2", "1.0"), by_aki, NOW)
        tag(shelf, note_id, PUBLIC, "LLM")
        shelf.tags.describe(HERE, "llm", "ask @Ben or @Bente")
        shelf.tags.group(HERE, ["llm"], "Team @Ben")
        shelf.settings.settle(TEAM, Setting.ZONE, "Asia/Tokyo", "U2", NOW)
        shelf.settings.settle_personal(TEAM, "U2", Personal("ja"))
        shelf.readers.claim(note_id, "c", "U2", PUBLIC, NOW, NOW + DAY)
        shelf.readers.mark_read(note_id, "c", "U2", NOW)
        _follow(shelf, note_id)
    tagging = Tagging(shelves, _nobody, lambda: NOW)
    tagging.tag(BEN, note_id, "Ben's")
    tagging.untag(AKI, note_id, "Ben's")
    tagging.tag(BEN, note_id, "Kept")
    notebook.comment(BEN, note_id, f"{CANARY} typed")
    return shelves


def _follow(shelf: Shelf, note_id: int) -> None:
    """Ben follows, is followed, and has let a channel follow; a word of a note is owed to him."""
    ben, aki = Target(TargetKind.MEMBER, "U2"), Target(TargetKind.MEMBER, "U1")
    shelf.follows.follow(Follower(TEAM, "U2"), aki, False, "U2", NOW - DAY)
    shelf.follows.follow(Follower(TEAM, "U1"), ben, False, "U1", NOW - DAY)
    shelf.follows.follow(Follower(TEAM, SECRET, is_channel=True), aki, False, "U2", NOW - DAY)
    shelf.outbox.owe(
        Owed(TEAM, f"followed:U2:{note_id}", PostKind.FOLLOWED, "U2", note_id=note_id), NOW, NOW + DAY
    )


def test_what_is_a_persons_own_goes_and_what_is_the_teams_stays_without_a_name(stored: StoredShelves) -> None:
    assert forget(stored) == Held(comments=3, shares=2, tags=1)
    with stored.reading() as shelf:
        for audience in (ANYBODY, HERE, Audience(TEAM, SECRET)):
            (note,) = shelf.notes.select(audience)
            assert {one.member for one in note.shares} == {Member(NOBODY)}
            assert [one.text for one in note.comments] == ["@someone is right, and @Bente too"]
            assert [one.name for one in note.tags] == ["LLM", "Kept"]
            assert note.readers == ()
            assert shelf.tags.descriptions(audience) == {"llm": "ask @someone or @Bente"}
            assert shelf.tags.groups(audience) == {"llm": "Team @someone"}
        assert shelf.notes.search(HERE, [CANARY], limit=20) == ()
        assert len(shelf.notes.search(HERE, ["@someone"], limit=20)) == 1
        assert shelf.oblivion.held(TEAM, "U2") == Held(0, 0, 0)
        assert shelf.settings.personal(TEAM, "U2") == Personal(named=False)
        assert [one.member for one in shelf.settings.settled(TEAM)] == [Member(NOBODY)]
        assert shelf.acts.last(Asker(TEAM, PUBLIC, "U2", ""), NOW - DAY) == ()


def test_no_row_of_any_table_names_the_forgotten_one_but_the_one_that_says_so(
    stored: StoredShelves, database: Database
) -> None:
    forget(stored)
    with database.reading() as connection:
        for table in tables.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                told = json.dumps([str(value) for value in row])
                assert CANARY not in told, table
                assert "Ben'" not in told.replace("Ben's", "") or table.name == "tags"
                assert "U2" not in told or table is tables.members, (table, told)
        (kept,) = connection.execute(select(tables.members).where(tables.members.c.id == "U2"))
    assert (kept.name, kept.language, kept.own_language, kept.nameless) == ("", "", "", True)


def test_the_pages_and_cards_learn_of_it(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        (before,) = shelf.notes.select(ANYBODY)
        owed = Owed(TEAM, "share:1", PostKind.CARD, PUBLIC, "1.0", before.id)
        shelf.outbox.owe(owed, NOW, NOW)
        (post,) = shelf.outbox.claim(1, NOW, MINUTE)
        shelf.outbox.posted(post.id, "1.5", before.change, NOW)
    forget(stored)
    with stored.writing() as shelf:
        (after,) = shelf.notes.select(ANYBODY)
        assert after.change > before.change
        assert [one.owed.key for one in shelf.outbox.claim_outdated(9, NOW, MINUTE)] == ["share:1"]


def test_seen_lines_and_digests_that_stand_in_slack_are_said_anew_once(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        (note,) = shelf.notes.select(ANYBODY)
        for kind, about in ((PostKind.SEEN, note.id), (PostKind.DIGEST, None), (PostKind.NEWS, note.id)):
            shelf.outbox.owe(Owed(TEAM, kind, kind, PUBLIC, "1.0", about), NOW, NOW)
        for post in shelf.outbox.claim(9, NOW, MINUTE):
            shelf.outbox.posted(post.id, "1.5", note.change if post.owed.note_id else 0, NOW)
        assert shelf.outbox.claim_outdated(9, NOW, MINUTE) == ()
    forget(stored)
    with stored.writing() as shelf:
        anew = shelf.outbox.claim_outdated(9, NOW, MINUTE)
        assert {post.owed.kind for post in anew} == {PostKind.SEEN, PostKind.DIGEST}
        for post in anew:
            shelf.outbox.posted(post.id, "1.5", 99 if post.owed.note_id else 0, NOW, post.shown)
        assert shelf.outbox.claim_outdated(9, NOW + DAY, MINUTE) == ()


@pytest.mark.parametrize("kind", [PostKind.SEEN, PostKind.DIGEST, PostKind.FOLLOWED, PostKind.GATHERING])
def test_what_is_on_its_way_to_slack_while_somebody_is_forgotten_is_said_anew_once(
    stored: StoredShelves, kind: PostKind
) -> None:
    with stored.writing() as shelf:
        (note,) = shelf.notes.select(ANYBODY)
        about = note.id if kind in (PostKind.SEEN, PostKind.FOLLOWED) else None
        shelf.outbox.owe(Owed(TEAM, "k", kind, PUBLIC, "1.0", about, body=json.dumps([note.id])), NOW, NOW)
        (post,) = shelf.outbox.claim(1, NOW, MINUTE)
    forget(stored)
    with stored.writing() as shelf:
        assert shelf.outbox.keep(post, NOW + MINUTE)  # nobody else posts it meanwhile
        shelf.outbox.posted(post.id, "1.5", note.change if about else 0, NOW, post.shown)
        (anew,) = shelf.outbox.claim_outdated(9, NOW, MINUTE)
        shelf.outbox.posted(anew.id, "1.5", 99 if about else 0, NOW, anew.shown)
        assert shelf.outbox.claim_outdated(9, NOW + DAY, MINUTE) == ()


def test_the_words_of_finished_events_and_of_answers_that_were_given_are_gone(
    stored: StoredShelves, database: Database
) -> None:
    with stored.writing() as shelf:
        for number, member in enumerate(("U2", "U1")):
            body = json.dumps({"event": {"user": member, "text": f"{member} {CANARY}"}})
            shelf.inbox.put([Event(f"E{number}", TEAM, body)], NOW)
        for event in shelf.inbox.claim(9, NOW, MINUTE):
            shelf.inbox.finish({event: f"failed at {CANARY}" if event.event.event_id == "E0" else ""}, NOW)
        for key, only_for in (("given", "U1"), ("waits", "U2")):
            answer = Owed(TEAM, key, PostKind.ANSWER, PUBLIC, only_for=only_for, body=f"{CANARY} again")
            shelf.outbox.owe(answer, NOW, NOW + DAY * (key == "waits"))
        (post,) = shelf.outbox.claim(9, NOW, MINUTE)
        shelf.outbox.posted(post.id, "", 0, NOW)
    forget(stored)
    with database.reading() as connection:
        bodies = dict(connection.execute(select(tables.inbox.c.event_id, tables.inbox.c.body)).all())
        answers = dict(connection.execute(select(tables.outbox.c.key, tables.outbox.c.body)).all())
        assert CANARY not in str(connection.scalars(select(tables.inbox.c.error)).all())
    assert bodies["E0"] == "{}"
    assert "U1" in bodies["E1"]
    assert answers == {"given": ""}


def test_the_name_is_not_learned_again_until_the_person_settles_something(stored: StoredShelves) -> None:
    forget(stored)
    with stored.writing() as shelf:
        assert shelf.directory.strangers(TEAM, "U2", "") == (False, True)
        shelf.directory.store_member(TEAM, Member("U2", "Ben", "en"), NOW)
        share(shelf, paper(2), PUBLIC, "3.0", NOW + MINUTE, member="U2")
        assert shelf.directory.member(TEAM, "U2") == Member("U2")
        assert shelf.directory.members_to_ask(TEAM, NOW + DAY, 9) == ("U1",)
        shelf.settings.settle_personal(TEAM, "U2", Personal())
        assert shelf.directory.strangers(TEAM, "U2", "") == (True, True)
        assert "U2" in shelf.directory.members_to_ask(TEAM, NOW + DAY, 9)
        shelf.directory.store_member(TEAM, Member("U2", "Ben", "en"), NOW)
        assert shelf.directory.member(TEAM, "U2").name == "Ben"


def test_what_was_said_before_is_not_taken_in_again_and_what_is_said_after_is(stored: StoredShelves) -> None:
    forget(stored)
    notebook = Notebook(stored, _nobody, lambda: NOW + DAY, lambda: timedelta(0))
    notebook.reply(message(PUBLIC, "1.1", "1.0"), "U2", f"{CANARY} late", NOW - MINUTE)
    assert notebook.reply(message(PUBLIC, "1.8", "1.0"), "U1", "others are heard", NOW - MINUTE)
    assert notebook.reply(message(PUBLIC, "1.9", "1.0"), "U2", "a new beginning", NOW + MINUTE)
    with stored.reading() as shelf:
        (note,) = shelf.notes.select(ANYBODY)
    assert [(one.member.name, one.text) for one in note.comments] == [
        ("Aki", "others are heard"),
        ("Aki", "@someone is right, and @Bente too"),
        ("", "a new beginning"),
    ]


@pytest.mark.parametrize("late", ["share", "recall"])
def test_a_paper_shared_before_and_taken_in_after_belongs_to_nobody(stored: StoredShelves, late: str) -> None:
    forget(stored)
    notebook = Notebook(stored, _nobody, lambda: NOW + DAY, lambda: timedelta(0))
    backfills = Backfills(stored, _nobody, lambda: NOW + DAY, "/note")
    said, links = message(PUBLIC, "5.0"), [PaperLink(paper(2))]
    if late == "share":
        notebook.share(said, "U2", links, NOW - MINUTE)
    else:
        assert backfills.recall(said, "U2", links, NOW - MINUTE) == 1
    notebook.share(message(PUBLIC, "6.0"), "U2", links, NOW + MINUTE)
    with stored.reading() as shelf:
        found = shelf.notes.of_paper(paper(2), HERE)
    assert found and [one.member.id for one in found.shares] == [NOBODY, "U2"]


def test_the_words_of_an_event_that_waited_are_gone_once_it_is_handled(
    stored: StoredShelves, database: Database
) -> None:
    def put(name: str, at: datetime) -> None:
        shelf.inbox.put([Event(name, TEAM, json.dumps({"event": {"user": "U2", "text": CANARY}}))], at)

    with stored.writing() as shelf:
        put("waits", NOW)
        put("waits longer", NOW)
        first, longer = shelf.inbox.claim(9, NOW, DAY)
        shelf.inbox.postpone(longer, NOW + DAY, CANARY)
    forget(stored)
    with stored.writing() as shelf:
        put("of a new beginning", NOW + MINUTE)
        (new,) = shelf.inbox.claim(9, NOW + MINUTE, MINUTE)
        shelf.inbox.finish({first: "", new: ""}, NOW + MINUTE)
        shelf.oblivion.clear_events(NOW - DAY)
    with database.reading() as connection:
        bodies = dict(connection.execute(select(tables.inbox.c.event_id, tables.inbox.c.body)).all())
    assert {name for name, body in bodies.items() if CANARY in body} == {"waits longer", "of a new beginning"}
    with stored.writing() as shelf:
        (longer,) = shelf.inbox.claim(9, NOW + DAY, MINUTE)
        assert CANARY in longer.event.body
        shelf.inbox.finish({longer: CANARY}, NOW + DAY)
        shelf.oblivion.clear_events(NOW - DAY)
    with database.reading() as connection:
        (told,) = connection.execute(select(tables.inbox).where(tables.inbox.c.event_id == "waits longer"))
    assert (told.body, told.error) == ("{}", "")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer
@pytest.mark.parametrize("late", ["reply", "come", "go"])
def test_what_comes_in_while_somebody_is_forgotten_is_not_taken_in(
    stored: StoredShelves, database: Database, late: str
) -> None:
    notebook = Notebook(stored, _nobody, lambda: NOW, lambda: timedelta(0))
    reactions = Reactions(stored, _nobody, lambda: NOW)
    reaction = Reaction(message(PUBLIC, "1.0"), "U2", "eyes", NOW - MINUTE)

    def take_in() -> None:
        if late == "reply":
            notebook.reply(message(PUBLIC, "1.7", "1.0"), "U2", "late", NOW - MINUTE)
        else:
            {"come": reactions.come, "go": reactions.go}[late](reaction)

    with ThreadPoolExecutor(1) as threads:
        with stored.writing() as shelf:
            shelf.oblivion.forget(TEAM, "U2", NOW)
            taken_in = threads.submit(take_in)
            wait([taken_in], 0.5)  # time enough to go wrong
        taken_in.result()
    with database.reading() as connection:
        for table in (tables.comments, tables.reactions, tables.claims):
            assert "U2" not in connection.scalars(select(table.c.member)).all(), table


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer
def test_what_was_asked_for_and_is_done_while_somebody_is_forgotten_is_not_kept(
    stored: StoredShelves, database: Database
) -> None:
    with stored.reading() as shelf:
        (note,) = shelf.notes.select(HERE)

    def do() -> None:
        with stored.asked_by(TEAM, "U2", NOW - MINUTE), pytest.raises(Forgotten):
            Readers(stored, _nobody, lambda: NOW).read(BEN, note.id)

    with ThreadPoolExecutor(1) as threads:
        with stored.writing() as shelf:
            shelf.oblivion.forget(TEAM, "U2", NOW)
            done = threads.submit(do)
            wait([done], 0.5)  # time enough to go wrong
        done.result()
    with database.reading() as connection:
        assert not connection.scalars(select(tables.reads.c.member)).all()


def test_what_was_being_finished_while_somebody_was_forgotten_is_cleared(
    stored: StoredShelves, database: Database
) -> None:
    with stored.writing() as shelf:
        shelf.inbox.put([Event("E1", TEAM, json.dumps({"event": {"user": "U2", "text": CANARY}}))], NOW - MINUTE)
        (event,) = shelf.inbox.claim(9, NOW - MINUTE, MINUTE)
    forget(stored)
    with stored.writing() as shelf:
        # Its transaction had begun, with the time of then, and ended after nobody looked for it any more.
        shelf.inbox.finish({event: ""}, NOW - timedelta(seconds=5))
        shelf.oblivion.clear_events(NOW - DAY)
    with database.reading() as connection:
        assert connection.scalars(select(tables.inbox.c.body)).all() == ["{}"]


def test_to_be_forgotten_twice_or_unknown_is_no_error(stored: StoredShelves) -> None:
    forget(stored)
    assert forget(stored) == Held(0, 0, 0)
    assert forget(stored, Asker(TEAM, PUBLIC, "U77", "command:3")) == Held(0, 0, 0)


def test_others_keep_what_is_theirs(stored: StoredShelves) -> None:
    forget(stored)
    with stored.reading() as shelf:
        assert shelf.directory.member(TEAM, "U1").name == "Aki"
        assert shelf.oblivion.held(TEAM, "U1") == Held(comments=1, shares=0, tags=1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_of_sqlite_holds_nothing_of_what_was_forgotten(stored: StoredShelves, database: Database) -> None:
    assert database.file
    files = [database.file, database.file.with_name(database.file.name + "-wal")]

    def holds() -> bool:
        return any(CANARY.encode() in file.read_bytes() for file in files if file.exists())

    assert holds()
    forget(stored)
    assert database.empty_journal()
    assert not holds()
    assert b"@Ben is right" not in files[0].read_bytes()
