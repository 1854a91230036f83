"""Reading records: readable texts, and a summary that says where it comes from."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment.reading import Reader
from papers.paper import PaperId, Record
from papers.source import Enrichment

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
RECORD = Record(
    paper_id=PaperId("arxiv", "2310.13671"),
    version=1,
    title=r"Bounds of $\mathcal{O}(n)$ for\n graphs".replace(r"\n", "\n"),
    abstract=(
        "Graphs are many. They are found everywhere in $X$. We prove bounds of $\\mathcal{O}(n)$ for graphs.\n"
        "Nothing else is known. Experiments show that 5\\% of them are tight."
    ),
    authors=("Ada",),
    categories=("cs.DS",),
    published=NOW,
    updated=NOW,
)
READER = Reader(lambda: NOW)


def test_the_reader_is_the_enrichment_port() -> None:
    port: Enrichment = READER
    assert port.read(RECORD).title == "Bounds of 𝒪(n) for graphs"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("C. Arg{ü}elles", "C. Argüelles"),
        ("Ji{ř}í J. Mareš", "Jiří J. Mareš"),
        (r"J. C. D{\'ı}az-V{é}lez", "J. C. Díaz-Vélez"),
        (r"the n\_TOF Collaboration", "the n_TOF Collaboration"),
        (r"Stein Are S{\Ae}Ther", r"Stein Are S{\Ae}Ther"),
        ("{}", "{}"),
        ("~ A -- B", "~ A -- B"),
    ],
)
def test_what_is_left_of_tex_in_a_name_is_made_readable_where_it_can_be(name: str, told: str) -> None:
    assert READER.named(replace(RECORD, authors=("Ada", name))).authors == ("Ada", told)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (r"Technische Universit\"at Dortmund", "Technische Universität Dortmund"),
        (r"Cuntz and Fe\u{i}gin, by Gr{\"u}nbaum", "Cuntz and Feĭgin, by Grünbaum"),
        ("$19$ pages, $18$ figures", "19 pages, 18 figures"),
        ("Accepted at ACL 2023 -- https://example.org/a_b~c", "Accepted at ACL 2023 -- https://example.org/a_b~c"),
        (r"Code: \url{https://example.org/a_b~c}", "Code: https://example.org/a_b~c"),
        (None, None),
    ],
)
def test_what_is_left_of_tex_in_a_comment_and_a_reference_is_made_readable(
    typed: str | None, told: str | None
) -> None:
    named = READER.named(replace(RECORD, comment=typed, journal_ref=typed))
    assert (named.comment, named.journal_ref) == (told, told)


def test_the_summary_is_readable_and_says_how_when_and_from_what_it_was_made() -> None:
    summary = READER.read(RECORD).summary
    assert summary is not None
    assert summary.text == "We prove bounds of 𝒪(n) for graphs. Experiments show that 5% of them are tight."
    assert (summary.made_by, summary.made_at, summary.made_from) == ("extract-2", NOW, "abstract")


def test_a_sample_paper_says_that_its_summary_comes_from_a_description() -> None:
    summary = READER.read(replace(RECORD, origin="sample")).summary
    assert summary is not None
    assert summary.made_from == "sample description"


@pytest.mark.parametrize("abstract", ["", " \n\t", "\x00\u202e"])
def test_without_an_abstract_there_is_no_summary(abstract: str) -> None:
    assert READER.read(replace(RECORD, abstract=abstract)).summary is None


def test_a_withdrawn_paper_keeps_its_abstract_and_has_no_summary() -> None:
    reading = READER.read(replace(RECORD, withdrawn=True))
    assert reading.summary is None
    assert reading.abstract.startswith("Graphs are many.")


def test_the_summary_is_made_of_parts_of_the_readable_abstract() -> None:
    reading = READER.read(RECORD)
    assert reading.summary is not None
    first, second = reading.summary.text.split(". ")
    assert reading.abstract.index(first) < reading.abstract.index(second)


@given(st.text(), st.text())
def test_no_record_makes_the_reader_fail(title: str, abstract: str) -> None:
    reading = READER.read(replace(RECORD, title=title, abstract=abstract))
    assert (reading.summary is None) == (reading.abstract == "")
