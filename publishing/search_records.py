"""What search on the pages knows of a note, and the files of it that the script `search.js` loads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache

from papers.note import Note, Tag
from publishing import addresses
from publishing.data import AUTHORS
from publishing.rendering import colour
from publishing.texts import excerpt

_LONGEST_TITLE, _LONGEST_AUTHOR, _LONGEST_SUMMARY, _LONGEST_ID = 300, 80, 800, 200
_MOST_TAGS, _MOST_CATEGORIES = 50, 20
_TAGS_KNOWN = 5_000
_TEXTS = 11  # the lines of a record before its tags


def search_record(note: Note, venue: str, day: str) -> bytes:
    """A note as search finds and shows it, a line for each text: they are JSON, so they have no line ends.

    The day it was noted, the title, the first author and the venue as in the title line, where its page is,
    the summary, whether it is withdrawn (1 or 0), the id, the further authors, the categories, the title and the
    summary in translation, and the tags.
    """
    paper, record = note.paper, note.paper.record
    by = []
    if record and record.authors:
        by.append(excerpt(record.authors[0], _LONGEST_AUTHOR) + ("+" if len(record.authors) > 1 else ""))
    if venue:
        by.append(excerpt(venue, _LONGEST_AUTHOR))
    summary = paper.reading.summary if paper.reading else None
    translated_title = note.translation.title.text if note.translation else ""
    lines = (
        _json(day),
        _json(excerpt(paper.title, _LONGEST_TITLE)),
        _json(", ".join(by)),
        _json(addresses.href("", addresses.paper_page(paper.paper_id))),
        _json(excerpt(summary.text, _LONGEST_SUMMARY) if summary else ""),
        _json(int(bool(record and record.withdrawn))),
        _json(excerpt(paper.paper_id.spoken, _LONGEST_ID)),
        _json(", ".join(excerpt(name, _LONGEST_AUTHOR) for name in _further(record.authors)) if record else ""),
        _json(excerpt(" ".join(record.categories[:_MOST_CATEGORIES]), _LONGEST_ID) if record else ""),
        _json(excerpt(translated_title, _LONGEST_TITLE)),
        _json(excerpt(note.translated_summary.text, _LONGEST_SUMMARY)),
        *map(_tag, note.tags[:_MOST_TAGS]),
    )
    return "\n".join(lines).encode()


def shard_script(name: str, records: Sequence[bytes]) -> bytes:
    """A script that hands these notes to `fusenShard` of `search.js`.

    Texts of a kind stand together, as they compress better so.
    """
    table: dict[bytes, int] = {}
    columns: list[list[bytes]] = [[] for _ in range(_TEXTS)]
    tagged = []
    for record in records:
        lines = record.split(b"\n")
        for column, text in zip(columns, lines[:_TEXTS], strict=True):
            column.append(text)
        tagged.append([table.setdefault(tag, len(table)) for tag in lines[_TEXTS:]])
    days, titles, by, pages, summaries, withdrawn, ids, authors, categories, *translated = map(_array, columns)
    written = {
        "tags": _array(table),
        "tagged": _json(tagged).encode(),
        "days": days,
        "pages": pages,
        "ids": ids,
        "categories": categories,
        "withdrawn": withdrawn,
        "by": by,
        "authors": authors,
        "titles": titles,
        "summaries": summaries,
        "translatedTitles": translated[0],
        "translatedSummaries": translated[1],
    }
    members = b",\n".join(b'"%s":%s' % (key.encode(), column) for key, column in written.items())
    return b"fusenShard(%s,{\n%s\n});\n" % (_json(name).encode(), members)


def _further(authors: tuple[str, ...]) -> tuple[str, ...]:
    """The authors after the first: of very many the last, too, who often leads the group."""
    return authors[1:] if len(authors) <= AUTHORS else (*authors[1 : AUTHORS - 1], authors[-1])


@lru_cache(maxsize=_TAGS_KNOWN)
def _tag(tag: Tag) -> str:
    """A tag's name, key, page and colour."""
    path = addresses.href("", addresses.tag_page(tag.key))
    return _json([excerpt(tag.name, _LONGEST_TITLE), tag.key, path, colour((tag,))])


def _array(items: Sequence[bytes] | dict[bytes, int]) -> bytes:
    return b"[%s]" % b",".join(items)


def _json(value: object) -> str:
    """JSON without a `<`: text is data to whatever reads it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
