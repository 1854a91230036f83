"""Verbs about following tags, people and channels."""

from __future__ import annotations

from collections.abc import Sequence

from bot import modals, slack_text
from bot.blocks import Block, Rendered, cut
from bot.followed import enders
from bot.payloads.interactions import Submitted
from bot.verbs.desk import Desk, Request
from bot.verbs.digesting import timed
from bot.verbs.registry import Form, Menu, Takes, command, for_colleagues, form_for_colleagues
from bot.verbs.typed_tags import refuse_links
from papers import tags
from papers.errors import FusenError
from papers.follows import Follow, Follower, Target, TargetKind
from papers.note import Note
from papers.periods import WeeklyTime
from papers.typed_words import AT_ONCE, HERE, WEEKLY, which_word

TAGS, NEW_TAGS, PEOPLE, CHANNELS, FREQUENCY = "known_tags", "new_tags", "people", "channels", "frequency"
_ENDINGS = (HERE, WEEKLY, AT_ONCE)


class NothingToFollow(FusenError):
    """A modal for following was submitted without anything chosen."""

    en = "Choose a tag, a person or a channel, or type a tag."
    ja = "タグ、メンバー、チャンネルのいずれかを選ぶか、タグを入力してください。"


class NoChannelHere(FusenError):
    """Somebody wants a channel to follow something where they stand in none."""

    en = "“here” is for channels. Leave it out, and you will be told by direct message."
    ja = "here はチャンネルで使います。付けなければ、あなたにダイレクトメッセージで通知します。"


class NoTimeToFollow(FusenError):
    """Somebody wants to be told of what they follow on a day of their own."""

    en = (
        "What is followed is told at once, or once a week: {command} follow {tag} weekly. "
        "A digest has the day that you choose: {command} digest here {tag} {time}"
    )
    ja = (
        "フォローの通知は、新しい論文ごとか、週に一度です: {command} follow {tag} weekly。"
        "曜日を選べるのはダイジェストです: {command} digest here {tag} {time}"
    )


def _fields(desk: Desk, request: Request, _note: Note | None) -> list[Block]:
    """Tags in use, those of the paper asked about chosen already; people, public channels; how often."""
    words = desk.messages.wording(request.language)
    note = desk.notebook.note(request.note_id, request.asker.audience) if request.note_id else None
    own = modals.tag_options(note.tags) if note else []
    often = [(words("follow_at_once"), AT_ONCE), (words("follow_weekly"), WEEKLY)]
    hint = words("follow_choose")
    return [
        modals.asking(
            TAGS, words("follow_tags"), modals.typeahead(TAGS, words("modal_choose"), own), optional=True
        ),
        modals.asking(
            NEW_TAGS, words("modal_new_tags"), modals.line(NEW_TAGS, words("modal_new_tags_hint")), optional=True
        ),
        modals.asking(PEOPLE, words("follow_people"), modals.people(PEOPLE, hint), optional=True),
        modals.asking(CHANNELS, words("follow_channels"), modals.public_channels(CHANNELS, hint), optional=True),
        modals.asking(FREQUENCY, words("follow_often"), modals.one(FREQUENCY, often, AT_ONCE)),
    ]


def _words(sent: Submitted) -> str:
    named = [
        *sent.chosen.get(TAGS, ()),
        sent.typed.get(NEW_TAGS, "").strip(),
        *(f"<@{member}>" for member in sent.chosen.get(PEOPLE, ())),
        *(f"<#{channel}>" for channel in sent.chosen.get(CHANNELS, ())),
    ]
    targets = ", ".join(filter(None, named))
    if not targets:
        raise NothingToFollow
    return f"{targets} {next(iter(sent.chosen.get(FREQUENCY, ())), AT_ONCE)}"


@command(
    "follow [TAG | @PERSON | #CHANNEL] [here] [weekly]",
    "be told of new papers, or let this channel be told; alone: what is followed",
    "新しい論文の通知を受け取る (here: このチャンネルに通知、weekly: 週に一度まとめて、何も付けない: 一覧)",
    japanese=("フォロー",),
    takes=Takes.CHANNEL,
    menu=Menu.PAPER | Menu.ALL,
    form=form_for_colleagues(Form(_fields, _words, shows=True, submit="button_follow", typed_in=NEW_TAGS)),
)
@for_colleagues
def follow(desk: Desk, request: Request) -> Rendered:
    """Follow what is named; without a name, list what is followed."""
    typed, here, weekly = _said(request.marked)
    _refuse_time(desk, request, typed)
    targets = _targets(request.marked, typed)
    if not targets:
        return _list(desk, request)
    refuse_links(desk, request, typed)
    follower = _follower(request, here)
    followed = desk.following.follow(request.asker, follower, targets, weekly)
    can_tell = not here or desk.following.is_in(follower.workspace, follower.id)
    facts = {"here": here, "weekly": weekly, "can_tell": can_tell, "unused": _unused(desk, request, followed)}
    told = desk.say("follow", request, followed=followed, bot=f"@{desk.bot_user}", **facts)
    return told.over(*enders(desk.messages.wording(request.language), followed))


@command(
    "unfollow [TAG | @PERSON | #CHANNEL] [here]",
    "be told of it no longer",
    "通知を解除",
    japanese=("フォロー解除",),
    takes=Takes.CHANNEL,
)
@for_colleagues
def unfollow(desk: Desk, request: Request) -> Rendered:
    """Follow what is named no longer; without a name, list what is followed."""
    typed, here, _ = _said(request.marked)
    targets = _targets(request.marked, typed)
    if not targets:
        return _list(desk, request)
    gone = desk.following.unfollow(request.asker, _follower(request, here), targets)
    return desk.say("unfollowed", request, targets=gone, here=here)


def _said(marked: str) -> tuple[str, bool, bool]:
    """What was typed of tags, whether for the channel, whether weekly."""
    words = slack_text.plain(slack_text.named(marked)[2], {}).split()
    here, weekly = False, False
    while words:
        found = ((size, which_word(" ".join(words[-size:]), _ENDINGS)) for size in (1, 2))
        size, last = next((one for one in found if one[1]), (1, None))
        if last is None and words[-1].strip(",、，"):
            break
        del words[-size:]
        here = here or last == HERE
        weekly = weekly or last == WEEKLY
    return " ".join(words).strip(" ,、，"), here, weekly


def _targets(marked: str, typed: str) -> tuple[Target, ...]:
    """The tags that were typed, and whom and what Slack made mentions of. Raises InvalidTag."""
    people, channels, _ = slack_text.named(marked)
    named = tags.tags(typed) if typed else ()
    return (
        *(Target(TargetKind.TAG, tag.key, tag.name) for tag in named),
        *(Target(TargetKind.MEMBER, member) for member in people),
        *(Target(TargetKind.CHANNEL, channel) for channel in channels),
    )


def _refuse_time(desk: Desk, request: Request, typed: str) -> None:
    """Raise NoTimeToFollow if a day stands at the end of what was typed, as behind a digest."""
    last = next(reversed(tags.parts(typed)), "")
    of, time = timed(desk, request, last)
    try:
        WeeklyTime.parse(time)
    except ValueError:  # SAT solving, say
        return
    raise NoTimeToFollow(tag=cut(of, 40) or "LLM", time=time)


def _unused(desk: Desk, request: Request, followed: Sequence[Follow]) -> list[Target]:
    """The tags among what is followed that no paper carries."""
    named = [one.target for one in followed if one.target.kind is TargetKind.TAG]
    known = desk.tagging.known(request.asker.audience, [one.name for one in named])
    return [one for one in named if one.name not in known]


def _follower(request: Request, here: bool) -> Follower:
    asker = request.asker
    if not here:
        return Follower(asker.workspace, asker.member)
    # In a direct message with the bot the person is told there anyway.
    if not asker.channel or asker.channel.startswith("D"):
        raise NoChannelHere
    return Follower(asker.workspace, asker.channel, is_channel=True)


def _list(desk: Desk, request: Request) -> Rendered:
    own = desk.following.of(_follower(request, here=False))
    channel = request.asker.channel
    here = desk.following.of(Follower(request.asker.workspace, channel, is_channel=True)) if channel else ()
    told = desk.say("follows", request, own=own, here=here)
    return told.over(*enders(desk.messages.wording(request.language), (*own, *here)))
