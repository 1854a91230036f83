"""A real Jekyll builds what Fusen writes: every page is there, every link leads to one, foreign text is text."""

from __future__ import annotations

import posixpath
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import hostile
import published
import pytest
from hostile import CORPUS, everywhere
from published import Given, note

from papers.tags import tag
from papers.unseen import fit
from publishing.folder import write
from publishing.jekyll.articles import JekyllBuilder
from publishing.jekyll.names import article_name

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
    signs = {"<": "＜", ">": "＞", '"': "”", "'": "’"}
    pairs = zip(name, f"{name[1:]} ", strict=True)
    return "".join("｛" if a == "{" and b in "{%:" else signs.get(a, a) for a, b in pairs)


@needs_jekyll
def test_jekyll_builds_every_page_and_all_foreign_text_is_text(tmp_path: Path) -> None:
    source, site = tmp_path / "source", tmp_path / "site"
    shutil.copytree(published.TEMPLATES / "jekyll" / "starter", source)
    notes = [everywhere(n, text, note(n, text, ("LLM",), 2)) for n, text in enumerate(CORPUS, start=1)]
    notes += [note(len(CORPUS) + n, f"Plain {n}", ("LLM", "NLP", *NAMES), 2) for n in range(1, 5)]
    tags = list({one.key: one for each in notes for one in each.tags}.values())
    order = hostile.order()
    # Also a workspace's own name for its pages.
    content = replace(published.content(), title='- "x": {{ y }} #\'\n---')
    builder = JekyllBuilder(published.TEMPLATES / "jekyll", published.wording("ja"), whole_comments=True)
    write(source, builder.build(content, Given(notes, order)))
    command = [str(JEKYLL), "build", "--quiet", "--disable-disk-cache", "--source", str(source)]
    done = subprocess.run(
        [*command, "--destination", str(site)], capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stdout, done.stderr[:2000]) == (0, "", "")

    pages = {
        file.relative_to(site).as_posix(): Reader(file.read_text(encoding="utf-8"))
        for file in site.rglob("*.html")
    }
    assert len(pages) == len(tags) + len(order.moved) + 1
    known = pages["articles/NLP.html"]
    for path, page in pages.items():
        assert page.elements <= known.elements | {"h1", "ul", "li"} and page.attributes <= known.attributes, path
        for link in page.links:
            url = urlsplit(link)
            if not url.netloc:
                assert not url.scheme, (path, link)
                target = posixpath.normpath(posixpath.join("/", posixpath.dirname(path), unquote(url.path)))
                assert target.lstrip("/") in {*pages, ""} or not link, (path, link)
    for one in tags:
        page = pages[f"articles/{article_name(one)}.html"]
        name = " ".join(fit(one.name).split())
        assert page.text("h2") == name
        assert page.text("title") == f"{like(name)}に関する論文・技術記事メモの一覧"
    for number, text in enumerate(CORPUS, start=1):
        shown = " ".join(fit(text).split())
        # Title, summary and two comments; a title may be cut.
        assert pages["articles/LLM.html"].text("main").count(shown) >= 3, (number, text)
    for one in map(tag, NAMES):
        buttons = {text for text in pages[f"articles/{article_name(one)}.html"].linked if text.startswith("#")}
        assert buttons == {f"#{other}" for other in (*NAMES, "LLM", "NLP") if other != one.name}
    assert {"onclick"} == {name for name in known.attributes if name.startswith("on")}
