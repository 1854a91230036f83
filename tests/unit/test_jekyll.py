"""The Jekyll flavour as values: its format, and each defect of the original that it does not have."""

from __future__ import annotations

import logging
import re
import time
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import unquote

import published
import pytest
from hostile import CORPUS, everywhere
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_notes import Entry, TagPage, read_page
from published import START, TAG_NAMES, Given, note, pending, withdrawn

from papers.note import Comment, Note, Tag
from papers.paper import Dated, PaperId
from papers.tag_groups import TagOrder
from papers.tags import InvalidTag, tag
from papers.unseen import fit
from publishing.jekyll.articles import JekyllBuilder
from publishing.jekyll.names import article_link, article_name
from publishing.jekyll.texts import beginning, one_line

NAMES = (
    *TAG_NAMES,
    *("Test-Time Training (TTT)", "AGENTS.md", "In-Context Learning", "In-ContextLearning", "A_B Testing"),
    *("A__B", "A//B", "con", "aux.md", ".hidden", "~tilde", "end.", "2030-01-01-goals", "a--b", "x" * 150),
    *(
        "{{ 7 * 7 }}",
        "{% raw %}",
        "<b>",
        "key: value",
        "- item",
        "*em* _x_ $$y$$ -- ... {:.a}",
        "1. one",
        "'q' \"r\"",
    ),
)
SUMMARY = (
    '<span class="snippet"><span>Summary</span>'
    "We propose a thing. (sentences of the abstract, 2024-03-01)</span>\n"
)
PICTURE = "https://github.com/a/b/assets/12/3f-4"


def builder(language: str = "ja") -> JekyllBuilder:
    return JekyllBuilder(published.TEMPLATES / "jekyll", published.wording(language))


def built(notes: Iterable[Note], language: str = "ja", order: TagOrder | None = None) -> dict[str, str]:
    pages = builder(language).build(published.content(), Given(notes, order))
    return {page.path.removeprefix("_articles/"): page.body.decode("utf-8") for page in pages}


def page_of(*notes: Note, name: str = "LLM.markdown") -> TagPage:
    return read_page(built(notes)[name])


def entry_of(one: Note) -> Entry:
    (entry,) = page_of(one).entries
    return entry


def saying(*texts: str, number: int = 1) -> Note:
    one = note(number)
    comments = (replace(one.comments[0], text=text, edited=False) for text in texts)
    return replace(one, comments=tuple(comments))


def said(*texts: str) -> str:
    """What is shown of comments, without who said it and when."""
    return re.sub(r"Aoki, 2024-03-02: ", "", unescape(entry_of(saying(*texts)).comment))


def test_a_page_is_of_the_format_of_generation_b2() -> None:
    one = replace(saying("面白かった。"), tags=tuple(map(tag, ("NLP", "LLM", "A/B Testing"))))
    others = [replace(note(number, comments=0), tags=(tag("LLM"),)) for number in (2, 3, 4)]
    plain = "".join(
        f'<br><span class="issue_date">Issue Date: 2024-03-0{n + 1}</span>\n'
        f'<a href="https://arxiv.org/abs/2403.0000{n}">Synthesis Step {n}, Ruida Wang+, EMNLP24</a>\n'
        f"{SUMMARY}"
        for n in (4, 3, 2)
    )
    assert built([one, *others])["LLM.markdown"] == (
        "---\nlayout: post\ntitle: LLMに関する論文・技術記事メモの一覧\nauthor: Lab notes\n---\n"
        '## LLM\n<div class="visible-content">\n'
        f"{plain}"
        '</div>\n<button onclick="showMore(0)">more</button>\n\n<div class="hidden-content">\n'
        '<a class="button" href="NLP.html">#NLP</a><a class="button" href="A_B%20Testing.html">#A/B Testing</a>'
        '<br><span class="issue_date">Issue Date: 2024-03-02</span>\n'
        '<a href="https://arxiv.org/abs/2403.00001">Synthesis Step 1, Ruida Wang+, EMNLP24</a>\n'
        f"{SUMMARY}"
        '<span class="snippet"><span>Comment</span>Aoki, 2024-03-02: 面白かった。 ...</span>\n'
        '<button onclick="hideContent(0)" style="display: none;">hide</button>\n</div>\n'
    )
    assert "title: Papers and articles about LLM\n" in built([one], "en")["LLM.markdown"]


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("A/B Testing", "A_B Testing"),
        ("Efficiency/SpeedUp", "Efficiency_SpeedUp"),
        ("Test-Time Training (TTT)", "Test-Time Training (TTT)"),
        ("AGENTS.md", "AGENTS.md"),
        ("C++", "C++"),
        ("日本語", "日本語"),
        ("snake_case", "snake__case"),
        ("C#", "c--951a4d36e0a9"),
        ("2030-01-01-goals", "tag-2030-01-01-goals--9d2595acff65"),
    ],
)
def test_a_file_is_called_as_its_tag_is(name: str, file: str) -> None:
    assert article_name(tag(name)) == file


def test_one_name_makes_the_file_and_all_links_to_it_and_no_two_tags_share_one() -> None:
    """Defects 1, 2 and 3: slashes, the folder twice in a link, names that fall together, signs not encoded."""
    files = built([replace(note(n), tags=tuple(map(tag, NAMES))) for n in range(1, 6)])
    assert len({unicodedata.normalize("NFC", name.casefold()) for name in files}) == len(files) == len(NAMES)
    for text in files.values():
        links = re.findall(r'class="button" href="([^"]*)"', text)
        assert len(links) == 5 * (len(NAMES) - 1)
        assert {f"{unquote(link).removesuffix('.html')}.markdown" for link in links} < files.keys()
        assert not any(sign in link for link in links for sign in "/?#& <>\"'")


@given(st.lists(st.text(alphabet="aAbB/_-. é日1", min_size=1, max_size=6), min_size=2, max_size=40))
@settings(max_examples=60, deadline=None)
def test_whatever_tags_are_called_their_files_differ(names: list[str]) -> None:
    tags = {}
    for name in names:
        try:
            tags[tag(name).key] = tag(name)
        except InvalidTag:
            continue
    found = {unicodedata.normalize("NFC", article_name(one)).casefold() for one in tags.values()}
    assert len(found) == len(tags)
    assert all(unquote(article_link(one)) == f"{article_name(one)}.html" for one in tags.values())


@given(st.text())
@settings(max_examples=60, deadline=None)
def test_any_text_is_read_again_as_it_was(text: str) -> None:
    entry = entry_of(note(1, text, comments=1))
    assert not re.search(r"\{[{%:]|\][(\[:]", entry.line + entry.summary + entry.comment)
    shown = " ".join(fit(text).split())
    for told in (entry.line, entry.summary):
        assert " ".join(unescape(told).split()).startswith(shown)
    assert " ".join(unescape(entry.comment).split()).endswith(shown)


@pytest.mark.parametrize(("number", "hostile"), list(enumerate(CORPUS, start=1)))
def test_hostile_text_is_text_for_liquid_markdown_and_html(number: int, hostile: str) -> None:
    """Defect 4."""
    text = built([everywhere(number, hostile, note(number, hostile, comments=2))])["LLM.markdown"]
    assert not re.search(r"\{[{%:]|\][(\[:]", text)
    shown = " ".join(fit(hostile).split())
    entry = page_of(note(1, hostile)).entries[0]
    assert not re.search(r"[<>]", entry.line + entry.summary + entry.comment)
    # Long titles and names are cut.
    for told, most in ((entry.line, 300), (entry.summary, 10_000), (entry.comment, 50)):
        assert " ".join(unescape(told).split()).startswith(shown[:most].rstrip())


def test_a_text_is_cut_at_150_characters_but_not_within_a_link_a_picture_or_a_character() -> None:
    """Defect 5."""
    assert said("あ" * 200) == "あ" * 150
    assert said("あ" * 140 + " https://example.org/a_(b)") == "あ" * 140
    assert said("あ" * 140 + " ![a](https://example.org/a.png)") == "あ" * 140
    assert said("あ" * 130 + " (https://a.example).次") == "あ" * 130 + " (https://a.example)"
    assert beginning("a" * 149 + "👩‍🔬", 150) == "a" * 149
    assert beginning("a" * 148 + "🇯🇵🇫🇷", 151) == "a" * 148
    assert beginning("a" * 149 + "e\u0301" * 3, 150) == "a" * 149
    long = "https://example.org/" + "x" * 200
    assert said(f"{long} and more") == long
    assert said("あ" * 100, "い" * 100, "う") == "あ" * 100 + " " + "い" * 50
    assert built([saying("短い")])["LLM.markdown"].count("短い ...</span>") == 1


def test_comments_may_stand_there_whole() -> None:
    one = saying("あ" * 200 + " https://example.org/", "い\nう")
    made = JekyllBuilder(published.TEMPLATES / "jekyll", published.wording("ja"), whole_comments=True)
    (page,) = made.build(published.content(), Given([one]))
    told = f"Aoki, 2024-03-02: {'あ' * 200} https://example.org/ Aoki, 2024-03-02: い う</span>"
    assert f'<span class="snippet"><span>Comment</span>{told}' in page.body.decode("utf-8")


def test_line_ends_and_lists_are_not_glued_together() -> None:
    assert said("# 概要\r\n- one\r\n- two\rthree  - four") == "# 概要 - one - two three  - four"


@pytest.mark.parametrize("blanks", [" ", "\u3000", "\n ", " \n", "\n"])
def test_a_long_run_of_blanks_is_read_once(blanks: str) -> None:
    run = blanks * 40_000
    began = time.process_time()
    assert one_line(f"a{run}b") == ("a b" if "\n" in blanks else f"a{run}b")
    assert time.process_time() - began < 0.5


def test_a_comment_says_who_said_it_and_when_and_a_summary_what_made_it() -> None:
    """Defects 14 and 15."""
    one = saying("first", "second")
    unnamed = replace(one.comments[1], member=replace(one.comments[1].member, name=""))
    later = replace(unnamed, written_at=START + timedelta(days=9))
    entry = entry_of(replace(one, comments=(one.comments[0], later)))
    assert entry.comment == "Aoki, 2024-03-02: first 2024-03-10: second"
    assert entry.summary == "We propose a thing. (sentences of the abstract, 2024-03-01)"


def test_the_summary_of_a_withdrawn_paper_begins_with_that() -> None:
    assert entry_of(withdrawn(1)).summary.startswith("[Withdrawn] We propose")


def test_the_first_picture_from_github_is_shown_and_no_other() -> None:
    """Defects 16 and 20: pictures keep their proportions, and nothing is loaded from anywhere else."""
    entry = entry_of(saying(f"see ![image]({PICTURE})", f"![x]({PICTURE}5) ![y](https://evil.example/p.png) end"))
    assert entry.image == PICTURE
    assert entry.source.endswith(f'</span>\n<img src="{PICTURE}" alt="image">')
    assert "see" in entry.comment and "![y](https://evil.example/p.png) end" in unescape(entry.comment)
    assert "assets" not in entry.comment
    alone = entry_of(saying(f"![image]({PICTURE})"))
    assert (alone.comment, alone.image) == ("", PICTURE)


def dated(number: int, year: int, noted: datetime, dating: Dated = Dated.YEAR) -> Note:
    one = note(number, comments=0)
    assert one.paper.record
    record = replace(one.paper.record, published=datetime(year, 5, 1, tzinfo=UTC), comment=None, dated=dating)
    return replace(one, noted_at=noted, paper=replace(one.paper, record=record))


def test_notes_stand_by_the_year_of_the_paper_and_one_without_by_its_own() -> None:
    """Defect 7: no year is no reason to stand last, nor to be called an article."""
    at = datetime(2024, 1, 1, tzinfo=UTC)
    notes = [
        dated(1, 2017, at + timedelta(days=8)),
        dated(2, 2023, at),
        dated(3, 2024, at + timedelta(days=1), Dated.NEVER),
        dated(4, 2023, at + timedelta(days=2)),
        replace(pending(5), noted_at=datetime(2020, 1, 1, tzinfo=UTC)),
    ]
    found = page_of(*notes)
    assert [one.url[-1] for one in found.entries] == ["3", "4", "2", "5", "1"]
    assert not any(one.tags for one in found.entries)
    accepted = note(6, comments=0)
    assert accepted.paper.record
    record = replace(accepted.paper.record, published=datetime(2023, 12, 30, tzinfo=UTC), comment="ACL 2024")
    accepted = replace(accepted, noted_at=at, paper=replace(accepted.paper, record=record))
    lines = [one.line for one in page_of(accepted, notes[3]).entries]
    assert [line.rpartition(", ")[2] for line in lines] == ["ACL24", "arXiv23"]


def test_title_lines_hold_what_is_known_and_no_filler() -> None:
    """Defects 6, 9 and 10: fields of their own, no `N_A`, no double blanks."""
    one = note(1)
    assert one.paper.record and one.paper.reading
    alone = replace(one.paper.record, authors=("Ruida Wang",), comment=None)
    reading = replace(one.paper.reading, title="Natural Language  Instructions, Now! [v2]")
    assert entry_of(replace(one, paper=replace(one.paper, record=alone, reading=reading))).line == (
        "Natural Language Instructions, Now! [v2], Ruida Wang, arXiv24"
    )
    assert entry_of(pending(1)).line == "arxiv:2403.00001"
    page = PaperId("web", "https://example.org/post")
    blog = replace(alone, paper_id=page, authors=(), title="Tips")
    paper = replace(one.paper, paper_id=page, record=blog, reading=replace(reading, title="Tips"))
    assert entry_of(replace(one, paper=paper)).line == "Tips"


def test_a_tag_that_stands_twice_on_a_note_has_one_button() -> None:
    """Defect 8."""
    twice = replace(note(1), tags=(tag("NLP"), tag("LLM"), Tag("ＮＬＰ", "nlp")))
    assert entry_of(twice).tags == ("NLP",) or entry_of(twice).tags == ("ＮＬＰ",)


def test_where_a_renamed_tag_had_its_page_another_leads_on() -> None:
    """Defect 12."""
    order = TagOrder(moved={"llms/a": "llm", "nlp": "llm"}, names={"llms/a": "LLMs/A", "nlp": "NLP"})
    files = built([note(1), replace(note(2), tags=(tag("NLP"),))], order=order)
    assert files.keys() == {"LLM.markdown", "NLP.markdown", "LLMs_A.markdown"}
    assert '<a class="button" href="LLM.html">#LLM</a>' in files["LLMs_A.markdown"]
    assert "Issue Date" in files["NLP.markdown"]  # a tag of that name lives again


def test_a_note_that_cannot_be_rendered_is_reported_and_left_out(caplog: pytest.LogCaptureFixture) -> None:
    """Defect 16: one bad note never stops the build."""
    odd = Comment(note(1).comments[0].member, note(1).comments[0].channel, None, START)  # type: ignore[arg-type]  # a damaged row
    with caplog.at_level(logging.ERROR):
        page = page_of(replace(note(1), comments=(odd,)), note(2))
    assert [one.url[-1] for one in page.entries] == ["2"]
    assert "note 1 (arxiv:2403.00001) cannot be rendered" in caplog.text
