"""A checker of links: every address of our own that stands in a published file leads to something there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree, html

_MARKDOWN_LINK = re.compile(r"\]\(<([^<>]*)>\)")
_ATTRIBUTES = ("href", "src", "{http://www.w3.org/1999/xlink}href")


def dead_links(files: Mapping[str, bytes], address: str = "") -> list[tuple[str, str]]:
    """The links that lead nowhere, with the files that have them. `address` is the public one, or empty.

    Looked at are pages (also where they send readers on), feeds, site maps, JSON and Markdown. An address that
    is not below the public one belongs to somebody else.
    """
    checker = _Checker(files, address.rstrip("/"))
    return [(path, link) for path in files for link in _links(path, files[path]) if not checker.leads(path, link)]


class _Checker:
    def __init__(self, files: Mapping[str, bytes], address: str) -> None:
        self._files = files
        self._address = address
        self._base = f"{address or 'https://nowhere.example/some/where'}/"
        self._anchors: dict[str, set[str]] = {}

    def leads(self, path: str, link: str) -> bool:
        # The files for programs give addresses from the folder of the first page; pages and feeds from their own.
        of_its_own = path.endswith((".html", ".xml", ".md")) or path.startswith("people/")
        at = path if of_its_own else ""
        if path == "404.html" and not self._address:  # it stands at any depth, so it speaks of the top of a server
            link = link.removeprefix("/")
        target, _, fragment = urljoin(self._base + at, link).partition("#")
        if not target.startswith(self._base):
            # Nothing of ours lies above; whoever links to another host says so.
            return bool(urlsplit(link).scheme) and urlsplit(link).hostname != urlsplit(self._base).hostname
        found = unquote(urlsplit(target.removeprefix(self._base)).path) or path
        return found in self._files and (not fragment or fragment in self._ids(found))

    def _ids(self, path: str) -> set[str]:
        if path not in self._anchors:
            self._anchors[path] = {str(one.get("id")) for one in html.fromstring(self._files[path]).iter()}
        return self._anchors[path]


def _links(path: str, body: bytes) -> Iterator[str]:
    if path.endswith(".html"):
        for one in html.document_fromstring(body).iter():
            yield from (one.attrib[name] for name in _ATTRIBUTES if name in one.attrib)
            if one.get("http-equiv") == "refresh":
                yield one.get("content").partition("url=")[2]
    elif path.endswith(".xml"):
        tree = etree.fromstring(body)
        base = tree.get("{http://www.w3.org/XML/1998/namespace}base", "")
        yield from (_within(base, one.get("href")) for one in tree.iter("{*}link"))
        yield from (one.text or "" for one in tree.iter("{*}loc"))
    elif path.endswith(".json"):
        yield from _addresses(json.loads(body))
    elif path.endswith((".md", "llms.txt")):
        yield from _MARKDOWN_LINK.findall(body.decode())


def _within(base: str, link: str) -> str:
    return link if urlsplit(link).scheme else base + link


def _addresses(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for inner in value:
            yield from _addresses(inner)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name == "url" or name.endswith("_url"):
                yield from [inner] if inner else []
            else:
                yield from _addresses(inner)
