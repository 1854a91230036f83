"""The templates of the pages, with everything escaped that is not a template's own text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Template
from markupsafe import Markup

from papers.attention import attention_of
from papers.depth import depth
from papers.formulas import FindFormulas, no_formulas
from papers.licences import licence_of
from papers.marks import quotable
from papers.note import Member, Message, Note, Tag, permalink
from papers.paper import ARXIV, Paper
from papers.unseen import fit
from papers.wording import Wording
from publishing import addresses
from publishing.bibtex import bibtex
from publishing.content import Page
from publishing.maths import of_passages, with_formulas
from publishing.sayings import Sayings
from publishing.templates import environment
from publishing.texts import excerpt, fit_bytes, language_of, linked, passage, web_address
from publishing.venues import venue
from publishing.written import written

_BUTTONS = 5_000  # of about 300 bytes each
_LICENCES = 200
_NAME = 200  # characters; Slack's own limit for display names is 80
_LANG = {"": Markup(""), "en": Markup(' lang="en"'), "ja": Markup(' lang="ja"')}


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages of one build share."""

    title: str
    address: str
    workspace_url: str
    zone_name: str
    zone: tzinfo
    listed: bool = True

    def link(self, path: str) -> str:
        """The full address of a page; without a public address, the way to it from the folder of all pages."""
        return addresses.href(f"{self.address}/" if self.address else "", path)

    def day(self, moment: datetime) -> str:
        """The day of a moment in the site's zone, as `2024-03-07`."""
        return moment.astimezone(self.zone).date().isoformat()

    def message_link(self, message: Message | None) -> str:
        """The address of a message in Slack, or nothing where it cannot be known."""
        if message is None or not message.ts or not self.workspace_url.startswith(("https://", "http://")):
            return ""
        return permalink(self.workspace_url, message)


class Rendering:
    """Fills templates with facts, in one language."""

    def __init__(self, templates: Path, wording: Wording, find_formulas: FindFormulas = no_formulas) -> None:
        self._note: Note | None = None
        self._facts: dict[str, object] = {}
        self.wording = wording
        self._say = Sayings(wording)
        self._environment = environment(templates, self._say.plain, self._functions(find_formulas))
        self._templates: dict[str, Template] = {}
        self._environment.globals.update(
            language=wording.language,
            style_path=addresses.STYLE,
            icon_path=addresses.ICON,
            index_path=addresses.INDEX,
            feed_path=addresses.FEED,
            json_feed_path=addresses.JSON_FEED,
            for_agents_path=addresses.FOR_AGENTS,
            search_path=addresses.SEARCH,
            script_path=addresses.SEARCH_SCRIPT,
            cite_path=addresses.CITE_SCRIPT,
            tag_list_path=addresses.tag_list(),
            month_list_path=addresses.month_list(),
            attention_path=addresses.ATTENTION,
            map_path=addresses.MAP,
        )

    def __call__(self, template: str, facts: Mapping[str, object]) -> bytes:
        """The template filled with `facts`, without characters that no page may hold."""
        return fit_bytes(self._filled(template, facts))

    def _filled(self, name: str, facts: Mapping[str, object]) -> str:
        template = self._templates.get(name)
        if template is None:
            template = self._templates[name] = self._environment.get_template(name)
            # Copied each time that the template is filled, and Jinja's chain of mappings takes ten times as long.
            template.globals = dict(template.globals)
        return template.render(facts)

    def _functions(self, find_formulas: FindFormulas) -> dict[str, Callable[..., object]]:
        """What templates may call, as functions or as filters."""
        return {
            "say": self._say,
            "word": self.wording.word,
            "month_page": addresses.month_page,
            "tag_page": addresses.tag_page,
            "tag_feed": addresses.tag_feed,
            "tag_file": addresses.tag_file,
            "paper_page": addresses.paper_page,
            "paper_bibtex": addresses.paper_bibtex,
            "image_path": addresses.image,
            "person_page": addresses.person_page,
            "person_feed": addresses.person_feed,
            "person_json_feed": addresses.person_json_feed,
            "href": addresses.href,
            "colour": colour,
            "tag_button": self._tag_button(),
            "licence_line": self._licence_line(),
            "credit": self._credit(),
            "waiting": waiting,
            "titled": _titled,
            "day": _day,
            "moment": _moment,
            "linked": linked,
            "excerpt": excerpt,
            "lang": _lang,
            "doi_path": _doi_path,
            "passage": passage,
            "stamp": stamp,
            "web": web_address,
            "maths": with_formulas,
            "of_passages": of_passages,
            "quotable": quotable,
            "written": lambda text: written(text, find_formulas),
            "typed": lambda text: with_formulas(text, find_formulas(text), linked),
        }

    def _tag_button(self) -> Callable[..., Markup]:
        """The button of a tag, made once for each tag: it stands on each page of each of its notes."""

        @lru_cache(maxsize=_BUTTONS)
        def button(tag: Tag, root: str, count: int | None = None) -> Markup:
            facts = {"tag": tag, "root": root, "count": count}
            return Markup(self._filled("tag_button.html", facts))  # noqa: S704 escaped there

        return button

    def _credit(self) -> Callable[..., Markup]:
        """A member's name, which leads to their own page if they want one; made once for each member."""

        @lru_cache(maxsize=_BUTTONS)
        def credit(member: Member, root: str, most: int = _NAME) -> Markup:
            facts = {"member": member, "root": root, "most": most}
            return Markup(self._filled("credit.html", facts))  # noqa: S704 escaped there

        return credit

    def _licence_line(self) -> Callable[..., Markup]:
        """What is said of a licence, by its address (None: not known yet). There are few, each said often."""

        @lru_cache(maxsize=_LICENCES)
        def line(told: str | None) -> Markup:
            facts = {"told": told, "licence": licence_of(told) if told else None}
            made = self._filled("licence.html", facts)
            return Markup(made.strip())  # noqa: S704 escaped there

        return line

    def saying(self, key: str, **facts: object) -> Markup:
        """A sentence of the pages."""
        return self._say(key, **facts)

    def facts_of(self, note: Note) -> dict[str, object]:
        """The note with what is found out about it once for all its pages: venue, citation, how deep it goes."""
        if self._note is not note:
            record = note.paper.record
            self._facts = {
                "note": note,
                "venue": venue(record) if record else "",
                "bibtex": bibtex(note.paper, record) if record else "",
                "deep": depth(note),
                "attention": attention_of(note),
            }
            self._note = note
        return self._facts

    def page(self, site: Site, template: str, path: str, **facts: object) -> Page:
        """The page at `path`, its links relative to there unless `facts` give another `root`."""
        return Page(path, self(template, {"site": site, "root": addresses.root_of(path), "path": path, **facts}))


def zone(name: str) -> tuple[str, tzinfo]:
    """The zone of that name with its name, or UTC where there is no such zone."""
    try:
        return name, ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, malformed, the name of a folder of zones
        return "UTC", UTC


def stamp(moment: datetime) -> str:
    """A moment as Atom and HTML write it, in UTC and whole seconds."""
    return f"{moment.astimezone(UTC).isoformat()[:19]}Z"


def colour(tags: tuple[Tag, ...]) -> int:
    """Which of the six colours of sticky notes the first of these tags has: always the same one."""
    return sum(tags[0].key.encode("utf-8", "replace")) % 6 if tags else 0


def waiting(paper: Paper) -> str:
    """The key of the sentence for a paper of which nothing is known yet."""
    if paper.paper_id.source == ARXIV:
        return "missing" if paper.missing else "details_follow"
    return "page_missing" if paper.missing else "page_follows"


def _titled(paper: Paper, longest: int) -> Markup:
    """The title on one line; with its formulas as mathematics where all of it is shown."""
    line = excerpt(paper.title, longest)
    whole = paper.reading is not None and line == paper.title
    return with_formulas(line, paper.reading.title_formulas if paper.reading and whole else ())


def _doi_path(doi: str) -> str:
    return quote(fit(doi))


def _day(moment: datetime, where: tzinfo = UTC) -> Markup:
    return _time(moment, moment.astimezone(where).isoformat()[:10])


def _moment(moment: datetime, where: tzinfo = UTC) -> Markup:
    return _time(moment, moment.astimezone(where).isoformat(" ")[:16])


def _time(moment: datetime, shown: str) -> Markup:
    return Markup(f'<time datetime="{stamp(moment)}">{shown}</time>')  # noqa: S704 a date holds no markup


def _lang(text: str) -> Markup:
    """The `lang` attribute for a text, or nothing where its language cannot be told."""
    return _LANG[language_of(text)]
