"""What the playground takes but holds against the app: for tests that look once, at their end."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from judges import judge
from playground_driving import AIKO, BOT_TOKEN, PAPERS, Driver, Recorder, client
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground import Playground


def mrkdwn(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text}


BLOCKS = [
    {"type": "header", "text": {"type": "plain_text", "text": "A paper :label:"}},
    {
        "type": "section",
        "text": mrkdwn("*<https://x.org|Attention &amp; more>* by _Someone_"),
        "fields": [mrkdwn("cs.CL")],
    },
    {"type": "divider"},
    {"type": "context", "elements": [mrkdwn("タグ：`注意`"), mrkdwn("<!date^1700000000^{date}|14 Nov>")]},
]
SAID = "A paper\nAttention &amp; more (https://x.org) by Someone\ncs.CL\nタグ：注意 14 Nov"


@pytest.fixture(scope="module")
def place() -> Iterator[Playground]:
    with Playground(unfurl_seconds=None, judge=judge) as running:
        yield running


@pytest.fixture
def bot(place: Playground) -> WebClient:
    return client(place, BOT_TOKEN)


@pytest.fixture
def fresh(place: Playground) -> Callable[[], list[str]]:
    """The complaints since the test began."""
    before = len(Driver(place.url).state()["complaints"])
    return lambda: [c["why"] for c in Driver(place.url).state()["complaints"][before:]]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (SAID, ""),
        ("New: " + SAID.replace("\n", " ") + " and so on", ""),
        (SAID.replace(" by Someone", ""), "'by' [json-pointer:/blocks/1]"),
        (SAID.replace("cs.CL", ""), "'cs' [json-pointer:/blocks/1]"),
        ("\n".join(reversed(SAID.split("\n"))), "text does not say"),
        ("A card", "'paper' [json-pointer:/blocks/0]"),
        ("A paper: Attention …", "'more' [json-pointer"),
    ],
)
def test_the_text_has_to_say_what_the_blocks_say(
    bot: WebClient, fresh: Callable[[], list[str]], text: str, complaint: str
) -> None:
    bot.chat_postMessage(channel=PAPERS, text=text, blocks=BLOCKS)
    said = fresh()
    assert len(said) <= 1
    assert complaint in said[0] if complaint else said == []


@pytest.mark.filterwarnings("ignore:The top-level `text` argument is missing")
def test_a_long_text_may_be_cut_and_no_text_is_built_by_slack(
    bot: WebClient, fresh: Callable[[], list[str]]
) -> None:
    words = [f"word{n}" for n in range(400)]
    long = [{"type": "section", "text": mrkdwn(" ".join(words[at : at + 200]))} for at in (0, 200)] * 2
    whole = " ".join(words * 2)
    bot.chat_postMessage(channel=PAPERS, text=whole[:3900].rpartition(" ")[0] + "…", blocks=long)
    bot.chat_postMessage(channel=PAPERS, blocks=BLOCKS)
    assert fresh() == []
    bot.chat_postMessage(channel=PAPERS, text=whole[:3900].rpartition(" ")[0], blocks=long)
    assert len(fresh()) == 1


def test_edits_whispers_and_answers_are_looked_at_too(
    place: Playground, bot: WebClient, fresh: Callable[[], list[str]]
) -> None:
    def section(text: str) -> list[dict[str, Any]]:
        return [{"type": "section", "text": mrkdwn(text)}]

    ts = bot.chat_postMessage(channel=PAPERS, text="first")["ts"]
    bot.chat_update(channel=PAPERS, ts=ts, text="x", blocks=section("second"))
    bot.chat_postEphemeral(channel=PAPERS, user=AIKO, text="x", blocks=section("third"))
    with Recorder(place.url, lambda _: {"text": "x", "blocks": section("fourth")}):
        Driver(place.url).post("command", member="aiko", channel=PAPERS, text="/note")
    assert [word for word in ("second", "third", "fourth") if not any(word in why for why in fresh())] == []


def test_what_was_refused_and_what_a_judge_says_is_kept(bot: WebClient, fresh: Callable[[], list[str]]) -> None:
    with pytest.raises(SlackApiError):
        bot.chat_postMessage(channel=PAPERS, text="x", blocks=[{"type": "bogus"}])
    with pytest.raises(SlackApiError):
        bot.chat_postMessage(channel="C404", text="x")
    plan = {
        "type": "plan",
        "title": "Plan",
        "tasks": [{"type": "task_card", "task_id": "1", "title": "x", "status": "complete"}],
    }
    bot.chat_postMessage(
        channel=PAPERS, text="x", blocks=[plan, {"type": "divider"}], attachments=[{"colour": "red"}]
    )
    said = fresh()
    assert any("unsupported type: bogus" in why for why in said)
    assert any("@slack/types: attachments[0]" in why for why in said)
    assert not any("C404" in why or "channel_not_found" in why for why in said)
