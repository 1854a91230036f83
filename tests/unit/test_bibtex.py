"""BibTeX: what people wrote is text in it, links are links, and each paper has a key of its own."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hostile import HOSTILE
from published import note

from papers.paper import PaperId, Record
from publishing.bibtex import bibtex


def cited(paper_id: PaperId | None = None, text: str = "", **said: object) -> str:
    """The entry of a paper whose title is this text and whose record says this."""
    paper = note(1, text).paper
    record = paper.record
    assert isinstance(record, Record)
    paper_id = paper_id or paper.paper_id
    return bibtex(replace(paper, paper_id=paper_id), replace(record, paper_id=paper_id, **said))


def key(paper_id: PaperId) -> str:
    return cited(paper_id).partition("{")[2].partition(",")[0]


def test_an_entry_says_in_tex_what_people_wrote_and_gives_links_as_they_are() -> None:
    authors = ("Anderson and Sons", "Wang, Ruida", "Alexandra Andes", "Öz_ Ng")
    said = {"authors": authors, "journal_ref": "J_1, 5%", "categories": ("cs.CL", "cs.LG")}
    entry = cited(text="Q&A: 50% of $x_1 ~ #1^2 {a}\\b", doi="10.1007/978-3_4%2 {x}", **said)
    title = r"Q\&A: 50\% of \$x\_1 \textasciitilde{} \#1\textasciicircum{}2 \textbraceleft{}a\textbraceright{}"
    assert entry.splitlines() == [
        "@misc{Sons-2024-2403.00001,",
        rf"  title = {{{{{title}\textbackslash{{}}b}}}},",
        r"  author = {{Anderson and Sons} and {Wang, Ruida} and Alexandra Andes and Öz\_ Ng},",
        "  year = {2024},",
        "  eprint = {2403.00001},",
        "  archivePrefix = {arXiv},",
        "  primaryClass = {cs.CL},",
        "  doi = {10.1007/978-3_4%2%20%7Bx%7D},",
        r"  note = {J\_1, 5\%},",
        "  url = {https://arxiv.org/abs/2403.00001},",
        "}",
    ]


def test_an_entry_of_a_withdrawn_paper_says_so() -> None:
    assert "  note = {Withdrawn},\n" in cited(withdrawn=True)
    assert "  note = {Withdrawn. J\\_1},\n" in cited(withdrawn=True, journal_ref="J_1")
    assert "Withdrawn" not in cited()


def test_many_who_write_as_one_have_no_first_and_last_name() -> None:
    groups = ("DUNE Collaboration", "for the CTA Consortium", "FANAR TEAM", "The ATLAS and CMS Collaborations")
    entry = cited(authors=(*groups, "Ann Groupe"))
    assert f"  author = {{{' and '.join(f'{{{one}}}' for one in groups)} and Ann Groupe}},\n" in entry
    assert entry.startswith("@misc{Collaboration-2024-2403.00001,")


@pytest.mark.parametrize(
    ("author", "named"),
    [
        ("藤田 正宏", "藤田, 正宏"),
        ("佐々木\u3000かおり", "佐々木, かおり"),
        ("さくら ももこ", "さくら, ももこ"),
        ("王 瑞达", "王, 瑞达"),
        ("홍 길동", "홍, 길동"),
        ("藤田正宏", "藤田正宏"),
        ("藤田 A 正宏", "藤田 A 正宏"),
        ("Masahiro 藤田", "Masahiro 藤田"),
        ("ジョン スミス", "ジョン スミス"),
        ("株式会社 Team", "{株式会社 Team}"),
        ("ソニー 株式会社", "{ソニー 株式会社}"),
        ("人工知能 研究会", "{人工知能 研究会}"),
    ],
)
def test_names_whose_family_name_stands_first_are_cited_so(author: str, named: str) -> None:
    assert f"  author = {{{named} and 山田, 花子}},\n" in cited(authors=(author, "山田 花子"))


def test_the_link_of_a_page_is_the_one_that_people_open() -> None:
    address = "https://github.com/lab/a_b?x=1&y=50%25#top~"
    entry = cited(PaperId("web", address))
    assert f"  url = {{{address}}},\n" in entry and "  howpublished = {github.com},\n" in entry


def test_an_entry_is_balanced_whatever_the_title_holds() -> None:
    for hostile in HOSTILE:
        text = cited(text=hostile)
        assert text.count("{") == text.count("}")
        assert text.startswith("@misc{") and text.endswith("\n}\n")
        depth = 0
        for line in text.splitlines():
            depth += line.count("{") - line.count("}")
            assert depth == (0 if line == "}" else 1)


@pytest.mark.parametrize(
    ("paper_id", "begin", "hashed"),
    [
        (PaperId("arxiv", "2310.13671"), "Wang-2024-2310.13671", False),
        (PaperId("arxiv", "hep-th/9901001"), "Wang-2024-hep-th.9901001", False),
        (PaperId("acl", "2023.acl-long.1"), "Wang-2024-acl2023.acl-long.1", False),
        (PaperId("web", "https://example.org/a/b.html"), "Wang-2024-example.org.a.b.html", True),
        (PaperId("pmlr", "v139/radford21a"), "Wang-2024-pmlrv139.radford21a", False),
        (PaperId("github", "lab/a_b"), "Wang-2024-githublab.ab", True),
        (PaperId("web", "https://example.org/?q=a"), "Wang-2024-example.org.qa", True),
        (PaperId("web", "https://example.org/a/"), "Wang-2024-example.org.a", True),
        (PaperId("web", "https://例え.example/"), "Wang-2024-.example", True),
    ],
)
def test_a_key_holds_the_id_or_ends_with_a_hash_of_it(paper_id: PaperId, begin: str, hashed: bool) -> None:
    found = cited(paper_id, authors=("Ruida Wang",)).partition("{")[2].partition(",")[0]
    assert re.fullmatch(re.escape(begin) + ("-[0-9a-f]{8}" if hashed else ""), found)


def test_pages_whose_addresses_are_alike_have_different_keys() -> None:
    begin = f"https://example.org/{'long/' * 30}"
    alike = [*(begin + end for end in ("1", "2", "1/", "1?")), "https://example.org/", "https://example.org/?"]
    alike += ["https://example.org/a/b", "https://example.org/a.b", "https://example.org.a/b"]
    keys = {key(PaperId("web", address)) for address in alike}
    assert len(keys) == len(alike) and max(map(len, keys)) <= 80
