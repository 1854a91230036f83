"""Search on the published pages in a real browser: below a path of a server, and straight from the disk."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import published
import pytest
from hostile import HOSTILE
from loopback import LoopbackServer, Quiet
from playwright.sync_api import Browser, Page, Route, expect
from published import START, Given, note

from papers.note import Note
from papers.paper import PaperId, Summary
from papers.tag_groups import TagOrder
from papers.tags import fold, unaccented
from papers.unseen import fit
from publishing.folder import write
from storage.search_terms import unmarked

SUMMARIES = {
    1: "大規模言語モデルの合成データを生成する。",
    2: "ＬＬＭで表を要約する手法。",
    3: "We generate storage for fragments of straße.",
    4: "Studies of planning; a student reads.",
}


def about(number: int, summary: str, tags: tuple[str, ...], years: int = 0) -> Note:
    one = note(number, tags=tags)
    reading = one.paper.reading
    assert reading
    read = replace(reading, title=f"Title {number}", summary=Summary(summary, "sentences", START, "abstract"))
    paper = replace(one.paper, reading=read)
    return replace(one, paper=paper, noted_at=one.noted_at + timedelta(days=366 * years))


def by(number: int, title: str, paper_id: PaperId, authors: tuple[str, ...], summary: str = "Filler.") -> Note:
    one = about(number, summary, ())
    paper = one.paper
    assert paper.record and paper.reading
    record = replace(paper.record, paper_id=paper_id, authors=authors, categories=("hep-ph",))
    changed = replace(paper, paper_id=paper_id, record=record, reading=replace(paper.reading, title=title))
    return replace(one, paper=changed)


SWE = "SWE-bench: Can Language Models Resolve Real-World GitHub Issues?"
TEAM = ("Carlos Jimenez", *(f"Author {n}" for n in range(900)), "Graham Neubig")
BRIDGES = by(83, "Schrödinger bridges", PaperId("arxiv", "hep-ph/9303266"), ("Łukasz García",), "がく")
CITED = [
    by(80, SWE, PaperId("arxiv", "2310.06770"), TEAM),
    by(81, "Swedish benchmarks", PaperId("arxiv", "2310.06771"), ("Ann Li",), "A bench for swe."),
    by(82, "Quarks", PaperId("arxiv", "hep-ph/9303265"), ("Ann Li",), "Benchmarks from Sweden."),
    replace(BRIDGES, tags=note(83, tags=("Café", "😀", ".NET")).tags),
]

NOTES = [
    *CITED,
    replace(published.translated(90), tags=()),
    *(
        about(number, text, ("LLM",) if number % 2 else ("RAG", "日本語"), number)
        for number, text in SUMMARIES.items()
    ),
    *(about(100 + n, "Filler.", ("Many",)) for n in range(70)),
    *(replace(about(200 + n, text, (text,)), paper=note(200 + n, text).paper) for n, text in enumerate(HOSTILE)),
]


class _Files(Quiet, SimpleHTTPRequestHandler):
    """Serves a folder."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("server")
    stock = Given(NOTES, TagOrder(moved={"llms": "llm", "大規模": "llm"}))
    write(top / "notes", published.site_builder().build(published.content(), stock))
    return top / "notes"


@pytest.fixture(scope="module", params=["disk", "server"])
def address(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """Where the pages are: a path of a server that serves more, or files."""
    if request.param == "disk":
        yield folder.as_uri()
        return
    with LoopbackServer(partial(_Files, directory=str(folder.parent))) as server:
        yield f"{server.origin}/notes"


@dataclass
class Search:
    """Somebody at the page of search."""

    page: Page
    address: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, query: str = "") -> None:
        self.page.goto(f"{self.address}/search.html{query}")
        expect(self.page.get_by_role("search")).to_be_visible()

    def type(self, words: str) -> None:
        self.page.get_by_label("Words").fill(words)

    def finds(self, *numbers: int) -> None:
        """Exactly these notes are shown in this order."""
        expect(self.page.locator("#hits h3 a")).to_have_text([f"Title {number}" for number in numbers])
        shown = {0: "Nothing has all of this in its title", 1: "1 note"}.get(len(numbers), f"{len(numbers)} notes")
        expect(self.page.locator("#state")).to_contain_text(shown)

    def files(self) -> list[str]:
        return [url.rpartition("/")[2] for url in self.asked if "/search/" in url]


@pytest.fixture
def search(browser: Browser, address: str) -> Iterator[Search]:
    """Fails the test if the browser complains, such as of a script that the policy forbids."""
    context = browser.new_context(viewport={"width": 360, "height": 780})
    visit = Search(context.new_page(), address)
    visit.page.on("console", lambda message: visit.complaints.append(message.text))
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on("dialog", lambda dialog: visit.complaints.append(dialog.message))
    visit.page.on("request", lambda request: visit.asked.append(request.url))
    yield visit
    context.close()
    assert visit.complaints == []
    assert all(url.startswith((address, f"{address.removesuffix('/notes')}/favicon")) for url in visit.asked)


def test_nothing_is_loaded_until_somebody_types(search: Search) -> None:
    search.open()
    expect(search.page.get_by_label("Words")).to_be_focused()
    assert search.files() == []
    search.type("表")
    search.finds(2)
    assert sorted(search.files()) == [f"{year}.js" for year in range(2024, 2029)]
    search.type("要約")
    search.finds(2)
    assert len(search.files()) == 5


FOUND = {
    "生成": [1],
    "合成 データ": [1],
    "合成 要約": [],
    "合成、データ": [1],
    "合成，データ": [1],
    "llm、要約": [2],
    "llm": [3, 2, 1],
    "ＬＬＭ": [3, 2, 1],
    "LLM 要約": [2],
    "STRASSE": [3],
    "rag": [4, 2],  # not in "storage" and "fragments"
    "stor": [3],
    "generating": [3],
    "study": [4],
    "plans": [4],
    "#LLM": [3, 1],
    "tag:LLM": [3, 1],
    "＃ll 合成": [1],
    "大規模": [3, 1],  # the tag's older name, and a summary
    "#日本": [4, 2],
    '"generate storage"': [3],
    '"storage generate"': [],
    "“GENERATE storage” straße": [3],
    "「表を要約」「ＬＬＭ」": [2],
    "「要約を表」": [],
    '"generate storage': [3],  # a mark that is not closed quotes nothing
}


def test_words_find_notes_newest_first(search: Search) -> None:
    search.open("?order=newest")
    for words, numbers in FOUND.items():
        search.type(words)
        search.finds(*numbers)


def test_a_paper_is_found_by_its_translation_and_shown_with_it(search: Search) -> None:
    search.open()
    for words in ("手順 提案", "手順 synthesis", "step propose 手順"):
        search.type(words)
        expect(search.page.locator("#hits h3 a")).to_have_text(["Synthesis Step 90"])
    expect(search.page.locator("#hits .translated")).to_have_text("合成の手順 Machine translation")
    shown = "Machine-made summary Machine translation x を提案する。"
    expect(search.page.locator("#hits .summary")).to_have_text(shown)


CITED_FOUND = {
    "2310.06770": [SWE],
    "arXiv:2310.06770v3": [SWE],
    "https://arxiv.org/pdf/2310.06770v1.pdf": [SWE],
    "hep-ph/9303265": ["Quarks"],
    "hep-ph": ["Schrödinger bridges", "Quarks", "Swedish benchmarks", SWE],
    "graham neubig": [SWE],
    "quarks EMNLP 2024": ["Quarks"],
    "quarks EMNLP'24": ["Quarks"],
    "quarks EMNLP 1924": [],
    '"swedish benchmarks"?': ["Swedish benchmarks"],
    "(“swedish benchmarks”); 「quarks」。": [],
    "（「swedish benchmarks」）": ["Swedish benchmarks"],
    "“swedish”、“benchmarks”!": ["Swedish benchmarks"],
    '"resolve real world github"': [SWE],
}


def test_accents_of_latin_letters_do_not_count(search: Search) -> None:
    search.open()
    for words in ("schrodinger", "Schrödinger", "schródinger", "lukasz garcia", "Łukasz GARCÍA", "がく", "#cafe"):
        search.type(words)
        expect(search.page.locator("#hits h3 a")).to_have_text(["Schrödinger bridges"])
    search.type("かく")
    search.finds()


def test_a_tag_of_signs_is_found_by_its_name(search: Search) -> None:
    search.open()
    for words in ("#😀", "😀", "tag:😀", "#.net"):
        search.type(words)
        expect(search.page.locator("#hits h3 a")).to_have_text(["Schrödinger bridges"])
    for words in ("#🙃", "##net"):
        search.type(words)
        search.finds()


def test_what_people_type_of_a_paper_finds_it(search: Search) -> None:
    search.open()
    for words, titles in CITED_FOUND.items():
        search.type(words)
        expect(search.page.locator("#hits h3 a")).to_have_text(titles)


def test_the_best_match_has_whole_words_in_its_title(search: Search) -> None:
    search.open()
    search.type("swe bench")
    best = [SWE, "Swedish benchmarks", "Quarks"]
    expect(search.page.locator("#hits h3 a")).to_have_text(best)
    search.page.get_by_label("Order").select_option("newest first")
    expect(search.page.locator("#hits h3 a")).to_have_text(best[::-1])
    assert search.page.url.endswith("/search.html?q=swe+bench&order=newest")
    search.type("#many")
    expect(search.page.get_by_label("Order")).to_be_hidden()


def test_an_address_can_be_shared(search: Search) -> None:
    search.open("?q=合成&tag=LLMs")
    search.finds(1)
    expect(search.page.get_by_role("button", name="Without the tag LLM")).to_be_visible()
    search.page.get_by_role("button", name="Without the tag LLM").click()
    search.type("")
    expect(search.page.locator("#found")).to_be_hidden()
    search.type("title")
    search.page.locator("#often a", has_text="RAG").click()
    search.finds(4, 2)
    expect(search.page.get_by_role("button", name="Without the tag RAG")).to_be_focused()
    assert search.page.url.endswith("/search.html?q=title&tag=rag")
    search.page.goto(search.page.url)
    search.finds(4, 2)


def test_the_page_of_a_tag_leads_to_search_within_it(search: Search) -> None:
    search.page.goto(f"{search.address}/tags/日本語.html")
    search.page.get_by_role("link", name="Search in this tag").click()
    search.finds(4, 2)
    search.page.locator("#hits h3 a").first.click()
    expect(search.page.locator("h1")).to_have_text("Title 4")


def test_the_keyboard_and_a_screen_reader_get_on(search: Search) -> None:
    search.open()
    search.page.keyboard.type("#many")
    expect(search.page.get_by_role("status")).to_have_text("70 notes")
    expect(search.page.locator("#hits article")).to_have_count(30)
    search.page.get_by_role("button", name="Show more").focus()
    search.page.keyboard.press("Enter")
    expect(search.page.locator("#hits article")).to_have_count(60)
    expect(search.page.locator("#hits h3 a").nth(30)).to_be_focused()
    search.page.keyboard.press("Enter")
    expect(search.page.locator("h1")).to_have_text("Title 139")


@pytest.mark.parametrize("focused", ["#hits a:has-text('Title 3')", "#often a:has-text('LLM')"])
def test_what_is_read_and_the_focus_stay_when_older_notes_match_better(search: Search, focused: str) -> None:
    held: list[Route] = []
    search.page.route("**/search/2024.js", lambda route: held.append(route))
    search.open()
    search.type("s")
    search.page.locator(focused).focus()
    standing = search.page.locator("#hits article", has_text="Title 3").element_handle()
    expect(search.page.locator("#hits h3 a").first).to_have_text("Title 4")
    held[0].continue_()
    expect(search.page.locator("#hits h3 a").first).not_to_have_text("Title 4")
    expect(search.page.locator(focused)).to_be_focused()
    assert standing and standing.evaluate("one => one.isConnected")


def test_hostile_texts_are_text(search: Search) -> None:
    search.open()
    for text in HOSTILE:
        shown = " ".join(fit(text).split())
        search.type(shown[:60])
        expect(search.page.locator("#hits h3 cite").get_by_text(shown, exact=True)).to_be_visible()
    kinds = search.page.evaluate("[...new Set([...document.querySelectorAll('#found *')].map(e => e.localName))]")
    assert {"script", "img", "style", "iframe"}.isdisjoint(kinds)


def test_what_cannot_be_loaded_is_told(search: Search) -> None:
    search.page.route("**/search/2027.js", lambda route: route.abort())
    search.open("?q=title")
    expect(search.page.locator("#state")).to_contain_text("Some notes could not be loaded")
    expect(search.page.locator("#hits h3 a").first).to_have_text("Title 4")
    search.complaints.clear()  # the browser says so, too


def each(page: Page, function: str, letters: list[str]) -> list[str]:
    """What a function of the page makes of each letter; as one text, for each value sent apart costs."""
    made = page.evaluate(f"text => [...text].map(fusenWords.{function}).join('\\n')", "".join(letters))
    return str(made).split("\n")


def test_letters_fold_as_in_the_program(search: Search) -> None:
    letters = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if not 0xD800 <= code < 0xE000
        and unicodedata.category(chr(code)) not in {"Cn", "Co", "Zs", "Zl", "Zp", "Cc"}
    ]
    search.open()
    here = each(search.page, "fold", letters)
    # What folds alike in the program folds alike here, and what does not, does not.
    program = [fold(letter) for letter in letters]
    assert len(set(zip(here, program, strict=True))) == len(set(here)) == len(set(program))
    words = ["ΛΌΓΟΣ λόγος", "Straße STRASSE", "ｶﾞ ガ", "İstanbul", "ﬃ ＡＢＣ　ａｂｃ"]
    assert search.page.evaluate("words => words.map(fusenWords.fold)", words) == [fold(word) for word in words]
    plain = [unaccented(text) for text in program]
    here = each(search.page, "plain", letters)
    assert len(set(zip(here, plain, strict=True))) == len(set(here)) == len(set(plain))
    words = ["Schrödinger Łódź", "Việt Nam", "ガク がく", "йод λόγος", "x̄ ǿ Æther", "naïve ﬃ"]
    assert search.page.evaluate("words => words.map(fusenWords.plain)", words) == [
        unaccented(fold(word)) for word in words
    ]


def test_marks_around_a_word_count_here_as_little_as_in_the_program(search: Search) -> None:
    signs = [chr(code) for code in range(0x21, 0x3100) if not chr(code).isalnum() and chr(code).isprintable()]
    words = [fold(word) for sign in signs for word in (sign, f"{sign}word{sign}", f"wo{sign}rd", f"word.{sign}")]
    search.open()
    assert search.page.evaluate("words => words.map(fusenWords.unmarked)", words) == [
        unmarked(word) for word in words
    ]


def test_without_javascript_the_page_says_what_to_do(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/search.html")
    expect(page.get_by_role("heading", name="Search needs JavaScript")).to_be_visible()
    expect(page.get_by_label("Words")).to_be_hidden()
    page.get_by_role("link", name="choose from all tags").click()
    expect(page.locator("h1")).to_have_text("All tags")
    context.close()
