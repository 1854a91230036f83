"""What a verb is given: the request, and the desk of use cases and words that all verbs work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.blocks import Rendered
from bot.messages import Messages
from bot.slack_trouble import SlackTrouble
from papers.asker import Asker
from papers.backfills import Backfills
from papers.digests import Digests
from papers.errors import FusenError
from papers.following import Following
from papers.forgetting import Forgetting
from papers.lookup import Lookup
from papers.note import Message, Note, Workspace
from papers.notebook import Notebook
from papers.nudges import Nudge
from papers.paper import PaperLink
from papers.pointing import as_typed
from papers.preferences import MembersSettle, Preferences
from papers.reactions import Reactions
from papers.readers import Readers
from papers.relating import Relating
from papers.settled import Standing
from papers.tag_keeping import TagKeeping
from papers.tagging import Tagging
from papers.undoing import Undoing


class ForColleagues(FusenError):
    """Somebody of another organization asks, in a shared channel, for what is the workspace's own business."""

    en = "Only people of the workspace that I belong to may ask me for this. Ask one of them."
    ja = "この操作は、私が所属するワークスペースのメンバーだけが行えます。メンバーに依頼してください。"


class StandingUnknown(FusenError):
    """Slack does not tell now whether somebody may change what holds for everybody."""

    en = "Slack cannot say right now whether you may change this. Please try again in a minute."
    ja = "変更の権限を Slack に確認できませんでした。しばらくしてからもう一度お試しください。"


@dataclass(frozen=True, slots=True)
class Request:
    """A wish for a verb: who wishes, in which language, the verb as they typed it, and what they said beside it.

    They may point at a paper by naming it (`paper`), by its card (`note_id`, 0 is none) or by a message that
    a shortcut was run on (which says `said`, in Slack's text form); `rest` is what was said beside, as plain
    text, and `marked` the same in Slack's text form, which names people and channels by their ids. `kept` is what
    the modal that asks them for more will remember. `pressed`: the words are those of a button, which Fusen made.
    """

    asker: Asker
    language: str
    workspace: Workspace
    verb: str = ""
    rest: str = ""
    marked: str = ""
    paper: PaperLink | None = None
    note_id: int = 0
    message: Message | None = None
    said: str = ""
    kept: tuple[str, ...] = ()
    pressed: bool = False

    @property
    def points(self) -> bool:
        """Whether the person said which paper they mean, rather than leave it to where they are."""
        return bool(self.paper or self.note_id or self.message)

    def begun(self, verb: str, note: Note) -> str:
        """What they typed so far: the verb, and the note's paper if they said which they mean."""
        typed = self.verb or verb
        return f"{typed} {as_typed(note.paper_id)}" if self.points else typed


@dataclass(frozen=True, slots=True)
class Desk:
    """What the verbs work with."""

    lookup: Lookup
    notebook: Notebook
    tagging: Tagging
    readers: Readers
    reactions: Reactions
    tag_keeping: TagKeeping
    digests: Digests
    following: Following
    preferences: Preferences
    undoing: Undoing
    forgetting: Forgetting
    relating: Relating
    backfills: Backfills
    messages: Messages
    nudge: Nudge
    command: str
    bot_user: str
    pages_address: str
    today: Callable[[], date]
    standing: Callable[[str, str], Standing]

    def say(self, template: str, request: Request, **values: object) -> Rendered:
        """An answer to this request."""
        spoken = self.spoken(request.asker, request.message)
        return self.messages.render(template, request.workspace, request.language, command=spoken, **values)

    def spoken(self, asker: Asker, message: Message | None = None) -> str:
        """What a verb follows: the slash command, or the mention in threads, where slash commands do not work.

        So it is where somebody points at a `message`, which may stand in one, if a mention is heard there.
        """
        hears = self.following.is_in(message.workspace, message.channel) if message else asker.thread_ts
        return f"@{self.bot_user}" if hears else self.command

    def refusal(self, error: FusenError, asker: Asker, message: Message | None = None) -> str:
        """What somebody is told of an expected error, in their language, with verbs as they are typed there."""
        language = self.lookup.language(asker.workspace, asker.member)
        return error.sentence(language, self.spoken(asker, message))

    def standing_of(self, asker: Asker) -> Standing:
        """What the asker is in the workspace. Raises StandingUnknown."""
        try:
            return self.standing(asker.workspace, asker.member)
        except SlackTrouble as trouble:
            raise StandingUnknown from trouble

    def is_stranger(self, asker: Asker) -> bool:
        """Whether the asker is of another organization; they are met in external channels alone.

        Raises StandingUnknown if Slack does not tell who they are.
        """
        here = self.lookup.channel(asker.workspace, asker.channel)
        return here.external and self.standing_of(asker) is Standing.STRANGER

    def check_colleague(self, asker: Asker) -> None:
        """Raise ForColleagues for one of another organization. Raises StandingUnknown."""
        if self.is_stranger(asker):
            raise ForColleagues

    def check_full_member(self, asker: Asker) -> None:
        """Raise MembersSettle for a guest, or one of another organization. Raises StandingUnknown."""
        if self.standing_of(asker) < Standing.MEMBER:
            raise MembersSettle
