"""Who may read the pages on Fusen's own web server: the sign-in, put together as the settings say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from wsgiref.types import WSGIApplication

from bot.openid import SlackOpenId
from bot.settings import READERS, Settings
from bot.sign_in import Doorkeeper, SignIn
from bot.sign_in_pages import SignInPages
from bot.slack import Identity, Slack
from papers.settled import Standing
from papers.wording import Wording

ANYBODY, _, FULL_MEMBERS = READERS


class Admission:
    """Stands before the pages. `templates` and `words` (by language) make what people meet on the way in."""

    def __init__(self, settings: Settings, templates: Path, words: Mapping[str, Wording]) -> None:
        self._looks = SignInPages(templates, words, settings.language, settings.pages_title)
        self._chosen = settings.pages_readers
        self._sign_in: SignIn | None = None

    def before(self, pages: WSGIApplication) -> WSGIApplication:
        """The pages; where not anybody may read them, behind a sign-in that lets nobody in yet."""
        if self._chosen == ANYBODY:
            return pages
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
