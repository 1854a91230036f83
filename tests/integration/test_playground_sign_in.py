"""The playground's Sign in with Slack refuses what Slack refuses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground import Playground

GOOD = {
    "response_type": "code",
    "scope": "openid,profile",
    "redirect_uri": "http://127.0.0.1:1/back",
    "state": "s",
}


@pytest.fixture(scope="module")
def playground() -> Iterator[Playground]:
    with Playground() as made:
        yield made


def asked(playground: Playground, path: str = "authorize", **other: str) -> requests.Response:
    query = {"client_id": playground.client_id, **GOOD, **other}
    address = f"{playground.url}/openid/connect/{path}"
    return requests.get(address, params=query, allow_redirects=False, timeout=60)


@pytest.mark.parametrize(
    ("other", "refusal"),
    [
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"redirect_uri": "https://evil.example/"}, "bad_redirect_uri"),
        ({"redirect_uri": "http://user@127.0.0.1/"}, "bad_redirect_uri"),
        ({"redirect_uri": "javascript:alert(1)"}, "bad_redirect_uri"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"response_type": "token"}, "invalid_response_type"),
    ],
)
@pytest.mark.parametrize("path", ["authorize", "agree"])
def test_nobody_is_asked_by_an_app_that_asks_wrongly(
    playground: Playground, path: str, other: dict[str, str], refusal: str
) -> None:
    answer = asked(playground, path, user=playground.member_ids["ben"], **other)
    assert (answer.status_code, answer.text) == (400, f"{refusal}\n")


def test_a_page_asks_who_one_is_and_quotes_nobody_as_markup(playground: Playground) -> None:
    page = asked(playground, state='"><script>')
    assert "Aiko Tanaka (aiko)" in page.text and "<script" not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    declined = asked(playground, "agree")
    assert declined.headers["Location"] == "http://127.0.0.1:1/back?error=access_denied&state=s"


def refusal(call: object) -> str:
    with pytest.raises(SlackApiError) as caught:
        call()  # type: ignore[operator]  # a call that is refused
    return str(caught.value.response["error"])


def test_a_code_is_exchanged_once_by_its_app_and_its_token_tells_who_one_is_and_no_more(
    playground: Playground,
) -> None:
    nobody = WebClient(base_url=playground.api_url)
    back = asked(playground, "agree", user=playground.member_ids["ben"]).headers["Location"]
    code = back.partition("code=")[2].partition("&")[0]
    known = {"client_id": playground.client_id, "client_secret": playground.client_secret}
    asks = {**known, "code": code, "redirect_uri": GOOD["redirect_uri"]}
    for wrong, told in (
        ({"client_secret": "guess"}, "bad_client_secret"),
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"code": "made-up"}, "invalid_code"),
        ({"redirect_uri": "http://127.0.0.1:2/"}, "bad_redirect_uri"),
    ):
        assert refusal(lambda wrong=wrong: nobody.openid_connect_token(**{**asks, **wrong})) == told
    token = nobody.openid_connect_token(**asks)["access_token"]
    assert refusal(lambda: nobody.openid_connect_token(**asks)) == "code_already_used"
    ben = WebClient(token, base_url=playground.api_url)
    assert ben.openid_connect_userInfo()["sub"] == playground.member_ids["ben"]
    assert refusal(lambda: ben.users_info(user=playground.member_ids["aiko"])) == "not_allowed_token_type"
    bot = WebClient(playground.bot_token, base_url=playground.api_url)
    assert refusal(bot.openid_connect_userInfo) == "not_allowed_token_type"
