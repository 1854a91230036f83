"""Who may read the pages on Fusen's own web server: the sign-in, put together as the settings say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from bot.health import plain
from bot.host_names import asked_for, in_ascii, is_address, is_this_machine
from bot.openid import SlackOpenId
from bot.settings import READERS, Settings
from bot.sign_in import Doorkeeper, SignIn
from bot.sign_in_pages import SignInPages
from bot.slack import Identity, Slack
from papers.errors import FusenError
from papers.settled import Standing
from papers.wording import Wording

ANYBODY, _, FULL_MEMBERS = READERS


class UnknownName(FusenError):
    """The pages were asked for by a name that is not known to be theirs."""

    en = "The pages are not served under this name. If it is theirs, set PAGES_ADDRESS to where people read them."
    ja = (
        "この名前ではページを公開していません。"
        "この名前で公開する場合は、ページを読むアドレスを PAGES_ADDRESS に設定してください。"
    )


class Named:
    """Lets through to `pages` whoever asks for them by a name of this machine, by `name` or by an IP address.

    A page of another site may lead a name of its own to this machine, and would read them in a browser here.
    """

    def __init__(self, pages: WSGIApplication, name: str) -> None:
        self._pages = pages
        self._name = name

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        name = asked_for(environ)
        if name in ("", self._name) or is_this_machine(name) or is_address(name):
            return self._pages(environ, start_response)
        told = UnknownName()
        return plain(start_response, "403 Forbidden", f"{told.sentence('en')}\n{told.sentence('ja')}")


class Admission:
    """Stands before the pages. `templates` and `words` (by language) make what people meet on the way in."""

    def __init__(self, settings: Settings, templates: Path, words: Mapping[str, Wording]) -> None:
        self._looks = SignInPages(templates, words, settings.language, settings.pages_title)
        self._chosen = settings.pages_readers
        self._alone = is_this_machine(settings.host.lower())
        self._name = in_ascii(urlsplit(settings.pages_address).hostname or "")
        self._sign_in: SignIn | None = None

    def before(self, pages: WSGIApplication) -> WSGIApplication:
        """The pages; where not anybody may read them, behind a sign-in that lets nobody in yet.

        Where anybody may who reaches this machine alone, no other site may by a name that it leads here.
        """
        if self._chosen == ANYBODY:
            return Named(pages, self._name) if self._alone else pages
        self._sign_in = SignIn(pages, self._looks)
        return self._sign_in

    def open(self, settings: Settings, identity: Identity, slack: Slack, address: str) -> None:
        """Let people sign in from now on; `address` is where they read the pages."""
        if self._sign_in is None:
            return
        client, secret = settings.slack_client_id, settings.slack_client_secret
        keeper = Doorkeeper(
            workspace=identity.workspace,
            name=identity.workspace_name,
            address=address,
            openid=SlackOpenId(client, secret, settings.slack_api_url),
            standing=slack.standing,
            secret=secret,
            least=Standing.MEMBER if self._chosen == FULL_MEMBERS else Standing.GUEST,
        )
        self._sign_in.open(keeper)
