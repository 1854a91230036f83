"""What a person does in modals and in the app's Home: clicking, filling in, submitting, closing, opening."""

from collections.abc import Iterator

from playground.asking import Asking, view_container
from playground.choices import act_in, check_chosen
from playground.inputs import elements_of, state_errors, state_of
from playground.payload_checks import check_view
from playground.records import Json, SlackError
from playground.responses import Responses
from playground.review import review_view
from playground.shapes import reason
from playground.stage import Stage
from playground.suggestions import Suggestions

TABS = ("home", "messages")


class Surfaces:
    """The deeds of members in views. Each method takes the acting member's id first."""

    def __init__(self, stage: Stage, responses: Responses, asking: Asking, suggestions: Suggestions) -> None:
        self._stage = stage
        self._responses = responses
        self._asking = asking
        self._suggestions = suggestions

    def _view(self, user_id: str, view_id: str) -> Json:
        home = self._stage.workspace.homes.get(user_id)
        if view_id == "home" or (home is not None and home["id"] == view_id):
            if home is None or not self._stage.workspace.app.home_tab:
                raise SlackError("not_found")
            return home
        stack = self._stage.views.stack(user_id)
        view = next((v for v in reversed(stack) if view_id in ("", v["id"])), None)
        if view is None:
            raise SlackError("not_found")
        return view

    def _state(self, user_id: str, view: Json, given: Json) -> Json:
        blocks = self._suggestions.known(user_id, view["id"], view["blocks"])
        values = state_of(blocks, view["state"]["values"], given)
        check_chosen(self._stage.workspace, user_id, values)
        return values

    async def click(self, user_id: str, view_id: str, what: Json, given: Json) -> Json:
        """Click or choose in an open modal or in the Home tab."""
        view = self._view(user_id, view_id)
        blocks = self._suggestions.known(user_id, view["id"], view["blocks"])
        action, chosen = act_in(blocks, what, self._stage.workspace.new_ts())
        check_chosen(self._stage.workspace, user_id, chosen)
        values = self._state(user_id, view, given)
        for block_id, actions in chosen.items():
            values[block_id] = values.get(block_id, {}) | actions
        view = self._stage.views.keep_state(view["id"], values)
        payload = self._asking.payload("block_actions", user_id, view["id"])
        await self._asking.ask(payload | {"container": view_container(view), "view": view, "actions": [action]})
        return {"action": action}

    async def suggest(self, user_id: str, view_id: str, what: Json) -> Json:
        """Type into an external select of a view; return the options that the app offers."""
        view = self._view(user_id, view_id)
        where = {"container": view_container(view), "view": view}
        return await self._suggestions.suggest(user_id, view["id"], view["blocks"], where, what)

    async def submit(self, user_id: str, view_id: str, given: Json) -> Json:
        """Fill in and submit a modal; the app may answer with errors, another view, or close all."""
        view = self._view(user_id, view_id)
        if view["type"] != "modal":
            raise SlackError("not_found")
        state = self._state(user_id, view, given)
        view = self._stage.views.keep_state(view["id"], state)
        errors = state_errors(view, state)
        if errors:
            self._stage.views.set_errors(view["id"], errors)
            return {"response_action": "errors", "errors": errors}
        self._stage.views.set_errors(view["id"], {})
        payload = self._asking.payload("view_submission", user_id, view["id"])
        answer = await self._asking.ask(payload | {"view": view, "response_urls": self._addresses(user_id, view)})
        try:
            return self._after_submit(user_id, view, answer)
        except SlackError as refusal:
            self._stage.complaints.refused("view_submission", refusal)
            raise

    def _addresses(self, user_id: str, view: Json) -> list[Json]:
        """docs: modals: response_url_enabled gives a response URL for the chosen conversation."""
        made = []
        for block, element in elements_of(view["blocks"]):
            if block["type"] != "input" or not element.get("response_url_enabled"):
                continue
            state = view["state"]["values"][block["block_id"]][element["action_id"]]
            channel_id = state.get("selected_conversation") or state.get("selected_channel")
            if channel_id:
                name = self._stage.grants.new_address(user_id, channel_id, None, is_ephemeral=False)
                ids = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": channel_id}
                made.append({"response_url": self._responses.url(name), **ids})
        return made

    def _after_submit(self, user_id: str, view: Json, answer: Json) -> Json:
        views, action = self._stage.views, answer.get("response_action")
        if action == "errors":
            problems = list(_wrong_errors(view, answer.get("errors")))
            if problems:
                raise SlackError("invalid_response_action", response_metadata={"messages": problems})
            views.set_errors(view["id"], answer["errors"])
        elif action == "update":
            views.update(view["id"], "", self._answered(answer), "")
        elif action == "push":
            views.push(user_id, self._answered(answer))
        elif action == "clear":
            views.close(user_id, everything=True)
        elif action is None:
            stack = views.stack(user_id)
            if stack and stack[-1]["id"] == view["id"]:
                views.close(user_id, everything=False)
        else:
            raise SlackError("invalid_response_action")
        return {"response_action": action, "errors": answer.get("errors", {})}

    def _answered(self, answer: Json) -> Json:
        view = check_view(answer.get("view"), "modal")
        review_view(self._stage, "view_submission", view)
        return view

    async def close(self, user_id: str, *, everything: bool) -> Json:
        """Close the modal on top, or all; the app hears of it where it has asked to."""
        closed = self._stage.views.close(user_id, everything=everything)
        for view in closed:
            if view["notify_on_close"]:
                payload = self._asking.payload("view_closed", user_id) | {"view": view, "is_cleared": everything}
                del payload["trigger_id"]
                await self._asking.ask(payload)
        return {"closed": [view["id"] for view in closed]}

    def open_home(self, user_id: str, tab: str) -> Json:
        """Look at the app's Home or Messages tab; refuse with `not_enabled` one that the manifest leaves out."""
        if tab not in TABS:
            raise SlackError("invalid_arguments", detail=f"tab is one of {', '.join(TABS)}")
        workspace = self._stage.workspace
        if not (workspace.app.home_tab if tab == "home" else workspace.app.messages_tab):
            raise SlackError("not_enabled")
        view = workspace.homes.get(user_id)
        self._stage.events.home_opened(user_id, workspace.direct(user_id, workspace.bot_user_id), tab, view)
        return {"view": view}


def _wrong_errors(view: Json, errors: object) -> Iterator[str]:
    """docs: modals: `errors` are texts by the block_id of input blocks."""
    if not isinstance(errors, dict) or not errors:
        yield reason("errors must name at least one input block", "/errors")
        return
    known = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    for block_id, text in errors.items():
        if block_id not in known:
            yield reason(f"no input block has this block_id: {block_id}", "/errors")
        if not isinstance(text, str) or not text:
            yield reason("must be a string", f"/errors/{block_id}")
