"""The first page and what it leads to: tags by group, attention, months; each short, the rest one click away."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import published
import pytest
from published import START, Given, many_notes, note

from papers.note import Channel, ChannelKind, Member, Note, Share
from papers.tag_groups import TagOrder

OTHER = Channel("C02OTHER", "other", ChannelKind.PUBLIC)


def built(notes: Iterable[Note], order: TagOrder | None = None) -> dict[str, str]:
    pages = list(published.site_builder().build(published.content(), Given(notes, order)))
    assert len({page.path for page in pages}) == len(pages)
    return {page.path: page.body.decode("utf-8") for page in pages}


def plain(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", html).split())


def section(page: str, name: str) -> str:
    return page.partition(f'<section aria-labelledby="{name}">')[2].partition("</section>")[0]


def dated(number: int, days: float) -> Note:
    return replace(note(number, comments=0), noted_at=START + timedelta(days=days), readers=())


def test_tags_stand_by_group_with_their_numbers_and_the_most_used_ones_only() -> None:
    notes = [note(n, tags=("LLM", *(f"Method {t}" for t in range(n)), f"Rare {n}")) for n in range(1, 40)]
    groups = {f"method {t}": "Methods" for t in range(40)}
    tags = section(built(notes, TagOrder(groups))["index.html"], "tags")
    shown = re.findall(r"<bdi>([^<]*)</bdi>(?: <span class=\"count\">(\d+))?", tags)
    assert shown[0] == ("Methods", "")
    assert shown[1:9] == [(f"Method {t}", str(39 - t)) for t in range(8)]
    assert shown[9] == ("LLM", "39") and len(shown) == 9 + 30
    assert "Other tags" in tags and "All tags (79)" in tags
    assert "Other tags" not in section(built(notes)["index.html"], "tags")


def test_what_several_people_share_and_discuss_now_gets_more_attention_than_what_is_merely_new() -> None:
    discussed, new, old = dated(1, 100), dated(2, 101), dated(3, 1)
    message = discussed.shares[0].message
    again = Share(Member("U02BEN", "Ben"), OTHER, message, discussed.noted_at)
    said = replace(note(1).comments[0], member=Member("U03", ""), written_at=discussed.noted_at)
    discussed = replace(
        discussed,
        shares=(replace(discussed.shares[0], shared_at=discussed.noted_at), again),
        comments=(said, replace(said, written_at=said.written_at + timedelta(hours=1))),
    )
    new, old = (replace(n, shares=(replace(n.shares[0], shared_at=n.noted_at),)) for n in (new, old))
    site = built([discussed, new, old])
    hot = plain(section(site["index.html"], "attention"))
    assert hot.startswith(
        "Most attention now Synthesis Step 1 , Ruida Wang+ 3 people · 2 channels · 2 shares · 2 comments · last on"
    )
    assert re.findall(r"Step (\d)", hot) == ["1", "2", "3"]
    paper = plain(site["papers/arxiv/2403.00001.html"])
    assert "Attention: 3 people · 2 channels · 2 shares · 2 comments · last on 2024-06-10" in paper
    assert 'href="../../attention.html"' in site["papers/arxiv/2403.00001.html"]


def test_a_withdrawn_paper_that_gets_attention_is_said_to_be_withdrawn() -> None:
    site = built([note(1), published.withdrawn(2)])
    for hot in (section(site["index.html"], "attention"), site["attention.html"]):
        marked = {re.findall(r"Step (\d)", line)[0]: "Withdrawn" in line for line in hot.split("<li>")[1:]}
        assert marked == {"1": False, "2": True}


def test_a_preview_of_a_withdrawn_paper_begins_with_that() -> None:
    page = built([published.withdrawn(2)])["papers/arxiv/2403.00002.html"]
    assert page.count('content="Withdrawn: ') == 2


def test_each_block_of_the_first_page_is_short_and_leads_to_the_rest() -> None:
    site = built(dated(n, n * 12) for n in range(1, 90))
    page = site["index.html"]
    assert page.count("<article") == 10
    assert section(page, "attention").count("<li>") == 5 and site["attention.html"].count("<li>") == 50
    assert re.findall(r"\d{4}-\d\d(?= <)", section(page, "months"))[::11] == ["2027-02", "2026-03"]
    listed = re.findall(r'href="../months/(\d{4}-\d\d)\.html"', site["months/index.html"])
    assert listed == sorted(listed, reverse=True) and len(listed) == 36
    for path in ("tags/index.html", "attention.html", "months/index.html"):
        assert f'href="{path}"' in page


@pytest.mark.parametrize("a_day", [1, 10, 80])
def test_every_note_stands_in_its_month_once_and_months_lead_to_each_other(a_day: int) -> None:
    site = built(dated(n, n / a_day) for n in range(1, 131))
    months = {path: text for path, text in site.items() if re.fullmatch(r"months/\d.*", path)}
    shown = [found for text in months.values() for found in re.findall(r"Synthesis Step (\d+)</cite>", text)]
    assert sorted(map(int, shown)) == list(range(1, 131))
    assert all(text.count("<article") < 60 for text in months.values())
    newest = max(path for path in months if re.fullmatch(r"months/\d{4}-\d\d.html", path))
    walked = 1
    at = newest
    while older := re.search(r'href="../(months/[^"]*)" rel="next"', months[at]):
        assert f'href="../{at}" rel="prev"' in months[older[1]]
        at, walked = older[1], walked + 1
    assert walked == len([path for path in months if len(path) == len(newest)])


def test_a_tag_names_the_tags_that_it_stands_together_with() -> None:
    notes = [note(1, tags=("A", "B", "C")), note(2, tags=("A", "C")), note(3, tags=("B",))]
    site = built(notes)
    assert "Often together with C 2 B 1 " in plain(site["tags/a.html"])
    assert "Often together with A 1 C 1 " in plain(site["tags/b.html"])
    assert "Often together" not in built([note(1)])["tags/llm.html"]


def test_a_site_without_notes_has_no_empty_blocks() -> None:
    page = built([])["index.html"]
    assert 'class="hot"' not in page and 'id="months"' not in page
    assert plain(built(many_notes(3))["attention.html"]).count("1 share") == 6
