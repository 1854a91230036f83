"""Notes as Markdown, for programs that read as people do: every foreign text is text in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from papers.licences import licence_of
from papers.unseen import fit
from papers.wording import Wording
from publishing.rendering import Site

# A backslash before punctuation makes it plain (https://spec.commonmark.org/0.31.2/#backslash-escapes). Braces
# and percent signs mean nothing there, but other site generators look for them (`{{`, `{%`) in Markdown.
_SIGNS = re.compile(r"[\\`*_\[\]<>{}|~$#&%]")
# What may begin a block there. `#`, `>`, `*` and the like are escaped anywhere.
_BEGINS = re.compile(r"^(\d*)([-+.)])")

_LINKS = 1_000  # two for each of the tags that the guide for agents names


def plain(text: str) -> str:
    """Foreign text on one line of Markdown, with nothing in it that means anything there."""
    return _SIGNS.sub(r"\\\g<0>", " ".join(fit(text).split()))


def paragraph(text: str) -> str:
    """The same at the beginning of a line, where it would else begin a list or be a rule."""
    return _BEGINS.sub(r"\g<1>\\\g<2>", plain(text))


@lru_cache(maxsize=_LINKS)
def link(text: str, address: str) -> str:
    """A link with a foreign text to an address of ours, or one that was checked."""
    return f"[{plain(text)}](<{quote(address, safe='/:?#@!$&()*+,;=%-._~')}>)"


def note_markdown(note: Mapping[str, Any], site: Site, say: Wording, root: str) -> bytes:
    """One note, from its data, for a page whose way up is `root`."""
    return "\n".join(_lines(note, site, say, root)).encode("utf-8")


def _lines(note: Mapping[str, Any], site: Site, say: Wording, root: str) -> Iterator[str]:
    authors = note.get("authors")
    by = f", {plain(authors[0])}{'+' if note['authors_total'] > 1 else ''}" if authors else ""
    venue = f", {plain(note['venue'])}" if note.get("venue") else ""
    yield f"## {plain(note['title'])}{by}{venue}"
    yield ""
    yield f"- {say('paper')}: {link(note['id'], note['url']) if note['url'] else plain(note['id'])}"
    yield f"- {say('note')}: {link(note['id'], _at(note['page_url'], site, root))}"
    yield f"- {say('noted_at')}: {site.day(_moment(note['noted_at']))}"
    if note.get("withdrawn"):
        yield f"- {say('withdrawn')}"
    if note["translation"] and note["translation"]["title"]:
        yield f"- {say('translated_title')}: {plain(note['translation']['title'])}"
    if note["licence"]:
        yield f"- {say('licence')}: {plain(licence_of(note['licence']).name)}"
    if note["tags"]:
        yield f"- {say('tags')}: {say('between_names').join(map(plain, note['tags']))}"
    if note["summary"]:
        yield f"- {say('machine_summary')}: {plain(note['summary']['text'])}"
    for comment in note["comments"]:
        who = paragraph(comment["by"] or say("a_member"))
        said = [plain(comment["text"])] if comment["text"] else []
        said += [link(say("image"), _at(one["url"], site, root)) for one in comment["images"]]
        words = " ".join(said) or plain(say("image_alone"))
        yield f"- {who}, {site.day(_moment(comment['written_at']))}: {words}"
    more = note["comments_total"] - len(note["comments"])
    if more:
        yield f"- {say('more_comments', count=more)}"
    yield ""


def _at(address: str, site: Site, root: str) -> str:
    return address if site.address else root + address


def _moment(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)
