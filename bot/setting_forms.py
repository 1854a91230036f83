"""The forms of settings: each makes a value of a text, or raises Unfit, which says what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from papers.errors import FusenError
from papers.periods import WeeklyTime


class Unfit(FusenError):
    """A setting that is missing or wrong, in the words of whoever finds it so."""

    en = "{en}"
    ja = "{ja}"

    def __init__(self, en: str, ja: str) -> None:
        super().__init__(en=en, ja=ja)


def token(prefix: str) -> Callable[[str], str]:
    """A token that begins so, or none."""

    def check(text: str) -> str:
        if text and (not text.startswith(prefix) or text.split() != [text]):
            raise Unfit(
                f"a token here begins with {prefix} and has no blanks",
                f"ここのトークンは {prefix} で始まり、空白を含みません",
            )
        return text

    return check


def command(text: str) -> str:
    """A slash command."""
    if not re.fullmatch(r"/[^/\s]{1,31}", text) or text != text.lower():
        raise Unfit(
            "a slash command begins with /, such as /note, and has 2 to 32 characters, no capitals and no other /",
            "スラッシュコマンドは /note のように / で始まる 2〜32 文字です。大文字と 2 つ目の / は使えません",
        )
    return text


def address(text: str) -> str:
    """An address of the web; its scheme in small letters, as that of every address here."""
    unfit = Unfit(
        "an address begins with http:// or https:// and names a host",
        "http:// か https:// で始まり、ホスト名のあるアドレスを書いてください",
    )
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise unfit from error
    if parts.scheme not in ("http", "https") or not parts.hostname or text.split() != [text]:
        raise unfit
    return parts.scheme + text[len(parts.scheme) :]


def address_or_none(text: str) -> str:
    """An address of the web, or none."""
    return address(text) if text else ""


def site(text: str) -> str:
    """The address of a folder of pages: the path of each is put behind it."""
    found = address_or_none(text)
    if "?" in found or "#" in found:
        raise Unfit(
            "leave out what begins with ? or #: the addresses of pages begin with this one",
            "? や # 以降は書かないでください。各ページのアドレスがこの後に続きます",
        )
    if found.lower().endswith((".html", ".htm")):
        raise Unfit(
            "leave out the page: give the address of the folder, where those of all pages begin",
            "ページではなくフォルダのアドレスを書いてください。各ページのアドレスがこの後に続きます",
        )
    return found


def number(text: str) -> int:
    """A number."""
    if not re.fullmatch("[0-9]{1,12}", text):
        raise Unfit("give a number, such as 1000000", "1000000 のような数を書いてください")
    return int(text)


def open_address(text: str) -> str:
    """An address in which nothing is secret: it is shown."""
    if not text:
        return ""
    parts = urlsplit(address(text))
    if parts.username or parts.password or parts.query:
        raise Unfit(
            "leave keys, users and passwords out of the address; each has a setting of its own",
            "キー、ユーザー、パスワードはアドレスに含めず、それぞれの設定に書いてください",
        )
    return text


def bucket(text: str) -> str:
    """A bucket, perhaps with a folder in it, or none."""
    if text and not re.fullmatch(
        r"s3://[a-z0-9][a-z0-9._-]{1,61}[a-z0-9](/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?", text
    ):
        raise Unfit(
            "write s3://BUCKET or s3://BUCKET/FOLDER", "s3://BUCKET または s3://BUCKET/FOLDER の形で書いてください"
        )
    return text


def repository(text: str) -> str:
    """Over HTTPS, over SSH in both of git's forms, or a bare repository on this machine."""
    if text.startswith(("https://", "http://")):
        return open_address(text)
    if text and not re.fullmatch(r"ssh://[^\s:@]+(@[^\s:@]+)?(:\d+)?/\S+|[\w.-]+@[\w.-]+:\S+|/\S+", text):
        raise Unfit(
            "write https://HOST/OWNER/NAME.git, git@HOST:OWNER/NAME.git or the whole path of a bare repository, "
            "beginning with /",
            "https://HOST/OWNER/NAME.git、git@HOST:OWNER/NAME.git、/ で始まるベアリポジトリの絶対パスのどれかを"
            "書いてください",
        )
    return text


def branch(text: str) -> str:
    """The name of a branch."""
    # https://git-scm.com/docs/git-check-ref-format, and a little stricter
    if not re.fullmatch(r"(?!.*(\.\.|//|/\.|\.lock(/|$)))[A-Za-z0-9_][A-Za-z0-9_./-]*(?<![./])", text):
        raise Unfit("this is no name of a branch", "ブランチの名前として使えません")
    return text


def one_of(known: Collection[str]) -> Callable[[str], str]:
    """One of these words, in small letters."""

    def check(text: str) -> str:
        if text.lower() not in known:
            raise Unfit(f"choose one of {', '.join(known)}", f"{', '.join(known)} のどれかを指定してください")
        return text.lower()

    return check


def channel(text: str) -> str:
    """The id of a channel, or none."""
    if text and not re.fullmatch("[CG][A-Z0-9]+", text):
        raise Unfit(
            "give the channel's ID, such as C0123456789; Slack shows it at the end of the channel's details",
            "C0123456789 のようなチャンネル ID を書いてください。Slack のチャンネル詳細の末尾にあります",
        )
    return text


def path(text: str) -> Path:
    """A path; `~` is the home directory."""
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise Unfit("there is no such home directory", "そのようなホームディレクトリはありません") from error


def zone(text: str) -> str:
    """The name of a zone."""
    try:
        return ZoneInfo(text).key
    except (LookupError, ValueError, OSError) as error:
        raise Unfit(
            "name a zone such as Asia/Tokyo", "Asia/Tokyo のようなタイムゾーン名を書いてください"
        ) from error


def port(text: str) -> int:
    """The number of a port."""
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) > 65535:
        raise Unfit(
            "a port is a number from 0 to 65535; 0 takes a free one",
            "ポートは 0 から 65535 の数です。0 なら空いているポートを使います",
        )
    return int(text)


def host(text: str) -> str:
    """An IP address or the name of a host."""
    try:
        return str(ip_address(text))
    except ValueError:
        pass
    if not re.fullmatch(r"[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9.])?", text):
        raise Unfit(
            "give an IP address such as 0.0.0.0 or the name of a host, without http:// and without a port",
            "0.0.0.0 のような IP アドレスかホスト名を、http:// やポート番号を付けずに書いてください",
        )
    return text


def weekly_time(text: str) -> WeeklyTime:
    """A time of the week."""
    try:
        return WeeklyTime.parse(text)
    except ValueError as error:
        raise Unfit(
            "write a time of the week, for example: mon 09:00", "曜日と時刻を書いてください。例: mon 09:00"
        ) from error
