"""What is typed for each verb of the registry, drawn from the notes that are there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from bench.events.requests import CHANNEL
from bench.large.plan import Plan, Planned
from bench.large.stocking import arxiv_id


class Asking:
    """Draws what the people of the largest workspace type. Each call types something else, where it can."""

    def __init__(self, plan: Plan, random: Random) -> None:
        self._random = random
        team = plan.teams[0]
        self.notes = [note for note in plan.notes if note.team is team and note.channel != team.channels[-1]]
        self.around = [note for note in self.notes if note.channel == CHANNEL]
        self._tags = team.tags
        self._people = team.members
        self._words = sorted({word for text in plan.texts for word in text.abstract.split() if len(word) > 3})
        self._new = 0
        self.by_verb: Mapping[str, Callable[[], str]] = {
            "add": lambda: f"add {self.unknown()}",
            "tag": lambda: f"tag {self.paper()} {self._tag()}, {self._tag()}",
            "untag": lambda: f"untag {self._untagged()}",
            "tags": lambda: "tags",
            "tidy": self._tidied,
            "comment": lambda: f"comment {self.paper()} See {self._word()} in their table {random.randint(1, 9)}.",
            "reading": lambda: f"reading {self.paper()}",
            "read": lambda: f"read {self.paper()}",
            "unread": lambda: f"unread {self.paper()}",
            "emoji": lambda: f"emoji :eyes: tag {self._tag()}",
            "show": lambda: f"show {self.paper()}",
            "related": lambda: f"related {self.paper()}",
            "list": lambda: f"list {random.choice(['', self._tag(), 'reading', 'read', 'unread'])}",
            "search": lambda: f"search {random.choice(['', 'sort:best '])}{self._word()}",
            "digest": lambda: "digest list",
            "agenda": lambda: "agenda",
            "follow": lambda: f"follow {self._tag()}",
            "unfollow": lambda: f"unfollow {self._tag()}",
            "undo": lambda: "undo",
            "backfill": lambda: "backfill stop",
            "settings": lambda: random.choice(["settings", "settings language ja", "settings language en"]),
            "forget": lambda: "forget",
            "publish": lambda: "publish",
            "menu": lambda: f"menu {self.paper()}",
            "help": lambda: "help",
        }

    def unknown(self) -> str:
        """The id of a paper that nobody has noted."""
        self._new += 1
        return f"2309.{self._new:05}"

    def paper(self) -> str:
        """The id of a paper of a note that everybody sees."""
        return arxiv_id(self.note().paper)

    def note(self) -> Planned:
        """A note that everybody sees."""
        return self._random.choice(self.notes)

    def here(self) -> Planned:
        """A note that was shared in the channel where things are typed."""
        return self._random.choice(self.around)

    def _untagged(self) -> str:
        note = self.note()
        return f"{arxiv_id(note.paper)} {self._tags[note.tags[0]]}"

    def _tidied(self) -> str:
        tag = self._tag()
        way = self._random.choice(["alias", "describe", "group"])
        if way == "alias":
            return f"tidy alias {self._word()}, {tag}"
        if way == "describe":
            return f"tidy describe {tag}: {self._word()}"
        return f"tidy group {self._word()}: {tag}"

    def _tag(self) -> str:
        return self._random.choice(self._tags)

    def _word(self) -> str:
        return self._random.choice(self._words)
