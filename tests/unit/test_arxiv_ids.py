"""arXiv's identifier grammar: what is kept, what is repaired, what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from versioned_ids import versioned_id

from papers.arxiv_ids import ARCHIVES, parse_arxiv_id
from papers.paper import PaperId, PaperLink

TODAY = date(2026, 11, 21)


def read(text: str, naked: bool = False) -> tuple[str, int | None] | None:
    link = parse_arxiv_id(text, today=TODAY, naked=naked)
    return (link.paper_id.id, link.version) if link else None


@pytest.mark.parametrize(
    ("written", "canonical", "version"),
    [
        ("2310.13671", "2310.13671", None),
        ("2310.13671v12", "2310.13671", 12),
        ("2310.13671V2", "2310.13671", 2),
        ("0704.0001", "0704.0001", None),
        ("1412.00001", "1412.0001", None),
        ("0808.05394", "0808.5394", None),
        ("1501.0001", "1501.00001", None),
        ("hep-th/9901001v3", "hep-th/9901001", 3),
        ("math.GT/0309136", "math/0309136", None),
        ("math.gt/0309136", "math/0309136", None),
        ("cond-mat.stat-mech/0408502", "cond-mat/0408502", None),
        ("HEP-TH/9901001", "hep-th/9901001", None),
        ("hepth/9901001", "hep-th/9901001", None),
        ("condmat/0408502", "cond-mat/0408502", None),
        ("mathph/0309136", "math-ph/0309136", None),
        ("math/0703999", "math/0703999", None),
        ("atom-ph/9601001", "atom-ph/9601001", None),
        ("hep--th/9901001", "hep-th/9901001", None),
        ("hep-th//9901001", "hep-th/9901001", None),
        ("/arXiv:2310.13671.pdf", "2310.13671", None),
        ("2310.13671v1.ps.gz", "2310.13671", 1),
        ("2310.13671.ps", "2310.13671", None),
        ("cs/9605103//", "cs/9605103", None),
        ("2310.13671v1#S3", "2310.13671", 1),
        ("2310.13671v1/x1.png", "2310.13671", 1),
        ("2612.00001", "2612.00001", None),
    ],
)
def test_an_id_is_kept_in_its_canonical_form(written: str, canonical: str, version: int | None) -> None:
    assert read(written) == (canonical, version)


@pytest.mark.parametrize(
    "written",
    [
        "2313.13671",
        "2300.13671",
        "0703.0001",
        "0704.0000",
        "hep-th/9913001",
        "hep-th/9901000",
        "hep-th/990100",
        "hep-th/99010011",
        "astro-ph/0704001",
        "astro-ph/9001001",
        "2310.136711",
        "1412.12345",
        "1234.56789",
        "2024.12345",
        "2310.13671v0",
        "2310.13671v01",
        "2310.13671x",
        "2310.13671v1x",
        "2310.13671é",
        "２３１０.13671",
        "hep-th",
        "foo/9901001",
        "econ/0601001",
        "qbio/0309136",
        "9901001",
        "2701.00001",
        "",
        "v1",
        "/",
    ],
)
def test_what_arxiv_never_gave_out_is_refused(written: str) -> None:
    assert read(written) is None


@pytest.mark.parametrize(
    "written", ["1501.0001", "1412.00001", "2310.13671.pdf", "2310.13671/", "arXiv:2310.13671"]
)
def test_a_naked_number_is_taken_as_it_stands_or_not_at_all(written: str) -> None:
    assert read(written) is not None
    assert read(written, naked=True) is None


@pytest.mark.parametrize(
    ("today", "month", "known"),
    [
        (date(2026, 11, 30), "2612", True),
        (date(2026, 11, 30), "2701", False),
        (date(2026, 12, 1), "2701", True),
        (date(2026, 12, 31), "2702", False),
        (date.max, "9912", True),
    ],
)
def test_the_next_month_is_the_last_that_counts(today: date, month: str, known: bool) -> None:
    assert (parse_arxiv_id(f"{month}.00001", today=today) is not None) is known


def test_the_version_is_no_part_of_the_paper() -> None:
    first, second = (parse_arxiv_id(f"2310.13671v{n}", today=TODAY) for n in (1, 2))
    assert first is not None
    assert second is not None
    assert first != second
    assert first.paper_id == second.paper_id == PaperId("arxiv", "2310.13671")


@st.composite
def old_ids(draw: st.DrawFn) -> str:
    archive = draw(st.sampled_from(sorted(ARCHIVES)))
    year, month = draw(
        st.tuples(st.integers(1991, 2006), st.integers(1, 12)) | st.tuples(st.just(2007), st.integers(1, 3))
    )
    return f"{archive}/{year % 100:02}{month:02}{draw(st.integers(1, 999)):03}"


@st.composite
def new_ids(draw: st.DrawFn) -> str:
    month = draw(st.integers(7 * 12 + 3, 26 * 12 + 11))
    width = 5 if month >= 15 * 12 else 4
    return f"{month // 12:02}{month % 12 + 1:02}.{draw(st.integers(1, 10**width - 1)):0{width}}"


@given(old_ids() | new_ids(), st.none() | st.integers(1, 9999))
def test_every_valid_id_is_read_as_it_was_written(paper: str, version: int | None) -> None:
    link = PaperLink(PaperId("arxiv", paper), version)
    written = versioned_id(link)
    assert parse_arxiv_id(written, today=TODAY) == link
    assert parse_arxiv_id(written, today=TODAY, naked=True) == link
    assert parse_arxiv_id(f"arXiv:{written}.pdf", today=TODAY) == link


@given(st.text(st.characters()) | st.from_regex(r"[a-z-]{0,8}[./]?[0-9]{0,8}[./]?[0-9]{0,8}v?[0-9]{0,5}"))
def test_whatever_is_read_reads_the_same_again(text: str) -> None:
    link = parse_arxiv_id(text, today=TODAY)
    assert link is None or parse_arxiv_id(versioned_id(link), today=TODAY, naked=True) == link


def test_an_endless_text_is_no_id() -> None:
    assert read("2310.13671v" + "1" * 1_000_000) is None
    assert read("a" * 1_000_000 + "/9901001") is None
