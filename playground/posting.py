"""Posting, editing, deleting and reacting: what happens to messages whoever does it."""

import asyncio
import re
import uuid
from dataclasses import dataclass
from urllib.parse import urlsplit

from playground.blocks import complete, plain_text_of
from playground.events import Events
from playground.records import Channel, Json, SlackError
from playground.typed_text import rich_text, slack_text
from playground.workspace import TOMBSTONE, Workspace

MAX_TEXT = 40_000
MAX_REACTIONS = 23  # docs: reactions.add, too_many_emoji per message
_EMOJI = re.compile(r"[a-z0-9_+'\-]{1,100}(::skin-tone-[2-6])?")
_TS = re.compile(r"\d{1,12}\.\d{1,6}")
_STRAY_AND = re.compile(r"&(?!(?:amp|lt|gt);)")
_STRAY_LESS = re.compile(r"<(?![@#!]|https?:|mailto:)")


@dataclass(frozen=True)
class Draft:
    """What is to be posted."""

    text: str = ""
    blocks: tuple[Json, ...] = ()
    attachments: tuple[Json, ...] | None = None  # None: not given
    thread_ts: str = ""
    reply_broadcast: bool = False
    metadata: Json | None = None
    unfurl_links: bool = True
    typed: bool = False
    subtype: str = ""
    files: tuple[Json, ...] = ()


class Posting:
    """Changes messages and tells the app and the pages of it."""

    def __init__(self, workspace: Workspace, events: Events, unfurl_after: float | None) -> None:
        self._workspace = workspace
        self._events = events
        self._unfurl_after = unfurl_after
        self._unfurls: set[asyncio.TimerHandle] = set()

    def find(self, kind: str, name: str) -> str | None:
        """Return the id of a user or public channel by name, as the composer completes it."""
        folded = name.casefold()
        if kind == "user":
            users = self._workspace.users.values()
            return next((u["id"] for u in users if u["name"].casefold() == folded), None)
        channels = self._workspace.channels.values()
        return next((c.id for c in channels if c.kind == "public" and c.name == folded), None)

    def post(self, user_id: str, channel: Channel, draft: Draft) -> Json:
        """Post a message as a member or as the app."""
        links = user_id != self._workspace.bot_user_id and draft.unfurl_links
        return self.put(channel, self.compose(user_id, draft), draft, preview=links)

    def put(self, channel: Channel, message: Json, draft: Draft, *, preview: bool) -> Json:
        """Put a composed message into a channel or into the thread that the draft names; tell everyone."""
        parent = self._parent(channel, draft.thread_ts) if draft.thread_ts else None
        if channel.is_archived:
            raise SlackError("is_archived")
        message = message | {"ts": self._workspace.new_ts()}
        if parent is not None:
            message["thread_ts"] = parent["ts"]
            message["parent_user_id"] = parent.get("user", "")
        self._workspace.save_message(channel.id, message)
        if parent is not None:
            self._count_replies(channel, parent)
        if parent is not None and draft.reply_broadcast:
            root = self._workspace.message(channel.id, parent["ts"])
            message |= {"subtype": "thread_broadcast", "root": _root(root)}
            self._workspace.save_message(channel.id, message)
        self._events.posted(channel, message)
        if preview:
            self._unfurl_later(channel, message)
        return message

    def notice(self, channel: Channel, user_id: str, subtype: str, text: str, **more: str) -> None:
        """Post what Slack itself says in a channel of a member: that they joined or left."""
        message = {"type": "message", "subtype": subtype, "user": user_id, "text": text, **more}
        message["ts"] = self._workspace.new_ts()
        self._workspace.save_message(channel.id, message)
        self._events.posted(channel, message, mentions=False)

    def compose(self, user_id: str, draft: Draft) -> Json:
        """Return the message without a time stamp, in the shape of history."""
        if user_id == self._workspace.bot_user_id:
            return self._app_message(draft)
        user = self._workspace.user(user_id)
        blocks = list(draft.blocks) or rich_text(draft.text, self.find, typed=draft.typed)
        text = draft.text if draft.blocks else slack_text(blocks)
        message: Json = {
            "client_msg_id": str(uuid.uuid4()),
            "type": "message",
            "user": user_id,
            "text": text or plain_text_of(blocks),
            "team": user["team_id"],
        }
        if draft.subtype == "me_message":
            # docs: events/message/me_message: no blocks, and no client_msg_id.
            del message["client_msg_id"]
        elif blocks:
            message["blocks"] = complete(blocks)
        if user.get("is_stranger"):
            message |= foreign_parts(user)
        return message | _extras(draft)

    def _app_message(self, draft: Draft) -> Json:
        bot = self._workspace.bot
        text = cut(_STRAY_LESS.sub("&lt;", _STRAY_AND.sub("&amp;", draft.text)))
        blocks = list(draft.blocks)
        message: Json = {
            "type": "message",
            "user": bot["user_id"],
            "bot_id": bot["id"],
            "app_id": bot["app_id"],
            "text": text or plain_text_of(blocks),
            "team": self._workspace.team["id"],
            "bot_profile": self.bot_profile(),
            "blocks": complete(blocks or rich_text(text, nobody, typed=False)),
        }
        return message | _extras(draft)

    def bot_profile(self) -> Json:
        """Return the profile that the app's messages carry."""
        bot = self._workspace.bot
        return {
            "id": bot["id"],
            "app_id": bot["app_id"],
            "user_id": bot["user_id"],
            "name": bot["name"],
            "icons": {},
            "deleted": False,
            "updated": 1700000000,
            "team_id": self._workspace.team["id"],
        }

    def edit(self, user_id: str, channel: Channel, ts: str, draft: Draft) -> Json:
        """Change an own message."""
        previous = self._own(user_id, channel, ts, "cant_update_message")
        fresh = self.compose(user_id, draft)
        message = previous | {"text": fresh["text"], "blocks": fresh["blocks"]}
        # docs: chat.update: attachments stay unless given anew; a message updated with blocks is not marked
        # as edited. A person's edit takes the old previews away.
        if draft.attachments is not None or draft.typed:
            message.pop("attachments", None)
        message |= _extras(draft)
        if not draft.blocks:
            message["edited"] = {"user": user_id, "ts": self._workspace.new_ts()}
        self._workspace.save_message(channel.id, message)
        self._events.changed(channel, message, previous)
        return message

    def delete(self, user_id: str, channel: Channel, ts: str) -> None:
        """Delete an own message; one with replies leaves a tombstone, as in Slack."""
        previous = self._own(user_id, channel, ts, "cant_delete_message")
        if previous.get("reply_count"):
            kept = (
                "type",
                "ts",
                "thread_ts",
                "reply_count",
                "reply_users",
                "reply_users_count",
                "latest_reply",
                "team",
            )
            tombstone = {key: previous[key] for key in kept if key in previous}
            tombstone |= {"subtype": "tombstone", "text": TOMBSTONE, "user": "USLACKBOT", "hidden": True}
            self._workspace.save_message(channel.id, tombstone)
            self._events.changed(channel, tombstone, previous)
            return
        self._workspace.drop_message(channel.id, ts)
        self._events.deleted(channel, previous)
        parent = self._workspace.messages[channel.id].get(previous.get("thread_ts", ""))
        if parent is not None:
            self._count_replies(channel, parent)

    def _own(self, user_id: str, channel: Channel, ts: str, refusal: str) -> Json:
        message = self._workspace.message(channel.id, ts)
        if message.get("subtype") == "tombstone":
            raise SlackError("message_not_found")
        if message.get("user") != user_id:
            raise SlackError(refusal)
        return message

    def react(self, user_id: str, channel: Channel, ts: str, name: str, *, add: bool) -> None:
        """Add or take back a reaction; any well-formed name is an emoji, since teams have their own."""
        name = name.strip(":")
        if not _EMOJI.fullmatch(name):
            raise SlackError("invalid_name")
        if user_id not in channel.members:
            raise SlackError("not_in_channel")
        if channel.is_archived:
            raise SlackError("is_archived")
        if not _TS.fullmatch(ts):
            raise SlackError("bad_timestamp")
        message = self._workspace.message(channel.id, ts)
        reactions = [dict(r, users=list(r["users"])) for r in message.get("reactions", [])]
        entry = next((r for r in reactions if r["name"] == name), None)
        present = entry is not None and user_id in entry["users"]
        if add and present:
            raise SlackError("already_reacted")
        if not add and not present:
            raise SlackError("no_reaction")
        if entry is None:
            if len(reactions) >= MAX_REACTIONS:
                raise SlackError("too_many_emoji")
            entry = {"name": name, "users": [], "count": 0}
            reactions.append(entry)
        (entry["users"].append if add else entry["users"].remove)(user_id)
        entry["count"] = len(entry["users"])
        changed = message | {"reactions": [r for r in reactions if r["count"]]}
        if not changed["reactions"]:
            del changed["reactions"]
        self._workspace.save_message(channel.id, changed)
        self._events.reaction(channel, changed, user_id, name, added=add)

    def _parent(self, channel: Channel, thread_ts: str) -> Json:
        parent = self._workspace.messages[channel.id].get(thread_ts)
        if parent is None:
            raise SlackError("thread_not_found")
        # A reply to a reply lands in the same thread.
        return self._workspace.message(channel.id, parent.get("thread_ts", thread_ts))

    def _count_replies(self, channel: Channel, parent: Json) -> None:
        replies = list(self._workspace.thread(channel.id, parent["ts"]))
        changed = {key: value for key, value in parent.items() if not key.startswith(("reply_", "latest_reply"))}
        if replies:
            users = list(dict.fromkeys(reply.get("user", "") for reply in replies))
            changed |= {
                "thread_ts": parent["ts"],
                "reply_count": len(replies),
                "reply_users_count": len(users),
                "latest_reply": replies[-1]["ts"],
                "reply_users": users[:5],
                "is_locked": False,
            }
        else:
            changed.pop("thread_ts", None)
            changed.pop("is_locked", None)
        if not replies and changed.get("subtype") == "tombstone":
            self._workspace.drop_message(channel.id, parent["ts"])
            self._events.deleted(channel, changed)
            return
        self._workspace.save_message(channel.id, changed)
        self._events.touched(channel, changed)

    def _unfurl_later(self, channel: Channel, message: Json) -> None:
        links = _links(message.get("blocks", []))
        if self._unfurl_after is None or not links:
            return
        loop = asyncio.get_running_loop()

        def attach() -> None:
            self._unfurls.discard(handle)
            self._unfurl(channel, message["ts"], links)

        handle = loop.call_later(self._unfurl_after, attach)
        self._unfurls.add(handle)

    def unfurl(self, channel: Channel, ts: str) -> None:
        """Attach previews of a message's links at once."""
        links = _links(self._workspace.message(channel.id, ts).get("blocks", []))
        if not links:
            raise SlackError("no_links")
        self._unfurl(channel, ts, links)

    def _unfurl(self, channel: Channel, ts: str, links: list[str]) -> None:
        """Attach a preview, as Slack does a moment later: a hidden change with the same text."""
        previous = self._workspace.messages[channel.id].get(ts)
        if previous is None or previous.get("subtype") == "tombstone":
            return
        attachments = [
            {
                "id": number,
                "from_url": link,
                "original_url": link,
                "service_name": urlsplit(link).hostname,
                "title": link,
                "title_link": link,
                "fallback": link,
            }
            for number, link in enumerate(links, 1)
        ]
        with self._workspace.store.together():
            message = previous | {"attachments": attachments}
            self._workspace.save_message(channel.id, message)
            self._events.changed(channel, message, previous)

    def close(self) -> None:
        """Forget previews that are not yet attached."""
        for handle in self._unfurls:
            handle.cancel()


def cut(text: str) -> str:
    """Cut a text where Slack cuts it (docs: chat.postMessage, above 40,000 characters)."""
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 3] + "..."


def nobody(_kind: str, _name: str) -> None:
    """Find no one: what a program posts is not completed like typing."""


def _extras(draft: Draft) -> Json:
    extras: Json = {}
    if draft.attachments:
        extras["attachments"] = [{"id": n} | a for n, a in enumerate(draft.attachments, 1)]
    if draft.metadata:
        extras["metadata"] = draft.metadata
    if draft.subtype:
        extras["subtype"] = draft.subtype
    if draft.files:
        extras |= {"files": list(draft.files), "upload": False, "display_as_bot": False}
    return extras


def foreign_parts(user: Json) -> Json:
    """Return what the messages of a person of another team carry besides (docs: Slack Connect)."""
    profile = {key: user["profile"][key] for key in ("real_name", "display_name")}
    profile |= {"name": user["name"], "team": user["team_id"], "is_restricted": False}
    return {"user_team": user["team_id"], "source_team": user["team_id"], "user_profile": profile}


def _root(parent: Json) -> Json:
    return {key: value for key, value in parent.items() if key not in ("metadata", "root")}


def _links(blocks: list[Json]) -> list[str]:
    """Return the web links of rich_text blocks, five at most."""
    found: dict[str, None] = {}
    for block in blocks:
        for element in block.get("elements", []):
            for inner in element.get("elements", []):
                if inner.get("type") == "link" and inner["url"].startswith("http"):
                    found[inner["url"]] = None
    return list(found)[:5]
