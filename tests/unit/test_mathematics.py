"""Formulas: found in texts, made MathML of a short list of elements, and believed by no page unseen."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace

import published
import pytest
from hostile import CORPUS
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html
from published import Given, note
from real_data import REAL_DATA, needs_real_data

from enrichment.mathml import mathml
from enrichment.tex import formulas, readable, typed_formulas
from papers.formulas import Formula
from papers.note import Note
from publishing.maths import is_mathematics, with_formulas
from publishing.site import SiteBuilder

NAMES = """
    math mrow mi mn mo mtext ms mspace msup msub msubsup munder mover munderover mfrac msqrt mroot mtable mtr mtd
    mpadded mphantom mstyle mmultiscripts mprescripts none
"""
ELEMENTS = set(NAMES.split())


def within(text: str, found: tuple[Formula, ...]) -> list[str]:
    return [text[one.start : one.stop] for one in found]


def said(markup: str) -> str:
    return "".join(html.fromstring(f"<p>{markup}</p>").itertext())


FOUND = {
    "Synthesis in $O(n \\log n)$ time": ["O(n log n)"],
    r"On $K\_0$ and $\mathbb{R}^d$, again": ["K₀", "ℝᵈ"],
    r"From \(x_1\) to \[x_2\]; it costs $5 to $10": ["x₁", "x₂"],
    "Accuracy of $97.5\\%$ with $k=3$": ["k=3"],
    "No formula at all": [],
    "Too wide for a phone: $" + "a+b+" * 12 + "c$": [],
    r"Unknown $\GeV$ stays, $\frac{a}{b}$ does not": ["a/b"],
    r"$\text{<script>alert(1)</script>}$ and $x^2$": ["x²"],
}


@pytest.mark.parametrize("source", FOUND)
def test_formulas_are_found_where_they_stand_in_the_readable_text(source: str) -> None:
    plain = readable(source)
    found = formulas(source, plain)
    assert within(plain, found) == FOUND[source]
    assert all(is_mathematics(one.mathml) for one in found)
    assert formulas(source, plain + "?") == ()  # a text that was corrected, or made in another way


def test_formulas_are_found_in_what_people_type_with_the_rest_as_they_typed_it() -> None:
    text = "Costs $5 to $10;\n*but* $x_1^2$, \\(y\\) and https://example.org/$ \\cite{x}"
    assert within(text, typed_formulas(text)) == ["$x_1^2$", "\\(y\\)"]
    assert typed_formulas("$" * 20_000) == ()


@pytest.mark.parametrize(
    "text",
    [
        "学習に100$、推論に20$かかる",
        "$HOMEと$PATHを設定",
        "H100は1時間$2で安い(A100は1.5$)",
        "100$（50$）",
        "100$、200$",
    ],
)
def test_amounts_and_variables_in_japanese_are_no_formula(text: str) -> None:
    assert typed_formulas(text) == ()
    assert readable(text) == text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("it costs $5 and $x_1$ is small", ["$x_1$"]),
        (r"\$5 and $x$", ["$x$"]),
        (r"the price is \$5$x$", ["$x$"]),
    ],
)
def test_a_formula_behind_an_amount_is_found(text: str, found: list[str]) -> None:
    assert within(text, typed_formulas(text)) == found


def test_a_formula_between_japanese_words_is_one() -> None:
    text = "損失$L_x$は$\\text{日本}_1$より大きい"
    assert within(text, typed_formulas(text)) == ["$L_x$", "$\\text{日本}_1$"]


SHOWN = {
    r"\mathcal{O}(n \log n)": "𝒪(nlogn)",
    r"\mathbf{x}_i^2": "𝐱i2",
    r"\bm{\theta} \ne \theta": "𝜽≠θ",
    r"\boldsymbol{\Sigma x_1}+\mathbf{\beta}": "𝜮𝒙𝟏+𝛃",
    r"\mathbf{Gray}_{12}": "𝐆𝐫𝐚𝐲12",
    r"\mathbb{1}\mathbb{R}": "𝟙ℝ",
    r"\mathscr{HA}\mathfrak{Cg}": "ℋ𝒜ℭ𝔤",
    r"\mathsf{ab}\mathtt{c1}": "𝖺𝖻𝚌𝟷",
    r"\boldsymbol{a + \nabla 日}": "𝒂+𝛁日",
    r"\textbf{words}": "words",
    r"\sqrt{s}=13~\text{TeV}": "s=13\xa0TeV",
    r"x<y \text{ & more}": "",
    "𝒪": "𝒪",
    r"\tildeΘ": "Θ~",
    r"\href{javascript:alert(1)}{x}": "x",
    r"\class{a}{x}": "x",
    r"\style{color:red}{x}": "x",
    r"\text{<img src=x onerror=alert(1)>}": "",
    r"\text{</math><script>alert(1)</script>}": "",
    r"\mathrm{\"onclick='x'}": "",
    r"\unknown{x}": "",
    "x" * 2_001: "",
    "{" * 500 + "x" + "}" * 500: "",
}


@pytest.mark.parametrize("source", SHOWN)
def test_a_formula_is_mathematics_or_nothing(source: str) -> None:
    made = mathml(source)
    assert (said(made) if made else "") == SHOWN[source]
    assert not made or is_mathematics(made)


@given(st.text(alphabet="\\{}[]()^_&$<>'\"=/ abxnotehrfsplimqut123Θ", max_size=60))
@settings(max_examples=200, deadline=None)
def test_whatever_is_in_a_formula_no_other_element_comes_of_it(source: str) -> None:
    made = mathml(source)
    for element in etree.fromstring(f"<p>{made}</p>")[:]:
        for one in element.iter():
            assert one.tag in ELEMENTS
            assert not any(name.startswith("on") or name in {"href", "style", "class"} for name in one.attrib)
    assert not made or is_mathematics(made)


FORGED = [
    "<math><mi>x</mi></math><script>alert(1)</script>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    '<math><mi href="javascript:alert(1)">x</mi></math>',
    "<math><mi onclick='alert(1)'>x</mi></math>",
    "<math><annotation-xml encoding='text/html'><b>x</b></annotation-xml></math>",
    "<math><mi>x</math></mi>",
    "<math><mi>x</mi>",
    "<math>&nbsp;&#60;</math>",
    "<math><!-- x --></math>",
    "x<math></math>",
    "",
]


@pytest.mark.parametrize("forged", FORGED)
def test_a_page_believes_no_formula_unseen(forged: str) -> None:
    assert not is_mathematics(forged)
    assert with_formulas("a < b", (Formula(0, 5, forged),)) == "a &lt; b"


def test_places_that_do_not_fit_the_text_show_the_text() -> None:
    good = "<math><mi>x</mi></math>"
    assert with_formulas("a<b", (Formula(1, 9, good), Formula(2, 2, good))) == "a&lt;b"
    assert with_formulas("<x>", (Formula(1, 2, good), Formula(1, 3, good))) == f"&lt;{good}&gt;"
    assert with_formulas("of x.", (Formula(10, 11, good),), start=7) == f"of {good}."


def mathematical(text: str, comment: str) -> Note:
    one = note(1)
    plain, reading, record = readable(text), one.paper.reading, one.paper.record
    assert reading and record
    found = formulas(text, plain)
    reading = replace(reading, title=plain, abstract=plain, title_formulas=found, abstract_formulas=found)
    paper = replace(one.paper, reading=reading, record=replace(record, title=text, comment=comment))
    return replace(one, paper=paper, comments=(replace(one.comments[0], text=comment),))


def test_pages_show_mathematics_and_programs_read_text() -> None:
    shown = mathematical(r"Bounds of $\frac{a_1}{b}$ & more", "See $x^2$ at https://example.org/")
    builder = SiteBuilder(published.TEMPLATES / "site", published.wording(), typed_formulas)
    files = {page.path: page.body.decode() for page in builder.build(published.content(), Given([shown]))}
    paper = files["papers/arxiv/2403.00001.html"]
    fraction = "<mfrac><mrow><msub><mi>a</mi><mn>1</mn></msub></mrow><mrow><mi>b</mi></mrow></mfrac>"
    assert paper.count(fraction) == 2 and paper.count("<msup><mi>x</mi><mn>2</mn></msup>") == 2
    assert 'href="https://example.org/"' in paper and "</math> &amp; more</h1>" in paper
    assert files["tags/llm.html"].count(fraction) == 1
    with_maths = {path for path, body in files.items() if "<math" in body}
    assert with_maths == {"index.html", "tags/llm.html", "months/2024-03.html", "papers/arxiv/2403.00001.html"}
    assert "Bounds of (a₁)/b &amp; more" in files["feed.xml"]
    assert json.loads(files["tags/llm.json"])["notes"][0]["title"] == "Bounds of (a₁)/b & more"


def test_hostile_texts_make_no_formulas_but_mathematics() -> None:
    for text in CORPUS:
        for one in (*formulas(text, readable(text)), *typed_formulas(text)):
            assert is_mathematics(one.mathml)


@needs_real_data
def test_real_formulas_become_mathematics() -> None:
    texts = []
    with gzip.open(REAL_DATA / "arxiv_records.jsonl.gz", "rt", encoding="utf-8") as lines:
        for _, line in zip(range(120), lines, strict=False):
            texts += [text for text in (json.loads(line)["summary"],) if text and "$" in text]
    made = 0
    for text in texts:
        plain = readable(text)
        for one in formulas(text, plain):
            assert is_mathematics(one.mathml) and plain[one.start : one.stop].strip()
            made += 1
    assert made > 20
