"""The ledger of a soak: what was expected, what was found, and the difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    """One promise in figures. `lost` and `too_many` name what is the matter."""

    what: str
    expected: int
    found: int
    lost: tuple[str, ...] = ()
    too_many: tuple[str, ...] = ()

    @property
    def balanced(self) -> bool:
        """Whether nothing is lost and nothing is there twice."""
        return not self.lost and not self.too_many


@dataclass(slots=True)
class Ledger:
    """The lines of a run, and the facts beside them that promise nothing."""

    title: str
    lines: list[Line] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)

    @property
    def balanced(self) -> bool:
        """Whether there is no difference anywhere."""
        return all(line.balanced for line in self.lines)

    def compare(self, what: str, expected: Collection[Hashable], found: Iterable[Hashable]) -> None:
        """Each of these once, and nothing else."""
        wanted, there = Counter(expected), Counter(found)
        lost, too_many = wanted - there, there - wanted
        self.lines.append(
            Line(what, wanted.total(), there.total(), _names(lost.elements()), _names(too_many.elements()))
        )

    def none(self, what: str, found: Iterable[Hashable]) -> None:
        """There must be none of these."""
        self.compare(what, (), found)

    def count(self, what: str, expected: int, found: int) -> None:
        """As many as these."""
        lost, too_many = max(0, expected - found), max(0, found - expected)
        self.lines.append(Line(what, expected, found, ("",) * lost, ("",) * too_many))

    def fact(self, text: str) -> None:
        """Something worth knowing that is no promise."""
        self.facts.append(text)

    def text(self) -> str:
        """The ledger as it is printed."""
        wide = max(len(line.what) for line in self.lines) + 2
        rows = [self.title, f"{'':{wide}}{'expected':>9}{'found':>9}{'lost':>7}{'too many':>10}"]
        for line in self.lines:
            row = f"{line.what:{wide}}{line.expected:9}{line.found:9}{len(line.lost):7}{len(line.too_many):10}"
            rows.append(row)
            rows += [f"    lost: {name}" for name in line.lost[:5] if name]
            rows += [f"    too many: {name}" for name in line.too_many[:5] if name]
        rows += [f"  {fact}" for fact in self.facts]
        rows.append("No difference." if self.balanced else "DIFFERENT.")
        return "\n".join(rows)


def _names(things: Iterable[Hashable]) -> tuple[str, ...]:
    return tuple(" ".join(map(str, one)) if isinstance(one, tuple) else str(one) for one in things)
