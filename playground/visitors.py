"""Who is no member: other apps and people of other teams (Slack Connect); and files that people share.

Source: docs.slack.dev/reference/events/message (subtypes bot_message and file_share),
docs.slack.dev/apis/slack-connect and docs.slack.dev/reference/objects/file-object.
"""

import hashlib
import mimetypes
import re
import time
from base64 import b64decode, b64encode
from typing import Any
from urllib.parse import quote

from aiohttp import web

from playground.blocks import complete
from playground.calls import Args
from playground.posting import Draft, nobody
from playground.records import Channel, Json, SlackError, Token
from playground.stage import Stage
from playground.typed_text import escape, rich_text

OTHER_TEAM = "T000STRANGE"
FILES = "/files-pri/{file}/{name}"
MAX_FILES = 10  # docs: a message takes 10 files at most when they are uploaded together
MAX_NAME = 255
_MIME = re.compile(r"[\w.+-]{1,100}/[\w.+-]{1,100}")


class Visitors:
    """What strangers, other apps and shared files bring about."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def _channel(self, args: Args) -> Channel:
        word = args.need("channel")
        for channel in self._stage.workspace.channels.values():
            if word.removeprefix("#") in (channel.id, channel.name):
                return channel
        raise SlackError("channel_not_found")

    def bot_says(self, args: Args) -> Json:
        """Let another app post: as apps do now, or (`classic`) with the subtype bot_message."""
        channel, name = self._channel(args), args.text("name", "feeds")
        bot = self._other_bot(name)
        text = args.text("text")
        blocks = args.objects("blocks", "invalid_blocks_format")
        message: Json = {"type": "message", "text": text, "bot_id": bot["profile"]["bot_id"]}
        if args.flag("classic"):
            message |= {"subtype": "bot_message", "username": name, "icons": {}}
        else:
            blocks = blocks or rich_text(text, nobody, typed=False)
            message |= {"user": bot["id"], "team": self._stage.workspace.team["id"], **self._profile(bot)}
        if blocks:
            message["blocks"] = complete(blocks)
        attachments = args.objects("attachments", "invalid_attachments")
        if attachments:
            message["attachments"] = [{"id": n} | one for n, one in enumerate(attachments, 1)]
        draft = Draft(text, thread_ts=args.text("thread_ts"), reply_broadcast=args.flag("broadcast"))
        posted = self._stage.posting.put(channel, message, draft, preview=False)
        return {"channel": channel.id, "ts": posted["ts"], "message": posted}

    def _other_bot(self, name: str) -> Json:
        mark = _mark(name)
        profile = {"real_name": name, "display_name": name, "bot_id": f"B{mark}", "api_app_id": f"A{mark}"}
        return self._known(f"U{mark}", name, profile, is_bot=True, color="9e6b2f")

    def _profile(self, bot: Json) -> Json:
        profile = bot["profile"]
        made = {
            "id": profile["bot_id"],
            "app_id": profile["api_app_id"],
            "user_id": bot["id"],
            "name": bot["name"],
        }
        made |= {"icons": {}, "deleted": False, "updated": 1700000000, "team_id": bot["team_id"]}
        return {"app_id": profile["api_app_id"], "bot_profile": made}

    def stranger(self, args: Args) -> Json:
        """Bring a person of another team into a channel, which is then shared; they act by their name."""
        workspace, channel, name = self._stage.workspace, self._channel(args), args.text("name", "dana")
        if channel.is_direct:
            raise SlackError("method_not_supported_for_channel_type")
        user_id = f"U{_mark('stranger ' + name)}"
        profile = {"real_name": name.title(), "display_name": name}
        user = self._known(user_id, name, profile, is_bot=False, color="b0405f", is_stranger=True)
        workspace.save_token(Token(f"xoxp-playground-{name}", "user", user_id))
        self._stage.live.guests.add(user_id)
        if not channel.is_ext_shared:
            channel.is_ext_shared = True
            workspace.save_channel(channel)
            self._stage.events.shared(channel, OTHER_TEAM)
        if user_id not in channel.members:
            channel.members.append(user_id)
            self._stage.events.joined(channel, user_id, "")
        workspace.save_channel(channel)
        return {"user": user, "token": workspace.token_of("user", user_id)}

    def guest(self, args: Args) -> Json:
        """Make a member a guest, or (`guest` false) a full member again."""
        workspace = self._stage.workspace
        user = workspace.member(args.need("user"))
        workspace.save_user(user | {"is_restricted": args.flag("guest", True)})
        return {"user": workspace.users[user["id"]]}

    def _known(self, user_id: str, name: str, profile: Json, **more: Any) -> Json:
        """Return this user, made when new."""
        workspace = self._stage.workspace
        if user_id in workspace.users:
            return workspace.users[user_id]
        if any(user["name"] == name for user in workspace.users.values()):
            raise SlackError("name_taken")
        team = OTHER_TEAM if more.get("is_stranger") else workspace.team["id"]
        user: Json = {
            "id": user_id,
            "team_id": team,
            "name": name,
            "deleted": False,
            "real_name": profile["real_name"],
        }
        user |= {"tz": "UTC", "tz_label": "UTC", "tz_offset": 0, "locale": "en-US", "updated": 1700000000}
        user |= dict.fromkeys(
            ("is_admin", "is_owner", "is_primary_owner", "is_restricted", "is_ultra_restricted"), False
        )
        workspace.save_user(user | {"profile": profile | {"team": team}, "is_app_user": False, **more})
        return workspace.users[user_id]

    # Files

    def share(self, user_id: str, args: Args) -> Json:
        """Share files with a message: `files` is a list of {name, mimetype, title, content or base64}."""
        workspace = self._stage.workspace
        channel = workspace.channel_for(user_id, args.need("channel"))
        if user_id not in channel.members:
            raise SlackError("not_in_channel")
        given = args.objects("files", "invalid_arguments")
        if not 0 < len(given) <= MAX_FILES or not all(
            isinstance(one.get("name"), str) and one["name"] for one in given
        ):
            raise SlackError("invalid_arguments", detail=f"files: 1 to {MAX_FILES}, each with a name")
        files = tuple(self._file(user_id, channel, one) for one in given)
        text, thread_ts = args.text("text"), args.text("thread_ts")
        draft = Draft(text, thread_ts=thread_ts, typed=True, subtype="file_share", files=files)
        message = self._stage.posting.post(user_id, channel, draft)
        return {"channel": channel.id, "ts": message["ts"], "message": message}

    def _file(self, user_id: str, channel: Channel, given: Json) -> Json:
        stage, now = self._stage, int(time.time())
        name, packed, body = given["name"][:MAX_NAME], "base64" in given, _body(given)
        kind = str(given.get("mimetype") or mimetypes.guess_type(name)[0] or "")
        kind = kind if _MIME.fullmatch(kind) else "application/octet-stream"
        file_id = f"F{_mark(name + stage.workspace.new_ts())}"
        stage.workspace.store.put(
            "file", file_id, {"name": name, "mimetype": kind, "channel": channel.id, **_kept(body, packed)}
        )
        ending = name.rpartition(".")[2].lower() if "." in name else "text"
        address = f"{stage.url}{FILES.format(file=file_id, name=quote(name, safe=''))}"
        return {
            "id": file_id,
            "created": now,
            "timestamp": now,
            "name": name,
            "title": str(given.get("title") or name)[:MAX_NAME],
            "mimetype": kind,
            "filetype": ending,
            "pretty_type": ending.upper(),
            "user": user_id,
            "user_team": stage.workspace.user(user_id)["team_id"],
            "editable": False,
            "size": len(body),
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": channel.kind == "public",
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": address,
            "url_private_download": address,
            "permalink": address,
            "has_rich_preview": False,
            "file_access": "visible",
        }

    async def serve_file(self, request: web.Request) -> web.Response:
        """Give a file to who has a token that may read it, and to all others a page to sign in."""
        body = self._stage.workspace.store.get("file", request.match_info["file"])
        if body is None:
            return web.Response(status=404, text="file_not_found")
        if not self._may_read(request.headers.get("Authorization", ""), body.get("channel", "")):
            return web.Response(text="<!doctype html><title>Sign in</title>", content_type="text/html")
        headers = {"Content-Disposition": "attachment"}
        return web.Response(body=_body(body), content_type=body["mimetype"], headers=headers)

    def _may_read(self, authorization: str, channel_id: str) -> bool:
        """Tell whether the token is one that reads files, of somebody who sees the channel of this one."""
        workspace = self._stage.workspace
        token = workspace.tokens.get(authorization.removeprefix("Bearer "))
        if token is None or token.value in workspace.revoked or token.kind == "app":
            return False
        channel = workspace.channels.get(channel_id)
        if channel is not None and channel.kind != "public" and token.user_id not in channel.members:
            return False
        scopes = workspace.app.scopes
        return token.kind == "user" or scopes is None or "files:read" in scopes

    def delete(self, user_id: str, args: Args) -> Json:
        """Delete an own file: what stays of it where it was shared is a stone.

        docs.slack.dev/reference/events/file_deleted
        """
        stage, file_id, found = self._stage, args.need("file"), False
        for channel in stage.workspace.channels.values():
            for message in list(stage.workspace.messages[channel.id].values()):
                files = message.get("files", ())
                if not any(one["id"] == file_id and one.get("user") == user_id for one in files):
                    continue
                found = True
                stones = [{"id": file_id, "mode": "tombstone"} if one["id"] == file_id else one for one in files]
                changed = message | {"files": stones}
                stage.workspace.save_message(channel.id, changed)
                stage.events.changed(channel, changed, message)
        if not found:
            raise SlackError("file_not_found")
        stage.workspace.store.drop("file", file_id)
        stage.events.other({"type": "file_deleted", "file_id": file_id, "event_ts": stage.workspace.new_ts()})
        return {}


def _body(file: Json) -> bytes:
    if "base64" not in file:
        return str(file.get("content", "")).encode()
    try:
        return b64decode(str(file["base64"]), validate=True)
    except ValueError:
        raise SlackError("invalid_arguments", detail="base64 is not base64") from None


def _kept(body: bytes, packed: bool) -> Json:
    return {"base64": b64encode(body).decode()} if packed else {"content": body.decode()}


def _mark(word: str) -> str:
    """Return ten capital letters and digits that stand for a word."""
    return hashlib.sha256(escape(word).encode()).hexdigest()[:10].upper()
