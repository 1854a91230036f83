"""`fusen doctor`: it finds what is wrong, says how to mend it, and tells no secret."""

from __future__ import annotations

import errno
import fcntl
import re
import sqlite3
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from arxiv_server import ArxivServer
from command_line import ROOT, Told, fusen
from git_server import bare
from house import APP, Slackers
from model_server import ModelServer
from rights import open_folder, without_special_rights
from sqlalchemy import text
from stored import NOW, PUBLIC, TEAM

from bot import checkups
from bot.checkups import Health
from bot.composition.pages import OWN_FILES
from bot.main import main
from bot.settings import read
from papers.backlog import Queue
from papers.database_errors import DatabaseUnreachable
from papers.leaving import GRACE
from papers.note import Workspace
from papers.targets import Sent, TargetRefused, TargetTrouble, TargetUnreachable
from papers.work import Event, Owed, PostKind
from playground import Playground
from storage.engine import Database, connect
from storage.examination import examine
from storage.migrate import newest
from storage.running import running
from storage.shelves import StoredShelves

WORDS = ROOT / "templates" / "words" / "shell"


@pytest.fixture(scope="module")
def playground() -> Iterator[Playground]:
    with Playground(app=APP) as made:
        yield made


@pytest.fixture(scope="module")
def arxiv() -> Iterator[ArxivServer]:
    with ArxivServer() as server:
        yield server


@pytest.fixture
def settings(playground: Playground, arxiv: ArxivServer, tmp_path: Path, sqlite_url: str) -> dict[str, str]:
    """Settings with which all is well."""
    return {
        "SLACK_BOT_TOKEN": playground.bot_token,
        "SLACK_APP_TOKEN": playground.app_token,
        "SLACK_API_URL": playground.api_url,
        "DATABASE_URL": sqlite_url,
        "ARXIV_API_URL": arxiv.url,
        "ARXIV_CONTACT": "lab@example.org",
        "PAGES_ADDRESS": "https://papers.example.org/",
        "NO_PROXY": "127.0.0.1",
    }


def doctor(folder: Path, settings: dict[str, str]) -> Told:
    """What it says; whatever that is, no secret is in it."""
    told = fusen(folder, "-v", "doctor", **settings)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        assert not settings.get(name) or settings[name] not in told.out + told.err
    assert "hunter2" not in told.out + told.err
    return told


def test_all_is_well_where_all_is_well(tmp_path: Path, settings: dict[str, str]) -> None:
    with ModelServer() as model:
        more = {"LLM_BASE_URL": model.url, "LLM_MODEL": "small", "PAGES_GIT": str(bare(tmp_path / "pages.git"))}
        told = doctor(tmp_path, settings | more)
    assert told.code == 0, told.out
    assert "pages.git (gh-pages); they are still to be made" in told.out
    assert told.out.endswith("All is well.\n"), told.out
    assert "The language model small at 127.0.0.1 can be asked: at most 1,000,000 tokens" in told.out
    assert model.log == []
    assert "scopes of the manifest are granted" in told.out
    assert "files:read" not in told.out


class Place:
    """A place for pages that has what a test wants."""

    name, where, pause = "branch", "a place", 0.0

    def __init__(self, behind: int | TargetTrouble | None) -> None:
        self._behind = behind

    def send(self, alive: Callable[[], object]) -> Sent:
        raise NotImplementedError

    def behind(self) -> int | None:
        if isinstance(self._behind, TargetTrouble):
            raise self._behind
        return self._behind


@pytest.mark.parametrize(
    ("behind", "health", "key"),
    [
        (None, Health.GOOD, "target_early"),
        (0, Health.GOOD, "target"),
        (2, Health.LOOK, "target_behind"),
        (TargetUnreachable(where="a place", reason="away"), Health.LOOK, "target_trouble"),
        (TargetRefused(where="a place", settings="PAGES_GIT"), Health.LOOK, "target_trouble"),
    ],
)
def test_a_place_that_lacks_the_pages_for_now_keeps_fusen_from_nothing(
    behind: int | TargetTrouble | None, health: Health, key: str
) -> None:
    (found,) = checkups.sending([Place(behind)], "en")
    assert (found.health, found.key) == (health, key)


@pytest.mark.parametrize(("language", "works"), [("en", "Fusen works."), ("ja", "Fusen は動作します")])
def test_a_program_for_ssh_that_is_not_there_is_told_and_fusen_works_all_the_same(
    tmp_path: Path, settings: dict[str, str], language: str, works: str
) -> None:
    ssh = {"PAGES_GIT": "git@host.example:lab/papers.git", "PAGES_GIT_SSH": "no-such-ssh -o BatchMode=yes"}
    told = doctor(tmp_path, settings | ssh | {"FUSEN_LANGUAGE": language})
    assert told.code == 0, told.out
    assert "(no-such-ssh)" in told.out and works in told.out, told.out


def test_a_newcomer_without_any_settings_is_told_of_the_playground(tmp_path: Path, arxiv: ArxivServer) -> None:
    told = doctor(tmp_path, {"ARXIV_API_URL": arxiv.url, "FUSEN_LANGUAGE": "ja"})
    assert told.code == 0, told.out
    assert "プレイグラウンド" in told.out and "言語モデルは未設定です" in told.out
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("language", ["en", "ja"])
def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path, settings: dict[str, str], language: str) -> None:
    (tmp_path / "file").write_text("not a folder")
    wrong = {
        "FUSEN_LANGUAGE": language,
        "SLACK_BOT_TOKEN": "xoxb-hunter2-not-a-token",
        "SLACK_SIGNING_SECRET": "hunter2",
        "DATABASE_URL": "postgresql://fusen:hunter2@127.0.0.1:9/fusen",
        "ARXIV_API_URL": "http://127.0.0.1:9/",
        "PAGES_FOLDER": str(tmp_path / "file"),
        "LLM_BASE_URL": "http://127.0.0.1:9/v1",
        "LLM_API_KEY": "hunter2",
        "LLM_MODEL": "small",
        "JEKYLL_FOLDER": "/proc/site",
        "PAGES_BUCKET": "s3://lab-papers",
        "PAGES_BUCKET_ENDPOINT": "http://127.0.0.1:9",
        "PAGES_BUCKET_KEY_ID": "hunter2",
        "PAGES_BUCKET_SECRET": "hunter2",
        "PAGES_GIT": "http://127.0.0.1:9/papers.git",
        "PAGES_GIT_TOKEN": "hunter2",
    }
    told = doctor(tmp_path, settings | wrong)
    assert told.code == 1
    for said in (
        "invalid_auth",
        "127.0.0.1:9/fusen",
        "http://127.0.0.1:9/",
        "ARXIV_API_URL",
        "DATABASE_URL",
        "LLM_MODEL",
    ):
        assert said in told.out
    assert told.out.count("→") >= 3
    away = {"en": "The pages cannot be sent to", "ja": "に送信できません"}[language]
    assert told.out.count(away) == 2
    assert "/proc/site" in told.out and "JEKYLL_FOLDER" in told.out


def test_wrong_settings_are_all_that_is_told(tmp_path: Path) -> None:
    told = doctor(tmp_path, {"SLACK_BOT_TOKEN": "hunter2", "PAGES_PORT": "many"})
    assert told.code == 1
    assert "PAGES_PORT" in told.out
    assert "SLACK_BOT_TOKEN" in told.out


def test_a_missing_scope_and_a_refused_app_token_are_named(tmp_path: Path, settings: dict[str, str]) -> None:
    assert APP.scopes
    poorer = replace(APP, scopes=APP.scopes - {"reactions:read", "im:history", "files:read"})
    with Playground(app=poorer) as playground:
        own = {"SLACK_API_URL": playground.api_url, "SLACK_APP_TOKEN": "xapp-hunter2"}
        told = doctor(tmp_path, settings | own)
        assert told.code == 1
        assert "lacks these scopes: im:history, reactions:read." in told.out
        assert "takes the optional scope files:read" in told.out
        assert "connections:write" in told.out
        Slackers(playground.url).act("revoke", token=playground.bot_token)
        assert "token_revoked" in doctor(tmp_path, settings | own).out


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_workspace_that_will_be_deleted_is_told_with_the_date(
    tmp_path: Path, settings: dict[str, str], language: str
) -> None:
    database = connect(settings["DATABASE_URL"])
    with StoredShelves(database).writing() as shelf:
        shelf.directory.ensure_workspace(Workspace(TEAM, "Team"), NOW)
        shelf.directory.leave(TEAM, NOW)
    database.close()
    day, spoken = str((NOW + GRACE).date()), {"FUSEN_LANGUAGE": language}
    assert day in doctor(tmp_path, settings | spoken).out
    wrong = {"en": "WRONG", "ja": "要修正"}[language]
    refused = doctor(tmp_path, settings | spoken | {"SLACK_BOT_TOKEN": "xoxb-hunter2"}).out
    assert [line for line in refused.splitlines() if line.startswith(wrong) and day in line]


def test_of_two_refused_tokens_both_are_named(settings: dict[str, str]) -> None:
    wrong = {"SLACK_BOT_TOKEN": "xoxb-hunter2", "SLACK_APP_TOKEN": "xapp-hunter2"}
    found = [one.key for one in checkups.slack(read(settings | wrong), (), (), datetime.now(UTC))]
    assert found == ["slack_refused", "app_token_refused"]
    found = [one.key for one in checkups.slack(read(settings | {"SLACK_BOT_TOKEN": "xoxb-2"}), (), (), NOW)]
    assert found == ["slack_refused", "app_token"]


def test_over_http_the_form_of_the_signing_secret_is_looked_at(settings: dict[str, str]) -> None:
    for secret, health in (("0" * 32, Health.GOOD), ("hunter2", Health.LOOK)):
        chosen = read(settings | {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": secret})
        found = {one.key: one.health for one in checkups.slack(chosen, (), (), datetime.now(UTC))}
        assert found.get("signing", found.get("signing_odd")) is health
        assert found["clock"] is Health.GOOD


@pytest.mark.parametrize("elsewhere", [{}, {"PAGES_GIT": "/srv/pages.git"}, {"PAGES_BUCKET": "s3://papers"}])
def test_pages_for_members_that_go_elsewhere_too_are_worth_a_look(
    settings: dict[str, str], elsewhere: dict[str, str]
) -> None:
    closed = {"PAGES_READERS": "members", "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "hunter2"}
    found = [one.health for one in checkups.readers(read(settings | closed | elsewhere))]
    assert found == [Health.GOOD, Health.LOOK][: 1 + len(elsewhere)]
    assert list(checkups.readers(read(settings | elsewhere))) == []


def test_a_clock_that_is_wrong_is_noticed() -> None:
    assert checkups.clock("Slack", NOW, NOW + timedelta(seconds=20)).health is Health.GOOD
    assert checkups.clock("Slack", NOW, NOW + timedelta(hours=1)).facts == {"whose": "Slack", "seconds": 3600}
    assert checkups.clock("Slack", NOW, NOW - timedelta(hours=1)).health is Health.BAD


def test_a_database_of_another_age_and_a_damaged_one_are_told(tmp_path: Path, settings: dict[str, str]) -> None:
    database = connect(settings["DATABASE_URL"])
    for revision, said in (("0003", "fusen migrate"), ("9999", "Update Fusen")):
        with database.writing() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})
        told = doctor(tmp_path, settings)
        assert said in told.out, told.out
        assert told.code == (revision == "9999")
    database.close()
    file = tmp_path / "fusen.db"
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] + b"\xff" * (len(whole) - len(whole) // 2))
    told = doctor(tmp_path, settings)
    assert told.code == 1
    assert "fusen restore" in told.out
    file.write_bytes(b"This is no database. " * 100)
    assert "fusen restore" in doctor(tmp_path, settings).out


def test_what_the_start_could_not_make_or_open_is_told_and_nothing_is_made() -> None:
    with open_folder() as root:
        closed, pages, file = root / "closed", root / "pages", root / "file"
        hidden = root / "hidden"
        hidden.mkdir(mode=0)
        closed.mkdir(mode=0o555)
        pages.mkdir(mode=0o777)
        pages.chmod(0o777)
        file.touch()
        databases = [
            closed / "below" / "fusen.db",
            file / "fusen.db",
            hidden / "in" / "fusen.db",
            root / "fusen.db",
        ]
        (root / "fusen.db.running").touch(mode=0o444)
        with without_special_rights():
            for database in databases:
                with pytest.raises(DatabaseUnreachable, match=r"denied|Not a directory"):
                    examine(f"sqlite:///{database}", NOW)
            for unfit in (file, file / "below", closed / "below", hidden / "in" / "it"):
                assert len(list(checkups.disks([unfit]))) == 1
                assert checkups.folder(unfit, "PAGES_FOLDER", OWN_FILES).health is Health.BAD, unfit
            assert checkups.folder(pages, "PAGES_FOLDER", OWN_FILES).health is Health.GOOD
            assert checkups.folder(pages / "below", "PAGES_FOLDER", OWN_FILES).health is Health.GOOD
        for name in OWN_FILES:
            assert not (pages / name).exists()
            (pages / name).touch(mode=0o444)
            with without_special_rights():
                assert checkups.folder(pages, "PAGES_FOLDER", OWN_FILES).facts["reason"] == "Permission denied"
            (pages / name).unlink()
        assert sorted(one.name for one in root.rglob("*")) == [
            "closed",
            "file",
            "fusen.db.running",
            "hidden",
            "pages",
        ]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_file_system_that_locks_no_files_is_told_before_the_start(
    tmp_path: Path,
    sqlite_url: str,
    language: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def flock(*_how: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")  # as the kernel does where a file system has none

    monkeypatch.setattr(fcntl, "flock", flock)
    monkeypatch.setenv("FUSEN_LANGUAGE", language)
    monkeypatch.chdir(tmp_path)
    for url in (sqlite_url, f"sqlite:///{tmp_path}/new/fusen.db"):
        monkeypatch.setenv("DATABASE_URL", url)
        with pytest.raises(DatabaseUnreachable):
            examine(url, NOW)
        for arguments in (["migrate"], ["backup", "notes.gz"]):
            assert main(arguments) == 1
            told = capsys.readouterr().err
            assert "PostgreSQL" in told
            assert "No locks available" in told
    assert not (tmp_path / "notes.gz").exists()


def test_a_database_on_which_fusen_runs_is_looked_at_all_the_same(database: Database, database_url: str) -> None:
    with running(database, 0):
        assert examine(database_url, NOW).revision == newest()


def test_a_database_that_another_program_holds_is_told(tmp_path: Path, settings: dict[str, str]) -> None:
    with closing(sqlite3.connect(tmp_path / "fusen.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        told = doctor(tmp_path, settings)
    assert told.code == 1
    assert "is busy (database is locked)" in told.out
    assert "end that program" in told.out


@pytest.mark.parametrize(
    ("table", "code", "said"), [("customers", 0, "DATABASE_URL"), ("notes", 1, "tables (notes)")]
)
@pytest.mark.parametrize(("language", "journal"), [("en", "delete"), ("ja", "wal")])
def test_another_programs_file_is_told_and_left_as_it_is(
    tmp_path: Path, settings: dict[str, str], table: str, code: int, said: str, language: str, journal: str
) -> None:
    file = tmp_path / "100% other" / "its.db"
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as other:
        other.execute(f"PRAGMA journal_mode={journal}")
        other.execute(f"CREATE TABLE {table} (mine INTEGER)")
    before = file.read_bytes()
    told = doctor(tmp_path, settings | {"DATABASE_URL": f"sqlite:///{file}", "FUSEN_LANGUAGE": language})
    assert told.code == code
    assert said.replace("tables", {"en": "tables", "ja": "テーブル"}[language]) in told.out
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


def test_a_database_with_several_revisions_of_another_program_is_told(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    with closing(sqlite3.connect(tmp_path / "fusen.db")) as other, other:
        other.execute("INSERT INTO alembic_version VALUES ('abc')")
    told = doctor(tmp_path, settings)
    assert told.code == 1
    assert "newer" in told.out and not told.err


def test_what_has_waited_for_long_is_told(database: Database, database_url: str) -> None:
    with StoredShelves(database).writing() as shelf:
        shelf.inbox.put([Event("Ev1", TEAM, "{}")], NOW)
        shelf.inbox.put([Event("Ev2", TEAM, "{}")], NOW + timedelta(minutes=30))
        shelf.outbox.owe(Owed(TEAM, "one", PostKind.WELCOME, PUBLIC), NOW, NOW + timedelta(hours=2))
    now = NOW + timedelta(hours=1)
    backlogs = {one.queue: one for one in examine(database_url, now).backlogs}
    assert (backlogs[Queue.EVENTS].count, backlogs[Queue.EVENTS].oldest) == (2, NOW)
    assert backlogs[Queue.POSTS].count == 0, "it is not due yet"
    late = [one.facts for one in checkups.backlog(backlogs.values(), now)]
    assert late == [{"queue": "events", "count": 2, "minutes": 60}]
    with StoredShelves(database).writing() as shelf:
        for event in shelf.inbox.claim(10, now, timedelta(minutes=1)):
            shelf.inbox.finish({event: ""}, now)
    found = examine(database_url, now)
    assert [one.health for one in checkups.backlog(found.backlogs, now)] == [Health.GOOD]


def test_a_server_with_another_time_is_compared(postgres_url: str) -> None:
    clock = examine(postgres_url, NOW).clock
    assert clock is not None
    assert abs(clock - datetime.now(UTC)) < timedelta(minutes=5)


def test_the_shell_speaks_both_languages_and_says_how_to_mend() -> None:
    words = {
        language: tomllib.loads("\n".join(file.read_text() for file in WORDS.glob(f"*.{language}.toml")))
        for language in ("en", "ja")
    }
    assert {key for key in words["en"] if not key.endswith("_one")} == set(words["ja"])
    source = "".join((ROOT / "bot" / name).read_text() for name in ("doctor.py", "checkups.py"))
    found = re.findall(r"\b(good|look|bad)\(\n? *\"(\w+)\"", source)
    assert len(found) > 20
    for health, key in found:
        assert key in words["ja"]
        assert health == "good" or f"{key}_mend" in words["ja"], key
