"""At arXiv's real pace: many links in a minute; and killed at any instant, Fusen loses and repeats nothing.

One file, because these take longest and are not to run beside each other.
"""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from arxiv_server import ArxivServer, late
from house import Slackers, running, shown, until
from judges import judge

from papers.note import Audience
from playground import Playground
from storage.engine import connect
from storage.shelves import StoredShelves

ROOT = Path(__file__).parents[2]
SEED = 20231020
LINKS = 14
KILLS = 4


@pytest.mark.timeout(400)
def test_two_hundred_links_in_a_minute_are_few_requests_and_all_answered(tmp_path: Path) -> None:
    """At most 20 requests, no paper asked twice, the first not kept for the batch."""
    with running(tmp_path, f"sqlite:///{tmp_path}/fusen.db", pace="real") as house:
        house.arxiv.usual = late(0.4)
        stamps: dict[str, str] = {}
        began = time.monotonic()
        for number in range(200):
            paper = f"2304.{number + 1:05}"
            stamps[paper] = house.paste(
                f"https://arxiv.org/abs/{paper}", channel="papers" if number % 2 else "general"
            )
            if number == 0:
                house.card(stamps[paper], paper, channel="general")
                assert len(house.arxiv.log) == 1
            time.sleep(max(0.0, began + 0.29 * (number + 1) - time.monotonic()))

        for number, (paper, ts) in enumerate(stamps.items()):
            house.card(ts, paper, channel="papers" if number % 2 else "general", seconds=180)
        minutes = max(1.0, (time.monotonic() - began) / 60)  # a machine under load types more slowly
        asked = [paper for hit in house.arxiv.log for paper in hit.ids]
        assert sorted(asked) == sorted(stamps)
        assert len(house.arxiv.log) <= 20 * minutes
        assert min(house.arxiv.gaps()) >= 3.0
        for number, ts in enumerate(stamps.values()):
            assert len(house.answers(ts, "papers" if number % 2 else "general")) == 1


class Bots:
    """Some `fusen run` processes that can be killed and started again."""

    def __init__(self, count: int, folder: Path, environment: dict[str, str]) -> None:
        self._folder = folder
        self._environment = {**os.environ, "NO_PROXY": "127.0.0.1", **environment, "PYTHONPATH": str(ROOT)}
        self._logs = [(folder / f"bot{number}.log").open("ab") for number in range(count)]
        self._processes = [self._start(number) for number in range(count)]

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        log = self._logs[number]
        return subprocess.Popen(
            [sys.executable, "-m", "bot.main", "run"],
            cwd=self._folder,
            env={**self._environment, "PAGES_FOLDER": str(self._folder / f"pages{number}")},
            stdout=log,
            stderr=log,
        )

    def kill(self, number: int) -> None:
        """kill -9, then start it again."""
        self._processes[number].kill()
        self._processes[number].wait()
        self._processes[number] = self._start(number)

    def stop(self) -> None:
        for process in self._processes:
            process.terminate()
        for process, log in zip(self._processes, self._logs, strict=True):
            process.wait(60)
            log.close()

    def words(self) -> str:
        """What all of them logged."""
        return "".join(file.read_text(errors="replace") for file in sorted(self._folder.glob("bot*.log")))


@contextmanager
def surroundings(folder: Path, database_url: str, bots: int) -> Iterator[tuple[Slackers, Bots, ArxivServer]]:
    with ArxivServer() as arxiv, Playground(retry_after=(0.5, 1.0, 2.0, 5.0), judge=judge) as playground:
        arxiv.usual = late(0.3)
        running = Bots(
            bots,
            folder,
            {
                "SLACK_BOT_TOKEN": playground.bot_token,
                "SLACK_APP_TOKEN": playground.app_token,
                "SLACK_API_URL": playground.api_url,
                "DATABASE_URL": database_url,
                "ARXIV_API_URL": arxiv.url,
                "PAGES_PORT": "0",
            },
        )
        try:
            people = Slackers(playground.url)
            yield people, running, arxiv
            assert people.complaints() == []
        finally:
            running.stop()


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("database_url", "bots"), [("sqlite", 1), ("postgresql", 2)], indirect=["database_url"])
def test_kill_9_at_random_moments_loses_nothing_and_says_nothing_twice(
    tmp_path: Path, database_url: str, bots: int
) -> None:
    chance = random.Random(SEED)
    with surroundings(tmp_path, database_url, bots) as (people, running, arxiv):
        pasted: dict[str, str] = {}
        replies: dict[str, int] = {}
        kills = sorted(chance.sample(range(LINKS), KILLS))
        for number in range(LINKS):
            paper = f"2305.{number + 1:05}"
            pasted[paper] = people.paste(f"reading https://arxiv.org/abs/{paper}", chance.choice(("aiko", "ben")))
            replied = chance.choice(sorted(pasted))
            people.paste(f"thought {number} on it", chance.choice(("aiko", "ben")), thread=pasted[replied])
            replies[replied] = replies.get(replied, 0) + 1
            if number in kills:
                if kills.index(number) % 2:  # on a slow machine the others all fall on a bot that still starts
                    until(lambda ts=pasted[paper]: people.answers(ts), seconds=60)
                time.sleep(chance.uniform(0, 0.6))
                running.kill(chance.randrange(bots))
            time.sleep(chance.uniform(0, 0.3))
        running.kill(0)

        def settled() -> bool:
            cards = [people.answers(ts) for ts in pasted.values()]
            return all(len(card) >= 1 and "has not answered yet" not in shown(card[0]) for card in cards)

        until(settled, seconds=180)
        for paper, ts in pasted.items():
            said = people.answers(ts)
            assert len(said) == 1, f"{paper} was answered {len(said)} times"
            count = replies.get(paper, 0)
            people.card(ts, "1 comment" if count == 1 else f"{count} comments", seconds=90)
        asked = [paper for hit in arxiv.log for paper in hit.ids]
        assert set(asked) == set(pasted)
        assert len(asked) - len(pasted) <= 2 * (KILLS + 1) * 10, "only what a kill interrupted is asked again"
        assert arxiv.most_active() == 1
        assert all(gap >= 3.0 for gap in arxiv.gaps())
        assert "Traceback" not in running.words()
    database = connect(database_url)
    with StoredShelves(database).reading() as shelf:
        workspace = shelf.directory.workspaces()[0].id
        notes = shelf.notes.select(Audience(workspace))
    database.close()
    assert sorted(note.paper_id.id for note in notes) == sorted(pasted)
    for note in notes:
        assert len(note.shares) == 1
        assert len(note.comments) == replies.get(note.paper_id.id, 0)
        assert len({comment.text for comment in note.comments}) == len(note.comments)


@pytest.mark.timeout(240)
def test_bot_and_playground_killed_together_go_on_where_they_were(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    ports = {"PLAYGROUND_PORT": str(free_port()), "PAGES_PORT": str(free_port())}
    url = f"http://127.0.0.1:{ports['PLAYGROUND_PORT']}"
    with ArxivServer() as arxiv:
        arxiv.usual = late(0.3)
        running = Bots(1, tmp_path, {**ports, "ARXIV_API_URL": arxiv.url, "SLACK_BOT_TOKEN": ""})
        try:
            pasted: dict[str, str] = {}
            for number in range(6):
                people = until(lambda: reached(url))
                paper = f"2306.{number + 1:05}"
                pasted[paper] = people.paste(f"https://arxiv.org/abs/{paper}")
                people.paste("a thought", "aiko", thread=pasted[paper])
                if number % 2:
                    time.sleep(chance.uniform(0, 1.5))
                    running.kill(0)
            people = until(lambda: reached(url))
            for paper, ts in pasted.items():
                people.card(ts, "1 comment")
                assert len(people.answers(ts)) == 1, f"{paper} was answered more than once"
        finally:
            running.stop()
    assert "Traceback" not in running.words()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def reached(url: str) -> Slackers | None:
    """The people of a playground, once it listens."""
    try:
        return Slackers(url)
    except OSError:
        return None
