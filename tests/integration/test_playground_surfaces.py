"""Modals and the App Home: what members can do there, what the app is told, what Slack refuses."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playground_driving import (
    AIKO,
    AIKO_DM,
    BEN,
    BOT,
    BOT_TOKEN,
    PAPERS,
    PRIVATE,
    Driver,
    Recorder,
    client,
    until,
)
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.request import SocketModeRequest

from playground import Playground, Shortcut, SlackApp

APP = SlackApp(shortcuts=(Shortcut("global", "Start", "start"), Shortcut("message", "Keep", "keep")))


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def option(value: str) -> dict[str, Any]:
    return {"text": plain(value.title()), "value": value}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("Form"), "submit": plain("Save"), "blocks": list(blocks)} | more


def field(block_id: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    element = {"action_id": "a"} | element
    return {"type": "input", "block_id": block_id, "label": plain(block_id), "element": element} | more


def section(block_id: str, accessory: dict[str, Any]) -> dict[str, Any]:
    accessory = {"action_id": "a"} | accessory
    return {"type": "section", "block_id": block_id, "text": plain(block_id), "accessory": accessory}


FIND = field("tag", {"type": "external_select", "min_query_length": 2})
FIND_MANY = field("tags", {"type": "multi_external_select", "min_query_length": 0}, optional=True)


class Asked:
    """A playground with an app that answers what the test says."""

    def __init__(self, place: Playground) -> None:
        self.place = place
        self.driver = Driver(place.url)
        self.bot: WebClient = client(place, BOT_TOKEN)
        self.answers: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}
        self.app = Recorder(place.url, self._answer)

    def _answer(self, request: SocketModeRequest) -> dict[str, Any]:
        return self.answers.get(request.payload["type"], lambda _: {})(request.payload)

    def payloads(self, kind: str) -> list[dict[str, Any]]:
        return [r.payload for r in self.app.requests if r.payload["type"] == kind]

    def trigger(self) -> str:
        before = len(self.payloads("shortcut"))
        assert self.driver.post("shortcut", member="aiko", callback_id="start")["ok"]
        return str(self.payloads("shortcut")[before]["trigger_id"])

    def open(self, view: dict[str, Any]) -> dict[str, Any]:
        return dict(self.bot.views_open(trigger_id=self.trigger(), view=view)["view"])

    def do(self, deed: str, **what: Any) -> dict[str, Any]:
        return dict(self.driver.post(deed, **({"member": "aiko"} | what)))


@pytest.fixture
def asked() -> Iterator[Asked]:
    with Playground(app=APP, unfurl_seconds=None) as place:
        made = Asked(place)
        with made.app:
            yield made


def refusal(call: Any, **what: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**what)
    return str(caught.value.response["error"])


def complaints(asked: Asked) -> list[tuple[str, str]]:
    return [(c["where"], c["why"]) for c in asked.driver.state()["complaints"]]


def test_an_external_select_asks_the_app_and_takes_only_what_was_offered(asked: Asked) -> None:
    asked.answers["block_suggestion"] = lambda p: {"options": [option(p["value"] + end) for end in ("a", "b")]}
    view = asked.open(modal(FIND, FIND_MANY))
    assert asked.do("view/suggest", block_id="tag", action_id="a", value="t")["asked"] is False
    assert asked.payloads("block_suggestion") == []
    offered = asked.do("view/suggest", block_id="tag", action_id="a", value="nl")
    assert [o["value"] for o in offered["options"]] == ["nla", "nlb"]
    payload = asked.payloads("block_suggestion")[0]
    assert (payload["block_id"], payload["action_id"], payload["value"]) == ("tag", "a", "nl")
    assert payload["container"] == {"type": "view", "view_id": view["id"]}
    assert payload["view"]["id"] == view["id"]
    assert "trigger_id" not in payload

    assert asked.do("view/submit", values={"tag": {"a": "other"}})["error"] == "invalid_arguments"
    for query in ("", "x"):
        asked.do("view/suggest", block_id="tags", action_id="a", value=query)
    assert asked.do("view/submit", values={"tag": {"a": "nlb"}, "tags": {"a": ["xa", "b"]}})["ok"]
    state = asked.payloads("view_submission")[0]["view"]["state"]["values"]
    assert state["tag"]["a"]["selected_option"] == option("nlb")
    assert [o["value"] for o in state["tags"]["a"]["selected_options"]] == ["xa", "b"]


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"options": [option("a")] * 101},
        {"options": [{"text": plain("no value")}]},
        {"options": [option("a")], "option_groups": []},
        {"option_groups": [{"label": plain("x" * 76), "options": [option("a")]}]},
        {"text": "hello"},
    ],
)
def test_wrong_answers_to_a_suggestion_are_refused_and_remembered(asked: Asked, answer: dict[str, Any]) -> None:
    asked.answers["block_suggestion"] = lambda _: answer
    asked.open(modal(FIND))
    refused = asked.do("view/suggest", block_id="tag", action_id="a", value="nlp")
    assert refused["error"] == "invalid_options"
    assert [where for where, _ in complaints(asked)] == ["block_suggestion"]


def test_groups_of_options_and_selects_in_messages(asked: Asked) -> None:
    asked.answers["block_suggestion"] = lambda _: {
        "option_groups": [{"label": plain("Topics"), "options": [option("nlp")]}]
    }
    overflow = {"type": "overflow", "options": [option("edit"), option("undo")]}
    blocks = [
        section("more", overflow),
        section("find", {"type": "external_select", "min_query_length": 1}),
        section("date", {"type": "datepicker", "initial_date": "2026-10-01"}),
    ]
    ts = asked.bot.chat_postMessage(channel=PAPERS, text="more find date", blocks=blocks)["ts"]
    where = {"channel": PAPERS, "ts": ts, "action_id": "a"}
    assert asked.do("click", **where, block_id="find", value="nlp")["error"] == "invalid_arguments"
    offered = asked.do("suggest", **where, block_id="find", value="n")
    assert offered["option_groups"][0]["options"][0]["value"] == "nlp"
    assert asked.payloads("block_suggestion")[0]["message"]["ts"] == ts
    assert asked.do("click", **where, block_id="find", value="nlp")["ok"]
    assert asked.do("click", **where, block_id="more", value="undo")["ok"]
    chose, overflowed = asked.payloads("block_actions")
    assert chose["state"]["values"]["find"]["a"]["selected_option"]["value"] == "nlp"
    assert chose["state"]["values"]["date"]["a"] == {"type": "datepicker", "selected_date": "2026-10-01"}
    assert overflowed["actions"][0]["selected_option"]["value"] == "undo"
    assert "more" not in overflowed["state"]["values"]


def test_what_is_done_inside_a_modal_carries_the_view_and_no_response_url(asked: Asked) -> None:
    select = {"type": "static_select", "options": [option("en"), option("ja")]}
    text = field("word", {"type": "plain_text_input"}, dispatch_action=True)
    silent = field("silent", {"type": "plain_text_input"}, optional=True)
    view = asked.open(modal(section("language", select), text, silent))
    typed = {"word": {"a": "half typed"}}
    assert asked.do("view/click", block_id="language", action_id="a", value="ja", values=typed)["ok"]
    payload = asked.payloads("block_actions")[0]
    assert payload["container"] == {"type": "view", "view_id": view["id"]}
    assert "response_url" not in payload
    assert "message" not in payload
    assert payload["view"]["state"]["values"]["language"]["a"]["selected_option"]["value"] == "ja"
    assert payload["view"]["state"]["values"]["word"]["a"]["value"] == "half typed"
    assert asked.do("view/click", block_id="word", action_id="a", value="typed")["ok"]
    assert asked.payloads("block_actions")[1]["actions"][0]["value"] == "typed"
    assert asked.do("view/click", block_id="silent", action_id="a", value="x")["error"] == "action_not_found"


def test_updates_and_pushes_keep_to_hash_trigger_and_three_views(asked: Asked) -> None:
    trigger = asked.trigger()
    first = asked.bot.views_open(trigger_id=trigger, view=modal(FIND))["view"]
    assert refusal(asked.bot.views_open, trigger_id=trigger, view=modal(FIND)) == "exchanged_trigger_id"
    updated = asked.bot.views_update(view_id=first["id"], hash=first["hash"], view=modal(FIND_MANY))["view"]
    assert updated["id"] == first["id"]
    stale = {"view_id": first["id"], "hash": first["hash"], "view": modal(FIND)}
    assert refusal(asked.bot.views_update, **stale) == "hash_conflict"
    for number in (2, 3):
        pushed = asked.bot.views_push(trigger_id=asked.trigger(), view=modal(FIND, external_id=f"v{number}"))
        assert pushed["view"]["root_view_id"] == first["id"]
    assert refusal(asked.bot.views_push, trigger_id=asked.trigger(), view=modal(FIND)) == "push_limit_reached"
    assert asked.bot.views_update(external_id="v3", view=modal(FIND_MANY))["ok"]
    assert refusal(asked.bot.views_update, view_id="V0", view=modal(FIND)) == "not_found"


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "Not this"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": modal(title=plain("x" * 25))},
        {"response_action": "push"},
        {"response_action": "sing"},
    ],
)
def test_wrong_answers_to_a_submission_are_refused_and_remembered(asked: Asked, answer: dict[str, Any]) -> None:
    asked.answers["view_submission"] = lambda _: answer
    asked.open(modal(field("word", {"type": "plain_text_input"})))
    assert not asked.do("view/submit", values={"a": "x"})["ok"]
    assert [where for where, _ in complaints(asked)] == ["view_submission"]
    assert len(asked.driver.views("aiko")["views"]) == 1


@pytest.mark.parametrize(
    ("element", "bad", "good", "key"),
    [
        ({"type": "datepicker"}, "tomorrow", "2026-10-31", "selected_date"),
        ({"type": "timepicker"}, "9:00", "09:00", "selected_time"),
        ({"type": "users_select"}, "U404", BEN, "selected_user"),
        ({"type": "channels_select"}, PRIVATE, PAPERS, "selected_channel"),
        ({"type": "conversations_select"}, "C404", PRIVATE, "selected_conversation"),
        ({"type": "radio_buttons", "options": [option("on")]}, "off", "on", "selected_option"),
    ],
)
def test_pickers_give_only_what_slack_would_offer(
    asked: Asked, element: dict[str, Any], bad: str, good: str, key: str
) -> None:
    asked.open(modal(field("it", element)))
    assert asked.do("view/submit", values={"a": bad})["error"] in (
        "invalid_arguments",
        "user_not_found",
        "channel_not_found",
    )
    assert asked.do("view/submit", values={"a": good})["ok"]
    chosen = asked.payloads("view_submission")[0]["view"]["state"]["values"]["it"]["a"][key]
    assert good in (chosen, chosen["value"] if isinstance(chosen, dict) else None)


def test_slacks_client_checks_what_is_typed_before_the_app_is_asked(asked: Asked) -> None:
    number = {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}
    many = {"type": "checkboxes", "options": [option("a"), option("b")]}
    asked.open(
        modal(
            field("count", number),
            field("page", {"type": "url_text_input"}),
            field("kinds", many),
            field("people", {"type": "multi_users_select", "max_selected_items": 1}),
        )
    )
    values = {"count": {"a": "0"}, "page": {"a": "x"}, "kinds": {"a": []}, "people": {"a": [AIKO, BEN]}}
    refused = asked.do("view/submit", values=values)["errors"]
    assert set(refused) == {"count", "page", "kinds", "people"}
    assert asked.payloads("view_submission") == []


def test_a_chosen_conversation_brings_a_response_url(asked: Asked) -> None:
    element = {"type": "conversations_select", "response_url_enabled": True}
    asked.open(modal(field("where", element)))
    asked.do("view/submit", values={"a": PAPERS})
    given = asked.payloads("view_submission")[0]["response_urls"][0]
    assert (given["channel_id"], given["block_id"], given["action_id"]) == (PAPERS, "where", "a")
    assert given["response_url"].startswith(asked.place.url)


def test_shortcuts_are_only_those_that_are_registered(asked: Asked) -> None:
    ts = asked.driver.post("say", member="aiko", channel=PAPERS, text="x")["ts"]
    assert asked.do("shortcut", callback_id="keep")["error"] == "unknown_shortcut"
    assert asked.do("shortcut", callback_id="start", channel=PAPERS, message_ts=ts)["error"] == "unknown_shortcut"
    assert asked.do("shortcut", callback_id="keep", channel=PAPERS, message_ts=ts)["ok"]
    assert asked.do("shortcut", callback_id="start")["ok"]
    payload = asked.payloads("shortcut")[0]
    assert payload["trigger_id"]
    assert "response_url" not in payload
    assert "channel" not in payload


def home(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "home", "blocks": list(blocks)}


def test_the_home_is_opened_published_and_acted_in(asked: Asked) -> None:
    assert asked.do("home/open")["view"] is None
    opened = until(lambda: asked.app.of("app_home_opened"))[0]
    assert (opened["tab"], opened["user"], opened["channel"]) == ("home", AIKO, AIKO_DM)
    assert "view" not in opened
    button = {"type": "button", "text": plain("Done"), "action_id": "done", "value": "7"}
    select = {"type": "static_select", "options": [option("en"), option("ja")]}
    view = home({"type": "actions", "block_id": "b", "elements": [button]}, section("language", select))
    first = asked.bot.views_publish(user_id=AIKO, view=view)["view"]
    assert asked.do("view/click", view_id="home", action_id="a", value="ja")["ok"]
    assert asked.do("view/click", view_id="home", text="Done")["ok"]
    payload = asked.payloads("block_actions")[1]
    assert payload["container"] == {"type": "view", "view_id": first["id"]}
    assert payload["actions"][0]["value"] == "7"
    assert payload["view"]["state"]["values"]["language"]["a"]["selected_option"]["value"] == "ja"
    assert "response_url" not in payload
    assert "channel" not in payload
    asked.do("home/open", tab="messages")
    again = until(lambda: [e for e in asked.app.of("app_home_opened") if e["tab"] == "messages"])[0]
    assert again["view"]["id"] == first["id"]


def test_publishing_is_checked(asked: Asked) -> None:
    fits = asked.bot.views_publish(user_id=AIKO, view=home(*[{"type": "divider"}] * 100))["view"]
    too_many = home(*[{"type": "divider"}] * 101)
    assert refusal(asked.bot.views_publish, user_id=AIKO, view=too_many) == "invalid_arguments"
    newer = asked.bot.views_publish(user_id=AIKO, view=home(), hash=fits["hash"])["view"]
    assert newer["id"] == fits["id"]
    assert refusal(asked.bot.views_publish, user_id=AIKO, view=home(), hash=fits["hash"]) == "hash_conflict"
    assert refusal(asked.bot.views_publish, user_id="U404", view=home()) == "user_not_found"


def test_tabs_that_the_manifest_leaves_out_are_not_there() -> None:
    with Playground(app=SlackApp(home_tab=False, messages_tab=False), unfurl_seconds=None) as place:
        driver, bot = Driver(place.url), client(place, BOT_TOKEN)
        assert refusal(bot.views_publish, user_id=AIKO, view=home()) == "not_enabled"
        assert driver.post("home/open", member="aiko")["error"] == "not_enabled"
        assert driver.post("home/open", member="aiko", tab="messages")["error"] == "not_enabled"
        assert refusal(bot.chat_postMessage, channel=AIKO, text="hi") == "messages_tab_disabled"
        said = driver.post("say", member="aiko", channel=AIKO_DM, text=f"hi <@{BOT}>")
        assert said["error"] == "messages_tab_disabled"
