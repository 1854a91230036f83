"""The folder of the pages on a real disk: what is written, left alone and removed, and what a kill leaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import published
import pytest
from published import Given, many_notes

from publishing.content import Gone, Page
from publishing.folder import LIST, LOCK, UnwritablePagesFolder, Written, amend, hold, still, write
from publishing.folder_changes import CHANGES

PAGES = [Page("index.html", b"first"), Page("tags/日本語.html", b"second"), Page("papers/arxiv/1.html", b"")]


def files(folder: Path) -> dict[str, bytes]:
    """All files of the folder but the list, with their bytes."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if name not in (LIST, LOCK, CHANGES)}


def as_files(pages: list[Page]) -> dict[str, bytes]:
    return {page.path: page.body for page in pages}


def test_a_new_folder_gets_every_page(tmp_path: Path) -> None:
    assert write(tmp_path / "a" / "b", PAGES) == Written(3, 0, 0)
    assert files(tmp_path / "a" / "b") == as_files(PAGES)


def test_pages_that_did_not_change_keep_their_time_stamp(tmp_path: Path) -> None:
    write(tmp_path, PAGES)
    for path in tmp_path.rglob("*.html"):
        os.utime(path, (1, 1))
    changed = [Page("index.html", b"other"), *PAGES[1:]]
    assert write(tmp_path, changed) == Written(1, 2, 0)
    assert [path.stat().st_mtime == 1 for path in map(tmp_path.joinpath, as_files(PAGES))] == [False, True, True]
    assert write(tmp_path, changed) == Written(0, 3, 0)


def test_a_site_built_again_writes_nothing(tmp_path: Path) -> None:
    notes = many_notes(40)
    first = write(tmp_path, published.site_builder().build(published.content(), Given(notes)))
    again = write(tmp_path, published.site_builder().build(published.content(), Given(notes)))
    assert again == Written(0, first.written, 0)
    fewer = write(tmp_path, published.site_builder().build(published.content(), Given(notes[:-1])))
    assert fewer.removed == 2  # the page of the paper and its BibTeX
    assert fewer.written < 20


def test_stale_pages_go_and_foreign_files_stay(tmp_path: Path) -> None:
    (tmp_path / "tags").mkdir()
    (tmp_path / "CNAME").write_text("notes.example.org")
    (tmp_path / "tags" / "mine.html").write_text("mine")
    write(tmp_path, PAGES)
    assert write(tmp_path, PAGES[:1]) == Written(0, 1, 2)
    assert files(tmp_path) == {"index.html": b"first", "CNAME": b"notes.example.org", "tags/mine.html": b"mine"}
    assert not (tmp_path / "papers" / "arxiv").exists()


def test_what_a_change_removes_is_no_longer_on_the_list(tmp_path: Path) -> None:
    write(tmp_path, PAGES)
    assert amend(tmp_path, [Page("new.html", b"new"), Gone("tags/日本語.html"), Gone("gone.html")]) == Written(
        1, 0, 1
    )
    named = {json.loads(line) for line in (tmp_path / LIST).read_text().splitlines()}
    assert named == set(files(tmp_path)) == {"index.html", "new.html", "papers/arxiv/1.html"}


def test_a_file_that_a_page_took_the_place_of_is_ours_from_then_on(tmp_path: Path) -> None:
    write(tmp_path, PAGES[:1])
    (tmp_path / "tags").mkdir()
    for name in ("llm.html", "same.html"):
        (tmp_path / "tags" / name).write_text("by hand")
    taken = [Page("tags/llm.html", b"notes"), Page("tags/same.html", b"by hand")]
    assert amend(tmp_path, taken) == Written(1, 1, 0)
    with still(tmp_path) as paths:
        assert list(paths) == ["index.html", "tags/llm.html", "tags/same.html"]
    assert amend(tmp_path, [Gone(page.path) for page in taken]) == Written(0, 0, 2)
    assert files(tmp_path) == {"index.html": b"first"}


def test_nothing_is_removed_before_all_is_written(tmp_path: Path) -> None:
    write(tmp_path, PAGES)

    new = Page("new.html", b"new" * 1_000_000)

    def halting() -> Iterator[Page]:
        yield new
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, halting())
    assert files(tmp_path) == as_files([*PAGES, new])
    assert write(tmp_path, PAGES) == Written(0, 3, 1)
    assert files(tmp_path) == as_files(PAGES)


def test_two_builders_at_once_write_one_after_the_other(tmp_path: Path) -> None:
    inside, most = 0, 0

    def slow(letter: str) -> Iterator[Page]:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        for number in range(20):
            time.sleep(0.005)
            yield Page(f"{letter}{number}.html", letter.encode())
        inside -= 1

    def build(letter: str) -> None:
        with hold(tmp_path):
            write(tmp_path, slow(letter))

    builders = [Thread(target=build, args=letter) for letter in "abc"]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join()
    assert most == 1
    left = {name[0] for name in files(tmp_path)}
    assert len(left) == 1
    assert write(tmp_path, PAGES).removed == 20


KILLED = """
import os, sys
from pathlib import Path
from publishing.content import Page
from publishing.folder import write

steps = int(sys.argv[2])
def die_at(event, arguments):
    global steps
    if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir") and sys.argv[1] in str(arguments[0]):
        steps -= 1
        if steps < 0:
            os._exit(9)
sys.addaudithook(die_at)
write(Path(sys.argv[1]), [Page("index.html", b"newer"), Page("tags/c.html", b"c"), Page("tags/d.html", b"d" * 99)])
"""


def test_a_kill_at_any_step_is_mended_by_the_next_run(tmp_path: Path) -> None:
    final = [Page("index.html", b"newest"), Page("tags/d.html", b"d")]
    for steps in range(200):
        folder = tmp_path / str(steps)
        write(folder, PAGES)
        (folder / "mine.txt").write_text("mine")
        root = Path(__file__).parent.parent.parent
        ended = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(steps)], cwd=root, check=False)
        between = files(folder)
        assert between["index.html"] in {b"first", b"newer"}
        assert between.get("tags/d.html", b"d" * 99) == b"d" * 99
        write(folder, final)
        left = {name: body for name, body in files(folder).items() if not name.endswith(".tmp")}
        assert left == {**as_files(final), "mine.txt": b"mine"}
        if ended.returncode == 0:
            assert steps > 10
            return
        assert ended.returncode == 9
    pytest.fail("the writing never ended")


def test_what_a_killed_writer_left_aside_is_removed_once_it_is_old(tmp_path: Path) -> None:
    write(tmp_path, PAGES)
    old, young = tmp_path / "tags" / ".fusen-77.tmp", tmp_path / "tags" / ".fusen-78.tmp"
    old.write_text("half")
    young.write_text("half")
    os.utime(old, (1, 1))
    write(tmp_path, PAGES)
    assert not old.exists() and young.exists()


def test_a_half_written_last_line_of_the_list_removes_nothing(tmp_path: Path) -> None:
    write(tmp_path, PAGES)
    (tmp_path / "tags" / "m").write_text("mine")
    with (tmp_path / LIST).open("a") as journal:
        journal.write('"tags/m"')
    assert write(tmp_path, PAGES).removed == 0
    assert (tmp_path / "tags" / "m").exists()


def test_a_list_that_names_files_elsewhere_removes_nothing_there(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "mine.html").write_text("mine")
    folder = tmp_path / "pages"
    write(folder, PAGES)
    (folder / "link").symlink_to(outside)
    with (folder / LIST).open("a") as journal:
        journal.write('"../outside/mine.html"\n"link/mine.html"\n7\nnonsense\n')
    assert write(folder, PAGES).removed == 0
    assert (outside / "mine.html").exists()


@pytest.mark.parametrize(
    "path",
    ["../a.html", "/a.html", "a/../../b", "", "a//b", "./a", "a\\b", "c:a", "a\x00b", "a\nb", ".fusen-pages"],
)
def test_a_path_that_leaves_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="path of a page"):
        write(tmp_path / "pages", [Page(path, b"x")])
    assert files(tmp_path / "pages") == {}


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "tags").symlink_to(tmp_path / "outside")
    with pytest.raises(ValueError, match="leads out"):
        write(tmp_path / "pages", PAGES)
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_folder_that_cannot_be_written_says_so_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UnwritablePagesFolder) as caught:
        write(tmp_path / "file", PAGES)
    assert str(tmp_path / "file") in str(caught.value)
    assert "書き込めません" in caught.value.sentence("ja")


def test_a_folder_in_the_way_of_a_page_is_named_and_nothing_is_left_aside(tmp_path: Path) -> None:
    (tmp_path / "index.html").mkdir()
    with pytest.raises(UnwritablePagesFolder):
        write(tmp_path, PAGES)
    assert files(tmp_path) == {}


def test_a_reader_never_sees_half_a_page(tmp_path: Path) -> None:
    bodies = [b"a" * 300_000, b"b" * 200_000]
    write(tmp_path, [Page("index.html", bodies[0])])
    done = threading.Event()
    seen: set[bytes] = set()

    def reading() -> None:
        while not done.is_set():
            seen.add((tmp_path / "index.html").read_bytes())

    reader = threading.Thread(target=reading)
    reader.start()
    for turn in range(60):
        write(tmp_path, [Page("index.html", bodies[turn % 2])])
    done.set()
    reader.join()
    assert seen and seen <= set(bodies)
