"""The command line as people use it: a process of its own in an empty folder, and never a traceback."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from command_line import FUSEN, Told, environment, fusen, refused
from git_server import bare
from stored import PUBLIC, paper, say, settle, share, store, tag
from whole_workspace import fill

from bot.main import main
from storage.engine import connect
from storage.migrate import migrate
from storage.shelves import StoredShelves

COMMANDS = ("run", "publish", "digest", "migrate", "doctor", "backup", "restore", "find")
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
NO_DATABASE = "this is no database, and long enough that nobody takes it for one" * 100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


# Help and misuse


def test_help_is_everywhere(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = fusen(folder, "--help")
    assert told.code == 0
    assert told.out.startswith("usage: fusen")
    assert not any(folder.iterdir())
    for command in COMMANDS:
        assert re.search(rf"^ +{command} +\w", told.out, re.MULTILINE)
        with pytest.raises(SystemExit) as end:
            main([command, "--help"])
        assert end.value.code == 0
        assert capsys.readouterr().out.startswith(f"usage: fusen {command}")


@pytest.mark.parametrize(
    "arguments",
    [[], ["serve"], ["backup"], ["find", "a", "b"], ["digest", "--wet-run"], ["--nonsense"], ["run", "now"]],
)
def test_misuse_is_told_with_the_usage_and_code_two(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    told = capsys.readouterr()
    assert end.value.code == 2
    assert told.out == ""
    assert "usage: fusen" in told.err


# Settings


@pytest.mark.parametrize("command", ["run", "migrate"])
def test_wrong_settings_are_named_all_at_once_without_secrets(folder: Path, command: str) -> None:
    err = refused(
        folder,
        command,
        SLACK_BOT_TOKEN="hunter2-secret",
        FUSEN_TIMEZONE="Mars",
        PAGES_PORT="x",
        DIGEST_TIME="soon",
    )
    for name in ("SLACK_BOT_TOKEN", "FUSEN_TIMEZONE", "PAGES_PORT", "DIGEST_TIME"):
        assert name in err
    assert "hunter2" not in err


def test_settings_are_read_from_a_file_and_the_environment_wins(folder: Path) -> None:
    (folder / ".env").write_text(
        "FUSEN_LANGUAGE=ja\nFUSEN_TIMEZONE=Mars\nDATABASE_URL=sqlite:///here/x.db\n", "utf-8"
    )
    assert "設定を確認してください" in refused(folder, "migrate")
    assert fusen(folder, "migrate", FUSEN_TIMEZONE="Asia/Tokyo").code == 0
    assert (folder / "here/x.db").exists()


@pytest.mark.parametrize("content", [b"FUSEN_TIMEZONE=\xff\xfe", None])
def test_a_settings_file_that_is_no_text_is_named(folder: Path, content: bytes | None) -> None:
    if content is None:
        (folder / ".env").mkdir()
    else:
        (folder / ".env").write_bytes(content)
    assert ".env cannot be read" in refused(folder, "migrate")


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", 'PAGES_READERS="members'),
        ("ja", "PAGES_READERS members"),
        ("ja", "PAGES='"),
        ("en", "PAGES_READERS"),
    ],
)
def test_a_line_of_the_settings_file_that_cannot_be_read_is_named_and_no_setting_is_dropped(
    folder: Path, language: str, line: str
) -> None:
    (folder / ".env").write_text(f"# ours\nFUSEN_LANGUAGE={language}\n\n{line}\nSLACK_BOT_TOKEN=xoxb-hunter2\n")
    words = {"en": "These lines of .env cannot be read: 4.", "ja": ".env の次の行を読み取れません: 4。"}
    for command in ("run", "publish"):
        err = refused(folder, command)
        assert err.startswith(words[language]) and len(err.splitlines()) == 1
    looked = fusen(folder, "doctor")
    assert (looked.code, looked.err) == (1, "")
    assert words[language] in looked.out
    assert fusen(folder, "find") == Told(0, "", "")
    assert [one.name for one in folder.iterdir()] == [".env"]


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////dev/null/fusen.db",
        "sqlite:///a-file/fusen.db",
        "postgresql://fusen:hunter2@127.0.0.1:9/fusen",
        "mysql://fusen:hunter2@localhost/fusen",
        "hunter2",
    ],
)
def test_a_database_that_cannot_be_used_is_told_without_its_password(folder: Path, url: str) -> None:
    (folder / "a-file").write_text(NO_DATABASE)
    err = refused(folder, "publish", DATABASE_URL=url)
    assert "DATABASE_URL" in err
    assert "hunter2" not in err


def test_a_file_that_is_no_database_is_told_with_the_way_back(folder: Path) -> None:
    (folder / "a-file").write_text(NO_DATABASE)
    assert "fusen restore" in refused(folder, "publish", DATABASE_URL="sqlite:///a-file")


# Running


def test_it_runs_until_it_is_told_to_stop_and_plays_on_this_machine_alone(folder: Path) -> None:
    settings = environment(
        HOST="0.0.0.0", PAGES_PORT="0", PLAYGROUND_PORT="0", ARXIV_API_URL="http://127.0.0.1:9/"
    )
    with subprocess.Popen(
        [*FUSEN, "run"], cwd=folder, env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout
        playground, pages, ready = (running.stdout.readline() for _ in range(3))
        assert playground.startswith("Playground: http://127.0.0.1:")
        assert "Ready" in ready
        with urlopen(playground.removeprefix("Playground: ").strip(), timeout=60) as answer:
            assert answer.status == 200
        assert pages.startswith("Pages: http://")
        for told, heard in ((playground, False), (pages, True)):
            with socket.socket() as visitor:
                visitor.settimeout(60)
                # By another address of this machine, as from elsewhere.
                assert (visitor.connect_ex(("127.0.0.2", urlsplit(told.split()[1]).port)) == 0) is heard
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert running.returncode == 0
    assert "Stopping." in out
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "settings", [{"PAGES_FOLDER": "/dev/null/pages"}, {"JEKYLL_FOLDER": "/dev/null/site"}, {"HOST": "300.1.1.1"}]
)
def test_what_it_cannot_serve_is_told_at_the_start(folder: Path, settings: dict[str, str]) -> None:
    more = {"PAGES_PORT": "0", "PLAYGROUND_PORT": "0", "ARXIV_API_URL": "http://127.0.0.1:9/"} | settings
    told = fusen(folder, "run", **more)
    assert told.code == 1
    assert next(iter(settings)) in told.err


@pytest.mark.parametrize("language", ["en", "ja"])
def test_without_tokens_it_does_not_play_on_the_database_of_a_slack(
    folder: Path, noted: Mapping[str, str], language: str
) -> None:
    told = refused(folder, "run", PAGES_PORT="0", PLAYGROUND_PORT="0", FUSEN_LANGUAGE=language, **noted)
    assert "(T1)" in told and "SLACK_BOT_TOKEN" in told
    assert not (folder / "var").exists()
    looked = fusen(folder, "doctor", ARXIV_API_URL="http://127.0.0.1:9/", FUSEN_LANGUAGE=language, **noted)
    assert looked.code == 1
    assert "(T1)" in looked.out and "SLACK_BOT_TOKEN" in looked.out


@pytest.mark.parametrize(("language", "flavour"), [("en", "PAGES_FOLDER"), ("ja", "JEKYLL_FOLDER")])
def test_an_empty_database_beside_the_pages_of_papers_is_not_taken_for_theirs(
    folder: Path, noted: Mapping[str, str], language: str, flavour: str
) -> None:
    assert fusen(folder, "publish", **{"PAGES_FOLDER": "pages", flavour: "site"}, **noted).code == 0
    files = {file: file.read_bytes() for file in (folder / "site").rglob("*") if file.is_file()}
    away = {"DATABASE_URL": f"sqlite:///{folder}/away/fusen.db", "FUSEN_LANGUAGE": language, flavour: "site"}
    for command in ("migrate", "run"):
        told = refused(folder, command, PAGES_PORT="0", PLAYGROUND_PORT="0", **away)
        assert "site" in told and "DATABASE_URL" in told and "fusen restore" in told
    looked = fusen(folder, "doctor", ARXIV_API_URL="http://127.0.0.1:9/", **away)
    assert looked.code == 1 and "fusen restore" in looked.out
    assert {file: file.read_bytes() for file in (folder / "site").rglob("*") if file.is_file()} == files
    assert fusen(folder, "backup", "all.backup", **noted).code == 0
    assert fusen(folder, "restore", "all.backup", **away).code == 0
    assert fusen(folder, "migrate", **away).code == 0
    # A new beginning: the folder is emptied, though the shell's * leaves what is hidden.
    for file in files:
        if not file.name.startswith("."):
            file.unlink()
    assert fusen(folder, "migrate", **away | {"DATABASE_URL": "sqlite:///new.db"}).code == 0


@pytest.mark.parametrize(
    ("language", "data"), [("en", "notes.txt"), ("ja", "folder"), ("ja", "notes.txt/below.db")]
)
def test_what_cannot_hold_the_playground_is_told_and_left_as_it_is(folder: Path, language: str, data: str) -> None:
    (folder / "notes.txt").write_text(NO_DATABASE)
    (folder / "folder").mkdir()
    settings = {"PLAYGROUND_DATA": data, "FUSEN_LANGUAGE": language, "ARXIV_API_URL": "http://127.0.0.1:9/"}
    err = refused(folder, "run", PAGES_PORT="0", PLAYGROUND_PORT="0", **settings)
    assert "PLAYGROUND_DATA" in err and data.partition("/")[0] in err
    looked = fusen(folder, "doctor", **settings)
    assert looked.code == 1 and "PLAYGROUND_DATA" in looked.out
    assert (folder / "notes.txt").read_text() == NO_DATABASE


# Migrating, publishing, the digest


def test_migrating_makes_the_database_and_may_be_repeated(folder: Path) -> None:
    for _ in range(2):
        told = fusen(folder, "migrate")
        assert (told.code, told.out, told.err) == (0, "The database is up to date.\n", "")
    assert (folder / "var/fusen.db").exists()


def test_who_speaks_japanese_is_spoken_to_in_japanese(folder: Path, noted: Mapping[str, str]) -> None:
    for command in ("migrate", "publish", "digest"):
        told = fusen(folder, command, FUSEN_LANGUAGE="ja", **noted)
        assert told.code == 0
        assert re.search("[ぁ-ん]", told.out) and not re.search("[a-z]{3,} [a-z]{2,}", told.out), told.out
    wrong = refused(folder, "migrate", FUSEN_LANGUAGE="ja", DIGEST_TIME="soon", PAGES_PORT="x")
    assert all(re.search("[ぁ-ん]", line) for line in wrong.splitlines())


@pytest.mark.parametrize("arguments", [["publish"], ["digest"], ["digest", "--dry-run"]])
def test_without_a_workspace_it_says_what_to_do_first(folder: Path, arguments: list[str]) -> None:
    assert "make run" in refused(folder, *arguments)


@pytest.fixture
def noted(folder: Path) -> Mapping[str, str]:
    """Settings that name a database with notes of today, one of them with everything in it that people type."""
    url = f"sqlite:///{folder}/fusen.db"
    database = connect(url)
    migrate(database)
    now = datetime.now(UTC)
    with StoredShelves(database).writing() as shelf:
        settle(shelf)
        for number in range(3):
            note_id = share(shelf, paper(number), PUBLIC, f"{number + 1}.0", now)
            store(shelf, paper(number), now, title=f"On <b> & *stars* {number}")
            tag(shelf, note_id, PUBLIC, "LLM, 日本語")
            say(shelf, note_id, PUBLIC, f"{number + 1}.5", "良い & <good>", f"{number + 1}.0")
    database.close()
    return {"DATABASE_URL": url}


def test_publishing_writes_the_pages_once(folder: Path, noted: Mapping[str, str]) -> None:
    first = fusen(folder, "publish", **noted)
    assert (first.code, first.err) == (0, "")
    assert "0 unchanged" in first.out
    assert "日本語" in (folder / "var/pages/index.html").read_text("utf-8")
    # The first page says when it was made.
    assert re.search(r" [01] written, \d\d unchanged, 0 removed", fusen(folder, "publish", **noted).out)


def test_of_several_workspaces_in_the_database_one_is_named_and_no_page_shows_another(
    folder: Path, noted: Mapping[str, str]
) -> None:
    database = connect(noted["DATABASE_URL"])
    fill(StoredShelves(database), "T2")
    database.close()
    for command in (["publish"], ["digest"], ["digest", "--dry-run"], ["publish", "--workspace", "T3"]):
        assert "T1 (Team), T2 (Team)" in refused(folder, *command, **noted)
    assert fusen(folder, "publish", "--workspace", "T2", **noted).code == 0
    assert (folder / "var/pages/papers/arxiv/2310.00001.html").exists()
    assert not (folder / "var/pages/papers/arxiv/2310.00002.html").exists()
    assert fusen(folder, "digest", "--workspace", "T1", **noted).out == "No digest is due.\n"


def test_pages_that_cannot_be_written_are_told(folder: Path, noted: Mapping[str, str]) -> None:
    (folder / "a-file").write_text("x")
    err = refused(folder, "publish", PAGES_FOLDER=str(folder / "a-file/pages"), **noted)
    assert "a-file" in err


@pytest.mark.parametrize(("hindered", "sent"), [("JEKYLL_FOLDER", True), ("PAGES_FOLDER", False)])
def test_what_hinders_another_flavour_keeps_no_page_from_being_sent(
    folder: Path, noted: Mapping[str, str], hindered: str, sent: bool
) -> None:
    (folder / "a-file").write_text("x")
    hosted = bare(folder / "hosted.git")
    settings = {**TOKENS, "PAGES_GIT": str(hosted), hindered: str(folder / "a-file/pages"), **noted}
    told = fusen(folder, "publish", **settings)
    assert told.code == 1 and "a-file" in told.err
    assert ("pages in " in told.out) is sent


def test_a_dry_run_of_the_digest_prints_plain_words(folder: Path, noted: Mapping[str, str]) -> None:
    told = fusen(folder, "digest", "--dry-run", DIGEST_TIME="mon 00:00", **noted)
    assert (told.code, told.err) == (0, "")
    assert "On <b> & *stars* 1 (https://arxiv.org/abs/2310.00001)" in told.out
    assert "良い & <good>" in told.out
    for slackish in ("&amp;", "&lt;", "\u200b"):
        assert slackish not in told.out
    assert "No digest is due" in fusen(folder, "digest", **noted).out


def test_a_terminal_without_japanese_is_no_reason_to_fail(folder: Path, noted: Mapping[str, str]) -> None:
    told = fusen(folder, "digest", "--dry-run", PYTHONIOENCODING="ascii", PYTHONUTF8="0", **noted)
    assert told.code == 0
    assert "2310.00001" in told.out


# Finding


def test_find_prints_a_line_for_each_line(folder: Path) -> None:
    text = "see https://arxiv.org/abs/2310.13671v2\n\nno paper\nhep-th/9901001 arXiv:2311.00001 日本語\n"
    told = fusen(folder, "find", stdin=text.encode())
    assert (told.code, told.err) == (0, "")
    assert [json.loads(line)["line"] for line in told.out.splitlines()] == [1, 2, 3, 4]
    assert told.found[:3] == [["2310.13671"], [], []]
    assert "2311.00001" in told.found[3]
    assert json.loads(told.out.splitlines()[0])["papers"] == [
        {"source": "arxiv", "id": "2310.13671", "version": 2}
    ]


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
@pytest.mark.parametrize("from_file", [True, False])
def test_find_reads_files_and_standard_input_alike(folder: Path, ends: bytes, from_file: bool) -> None:
    text = (
        b"https://arxiv.org/abs/2310.13671" + ends + ends + b"\xff\xfe https://arxiv.org/abs/2311.00001 \x00\xe2"
    )
    (folder / "text.txt").write_bytes(text)
    told = fusen(folder, "find", "text.txt") if from_file else fusen(folder, "find", stdin=text)
    assert told.code == 0
    assert told.found == [["2310.13671"], [], ["2311.00001"]]


def test_find_prints_nothing_for_nothing(folder: Path) -> None:
    assert fusen(folder, "find") == Told(0, "", "")


def test_find_reads_a_huge_line(folder: Path) -> None:
    line = (
        b"https://arxiv.org/abs/2310.13671 " + b"lorem ipsum 2310 " * 100_000 + b"https://arxiv.org/abs/2311.00001"
    )
    assert fusen(folder, "find", stdin=line).found == [["2310.13671", "2311.00001"]]


@pytest.mark.parametrize("name", ["missing.txt", ".", "a-file/below", "", "日本語.txt"])
def test_find_names_a_file_that_it_cannot_read(folder: Path, name: str) -> None:
    (folder / "a-file").write_text("x")
    assert f"{name} cannot be read" in refused(folder, "find", name)
    assert "読み取れません" in refused(folder, "find", name, FUSEN_LANGUAGE="ja")


def test_find_needs_no_settings(folder: Path) -> None:
    assert fusen(folder, "find", stdin=b"2310.13671\n", FUSEN_TIMEZONE="Mars").code == 0


def test_a_reader_that_has_seen_enough_is_no_error_worth_words(folder: Path) -> None:
    (folder / "many.txt").write_text("https://arxiv.org/abs/2310.13671\n" * 50_000)
    command = f"'{sys.executable}' -m bot.main find many.txt | head -n 1"
    done = subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environment(), capture_output=True, timeout=60, check=False
    )
    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full is needed")
def test_a_full_disk_is_told(folder: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*FUSEN, "find"],
            cwd=folder,
            env=environment(),
            input=b"x\n",
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.decode().startswith("The output cannot be written")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_closed_streams_are_no_reason_for_a_traceback(folder: Path, closed: str) -> None:
    command = f"'{sys.executable}' -m bot.main find {closed}"
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=environment(),
        input=b"x\n",
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    assert done.returncode in (0, 1)


def test_find_answers_each_line_while_more_may_come(folder: Path) -> None:
    with subprocess.Popen(
        [*FUSEN, "find"], cwd=folder, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as running:
        assert running.stdin
        assert running.stdout
        for paper_id in ("2310.13671", "2311.00001"):
            running.stdin.write(f"https://arxiv.org/abs/{paper_id}\n".encode())
            running.stdin.flush()
            assert paper_id.encode() in running.stdout.readline()
        running.stdin.close()
        assert running.wait(timeout=60) == 0


def test_ctrl_c_ends_find_quietly(folder: Path) -> None:
    with subprocess.Popen(
        [*FUSEN, "find"],
        cwd=folder,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdin
        assert running.stdout
        assert running.stderr
        running.stdin.write(b"x\n")
        running.stdin.flush()
        running.stdout.readline()
        running.send_signal(signal.SIGINT)
        # Before standard input is closed: its end would end the loop as well, with 0.
        running.wait(60)
        assert (running.stderr.read(), running.returncode) == (b"", 130)
