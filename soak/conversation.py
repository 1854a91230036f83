"""What people say during a soak, made from a seed, and what Fusen must have made of it in the end."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

AIKO, BEN = "aiko", "ben"
PAPERS, GENERAL, LAB, AIKO_DM, BEN_DM = "C0000PAPERS", "C000GENERAL", "C000PRIVATE", "D000000AIKO", "D0000000BEN"
PUBLIC = (PAPERS, GENERAL)
PRIVATE = (LAB, AIKO_DM, BEN_DM)
LAB_NAME = "lab-private"
PROBE = "zanzibar"
"""A word that all private texts hold, so that a search for it would find them."""

_OWN_MONTH = {LAB: "2311", AIKO_DM: "2312", BEN_DM: "2308"}
"""Papers of these months are shared in one private place and nowhere else, and stand in no sentence of Fusen's."""

_PUBLIC_MONTH, _MIXED_MONTH, _TAKEN_BACK_MONTH = "2401", "2402", "2309"
_PEOPLE = {PAPERS: (AIKO, BEN), GENERAL: (AIKO, BEN), LAB: (AIKO,), AIKO_DM: (AIKO,), BEN_DM: (BEN,)}
_TAGS = 12


class Kind(StrEnum):
    """What somebody does."""

    SHARE = "share"
    REPLY = "reply"
    TAG = "tag"
    EDIT = "edit"
    DELETE = "delete"
    CHATTER = "chatter"


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that somebody does. `on` is the number of the deed whose message it answers or changes."""

    kind: Kind
    member: str
    channel: str
    text: str = ""
    on: int = -1
    paper: str = ""


@dataclass(slots=True)
class _Writer:
    """Makes deeds one after the other, and remembers what there is to answer."""

    random: Random
    canaries: dict[str, str]
    deeds: list[Deed] = field(default_factory=list)
    roots: list[int] = field(default_factory=list)
    replies: list[int] = field(default_factory=list)
    taken_back: set[int] = field(default_factory=set)
    numbers: Counter[str] = field(default_factory=Counter)

    def next(self) -> None:
        """Add one deed, by chance."""
        kinds = {self.share: 30, self.again: 12, self.reply: 38, self.tag: 8, self.change: 6, self.chat: 6}
        possible = kinds if self.roots and self.replies else {self.share: 1, self.reply: int(bool(self.roots))}
        (chosen,) = self.random.choices(list(possible), list(possible.values()))
        chosen()

    def _add(self, kind: Kind, member: str, channel: str, text: str = "", on: int = -1, paper: str = "") -> int:
        self.deeds.append(Deed(kind, member, channel, text, on, paper))
        return len(self.deeds) - 1

    def _new_paper(self, month: str) -> str:
        self.numbers[month] += 1
        return f"{month}.{self.numbers[month]:05}"

    def _post(self, channel: str, paper: str) -> int:
        member = self.random.choice(_PEOPLE[channel])
        return self._add(
            Kind.SHARE, member, channel, f"https://arxiv.org/abs/{paper}{self._aside(channel)}", paper=paper
        )

    def _aside(self, channel: str) -> str:
        return f" {PROBE} {self.canaries[channel]}" if channel in PRIVATE else ""

    def share(self) -> None:
        """Somebody pastes a paper that is new."""
        channel = self.random.choices((*PUBLIC, *PRIVATE), (8, 4, 3, 1, 1))[0]
        if channel in PUBLIC and self.random.random() < 0.06:
            root = self._post(channel, self._new_paper(_TAKEN_BACK_MONTH))
            self.taken_back.add(root)
        elif channel in PRIVATE and self.random.random() < 0.25:
            self.roots.append(self._post(channel, self._new_paper(_MIXED_MONTH)))
        else:
            month = _PUBLIC_MONTH if channel in PUBLIC else _OWN_MONTH[channel]
            self.roots.append(self._post(channel, self._new_paper(month)))

    def again(self) -> None:
        """Somebody pastes a paper that was shared before; what was private stays where it was."""
        before = self.deeds[self.random.choice(self.roots)]
        private = before.paper.startswith(tuple(_OWN_MONTH.values()))
        channel = before.channel if private else self.random.choice(PUBLIC)
        self.roots.append(self._post(channel, before.paper))

    def reply(self) -> None:
        """Somebody says something in a thread."""
        # What is talked about is mostly new.
        root = self.random.choice(self.roots[-40:] if self.random.random() < 0.8 else self.roots)
        channel = self.deeds[root].channel
        number = len(self.deeds)
        text = f"remark {number} on it{self._aside(channel)}"
        self.replies.append(self._add(Kind.REPLY, self.random.choice(_PEOPLE[channel]), channel, text, root))

    def tag(self) -> None:
        """Somebody tags a paper in its thread."""
        root = self.random.choice(self.roots)
        channel, number = self.deeds[root].channel, self.random.randrange(_TAGS)
        name = f"soak-{number}" if channel in PUBLIC else f"{self.canaries[channel]}-{number}"
        self._add(Kind.TAG, self.random.choice(_PEOPLE[channel]), channel, f"@fusen tag {name}", root)

    def change(self) -> None:
        """Somebody edits or deletes what they said, or takes a share back."""
        if self.taken_back and self.random.random() < 0.3:
            root = self.taken_back.pop()
            deed = self.deeds[root]
            self._add(Kind.DELETE, deed.member, deed.channel, on=root)
            return
        if self.random.random() < 0.3:
            root = self.random.choice(self.roots)
            deed = self.deeds[root]
            words = f"{deed.text} and look at page {len(self.deeds)}"
            self._add(Kind.EDIT, deed.member, deed.channel, words, root)
            return
        reply = self.replies.pop(self.random.randrange(len(self.replies)))
        deed = self.deeds[reply]
        if self.random.random() < 0.5:
            self._add(Kind.DELETE, deed.member, deed.channel, on=reply)
        else:
            self._add(Kind.EDIT, deed.member, deed.channel, f"{deed.text}, on second thoughts", reply)

    def chat(self) -> None:
        """Somebody says what is nobody's business."""
        channel = self.random.choice((*PUBLIC, LAB))
        member = self.random.choice(_PEOPLE[channel])
        self._add(Kind.CHATTER, member, channel, f"see you at {len(self.deeds)}{self._aside(channel)}")


@dataclass(frozen=True, slots=True)
class Conversation:
    """All deeds in their order, and the canary of each private place: what must never be seen outside it."""

    deeds: tuple[Deed, ...]
    canaries: dict[str, str]

    def forbidden(self, place: str) -> re.Pattern[str]:
        """What must not be read in a place; the empty place is everywhere and nowhere, such as a page."""
        elsewhere = [private for private in PRIVATE if private != place]
        said = [re.escape(self.canaries[private]) for private in elsewhere]
        papers = rf"\b(?:{'|'.join(_OWN_MONTH[private] for private in elsewhere)})\.\d{{5}}"
        named = [LAB_NAME] if LAB in elsewhere else []
        return re.compile("|".join((*said, papers, *named)))


def conversation(seed: int, events: int) -> Conversation:
    """The conversation of a seed: the same seed and number, the same words."""
    random = Random(seed)
    canaries = {
        place: f"canary-{name}-{random.randrange(16**8):08x}"
        for place, name in zip(PRIVATE, ("lab", "aiko", "ben"), strict=True)
    }
    writer = _Writer(random, canaries)
    while len(writer.deeds) < events:
        writer.next()
    return Conversation(tuple(writer.deeds), canaries)


@dataclass(frozen=True, slots=True)
class Expected:
    """What must stand in the end.

    Each share is a channel, a time stamp and a paper; each comment a channel, a time stamp and a text; each tag a
    paper, a key and a channel. `answered` are the threads that must hold one card or seen line; `free` those of
    shares that were taken back, which may hold none; so may `notes` lack what was `taken_back`. `simple` are the
    papers that get one card and no second.
    """

    notes: frozenset[str]
    shares: frozenset[tuple[str, str, str]]
    comments: frozenset[tuple[str, str, str]]
    tags: frozenset[tuple[str, str, str]]
    answered: frozenset[tuple[str, str]]
    free: frozenset[tuple[str, str]]
    taken_back: frozenset[str]
    simple: frozenset[str]
    stored: int
    published: frozenset[str]
    unpublished: frozenset[str]


def expected(deeds: Sequence[Deed], stamps: Sequence[str]) -> Expected:
    """What must come of the deeds that were done; `stamps` are the time stamps of their messages."""
    done = deeds[: len(stamps)]
    gone = {deed.on for deed in done if deed.kind is Kind.DELETE}
    texts = {deed.on: deed.text for deed in done if deed.kind is Kind.EDIT}
    shares = [(number, deed) for number, deed in enumerate(done) if deed.kind is Kind.SHARE]
    standing = [(number, deed) for number, deed in shares if number not in gone]
    comments = [(n, deed) for n, deed in enumerate(done) if deed.kind is Kind.REPLY and n not in gone]
    papers = {deed.paper for _, deed in shares}
    public = {deed.paper for _, deed in standing if deed.channel in PUBLIC}
    return Expected(
        notes=frozenset(deed.paper for _, deed in standing),
        shares=frozenset((deed.channel, stamps[n], deed.paper) for n, deed in standing),
        comments=frozenset((deed.channel, stamps[n], texts.get(n, deed.text)) for n, deed in comments),
        tags=frozenset(
            (done[deed.on].paper, deed.text.rpartition(" ")[2], deed.channel)
            for deed in done
            if deed.kind is Kind.TAG
        ),
        answered=frozenset((deed.channel, stamps[n]) for n, deed in standing),
        free=frozenset((deed.channel, stamps[n]) for n, deed in shares if n in gone),
        taken_back=frozenset(deed.paper for n, deed in shares if n in gone),
        simple=frozenset(p for p in papers if not p.startswith((_MIXED_MONTH, _TAKEN_BACK_MONTH))),
        stored=sum(deed.kind is not Kind.CHATTER for deed in done),
        published=frozenset((*public, *_shown(comments, texts))),
        unpublished=frozenset(papers - public),
    )


def _shown(comments: Sequence[tuple[int, Deed]], texts: dict[int, str]) -> Iterator[str]:
    for number, deed in comments:
        if deed.channel in PUBLIC:
            yield texts.get(number, deed.text)
