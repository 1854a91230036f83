"""The texts of the pages: venues read from comments, links in comments, passages, sentences in two languages."""

from __future__ import annotations

import re
import string

import published
import pytest
from hypothesis import given
from hypothesis import strategies as st
from published import START

from enrichment.reading import FROM_ABSTRACT, FROM_PAGE, FROM_SAMPLE, METHOD
from papers.depth import Depth
from papers.paper import PaperId, Record
from papers.unseen import fit
from papers.wording import LANGUAGES
from publishing.kept import KeptTexts
from publishing.texts import fit_bytes, language_of, linked, passage
from publishing.venues import venue


@pytest.mark.parametrize(
    ("comment", "journal", "expected"),
    [
        ("Accepted at ACL 2023", None, "ACL'23"),
        ("Accepted by ICML2024, 29 pages, 4 figures", None, "ICML'24"),
        ("ACL 2024", None, "ACL'24"),
        ("To appear at AAAI'23. Previous version at ICML 2020 Workshop", None, "AAAI'23"),
        ("Findings of EMNLP 2023", None, "EMNLP'23 Findings"),
        ("Accepted at the ICML 2023 Time Series Workshop", None, "ICML'23 Workshop"),
        ("2024 ICLR Spotlight paper", None, "ICLR'24"),
        ("Accepted as Oral Presentation at EMNLP\n  2023", None, "EMNLP'23"),
        ("9 pages, 3 figures", "Proceedings of NAACL 2024", "NAACL'24"),
        ("Code is at https://www.a.example/x ICLR 2024, https://b.example/forum?id=1", None, "ICLR'24"),
        ("Code is at https://a.example/ICLR 2024", None, "arXiv'23"),
        ("Submitted to ICML 2023", None, "arXiv'23"),
        ("Under review at ICLR 2024", None, "arXiv'23"),
        ("An extended version of our ACL 2023 paper", None, "arXiv'23"),
        ("Winner of the CVPR 2023 challenge", None, "arXiv'23"),
        ("Uses the ACL 2023 template", None, "arXiv'23"),
        ("Accepted at ACL 1997", None, "arXiv'23"),
        ("Accepted at ACL 2020", None, "arXiv'23"),
        ("Accepted at ACL 2021", None, "ACL'21"),
        ("Accepted at ACL 2028", None, "ACL'28"),
        ("Accepted at ACL 2029", None, "arXiv'23"),
        ("appeared in the 1996 AAAI Spring Symposium", None, "arXiv'23"),
        ("Accepted to a miracle 2023", None, "arXiv'23"),
        (None, "Phys.Rev. D50 (1994) 1879", "arXiv'23"),
        (None, None, "arXiv'23"),
    ],
)
def test_a_venue_is_named_only_when_it_is_clear(comment: str | None, journal: str | None, expected: str) -> None:
    at = START.replace(year=2023)
    record = Record(PaperId("arxiv", "2303.00001"), 1, "", "", (), (), at, at, comment, journal)
    assert venue(record) == expected


@pytest.mark.parametrize(
    ("text", "html_text"),
    [
        ("see https://a.example/x.", "see {https://a.example/x}."),
        ("(https://a.example/a_(b))", "({https://a.example/a_(b)})"),
        ("https://a.example/xで読める", "{https://a.example/x}で読める"),
        ("https://a.example/?a=1&b=2", "{https://a.example/?a=1&amp;b=2}"),
        ("http:// https://[ ftp://a.example javascript:x", "http:// https://[ ftp://a.example javascript:x"),
        ("one\r\ntwo\rthree", "one<br>\ntwo<br>\nthree"),
    ],
)
def test_addresses_in_comments_become_links(text: str, html_text: str) -> None:
    expected = re.sub(r"\{(.+?)\}", r'<a href="\1" rel="nofollow noopener">\1</a>', html_text)
    assert linked(fit(text)) == expected


def test_a_passage_keeps_its_first_lines_and_shows_that_more_follows() -> None:
    assert passage("a\n\n<b>\nc", 80) == "a<br>\n&lt;b&gt;<br>\nc"
    assert passage("1\n2\n3\n4\n5\n6", 80) == "1<br>\n2<br>\n3<br>\n4<br>\n5…"
    assert len(passage("word " * 100, 80)) <= 80
    assert passage("", 80) == passage(" \n ", 80) == ""


def test_both_languages_have_the_same_sentences_and_gaps() -> None:
    english, japanese = (published.wording(language).sentences for language in LANGUAGES)
    assert set(english) == set(japanese)
    for key in english:
        gaps = [
            {gap for _, gap, _, _ in string.Formatter().parse(text) if gap}
            for text in (english[key], japanese[key])
        ]
        assert gaps[0] == gaps[1], key


def test_every_sentence_is_used() -> None:
    folder = published.TEMPLATES / "site"
    code = (published.TEMPLATES.parent / "publishing").rglob("*.py")
    files = [path for path in folder.iterdir() if path.suffix != ".css"]
    text = "".join(path.read_text(encoding="utf-8") for path in (*files, *code))
    unused = {
        key
        for key in published.wording().sentences
        if not re.search(rf"""["']{key.removesuffix("_one")}["']""", text)
    }
    # Words for stored values are looked up by value.
    by_value = {f"made_from_{value.replace(' ', '_')}" for value in (FROM_ABSTRACT, FROM_PAGE, FROM_SAMPLE)}
    by_value |= {f"depth_{value}" for value in Depth if value is not Depth.NOTHING}
    creative_commons = ("by", "by_sa", "by_nc", "by_nc_sa", "by_nd", "by_nc_nd")
    by_value |= {f"licence_{means}" for means in (*creative_commons, "zero", "arxiv")}
    by_value |= {f"method_{METHOD}", "method_extract-1"}  # stored until the source is asked again
    assert unused == by_value


@given(
    st.text(
        st.one_of(
            st.characters(codec=None), st.sampled_from("\x00\x7f\x85\u2028\u202e\u2066\ufdd0\ufffe\ud800あ…")
        )
    )
)
def test_a_text_is_as_fit_in_bytes(text: str) -> None:
    assert fit_bytes(text) == fit(text).encode("utf-8")


def test_kept_texts_are_those_last_put() -> None:
    texts = {number: f"<article>{number} の要約</article>".encode() * (number % 7) for number in range(1200)}
    kept = KeptTexts("html", "entry")
    for number, text in texts.items():
        kept.put(number, {"html": text, "entry": b"an entry"})
    assert kept.get("html", range(1200)) == texts
    kept.put(7, {"html": b"another"})
    kept.drop(8)
    assert kept.get("html", (7, 8, 9)) == {7: b"another", 9: texts[9]}
    assert kept.get("entry", (7, 8, 9)) == {9: b"an entry"}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We study α-helices of naïve ﬁbres: 𝑥 ≤ π", "en"),
        ("LLMを使う", "ja"),
        ("言語 models", ""),
        ("מודלים LLM", ""),
        ("модель BERT", ""),
        ("한국어 BERT", ""),
        ("123", ""),
    ],
)
def test_a_text_is_english_only_without_letters_of_other_scripts(text: str, language: str) -> None:
    assert language_of(text) == language
