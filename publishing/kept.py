"""What is shown of each note, kept from build to build: on disk, in a database that lives as long as its owner."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence

_CACHE_KB = 8_000
_AT_ONCE = 500


class KeptTexts:
    """Texts of several kinds by the number of their note. To read one takes about 4 µs, and no memory is held.

    SQLite removes such a database when it is closed, also by a kill (https://www.sqlite.org/inmemorydb.html,
    section 3). For one thread at a time.
    """

    def __init__(self, *kinds: str) -> None:
        self._base = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for setting in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_CACHE_KB}"):
            self._base.execute(f"PRAGMA {setting}")
        for kind in kinds:
            self._base.execute(f"CREATE TABLE {kind} (number INTEGER PRIMARY KEY, text BLOB NOT NULL)")
        # One transaction without an end: nobody else reads here, and beginnings and ends cost as much as texts.
        self._base.execute("BEGIN")
        # The names of kinds are ours.
        self._put = {kind: f"INSERT INTO {kind} VALUES (?, ?)" for kind in kinds}  # noqa: S608
        self._drop = [f"DELETE FROM {kind} WHERE number = ?" for kind in kinds]  # noqa: S608

    def __del__(self) -> None:
        self._base.close()

    def put(self, number: int, texts: Mapping[str, bytes]) -> None:
        """Keep these texts, by their kinds, in place of all that was kept of the note.

        Raises OSError where there is no room left for temporary files.
        """
        try:
            self.drop(number)
            for kind, text in texts.items():
                self._base.execute(self._put[kind], (number, text))
        except sqlite3.OperationalError as error:
            raise OSError(f"temporary files: {error}") from error

    def drop(self, number: int) -> None:
        """Keep nothing of a note."""
        for statement in self._drop:
            self._base.execute(statement, (number,))

    def get(self, kind: str, numbers: Sequence[int]) -> dict[int, bytes]:
        """The texts of one kind, of those notes that have one."""
        return dict(self._found(kind, numbers))

    def _found(self, kind: str, numbers: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        for start in range(0, len(numbers), _AT_ONCE):
            some = ",".join(str(int(number)) for number in numbers[start : start + _AT_ONCE])
            yield from self._base.execute(f"SELECT number, text FROM {kind} WHERE number IN ({some})")  # noqa: S608 numbers
