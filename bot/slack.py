"""Slack out: the few calls that Fusen makes, each bounded in time, with Slack's refusals told apart."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from bot.blocks import Block, Rendered
from bot.slack_trouble import FAILURES, NO_SUCH, SlackTrouble, outcome_of, trouble_of
from bot.slack_wire import client_of
from papers.note import Channel, ChannelKind, Member, Workspace
from papers.settled import Standing
from papers.work import Owed

SECONDS = 10
"""How long one call may take; the leases of what is posted are longer than two of them."""

EVENT_TYPE = "fusen_post"
"""The metadata that names a post, so that one whose answer was lost can be found again."""

PAGES_OF_HISTORY = 5

STRETCH = 100
"""How many messages of a channel's past are read at once."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in Slack, and where."""

    workspace: str
    workspace_name: str
    workspace_url: str
    user: str
    name: str


@dataclass(frozen=True, slots=True)
class Examined:
    """What Slack tells of a token: who we are, the scopes that were granted, and what time it is there."""

    identity: Identity
    scopes: frozenset[str]
    clock: datetime | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a channel's past, newest message first, and whether there is more."""

    messages: tuple[Mapping[str, Any], ...]
    more: bool


Count = Callable[[str, str, float], object]
"""Is told of each call: method, outcome, seconds."""


def _uncounted(_method: str, _outcome: str, _seconds: float) -> None:
    """Count nothing."""


class Slack:
    """The calls, over one client without retries of its own: repeating is the outbox's business."""

    def __init__(
        self,
        token: str,
        api_url: str,
        seconds: int = SECONDS,
        count: Count = _uncounted,
    ) -> None:
        self._client = client_of(_with_slash(api_url), token, timeout=seconds, retry_handlers=[])
        self._count = count

    def hurried(self, seconds: int) -> Slack:
        """The same with less patience."""
        return Slack(self._client.token or "", self._client.base_url, seconds, self._count)

    def identity(self) -> Identity:
        """Ask Slack who we are. Raises SlackTrouble."""
        return _identity(self._call("auth.test"))

    def examine(self) -> Examined:
        """Ask Slack who we are and what we may do. Raises SlackTrouble.

        https://docs.slack.dev/authentication/installing-with-oauth (the header `x-oauth-scopes`)
        """
        told = self._call("auth.test")
        headers = {str(name).lower(): str(value) for name, value in told.headers.items()}
        scopes = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")}
        try:
            clock = parsedate_to_datetime(headers.get("date", ""))
        except ValueError:
            clock = None
        return Examined(_identity(told), frozenset(scopes - {""}), clock)

    def try_socket(self) -> None:
        """Ask for the address of a Socket Mode connection, as an app's token may. Raises SlackTrouble."""
        self._call("apps.connections.open")

    def post(self, owed: Owed, message: Rendered) -> str:
        """Post what is owed and return its time stamp (empty for an ephemeral one). Raises SlackTrouble."""
        if owed.only_for:
            self.whisper(owed.channel, owed.only_for, message, owed.thread_ts)
            return ""
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": owed.key}}
        told = self._call(
            "chat.postMessage",
            metadata=metadata,
            unfurl_links=False,
            unfurl_media=False,
            **_said(owed.channel, message, owed.thread_ts),
        )
        return str(told["ts"])

    def whisper(self, channel: str, member: str, message: Rendered, thread_ts: str | None) -> None:
        """Say something for this member's eyes alone. Raises SlackTrouble."""
        self._call("chat.postEphemeral", user=member, **_said(channel, message, thread_ts))

    def update(self, owed: Owed, ts: str, message: Rendered) -> None:
        """Let a message of ours say something else. Raises SlackTrouble."""
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": owed.key}}
        self._call(
            "chat.update",
            channel=self._conversation(owed.channel),
            ts=ts,
            text=message.text,
            blocks=list(message.blocks),
            metadata=metadata,
        )

    def delete(self, owed: Owed, ts: str) -> None:
        """Take a message of ours away. Raises SlackTrouble."""
        self._call("chat.delete", channel=self._conversation(owed.channel), ts=ts)

    def find(self, owed: Owed, since: datetime) -> str | None:
        """The time stamp of what was owed, if it stands in Slack already. Raises SlackTrouble."""
        for message in self._messages(owed, since):
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == EVENT_TYPE and metadata["event_payload"].get("key") == owed.key:
                return str(message["ts"])
        return None

    def _messages(self, owed: Owed, since: datetime) -> Iterator[dict[str, Any]]:
        channel = self._conversation(owed.channel)
        arguments: dict[str, Any] = {"channel": channel, "include_all_metadata": True, "limit": 200}
        # Clocks differ by a little; the key tells our post from all others anyway.
        arguments["oldest"] = f"{since.timestamp() - 300:.6f}"
        method = "conversations.history"
        if owed.thread_ts:
            method = "conversations.replies"
            arguments["ts"] = owed.thread_ts
        yield from self._pages(method, arguments)

    def _conversation(self, channel: str) -> str:
        """Where a post stands. Slack posts to a member, but finds and changes it in the conversation with them."""
        if not channel.startswith(("U", "W")):
            return channel
        return str(self._call("conversations.open", users=channel)["channel"]["id"])

    def _pages(self, method: str, arguments: dict[str, Any], of: str = "messages") -> Iterator[dict[str, Any]]:
        for _ in range(PAGES_OF_HISTORY):
            told = self._call(method, **arguments)
            yield from told.get(of, ())
            cursor = (told.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
            arguments["cursor"] = cursor

    def history(self, channel: str, since: datetime, before: str) -> Stretch:
        """Some of a channel's messages outside threads, the newest that are older than the time stamp `before`.

        Raises SlackTrouble.
        https://docs.slack.dev/reference/methods/conversations.history
        """
        oldest = f"{since.timestamp():.6f}"
        told = self._call("conversations.history", channel=channel, oldest=oldest, latest=before, limit=STRETCH)
        return Stretch(tuple(told.get("messages", ())), bool(told.get("has_more")))

    def replies(self, channel: str, thread_ts: str) -> Iterator[dict[str, Any]]:
        """The messages of a thread, its first too, oldest first; of a very long one, the beginning.

        Raises SlackTrouble.
        """
        yield from self._pages("conversations.replies", {"channel": channel, "ts": thread_ts, "limit": 200})

    def open_modal(self, trigger_id: str, view: Block, stacked: bool = False) -> str:
        """Open a modal, or stack it on the one that is open. Returns its id. Raises SlackTrouble."""
        method = "views.push" if stacked else "views.open"
        return str(self._call(method, trigger_id=trigger_id, view=view)["view"]["id"])

    def conversations(self, member: str) -> tuple[str, ...]:
        """The conversations of this member, up to a thousand, of which not everybody sees what is said there.

        These are the private channels and direct messages that Fusen is in too (Slack tells of no others), and
        whatever is shared with another organisation. Raises SlackTrouble.
        https://docs.slack.dev/reference/methods/users.conversations
        """
        kinds = "private_channel,mpim,im,public_channel"
        told = self._pages("users.conversations", {"user": member, "types": kinds, "limit": 200}, of="channels")
        return tuple(str(one["id"]) for one in told if not _is_open(one))

    def publish_home(self, member: str, view: Block) -> None:
        """Let the member's Home show this. Raises SlackTrouble."""
        self._call("views.publish", user_id=member, view=view)

    def update_modal(self, view_id: str, view: Block) -> None:
        """Let an open modal show something else. Raises SlackTrouble."""
        self._call("views.update", view_id=view_id, view=view)

    def member(self, member: str) -> Member:
        """What a member is called, and the language they use Slack in. Raises SlackTrouble."""
        told = self._call("users.info", user=member, include_locale=True)["user"]
        profile = told.get("profile") or {}
        name = profile.get("display_name") or profile.get("real_name") or told.get("real_name") or told.get("name")
        locale = str(told.get("locale") or "")
        return Member(member, str(name or ""), locale.partition("-")[0].lower(), bool(told.get("is_bot")))

    def standing(self, workspace: str, member: str) -> Standing:
        """What a person is in the workspace. Raises SlackTrouble."""
        try:
            told = self._call("users.info", user=member)["user"]
        except SlackTrouble as trouble:
            if trouble.reason in NO_SUCH:
                return Standing.STRANGER
            raise
        # In Enterprise Grid one person belongs to several workspaces.
        homes = {told.get("team_id"), *((told.get("enterprise_user") or {}).get("teams") or ())}
        if workspace not in homes or any(told.get(key) for key in ("is_stranger", "deleted", "is_bot")):
            return Standing.STRANGER
        if told.get("is_restricted") or told.get("is_ultra_restricted"):
            return Standing.GUEST
        return Standing.ADMIN if told.get("is_admin") or told.get("is_owner") else Standing.MEMBER

    def channel(self, channel: str) -> tuple[Channel, bool]:
        """What a channel is called and of which kind it is, and whether the bot is in it. Raises SlackTrouble."""
        told = self._call("conversations.info", channel=channel)["channel"]
        external = bool(told.get("is_ext_shared"))
        if told.get("is_im") or told.get("is_mpim"):
            return Channel(channel, "", ChannelKind.DIRECT, external), True
        kind = ChannelKind.PRIVATE if told.get("is_private", True) else ChannelKind.PUBLIC
        return Channel(channel, str(told.get("name") or ""), kind, external), bool(told.get("is_member"))

    def _call(self, method: str, **arguments: Any) -> Any:
        began, outcome = time.perf_counter(), "failed"
        try:
            told = self._sent(method, arguments)
            outcome = "ok"
            return told
        except SlackTrouble as trouble:
            outcome = outcome_of(trouble)
            raise
        finally:
            self._count(method, outcome, time.perf_counter() - began)

    def _sent(self, method: str, arguments: dict[str, Any]) -> Any:
        form = arguments if method.startswith(("chat.", "views.")) else None
        try:
            if form is not None:
                return self._client.api_call(method, json=form)
            return self._client.api_call(method, params=arguments)
        except FAILURES as error:
            raise trouble_of(error, method) from error


def _said(channel: str, message: Rendered, thread_ts: str | None) -> dict[str, Any]:
    said = {"channel": channel, "text": message.text, "blocks": list(message.blocks)}
    return said | {"thread_ts": thread_ts} if thread_ts else said


def _is_open(told: Any) -> bool:
    """Whether a conversation is a public channel of the workspace alone."""
    direct = told.get("is_im") or told.get("is_mpim")
    return not (direct or told.get("is_private", True) or told.get("is_ext_shared"))


def _identity(told: Any) -> Identity:
    return Identity(
        told["team_id"], told.get("team", ""), told.get("url", ""), told["user_id"], told.get("user", "fusen")
    )


def workspace_of(identity: Identity, language: str, zone: str) -> Workspace:
    """The workspace that the bot finds itself in, with the settings that hold until people there choose."""
    name, url = identity.workspace_name, identity.workspace_url
    return Workspace(identity.workspace, name, url, language, zone)


def _with_slash(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"
