"""Three processes on one PostgreSQL, each stopped and started anew in turn while people go on talking."""

from __future__ import annotations

import signal
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest
from arxiv_server import ArxivServer
from house import APP, Slackers
from playground_driving import until
from started import Started, fusen_run

from playground import Playground

PROCESSES = 3
LONG = 240
"""Seconds. Each process asks arXiv as politely as in earnest, and leases of a minute may have to end."""


@pytest.mark.timeout(500)
def test_a_rolling_restart_of_three_processes_loses_nothing_and_doubles_nothing(
    tmp_path: Path, postgres_url: str
) -> None:
    with ExitStack() as closing:
        arxiv = closing.enter_context(ArxivServer())
        playground = closing.enter_context(Playground(retry_after=(0.5, 1.0, 2.0), app=APP))
        environment = {
            "SLACK_BOT_TOKEN": playground.bot_token,
            "SLACK_APP_TOKEN": playground.app_token,
            "SLACK_API_URL": playground.api_url,
            "DATABASE_URL": postgres_url,
            "ARXIV_API_URL": arxiv.url,
        }

        def start(number: int) -> tuple[ExitStack, Started]:
            folder = tmp_path / str(number)
            folder.mkdir(exist_ok=True)
            running = closing.enter_context(ExitStack())
            return running, running.enter_context(fusen_run(folder, **environment))

        processes = [start(number) for number in range(PROCESSES)]
        people, pasted, done = Slackers(playground.url), list[str](), threading.Event()

        def talk() -> None:
            while not done.wait(1.5):
                number = len(pasted) + 1
                ts = people.paste(f"https://arxiv.org/abs/2307.{number:05}")
                people.paste(f"comment {number}", thread=ts)
                pasted.append(ts)

        talking = threading.Thread(target=talk)
        talking.start()
        try:
            for number in range(PROCESSES):
                running, started = processes[number]
                started.process.send_signal(signal.SIGTERM)
                assert started.process.wait(60) == 0
                running.close()
                processes[number] = start(number)
                until(lambda: len(pasted) > number)  # noqa: B023 # it is asked before the next one comes
        finally:
            done.set()
            talking.join()
        for number, ts in enumerate(pasted, start=1):
            people.card(ts, f"2307.{number:05}", seconds=LONG)
            people.card(ts, "1 comment", seconds=LONG)
        assert [len(people.answers(ts)) for ts in pasted] == [1] * len(pasted)
