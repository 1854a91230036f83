"""What is remembered of all notes between builds: each in brief, where it stands in time, and under which tags."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo
from itertools import permutations

from papers.brief import Brief, Fallen, Person
from papers.kinship import Kinship
from papers.note import Tag
from publishing.parts import Place

FEED_LENGTH = 50
"""How many notes a feed holds."""

_TOGETHER = 20
"""Of so many of a note's tags is counted how often they stand together."""


class Catalogue:
    """All notes of a site, in brief. Lists are oldest first, by (day, moment, id)."""

    def __init__(self, briefs: Iterable[Brief], where: tzinfo, fallen: Iterable[Fallen] = ()) -> None:
        known = {brief.note_id: brief for brief in briefs}
        self._where = where
        self._briefs = known
        self._places = {note_id: self._placed(brief) for note_id, brief in known.items()}
        self.places: list[Place] = sorted(self._places.values())
        self.kinship = Kinship(known.values())
        self._tags: dict[str, list[Place]] = {}
        self._people: dict[str, list[Place]] = {}
        for place in self.places:
            for shelf, key in self._shelves(known[place.note_id]):
                shelf.setdefault(key, []).append(place)
        self._hot = sorted(map(_hot, known.values()))
        self._together: dict[str, Counter[str]] = {}
        self._images: Counter[str] = Counter()
        for brief in known.values():
            self._put_together(brief, 1)
            self._images.update(brief.images)
        self._months: list[str] = []
        self.left_out: set[int] = set()  # notes that cannot be rendered
        self.fallen: dict[int, Fallen] = {}
        self._fallen_tags: Counter[str] = Counter()
        for one in fallen:
            self.fall(one.note_id, one)

    def __len__(self) -> int:
        return len(self.places)

    @property
    def keys(self) -> list[str]:
        """The folded keys of all tags, sorted."""
        return sorted(self._tags)

    def brief(self, note_id: int) -> Brief | None:
        """The note in brief, or None if it is not on the site."""
        return self._briefs.get(note_id)

    @property
    def months(self) -> Sequence[str]:
        """The months in which papers were noted, such as `2024-03`, oldest first."""
        if not self._months:
            start = 0
            while start < len(self.places):
                self._months.append(self.places[start].day[:7])
                start = bisect_left(self.places, (f"{self._months[-1]}~",))
        return self._months

    def in_month(self, month: str) -> Sequence[Place]:
        """Where the notes of a month stand."""
        return self.places[bisect_left(self.places, (month,)) : bisect_left(self.places, (f"{month}~",))]

    def of_month(self, month: str) -> list[Brief]:
        """The notes of a month in brief."""
        return [self._briefs[place.note_id] for place in self.in_month(month)]

    def place(self, note_id: int) -> Place:
        """Where a note of the site stands."""
        return self._places[note_id]

    def tagged(self, key: str) -> Sequence[Place]:
        """Where the notes of a tag stand; none if no note carries it."""
        return self._tags.get(key, ())

    def alone(self, brief: Brief) -> tuple[str, ...]:
        """The keys of the tags that this note alone carries."""
        return tuple(tag.key for tag in brief.tags if len(self._tags[tag.key]) == 1)

    def tag(self, key: str) -> Tag:
        """A tag that notes carry, by the name that the newest of them knows it by."""
        newest = self._briefs[self._tags[key][-1].note_id]
        return next(tag for tag in newest.tags if tag.key == key)

    @property
    def feeds(self) -> list[str]:
        """What the feeds of people are called, sorted."""
        return sorted(self._people)

    def of_person(self, feed: str) -> Sequence[Place]:
        """Where the notes stand that the person of this feed shared or commented on; none if there is none."""
        return self._people.get(feed, ())

    def person(self, feed: str) -> Person:
        """The person of a feed that has notes, by the name that the newest of them tells."""
        newest = self._briefs[self._people[feed][-1].note_id]
        return next(person for person in newest.people if person.feed == feed)

    def hottest(self, most: int) -> list[Brief]:
        """The notes with most attention, the first with the most."""
        return [self._briefs[note_id] for _, note_id in self._hot[: -most - 1 : -1]]

    def together(self, key: str) -> Mapping[str, int]:
        """The tags that stand together with this one, by their keys, and on how many notes."""
        return self._together.get(key, {})

    def related(self, key: str, most: int) -> list[tuple[Tag, int]]:
        """The tags that most often stand together with this one, and on how many notes."""
        together = self._together.get(key, Counter())
        often = sorted(together.items(), key=lambda one: (-one[1], one[0]))[:most]
        return [(self.tag(other), count) for other, count in often]

    @property
    def images(self) -> list[str]:
        """The names of all images that notes show, sorted."""
        return sorted(self._images)

    def shows(self, image: str) -> bool:
        """Whether a note shows the image of this name."""
        return image in self._images

    @property
    def fallen_tags(self) -> list[str]:
        """The keys of tags that stood on the pages, and that no note there carries any more, sorted."""
        return sorted(key for key in self._fallen_tags if key not in self._tags)

    def has_fallen(self, key: str) -> bool:
        """Whether the tag stood on the pages, and no note there carries it any more."""
        return key in self._fallen_tags and key not in self._tags

    def fall(self, note_id: int, now: Fallen | None) -> None:
        """The note stands on the pages no longer from now on; or it does again, or never did."""
        before = self.fallen.pop(note_id, None)
        if before:
            self._fallen_tags.subtract(before.tags)
            self._fallen_tags = +self._fallen_tags
        if now:
            self.fallen[note_id] = now
            self._fallen_tags.update(now.tags)

    def is_in_feeds(self, note_id: int) -> bool:
        """Whether the note is among the newest of all, of one of its tags, or of one of its people."""
        shelves = (self.places, *(shelf[key] for shelf, key in self._shelves(self._briefs[note_id])))
        return any(self.is_in_feed(note_id, shelf) for shelf in shelves)

    def is_in_feed(self, note_id: int, shelf: Sequence[Place]) -> bool:
        """Whether the note is among the newest of those on this shelf, one of which it is."""
        return self._places[note_id] >= shelf[-FEED_LENGTH:][0]

    def is_hot(self, note_id: int, most: int) -> bool:
        """Whether the note is among so many that got most attention."""
        return _hot(self._briefs[note_id]) >= self._hot[-most:][0]

    def change(self, note_id: int, now: Brief | None) -> set[int]:
        """The note is this from now on, or off the site. Returns the notes whose related notes may be others."""
        self._months = []
        before = self._briefs.pop(note_id, None)
        if before:
            place = self._places.pop(note_id)
            _remove(self.places, place)
            del self._hot[bisect_left(self._hot, _hot(before))]
            self._put_together(before, -1)
            self._count_images(before, -1)
            for shelf, key in self._shelves(before):
                _remove(shelf[key], place)
                if not shelf[key]:
                    del shelf[key]
        if now:
            self._briefs[note_id] = now
            self._places[note_id] = place = self._placed(now)
            insort(self.places, place)
            insort(self._hot, _hot(now))
            self._put_together(now, 1)
            self._count_images(now, 1)
            for shelf, key in self._shelves(now):
                insort(shelf.setdefault(key, []), place)
        return self.kinship.change(note_id, now)

    def _shelves(self, brief: Brief) -> Iterator[tuple[dict[str, list[Place]], str]]:
        """Where the note belongs: under its tags and its people."""
        yield from ((self._tags, tag.key) for tag in brief.tags)
        yield from ((self._people, person.feed) for person in brief.people)

    def _count_images(self, brief: Brief, times: int) -> None:
        for name in brief.images:
            self._images[name] += times
            if not self._images[name]:
                del self._images[name]

    def _put_together(self, brief: Brief, times: int) -> None:
        for one, other in permutations((tag.key for tag in brief.tags[:_TOGETHER]), 2):
            counted = self._together.setdefault(one, Counter())
            counted[other] += times
            if not counted[other]:
                del counted[other]
            if not counted:
                del self._together[one]

    def _placed(self, brief: Brief) -> Place:
        return Place(brief.noted_at.astimezone(self._where).date().isoformat(), brief.noted_at, brief.note_id)


def _remove(places: list[Place], place: Place) -> None:
    del places[bisect_left(places, place)]


def _hot(brief: Brief) -> tuple[float, int]:
    return brief.attention.heat, brief.note_id
