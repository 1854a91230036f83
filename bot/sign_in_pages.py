"""The few pages that a person meets on the way in and out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from papers.wording import Wording


class SignInPages:
    """Makes them from the template in `templates`, in the reader's language, else in `usual`."""

    HEADERS: ClassVar[Mapping[str, str]] = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": (
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'"
        ),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }

    def __init__(self, templates: Path, wordings: Mapping[str, Wording], usual: str, title: str) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(templates), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._wordings = wordings
        self._usual = usual
        self._title = title

    def page(self, languages: str, key: str, workspace: str, base: str, link: str, posts: bool) -> bytes:
        """A page that says `key` and offers one thing to do; `languages` is what the browser prefers."""
        first = languages.split(",")[0].partition("-")[0].partition(";")[0].strip().lower()
        say = self._wordings.get(first) or self._wordings[self._usual]
        facts = {"say": say, "language": say.language, "title": self._title, "base": base, "key": key}
        made = self._environment.get_template("sign_in.html")
        return made.render(facts, workspace=workspace, link=link, posts=posts).encode("utf-8")
