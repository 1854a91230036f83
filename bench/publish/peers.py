"""The same notes as sources of other site generators, each with its own templates, kept equal and plain.

Hugo's make what Fusen makes of these notes, with the same markup: a page and a BibTeX file a note, the notes of a
tag in parts of fifty, a feed a tag, a list of tags, a first page and a feed of all. The others' are plainer, in
their favour: a page a note, one page a tag with all its notes, a first page.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bench.publish.content import Comment, MadeNote

TEMPLATES = Path(__file__).parent / "templates"
SITE = Path(__file__).parents[2] / "templates" / "site"


@dataclass(frozen=True, slots=True)
class Peer:
    """A site generator: how it is found, how it is given the notes, and the command that builds `out`."""

    name: str
    program: Callable[[], str | None]
    export: Callable[[Sequence[MadeNote], Path], None]
    command: Callable[[str, Path, Path], list[str]]
    version: tuple[str, ...] = ("--version",)


def _written(note: MadeNote, comment: Comment) -> str:
    return (datetime.fromisoformat(note.at) + timedelta(days=comment.day)).isoformat()


def _yaml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)  # JSON is YAML


def _front(note: MadeNote, **more: object) -> str:
    facts = {
        "title": note.title,
        "date": note.at,
        "paper": note.paper,
        "authors": list(note.authors),
        "tags": list(note.tags),
        "summary_text": note.summary,
        "abstract": note.abstract,
        "remarks": [
            {"by": f"Member {one.member}", "at": _written(note, one), "text": one.text} for one in note.comments
        ],
        **more,
    }
    return "---\n" + "".join(f"{key}: {_yaml(value)}\n" for key, value in facts.items()) + "---\n"


def _copied(name: str, folder: Path) -> None:
    shutil.copytree(TEMPLATES / name, folder, dirs_exist_ok=True)


def _hugo(notes: Sequence[MadeNote], folder: Path) -> None:
    _copied("hugo", folder)
    (folder / "static").mkdir()
    shutil.copyfile(SITE / "style.css", folder / "static" / "style.css")
    content = folder / "content" / "notes"
    content.mkdir(parents=True)
    for note in notes:
        (content / f"{note.id}.md").write_text(_front(note), encoding="utf-8")


def _jekyll(notes: Sequence[MadeNote], folder: Path) -> None:
    _copied("jekyll", folder)
    made, pages = folder / "_notes", folder / "t"
    made.mkdir(parents=True)
    pages.mkdir()
    for note in notes:
        (made / f"{note.id}.html").write_text(_front(note, layout="note"), encoding="utf-8")
    for tag in sorted({tag for note in notes for tag in note.tags}):
        (pages / f"{tag}.html").write_text(f"---\nlayout: tag\ntag: {tag}\n---\n", encoding="utf-8")


def _eleventy(notes: Sequence[MadeNote], folder: Path) -> None:
    _copied("eleventy", folder)
    content = folder / "notes"
    content.mkdir(exist_ok=True)
    for note in notes:
        (content / f"{note.id}.njk").write_text(
            _front(note, names=list(note.tags), tags=["note", *note.tags]), encoding="utf-8"
        )


def _pelican(notes: Sequence[MadeNote], folder: Path) -> None:
    _copied("pelican", folder)
    content = folder / "content"
    content.mkdir(exist_ok=True)
    for note in notes:
        remarks = "".join(
            f"<li>Member {one.member}, day {one.day}: {_html(one.text)}</li>" for one in note.comments
        )
        (content / f"{note.id}.html").write_text(
            f"<html><head><title>{_html(note.title)}</title>"
            f'<meta name="date" content="{note.at[:16]}"><meta name="tags" content="{",".join(note.tags)}">'
            f'<meta name="paper" content="{note.paper}">'
            f'<meta name="people" content="{_html(", ".join(note.authors))}">'
            f'<meta name="summary" content="{_html(note.summary)}"><meta name="slug" content="{note.id}"></head>'
            f"<body><h2>Abstract</h2><p>{_html(note.abstract)}</p><ul>{remarks}</ul></body></html>",
            encoding="utf-8",
        )


def _html(text: str) -> str:
    for sign, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(sign, name)
    return text


def _found(name: str) -> Callable[[], str | None]:
    return lambda: shutil.which(name)


PEERS = (
    Peer(
        "Hugo",
        _found("hugo"),
        _hugo,
        lambda program, folder, out: [program, "--quiet", "-s", str(folder), "-d", str(out)],
        ("version",),
    ),
    Peer(
        "Eleventy",
        _found("eleventy"),
        _eleventy,
        lambda program, folder, out: [program, "--quiet", f"--input={folder}", f"--output={out}"],
    ),
    Peer(
        "Pelican",
        _found("pelican"),
        _pelican,
        lambda program, folder, out: [
            program,
            "-q",
            str(folder / "content"),
            "-o",
            str(out),
            "-s",
            str(folder / "pelicanconf.py"),
        ],
    ),
    Peer(
        "Jekyll",
        _found("jekyll"),
        _jekyll,
        lambda program, folder, out: [
            program,
            "build",
            "--quiet",
            "--disable-disk-cache",
            "-s",
            str(folder),
            "-d",
            str(out),
        ],
    ),
)
