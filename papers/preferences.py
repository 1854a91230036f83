"""The use cases of settings: what holds for a person and for the workspace, and changing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from papers.acts import record_staying
from papers.asker import Asker
from papers.errors import FusenError
from papers.note import Workspace
from papers.nudges import Job, Nudge
from papers.settled import PERSONAL, SHARED, Personal, Setting, Settled, Standing, Value, as_typed
from papers.shelf import Shelf, Shelves


class MembersSettle(FusenError):
    """A guest, or somebody of another workspace, wants to change what holds for the whole workspace."""

    en = "Only full members of this workspace may change what holds for everybody. Ask one of them."
    ja = "ワークスペース全体の設定は、正規メンバーだけが変更できます。メンバーに依頼してください。"


class AdminsSettle(FusenError):
    """Whoever runs Fusen leaves the workspace's settings to its admins."""

    en = "Only admins of this workspace may change what holds for everybody. Ask one of them."
    ja = "ワークスペース全体の設定は、管理者だけが変更できます。管理者に依頼してください。"


@dataclass(frozen=True, slots=True)
class Shown:
    """All that is settled, as one person sees it."""

    personal: Personal
    workspace: Workspace
    settled: Mapping[Setting, Settled]

    def value(self, setting: Setting) -> Value:
        """What holds now for a setting; for a language left to Slack, nothing."""
        held: Mapping[Setting, Value] = {
            Setting.LANGUAGE: self.personal.language,
            Setting.NAMED: self.personal.named,
            Setting.FEED: self.personal.feed,
            Setting.TEAM_LANGUAGE: self.workspace.language,
            Setting.ZONE: self.workspace.zone,
            Setting.NAMES: self.workspace.shows_names,
            Setting.QUIET_DAYS: self.workspace.quiet_days,
            Setting.QUIET_HERE: self.workspace.quiet_here,
            Setting.PUBLISH_EXTERNAL: self.workspace.publishes_external,
        }
        return held[setting]


class Preferences:
    """The settings. `admins_only`: what holds for the whole workspace is changed by its admins alone."""

    def __init__(
        self, shelves: Shelves, nudge: Nudge, now: Callable[[], datetime], admins_only: bool = False
    ) -> None:
        self._shelves = shelves
        self._nudge = nudge
        self._now = now
        self._least = Standing.ADMIN if admins_only else Standing.MEMBER

    def shown(self, asker: Asker) -> Shown:
        """What holds for this person and their workspace. Raises LookupError for an unknown workspace."""
        with self._shelves.reading() as shelf:
            return _shown(shelf, asker)

    def may_settle(self, standing: Standing) -> bool:
        """Whether somebody of this standing may change what holds for the whole workspace."""
        return standing >= self._least

    def check(self, standing: Standing) -> None:
        """Raise MembersSettle or AdminsSettle for one of a standing that may not."""
        if not self.may_settle(standing):
            raise AdminsSettle if self._least is Standing.ADMIN else MembersSettle

    def settle(self, asker: Asker, wishes: Mapping[Setting, Value], standing: Callable[[], Standing]) -> Shown:
        """Let the wishes hold from now on; those that hold already are nobody's change. Returns what holds.

        `standing` is asked before anything is written, and only if a wish concerns everybody.
        Raises MembersSettle or AdminsSettle, and then nothing is changed.
        """
        before = self.shown(asker)
        new = {setting: value for setting, value in wishes.items() if before.value(setting) != value}
        if any(setting in SHARED for setting in new):
            self.check(standing())
        at = self._now()
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            before = _shown(shelf, asker)
            if any(setting in PERSONAL for setting in wishes):
                held = before.personal
                personal = replace(
                    held,
                    language=str(wishes.get(Setting.LANGUAGE, held.language)),
                    named=bool(wishes.get(Setting.NAMED, held.named)),
                    feed=bool(wishes.get(Setting.FEED, held.feed)),
                )
                shelf.settings.settle_personal(asker.workspace, asker.member, personal)
            for setting in filter(new.__contains__, SHARED):
                shelf.settings.settle(asker.workspace, setting, new[setting], asker.member, at)
            changed = [setting for setting, value in wishes.items() if before.value(setting) != value]
            did = _typed({setting: wishes[setting] for setting in changed or wishes})
            back = [_typed({setting: before.value(setting) for setting in changed})] if changed else []
            record_staying(shelf.acts, asker, did, back, at)
        # Whoever was forgotten and says how they want to be known is known again.
        for job in (Job.LEARN_NAMES, Job.PUBLISH_PAGES):
            self._nudge(job)
        return self.shown(asker)


def _shown(shelf: Shelf, asker: Asker) -> Shown:
    workspace = shelf.directory.workspace(asker.workspace)
    if workspace is None:
        raise LookupError(asker.workspace)
    settled = {one.setting: one for one in shelf.settings.settled(workspace.id)}
    return Shown(shelf.settings.personal(workspace.id, asker.member), workspace, settled)


def _typed(values: Mapping[Setting, Value]) -> str:
    """What is typed to let these values hold."""
    return "settings " + ", ".join(f"{setting} {as_typed(setting, value)}" for setting, value in values.items())
