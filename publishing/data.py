"""A note as data: the one form from which the files for programs are joined."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from papers.note import Comment, Note
from papers.paper import Record, Summary
from papers.translation import Translation
from papers.unseen import fit
from publishing import addresses
from publishing.rendering import Site, stamp, waiting
from publishing.texts import excerpt, web_address

AUTHORS, TAGS, COMMENTS = 50, 50, 20
"""How many of each stand in the data of one note; `…_total` tells how many there are."""

_TITLE, _NAME, _SUMMARY, _COMMENT, _LICENCE, _ABSTRACT = 500, 120, 2_000, 2_000, 300, 4_000  # characters


def note_data(note: Note, facts: Mapping[str, object], site: Site) -> dict[str, Any]:
    """The fields of the note as a JSON object; docs/data.md describes them.

    `facts` are those of `Rendering.facts_of`.
    """
    paper = note.paper
    return {
        "id": fit(str(paper.paper_id)),
        "title": excerpt(paper.title, _TITLE),
        **(_of_record(paper.record, str(facts["venue"])) if paper.record else {}),
        "waiting": None if paper.record else waiting(paper),
        "url": web_address(paper.url) or None,
        "pdf_url": web_address(paper.pdf_url) or None,
        "page_url": site.link(addresses.paper_page(paper.paper_id)),
        "noted_at": stamp(note.noted_at),
        "updated_at": stamp(updated(note)),
        "tags": [fit(tag.name) for tag in note.tags[:TAGS]],
        "tags_total": len(note.tags),
        "licence": fit(paper.history.licence)[:_LICENCE] or None if paper.history else None,
        "translation": _of_translation(note.translation, note.translated_summary.text),
        "summary": _of_summary(paper.reading.summary) if paper.reading else None,
        "comments": [_of_comment(comment, site) for comment in note.comments[:COMMENTS]],
        "comments_total": len(note.comments),
        "shares_total": len(note.shares),
        "bibtex": fit(str(facts["bibtex"])) or None,
    }


def updated(note: Note) -> datetime:
    """When what is shown of the note last changed, as far as that is kept: of an edited comment it is not."""
    dates = [note.noted_at, *(share.shared_at for share in note.shares), *(c.written_at for c in note.comments)]
    dates += [note.paper.record.updated] if note.paper.record else []
    dates += [note.paper.told_at] if note.paper.told_at else []  # an entry that waited for its record is another
    return max(dates + ([note.translation.made_at] if note.translation else []))


def json_bytes(value: object) -> bytes:
    """The value as JSON on one line, in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def document(head: Mapping[str, object], name: str, listed: Iterable[bytes]) -> bytes:
    """A JSON object of these fields and, as the last one, a list of what is JSON already, each on its own line."""
    rows = b",\n".join(listed)
    return b"%s,%s:[\n%s\n]}\n" % (json_bytes(head)[:-1], json_bytes(name), rows)


def read(data: bytes) -> Mapping[str, Any]:
    """The fields of a note again."""
    found: dict[str, Any] = json.loads(data)
    return found


def _of_record(record: Record, venue: str) -> dict[str, object]:
    return {
        "authors": [excerpt(author, _NAME) for author in record.authors[:AUTHORS]],
        "authors_total": len(record.authors),
        "venue": fit(venue),
        "published": record.date or None,
        "withdrawn": record.withdrawn,
    }


def _of_summary(summary: Summary | None) -> dict[str, str] | None:
    if summary is None:
        return None
    return {
        "text": excerpt(summary.text, _SUMMARY),
        "made_by": fit(summary.made_by),
        "made_from": fit(summary.made_from),
        "made_at": stamp(summary.made_at),
    }


def _of_translation(translation: Translation | None, summary: str) -> dict[str, str] | None:
    if translation is None:
        return None
    # A sentence without a translation stays as it is: nothing is left out.
    sentences = " ".join(one.translated.text or one.original.text for one in translation.sentences)
    return {
        "language": translation.language,
        "title": excerpt(translation.title.text, _TITLE),
        "abstract": excerpt(sentences, _ABSTRACT),
        "summary": excerpt(summary, _SUMMARY),
        "made_by": fit(translation.made_by),
        "made_from": f"v{translation.version}",
        "made_at": stamp(translation.made_at),
    }


def _of_comment(comment: Comment, site: Site) -> dict[str, object]:
    text = fit(comment.text)
    return {
        "by": excerpt(comment.member.name, _NAME) or None,
        "written_at": stamp(comment.written_at),
        "text": text if len(text) <= _COMMENT else f"{text[: _COMMENT - 1]}…",
        "images": [{"url": site.link(addresses.image(one.name))} for one in comment.images],
    }
