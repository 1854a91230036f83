"""Pages sent to a bucket and to a branch: only what differs, whole at every moment, nobody else's touched."""

from __future__ import annotations

import errno
import json
import posixpath
import random
import resource
import shlex
import shutil
import stat
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote, urlsplit

import git_server
import published
import pytest
from dulwich.objects import Blob
from dulwich.repo import Repo
from fakes import FakeClock, FakeGate
from git_server import TOKEN, GitServer
from house import running
from playground_driving import until
from published import Given, note
from s3_server import KEY_ID, SECRET, S3Server
from stored import TEAM, settle

from bot.pages import Publishing
from bot.sending import Sending
from papers.note import Workspace
from papers.stock import Stock
from papers.targets import (
    MARK,
    SendingStopped,
    Sent,
    TargetBusy,
    TargetMissing,
    TargetOccupied,
    TargetRefused,
    TargetTrouble,
    TargetUnreachable,
)
from publishing import folder
from publishing.branch import Branch, Remote
from publishing.bucket import Bucket, Way, content_type
from publishing.content import Page
from publishing.folder import LIST, LOCK, PagesMissing
from publishing.folder_changes import CHANGES
from publishing.outgoing import digest
from publishing.site import SiteBuilder
from storage.engine import connect
from storage.shelves import StoredShelves


def build(pages: Path, *numbers: int, tag: str = "日本語") -> dict[str, bytes]:
    """Publish these notes into the folder; what stands there then."""
    builder = SiteBuilder(published.TEMPLATES / "site", published.wording())
    notes = [note(number, tags=("LLM", tag)) for number in numbers]
    folder.write(pages, builder.build(published.content(""), Given(notes)))
    found = (file for file in pages.rglob("*") if file.is_file() and file.name not in (LIST, LOCK, CHANGES))
    return {file.relative_to(pages).as_posix(): file.read_bytes() for file in found}


def nothing() -> None:
    """Nobody wants to know that this is alive."""


class Links(HTMLParser):
    """Where a page leads within the site."""

    def __init__(self, path: str, body: bytes) -> None:
        super().__init__()
        self._path = path
        self.targets: set[str] = set()
        self.feed(body.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            parts = urlsplit(value or "")
            if name in ("href", "src") and parts.path and not parts.netloc:
                found = posixpath.join("/", posixpath.dirname(self._path), unquote(parts.path))
                self.targets.add(posixpath.normpath(found).lstrip("/"))


def dead_links(site: Mapping[str, bytes], begin: set[str]) -> set[str]:
    """Where one comes to nothing who reads on from these pages."""
    dead, seen, waiting = set(), set(begin), list(begin)
    while waiting:
        path = waiting.pop()
        if path not in site:
            dead.add(path)
        elif path.endswith(".html"):
            new = Links(path, site[path]).targets - seen
            seen |= new
            waiting += new
    return dead


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Server]:
    with S3Server() as server:
        yield server


@pytest.fixture
def name(s3: S3Server) -> str:
    made = uuid.uuid4().hex
    s3.behave()
    s3.client.create_bucket(Bucket=made)
    s3.writes.clear()
    return made


def bucket(s3: S3Server, name: str, pages: Path) -> Bucket:
    return Bucket(pages, Way(f"s3://{name}", s3.url, key_id=KEY_ID, secret=SECRET))


def held(s3: S3Server, name: str) -> dict[str, bytes]:
    return {path: stored.body for path, stored in s3.objects(name).items() if path != MARK}


def test_a_bucket_gets_what_differs_as_what_it_is_and_loses_what_is_gone(
    s3: S3Server, name: str, tmp_path: Path
) -> None:
    site, target = build(tmp_path, 1, 2), bucket(s3, name, tmp_path)
    assert target.behind() == len(site)
    assert target.send(nothing) == Sent(len(site))
    assert held(s3, name) == site
    kinds = {path: one.kind.partition(";")[0] for path, one in s3.objects(name).items()}
    assert (kinds["index.html"], kinds["style.css"], kinds["search.js"]) == (
        "text/html",
        "text/css",
        "text/javascript",
    )
    assert (kinds["feed.xml"], kinds["feed.json"], kinds["tags/日本語.md"]) == (
        "application/atom+xml",
        "application/feed+json",
        "text/markdown",
    )
    assert content_type("people/f00d.json") == "application/feed+json"
    assert content_type("tags/日本語.json") == "application/json"
    assert {one.cached for path, one in s3.objects(name).items() if path != MARK} == {"max-age=60"}
    s3.writes.clear()
    assert bucket(s3, name, tmp_path).send(nothing) == Sent()
    assert s3.writes == []
    s3.client.put_object(Bucket=name, Key="logo.png", Body=b"not ours")
    s3.client.delete_object(Bucket=name, Key="style.css")
    after = build(tmp_path, 1, 3, tag="Other")
    differing = {path for path in after if after[path] != site.get(path)}
    # What somebody took away is noticed when a process looks for the first time.
    other = bucket(s3, name, tmp_path)
    assert other.send(nothing) == Sent(len(differing) + 1, len(site.keys() - after.keys()))
    assert held(s3, name) == {**after, "logo.png": b"not ours"}
    assert other.behind() == 0


def test_pages_that_somebody_removed_from_the_folder_stay_where_they_were_sent(
    s3: S3Server, name: str, tmp_path: Path
) -> None:
    site, target = build(tmp_path, 1, 2), bucket(s3, name, tmp_path)
    target.send(nothing)
    shutil.rmtree(tmp_path / "papers")
    with pytest.raises(PagesMissing):
        target.send(nothing)
    assert not folder.stands(tmp_path), "so that all is written anew"
    assert target.send(nothing) == Sent()
    assert held(s3, name) == site
    assert build(tmp_path, 1, 2) == site
    assert target.send(nothing) == Sent()


def test_the_list_in_a_bucket_names_nothing_and_who_reads_it_removes_what_is_gone_all_the_same(
    s3: S3Server, name: str, tmp_path: Path
) -> None:
    site, target, idle = build(tmp_path, 1, 2, tag="Zeus"), bucket(s3, name, tmp_path), bucket(s3, name, tmp_path)
    target.send(nothing)
    idle.send(nothing)
    s3.refuse_from(2, "503 Slow Down")
    after = build(tmp_path, 1, tag="Other")
    with pytest.raises(TargetTrouble):
        target.send(nothing)
    s3.behave()
    for sender in (target, idle):
        told = s3.objects(name)[MARK].body.lower()
        assert b"zeus" not in told and b"tags" not in told and b".html" not in told
        sender.send(nothing)
        assert held(s3, name) == after
    assert site.keys() - after.keys()
    # Another process sends; this one knows what that sent by the list alone.
    again = build(tmp_path, 1, tag="Zeus")
    idle.send(nothing)
    assert held(s3, name) == again
    after = build(tmp_path, 1, tag="Other")
    assert target.send(nothing).removed == len(again.keys() - after.keys())
    assert held(s3, name) == after


def test_a_list_of_an_older_fusen_is_understood(s3: S3Server, name: str, tmp_path: Path) -> None:
    site = build(tmp_path, 1, 2)
    bucket(s3, name, tmp_path).send(nothing)
    older = {"form": 1, "files": {path: digest(body) for path, body in site.items()}}
    s3.client.put_object(Bucket=name, Key=MARK, Body=json.dumps(older, ensure_ascii=False).encode())
    assert bucket(s3, name, tmp_path).send(nothing) == Sent()
    after = build(tmp_path, 1, 3, tag="Other")
    differing = [path for path in after if after[path] != site.get(path)]
    assert bucket(s3, name, tmp_path).send(nothing) == Sent(len(differing), len(site.keys() - after.keys()))
    assert held(s3, name) == after
    assert "日本語" not in s3.objects(name)[MARK].body.decode()


@pytest.mark.parametrize("seed", range(3))
def test_whatever_request_fails_readers_see_whole_pages_and_the_next_sending_completes_it(
    s3: S3Server, name: str, tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    old, target = build(tmp_path, 1, 2, tag="Old"), bucket(s3, name, tmp_path)
    target.send(nothing)
    new = build(tmp_path, 2, 3, tag="New")
    puts = len([path for path in new if old.get(path) != new[path]])
    # Before them and after them the list is written, and all removals are one request.
    first, last = seed * (puts + 3) // 3, (seed + 1) * (puts + 3) // 3
    s3.refuse_from(dice.randrange(first, last), dice.choice(["503 Slow Down", "403 Forbidden", "500 Oops"]))
    with pytest.raises(TargetTrouble):
        target.send(nothing)
    s3.behave()
    site = held(s3, name)
    pages = {path for path in (old.keys() | new.keys()) & site.keys() if path in old or path == "index.html"}
    assert pages and dead_links(site, pages) == set()
    if seed % 2:  # somebody tags and untags meanwhile
        new = build(tmp_path, 1, 2, tag="Old")
    assert bucket(s3, name, tmp_path).send(nothing) != Sent()
    assert held(s3, name) == new
    assert dead_links(new, {"index.html"}) == set()


def test_what_is_somebody_elses_or_not_there_or_closed_is_told_without_a_secret(
    s3: S3Server, name: str, tmp_path: Path
) -> None:
    build(tmp_path, 1)
    target = bucket(s3, name, tmp_path)
    s3.client.put_object(Bucket=name, Key="index.html", Body=b"mine")
    with pytest.raises(TargetOccupied, match=r"\.fusen-pages"):
        target.send(nothing)
    assert held(s3, name) == {"index.html": b"mine"}
    with pytest.raises(TargetMissing):
        bucket(s3, "no-such-bucket", tmp_path).send(nothing)
    s3.client.put_object(Bucket=name, Key=MARK, Body=b"")  # says that Fusen may come
    s3.refuse_from(0, "403 Forbidden")
    with pytest.raises(TargetRefused) as refused:
        target.behind()
    s3.behave()
    gone = Bucket(tmp_path, Way(f"s3://{name}", "http://127.0.0.1:9", key_id=KEY_ID, secret=SECRET))
    with pytest.raises(TargetUnreachable) as unreachable:
        gone.send(nothing)
    told = (
        f"{refused.value} {unreachable.value} {unreachable.value.sentence('ja')} {Way('s3://x', secret=SECRET)!r}"
    )
    assert "hunter2" not in (told + target.where + repr(Remote("/r", "b", token=TOKEN))).lower()


# Git


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, GitServer]]:
    here = tmp_path_factory.mktemp("hosted")
    with GitServer(here) as server:
        yield here, server


@pytest.fixture(params=["disk", "http", "ssh"])
def remote(request: pytest.FixtureRequest, hosted: tuple[Path, GitServer], tmp_path: Path) -> tuple[Path, Remote]:
    """A bare repository and the way to it."""
    here, server = hosted
    name = f"{uuid.uuid4().hex}.git"
    repository = git_server.bare(here / name)
    if request.param == "disk":
        return repository, Remote(str(repository), "gh-pages")
    if request.param == "http":
        return repository, Remote(f"{server.url}/{name}", "gh-pages", "x-access-token", TOKEN)
    # As the other side of SSH does: it runs the command that comes last.
    ssh = tmp_path / "ssh"
    ssh.write_text('#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n')
    ssh.chmod(0o755)
    return repository, Remote(f"ssh://git@host.example{repository}", "gh-pages", ssh=shlex.quote(str(ssh)))


def test_a_branch_gets_one_commit_with_what_differs_and_keeps_what_is_not_ours(
    remote: tuple[Path, Remote], tmp_path: Path
) -> None:
    repository, way = remote
    git_server.commit(repository, "main", **{"README.md": "the code"})
    pages, cache = tmp_path / "pages", tmp_path / "cache.git"
    site, target = build(pages, 1, 2), Branch(pages, way, cache)
    assert target.behind() == len(site)
    assert target.send(nothing) == Sent(len(site))
    assert target.send(nothing) == Sent()
    git_server.commit(repository, "gh-pages", CNAME="papers.example.org\n")
    after = build(pages, 1, 3, tag="Other")
    gone = len(site.keys() - after.keys())
    # Another machine, whose cache is empty, does the same.
    target = Branch(pages, way, tmp_path / "other.git", 0o700)
    assert target.send(nothing) == Sent(len([path for path in after if after[path] != site.get(path)]), gone)
    found = git_server.files(repository, "gh-pages")
    listed = found.pop(MARK)
    assert found == {**after, "CNAME": b"papers.example.org\n"}
    assert len(listed.splitlines()) == len(after)
    assert git_server.git(repository, "rev-list", "--count", "gh-pages").strip() == "3"
    assert git_server.files(repository, "main") == {"README.md": b"the code"}
    assert target.behind() == 0
    assert stat.S_IMODE((tmp_path / "other.git").stat().st_mode) == 0o700
    git_server.git(repository, "fsck", "--strict")


def packs(cache: Path) -> list[Path]:
    return list(cache.glob("objects/pack/*.pack"))


def test_a_branch_is_pushed_to_for_years_with_few_open_files(tmp_path: Path) -> None:
    branch = git_server.bare(tmp_path / "papers.git")
    pages, cache = tmp_path / "pages", tmp_path / "cache.git"
    way = Remote(str(branch), "site")
    build(pages, 1)
    Branch(pages, way, cache).send(nothing)
    target = Branch(pages, way, cache)
    for number in range(5):
        folder.write(pages, [Page("index.html", b"%d" % number)])
        target.send(nothing)
    assert len(packs(cache)) <= 2  # one for each start

    # An older Fusen made one of each sending.
    for number in range(200):
        with Repo(str(cache)) as kept:
            kept.object_store.add_objects([(Blob.from_string(b"old %d" % number), None)])
    assert len(packs(cache)) > 200
    folder.write(pages, [Page("index.html", b"anew")])
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(list(Path("/dev/fd").iterdir())) + 100, limits[1]))
    try:
        assert Branch(pages, way, cache).send(nothing).put == 1
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert git_server.files(branch, "site")["index.html"] == b"anew"


def test_where_too_few_files_may_be_open_what_is_kept_of_a_branch_is_made_anew(tmp_path: Path) -> None:
    branch = git_server.bare(tmp_path / "papers.git")
    pages, cache = tmp_path / "pages", tmp_path / "cache.git"
    build(pages, 1)
    way = Remote(str(branch), "site")

    class Exhausted(Branch):
        def _tip(self, repository: Repo) -> NoReturn:
            raise OSError(errno.EMFILE, "Too many open files")

    Branch(pages, way, cache).send(nothing)
    assert cache.exists()
    with pytest.raises(TargetUnreachable):
        Exhausted(pages, way, cache).behind()
    assert not cache.exists()
    assert Branch(pages, way, cache).behind() == 0


def test_who_pushes_at_the_same_moment_loses_nothing(hosted: tuple[Path, GitServer], tmp_path: Path) -> None:
    here, server = hosted
    repository = git_server.bare(here / "raced.git")
    pages = tmp_path / "pages"
    target = Branch(
        pages, Remote(f"{server.url}/raced.git", "gh-pages", "x-access-token", TOKEN), tmp_path / "c.git"
    )
    build(pages, 1)
    target.send(nothing)
    git_server.commit(repository, "faster", **git_text(repository))
    # While ours arrives, the branch moves, once.
    hook = repository / "hooks" / "pre-receive"
    hook.write_text(
        "#!/bin/sh\n[ -e raced ] && exit 0\ntouch raced\nunset GIT_QUARANTINE_PATH\n"
        "git update-ref refs/heads/gh-pages refs/heads/faster\n"
    )
    hook.chmod(0o755)
    after = build(pages, 1, 2)
    target.send(nothing)
    found = git_server.files(repository, "gh-pages")
    assert (repository / "raced").exists()
    assert found.pop("by-hand") == b"faster"
    assert {path: body for path, body in found.items() if path != MARK} == after


def git_text(repository: Path) -> dict[str, str]:
    """What stands on the branch, and a file of somebody else's."""
    there = git_server.files(repository, "gh-pages")
    return {**{path: body.decode() for path, body in there.items()}, "by-hand": "faster"}


def test_a_branch_that_is_not_ours_or_closed_is_left_as_it_is(
    hosted: tuple[Path, GitServer], tmp_path: Path
) -> None:
    here, server = hosted
    repository = git_server.bare(here / "closed.git")
    pages = tmp_path / "pages"
    build(pages, 1)
    git_server.commit(repository, "main", **{"index.html": "the code"})
    ours = Remote(f"{server.url}/closed.git", "main", "x-access-token", TOKEN)
    with pytest.raises(TargetOccupied):
        Branch(pages, ours, tmp_path / "a.git").send(nothing)
    with pytest.raises(TargetRefused) as refused:
        Branch(pages, Remote(ours.url, "site", "x-access-token", "hunter2-wrong"), tmp_path / "b.git").send(
            nothing
        )
    assert "hunter2" not in str(refused.value)
    with pytest.raises(TargetMissing):
        Branch(pages, Remote(f"{server.url}/none.git", "site", ours.user, TOKEN), tmp_path / "c.git").behind()
    hook = repository / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho protected >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(TargetRefused):
        Branch(pages, Remote(ours.url, "site", ours.user, TOKEN), tmp_path / "d.git").send(nothing)
    assert git_server.files(repository, "main") == {"index.html": b"the code"}


def trouble_over_ssh(tmp_path: Path, ssh: str) -> TargetTrouble:
    way = Remote("git@host.example:lab/papers.git", "site", token="hunter2", ssh=ssh)
    with pytest.raises(TargetUnreachable) as caught:
        Branch(tmp_path / "pages", way, tmp_path / "c.git").behind()
    return caught.value


def test_what_ssh_says_last_is_handed_on_in_both_languages(tmp_path: Path) -> None:
    ssh = tmp_path / "ssh"
    ssh.write_text(
        "#!/bin/sh\nprintf 'No host key is known.\\r\\n\\033[1mHost key verification failed.\\r\\n\\n' >&2\n"
        "exit 255\n"
    )
    ssh.chmod(0o755)
    trouble = trouble_over_ssh(tmp_path, shlex.quote(str(ssh)))
    assert "papers.git (site) now. ssh says: [1mHost key verification failed. What is there" in str(trouble)
    assert "Host key verification failed" in trouble.sentence("ja") and "ssh のメッセージ" in trouble.sentence(
        "ja"
    )
    ssh.write_text("#!/bin/sh\nexit 255\n")
    trouble = trouble_over_ssh(tmp_path, shlex.quote(str(ssh)))
    assert "it hung up" in str(trouble) and "hung" not in trouble.sentence("ja")


@pytest.mark.parametrize("ssh", ["no-such-ssh -i /key", "'ssh -i /key'", "/dev/null"])
def test_a_program_for_ssh_that_is_not_there_is_told_by_its_name_in_both_languages(
    tmp_path: Path, ssh: str
) -> None:
    trouble = trouble_over_ssh(tmp_path, ssh)
    program = shlex.split(ssh)[0]
    assert f"The program of PAGES_GIT_SSH is not there ({program})" in str(trouble)
    assert f"PAGES_GIT_SSH のプログラム ({program})" in trouble.sentence("ja")


# The job


class Place:
    """A place that does what a test wants, and notes what was asked of it."""

    name, where, pause = "bucket", "a place", 0.0

    def __init__(self, then: Callable[[], object] = nothing) -> None:
        self.sendings = 0
        self.then = then

    def send(self, alive: Callable[[], object]) -> Sent:
        alive()
        self.sendings += 1
        self.then()
        return Sent(1)

    def behind(self) -> int:
        return 0


@pytest.fixture
def shelves(sqlite_url: str) -> Iterator[StoredShelves]:
    database = connect(sqlite_url)
    made = StoredShelves(database)
    with made.writing() as shelf:
        settle(shelf)
    yield made
    database.close()


def publishing(shelves: StoredShelves) -> Publishing:
    def write(_workspace: Workspace, _stock: Stock, _changed: object) -> str:
        return ""

    return Publishing(shelves, write)


def refuse() -> None:
    raise TargetUnreachable(where="a place", reason="it is away")


def test_each_place_is_brought_up_to_date_once_and_again_only_after_a_change(shelves: StoredShelves) -> None:
    pages, place, told = publishing(shelves), Place(), list[tuple[str, Sent]]()
    sending = Sending([place], pages, FakeGate(), threading.Event(), lambda name, sent: told.append((name, sent)))
    for _ in range(3):
        sending()
    assert (place.sendings, told, sending.late()) == (1, [("bucket", Sent(1))], {"bucket": 0.0})
    pages.publish(Workspace(TEAM))
    sending()
    assert place.sendings == 2


def test_only_one_process_sends_and_the_other_makes_up_for_it_later(shelves: StoredShelves) -> None:
    gate, stopped, other = FakeGate(), threading.Event(), Place()
    second = Sending([other], publishing(shelves), gate, stopped)

    def meanwhile() -> None:
        second()
        assert other.sendings == 0
        with pytest.raises(TargetBusy):
            second.now()

    Sending([Place(meanwhile)], publishing(shelves), gate, stopped)()
    second()
    assert other.sendings == 1


def test_a_place_that_fails_is_left_alone_for_a_while_and_holds_up_no_other(shelves: StoredShelves) -> None:
    clock = FakeClock()
    pages, gate = publishing(shelves), FakeGate(clock)
    broken, well = Place(refuse), Place()
    well.name = "branch"
    sending = Sending([broken, well], pages, gate, threading.Event())
    pauses = []
    for _ in range(9):
        with pytest.raises(TargetUnreachable):
            sending()
        pauses.append(gate.state("pages:bucket")[0])
        sending()  # it is left alone, by another process too
        Sending([broken], pages, gate, threading.Event())()
        clock.sleep(pauses[-1])
    assert (broken.sendings, well.sendings) == (9, 1)
    assert [round(pause) for pause in pauses] == [10, 20, 40, 80, 160, 320, 640, 900, 900]
    assert sending.late()["bucket"] > 0 == sending.late()["branch"]
    broken.then = nothing
    sending()
    assert (broken.sendings, gate.state("pages:bucket"), sending.late()["bucket"]) == (10, (0.0, 0), 0.0)


def test_a_stop_breaks_a_sending_off_without_blame(shelves: StoredShelves) -> None:
    gate, stopped, place = FakeGate(), threading.Event(), Place()
    stopped.set()
    Sending([place], publishing(shelves), gate, stopped)()
    with pytest.raises(SendingStopped):
        Sending([place], publishing(shelves), FakeGate(), stopped).now()
    assert place.sendings == 0
    assert gate.state("pages:bucket")[1] == 0


def test_what_people_share_stands_in_the_branch_a_moment_later(tmp_path: Path) -> None:
    hosted = git_server.bare(tmp_path / "hosted.git")
    places = {"PAGES_GIT": str(hosted), "PAGES_GIT_CACHE": str(tmp_path / "cache.git")}
    with running(tmp_path, f"sqlite:///{tmp_path}/fusen.db", **places) as house:
        house.paste("https://arxiv.org/abs/2306.00001")
        until(lambda: git_server.git(hosted, "for-each-ref", "refs/heads/gh-pages"))
        assert "index.html" in git_server.files(hosted, "gh-pages")
