"""The pages on disk after any change are those of a fresh build, also after a kill at any moment."""

from __future__ import annotations

import fcntl
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO

import pytest
from fakes import FakeGate
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from image_bytes import attached, picture
from links import dead_links
from related_papers import TEXTS, note
from stored import ANYBODY, DAY, NOW, PUBLIC, SECRET, TEAM, message, paper, say, settle, share, store, tag

from bot.composition.pages import flavours
from bot.pages import Flavours
from bot.settings import read
from papers.brief import brief_of
from papers.note import Channel, ChannelKind, Member, Workspace
from papers.nudges import Job
from papers.paper import History, PaperId, Version
from papers.relating import Relating
from papers.settled import Personal, Setting
from papers.shelf import Shelf
from papers.tags import tag as typed_tag
from papers.translation import Passage, Rendered, Translation
from publishing import folder as pages_folder
from publishing.folder import LIST, LOCK, UnwritablePagesFolder
from publishing.folder_changes import CHANGES
from storage.engine import connect
from storage.migrate import migrate
from storage.shelves import StoredShelves

COUNT, MANY = 10, 100
HISTORIES = (History("", ()), History("http://creativecommons.org/licenses/by/4.0/", (Version(1, NOW, 9),)))
PAIRS = (Rendered(Passage("One."), Passage("一。")),)
PAGE = PaperId("web", "https://example.org/a")
Edit = Callable[[Shelf, int], object]


def made_at() -> datetime:
    return NOW


def publishing(shelves: StoredShelves, folder: Path) -> Flavours:
    """Into a folder, and the Jekyll flavour into one within."""
    settings = read({"PAGES_FOLDER": str(folder), "JEKYLL_FOLDER": str(folder / "jekyll")})
    return flavours(shelves, settings, made_at)


def files(folder: Path) -> dict[str, bytes]:
    found = (file for file in folder.rglob("*") if file.is_file() and file.name not in (LIST, LOCK, CHANGES))
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in found if file.suffix != ".tmp"}


def compare(shelves: StoredShelves) -> None:
    nudges = [Job.RELATE_NOTES]
    while Job.RELATE_NOTES in nudges:
        nudges.clear()
        Relating(shelves, nudges.append, FakeGate()).keep_ready()


def test_a_later_run_that_finds_nothing_changed_writes_nothing(shelves: StoredShelves, tmp_path: Path) -> None:
    def run(hours: int) -> int:
        chosen = read({"PAGES_FOLDER": str(tmp_path)})
        (done,) = flavours(shelves, chosen, lambda: NOW + timedelta(hours=hours)).publish(Workspace(TEAM))
        return done.written

    assert run(0) > 1
    first = (tmp_path / "index.html").read_bytes()
    assert run(1) == 0
    assert (tmp_path / "index.html").read_bytes() == first
    (tmp_path / "style.css").unlink()
    assert run(2) == 2  # something is news, and the first page says of when
    assert (tmp_path / "index.html").read_bytes() != first


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a few notes that are like each other, tagged and talked about."""
    return _stocked(tmp_path_factory.mktemp("prepared") / "notes.db", COUNT, compare)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One with more notes than a feed, a tag's own page or the list of the hottest hold."""
    return _stocked(tmp_path_factory.mktemp("many") / "notes.db", MANY, _tag_all)


def _tag_all(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        for number in range(1, MANY + 1):
            tag(shelf, number, PUBLIC, "LLM")


def _stocked(file: Path, count: int, complete: Callable[[StoredShelves], None]) -> Path:
    database = connect(f"sqlite:///{file}")
    migrate(database)
    shelves = StoredShelves(database)
    with shelves.writing() as shelf:
        settle(shelf)
        shelf.directory.store_channel(TEAM, Channel("C_OTHER", "other", ChannelKind.PUBLIC), NOW)
        for number in range(1, count + 1):
            note_id = note(shelf, number, authors=(f"Author {number % 4}",))
            tag(shelf, note_id, PUBLIC, ("LLM, Rare", "LLM", f"LLM, Only {number % 100}")[number % 3])
            say(shelf, note_id, PUBLIC, f"{number}.5", f"What does Aki say of {number}?", f"{number}.0")
        shelf.settings.settle_personal(TEAM, "U2", Personal(feed=True))
    complete(shelves)
    database.close()
    return file


def _rename_member(shelf: Shelf, number: int) -> None:
    shelf.directory.store_member(TEAM, Member("U1", f"Aki {number % 3}"), NOW)


def _tag_renamed(shelf: Shelf, number: int) -> None:
    known = shelf.tags.counted(ANYBODY)
    if known:
        key = known[number % len(known)].tag.key
        shelf.tags.rename(ANYBODY, key, typed_tag(f"Renamed {number % 3}"))


def _grouped(shelf: Shelf, number: int) -> None:
    shelf.tags.group(ANYBODY, [one.tag.key for one in shelf.tags.counted(ANYBODY)][:2], f"Group {number % 2}")


def _translated(shelf: Shelf, number: int) -> None:
    """Whatever is missing of translations comes, and is another one each time."""
    shelf.translations.want(TEAM, 0, NOW, 100)
    while wanted := shelf.translations.claim(NOW, DAY):
        made = Translation("ja", Passage(f"題{number}"), PAIRS, "m", NOW, wanted.record.version)
        shelf.translations.keep(wanted, made)


def _described(shelf: Shelf, number: int) -> None:
    for one in shelf.tags.counted(ANYBODY)[:1]:
        shelf.tags.describe(ANYBODY, one.tag.key, ("", "What it is about", "Something else")[number % 3])


def _one_page(shelf: Shelf, number: int) -> None:
    """Two addresses turn out to be one page: their notes become one."""
    for n, address in enumerate((PAGE, PaperId("web", f"https://example.org/b{number}"))):
        note_id = share(shelf, address, PUBLIC, f"9{number}.{n}")
        tag(shelf, note_id, PUBLIC, "Blog")
    shelf.papers.settle(PaperId("web", f"https://example.org/b{number}"), PAGE)


def _pictured(shelf: Shelf, number: int) -> None:
    """A comment with images comes, if it is not there; whatever is missing of images is fetched."""
    where = message(PUBLIC, f"{number}.8", f"{number}.0")
    images = [attached(number), attached(number % 2)]
    shelf.notes.comment(number, where.origin, "U2", PUBLIC, where, "", NOW, images)
    while wanted := shelf.images.claim(NOW, DAY):
        # The same image stands on several notes.
        shelf.images.keep(wanted, picture(wanted.id % 3))


EDITS: dict[str, Edit] = {
    "image": _pictured,
    "other image": lambda s, n: s.notes.edit_comments(message(PUBLIC, f"{n}.8", f"{n}.0"), "", [attached(n)]),
    "file gone": lambda shelf, n: shelf.images.lose(TEAM, f"F{n % 2}"),
    "let go": lambda shelf, _: shelf.images.let_go(shelf.images.unseen(TEAM, -1, 100), NOW),
    "tag": lambda shelf, n: tag(shelf, n, PUBLIC, f"Tag {n % 4}"),
    "tag in secret": lambda shelf, n: tag(shelf, n, SECRET, "Hidden"),
    "untag": lambda shelf, n: shelf.notes.untag(n, ["llm", "rare"], ANYBODY),
    "comment": lambda shelf, n: say(shelf, n, PUBLIC, f"{n}.7", "A remark by @Aki and @Ben"),
    "edit": lambda shelf, n: shelf.notes.edit_comments(message(PUBLIC, f"{n}.5", f"{n}.0"), f"Edited {n}"),
    "move comments": lambda shelf, n: shelf.notes.move_comments(message(PUBLIC, f"{n}.0"), n, 1),
    "delete comment": lambda shelf, n: shelf.notes.delete_comments(message(PUBLIC, f"{n}.5", f"{n}.0")),
    "withdraw": lambda shelf, n: shelf.notes.withdraw(message(PUBLIC, f"{n}.0"), NOW),
    "share again": lambda shelf, n: share(shelf, paper(n), "C_OTHER", f"{n}.1", NOW - timedelta(days=n)),
    "new": lambda shelf, n: note(shelf, COUNT + n, authors=("Author 1",)),
    "new in secret": lambda shelf, n: note(shelf, 2 * COUNT + n, SECRET, authors=("Author 1",)),
    "new title": lambda shelf, n: store(shelf, paper(n), NOW + DAY, version=2, title=f"Another {n}"),
    "new text": lambda shelf, n: store(shelf, paper(n), NOW + DAY, version=3, abstract=TEXTS[(n + 2) % 6][1]),
    "retract": lambda shelf, n: store(shelf, paper(n), NOW + DAY, version=4, withdrawn=True),
    "licence": lambda shelf, n: shelf.histories.keep(paper(n), HISTORIES[n % 2]),
    "translate": _translated,
    "close": lambda shelf, _: shelf.directory.store_channel(TEAM, Channel(PUBLIC, "p", ChannelKind.PRIVATE), NOW),
    "open": lambda shelf, _: shelf.directory.store_channel(TEAM, Channel(PUBLIC, "p", ChannelKind.PUBLIC), NOW),
    "leave": lambda shelf, n: shelf.directory.hear_presence(TEAM, PUBLIC, n % 2 == 0, NOW + n * DAY),
    "rename member": _rename_member,
    "hide a name": lambda shelf, n: shelf.settings.settle_personal(
        TEAM, "U1", Personal("", bool(n % 2), n % 3 > 0)
    ),
    "feed": lambda shelf, n: shelf.settings.settle_personal(TEAM, "U2", Personal(feed=bool(n % 2))),
    "hide names": lambda shelf, n: shelf.settings.settle(TEAM, Setting.NAMES, bool(n % 2), "U1", NOW),
    "zone": lambda shelf, n: shelf.settings.settle(TEAM, Setting.ZONE, ("UTC", "Asia/Tokyo")[n % 2], "U1", NOW),
    "language": lambda s, n: s.settings.settle(TEAM, Setting.TEAM_LANGUAGE, ("en", "ja")[n % 2], "U1", NOW),
    "forget": lambda shelf, n: shelf.oblivion.forget(TEAM, f"U{1 + n % 2}", NOW),
    "rename tag": _tag_renamed,
    "group tags": _grouped,
    "describe a tag": _described,
    "one page": _one_page,
    "twin": lambda shelf, n: store(shelf, paper(n), named={PAGE}),
    "reading": lambda shelf, n: shelf.readers.claim(n, f"r{n}", "U2", PUBLIC, NOW, NOW + DAY),
    "read no more": lambda shelf, _: shelf.readers.expire(NOW + 2 * DAY, 10),
}

OF_ONE_NOTE = (
    *(
        "image",
        "tag",
        "untag",
        "comment",
        "edit",
        "delete comment",
        "withdraw",
        "share again",
        "new",
        "new in secret",
    ),
    *("new title", "new text", "licence", "reading"),
)

turns = st.lists(
    st.lists(st.tuples(st.sampled_from([*EDITS, "compare"]), st.integers(1, COUNT)), min_size=1, max_size=3),
    min_size=1,
    max_size=8,
)


def _edit(shelves: StoredShelves, turn: list[tuple[str, int]]) -> None:
    for name, which in turn:
        if name == "compare":
            compare(shelves)
            continue
        with shelves.writing() as shelf:
            EDITS[name](shelf, which)


@given(turns)
@settings(max_examples=4, deadline=None, phases=(Phase.explicit, Phase.generate))  # to shrink takes minutes
def test_the_files_after_any_edits_are_those_of_a_fresh_build(
    prepared: Path, tmp_path_factory: pytest.TempPathFactory, chosen: list[list[tuple[str, int]]]
) -> None:
    here = tmp_path_factory.mktemp("site")
    shutil.copy(prepared, here / "notes.db")
    database = connect(f"sqlite:///{here}/notes.db")
    shelves = StoredShelves(database)
    running = publishing(shelves, here / "pages")
    running()
    for number, turn in enumerate(chosen):
        _edit(shelves, turn)
        running()
        publishing(shelves, here / f"fresh {number}")()
        assert files(here / "pages") == files(here / f"fresh {number}"), turn
        with shelves.reading() as shelf:
            whole = {brief_of(one) for one in shelf.notes.select(ANYBODY)}
            assert set(shelf.pages.briefs(TEAM)) == whole
    assert dead_links(files(here / "pages")) == []
    database.close()
    shutil.rmtree(here)


@given(st.lists(st.tuples(st.sampled_from(OF_ONE_NOTE), st.integers(1, MANY)), min_size=8, max_size=8))
@settings(max_examples=3, deadline=None, phases=(Phase.explicit, Phase.generate))
def test_so_are_they_where_most_notes_stand_on_no_page_of_the_newest(
    many: Path, tmp_path_factory: pytest.TempPathFactory, chosen: list[tuple[str, int]]
) -> None:
    here = tmp_path_factory.mktemp("site")
    shutil.copy(many, here / "notes.db")
    database = connect(f"sqlite:///{here}/notes.db")
    shelves = StoredShelves(database)
    running = publishing(shelves, here / "pages")
    running()
    for name, which in chosen:
        with shelves.writing() as shelf:
            EDITS[name](shelf, which)
        running()
    publishing(shelves, here / "fresh")()
    assert files(here / "pages") == files(here / "fresh")
    database.close()
    shutil.rmtree(here)


def _beside(prepared: Path, here: Path) -> tuple[StoredShelves, Flavours, Flavours]:
    """Two processes that have each built all pages into the same folder."""
    shutil.copy(prepared, here / "notes.db")
    shelves = StoredShelves(connect(f"sqlite:///{here}/notes.db"))
    one, other = publishing(shelves, here / "pages"), publishing(shelves, here / "pages")
    one()
    other()
    return shelves, one, other


@pytest.mark.parametrize("before", ["new", "tag"])
def test_what_another_process_published_and_died_is_taken_away_by_those_that_live(
    prepared: Path, tmp_path: Path, before: str
) -> None:
    shelves, one, other = _beside(prepared, tmp_path)
    with shelves.writing() as shelf:
        EDITS[before](shelf, 3)
    one()
    with shelves.writing() as shelf:
        if before == "new":
            shelf.directory.hear_private(TEAM, PUBLIC, NOW)
        else:
            shelf.notes.untag(3, ["tag 3"], ANYBODY)
    other()
    publishing(shelves, tmp_path / "fresh")()
    assert files(tmp_path / "pages") == files(tmp_path / "fresh")


def test_an_old_copy_of_the_folder_that_is_put_back_is_brought_up_to_date(prepared: Path, tmp_path: Path) -> None:
    shelves, one, _other = _beside(prepared, tmp_path)
    shutil.copytree(tmp_path / "pages", tmp_path / "copy")
    with shelves.writing() as shelf:
        tag(shelf, 3, PUBLIC, "Brand-new")
    one()
    shutil.rmtree(tmp_path / "pages")
    (tmp_path / "copy").rename(tmp_path / "pages")
    with shelves.writing() as shelf:
        tag(shelf, 4, PUBLIC, "Another")
    one()
    publishing(shelves, tmp_path / "fresh")()
    assert files(tmp_path / "pages") == files(tmp_path / "fresh")


@pytest.mark.parametrize("kept", ["", ".*"])
def test_a_folder_that_somebody_emptied_is_filled_again_though_nothing_changed(
    prepared: Path, tmp_path: Path, kept: str
) -> None:
    _shelves, one, other = _beside(prepared, tmp_path)
    stood, pages = files(tmp_path / "pages"), tmp_path / "pages"
    for file in set(pages.iterdir()) - set(pages.glob(kept) if kept else ()):
        shutil.rmtree(file) if file.is_dir() else file.unlink()
    one()
    other()
    assert files(pages) == stood


def test_processes_that_publish_the_same_into_one_folder_do_not_build_it_all(
    prepared: Path, tmp_path: Path
) -> None:
    shelves, one, other = _beside(prepared, tmp_path)
    for number in (3, 4, 5):
        with shelves.writing() as shelf:
            tag(shelf, number, PUBLIC, f"Brand-new {number}")
        one()
        with shelves.reading() as shelf:
            told = other.publish(shelf.directory.workspace(TEAM) or Workspace(TEAM))
        everything = len(files(tmp_path / "pages"))
        assert [done.written for done in told] == [0, 0]
        assert 0 < sum(done.unchanged for done in told) < everything / 2


@given(st.lists(st.tuples(st.booleans(), turns.map(lambda some: some[0])), min_size=2, max_size=6))
@settings(max_examples=3, deadline=None, phases=(Phase.explicit, Phase.generate))
def test_whichever_of_two_processes_publishes_the_files_are_those_of_a_fresh_build(
    prepared: Path, tmp_path_factory: pytest.TempPathFactory, chosen: list[tuple[bool, list[tuple[str, int]]]]
) -> None:
    here = tmp_path_factory.mktemp("site")
    shelves, one, other = _beside(prepared, here)
    for number, (first, turn) in enumerate(chosen):
        _edit(shelves, turn)
        (one if first else other)()
        publishing(shelves, here / f"fresh {number}")()
        assert files(here / "pages") == files(here / f"fresh {number}"), turn
    shutil.rmtree(here)


def test_a_change_writes_the_files_that_differ_and_no_other(prepared: Path, tmp_path: Path) -> None:
    shutil.copy(prepared, tmp_path / "notes.db")
    shelves = StoredShelves(connect(f"sqlite:///{tmp_path}/notes.db"))
    running = publishing(shelves, tmp_path / "pages")
    running()
    before = files(tmp_path / "pages")
    for file in (tmp_path / "pages").rglob("*.*"):
        os.utime(file, (1, 1))
    with shelves.writing() as shelf:
        tag(shelf, 4, PUBLIC, "Brand-new")
    running()
    after = files(tmp_path / "pages")
    written = {name for name in after if (tmp_path / "pages" / name).stat().st_mtime != 1}
    assert written == {name for name in after if after[name] != before.get(name)}
    own = {"papers/arxiv/2310.00004.html", "index.html", "feed.xml", "feed.json", "llms.txt", "tags/index.html"}
    own |= {"search/2026.js", "months/2026-11.html", "map.html"}
    own |= {name for name in before if name.startswith("people/")}
    llm = {f"tags/llm.{ending}" for ending in ("html", "xml", "json", "md")} | {"jekyll/_articles/LLM.markdown"}
    own.add("jekyll/_articles/Brand-new.markdown")
    assert written == own | llm | {f"tags/brand-new.{end}" for end in ("html", "xml", "json", "md", "bib")}


@pytest.mark.parametrize(("bad", "well"), [("pages", "jekyll"), ("jekyll", "pages")])
def test_a_folder_that_cannot_be_written_holds_up_neither_the_other_nor_what_is_sent(
    prepared: Path, tmp_path: Path, bad: str, well: str
) -> None:
    shutil.copy(prepared, tmp_path / "notes.db")
    shelves = StoredShelves(connect(f"sqlite:///{tmp_path}/notes.db"))
    sent: list[str] = []

    def flavours_in(folder: Path) -> Flavours:
        chosen = read({"PAGES_FOLDER": str(folder / "pages"), "JEKYLL_FOLDER": str(folder / "jekyll")})
        return flavours(shelves, chosen, made_at, published=lambda: sent.append(folder.name))

    running = flavours_in(tmp_path / "here")
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / bad).write_text("in the way")
    for _ in range(2):
        with pytest.raises(UnwritablePagesFolder) as trouble:
            running()
        assert str(tmp_path / "here" / bad) in str(trouble.value)
    assert sent == ["here"] * (well == "pages")  # once: nothing changed since
    built = files(tmp_path / "here" / well)
    with shelves.writing() as shelf:
        tag(shelf, 4, PUBLIC, "Brand-new")
    if well == "pages":
        running.pages()  # what is sent needs no more than this
    else:
        with pytest.raises(UnwritablePagesFolder):
            running()
    assert files(tmp_path / "here" / well).keys() > built.keys()
    (tmp_path / "here" / bad).unlink()
    running()
    flavours_in(tmp_path / "fresh")()
    assert files(tmp_path / "here") == files(tmp_path / "fresh")


def test_pages_are_taken_away_where_they_can_be(prepared: Path, tmp_path: Path) -> None:
    shutil.copy(prepared, tmp_path / "notes.db")
    shelves = StoredShelves(connect(f"sqlite:///{tmp_path}/notes.db"))
    running = publishing(shelves, tmp_path / "pages")
    running()
    shutil.move(tmp_path / "pages" / "jekyll", tmp_path / "away")
    (tmp_path / "pages" / "jekyll").write_text("in the way")
    with pytest.raises(UnwritablePagesFolder), running.withdrawn(TEAM):
        pytest.fail("some of its pages stand still")
    assert not list((tmp_path / "pages" / "papers").rglob("*.html"))
    (tmp_path / "pages" / "jekyll").unlink()
    shutil.move(tmp_path / "away", tmp_path / "pages" / "jekyll")
    with running.withdrawn(TEAM):
        assert not list((tmp_path / "pages").rglob("*.markdown"))


@pytest.mark.parametrize("where", ["pages", "pages/jekyll"])
def test_whoever_had_to_wait_for_a_folder_puts_nothing_back_that_has_become_private(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    shutil.copy(prepared, tmp_path / "notes.db")
    shelves = StoredShelves(connect(f"sqlite:///{tmp_path}/notes.db"))
    with shelves.writing() as shelf:
        hidden = note(shelf, COUNT + 1, "C_OTHER")
        tag(shelf, hidden, "C_OTHER", "Hidden")
    waiting, go = threading.Event(), threading.Event()
    one, other = publishing(shelves, tmp_path / "pages"), publishing(shelves, tmp_path / "pages")
    one()
    other()
    lock = fcntl.flock

    def late(file: TextIO, how: int) -> None:
        if threading.current_thread() is slow and Path(file.name).parent == tmp_path / where:
            waiting.set()
            assert go.wait(60)
        lock(file, how)

    slow = threading.Thread(target=one)
    monkeypatch.setattr(pages_folder.fcntl, "flock", late)
    with shelves.writing() as shelf:
        tag(shelf, hidden, "C_OTHER", "Brand-new")
    slow.start()
    assert waiting.wait(60)
    with shelves.writing() as shelf:
        shelf.directory.hear_private(TEAM, "C_OTHER", NOW)
    other()
    go.set()
    slow.join()
    publishing(shelves, tmp_path / "fresh")()
    assert files(tmp_path / where) == files(tmp_path / "fresh" / Path(where).relative_to("pages"))


def change_for_ever(here: Path, seed: int) -> None:
    """Publish, change something, publish, and so on, until somebody kills this."""
    shelves = StoredShelves(connect(f"sqlite:///{here}/notes.db"))
    running = publishing(shelves, here / "pages")
    dice = random.Random(seed)
    running()
    print("built", flush=True)
    while True:
        with shelves.writing() as shelf:
            name = dice.choice(["tag", "untag", "comment", "edit", "withdraw", "share again", "new", "rename tag"])
            EDITS[name](shelf, dice.randint(1, COUNT))
        running()


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_any_moment_the_next_build_ends_with_the_right_files(
    prepared: Path, tmp_path: Path, seed: int
) -> None:
    shutil.copy(prepared, tmp_path / "notes.db")
    root = Path(__file__).parent.parent.parent
    program = [sys.executable, __file__, str(tmp_path), str(seed)]
    paths = os.pathsep.join((str(root), str(root / "tests")))
    environment = {**os.environ, "PYTHONPATH": paths}
    with subprocess.Popen(program, cwd=root, env=environment, stdout=subprocess.PIPE) as killed:
        assert killed.stdout
        if seed % 3:  # else it is killed in its first build, of all pages
            killed.stdout.readline()
        else:
            while not (tmp_path / "pages" / LIST).exists():
                time.sleep(0.002)
        time.sleep(random.Random(seed).uniform(0.0, 0.3))
        killed.send_signal(signal.SIGKILL)
    shelves = StoredShelves(connect(f"sqlite:///{tmp_path}/notes.db"))
    publishing(shelves, tmp_path / "pages")()
    publishing(shelves, tmp_path / "fresh")()
    assert files(tmp_path / "pages") == files(tmp_path / "fresh")


if __name__ == "__main__":
    change_for_ever(Path(sys.argv[1]), int(sys.argv[2]))
