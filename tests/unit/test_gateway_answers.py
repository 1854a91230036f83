"""What arXiv's answers are taken for: above all, no outage is ever taken for "no such paper"."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import arxiv
import pytest
from arxiv_feed import FeedPaper, error_feed, made_up, new_feed
from hypothesis import given
from hypothesis import strategies as st
from real_data import REAL_DATA, needs_real_data

from arxiv_api.answers import open_feed, open_reply, record_of, sort_answer
from arxiv_api.gateway import query_url, user_agent
from arxiv_api.samples import SAMPLE, sample_ids, sample_records
from arxiv_api.timing import POLITE
from arxiv_api.wire import Reply, is_loopback
from arxiv_api.withdrawal import says_withdrawn
from papers.errors import SourceError, SourceRefused, SourceThrottled, SourceUnavailable
from papers.paper import ARXIV, PaperId, Record
from papers.source import Answer

RECORDINGS = Path(__file__).parents[1] / "recordings" / "arxiv"


def ids(*names: str) -> list[PaperId]:
    return [PaperId(ARXIV, name) for name in names]


def answer(body: bytes, *names: str) -> Answer:
    page = open_feed(body)
    return sort_answer(ids(*names), page, arxiv._feed.parse(page.xml).results)


def record(paper: FeedPaper) -> Record:
    (found,) = answer(new_feed([paper]), paper.id).found
    return found


def test_the_new_servers_answer_is_read_by_id_and_the_unknown_paper_is_missing() -> None:
    body = (RECORDINGS / "new_two_of_three.xml").read_bytes()
    got = answer(body, "2310.00011", "2310.99999", "hep-th/9901002")
    study, branes = got.found
    assert study == Record(
        paper_id=PaperId(ARXIV, "2310.00011"),
        version=2,
        title="A study of nothing in particular",
        abstract="Nothing is studied in particular.",
        authors=("The NIL Collaboration", "Søren Müller"),
        categories=("cs.LG", "stat.ML"),
        published=datetime(2023, 10, 1, 9, tzinfo=UTC),
        updated=datetime(2023, 11, 2, 10, tzinfo=UTC),
        comment="12 pages, accepted at Nowhere 2024",
        journal_ref="J. Nowhere 1 (2024) 1-12",
        doi="10.5555/made.up.1",
    )
    assert (branes.paper_id.id, branes.version, branes.comment) == ("hep-th/9901002", 3, None)
    assert branes.abstract == "We show that $a < b$ & more."
    assert got.missing == (PaperId(ARXIV, "2310.99999"),)


def test_the_old_servers_answer_is_unwrapped_and_its_withdrawal_seen() -> None:
    (old,) = answer((RECORDINGS / "old_one.xml").read_bytes(), "0704.0011").found
    assert old.title == "A long made-up title that the older server breaks off and wraps onto a second line"
    assert old.abstract.startswith("This paper has been withdrawn")
    assert old.categories == ("math.GT", "math.AG")
    assert old.withdrawn


def test_an_empty_feed_says_that_the_paper_is_missing() -> None:
    got = answer((RECORDINGS / "new_none.xml").read_bytes(), "2310.99999")
    assert got == Answer((), tuple(ids("2310.99999")))


NO_ANSWERS = {
    "empty": b"",
    "blank": b" \n",
    "web page": b"<!DOCTYPE html><html><body>Down for maintenance</body></html>",
    "web page in small letters": b"<!doctype html><html></html>",
    "web page without a document type": b"<html><body><p>Down</p></body></html>",
    "another feed": b"<?xml version='1.0'?><feed><entry/></feed>",
    "feed without a count": b"<feed xmlns='http://www.w3.org/2005/Atom'></feed>",
    "count that is none": new_feed([]).replace(
        b">0</opensearch:totalResults>", b">none</opensearch:totalResults>"
    ),
    "json": b'{"error": "unavailable"}',
    "plain text": b"Service temporarily unavailable",
    "entity bomb": b"<!DOCTYPE feed [<!ENTITY a 'aaaa'>]>" + new_feed([made_up("2310.00001")]),
}


@pytest.mark.parametrize("body", NO_ANSWERS.values(), ids=NO_ANSWERS.keys())
def test_what_is_no_feed_is_an_outage(body: bytes) -> None:
    with pytest.raises(SourceUnavailable):
        open_feed(body)


@given(st.integers(min_value=0))
def test_a_feed_cut_off_anywhere_is_an_outage(place: int) -> None:
    body = new_feed([made_up("2310.00001"), made_up("2310.00002")]).rstrip()
    with pytest.raises(SourceUnavailable):
        open_feed(body[: place % len(body)])


@given(st.binary(max_size=200))
def test_noise_is_never_an_answer(body: bytes) -> None:
    with pytest.raises(SourceError):
        open_feed(body)


def test_rate_exceeded_in_a_good_answers_clothes_is_a_wish_for_patience() -> None:
    with pytest.raises(SourceThrottled):
        open_reply(Reply(200, None, b"Rate exceeded.\n"))


@pytest.mark.parametrize("code", [200, 400])
def test_a_complaint_about_an_id_is_a_refusal_with_either_status(code: int) -> None:
    with pytest.raises(SourceRefused, match="incorrect id format for abc"):
        open_reply(Reply(code, None, error_feed("incorrect id format for abc", new=code == 400)))


def test_any_other_complaint_with_status_200_may_be_arxivs_own_trouble() -> None:
    with pytest.raises(SourceUnavailable):
        open_reply(Reply(200, None, error_feed("something went wrong")))


def test_status_400_with_a_body_that_nobody_can_read_is_still_a_refusal() -> None:
    with pytest.raises(SourceRefused):
        open_reply(Reply(400, None, b"Bad Request"))


@pytest.mark.parametrize(
    ("status", "retry_after", "seconds"),
    [(429, "30", 30.0), (429, None, 0.0), (429, "soon", 0.0), (503, "7", 7.0)],
)
def test_throttling_is_told_with_the_seconds_asked_for(status: int, retry_after: str, seconds: float) -> None:
    with pytest.raises(SourceThrottled) as caught:
        open_reply(Reply(status, retry_after, b"Rate exceeded."))
    assert caught.value.seconds == seconds


@pytest.mark.parametrize("status", [301, 403, 404, 500, 502, 503, 504])
def test_other_statuses_are_outages(status: int) -> None:
    with pytest.raises(SourceUnavailable, match=str(status)):
        open_reply(Reply(status, None, new_feed([])))


def test_no_wait_asked_for_is_kept_longer_than_a_day() -> None:
    assert POLITE.pause_after(1, 1e9) == 86_400


BROKEN = {
    "no day of publication": {"published": None},
    "a month that does not exist": {"published": "2024-13-01T00:00:00Z"},
    "words for a date": {"updated": "yesterday"},
    "a day before all days": {"updated": "0001-01-01T00:00:00+14:00"},
    "no title": {"title": " "},
}


@pytest.mark.parametrize("harm", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_entry_leaves_only_its_own_paper_unanswered(harm: dict) -> None:
    broken = replace(made_up("2310.00002"), **harm)
    body = new_feed([made_up("2310.00001"), broken, made_up("2310.00003")])
    got = answer(body, "2310.00001", "2310.00002", "2310.00003", "2310.00004")
    assert [r.paper_id.id for r in got.found] == ["2310.00001", "2310.00003"]
    assert got.missing == tuple(ids("2310.00004"))


def test_nothing_is_missing_while_the_list_is_not_whole() -> None:
    got = answer(new_feed([made_up("2310.00001")], total=2), "2310.00001", "2310.00002")
    assert got.missing == ()


def test_of_two_versions_the_newer_counts() -> None:
    paper = made_up("2310.00001")
    body = new_feed([replace(paper, version=4, title="New"), replace(paper, version=2, title="Old")])
    (found,) = answer(body, "2310.00001").found
    assert (found.version, found.title) == (4, "New")


def test_a_control_character_does_not_cost_the_batch() -> None:
    body = new_feed([replace(made_up("2310.00001"), abstract="a MARK b MARK c")])
    body = body.replace(b"MARK", b"\x0c", 1).replace(b"MARK", b"&#x1F;", 1).replace(b" c</", b" \xff</")
    (found,) = answer(body, "2310.00001").found
    assert found.abstract == "a b �"


@given(st.text(), st.text(), st.lists(st.text(), max_size=4))
def test_every_text_comes_through_on_one_line(title: str, abstract: str, authors: list[str]) -> None:
    paper = FeedPaper("2310.00001", title=f"T {title}", abstract=abstract, authors=tuple(authors))
    got = record(paper)
    for text in (got.title, got.abstract, *got.authors):
        assert text == " ".join(text.split())
    assert got.published.tzinfo is UTC


@pytest.mark.parametrize(
    ("comment", "abstract", "withdrawn"),
    [
        ("Withdrawn", "We study rings.", True),
        ("*withdrawn*", "", True),
        (None, "This paper has been withdrawn by the author due to an error.", True),
        ("Paper withdrawal", "", True),
        ("5 pages. Withdrawn due to an error in lemma 2", "", True),
        ("We have found a gap, hence we are withdrawing the paper", "", True),
        ("This preprint is now withdrawn", "", True),
        ("3 pages, LateX, 0 figures (NOTE: PAPER IS INCORRECT AND IS WITHDRAWN)", "", True),
        ("This paper was submitted by mistake and has now been withdrawn", "", True),
        ("This paper was accepted at a conference and was withdrawn later", "", False),
        ("The paper was under review for a year and has been withdrawn from the journal", "", False),
        ("12 pages, supersedes hep-th/9403072 which has been withdrawn", "", False),
        ("The paper is being unwithdrawn", "", False),
        ("Section 3 withdrawn from the main text", "", False),
        (None, "We model the withdrawal of cash from machines. Funds withdrawn early cost more.", False),
        (None, "", False),
    ],
)
def test_withdrawal_is_read_from_notices_about_this_paper(
    comment: str | None, abstract: str, withdrawn: bool
) -> None:
    assert says_withdrawn(comment, abstract) is withdrawn


@pytest.mark.parametrize(
    "given_url",
    [
        "http://h:81",
        "http://h:81/",
        "http://h:81/api",
        "http://h:81/api/query",
        "http://h:81/api/query?max_results=1",
    ],
)
def test_the_address_of_the_api_is_completed(given_url: str) -> None:
    assert query_url(given_url) == "http://h:81/api/query"


def test_our_name_holds_a_contact_and_cannot_break_the_header() -> None:
    assert "(+papers@example.org)" in user_agent("papers@example.org")
    assert user_agent("a@b\r\nX-Evil: 1").endswith("(+a@b)")
    assert user_agent("").startswith("Fusen/")


@pytest.mark.parametrize(
    ("url", "near"),
    [
        ("http://127.0.0.1:1/", True),
        ("http://[::1]/", True),
        ("http://localhost:80/", True),
        ("https://export.arxiv.org/", False),
        ("http://127.0.0.1.evil.example/", False),
    ],
)
def test_this_machines_own_addresses_are_known(url: str, near: bool) -> None:
    assert is_loopback(url) is near


def test_the_samples_are_a_dozen_and_say_what_they_are() -> None:
    assert len(sample_ids()) == 12
    assert all(r.origin == SAMPLE and r.abstract and r.published.tzinfo for r in sample_records().values())


@needs_real_data
def test_the_samples_agree_with_arxivs_records() -> None:
    with gzip.open(REAL_DATA / "arxiv_records.jsonl.gz", "rt", encoding="utf-8") as lines:
        known = {row["id"]: row for row in map(json.loads, lines)}
    for sample in sample_records().values():
        row = known[sample.paper_id.id]
        assert (sample.title, sample.version, list(sample.authors)) == (
            row["title"],
            row["version"],
            row["authors"],
        )
        assert list(sample.categories) == row["categories"]
        assert sample.published == datetime.fromisoformat(row["published"])
        assert sample.updated == datetime.fromisoformat(row["updated"])
        assert sample.abstract != row["summary"]


@needs_real_data
def test_every_recorded_answer_of_arxiv_is_read_or_is_a_complaint() -> None:
    read, refused = 0, 0
    for path in sorted((REAL_DATA / "atom").glob("*.xml")):
        try:
            page = open_feed(path.read_bytes())
        except SourceError:
            refused += "error" in path.name or "abc" in path.name
            continue
        results = arxiv._feed.parse(page.xml).results
        assert len(results) == page.entries == len(page.named)
        assert all(record_of(result) for result in results)
        read += 1
    assert read + refused == len(list((REAL_DATA / "atom").glob("*.xml")))
