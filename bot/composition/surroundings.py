"""What the parts stand on: the clock, the files that come with Fusen, and arXiv within reach."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

from arxiv_api import samples
from bot.settings import Settings
from papers.wording import Wording

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


MANIFEST = TEMPLATES.parent / "slack_app_manifest.json"


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present day in UTC."""
    return now().date()


def wording(door: str, language: str) -> Wording:
    """The words of a door (`slack`, `site`, `web`, `shell`) in a language."""
    files = sorted((TEMPLATES / "words" / door).glob(f"*.{language}.toml"))
    return Wording(language, tomllib.loads("\n".join(file.read_text(encoding="utf-8") for file in files)))


def arxiv_answers(settings: Settings) -> bool:
    """Whether arXiv can be reached; asks its front page, which needs no turn."""
    return samples.reachable(settings.arxiv_api_url)


def scopes_needed() -> tuple[str, ...]:
    """The scopes that the manifest asks of Slack for the bot."""
    return _scopes("bot")


def scopes_welcome() -> tuple[str, ...]:
    """Those that it asks for and can do without."""
    return _scopes("bot_optional")


def _scopes(whose: str) -> tuple[str, ...]:
    return tuple(json.loads(MANIFEST.read_text(encoding="utf-8"))["oauth_config"]["scopes"][whose])
