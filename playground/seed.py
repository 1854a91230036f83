"""The workspace of a first start: one app, two people, three channels, fixed ids and tokens."""

import time
from typing import NamedTuple

from playground.records import Channel, Json, Token
from playground.workspace import Workspace

TEAM_ID = "T00PLAYGRND"
APP_ID = "A00PLAYGRND"
BOT_ID = "B00PLAYGRND"
BOT_USER_ID = "U0000000BOT"
AIKO_ID = "U000000AIKO"
BEN_ID = "U0000000BEN"

BOT_TOKEN = "xoxb-playground-bot"  # noqa: S105 - fixed and public on purpose
APP_TOKEN = "xapp-playground-app"  # noqa: S105 - fixed and public on purpose
SIGNING_SECRET = "playground-signing-secret"  # noqa: S105 - fixed and public on purpose
SCOPES = (
    "app_mentions:read,channels:history,channels:join,channels:manage,channels:read,chat:write,commands,"
    "groups:history,groups:read,groups:write,im:history,im:read,im:write,reactions:read,reactions:write,"
    "team:read,users:read,users.profile:read"
)


class Person(NamedTuple):
    """A person of the first start."""

    id: str
    name: str
    real_name: str
    locale: str
    zone: str
    zone_label: str
    offset: int  # seconds east of UTC, in winter
    color: str
    token: str


PEOPLE = (
    Person(
        AIKO_ID,
        "aiko",
        "Aiko Tanaka",
        "ja-JP",
        "Asia/Tokyo",
        "Japan Standard Time",
        32400,
        "2bac76",
        "xoxp-playground-aiko",
    ),
    Person(
        BEN_ID,
        "ben",
        "Ben Carter",
        "en-US",
        "America/New_York",
        "Eastern Standard Time",
        -18000,
        "4a6fdc",
        "xoxp-playground-ben",
    ),
)


def seed(workspace: Workspace, team: str) -> None:
    """Fill an empty workspace, with this id; on a later start only the app's name is brought up to date."""
    with workspace.store.together():
        if not workspace.team:
            _first_start(workspace, team)
        name = workspace.app.name
        workspace.save_facts(workspace.team, workspace.bot | {"name": name})
        bot = Person(BOT_USER_ID, name, name, "en-US", "UTC", "UTC", 0, "8b5cf6", "")
        workspace.save_user(_user(bot, workspace.team["id"]))


def _first_start(workspace: Workspace, team: str) -> None:
    workspace.save_facts(
        {"id": team, "name": "Playground", "domain": "playground"},
        {"id": BOT_ID, "app_id": APP_ID, "user_id": BOT_USER_ID, "name": workspace.app.name},
    )
    workspace.save_token(Token(BOT_TOKEN, "bot", BOT_USER_ID))
    workspace.save_token(Token(APP_TOKEN, "app", BOT_USER_ID))
    for person in PEOPLE:
        workspace.save_user(_user(person, team))
        workspace.save_token(Token(person.token, "user", person.id))
    now = int(time.time())
    everyone = [BOT_USER_ID, AIKO_ID, BEN_ID]
    for channel in (
        Channel("C000GENERAL", "general", "public", AIKO_ID, now, everyone, purpose="For everyone"),
        Channel("C0000PAPERS", "papers", "public", AIKO_ID, now, list(everyone), purpose="Links worth reading"),
        Channel("C000PRIVATE", "lab-private", "private", AIKO_ID, now, [BOT_USER_ID, AIKO_ID]),
        Channel("D000000AIKO", "", "im", AIKO_ID, now, [BOT_USER_ID, AIKO_ID]),
        Channel("D0000000BEN", "", "im", BEN_ID, now, [BOT_USER_ID, BEN_ID]),
    ):
        workspace.save_channel(channel)


def _user(person: Person, team: str) -> Json:
    is_bot = person.id == BOT_USER_ID
    profile: Json = {
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.name,
        "display_name_normalized": person.name,
        "status_text": "",
        "status_emoji": "",
        "team": team,
    }
    if is_bot:
        profile |= {"api_app_id": APP_ID, "bot_id": BOT_ID}
    else:
        profile["email"] = f"{person.name}@playground.example"
    return {
        "id": person.id,
        "team_id": team,
        "name": person.name,
        "deleted": False,
        "color": person.color,
        "real_name": person.real_name,
        "tz": person.zone,
        "tz_label": person.zone_label,
        "tz_offset": person.offset,
        "profile": profile,
        "is_admin": person.id == AIKO_ID,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": is_bot,
        "is_app_user": False,
        "updated": 1700000000,
        "locale": person.locale,
    }
