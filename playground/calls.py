"""One call of the Web API: its arguments in any of the three wire forms, and who makes it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from playground.records import Json, SlackError, Token
from playground.stage import Stage


class Args:
    """Arguments by name. Form and query give text; JSON gives values; both are read alike."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def text(self, name: str, default: str = "") -> str:
        """Return a text argument; numbers are turned into text."""
        value = self._values.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value)

    def need(self, name: str, refusal: str = "invalid_arguments") -> str:
        """Return a text argument that must be there."""
        value = self.text(name)
        if not value:
            reason = f"[ERROR] missing required field: {name}"
            more: Json = {"response_metadata": {"messages": [reason]}} if refusal == "invalid_arguments" else {}
            raise SlackError(refusal, **more)
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a yes or no."""
        value = self._values.get(name)
        if value is None or value == "":
            return default
        return value if isinstance(value, bool) else str(value).lower() in ("1", "true")

    def number(self, name: str, default: int, largest: int) -> int:
        """Return a whole number from 1 to `largest`; refuse with `invalid_limit`."""
        text = self.text(name)
        if not text:
            return default
        if not text.isdecimal() or not 0 < int(text[:9]) <= largest:
            raise SlackError("invalid_limit")
        return int(text)

    def has(self, name: str) -> bool:
        """Tell whether the argument was given."""
        return self._values.get(name) is not None

    def value(self, name: str) -> Any:
        """Return an argument as it came."""
        return self._values.get(name)

    def json(self, name: str, refusal: str) -> Any:
        """Return a JSON argument, given as text or as a value; None when absent."""
        value = self._values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            raise SlackError(refusal) from None

    def objects(self, name: str, refusal: str) -> list[Json]:
        """Return a list of JSON objects; empty when absent."""
        value = self.json(name, refusal)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise SlackError(refusal)
        return value


@dataclass(frozen=True)
class Call:
    """A call with a good token (or, for the two methods that need none, with an empty one)."""

    method: str
    args: Args
    token: Token

    @property
    def user_id(self) -> str:
        """The user that acts: the member or the app's bot user."""
        return self.token.user_id

    @property
    def is_bot(self) -> bool:
        """Tell whether the app acts, not a member."""
        return self.token.kind == "bot"


Method = Callable[[Stage, Call], Json]


def page_of(rows: list[Json], args: Args) -> tuple[list[Json], str]:
    """Return one page of rows and the cursor of the next page (empty at the end)."""
    limit = args.number("limit", 100, 1000)
    cursor = args.text("cursor")
    if cursor and not cursor.removeprefix("at:").isdecimal():
        raise SlackError("invalid_cursor")
    start = int(cursor.removeprefix("at:")) if cursor else 0
    end = start + limit
    return rows[start:end], f"at:{end}" if end < len(rows) else ""
