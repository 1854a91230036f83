"""Real pages of paper_notes, read, stored and written again: the same bytes but for defects that are mended.

Each mending is made here by plain means on the text of the page as it was, and counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from paper_notes import HIDE, MORE, Entry, TagPage, Told, read_page, told
from real_data import REAL_DATA, needs_real_data
from stored import NOW, PUBLIC, TEAM, message

from bot.composition.surroundings import TEMPLATES, wording
from papers.note import Channel, ChannelKind, Member, Workspace
from papers.page_urls import page_at
from papers.paper import Dated, Reading, Record, Summary
from papers.shelf import Shelf
from papers.stock import ShelfStock
from papers.tags import tag
from publishing.content import Content
from publishing.folder import write
from publishing.jekyll.articles import JekyllBuilder
from storage.engine import connect
from storage.migrate import migrate
from storage.shelves import StoredShelves

PAGES = REAL_DATA / "paper_notes_pages"
OWNER = "AkihikoWATANABE"
# Of the venues in the titles those that Fusen writes in the same way, from a field of their own.
VENUES = ("ACL", "ICLR", "KDD", "WSDM", "CIKM", "TACL", "ICWSM")
MODEL = "imported, gpt-3.5-turbo (2023)"

Counts = Counter[str]


def noted(day: str, number: int) -> datetime:
    """Issues of one day were made in the order of their numbers."""
    return datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(seconds=number)


def store(shelf: Shelf, one: Told) -> None:
    """Put on the shelf what the pages say of a note, each thing where Fusen keeps such things."""
    paper_id = page_at(one.url)
    assert paper_id and paper_id.url == one.url
    at = noted(one.day, one.number)
    record = Record(
        paper_id,
        version=1,
        title=one.title,
        abstract="",
        authors=(one.author, "others") if one.others else (one.author,) if one.author else (),
        categories=(),
        published=datetime(one.year, 1, 1, tzinfo=UTC) if one.year else at,
        updated=at,
        journal_ref=f"{one.venue} {one.year}" if one.venue else None,
        origin="page",
        dated=Dated.YEAR if one.year else Dated.NEVER,
    )
    summary = Summary(one.summary, MODEL, at, "abstract") if one.summary else None
    shelf.papers.want(paper_id, at, at)
    shelf.papers.store(record, Reading(one.title, "", summary), at)
    note_id = shelf.notes.ensure(TEAM, paper_id, at)
    ts = f"{one.number}.0"
    shelf.notes.share(note_id, f"{PUBLIC}:{ts}", "U1", message(PUBLIC, ts), None, at)
    shelf.notes.tag(note_id, tuple(map(tag, one.tags)), "U1", PUBLIC, at)
    # Their line ends were CR LF, of which the generator took the LF away.
    picture = f"\n![image]({one.image})" if one.image else ""
    said = one.comment.replace("\r", "\n") + picture
    if said:
        reply = message(PUBLIC, f"{one.number}.1", ts)
        shelf.notes.comment(note_id, f"{PUBLIC}:{reply.ts}", "U1", PUBLIC, reply, said, at)


def published(shelves: StoredShelves, notes: Mapping[int, Told], folder: Path) -> dict[str, str]:
    """What the Jekyll flavour makes of these notes in a Japanese workspace, by the names of the files."""
    with shelves.writing() as shelf:
        shelf.directory.ensure_workspace(Workspace(TEAM, "Team", "", "ja", "Asia/Tokyo"), NOW)
        shelf.directory.store_channel(TEAM, Channel(PUBLIC, "papers", ChannelKind.PUBLIC), NOW)
        shelf.directory.store_member(TEAM, Member("U1", OWNER), NOW)
        for one in notes.values():
            store(shelf, one)
    with shelves.reading() as shelf:
        workspace = shelf.directory.workspace(TEAM)
        assert workspace
        builder = JekyllBuilder(TEMPLATES / "jekyll", wording("site", workspace.language))
        write(folder, builder.build(Content(workspace, OWNER, "", NOW), ShelfStock(shelf, TEAM)))
    return {file.name: file.read_bytes().decode("utf-8") for file in (folder / "_articles").iterdir()}


# What is mended, one thing each, in the text of one entry.


def _links(source: str, change: Callable[[str], str]) -> tuple[str, int]:
    found = re.findall(r'class="button" href="([^"]*)"', source)
    for link in found:
        source = source.replace(f'href="{link}"', f'href="{change(link)}"')
    return source, sum(change(link) != link for link in found)


def slashes(source: str, _: Entry) -> tuple[str, int]:
    def change(link: str) -> str:
        folder, _, name = link.partition("/")
        return f"{folder}/{name.replace('/', '_')}"

    return _links(source, change)


def doubled_folder(source: str, _: Entry) -> tuple[str, int]:
    return _links(source, lambda link: link.removeprefix("articles/"))


def percent(source: str, _: Entry) -> tuple[str, int]:
    return _links(source, quote)


def _in_texts(source: str, change: Callable[[str], str]) -> tuple[str, int]:
    """Change the texts between tags: the title, summary and comment."""
    pattern = re.compile(
        r'(?<=">)[^#<][^\n]*(?=</a>\n)|(?<=<span>(?:Summary|Comment)</span>).*?(?=</span>\n)', re.DOTALL
    )
    count = 0

    def one(found: re.Match[str]) -> str:
        nonlocal count
        count += change(found[0]) != found[0]
        return change(found[0])

    return pattern.sub(one, source), count


def signs(source: str, _: Entry) -> tuple[str, int]:
    return _in_texts(source, lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def line_ends(source: str, _: Entry) -> tuple[str, int]:
    return _in_texts(source, lambda text: re.sub(r"\s*\r\s*", " ", text))


def double_blanks(source: str, entry: Entry) -> tuple[str, int]:
    return source.replace(entry.line, re.sub("  +", " ", entry.line)), int("  " in entry.line)


def no_affiliation(source: str, entry: Entry) -> tuple[str, int]:
    return source.replace(", N_A, ", ", "), int(", N_A, " in entry.line)


def pseudo_tag(source: str, entry: Entry) -> tuple[str, int]:
    button = '<a class="button" href="articles/Article.html">#Article</a>'
    wrong = entry.has_no_year_for_b2 and source.startswith(button)
    return (source.removeprefix(button), 1) if wrong else (source, 0)


def who_made_it(source: str, entry: Entry) -> tuple[str, int]:
    summary = re.compile(r"(<span>Summary</span>[^\n]*)(?=</span>\n)")
    return summary.subn(rf"\1 ({MODEL}, {entry.day})", source)


def who_said_it(source: str, entry: Entry) -> tuple[str, int]:
    label = "<span>Comment</span>"
    return source.replace(label, f"{label}{OWNER}, {entry.day}: "), source.count(label)


def picture_in_the_text(source: str, entry: Entry) -> tuple[str, int]:
    found = re.search(r"!\[image\]\((https://user-images\.[^)\s]*)\)\s*", source)
    if not found:
        return source, 0
    assert not entry.image
    return source.replace(found[0], "") + f'<img src="{found[1]}" alt="image">', 1


def unlabelled(source: str, entry: Entry) -> tuple[str, int]:
    """Generation A did not say whose words a text is, and filled what was empty."""
    if entry.unlabelled == "No description":
        return source.replace('<span class="snippet">No description ...</span>\n', ""), 1
    label = '<span class="snippet">'
    if not entry.unlabelled:
        return source, 0
    return source.replace(label, f"{label}<span>Comment</span>"), 1


def cut_mark(source: str, entry: Entry) -> tuple[str, int]:
    """Generation B1 marked summaries as cut that were not, or were."""
    return re.sub(r"(<span>Summary</span>[^\n]*) \.\.\.(?=</span>\n)", r"\1", source), int(entry.cut)


MENDED: dict[str, Callable[[str, Entry], tuple[str, int]]] = {
    "older generation: text without a label": unlabelled,
    "older generation: mark of a cut at a summary": cut_mark,
    "1 slash in a link": slashes,
    "7, 8 pseudo tag Article": pseudo_tag,
    "2 folder in a link twice": doubled_folder,
    "3 sign in a link not encoded": percent,
    "5 picture as Markdown in a text": picture_in_the_text,
    "10 double blank in a title": double_blanks,
    "9 N_A as affiliation": no_affiliation,
    "4 sign of HTML in a text": signs,
    "line end lost in a text": line_ends,
    "14 summary without model and date": who_made_it,
    "15 comment without author and date": who_said_it,
}


def in_order(page: TagPage) -> list[Entry]:
    """The latest year first, or the note's own where there is none; then the latest note."""
    return sorted(page.entries, key=lambda one: (one.year or int(one.day[:4]), one.day, one.number), reverse=True)


def mended(page: TagPage, text: str) -> tuple[str, Counts]:
    """The page without the defects, and how often there was which."""
    counts: Counts = Counter()
    sources: list[str] = []
    ordered = in_order(page)
    counts["7 order"] = int(ordered != list(page.entries))
    for entry in ordered:
        source = entry.source
        for name, mend in MENDED.items():
            better, times = mend(source, entry)
            assert (better != source) == (times > 0), name
            source, counts[name] = better, counts[name] + times
        sources.append(source)
    seen, hidden = "".join(sources[:3]), "".join(sources[3:])
    head = text[: text.index(page.entries[0].source)]
    return head + seen + (MORE + hidden + HIDE if hidden else "</div>\n"), +counts


def originals() -> dict[str, tuple[str, TagPage]]:
    """The real pages by the names of their files."""
    found = {}
    for file in sorted(PAGES.glob("*.markdown")):
        with file.open(encoding="utf-8", newline="") as opened:
            text = opened.read()
        found[file.name] = (text, read_page(text))
    return found


@needs_real_data
def test_real_pages_stored_and_written_again_differ_in_mended_defects_alone(
    tmp_path: Path,
) -> None:
    database = connect(f"sqlite:///{tmp_path}/notes.db")
    migrate(database)
    pages = originals()
    notes = told((page for _, page in pages.values()), VENUES)
    files = published(StoredShelves(database), notes, tmp_path / "jekyll")
    counts: Counts = Counter()
    for name, (text, page) in pages.items():
        expected, found = mended(page, text)
        assert files[name] == expected, name
        counts += found
    database.close()
    assert sum(len(page.entries) for _, page in pages.values()) == 54
    assert len([one for one in notes.values() if one.venue]) == 14
    assert counts == {
        "older generation: text without a label": 9,
        "older generation: mark of a cut at a summary": 1,
        "2 folder in a link twice": 163,
        "3 sign in a link not encoded": 1,
        "4 sign of HTML in a text": 5,
        "5 picture as Markdown in a text": 1,
        "7 order": 4,
        "7, 8 pseudo tag Article": 8,
        "9 N_A as affiliation": 13,
        "10 double blank in a title": 6,
        "14 summary without model and date": 21,
        "15 comment without author and date": 35,
        "line end lost in a text": 12,
    }
