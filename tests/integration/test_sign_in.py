"""Sign-in with Slack before the pages: who gets in, who does not, and what a browser is told to keep."""

from __future__ import annotations

import hashlib
import re
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from playground_driving import Driver

from bot.health import plain
from bot.openid import SlackOpenId
from bot.sign_in import SESSION_SECONDS, Doorkeeper, SignIn
from bot.sign_in_pages import SignInPages
from bot.slack import Slack
from bot.slack_trouble import SlackTrouble
from bot.web import WebServer
from papers.settled import Standing
from papers.wording import LANGUAGES, Wording
from playground import Playground

TEMPLATES = Path(__file__).parents[2] / "templates"
SECONDS = 60
PAGE = "/tags/日本語.html"


def words(language: str) -> Wording:
    return Wording(language, tomllib.loads((TEMPLATES / f"words/web/sign_in.{language}.toml").read_text("utf-8")))


@dataclass
class Lab:
    """A playground, and pages behind its sign-in."""

    playground: Playground
    driver: Driver
    sign_in: SignIn
    keeper: Doorkeeper
    address: str

    def url(self, path: str) -> str:
        return urljoin(self.address, path)

    def get(self, browser: requests.Session, path: str, **how: object) -> requests.Response:
        return browser.get(self.url(path), timeout=SECONDS, **how)  # type: ignore[arg-type]  # passed on

    def enter(self, browser: requests.Session, name: str, to: str = PAGE) -> requests.Response:
        """Do as a person does: follow the page's link to Slack, choose who one is, come back."""
        asked = self.get(browser, f"/sign-in?to={to}")
        assert asked.url.startswith(f"{self.playground.url}/openid/connect/authorize?")
        (link,) = re.findall(rf'href="([^"]+user={self.driver_id(name)})"', asked.text)
        return browser.get(urljoin(asked.url, link.replace("&amp;", "&")), timeout=SECONDS)

    def driver_id(self, name: str) -> str:
        return next(one["id"] for one in self.driver.get("members")["members"] if one["name"] == name)

    def code(self, browser: requests.Session, name: str) -> tuple[str, str]:
        """Agree, and stop before the way back: the code, and the state of that attempt."""
        begun = self.get(browser, "/sign-in", allow_redirects=False)
        asked = begun.headers["Location"].replace("/authorize?", "/agree?") + f"&user={self.driver_id(name)}"
        agreed = browser.get(asked, allow_redirects=False, timeout=SECONDS)
        told = parse_qs(urlsplit(agreed.headers["Location"]).query)
        return told["code"][0], told["state"][0]


@pytest.fixture(scope="module")
def playground() -> Iterator[Playground]:
    with Playground() as made:
        yield made


Opened = Callable[..., Lab]


@pytest.fixture
def lab(playground: Playground, tmp_path: Path) -> Iterator[Opened]:
    """Opens the pages for members, or as told."""
    (tmp_path / "tags").mkdir()
    for path in (PAGE[1:], "index.html", "style.css"):
        (tmp_path / path).write_text(f"the page {path}", encoding="utf-8")
    servers = []

    def opened(least: Standing = Standing.GUEST, look_again: float = 900.0) -> Lab:
        slack = Slack(playground.bot_token, playground.api_url)
        looks = SignInPages(TEMPLATES / "web", {one: words(one) for one in LANGUAGES}, "en", "Lab notes")
        made: list[SignIn] = []

        def closed(pages: object) -> SignIn:
            made.append(SignIn(pages, looks, look_again))  # type: ignore[arg-type]  # as the server gives it
            return made[0]

        door = {"/healthz": lambda _environ, start: plain(start, "200 OK", "alive")}
        server = WebServer(tmp_path, "127.0.0.1", 0, door, closed)
        server.start()
        servers.append(server)
        openid = SlackOpenId(playground.client_id, playground.client_secret, playground.api_url)
        secret = playground.client_secret
        address = server.address
        keeper = Doorkeeper("T00PLAYGRND", "Play & ground", address, openid, slack.standing, secret, least)
        return Lab(playground, Driver(playground.url), made[0], keeper, address)

    yield opened
    for server in servers:
        server.stop()


def test_nobody_reads_a_page_before_they_sign_in_and_machines_are_answered(lab: Opened) -> None:
    here = lab()
    browser = requests.Session()
    assert here.get(browser, PAGE).status_code == 503  # Slack has not been met yet
    assert here.get(browser, "/healthz").text == "alive\n"
    here.sign_in.open(here.keeper)
    for path in (PAGE, "/", "/nowhere.html", "/feed.xml", "/sign-in/other", "/style.css/../index.html"):
        answer = here.get(browser, path)
        assert (answer.status_code, "the page" in answer.text) == (401, False), path
        assert answer.headers["Cache-Control"] == "no-store"
    shut = here.get(browser, PAGE, headers={"Accept-Language": "ja,en;q=0.8"})
    assert "Play &amp; ground の方だけが読めます" in shut.text
    assert 'href="/sign-in?to=%2Ftags%2F%25E6%2597%25A5' in shut.text
    assert here.get(browser, "/style.css").text == "the page style.css"
    assert here.get(browser, "/healthz").text == "alive\n"
    assert browser.post(here.url(PAGE), timeout=SECONDS).status_code == 401


def test_a_member_signs_in_reads_what_they_wanted_and_signs_out(lab: Opened) -> None:
    here, browser = lab(), requests.Session()
    here.sign_in.open(here.keeper)
    (link,) = re.findall(r'href="(/sign-in[^"]+)"', here.get(browser, PAGE).text)
    page = here.enter(browser, "ben", link.partition("to=")[2])
    assert page.text == "the page tags/日本語.html"
    assert page.headers["Cache-Control"] == "private, no-cache" and "Cookie" in page.headers["Vary"]
    (cookie,) = (one for one in browser.cookies if one.name == "fusen_session")
    assert {"HttpOnly", "SameSite"} <= set(cookie._rest) and not cookie.secure
    assert [one.name for one in browser.cookies] == ["fusen_session"]
    assert here.get(browser, "/").text == "the page index.html"
    assert "Sign out?" in here.get(browser, "/sign-out").text
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert browser.post(here.url("/sign-out"), headers=elsewhere, timeout=SECONDS).status_code == 403
    assert here.get(browser, "/").status_code == 200
    assert "signed out" in browser.post(here.url("/sign-out"), timeout=SECONDS).text
    assert here.get(browser, "/").status_code == 401


def test_only_the_browser_that_began_gets_in_and_only_once(lab: Opened) -> None:
    here, victim, thief = lab(), requests.Session(), requests.Session()
    here.sign_in.open(here.keeper)
    code, state = here.code(thief, "ben")
    back = f"/sign-in/callback?code={code}&state="
    assert here.get(victim, back + state).status_code == 400  # nothing was begun there
    _, own = here.code(victim, "aiko")
    assert here.get(victim, back + state).status_code == 400  # another state
    _, own = here.code(victim, "aiko")
    assert here.get(victim, back + own).status_code == 400  # the right state, a code with another nonce
    _, own = here.code(victim, "aiko")
    refused = here.get(victim, f"/sign-in/callback?error=access_denied&state={own}")
    assert (refused.status_code, "You did not sign in" in refused.text) == (403, True)
    assert here.get(victim, "/").status_code == 401
    code, state = here.code(thief, "ben")
    held = dict(thief.cookies)
    assert here.get(thief, f"/sign-in/callback?code={code}&state={state}").text == "the page index.html"
    again = requests.get(
        here.url(f"/sign-in/callback?code={code}&state={state}"),
        cookies=held,
        timeout=SECONDS,
        allow_redirects=False,
    )
    assert again.status_code == 400
    assert "fusen_session" not in again.cookies


@pytest.mark.parametrize(
    ("least", "status"), [(Standing.GUEST, 200), (Standing.MEMBER, 403)], ids=["members", "full members"]
)
def test_strangers_stay_outside_and_guests_where_it_is_so_settled(
    lab: Opened, least: Standing, status: int
) -> None:
    here, browser = lab(least, 0.0), requests.Session()
    here.sign_in.open(here.keeper)
    here.driver.post("stranger", channel="papers", name="dana")
    assert here.enter(requests.Session(), "dana").status_code == 403
    assert here.enter(browser, "ben").status_code == 200
    here.driver.post("guest", user="ben")
    try:
        assert here.enter(requests.Session(), "ben").status_code == status
        # Who has a session already is looked at again.
        assert here.get(browser, "/").status_code == (200 if status == 200 else 401)
    finally:
        here.driver.post("guest", user="ben", guest=False)


@pytest.mark.parametrize(
    "to", ["https://evil.example/", "//evil.example/", "/\\evil.example", "evil", "/%0d%0aX: y"]
)
def test_a_sign_in_leads_nowhere_but_to_the_pages(lab: Opened, to: str) -> None:
    here, browser = lab(), requests.Session()
    here.sign_in.open(here.keeper)
    begun = here.get(browser, f"/sign-in?to={to}", allow_redirects=False)
    asked = begun.headers["Location"].replace("/authorize?", "/agree?") + f"&user={here.driver_id('ben')}"
    back = browser.get(asked, allow_redirects=False, timeout=SECONDS).headers["Location"]
    done = browser.get(back, allow_redirects=False, timeout=SECONDS)
    assert done.status_code == 303
    assert done.headers["Location"].startswith(here.address)
    assert urlsplit(done.headers["Location"]).netloc == urlsplit(here.address).netloc
    assert "X" not in done.headers


def session(here: Lab, name: str, age: float, secret: str = "") -> str:
    """The cookie of somebody who signed in so many seconds ago."""

    class Then(TimestampSigner):
        def get_timestamp(self) -> int:
            return int(time.time() - age)

    how = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    salt = "fusen session T00PLAYGRND"
    made = URLSafeTimedSerializer(secret or here.keeper.secret, salt=salt, signer=Then, signer_kwargs=how)
    return str(made.dumps({"member": here.driver_id(name)}))


def status_with(here: Lab, cookies: str) -> int:
    headers = {"Cookie": cookies.encode()}
    return requests.get(here.url("/"), headers=headers, timeout=SECONDS).status_code


@pytest.mark.parametrize(
    ("age", "secret", "status"), [(0, "", 200), (SESSION_SECONDS + 10, "", 401), (0, "x", 401)]
)
def test_a_session_ends_and_none_can_be_made_up(lab: Opened, age: float, secret: str, status: int) -> None:
    here = lab()
    here.sign_in.open(here.keeper)
    cookie = session(here, "ben", age, secret)
    for value, expected in ((cookie, status), (cookie[:-2], 401), ("", 401), ("a.b.c", 401), ('é"', 401)):
        assert status_with(here, f"fusen_session={value}") == expected, value


@pytest.mark.parametrize(
    "other",
    [
        'theme={"a": 1}',
        "consent",
        "見た=1",
        "a=[1, 2]",
        "a b=1",
        "foo[bar]=1",
        'x="open',
        "=",
        "",
        "expires=never; path=/; fusen_session_old=x; xfusen_session=y",
    ],
)
def test_cookies_of_others_on_the_same_domain_shut_nobody_out(lab: Opened, other: str) -> None:
    here = lab()
    here.sign_in.open(here.keeper)
    ours = f"fusen_session={session(here, 'ben', 0)}"
    for cookies in (f"{other}; {ours}", f"{ours}; {other}", f"{ours};{other}", f"{other};{ours}; {other}"):
        assert status_with(here, cookies) == 200, cookies
    assert status_with(here, other) == 401


def test_cookies_stay_below_the_pages_and_are_secure_where_the_pages_are(lab: Opened) -> None:
    here = lab()
    there = Doorkeeper(
        here.keeper.workspace,
        "Lab",
        "https://papers.example.org/notes/",
        here.keeper.openid,
        here.keeper.standing,
        "s",
        Standing.GUEST,
    )
    here.sign_in.open(there)
    begun = here.get(requests.Session(), "/sign-in", allow_redirects=False)
    assert re.search(r"; HttpOnly; .*Path=/notes/; SameSite=Lax; Secure", begun.headers["Set-Cookie"])
    query = parse_qs(urlsplit(begun.headers["Location"]).query)
    assert query["redirect_uri"] == ["https://papers.example.org/notes/sign-in/callback"]
    assert query["team"] == ["T00PLAYGRND"] and len(query["nonce"][0]) > 20 < len(query["state"][0])
    assert 'href="/notes/sign-in?to=%2F"' in here.get(requests.Session(), "/").text


def test_slack_out_of_reach_is_told_and_lets_nobody_in(lab: Opened) -> None:
    here, browser = lab(), requests.Session()
    here.sign_in.open(here.keeper)
    code, state = here.code(browser, "ben")
    here.driver.post("misbehave", method="openid.connect.token", how="500")
    answer = here.get(browser, f"/sign-in/callback?code={code}&state={state}")
    assert (answer.status_code, "Slack does not answer" in answer.text) == (502, True)
    assert here.get(browser, "/").status_code == 401


AWAY = (
    SlackTrouble("users.info: timed out", 5, True),
    SlackTrouble("ratelimited", 30, False),
    SlackTrouble("HTTP 502", 5, True),
    SlackTrouble("team_added_to_org", 30, False),
    SlackTrouble("users.info: [Errno 111] Connection refused", 5, False),
)
NO = ("user_not_found", "user_not_visible", "account_inactive", "token_revoked", "invalid_auth", "missing_scope")


class Asked:
    """Slack, of whom a moment comes when it says something else than who people are."""

    def __init__(self, here: Lab) -> None:
        self._truly = here.keeper.standing
        self.trouble: SlackTrouble | None = None
        here.sign_in.open(replace(here.keeper, standing=self))

    def __call__(self, workspace: str, member: str) -> Standing:
        if self.trouble:
            raise self.trouble
        return self._truly(workspace, member)


@pytest.mark.parametrize("reason", NO)
def test_whom_slack_refuses_by_name_or_does_not_tell_the_bot_of_any_more_reads_no_further(
    lab: Opened, reason: str
) -> None:
    here = lab(look_again=0.0)
    slack, cookie = Asked(here), f"fusen_session={session(here, 'ben', 60)}"
    assert status_with(here, cookie) == 200
    slack.trouble = SlackTrouble(reason, None, False)
    assert status_with(here, cookie) == 401


@pytest.mark.parametrize("trouble", AWAY, ids=lambda trouble: trouble.reason)
def test_while_slack_is_away_who_was_looked_at_reads_on_and_nobody_else(
    lab: Opened, trouble: SlackTrouble
) -> None:
    before, after = lab(look_again=0.0), lab(look_again=600.0)  # a new start between them
    old, young = (f"fusen_session={session(before, 'ben', age)}" for age in (3600, 300))
    slack, slack_later = Asked(before), Asked(after)
    assert status_with(before, old) == 200
    slack.trouble = slack_later.trouble = trouble
    assert status_with(before, old) == 200
    headers = {"Cookie": old, "Accept-Language": "ja"}
    unknown = requests.get(after.url("/"), headers=headers, timeout=SECONDS)
    assert (unknown.status_code, "Slack が応答しません" in unknown.text) == (503, True)
    assert status_with(after, young) == 200, "they were looked at when they signed in"


def test_whoever_was_shut_out_stays_out_while_slack_is_away_until_they_sign_in_again(lab: Opened) -> None:
    here = lab(look_again=0.0)
    slack, cookie = Asked(here), f"fusen_session={session(here, 'ben', 60)}"
    slack.trouble = SlackTrouble("user_not_found", None, False)
    assert status_with(here, cookie) == 401
    slack.trouble = AWAY[0]
    assert status_with(here, cookie) == 401
    slack.trouble = None
    assert here.enter(requests.Session(), "ben").status_code == 200


def test_a_bot_whose_token_is_none_any_more_lets_nobody_read_on(lab: Opened) -> None:
    here = lab(look_again=0.0)
    here.sign_in.open(replace(here.keeper, standing=Slack("xoxb-revoked", here.playground.api_url).standing))
    assert status_with(here, f"fusen_session={session(here, 'ben', 60)}") == 401


def test_somebody_of_whom_slack_knows_nothing_is_a_stranger(playground: Playground) -> None:
    assert Slack(playground.bot_token, playground.api_url).standing("T00PLAYGRND", "U0NOBODY") is Standing.STRANGER
