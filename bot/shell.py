"""What the commands of the shell share: settings from `.env`, the language, and printing."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

from bot import settings as settings_
from bot.settings import Settings
from papers.errors import FusenError


class UnreadableFile(FusenError):
    """A file that was named cannot be read."""

    en = "{file} cannot be read: {reason}."
    ja = "{file} を読み取れません: {reason}。"


class UnwritableOutput(FusenError):
    """Standard output takes nothing: a full disk, say."""

    en = "The output cannot be written: {reason}."
    ja = "出力を書き込めません: {reason}。"


def settings() -> Settings:
    """The settings from `.env`, overruled by the environment. Raises WrongSettings or UnreadableFile."""
    return settings_.read(environment())


def environment() -> Mapping[str, str]:
    """What `.env` says, overruled by the environment. Raises UnreadableFile."""
    try:
        written = dotenv_values(".env") if Path(".env").exists() else {}
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UnreadableFile(file=".env", reason=reason) from error
    return {**{name: value for name, value in written.items() if value is not None}, **os.environ}


def known_environment() -> Mapping[str, str]:
    """The same as far as it can be read, where an error in reading it is none."""
    try:
        return environment()
    except UnreadableFile:
        return os.environ


def language() -> str:
    """The language for an error's sentence: settled as the others are, but an error in settling is none here."""
    return known_environment().get("FUSEN_LANGUAGE", "").strip().lower()


def say(text: str) -> None:
    """Print a line at once. Raises BrokenPipeError, or UnwritableOutput."""
    if sys.stdout is None:
        raise UnwritableOutput(reason="it is closed")
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except OSError as error:
        # Python would complain once more when it flushes what is left at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise
        raise UnwritableOutput(reason=error.strerror) from error
