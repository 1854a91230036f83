"""What can go wrong, told as the sentence that the person reads, in English and Japanese."""

from __future__ import annotations

from typing import ClassVar


class FusenError(Exception):
    """An expected error. Its text is a sentence for the person who caused it and says what to do next.

    Each kind gives its sentence in both languages; the facts given to the constructor fill its gaps. What a verb
    follows where it is to be typed is the gap `{command}`, filled where the sentence is told. A fact that is a
    tuple is told as a list.
    """

    en: ClassVar[str]
    ja: ClassVar[str]

    def __init__(self, **facts: object) -> None:
        super().__init__()
        self.facts = facts

    def __str__(self) -> str:
        return self.sentence("en")

    def sentence(self, language: str, command: str = "/note") -> str:
        """The sentence in `language` (`en` or `ja`; anything else reads English)."""
        text = self.ja if language == "ja" else self.en
        between = "、" if language == "ja" else ", "
        lists = {name: between.join(fact) for name, fact in self.facts.items() if isinstance(fact, tuple)}
        return text.format(**{"command": command, **self.facts, **lists})


class SourceError(FusenError):
    """The source of papers could not answer. It says nothing of whether a paper exists."""


class SourceThrottled(SourceError):
    """The source asks for patience (HTTP 429, or 503 with Retry-After). `seconds` says for how long."""

    en = "arXiv asks us to wait {seconds:.0f} seconds. The paper is saved; its details follow."
    ja = "arXiv から {seconds:.0f} 秒待つよう求められています。論文は保存済みです。詳細は後ほど追記します。"

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds=seconds)
        self.seconds = seconds


class SourceUnavailable(SourceError):
    """The source did not answer in time, answered with a failure, or with a body that is no answer."""

    en = "arXiv cannot be reached ({reason}). The paper is saved; its details follow."
    ja = "arXiv に接続できません ({reason})。論文は保存済みです。詳細は後ほど追記します。"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


class SourceRefused(SourceError):
    """The source refuses the request as a whole (HTTP 400): one of the ids offends it."""

    en = "arXiv refuses the request ({reason})."
    ja = "arXiv がリクエストを拒否しました ({reason})。"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


class SourceLeftAlone(SourceUnavailable):
    """The source did not answer others a moment ago, so it is not asked before some time has passed."""


class PageThrottled(SourceThrottled):
    """A site asks for patience, or was asked a moment ago. `seconds` says for how long."""

    en = "{site} asks us to wait {seconds:.0f} seconds. The link is saved; its details follow."
    ja = "{site} から {seconds:.0f} 秒待つよう求められています。リンクは保存済みです。詳細は後ほど追記します。"

    def __init__(self, site: str, seconds: float) -> None:
        super().__init__(seconds)
        self.facts = {"site": site, "seconds": seconds}


class PageUnavailable(SourceUnavailable):
    """A site did not answer in time, answered with a failure, or with something that cannot be read."""

    en = "{site} cannot be reached ({reason}). The link is saved; its details follow."
    ja = "{site} に接続できません ({reason})。リンクは保存済みです。詳細は後ほど追記します。"

    def __init__(self, site: str, reason: str) -> None:
        super().__init__(reason)
        self.facts = {"site": site, "reason": reason}


class UnknownPaper(FusenError):
    """Nobody here has shared the paper that was asked for."""

    en = "Nobody here has shared {typed} yet. Save it first: {command} add {typed}"
    ja = "{typed} はまだここで共有されていません。先に保存してください: {command} add {typed}"


class NoPaperHere(FusenError):
    """A command speaks of the last paper of a channel that has none."""

    en = "No paper has been shared in this channel yet. Paste an arXiv link, or name a paper: {example}"
    ja = (
        "このチャンネルではまだ論文が共有されていません。arXiv のリンクを貼るか、論文を指定してください: {example}"
    )


class NoPaperInThread(FusenError):
    """A command in a thread that is about no paper names none."""

    en = "I know of no paper in this thread. Name the paper: {example}"
    ja = "このスレッドには、わかる論文がありません。論文を指定してください: {example}"


class NoPaperInMessage(FusenError):
    """A shortcut on a message that shares no paper, in a thread about none."""

    en = "I find no paper in this message or its thread. Reply with an arXiv link, or choose another message."
    ja = (
        "このメッセージとそのスレッドには論文がありません。arXiv のリンクを返信するか、"
        "別のメッセージを選んでください。"
    )


class NotSavedYet(FusenError):
    """A shortcut on a message whose links nobody has saved: another bot's, or one from before Fusen came."""

    en = "What this message links to is not saved yet: choose “Save link” in the same menu, then try again."
    ja = (
        "このメッセージのリンク先はまだ保存されていません。"
        "同じメニューの「Save link」で保存してから、もう一度お試しください。"
    )


class WrongWords(FusenError):
    """What was typed is none of what was asked for; a long one is told by its beginning."""

    def __init__(self, typed: str) -> None:
        super().__init__(typed=typed if len(typed) <= 60 else typed[:60] + "…")


class NotAPaper(WrongWords):
    """What was typed names no arXiv paper."""

    en = "“{typed}” is not an arXiv paper that I can read. Try a link or an id such as 2310.13671."
    ja = "「{typed}」は arXiv の論文として読み取れません。リンクか 2310.13671 のような ID を指定してください。"


class NoSuchPaper(WrongWords):
    """What was typed names no paper that the asker sees, by no link, id or title."""

    en = "I find no paper “{typed}”. Name it by a link, an id such as 2310.13671, or words of its title."
    ja = (
        "「{typed}」に当たる論文が見つかりません。"
        "リンク、2310.13671 のような ID、タイトルの言葉のどれかで指定してください。"
    )


class NotAPage(WrongWords):
    """A link that leads to no page of the open web."""

    en = (
        "“{typed}” is not a public web page, so I cannot save it. Give its whole address: "
        "{command} add https://example.org/page"
    )
    ja = (
        "「{typed}」は公開された Web ページではないため、保存できません。"
        "アドレス全体を指定してください。例: {command} add https://example.org/page"
    )


class NoLinkInMessage(FusenError):
    """A message without a link that is still to be saved."""

    en = "I find no link in this message that is not saved already."
    ja = "このメッセージには、まだ保存していないリンクがありません。"


class EmptyComment(FusenError):
    """A comment without text. `verb` is what it was to be typed behind, with the paper if one was named."""

    en = "The comment is empty. Write it behind the verb, for example: {command} {verb} see section 3"
    ja = "コメントが空です。続けて本文を書いてください。例: {command} {verb} 3章が参考になる"

    def __init__(self, verb: str = "comment") -> None:
        super().__init__(verb=verb)


class TagNotThere(FusenError):
    """A tag to be removed is not on the note."""

    en = "“{title}” does not carry the tag {typed}."
    ja = "「{title}」にタグ {typed} は付いていません。"
