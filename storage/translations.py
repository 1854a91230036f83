"""The translations: which are wanted, what was made, and what it has cost."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, select, update

from papers.formulas import Formula
from papers.note import Audience
from papers.paper import ARXIV
from papers.translation import ORIGINAL, Passage, Rendered, Translation
from papers.translation_shelf import WantedTranslation
from storage.papers import PAPER_COLUMNS, paper_of
from storage.sight import seen_by_all
from storage.stamps import hold, stamp_shown
from storage.statements import claim, free, insert
from storage.tables import model_use, notes, papers, shares, translations, workspaces


class StoredTranslations:
    """The port `TranslationShelf`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def want(self, workspace: str, since: int, at: datetime, limit: int) -> int:
        """Want up to `limit` translations that are missing or of an older version. Returns how many.

        Only those of notes that changed after the workspace's count `since` are looked for.
        """
        older = and_(
            translations.c.paper_id == papers.c.id,
            translations.c.language == workspaces.c.language,
            translations.c.version >= papers.c.version,
        )
        missing = (
            select(papers.c.id, workspaces.c.language, papers.c.version)
            .join_from(notes, papers, papers.c.id == notes.c.paper_id)
            .join(workspaces, workspaces.c.id == notes.c.workspace)
            .where(
                notes.c.workspace == workspace,
                notes.c.change > since,
                workspaces.c.language != ORIGINAL,
                papers.c.source == ARXIV,
                papers.c.version.is_not(None),
                ~papers.c.withdrawn,
                _published(notes.c.id),
                ~select(translations.c.id).where(older).exists(),
            )
            .order_by(notes.c.change, notes.c.id)
            .limit(limit)
        )
        rows = {(row.id, row.language): row.version for row in self._connection.execute(missing)}
        if rows:
            values = [
                {"paper_id": paper, "language": language, "version": version, "due": at}
                for (paper, language), version in rows.items()
            ]
            wanted = insert(self._connection, translations).values(values)
            anew = {"version": wanted.excluded.version, "due": at, "leased_until": None, "attempts": 0}
            self._connection.execute(
                wanted.on_conflict_do_update(index_elements=["paper_id", "language"], set_=anew)
            )
        return len(rows)

    def waiting(self, now: datetime) -> bool:
        """Whether any translation is to be made now."""
        found = select(translations.c.id).where(free(translations, now), _STILL_PUBLISHED).limit(1)
        return self._connection.execute(found).first() is not None

    def claim(self, now: datetime, lease: timedelta) -> WantedTranslation | None:
        """Lease the translation wanted last of those that are still to be seen; None if there is none."""
        rows = claim(self._connection, translations, _STILL_PUBLISHED, 1, now, now + lease, first=_LAST)
        for row in rows:
            found = self._connection.execute(select(*PAPER_COLUMNS).where(papers.c.id == row.paper_id)).one()
            record = paper_of(found).record
            if record is not None:
                return WantedTranslation(row.id, record, row.language, row.attempts)
        return None

    def keep(self, wanted: WantedTranslation, translation: Translation) -> None:
        """Keep what was made. The pages of the notes that show it are told."""
        paper = select(translations.c.paper_id).where(translations.c.id == wanted.id)
        readers = select(workspaces.c.id).where(workspaces.c.language == wanted.language)
        theirs = and_(notes.c.paper_id.in_(paper), notes.c.workspace.in_(readers))
        hold(self._connection, theirs)
        self._connection.execute(
            update(translations)
            .where(translations.c.id == wanted.id)
            .values(
                title=translation.title.text,
                sentences=_text(translation),
                made_by=translation.made_by,
                made_at=translation.made_at,
                made_of=translation.version,
            )
        )
        # A version that came meanwhile is still to be translated.
        self._set(wanted, and_(translations.c.version <= translation.version), due=None)
        stamp_shown(self._connection, theirs)

    def postpone(self, wanted: WantedTranslation, until: datetime) -> None:
        """Try again then."""
        self._set(wanted, translations.c.due.is_not(None), due=until)

    def give_up(self, wanted: WantedTranslation) -> None:
        """Try no more, until there is another version."""
        self._set(wanted, translations.c.version <= wanted.record.version, due=None)

    def spend(self, tokens: int, at: datetime) -> None:
        """So many tokens were spent."""
        spent = insert(self._connection, model_use).values(month=_month(at), tokens=tokens)
        more = model_use.c.tokens + spent.excluded.tokens
        self._connection.execute(spent.on_conflict_do_update(index_elements=["month"], set_={"tokens": more}))

    def spent(self, at: datetime) -> int:
        """How many tokens were spent in that moment's month (UTC)."""
        return self._connection.scalar(select(model_use.c.tokens).where(model_use.c.month == _month(at))) or 0

    def _set(self, wanted: WantedTranslation, only: ColumnElement[bool], due: datetime | None) -> None:
        self._connection.execute(
            update(translations).where(translations.c.id == wanted.id, only).values(due=due, leased_until=None)
        )


def read_by(audience: Audience) -> ColumnElement[bool]:
    """The translation of this paper, as it is now, in the language of the audience's workspace."""
    language = select(workspaces.c.language).where(workspaces.c.id == audience.workspace).scalar_subquery()
    return and_(
        translations.c.paper_id == papers.c.id,
        translations.c.language == language,
        translations.c.made_of == papers.c.version,
        ~papers.c.withdrawn,
    )


TRANSLATION_COLUMNS = [
    translations.c.language.label("translation_language"),
    translations.c.title.label("translation_title"),
    translations.c.sentences.label("translation_sentences"),
    translations.c.made_by.label("translation_made_by"),
    translations.c.made_at.label("translation_made_at"),
    translations.c.made_of.label("translation_made_of"),
]


def translation_of(row: Row[Any]) -> Translation | None:
    """The translation in a row with `TRANSLATION_COLUMNS`, or None."""
    if row.translation_made_at is None:
        return None
    told = json.loads(row.translation_sentences)
    return Translation(
        row.translation_language,
        _passage(row.translation_title, told["title"]),
        tuple(Rendered(_passage(*one), _passage(*other)) for one, other in told["sentences"]),
        row.translation_made_by,
        row.translation_made_at,
        row.translation_made_of,
    )


def _text(translation: Translation) -> str:
    def told(passage: Passage) -> list[object]:
        return [passage.text, _formulas(passage)]

    pairs = [(told(one.original), told(one.translated)) for one in translation.sentences]
    return json.dumps({"title": _formulas(translation.title), "sentences": pairs}, ensure_ascii=False)


def _formulas(passage: Passage) -> list[tuple[int, int, str]]:
    return [(one.start, one.stop, one.mathml) for one in passage.formulas]


def _passage(text: str, formulas: list[tuple[int, int, str]]) -> Passage:
    return Passage(text, tuple(Formula(*one) for one in formulas))


def _published(note_id: ColumnElement[int]) -> ColumnElement[bool]:
    return select(shares.c.id).where(shares.c.note_id == note_id, seen_by_all()).exists()


# Made once, as what is claimed by must be.
_noted = notes.alias("noted")
_LAST = -translations.c.id
_STILL_PUBLISHED = (
    select(_noted.c.id)
    .where(_noted.c.paper_id == translations.c.paper_id, _published(_noted.c.id))
    .correlate(translations)
    .exists()
)


def _month(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m")
