"""What one workspace has made of one paper: shares, tags, comments, and who may see which of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from papers.images import Image
from papers.paper import Paper, PaperId
from papers.translation import NOTHING, Passage, Translation


class ChannelKind(StrEnum):
    """What kind of conversation a channel is. Only what is shared in a public one is ever published."""

    PUBLIC = "public"
    PRIVATE = "private"
    DIRECT = "direct"
    UNKNOWN = "unknown"  # not asked yet: treated as private


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the workspace, or a bot. `name` is the display name, or empty while it is not known.

    `feed` is what their own page and feeds on the published pages are called, if they want any; told to those
    alone who read the pages.
    """

    id: str
    name: str = ""
    language: str = ""
    bot: bool = False
    feed: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """A conversation of the workspace. `name` is empty while it is not known, and for direct messages.

    An `external` one is shared with another organisation (Slack Connect): its people read along. One that
    `was_external` was so until Slack said otherwise: what was made in it belongs to both sides still.
    """

    id: str
    name: str = ""
    kind: ChannelKind = ChannelKind.UNKNOWN
    external: bool = False
    was_external: bool = False

    @property
    def is_closed(self) -> bool:
        """Whether its people are told of it alone: others read along, or may (`storage.sight` holds to it)."""
        return self.external or self.kind is ChannelKind.UNKNOWN


@dataclass(frozen=True, slots=True)
class Workspace:
    """A Slack workspace and what it has settled for all: its language, its time zone, who appears where.

    `shows_names` says whether people appear by name on pages and in digests. A paper that was shared within
    `quiet_days`, or with `quiet_here` in the same channel, is not said to have been seen before.
    `publishes_external`: what is shared in public channels that are or were external is published too.
    `change` counts the changes to its notes, and to what shows on the pages.
    """

    id: str
    name: str = ""
    url: str = ""
    language: str = "en"
    zone: str = "UTC"
    change: int = 0
    shows_names: bool = True
    quiet_days: int = 0
    quiet_here: bool = False
    publishes_external: bool = False

    def publishes(self, channel: Channel) -> bool:
        """Whether what is made in the channel is for everybody, on the pages too (`storage.sight` holds to it)."""
        ours_alone = not (channel.external or channel.was_external)
        return channel.kind is ChannelKind.PUBLIC and (self.publishes_external or ours_alone)


@dataclass(frozen=True, slots=True)
class Audience:
    """Who looks: anybody (the published pages), the people of one channel of the workspace, or one member.

    An audience sees what was shared in public channels, and what was shared in its own channel; a member what
    was shared in any of the `conversations` that they are in. The people of an external channel see what was
    shared in it, and nothing else. Anybody is not told the names of people who do
    not want to be named; nor is a `discreet` audience, such as a digest's.
    """

    workspace: str
    channel: str | None = None
    discreet: bool = False
    conversations: tuple[str, ...] = ()

    @property
    def names_everybody(self) -> bool:
        """Whether also those are named who do not want to be: their colleagues in Slack see them anyway."""
        return self.channel is not None and not self.discreet


@dataclass(frozen=True, slots=True)
class Message:
    """Where in Slack something was written: channel, message time stamp, and the thread it stands in.

    `thread_ts` is None for a message outside threads. `ts` is Slack's, such as `1700000000.000100`.
    """

    workspace: str
    channel: str
    ts: str
    thread_ts: str | None = None

    @property
    def thread(self) -> str:
        """The time stamp of the thread that an answer to this message belongs to."""
        return self.thread_ts or self.ts

    @property
    def origin(self) -> str:
        """The message as the origin of what it made; time stamps are unique within a channel only."""
        return f"{self.channel}:{self.ts}"


@dataclass(frozen=True, slots=True)
class Share:
    """One posting of a paper's link. `message` has an empty `ts` until the card of an added paper is posted.

    `version` is the version that the link asked for, if any.
    """

    member: Member
    channel: Channel
    message: Message
    shared_at: datetime
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """A workspace's label: the name as shown and the folded key that makes `ＬＬＭ` and `llm` one tag."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag with the number of notes that carry it."""

    tag: Tag
    notes: int


@dataclass(frozen=True, slots=True)
class Comment:
    """One person's text on a note. `message` is None for a comment typed into a command or modal.

    The text is empty where an image says it all. `images` are told to those alone who read the pages.
    """

    member: Member
    channel: Channel
    text: str
    written_at: datetime
    message: Message | None = None
    edited: bool = False
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """A member who says to be reading the paper, since when and until when."""

    member: Member
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Twin:
    """The same work at another source. `title` is empty, and `noted` false, if the audience sees no note on it."""

    paper_id: PaperId
    title: str = ""
    noted: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A note as one audience sees it: shares, comments and readers oldest first, tags in the order given.

    `noted_at` is when the paper was first shared where the audience may see it.
    `change` rises with each change of the note, so that what shows it knows whether it is out of date.
    `translation` is in the workspace's language, None where there is none (yet).
    """

    id: int
    workspace: str
    paper: Paper
    noted_at: datetime
    change: int
    shares: tuple[Share, ...] = ()
    tags: tuple[Tag, ...] = ()
    comments: tuple[Comment, ...] = ()
    readers: tuple[Reader, ...] = ()
    twins: tuple[Twin, ...] = ()
    translation: Translation | None = None

    @property
    def paper_id(self) -> PaperId:
        """The id of the note's paper."""
        return self.paper.paper_id

    @property
    def first_share(self) -> Share | None:
        """The oldest share that this audience may see."""
        return self.shares[0] if self.shares else None

    @property
    def translated_summary(self) -> Passage:
        """The summary in the language of the translation; NOTHING where it is not wholly translated."""
        summary = self.paper.reading.summary if self.paper.reading else None
        return self.translation.of_summary(summary.text) if self.translation and summary else NOTHING


def permalink(workspace_url: str, message: Message) -> str:
    """The address of a message: `https://TEAM.slack.com/archives/C…/p…`, the form that Slack itself gives.

    https://docs.slack.dev/reference/methods/chat.getPermalink
    """
    link = f"{workspace_url.rstrip('/')}/archives/{message.channel}/p{message.ts.replace('.', '')}"
    if message.thread_ts and message.thread_ts != message.ts:
        return f"{link}?thread_ts={message.thread_ts}&cid={message.channel}"
    return link
