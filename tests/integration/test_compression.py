"""The web server sends texts compressed to those who take it, and tells browsers what pages may do."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from urllib3 import HTTPConnectionPool, HTTPResponse

from bot.web import WebServer

TEXT = "要約 <summary> " * 500


class Reader:
    """Somebody who asks for files as they are sent."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self._pool = HTTPConnectionPool("127.0.0.1", urlsplit(address).port, timeout=60)

    def get(self, path: str, **headers: str) -> HTTPResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self._pool.request("GET", f"/{path}", headers=named, decode_content=False)
        assert isinstance(answer, HTTPResponse)
        return answer


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    for name in ("page.html", "records.js", "feed.xml", "tag.json"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    (tmp_path / "small.js").write_text("1;")
    (tmp_path / "picture.png").write_bytes(bytes(5000))
    server = WebServer(tmp_path, "127.0.0.1", 0, {})
    server.start()
    yield Reader(tmp_path, server.address)
    server.stop()


@pytest.mark.parametrize("path", ["page.html", "records.js", "feed.xml", "tag.json"])
def test_a_text_is_compressed_for_those_who_take_it(reader: Reader, path: str) -> None:
    packed = reader.get(path, Accept_Encoding="br;q=1.0, gzip;q=0.8")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) * 10 < len(TEXT.encode())
    assert gzip.decompress(packed.data).decode() == TEXT
    for other in ({}, {"Accept_Encoding": "br, gzip;q=0"}, {"Accept_Encoding": "gzip", "Range": "bytes=0-9"}):
        plain = reader.get(path, **other)
        assert "Content-Encoding" not in plain.headers
        assert TEXT.encode().startswith(plain.data)
        assert "Accept-Encoding" in plain.headers["Vary"] and "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize("path", ["small.js", "picture.png"])
def test_what_would_not_get_smaller_is_sent_as_it_is(reader: Reader, path: str) -> None:
    assert "Content-Encoding" not in reader.get(path, Accept_Encoding="gzip").headers


def test_a_reader_who_has_it_is_not_sent_it_again(reader: Reader) -> None:
    packed, plain = reader.get("page.html", Accept_Encoding="gzip"), reader.get("page.html")
    assert packed.headers["ETag"] != plain.headers["ETag"]
    for one, wanted in ((packed, {"Accept_Encoding": "gzip"}), (plain, {})):
        again = reader.get("page.html", If_None_Match=one.headers["ETag"], **wanted)
        assert (again.status, again.data) == (304, b"")
        assert again.headers["ETag"] == one.headers["ETag"]
    assert reader.get("page.html", If_None_Match=packed.headers["ETag"]).status == 200


def test_a_file_that_changes_within_its_second_is_sent_anew(reader: Reader) -> None:
    file = reader.folder / "page.html"
    before = file.stat()
    assert gzip.decompress(reader.get("page.html", Accept_Encoding="gzip").data).decode() == TEXT
    file.write_text(TEXT.swapcase(), encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert gzip.decompress(reader.get("page.html", Accept_Encoding="gzip").data).decode() == TEXT.swapcase()


@pytest.mark.parametrize("wanted", [{}, {"Accept_Encoding": "gzip"}])
def test_whoever_has_a_text_is_sent_its_edit_of_the_same_second_and_length(
    reader: Reader, wanted: dict[str, str]
) -> None:
    file, second = reader.folder / "page.html", 1_700_000_000 * 10**9
    os.utime(file, ns=(second, second))
    known = reader.get("page.html", **wanted).headers["ETag"]
    file.write_text(TEXT.swapcase(), encoding="utf-8")
    os.utime(file, ns=(second, second + 10**6))
    assert reader.get("page.html", If_None_Match=known, **wanted).status == 200


def test_what_is_not_there_is_said_plainly(reader: Reader) -> None:
    assert reader.get("gone.html", Accept_Encoding="gzip").status == 404


@pytest.mark.parametrize("path", ["page.html", "records.js", "missing.html", "picture.png"])
def test_a_browser_is_told_to_run_and_to_pass_on_nothing_foreign(reader: Reader, path: str) -> None:
    for headers in (reader.get(path).headers, reader.get(path, Accept_Encoding="gzip").headers):
        policy = headers["Content-Security-Policy"].split("; ")
        assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} <= set(policy)
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in headers
