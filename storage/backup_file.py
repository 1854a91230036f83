"""The file of a backup: gzip over lines of JSON, readable by its owner alone, and whole or not there.

The first line is the head: what this is, and the migration revision of the rows. An object that names a table
and its columns begins that table; each row follows as a list of values. The last line counts the rows, so that
a file that was cut short is noticed. Times are ISO 8601 in UTC, bytes are base64; everything else is JSON's own.
"""

from __future__ import annotations

import glob
import gzip
import json
import os
import secrets
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from papers.errors import FusenError

FORMAT = "fusen-backup"
VERSION = 1
_NOTES = "notes"  # by this name since the first revision
LONGEST_HEAD = 10_000  # characters

LEFT_BEHIND = 24 * 3600.0
"""A part that was last written to so many seconds ago is nobody's: its backup was killed."""


class BackupThere(FusenError):
    """There is a file already where the backup should go."""

    en = "{file} is there already. Choose another name, or let a backup be replaced with --overwrite."
    ja = "{file} はすでにあります。別の名前を指定するか、--overwrite で以前のバックアップを置き換えてください。"


class NotReplaced(FusenError):
    """There is a file already where the backup should go, and it is no backup."""

    en = "{file} is no backup of Fusen, and only backups are replaced. Move it aside, or choose another name."
    ja = (
        "{file} は Fusen のバックアップではないため、置き換えません。"
        "別の場所に移すか、別の名前を指定してください。"
    )


class NotesKept(FusenError):
    """The backup that is there has notes, and what would replace it has none."""

    en = (
        "{file} is a backup with notes, and the database {where} has none: nothing was replaced. Check "
        "DATABASE_URL; if it is right, move the backup aside, or choose another name."
    )
    ja = (
        "{file} にはノートがありますが、データベース {where} には 1 件もないため、置き換えませんでした。"
        "DATABASE_URL を確認してください。"
        "正しい場合は、バックアップを別の場所に移すか、別の名前を指定してください。"
    )


class UnwritableBackup(FusenError):
    """The file of the backup cannot be written."""

    en = "The backup {file} cannot be written: {reason}. Nothing is left of it."
    ja = "バックアップ {file} を書き込めません ({reason})。途中のファイルは残っていません。"


class UnreadableBackup(FusenError):
    """The file of the backup cannot be opened."""

    en = "The backup {file} cannot be read: {reason}."
    ja = "バックアップ {file} を読み取れません ({reason})。"


class NotABackup(FusenError):
    """The file is something else, is damaged, or ends too early."""

    en = "{file} is not a complete backup of Fusen ({reason}). The database is as it was."
    ja = "{file} は Fusen の完全なバックアップではありません ({reason_ja})。データベースは変更していません。"


@dataclass(frozen=True, slots=True)
class Head:
    """What a backup says of itself: the migration revision of its rows, and when they were read."""

    revision: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class TableBegins:
    """From here on rows of this table follow, their values in this order."""

    name: str
    columns: tuple[str, ...]


Row = list[Any]


class Writing:
    """A backup being written: tables and rows in, the count at the end."""

    def __init__(self, out: TextIO, head: Head) -> None:
        self._out = out
        self.rows: dict[str, int] = {}
        self._table = ""
        made_at = head.made_at.isoformat()
        self._line({"format": FORMAT, "version": VERSION, "revision": head.revision, "made_at": made_at})

    def begin(self, table: TableBegins) -> None:
        """Rows of this table follow."""
        self._table = table.name
        self.rows[table.name] = 0
        self._line({"table": table.name, "columns": table.columns})

    def row(self, values: Row) -> None:
        """One row of the table that was begun last."""
        self.rows[self._table] += 1
        self._line(values)

    def end(self) -> None:
        """All is there."""
        self._line({"end": True, "rows": self.rows})

    def _line(self, content: object) -> None:
        self._out.write(json.dumps(content, separators=(",", ":")) + "\n")


@contextmanager
def new(file: Path, overwrite: bool, head: Head, where: str) -> Iterator[Writing]:
    """Write a backup of what is `where`; it gets its name when all is on the disk, and an error leaves nothing.

    `overwrite` replaces another backup and nothing else, nor one with notes by one without. Raises BackupThere,
    NotReplaced, NotesKept and UnwritableBackup.
    """
    if file.exists():
        if not overwrite:
            raise BackupThere(file=file)
        if not _is_backup(file):
            raise NotReplaced(file=file)
    _clear_away(file)
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        with ExitStack() as closing:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            closing.callback(part.unlink, missing_ok=True)
            with os.fdopen(handle, "wb") as raw:
                with gzip.open(raw, "wt", encoding="ascii", newline="\n") as out:
                    writing = Writing(out, head)
                    yield writing
                    writing.end()
                raw.flush()
                os.fsync(handle)
            if not writing.rows.get(_NOTES) and file.exists() and _may_hold_notes(file):
                raise NotesKept(file=file, where=where)
            part.replace(file)
    except OSError as error:
        raise UnwritableBackup(file=file, reason=error.strerror or str(error)) from error


class Reading:
    """A backup being read: its head, then tables and rows."""

    def __init__(self, file: Path, text: TextIO) -> None:
        self._file = file
        self._text = text
        self.head = self._read_head()

    def rows(self) -> Iterator[tuple[TableBegins, Row]]:
        """Each row with its table, to the end. Raises NotABackup if the file is damaged or is not all there."""
        counts: dict[str, int] = {}
        table: TableBegins | None = None
        while True:
            content = self._json(self._line())
            if isinstance(content, list) and table:
                counts[table.name] += 1
                yield table, content
            elif isinstance(content, dict) and "table" in content:
                table = self._table(content)
                counts[table.name] = 0
            elif isinstance(content, dict) and content.get("end"):
                if content.get("rows") != counts:
                    raise self.wrong("rows are missing", "行が足りません")
                if self._text_line():  # to the very end, where gzip's check sum is
                    raise self.wrong("something follows its end", "終わりの後に続きがあります")
                return
            else:
                raise self.wrong("a line is neither table nor row", "表でも行でもない部分があります")

    def wrong(self, reason: str, reason_ja: str) -> NotABackup:
        """The error that this file is no whole backup, with the reason in both languages."""
        return NotABackup(file=self._file, reason=reason, reason_ja=reason_ja)

    def _read_head(self) -> Head:
        content = self._json(self._line(LONGEST_HEAD))
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise self.wrong("it does not begin as one", "バックアップの形で始まっていません")
        if content.get("version") != VERSION:
            raise self.wrong("it was made by a newer Fusen", "新しい版の Fusen で作られています")
        try:
            return Head(str(content["revision"]), datetime.fromisoformat(content["made_at"]))
        except (KeyError, TypeError, ValueError) as error:
            raise self.wrong("its first line is damaged", "最初の行が壊れています") from error

    def _table(self, content: dict[str, Any]) -> TableBegins:
        columns = content.get("columns")
        if not isinstance(columns, list):
            raise self.wrong("a table has no columns", "列のない表があります")
        return TableBegins(str(content["table"]), tuple(map(str, columns)))

    def _text_line(self, longest: int = -1) -> str:
        try:
            return self._text.readline(longest)
        except (EOFError, zlib.error, gzip.BadGzipFile, UnicodeDecodeError) as error:
            raise self.wrong(
                "it is damaged, or not compressed as one", "壊れているか、バックアップの形で圧縮されていません"
            ) from error

    def _line(self, longest: int = -1) -> str:
        line = self._text_line(longest)
        if not line.endswith("\n"):
            raise self.wrong("it ends too early", "途中で終わっています")
        return line

    def _json(self, line: str) -> Any:
        try:
            return json.loads(line)
        except (ValueError, RecursionError) as error:
            raise self.wrong("a line is damaged", "壊れた行があります") from error


@contextmanager
def opened(file: Path) -> Iterator[Reading]:
    """Open a backup and read its head. Raises UnreadableBackup and NotABackup."""
    try:
        raw = file.open("rb")
    except OSError as error:
        raise UnreadableBackup(file=file, reason=error.strerror) from error
    with raw, gzip.open(raw, "rt", encoding="ascii", newline="\n") as text:
        yield Reading(file, text)


def _clear_away(file: Path) -> None:
    """Delete what backups of this name that were killed have left."""
    for part in file.parent.glob(f".{glob.escape(file.name)}.{'[0-9a-f]' * 8}.part"):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime > LEFT_BEHIND:
                part.unlink()


def _is_backup(file: Path) -> bool:
    try:
        with opened(file):
            return True
    except (NotABackup, UnreadableBackup):
        return False


def _may_hold_notes(file: Path) -> bool:
    try:
        with opened(file) as backup:
            return any(table.name == _NOTES for table, _ in backup.rows())
    except (NotABackup, UnreadableBackup):  # what cannot be read to its end may hold some
        return True
