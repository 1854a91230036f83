"""A signal stops Fusen within seconds, whatever the moment and whatever runs."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from arxiv_server import ArxivServer, drip
from house import Slackers
from playground_driving import until
from slack_bolt import App
from slack_sdk import WebClient
from started import ROOT, fusen_run

from bot.socket_mode import SocketMode
from playground import Playground

both = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])

# A signal that another thread takes leaves the main thread asleep, as one does that comes just before it sleeps.
UNNOTICED = """
import signal, sys, threading, time
from bot.stopping import stop_on_signals

def come_later():
    time.sleep(0.5)
    signal.raise_signal(int(sys.argv[1]))

stopped = threading.Event()
stop_on_signals(stopped)
threading.Thread(target=come_later, daemon=True).start()
stopped.wait()
"""


@both
def test_a_signal_stops_it_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with fusen_run(tmp_path, ARXIV_API_URL="http://127.0.0.1:9/") as started:
        started.process.send_signal(number)
        assert started.process.wait(60) == 0


def test_it_stops_cleanly_where_nobody_reads_what_it_says_any_more(tmp_path: Path) -> None:
    with fusen_run(tmp_path, ARXIV_API_URL="http://127.0.0.1:9/") as started:
        assert started.process.stdout
        started.process.stdout.close()
        started.process.send_signal(signal.SIGTERM)
        assert started.process.wait(60) == 0


@both
def test_a_signal_is_heard_though_the_main_thread_sleeps_through_it(number: signal.Signals) -> None:
    told = subprocess.run([sys.executable, "-c", UNNOTICED, str(int(number))], cwd=ROOT, timeout=60, check=False)
    assert told.returncode == 0


def test_a_signal_stops_it_while_arxiv_takes_its_time(tmp_path: Path) -> None:
    with ArxivServer() as arxiv, fusen_run(tmp_path, ARXIV_API_URL=arxiv.url) as started:
        arxiv.usual = drip
        Slackers(started.playground).paste("https://arxiv.org/abs/2310.13671")
        until(lambda: arxiv.log)
        started.process.send_signal(signal.SIGTERM)
        # The request goes on for twenty seconds.
        assert started.process.wait(15) == 0


class SlowToBegin(logging.Filter):
    """Holds the receiver of Slack's client where it says that it begins; not under a lock, as a handler would."""

    def __init__(self) -> None:
        super().__init__()
        self.begins = threading.Event()
        self.go_on = threading.Event()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.getMessage().startswith("Starting to receive"):
            self.begins.set()
            self.go_on.wait(60)
        return True


def test_the_way_to_slack_closes_though_its_receiver_has_only_just_begun() -> None:
    slow = SlowToBegin()
    logger = logging.Logger("slow to begin")
    logger.setLevel(logging.INFO)
    logger.addFilter(slow)
    with Playground() as playground:
        app = App(client=WebClient(playground.bot_token, base_url=playground.api_url), logger=logger)
        way = SocketMode(app, playground.app_token, playground.api_url)
        way.connect()
        assert slow.begins.wait(60)
        threading.Timer(0.5, slow.go_on.set).start()
        way.close()
        until(lambda: "closing" not in {thread.name for thread in threading.enumerate()})
