"""Modals that are open and Home tabs: stacks, hashes and updates.

Source: docs.slack.dev/surfaces/modals (at most three views in a stack).
"""

import secrets
import time

from playground.blocks import complete
from playground.live import Live
from playground.records import Json, SlackError
from playground.workspace import Workspace

MAX_STACK = 3


class Views:
    """The open modals of each member (not kept over a restart) and the Homes (kept)."""

    def __init__(self, workspace: Workspace, live: Live) -> None:
        self._workspace = workspace
        self._live = live
        self._stacks: dict[str, list[Json]] = {}
        self._errors: dict[str, Json] = {}

    def stack(self, user_id: str) -> list[Json]:
        """Return the member's open modals, the one on top last."""
        return self._stacks.get(user_id, [])

    def errors(self, view_id: str) -> Json:
        """Return the errors under the inputs of a view, by block id."""
        return self._errors.get(view_id, {})

    def find(self, view_id: str) -> tuple[str, Json]:
        """Return the member and the open view with this id; refuse with `not_found`."""
        for user_id, stack in self._stacks.items():
            for view in stack:
                if view["id"] == view_id:
                    return user_id, view
        raise SlackError("not_found")

    def open(self, user_id: str, view: Json) -> Json:
        """Open a modal in place of whatever is open."""
        self._check_external(view, "")
        fresh = self._made(view, None)
        self._stacks[user_id] = [fresh]
        self._tell(user_id)
        return fresh

    def push(self, user_id: str, view: Json) -> Json:
        """Put a modal on top of the open ones."""
        stack = self.stack(user_id)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= MAX_STACK:
            raise SlackError("push_limit_reached")
        self._check_external(view, "")
        fresh = self._made(view, stack[-1])
        stack.append(fresh)
        self._tell(user_id)
        return fresh

    def update(self, view_id: str, external_id: str, view: Json, expected_hash: str) -> Json:
        """Replace an open modal or a published Home; refuse with `not_found` or `hash_conflict`."""
        if not view_id:
            view_id = self._by_external(external_id)
        for home_of, home in self._workspace.homes.items():
            if home["id"] == view_id:
                return self.publish(home_of, view, expected_hash)
        user_id, old = self.find(view_id)
        if expected_hash and expected_hash != old["hash"]:
            raise SlackError("hash_conflict")
        self._check_external(view, view_id)
        kept = {key: old[key] for key in ("id", "root_view_id", "previous_view_id", "state")}
        fresh = self._made(view, None) | kept
        stack = self._stacks[user_id]
        stack[stack.index(old)] = fresh
        self._errors.pop(view_id, None)
        self._tell(user_id)
        return fresh

    def publish(self, user_id: str, view: Json, expected_hash: str) -> Json:
        """Set a member's Home."""
        old = self._workspace.homes.get(user_id)
        if expected_hash and (old is None or expected_hash != old["hash"]):
            raise SlackError("hash_conflict")
        fresh = self._made(view, None)
        if old is not None:
            fresh |= {"id": old["id"], "root_view_id": old["id"], "state": old["state"]}
        self._workspace.save_home(user_id, fresh)
        self._live.tell(user_id, {"type": "home", "view": fresh})
        return fresh

    def set_errors(self, view_id: str, errors: Json) -> None:
        """Show errors under inputs."""
        user_id, _ = self.find(view_id)
        self._errors[view_id] = errors
        self._tell(user_id)

    def keep_state(self, view_id: str, values: Json) -> Json:
        """Remember what a person has filled in; return the view."""
        for home_of, home in self._workspace.homes.items():
            if home["id"] == view_id:
                self._workspace.save_home(home_of, home | {"state": {"values": values}})
                return self._workspace.homes[home_of]
        user_id, view = self.find(view_id)
        fresh = view | {"state": {"values": values}}
        stack = self._stacks[user_id]
        stack[stack.index(view)] = fresh
        return fresh

    def close(self, user_id: str, *, everything: bool) -> list[Json]:
        """Close the top modal or all of them; return the closed ones."""
        stack = self.stack(user_id)
        closed = stack[:] if everything else stack[-1:]
        self._stacks[user_id] = [] if everything else stack[:-1]
        for view in closed:
            self._errors.pop(view["id"], None)
        self._tell(user_id)
        return closed

    def _tell(self, user_id: str) -> None:
        stack = self.stack(user_id)
        view = stack[-1] if stack else None
        self._live.tell(user_id, {"type": "view", "view": view, "errors": self.errors(view["id"]) if view else {}})

    def _by_external(self, external_id: str) -> str:
        for view in [v for stack in self._stacks.values() for v in stack] + list(self._workspace.homes.values()):
            if external_id and view.get("external_id") == external_id:
                return str(view["id"])
        raise SlackError("not_found")

    def _check_external(self, view: Json, own_id: str) -> None:
        external = view.get("external_id")
        taken = (v["id"] for stack in self._stacks.values() for v in stack if v.get("external_id") == external)
        if external and any(view_id != own_id for view_id in taken):
            raise SlackError("duplicate_external_id")

    def _made(self, view: Json, below: Json | None) -> Json:
        view_id = "V" + secrets.token_hex(5).upper()
        bot = self._workspace.bot
        fresh: Json = {
            "id": view_id,
            "team_id": self._workspace.team["id"],
            "type": view["type"],
            "blocks": complete(view["blocks"]),
            "private_metadata": view.get("private_metadata") or "",
            "callback_id": view.get("callback_id") or "",
            "external_id": view.get("external_id") or "",
            "state": {"values": {}},
            "hash": f"{int(time.time())}.{secrets.token_hex(4)}",
            "root_view_id": below["root_view_id"] if below else view_id,
            "previous_view_id": below["id"] if below else None,
            "app_id": bot["app_id"],
            "app_installed_team_id": self._workspace.team["id"],
            "bot_id": bot["id"],
            "clear_on_close": bool(view.get("clear_on_close")),
            "notify_on_close": bool(view.get("notify_on_close")),
        }
        for part in ("title", "submit", "close"):
            text = view.get(part)
            fresh[part] = {"emoji": True} | text if text else None
        return fresh
