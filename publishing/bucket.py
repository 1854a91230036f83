"""The pages in an S3-compatible bucket: the only place that knows the protocol, through the package `obstore`."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from papers.targets import (
    MARK,
    Sent,
    TargetMissing,
    TargetOccupied,
    TargetRefused,
    TargetTrouble,
    TargetUnreachable,
)
from publishing import addresses
from publishing.outgoing import Outgoing, Taken

AT_ONCE = 8
"""So many files are on their way at one time."""

CACHED_SECONDS = 60
"""For so long readers' browsers, and whatever stands between, may show a page without asking again."""

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".xml": "application/atom+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".bib": "text/x-bibtex; charset=utf-8",
}
_FORM = 1
"""Rises when files are to be sent anew although their bytes are the same: with another type, say."""

_UNKNOWN = ""
"""The digest of a file that may be on its way."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Way:
    """The way to a bucket. Without keys the machine's own rights are used, as clouds give them to machines."""

    address: str  # s3://BUCKET/FOLDER
    endpoint: str = ""  # empty: Amazon's own
    region: str = "us-east-1"
    key_id: str = ""
    secret: str = ""

    def __repr__(self) -> str:
        return f"Way({self.address!r})"


class Bucket:
    """Sends the pages of a folder to a bucket.

    There the file `.fusen-pages` tells which files are Fusen's, and their digests; by digests of their paths, for
    it can be read as the pages can, and what was taken back has no name there any more. Before anything is changed
    it is written with the digests of what will change left open, so that a kill at any instant leaves a list that
    names all of ours and is never wrong; at the end it is written whole. New files are sent first, pages that
    lead to them after, the first page last, and then what is published no longer is removed: so no page that
    readers can reach ever leads to one that is missing.
    """

    name = "bucket"
    pause = 0.0

    def __init__(self, folder: Path, way: Way) -> None:
        parts = urlsplit(way.address)
        self.where = way.address
        self._outgoing = Outgoing(folder)
        self._looked = False
        self._named: dict[str, str] = {}
        self._store = S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            endpoint=way.endpoint or None,
            region=way.region,
            access_key_id=way.key_id or None,
            secret_access_key=way.secret or None,
            client_options={"timeout": timedelta(seconds=60), "allow_http": way.endpoint.startswith("http:")},
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=30)},
        )

    def send(self, alive: Callable[[], object]) -> Sent:
        """Send what differs, and remove what is published no longer. Raises a TargetTrouble."""
        if not self._outgoing.is_there:
            return Sent()
        with self._troubles():
            there = self._there(look=not self._looked)
            with self._outgoing.taken(there) as taken:
                gone = sorted(there.keys() - taken.digests.keys())
                if taken.differing or gone:
                    self._bring(taken, there, gone, alive)
            self._looked = True
        return Sent(len(taken.differing), len(gone))

    def behind(self) -> int | None:
        """How many files differ; a file is put and removed, to see whether that is allowed."""
        with self._troubles():
            there = self._there(look=True)
            trial = f"{MARK}-trial"
            obstore.put(self._store, trial, b"", use_multipart=False)
            obstore.delete(self._store, [trial])
        return self._outgoing.behind(there)

    def _bring(
        self, taken: Taken, there: Mapping[str, str], gone: Sequence[str], alive: Callable[[], object]
    ) -> None:
        named = {_name(path): path for path in taken.digests}
        self._named.update(named)
        open_ones = dict.fromkeys((*taken.differing, *gone), _UNKNOWN)
        self._write_list({**there, **open_ones})
        with ThreadPoolExecutor(AT_ONCE) as senders:
            for some in in_turn(taken.differing, there):
                # `map` would go on after a failure.
                waiting = [senders.submit(self._put, path, taken) for path in some]
                try:
                    for one in waiting:
                        one.result()
                        alive()
                finally:
                    for one in waiting:
                        one.cancel()
        for start in range(0, len(gone), 1_000):
            obstore.delete(self._store, list(gone[start : start + 1_000]))
            alive()
        self._write_list(taken.digests)
        self._named = named

    def _put(self, path: str, taken: Taken) -> None:
        obstore.put(
            self._store,
            path,
            taken.body(path),
            attributes={"Content-Type": content_type(path), "Cache-Control": f"max-age={CACHED_SECONDS}"},
            use_multipart=False,
        )

    def _write_list(self, digests: Mapping[str, str]) -> None:
        body = _list(digests)
        about = {"Content-Type": "application/json", "Cache-Control": "no-store"}
        obstore.put(self._store, MARK, body, attributes=about, use_multipart=False)

    def _there(self, look: bool) -> dict[str, str]:
        """Our files there and their digests; with a `look`, without those that somebody else took away.

        Raises TargetOccupied.
        """
        try:
            listed = _read(obstore.get(self._store, MARK).bytes().to_bytes())
        except FileNotFoundError:
            if any(self._paths()):
                raise TargetOccupied(where=self.where) from None
            return {}
        if look or not listed.keys() <= self._named.keys():
            self._named = {_name(path): path for path in self._paths()}
        return {self._named[name]: digest for name, digest in listed.items() if name in self._named}

    def _paths(self) -> Iterator[str]:
        for some in obstore.list(self._store):
            for one in some:
                yield one["path"]

    @contextmanager
    def _troubles(self) -> Iterator[None]:
        """What goes wrong on the way becomes our own words: theirs quote requests, and with them keys."""
        try:
            yield
        except TargetTrouble:
            raise
        except (PermissionDeniedError, UnauthenticatedError) as error:
            raise TargetRefused(where=self.where, settings="PAGES_BUCKET_KEY_ID, PAGES_BUCKET_SECRET") from error
        except FileNotFoundError as error:
            raise TargetMissing(where=self.where, settings="PAGES_BUCKET") from error
        except obstore.exceptions.BaseError as error:
            if "NoSuchBucket" in str(error):
                raise TargetMissing(where=self.where, settings="PAGES_BUCKET") from error
            raise TargetUnreachable(where=self.where, reason=type(error).__name__) from error


def in_turn(paths: Iterable[str], there: Mapping[str, str]) -> Iterator[list[str]]:
    """The paths in the turns in which they are to be sent: what is sent later may lead to what was sent before."""
    turns: dict[tuple[bool, bool, bool], list[str]] = {}
    for path in paths:
        turn = (path == addresses.INDEX, path in there, path.endswith(".html"))
        turns.setdefault(turn, []).append(path)
    yield from (turns[turn] for turn in sorted(turns))


def content_type(path: str) -> str:
    """What kind of file it is, for whoever reads it over HTTP."""
    if path.startswith("sitemap"):
        return "application/xml"
    if path == addresses.JSON_FEED or (path.startswith("people/") and path.endswith(".json")):
        return "application/feed+json"
    return _TYPES.get(PurePosixPath(path).suffix, "application/octet-stream")


def _name(path: str) -> str:
    """What a path is called in the list."""
    return blake2b(path.encode(), digest_size=16).hexdigest()


def _list(digests: Mapping[str, str]) -> bytes:
    told = {"form": _FORM, "named": dict(sorted((_name(path), digest) for path, digest in digests.items()))}
    return json.dumps(told, indent=0).encode()


def _read(body: bytes) -> dict[str, str]:
    """The files of a list by their names there; none if it is no list: an empty one says that Fusen may come."""
    try:
        told = json.loads(body)
        known = told["form"] == _FORM
        # Until November 2026 a list held the paths themselves.
        files = told["named"] if "named" in told else {_name(path): one for path, one in told["files"].items()}
        return {str(name): str(digest) if known else _UNKNOWN for name, digest in files.items()}
    except (ValueError, LookupError, TypeError, AttributeError):
        return {}
