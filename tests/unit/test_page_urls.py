"""Which page an address names: one identity for all the addresses of a page, and none for what is no page."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.finding_pages import find_pages, is_link
from papers.page_urls import LONGEST, page_at
from papers.paper import PaperId

HASH = "1457c0d6bfcb4967418bfb8ac142f64a"
TODAY = date(2026, 11, 21)

PAGES = {
    "openreview:xQUe1pOKPam": (
        "https://openreview.net/forum?id=xQUe1pOKPam",
        "https://www.openreview.net/forum?id=xQUe1pOKPam&noteId=abcdef",
        "http://openreview.net/pdf?id=xQUe1pOKPam#page=3",
        "https://openreview.net/forum?referrer=%5BHome%5D&id=xQUe1pOKPam",
        "https://openreview.net/attachment?id=xQUe1pOKPam&name=supplementary_material",
    ),
    "acl:2020.acl-main.405": (
        "https://aclanthology.org/2020.acl-main.405",
        "https://aclanthology.org/2020.acl-main.405/",
        "https://www.aclanthology.org/2020.acl-main.405.pdf",
        "https://aclanthology.org/2020.acl-main.405v2.pdf",
        "https://www.aclweb.org/anthology/2020.acl-main.405/",
        "https://doi.org/10.18653/v1/2020.acl-main.405",
        "https://aclanthology.org/2020.acl-main.405.bib",
    ),
    "acl:P18-1001": (
        "https://aclweb.org/anthology/P18-1001",
        "http://www.aclweb.org/anthology/P18-1001.pdf",
        "https://aclanthology.org/P18-1001/",
        "https://aclanthology.info/papers/P18-1001/P18-1001",
        "https://dx.doi.org/10.18653/v1/p18-1001",
    ),
    "pmlr:v139/x21c": (
        "https://proceedings.mlr.press/v139/x21c.html",
        "http://proceedings.mlr.press/v139/x21c/x21c.pdf",
        "https://proceedings.mlr.press/v139/x21c/x21c-supp.pdf",
    ),
    "cvf:content/CVPR2023/A_B_CVPR_2023_paper": (
        "https://openaccess.thecvf.com/content/CVPR2023/html/A_B_CVPR_2023_paper.html",
        "https://openaccess.thecvf.com/content/CVPR2023/papers/A_B_CVPR_2023_paper.pdf",
    ),
    f"neurips:2022/{HASH}/-Conference": (
        f"https://proceedings.neurips.cc/paper_files/paper/2022/hash/{HASH}-Abstract-Conference.html",
        f"https://proceedings.neurips.cc/paper_files/paper/2022/file/{HASH}-Paper-Conference.pdf",
        f"https://papers.nips.cc/paper_files/paper/2022/hash/{HASH}-Abstract-Conference.html",
    ),
    f"neurips:2020/{HASH}": (
        f"https://proceedings.neurips.cc/paper/2020/hash/{HASH}-Abstract.html",
        f"https://papers.nips.cc/paper/2020/file/{HASH}-Paper.pdf",
    ),
    "jmlr:v21/20-074": (
        "https://jmlr.org/papers/v21/20-074.html",
        "https://www.jmlr.org/papers/volume21/20-074/20-074.pdf",
    ),
    "github:fugumt/fusen": (
        "https://github.com/Fugumt/Fusen",
        "https://www.github.com/fugumt/fusen/",
        "https://github.com/fugumt/fusen.git",
        "https://github.com/fugumt/fusen?tab=readme-ov-file#install",
        "https://github.com/fugumt/fusen/tree/main",
        "https://github.com/fugumt/fusen/blob/main/README.md",
    ),
    "web:https://github.com/fugumt/fusen/issues/3": ("https://github.com/fugumt/fusen/issues/3#issue-1",),
    "web:https://github.com/topics/nlp": ("https://github.com/topics/nlp",),
    "web:https://aclanthology.org/events/acl-2020/": ("https://aclanthology.org/events/acl-2020/",),
    "web:https://openreview.net/group?id=ICLR.cc/2024/Conference": (
        "https://openreview.net/group?id=ICLR.cc/2024/Conference",
    ),
    "web:https://dl.acm.org/doi/10.1145/3292500.3330701": (
        "https://dl.acm.org/doi/10.1145/3292500.3330701",
        "https://dl.acm.org/doi/pdf/10.1145/3292500.3330701",
        "https://dl.acm.org/doi/abs/10.1145/3292500.3330701?casa_token=x",
    ),
    "web:https://x.com/karpathy/status/1234567890": (
        "https://twitter.com/karpathy/status/1234567890?s=46&t=abc",
        "https://x.com/karpathy/status/1234567890/photo/1",
    ),
    "web:https://blog.example/a/c~?b=2&a=1": (
        "HTTP://Blog.Example:80/a/b/../c%7e?utm_source=news&b=2&fbclid=9&a=1#part",
        "https://blog.example./a/./c~?b=2&a=1&utm_campaign=x",
        "blog.example/a/c~?b=2&a=1",
        "https://www.google.com/url?q=https%3A%2F%2Fblog.example%2Fa%2Fc~%3Fb%3D2%26a%3D1&sa=D",
    ),
    "web:https://xn--wgv71a119e.jp/%E3%81%82": ("https://日本語.jp/あ", "https://xn--wgv71a119e.jp/%e3%81%82"),
    "web:https://blog.example/": (
        "https://blog.example",
        "https://blog.example/?utm_source=x",
        "https://blog.example/..",
    ),
    "web:https://blog.example/100%25?q=a+b": ("https://blog.example/100%?q=a+b",),
    # What differs in more than spelling is another page.
    "web:https://blog.example/Post": ("https://blog.example/Post",),
    "web:https://blog.example/post/": ("https://blog.example/post/",),
    "web:https://blog.example/?p=12": ("https://blog.example/?p=12",),
}


@pytest.mark.parametrize(
    ("address", "page"), [(address, page) for page, addresses in PAGES.items() for address in addresses]
)
def test_all_addresses_of_a_page_name_one_page(address: str, page: str) -> None:
    assert str(page_at(address)) == page


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nonsense",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://blog.example/x",
        "data:text/html,<title>x</title>",
        "gopher://blog.example:70/",
        "https://user@blog.example/",
        "https://arxiv.org@blog.example/",
        "https://blog.example:8080/",
        "https://blog.example:22/",
        "http://blog.example:443/",
        "https://blog.example:x/",
        "http://127.0.0.1/",
        "http://93.184.215.14/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://localhost/",
        "http://localhost.localdomain.localhost/",
        "http://router.local/",
        "http://metadata.google.internal/computeMetadata/v1/",
        "http://intranet/",
        "http://blog.example\\@127.0.0.1/",
        "http://blog.example/a b",
        "http://blog.example/\r\nHost: inside",
        "https://team.slack.com/archives/C123/p1700000000000100",
        "https://blog.example/" + "x" * LONGEST,
    ],
)
def test_what_is_no_page_of_the_open_web_is_refused(address: str) -> None:
    assert page_at(address) is None


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading_of_addresses(text: str) -> None:
    page_at(text)
    page_at(f"https://blog.example/{text}")


@given(st.sampled_from([address for addresses in PAGES.values() for address in addresses]))
def test_the_address_of_a_page_names_that_page(address: str) -> None:
    page = page_at(address)
    assert page is not None
    assert page_at(page.url) == page


def test_a_name_that_ends_like_a_known_site_is_another_site() -> None:
    assert page_at("https://notopenreview.net/forum?id=xQUe1pOKPam") == PaperId(
        "web", "https://notopenreview.net/forum?id=xQUe1pOKPam"
    )
    assert str(page_at("https://github.com.evil.example/a/b")) == "web:https://github.com.evil.example/a/b"


def test_pages_are_found_in_slacks_text_and_arxiv_papers_are_left_to_others() -> None:
    text = (
        "see <https://blog.example/a?x=1&amp;y=2|blog> and <https://arxiv.org/abs/2310.13671>, "
        "<https://openreview.net/pdf?id=xQUe1pOKPam> <https://openreview.net/forum?id=xQUe1pOKPam> "
        "`<https://code.example/>` <mailto:a@blog.example> <@U123>"
    )
    found = [str(page) for page in find_pages(text, today=TODAY)]
    assert found == ["web:https://blog.example/a?x=1&y=2", "openreview:xQUe1pOKPam"]


def test_pages_are_found_in_plain_words_without_the_marks_around_them() -> None:
    text = "(https://blog.example/a_(b)). それは https://blog.example/c、と https://blog.example/d)。"
    found = [page.url for page in find_pages(text, today=TODAY)]
    assert found == ["https://blog.example/a_(b)", "https://blog.example/c", "https://blog.example/d"]


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("ｈｔｔｐｓ：／／ｂｌｏｇ．ｅｘａｍｐｌｅ／ｏｎｅ？ｐ＝１）です", "https://blog.example/one?p=1"),
        ("https：//blog.example/one，と", "https://blog.example/one"),
        ("https://blog.example/２３１０．１３６７１", "https://blog.example/" + quote("２３１０．１３６７１")),
    ],
)
def test_an_address_typed_in_full_width_is_found_and_another_stays_as_it_is(text: str, page: str) -> None:
    assert [found.url for found in find_pages(text, today=TODAY)] == [page]
    assert is_link(text.partition("）")[0].partition("，")[0])


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("記事", "記事"),
        ("%E8%A8%98%E4%BA%8B/a%20b%2Fc?q=評価&r=1%25", "記事/a%20b%2Fc?q=評価&r=1%25"),
        (
            "「論文」%E3%80%80%E2%80%AE%E3%85%A4%E2%80%8B%C2%85x",
            "「論文」%E3%80%80%E2%80%AE%E3%85%A4%E2%80%8B%C2%85x",
        ),
        ("%E8%A8%FF/%FF/%C0%AF", "%E8%A8%FF/%FF/%C0%AF"),
        ("%3Cscript%3E%0A%00", "%3Cscript%3E%0A%00"),
    ],
)
def test_an_address_is_shown_as_people_read_it_and_leads_where_it_led(path: str, read: str) -> None:
    page = page_at(f"https://blog.example.jp/{path}")
    assert page is not None
    assert page.spoken == f"blog.example.jp/{read}"
    assert page.url.isascii()
    assert page_at(f"https://{page.spoken}") == page


@given(st.text(max_size=50))
def test_an_address_as_people_read_it_names_the_same_page(text: str) -> None:
    page = page_at(f"https://blog.example/{quote(text, errors='surrogatepass')}")
    assert page is None or page_at(f"https://{page.spoken}") == page
