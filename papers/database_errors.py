"""What can be wrong with the database, as people are told of it."""

from __future__ import annotations

from papers.errors import FusenError


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
