"""The published pages in a real browser, with JavaScript off, straight from the disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import published
import pytest
from playwright.sync_api import Browser, Page, Request, ViewportSize, expect
from published import Given, many_notes, translated

from papers.tag_groups import TagOrder
from papers.wording import LANGUAGES
from publishing.folder import write

# Groups of tags, and a tag that had other names before.
ORDER = TagOrder(groups={"c": "Languages", "c++": "Languages"}, moved={"llms": "llm"})
STOCK = Given((*many_notes(100), translated(104)), ORDER)
english = pytest.mark.parametrize("site", ["en"], indirect=True)

PHONE: ViewportSize = {"width": 360, "height": 780}
DESK: ViewportSize = {"width": 1280, "height": 900}
PATHS = {
    "index": "index.html",
    "tag": "tags/llm.html",
    "a tag's year": "tags/llm.2024.html",
    "a tag.s month": "tags/llm.2024-04.html",
    "all tags": "tags/index.html",
    "month": "months/2024-04.html",
    "all months": "months/index.html",
    "attention": "attention.html",
    "map": "map.html",
    "paper": "papers/arxiv/2403.00001.html",
    "hostile paper": "papers/arxiv/2403.00003.html",
    "translated paper": "papers/arxiv/2403.00104.html",
    "pending paper": "papers/arxiv/2403.00101.html",
    "paper of 2,833 authors": "papers/arxiv/2403.00103.html",
}
# The contrast of every visible text with what is painted behind it, as WCAG 2.1 reckons it.
CONTRASTS = """() => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const painted = rgb(getComputedStyle(at).backgroundColor);
      if (painted.length < 4 || painted[3] > 0) return painted;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    const ink = rgb(style.color), paper = behind(element), alpha = Number(style.opacity);
    const mixed = ink.slice(0, 3).map((v, i) => v * alpha + paper[i] * (1 - alpha));
    const [one, other] = [light(mixed), light(paper)].sort((a, b) => b - a);
    const text = element.textContent.trim().slice(0, 40);
    found.push([(one + 0.05) / (other + 0.05), `${element.className}: ${text}`]);
  }
  return found;
}"""


@pytest.fixture(scope="module", params=LANGUAGES)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    write(folder, published.site_builder(request.param).build(published.content(), STOCK))
    return folder


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page on a phone that fails the test if the browser complains of anything or asks another host."""
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    complaints: list[str] = []

    def failed(asked: Request) -> None:
        # Whoever goes on before the icon is there has not missed it.
        if asked.failure != "net::ERR_ABORTED":
            complaints.append(asked.url)

    opened = context.new_page()
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("requestfailed", failed)
    opened.on("request", lambda asked: None if asked.url.startswith("file:") else complaints.append(asked.url))
    yield opened
    context.close()
    assert complaints == []


@pytest.mark.parametrize("kind", PATHS)
def test_a_page_fits_its_screen_and_can_be_read(site: Path, page: Page, kind: str) -> None:
    page.goto((site / PATHS[kind]).as_uri())
    for screen in (PHONE, DESK):
        page.set_viewport_size(screen)
        assert page.locator("h1").is_visible()
        assert len(page.locator("main").inner_text()) > 40
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over == 0, screen
        tops = {box["y"] for link in page.locator(".top a:not(.home)").all() if (box := link.bounding_box())}
        assert len(tops) == 1, f"the links of the header stand on one line: {screen}"
        for scheme, ground in (("light", "rgb(250, 248, 243)"), ("dark", "rgb(27, 26, 23)")):
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
            contrasts = page.evaluate(CONTRASTS)
            assert len(contrasts) > 6
            assert [text for contrast, text in contrasts if contrast < 4.5] == [], (screen, scheme)


@english
def test_a_reader_walks_from_the_first_page_to_a_paper_and_back(site: Path, page: Page) -> None:
    page.goto((site / "index.html").as_uri())
    page.locator(".cloud a.tag", has_text="日本語").click()
    assert page.locator("h1").inner_text() == "日本語"
    page.locator("article h3 a").first.click()
    assert "papers/arxiv/" in page.url
    page.locator(".team a.tag").first.click()
    assert "tags/" in page.url
    page.locator("a.home").click()
    assert page.url == (site / "index.html").as_uri()


@english
def test_the_old_address_of_a_tag_leads_on_from_the_disk(site: Path, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "tags/llms.html").as_uri())
    page.wait_for_url("**/tags/llm.html")
    assert page.locator("h1").inner_text() == "LLM"
    context.close()


@english
def test_the_keyboard_reaches_the_content_first(site: Path, page: Page) -> None:
    page.goto((site / "index.html").as_uri())
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    expect(page.locator("a.skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.wait_for_url("**#content")


@english
def test_a_folded_list_of_authors_opens(site: Path, page: Page) -> None:
    page.goto((site / PATHS["paper of 2,833 authors"]).as_uri())
    last = page.locator(".authors details").get_by_text("Author 2833")
    assert not last.is_visible()
    page.locator(".authors summary").click()
    assert last.is_visible()


@english
@pytest.mark.parametrize("clipboard", [True, False], ids=["clipboard", "no clipboard"])
def test_a_citation_is_copied_where_there_is_a_clipboard_and_where_there_is_none(
    site: Path, browser: Browser, clipboard: bool
) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    if not clipboard:  # as on a page that came over plain HTTP
        page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto((site / PATHS["paper"]).as_uri())
    page.get_by_role("button", name="Copy citation").click()
    expect(page.get_by_role("status")).to_have_text("Copied.")
    if clipboard:
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == (site / "papers/arxiv/2403.00001.bib").read_text(encoding="utf-8")
    else:
        assert "@misc{Wang-2024" in page.evaluate("getSelection().toString()")
    context.close()


@english
def test_a_printed_page_is_dark_on_white(site: Path, page: Page) -> None:
    page.emulate_media(media="print")
    page.goto((site / PATHS["paper"]).as_uri())
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert not page.locator(".buttons").is_visible()
