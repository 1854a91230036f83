"""The state of the workspace: people, conversations, messages and tokens, written through to the store."""

import secrets
import time
from collections.abc import Iterator
from dataclasses import asdict

from playground.records import Channel, Json, SlackApp, SlackError, Token
from playground.store import Store

MAX_MESSAGES = 20_000  # per conversation; the oldest go first
MAX_CHANNELS = 500
TOMBSTONE = "This message was deleted."


class Workspace:
    """Everything that lasts. Changes go to the store before a method returns."""

    def __init__(self, store: Store, app: SlackApp) -> None:
        self.store = store
        self.app = app
        self.team: Json = {}
        self.bot: Json = {}
        self.users: dict[str, Json] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, dict[str, Json]] = {}
        self.tokens: dict[str, Token] = {}
        self.revoked: set[str] = set()
        self.homes: dict[str, Json] = {}
        self._last_microsecond = 0
        self._load()

    def _load(self) -> None:
        facts = dict(self.store.read("fact"))
        self.team = facts.get("team", {})
        self.bot = facts.get("bot", {})
        self.users = dict(self.store.read("user"))
        self.homes = dict(self.store.read("home"))
        self.channels = {key: Channel(**body) for key, body in self.store.read("channel")}
        self.messages = {channel: {} for channel in self.channels}
        for key, body in self.store.read("message"):
            channel, ts = key.split("/")
            self.messages[channel][ts] = body
            self._last_microsecond = max(self._last_microsecond, int(ts.replace(".", "")))
        for key, body in self.store.read("token"):
            self.tokens[key] = Token(body["value"], body["kind"], body["user_id"])
            if body["revoked"]:
                self.revoked.add(key)

    def new_ts(self) -> str:
        """Return a time stamp that no message has had; always later than the last one."""
        self._last_microsecond = max(time.time_ns() // 1000, self._last_microsecond + 1)
        return f"{self._last_microsecond // 1_000_000}.{self._last_microsecond % 1_000_000:06d}"

    # People and tokens

    def save_facts(self, team: Json, bot: Json) -> None:
        """Write who the team and the app are."""
        self.team, self.bot = team, bot
        self.store.put("fact", "team", team)
        self.store.put("fact", "bot", bot)

    def save_user(self, user: Json) -> None:
        """Write a person or the app's bot user."""
        self.users[user["id"]] = user
        self.store.put("user", user["id"], user)

    def save_token(self, token: Token, *, revoked: bool = False) -> None:
        """Write a token and whether it is refused."""
        self.tokens[token.value] = token
        (self.revoked.add if revoked else self.revoked.discard)(token.value)
        self.store.put("token", token.value, asdict(token) | {"revoked": revoked})

    def token_of(self, kind: str, user_id: str = "") -> str:
        """Return the value of the token of this kind (and person)."""
        return next(t.value for t in self.tokens.values() if t.kind == kind and user_id in ("", t.user_id))

    @property
    def bot_user_id(self) -> str:
        """The app's bot user."""
        return str(self.bot["user_id"])

    def user(self, user_id: str) -> Json:
        """Return a person; refuse with `user_not_found`."""
        if user_id not in self.users:
            raise SlackError("user_not_found")
        return self.users[user_id]

    def people(self) -> list[Json]:
        """Return the human members."""
        return [user for user in self.users.values() if not user["is_bot"]]

    def member(self, word: str) -> Json:
        """Return a human member by id or name; refuse with `user_not_found`."""
        folded = word.removeprefix("@").casefold()
        for user in self.people():
            if word == user["id"] or folded in (user["name"], user["real_name"].casefold()):
                return user
        raise SlackError("user_not_found")

    def anyone(self, word: str) -> Json:
        """Return a member or a bot user by id, name or mention; refuse with `user_not_found`."""
        name = word.strip("<>").removeprefix("@").partition("|")[0].casefold()
        for user in self.users.values():
            if name in (user["id"].casefold(), user["name"].casefold()):
                return user
        raise SlackError("user_not_found")

    # Conversations

    def save_channel(self, channel: Channel) -> None:
        """Write a conversation."""
        if channel.id not in self.channels and len(self.channels) >= MAX_CHANNELS:
            raise SlackError("restricted_action")
        self.channels[channel.id] = channel
        self.messages.setdefault(channel.id, {})
        self.store.put("channel", channel.id, channel.to_json())

    def new_channel(self, name: str, kind: str, creator: str, members: list[str]) -> Channel:
        """Open a new conversation."""
        letter = "D" if kind == "im" else "C"
        channel_id = letter + secrets.token_hex(5).upper()
        channel = Channel(channel_id, name, kind, creator, int(time.time()), members)
        self.save_channel(channel)
        return channel

    def channel_for(self, user_id: str, word: str) -> Channel:
        """Return the conversation called `word` (id, name or `#name`) that this user may know of.

        Private conversations exist only for their members: `channel_not_found` for all others.
        """
        channel = self.channels.get(word)
        if channel is None:
            name = word.removeprefix("#")
            named = (c for c in self.channels.values() if c.name == name and not c.is_direct)
            channel = next(named, None)
        if channel is None or not self.sees(user_id, channel):
            raise SlackError("channel_not_found")
        return channel

    def sees(self, user_id: str, channel: Channel) -> bool:
        """Tell whether a conversation exists for this user; strangers see only those that they are in."""
        is_open = channel.kind == "public" and not self.is_stranger(user_id)
        return is_open or user_id in channel.members

    def is_stranger(self, user_id: str) -> bool:
        """Tell whether this is a person of another team."""
        return bool(self.users.get(user_id, {}).get("is_stranger"))

    def direct(self, *user_ids: str) -> Channel:
        """Return the direct conversation between exactly these users, opened when new."""
        wanted = sorted(set(user_ids))
        for channel in self.channels.values():
            if channel.is_direct and sorted(channel.members) == wanted:
                return channel
        for user_id in wanted:
            self.user(user_id)
        kind = "im" if len(wanted) <= 2 else "mpim"
        name = "" if kind == "im" else "mpdm-" + "--".join(self.users[u]["name"] for u in wanted) + "-1"
        return self.new_channel(name, kind, wanted[0], wanted)

    def channels_of(self, user_id: str) -> list[Channel]:
        """Return the conversations that this user is in."""
        return [channel for channel in self.channels.values() if user_id in channel.members]

    # Messages

    def save_message(self, channel_id: str, message: Json) -> None:
        """Write a message; beyond the bound the conversation's oldest one goes."""
        shelf = self.messages[channel_id]
        shelf[message["ts"]] = message
        self.store.put("message", f"{channel_id}/{message['ts']}", message)
        if len(shelf) > MAX_MESSAGES:
            self.drop_message(channel_id, next(iter(shelf)))

    def drop_message(self, channel_id: str, ts: str) -> None:
        """Remove a message."""
        del self.messages[channel_id][ts]
        self.store.drop("message", f"{channel_id}/{ts}")

    def message(self, channel_id: str, ts: str) -> Json:
        """Return a message; refuse with `message_not_found`."""
        found = self.messages[channel_id].get(ts)
        if found is None:
            raise SlackError("message_not_found")
        return found

    def thread(self, channel_id: str, thread_ts: str) -> Iterator[Json]:
        """Return the replies of a thread, oldest first, without the parent."""
        shelf = self.messages[channel_id].values()
        return (m for m in shelf if m.get("thread_ts") == thread_ts and m["ts"] != thread_ts)

    def save_home(self, user_id: str, view: Json) -> None:
        """Write a member's App Home."""
        self.homes[user_id] = view
        self.store.put("home", user_id, view)
