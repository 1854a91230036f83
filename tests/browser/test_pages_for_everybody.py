"""The published pages under axe-core, in both languages, light and dark, on a phone and on a desk."""

from __future__ import annotations

from pathlib import Path

import published
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from published import Given, many_notes, note, pending

from bot.web import WebServer
from papers.tag_groups import TagOrder
from papers.wording import LANGUAGES
from publishing.folder import write

KINDS = (
    "index.html",
    "tags/llm.html",
    "tags/index.html",
    "tags/only.html",  # taken back
    "papers/arxiv/2403.00001.html",
    "papers/arxiv/2403.00003.html",  # hostile texts
    "papers/arxiv/2403.00400.html",  # nothing known of it yet
    "papers/arxiv/2403.00900.html",  # taken back
    "months/index.html",
    "months/2024-03.html",
    "attention.html",
    "map.html",
    "404.html",
    "tags/still.html",  # leads on
    "search.html?q=step",
)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    stock = Given(
        [*many_notes(8), pending(400), note(900, tags=("Only",))],
        TagOrder({"c": "Languages", "c++": "Languages"}, {"llms": "llm"}),
    )
    stock.take_back(900)
    found = {language: tmp_path_factory.mktemp(language) for language in ("en", "ja")}
    for language, folder in found.items():
        write(folder, published.site_builder(language).build(published.content(""), stock))
        leading = (folder / "tags/llms.html").read_text(encoding="utf-8")
        (folder / "tags/still.html").write_text(leading.replace('http-equiv="refresh"', ""), encoding="utf-8")
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_kept_out(browser: Browser, folders: dict[str, Path], language: str) -> None:
    server = WebServer(folders[language], "127.0.0.1", 0, {})
    server.start()
    context = browser.new_context(bypass_csp=True)  # for axe-core itself
    page, axe, found = context.new_page(), Axe(), list[tuple[str, ...]]()

    for number, path in enumerate(KINDS):
        # In one language on a phone in the light, in the other on a desk in the dark.
        dark = (number + LANGUAGES.index(language)) % 2 == 0
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.set_viewport_size({"width": 1280, "height": 900} if dark else {"width": 360, "height": 780})
        page.goto(server.address + path)
        if "?" in path:
            expect(page.locator("#hits article").first).to_be_visible()
        told = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
        found += [(path, one["id"], node["html"][:200]) for one in told for node in one["nodes"][:3]]
    context.close()
    server.stop()
    assert found == []
