"""The settings: one frozen object, read once, complaining of all faults at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from papers.errors import FusenError
from papers.periods import WeeklyTime
from papers.wording import LANGUAGES

T = TypeVar("T")


class WrongSettings(FusenError):
    """Settings that are missing or wrong, all of them."""

    en = "These settings need your attention (set them in the environment or in .env):\n{faults}"
    ja = "次の設定を確認してください (環境変数または .env):\n{faults}"


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be chosen from outside; `.env.example` describes each by its environment name."""

    slack_bot_token: str
    slack_app_token: str
    slack_signing_secret: str
    slack_api_url: str
    command: str
    database_url: str
    arxiv_api_url: str
    arxiv_contact: str
    language: str
    zone: str
    digest_time: WeeklyTime
    digest_channel: str
    pages_folder: Path
    pages_address: str
    pages_title: str
    host: str
    pages_port: int
    playground_port: int
    playground_data: Path

    @property
    def has_slack(self) -> bool:
        """Whether there is a Slack to talk to; without, the playground is opened."""
        return bool(self.slack_bot_token)


def read(environment: Mapping[str, str]) -> Settings:
    """The settings from environment variables. Raises WrongSettings that names all faults at once."""
    faults: list[str] = []

    def take(name: str, default: str, form: Callable[[str], T]) -> T:
        text = environment.get(name, "").strip() or default
        try:
            return form(text)
        except (ValueError, LookupError, OSError) as error:
            faults.append(f"  {name}={text!r}: {error}")
            return form(default)

    settings = Settings(
        slack_bot_token=take("SLACK_BOT_TOKEN", "", _token("xoxb-")),
        slack_app_token=take("SLACK_APP_TOKEN", "", _token("xapp-")),
        slack_signing_secret=take("SLACK_SIGNING_SECRET", "", str),
        slack_api_url=take("SLACK_API_URL", "https://slack.com/api/", _address),
        command=take("FUSEN_COMMAND", "/note", _command),
        database_url=take("DATABASE_URL", "sqlite:///var/fusen.db", str),
        arxiv_api_url=take("ARXIV_API_URL", "https://export.arxiv.org/api/query", _address),
        arxiv_contact=take("ARXIV_CONTACT", "", str),
        language=take("FUSEN_LANGUAGE", "en", _language),
        zone=take("FUSEN_TIMEZONE", "UTC", _zone),
        digest_time=take("DIGEST_TIME", "mon 09:00", WeeklyTime.parse),
        digest_channel=take("DIGEST_CHANNEL", "", str),
        pages_folder=take("PAGES_FOLDER", "var/pages", Path),
        pages_address=take("PAGES_ADDRESS", "", lambda text: _address(text) if text else ""),
        pages_title=take("PAGES_TITLE", "Fusen", str),
        host=take("HOST", "127.0.0.1", str),
        pages_port=take("PAGES_PORT", environment.get("PORT", "").strip() or "8020", _port),
        playground_port=take("PLAYGROUND_PORT", "8010", _port),
        playground_data=take("PLAYGROUND_DATA", "var/playground.db", Path),
    )
    if settings.slack_bot_token and not (settings.slack_app_token or settings.slack_signing_secret):
        faults.append(
            "  SLACK_BOT_TOKEN alone is not enough: set SLACK_APP_TOKEN too (Socket Mode), "
            "or SLACK_SIGNING_SECRET (Slack calls this machine over HTTP)"
        )
    if settings.slack_app_token and not settings.slack_bot_token:
        faults.append("  SLACK_APP_TOKEN is set but SLACK_BOT_TOKEN is not: the bot needs both")
    if faults:
        raise WrongSettings(faults="\n".join(faults))
    return settings


def _token(prefix: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text and not text.startswith(prefix):
            # The token itself is not repeated: what is printed may land in a log.
            raise ValueError(f"a token here begins with {prefix}")
        return text

    return check


def _command(text: str) -> str:
    if not text.startswith("/") or not 2 <= len(text) <= 32 or " " in text:
        raise ValueError("a slash command begins with / and has 2 to 32 characters, such as /note")
    return text


def _address(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise ValueError("an address begins with http:// or https://")
    return text


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise ValueError(f"choose one of {', '.join(LANGUAGES)}")
    return text


def _zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (LookupError, ValueError, OSError) as error:
        raise ValueError("name a zone such as Asia/Tokyo") from error


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise ValueError("a port is a number from 0 to 65535; 0 takes a free one")
    return int(text)
