"""Small checks that are put together into descriptions of JSON; each yields reasons as Slack words them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from playground.records import Json

Check = Callable[[Any, str], Iterator[str]]


def reason(text: str, where: str) -> str:
    """Word one reason with the place it is about."""
    return f"[ERROR] {text} [json-pointer:{where}]"


def string(longest: int | None = None, shortest: int = 1) -> Check:
    """Return a check for text of `shortest` to `longest` characters."""

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield reason("must be a string", where)
        elif len(value) < shortest:
            yield reason(f"must be more than {shortest - 1} characters", where)
        elif longest is not None and len(value) > longest:
            yield reason(f"must be less than {longest + 1} characters", where)

    return check


def boolean(value: Any, where: str) -> Iterator[str]:
    """Check for true or false."""
    if not isinstance(value, bool):
        yield reason("must be a boolean", where)


def number(smallest: int | None = None, largest: int | None = None) -> Check:
    """Return a check for a whole number in a range."""

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield reason("must be an integer", where)
        elif (smallest is not None and value < smallest) or (largest is not None and value > largest):
            yield reason(f"must be between {smallest} and {largest}", where)

    return check


def choice(*words: str) -> Check:
    """Return a check for one of these words."""

    def check(value: Any, where: str) -> Iterator[str]:
        if value not in words:
            yield reason(f"must be a valid enum value ({', '.join(words)})", where)

    return check


def anything(_value: Any, _where: str) -> Iterator[str]:
    """Accept all."""
    yield from ()


def items(check_one: Check, largest: int | None = None, smallest: int = 1) -> Check:
    """Return a check for a list of `smallest` to `largest` things."""

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield reason("must be an array", where)
            return
        if len(value) < smallest:
            yield reason(f"must have at least {smallest} item{'' if smallest == 1 else 's'}", where)
        if largest is not None and len(value) > largest:
            yield reason(f"no more than {largest} items allowed", where)
            return
        for place, one in enumerate(value):
            yield from check_one(one, f"{where}/{place}")

    return check


def record(
    required: Mapping[str, Check],
    optional: Mapping[str, Check] | None = None,
    any_of: tuple[str, ...] = (),
    only_one: tuple[str, ...] = (),
) -> Check:
    """Return a check for an object with these keys and no others.

    `any_of`: at least one of them must be there. `only_one`: exactly one of them.
    """
    known = dict(required) | dict(optional or {})

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield reason("must be an object", where)
            return
        for name in required:
            if value.get(name) is None:
                yield reason(f"missing required field: {name}", where)
        if any_of and all(value.get(name) is None for name in any_of):
            yield reason(f"must provide one of: {', '.join(any_of)}", where)
        if only_one and sum(value.get(name) is not None for name in only_one) != 1:
            yield reason(f"must provide exactly one of: {', '.join(only_one)}", where)
        for name, inner in value.items():
            if name not in known:
                yield reason(f"invalid additional property: {name}", where)
            elif inner is not None:
                yield from known[name](inner, f"{where}/{name}")

    return check


def by_type(kinds: Mapping[str, Check]) -> Check:
    """Return a check that chooses by the object's `type`."""

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield reason("must be an object", where)
        elif "type" not in value:
            yield reason("missing required field: type", where)
        elif not isinstance(value["type"], str) or value["type"] not in kinds:
            yield reason(f"unsupported type: {value['type']}", f"{where}/type")
        else:
            yield from kinds[value["type"]](value, where)

    return check


def both(*checks: Check) -> Check:
    """Return a check that runs several."""

    def check(value: Any, where: str) -> Iterator[str]:
        for one in checks:
            yield from one(value, where)

    return check


def typed(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, **rules: Any) -> Check:
    """Return `record` for an object that also has a `type` (already looked at)."""
    return record(required, {"type": anything} | dict(optional or {}), **rules)


def walk(value: Any) -> Iterator[Json]:
    """Return every object inside a JSON value."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)
