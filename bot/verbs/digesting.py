"""Verbs about the digest, and the agenda of a reading group."""

from __future__ import annotations

import re

from bot.blocks import Rendered, cut
from bot.verbs import tag_echo
from bot.verbs.desk import Desk, Request
from bot.verbs.registry import Menu, Takes, command, first_word, for_colleagues
from papers import tags
from papers.digest_order import Scope, told_in
from papers.digests import NoDigestHere, NotATime, Subject
from papers.errors import FusenError
from papers.periods import JAPANESE_DAY, WeeklyTime
from papers.tags import fold
from papers.typed_words import CHANNEL, EVERYTHING, HERE, LIST, OFF, WEEKLY, which_word

# A day of the week at the end of what was typed, with a clock or with something that is meant as one. Without it
# only what can be nothing else is a day: 土 may be a tag, as may sat, unless it stands behind one.
_DAY = "(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_TIME = re.compile(
    rf"(?:^|\s)(?:(?:every\s+)?(?P<day>{_DAY})\s+(?:at\s+)?(?P<clock>(?!{_DAY}$)\S+(?:\s+[ap]m)?)"
    rf"|(?P<time>{JAPANESE_DAY}\s*の?\s*(?:午[前後]\s*)?\d\S*)"
    rf"|(?:every\s+|(?=[a-z]+day$)|(?=毎週|.曜))(?P<alone>{_DAY}|{JAPANESE_DAY})"
    rf"|(?P<short>{_DAY}|{JAPANESE_DAY}))$",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\d:\d\d|\d\s*時")


class TimeWithoutHere(FusenError):
    """A digest is asked for now, and with a time at which it is to come."""

    en = "To let this digest come to this channel every week, put “here” first: {command} digest here {typed}"
    ja = "このチャンネルに毎週投稿するには、here を先頭に付けてください: {command} digest here {typed}"


@command(
    "digest [channel | TAG] | here [channel | TAG] [fri 17:00] | off [everything | channel | TAG] | list",
    "this week so far; let the weekly digest come here: of everything, of this channel or of a tag",
    "今週のダイジェスト (here: ここに毎週投稿、off: 停止、list: 一覧。channel やタグで絞り込み可)",
    japanese=("ダイジェスト",),
    takes=Takes.ITS_OWN,
    menu=Menu.ALL,
)
@for_colleagues
def digest(desk: Desk, request: Request) -> Rendered:
    """Preview the digest, or say which come to this channel."""
    verb, rest = first_word(request.rest)
    said = which_word(verb, (HERE, OFF, LIST))
    if said == HERE:
        return _order(desk, request, rest)
    if said == OFF:
        return _end(desk, request, rest)
    if said == LIST:
        coming = desk.digests.coming(request.asker.audience)
        here, bot = request.asker.channel, f"@{desk.bot_user}"
        return desk.say("digests", request, digests=coming, here=here, bot=bot)
    typed = request.rest.strip()
    _refuse_time(desk, request, typed)
    scope, tag = _scope(typed)
    if scope is Scope.TAG and not _is_used(desk, request, tag):
        return tag_echo.unused(desk, request, tag, "digest")
    subject = Subject(request.asker.audience, scope, desk.digests.key(tag) if scope is Scope.TAG else "")
    preview = desk.digests.preview(subject, request.workspace.zone)
    return desk.messages.digest(preview, subject, request.workspace, request.language)


@command(
    "agenda",
    "what to talk about next: the papers being read, discussed and asked about",
    "次の勉強会の話題: 読まれている論文、議論と質問のある論文",
    japanese=("勉強会の話題",),
    menu=Menu.ALL,
)
def agenda(desk: Desk, request: Request) -> Rendered:
    """The agenda of a reading group, from the last two weeks."""
    return desk.say("agenda", request, agenda=desk.digests.agenda(request.asker.audience))


def _order(desk: Desk, request: Request, rest: str) -> Rendered:
    of, time = timed(desk, request, rest)
    scope, tag = _scope(of)
    unused = scope is Scope.TAG and not _is_used(desk, request, tag)
    if unused and _CLOCK.search(fold(tag)):
        raise NotATime(typed=tag[:40])
    at = desk.digests.order(request.asker, scope, tag, time)
    words = desk.messages.wording(request.language)
    # Of a tag that nobody uses the key alone is kept, and listed.
    name = desk.digests.tag(request.asker.audience, desk.digests.key(tag)).name if scope is Scope.TAG else ""
    facts = {
        "what": _named(desk, request, scope, name),
        "weekday": words(f"weekday_{at.day}"),
        "clock": at.clock,
        "zone": request.workspace.zone,
    }
    can_come = desk.following.is_in(request.asker.workspace, request.asker.channel)
    bot = f"@{desk.bot_user}"
    return desk.say("digest_here", request, facts=facts, unused=name if unused else "", can_come=can_come, bot=bot)


def _end(desk: Desk, request: Request, typed: str) -> Rendered:
    """End the digest that is named, or the only one that comes to this channel; of several ask which.

    Its time may be said again. Raises NoDigestHere or InvalidTag.
    """
    here = request.asker.channel
    own = [one for one in desk.digests.coming(request.asker.audience) if one.order.channel == here]
    of, _ = timed(desk, request, typed)
    if not of and len(own) > 1:
        return desk.say("digests", request, digests=own, here=here, bot=f"@{desk.bot_user}", ending=True)
    if not (of or own):
        raise NoDigestHere
    scope, tag = _scope(of) if of else (own[0].order.scope, own[0].tag)
    if of != typed and any(one.order.tag == desk.digests.key(tags.unquoted(typed)) for one in own):
        scope, tag = Scope.TAG, tags.unquoted(typed)  # a digest of "black friday" was ordered
    name = desk.digests.tag(request.asker.audience, tag).name if scope is Scope.TAG else ""
    desk.digests.stop(request.asker, scope, tag)
    return desk.say("say", request, key="digest_off", facts={"what": _named(desk, request, scope, name)})


def _named(desk: Desk, request: Request, scope: Scope, tag: str) -> str:
    """What the digest of this tells of in the channel of the request."""
    here = desk.lookup.channel(request.asker.workspace, request.asker.channel)
    return desk.messages.wording(request.language)(f"digest_of_{told_in(here, scope)}", tag=tag)


def _refuse_time(desk: Desk, request: Request, typed: str) -> None:
    """Raise TimeWithoutHere if what was typed ends with a time, or `weekly`, as behind `here`, or NotATime."""
    of, time = timed(desk, request, typed)
    if of.split() == typed.split():
        return
    if time and not _is_time(time):
        if _CLOCK.search(fold(time)):
            raise NotATime(typed=cut(time, 40))
        return  # SAT solving, say
    raise TimeWithoutHere(typed=cut(typed, 100))


def _is_time(typed: str) -> bool:
    try:
        WeeklyTime.parse(typed)
    except ValueError:
        return False
    return True


def timed(desk: Desk, request: Request, typed: str) -> tuple[str, str]:
    """What a digest is to be of, and its time if one was typed, with the usual clock where only a day was."""
    if _is_tag(desk, request, typed):  # SAT solving, say
        return typed, ""
    found = _TIME.search(typed)
    if found is None:
        return _of(typed), ""
    of = _of(typed[: found.start()])
    if found["short"] and not (which_word(of, (CHANNEL, EVERYTHING)) or _is_tag(desk, request, of)):
        return _of(typed), ""
    day = found["day"] or found["alone"] or found["short"]
    return of, found["time"] or f"{day} {found['clock'] or desk.digests.weekly.clock}"


def _of(typed: str) -> str:
    """What a digest is to be of, without the words that say that it comes weekly."""
    words = typed.split()
    said = next((last for last in (1, 2) if which_word(" ".join(words[-last:]), (WEEKLY,))), 0)
    return " ".join(words[: len(words) - said])


def _scope(typed: str) -> tuple[Scope, str]:
    """Of what a digest is to tell: everything, this channel, or the tag that was typed, perhaps in quotes."""
    if not typed:
        return Scope.WORKSPACE, ""
    scopes = {EVERYTHING: Scope.WORKSPACE, CHANNEL: Scope.CHANNEL}
    said = which_word(typed, scopes)
    return (scopes[said], "") if said else (Scope.TAG, tags.unquoted(typed))


def _is_tag(desk: Desk, request: Request, typed: str) -> bool:
    """Whether what was typed is a tag as a whole: it stands in quotes, or is in use."""
    return tags.unquoted(typed) != typed or _is_used(desk, request, typed)


def _is_used(desk: Desk, request: Request, typed: str) -> bool:
    return bool(typed and desk.tagging.known(request.asker.audience, [typed]))
