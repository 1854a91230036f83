"""Asking a language model: what goes to it and what comes back, whichever client carries it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation; `role` is `system`, `user` or `assistant`."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, by the name that the model gives itself, and what it cost in tokens."""

    text: str
    model: str
    tokens: int


class Model(Protocol):
    """A language model."""

    def ask(self, turns: Sequence[Turn], schema: dict[str, Any]) -> Said:
        """One answer, a JSON object of this schema if the model can hold to it. Raises TranslatorError."""
        ...
