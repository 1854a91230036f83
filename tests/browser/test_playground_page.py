"""The playground's page in a real browser: what a person sees and can do, as two members."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.request import urlopen

import pytest
from playground_driving import APP_TOKEN, BEN_TOKEN, BOT_TOKEN, PAPERS, client, in_background
from playwright.sync_api import Browser, Locator, Page, expect
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from playground import Command, Playground, Shortcut, SlackApp
from playground.live import MAX_LISTENERS

HOSTILE = "<img src=x onerror=alert(1)> <script>alert(2)</script> & *bold*"


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "tag_modal",
    "title": plain("Tag it"),
    "submit": plain("Save"),
    "blocks": [
        {
            "type": "input",
            "block_id": "tag",
            "label": plain("Tag"),
            "element": {"type": "plain_text_input", "action_id": "a"},
        },
        {
            "type": "input",
            "block_id": "kind",
            "optional": True,
            "label": plain("Kind"),
            "element": {
                "type": "checkboxes",
                "action_id": "a",
                "options": [{"text": plain("Survey"), "value": "survey"}],
            },
        },
    ],
}


PICK: dict[str, Any] = {
    "type": "modal",
    "callback_id": "pick_modal",
    "title": plain("Pick tags"),
    "submit": plain("Save"),
    "blocks": [
        {
            "type": "input",
            "block_id": "tags",
            "label": plain("Tags"),
            "element": {"type": "multi_external_select", "action_id": "find", "min_query_length": 1},
        }
    ],
}
HOME: dict[str, Any] = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": plain("Your notes")},
        {
            "type": "section",
            "block_id": "language",
            "text": {"type": "mrkdwn", "text": "*Language*"},
            "accessory": {
                "type": "static_select",
                "action_id": "language",
                "placeholder": plain("Language"),
                "options": [{"text": plain("English"), "value": "en"}, {"text": plain("日本語"), "value": "ja"}],
            },
        },
        {"type": "actions", "elements": [{"type": "button", "action_id": "pick", "text": plain("Pick tags")}]},
    ],
}


def build(place: Playground) -> SocketModeHandler:
    app = App(client=WebClient(BOT_TOKEN, base_url=place.api_url))

    @app.message("card")
    def card(message: dict[str, Any], client: WebClient) -> None:
        tag = {"type": "button", "action_id": "tag", "text": plain("Tag"), "style": "primary"}
        blocks = [
            {"type": "header", "text": plain("A card")},
            {"type": "section", "text": {"type": "mrkdwn", "text": "See <https://x.org|the *paper*>"}},
            {"type": "actions", "elements": [tag]},
        ]
        client.chat_postMessage(channel=message["channel"], thread_ts=message["ts"], text="A card", blocks=blocks)

    @app.action("tag")
    @app.shortcut("tag_it")
    def tag(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @app.view("tag_modal")
    def tagged(ack: Any, view: dict[str, Any]) -> None:
        values = view["state"]["values"]
        if values["tag"]["a"]["value"] == "bad":
            ack(response_action="errors", errors={"tag": "Not this tag"})
            return
        kinds = [o["value"] for o in values["kind"]["a"]["selected_options"]]
        text = f"Tagged {values['tag']['a']['value']} {kinds}"
        done = {"type": "modal", "title": plain("Done"), "blocks": [{"type": "section", "text": plain(text)}]}
        ack(response_action="update", view=done)

    @app.command("/note")
    def note(ack: Any, command: dict[str, str]) -> None:
        ack(f"Noted: {command['text']}")

    @app.event("app_home_opened")
    def home(event: dict[str, Any], client: WebClient) -> None:
        if event["tab"] == "home":
            client.views_publish(user_id=event["user"], view=HOME)

    add_picking(app)
    handler = SocketModeHandler(app, APP_TOKEN, web_client=WebClient(APP_TOKEN, base_url=place.api_url))
    handler.connect()
    return handler


def add_picking(app: App) -> None:
    @app.action("language")
    def language(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        chosen = body["actions"][0]["selected_option"]["value"]
        more = {"type": "context", "elements": [plain(f"Speaking {chosen}")]}
        client.views_publish(user_id=body["user"]["id"], view=HOME | {"blocks": [*HOME["blocks"], more]})

    @app.action("pick")
    @app.shortcut("pick_it")
    def pick(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=PICK)

    @app.options("find")
    def find(ack: Any, payload: dict[str, Any]) -> None:
        found = [tag for tag in ("nlp", "nlu", "vision") if payload["value"] in tag]
        ack(options=[{"text": plain(tag.upper()), "value": tag} for tag in found])

    @app.view("pick_modal")
    def picked(ack: Any, view: dict[str, Any]) -> None:
        chosen = [o["value"] for o in view["state"]["values"]["tags"]["find"]["selected_options"]]
        text = f"Picked {', '.join(chosen)}"
        done = {"type": "modal", "title": plain("Done"), "blocks": [{"type": "section", "text": plain(text)}]}
        ack(response_action="update", view=done)


@pytest.fixture
def place() -> Iterator[Playground]:
    app = SlackApp(
        commands=(Command("/note", "Takes a note", "[text]"),),
        shortcuts=(Shortcut("message", "Tag this", "tag_it"), Shortcut("global", "Pick tags", "pick_it")),
        events=frozenset({"message.channels", "message.im", "app_home_opened"}),
    )
    with Playground(app=app, notice="These are samples.", suggestions=["a card please"]) as running:
        handler = build(running)
        yield running
        in_background(handler.close)


@pytest.fixture
def page(browser: Browser, place: Playground) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="en-US")
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: problems.append(str(e)))
    page.on("dialog", lambda d: problems.append(d.message))
    page.goto(place.url)
    expect(composer(page)).to_be_visible()
    yield page
    page.close()
    assert problems == []


def composer(page: Page, name: str = "Message #papers") -> Locator:
    return page.get_by_role("textbox", name=name)


def say(page: Page, text: str) -> None:
    composer(page).fill(text)
    composer(page).press("Enter")


def test_paste_read_the_card_tag_and_reply(page: Page, place: Playground) -> None:
    expect(page.get_by_text("These are samples.")).to_be_visible()
    page.get_by_role("button", name="a card please").click()
    composer(page).press("Enter")
    page.get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_role("heading", name="A card")).to_be_visible()
    expect(thread.get_by_role("link", name="the *paper*")).to_have_attribute("href", "https://x.org")

    thread.get_by_role("button", name="Tag", exact=True).click()
    modal = page.get_by_role("dialog", name="Tag it")
    modal.get_by_role("button", name="Save").click()
    expect(modal.get_by_role("alert")).to_have_text("Please complete this required field.")
    modal.get_by_label("Survey").check()
    modal.get_by_label("Tag").fill("bad")
    modal.get_by_role("button", name="Save").click()
    expect(modal.get_by_role("alert")).to_have_text("Not this tag")
    modal.get_by_label("Tag").fill("NLP")
    modal.get_by_role("button", name="Save").click()
    done = page.get_by_role("dialog", name="Done")
    expect(done).to_contain_text("Tagged NLP ['survey']")
    page.keyboard.press("Escape")
    expect(done).to_have_count(0)
    expect(thread.get_by_role("button", name="Tag", exact=True)).to_be_focused()

    thread.get_by_role("textbox").fill("A good one")
    thread.get_by_role("textbox").press("Enter")
    expect(thread.get_by_text("A good one")).to_be_visible()
    expect(page.get_by_role("button", name="2 replies")).to_be_visible()


def test_a_page_that_was_cut_off_reads_what_it_missed(page: Page, place: Playground) -> None:
    ben = client(place, BEN_TOKEN)
    ts = ben.chat_postMessage(channel=PAPERS, text="a question")["ts"]
    ben.chat_postMessage(channel=PAPERS, text="too hasty", thread_ts=ts)
    page.get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_text("too hasty")).to_be_visible()
    with ExitStack() as others:
        for _ in range(MAX_LISTENERS):
            others.enter_context(urlopen(f"{place.url}/playground/live?member=ben"))
        expect(page.get_by_text("Connection lost")).to_be_visible()
        hasty = ben.conversations_replies(channel=PAPERS, ts=ts)["messages"][1]["ts"]
        ben.chat_delete(channel=PAPERS, ts=hasty)
        ben.chat_postMessage(channel=PAPERS, text="an answer", thread_ts=ts)
    expect(thread.get_by_text("an answer")).to_be_visible()
    expect(thread.get_by_text("too hasty")).to_have_count(0)


def test_commands_are_hinted_and_answered_to_one_member(page: Page) -> None:
    composer(page).fill("/n")
    page.get_by_role("option", name="/note").click()
    composer(page).press_sequentially("this")
    composer(page).press("Enter")
    expect(page.get_by_text("Noted: this")).to_be_visible()
    expect(page.get_by_text("Only visible to you")).to_be_visible()
    page.get_by_label("Act as").select_option("Ben Carter")
    expect(page.get_by_text("Noted: this")).to_have_count(0)


def test_own_messages_are_edited_deleted_and_reacted_to(page: Page) -> None:
    say(page, "first try")
    row = page.get_by_role("article").filter(has_text="first try")
    row.hover()
    row.get_by_role("button", name="Add reaction").click()
    page.get_by_role("menuitem", name="👀").click()
    eyes = page.get_by_role("button", name=":eyes: 1")
    expect(eyes).to_have_attribute("aria-pressed", "true")
    eyes.click()
    expect(eyes).to_have_count(0)
    row.hover()
    row.get_by_role("button", name="Add reaction").click()
    page.get_by_label("Emoji name").fill(":books:")
    page.get_by_label("Emoji name").press("Enter")
    expect(page.get_by_role("button", name=":books: 1")).to_be_visible()
    row.hover()
    row.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Edit message").click()
    page.get_by_role("textbox", name="Edit message").fill("second try")
    page.get_by_role("button", name="Save").click()
    row = page.get_by_role("article").filter(has_text="second try")
    expect(row).to_contain_text("(edited)")
    row.hover()
    row.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete message").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete message").click()
    expect(row).to_have_count(0)


def test_a_message_shortcut_opens_the_apps_modal(page: Page) -> None:
    say(page, "keep me")
    row = page.get_by_role("article").filter(has_text="keep me")
    row.hover()
    row.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Tag this").click()
    expect(page.get_by_role("dialog", name="Tag it")).to_be_visible()


def test_hostile_text_is_only_text(page: Page, place: Playground) -> None:
    say(page, HOSTILE)
    expect(page.get_by_text("<script>alert(2)</script>")).to_be_visible()
    bot = client(place, BOT_TOKEN)
    blocks = [{"type": "header", "text": plain(HOSTILE)}, {"type": "section", "text": plain(HOSTILE)}]
    bot.chat_postMessage(channel=PAPERS, text=HOSTILE, blocks=blocks)
    bot.chat_postMessage(channel=PAPERS, text='<javascript:alert(3)|click> <https://x.org/"onclick=alert(4)|y>')
    expect(page.get_by_role("link", name="y", exact=True)).to_be_visible()
    assert page.locator("#messages img, #messages script, #messages a[href^=javascript]").count() == 0


def test_unread_marks_and_the_private_channel_follow_the_member(page: Page, place: Playground) -> None:
    client(place, BOT_TOKEN).chat_postMessage(channel="general", text="news")
    expect(page.get_by_role("button", name="general 1 unread")).to_be_visible()
    page.get_by_role("button", name="general").click()
    expect(page.get_by_text("news")).to_be_visible()
    expect(page.get_by_role("button", name="lab-private")).to_be_visible()
    page.get_by_label("Act as").select_option("Ben Carter")
    expect(page.get_by_role("button", name="general")).to_be_visible()
    expect(page.get_by_role("button", name="lab-private")).to_have_count(0)


def test_the_home_tab_and_direct_messages(page: Page) -> None:
    page.get_by_role("navigation").get_by_role("button", name="fusen").click()
    expect(composer(page, "Message fusen")).to_be_visible()
    page.get_by_role("tab", name="Home").click()
    expect(page.get_by_role("heading", name="Your notes")).to_be_visible()
    page.get_by_label("Language").select_option("日本語")
    expect(page.get_by_text("Speaking ja")).to_be_visible()
    expect(page.get_by_label("Language")).to_have_value("ja")
    page.get_by_role("button", name="Pick tags").click()
    expect(page.get_by_role("dialog", name="Pick tags")).to_be_visible()


def test_a_global_shortcut_opens_a_modal_with_options_that_the_app_offers(page: Page) -> None:
    page.get_by_role("button", name="Shortcuts").click()
    page.get_by_role("menuitem", name="Pick tags").click()
    modal = page.get_by_role("dialog", name="Pick tags")
    field = modal.get_by_role("combobox", name="Tags")
    field.fill("nl")
    modal.get_by_role("option", name="NLP").click()
    field.fill("vis")
    expect(modal.get_by_role("option", name="VISION")).to_be_visible()
    field.press("Enter")
    expect(modal.get_by_role("button", name="Remove NLP")).to_be_visible()
    modal.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog", name="Done")).to_contain_text("Picked nlp, vision")


def test_the_app_is_removed_and_invited_again(page: Page) -> None:
    page.get_by_role("button", name="3 members").click()
    page.get_by_role("menuitem", name="Remove fusen").click()
    expect(page.get_by_text("was removed from the channel by")).to_be_visible()
    expect(page.get_by_role("button", name="2 members")).to_be_visible()
    say(page, "/invite @fusen")
    expect(page.get_by_text("has joined the channel")).to_be_visible()
    expect(page.get_by_role("button", name="3 members")).to_be_visible()


def test_a_phone_shows_one_thing_at_a_time(browser: Browser, place: Playground) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 780}, locale="ja-JP", has_touch=True)
    page.goto(place.url)
    expect(composer(page, "#papers へのメッセージ")).to_be_visible()
    expect(page.get_by_role("button", name="lab-private")).to_be_hidden()
    page.get_by_role("button", name="チャンネルを表示").click()
    page.get_by_role("button", name="general").click()
    expect(composer(page, "#general へのメッセージ")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()
