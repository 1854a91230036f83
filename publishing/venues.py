"""Where a paper came out, read carefully from what its authors wrote: `ACL'23`, or `arXiv'23` when in doubt."""

from __future__ import annotations

import re

from papers.paper import Record

# Names that mean one thing, as people write them.
_NAMES = (
    "AAAI AACL ACL AISTATS ALT AAMAS ASRU BMVC CHI CIKM COLING COLM COLT CoNLL CoRL CVPR EACL ECAI ECCV ECIR ECML"
    " EDM EMNLP FAccT FOCS ICALP ICASSP ICCV ICDE ICDM ICLR ICML ICRA ICWSM IJCAI IJCNLP INLG INTERSPEECH IROS"
    " ISIT ISMIR ITCS IWSLT KDD LREC MICCAI MIDL NAACL NDSS NeurIPS NIPS NSDI OSDI PLDI POPL PODS RecSys RSS"
    " ISCA MLSys SIGDIAL SIGGRAPH SIGIR SIGMOD SODA SOSP STACS STOC TACL TMLR UAI UIST USENIX VLDB WACV WMT WSDM"
)
_BY_FOLDED = {name.casefold(): name for name in _NAMES.split()}
_NAME = "|".join(sorted(_BY_FOLDED, key=len, reverse=True))
_YEAR = r"(?:(?:19|20)(?P<long>\d\d)|(?P<short>\d\d))(?!\d)"
_VENUE = re.compile(rf"(?<![\w@/-])(?P<name>{_NAME})(?:\s*[-'’‘]\s*|\)?,?\s+|(?=\d)){_YEAR}", re.IGNORECASE)
_YEAR_FIRST = re.compile(
    rf"\b(?:19|20)(?P<long>\d\d)(?P<short>)\s+(?:IEEE/CVF\s+|IEEE\s+|ACM\s+)?(?P<name>{_NAME})\b", re.IGNORECASE
)
_OUT = re.compile(
    r"\b(?:accepted|to appear|appears?|appeared|appearing|published|to be published|presented|camera[- ]ready"
    r"|proceedings|proc\.|oral|spotlight|poster|long paper|short paper|main conference|findings|in press)"
    r"(?![\w-])",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"\b(?:submi\w+|under review|in review|rejected|not accepted|withdrawn|extend\w* version|extension of"
    r"|challenge|shared task|competition|symposi\w+|track at|templates?|style|format|dataset|based on|previous"
    r"|preliminary version|earlier version|unlike|compared)\b",
    re.IGNORECASE,
)
_LEADS = re.compile(r"^\W*(?:(?:in|at|the|conference|main)\s+)*$", re.IGNORECASE)
_ENDS = re.compile(
    r"^[\s.)!]*(?:$|\(|,|main|long|short|camera|oral|spotlight|poster|findings|workshops?)", re.IGNORECASE
)
_CLAUSE = re.compile(r"; |(?<=[a-z0-9)])\.\s+|,\s+(?=\d+ (?:pages|figures|tables))|https?://\S+")


def venue(record: Record) -> str:
    """The venue with its year, such as `ACL'23`, `ICML'23 Workshop` or `ACL'23 Findings`.

    Read from the journal reference, then from the comment field, and only from a clause that says that the
    paper came out there. Else the source with the year of the first version.
    """
    for text, is_reference in ((record.journal_ref, True), (record.comment, False)):
        for clause in _CLAUSE.split(" ".join((text or "").split())):
            found = _in_clause(clause, is_reference, record.published.year)
            if found:
                return found
    return f"{record.paper_id.site}'{record.year[2:]}" if record.year else record.paper_id.site


def _in_clause(clause: str, is_reference: bool, first_year: int) -> str:
    found = _VENUE.search(clause) or _YEAR_FIRST.search(clause)
    if not found or _DOUBT.search(clause):
        return ""
    alone = _LEADS.search(clause[: found.start()]) and _ENDS.search(clause[found.end() :])
    if not (is_reference or alone or _OUT.search(clause)):
        return ""
    year = int(found["long"] or found["short"])
    if (year - first_year % 100 + 2) % 100 > 7:  # from two years before the first version to five after
        return ""
    return f"{_BY_FOLDED[found['name'].casefold()]}'{year:02d}{_section(clause)}"


def _section(clause: str) -> str:
    if re.search(r"\bworkshops?\b", clause, re.IGNORECASE):
        return " Workshop"
    return " Findings" if re.search(r"\bfindings\b", clause, re.IGNORECASE) else ""
