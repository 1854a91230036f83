"""`python -m bench.page_search [NOTES]`: search on the published pages, measured in headless Chromium.

The pages of made-up notes are served by Fusen's own web server. The words searched for are taken from the notes;
what has to be found is what a scan of the same texts finds. Times are the browser's own, from the typed letter
to the answer in the page, and to the frame that shows it.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import median, quantiles

from playwright.sync_api import Page, sync_playwright

from bench.publish.content import SEED, MadeNote, made
from bench.publish.job import build
from bench.publish.stocking import TEAM, stocked
from bot.web import WebServer
from papers.note import Audience
from papers.tags import fold
from publishing.search_records import search_record, shard_script
from publishing.shards import FULL
from storage.shelves import StoredShelves

QUERIES, RECALLED = 40, 12
KINDS = {
    "2 kanji": re.compile(r"[\u4e00-\u9fff]{2}"),
    "4 characters": re.compile(r"[\u30a1-\u30ff\u4e00-\u9fff]{4}"),
    "English word": re.compile(r"(?<![a-z])[a-z]{4,}(?![a-z])"),
}
TYPE = """async word => {
  const field = document.getElementById("words");
  field.value = word;
  const begun = performance.now();
  field.dispatchEvent(new InputEvent("input"));
  const answered = performance.now() - begun;
  await new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)));
  const shown = performance.now() - begun;
  return [answered, shown, Number(document.getElementById("state").textContent.match(/[0-9]+/)?.[0] ?? 0)];
}"""
FOUND = """() => {
  const more = document.getElementById("more");
  while (!more.hidden) more.click();
  return [...document.querySelectorAll("#hits h3 a")].map(link => link.getAttribute("href"));
}"""


def main() -> None:
    """Measure as the command line says."""
    asked = argparse.ArgumentParser(prog="python -m bench.page_search", description=__doc__)
    asked.add_argument("notes", type=int, nargs="?", default=10_000)
    count = asked.parse_args().notes
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("no Chromium: on Debian, apt-get install chromium")
    notes = tuple(made(count))
    with tempfile.TemporaryDirectory(prefix="fusen-bench-") as folder:
        pages = Path(folder) / "pages"
        database = stocked(Path(folder) / "notes.db", notes)
        _say_making(StoredShelves(database), count)
        database.close()
        build(str(Path(folder) / "notes.db"), str(pages))
        server = WebServer(pages, "127.0.0.1", 0, {})
        server.start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            _measure(browser.new_page(), server.address, pages, {_page(note): _text(note) for note in notes})
            browser.close()
        server.stop()


def _say_making(shelves: StoredShelves, count: int) -> None:
    with shelves.reading() as shelf:
        some = list(shelf.notes.several(range(1, min(count, 2 * FULL) + 1), Audience(TEAM)))
    begun = time.process_time()
    records = [search_record(note, "arXiv'24", "2024-01-01") for note in some]
    made_records = time.process_time()
    shard_script("2024", records[:FULL])
    print(
        f"{count} notes; a record takes {(made_records - begun) / len(some) * 1e6:.0f} µs of CPU,"
        f" a file of {FULL} {(time.process_time() - made_records) * 1e3:.1f} ms"
    )


def _measure(page: Page, address: str, pages: Path, texts: dict[str, str]) -> None:
    files = sorted(file.stat().st_size for file in (pages / "search").iterdir())
    print(f"{len(files)} files of records, {sum(files) / 1e6:.1f} MB, the largest {files[-1] / 1e3:.0f} kB")
    arrived: dict[str, float] = {}
    asked: dict[str, str] = {}
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.requestWillBeSent", lambda told: asked.update({told["requestId"]: told["request"]["url"]}))
    wire.on("Network.loadingFinished", lambda told: arrived.update({told["requestId"]: told["encodedDataLength"]}))
    page.goto(f"{address}search.html")
    page.wait_for_load_state("networkidle")
    _say_wire("before anybody searches", asked, arrived)
    _first_search(page)
    page.wait_for_load_state("networkidle")
    _say_wire("once somebody searched", asked, arrived)
    for kind, pattern in KINDS.items():
        words = list(_words(texts, pattern))
        answers = [page.evaluate(TYPE, word) for word in words]
        print(f"{kind:14} {_row(answers)}")
        hits = {word: answer[2] for word, answer in zip(words, answers, strict=True)}
        print(f"{'':14} {_recall(page, texts, kind, hits)}")
    letters = [word[:length] for word in _words(texts, KINDS["English word"]) for length in range(1, len(word))]
    print(f"{'while typing':14} {_row([page.evaluate(TYPE, part) for part in letters])}")


def _first_search(page: Page) -> None:
    begun = time.perf_counter()
    page.keyboard.press("a")
    page.locator("#hits article").first.wait_for()
    first = time.perf_counter() - begun
    page.wait_for_function(
        """() => {
          const loading = document.getElementById("search").dataset.loading;
          return !document.getElementById("state").textContent.includes(loading);
        }"""
    )
    whole = time.perf_counter() - begun
    print(f"first search: {first * 1000:.0f} ms to the first notes, {whole * 1000:.0f} to all")


def _say_wire(when: str, asked: dict[str, str], arrived: dict[str, float]) -> None:
    sizes = {request: size for request, size in arrived.items() if "/search/" in asked.get(request, "")}
    print(f"{when}: {len(sizes)} files of records, {sum(sizes.values()) / 1e6:.2f} MB over the wire with headers")


def _page(note: MadeNote) -> str:
    return f"papers/arxiv/{note.paper}.html"


def _text(note: MadeNote) -> str:
    return "\n".join(map(fold, (note.title, *note.authors, note.summary, *note.tags)))


def _words(texts: dict[str, str], kind: re.Pattern[str]) -> Iterator[str]:
    """Words of a kind from notes drawn at random."""
    dice, chosen = Random(SEED), sorted(texts)
    found = 0
    while found < QUERIES:
        here = kind.findall(texts[dice.choice(chosen)])
        if here:
            found += 1
            yield dice.choice(here)


def _recall(page: Page, texts: dict[str, str], kind: str, counted: dict[str, int]) -> str:
    """All words by their counts; of the rarest ones each note."""
    those: dict[str, set[str]] = {}
    for word in counted:
        looked = re.compile(rf"(?<![^\W_]){word}(?![^\W_])" if kind == "English word" else word)
        those[word] = {path for path, text in texts.items() if looked.search(text)}
    wanted = hits = 0
    for word in sorted(those, key=lambda word: len(those[word]))[:RECALLED]:
        page.evaluate(TYPE, word)
        wanted, hits = wanted + len(those[word]), hits + len(those[word].intersection(page.evaluate(FOUND)))
    scanned = sum(map(len, those.values()))
    return (
        f"{len(counted)} words: {sum(counted.values())} notes found, {scanned} by a scan;"
        f" recall {hits / wanted:.3f} of the {wanted} notes of the {RECALLED} rarest"
    )


def _row(answers: list[list[float]]) -> str:
    both = [[one[0] for one in answers], [one[1] for one in answers]]
    answered, painted = (f"p50 {median(some):5.1f}, p95 {quantiles(some, n=20)[-1]:5.1f} ms" for some in both)
    return f"answer {answered}; frame {painted}"


if __name__ == "__main__":
    main()
