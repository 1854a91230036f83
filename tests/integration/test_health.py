"""What machines ask: alive, ready, and figures that tell nothing of what people write."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psycopg
import pytest
from command_line import ROOT
from house import House, running
from playground_driving import until
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import make_url
from stored import NOW, settle

from bot.composition.pages import flavours
from bot.figures import Figures
from bot.health import Health
from bot.settings import read
from papers.database_errors import DatabaseUnreachable
from papers.errors import FusenError
from storage.shelves import StoredShelves

SECRET = "canary-7f3a"


def ask(address: str, path: str, **headers: str) -> tuple[int, str]:
    try:
        with urlopen(Request(address + path, headers=headers), timeout=60) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refusal:
        return refusal.code, refusal.read().decode()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with running(folder, f"sqlite:///{folder}/fusen.db") as made:
        yield made


def figures(house: House) -> dict[tuple[str, ...], float]:
    """Each figure by its name and the values of its labels."""
    told = ask(house.fusen.pages_address, "metrics")[1]
    samples = [sample for family in text_string_to_metric_families(told) for sample in family.samples]
    return {(one.name, *one.labels.values()): one.value for one in samples}


def test_a_running_fusen_is_alive_and_ready(house: House) -> None:
    assert ask(house.fusen.pages_address, "healthz") == (200, "alive\n")
    assert ask(house.fusen.pages_address, "readyz") == (200, "ready\n")


def test_the_figures_tell_what_was_done_and_nothing_that_was_said(house: House) -> None:
    ts = house.paste(f"{SECRET} https://arxiv.org/abs/2310.13671")
    house.card(ts, "2310.13671")
    house.paste("nothing of interest")
    house.command(f"/note tag {SECRET}")

    def counted() -> bool:
        told = figures(house)
        return all(
            told.get(name, 0) >= 1
            for name in (
                ("fusen_events_total", "posted", "stored"),
                ("fusen_events_total", "posted", "passed_over"),
                ("fusen_events_total", "posted", "handled"),
                ("fusen_events_total", "command", "taken"),
                ("fusen_job_seconds_count", "handle-events", "done"),
                ("fusen_slack_seconds_count", "chat.postMessage", "ok"),
                ("fusen_arxiv_seconds_count", "answered"),
                ("fusen_publishing_seconds_count",),
            )
        )

    until(counted)
    told = figures(house)
    assert told["fusen_database_up",] == told["fusen_ready",] == 1
    assert {queue for name, *labels in told if name == "fusen_queue_depth" for queue in labels} == {
        "events",
        "posts",
        "cards",
        "papers",
    }
    text = ask(house.fusen.pages_address, "metrics")[1]
    for private in (SECRET, "2310.13671", house.channel("papers"), house.ids["ben"]):
        assert private not in text


def test_a_figure_tells_that_the_workspace_will_be_deleted(house: House) -> None:
    assert figures(house)["fusen_workspace_leaving",] == 0
    shelves = StoredShelves(house.database)
    with shelves.writing() as shelf:
        workspace = shelf.directory.workspace("T00PLAYGRND")
        assert workspace
        shelf.directory.leave(workspace.id, NOW)
    try:
        assert figures(house)["fusen_workspace_leaving",] == 1
    finally:
        with shelves.writing() as shelf:
            shelf.directory.ensure_workspace(workspace, NOW)


def test_figures_are_not_for_whoever_comes_through_a_proxy(house: House) -> None:
    assert ask(house.fusen.pages_address, "metrics", **{"X-Forwarded-For": "203.0.113.7"})[0] == 403
    assert ask(house.fusen.pages_address, "readyz", **{"X-Forwarded-For": "203.0.113.7"})[0] == 200


def health(token: str = "") -> tuple[Health, threading.Event, list[str]]:
    """One of its own, with what the database complains of."""
    stopped, trouble = threading.Event(), list[str]()

    def look() -> None:
        if trouble:
            raise DatabaseUnreachable("there", trouble[0])

    return Health(Figures(), stopped, look, lambda: "stuck" not in trouble, token), stopped, trouble


def answer(of: Health, path: str, **environ: str) -> str:
    said: list[str] = []

    def start_response(status: str, _headers: object, _exc_info: object = None) -> Callable[[bytes], object]:
        said.append(status)
        return lambda _: None

    of.doors[path](environ | {"REQUEST_METHOD": "GET", "PATH_INFO": path}, start_response)
    return said[0][:3]


def test_it_is_not_ready_while_it_starts_or_stops_or_has_no_database() -> None:
    one, stopped, trouble = health()
    assert (answer(one, "/readyz"), answer(one, "/healthz")) == ("503", "200")
    one.started()
    assert answer(one, "/readyz") == "200"
    trouble.append("gone")
    assert (answer(one, "/readyz"), answer(one, "/healthz")) == ("503", "200")
    trouble.clear()
    assert answer(one, "/readyz") == "200"
    stopped.set()
    assert (answer(one, "/readyz"), answer(one, "/healthz")) == ("503", "200")


@pytest.mark.parametrize(
    ("kind", "outcome", "span"), [("event", "not_stored", "10m"), ("posted", "given_up", "1h")]
)
def test_an_alarm_sees_the_first_event_that_is_not_stored_or_given_up(kind: str, outcome: str, span: str) -> None:
    counted, which = Figures(), {"kind": kind, "outcome": outcome}
    assert counted.registry.get_sample_value("fusen_events_total", which) == 0
    guide = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    assert f'increase(fusen_events_total{{outcome="{outcome}"}}[{span}]) > 0' in guide


@pytest.mark.parametrize(("setting", "target"), [("PAGES_FOLDER", "folder"), ("JEKYLL_FOLDER", "jekyll")])
def test_an_alarm_sees_pages_that_can_no_longer_be_written(
    shelves: StoredShelves, tmp_path: Path, setting: str, target: str
) -> None:
    folders = {"PAGES_FOLDER": str(tmp_path / "pages"), "JEKYLL_FOLDER": str(tmp_path / "site")}
    counted, in_the_way = Figures(), tmp_path / "in-the-way"
    publish = flavours(shelves, read(folders | {setting: str(in_the_way / "pages")}), figures=counted)

    def late() -> dict[str, bool]:
        told = "fusen_pages_late_seconds"
        return {
            name: bool(counted.registry.get_sample_value(told, {"target": name})) for name in ("folder", "jekyll")
        }

    with shelves.writing() as shelf:
        settle(shelf)
    assert late() == {"folder": False, "jekyll": False}
    in_the_way.write_text("no folder")
    for _ in range(2):
        with pytest.raises(FusenError, match="in-the-way"):
            publish()
        assert [name for name, it_is in late().items() if it_is] == [target]
    in_the_way.unlink()
    publish()
    assert late() == {"folder": False, "jekyll": False}


def test_a_clock_that_stands_still_is_not_alive() -> None:
    one, _, trouble = health()
    one.started()
    trouble.append("stuck")
    assert answer(one, "/healthz") == "503"


def test_with_a_token_figures_are_for_those_who_bear_it() -> None:
    one, *_ = health("s3cret")
    assert answer(one, "/metrics", REMOTE_ADDR="127.0.0.1") == "403"
    assert answer(one, "/metrics", HTTP_AUTHORIZATION="Bearer wröng") == "403"
    assert answer(one, "/metrics", HTTP_AUTHORIZATION="Bearer s3cret", HTTP_X_FORWARDED_FOR="203.0.113.7") == "200"
    other, *_ = health()
    assert answer(other, "/metrics", REMOTE_ADDR="203.0.113.7") == "403"
    assert answer(other, "/metrics", REMOTE_ADDR="::1") == "200"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8020", "200"),
        ("127.0.0.1:8020", "200"),
        ("[::1]:8020", "200"),
        (f"{socket.gethostname().upper()}:8020", "200"),
        ("evil.example:8020", "403"),
        ("127.0.0.1.evil.example", "403"),
        ("192.0.2.7:8020", "403"),  # passed on by a proxy that does not say so
    ],
)
def test_a_page_of_another_site_reads_no_figures_by_a_name_that_it_leads_here(host: str, status: str) -> None:
    one, *_ = health()
    assert answer(one, "/metrics", REMOTE_ADDR="127.0.0.1", HTTP_HOST=host) == status
    assert answer(one, "/healthz", REMOTE_ADDR="127.0.0.1", HTTP_HOST=host) == "200"
    borne, *_ = health("s3cret")
    assert answer(borne, "/metrics", HTTP_AUTHORIZATION="Bearer s3cret", HTTP_HOST=host) == "200"


def test_a_lost_database_is_seen_and_its_return_too(tmp_path: Path, postgres: str, postgres_url: str) -> None:
    name = make_url(postgres_url).database
    plain = make_url(postgres).set(drivername="postgresql").render_as_string(hide_password=False)

    def move(old: str, new: str) -> bool:
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [old])
            try:
                connection.execute(f'ALTER DATABASE "{old}" RENAME TO "{new}"')  # type: ignore[arg-type] # ours
            except psycopg.errors.ObjectInUse:
                return False
        return True

    with running(tmp_path, postgres_url) as house:
        assert ask(house.fusen.pages_address, "readyz")[0] == 200
        until(lambda: move(f"{name}", f"{name}_away"))
        until(lambda: ask(house.fusen.pages_address, "readyz") == (503, "no database\n"))
        assert figures(house)["fusen_database_up",] == 0
        assert ask(house.fusen.pages_address, "healthz")[0] == 200
        until(lambda: move(f"{name}_away", f"{name}"))
        until(lambda: ask(house.fusen.pages_address, "readyz")[0] == 200)
