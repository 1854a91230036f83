"""One click or choice as the app is told of it, and whether the person could choose what they chose."""

from collections.abc import Iterator

from playground.inputs import action_of, find_action
from playground.records import Json, SlackError
from playground.workspace import Workspace

_CHANNELS = ("selected_channel", "selected_channels")
_CONVERSATIONS = ("selected_conversation", "selected_conversations")
_USERS = ("selected_user", "selected_users")


def act_in(blocks: list[Json], what: Json, action_ts: str) -> tuple[Json, Json]:
    """Return the entry of `actions` and the state that the choice makes, {block_id: {action_id: state}}.

    `what` has action_id, block_id or text, and value.
    """
    words = (str(what.get(key) or "") for key in ("action_id", "block_id", "text"))
    block, element = find_action(blocks, *words)
    action = action_of(block, element, what.get("value"), action_ts)
    chosen = {key: value for key, value in action.items() if key.startswith("selected_")}
    if "value" in action and element["type"].endswith("_input"):
        chosen = {"value": action["value"]}
    if not chosen or element["type"] == "overflow":
        return action, {}
    return action, {block["block_id"]: {element["action_id"]: {"type": element["type"], **chosen}}}


def check_chosen(workspace: Workspace, user_id: str, values: Json) -> None:
    """Refuse people and conversations that the person's client would not have offered."""
    for state in (state for actions in values.values() for state in actions.values()):
        for channel_id in _named(state, _CHANNELS):
            if workspace.channel_for(user_id, channel_id).kind != "public":
                raise SlackError("invalid_arguments", detail="channel selects offer public channels only")
        for channel_id in _named(state, _CONVERSATIONS):
            workspace.channel_for(user_id, channel_id)
        for chosen in _named(state, _USERS):
            workspace.user(chosen)


def _named(state: Json, keys: tuple[str, str]) -> Iterator[str]:
    one, many = keys
    if state.get(one):
        yield str(state[one])
    yield from state.get(many) or []
