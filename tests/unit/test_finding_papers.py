"""Finding papers in what people paste: every form of a link, and nothing that is no paper."""

from __future__ import annotations

from datetime import date

import pytest
from real_data import REAL_DATA, needs_real_data
from versioned_ids import versioned_id

from papers.finding import find_papers, places_of_papers
from papers.paper import ARXIV

TODAY = date(2026, 11, 21)
URL = "https://arxiv.org/abs/2310.13671"
OTHER = "https://arxiv.org/abs/2401.00001"

# name of the form, what is pasted, the paper, the version
FORMS: list[tuple[str, str, str | None, int | None]] = [
    ("abs", "https://arxiv.org/abs/2310.13671", "2310.13671", None),
    ("abs+v", "https://arxiv.org/abs/2310.13671v1", "2310.13671", 1),
    ("abs http", "http://arxiv.org/abs/2310.13671v1", "2310.13671", 1),
    ("www", "https://www.arxiv.org/abs/2310.13671", "2310.13671", None),
    ("pdf", "https://arxiv.org/pdf/2310.13671", "2310.13671", None),
    ("pdf .pdf", "https://arxiv.org/pdf/2310.13671.pdf", "2310.13671", None),
    ("pdf v.pdf", "https://arxiv.org/pdf/2310.13671v1.pdf", "2310.13671", 1),
    ("html", "https://arxiv.org/html/2310.13671v1", "2310.13671", 1),
    ("html#", "https://arxiv.org/html/2310.13671v1#S3", "2310.13671", 1),
    ("?context", "https://arxiv.org/abs/2310.13671?context=cs.CL", "2310.13671", None),
    ("?utm", "https://arxiv.org/abs/2310.13671?utm_source=tldrai", "2310.13671", None),
    ("trailing /", "https://arxiv.org/abs/2310.13671/", "2310.13671", None),
    ("pdf#page", "https://arxiv.org/pdf/2310.13671#page=5", "2310.13671", None),
    ("export", "https://export.arxiv.org/abs/2310.13671", "2310.13671", None),
    ("no scheme", "arxiv.org/abs/2310.13671", "2310.13671", None),
    ("format page", "https://arxiv.org/format/2310.13671", "2310.13671", None),
    ("old", "https://arxiv.org/abs/hep-th/9901001", "hep-th/9901001", None),
    ("old v", "https://arxiv.org/abs/hep-th/9901001v3", "hep-th/9901001", 3),
    ("old pdf", "https://arxiv.org/pdf/hep-th/9901001.pdf", "hep-th/9901001", None),
    ("old, subject class", "https://arxiv.org/abs/math.GT/0309136", "math/0309136", None),
    ("old, ftp path", "https://arxiv.org/ftp/cond-mat/papers/0408/0408502.pdf", "cond-mat/0408502", None),
    ("4-digit", "https://arxiv.org/abs/0704.0001", "0704.0001", None),
    ("ar5iv", "https://ar5iv.labs.arxiv.org/html/2310.13671", "2310.13671", None),
    ("ar5iv.org", "https://ar5iv.org/abs/2310.13671", "2310.13671", None),
    ("alphaXiv", "https://www.alphaxiv.org/abs/2310.13671", "2310.13671", None),
    ("alphaXiv overview", "https://www.alphaxiv.org/overview/2310.13671v1", "2310.13671", 1),
    ("Hugging Face", "https://huggingface.co/papers/2310.13671", "2310.13671", None),
    ("hf.co", "https://hf.co/papers/2310.13671", "2310.13671", None),
    ("Hugging Face .md", "https://huggingface.co/papers/2310.13671.md", "2310.13671", None),
    ("DOI", "https://doi.org/10.48550/arXiv.2310.13671", "2310.13671", None),
    ("DOI, lower case", "https://doi.org/10.48550/arxiv.2310.13671", "2310.13671", None),
    ("SciRate", "https://scirate.com/arxiv/2310.13671", "2310.13671", None),
    ("Fugu-MT", "https://fugumt.com/fugumt/paper_check/2310.13671v1", "2310.13671", 1),
    ("Semantic Scholar", "https://www.semanticscholar.org/arxiv/2310.13671", "2310.13671", None),
    ("Semantic Scholar API", "https://api.semanticscholar.org/arXiv:2310.13671", "2310.13671", None),
    (
        "Scholar redirect",
        "https://scholar.google.com/scholar_url?url=https://arxiv.org/pdf/2310.13671&hl=en&sa=X",
        "2310.13671",
        None,
    ),
    (
        "Google redirect, encoded",
        "https://www.google.com/url?q=https%3A%2F%2Farxiv.org%2Fabs%2F2310.13671&sa=D",
        "2310.13671",
        None,
    ),
    ("slack <u>", "<https://arxiv.org/abs/2310.13671>", "2310.13671", None),
    ("slack <u|l>", "<https://arxiv.org/abs/2310.13671|arxiv.org/abs/2310.13671>", "2310.13671", None),
    ("slack ()", "(<https://arxiv.org/abs/2310.13671>).", "2310.13671", None),
    ("text with prefix", "arXiv:2310.13671v1", "2310.13671", 1),
    ("text with class", "arXiv:2310.13671 [cs.CL]", "2310.13671", None),
    ("bare id", "2310.13671", "2310.13671", None),
    ("not a paper: other DOI", "https://dl.acm.org/doi/10.1145/3292500.3330701", None, None),
    ("not a paper: numbers", "build 1234.56789 took 2024.12345 ms", None, None),
    ("not a paper: listing", "https://arxiv.org/list/cs.CL/recent", None, None),
    ("not an id: month 13", "https://arxiv.org/abs/2313.13671", None, None),
    ("OpenReview", "https://openreview.net/forum?id=xQUe1pOKPam", None, None),
    ("ACL Anthology", "https://aclanthology.org/2020.acl-main.405", None, None),
]

# Marks around a link, parted by blanks.
AROUND = (
    "（{}）。 「{}」 『{}』を読む {}。 {}、次 論文{}を見て ({}). *{}* **{}** “{}” {}! {}… {}😀 {};"
    " {}\\n次 &gt;{} >{} |{}| &lt;{}&gt; &quot;{}&quot; ~{}~ {}_"
)


def found(text: str, addressed: bool = False) -> list[str]:
    return [versioned_id(link) for link in find_papers(text, today=TODAY, addressed=addressed)]


@pytest.mark.parametrize(
    ("pasted", "paper", "version"), [form[1:] for form in FORMS], ids=[form[0] for form in FORMS]
)
def test_each_pasted_form_leads_to_its_paper(pasted: str, paper: str | None, version: int | None) -> None:
    links = [(link.paper_id.source, link.paper_id.id, link.version) for link in find_papers(pasted, today=TODAY)]
    assert links == ([(ARXIV, paper, version)] if paper else [])


@pytest.mark.parametrize(
    "address",
    [
        "https://arxiv.org/src/2310.13671",
        "https://arxiv.org/e-print/2310.13671",
        "https://arxiv.org/ps/2310.13671",
        "https://arxiv.org/pdf/2310.13671?download=1",
        "https://arxiv.org/pdf/2310.13671.pdf#page=5",
        "https://arxiv.org/abs/arXiv:2310.13671",
        "https://browse.arxiv.org/abs/2310.13671",
        "https://rss.arxiv.org/abs/2310.13671",
        "https://cn.arxiv.org/abs/2310.13671",
        "http://xxx.lanl.gov/abs/2310.13671",
        "https://arxiv.org:443/abs/2310.13671",
        "https://arxiv.org./abs/2310.13671",
        "HTTPS://ARXIV.ORG/ABS/2310.13671",
        "https://arxiv.org//abs//2310.13671",
        "https://arxiv.org/abs/%32310.13671",
        "https://arxiv.org/abs/2310.13671%E3%80%82",
        "https://arxiv.org/abs/2310.13671%20",
        "https://ar5iv.org/html/2310.13671",
        "https://alphaxiv.org/pdf/2310.13671",
        "https://www.alphaxiv.org/replicate/2310.13671",
        "https://www.alphaxiv.org/audio/2310.13671",
        "https://www.alphaxiv.org/ja/overview/2310.13671",
        "https://huggingface.co/papers/2310.13671?utm=x#community",
        "https://dx.doi.org/10.48550/arXiv.2310.13671",
        "https://doi.org/10.48550%2FarXiv.2310.13671",
        "doi:10.48550/arXiv.2310.13671",
        "10.48550/ARXIV.2310.13671",
        "https://papers.cool/arxiv/2310.13671",
        "https://hjfy.top/arxiv/2310.13671",
        "https://inspirehep.net/arxiv/2310.13671",
        "https://www.emergentmind.com/papers/2310.13671",
        "https://www.arxiv-vanity.com/papers/2310.13671/",
        "https://ui.adsabs.harvard.edu/abs/arXiv:2310.13671/abstract",
        "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Farxiv.org%2Fabs%2F2310.13671&data=05",
        "https://slack-redir.net/link?url=https%3A%2F%2Farxiv.org%2Fabs%2F2310.13671",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Farxiv.org%2Fabs%2F2310.13671&h=AT",
        "https://api.semanticscholar.org/graph/v1/paper/arXiv:2310.13671",
        "https://scholar.google.co.jp/scholar_url?hl=ja&url=https://arxiv.org/pdf/2310.13671",
        "https://www.google.com/url?sa=t&url=https%3A%2F%2Farxiv.org%2Fabs%2F2310.13671",
        "https://https://arxiv.org/abs/2310.13671",
        "https://http//arxiv.org/abs/2310.13671",
        "https://arxiv.org/abs/2310.13671.pdf",
        "arxiv 2310.13671",
        "arXiv: 2310.13671",
        "arXiv：2310.13671",
        "[2310.13671]",
        "［2310.13671］",
    ],
)
def test_each_family_of_addresses_leads_to_the_paper(address: str) -> None:
    assert found(address) == ["2310.13671"]
    assert found(f"see {address}, it is good") == ["2310.13671"]


@pytest.mark.parametrize(
    ("address", "paper"),
    [
        ("https://fugumt.com/fugumt/paper_check/2310.13671v1_enmode", "2310.13671v1"),
        ("https://arxiv.org/abs/cs/9605103//", "cs/9605103"),
        ("https://arxiv.org/abs/hep-th%2F9901001", "hep-th/9901001"),
        ("https://doi.org/10.48550/arXiv.hep-th/9901001", "hep-th/9901001"),
        ("https://arxiv.org/ftp/arxiv/papers/1110/1110.2832.pdf", "1110.2832"),
        ("http://arxiv.org/PS_cache/hep-th/pdf/9901/9901001v3.pdf", "hep-th/9901001v3"),
        ("arXiv:math.GT/0309136", "math/0309136"),
        ("[hep-th/9901001]", "hep-th/9901001"),
    ],
)
def test_old_ids_and_versions_come_through(address: str, paper: str) -> None:
    assert found(address) == [paper]


@pytest.mark.parametrize(
    "text",
    [
        "https://arxiv.org.evil.example/abs/2310.13671",
        "https://notarxiv.org/abs/2310.13671",
        "notarxiv.org/abs/2310.13671",
        "my-arxiv.org/abs/2310.13671",
        "https://arxiv.org@evil.example/abs/2310.13671",
        "https://evil.example@arxiv.org/abs/2310.13671",
        "https://arxiv.org:pw@evil.example/abs/2310.13671",
        "https://evil.example\\.arxiv.org/abs/2310.13671",
        "<https://evil.example\\.arxiv.org/abs/2310.13671>",
        "https://arxiv.org:8080/abs/2310.13671",
        "https://arxiv.org:port/abs/2310.13671",
        "https://аrxiv.org/abs/2310.13671",
        "https://evil.example/?u=https://arxiv.org/abs/2310.13671",
        "https://evil.example/https://arxiv.org/abs/2310.13671",
        "https://google.evil.example/url?q=https://arxiv.org/abs/2310.13671",
        "https://www.google.com/search?q=https://arxiv.org/abs/2310.13671",
        "<https://[arxiv.org/abs/2310.13671>",
        "mailto:a@arxiv.org/abs/2310.13671",
        "<mailto:someone@arxiv.org/abs/2310.13671>",
    ],
)
def test_an_address_that_only_looks_like_arxiv_finds_nothing(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "https://arxiv.org/a/smith_j_1",
        "https://arxiv.org/search/?query=2310.13671",
        "https://info.arxiv.org/help/2310.13671",
        "https://arxiv.org/auth/endorse?x=4ZDGK3",
        "https://arxiv.org/abs/hep-th",
        "https://arxiv.org/abs/2701.00001",
        "https://arxiv.org/abs/2310.136711",
        "https://arxiv.org/abs/2310.13671Quoting the authors",
        "https://arxiv.org/abs/2310.13671é",
        "https://arxiv.org/abs/2310.13671１",
        f"{URL}{OTHER}",
        "https://huggingface.co/papers/trending",
        "https://huggingface.co/papers/date/2026-10-01",
        "https://huggingface.co/meta-llama/2310.13671",
        "https://www.alphaxiv.org/assistant",
        "https://paperswithcode.com/paper/attention-is-all-you-need",
        "https://www.semanticscholar.org/paper/A-title/0123456789abcdef0123456789abcdef01234567",
        "https://doi.org/10.1038/s41467-024-45563-x",
        "arXiv:9901001 [hep-th]",
        "arXiv:2310.13671x",
        "parxiv:2310.13671",
        "10.1000/10.48550/arXiv.2310.13671",
        "we read 2310.13671 and hep-th/9901001",
        "[2310.1367] and [1234.56789]",
        "(2310.13671) is a number",
        "2310.1367",
        "",
    ],
)
def test_what_is_no_paper_finds_nothing(text: str) -> None:
    assert found(text) == []


def wide(text: str) -> str:
    """As a Japanese keyboard types it in full width."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


@pytest.mark.parametrize(
    "typed",
    [
        wide(URL),
        wide("arxiv.org/abs/2310.13671"),
        wide("https://www.arxiv.org/pdf/2310.13671.pdf"),
        wide("https://arxiv.org/abs/2310.13671?context=cs.CL"),
        wide("arXiv:2310.13671"),
        wide("10.48550/arXiv.2310.13671"),
        wide("https://doi.org/10.48550/arXiv.2310.13671"),
        "arXiv：２３１０．１３６７１",
        "ａｒＸｉｖ：2310.13671",
        "ａｒＸｉｖ：　2310.13671",
        "ａｒＸｉｖ　２３１０．１３６７１",
        "arxiv　2310.13671",
        "https：//arxiv.org/abs/2310.13671",
        "https://arxiv.org/abs/２３１０．１３６７１",
        "［２３１０．１３６７１］",
    ],
)
def test_what_was_typed_in_full_width_leads_to_the_paper(typed: str) -> None:
    for text in (
        typed,
        f"次は {typed} を読む",
        f"（{typed}）です",
        f"{typed}，面白い",
        f"{typed}！",
        f"{typed}、",
    ):
        assert found(text) == ["2310.13671"]


@pytest.mark.parametrize(
    ("text", "papers"),
    [
        ("２３１０．１３６７１　良い", ["2310.13671"]),
        ("２３１０．１３６７１ｖ２：良い", ["2310.13671v2"]),
        ("2310.13671ｖ２", ["2310.13671v2"]),
        ("論文は（２３１０．１３６７１）", ["2310.13671"]),
        ("２３１０．１３６７１／２４０１．００００１", ["2310.13671", "2401.00001"]),
        (f"ｈｅｐ－ｔｈ／９９０１００１と{wide(OTHER)}", ["hep-th/9901001", "2401.00001"]),
        (f"{wide(URL)}，{wide(OTHER)}", ["2310.13671", "2401.00001"]),
    ],
)
def test_an_id_said_to_the_bot_may_be_typed_in_full_width(text: str, papers: list[str]) -> None:
    assert found(text, addressed=True) == papers


@pytest.mark.parametrize(
    "text",
    [
        "１２３４５．６７８９",
        "２３１０．１３６７１９",
        "２３１０．１３６７１％",
        "２３１０．１３６７１－２",
        "Ｖｅｒ２３１０．１３６７１",
        "＃２３１０．１３６７１",
        "＄２３１０．１３６７１",
        "２３１３．１３６７１",
        "https://arxiv.org/abs/2310.13671１",
        "https://blog.example/２３１０．１３６７１",
        wide("https://arxiv.org.evil.example/abs/2310.13671"),
        wide("notarxiv.org/abs/2310.13671"),
        wide("https://evil.example/abs/2310.13671"),
    ],
)
def test_what_is_no_paper_is_none_in_full_width(text: str) -> None:
    assert found(text, addressed=True) == []


@pytest.mark.parametrize(
    "behind", ["）", "（ＬＬＭ）", "，ＬＬＭ", "：ＬＬＭ", "？ＬＬＭ", "！ＬＬＭ", "／ＬＬＭ", "　ＬＬＭ"]
)
def test_a_wide_mark_ends_a_link(behind: str) -> None:
    assert found(f"{URL}{behind}") == ["2310.13671"]


def test_a_place_is_where_the_wide_id_stands() -> None:
    text = "良い ａｒＸｉｖ：２３１０．１３６７１　と思う"
    (place,) = places_of_papers(text, today=TODAY)
    assert (text[place.start : place.end], place.behind(text)) == ("ａｒＸｉｖ：２３１０．１３６７１", "と思う")


@pytest.mark.parametrize(
    ("written", "said"),
    [(": well", "well"), (" : well", "well"), (" ： well", "well"), (" :tada: well", ":tada: well"), (" :", "")],
)
def test_a_colon_that_parts_a_paper_from_what_is_said_of_it_is_not_said(written: str, said: str) -> None:
    text = f"2310.13671{written}"
    (place,) = places_of_papers(text, today=TODAY, addressed=True)
    assert (place.behind(text), place.behind_word(text)) == (said, said)


@pytest.mark.parametrize(
    ("text", "papers"),
    [
        ("https://arxiv.org/abs/2310.1367…", []),
        ("https://arxiv.org/abs/2310.1367...", []),
        ("arXiv:2310.1367… and arXiv:2310.136...", []),
        (f"{URL}...", ["2310.13671"]),
        (f"{URL}v1…", ["2310.13671"]),
        ("https://arxiv.org/abs/0704.0001v12...", ["0704.0001"]),
    ],
)
def test_an_address_cut_off_is_not_completed(text: str, papers: list[str]) -> None:
    assert found(text) == papers


@pytest.mark.parametrize(
    "around",
    AROUND.split(),
)
def test_marks_around_a_link_are_no_part_of_it(around: str) -> None:
    assert found(around.format(URL)) == ["2310.13671"]
    assert found(around.format("arxiv.org/abs/2310.13671")) == ["2310.13671"]


@pytest.mark.parametrize("swallowed", ["）", "。", "」を参照", "、次"])
def test_marks_that_slack_took_into_the_link_are_left_out(swallowed: str) -> None:
    assert found(f"<{URL}{swallowed}>") == ["2310.13671"]


@pytest.mark.parametrize(
    "text",
    [
        f"{URL} {OTHER}",
        f"{URL},{OTHER}",
        f"{URL}、{OTHER}",
        f"<{URL}><{OTHER}>",
        f"&lt;{URL}&gt;&lt;{OTHER}&gt;",
        f"[a]({URL})[b]({OTHER})",
        f"{URL}\narXiv:2401.00001 {URL}",
        f'<a href="{URL}">a</a><a href="{OTHER}">b</a>',
    ],
)
def test_several_papers_come_in_the_order_of_the_text(text: str) -> None:
    assert found(text) == ["2310.13671", "2401.00001"]


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        (f"{URL} and https://hf.co/papers/2310.13671", "2310.13671"),
        (f"{URL}v1 {URL}v2", "2310.13671v1"),
        (f"{URL} {URL}v2 {URL}v3", "2310.13671v2"),
    ],
)
def test_a_paper_is_found_once_with_the_first_version_named(text: str, paper: str) -> None:
    assert found(text) == [paper]


@pytest.mark.parametrize(
    "text",
    [
        f"<{URL}|arXiv:2401.00001>",
        f"<{URL}|{OTHER}>",
        f"<{URL}?a=1&amp;b=2|a|b>",
        f"[{OTHER}]({URL})",
        f"[arXiv:2401.00001]({URL})",
        f"[[2401.00001]]({URL})",
        f"[2401.00001]({URL})",
        f"[see [2401.00001] here](<{URL}>)",
        f'<a class="x" href="{URL}" title="t">arXiv:2401.00001 <b>{OTHER}</b></a>',
        f"<A HREF='{URL}'>{OTHER}</A>",
        "<|arxiv.org/abs/2310.13671>",
    ],
)
def test_the_address_wins_over_the_label(text: str) -> None:
    assert found(text) == ["2310.13671"]


def test_the_label_of_another_page_is_no_link_to_a_paper() -> None:
    assert found("<https://example.com|arXiv:2310.13671>") == []
    assert found("[arXiv:2310.13671](https://example.com)") == []
    assert found('<a href="https://example.com">arXiv:2310.13671</a>') == []
    assert found('<a href="https://example.com">a page that never ends arXiv:2310.13671') == ["2310.13671"]


@pytest.mark.parametrize(
    ("text", "papers"),
    [
        (f"`{URL}`", []),
        (f"`<{URL}>` {OTHER}", ["2401.00001"]),
        (f"``` {URL}\n{URL} ``` {OTHER}", ["2401.00001"]),
        (f"`` {URL} ``", []),
        (f"`open\n{URL}`", ["2310.13671"]),
        (f"``` never closed {URL}", ["2310.13671"]),
        (f"``` a ``` ``` {URL} ` x", ["2310.13671"]),
        (f"it`s {URL} isn`t", ["2310.13671"]),
        (f"[`code`]({URL})", ["2310.13671"]),
        ("`x` 2310.13671", []),
        ("arXiv:`x`2310.13671", []),
    ],
)
def test_what_stands_in_code_is_mentioned_not_shared(text: str, papers: list[str]) -> None:
    assert found(text) == papers


def test_a_number_counts_in_what_is_said_to_the_bot() -> None:
    text = "<@U1> add 2310.13671, hep-th/9901001v2 論文2401.00001を, no 1234.56789 12310.13671 2402.00001%"
    assert found(text, addressed=True) == ["2310.13671", "hep-th/9901001v2", "2401.00001"]
    assert found(text) == []


@pytest.mark.parametrize("text", ["2310.13671", " 2310.13671。\n", "2310.13671."])
def test_a_message_of_one_id_counts(text: str) -> None:
    assert found(text) == ["2310.13671"]


def test_redirects_are_followed_to_a_bounded_depth() -> None:
    text = URL
    for depth in range(6):
        assert found(text) == (["2310.13671"] if depth <= 3 else [])
        text = "https://www.google.com/url?q=" + text.replace("%", "%25").replace("&", "%26").replace("?", "%3F")


@needs_real_data
def test_real_messages_say_the_same_in_both_forms() -> None:
    plain, slack = (
        (REAL_DATA / name).read_text("utf-8").split("\n")
        for name in ("pasted_messages.txt", "pasted_messages_slack_form.txt")
    )
    finds = [found(line) for line in plain]
    assert finds == [found(line) for line in slack]
    assert sum(map(bool, finds)) == 345
    assert sum(map(len, finds)) == 373


@pytest.mark.parametrize(
    "named",
    [
        "2310.13671",
        "2310.13671v2",
        "arXiv:2310.13671",
        "arXiv: 2310.13671",
        "arxiv 2310.13671",
        "doi:10.48550/arXiv.2310.13671",
        "https://arxiv.org/abs/2310.13671",
        "<https://arxiv.org/abs/2310.13671|a label of words>",
    ],
)
@pytest.mark.parametrize("behind", ["", "を読んだ。", "、LLM", " LLM", ". Good", "。"])
def test_where_a_paper_is_named_is_told(named: str, behind: str) -> None:
    for before in ("", "LLM、", "`code` and "):
        (place,) = places_of_papers(before + named + behind, today=TODAY, addressed=True)
        assert (place.start, place.end) == (len(before), len(before + named))


@pytest.mark.parametrize("named", ["arXiv:2310.13671", "arXiv:hep-th/9901001", "doi:10.48550/arXiv.2310.13671"])
def test_a_paper_glued_to_another_by_a_slash_is_found_too(named: str) -> None:
    first, second = places_of_papers(f"{named}/https://alphaxiv.org/abs/2401.00001", today=TODAY)
    assert (first.start, first.end) == (0, len(named))
    assert (second.link.paper_id.id, second.start) == ("2401.00001", len(named) + 1)
