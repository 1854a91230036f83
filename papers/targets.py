"""The port to other places where published pages go, a bucket or a branch say, and how these refuse them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from papers.errors import FusenError

MARK = ".fusen-pages"
"""The file that says which files of a place are Fusen's."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a sending did: files put because they were new or different, and files removed."""

    put: int = 0
    removed: int = 0


class Target(Protocol):
    """A place where the pages go too. It shows the old pages or the new ones, whatever goes wrong on the way."""

    @property
    def name(self) -> str:
        """One word of the program for this kind of place."""
        ...

    @property
    def where(self) -> str:
        """Which place it is, for people to read; no secret is in it."""
        ...

    @property
    def pause(self) -> float:
        """How many seconds to leave between one sending and the next."""
        ...

    def send(self, alive: Callable[[], object]) -> Sent:
        """Send what differs from what stands in the folder of the pages, and remove what is published no longer.

        `alive` is called again and again meanwhile; what it raises ends the sending, as a kill would: the next
        one completes it. Raises a TargetTrouble, and UnwritablePagesFolder.
        """
        ...

    def behind(self) -> int | None:
        """How many files differ, after asking the place whether Fusen may write there. Raises a TargetTrouble.

        None while the pages are not all made yet.
        """
        ...


class TargetTrouble(FusenError):
    """The pages could not be sent. Readers there see what they saw before."""


class TargetUnreachable(TargetTrouble):
    """The place does not answer, or breaks off."""

    en = "The pages cannot be sent to {where} now ({reason}). What is there stays; Fusen will try again."
    ja = "ページを {where} に送信できません ({reason})。公開中の内容はそのままです。後で再試行されます。"


class TargetHungUp(TargetUnreachable):
    """The place breaks off without a word."""

    en = "The pages cannot be sent to {where} now: it hung up. What is there stays; Fusen will try again."
    ja = "{where} との接続が途中で切れ、ページを送信できません。公開中の内容はそのままです。後で再試行されます。"


class TargetRefetched(TargetUnreachable):
    """What was kept here of the place was damaged."""

    en = (
        "What Fusen kept here of {where} was damaged and is thrown away. Fusen fetches it anew and will try again."
    )
    ja = "{where} から取得した控えが壊れていたため、破棄しました。取得し直して、後で再試行されます。"


class SshFailed(TargetUnreachable):
    """SSH does not reach the place, or the other side ends it. `said` is the last line of what it told."""

    en = "The pages cannot be sent to {where} now. ssh says: {said}. What is there stays; Fusen will try again."
    ja = (
        "ページを {where} に送信できません。ssh のメッセージ: {said}。"
        "公開中の内容はそのままです。後で再試行されます。"
    )


class SshMissing(TargetUnreachable):
    """There is no program for SSH, or it may not be run."""

    en = (
        "The program of PAGES_GIT_SSH is not there ({program}), so the pages cannot be sent to {where}. "
        "Install it, or correct PAGES_GIT_SSH: a program and its options, without quotes around the whole."
    )
    ja = (
        "PAGES_GIT_SSH のプログラム ({program}) がないため、ページを {where} に送信できません。"
        "インストールするか、PAGES_GIT_SSH を直してください "
        "(プログラムとオプションを、全体を引用符で囲まずに書きます)。"
    )


class TargetRefused(TargetTrouble):
    """The place does not let Fusen write."""

    en = "{where} does not let Fusen write. Check {settings}, and what they may do there."
    ja = "{where} への書き込みが許可されていません。{settings} とその権限を確認してください。"


class TargetMissing(TargetTrouble):
    """There is no such place."""

    en = "{where} does not exist. Make it first, or correct {settings}."
    ja = "{where} が見つかりません。先に作成するか、{settings} を直してください。"


class TargetOccupied(TargetTrouble):
    """Somebody else's files are there, and nothing says that Fusen may come too."""

    en = (
        "{where} holds other files and none of Fusen's. Choose an empty place; or put an empty file named "
        f"{MARK} there, and Fusen adds its pages and leaves other files alone, except those of the same name."
    )
    ja = (
        "{where} には Fusen のものでないファイルがあります。空の場所を指定してください。"
        f"追加してよければ、{MARK} という空のファイルを置いてください (同じ名前のファイルは上書きされます)。"
    )


class TargetBusy(TargetTrouble):
    """Another process is sending there, or somebody else changes the place all the time."""

    en = "Something else is changing {where} right now. Fusen will try again."
    ja = "{where} はほかから更新中です。後で再試行されます。"


class SendingStopped(TargetTrouble):
    """Fusen is being stopped: what is begun is completed after the next start."""

    en = "Fusen is stopping. {where} gets the pages after its next start."
    ja = "Fusen は停止中です。{where} への送信は次回の起動後に行われます。"
