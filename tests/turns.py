"""What people may do in any order in a few channels, made from a seed, and what may be read where in the end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from random import Random

from house import House, shown, until

from soak.findings import unfinished

REFUSALS = (
    ("conversations.info", "500"),
    ("conversations.info", "429"),
    ("conversations.info", "slow"),
    ("chat.postMessage", "cut"),
    ("chat.postMessage", "500"),
    ("chat.update", "cut"),
    ("chat.update", "500"),
    ("users.info", "500"),
    ("*", "429"),
)


@dataclass(slots=True)
class Place:
    """A channel as it is now: whether it is private or shared with another organization, and Fusen is there."""

    id: str
    name: str
    private: bool
    external: bool = False
    has_fusen: bool = True

    @property
    def is_published(self) -> bool:
        """Whether what people say there is for everybody."""
        return self.has_fusen and not self.private and not self.external


@dataclass(slots=True)
class Share:
    """A pasted paper. `answered`, Fusen was there then and is since."""

    place: Place
    ts: str
    paper: str
    member: str
    heard: bool
    answered: bool
    deleted: bool = False


@dataclass(slots=True)
class Words:
    """What somebody said of a paper: a word that stands nowhere else. Without a `ts` it is no message."""

    share: Share
    word: str
    member: str = ""
    ts: str = ""
    heard: bool = True
    deleted: bool = False

    @property
    def place(self) -> Place:
        """Where it was said: where the paper was shared."""
        return self.share.place

    @property
    def holds(self) -> bool:
        """Whether Fusen must know it: not if it did not hear of the share, or that is gone."""
        return self.heard and not self.deleted and self.share.heard and not self.share.deleted


@dataclass(slots=True)
class Turns:
    """Takes turns by chance, and remembers what came of them."""

    house: House
    seed: int
    random: Random = field(init=False)
    places: list[Place] = field(init=False)
    papers: list[str] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)
    said: list[Words] = field(default_factory=list)
    replaced: list[Words] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.places = [self._made(f"open-{self.seed}", False), self._made(f"closed-{self.seed}", True)]

    def _made(self, name: str, private: bool) -> Place:
        made = self.house.clients["aiko"].conversations_create(name=name, is_private=private)["channel"]
        for guest in ("ben", "fusen"):
            self.house.act("invite", member="aiko", channel=made["id"], user=guest)
        return Place(str(made["id"]), name, private)

    # Turns

    def take(self, number: int) -> None:
        """Take turns, one after the other without a pause, while Slack is late, out of order and refuses."""
        often = {
            self.share: 22,
            self.reply: 22,
            self.comment: 7,
            self.tag: 8,
            self.edit: 8,
            self.delete: 5,
            self.withdraw: 5,
            self.convert: 10,
            self.come_or_go: 7,
            self.connect: 1,
            self.refuse: 9,
        }
        with self._late(3):
            for _ in range(number):
                (turn,) = self.random.choices(list(often), list(often.values()))
                if told := turn():
                    self.taken.append(told)
            until(lambda: not self.house.state()["pending_events"])

    @contextmanager
    def _late(self, seconds: float) -> Iterator[None]:
        self.house.post("misbehave", deliver_up_to=3, seconds=seconds, seed=self.seed)
        yield
        self.house.post("misbehave", reset=True)

    def _say(self, text: str, place: Place, thread: str = "") -> tuple[str, str]:
        member = self.random.choice(("aiko", "ben"))
        told = self.house.act("say", member=member, channel=place.id, text=text, thread_ts=thread)
        return member, str(told["ts"])

    def _word(self) -> str:
        return f"kanari{self.seed}x{len(self.said) + len(self.replaced) + 1}q"

    def _some_share(self) -> Share | None:
        return self.random.choice([one for one in self.shares if not one.deleted] or [None])

    def _some_message(self) -> Words | None:
        messages = [one for one in self.said if one.ts and not one.deleted and one.place.has_fusen]
        return self.random.choice(messages or [None])

    def share(self) -> str:
        place = self.random.choice(self.places)
        if not self.papers or self.random.random() < 0.6:
            self.papers.append(f"24{self.seed % 12 + 1:02}.{self.seed // 12 * 100 + len(self.papers) + 1:05}")
        paper = self.random.choice(self.papers[-1:] if self.random.random() < 0.6 else self.papers)
        member, ts = self._say(f"https://arxiv.org/abs/{paper}", place)
        self.shares.append(Share(place, ts, paper, member, place.has_fusen, place.has_fusen))
        return f"{member} shares {paper} in {place.name}"

    def reply(self) -> str:
        share, word = self._some_share(), self._word()
        if not share:
            return ""
        member, ts = self._say(f"I think {word}", share.place, share.ts)
        self.said.append(Words(share, word, member, ts, share.place.has_fusen))
        return f"{member} says {word} of {share.paper} in {share.place.name}"

    def tag(self) -> str:
        share, word = self._some_share(), self._word()
        if not share:
            return ""
        bot = self.house.state()["app"]["user_id"]
        member, _ = self._say(f"<@{bot}> tag {word}", share.place, share.ts)
        self.said.append(Words(share, word, member, heard=share.place.has_fusen))
        return f"{member} tags {share.paper} {word} in {share.place.name}"

    def comment(self) -> str:
        share, word = self._some_share(), self._word()
        if not share or not share.heard:
            return ""
        member = self.random.choice(("aiko", "ben"))
        answer = self.house.command(f"/note comment {share.paper} {word}", member, share.place.id)
        if "ommented" not in answer and "保存" not in answer:
            return f"{member} is not understood: {answer[:80]}"
        self.said.append(Words(share, word, member))
        return f"{member} comments {word} on {share.paper} in {share.place.name}"

    def edit(self) -> str:
        one, word = self._some_message(), self._word()
        if not one:
            return ""
        self.house.act("edit", member=one.member, channel=one.place.id, ts=one.ts, text=f"No, {word}")
        self.replaced.append(Words(one.share, one.word, deleted=True))
        one.word = word
        return f"{one.member} says {word} instead"

    def delete(self) -> str:
        one = self._some_message()
        if not one:
            return ""
        self.house.act("delete", member=one.member, channel=one.place.id, ts=one.ts)
        one.deleted = True
        return f"{one.member} deletes {one.word}"

    def withdraw(self) -> str:
        share = self._some_share()
        if not share or not share.place.has_fusen:
            return ""
        self.house.act("delete", member=share.member, channel=share.place.id, ts=share.ts)
        share.deleted = True
        return f"{share.member} takes {share.paper} back in {share.place.name}"

    def convert(self) -> str:
        place = self.random.choice(self.places)
        place.private = not place.private
        self.house.act("convert", member="aiko", channel=place.id, private=place.private)
        return f"{place.name} is {'private' if place.private else 'public'}"

    def come_or_go(self) -> str:
        place = self.random.choice(self.places)
        place.has_fusen = not place.has_fusen
        deed = "invite" if place.has_fusen else "kick"
        self.house.act(deed, member="aiko", channel=place.id, user="fusen")
        for share in self.shares:
            share.answered &= share.place is not place
        return f"{deed} in {place.name}"

    def connect(self) -> str:
        place = self.random.choice(self.places)
        place.external = True
        self.house.act("stranger", channel=place.id, name=f"dana-{self.seed}")
        return f"{place.name} is shared with another organization"

    def refuse(self) -> str:
        method, how = self.random.choice(REFUSALS)
        times = self.random.choice((1, 1, 2, 4))
        self.house.post("misbehave", method=method, how=how, times=times, seconds=0.6)
        return f"Slack answers {method} with {how}, {times} times"

    # What came of it

    def differences(self) -> list[str]:
        """What is missing, may not be read where it stands, or was answered wrongly, once all is done."""
        with suppress(AssertionError):
            until(lambda: not unfinished(self.house.database) and not self._on_pages())
        left = [f"{number} {what} are not done" for what, number in unfinished(self.house.database).items()]
        return [*left, *self._on_pages(), *self._in_slack(), *self._answers()]

    def _in_slack(self) -> Iterator[str]:
        for place in self.places:
            told = [self.house.command(f"/note show {paper}", "ben", place.id) for paper in self.papers]
            told += [self.house.command(f"/note search {word.word}", "ben", place.id) for word in self.said[::3]]
            told.append(self.house.command("/note digest", "ben", place.id))
            yield from self._leaked(place.name, "\n".join(told), place)

    def _on_pages(self) -> list[str]:
        site = self.house.site()
        return [*self._leaked("the pages", site, None), *self._missing("the pages", site)]

    def _leaked(self, where: str, text: str, place: Place | None) -> Iterator[str]:
        for one in (*self.said, *self.replaced):
            may_stand = not one.deleted and (one.place.is_published or one.place is place)
            if not may_stand and re.search(rf"{one.word}\b", text, re.I):
                yield f"{one.word} stands on {where}"
        for paper in self.papers:
            places = [share.place for share in self.shares if share.paper == paper]
            if place is None and not any(one.is_published for one in places) and paper in text:
                yield f"{paper} stands on {where}"

    def _missing(self, where: str, text: str) -> Iterator[str]:
        wanted = [one.word for one in self.said if one.place.is_published and one.holds]
        wanted += [one.paper for one in self.shares if one.place.is_published and one.heard and not one.deleted]
        yield from (f"{word} is missing on {where}" for word in wanted if not re.search(rf"{word}\b", text, re.I))

    def _answers(self) -> Iterator[str]:
        for share in self.shares:
            posts = self.house.thread(share.ts, share.place.id)
            cards = [post for post in posts if post.get("bot_id") and share.paper in shown(post)]
            if len(cards) > 1 or (share.answered and not share.deleted and not cards):
                yield f"{len(cards)} answers to {share.paper} in {share.place.name} at {share.ts}"
