"""The use case of keeping what a web page says of itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from papers.paper import PaperId, Reading
from papers.shelf import Shelves
from papers.source import ReadPage
from papers.watching import keep

LOOK_AGAIN = timedelta(days=1)
"""When a page that is not there is looked for again."""


def keep_page(shelves: Shelves, asked: PaperId, page: ReadPage, reading: Reading | None, at: datetime) -> None:
    """Keep what came of reading a page that was asked for under an address, and what is the same work elsewhere.

    `reading` is made of the page's record; both are None where there is no such page.
    """
    if page.record is None or reading is None:
        with shelves.writing() as shelf:
            shelf.papers.mark_missing([asked], at, at + LOOK_AGAIN)
        return
    with shelves.writing() as shelf:
        shelf.papers.hold({asked, page.record.paper_id, *page.twins}, reading.title)
        own = shelf.papers.settle(asked, page.record.paper_id)
        keep(shelf, replace(page.record, paper_id=own), reading, at, page.twins)
