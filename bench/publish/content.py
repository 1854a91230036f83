"""The notes that every tool is given: made up, the same for the same number, with the weights of real ones."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

SEED = 20261121
TAGS = 300
DAYS = 2_300
FIRST = datetime(2020, 6, 1, tzinfo=UTC)
_ENGLISH_WORDS, _JAPANESE_WORDS, _TOPICAL = 20_000, 8_000, 40
_WORDS = {
    key: text.split()
    for key, text in tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8")).items()
}


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment with the day it was written and its writer's number."""

    text: str
    day: int
    member: int


@dataclass(frozen=True, slots=True)
class MadeNote:
    """One made-up note. `at` is an ISO time in UTC."""

    id: int
    paper: str
    at: str
    title: str
    abstract: str
    summary: str
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    comments: tuple[Comment, ...]


def made(count: int, seed: int = SEED) -> Iterator[MadeNote]:
    """`count` notes, oldest first, the same for the same seed."""
    maker = _Maker(Random(seed))
    for number in range(count):
        yield maker.note(number + 1, FIRST + timedelta(days=DAYS) * (number / count))


def fingerprint(notes: Sequence[MadeNote]) -> str:
    """The first characters of a hash of all that is in the notes."""
    digest = hashlib.sha256()
    for note in notes:
        digest.update(json.dumps(asdict(note), ensure_ascii=False, sort_keys=True).encode())
    return digest.hexdigest()[:12]


class _Maker:
    def __init__(self, random: Random) -> None:
        self._random = random
        self._english = _WORDS["stop"] + [self._made_word() for _ in range(_ENGLISH_WORDS - len(_WORDS["stop"]))]
        self._english_weights = list(accumulate(1 / (rank + 2.7) ** 1.05 for rank in range(_ENGLISH_WORDS)))
        kanji = [
            "".join(random.choices(_WORDS["kanji"][0], k=2))
            for _ in range(_JAPANESE_WORDS - len(_WORDS["compounds"]))
        ]
        self._japanese = _WORDS["compounds"] + kanji
        self._japanese_weights = list(accumulate(1 / (rank + 1) ** 0.95 for rank in range(_JAPANESE_WORDS)))
        self._tags = [f"{self._made_word().capitalize()}{n}" for n in range(TAGS)]
        self._tag_weights = list(accumulate(1 / (rank + 1) for rank in range(TAGS)))
        self._topics = {name: random.sample(self._english, _TOPICAL) for name in self._tags}

    def note(self, number: int, at: datetime) -> MadeNote:
        random = self._random
        tags = self._drawn_tags(random.randint(1, 6))
        topic = [word for name in tags for word in self._topics[name]]
        comments = tuple(
            Comment(self._comment(topic), random.randint(0, 30), random.randint(1, 20))
            for _ in range(random.randint(0, 5))
        )
        return MadeNote(
            id=number,
            paper=f"{at:%y%m}.{number % 100_000:05d}",
            at=at.isoformat(),
            title=self._prose(topic, 60, 110).title(),
            abstract=self._prose(topic, 1_000, 1_600) + ".",
            summary=self._japanese_prose(200, 400),
            authors=tuple(self._name() for _ in range(random.randint(1, 8))),
            tags=tags,
            comments=comments,
        )

    def _drawn_tags(self, count: int) -> tuple[str, ...]:
        drawn: dict[str, None] = {}
        while len(drawn) < count:
            drawn[self._random.choices(self._tags, cum_weights=self._tag_weights)[0]] = None
        return tuple(drawn)

    def _comment(self, topic: Sequence[str]) -> str:
        random = self._random
        text = self._japanese_prose(60, 400) if random.random() < 0.7 else self._prose(topic, 80, 400)
        if random.random() < 0.15:
            text = f"# {self._prose(topic, 10, 30)}\n{text}"
        if random.random() < 0.10:
            text += f'\n- <b>{self._prose(topic, 5, 20)}</b> & "more"'
            text += f"\n- see https://example.org/a?b={random.randint(1, 999)}&c=1"
        return text

    def _prose(self, topic: Sequence[str], shortest: int, longest: int) -> str:
        random = self._random
        words = random.choices(self._english, cum_weights=self._english_weights, k=longest // 4)
        wanted = random.randint(shortest, longest)
        length, chosen = -1, []
        for word in words:
            word = random.choice(topic) if random.random() < 0.22 else word
            length += len(word) + 1
            if length > wanted:
                break
            chosen.append(word)
        return " ".join(chosen)

    def _japanese_prose(self, shortest: int, longest: int) -> str:
        random = self._random
        wanted = random.randint(shortest, longest)
        pieces: list[str] = []
        length = 0
        for turn, word in enumerate(
            random.choices(self._japanese, cum_weights=self._japanese_weights, k=longest // 3)
        ):
            shown = random.choice(_WORDS["latin"]) if random.random() < 0.08 else word
            piece = shown + (
                random.choice(_WORDS["sentence_ends"]) if turn % 7 == 6 else random.choice(_WORDS["between"])
            )
            length += len(piece)
            if length > wanted:
                break
            pieces.append(piece)
        return "".join(pieces)

    def _made_word(self) -> str:
        random = self._random
        middle = "".join(
            random.choice(_WORDS["onsets"]) + random.choice(_WORDS["vowels"]) for _ in range(random.randint(1, 3))
        )
        return middle + random.choice(_WORDS["ends"])

    def _first_name(self) -> str:
        return self._random.choice(_WORDS["first_halves"]) + self._random.choice(_WORDS["second_halves"])

    def _name(self) -> str:
        return f"{self._first_name()} {self._made_word().capitalize()}"
