"""Many at once: threads and processes share, claim and change, and nothing is lost or done twice."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Thread

import pytest
from stored import (
    ANYBODY,
    DAY,
    MINUTE,
    NOW,
    PUBLIC,
    TEAM,
    at_once,
    message,
    paper,
    settle,
    share,
    store,
    tag,
    want,
)

from papers.asker import Asker
from papers.backfills import Backfills
from papers.note import Audience
from papers.notebook import Notebook
from papers.paper import PaperId, PaperLink
from papers.work import Event, Owed, PostKind
from storage.engine import Database
from storage.shelves import StoredShelves

HERE = Audience(TEAM, PUBLIC)
CLAIMING = """
import sys
from datetime import UTC, datetime, timedelta
from storage.engine import connect
from storage.shelves import StoredShelves
url, log = sys.argv[1:]
shelves = StoredShelves(connect(url))
empty = 0
with open(log, "w") as out:
    while empty < 40:
        now = datetime.now(UTC)
        with shelves.writing() as shelf:
            events = shelf.inbox.claim(3, now, timedelta(minutes=5))
            posts = shelf.outbox.claim(3, now, timedelta(minutes=5))
            papers = shelf.papers.claim(3, now, timedelta(minutes=5))
        for event in events:
            print("event", event.event.event_id, file=out, flush=True)
            with shelves.writing() as shelf:
                shelf.inbox.finish({event: ""}, now)
        for post in posts:
            print("post", post.owed.key, file=out, flush=True)
        for paper in papers:
            print("paper", paper, file=out, flush=True)
        empty = 0 if events or posts or papers else empty + 1
"""
SHARING = """
import sys
sys.path.insert(0, "tests")
from stored import ANYBODY, PUBLIC, paper, say, share, tag
from storage.engine import connect
from storage.shelves import StoredShelves
url, name = sys.argv[1:]
shelves = StoredShelves(connect(url))
for number in range(30):
    with shelves.writing() as shelf:
        note_id = share(shelf, paper(number % 3), PUBLIC, f"{name}.{number}", member=f"U{name}")
        tag(shelf, note_id, PUBLIC, f"tag{number}")
    with shelves.writing() as shelf:
        assert shelf.notes.get(note_id, ANYBODY)  # reads first, and writes on what it read
        say(shelf, note_id, PUBLIC, f"{name}.{number}", "words")
"""


def test_eight_threads_that_share_one_new_paper_lose_nothing(shelves: StoredShelves) -> None:
    def act(number: int) -> int:
        with shelves.writing() as shelf:
            return share(shelf, paper(1), PUBLIC, f"{number}.0", member=f"U{number}")

    ids = at_once([partial(act, number) for number in range(8)])
    assert len(set(ids)) == 1
    with shelves.reading() as shelf:
        (found,) = shelf.notes.select(HERE)
        workspace = shelf.directory.workspace(TEAM)
    assert {one.message.ts for one in found.shares} == {f"{number}.0" for number in range(8)}
    assert workspace and workspace.change == found.change == 9  # the note was made once and shared 8 times


def test_eight_deliveries_of_one_event_at_once_are_one_event(shelves: StoredShelves) -> None:
    def deliver() -> int:
        with shelves.writing() as shelf:
            return shelf.inbox.put([Event("E1", TEAM, "{}", "C/1.0")], NOW)

    assert Counter(at_once([deliver] * 8)) == {1: 1, 0: 7}


def test_eight_threads_that_tag_at_once_lose_no_tag_and_no_count(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        before = shelf.directory.workspace(TEAM)

    def act(number: int) -> None:
        with shelves.writing() as shelf:
            tag(shelf, note_id, PUBLIC, f"shared, own{number}" if number % 2 else f"own{number}, shared")

    at_once([partial(act, number) for number in range(8)])
    with shelves.reading() as shelf:
        found = shelf.notes.get(note_id, ANYBODY)
        after = shelf.directory.workspace(TEAM)
    assert found and {one.key for one in found.tags} == {"shared", *(f"own{number}" for number in range(8))}
    assert before and after and after.change == before.change + 8


def test_a_card_that_misses_an_answer_arriving_meanwhile_is_out_of_date(shelves: StoredShelves) -> None:
    numbers = range(6)
    shown: dict[int, int] = {}
    with shelves.writing() as shelf:
        settle(shelf)
        for number in numbers:
            want(shelf, paper(number))

    def answer(number: int) -> None:
        with shelves.writing() as shelf:
            store(shelf, paper(number))

    def paste_and_post(number: int) -> None:
        with shelves.writing() as shelf:
            note_id = share(shelf, paper(number), PUBLIC, f"{number}.0")
            shelf.outbox.owe(Owed(TEAM, str(number), PostKind.CARD, PUBLIC, note_id=note_id), NOW, NOW)
        with shelves.writing() as shelf:
            posts = shelf.outbox.claim(9, NOW, MINUTE)
        for post in posts:
            with shelves.reading() as shelf:
                found = shelf.notes.get(post.owed.note_id or 0, HERE)
            assert found
            shown[found.id] = found.change
            with shelves.writing() as shelf:
                shelf.outbox.posted(post.id, "9.0", found.change, NOW)

    at_once([partial(act, number) for number in numbers for act in (answer, paste_and_post)])
    with shelves.writing() as shelf:
        notes = shelf.notes.select(HERE)
        outdated = {post.owed.note_id for post in shelf.outbox.claim_outdated(9, NOW, MINUTE)}
    assert set(shown) == {found.id for found in notes} and len(notes) == 6
    assert all(found.paper.record for found in notes)
    assert outdated == {found.id for found in notes if shown[found.id] < found.change}


def test_three_processes_that_share_the_same_papers_lose_nothing(
    shelves: StoredShelves, database_url: str
) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        before = shelf.directory.workspace(TEAM)
    command = [sys.executable, "-c", SHARING, database_url]
    sharing = [subprocess.Popen([*command, str(name)], cwd=Path(__file__).parents[2]) for name in range(3)]
    assert [process.wait(90) for process in sharing] == [0, 0, 0]
    with shelves.reading() as shelf:
        notes = shelf.notes.select(ANYBODY)
        tagged = {one.tag.key for one in shelf.tags.counted(ANYBODY)}
        workspace = shelf.directory.workspace(TEAM)
    assert [(len(one.shares), len(one.comments)) for one in notes] == [(30, 30)] * 3
    assert tagged == {f"tag{number}" for number in range(30)}
    # Notes, shares, tags that were new, comments.
    assert before and workspace and workspace.change - before.change == 3 + 90 + 30 + 90


def test_a_note_made_while_an_answer_is_being_stored_shows_it(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        want(shelf, paper(1))
    shown = []

    def paste() -> None:
        with shelves.writing() as shelf:
            note_id = share(shelf, paper(1), PUBLIC, "1.0")
        with shelves.reading() as shelf:
            shown.append(shelf.notes.get(note_id, HERE))

    with shelves.writing() as shelf:
        store(shelf, paper(1))
        pasting = Thread(target=paste)
        pasting.start()
        pasting.join(0.5)  # time enough to go wrong
    pasting.join()
    assert shown[0] and shown[0].paper.record


def test_an_answer_stored_while_a_note_is_being_made_stamps_it(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        want(shelf, paper(1))

    def answer() -> None:
        with shelves.writing() as shelf:
            store(shelf, paper(1))

    with shelves.writing() as shelf:
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        made = shelf.notes.get(note_id, HERE)
        storing = Thread(target=answer)
        storing.start()
        storing.join(0.5)  # time enough to go wrong
    storing.join()
    with shelves.reading() as shelf:
        after = shelf.notes.get(note_id, HERE)
    assert made and after and after.change == made.change + 1


@pytest.mark.parametrize("sharing", ["share", "add", "save", "recall"])
def test_a_paper_shared_anew_while_its_answer_is_being_stored_waits_for_it(
    shelves: StoredShelves, sharing: str
) -> None:
    later = NOW + 9 * DAY
    page = PaperId("openreview", "xQUe1pOKPam")
    one = page if sharing == "save" else paper(1)
    with shelves.writing() as shelf:
        settle(shelf)
        note_id = share(shelf, one, PUBLIC, "1.0")
        store(shelf, one)
    notebook = Notebook(shelves, lambda _: None, lambda: later, lambda: MINUTE)
    backfills = Backfills(shelves, lambda _: None, lambda: later, "/note")
    asker, said, links = Asker(TEAM, PUBLIC, "U2", "command:1"), message(PUBLIC, "2.0"), [PaperLink(one)]
    act = {
        "share": lambda: notebook.share(said, "U2", links, later),
        "add": lambda: notebook.add(asker, links),
        "save": lambda: notebook.save(asker, said, links),
        "recall": lambda: backfills.recall(said, "U2", links, NOW),
    }[sharing]
    with ThreadPoolExecutor(1) as threads:
        with shelves.writing() as shelf:
            shelf.tags.hold(TEAM)  # whoever stores an answer begins with that
            shared = threads.submit(act)
            wait([shared], 0.5)  # time enough to go wrong
            store(shelf, one, later, version=2)
        assert shared.result()
    with shelves.reading() as shelf:
        found = shelf.notes.get(note_id, HERE)
    assert found and found.paper.record and found.paper.record.version == 2


def test_three_processes_claim_every_row_once_and_each_thread_in_order(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    shelves, now = StoredShelves(database), datetime.now(UTC)
    with shelves.writing() as shelf:
        for number in range(90):
            thread = f"thread{number % 7}" if number % 3 else None
            shelf.inbox.put([Event(f"E{number}", TEAM, "{}", None, thread)], now)
            shelf.outbox.owe(Owed(TEAM, f"P{number}", PostKind.ANSWER, PUBLIC), now, now)
            shelf.papers.want(paper(number), now, now)
    logs = [tmp_path / f"{number}.log" for number in range(3)]
    command = [sys.executable, "-c", CLAIMING, database_url]
    workers = [subprocess.Popen([*command, str(log)], cwd=Path(__file__).parents[2]) for log in logs]
    assert [worker.wait(90) for worker in workers] == [0, 0, 0]
    lines = [log.read_text().splitlines() for log in logs]
    seen = Counter(line for log in lines for line in log)
    assert set(seen.values()) == {1}
    assert len(seen) == 270


def test_a_thread_of_events_is_handled_in_order_by_many_workers(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        for number in range(40):
            shelf.inbox.put([Event(f"E{number:02}", TEAM, "{}", None, f"thread{number % 4}")], NOW)
    handled: dict[str | None, list[str]] = defaultdict(list)

    def work() -> None:
        idle = 0
        while idle < 20:
            with shelves.writing() as shelf:
                events = shelf.inbox.claim(2, NOW, MINUTE)
            for one in events:
                handled[one.event.thread].append(one.event.event_id)
                with shelves.writing() as shelf:
                    shelf.inbox.finish({one: ""}, NOW)
            idle = 0 if events else idle + 1
            time.sleep(0 if events else 0.005)

    at_once([work] * 4)
    assert sum(map(len, handled.values())) == 40
    assert all(names == sorted(names) for names in handled.values())


def test_a_period_claimed_by_eight_threads_is_claimed_once(shelves: StoredShelves) -> None:
    def act() -> bool:
        with shelves.writing() as shelf:
            return shelf.outbox.claim_period(TEAM, "2026-W47", NOW)

    assert Counter(at_once([act] * 8)) == {True: 1, False: 7}
