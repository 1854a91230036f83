"""The licences of papers: what each is called, and what it lets people do."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CREATIVE_COMMONS = re.compile(
    r"https?://creativecommons\.org/licenses/(?P<terms>by(?:-nc)?(?:-sa|-nd)?)/(?P<release>\d\.\d)/?"
)
_OTHERS = {
    "creativecommons.org/publicdomain/zero/1.0": ("CC0 1.0", "zero"),
    "creativecommons.org/licenses/publicdomain": ("Public domain", "zero"),
    "arxiv.org/licenses/nonexclusive-distrib/1.0": ("arXiv.org non-exclusive license 1.0", "arxiv"),
    "arxiv.org/licenses/assumed-1991-2003": ("arXiv.org assumed license 1991-2003", "arxiv"),
}


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence: its name, what it means (`by-sa`, `arxiv`, or `other`), and the address of its text.

    The address is empty where it is none that is known: anything may stand in a record.
    """

    name: str
    means: str
    address: str = ""


def licence_of(told: str) -> Licence:
    """The licence that an archive names by its address, as arXiv does (https://info.arxiv.org/help/license)."""
    found = _CREATIVE_COMMONS.fullmatch(told)
    if found:
        name = f"CC {found['terms'].upper()} {found['release']}"
        return Licence(name, found["terms"], told.replace("http://", "https://", 1))
    where = told.removeprefix("http://").removeprefix("https://").rstrip("/")
    if where in _OTHERS:
        return Licence(*_OTHERS[where], f"https://{where}/")
    return Licence(told, "other")
