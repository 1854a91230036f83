"""TeX made readable, and money, addresses and broken source left alone."""

import gzip
import json
import re
import time
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pylatexenc.latexwalker import LatexWalker
from real_data import REAL_DATA, needs_real_data

from enrichment.converting import convert
from enrichment.plain import LONGEST_TEXT, fold, scrub
from enrichment.tex import formulas, readable
from papers.dollars import is_maths

RECORDS = REAL_DATA / "arxiv_records.jsonl.gz"
HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
TEX = r"$ $$ \ { } _ ^ \frac \sqrt[ \hat \mathbf \begin{equation} \end{equation} \( \) \[ \] \emph{ \text{ \over"
TEXT = r"\href{ % & # ~ `` '' ' x 5 word \alpha θ ] \verb| \left. \item \cite https://x.y"
TEX_PIECES = st.sampled_from([*TEX.split(), *TEXT.split(), " ", "\u202e", "\x07"])


@pytest.mark.parametrize(
    "source, expected",
    [
        (r"$\mathcal{O}(n\log n)$", "𝒪(n log n)"),
        (r"139\,fb$^{-1}$", "139 fb⁻¹"),
        (r"H$_2$O", "H₂O"),
        (r"$\tilde{O}(\sqrt{T})$", "Õ(√T)"),
        (r"Erd\H{o}s--R\'enyi", "Erdős–Rényi"),
        (r"$\sqrt{s}=13$ TeV", "√s=13 TeV"),
        (r"$\sum_{i=1}^n w_i$", "∑ᵢ₌₁ⁿ wᵢ"),
        (r"$M_\odot$", "M_⊙"),
        (r"$\max_y f$", "max_y f"),
        (r"$n^{\omega(1)}$", "n^(ω(1))"),
        (r"$\arg\max_x$", "arg maxₓ"),
        (r"$\|x\|_2$", "‖x‖₂"),
        (r"$K\_0$ and $L\^{2}$", "K₀ and L²"),
        (r"$x_{n_{i}}$", "x_(nᵢ)"),
        (r"$C^*$-algebra at $90^\circ$, $f'(x)$", "C*-algebra at 90°, f′(x)"),
        (r"$T_{\rm eff}$ and $x_\mathrm{in}$", "T_eff and xᵢₙ"),
        (r"$\frac{a+b}{c}$, $\frac12$, ${1\over 2}$, ${n\choose k}$", "(a+b)/c, 1/2, 1/2, (n choose k)"),
        (r"$\sqrt{s_{NN}}$ and $\sqrt[3]{x}$", "√(s_NN) and ∛x"),
        (r"${\cal N}=4$ on $\Bbb R^n$", "𝒩=4 on ℝⁿ"),
        (r"$1\leq i\leq n$ and $A \to B$", "1≤i≤n and A → B"),
        (r"\(a\) and \[b\] and $$c$$", "a and b and c"),
        (r"\begin{equation}x_1\end{equation}", "x₁"),
        (r"$50\%$ or $50%$", "50% or 50%"),
        (r"$\left\{ x \right.$", "x"),
        (r"$10^{-5}$ and 10^{-5}", "10⁻⁵ and 10⁻⁵"),
    ],
)
def test_formulas_become_plain_characters(source: str, expected: str) -> None:
    assert readable(source) == expected


@pytest.mark.parametrize(
    "source, expected",
    [
        (r"\texttt{Foo} and \url{https://x.y/a_b}", "Foo and https://x.y/a_b"),
        (r"\href{https://x.y}{our page} here", "our page here"),
        (r"Known \cite{a}, \citep[see][]{b} \footnote{no}.", "Known,."),
        (
            r"Order of summation. \footnote We also (see \cite) \label[a] b",
            "Order of summation. We also (see) [a] b",
        ),
        (r"It was based on \cite, whose proof holds: $a \tag 1$", "It was based on, whose proof holds: a 1"),
        (r"{\em a priori} and \emph{a posteriori}", "a priori and a posteriori"),
        (r"H\textsubscript{2}O\xspace is wet", "H2O is wet"),
        ("``so'' --- he said", "“so” — he said"),
        (r"M\"uller, \v{C}ech, {\L}ukasz, na\"{\i}ve", "Müller, Čech, Łukasz, naïve"),
        (r"Fig.~3 takes ~5 s, \~{}5 s", "Fig. 3 takes ~5 s, ~5 s"),
        (r"\ours: a method", "ours: a method"),
        (r"Text , here ; {so}", "Text, here; so"),
    ],
)
def test_macros_of_text_keep_what_they_say(source: str, expected: str) -> None:
    assert readable(source) == expected


@pytest.mark.parametrize(
    "source, expected",
    [("\\tildeΘ holds", "Θ̃ holds"), ("$\\mathbfθ$ holds", "θ holds"), ("$\\alphaβ$", "αβ")],
)
def test_letters_glued_to_a_macro_by_the_interface_are_kept(source: str, expected: str) -> None:
    assert unicodedata.normalize("NFKC", readable(source)) == unicodedata.normalize("NFKC", expected)


@pytest.mark.parametrize(
    "text",
    [
        "from $5 to $10 a day",
        "between $5M and $10M or $3.7K",
        "it costs $100/month and $20 more",
        "100% of R&D in #1 for $7",
        "snake_name and x^y cost $3",
        "$OneMillion-Bench costs nothing",
        "see https://x.y/~me/a_b%20c#d for $5",
    ],
)
def test_money_signs_and_addresses_stay_as_they_are(text: str) -> None:
    assert readable(text) == text


@pytest.mark.parametrize(
    "body, following, expected",
    [
        ("x", "", True),
        ("10 pb", " ", True),
        (" 2 - 6 ", " ", True),
        ("5 to ", "1", False),
        ("5 million in cash and US", "1", False),
        ("N=", "2", True),
        (" and some more text ", " ", False),
        ("_1 is such that for all n, there is x", "", False),
        (r"x \text{ such that for all } y", "", True),
        ("、推論に20", "か", False),
        ("2で安い(A100は1.5", ")", False),
        ("、200", "", False),
        ("（50", "）", False),
        ("HOMEと", "P", False),
        (r"x_{日本} \in \text{日本}", "", True),
    ],
)
def test_which_dollars_are_tex(body: str, following: str, expected: bool) -> None:
    assert is_maths(body, following) is expected


@pytest.mark.parametrize(
    "source", ["$x_{a$ is broken", r"\frac{", "{", "$$", r"\begin{equation} x", r"\sqrt[3", "}{"]
)
def test_broken_source_still_gives_a_text(source: str) -> None:
    assert readable(source)


def test_one_broken_formula_does_not_spoil_the_others() -> None:
    assert readable(r"$x_{a$ but $\alpha_1$") == "$x_a$ but α₁"


def test_nothing_is_read_from_files() -> None:
    assert "root" not in readable(r"a \input{/etc/passwd} \include{/etc/passwd} b")


def test_control_characters_and_hidden_directions_vanish() -> None:
    assert readable("a\x00b\x1b[31m \u202egnp.exe\u202c \u2066x\u2069\x85 y\tz") == "ab[31m gnp.exe x y z"
    assert readable("$\\alpha\u202e$\x07") == "α"
    assert readable("Safe \U000e0041\U000e0042title 👩\u200d🔬") == "Safe title 👩\u200d🔬"


def test_a_text_without_letters_falls_back_to_its_source() -> None:
    assert readable(r"\cite{a}") == r"\cite{a}"


@pytest.mark.parametrize(
    "unit",
    ["{", "$", "\\", "~", "x_{", "\\hat{", "\\begin{a}", "\\begin{equation}", "$a ", "\\[", "\\cite[", "`", "%"],
)
def test_huge_hostile_texts_end_and_are_bounded(unit: str) -> None:
    assert len(readable(unit * 100_000)) <= LONGEST_TEXT


def test_a_long_run_of_blanks_is_read_once() -> None:
    began = time.process_time()
    assert readable("a" + "~" * 9_900 + "b") == "a b"
    assert time.process_time() - began < 0.4


def tokens_read(read: Callable[[str], object], text: str) -> int:
    """How many tokens pylatexenc looks at while a text is read; far too many end the test."""
    read_before, count = LatexWalker.get_token, 0

    def counted(*where: object, **how: object) -> object:
        nonlocal count
        count += 1
        if count > 20 * len(text) + 20:
            pytest.fail(f"{len(text)} characters take {count} tokens")
        return read_before(*where, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LatexWalker, "get_token", counted)
        read(text)
    return count


HARD_TO_READ = [
    r"\frac{ $ ",
    r"\frac{ $ \begin{array} x ^ _ \left( } \verb| We propose. ",
    "$" + r"\frac{x " * 50 + "$ ",
    "^{" * 110 + r"\frac{\(" * 6 + "}" * 116 + " ",
]


@pytest.mark.parametrize("unit", HARD_TO_READ)
def test_twice_as_long_a_text_takes_twice_as_long(unit: str) -> None:
    once, twice = unit * (2_000 // len(unit) + 1), unit * (2_000 // len(unit) + 1) * 2
    assert tokens_read(readable, twice) <= 2.5 * tokens_read(readable, once) + 20
    assert tokens_read(lambda text: formulas(text, ""), twice) <= 20 * len(twice)


@settings(deadline=None)
@given(st.lists(TEX_PIECES, min_size=1).map("".join), st.integers(1, 40))
def test_no_text_is_read_again_and_again(unit: str, times: int) -> None:
    tokens_read(readable, unit * times)


def test_what_is_too_tangled_to_be_read_stays_as_it_is() -> None:
    tangled = r"\frac{ x " * 20
    assert readable(tangled) == tangled.strip()
    assert readable(rf"10^{{-5}} and $\alpha_1$ and ${tangled}$").startswith(r"10⁻⁵ and α₁ and $\frac")


def test_nested_accents_do_not_grow() -> None:
    assert len(readable("$" + r"\hat{" * 60 + "x" + "}" * 60 + "$")) < 10
    assert len(readable("$" + r"\not{" * 20 + "x" + "}" * 20 + "$")) < 200


def test_matrices_are_read_row_by_row_and_nested_ones_do_not_grow() -> None:
    assert readable(r"$\begin{pmatrix} 1 & 10 \\ x_1 & \\ \end{pmatrix}$") == "[ 1 10; x₁; ]"
    nested = r"\begin{array}{c} a \\ b \\ " * 9 + "x" + r" \end{array}" * 9
    assert len(convert(nested)) < 2 * len(nested)


@given(st.lists(TEX_PIECES).map("".join) | st.text())
def test_any_text_reads_without_error_hidden_characters_or_double_blanks(text: str) -> None:
    result = readable(text)
    assert not HIDDEN.search(result)
    assert result == fold(result)
    assert bool(result) == bool(fold(scrub(text)))


@given(st.text(alphabet=st.characters(categories=["L", "Nd", "Zs"])))
def test_a_text_without_tex_is_only_folded(text: str) -> None:
    assert readable(text) == fold(text)


@needs_real_data
def test_hardly_any_real_text_keeps_dollars_or_macros() -> None:
    with gzip.open(RECORDS, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for number, line in enumerate(lines) if number % 20 == 0]
    texts = [
        text
        for record in records
        for text in (record["title"], record["summary"] or "")
        if re.search(r"[\\$]", text)
    ]
    left = [text for text in texts if re.search(r"[\\$]", readable(text))]
    assert len(texts) > 100
    assert len(left) <= 0.02 * len(texts), left
