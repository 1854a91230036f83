"""What people set off in Slack: as HTML on the pages, and left out of excerpts."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hostile import HOSTILE
from hypothesis import given
from hypothesis import strategies as st
from published import Given, content, note, site_builder

from enrichment.tex import typed_formulas
from papers.formulas import FindFormulas, no_formulas
from papers.marks import quotable, unmarked
from papers.unseen import fit
from publishing.written import written

PIECES = st.sampled_from(
    [
        "*",
        "_",
        "~",
        "\u200b",
        "`",
        "```",
        "\n",
        "> ",
        ">",
        " ",
        "a",
        "日",
        "<b>",
        "&amp;",
        "https://a.example/_x_",
        "$x_1$",
    ]
)
WRITTEN = st.lists(PIECES, max_size=40).map("".join)

SHOWN = {
    "plain < text": "<p>plain &lt; text</p>",
    "use `a < b` here": "<p>use <code>a &lt; b</code> here</p>",
    "*bold*, _slanted_ and ~gone~": "<p><strong>bold</strong>, <em>slanted</em> and <s>gone</s></p>",
    "*bold with _more_ in it*": "<p><strong>bold with <em>more</em> in it</strong></p>",
    "_*both*_ and *_both_*": "<p><em><strong>both</strong></em> and <strong><em>both</em></strong></p>",
    "_~gone~_": "<p><em><s>gone</s></em></p>",
    "look:\n```\npython\n  print('*x*')\n```\nso": (
        "<p>look:</p>\n<pre><code>python\n  print(&#39;*x*&#39;)</code></pre>\n<p>so</p>"
    ),
    "> said\n> twice\n\nI agree": "<blockquote>said<br>\ntwice</blockquote>\n<p>I agree</p>",
    ">without a blank": "<blockquote>without a blank</blockquote>",
    "これは\u200b*重要*\u200bです": "<p>これは<strong>重要</strong>です</p>",
    "`https://a.example/x`": "<p><code>https://a.example/x</code></p>",
}
AS_IT_STANDS = [
    "2*3*4 and snake_case_name",
    "a * b * c",
    "**not in Slack**",
    "~100 to ~200",
    "`open",
    "``` only one",
    "5 > 3",
    "これは*重要*です",
    "月~金、土~日",
    "縦*横、高さ*幅",
    "*over\ntwo lines*",
    r"so $\theta^*$ and $\pi^*$ agree",
    r"$\mathbf{x}_{i}$ and $\mathbf{y}_{j}$",
    r"\(a_{i}\) and \(b_{j}\)",
    ">",
    "> \n>",
]


def shown_as(text: str, find_formulas: FindFormulas = no_formulas) -> str:
    """A text as HTML, without what says of each part that its own letters tell where it begins."""
    return written(text, find_formulas).replace(' dir="auto"', "")


def test_each_paragraph_begins_where_its_own_letters_say() -> None:
    html = written("> שלום\n\nso", no_formulas)
    assert html == '<blockquote dir="auto">שלום</blockquote>\n<p dir="auto">so</p>'


@pytest.mark.parametrize(("text", "html"), SHOWN.items())
def test_what_slack_shows_as_formatting_is_formatted_on_the_page(text: str, html: str) -> None:
    assert shown_as(text) == html


@pytest.mark.parametrize("text", AS_IT_STANDS)
def test_what_slack_shows_as_it_stands_is_text(text: str) -> None:
    shown = text.replace(">", "&gt;").replace("\n", "<br>\n")
    assert shown_as(text) == f"<p>{shown}</p>"
    assert unmarked(text) == text


def test_an_address_keeps_its_signs() -> None:
    address = "https://a.example/_x_*y*"
    assert f'href="{address.rstrip("*")}"' in written(f"_see_ {address}", no_formulas)


def test_a_formula_is_mathematics_beside_marks_and_text_in_code() -> None:
    shown = shown_as("*so* $a_1 * b_2$ `$c_3$`", typed_formulas)
    assert shown.startswith("<p><strong>so</strong> <math") and shown.endswith("</math> <code>$c_3$</code></p>")


def test_code_that_is_bold_is_text_too() -> None:
    shown = "<p><strong>compare <code>$HOME</code> with <code>$PATH</code></strong></p>"
    assert shown_as("*compare `$HOME` with `$PATH`*", typed_formulas) == shown


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("```\nprint('x')\n```", "print('x')"),
        ("see `f(x)` in *this* ~old~ _paper_", "see f(x) in this old paper"),
        ("> quoted\nanswer", "quoted\nanswer"),
        ("*`a` and _b_*", "a and b"),
        ("_*x*_ and _~y~_", "x and y"),
        ("これは\u200b*重要*\u200bで\u200b_~新しい~_", "これは重要で新しい"),
        ("costs $5 and *bold* $6", "costs $5 and bold $6"),
        ("$5/month or _perhaps_ A$/year", "$5/month or perhaps A$/year"),
        (r"the *optimal $\pi^*$* of _$x_{i}$_", r"the optimal $\pi^*$ of $x_{i}$"),
        ("`$a` and *b* `c$`", "$a and b c$"),
        ("*compare `$HOME` with `$PATH`*", "compare $HOME with $PATH"),
        ("_~use `US$` or `CA$`~_", "use US$ or CA$"),
    ],
)
def test_what_is_searched_has_no_marks(text: str, bare: str) -> None:
    assert unmarked(text) == bare


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("plain", "plain"),
        ("see `f(x)` in *this* ~old~ _paper_", "see f(x) in this paper"),
        ("good ~and short~, I think ~not~", "good, I think"),
        ("> they say so\nI doubt ~it~ that", "“they say so”\nI doubt that"),
        ("> said\n> ~twice~\n> again\nwell", "“said\nagain”\nwell"),
        ("> 実験は十分である\nそうは思わない", "「実験は十分である」\nそうは思わない"),
        ("> the data are few\n評価が甘い。なぜか", "「the data are few」\n評価が甘い。なぜか"),
        ("> 「もう括弧」\nそう", "「もう括弧」\nそう"),
        ("> 「A」と「B」", "「「A」と「B」」"),
        ("> “already so”\nyes", "“already so”\nyes"),
        ("~all of it~", "…"),
        ("> ~all of it~\n_~and that~_", "…"),
        ("```\n~code~\n```", "~code~"),
        ("`~code~` stays", "~code~ stays"),
        ("~100 to ~200", "~100 to ~200"),
        (">", ">"),
        ("", ""),
    ],
)
def test_an_excerpt_tells_a_quote_from_the_persons_own_words_and_leaves_out_what_is_struck(
    text: str, quoted: str
) -> None:
    assert quotable(text) == quoted


@pytest.mark.parametrize(
    ("said", "shown"), [("> quoted\n> line\n~this is wrong~ so", "“quoted line” so"), ("~gone~", "…")]
)
def test_lists_and_feeds_show_no_struck_or_quoted_words_as_the_persons_own(said: str, shown: str) -> None:
    one = note(1, comments=1)
    one = replace(one, comments=(replace(one.comments[0], text=said),))
    pages = {page.path: page.body.decode() for page in site_builder().build(content(), Given([one]))}
    for path in ("index.html", "tags/llm.html", "feed.xml", "feed.json", "tags/llm.xml"):
        bare = pages[path].replace("<br>", "").replace("\n", " ")
        assert shown in bare, path
        assert "this is wrong" not in bare and "gone" not in bare and "(image)" not in bare, path


def test_code_in_a_comment_is_code_on_its_page_and_bare_in_lists_and_feeds() -> None:
    said = "```\nprint('x')\n```"
    one = note(1, comments=1)
    one = replace(one, comments=(replace(one.comments[0], text=said),))
    pages = {page.path: page.body.decode() for page in site_builder().build(content(), Given([one]))}
    assert "<pre><code>print(&#39;x&#39;)</code></pre>" in pages["papers/arxiv/2403.00001.html"]
    for path in ("index.html", "tags/llm.html", "feed.xml", "feed.json", "tags/llm.xml"):
        assert "print(" in pages[path] and "```" not in pages[path], path
    assert json.loads(pages["tags/llm.json"])["notes"][0]["comments"][0]["text"] == said


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("around", ["{}", "*{}*", "`{}`", "```{}```", "> {}"])
def test_hostile_texts_stay_text_within_marks(hostile: str, around: str) -> None:
    shown = written(fit(around.format(hostile)), no_formulas)
    elements = '<(?:p|blockquote) dir="auto">|</?(?:p|pre|code|blockquote|strong|em|s)>|<br>|</a>'
    link = '<a href="https?://[^"<>]*" rel="nofollow noopener">'
    assert "<" not in re.sub(f"{elements}|{link}", "", shown)


@given(WRITTEN)
def test_whatever_is_written_is_whole_markup_that_says_the_same(text: str) -> None:
    shown = written(text, typed_formulas)
    ElementTree.fromstring(f"<div>{shown.replace('<br>', '<br/>')}</div>")  # raises where it is not well formed
    bare = "".join(letter for letter in text if letter.isalnum())
    said = "".join(letter for letter in re.sub(r"<math.*?</math>", "x1", re.sub("<br>", "", shown)) if letter)
    told = ElementTree.fromstring(f"<div>{said}</div>")
    assert "".join(letter for letter in "".join(told.itertext()) if letter.isalnum()) == bare


@given(WRITTEN)
def test_to_leave_marks_out_adds_nothing_but_line_ends(text: str) -> None:
    left = iter(text)
    assert all(letter in left for letter in unmarked(text) if letter != "\n")
