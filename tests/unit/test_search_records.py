"""The files that search on the pages loads: how notes are parted among them, and what stands in them."""

from __future__ import annotations

import json
from bisect import insort
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import published
import pytest
from hostile import HOSTILE
from hypothesis import given, settings
from hypothesis import strategies as st
from published import Given, many_notes, note

from papers.note import Note
from papers.paper import PaperId
from papers.unseen import fit
from publishing import shards
from publishing.data import AUTHORS
from publishing.parts import Place

START = datetime(2023, 11, 1, tzinfo=UTC)
moments = st.integers(0, 500 * 24)


def with_record(one: Note, **changes: Any) -> Note:
    """The note of a paper of which the source says something else."""
    assert one.paper.record
    record = replace(one.paper.record, **changes)
    return replace(one, paper=replace(one.paper, paper_id=record.paper_id, record=record))


def place(hours: int, note_id: int) -> Place:
    at = START + timedelta(hours=hours)
    return Place(at.date().isoformat(), at, note_id)


def records(notes: list[Note]) -> dict[str, dict[str, list[object]]]:
    """What is in the files, by their names, read as the browser would."""
    found = {}
    for page in published.site_builder().build(published.content(), Given(notes)):
        if page.path.startswith("search/"):
            text = page.body.decode()
            assert text.startswith('fusenShard("') and text.endswith(");\n")
            name, columns = json.loads(f"[{text.removeprefix('fusenShard(').removesuffix(');' + chr(10))}]")
            assert page.path == f"search/{name}.js"
            found[name] = columns
    return found


@given(
    st.lists(moments, min_size=1, max_size=80, unique=True),
    st.lists(st.tuples(moments, st.booleans()), min_size=1, max_size=4),
)
@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize("weight", [1, 25, 250])
def test_a_note_that_comes_or_goes_concerns_few_files_and_all_that_change(
    weight: int, hours: list[int], turns: list[tuple[int, bool]]
) -> None:
    # Each moment holds many notes, so that periods of all lengths fill up.
    places = sorted(place(hour, hour * 1_000 + n) for hour in hours for n in range(weight))
    for hour, going in turns:
        before = {one.name: places[one.start : one.stop] for one in shards.shards(places)}
        if going:
            changed = places[hour % len(places)]
            named = set(shards.concerned(places, changed))
            places.remove(changed)
        else:
            changed = place(hour, hour * 1_000 + 999)
            if changed in places:
                continue
            insort(places, changed)
            named = set(shards.concerned(places, changed))
        after = {one.name: places[one.start : one.stop] for one in shards.shards(places)}
        assert {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} <= named
        if not places:
            return


@given(st.lists(moments, max_size=60, unique=True))
@settings(max_examples=60, deadline=None)
def test_each_note_is_in_one_file_of_bounded_size_in_order(hours: list[int]) -> None:
    places = sorted(place(hour, hour * 1_000 + n) for hour in hours for n in range(90))
    found = list(shards.shards(places))
    assert [one for shard in found for one in places[shard.start : shard.stop]] == places
    assert all(0 < shard.stop - shard.start <= shards.FULL for shard in found)
    assert [shards.find(places, shard.name) for shard in found] == found
    assert shards.find(places, "1999") is None


def test_the_more_notes_a_time_has_the_finer_it_is_parted() -> None:
    def names(counts: dict[str, int]) -> list[str]:
        places = sorted(
            Place(f"{month}-15", datetime.fromisoformat(f"{month}-15T00:00:00+00:00"), n)
            for month, count in counts.items()
            for n in range(count)
        )
        return [shard.name for shard in shards.shards(places)]

    assert names({"2024-01": 250, "2024-12": 250}) == ["2024"]
    assert names({"2024-01": 250, "2024-12": 251}) == ["2024.01-06", "2024.07-12"]
    assert names({"2023-05": 1, "2024-01": 300, "2024-04": 201}) == ["2023", "2024.01-03", "2024.04-06"]
    assert names({"2024-02": 1_001, "2024-03": 1}) == [
        "2024.02-02.1",
        "2024.02-02.2",
        "2024.02-02.3",
        "2024.03-03",
    ]


def test_a_record_has_what_the_title_line_tags_and_summary_have() -> None:
    (columns,) = records([note(7, tags=("LLM", "C++")), note(8, tags=())]).values()
    assert columns["titles"] == ["Synthesis Step 7", "Synthesis Step 8"]
    assert columns["by"] == ["Ruida Wang+, EMNLP'24"] * 2
    assert columns["summaries"] == ["We propose a thing."] * 2
    assert columns["days"] == ["2024-03-09", "2024-03-10"]
    assert columns["pages"] == ["papers/arxiv/2403.00007.html", "papers/arxiv/2403.00008.html"]
    assert [[name, key] for name, key, *_ in columns["tags"]] == [["LLM", "llm"], ["C++", "c++"]]  # type: ignore[misc]
    assert columns["tagged"] == [[0, 1], []]
    assert columns["withdrawn"] == [0, 0]


def test_a_record_has_title_and_summary_in_translation() -> None:
    (columns,) = records([published.translated(7), note(8)]).values()
    assert columns["translatedTitles"] == ["合成の手順", ""]
    assert columns["translatedSummaries"] == ["x を提案する。", ""]
    assert columns["summaries"] == ["We propose a thing."] * 2


def test_a_record_has_the_id_the_further_authors_and_the_categories() -> None:
    old = PaperId("arxiv", "hep-th/9901001")
    given_notes = [note(7), with_record(note(8), paper_id=old, authors=("Ann Li",), categories=())]
    (columns,) = records(given_notes).values()
    assert columns["ids"] == ["arxiv:2403.00007", "arxiv:hep-th/9901001"]
    assert columns["authors"] == ["Wangchunshu Zhou", ""]
    assert columns["categories"] == ["cs.CL cs.LG", ""]


def test_of_a_thousand_authors_the_last_is_in_the_record() -> None:
    authors = (*(f"Author {n}" for n in range(1_000)), "Graham Neubig")
    (columns,) = records([with_record(note(7), authors=authors)]).values()
    told = str(columns["authors"][0]).split(", ")
    assert (told[0], told[-1], len(told)) == ("Author 1", "Graham Neubig", AUTHORS - 1)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_texts_are_data_that_no_reader_takes_for_markup(hostile: str) -> None:
    odd = note(1, hostile, tags=(hostile,))
    (columns,) = records([odd]).values()
    shown = " ".join(fit(hostile).split())
    assert columns["titles"] == [shown]
    assert columns["summaries"] == [shown]
    assert shown in str(columns["by"][0]).replace("+", "")
    pages = published.site_builder().build(published.content(), Given([odd]))
    assert not any(b"<" in page.body for page in pages if page.path.startswith("search/"))


def test_nothing_of_comments_shares_or_people_is_in_the_files() -> None:
    given_notes = [replace(one, comments=note(1, "SECRET").comments) for one in many_notes(20)]
    written = json.dumps(records(given_notes), ensure_ascii=False)
    assert "SECRET" not in written and "U01AOKI" not in written and "Aoki" not in written


def test_the_record_of_a_paper_that_nothing_is_known_of_has_its_name() -> None:
    (columns,) = records([published.pending(3)]).values()
    assert columns["titles"] == [published.pending(3).paper.title]
    assert (columns["by"], columns["authors"], columns["summaries"]) == ([""], [""], [""])
