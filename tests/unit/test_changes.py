"""What became of a paper between two answers: what is news, and what is not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from papers.changes import Change, ChangeKind, changes
from papers.paper import PaperId, Record

DAY = datetime(2026, 11, 1, tzinfo=UTC)


def record(**facts: object) -> Record:
    usual: dict[str, object] = {
        "paper_id": PaperId("arxiv", "2310.00001"),
        "version": 1,
        "title": "A title",
        "abstract": "",
        "authors": (),
        "categories": (),
        "published": DAY,
        "updated": DAY,
    }
    return Record(**(usual | facts))  # type: ignore[arg-type]  # facts are named as the fields


def version(number: int) -> Change:
    return Change(ChangeKind.VERSION, str(number))


def withdrawn(number: int) -> Change:
    return Change(ChangeKind.WITHDRAWN, str(number))


def published(where: str) -> Change:
    return Change(ChangeKind.PUBLISHED, where)


@pytest.mark.parametrize(
    ("before", "after", "news"),
    [
        ({}, {}, []),
        ({}, {"title": "A better title", "comment": "9 pages"}, []),
        ({}, {"version": 2}, [version(2)]),
        ({}, {"version": 4}, [version(4)]),
        ({"version": 3}, {"version": 2}, []),
        ({}, {"withdrawn": True}, [withdrawn(1)]),
        ({}, {"version": 2, "withdrawn": True}, [withdrawn(2)]),
        ({"version": 2, "withdrawn": True}, {"version": 2, "withdrawn": True}, []),
        ({"version": 2, "withdrawn": True}, {"version": 3, "withdrawn": True}, [version(3)]),
        ({"version": 2, "withdrawn": True}, {"version": 3}, [version(3)]),
        ({}, {"journal_ref": "J. 1"}, [published("J. 1")]),
        ({}, {"doi": "10.1/2"}, [published("10.1/2")]),
        ({}, {"journal_ref": "J. 1", "doi": "10.1/2"}, [published("J. 1")]),
        ({"doi": "10.1/2"}, {"journal_ref": "J. 1", "doi": "10.1/2"}, []),
        ({"journal_ref": "J. 1"}, {"journal_ref": "J. 1 (2026)"}, []),
        ({"journal_ref": "J. 1"}, {}, []),
        ({"journal_ref": ""}, {"journal_ref": "J. 1"}, [published("J. 1")]),
        ({}, {"version": 2, "doi": "10.1/2"}, [version(2), published("10.1/2")]),
        ({"origin": "sample"}, {"version": 2, "doi": "10.1/2"}, []),
        ({"version": 2}, {"version": 3, "origin": "sample"}, []),
    ],
)
def test_what_is_news(before: dict[str, object], after: dict[str, object], news: list[Change]) -> None:
    assert list(changes(record(**before), record(**after))) == news


def test_a_publication_that_is_worded_anew_has_the_same_key_and_a_version_has_its_own() -> None:
    assert published("10.1/2").key == published("J. 1").key
    assert len({version(2).key, version(3).key, withdrawn(2).key, published("2").key}) == 4
