"""What Slack sends becomes values, and whatever else it sends does no harm."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from real_data import REAL_DATA, needs_real_data

from bot.payloads.events import (
    KINDS,
    Deleted,
    Edited,
    Happening,
    Posted,
    Reacted,
    channel_event,
    external_channel,
    happening,
    inbox_event,
    is_event,
    kind_of,
)
from bot.payloads.interactions import (
    Click,
    SecondThought,
    click,
    control,
    first_input,
    modal_memory,
    option_value,
    second_thought,
    shortcut,
    submitted,
    tag_memory,
    typed,
)
from bot.payloads.presence import Altered, Connected, Joined, Left, Renumbered, private_channel
from papers.asker import Asker
from papers.emoji import Reaction
from papers.note import Message, Tag

SAMPLES = REAL_DATA / "slack_samples"
TS = "1700000000.000100"


def delivery(event: dict[str, Any], **more: Any) -> dict[str, Any]:
    envelope = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event}
    return envelope | {"authorizations": [{"team_id": "T1"}]} | more


def message(**facts: Any) -> dict[str, Any]:
    said = {"type": "message", "channel": "C1", "user": "U1", "ts": TS, "event_ts": TS, "text": "hello"}
    return {key: value for key, value in (said | {"channel_type": "channel"} | facts).items() if value is not None}


def changed(now: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    return message(
        subtype="message_changed",
        user=None,
        text=None,
        ts="1700000009.000000",
        message=now,
        previous_message=before,
    )


def rich(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}]


def posted(event: dict[str, Any]) -> Posted:
    happened = happening(delivery(event))
    assert isinstance(happened, Posted)
    return happened


# Messages


def test_a_message_is_posted_by_a_member_at_a_moment_in_a_channel() -> None:
    said = posted(message())
    assert (said.member, said.text, said.direct) == ("U1", "hello", False)
    assert (said.message.workspace, said.message.channel, said.message.ts) == ("T1", "C1", TS)
    assert said.message.thread_ts is None
    assert said.at == datetime.fromtimestamp(1700000000.0001, UTC)


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast"])
def test_files_with_words_and_replies_sent_to_the_channel_are_messages(subtype: str) -> None:
    said = posted(message(subtype=subtype, thread_ts="1600000000.000000", files=[{"id": "F1"}]))
    assert said.message.thread == "1600000000.000000"


@pytest.mark.parametrize(
    "facts",
    [
        {"bot_id": "B1", "bot_profile": {"id": "B1"}},
        {"subtype": "bot_message", "bot_id": "B1", "user": None},
        {"subtype": "me_message"},
        {"subtype": "channel_join"},
        {"subtype": "channel_topic"},
        {"user": None},
        {"ts": None},
        {"channel": None},
        {"type": "reaction_added"},
        {"type": "link_shared"},
    ],
)
def test_bots_and_notices_are_passed_over(facts: dict[str, Any]) -> None:
    assert happening(delivery(message(**facts))) is None


@pytest.mark.parametrize("facts", [{"channel_type": "im"}, {"channel_type": None, "channel": "D1"}])
def test_a_direct_message_is_known_by_its_channel(facts: dict[str, Any]) -> None:
    assert posted(message(**facts)).direct


def test_a_link_that_is_only_in_the_blocks_is_read() -> None:
    blocks = rich({"type": "text", "text": "see "}, {"type": "link", "url": "https://arxiv.org/abs/2310.00001"})
    assert "https://arxiv.org/abs/2310.00001" in posted(message(text="", blocks=blocks)).text


def test_a_bold_command_a_bold_id_and_a_bold_link_are_read_without_marks() -> None:
    link = {"type": "link", "url": "https://arxiv.org/abs/2310.00001", "style": {"bold": True}}
    bold, slanted = ({"type": "text", "style": {style: True}} for style in ("bold", "italic"))
    said = posted(message(blocks=rich(bold | {"text": "tag X "}, slanted | {"text": "2310.00002"}, link)))
    assert said.text == "tag X 2310.00002<https://arxiv.org/abs/2310.00001>"
    assert said.styled == "*tag X* _2310.00002_\u200b*<https://arxiv.org/abs/2310.00001>*"


def test_words_that_are_merely_made_bold_are_a_change() -> None:
    bold = rich({"type": "text", "text": "hello", "style": {"bold": True}})
    now, before = (
        {"user": "U1", "ts": TS, "blocks": bold},
        {"ts": TS, "blocks": rich({"type": "text", "text": "hello"})},
    )
    happened = happening(delivery(changed(now, before)))
    assert isinstance(happened, Edited)
    assert happened.posted.styled == "*hello*"


def test_what_a_message_passes_on_is_kept_apart_from_its_words() -> None:
    shared = {"is_share": True, "text": "<https://arxiv.org/abs/2310.00001>"}
    preview = {"from_url": "https://arxiv.org/abs/2310.00002", "text": "https://arxiv.org/abs/2310.00002"}
    said = posted(message(attachments=[shared, preview]))
    assert said.text == "hello"
    assert said.forwarded == "<https://arxiv.org/abs/2310.00001>"


def test_an_edit_is_told_with_its_new_words_and_the_message_it_is_of() -> None:
    before = message(text="one")
    happened = happening(delivery(changed(message(text="two", edited={"user": "U1", "ts": "2"}), before)))
    assert isinstance(happened, Edited)
    assert (happened.posted.text, happened.posted.message.ts) == ("two", TS)
    assert happened.posted.message.channel == "C1"


def test_an_edited_message_that_was_answered_is_no_reply_to_itself() -> None:
    before = message(text="one", thread_ts=TS, reply_count=1)
    happened = happening(delivery(changed({**before, "text": "two"}, before)))
    assert isinstance(happened, Edited)
    assert happened.posted.message.thread_ts is None


def test_an_edit_of_the_blocks_alone_is_an_edit() -> None:
    before = message(blocks=rich({"type": "text", "text": "one"}))
    now = message(blocks=rich({"type": "text", "text": "two"}))
    assert isinstance(happening(delivery(changed(now, before))), Edited)


def test_a_pasted_table_is_what_a_message_says_and_its_change_is_an_edit() -> None:
    def table(cell: str) -> list[dict[str, Any]]:
        rows = [[{"type": "raw_text", "text": "score"}, {"type": "raw_text", "text": cell}]]
        return [{"id": 1, "fallback": "[no preview available]", "blocks": [{"type": "table", "rows": rows}]}]

    one, two = (message(text="", blocks=[], attachments=table(cell), thread_ts="1.0") for cell in ("71", "72"))
    assert (posted(one).text, posted(one).tables, posted(one).styled) == ("", "score | 71", "score | 71")
    edited = happening(delivery(changed(two, one)))
    assert isinstance(edited, Edited)
    assert edited.posted.tables == "score | 72"
    body = {"type": "message_action", "callback_id": "save_link", "message": two, "channel": {"id": "C1"}}
    assert shortcut(body).said == "score | 72"


def test_a_preview_that_slack_attached_is_no_edit() -> None:
    unfurled = message(attachments=[{"from_url": "https://arxiv.org/abs/2310.00001", "title": "x"}])
    assert happening(delivery(changed(unfurled, message()))) is None


def test_a_mention_that_slack_tells_again_because_it_was_edited_is_no_new_one() -> None:
    mention = message(type="app_mention", text="<@UBOT> help", edited={"user": "U1", "ts": "1700000009.000000"})
    assert happening(delivery(mention)) is None


def test_an_edit_by_a_bot_is_passed_over() -> None:
    assert happening(delivery(changed(message(text="two", bot_id="B1"), message()))) is None


def test_a_tombstone_is_a_deletion() -> None:
    grave = message(subtype="tombstone", text="This message was deleted.", user="USLACKBOT", hidden=True)
    happened = happening(delivery(changed(grave, message())))
    assert isinstance(happened, Deleted)
    assert happened.message.ts == TS


def test_a_deletion_names_the_message_and_its_thread() -> None:
    gone = message(subtype="message_deleted", ts="1700000010.0", deleted_ts=TS, user=None)
    gone["previous_message"] = message(thread_ts="1600000000.000000")
    happened = happening(delivery(gone))
    assert isinstance(happened, Deleted)
    assert (happened.message.ts, happened.message.thread) == (TS, "1600000000.000000")


def test_a_message_from_a_connected_workspace_belongs_to_ours() -> None:
    happened = happening(delivery(message(), team_id="T_OTHER"))
    assert isinstance(happened, Posted)
    assert happened.message.workspace == "T1"


def test_a_message_without_a_workspace_is_passed_over() -> None:
    assert happening({"type": "event_callback", "event": message()}) is None


def of_every_kind() -> dict[str, dict[str, Any]]:
    """An event for each kind of what happens."""
    here = {"channel": "C1", "event_ts": TS}
    item = {"type": "message", "channel": "C1", "ts": TS}
    gone = message(subtype="message_deleted", ts="1700000010.0", deleted_ts=TS, previous_message=message())
    return {
        "posted": message(),
        "edited": changed(message(text="two"), message()),
        "deleted": gone,
        "reacted": {"type": "reaction_added", "user": "U1", "reaction": "eyes", "item": item, "event_ts": TS},
        "filegone": {"type": "file_deleted", "file_id": "F1", "event_ts": TS},
        "joined": {"type": "member_joined_channel", "user": "U9", **here},
        "left": {"type": "channel_left", **here},
        "connected": {"type": "channel_shared", **here},
        "altered": message(subtype="channel_convert_to_private"),
        "renumbered": {
            "type": "channel_id_changed",
            "old_channel_id": "G1",
            "new_channel_id": "C1",
            "event_ts": TS,
        },
        "uninstalled": {"type": "app_uninstalled"},
        "other": {"type": "channel_created", **here, "channel_type": "group"},
    }


@pytest.mark.parametrize("kind", KINDS)
def test_the_token_that_slack_sends_along_is_not_kept(kind: str) -> None:
    body = {**delivery(of_every_kind()[kind]), "token": "xyzzy"}
    happened = happening(body)
    assert kind_of(happened) == kind
    assert "xyzzy" not in channel_event(body).body
    if happened:
        kept = inbox_event(body, happened).body
        assert "xyzzy" not in kept
        assert happening(json.loads(kept)) == happened


def test_what_databases_cannot_store_is_replaced() -> None:
    said = posted(message(text="a\x00b\ud83d", blocks=None))
    assert said.text == "a\ufffdb\ufffd"
    body = delivery(message(text="a\x00b\ud83d"))
    kept = inbox_event(body, said).body
    assert "\x00" not in kept
    assert kept.encode("utf-8")
    assert happening(json.loads(kept)) == said


# Reactions


def reacted(**facts: Any) -> Happening | None:
    item = {"type": "message", "channel": "C1", "ts": TS}
    event = {
        "type": "reaction_added",
        "user": "U1",
        "reaction": "eyes",
        "item": item,
        "event_ts": "1700000005.000100",
    }
    return happening(delivery(event | facts))


def test_a_reaction_is_of_a_member_to_a_message_at_a_moment() -> None:
    at = datetime.fromtimestamp(1700000005.0001, UTC)
    expected = Reaction(Message("T1", "C1", TS), "U1", "eyes", at)
    assert reacted() == Reacted(expected, came=True)
    assert reacted(type="reaction_removed") == Reacted(expected, came=False)
    assert reacted(reaction="wave::skin-tone-5") == Reacted(
        Reaction(expected.message, "U1", "wave", at), came=True
    )


@pytest.mark.parametrize(
    "facts", [{"item": {"type": "file", "file": "F1"}}, {"item": None}, {"user": None}, {"reaction": ""}]
)
def test_a_reaction_to_something_else_or_by_nobody_is_passed_over(facts: dict[str, Any]) -> None:
    assert reacted(**facts) is None


def test_reactions_are_kept_apart_and_each_once() -> None:
    body = delivery({}, event_id="")
    keys = set()
    for facts in (
        {},
        {"type": "reaction_removed", "event_ts": "1700000006.0"},
        {"user": "U2"},
        {"reaction": "+1"},
    ):
        happened = reacted(**facts)
        assert happened
        kept = inbox_event(body, happened)
        assert kept.thread == f"T1/C1/{TS}"
        keys.add((kept.event_id, kept.message_key))
    assert len(keys) == 4


# The inbox


def kept(event: dict[str, Any], **more: Any) -> Any:
    body = delivery(event, **more)
    happened = happening(body)
    assert happened is not None
    return inbox_event(body, happened)


def test_a_mention_and_its_message_have_one_message_key_and_two_event_ids() -> None:
    as_message = kept(message(text="<@UBOT> help"), event_id="Ev1")
    as_mention = kept(message(text="<@UBOT> help", type="app_mention", channel_type=None), event_id="Ev2")
    assert as_message.message_key == as_mention.message_key
    assert as_message.event_id != as_mention.event_id


def test_a_message_its_edit_and_its_deletion_have_a_key_each_and_one_thread() -> None:
    gone = message(
        subtype="message_deleted", ts="1700000010.0", deleted_ts=TS, user=None, previous_message=message()
    )
    events = [kept(message()), kept(changed(message(text="two"), message())), kept(gone)]
    assert len({event.message_key for event in events}) == 3
    assert {event.thread for event in events} == {f"T1/C1/{TS}"}


def test_the_same_moment_in_two_workspaces_has_two_keys() -> None:
    other = kept(message(), authorizations=[{"team_id": "T2"}])
    assert other.message_key != kept(message()).message_key


def test_an_event_without_an_id_is_named_after_its_moment() -> None:
    body = delivery(message())
    del body["event_id"]
    happened = happening(body)
    assert happened is not None
    assert inbox_event(body, happened).event_id == f"T1/C1/{TS}"


# Coming and going


def came(**facts: Any) -> dict[str, Any]:
    told = {"type": "member_joined_channel", "user": "U9", "channel": "C1", "inviter": "U1", "event_ts": TS}
    return told | facts


def test_who_came_to_a_channel_is_told_with_who_invited_them() -> None:
    at = datetime.fromtimestamp(1700000000.0001, UTC)
    assert happening(delivery(came())) == Joined("T1", "C1", "U9", "U1", at)
    assert happening(delivery(came(type="member_left_channel"))) == Left("T1", "C1", "U9", at)


@pytest.mark.parametrize("kind", ["channel_left", "group_left"])
def test_that_the_app_was_removed_names_no_member(kind: str) -> None:
    happened = happening(delivery({"type": kind, "channel": "C1", "actor_id": "U1", "event_ts": TS}))
    assert isinstance(happened, Left)
    assert happened.member == ""


def test_comings_wait_for_no_thread_and_stand_in_no_messages_way() -> None:
    event = kept(came(), event_id="Ev7")
    assert (event.event_id, event.message_key, event.thread) == ("Ev7", None, None)


# Commands, clicks, modals


def test_an_id_that_slack_took_for_a_telephone_number_is_read_as_typed() -> None:
    assert typed({"text": "comment <tel:2402.00020|2402.00020> first"}).text == "comment 2402.00020 first"


def test_a_slash_command_says_who_typed_what_where() -> None:
    told = typed(
        {
            "team_id": "T1",
            "channel_id": "C1",
            "user_id": "U1",
            "trigger_id": "1.2",
            "text": "tag LLM",
            "token": "x",
        }
    )
    assert told.text == "tag LLM"
    assert told.asker == Asker("T1", "C1", "U1", "command:1.2")


def clicked(**more: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U1", "team_id": "T1"},
        "trigger_id": "1.2",
        "container": {"type": "message", "channel_id": "C1", "message_ts": TS},
        "channel": {"id": "C1"},
        "message": {"ts": TS, "thread_ts": "1600000000.0"},
        "actions": [{"action_id": "verb:tag", "value": "7"}],
    }
    return body | more


def test_a_click_says_who_clicked_for_which_note_in_which_thread() -> None:
    told = click(clicked())
    asker = Asker("T1", "C1", "U1", "click:1.2", "1600000000.0")
    assert told == Click(asker, "tag", 7, "", "1.2", "1600000000.0")


@pytest.mark.parametrize("message", [{"ts": TS}, {"ts": TS, "thread_ts": TS}])
def test_a_message_at_the_top_of_a_channel_stands_in_no_thread(message: dict[str, str]) -> None:
    assert not click(clicked(message=message)).thread_ts


def test_a_control_runs_its_verb_on_its_note_with_its_words() -> None:
    button = click(clicked(actions=[control("tag", 7, "a:b, 日本語", distinct="2")]))
    assert (button.verb, button.note_id, button.words) == ("tag", 7, "a:b, 日本語")
    chosen = {"action_id": "verb:menu", "selected_option": {"value": option_value("untag", 7)}}
    option = click(clicked(actions=[chosen]))
    assert (option.verb, option.note_id, option.words) == ("untag", 7, "")


def test_a_click_in_a_modal_knows_the_modal_and_the_channel_that_it_remembers() -> None:
    memory = modal_memory(Asker("T1", "C3", "U1", "x"), 7)
    body = clicked(view={"id": "V1", "type": "modal", "private_metadata": memory}, container={"type": "view"})
    del body["message"], body["channel"]
    told = click(body)
    assert (told.view_id, told.in_modal, told.asker.channel) == ("V1", True, "C3")


def test_a_click_in_the_third_modal_of_a_stack_knows_that_it_is_full() -> None:
    first, second = (
        {"root_view_id": "V1", "previous_view_id": None},
        {"root_view_id": "V1", "previous_view_id": "V1"},
    )
    third = {"root_view_id": "V1", "previous_view_id": "V2"}
    assert [click(clicked(view=view)).stack_is_full for view in (first, second, third)] == [False, False, True]


def test_a_click_on_a_preview_has_no_message_and_is_read_all_the_same() -> None:
    body = clicked(container={"type": "message_attachment", "channel_id": "C2", "thread_ts": "5.0"})
    del body["message"], body["channel"]
    assert click(body).asker == Asker("T1", "C2", "U1", "click:1.2", "5.0")


@pytest.mark.parametrize("value", ["", "x", "-1", "1.5", "9" * 5000, None, [], "²"])
def test_a_click_for_no_note_names_note_zero(value: Any) -> None:
    assert click(clicked(actions=[{"value": value}])).note_id == 0


def cut_short(**facts: Any) -> dict[str, Any]:
    """A shortcut on a message."""
    return {
        "type": "message_action",
        "callback_id": "tag_paper",
        "trigger_id": "1.2",
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "channel": {"id": "C1"},
        "message_ts": TS,
        "message": {"type": "message", "user": "U2", "ts": TS, "text": "x"} | facts,
    }


def test_a_shortcut_says_who_ran_it_on_which_message() -> None:
    told = shortcut(cut_short())
    assert (told.message, told.note_id, told.trigger_id) == (Message("T1", "C1", TS), 0, "1.2")
    assert told.asker == Asker("T1", "C1", "U1", "shortcut:1.2")
    assert told.verb == "tag"
    reply = shortcut(cut_short(thread_ts="1600000000.0"))
    assert reply.message
    assert reply.message.thread == reply.asker.thread_ts == "1600000000.0"


def test_a_shortcut_on_no_message_has_none_and_no_channel() -> None:
    body = {"type": "shortcut", "callback_id": "search_notes", "team": {"id": "T1"}, "user": {"id": "U1"}}
    told = shortcut(body)
    assert (told.verb, told.message, told.asker.channel) == ("search", None, "")


def test_a_shortcut_on_a_card_names_the_cards_note() -> None:
    buttons = {"type": "actions", "elements": [{"action_id": "verb:tag", "value": "7"}]}
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x"}}, buttons]
    assert shortcut(cut_short(bot_id="B1", blocks=blocks)).note_id == 7
    assert shortcut(cut_short(blocks=blocks)).note_id == 0


TAGS = (Tag("LLM", "llm"), Tag("日本語", "日本語"))


def test_undo_names_the_note_and_the_tags_that_it_takes_off() -> None:
    told = second_thought(clicked(actions=[{"action_id": "undo_tags", "value": tag_memory(7, TAGS)}]))
    assert told == SecondThought(Asker("T1", "C1", "U1", "click:1.2", "1600000000.0"), 7, ("llm", "日本語"), 0)


def test_another_paper_is_chosen_for_the_tags_that_its_row_remembers() -> None:
    option = {"text": {"type": "plain_text", "text": "On x"}, "value": "9"}
    action = {"action_id": "another_paper", "block_id": tag_memory(7, TAGS), "selected_option": option}
    told = second_thought(clicked(actions=[action]))
    assert (told.note_id, told.keys, told.other_id) == (7, ("llm", "日本語"), 9)


@pytest.mark.parametrize("memory", ["", "{", "[]", "x1y", '{"note": {}, "tags": 3}', '{"tags": [1, null]}'])
def test_a_row_that_is_not_ours_names_note_zero_and_no_tags(memory: str) -> None:
    told = second_thought(clicked(actions=[{"value": None, "block_id": memory}]))
    assert (told.note_id, told.keys, told.other_id) == (0, (), 0)


def submission(memory: str, state: Any) -> dict[str, Any]:
    view = {"id": "V1", "private_metadata": memory, "state": {"values": state}}
    return {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"}, "view": view}


def test_a_modal_remembers_its_note_and_channel_and_says_what_was_filled_in() -> None:
    options = [{"text": {"type": "plain_text", "text": "LLM"}, "value": "LLM"}, {"value": "日本語"}]
    state = {
        "known_tags": {"known_tags": {"type": "multi_static_select", "selected_options": options}},
        "new_tags": {"new_tags": {"type": "plain_text_input", "value": None}},
        "comment": {"comment": {"type": "plain_text_input", "value": "good"}},
    }
    told = submitted(submission(modal_memory(click(clicked()).asker, 7), state))
    assert (told.note_id, told.asker) == (7, Asker("T1", "C1", "U1", "modal:V1", "1600000000.0"))
    assert told.typed == {"known_tags": "", "new_tags": "", "comment": "good"}
    assert told.chosen == {"known_tags": ("LLM", "日本語"), "new_tags": (), "comment": ()}


@pytest.mark.parametrize("memory", ["", "{", "[]", "null", '{"note": {}, "channel": 3}', "[" * 100_000])
def test_a_modal_that_is_not_ours_names_note_zero_and_no_channel(memory: str) -> None:
    told = submitted(submission(memory, {}))
    assert (told.note_id, told.asker.channel) == (0, "")


def test_the_first_input_of_a_modal_is_where_faults_are_shown() -> None:
    body = submission("", {})
    body["view"]["blocks"] = [{"type": "section", "block_id": "a"}, {"type": "input", "block_id": "b"}]
    assert first_input(body) == "b"
    assert first_input(clicked()) == ""


# Whatever comes


def read_everything(body: dict[str, Any]) -> None:
    is_event(body)
    happened = happening(body)
    if happened is not None:
        assert inbox_event(body, happened).event_id
    typed(body)
    click(body)
    shortcut(body)
    second_thought(body)
    submitted(body)
    first_input(body)


@needs_real_data
@pytest.mark.parametrize("file", sorted(SAMPLES.glob("*.json")), ids=lambda file: file.stem)
def test_real_payloads_are_read_without_complaint(file: Path) -> None:
    body = json.loads(file.read_text(encoding="utf-8"))
    read_everything(body)
    if isinstance(body.get("payload"), dict):
        read_everything(body["payload"])


KEYS_AND_KINDS = """
type event event_callback message app_mention subtype message_changed message_deleted tombstone previous_message
deleted_ts ts thread_ts user channel channel_type im text blocks attachments is_share elements rich_text team id
team_id authorizations actions value container channel_id view state values private_metadata selected_options
callback_id verb:tag selected_option
block_id view_submission input event_id event_ts message_blocks url link D1 nan inf 1e400 -1
"""
WORDS = st.sampled_from(KEYS_AND_KINDS.split())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=6),
    max_leaves=25,
)


@given(body=st.dictionaries(WORDS, JSON, max_size=8))
@settings(max_examples=200, deadline=None)
def test_no_json_raises(body: dict[str, Any]) -> None:
    read_everything(body)


@pytest.mark.parametrize(
    "make",
    [
        lambda junk: delivery(junk),
        lambda junk: delivery(message() | junk),
        lambda junk: delivery(changed(message() | junk, message())),
        lambda junk: delivery(changed(message(text="two"), junk)),
        lambda junk: delivery(message(subtype="message_deleted", previous_message=junk, deleted_ts=TS)),
        lambda junk: clicked(**junk),
        lambda junk: clicked(actions=[{"block_id": json.dumps(junk), "selected_option": junk}]),
        lambda junk: cut_short(**junk),
        lambda junk: cut_short(bot_id="B1", blocks=[junk, {"elements": [junk | {"action_id": "verb:tag"}]}]),
        lambda junk: submission("{}", junk),
    ],
)
@given(junk=st.dictionaries(WORDS, JSON, max_size=5))
@settings(max_examples=40, deadline=None)
def test_no_junk_inside_a_payload_raises(make: Callable[[Any], dict[str, Any]], junk: dict[str, Any]) -> None:
    read_everything(make(junk))


# Slack Connect


def test_a_channel_that_is_shared_with_another_organization_or_no_longer_is_told() -> None:
    def told(kind: str, **facts: Any) -> Any:
        return happening(delivery({"type": kind, "channel": "C1", "event_ts": TS, **facts}))

    assert told("channel_shared", connected_team_id="E9") == Connected("T1", "C1", True)
    assert told("channel_unshared", is_ext_shared=True) == Connected("T1", "C1", True)
    assert told("channel_unshared", is_ext_shared=False) == Connected("T1", "C1", False)
    assert told("channel_shared", channel=None) is None


@pytest.mark.parametrize(
    "subtype", ["channel_convert_to_private", "channel_convert_to_public", "channel_name", "group_name"]
)
def test_slacks_notice_of_a_channels_new_name_or_kind_is_no_message_of_a_person(subtype: str) -> None:
    assert happening(delivery(message(subtype=subtype))) == Altered("T1", "C1")


@pytest.mark.parametrize(
    ("said", "channel"),
    [
        ({"channel_type": "group"}, "C1"),
        ({"subtype": "channel_convert_to_private"}, "C1"),
        ({"channel_type": "channel"}, ""),
        ({"channel_type": ["group"]}, ""),
    ],
)
def test_an_event_says_that_its_channel_is_private(said: dict[str, Any], channel: str) -> None:
    assert private_channel(delivery(message(**said))) == channel


def test_the_new_id_of_a_channel_is_told_with_the_old_one() -> None:
    changed = {"type": "channel_id_changed", "old_channel_id": "G1", "new_channel_id": "C1", "event_ts": TS}
    assert happening(delivery(changed)) == Renumbered("T1", "C1", "G1")
    assert happening(delivery(changed | {"old_channel_id": None})) is None
    assert kept(changed, event_id="Ev8").event_id == "Ev8"


@pytest.mark.parametrize(("flag", "channel"), [(True, "C1"), (False, ""), (None, ""), ("yes", "")])
def test_an_event_says_that_its_channel_is_shared(flag: object, channel: str) -> None:
    reaction = {"type": "reaction_added", "user": "U1", "item": {"type": "message", "channel": "C1", "ts": TS}}
    for event in (message(), reaction):
        assert external_channel(delivery(event) | {"is_ext_shared_channel": flag}) == channel
