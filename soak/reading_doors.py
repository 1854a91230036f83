"""The doors at which Fusen reads what others hand it: arXiv, pages that are linked to, settings, backups."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

from arxiv_feed import error_feed, made_up, new_feed
from arxiv_records import deleted_record, oai_error, raw_record
from filled import fill

from arxiv_api.answers import open_reply
from arxiv_api.archive import read_history
from arxiv_api.gateway import ARXIV_API, answer_about
from arxiv_api.wire import Reply
from bot.settings import Settings, WrongSettings, read
from papers.errors import SourceRefused, SourceThrottled, SourceUnavailable
from papers.page_urls import open_address, page_at
from papers.paper import PaperId
from papers.paper_urls import paper_at
from soak.fuzzing import Door, Surprise
from soak.mutation import as_json, garbled, mutated, odd_text, reworded
from storage.backup import back_up
from storage.backup_file import NotABackup, UnreadableBackup, opened
from storage.engine import connect
from storage.migrate import migrate
from storage.restore import BackupTooNew, restore
from web_pages.metadata import read_page
from web_pages.records import canonical_of, record_of, twins_of

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
_STATUSES = (*(200,) * 30, 400, 429, 503, 500, 404, 0, 999)
_WAITS = (None, None, "3", "", "-1", "9" * 400, "²", "Wed, 21 Oct 2099 07:28:00 GMT", "Wed, 99 Xxx 99999 99:99:99")
_IDS = ("2306.00001", "0704.0011", "hep-th/9901001")
_ASKED = [PaperId("arxiv", one) for one in _IDS]


@contextmanager
def arxiv_bodies(_folder: Path) -> Iterator[Door]:
    """What the query API answers."""
    papers = [made_up(one) for one in _IDS]
    whole = (
        new_feed(papers),
        new_feed(papers[:1]),
        error_feed("incorrect id format for x"),
        error_feed("x", new=False),
    )

    def enter(reply: Reply) -> bool:
        try:
            answer_about(_ASKED, ARXIV_API, lambda _: open_reply(reply))
        except (SourceThrottled, SourceUnavailable, SourceRefused):
            return True
        return False

    yield Door("arXiv's answers", lambda random: _reply(random, whole), enter)


@contextmanager
def archive_bodies(_folder: Path) -> Iterator[Door]:
    """What arXiv's archive answers."""
    paper = made_up(_IDS[0])
    whole = (raw_record(paper), raw_record(paper), deleted_record(paper.id), oai_error("idDoesNotExist"))

    def enter(reply: Reply) -> bool:
        try:
            return read_history(reply, _ASKED[0]) is None
        except (SourceThrottled, SourceUnavailable, SourceRefused):
            return True

    yield Door("arXiv's archive", lambda random: _reply(random, whole), enter)


def _reply(random: Random, whole: tuple[bytes, ...]) -> Reply:
    body = random.choice((garbled, reworded, reworded))(random, random.choice(whole))
    return Reply(random.choice(_STATUSES), random.choice(_WAITS), body)


_PAGE = b"""<!doctype html><html><head><meta charset=utf-8><title>A title | Site</title>
<meta name="citation_title" content="A paper"><meta name="citation_author" content="Tanaka, Ada">
<meta name="citation_publication_date" content="2024/02/30"><meta property="og:site_name" content="Site">
<meta name="citation_arxiv_id" content="2306.00001"><meta name="description" content="What it is about">
<link rel="canonical" href="https://blog.example/post"><meta property="og:url" content="https://blog.example/post">
<script type="application/ld+json">{"@graph": [{"@type": ["Article"], "headline": "A", "author":
[{"name": "Ada"}, "Ben"], "datePublished": "2024-01-01T00:00:00Z", "sameAs": ["https://arxiv.org/abs/2306.00001"]}]}
</script></head><body><svg><title>x</title></svg><a href="https://arxiv.org/abs/2306.00001">paper</a></body></html>"""
_KINDS = (
    "text/html; charset=utf-8",
    "text/html",
    "",
    "text/html; charset=utf-7",
    "text/html; charset=\x00",
    "x" * 9000,
)
_ADDRESSES = (
    "https://blog.example/post?a=1",
    "https://openreview.net/forum?id=abc",
    "https://aclanthology.org/2023.acl-long.1/",
    "http://[::1]:99999/x",
    "https://exämple.org/%zz/../..;x?&&#",
    "https://arxiv.org/abs/2306.00001v2",
    "//host", "javascript:alert(1)", "https://user:pass@blog.example:8443/x", "https://a" + ".b" * 200,
)  # fmt: skip


@contextmanager
def linked_pages(_folder: Path) -> Iterator[Door]:
    """Pages that people link to, what they say of themselves, and where they send us."""
    known = [page for one in _ADDRESSES[:3] if (page := page_at(one))]

    def make(random: Random) -> tuple[PaperId, bytes, str, str]:
        address = garbled(random, random.choice(_ADDRESSES).encode()).decode("utf-8", "replace")
        body = random.choice((garbled, reworded))(random, _PAGE)
        return random.choice(known), body, random.choice(_KINDS), address[:9000]

    def enter(given: tuple[PaperId, bytes, str, str]) -> bool:
        paper_id, body, kind, address = given
        told = read_page(body, kind)
        record_of(canonical_of(paper_id, told), told, NOW)
        twins_of(paper_id, told)
        paper_at(address, today=date.max)
        open_address(address)
        return page_at(address) is None

    yield Door("pages of links", make, enter)


# For each kind of setting some that are right, and what nobody should write.
_VALUES = (
    *(
        "xoxb-1",
        "xapp-1",
        "/note",
        "https://host.example/",
        "sqlite:///x.db",
        "en",
        "ja",
        "Asia/Tokyo",
        "mon 09:00",
    ),
    *("C1", "~nobody/x", "~", "s3://bucket/x", "git@host:a/b.git", "8020", "json", "debug", "members", "refuse"),
    *("http://[", "https://[::1]:x/", "../../../etc/passwd", "/", "fri 24:00", "65536", "²", "http://a b", "\x00"),
    *("whole", "9" * 5000, "a" * 5000, "\ud800"),
)


@contextmanager
def settings(_folder: Path) -> Iterator[Door]:
    """What stands in the environment."""
    names = _names_of_settings()

    def make(random: Random) -> dict[str, str]:
        chosen = [random.choice(names) for _ in range(random.randint(0, 3))]
        return {
            name: odd_text(random, _VALUES, 2) if random.random() < 0.5 else random.choice(_VALUES)
            for name in chosen
        }

    def enter(given: dict[str, str]) -> bool:
        try:
            found = read(given)
        except WrongSettings:
            return True
        if not isinstance(found, Settings):
            raise Surprise("no settings came of it")
        return False

    yield Door("settings", make, enter)


def _names_of_settings() -> list[str]:
    """The names that the settings are read from, as they themselves ask for them."""
    asked: list[str] = []

    class Listening(dict[str, str]):
        def get(self, name: str, default: str = "") -> str:  # type: ignore[override] # always texts
            asked.append(name)
            return default

    read(Listening())
    return list(dict.fromkeys(asked))


@contextmanager
def backup_files(folder: Path) -> Iterator[Door]:
    """Files that somebody takes for backups, read to their end."""
    whole, file = _backup(folder), folder / "given.backup"

    def enter(given: bytes) -> bool:
        file.write_bytes(given)
        try:
            with opened(file) as backup:
                for _ in backup.rows():
                    pass
        except (NotABackup, UnreadableBackup):
            return True
        return False

    yield Door("backup files", lambda random: _file(random, whole), enter)


@contextmanager
def restoring(folder: Path) -> Iterator[Door]:
    """Such files restored into a database: the whole schema is made each time, so they are few."""
    whole, file = _backup(folder), folder / "given.backup"
    database = connect(f"sqlite:///{folder}/restored.db")

    def enter(given: bytes) -> bool:
        file.write_bytes(given)
        try:
            restore(database, file, replace=True)
        except (NotABackup, UnreadableBackup, BackupTooNew):
            return True
        return False

    try:
        yield Door("restoring", lambda random: _file(random, whole), enter, share=0.002, seconds=30.0)
    finally:
        database.close()


def _backup(folder: Path) -> bytes:
    database = connect(f"sqlite:///{folder}/whole.db")
    try:
        migrate(database)
        fill(database, papers=2)
        back_up(database, folder / "whole.backup", overwrite=False, now=lambda: NOW)
    finally:
        database.close()
    return gzip.decompress((folder / "whole.backup").read_bytes())


_DAMAGES: tuple[Callable[[Random, list[bytes], int], bytes], ...] = (
    lambda random, lines, at: garbled(random, lines[at]),
    lambda random, lines, _at: random.choice(lines),
    lambda random, lines, at: as_json(mutated(random, json.loads(lines[at]))).encode(),
    lambda random, lines, at: as_json(mutated(random, json.loads(lines[at]))).encode(),
)


def _file(random: Random, whole: bytes) -> bytes:
    """Mostly damaged within; at times damaged as a compressed file, or not compressed at all."""
    lines = whole.split(b"\n")
    at = random.randrange(len(lines) - 1)  # the last is what stands behind the last line: nothing
    lines[at] = random.choice(_DAMAGES)(random, lines, at)
    text = b"\n".join(lines) if random.random() < 0.8 else garbled(random, whole)
    packed = gzip.compress(text, 1)
    return random.choice((packed, packed, packed, packed, garbled(random, packed), text))
