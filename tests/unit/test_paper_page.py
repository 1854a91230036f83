"""The page of one paper: how far the entry is, what is made by machine and how, and what can be taken along."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import published
import pytest
from hostile import HOSTILE
from published import START, Given, note, pending

from enrichment.tex import formulas, readable
from papers.formulas import Formula
from papers.licences import licence_of
from papers.note import Note
from papers.paper import Dated, History, PaperId, Reading, Summary, Version
from papers.translation import Passage, Rendered, Translation
from papers.unseen import fit
from papers.wording import LANGUAGES

PAGE = "papers/arxiv/2403.00001.html"


def page(one: Note, language: str = "en", path: str = PAGE) -> str:
    pages = published.site_builder(language).build(published.content(), Given([one]))
    return next(page.body.decode("utf-8") for page in pages if page.path == path)


def changed(**changes: object) -> Note:
    one = note(1)
    record = one.paper.record
    assert record
    return replace(one, paper=replace(one.paper, record=replace(record, **changes)))  # type: ignore[arg-type]  # by name


def elsewhere() -> Note:
    one = changed(origin="address", dated=Dated.NEVER)
    paper_id = PaperId("web", "https://example.org/a")
    assert one.paper.record
    return replace(
        one, paper=replace(one.paper, paper_id=paper_id, record=replace(one.paper.record, paper_id=paper_id))
    )


@pytest.mark.parametrize(
    ("one", "english", "japanese"),
    [
        (note(1), "<dd>Complete</dd>", "<dd>完了</dd>"),
        (pending(1), "Waiting: arXiv has not answered yet", "待機中: arXiv からまだ応答がありません"),
        (pending(1, missing=True), "Not found: arXiv says", "見つかりません: arXiv はこの論文を知らない"),
        (changed(withdrawn=True), "Complete; withdrawn by its authors or by arXiv", "完了 (著者または arXiv"),
        (changed(origin="sample"), "A sample that comes with Fusen", "付属のサンプル"),
    ],
)
def test_the_page_says_how_far_its_entry_is_and_why(one: Note, english: str, japanese: str) -> None:
    assert english in page(one)
    assert japanese in page(one, "ja")


def test_a_page_that_could_not_be_read_says_so() -> None:
    pages = published.site_builder().build(published.content(), Given([elsewhere()]))
    text = next(page.body.decode() for page in pages if page.path.startswith("papers/web/"))
    assert "Address only: example.org does not show the page to Fusen" in text


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Ann Li, Bo &lt;i&gt;, arXiv"), ("ja", "Ann Li、Bo &lt;i&gt;、arXiv")]
)
def test_a_paper_without_an_abstract_is_described_by_its_authors_and_its_site(language: str, said: str) -> None:
    one = changed(authors=("Ann Li", "Bo <i>"), abstract="")
    bare = replace(one, paper=replace(one.paper, reading=Reading("Title", "", None)))
    text = page(bare, language)
    assert f'<meta name="description" content="{said}">' in text
    assert f'<meta property="og:description" content="{said}">' in text


def test_every_block_made_by_machine_says_how_when_and_from_what() -> None:
    pages = published.site_builder().build(published.content(), Given([note(1), note(2)]))
    text = next(page.body.decode() for page in pages if page.path == PAGE)
    assert text.count('<span class="machine">') == text.count('class="machine-line"') == 3
    for said in ("Method: sentences of the abstract.", "Counted by Fusen from shares", "Compared by Fusen (words"):
        assert said in text


def test_the_citation_can_be_taken_along_with_and_without_javascript() -> None:
    text = page(note(1))
    assert '<a href="../../papers/arxiv/2403.00001.bib">BibTeX</a>' in text
    assert '<button type="button" id="cite" hidden' in text
    waiting = page(pending(1))
    assert "cite" not in waiting and "BibTeX" not in waiting


def told_to_programs(one: Note) -> dict[str, object]:
    (said,) = re.findall('<script type="application/ld\\+json">([^<]*)</script>', page(one))
    found: dict[str, object] = json.loads(said)
    return found


def test_reference_tools_find_the_citation_and_the_paper_itself() -> None:
    text = page(changed(withdrawn=True))
    link = '<link rel="alternate" type="application/x-bibtex" title="BibTeX" href="../../papers/arxiv/'
    assert f'{link}2403.00001.bib">' in text and "citation_" not in text
    assert told_to_programs(changed(withdrawn=True)) == {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "name": "Synthesis Step 1",
        "author": [{"@type": "Person", "name": name} for name in ("Ruida Wang", "Wangchunshu Zhou")],
        "datePublished": "2024-03-01",
        "sameAs": "https://arxiv.org/abs/2403.00001",
        "creativeWorkStatus": "Withdrawn",
    }
    assert "ld+json" not in page(pending(1)) and "x-bibtex" not in page(pending(1))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_title_ends_what_reference_tools_are_told(hostile: str) -> None:
    assert told_to_programs(note(1, hostile))["name"] == " ".join(fit(hostile).split())


def licensed(licence: str | None, versions: int = 1) -> str:
    one = note(1)
    told = tuple(Version(number, START, 10 * (number - 1)) for number in range(1, versions + 1))
    history = None if licence is None else History(licence, told)
    return page(replace(one, paper=replace(one.paper, history=history)))


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (
            "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
            '<a href="https://arxiv.org/licenses/nonexclusive-distrib/1.0/" rel="license" lang="en">'
            "arXiv.org non-exclusive license 1.0</a>: only arXiv may distribute it",
        ),
        (
            "http://creativecommons.org/licenses/by-nc-nd/4.0/",
            '<a href="https://creativecommons.org/licenses/by-nc-nd/4.0/" rel="license" lang="en">'
            "CC BY-NC-ND 4.0</a>: may be shared unchanged, with attribution, not for commercial use",
        ),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0</a>: may be used freely"),
        ("http://creativecommons.org/licenses/by/4.0/evil", '<dd><span lang="en">http://creativecommons.org/'),
        ("javascript:alert(1)", '<dd><span lang="en">javascript:alert(1)</span></dd>'),
        ("", "<dd>arXiv names none</dd>"),
        (None, "<dd>Not known yet</dd>"),
    ],
)
def test_a_licence_is_told_by_name_and_meaning(told: str | None, shown: str) -> None:
    assert shown in licensed(told)


@pytest.mark.parametrize(
    ("submitted", "shown"),
    [
        (r"Schr\"odinger and Erd\H{o}s", "Schrödinger and Erdős"),
        (
            r"On {\L}ukasiewicz, S\o rensen and Gau\ss{} -- a na{\"\i}ve view",
            "On Łukasiewicz, Sørensen and Gauß – a naïve view",
        ),
    ],
)
def test_a_title_that_differs_by_its_accents_alone_is_not_told_twice(submitted: str, shown: str) -> None:
    def titled(title: str) -> Note:
        one = changed(title=title)
        assert one.paper.reading
        return replace(one, paper=replace(one.paper, reading=replace(one.paper.reading, title=shown)))

    assert "Title as submitted" not in page(titled(submitted))
    assert "Title as submitted" in page(titled(f"{submitted} in $x$"))


def test_a_formula_of_the_summary_is_mathematics_as_in_the_abstract() -> None:
    source = r"Rain falls. We study $SU(3)_L$ models. Snow melts. They hold $x_1^2$."
    abstract = readable(source)
    said = f"{readable('We study $SU(3)_L$ models.')} {readable('They hold $x_1^2$.')}"
    one = note(1)
    summary = Summary(said, "extract", START, "abstract")
    reading = Reading("Title", abstract, summary, (), formulas(source, abstract))
    shown = page(replace(one, paper=replace(one.paper, reading=reading)))
    assert shown.count("<math") == 4
    first, second = (one.mathml for one in reading.abstract_formulas)
    assert f"We study {first} models. They hold {second}." in shown


def test_nobody_is_asked_for_the_licence_of_a_sample() -> None:
    assert "<dt>Licence</dt>" in page(note(1)) and "<dt>Licence</dt>" not in page(changed(origin="sample"))


def test_every_licence_of_creative_commons_has_a_meaning_in_both_languages() -> None:
    for terms in ("by", "by-sa", "by-nc", "by-nc-sa", "by-nd", "by-nc-nd"):
        means = licence_of(f"https://creativecommons.org/licenses/{terms}/3.0/").means
        for language in LANGUAGES:
            assert published.wording(language)(f"licence_{means.replace('-', '_')}")


def test_many_versions_are_folded_the_newest_first_and_one_withdrawn_has_no_size() -> None:
    text = licensed("", 9)
    assert text.index(">v9</a>") < text.index(">v5</a>") < text.index("4 earlier versions") < text.index(">v4</a>")
    assert '<li><a href="https://arxiv.org/abs/2403.00001v1">v1</a>, ' in text and ", 0 kB" not in text
    assert "<dt>Versions</dt>" not in licensed("", 1)


HEBREW = "מודלים (LLM) של שפה: 2 גישות!"


def test_a_text_from_right_to_left_begins_there_and_is_not_said_to_be_english() -> None:
    one = changed(title=HEBREW, authors=("Ann Li", "Bo Wu"), journal_ref="誌 12", comment="8 pages")
    assert one.paper.reading
    reading = replace(one.paper.reading, title=HEBREW, abstract=HEBREW, summary=None)
    said = replace(note(1).comments[0], text=HEBREW)
    text = page(replace(one, paper=replace(one.paper, reading=reading), comments=(said,)))
    assert f'<h1 dir="auto">{HEBREW}</h1>' in text
    assert f'<p class="prose" dir="auto">{HEBREW}</p>' in text
    assert f'<div class="text"><p dir="auto">{HEBREW}</p></div>' in text
    assert '<dd lang="en">8 pages</dd>' in text and "<dd>誌 12</dd>" in text


def test_names_are_said_to_be_in_the_language_of_their_letters() -> None:
    latin = page(changed(authors=("Ann Li", "Łukasz García")), "ja")
    assert '<div class="authors" lang="en">\n<p><bdi>Ann Li</bdi>, <bdi>Łukasz García</bdi></p>' in latin
    mixed = page(changed(authors=("Ann Li", "やまだ 花", "山田 太郎")), "ja")
    names = '<bdi lang="en">Ann Li</bdi>, <bdi lang="ja">やまだ 花</bdi>, <bdi>山田 太郎</bdi>'
    assert f'<div class="authors">\n<p>{names}</p>' in mixed
    assert '<div class="authors">\n<p><bdi>山田 太郎</bdi></p>' in page(changed(authors=("山田 太郎",)), "ja")


def test_lists_do_not_say_that_every_name_is_english() -> None:
    for author, lang in (("Ann Li", ' lang="en"'), ("山田 太郎", "")):
        listed = page(changed(authors=(author,)), "ja", "tags/llm.html")
        assert f'<span class="by"{lang}>, <bdi>{author}</bdi>' in listed


def with_translation(title: str = "ステップの合成", *pairs: tuple[str, str]) -> Note:
    given = pairs or (("We propose.", "提案する。"), ("It works.", ""))
    sentences = tuple(Rendered(*map(Passage, pair)) for pair in given)
    return replace(note(1), translation=Translation("ja", Passage(title), sentences, "small-2026", START, 2))


def test_original_and_translation_stand_side_by_side_sentence_by_sentence() -> None:
    text = page(with_translation(), "ja")
    first = '<p lang="en" dir="auto">We propose.</p>\n<p lang="ja">提案する。</p>'
    assert f'<div class="pair">\n{first}\n</div>' in text
    assert '<div class="pair">\n<p lang="en" dir="auto">It works.</p>\n</div>' in text
    assert '<p class="translated"><span lang="ja">ステップの合成</span>' in text
    provenance = "モデル: small-2026。元の文: 第 2 版のタイトルとアブストラクト。日付: "
    assert text.count(provenance) == 1
    assert "機械翻訳" not in page(note(1), "ja")


def test_the_summary_is_shown_in_translation_and_said_to_be_made_by_machine() -> None:
    text = page(published.translated(1), "ja")
    summary = text[text.index('<h2 id="summary">') : text.index('<h2 id="abstract">')]
    assert '<p class="prose" lang="ja"><math' in summary and "</math> を提案する。" in summary
    assert "機械翻訳" in summary and "自動生成" in summary
    assert "We propose a thing." not in summary and "We propose" in text
    assert '<meta name="description" content="x を提案する。">' in text


@pytest.mark.parametrize(
    "pairs", [(("We propose a thing.", ""), ("It works.", "動く。")), (("Another sentence.", "別の文。"),)]
)
def test_a_summary_that_is_not_wholly_translated_stays_as_it_is(pairs: tuple[tuple[str, str], ...]) -> None:
    text = page(with_translation("題", *pairs), "ja")
    assert '<p class="prose" lang="en" dir="auto">We propose a thing.</p>' in text


def test_lists_feeds_and_tag_pages_show_title_and_summary_in_translation_too() -> None:
    pages = published.site_builder("ja").build(published.content(), Given([published.translated(1)]))
    site = {page.path: page.body.decode("utf-8") for page in pages}
    for path in ("index.html", "tags/llm.html"):
        assert "Synthesis Step 1</cite></a>" in site[path]
        assert '<p class="translated"><span lang="ja">合成の手順</span> <span class="machine">' in site[path]
        assert '<span class="machine">機械翻訳</span> x を提案する。</p>' in site[path]
        assert "We propose a thing." not in site[path]
    for feed in ("feed.xml", "feed.json"):
        assert "自動要約 (機械翻訳): x を提案する。" in site[feed]


def test_the_sentences_of_a_summary_are_found_in_their_order_with_their_formulas() -> None:
    pairs = (("One.", "一。"), ("Two x.", "x は二。"), ("Two.", "二。"), ("Three.", "Three"), ("Four.", "四。"))
    sentences = tuple(Rendered(*map(Passage, pair)) for pair in pairs)
    mathml = "<math><mi>x</mi></math>"
    marked = replace(sentences[1], translated=Passage("x は二。", (Formula(0, 1, mathml),)))
    told = Translation("ja", Passage(""), (sentences[0], marked, *sentences[2:]), "small", START, 2)
    assert told.of_summary("One. Two x.") == Passage("一。x は二。", (Formula(2, 3, mathml),))
    assert told.of_summary("Three. Four.").text == "Three 四。"
    assert told.of_summary("Two. One.") == told.of_summary("Five.") == Passage("")


def test_a_title_that_could_not_be_translated_leaves_no_gap() -> None:
    text = page(with_translation(""), "ja")
    assert "translated" not in text and "提案する。" in text


def test_a_translation_is_text_whatever_the_model_says() -> None:
    hostile = "<script>alert(1)</script><img src=x> {{ 7 * 7 }}"
    text = page(with_translation(hostile, (hostile, hostile)), "ja")
    assert "<script>alert" not in text and "<img" not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x&gt; {{ 7 * 7 }}") == 3


def test_programs_are_told_of_a_translation_and_that_it_is_one() -> None:
    pages = published.site_builder("ja").build(published.content(), Given([with_translation()]))
    site = {page.path: page.body.decode("utf-8") for page in pages}
    (told,) = json.loads(site["tags/llm.json"])["notes"]
    assert told["translation"] == {
        "language": "ja",
        "title": "ステップの合成",
        "abstract": "提案する。 It works.",
        "summary": "",
        "made_by": "small-2026",
        "made_from": "v2",
        "made_at": "2024-03-01T15:30:00Z",
    }
    assert "- タイトル (機械翻訳): ステップの合成\n" in site["tags/llm.md"]
