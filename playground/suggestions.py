"""Typing into external selects: the app is asked for options, its answer is checked and remembered.

Source: docs.slack.dev/reference/block-kit/block-elements (select menu of external data source) and
docs.slack.dev/reference/interaction-payloads/block_suggestion-payload.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator

from playground.asking import Asking
from playground.elements import GROUPS, OPTION
from playground.inputs import find_element
from playground.records import Json, SlackError
from playground.review import review_options
from playground.shapes import items, reason
from playground.stage import Stage

MIN_QUERY = 3  # docs: min_query_length, "the default value is 3"
MAX_KEPT = 1000
EXTERNAL = ("external_select", "multi_external_select")
_OPTIONS = items(OPTION, 100, smallest=0)

Place = tuple[str, str, str, str]


class Suggestions:
    """Asks the app, and keeps what it offered: a person can choose nothing else."""

    def __init__(self, stage: Stage, asking: Asking) -> None:
        self._stage = stage
        self._asking = asking
        self._offered: OrderedDict[Place, dict[str, Json]] = OrderedDict()

    async def suggest(self, user_id: str, surface: str, blocks: list[Json], where: Json, what: Json) -> Json:
        """Type `what["value"]` into an external select; return the app's options or option_groups.

        `surface` is the id of the view or message, `where` what the payload says of it. Below
        min_query_length the app is not asked and `asked` is false.
        """
        words = (str(what.get(key) or "") for key in ("action_id", "block_id", "text"))
        block, element = find_element(blocks, *words)
        if element["type"] not in EXTERNAL:
            raise SlackError("invalid_arguments", detail=f"{element['type']} does not ask the app for options")
        query = str(what.get("value") or "")
        if len(query) < element.get("min_query_length", MIN_QUERY):
            return {"asked": False}
        payload = self._asking.payload("block_suggestion", user_id) | where
        payload |= {"action_id": element["action_id"], "block_id": block["block_id"], "value": query}
        del payload["trigger_id"]
        answer = await self._asking.ask(payload)
        problems = list(_wrong(answer))
        if problems:
            self._stage.complaints.add("block_suggestion", *problems)
            raise SlackError("invalid_options", response_metadata={"messages": problems})
        review_options(self._stage, "block_suggestion", answer)
        offer: Json = {key: answer[key] for key in ("options", "option_groups") if key in answer}
        self._remember((user_id, surface, block["block_id"], element["action_id"]), offer)
        return {"asked": True, **offer}

    def _remember(self, place: Place, offer: Json) -> None:
        options = list(offer.get("options", []))
        for group in offer.get("option_groups", []):
            options.extend(group["options"])
        known = self._offered.setdefault(place, {})
        known.update({option["value"]: option for option in options})
        self._offered.move_to_end(place)
        while len(self._offered) > MAX_KEPT:
            self._offered.popitem(last=False)

    def known(self, user_id: str, surface: str, blocks: list[Json]) -> list[Json]:
        """Return the blocks with what was offered to this person as options of the external selects."""

        def element(block: Json, one: Json) -> Json:
            if one.get("type") not in EXTERNAL:
                return one
            place = (user_id, surface, block["block_id"], one["action_id"])
            return one | {"options": list(self._offered.get(place, {}).values())}

        return [_with_elements(block, element) for block in blocks]


def _with_elements(block: Json, change: Callable[[Json, Json], Json]) -> Json:
    made = dict(block)
    for key in ("element", "accessory"):
        if isinstance(block.get(key), dict):
            made[key] = change(block, block[key])
    if block["type"] == "actions":
        made["elements"] = [change(block, one) for one in block["elements"]]
    return made


def _wrong(answer: Json) -> Iterator[str]:
    """Yield what is wrong with an answer to block_suggestion."""
    given = [key for key in ("options", "option_groups") if key in answer]
    if len(given) != 1 or set(answer) - set(given):
        yield reason("must provide exactly one of: options, option_groups", "")
    elif given == ["options"]:
        yield from _OPTIONS(answer["options"], "/options")
    elif answer["option_groups"]:
        yield from GROUPS(answer["option_groups"], "/option_groups")
