"""arXiv's identifier grammar: what is an id, in which form it is kept, and which version it names.

The rules are arXiv's own (its `arxiv-base` package), with two more that free text needs: the archive of an
old id must have existed, and a month that is still to come (beyond the next one) is no id.
"""

from __future__ import annotations

import re
from datetime import date

from papers.paper import ARXIV, PaperId, PaperLink

_ARCHIVES = (
    "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat cs"
    " dg-ga funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex nucl-th patt-sol"
    " physics plasm-ph q-alg q-bio quant-ph solv-int supr-con"
)
ARCHIVES = frozenset(_ARCHIVES.split())
"""The archives that can hold ids of the old style (until 2007-03)."""

# arXiv inserts a missing hyphen before these endings only: `hepth/` is understood, `qbio/` is not.
_HYPHENED = frozenset(("ph", "ex", "th", "qc", "mat", "lat", "sci"))
_UNHYPHENED = {a.replace("-", ""): a for a in ARCHIVES if a.rpartition("-")[2] in _HYPHENED}

_FIRST_NEW = (2007, 4)
_FIRST_FIVE_DIGITS = (2015, 1)

_VERSION = r"(?:[vV](?P<version>[1-9][0-9]{0,3}))?"
_MONTH = r"(?P<year>[0-9]{2})(?P<month>0[1-9]|1[0-2])"
_OLD = re.compile(r"(?P<archive>[a-z-]+)(?:\.[a-z-]{2,})?/" + _MONTH + r"(?P<number>[0-9]{3})" + _VERSION)
_NEW = re.compile(_MONTH + r"\.(?P<number>[0-9]{4,5})" + _VERSION)
_FILE_SUFFIX = re.compile(r"(?:\.pdf|\.ps|(?:\.ps)?\.gz)\Z", re.IGNORECASE)
_SCHEME = re.compile(r"arxiv:", re.IGNORECASE)

# The longest id (an archive, a subject class, seven digits, a version) is far below it.
_LONGEST = 200


def parse_arxiv_id(text: str, *, today: date, naked: bool = False) -> PaperLink | None:
    """Read one arXiv id, cleaned as arXiv cleans it; None for everything that is not an id.

    What follows the id after a `/` or `#` is left out. Digits are made as many as the month of the id asks
    for (`1501.0001` is `1501.00001`), as arXiv does for its own addresses. In `naked` mode, meant for a
    number without any address or prefix around it, nothing is cleaned or padded and nothing may follow.
    Months after the one that follows `today` are refused. Never raises.
    """
    if len(text) > _LONGEST:
        return None
    name = text if naked else _cleaned(text)
    name = _archive_in_small_letters(name)
    if match := _OLD.match(name):
        return _old(match, naked=naked)
    if match := _NEW.match(name):
        return _new(match, today=today, naked=naked)
    return None


def _cleaned(text: str) -> str:
    name = _FILE_SUFFIX.sub("", text).lstrip("/")
    if match := _SCHEME.match(name):
        name = name[match.end() :]
    return name.replace("//", "/").replace("--", "-")


def _archive_in_small_letters(name: str) -> str:
    archive, slash, rest = name.partition("/")
    archive = archive.lower()
    group, dot, subject = archive.partition(".")
    return _UNHYPHENED.get(group, group) + dot + subject + slash + rest if slash else name


def _old(match: re.Match[str], *, naked: bool) -> PaperLink | None:
    archive, number = match["archive"], match["number"]
    year, month = int(match["year"]), int(match["month"])
    full_year = 1900 + year if year >= 91 else 2000 + year
    if archive not in ARCHIVES or number == "000" or (full_year, month) >= _FIRST_NEW:
        return None
    return _link(match, f"{archive}/{year:02}{month:02}{number}", naked=naked)


def _new(match: re.Match[str], *, today: date, naked: bool) -> PaperLink | None:
    stamp, digits = match["year"] + match["month"], match["number"]
    month = (2000 + int(match["year"]), int(match["month"]))
    width = 5 if month >= _FIRST_FIVE_DIGITS else 4
    number = int(digits)
    if not _FIRST_NEW <= month <= _next_month(today) or not 0 < number < 10**width:
        return None
    if naked and len(digits) != width:
        return None
    return _link(match, f"{stamp}.{number:0{width}}", naked=naked)


def _next_month(today: date) -> tuple[int, int]:
    return (today.year + 1, 1) if today.month == 12 else (today.year, today.month + 1)


def _link(match: re.Match[str], canonical: str, *, naked: bool) -> PaperLink | None:
    rest = match.string[match.end() :]
    if rest and (naked or rest[0] not in "/#"):
        return None
    version = match["version"]
    return PaperLink(PaperId(ARXIV, canonical), int(version) if version else None)
