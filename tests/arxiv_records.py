"""What arXiv's archive tells of made-up papers, in the form of its server (OAI-PMH, `arXivRaw`)."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from arxiv_feed import FeedPaper

XML = "application/xml"
BY = "http://creativecommons.org/licenses/by/4.0/"
VERSIONS = (("Mon, 2 Oct 2023 09:00:00 GMT", "812kb", "D"), ("Thu, 2 Nov 2023 10:30:00 GMT", "1024kb", "D"))


def raw_record(
    paper: FeedPaper, licence: str | None = BY, versions: Sequence[tuple[str, str, str]] = VERSIONS
) -> bytes:
    """The answer to GetRecord for a paper that the archive knows."""
    told = "".join(
        f'<version version="v{number}"><date>{date}</date><size>{size}</size>'
        + (f"<source_type>{kind}</source_type>" if kind else "")
        + "</version>\n"
        for number, (date, size, kind) in enumerate(versions, start=1)
    )
    named = "" if licence is None else f"<license>{escape(licence)}</license>"
    return _answer(
        f"""<GetRecord>
        <record>
        <header>
        <identifier>oai:arXiv.org:{paper.id}</identifier>
        <datestamp>2023-11-03</datestamp>
        <setSpec>cs:cs:CL</setSpec>
        </header>
        <metadata>
        <arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
          xsi:schemaLocation="http://arxiv.org/OAI/arXivRaw/ http://arxiv.org/OAI/arXivRaw.xsd">
        <id>{paper.id}</id>
        <submitter>{escape(paper.authors[0])}</submitter>
        {told}
        <title>{escape(paper.title)}</title>
        <authors>{escape(", ".join(paper.authors))}</authors>
        <categories>{" ".join(paper.categories)}</categories>
        {named}
        <abstract>{escape(paper.abstract)}</abstract>
        </arXivRaw>
        </metadata>
        </record>
        </GetRecord>"""
    )


def oai_error(code: str) -> bytes:
    """The answer to a question that the archive does not take, or about a paper that it does not know."""
    return _answer(f"<error code='{code}'>The value of the identifier argument is unknown or illegal.</error>")


def deleted_record(arxiv_id: str) -> bytes:
    """The answer about a paper that was deleted, by the protocol."""
    return _answer(
        f'<GetRecord><record><header status="deleted"><identifier>oai:arXiv.org:{arxiv_id}</identifier>'
        "<datestamp>2023-11-03</datestamp></header></record></GetRecord>"
    )


def _answer(inside: str) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>

<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"
         xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
         xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">
    <responseDate>2026-11-21T10:00:00Z</responseDate>
        <request verb="GetRecord" metadataPrefix="arXivRaw">http://oaipmh.arxiv.org/oai</request>
    {inside}
</OAI-PMH>""".encode()
