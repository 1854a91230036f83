"""The command `fusen doctor`: looks at everything that Fusen needs and says how to mend what is wrong."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from bot import checkups
from bot.checkups import Finding, Health, bad, good, look
from bot.composition.pages import OWN_FILES, targets
from bot.composition.playing import foreign
from bot.composition.stores import examine_database, folders, papers_shown
from bot.composition.surroundings import arxiv_answers, now, scopes_needed, scopes_welcome, wording
from bot.composition.use_cases import ModelClientMissing, language_model
from bot.settings import Settings, WrongSettings
from bot.shell import UnreadableFile, language, say, settings
from papers.database_errors import (
    DatabaseBusy,
    DatabaseEncodes,
    DatabaseForbids,
    DatabaseFull,
    DatabaseReadOnly,
    DatabaseUnlockable,
    DatabaseUnreachable,
    WrongDatabaseAddress,
)
from papers.translation import TranslatorError
from papers.wording import Wording

FAILED = 1


def doctor(_options: Namespace) -> int:
    """Say what was found. Returns 1 if Fusen cannot work like this."""
    words = wording("shell", "ja" if language() == "ja" else "en")
    worst = dict.fromkeys(Health, 0)
    for finding in _findings(words.language):
        worst[finding.health] += 1
        _tell(finding, words)
    if worst[Health.BAD]:
        say(words("doctor_bad", count=worst[Health.BAD]))
        return FAILED
    say(words("doctor_look", count=worst[Health.LOOK]) if worst[Health.LOOK] else words("doctor_good"))
    return 0


def _tell(finding: Finding, words: Wording) -> None:
    say(f"{words(f'mark_{finding.health}')}  {words(finding.key, **finding.facts)}")
    if finding.health is not Health.GOOD:
        say(f"    → {words(f'{finding.key}_mend', **finding.facts)}")


def _findings(spoken: str) -> Iterator[Finding]:
    try:
        chosen = settings()
    except (WrongSettings, UnreadableFile) as error:
        yield bad("settings_wrong", faults=error.sentence(spoken))
        return
    yield good("settings")
    refused = False
    for finding in checkups.slack(chosen, scopes_needed(), scopes_welcome(), now()):
        refused = refused or finding.key == "slack_refused"
        yield finding
    yield from _database(chosen, refused)
    yield good("arxiv") if arxiv_answers(chosen) else look("arxiv_away", address=chosen.arxiv_api_url)
    yield _translations(chosen)
    yield checkups.folder(chosen.pages_folder, "PAGES_FOLDER", OWN_FILES)
    if chosen.jekyll_folder:
        yield checkups.folder(chosen.jekyll_folder, "JEKYLL_FOLDER", OWN_FILES)
    yield from checkups.sending(targets(chosen), spoken)
    yield from checkups.disks(folders(chosen))
    yield from checkups.readers(chosen)
    yield from checkups.addresses(chosen)


def _translations(chosen: Settings) -> Finding:
    """Whether the language model can be asked, if one is set. Asking costs nothing."""
    if not chosen.llm_model:
        return good("translations_off")
    facts = {"model": chosen.llm_model, "host": urlsplit(chosen.llm_base_url).hostname}
    try:
        language_model(chosen).reach()
    except ModelClientMissing:
        return bad("model_client_missing")
    except TranslatorError as error:
        return look("model_away", reason=error.facts["reason"], **facts)
    return good("model", tokens=f"{chosen.llm_monthly_tokens:,}", **facts)


def _database(chosen: Settings, refused: bool) -> Iterator[Finding]:
    try:
        found = examine_database(chosen)
    except DatabaseUnreachable as error:
        yield _away(error)
        return
    facts = {"where": found.where, "revision": found.revision, "newest": found.newest}
    if found.damage:
        yield bad("database_damaged", damage=found.damage, **facts)
    elif found.clashing:
        yield bad("database_clashing", names=found.clashing, **facts)
    elif found.revision is None and (shown := papers_shown(chosen)):
        yield bad("notes_missing", folder=shown, **facts)
    elif found.others:
        yield look("database_shared", **facts)
    elif found.too_new:
        yield bad("database_too_new", **facts)
    elif found.revision is None:
        yield good("database_new", **facts)
    elif found.revision != found.newest:
        yield look("database_old", **facts)
    else:
        yield good("database", **facts)
    yield from _room_to_play(chosen, found.workspaces)
    if found.clock is not None:
        yield checkups.clock("PostgreSQL", found.clock, now())
    yield from checkups.leaving(found.left, refused)
    yield from checkups.backlog(found.backlogs, now())


def _room_to_play(chosen: Settings, workspaces: Iterable[str]) -> Iterator[Finding]:
    if not chosen.has_slack and (known := foreign(workspaces)):
        yield bad("no_place_to_play", known=", ".join(known))


def _away(error: DatabaseUnreachable) -> Finding:
    match error:
        case WrongDatabaseAddress():
            return bad("database_address")
        case DatabaseFull():
            return bad("database_full", **error.facts)
        case DatabaseEncodes():
            return bad("database_encodes", **error.facts)
        case DatabaseForbids():
            return bad("database_forbids", **error.facts)
        case DatabaseReadOnly():
            return bad("database_read_only", **error.facts)
        case DatabaseUnlockable():
            return bad("database_unlockable", **error.facts)
        case DatabaseBusy():
            return bad("database_busy", **error.facts)
        case _:
            return bad("database_unreachable", **error.facts)
