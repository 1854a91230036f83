"""Who noted which paper where and when, and who said how much of it: drawn once, the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from random import Random

from bench.large.teams import PRIVATE, Team, teams, turns
from bench.publish.content import DAYS, SEED, MadeNote, made

PAPERS_TO_NOTES = 0.6
"""So many papers to a note: some are noted by many workspaces."""

_KNOWN_TO_MANY, _POPULAR = 0.3, 0.02  # of the notes so many are on so many of the papers
_TEXTS = 4_000
_STEEP, _MOST_COMMENTS, _MOST_TAGS = 1.3, 300, 5
_SHORTEST, _LONGEST = 15, 60  # characters of a comment: people answer shortly in threads
_KEPT = 1_000
_FIRST = 1_500_000_000


@dataclass(frozen=True, slots=True)
class Planned:
    """A note to be made; `paper` counts from 1, and so do the tags, which are numbers among its team's."""

    id: int
    team: Team
    paper: int
    channel: str
    member: str
    at: datetime
    tags: tuple[int, ...]
    comments: int

    @property
    def ts(self) -> str:
        """The time stamp of the message that shared it."""
        return self.stamp(0)

    def stamp(self, number: int) -> str:
        """The time stamp of a message of its thread."""
        return f"{_FIRST + self.id}.{number:06}"


class Plan:
    """A large database as it is to be: about `comments` comments, exactly `notes` notes."""

    def __init__(self, notes: int, comments: int, workspaces: int, end: datetime) -> None:
        largest = teams(notes, workspaces, [])[0].notes
        self.papers = max(int(notes * PAPERS_TO_NOTES), largest * 2)
        self.texts: list[MadeNote] = list(made(min(_TEXTS, self.papers)))
        self.begin = end - timedelta(days=DAYS)
        self.end = end
        self._random = Random(SEED)
        names = sorted({tag for text in self.texts for tag in text.tags})
        self.teams = teams(notes, workspaces, names)
        self._said = [text[:_LONGEST] for text in (c.text for one in self.texts for c in one.comments)]
        self.notes = list(self._notes(notes, comments))

    def text(self, paper: int) -> MadeNote:
        """What a paper says; its title is to be told apart by `title`."""
        return self.texts[paper % len(self.texts)]

    def title(self, paper: int) -> str:
        """The paper's title, which no other has."""
        return f"{self.text(paper).title} {paper // len(self.texts) + 1}"

    def comment(self, note: Planned, number: int) -> str:
        """What somebody said of a note, shortly."""
        said = self._said[(note.id * 31 + number * 17) % len(self._said)]
        return said[: _SHORTEST + (note.id + number * 7) % (_LONGEST - _SHORTEST)]

    def _notes(self, notes: int, comments: int) -> Iterator[Planned]:
        random = self._random
        weights = [min(random.paretovariate(_STEEP), _MOST_COMMENTS) for _ in range(notes)]
        each, done, seen = comments / sum(weights), 0.0, 0
        noted: set[tuple[str, int]] = set()
        for number, team in enumerate(turns(self.teams, random), start=1):
            done += weights[number - 1] * each
            said, seen = int(done) - seen, int(done)
            private = random.random() < PRIVATE
            yield Planned(
                number,
                team,
                self._paper(team, noted),
                team.channels[-1] if private else self._early(team.channels[:-1]),
                self._early(team.members),
                self.begin + (self.end - self.begin) * (number / (notes + 1)),
                self._tags(len(team.tags)),
                said,
            )

    def _paper(self, team: Team, noted: set[tuple[str, int]]) -> int:
        """One that the team has not noted yet."""
        while True:
            popular = self._random.random() < _KNOWN_TO_MANY
            most = max(1, int(self.papers * _POPULAR)) if popular else self.papers
            paper = self._random.randint(1, most)
            if (team.id, paper) not in noted:
                noted.add((team.id, paper))
                return paper

    def _early(self, some: tuple[str, ...]) -> str:
        """The first ones more often than the last."""
        return some[int(len(some) * self._random.random() ** 2)]

    def _tags(self, known: int) -> tuple[int, ...]:
        count = min(known, self._random.randint(1, _MOST_TAGS))
        drawn: dict[int, None] = {}
        while len(drawn) < count:
            drawn[self._random.choices(range(known), cum_weights=_weights(known))[0]] = None
        return tuple(drawn)


@lru_cache(maxsize=_KEPT)
def _weights(known: int) -> list[float]:
    return list(accumulate(1 / (rank + 1) for rank in range(known)))
