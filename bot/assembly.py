"""The use cases put together over their ports: what stands behind the door to Slack, and the jobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.backfilling import Backfilling
from bot.channels import Channels
from bot.clock import Clock
from bot.door import Door
from bot.fetching import Fetching
from bot.fetching_images import FetchingImages
from bot.handling import Handling
from bot.histories import LearningHistories
from bot.home import HomeView
from bot.intake import Intake
from bot.leaving import Forgetful
from bot.messages import Messages
from bot.names import Names
from bot.pages import Flavours
from bot.posting import Posting
from bot.pruning import Pruning
from bot.reading_pages import ReadingPages
from bot.sending import Sending
from bot.settings import Settings
from bot.showing_homes import ShowingHomes
from bot.slack import Identity, Slack
from bot.slack_files import SlackFiles
from bot.tidings import Tidings
from bot.translating import Translating
from bot.verbs import Desk
from papers.backfills import Backfills
from papers.digests import Digests
from papers.following import Following
from papers.forgetting import Forgetting
from papers.history_shelf import Archive
from papers.homes import Homes
from papers.images import Develop
from papers.leaving import Leaving
from papers.lookup import Lookup
from papers.membership import Membership
from papers.notebook import Notebook
from papers.nudges import Job
from papers.preferences import Preferences
from papers.reactions import Reactions
from papers.readers import Readers
from papers.relating import Relating
from papers.shelf import Shelves
from papers.source import Enrichment, Gate, PageSource, Source
from papers.tag_keeping import TagKeeping
from papers.tagging import Tagging
from papers.translation import Translator
from papers.undoing import Undoing
from papers.watching import Watching

HURRIED_SECONDS = 1
"""How long Slack may take for one answer while somebody waits for ours, and until when it is asked for names.

So all names of a command together take two seconds at most; Slack takes our answer for three.
"""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the composition has chosen for the use cases to work with.

    `count` is told of all that comes from Slack: its kind, and what became of it.
    """

    shelves: Shelves
    source: Source
    archive: Archive | None
    translator: Translator | None
    gate: Gate
    pages: PageSource
    enrichment: Enrichment
    develop: Develop
    notebook: Notebook
    digests: Digests
    publishing: Flavours
    sending: Sending
    messages: Messages
    empty_journal: Callable[[], bool]
    count: Callable[[str, str], None]
    now: Callable[[], datetime]
    today: Callable[[], date]


@dataclass(frozen=True, slots=True)
class Assembled:
    """All that answers to Slack and to the clock."""

    door: Door
    jobs: Mapping[Job, Callable[[], object]]


def assemble(settings: Settings, parts: Parts, clock: Clock, slack: Slack, identity: Identity) -> Assembled:
    """Put the use cases together."""
    shelves, now, nudge = parts.shelves, parts.now, clock.nudge
    notes, weekly, speech = parts.notebook, parts.digests, parts.messages
    lookup = Lookup(shelves)

    def wake(job: Job, when: datetime) -> None:
        clock.wake(job, datetime.now(UTC) + (when - now()))  # the scheduler goes by this host's clock

    following = Following(shelves, nudge, now, settings.digest_time)
    relating = Relating(shelves, nudge, parts.gate)
    names = Names(shelves, slack, nudge, now)
    quick = slack.hurried(HURRIED_SECONDS)
    backfills = Backfills(shelves, nudge, now, settings.command)
    readers = Readers(shelves, nudge, now)
    desk = Desk(
        lookup=lookup,
        notebook=notes,
        tagging=Tagging(shelves, nudge, now),
        readers=readers,
        reactions=Reactions(shelves, nudge, now),
        tag_keeping=TagKeeping(shelves, nudge, now),
        digests=weekly,
        undoing=Undoing(shelves, nudge, now),
        forgetting=Forgetting(shelves, nudge, now),
        following=following,
        preferences=Preferences(shelves, nudge, now, settings.settled_by == "admins"),
        relating=relating,
        backfills=backfills,
        messages=speech,
        nudge=nudge,
        command=settings.command,
        bot_user=identity.name,
        pages_address=settings.pages_address,
        today=parts.today,
        standing=quick.standing,
    )
    membership, leaving = Membership(shelves, nudge, now), Leaving(shelves, nudge, now)
    forgetful = Forgetful(identity.workspace, leaving, parts.publishing, parts.sending, slack)
    channels = Channels(membership, names, now)
    handling = Handling(shelves, desk, channels, leaving, names, identity.user, now, parts.count)
    tidings = Tidings(lookup, notes, following, speech)
    posting = Posting(shelves, lookup, notes, weekly, tidings, slack, speech, nudge, wake, now)
    homes = Homes(shelves, nudge, now, settings.digest_time)
    files = SlackFiles(settings.slack_bot_token, settings.slack_api_url)
    jobs: dict[Job, Callable[[], object]] = {
        Job.HANDLE_EVENTS: handling,
        Job.FETCH_PAPERS: Fetching(shelves, parts.source, parts.enrichment, nudge, now),
        Job.READ_PAGES: ReadingPages(shelves, parts.pages, parts.enrichment, nudge, wake, now),
        Job.FETCH_IMAGES: FetchingImages(
            shelves, files, parts.develop, lambda: slack.examine().scopes, nudge, now
        ),
        Job.POST_MESSAGES: posting.post,
        Job.REFRESH_CARDS: posting.refresh,
        Job.LEARN_NAMES: names,
        Job.OWE_DIGESTS: weekly.owe_due,
        Job.EXPIRE_CLAIMS: readers.expire,
        Job.TELL_FOLLOWERS: following.tell,
        Job.REFRESH_HOMES: ShowingHomes(homes, lookup, names, slack, HomeView(speech, f"@{identity.name}"), wake),
        Job.WATCH_PAPERS: Watching(shelves, nudge, now),
        Job.RELATE_NOTES: relating.keep_ready,
        Job.INDEX_NOTES: notes.index,
        Job.READ_PAST: Backfilling(shelves, lookup, backfills, handling, slack, speech, wake, now),
        Job.PUBLISH_PAGES: parts.publishing,
        Job.SEND_PAGES: parts.sending,
        Job.PRUNE: Pruning(shelves, parts.empty_journal, forgetful, wake, now),
    }
    if parts.archive:
        jobs[Job.LEARN_HISTORIES] = LearningHistories(shelves, parts.archive, nudge, now)
    if parts.translator:
        budget = settings.llm_monthly_tokens
        jobs[Job.TRANSLATE] = Translating(shelves, parts.translator, parts.gate, budget, nudge, now)
    patience = timedelta(seconds=HURRIED_SECONDS)
    hurried, seen = Names(shelves, quick, nudge, now, patience), quick.conversations
    intake = Intake(shelves, now)
    told = Channels(membership, hurried, now)
    door = Door(identity.workspace, desk, intake, handling, told, hurried, slack, homes, seen, parts.count)
    return Assembled(door, jobs)
