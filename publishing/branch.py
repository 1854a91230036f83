"""The pages on a branch of a git repository: the only place that knows git, through the package `dulwich`."""

from __future__ import annotations

import errno
import json
import shlex
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dulwich.client import GitClient, HTTPUnauthorized, get_transport_and_path
from dulwich.config import ConfigDict
from dulwich.errors import HangupException, NotGitRepository
from dulwich.index import commit_tree
from dulwich.objects import ZERO_SHA, Blob, Commit, ObjectID
from dulwich.pack import UnpackedObject
from dulwich.refs import Ref
from dulwich.repo import Repo

from papers.targets import (
    MARK,
    Sent,
    SshFailed,
    SshMissing,
    TargetBusy,
    TargetHungUp,
    TargetMissing,
    TargetOccupied,
    TargetRefetched,
    TargetRefused,
    TargetTrouble,
    TargetUnreachable,
)
from publishing.outgoing import Outgoing, Taken

TRIES = 4
"""So often somebody else may have pushed in between before this gives up for now."""

PAUSE_SECONDS = 60.0
"""Sites made of branches are built anew for each push, and their makers ask not to do so at every moment."""

_AUTHOR = b"Fusen <fusen@localhost>"
_PLAIN_FILE = 0o100644
_PACKED_AFTER = 50
_MOST_PACKS = 30  # four open files each
_AT_ONCE = 500  # files in memory
_HTTP_SECONDS = b"60"
_HTTP = ("https://", "http://")
_MOST_SAID = 200  # characters


@dataclass(frozen=True, slots=True)
class Remote:
    """A branch of a repository elsewhere, and what opens it: a user and token over HTTPS, or a program for SSH."""

    url: str
    branch: str
    user: str = ""
    token: str = ""
    ssh: str = "ssh"

    def __repr__(self) -> str:
        return f"Remote({self.url!r}, {self.branch!r})"


@dataclass(frozen=True, slots=True)
class _Tip:
    """What the branch holds: its last commit (None: there is no branch), all files, and which of them are ours."""

    commit: ObjectID | None
    files: Mapping[bytes, tuple[ObjectID, int]]
    ours: frozenset[str]

    def there(self) -> dict[str, str]:
        """Our files and their digests."""
        found = ((path, self.files.get(path.encode())) for path in self.ours)
        return {path: held[0].decode() for path, held in found if held}


class _Moved(Exception):
    """Somebody else has pushed meanwhile."""


class Branch:
    """Sends the pages of a folder as one commit on top of what the branch holds; never by force.

    The branch's file `.fusen-pages` lists which files are Fusen's; all others stay as they are. `cache` is a bare
    repository of our own that keeps what was fetched; it may be deleted at any time, and is made with `rights`.
    """

    name = "branch"
    pause = PAUSE_SECONDS

    def __init__(self, folder: Path, remote: Remote, cache: Path, rights: int = 0o777) -> None:
        self.where = f"{remote.url} ({remote.branch})"
        self._remote = remote
        self._cache = cache
        self._rights = rights
        self._ref = Ref(b"refs/heads/" + remote.branch.encode())
        self._outgoing = Outgoing(folder)
        self._sendings = 0

    def send(self, alive: Callable[[], object]) -> Sent:
        """Push a commit if anything differs. Raises a TargetTrouble."""
        if not self._outgoing.is_there:
            return Sent()
        with self._troubles():
            for _ in range(TRIES):
                alive()
                try:
                    with self._repository() as repository:
                        return self._send(repository)
                except _Moved:
                    continue
        raise TargetBusy(where=self.where)

    def behind(self) -> int | None:
        """How many files differ. The branch is asked for as by one who is about to push: that needs the right."""
        with self._troubles():
            client, path = self._client()
            client.send_pack(path.encode(), _push_nothing, _no_pack)
            with self._repository() as repository:
                there = self._tip(repository).there()
        return self._outgoing.behind(there)

    def _send(self, repository: Repo) -> Sent:
        tip = self._tip(repository)
        there = tip.there()
        with self._outgoing.taken(there) as taken:
            gone = there.keys() - taken.digests.keys()
            if not taken.differing and not gone:
                return Sent()
            commit = self._commit(repository, tip, taken, len(gone))
        self._push(repository, tip, commit)
        self._tidy(repository)
        return Sent(len(taken.differing), len(gone))

    def _tip(self, repository: Repo) -> _Tip:
        """What stands on the branch now, fetched if it is not known yet. Raises TargetOccupied."""
        client, path = self._client()
        commit = client.get_refs(path.encode()).refs.get(self._ref)
        if commit is None:
            return _Tip(None, {}, frozenset())
        if commit not in repository.object_store:
            client.fetch(path, repository, determine_wants=lambda *_, **__: [commit], depth=1)
            repository.refs[self._ref] = commit
        found = repository[commit]
        if not isinstance(found, Commit):
            raise TargetMissing(where=self.where, settings="PAGES_GIT_BRANCH")
        store = repository.object_store
        files = {one.path: (one.sha, one.mode) for one in store.iter_tree_contents(found.tree)}
        listed = files.get(MARK.encode())
        if files and listed is None:
            raise TargetOccupied(where=self.where)
        text = store[listed[0]].as_raw_string() if listed else b""
        return _Tip(commit, files, frozenset(_paths(text)))

    def _commit(self, repository: Repo, tip: _Tip, taken: Taken, gone: int) -> ObjectID:
        store = repository.object_store
        missing = [path for path in taken.differing if ObjectID(taken.digests[path].encode()) not in store]
        for start in range(0, len(missing), _AT_ONCE):
            some = missing[start : start + _AT_ONCE]
            blobs = [Blob.from_string(taken.body(path)) for path in some]
            if len(blobs) == _AT_ONCE:
                store.add_objects([(blob, None) for blob in blobs])
            else:
                # Together they would be a pack of their own, and each pack is kept open.
                for blob in blobs:
                    store.add_object(blob)
        listed = Blob.from_string(b"".join(json.dumps(path).encode() + b"\n" for path in sorted(taken.digests)))
        store.add_object(listed)
        ours = {path.encode() for path in tip.ours}
        files = {path: held for path, held in tip.files.items() if path not in ours}
        files |= {path.encode(): (ObjectID(name.encode()), _PLAIN_FILE) for path, name in taken.digests.items()}
        files[MARK.encode()] = (listed.id, _PLAIN_FILE)
        commit = Commit()
        commit.tree = commit_tree(store, [(path, name, mode) for path, (name, mode) in files.items()])
        commit.parents = [tip.commit] if tip.commit else []
        commit.author = commit.committer = _AUTHOR
        commit.author_time = commit.commit_time = int(time.time())
        commit.author_timezone = commit.commit_timezone = 0
        commit.encoding = b"UTF-8"
        commit.message = f"Publish the notes: {len(taken.differing)} files written, {gone} removed\n".encode()
        store.add_object(commit)
        return commit.id

    def _push(self, repository: Repo, tip: _Tip, commit: ObjectID) -> None:
        expected = tip.commit or ZERO_SHA

        def onto(refs: dict[Ref, ObjectID]) -> dict[Ref, ObjectID]:
            if refs.get(self._ref, ZERO_SHA) != expected:
                raise _Moved
            return {self._ref: commit}

        client, path = self._client()

        def pack(
            have: Set[ObjectID],
            want: Set[ObjectID],
            *,
            ofs_delta: bool = True,
            progress: Callable[[bytes], None] | None = None,
        ) -> tuple[int, Iterator[UnpackedObject]]:
            store, shallow = repository.object_store, repository.get_shallow()
            return store.generate_pack_data(have, want, shallow=shallow, progress=progress, ofs_delta=ofs_delta)

        told = client.send_pack(path.encode(), onto, pack)
        refusal = (told.ref_status or {}).get(self._ref)
        if refusal:
            # The server names the reason in words of its own; whether another was faster, the branch itself says.
            if client.get_refs(path.encode()).refs.get(self._ref, ZERO_SHA) != expected:
                raise _Moved
            raise TargetRefused(where=self.where, settings="PAGES_GIT_BRANCH")
        repository.refs[self._ref] = commit

    def _client(self) -> tuple[GitClient, str]:
        config = ConfigDict()
        config.set((b"http",), b"timeout", _HTTP_SECONDS)
        login = self._remote.url.startswith(_HTTP) and self._remote.token
        return get_transport_and_path(
            self._remote.url,
            config=config,
            quiet=True,
            ssh_command=self._remote.ssh,
            username=self._remote.user if login else None,
            password=self._remote.token if login else None,
        )

    @contextmanager
    def _repository(self) -> Iterator[Repo]:
        """Our cache; one that is damaged, or has grown into many packs, is thrown away."""
        if sum(1 for _ in self._cache.glob("objects/pack/*.pack")) > _MOST_PACKS:
            # To join them would take all they hold into memory, and keep what nobody needs any more.
            self._throw_away()
        try:
            repository = Repo(str(self._cache))
        except NotGitRepository:
            self._throw_away()
            self._cache.mkdir(self._rights, parents=True)
            repository = Repo.init_bare(str(self._cache))
        with repository:
            yield repository

    def _throw_away(self) -> None:
        shutil.rmtree(self._cache, ignore_errors=True)

    def _tidy(self, repository: Repo) -> None:
        """Each sending leaves small files in the cache; now and then they become one."""
        self._sendings += 1
        if self._sendings % _PACKED_AFTER == 1:
            repository.object_store.pack_loose_objects()

    @contextmanager
    def _troubles(self) -> Iterator[None]:
        """What goes wrong on the way becomes our own words: theirs may quote addresses and what opens them."""
        try:
            yield
        except TargetTrouble:
            raise
        except HTTPUnauthorized as error:
            raise TargetRefused(where=self.where, settings=self._openers) from error
        except NotGitRepository as error:
            raise TargetMissing(where=self.where, settings="PAGES_GIT") from error
        except HangupException as error:
            raise self._hung_up(error) from error
        except KeyError as error:
            # An object is missing in what we kept: it was killed while it fetched, or somebody was there.
            self._throw_away()
            raise TargetRefetched(where=self.where) from error
        except Exception as error:  # whatever a server makes its client raise; none of it ends the others' jobs
            if isinstance(error, OSError) and error.errno == errno.EMFILE:
                # Too many open files. They may be what we kept, where fewer are allowed than it takes.
                self._throw_away()
            if isinstance(error, FileNotFoundError | PermissionError) and error.filename == self._program():
                raise SshMissing(where=self.where, program=error.filename) from error
            raise TargetUnreachable(where=self.where, reason=type(error).__name__) from error

    def _hung_up(self, error: HangupException) -> TargetTrouble:
        """Over SSH the server, or ssh itself, says why and hangs up."""
        told = str(error).lower()
        if "denied" in told or "403" in told:
            return TargetRefused(where=self.where, settings=self._openers)
        said = _last(error.stderr_lines or ())
        return SshFailed(where=self.where, said=said) if said else TargetHungUp(where=self.where)

    @property
    def _openers(self) -> str:
        """The settings that open the repository."""
        over_http = self._remote.url.startswith(_HTTP)
        return "PAGES_GIT, PAGES_GIT_USER, PAGES_GIT_TOKEN" if over_http else "PAGES_GIT, PAGES_GIT_SSH"

    def _program(self) -> str | None:
        """The program for SSH, None where its line cannot be read."""
        try:
            return shlex.split(self._remote.ssh)[0]
        except (ValueError, IndexError):
            return None


def _last(lines: Sequence[bytes]) -> str:
    """The last line that says anything, so much of it as may stand in a sentence; empty if none does."""
    told = (line.decode("utf-8", "replace") for line in reversed(lines))
    said = next(filter(None, ("".join(filter(str.isprintable, line)).strip() for line in told)), "")
    return said[:_MOST_SAID].rstrip(".")


def _push_nothing(_refs: dict[Ref, ObjectID]) -> dict[Ref, ObjectID]:
    return {}


def _no_pack(*_args: object, **_kwargs: object) -> tuple[int, Iterator[UnpackedObject]]:
    return 0, iter(())


def _paths(text: bytes) -> Iterator[str]:
    """The paths of a list; a line that somebody edited names nothing of ours."""
    for line in text.splitlines():
        try:
            path = json.loads(line)
        except ValueError:
            continue
        if isinstance(path, str):
            yield path
