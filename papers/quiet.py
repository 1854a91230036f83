"""When a paper that was seen before is not said to have been: the knobs people asked for, and plain manners."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from papers.note import Message, Note, Workspace

# https://docs.slack.dev/reference/methods/chat.getPermalink: the seconds and the microseconds without their point.
_PERMALINK = re.compile(r"/archives/(?P<channel>[A-Z0-9]+)/p(?P<seconds>[0-9]{9,11})(?P<micros>[0-9]{6})")
_ADDRESS = re.compile(r"https?://[^\s<>|\"'`]+")
_THREAD = re.compile(r"[0-9]{9,11}\.[0-9]{6}")


def pointed_at(text: str, workspace: Workspace) -> tuple[Message, ...]:
    """The messages of the workspace that a text in Slack's form, or a plain one, links to, in order."""
    found = (_message(address.replace("&amp;", "&"), workspace) for address in _ADDRESS.findall(text))
    return tuple(filter(None, found))


def _message(address: str, workspace: Workspace) -> Message | None:
    try:
        parts, home = urlsplit(address), urlsplit(workspace.url)
    except ValueError:  # such as an unfinished IPv6 host
        return None
    link = _PERMALINK.match(parts.path)
    if not link or not home.netloc or parts.netloc.lower() != home.netloc.lower():
        return None
    thread = parse_qs(parts.query).get("thread_ts", [""])[0]
    ts = f"{link['seconds']}.{link['micros']}"
    return Message(workspace.id, link["channel"], ts, thread if _THREAD.fullmatch(thread) else None)


def is_quiet(workspace: Workspace, seen: Note, message: Message, at: datetime, said: str) -> bool:
    """Whether a message that shares a paper seen before gets no line about that.

    So it is within `quiet_days` of the last share, with `quiet_here` where the channel has had the paper, and
    always where the message itself points to an earlier share or its thread: whoever posts it knows.
    """
    # Edited, a message may come again: it is nothing that it could repeat.
    earlier = [share for share in seen.shares if share.message.origin != message.origin]
    last = max((share.shared_at for share in earlier), default=None)
    if last and workspace.quiet_days and at - last <= timedelta(days=workspace.quiet_days):
        return True
    if workspace.quiet_here and any(share.channel.id == message.channel for share in earlier):
        return True
    known = {(share.channel.id, ts) for share in earlier for ts in (share.message.ts, share.message.thread) if ts}
    return any((one.channel, ts) in known for one in pointed_at(said, workspace) for ts in (one.ts, one.thread_ts))
