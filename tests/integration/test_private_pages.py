"""Nothing private is in any published file of any flavour, also when something has become private since."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from house import running
from image_bytes import attached, picture
from stored import DAY, DIRECT, NOW, PUBLIC, SECRET, TEAM, message, paper, say, settle, share, store, tag

from bot.composition.pages import flavours
from bot.settings import read
from papers.note import Audience, Channel, ChannelKind, Member
from papers.settled import Setting
from papers.shelf import Shelf
from papers.tags import tag as typed_tag
from storage.engine import connect
from storage.migrate import migrate
from storage.shelves import StoredShelves

CANARY = "kanarienvogel"
OPEN = "wellensittich"
INSIDE = Audience(TEAM, SECRET)


def fill(shelf: Shelf) -> None:
    """A public note with something private of every kind on it, and notes that are private altogether."""
    settle(shelf)
    shelf.directory.store_channel(TEAM, Channel("C_CLOSING", "open", ChannelKind.PUBLIC), NOW)
    shelf.directory.store_member(TEAM, Member("U9", f"{CANARY} member"), NOW)
    note_id = share(shelf, paper(1), PUBLIC, "1.0")
    tag(shelf, note_id, PUBLIC, "Open")
    say(shelf, note_id, PUBLIC, "1.1", OPEN, "1.0")
    for number, channel in enumerate((SECRET, DIRECT), start=2):
        ts = f"{number}.0"
        share(shelf, paper(1), channel, ts, NOW - DAY, "U9")
        tag(shelf, note_id, channel, f"{CANARY} {number}")
        say(
            shelf,
            note_id,
            channel,
            f"{number}.1",
            f"{CANARY} ![image](https://github.com/a/b/assets/{CANARY})",
            ts,
        )
        show(shelf, note_id, channel, ts, number)
        hidden = share(shelf, paper(number), channel, ts, NOW, "U9")
        store(shelf, paper(number), title=f"{CANARY} title", authors=(f"{CANARY} author", "B"))
        tag(shelf, hidden, channel, "Open")
    tag(shelf, note_id, SECRET, CANARY)
    shelf.tags.rename(INSIDE, CANARY, typed_tag(f"{CANARY} renamed"))
    shelf.tags.alias(INSIDE, typed_tag(f"{CANARY} alias"), "open")
    shelf.tags.group(INSIDE, ["open"], f"{CANARY} group")
    closing = share(shelf, paper(9), "C_CLOSING", "9.0")
    store(shelf, paper(9), title=f"{CANARY}-later title")
    tag(shelf, closing, "C_CLOSING", f"{CANARY}-later, Open")
    say(shelf, note_id, "C_CLOSING", "9.1", f"{CANARY}-later remark", "9.0")
    show(shelf, note_id, PUBLIC, "1.0", 1, OPEN, "U2")
    show(shelf, closing, "C_CLOSING", "9.0", 9, f"{CANARY}-later", "U2")


def show(
    shelf: Shelf, note_id: int, channel: str, thread_ts: str, number: int, words: str = CANARY, member: str = "U9"
) -> None:
    """A reply with an image whose bytes and title hold these words."""
    where = message(channel, f"{number}.8", thread_ts)
    images = [attached(number, f"{words} title")]
    shelf.notes.comment(note_id, where.origin, member, channel, where, "", NOW, images)
    while wanted := shelf.images.claim(NOW, DAY):
        shelf.images.keep(wanted, replace(picture(number), body=words.encode()))


def _close(shelf: Shelf) -> None:
    shelf.directory.store_channel(TEAM, Channel("C_CLOSING", "open", ChannelKind.PRIVATE), NOW)


def _leave(shelf: Shelf) -> None:
    shelf.directory.hear_presence(TEAM, "C_CLOSING", False, NOW)


@pytest.mark.parametrize("take_back", [_close, _leave])
def test_no_file_of_any_flavour_holds_anything_private(
    tmp_path: Path, take_back: Callable[[Shelf], object]
) -> None:
    database = connect(f"sqlite:///{tmp_path}/notes.db")
    migrate(database)
    shelves = StoredShelves(database)
    with shelves.writing() as shelf:
        fill(shelf)
    settings = {"PAGES_FOLDER": f"{tmp_path}/pages/html", "JEKYLL_FOLDER": f"{tmp_path}/pages/jekyll"}
    publish = flavours(shelves, read(settings), lambda: NOW)

    def published() -> dict[str, str]:
        publish()
        files = [file for file in (tmp_path / "pages").rglob("*") if file.is_file()]
        return {
            file.relative_to(tmp_path / "pages").as_posix(): file.read_text(encoding="utf-8") for file in files
        }

    first = published()
    assert OPEN in first["jekyll/_articles/Open.markdown"] and OPEN in first["html/tags/open.html"]
    assert f"jekyll/_articles/{CANARY}-later.markdown" in first
    pictures = {path: text for path, text in first.items() if path.startswith("html/images/")}
    assert sorted(pictures.values()) == [f"{CANARY}-later", OPEN]
    for path, text in first.items():
        assert CANARY not in f"{path} {text}".replace(f"{CANARY}-later", ""), path
    with shelves.writing() as shelf:
        take_back(shelf)
        shelf.settings.settle(TEAM, Setting.NAMES, False, "U1", NOW)
    for _ in ("what changed", "all"):
        for path, text in published().items():
            assert CANARY not in f"{path} {text}", path
            assert "Aki" not in text and "Ben" not in text, path
        publish = flavours(shelves, read(settings), lambda: NOW)
    database.close()


@pytest.mark.parametrize(("readers", "rights"), [("anybody", 0o755), ("members", 0o700)])
def test_a_folder_that_is_made_for_pages_of_the_workspace_is_closed_to_the_machines_other_accounts(
    tmp_path: Path, readers: str, rights: int
) -> None:
    sign_in = {"PAGES_READERS": readers, "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "a secret"}
    sign_in |= {"PAGES_ADDRESS": "https://papers.example.org/"}
    usual = os.umask(0o022)
    try:
        with running(tmp_path, f"sqlite:///{tmp_path}/fusen.db", **sign_in):
            assert mode(tmp_path / "pages") == rights
        (tmp_path / "kept").mkdir(0o755)
        for folder, expected in (("by the shell", rights), ("kept", 0o755)):
            shelves = StoredShelves(connect(f"sqlite:///{tmp_path}/fusen.db"))
            flavours(shelves, read(sign_in | {"PAGES_FOLDER": str(tmp_path / folder)}))()
            assert mode(tmp_path / folder) == expected
            assert (tmp_path / folder / "index.html").is_file()
    finally:
        os.umask(usual)


def mode(folder: Path) -> int:
    return stat.S_IMODE(folder.stat().st_mode)
