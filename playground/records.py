"""The values a workspace is made of: channels, tokens, what an app has registered, and refusals."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

Json = dict[str, Any]
MAX_SHORTCUTS = 10  # manifest schema: features.shortcuts


class SlackError(Exception):
    """A refusal with one of Slack's error codes; `more` is merged into the answer."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.more: Json = more

    def answer(self) -> Json:
        """Return the JSON answer of the Web API."""
        return {"ok": False, "error": self.code, **self.more}


@dataclass(frozen=True)
class Token:
    """What a token stands for. `kind` is bot, user or app."""

    value: str
    kind: str
    user_id: str


@dataclass
class Channel:
    """A conversation. `kind` is public, private, im or mpim."""

    id: str
    name: str
    kind: str
    creator: str
    created: int
    members: list[str] = field(default_factory=list)
    topic: str = ""
    purpose: str = ""
    is_archived: bool = False
    is_ext_shared: bool = False

    def to_json(self) -> Json:
        """Return the stored form."""
        return asdict(self)

    @property
    def channel_type(self) -> str:
        """Return the word that events use for this kind of conversation."""
        return {"public": "channel", "private": "group"}.get(self.kind, self.kind)

    @property
    def is_direct(self) -> bool:
        """Tell whether this is a direct message."""
        return self.kind in ("im", "mpim")


@dataclass(frozen=True)
class Command:
    """A slash command that the app has registered."""

    name: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True)
class Shortcut:
    """A shortcut that the app has registered. `kind` is message or global."""

    kind: str
    name: str
    callback_id: str


@dataclass(frozen=True)
class SlackApp:
    """What Slack knows of the app that lives in the workspace, as its manifest says it.

    Without `commands` every `/word` is sent to the app. Without `events` (None) the app gets every
    kind of event; otherwise only those named as in a manifest: `message.channels`, `app_mention`…
    Without `scopes` (None) it may do and hear everything. `home_tab` and `messages_tab` say which tabs its
    App Home has.
    """

    name: str = "fusen"
    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    events: frozenset[str] | None = None
    scopes: frozenset[str] | None = None
    home_tab: bool = True
    messages_tab: bool = True

    def __post_init__(self) -> None:
        """Refuse more shortcuts than Slack's manifest schema allows."""
        if len(self.shortcuts) > MAX_SHORTCUTS:
            raise ValueError(f"an app has at most {MAX_SHORTCUTS} shortcuts")

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any]) -> "SlackApp":
        """Read a Slack app manifest (already parsed from JSON or YAML); raise ValueError, KeyError."""
        features = manifest.get("features", {})
        tabs = features.get("app_home", {})
        scopes = manifest.get("oauth_config", {}).get("scopes", {})
        subscriptions = manifest.get("settings", {}).get("event_subscriptions", {})
        events = subscriptions.get("bot_events")
        return cls(
            name=features.get("bot_user", {}).get("display_name") or manifest["display_information"]["name"],
            commands=tuple(
                Command(
                    item["command"],
                    item.get("description", ""),
                    item.get("usage_hint", ""),
                    bool(item.get("should_escape", False)),
                )
                for item in features.get("slash_commands", [])
            ),
            shortcuts=tuple(
                Shortcut(item["type"], item["name"], item["callback_id"]) for item in features.get("shortcuts", [])
            ),
            events=frozenset(events or ()),
            scopes=frozenset([*scopes.get("bot", ()), *scopes.get("bot_optional", ())]),
            home_tab=bool(tabs.get("home_tab_enabled", False)),
            messages_tab=bool(tabs.get("messages_tab_enabled", True)),
        )
