"""The published pages in a real browser: nothing foreign runs, nobody else is asked, texts keep to themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import hostile
import published
import pytest
from hostile import CORPUS, everywhere
from playwright.sync_api import Browser, Page, expect
from published import Given, note

from bot.web import WebServer
from papers.tags import fold
from publishing import addresses
from publishing.folder import write

NOTES = [everywhere(number, text, note(number, text)) for number, text in enumerate(CORPUS, start=1)]
PAPERS = [addresses.paper_page(one.paper_id) for one in NOTES]
KINDS = (
    "index.html",
    "tags/index.html",
    "tags/llm.html",
    "tags/still.html",  # leads on
    "months/index.html",
    "months/2024-03.html",
    "attention.html",
    "map.html",
    "search.html?q=alert",
    PAPERS[0],
)
# Told before anything of the page runs: what its policy forbids, and whether somebody's script did run.
WATCH = """() => {
  window.broken = [];
  addEventListener('securitypolicyviolation', ({ violatedDirective }) => broken.push(violatedDirective));
  for (const name of ['alert', 'prompt', 'confirm', 'open']) window[name] = () => broken.push(name);
}"""
# Elements that no text may become, attributes that none may add, and links that lead nowhere on the web.
ODD = """() => {
  const never = 'style img iframe object embed math base form button input template noscript textarea select';
  const odd = [];
  for (const one of document.querySelectorAll('*')) {
    const ours = one.closest('#search') || ['more', 'cite', 'order'].includes(one.id);
    if (never.split(' ').includes(one.localName) && !ours) odd.push(one.outerHTML);
    const data = one.type === 'application/ld+json' && !one.hasAttribute('src');
    const script = one.localName === 'script' && !data && one.getAttribute('src');
    if (script !== false && !/^(search(\\/[\\d.-]+)?|..\\/..\\/cite)\\.js$/.test(script)) odd.push(one.outerHTML);
    for (const { name, value } of one.attributes) {
      if (name.startsWith('on') || name === 'style') odd.push(name);
      if (name === 'href' && !/^(https?|file):$/.test(new URL(value, location).protocol)) odd.push(value);
    }
  }
  return odd;
}"""
TRY = """() => {
  const made = document.createElement('script');
  made.textContent = 'broken.push("it ran")';
  document.body.append(made);
  document.body.setAttribute('onclick', 'broken.push("it ran")');
  document.body.click();
  document.body.setAttribute('style', 'color: red');
  return new Promise(done => setTimeout(() => done(broken), 0));
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("pages")
    write(top, published.site_builder().build(published.content(""), Given(NOTES, hostile.order())))
    leading = (top / addresses.tag_page(fold(f"old {CORPUS[0]}"))).read_text(encoding="utf-8")
    (top / "tags/still.html").write_text(leading.replace('http-equiv="refresh"', ""), encoding="utf-8")
    return top


@pytest.fixture(scope="module", params=["disk", "bot"])
def address(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The pages as files, and as the bot serves them."""
    if request.param == "disk":
        yield f"{folder.as_uri()}/"
        return
    server = WebServer(folder, "127.0.0.1", 0, {})
    server.start()
    yield server.address
    server.stop()


@dataclass
class Visit:
    """A reader with a browser that tells what it was asked for and what it complained of."""

    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 360, "height": 780})
    context.add_init_script(f"({WATCH})()")
    here = Visit(context.new_page())
    here.page.on("console", lambda message: here.complaints.append(message.text))
    here.page.on("pageerror", lambda error: here.complaints.append(str(error)))
    here.page.on("dialog", lambda dialog: here.complaints.append(dialog.message))
    here.page.on("request", lambda request: here.asked.append(request.url))
    yield here
    context.close()


def test_hostile_pages_run_nothing_and_ask_nobody(visit: Visit, address: str) -> None:
    # The files have the same pages, so of papers others are looked at there: to save time.
    server = address.startswith("http")
    for path in (*KINDS, *(("404.html", *PAPERS[1::5]) if server else PAPERS[2::5])):
        visit.page.goto(address + path)
        if path.startswith("search"):
            expect(visit.page.locator("#hits article").first).to_be_visible()
        assert visit.page.evaluate(ODD) == [], path
        assert visit.page.evaluate("broken") == [], path
        over = visit.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over == 0, path
    assert visit.complaints == []
    assert all(url.startswith((address, f"{address}favicon.ico")) for url in visit.asked)


def test_every_kind_of_page_forbids_scripts_and_styles_that_are_not_its_own(visit: Visit, address: str) -> None:
    for path in KINDS:
        visit.page.goto(address + path)
        broken = visit.page.evaluate(TRY)
        assert "it ran" not in broken, path
        assert {one.partition(" ")[0] for one in broken} == {
            "script-src-elem",
            "script-src-attr",
            "style-src-attr",
        }


def test_a_text_written_from_right_to_left_moves_no_other(visit: Visit, address: str) -> None:
    number = next(number for number, text in enumerate(CORPUS) if text.startswith("\u05d0"))
    visit.page.set_viewport_size({"width": 1280, "height": 900})
    visit.page.goto(f"{address}months/2024-0{3 + (number + 2) // 31}.html")
    heading = visit.page.locator("h3", has_text=CORPUS[number])
    title, by = heading.locator("cite").bounding_box(), heading.locator(".by").bounding_box()
    assert title and by
    assert title["x"] + title["width"] <= by["x"] + 1
