"""The words of one language for one door (Slack, the pages): sentences by key, with gaps for facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LANGUAGES = ("en", "ja")


@dataclass(frozen=True, slots=True)
class Wording:
    """Sentences in one language."""

    language: str
    sentences: Mapping[str, str]

    def __call__(self, key: str, **facts: object) -> str:
        """The sentence for `key` with its gaps filled; `key_one` instead, where there is one and `count` is 1.

        Raises KeyError if there is no such sentence.
        """
        chosen = key
        if facts.get("count") == 1 and f"{key}_one" in self.sentences:
            chosen = f"{key}_one"
        return self.sentences[chosen].format(**facts)

    def word(self, group: str, value: str) -> str:
        """The word for a value that the program stores in English: the sentence `group_value`, else the value."""
        return self.sentences.get(f"{group}_{value.replace(' ', '_')}", value)
