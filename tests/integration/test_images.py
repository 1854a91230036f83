"""Images of comments from Slack to the pages: what is fetched, by which token, for whom, and until when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from image_bytes import attached, drawn, picture
from loopback import LoopbackServer, Quiet
from stored import ANYBODY, DAY, DIRECT, MINUTE, NOW, PUBLIC, SECRET, TEAM, message, paper, settle, share

from bot.fetching_images import SCOPES_KNOWN, FetchingImages
from bot.slack_files import SlackFiles
from bot.slack_trouble import SlackTrouble
from papers.brief import brief_of
from papers.images import MOST_BYTES, Attached, FileUnavailable
from papers.note import Channel, ChannelKind, Image
from papers.nudges import Job
from papers.shelf import Shelf
from publishing.pictures import develop
from storage.shelves import StoredShelves

TOKEN = "xoxb-hunter2"


class Files(LoopbackServer):
    """A server for files that remembers what it was asked, with which token."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.answers: dict[str, tuple[bytes, int, str, dict[str, str]]] = {}
        files = self

        class Handler(Quiet):
            def do_GET(self) -> None:
                files.asked.append((self.path, self.headers.get("Authorization", "")))
                body, status, kind, headers = files.answers.get(self.path, (b"", 404, "", {}))
                self.answer(body, status, kind, **headers)

        super().__init__(Handler)

    def say(self, path: str, body: bytes = b"", status: int = 200, kind: str = "image/png", **headers: str) -> str:
        self.answers[path] = (body, status, kind, headers)
        return self.origin + path


def test_a_file_is_asked_for_with_the_token_and_only_of_slack_itself() -> None:
    with Files() as slack, Files() as other:
        fetch = SlackFiles(TOKEN, f"{slack.origin}/api/")
        assert fetch(slack.say("/a", b"bytes")) == b"bytes"
        slack.say("/moved", status=302, Location="/a")
        assert fetch(f"{slack.origin}/moved") == b"bytes"
        assert {token for _, token in slack.asked} == {f"Bearer {TOKEN}"}
        away = other.say("/b", b"bytes")
        slack.say("/away", status=302, Location=away)
        slack.say("/round", status=302, Location="/round")
        slack.say("/file", status=302, Location="file:///etc/passwd")
        port = slack.origin.rpartition(":")[2]
        for url in (
            away,
            f"{slack.origin}/away",
            f"{slack.origin}/round",
            f"{slack.origin}/file",
            f"http://user@127.0.0.1:{port}/a",
            f"http://x.127.0.0.1.example.org:{port}/a",
            "file:///etc/passwd",
            "https://files.slack.com/a",
            "http://127.0.0.1:port/a",
            "",
        ):
            with pytest.raises(FileUnavailable):
                fetch(url)
        assert other.asked == []


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://files.slack.com/a", True),
        ("https://slack.com/a", True),
        ("http://files.slack.com/a", False),
        ("https://files.slack.com:8443/a", False),
        ("https://slack.com.example.org/a", False),
        ("https://evilslack.com/a", False),
        ("https://files.slack.com@example.org/a", False),
    ],
)
def test_the_token_goes_to_slacks_own_hosts(url: str, known: bool) -> None:
    assert SlackFiles(TOKEN, "https://slack.com/api/").trusts(url) is known


def test_refusals_say_when_to_try_again_if_ever() -> None:
    with Files() as slack:
        fetch = SlackFiles(TOKEN, f"{slack.origin}/api/")
        html = "text/html; charset=utf-8"
        told = {
            slack.say("/in", b"<title>Sign in</title>", kind=html): timedelta(minutes=10),
            slack.say("/gone", status=404): None,
            slack.say("/busy", status=429, Retry_After="77"): timedelta(seconds=77),
            slack.say("/down", status=503): timedelta(minutes=10),
            slack.say("/large", b"x" * (MOST_BYTES + 1)): None,
            "http://127.0.0.1:9/": None,
        }
        for url, after in told.items():
            with pytest.raises(FileUnavailable) as refused:
                fetch(url)
            assert refused.value.after == after, url


def comment(shelf: Shelf, channel: str, ts: str, *images: Attached, text: str = "", number: int = 1) -> int:
    """A paper shared in a channel, and a reply with images. Returns the note."""
    note_id = share(shelf, paper(number), channel, f"{ts}.0")
    where = message(channel, f"{ts}.1", f"{ts}.0")
    shelf.notes.comment(note_id, where.origin, "U2", channel, where, text, NOW, images)
    return note_id


def shown(shelf: Shelf) -> list[str]:
    """The images of all notes, as anybody is told them by any way."""
    found = sorted(
        {one.name for note in shelf.notes.select(ANYBODY) for said in note.comments for one in said.images}
    )
    assert sorted({name for brief in shelf.pages.briefs(TEAM) for name in brief.images}) == found
    assert {brief_of(note) for note in shelf.notes.select(ANYBODY)} == set(shelf.pages.briefs(TEAM))
    assert all(shelf.images.published(TEAM, name) for name in found)
    return found


def fetch_all(shelves: StoredShelves) -> int:
    """Fetch what is wanted; the n-th image is called n. Returns how many there were."""
    with shelves.writing() as shelf:
        count = 0
        while wanted := shelf.images.claim(NOW + DAY, MINUTE):
            count += 1
            shelf.images.keep(wanted, picture(wanted.id))
        assert not shelf.images.waiting(NOW + DAY)
        return count


def close(shelf: Shelf) -> None:
    shelf.directory.store_channel(TEAM, Channel(PUBLIC, "p", ChannelKind.PRIVATE), NOW)


def test_images_of_public_comments_alone_are_fetched_and_shown(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        comment(shelf, PUBLIC, "1", attached(1, "One"), attached(2), attached(3), Attached("F9", ""), text="plots")
        for number, channel in enumerate((SECRET, DIRECT), start=2):
            comment(shelf, channel, str(number), attached(3 + number), number=1)
        before = shelf.directory.workspace(TEAM)
    assert fetch_all(shelves) == 3
    with shelves.reading() as shelf:
        (note,) = shelf.notes.select(ANYBODY)
        (said,) = note.comments
        assert said.images[0] == Image(picture(1).name, 640, 400, "One")
        assert shown(shelf) == [picture(number).name for number in (1, 2, 3)]
        assert shelf.images.published(TEAM, picture(1).name) == picture(1).body
        assert shelf.images.published("T2", picture(1).name) is None
        after = shelf.directory.workspace(TEAM)
        assert before and after and after.change > before.change
        assert shelf.pages.touched(TEAM, before.change, 5) == (note.id,)


@pytest.mark.parametrize("way", ["close", "withdraw"])
def test_what_nobody_may_see_any_longer_is_dropped_and_fetched_again_if_they_may(
    shelves: StoredShelves, way: str
) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        comment(shelf, PUBLIC, "1", attached(1))
        comment(shelf, "C_OTHER", "2", attached(2), number=2)
        shelf.directory.store_channel(TEAM, Channel("C_OTHER", "other", ChannelKind.PUBLIC), NOW)
    assert fetch_all(shelves) == 2
    with shelves.writing() as shelf:
        if way == "close":
            close(shelf)
        else:
            shelf.notes.withdraw(message(PUBLIC, "1.0"), NOW)
        assert shown(shelf) == [picture(2).name]
        assert shelf.images.published(TEAM, picture(1).name) is None
        assert len(shelf.images.unseen(TEAM, -1, 10)) == 1
        shelf.images.let_go([1, 2], NOW)  # one of which is seen
        assert shelf.images.unseen(TEAM, -1, 10) == ()
        assert shown(shelf) == [picture(2).name]
    assert fetch_all(shelves) == 0
    with shelves.writing() as shelf:
        shelf.directory.store_channel(TEAM, Channel(PUBLIC, "p", ChannelKind.PUBLIC), NOW)
        share(shelf, paper(1), PUBLIC, "1.0")
    assert fetch_all(shelves) == 1


def test_images_go_with_their_comment_their_file_their_member_and_their_workspace(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        for number in range(1, 6):
            comment(shelf, PUBLIC, str(number), attached(number), attached(9), number=number)
        comment(shelf, PUBLIC, "6", attached(6), number=6)
        comment(shelf, PUBLIC, "7", attached(7), text="words", number=7)
    assert fetch_all(shelves) == 12
    with shelves.writing() as shelf:
        shelf.notes.delete_comments(message(PUBLIC, "1.1"))
        assert len(shown(shelf)) == 10
        assert shelf.notes.edit_comments(message(PUBLIC, "2.1"), "", [attached(9)]) == (2,)
        assert len(shown(shelf)) == 9
        assert shelf.notes.edit_comments(message(PUBLIC, "3.1"), "words", [attached(3), attached(9)]) == (3,)
        assert len(shown(shelf)) == 9
        # Of a comment without words nothing is left but its image.
        assert shelf.images.lose(TEAM, "F6") == (6,) and shelf.images.lose(TEAM, "F7") == (7,)
        assert shelf.images.lose(TEAM, "F6") == shelf.images.lose("T2", "F9") == ()
        talk = {note.id: [said.text for said in note.comments] for note in shelf.notes.select(ANYBODY)}
        assert (talk[6], talk[7], talk[4]) == ([], ["words"], [""])
        assert shelf.images.lose(TEAM, "F9") == (2, 3, 4, 5)
        assert len(shown(shelf)) == 3
    with shelves.writing() as shelf:
        shelf.oblivion.forget(TEAM, "U2", NOW)
        assert shown(shelf) == []
        comment(shelf, PUBLIC, "8", attached(8), number=8)
    assert fetch_all(shelves) == 1
    with shelves.writing() as shelf:
        shelf.oblivion.forget_workspace(TEAM)
        assert shelf.images.unseen(TEAM, -1, 10) == () and not shelf.images.waiting(NOW + DAY)


def test_an_image_is_in_one_hand_at_a_time_and_comes_late_to_nothing(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        comment(shelf, PUBLIC, "1", attached(1))
        wanted = shelf.images.claim(NOW, MINUTE)
        assert wanted and wanted.attempts == 1
        assert shelf.images.claim(NOW, MINUTE) is None
        again = shelf.images.claim(NOW + MINUTE, MINUTE)
        assert again and (again.id, again.attempts) == (wanted.id, 2)
        shelf.images.postpone(again, NOW + DAY)
        assert not shelf.images.waiting(NOW + MINUTE)
        shelf.notes.delete_comments(message(PUBLIC, "1.1"))
        shelf.images.keep(wanted, picture())
        assert shown(shelf) == []


class Slack:
    """What the job asks Slack, and what it is told."""

    def __init__(self) -> None:
        self.scopes: frozenset[str] | None = frozenset({"files:read"})
        self.bodies: dict[str, bytes | FileUnavailable] = {}
        self.asked = 0

    def say_scopes(self) -> frozenset[str]:
        self.asked += 1
        if self.scopes is None:
            raise SlackTrouble("down", 5, True)
        return self.scopes

    def fetch(self, url: str) -> bytes:
        found = self.bodies[url]
        if isinstance(found, FileUnavailable):
            raise found
        return found


def test_the_job_waits_for_its_scope_and_gives_up_what_is_no_image(shelves: StoredShelves) -> None:
    slack, nudged, clock = Slack(), list[Job](), [NOW]
    job = FetchingImages(shelves, slack.fetch, develop, slack.say_scopes, nudged.append, lambda: clock[0])
    with shelves.writing() as shelf:
        settle(shelf)
        comment(shelf, PUBLIC, "1", *(attached(number) for number in (1, 2, 3)))
        urls = [attached(number).url for number in (1, 2, 3)]
    later = FileUnavailable("HTTP 500", timedelta(minutes=10))
    slack.bodies = dict(zip(urls, (drawn(), b"<html>", later), strict=True))
    for scopes in (None, frozenset({"chat:write"})):
        slack.scopes = scopes
        job()
    job()
    assert slack.asked == 2 and nudged == []
    slack.scopes, clock[0] = frozenset({"files:read"}), NOW + SCOPES_KNOWN
    job()
    with shelves.reading() as shelf:
        (name,) = shown(shelf)
        assert shelf.images.published(TEAM, name) == develop(drawn()).body
        assert not shelf.images.waiting(clock[0])
        assert shelf.images.waiting(clock[0] + timedelta(minutes=10))
    assert nudged == [Job.PUBLISH_PAGES]
    for _ in range(20):
        clock[0] += DAY
        job()
    with shelves.reading() as shelf:
        assert not shelf.images.waiting(clock[0] + 9 * DAY)
    with shelves.writing() as shelf:
        close(shelf)
    job()
    with shelves.writing() as shelf:
        assert shelf.images.unseen(TEAM, -1, 10) == ()
