"""The map of tags: which go together, near each other, and the same for those who do not see it."""

from __future__ import annotations

import re
from itertools import pairwise

import published
import pytest
from lxml import html
from published import Given, note

from papers.brief import brief_of
from publishing.catalogue import Catalogue
from publishing.rendering import zone
from publishing.tag_map import MOST_PAIRS, MOST_TAGS, WIDTH, biggest, closest, in_rows


def catalogue(*tagged: tuple[str, ...]) -> Catalogue:
    notes = [note(number, tags=tags) for number, tags in enumerate(tagged, start=1)]
    return Catalogue(map(brief_of, notes), zone("UTC")[1])


def page(*tagged: tuple[str, ...], language: str = "en") -> html.HtmlElement:
    notes = [note(number, tags=tags) for number, tags in enumerate(tagged, start=1)]
    pages = published.site_builder(language).build(published.content(""), Given(notes))
    return html.document_fromstring(next(page.body for page in pages if page.path == "map.html"))


GROUPS = (("A", "B"), ("A", "B"), ("B", "C"), ("X", "Y"), ("X", "Y"), ("X", "Y"), ("X", "Z"), ("Alone",))


def test_what_goes_together_stands_near_each_other_and_is_joined() -> None:
    known = catalogue(*GROUPS)
    sizes = biggest(known)
    pairs = closest(known, sizes)
    assert [(pair.one, pair.other, pair.notes) for pair in pairs] == [
        ("x", "y", 3),
        ("a", "b", 2),
        ("b", "c", 1),
        ("x", "z", 1),
    ]
    assert in_rows(sizes, pairs) == ["y", "x", "z", "a", "b", "c"]
    assert in_rows(sizes, pairs[::-1]) == in_rows(sizes, pairs)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_map_leads_to_its_tags_and_is_told_as_a_list_too(language: str) -> None:
    shown = page(*GROUPS, language=language)
    (drawing,) = shown.iter("svg")
    assert [link.get("href") for link in drawing.iter("a")] == [f"tags/{key}.html" for key in "yxzabc"]
    assert ["".join(link.itertext()).strip() for link in drawing.iter("a")] == list("YXZABC")
    assert len(list(drawing.iter("path"))) == 4
    told = [" ".join(one.text_content().split()) for one in shown.find_class("beside")[0]]
    say = published.wording(language)
    with_, comma = say("map_with"), say("between_names")
    assert told[1] == f"X 4 {with_} Y 3{comma}Z 1" and told[4] == f"B 3 {with_} A 2{comma}C 1"
    assert "Alone" not in shown.text_content()
    assert not [one for one in drawing.iter() if one.get("style") or one.get("onclick")]


def test_a_map_of_many_tags_stays_small_and_within_its_frame() -> None:
    tagged = [(f"タグの長い名前{n:03}" * 3, f"Tag {n % 9}", f"Tag {n * 7 % 90}") for n in range(200)]
    known = catalogue(*tagged)
    sizes = biggest(known)
    assert len(sizes) == MOST_TAGS == 60
    assert len(closest(known, sizes)) <= MOST_PAIRS + MOST_TAGS
    (drawing,) = page(*tagged).iter("svg")
    assert len(list(drawing.iter("a"))) <= MOST_TAGS
    heights = [int(circle.get("cy")) for circle in drawing.iter("circle")]
    assert all(lower - upper == 28 for upper, lower in pairwise(heights))
    _, _, width, height = map(int, drawing.get("viewbox", drawing.get("viewBox")).split())
    assert width == WIDTH and heights[-1] < height
    for path in drawing.iter("path"):
        found = re.fullmatch(r"M(\d+) (\d+)A(\d+) (\d+) 0 0 1 (\d+) (\d+)", path.get("d"))
        assert found
        axis, upper, wide, high, same, lower = map(int, found.groups())
        assert axis == same and upper < lower and high == (lower - upper) // 2 and axis + wide < WIDTH - 10
    assert all(len("".join(label.itertext())) <= 22 for label in drawing.iter("text"))


def test_without_pairs_the_page_says_so() -> None:
    assert "No two tags share a note yet" in page(("Alone",)).text_content()
    assert not list(page(("Alone",)).iter("svg"))
