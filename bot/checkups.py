"""What can be wrong around a Fusen: each checkup looks at one thing and says what it found."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from bot.settings import READERS, Settings
from bot.slack import Slack
from bot.slack_trouble import NO_BOT, SlackTrouble
from papers.backlog import Backlog
from papers.errors import FusenError
from papers.leaving import GRACE
from papers.targets import Target

SCARCE_BYTES = 1_000_000_000
TOO_FEW_BYTES = 100_000_000

WRONG_BY = timedelta(seconds=60)
"""Slack's signed requests are refused when our clock is off by five minutes."""

TOO_LONG = timedelta(minutes=10)
"""What has waited for longer waits for something that is not there."""


class Health(StrEnum):
    """How a thing is: as it should be, worth a look, or such that Fusen cannot work."""

    GOOD = "good"
    LOOK = "look"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: a sentence by its key, with its facts. No fact is ever a secret."""

    health: Health
    key: str
    facts: dict[str, object]


def good(key: str, **facts: object) -> Finding:
    """It is as it should be."""
    return Finding(Health.GOOD, key, facts)


def look(key: str, **facts: object) -> Finding:
    """It works, and could be better."""
    return Finding(Health.LOOK, key, facts)


def bad(key: str, **facts: object) -> Finding:
    """It does not work like this."""
    return Finding(Health.BAD, key, facts)


def slack(
    settings: Settings, needed: Collection[str], welcome: Collection[str], now: datetime
) -> Iterator[Finding]:
    """The tokens and what they may do; the manifest asks for the scopes that are `needed` or `welcome`."""
    if not settings.has_slack:
        yield good("slack_none")
        if not _may_hold_a_playground(settings.playground_data):
            yield bad("playground_data", file=settings.playground_data)
        return
    try:
        told = Slack(settings.slack_bot_token, settings.slack_api_url).examine()
    except SlackTrouble as trouble:
        refused = trouble.reason in NO_BOT
        yield bad("slack_refused" if refused else "slack_unreachable", reason=trouble.reason)
        if refused:
            yield _way_in(settings)
        return
    yield good("slack_met", workspace=told.identity.workspace_name, bot=told.identity.name)
    missing = sorted(set(needed) - told.scopes)
    yield bad("scopes_missing", scopes=", ".join(missing)) if missing else good("scopes", count=len(needed))
    if set(welcome) - told.scopes:
        yield good("images_off", scope=", ".join(sorted(set(welcome) - told.scopes)))
    if told.clock is not None:
        yield clock("Slack", told.clock, now)
    yield _way_in(settings)


def _may_hold_a_playground(file: Path) -> bool:
    """Whether it is an SQLite file, or is still to be made. https://www.sqlite.org/fileformat.html"""
    try:
        with file.open("rb") as there:
            return there.read(16) in (b"", b"SQLite format 3\0")
    except FileNotFoundError:
        return True
    except OSError:
        return False


def _way_in(settings: Settings) -> Finding:
    if not settings.slack_app_token:
        # Slack's signing secrets are 32 hexadecimal digits; only a request shows whether this is the right one.
        likely = re.fullmatch("[0-9a-f]{32}", settings.slack_signing_secret)
        return good("signing") if likely else look("signing_odd")
    try:
        Slack(settings.slack_app_token, settings.slack_api_url).try_socket()
    except SlackTrouble as trouble:
        return bad("app_token_refused", reason=trouble.reason)
    return good("app_token")


def clock(whose: str, theirs: datetime, ours: datetime) -> Finding:
    """Whether our clock agrees with another."""
    off = abs(theirs - ours)
    if off > WRONG_BY:
        return bad("clock_wrong", whose=whose, seconds=round(off.total_seconds()))
    return good("clock", whose=whose)


def disks(folders: Iterable[Path]) -> Iterator[Finding]:
    """Whether there is room where the folders are or will be, once for each disk."""
    by_disk = {_there(folder).stat().st_dev: folder for folder in folders}
    yield from map(_disk, by_disk.values())


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(_there(folder)).free
    facts = {"folder": folder, "free": f"{free / 1e9:.1f}"}
    if free < TOO_FEW_BYTES:
        return bad("disk_full", **facts)
    return look("disk_scarce", **facts) if free < SCARCE_BYTES else good("disk", **facts)


def folder(folder: Path, setting: str, ours: Iterable[str] = ()) -> Finding:
    """Whether the pages can be written to the folder that this setting names, and to files of `ours` in it."""
    try:
        with tempfile.TemporaryFile(dir=_there(folder)):
            pass
        for name in ours:
            with suppress(FileNotFoundError), (folder / name).open("r+b"):
                pass
        return good("folder", folder=folder)
    except OSError as error:
        return bad("folder_unwritable", folder=folder, reason=error.strerror, setting=setting)


def sending(targets: Iterable[Target], language: str) -> Iterator[Finding]:
    """Whether the pages can be sent to each place, and whether they were. What fails there is tried again."""
    for target in targets:
        try:
            behind = target.behind()
        except FusenError as trouble:
            yield look("target_trouble", trouble=trouble.sentence(language))
            continue
        if behind is None:
            yield good("target_early", where=target.where)
            continue
        facts = {"where": target.where, "count": behind}
        yield look("target_behind", **facts) if behind else good("target", **facts)


def leaving(left: Mapping[str, datetime], refused: bool) -> Iterator[Finding]:
    """Which workspaces are to be deleted, and when. With a `refused` token one of them may be ours."""
    for workspace, at in left.items():
        facts = {"workspace": workspace, "day": (at + GRACE).date()}
        yield bad("leaving", **facts) if refused else look("leaving_back", **facts)


def backlog(backlogs: Collection[Backlog], now: datetime) -> Iterator[Finding]:
    """Whether anything has waited for too long."""
    late = [one for one in backlogs if one.oldest is not None and now - one.oldest > TOO_LONG]
    for one in late:
        minutes = round((now - (one.oldest or now)).total_seconds() / 60)
        yield look("waits", queue=one.queue.value, count=one.count, minutes=minutes)
    if backlogs and not late:
        yield good("nothing_waits")


def addresses(settings: Settings) -> Iterator[Finding]:
    """What others are told: where the pages are, and whom arXiv may write to."""
    if settings.has_slack and not settings.pages_address:
        yield look("no_address")
    if not settings.arxiv_contact:
        yield look("no_contact")


def readers(settings: Settings) -> Iterator[Finding]:
    """Whether the pages are kept to the team, wherever they are."""
    if settings.pages_readers == READERS[0]:
        return
    yield good("readers", readers=settings.pages_readers)
    if settings.pages_bucket or settings.pages_git:
        yield look("readers_elsewhere")


def _there(folder: Path) -> Path:
    """The folder, or the nearest above it that exists, be it no folder: then none can be made there."""
    folder = folder.absolute()
    return next(one for one in (folder, *folder.parents) if os.access(one, os.F_OK))
