"""The settings: one frozen object, read once, complaining of all faults at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from bot import setting_forms as forms
from bot.logs import FORMS, LEVELS, SECRETS
from bot.setting_forms import Unfit
from papers.errors import FusenError
from papers.periods import WeeklyTime
from papers.wording import LANGUAGES

T = TypeVar("T")

SETTLERS = ("members", "admins")
"""Who may change, in Slack, what holds for the whole workspace."""

SLACK_API = "https://slack.com/api/"
ARXIV_API, ARXIV_OAI = "https://export.arxiv.org/api/query", "https://oaipmh.arxiv.org/oai"

COMMENTS = ("beginning", "whole")
"""How much of the comments stands in the files of the Jekyll flavour."""

ROBOTS = ("allow", "refuse")
"""Whether search engines may list the published pages."""


_NEEDED = {
    "PAGES_BUCKET_KEY_ID": "PAGES_BUCKET_SECRET",
    "PAGES_BUCKET_SECRET": "PAGES_BUCKET_KEY_ID",
    "PAGES_BUCKET_ENDPOINT": "PAGES_BUCKET",
    "PAGES_GIT_TOKEN": "PAGES_GIT",
    "PAGES_BUCKET": "SLACK_BOT_TOKEN",
    "PAGES_GIT": "SLACK_BOT_TOKEN",
}
"""Settings that need another: what the playground makes must not replace a team's pages elsewhere."""


_MAY_CITE_SECRETS = ("PAGES_BUCKET", "PAGES_BUCKET_ENDPOINT", "PAGES_GIT")
"""Settings whose wrong values may have a secret in them."""


READERS = ("anybody", "members", "full-members")
"""Who may read the pages on Fusen's own web server; `members` are guests too."""


class WrongSettings(FusenError):
    """Settings that are missing or wrong, all of them."""

    en = "These settings need your attention (set them in the environment or in .env):\n{faults}"
    ja = "次の設定を確認してください (環境変数または .env):\n{faults}"

    def __init__(self, faults: Sequence[Unfit]) -> None:
        super().__init__()
        self._faults = faults

    def sentence(self, language: str, command: str = "/note") -> str:
        """All faults in `language`, each in a line of its own."""
        told = "\n".join(f"  {fault.sentence(language, command)}" for fault in self._faults)
        return (self.ja if language == "ja" else self.en).format(faults=told)


class UnusableFolder(FusenError):
    """A folder that a setting names is not there and cannot be made."""

    en = "The folder {folder} cannot be made ({reason}). Choose another with {setting}."
    ja = "フォルダ {folder} を作成できません ({reason})。{setting} で別の場所を指定してください。"


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be chosen from outside; `.env.example` describes each by its environment name."""

    slack_bot_token: str = field(repr=False)
    slack_app_token: str = field(repr=False)
    slack_signing_secret: str = field(repr=False)
    slack_client_id: str
    slack_client_secret: str = field(repr=False)
    slack_api_url: str
    command: str
    database_url: str = field(repr=False)
    arxiv_api_url: str
    arxiv_oai_url: str
    arxiv_contact: str
    llm_base_url: str
    llm_api_key: str = field(repr=False)
    llm_model: str
    llm_monthly_tokens: int
    language: str
    zone: str
    settled_by: str
    support: str
    digest_time: WeeklyTime
    digest_channel: str
    pages_folder: Path
    pages_address: str
    pages_title: str
    pages_listed: bool
    jekyll_folder: Path | None
    pages_readers: str
    pages_bucket: str
    pages_bucket_endpoint: str
    pages_bucket_region: str
    pages_bucket_key_id: str
    pages_bucket_secret: str = field(repr=False)
    pages_git: str
    pages_git_branch: str
    pages_git_user: str
    pages_git_token: str = field(repr=False)
    pages_git_ssh: str
    pages_git_cache: Path
    jekyll_whole_comments: bool
    host: str
    pages_port: int
    metrics_token: str = field(repr=False)
    log: str
    log_level: str
    playground_port: int
    playground_data: Path

    @property
    def has_slack(self) -> bool:
        """Whether there is a Slack to talk to; without, the playground is opened."""
        return bool(self.slack_bot_token)

    @property
    def pages_rights(self) -> int:
        """The rights of a folder of pages that is made: where not anybody may read them, its account's alone."""
        return 0o777 if self.pages_readers == READERS[0] else 0o700


def made(folder: Path, setting: str, rights: int = 0o777) -> Path:
    """The folder, made with these rights if it was not there. Raises UnusableFolder that names the setting."""
    try:
        folder.mkdir(rights, parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableFolder(folder=folder, reason=error.strerror, setting=setting) from error
    return folder


def read(environment: Mapping[str, str]) -> Settings:
    """The settings from environment variables. Raises WrongSettings that names all faults at once."""
    faults: list[Unfit] = []

    def take(name: str, default: str, form: Callable[[str], T]) -> T:
        text = environment.get(name, "").strip() or default
        try:
            return form(text)
        except Unfit as error:
            # What is printed may land in a log.
            hidden = name in SECRETS or name in _MAY_CITE_SECRETS
            given = name if hidden else f"{name}={_short(text)}"
            faults.append(Unfit(f"{given}: {error}", f"{given}: {error.sentence('ja')}"))
            return form(default)

    settings = Settings(
        slack_bot_token=take("SLACK_BOT_TOKEN", "", forms.token("xoxb-")),
        slack_app_token=take("SLACK_APP_TOKEN", "", forms.token("xapp-")),
        slack_signing_secret=take("SLACK_SIGNING_SECRET", "", str),
        slack_client_id=take("SLACK_CLIENT_ID", "", str),
        slack_client_secret=take("SLACK_CLIENT_SECRET", "", str),
        slack_api_url=take("SLACK_API_URL", SLACK_API, forms.address),
        command=take("FUSEN_COMMAND", "/note", forms.command),
        database_url=take("DATABASE_URL", "sqlite:///var/fusen.db", str),
        arxiv_api_url=take("ARXIV_API_URL", ARXIV_API, forms.address),
        arxiv_oai_url=take("ARXIV_OAI_URL", _archive_beside(environment), forms.address_or_none),
        arxiv_contact=take("ARXIV_CONTACT", "", str),
        llm_base_url=take("LLM_BASE_URL", "", forms.address_or_none),
        llm_api_key=take("LLM_API_KEY", "", str),
        llm_model=take("LLM_MODEL", "", str),
        llm_monthly_tokens=take("LLM_MONTHLY_TOKENS", "1000000", forms.number),
        language=take("FUSEN_LANGUAGE", "en", forms.one_of(LANGUAGES)),
        zone=take("FUSEN_TIMEZONE", "UTC", forms.zone),
        settled_by=take("FUSEN_SETTLED_BY", "members", forms.one_of(SETTLERS)),
        support=take("FUSEN_SUPPORT", "", str),
        digest_time=take("DIGEST_TIME", "mon 09:00", forms.weekly_time),
        digest_channel=take("DIGEST_CHANNEL", "", forms.channel),
        pages_folder=take("PAGES_FOLDER", "var/pages", forms.path),
        pages_address=take("PAGES_ADDRESS", "", forms.site),
        pages_title=take("PAGES_TITLE", "Fusen", str),
        pages_listed=take("PAGES_ROBOTS", ROBOTS[0], forms.one_of(ROBOTS)) == ROBOTS[0],
        jekyll_folder=take("JEKYLL_FOLDER", "", lambda text: forms.path(text) if text else None),
        pages_readers=take("PAGES_READERS", READERS[0], forms.one_of(READERS)),
        pages_bucket=take("PAGES_BUCKET", "", forms.bucket),
        pages_bucket_endpoint=take("PAGES_BUCKET_ENDPOINT", "", forms.open_address),
        pages_bucket_region=take("PAGES_BUCKET_REGION", "us-east-1", str),
        pages_bucket_key_id=take("PAGES_BUCKET_KEY_ID", "", str),
        pages_bucket_secret=take("PAGES_BUCKET_SECRET", "", str),
        pages_git=take("PAGES_GIT", "", forms.repository),
        pages_git_branch=take("PAGES_GIT_BRANCH", "gh-pages", forms.branch),
        pages_git_user=take("PAGES_GIT_USER", "x-access-token", str),
        pages_git_token=take("PAGES_GIT_TOKEN", "", str),
        pages_git_ssh=take("PAGES_GIT_SSH", "ssh -o BatchMode=yes -o ConnectTimeout=20", str),
        pages_git_cache=take("PAGES_GIT_CACHE", "var/pages.git", forms.path),
        jekyll_whole_comments=take("JEKYLL_COMMENTS", COMMENTS[0], forms.one_of(COMMENTS)) == COMMENTS[1],
        host=take("HOST", "127.0.0.1", forms.host),
        pages_port=take("PAGES_PORT" if environment.get("PAGES_PORT", "").strip() else "PORT", "8020", forms.port),
        metrics_token=take("METRICS_TOKEN", "", str),
        log=take("FUSEN_LOG", FORMS[0], forms.one_of(FORMS)),
        log_level=take("FUSEN_LOG_LEVEL", LEVELS[0], forms.one_of(LEVELS)),
        playground_port=take("PLAYGROUND_PORT", "8010", forms.port),
        playground_data=take("PLAYGROUND_DATA", "var/playground.db", forms.path),
    )
    faults.extend((*_incomplete(environment), *_signing_in(environment, settings), *_half(environment)))
    if settings.jekyll_folder and settings.jekyll_folder.absolute() == settings.pages_folder.absolute():
        faults.append(
            Unfit(
                "JEKYLL_FOLDER: PAGES_FOLDER is there already; choose another folder",
                "JEKYLL_FOLDER: PAGES_FOLDER と同じ場所です。別のフォルダを指定してください",
            )
        )
    if not settings.has_slack and (port := settings.pages_port) == settings.playground_port != 0:
        faults.append(
            Unfit(
                f"PLAYGROUND_PORT: the pages are served at {port} already; choose another port",
                f"PLAYGROUND_PORT: {port} はページに使われています。別のポートを指定してください",
            )
        )
    if faults:
        raise WrongSettings(faults)
    return settings


def _archive_beside(environment: Mapping[str, str]) -> str:
    """Where licences are asked for unless something else is said: nowhere, if arXiv itself is not asked."""
    return ARXIV_OAI if environment.get("ARXIV_API_URL", "").strip() in ("", ARXIV_API) else ""


def _incomplete(environment: Mapping[str, str]) -> Iterator[Unfit]:
    """What is missing beside the secrets that are there, whether they are right or wrong."""
    bot, app, signing = (
        environment.get(name, "").strip()
        for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")
    )
    if bot and not (app or signing):
        yield Unfit(
            "SLACK_BOT_TOKEN alone is not enough: set SLACK_APP_TOKEN too (Socket Mode), "
            "or SLACK_SIGNING_SECRET (Slack calls this machine over HTTP)",
            "SLACK_BOT_TOKEN だけでは足りません。SLACK_APP_TOKEN (Socket Mode) か "
            "SLACK_SIGNING_SECRET (Slack から HTTP で受け取る場合) も設定してください",
        )
    for name, given in (("SLACK_APP_TOKEN", app), ("SLACK_SIGNING_SECRET", signing)):
        if given and not bot:
            yield Unfit(
                f"{name} is set but SLACK_BOT_TOKEN is not: the bot needs both",
                f"{name} がありますが、SLACK_BOT_TOKEN がありません。両方が必要です",
            )
    model, where, key = (environment.get(f"LLM_{name}", "").strip() for name in ("MODEL", "BASE_URL", "API_KEY"))
    if bool(model) != bool(where) or (key and not model):
        yield Unfit(
            "LLM_BASE_URL and LLM_MODEL are needed both for translations; without them nothing is translated",
            "翻訳には LLM_BASE_URL と LLM_MODEL の両方が必要です。翻訳しない場合は、どちらも外してください",
        )


def _signing_in(environment: Mapping[str, str], settings: Settings) -> Iterator[Unfit]:
    """What is missing or wrong where people have to sign in; the playground has all of it."""
    readers = environment.get("PAGES_READERS", "").strip().lower()
    if readers not in READERS[1:] or not environment.get("SLACK_BOT_TOKEN", "").strip():
        return
    for name in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "PAGES_ADDRESS"):
        if not environment.get(name, "").strip():
            yield Unfit(
                f"PAGES_READERS={readers} needs {name} too", f"PAGES_READERS={readers} には {name} も必要です"
            )
    address = urlsplit(settings.pages_address)
    # A Slack of one's own leads back to any address; what does not leave this machine nobody reads on the way.
    nearby = settings.slack_api_url.rstrip("/") != SLACK_API.rstrip("/") or address.hostname in (
        "localhost",
        "127.0.0.1",
    )
    if address.scheme == "http" and not nearby:
        given = f"PAGES_ADDRESS={_short(settings.pages_address)}"
        yield Unfit(
            f"{given}: PAGES_READERS={readers} needs HTTPS, for Slack leads back to no other address. Let a web "
            "server with a certificate pass requests on to Fusen, and give its https:// address",
            f"{given}: PAGES_READERS={readers} には HTTPS が必要です (Slack は HTTPS のアドレスにしか戻りません)。"
            "証明書のある Web サーバーから Fusen に転送し、その https:// のアドレスを書いてください",
        )


def _half(environment: Mapping[str, str]) -> Iterator[Unfit]:
    """What was begun and not completed, of the places where the pages go."""
    there = {name for name, value in environment.items() if value.strip()}
    for name, needed in _NEEDED.items():
        if name in there and needed not in there:
            yield Unfit(
                f"{name} is set but {needed} is not: set both, or none",
                f"{name} がありますが、{needed} がありません。両方設定するか、どちらも外してください",
            )


def _short(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:80]}…")
