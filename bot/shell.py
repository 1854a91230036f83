"""What the commands of the shell share: settings from `.env`, the language, and printing."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from dotenv.main import resolve_variables
from dotenv.parser import Original, parse_stream

from bot import settings as settings_
from bot.settings import Settings
from papers.errors import FusenError


class UnreadableFile(FusenError):
    """A file that was named cannot be read."""

    en = "{file} cannot be read: {reason}."
    ja = "{file} を読み取れません: {reason}。"


class UnreadableLines(UnreadableFile):
    """Lines of a file that say nothing: what they were to set would not be as it was meant."""

    en = "These lines of {file} cannot be read: {lines}. Write NAME=value, and close every quote."
    ja = "{file} の次の行を読み取れません: {lines}。NAME=値 の形で書き、引用符は閉じてください。"


class UnwritableOutput(FusenError):
    """Standard output takes nothing: a full disk, say."""

    en = "The output cannot be written: {reason}."
    ja = "出力を書き込めません: {reason}。"


def settings() -> Settings:
    """The settings from `.env`, overruled by the environment. Raises WrongSettings or UnreadableFile."""
    return settings_.read(environment())


def environment() -> Mapping[str, str]:
    """What `.env` says, overruled by the environment. Raises UnreadableFile, or its kind UnreadableLines."""
    written, unread = _written()
    if unread:
        raise UnreadableLines(file=".env", lines=", ".join(map(str, unread)))
    return {**written, **os.environ}


def known_environment() -> Mapping[str, str]:
    """The same as far as it can be read, where an error in reading it is none."""
    try:
        written, _ = _written()
    except UnreadableFile:
        return os.environ
    return {**written, **os.environ}


def _written() -> tuple[Mapping[str, str], Sequence[int]]:
    """What `.env` says, and the numbers of the lines of which nobody knows. Raises UnreadableFile."""
    try:
        with Path(".env").open(encoding="utf-8") as file:
            found = list(parse_stream(file))
    except FileNotFoundError:
        return {}, ()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UnreadableFile(file=".env", reason=reason) from error
    values = resolve_variables(((one.key, one.value) for one in found if one.key is not None), override=True)
    unread = [_line(one.original) for one in found if one.error or (one.key is not None and one.value is None)]
    return {name: value for name, value in values.items() if value is not None}, unread


def _line(original: Original) -> int:
    """The line that it begins at: blank ones before it are taken for a part of it."""
    text = original.string
    return original.line + text[: len(text) - len(text.lstrip())].count("\n")


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
