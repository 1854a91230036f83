"""The pictures of `docs/`: a story told in a playground, with a picture of each place it comes to.

`make pictures` takes them anew; look at them before they are committed.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from house import Slackers
from playground_driving import PAPERS, until
from playwright.sync_api import Locator, Page, sync_playwright
from started import ROOT, fusen_run

PICTURES = ROOT / "docs" / "pictures"
NOWHERE = "http://127.0.0.1:9/"
ATTENTION, SCALING, SIMCSE, PAGED = "1706.03762", "2001.08361", "2104.08821", "2309.06180"
BERT, SUBWORDS = "1810.04805", "1508.07909"


class Album:
    """A browser window for each member, and the pictures taken of them; `pages` is where the pages are served."""

    def __init__(self, team: Slackers, windows: dict[str, Page], pages: str) -> None:
        self.team = team
        self.windows = windows
        self.pages = pages

    def take(self, name: str, of: Locator | Page) -> None:
        """Take a picture of a part of a window."""
        self._still(of if isinstance(of, Page) else of.page)
        of.screenshot(path=PICTURES / f"{name}.png")

    def modal(self, name: str, member: str) -> None:
        """Take a picture of the modal in front of a member, and close it."""
        self.team.modal(member)
        self.take(name, self.windows[member].get_by_role("dialog"))
        self.team.act("view/close", member=member, all=True)

    def _still(self, page: Page) -> None:
        page.mouse.move(0, 0)
        page.wait_for_timeout(400)


def tell(album: Album) -> None:
    """Tell the story."""
    team, ben, aiko = album.team, album.windows["ben"], album.windows["aiko"]
    for paper, words in ((BERT, "Architecture, Embedding"), (SUBWORDS, "Embedding")):
        _share(team, paper, "aiko", "輪講の候補")
        team.command(f"/note tag {paper} {words}", member="aiko")
    _share(team, SCALING, "ben", "Before you ask for more GPUs:")
    team.command("/note tag LLM, Scaling")
    _share(team, SIMCSE, "aiko", "先週話した論文です")
    team.command(f"/note tag {SIMCSE} Embedding", member="aiko")
    team.command(f"/note comment {SIMCSE} ドロップアウトだけで正例を作る。実装が短い。", member="aiko")
    ts = _share(team, ATTENTION, "ben", "Reading group on Friday?")
    team.command(f"/note tag {ATTENTION} LLM, Architecture")
    team.paste("Section 3.2 is the useful part", thread=ts)
    team.paste("図2がわかりやすい。来週の輪講でどうでしょう?", member="aiko", thread=ts)
    team.clients["aiko"].reactions_add(channel=PAPERS, timestamp=ts, name="eyes")
    team.card(ts, "2 comments")
    _thread(ben, ts)
    album.take("thread", ben)

    team.paste(f"https://www.alphaxiv.org/abs/{SCALING} again, with the appendix", member="aiko")
    again = str(team.posts()[0]["ts"])
    until(lambda: team.answers(again))
    _thread(aiko, again)
    album.take("seen_before", aiko.get_by_label(re.compile("^(Thread|スレッド)$")).locator(".message").last)

    card = str(team.card(ts, "2 comments")["ts"])
    on_card = {"channel": "papers", "message_ts": card}
    team.act("shortcut", member="ben", callback_id="tag_paper", **on_card)
    album.modal("modal_tag", "ben")
    team.act("shortcut", member="aiko", callback_id="comment_paper", **on_card)
    album.modal("modal_comment", "aiko")
    team.act("shortcut", member="ben", callback_id="menu_paper", **on_card)
    album.modal("menu_paper", "ben")
    team.act("shortcut", member="aiko", callback_id="menu_notes")
    album.modal("menu_notes", "aiko")
    team.act("shortcut", member="ben", callback_id="search_notes")
    album.modal("search", "ben")
    for name, member in (("settings", "ben"), ("follow", "aiko")):
        team.act("shortcut", member=member, callback_id="menu_notes")
        menu = team.modal(member)
        team.act("view/click", member=member, view_id=menu["id"], action_id=f"verb:{name}")
        album.modal(name, member)

    _share(team, PAGED, "aiko", "private: our reading", channel="lab-private")
    for picture, words in (
        ("slash_tag", f"tag {ATTENTION} Transformer"),
        ("slash_related", f"related {ATTENTION}"),
        ("slash_search", "search model"),
        ("slash_tags", "tags"),
        ("did_you_mean", f"tag {ATTENTION} embeddings"),
        ("slash_emoji", "emoji"),
        ("digest", "digest"),
        ("agenda", "agenda"),
        ("error", "show 9999.99999"),
    ):
        _command(album, ben, picture, words)
    for page in (aiko, ben):
        page.set_viewport_size({"width": 1100, "height": 1300})
    _command(album, aiko, "slash_help", "help")
    _command(album, aiko, "backfill", "backfill 30")
    _home(album, ben, "home_en")
    _home(album, aiko, "home_ja")
    _published(album, ben, "tag_page", "tags/llm.html")
    _published(album, ben, "paper_page", f"papers/arxiv/{ATTENTION}.html")


def _share(team: Slackers, paper: str, member: str, words: str, channel: str = "papers") -> str:
    ts = team.paste(f"{words} https://arxiv.org/abs/{paper}", member=member, channel=channel)
    team.card(ts, paper, channel)
    return ts


def _thread(page: Page, ts: str) -> None:
    page.goto(f"{_origin(page)}/archives/{PAPERS}/p{ts.replace('.', '')}?member={_member(page)}")
    page.get_by_label(re.compile("^(Thread|スレッド)$")).first.wait_for()


def _command(album: Album, page: Page, picture: str, words: str) -> None:
    page.goto(f"{_origin(page)}/?member={_member(page)}#{PAPERS}")
    before = len(album.team.whispers(_member(page)))
    album.team.command(f"/note {words}", member=_member(page))
    until(lambda: len(album.team.whispers(_member(page))) > before)
    page.wait_for_timeout(600)
    album.take(picture, page.locator(".message").last)


def _home(album: Album, page: Page, picture: str) -> None:
    page.goto(f"{_origin(page)}/?member={_member(page)}#{album.team.direct(_member(page))}")
    page.get_by_role("tab", name=re.compile("^(Home|ホーム)$")).click()
    page.get_by_role("tabpanel").get_by_role("button").first.wait_for()
    album.take(picture, page)


def _published(album: Album, page: Page, picture: str, path: str) -> None:
    def is_there() -> bool:
        page.goto(f"{album.pages.rstrip('/')}/{path}")
        return page.get_by_text("図2がわかりやすい").first.is_visible()

    until(is_there)
    album.take(picture, page)


def _origin(page: Page) -> str:
    return "/".join(page.url.split("/")[:3])


def _member(page: Page) -> str:
    return str(page.evaluate("localStorage.getItem('member')"))


def main(tell: Callable[[Album], None] = tell) -> None:
    """Take all pictures."""
    PICTURES.mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or sys.exit("no Chromium: on Debian, apt-get install chromium")
    with (
        tempfile.TemporaryDirectory() as folder,
        fusen_run(Path(folder), ARXIV_API_URL=NOWHERE) as started,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        windows = {}
        for member in ("ben", "aiko"):
            windows[member] = browser.new_context(viewport={"width": 1100, "height": 1000}).new_page()
            windows[member].goto(f"{started.playground}/?member={member}")
        tell(Album(Slackers(started.playground), windows, started.pages))
        browser.close()


if __name__ == "__main__":
    main()
