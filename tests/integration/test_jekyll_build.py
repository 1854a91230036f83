"""A real Jekyll builds what Fusen writes: every page is there, every link leads to one, foreign text is text."""

from __future__ import annotations

import posixpath
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import published
import pytest
from published import HOSTILE, Given, note

from papers.tag_groups import TagOrder
from papers.tags import tag
from publishing.folder import write
from publishing.jekyll.articles import JekyllBuilder
from publishing.jekyll.names import article_name
from publishing.texts import fit

JEKYLL = shutil.which("jekyll")
needs_jekyll = pytest.mark.skipif(JEKYLL is None, reason="Jekyll is missing: on Debian, apt-get install jekyll")

NAMES = (
    *(
        "A/B Testing",
        "A_B Testing",
        "C++",
        "C#",
        "C",
        "AGENTS.md",
        "In-Context Learning",
        "Test-Time Training (TTT)",
    ),
    *(
        "日本語",
        "🚀",
        "..",
        "index",
        "%?#&\"'",
        "1. one",
        "---",
        "- item",
        "2030-01-01-goals",
        "key: value",
        "con",
    ),
    *(
        "{{ 7 * 7 }}",
        "{% raw %}",
        "{% include x %}",
        "{::comment}",
        "</title><b>x</b>",
        "*em* _x_ `c` $$x$$ -- ...",
    ),
)


class Reader(HTMLParser):
    """What a page says: title, heading, elements, links, and all its text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.within: list[str] = []
        self.texts: dict[str, str] = {}
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.linked: list[str] = []
        self.feed(text)
        self.close()

    def handle_startendtag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(name)
        self.attributes |= {key for key, _ in attrs}

    def handle_starttag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(name, attrs)
        self.links += [value or "" for key, value in attrs if (name, key) == ("a", "href")]
        if name not in ("meta", "link"):
            self.within.append(name)

    def handle_endtag(self, name: str) -> None:
        assert self.within.pop() == name

    def handle_data(self, data: str) -> None:
        for name in self.within:
            self.texts[name] = self.texts.get(name, "") + data
        if self.within[-1:] == ["a"]:
            self.linked.append(data)

    def text(self, name: str) -> str:
        return " ".join(self.texts.get(name, "").split())


def like(name: str) -> str:
    """A name as it stands in the front matter: nothing in it ends a text or an attribute of a theme's HTML."""
    for sign, other in {"<": "＜", ">": "＞", '"': "”", "'": "’", "{{": "｛{", "{%": "｛%", "{:": "｛:"}.items():
        name = name.replace(sign, other)
    return name


@needs_jekyll
def test_jekyll_builds_every_page_and_all_foreign_text_is_text(tmp_path: Path) -> None:
    source, site = tmp_path / "source", tmp_path / "site"
    shutil.copytree(published.TEMPLATES / "jekyll" / "starter", source)
    tags = [tag(name) for name in NAMES]
    notes = [note(n, hostile, ("LLM", "NLP", *NAMES), 2) for n, hostile in enumerate(HOSTILE, start=1)]
    builder = JekyllBuilder(published.TEMPLATES / "jekyll", published.wording("ja"))
    order = TagOrder(moved={"llms": "llm"}, names={"llms": "LLMs"})
    content = replace(published.content(), title='- "x": {{ y }} #\'\n---')
    write(source, builder.build(content, Given(notes, order)))
    command = [str(JEKYLL), "build", "--quiet", "--disable-disk-cache", "--source", str(source)]
    done = subprocess.run(
        [*command, "--destination", str(site)], capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    pages = {
        file.relative_to(site).as_posix(): Reader(file.read_text(encoding="utf-8"))
        for file in site.rglob("*.html")
    }
    assert len(pages) == len(tags) + 2 + 1 + 1  # LLM and NLP, where LLM was before, the first page
    for path, page in pages.items():
        for link in page.links:
            if not link.startswith("https://arxiv.org/abs/2403."):
                target = posixpath.normpath(posixpath.join("/", posixpath.dirname(path), unquote(link)))
                assert target.lstrip("/") in {*pages, ""}, (path, link)
    expected = pages["articles/NLP.html"]
    for one in (*tags, tag("LLM")):
        page = pages[f"articles/{article_name(one)}.html"]
        assert page.text("h2") == one.name
        assert page.text("title") == f"{like(one.name)}に関する論文・技術記事メモの一覧"
        assert (page.elements, page.attributes - {"id"}) == (expected.elements, expected.attributes - {"id"})
        shown = page.text("main")
        buttons = {text for text in page.linked if text.startswith("#")}
        assert buttons == {f"#{other.name}" for other in (*tags, tag("LLM"), tag("NLP")) if other != one}
        for hostile in HOSTILE:
            assert shown.count(" ".join(fit(hostile).split())) >= 4, (one, hostile)
    assert "onclick" in expected.attributes and "onmouseover" not in expected.attributes
    assert {"script", "style"} <= expected.elements and not {"b", "img", "em", "h3"} & expected.elements
