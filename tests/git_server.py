"""A git repository that one pushes to as to a hosted one: over HTTP with a password, or over SSH in name."""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from loopback import ADDRESS, Serving
from s3_server import Quiet
from werkzeug.serving import make_server

TOKEN = "hunter2-token"


def git(repository: Path, *arguments: str, stdin: bytes = b"") -> str:
    """What git says."""
    who = {
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@b",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@b",
    }
    done = subprocess.run(
        ["git", "--git-dir", str(repository), *arguments],
        input=stdin,
        capture_output=True,
        check=True,
        env={**os.environ, **who, "GIT_CONFIG_NOSYSTEM": "1"},
    )
    return done.stdout.decode("utf-8", "surrogateescape")


def bare(folder: Path) -> Path:
    """A new bare repository."""
    subprocess.run(["git", "init", "--quiet", "--bare", str(folder)], check=True)
    git(folder, "config", "http.receivepack", "true")
    return folder


def files(repository: Path, branch: str) -> dict[str, bytes]:
    """The files of a branch."""
    listed = git(repository, "ls-tree", "-r", "-z", branch).split("\0")
    found = {}
    for line in filter(None, listed):
        about, _, path = line.partition("\t")
        name = about.split()[2]
        found[path] = subprocess.run(
            ["git", "--git-dir", str(repository), "cat-file", "blob", name], capture_output=True, check=True
        ).stdout
    return found


def commit(repository: Path, branch: str, **texts: str) -> None:
    """Somebody else's commit on top of the branch, with these files and all that were there."""
    lines = []
    there = git(repository, "for-each-ref", f"refs/heads/{branch}")
    if there:
        lines = git(repository, "ls-tree", "-r", branch).splitlines(keepends=True)
    for path, text in texts.items():
        name = git(repository, "hash-object", "-w", "--stdin", stdin=text.encode()).strip()
        lines.append(f"100644 blob {name}\t{path}\n")
    index = repository / "index.other"
    index.unlink(missing_ok=True)
    environment = {**os.environ, "GIT_INDEX_FILE": str(index)}
    subprocess.run(
        ["git", "--git-dir", str(repository), "update-index", "--index-info"],
        input="".join(lines).encode("utf-8", "surrogateescape"),
        env=environment,
        check=True,
    )
    tree = subprocess.run(
        ["git", "--git-dir", str(repository), "write-tree"], env=environment, check=True, capture_output=True
    ).stdout.decode()
    parents = ["-p", branch] if there else []
    made = git(repository, "commit-tree", tree.strip(), *parents, "-m", "by hand").strip()
    git(repository, "update-ref", f"refs/heads/{branch}", made)


def _body(environ: WSGIEnvironment) -> bytes:
    whole = bool(environ.get("wsgi.input_terminated"))  # sent in chunks
    length = -1 if whole else int(environ.get("CONTENT_LENGTH") or 0)
    body: bytes = environ["wsgi.input"].read(length)
    return body


class GitServer(Serving):
    """Serves the repositories of a folder by git's own program, to whoever knows the password."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        super().__init__(make_server(ADDRESS, 0, self._serve, threaded=True, request_handler=Quiet))
        self.url = self.origin

    def _serve(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        given = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Basic ")
        if base64.b64decode(given or b"") != f"x-access-token:{TOKEN}".encode():
            refusal = [("WWW-Authenticate", 'Basic realm="git"'), ("Content-Length", "0")]
            start_response("401 Unauthorized", refusal)
            return [b""]
        passed = ("REQUEST_METHOD", "QUERY_STRING", "CONTENT_TYPE", "PATH_INFO", "HTTP_CONTENT_ENCODING")
        done = subprocess.run(
            ["git", "http-backend"],
            input=_body(environ),
            capture_output=True,
            check=True,
            env={
                **os.environ,
                **{name: environ[name] for name in passed if name in environ},
                "GIT_PROJECT_ROOT": str(self._folder),
                "GIT_HTTP_EXPORT_ALL": "1",
                "REMOTE_USER": "somebody",
                "GIT_PROTOCOL": environ.get("HTTP_GIT_PROTOCOL", ""),
            },
        )
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().splitlines())
        headers["Content-Length"] = str(len(body))
        start_response(headers.pop("Status", "200 OK"), list(headers.items()))
        return [body]
