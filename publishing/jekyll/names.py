"""How the pages of tags are called in Jekyll's folder: one name for the file and for all links to it."""

from __future__ import annotations

import re
from urllib.parse import quote

from papers.note import Tag
from publishing.addresses import ARTICLES
from publishing.slugs import LONGEST_BYTES, marked, reserved

# Letters and digits of any script, and the signs that files, links and Jekyll leave as they are; no sign at the
# beginning, where Jekyll and shells take some for their own, and no dot or blank at the end, which Windows drops.
_PLAIN = re.compile(r"[^\W_](?:[\w /().,+@=!'&-]*[\w)+!])?")
# `--` is the mark of a hash. Two signs that become `_` could be told from one no more.
_AMBIGUOUS = re.compile(r"--|[/_]{2}|\.\.|/$|^\d{2,4}-\d{1,2}-\d{1,2}-")
_DATED = re.compile(r"\d")


def article_name(tag: Tag) -> str:
    """The name of a tag's page, without folder and ending.

    It is the tag's own name with `_` for `/` and, so that no two tags share one, `__` for `_`. A name that cannot
    be one of a file, a link or a page of Jekyll everywhere gets the slug of its key with a hash.
    """
    name = tag.name
    plain = _PLAIN.fullmatch(name) and not _AMBIGUOUS.search(name) and not reserved(tag.key.partition(".")[0])
    if not plain or len(name.encode()) > LONGEST_BYTES:
        slug = marked(tag.key)
        # Jekyll takes digits before a dash for a date, and what is dated in the future is not published.
        return f"tag-{slug}" if _DATED.match(slug) else slug
    return name.replace("_", "__").replace("/", "_")


def article_path(tag: Tag) -> str:
    """The path of a tag's page below the folder of the Jekyll site."""
    return f"{ARTICLES}/{article_name(tag)}.markdown"


def article_link(tag: Tag) -> str:
    """The link to a tag's page from that of another: both stand in one folder, whatever leads there."""
    return f"{quote(article_name(tag), safe='()+,@=!')}.html"
