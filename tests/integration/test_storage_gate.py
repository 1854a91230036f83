"""The gate: one holder at a time over all processes, and a dead holder frees it by dying."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import update
from stored import at_once

from papers.lived import lived
from storage.engine import Database
from storage.gate import StoredGate
from storage.tables import gates

TAKING_TURNS = """
import os, sys, time
from storage.engine import connect
from storage.gate import StoredGate
url, log = sys.argv[1:]
gate = StoredGate(connect(url))
out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
turns = 0
while turns < 4:
    hold = gate.take("arxiv", worst=20, gap=0.05)
    if hold is None:
        time.sleep(0.005)
        continue
    os.write(out, b"in\\n")
    time.sleep(0.03)
    os.write(out, b"out\\n")
    gate.release("arxiv", hold, pause=0.02, failures=0)
    turns += 1
"""


def test_a_gate_that_is_held_is_not_given_away(database: Database) -> None:
    gate = StoredGate(database)
    assert gate.state("arxiv") == (0.0, 0)
    assert gate.take("arxiv", 60, 3) is not None
    assert gate.take("arxiv", 60, 3) is None
    assert gate.take("slack", 60, 3) is not None
    wait, failures = gate.state("arxiv")
    assert 50 < wait <= 63 and failures == 0


def test_the_pause_begins_when_the_turn_is_given_back(database: Database) -> None:
    gate = StoredGate(database)
    hold = gate.take("arxiv", 600, 3)
    assert hold is not None
    gate.release("arxiv", hold, 60, 2)
    wait, failures = gate.state("arxiv")
    assert 30 < wait <= 60 and failures == 2
    assert gate.take("arxiv", 60, 3) is None


def test_a_gate_without_a_pause_is_free_at_once(database: Database) -> None:
    gate = StoredGate(database)
    hold = gate.take("arxiv", 600, 3)
    assert hold is not None
    gate.release("arxiv", hold, 0, 1)
    assert gate.take("arxiv", 600, 3) is not None
    assert gate.state("arxiv")[1] == 1


def test_a_turn_can_be_kept_for_longer_by_its_holder_alone(database: Database) -> None:
    gate = StoredGate(database)
    hold = gate.take("pages", 60, 0)
    assert hold is not None
    longer = gate.extend("pages", hold, 600)
    assert longer is not None and gate.state("pages")[0] > 500
    assert gate.extend("pages", hold, 600) is None
    gate.release("pages", longer, 0, 0)
    assert gate.take("pages", 60, 0) is not None


def test_a_holder_that_dies_frees_the_gate_and_its_late_release_does_nothing(database: Database) -> None:
    gate = StoredGate(database)
    lost = gate.take("arxiv", 0.1, 0.1)
    assert lost is not None
    time.sleep(0.25)
    mine = gate.take("arxiv", 60, 3)
    assert mine is not None
    gate.release("arxiv", lost, 0, 9)
    assert gate.take("arxiv", 60, 3) is None
    assert gate.state("arxiv")[1] == 0


def test_eight_threads_that_ask_at_once_get_one_turn(database: Database) -> None:
    gate = StoredGate(database)
    turns = at_once([lambda: gate.take("arxiv", 60, 3)] * 8)
    assert len([turn for turn in turns if turn is not None]) == 1


def test_three_processes_never_hold_the_gate_at_once(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    log = tmp_path / "turns.log"
    command = [sys.executable, "-c", TAKING_TURNS, database_url, str(log)]
    takers = [subprocess.Popen(command, cwd=Path(__file__).parents[2]) for _ in range(3)]
    assert [taker.wait(60) for taker in takers] == [0, 0, 0]
    assert log.read_text().split() == ["in", "out"] * 12


def test_a_gate_that_was_shut_by_a_clock_set_back_since_is_free(database: Database) -> None:
    gate, elsewhere = StoredGate(database), StoredGate(database, "another")
    hold = elsewhere.take("arxiv", worst=3600, gap=3)
    assert hold is not None
    assert gate.state("arxiv") == (0.0, 0)
    assert gate.take("arxiv", worst=40, gap=3) is not None
    assert gate.take("arxiv", worst=40, gap=3) is None
    # A service that failed may have asked for such a pause.
    hold = gate.take("other", worst=40, gap=3)
    assert hold is not None
    gate.release("other", hold, pause=80_000, failures=1)
    assert gate.take("other", worst=40, gap=3) is None
    # But for no longer than a day.
    hold = gate.take("third", worst=40, gap=3)
    assert hold is not None
    gate.release("third", hold, pause=365 * 86_400, failures=1)
    assert gate.state("third") == (0.0, 0)
    assert gate.take("third", worst=40, gap=3) is not None
    assert gate.take("third", worst=40, gap=3) is None


def turn_clock(database: Database, by: float) -> None:
    """Put the gates' clock forward by so many seconds: seen from it, what was written before lies further back."""
    with database.writing() as connection:
        connection.execute(update(gates).values(free_at=gates.c.free_at - by, ahead=gates.c.ahead - by))


@pytest.mark.parametrize("by", [2, 30, 3600, 100 * 86_400, -2, -30, -3600, -100 * 86_400])
def test_a_turned_clock_changes_no_pause_on_one_host(database: Database, by: float) -> None:
    mine, others = StoredGate(database), StoredGate(database)
    hold = mine.take("arxiv", worst=40, gap=3)
    assert hold is not None
    mine.release("arxiv", hold, pause=20, failures=1)
    turn_clock(database, by)
    wait, failures = others.state("arxiv")
    assert 10 < wait <= 20 and failures == 1
    assert others.take("arxiv", worst=40, gap=3) is None
    assert mine.take("arxiv", worst=40, gap=3) is None


def test_a_turned_clock_opens_no_gate_that_is_held_on_one_host(database: Database) -> None:
    mine, others = StoredGate(database), StoredGate(database)
    hold = mine.take("arxiv", worst=40, gap=3)
    assert hold is not None
    turn_clock(database, 3600)
    assert others.take("arxiv", worst=40, gap=3) is None
    mine.release("arxiv", hold - 3600, pause=0, failures=0)
    assert others.state("arxiv") == (0.0, 0)
    assert others.take("arxiv", worst=40, gap=3) is not None


def test_other_hosts_go_by_the_clock_whatever_they_have_lived(database: Database) -> None:
    here, there = StoredGate(database), StoredGate(database, "another", lambda: lived() + 86_400)
    hold = here.take("arxiv", worst=40, gap=3)
    assert hold is not None
    assert 30 < there.state("arxiv")[0] <= 43
    here.release("arxiv", hold, pause=20, failures=0)
    assert 10 < there.state("arxiv")[0] <= 20
    assert there.take("arxiv", worst=40, gap=3) is None
    turn_clock(database, 3600)
    hold = there.take("arxiv", worst=40, gap=3)
    assert hold is not None
    assert 30 < here.state("arxiv")[0] <= 43
