"""The newcomer's loop in a real browser: start, paste, read the card, tag, reply, open the page, stop."""

from __future__ import annotations

import re
import signal
from pathlib import Path

from arxiv_server import ArxivServer
from playground_driving import until
from playwright.sync_api import Browser, Page, expect
from started import fusen_run


def reload_until_shown(page: Page, text: str) -> None:
    """Published pages follow what happens in Slack a moment later."""
    until(lambda: page.reload() and page.get_by_text(text).count())


def test_paste_read_tag_reply_open_the_page_and_stop(browser: Browser, tmp_path: Path) -> None:
    with ArxivServer() as arxiv, fusen_run(tmp_path, ARXIV_API_URL=arxiv.url) as started:
        title = arxiv.paper("2310.13671").title
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(started.playground)
        composer = page.get_by_label("Message #papers")
        composer.fill("Worth reading: https://arxiv.org/abs/2310.13671")
        composer.press("Enter")
        page.get_by_text("1 reply").click()
        thread = page.get_by_label("Thread", exact=True)
        expect(thread.get_by_role("link", name=title)).to_be_visible()

        thread.get_by_role("button", name=re.compile("^Tag")).click()
        modal = page.get_by_role("dialog")
        modal.get_by_role("textbox").fill("DataGeneration")
        modal.get_by_role("button", name=re.compile("保存|Save")).click()
        expect(modal).to_be_hidden()
        expect(thread.get_by_text("#DataGeneration")).to_be_visible()

        reply = thread.get_by_role("textbox")
        reply.fill("Section 3 is the useful part")
        reply.press("Enter")
        expect(thread.get_by_text("1 comment")).to_be_visible()

        site = browser.new_page()
        site.goto(started.pages)
        reload_until_shown(site, title)
        site.get_by_role("link", name=title).first.click()
        reload_until_shown(site, "Section 3 is the useful part")
        site.get_by_role("link", name="DataGeneration").first.click()
        expect(site.get_by_text(title).first).to_be_visible()
        assert not complaints

        started.process.send_signal(signal.SIGINT)
        assert started.process.wait(60) == 0


def test_without_arxiv_sample_papers_work_and_members_read_of_them_once_they_sign_in(
    browser: Browser, tmp_path: Path
) -> None:
    with fusen_run(tmp_path, ARXIV_API_URL="http://127.0.0.1:9/", PAGES_READERS="members") as started:
        page = browser.new_page()
        page.goto(started.playground)
        expect(page.get_by_text("sample papers")).to_be_visible()
        page.get_by_role("button", name=re.compile("1706.03762")).click()
        page.get_by_label("Message #papers").press("Enter")
        page.get_by_text("1 reply").click()
        thread = page.get_by_label("Thread", exact=True)
        expect(thread.get_by_role("link", name="Attention Is All You Need")).to_be_visible()

        site = browser.new_page()
        site.goto(started.pages)
        assert site.get_by_text("Attention Is All You Need").count() == 0
        site.get_by_role("link", name="Sign in with Slack").click()
        site.get_by_role("link", name="Ben Carter").click()
        reload_until_shown(site, "Attention Is All You Need")
