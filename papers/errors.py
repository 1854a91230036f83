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


class DatabaseUnreachable(FusenError):
    """The database cannot be used: a wrong address, nobody there, or a file that may not be written.

    `where` names it without user and password.
    """

    en = (
        "The database {where} cannot be used: {reason}. Check that it is there and that DATABASE_URL is right; "
        "a running Fusen goes on by itself, else start again."
    )
    ja = (
        "データベース {where} を使用できません ({reason})。データベースの状態と DATABASE_URL を確認してください。"
        "動いている Fusen は自動で再開します。止まっている場合は、もう一度起動してください。"
    )

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(where=where, reason=reason)


class DatabaseFull(DatabaseUnreachable):
    """The disk on which the database stands takes nothing more."""

    en = (
        "The disk of the database {where} is full ({reason}). Make room on it; a running Fusen goes on by itself, "
        "else start again. Slack tells again what could not be stored."
    )
    ja = (
        "データベース {where} のディスクに空きがありません ({reason})。空き容量を増やしてください。"
        "動いている Fusen は自動で再開します。止まっている場合は、もう一度起動してください。"
        "保存できなかったイベントは Slack から再送されます。"
    )


class DatabaseBusy(DatabaseUnreachable):
    """Others keep the database so busy that there was no turn to be had in time."""

    en = (
        "The database {where} is busy ({reason}). If another program keeps it so, end that program; "
        "a running Fusen goes on by itself, else start again."
    )
    ja = (
        "データベース {where} は使用中です ({reason})。ほかのプログラムが使い続けている場合は、終了してください。"
        "動いている Fusen は自動で再開します。止まっている場合は、もう一度起動してください。"
    )


class DatabaseReadOnly(DatabaseUnreachable):
    """The server lets nobody write: after a fail-over, say, or because its host found its disk full.

    Or the file of an SQLite database may not be written.
    """

    en = (
        "The database {where} takes nothing: it is read-only ({reason}). Check that DATABASE_URL leads to the "
        "server that may be written to, or who may write the file, and that its disk has room; a running Fusen "
        "goes on by itself, else start again."
    )
    ja = (
        "データベース {where} は読み取り専用になっています ({reason})。DATABASE_URL が書き込み可能なサーバーを"
        "指しているか、ファイルの書き込み権限があるか、ディスクに空きがあるかを確認してください。"
        "動いている Fusen は自動で再開します。止まっている場合は、もう一度起動してください。"
    )


class DatabaseForbids(DatabaseUnreachable):
    """The role by which PostgreSQL knows Fusen lacks a right: to make tables, as a rule."""

    en = (
        "The database {where} does not let Fusen's role do what it must ({reason}). Make the role the owner of a "
        "database of its own, CREATE DATABASE fusen OWNER fusen, or of this one, ALTER DATABASE … OWNER TO fusen; "
        "then start again."
    )
    ja = (
        "データベース {where} で、Fusen のロールに必要な権限がありません ({reason})。"
        "CREATE DATABASE fusen OWNER fusen で専用のデータベースを用意するか、"
        "ALTER DATABASE … OWNER TO fusen で所有者にしてから、もう一度起動してください。"
    )


class DatabaseEncodes(DatabaseUnreachable):
    """The PostgreSQL database cannot keep all letters: its encoding is not UTF8, and that cannot be changed."""

    en = (
        "The database {where} keeps text as {reason}, which lacks letters that people write. Make one that has "
        "them all: CREATE DATABASE fusen OWNER fusen ENCODING 'UTF8' TEMPLATE template0; let DATABASE_URL name it."
    )
    ja = (
        "データベース {where} の文字コード {reason} では、使われる文字をすべて保存できません。"
        "CREATE DATABASE fusen OWNER fusen ENCODING 'UTF8' TEMPLATE template0 で作成し、"
        "DATABASE_URL で指定してください。"
    )


class JournalUnreadable(DatabaseUnreachable):
    """The SQLite database is on a disk that takes nothing, and the last of it, in its journal, cannot be read."""

    en = (
        "The database {where} is on a read-only disk, and what was written last is in {where}-wal, which cannot "
        "be read there ({reason}). Copy both files into one folder on another disk, and let DATABASE_URL name "
        "the copy."
    )
    ja = (
        "データベース {where} は読み取り専用のディスクにあり、最後に書き込まれた内容を含む {where}-wal を"
        "そこでは読めません ({reason})。両方のファイルを別のディスクの同じフォルダにコピーし、"
        "DATABASE_URL でコピーを指定してください。"
    )


class DatabaseDamaged(DatabaseUnreachable):
    """The file of the database is damaged, or is no database."""

    en = (
        "The database file {where} is damaged ({reason}). Stop Fusen, keep the file aside, and restore the last "
        "backup in its place: fusen restore FILE."
    )
    ja = (
        "データベースファイル {where} が壊れています ({reason})。Fusen を止め、ファイルを別の場所に保管してから、"
        "最後のバックアップを復元してください: fusen restore ファイル名"
    )


class DatabaseMoved(DatabaseUnreachable):
    """The file of the SQLite database is gone from its place while it is in use, or another one is there."""

    en = (
        "The database file {where} was moved, deleted or replaced while Fusen runs ({reason}); nothing more is "
        "stored. Stop Fusen, put the file back with its {where}-wal, or restore the last backup, then start again."
    )
    ja = (
        "データベースファイル {where} が、Fusen の動作中に移動、削除、または置き換えられました ({reason})。"
        "これ以上は保存されません。Fusen を止め、ファイルを {where}-wal とともに元に戻すか、"
        "最後のバックアップを復元してから、もう一度起動してください。"
    )


class DatabaseUnlockable(DatabaseUnreachable):
    """Files cannot be locked where the SQLite database stands: on some network file systems, say."""

    en = (
        "The database {where} cannot be used: files cannot be locked on its file system ({reason}). Put it on "
        "another one, a disk of this machine say, or use PostgreSQL (DATABASE_URL), then start again."
    )
    ja = (
        "データベース {where} を使用できません。このファイルシステムではファイルをロックできません ({reason})。"
        "このマシンのディスクなど別のファイルシステムに置くか、PostgreSQL を使って (DATABASE_URL)、"
        "もう一度起動してください。"
    )


class WrongDatabaseAddress(DatabaseUnreachable):
    """The address of the database cannot be read. It is not repeated, because it may hold a password."""

    en = (
        "DATABASE_URL is no address that Fusen understands. Write sqlite:///var/fusen.db, or "
        "postgresql://user:password@host/name (in the password %40 for @ and %2F for /); of several servers "
        "postgresql://user:password@/name?host=one:5432&host=two:5432."
    )
    ja = (
        "DATABASE_URL を読み取れません。sqlite:///var/fusen.db または postgresql://user:password@host/name の形で"
        "書いてください (パスワード中の @ は %40、/ は %2F)。"
        "サーバーが複数の場合は postgresql://user:password@/name?host=one:5432&host=two:5432 です。"
    )

    def __init__(self) -> None:
        super().__init__(where="", reason="")
