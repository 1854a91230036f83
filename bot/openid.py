"""Slack as it tells apps who somebody is: OpenID Connect, through Slack's own client."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth import OpenIDConnectAuthorizeUrlGenerator

from bot.slack import SECONDS
from bot.slack_trouble import FAILURES, SlackTrouble
from bot.slack_wire import client_of

SCOPES = ("openid", "profile")

_WORKSPACE, _MEMBER = "https://slack.com/team_id", "https://slack.com/user_id"
_CLOCKS_DIFFER = 60
_REFUSALS = frozenset({"invalid_code", "code_already_used", "code_expired", "invalid_auth", "token_revoked"})
"""What is wrong with the attempt; all else is wrong with Slack, or with our settings."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whom Slack says to have signed in."""

    workspace: str
    member: str


class Refused(Exception):
    """Slack does not vouch for this attempt."""


class SlackOpenId:
    """Slack as it tells apps who somebody is.

    The ID token comes from Slack itself over TLS, so its signature need not be checked again (OpenID Connect Core
    1.0, 3.1.3.7, 6); what it says is. https://docs.slack.dev/authentication/sign-in-with-slack
    """

    def __init__(self, client_id: str, client_secret: str, api_url: str) -> None:
        self._client_id = client_id
        self._client_secret = client_secret
        self._api_url = api_url if api_url.endswith("/") else f"{api_url}/"

    def address(self, redirect: str, state: str, nonce: str, workspace: str) -> str:
        """Where the browser goes so that its person agrees."""
        made = OpenIDConnectAuthorizeUrlGenerator(
            client_id=self._client_id,
            redirect_uri=quote(redirect, safe=""),
            scopes=SCOPES,
            authorization_url=urljoin(self._api_url, "../openid/connect/authorize"),
        )
        return made.generate(state, nonce, workspace)

    def who(self, code: str, redirect: str, nonce: str) -> SignedIn:
        """Who has agreed. Raises Refused, and SlackTrouble."""
        try:
            told = self._client().openid_connect_token(
                client_id=self._client_id,
                client_secret=self._client_secret,
                code=code,
                redirect_uri=redirect,
                grant_type="authorization_code",
            )
            said = self._client(str(told["access_token"])).openid_connect_userInfo()
        except SlackApiError as error:
            reason = str(error.response.get("error", ""))
            if reason in _REFUSALS:
                raise Refused(reason) from error
            raise SlackTrouble(reason, 5, True) from error
        except FAILURES as error:
            raise SlackTrouble(type(error).__name__, 5, True) from error
        claims = _claims(str(told.get("id_token", "")))
        self._check(claims, nonce)
        if (said.get(_MEMBER), said.get(_WORKSPACE)) != (claims.get("sub"), claims.get(_WORKSPACE)):
            raise Refused("two answers differ")
        return SignedIn(str(said[_WORKSPACE]), str(said[_MEMBER]))

    def _check(self, claims: Mapping[str, Any], nonce: str) -> None:
        """https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation."""
        api = urlsplit(self._api_url)
        expires = claims.get("exp")
        right = (
            claims.get("iss") == f"{api.scheme}://{api.netloc}",
            claims.get("aud") == self._client_id,
            claims.get("nonce") == nonce,
            isinstance(expires, int) and expires > time.time() - _CLOCKS_DIFFER,
        )
        if not all(right):
            raise Refused("the ID token is not for us")

    def _client(self, token: str | None = None) -> WebClient:
        return client_of(self._api_url, token, timeout=SECONDS, retry_handlers=[])


def _claims(token: str) -> Mapping[str, Any]:
    """What a JSON Web Token says (RFC 7519). Raises Refused."""
    parts = token.split(".")
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, IndexError) as error:
        raise Refused("there is no ID token") from error
    if not isinstance(claims, dict):
        raise Refused("there is no ID token")
    return claims
