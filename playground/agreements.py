"""What people have agreed to when they signed in to an app: codes that the app exchanges once.

Source: docs.slack.dev/authentication/sign-in-with-slack.
"""

import secrets
import time
from dataclasses import dataclass

from playground.records import SlackError

CODE_SECONDS = 600.0  # docs: a code lives ten minutes and works once
MAX_KEPT = 1000


@dataclass
class Agreement:
    """Who agreed to be known by an app, and what the app asked with."""

    user_id: str
    redirect_uri: str
    nonce: str
    made: float
    used: bool = False


class Agreements:
    """What people have agreed to, by code; the oldest are forgotten beyond a bound."""

    def __init__(self) -> None:
        self._codes: dict[str, Agreement] = {}

    def make(self, agreement: Agreement) -> str:
        """Return a code for it."""
        while len(self._codes) >= MAX_KEPT:
            del self._codes[next(iter(self._codes))]
        code = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**13)}.{secrets.token_hex(32)}"
        self._codes[code] = agreement
        return code

    def use(self, code: str, redirect_uri: str) -> Agreement:
        """Use a code up; refuse an unknown, late or used one, and one that was asked for from elsewhere."""
        agreement = self._codes.get(code)
        if agreement is None:
            raise SlackError("invalid_code")
        if agreement.used:
            raise SlackError("code_already_used")
        if time.monotonic() - agreement.made > CODE_SECONDS:
            raise SlackError("code_expired")
        if agreement.redirect_uri != redirect_uri:
            raise SlackError("bad_redirect_uri")
        agreement.used = True
        return agreement
