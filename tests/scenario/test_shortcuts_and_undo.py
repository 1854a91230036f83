"""Shortcuts on messages, which work in threads; and second thoughts after tagging: Undo, another paper."""

from __future__ import annotations

from typing import Any

import pytest
from house import House, shown, until

EMOJI = "\U0001f600"


def pasted(house: House, *papers: str, channel: str = "papers", thread: str | None = None) -> str:
    """Paste papers and wait for their cards."""
    links = " ".join(f"https://arxiv.org/abs/{paper}" for paper in papers)
    ts = house.paste(links, channel=channel, thread=thread)
    for paper in papers:
        house.card(thread or ts, paper, channel=channel, member="ben")
    return ts


def run(house: House, shortcut: str, ts: str, member: str = "ben", channel: str = "papers") -> None:
    house.act("shortcut", member=member, callback_id=shortcut, channel=channel, message_ts=ts)


def tagged_by_modal(house: House, tag: str, member: str = "ben") -> None:
    house.act("view/submit", member=member, values={"new_tags": {"new_tags": tag}})
    assert not house.views(member)["views"]


def whisper(house: House, says: str, member: str = "ben") -> dict[str, Any]:
    """What only this member sees and that says something, awaited."""
    return dict(until(lambda: next((one for one in house.whispers(member) if says in shown(one)), None)))


def elements(message: dict[str, Any]) -> dict[str, Any]:
    """What can be clicked under a message, by its action."""
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return {element["action_id"]: element for row in rows for element in row}


def offered(message: dict[str, Any], choice: str = "another_paper") -> dict[str, str]:
    """The other papers that an answer offers: titles by note."""
    select = elements(message).get(choice, {"options": []})
    return {option["value"]: option["text"]["text"] for option in select["options"]}


def click(
    house: House, message: dict[str, Any], action: str, value: str | None = None, member: str = "ben"
) -> None:
    what = {} if value is None else {"value": value}
    channel = message["channel"]
    house.act("click", member=member, channel=channel, ts=message["ts"], action_id=action, **what)


# Shortcuts


def test_tag_this_paper_on_the_pasted_message_opens_the_modal_of_the_button(house: House) -> None:
    house.command("/note help", member="aiko")  # the bot learns her language
    ts = pasted(house, "2312.00001")
    run(house, "tag_paper", ts, member="aiko")
    modal = house.modal("aiko")
    assert modal["title"]["text"] == "タグを付ける"
    assert "このチャンネルを読める人に表示されます" in shown(modal)
    tagged_by_modal(house, "Short, 近道", member="aiko")
    house.card(ts, "#近道")


@pytest.mark.parametrize("on", ["card", "reply"])
def test_a_shortcut_in_a_thread_is_about_the_threads_paper(house: House, on: str) -> None:
    paper = {"card": "2312.00002", "reply": "2312.00003"}[on]
    ts = pasted(house, paper)
    pasted(house, "2312.00004")
    target = house.card(ts, paper)["ts"] if on == "card" else house.paste("worth reading", thread=ts)
    run(house, "tag_paper", target)
    house.modal()
    tagged_by_modal(house, f"On {on}")
    house.card(ts, f"#On {on}")


def test_comment_on_this_paper_saves_a_comment(house: House) -> None:
    ts = pasted(house, "2312.00005")
    run(house, "comment_paper", ts)
    house.modal()
    house.act("view/submit", member="ben", values={"comment": {"comment": "by shortcut"}})
    house.card(ts, "1 comment")
    assert "by shortcut" in house.command("/note show 2312.00005")


def test_a_shortcut_on_the_card_of_an_added_paper_is_about_that_paper(house: House) -> None:
    house.command("/note add 2312.00006")
    card = until(lambda: next((post for post in house.posts() if "2312.00006" in shown(post)), None))
    pasted(house, "2312.00007")
    run(house, "tag_paper", card["ts"])
    house.modal()
    tagged_by_modal(house, "Added")
    until(lambda: "2312.00006" in house.command("/note list Added"))


def test_a_paper_and_its_card_in_a_thread_about_another_are_about_themselves(house: House) -> None:
    root = pasted(house, "2312.00008")
    reply = pasted(house, "2312.00009", thread=root)
    run(house, "tag_paper", reply)
    house.modal()
    tagged_by_modal(house, "by its message")
    run(house, "tag_paper", house.card(root, "2312.00009")["ts"])
    house.modal()
    tagged_by_modal(house, "by its card")
    for tag in ("by its message", "by its card"):
        found = house.command(f"/note list {tag}")
        assert "2312.00009" in found
        assert "2312.00008" not in found


def test_a_message_without_a_paper_says_what_to_do(house: House) -> None:
    pasted(house, "2312.00010")
    ts = house.paste("no paper here")
    for member, sentence in (("ben", "no paper in this message"), ("aiko", "論文がありません")):
        run(house, "tag_paper", ts, member=member)
        house.modal(member, sentence)
        house.act("view/close", member=member)


def test_a_message_with_several_papers_asks_which(house: House) -> None:
    ts = pasted(house, "2312.00011", "2312.00012")
    run(house, "tag_paper", ts, member="aiko")
    assert "2 件" in shown(house.modal("aiko", "どれですか"))
    house.act("view/close", member="aiko")
    for shortcut in ("tag_paper", "menu_paper"):
        run(house, shortcut, ts)
        question = house.modal("ben", "This is about 2 papers. Which one do you mean?")
        chosen = next(name for name, one in elements(question).items() if "2312.00012" in one["text"]["text"])
        house.act("view/click", member="ben", view_id=question["id"], action_id=chosen)
        if shortcut == "tag_paper":
            until(lambda: house.modal()["type"] and "New tags" in shown(house.modal()))
            tagged_by_modal(house, "Second")
        else:
            house.modal("ben", "#Second")
            house.act("view/close", member="ben")
    # The card of one of them says which.
    run(house, "tag_paper", house.card(ts, "2312.00012")["ts"])
    house.modal()
    tagged_by_modal(house, "By its card")
    assert "2312.00012" in house.command("/note list By its card")
    found = house.command("/note list Second")
    assert "2312.00012" in found
    assert "2312.00011" not in found


def test_a_shortcut_on_the_card_of_a_paper_that_is_gone_says_so(house: House) -> None:
    ts = pasted(house, "2312.00013")
    card = house.card(ts, "2312.00013")
    house.act("misbehave", method="chat.delete", how="500", times=1_000)  # else the card would go too
    house.act("delete", member="ben", channel="papers", ts=ts)
    until(lambda: "Nothing found" in house.command("/note search 2312.00013"))
    run(house, "tag_paper", card["ts"])
    house.modal("ben", "no paper in this message")
    house.act("misbehave", method="chat.delete", how="500", times=0)
    until(lambda: not house.answers(ts))


# Menus


def test_the_menu_of_a_paper_shows_and_tags_it_without_leaving_the_window(house: House) -> None:
    ts = pasted(house, "2312.00014")
    run(house, "menu_paper", ts, member="aiko")
    menu = house.modal("aiko", "タグなし")
    assert {"verb:show", "verb:tag", "verb:comment"} <= set(elements(menu))
    house.act("view/click", member="aiko", view_id=menu["id"], action_id="verb:tag")
    house.modal("aiko", house.arxiv.paper("2312.00014").title)
    assert house.modal("aiko")["title"]["text"] == "タグを付ける"
    house.act("view/submit", member="aiko", values={"new_tags": {"new_tags": "近い"}})
    house.act("view/click", member="aiko", view_id=menu["id"], action_id="verb:show")
    house.modal("aiko", "#近い")


def test_more_under_the_card_whispers_the_same_menu(house: House) -> None:
    ts = pasted(house, "2312.00015")
    card = house.card(ts, "2312.00015")
    house.act("click", member="ben", channel="papers", ts=card["ts"], action_id="verb:menu")
    said = whisper(house, house.arxiv.paper("2312.00015").title)
    assert said["thread_ts"] == ts
    click(house, said, "verb:show")
    assert whisper(house, "No comments yet")["thread_ts"] == ts


def test_a_card_at_the_top_of_the_channel_is_answered_there_also_when_it_has_a_thread(house: House) -> None:
    house.command("/note add 2312.00020")
    card = until(lambda: next((post for post in house.posts() if "2312.00020" in shown(post)), None))
    house.paste("said beneath", thread=card["ts"])
    house.act("click", member="ben", channel="papers", ts=card["ts"], action_id="verb:menu")
    assert "thread_ts" not in whisper(house, house.arxiv.paper("2312.00020").title)


def test_papers_are_searched_from_anywhere_and_found_in_the_same_window(house: House) -> None:
    pasted(house, "2312.00016")
    house.act("shortcut", member="ben", callback_id="search_notes")
    house.modal()
    house.act("view/submit", member="ben", values={"words": {"words": "2312.00016"}})
    house.modal("ben", "1 paper")


def test_the_menu_of_everything_lists_the_tags_in_use(house: House) -> None:
    pasted(house, "2312.00017")
    house.command("/note tag Everywhere")
    house.act("shortcut", member="ben", callback_id="menu_notes")
    menu = house.modal("ben", "What would you like")
    house.act("view/click", member="ben", view_id=menu["id"], action_id="verb:tags")
    house.modal("ben", "#Everywhere")


# Undo


def test_undo_takes_off_exactly_what_the_command_put_on(house: House) -> None:
    ts = pasted(house, "2312.01001")
    house.command("/note tag Kept")
    house.command("/note tag Kept, Wrong")
    said = whisper(house, "Tagged Wrong")
    click(house, said, "undo_tags")
    until(lambda: "Removed Wrong" in shown(next(one for one in house.whispers("ben") if one["ts"] == said["ts"])))
    house.card(ts, "#Kept")
    assert "2312.01001" in house.command("/note list Kept")
    assert "2312.01001" not in house.command("/note list Wrong")


def test_a_replaced_answer_offers_nothing_more_to_undo(house: House) -> None:
    pasted(house, "2312.01002")
    house.command("/note tag Once")
    said = whisper(house, "Tagged Once")
    click(house, said, "undo_tags")
    assert not elements(whisper(house, "Removed Once"))


def test_undo_of_a_tag_that_is_gone_already_says_so_and_changes_nothing(house: House) -> None:
    pasted(house, "2312.01003")
    house.command("/note tag Stale, Fresh")
    said = whisper(house, "Tagged Stale, Fresh")
    house.command("/note untag Stale, Fresh")
    house.command("/note tag Other")
    click(house, said, "undo_tags")
    whisper(house, "does not carry the tag stale, fresh")
    assert "2312.01003" in house.command("/note list Other")


def test_undo_leaves_a_tag_that_somebody_else_has_put_on_again(house: House) -> None:
    pasted(house, "2312.01004")
    house.command("/note tag Shared")
    said = whisper(house, "Tagged Shared")
    house.command("/note untag Shared")
    house.command("/note tag Shared", member="aiko")
    click(house, said, "undo_tags")
    whisper(house, "does not carry the tag shared")
    assert "2312.01004" in house.command("/note list Shared")


def test_there_is_nothing_to_undo_where_nothing_was_added(house: House) -> None:
    pasted(house, "2312.01005")
    house.command("/note tag Twice")
    house.command("/note tag Twice")
    assert not elements(whisper(house, "has these tags already"))


def test_undo_of_a_paper_that_is_gone_says_so(house: House) -> None:
    ts = pasted(house, "2312.01006")
    house.command("/note tag Lost")
    said = whisper(house, "Tagged Lost")
    house.clients["ben"].chat_delete(channel=house.channel("papers"), ts=ts)
    until(lambda: "Nothing found" in house.command("/note search 2312.01006"))
    click(house, said, "undo_tags")
    whisper(house, "no longer here")


def test_undo_speaks_the_persons_language(house: House) -> None:
    pasted(house, "2312.01007")
    house.command("/note tag 和文", member="aiko")
    said = whisper(house, "タグ 和文 を付けました", "aiko")
    assert elements(said)["undo_tags"]["text"]["text"] == "元に戻す"
    click(house, said, "undo_tags", member="aiko")
    whisper(house, "タグ 和文 を外しました", "aiko")


# Another paper


def test_choosing_another_paper_moves_the_tags_there(house: House) -> None:
    first = pasted(house, "2312.02001")
    pasted(house, "2312.02002")
    house.command("/note tag Kept too")
    house.command("/note tag Kept too, Moved, 移す")
    said = whisper(house, "Tagged Moved")
    title = house.arxiv.paper("2312.02001").title
    (note,) = [value for value, text in offered(said).items() if title.startswith(text.rstrip("…"))]
    click(house, said, "another_paper", note)
    house.card(first, "#移す")
    for tag in ("Moved", "移す"):
        found = house.command(f"/note list {tag}")
        assert "2312.02001" in found
        assert "2312.02002" not in found
    assert "2312.02002" in house.command("/note list Kept too")
    # The answer is now that of the other paper, which can be undone in its turn.
    now = next(one for one in house.whispers("ben") if one["ts"] == said["ts"])
    assert title[:20] in shown(now)
    click(house, now, "undo_tags")
    until(lambda: "Nothing found" in house.command("/note list Moved"))


def test_a_comment_is_moved_to_another_paper_and_taken_back_there(house: House) -> None:
    first = pasted(house, "2312.02021")
    pasted(house, "2312.02022")
    house.command("/note comment meant for the first")
    said = whisper(house, "Comment saved")
    title, choice = house.arxiv.paper("2312.02021").title, "another_paper_for_comment"
    (note,) = [one for one, text in offered(said, choice).items() if title.startswith(text.rstrip("…"))]
    click(house, said, choice, note)
    house.card(first, "1 comment")
    assert "meant for the first" not in house.command("/note show 2312.02022")
    now = until(lambda: next((w for w in house.whispers("ben") if title[:20] in shown(w) and elements(w)), None))
    click(house, now, "undo_comment")
    whisper(house, "Undone: your comment was removed")
    assert "meant for the first" not in house.command("/note show 2312.02021")


def test_choosing_after_the_tags_are_gone_moves_nothing(house: House) -> None:
    pasted(house, "2312.02003")
    pasted(house, "2312.02004")
    house.command("/note tag Vanished")
    said = whisper(house, "Tagged Vanished")
    house.command("/note untag Vanished")
    click(house, said, "another_paper", next(iter(offered(said))))
    whisper(house, "does not carry the tag vanished")
    assert "Nothing found" in house.command("/note list Vanished")


def test_a_paper_that_was_named_is_not_second_guessed(house: House) -> None:
    pasted(house, "2312.02005")
    pasted(house, "2312.02006")
    house.command("/note tag 2312.02005 Named")
    assert set(elements(whisper(house, "Tagged Named"))) == {"undo_tags"}


def test_the_only_paper_of_a_channel_has_no_other_to_choose(house: House) -> None:
    pasted(house, "2312.02007", channel="general")
    house.command("/note tag Alone", channel="general")
    assert set(elements(whisper(house, "Tagged Alone"))) == {"undo_tags"}


def test_ten_papers_of_this_channel_are_offered_at_most_the_last_one_first(house: House) -> None:
    pasted(house, *(f"2312.03{n:03}" for n in range(12)))
    pasted(house, "2312.02008")
    house.command("/note tag Many")
    titles = list(offered(whisper(house, "Tagged Many")).values())
    assert len(titles) == 10
    assert all(len(title) <= 75 for title in titles)
    assert house.arxiv.paper("2312.02008").title not in titles


def test_more_tags_than_a_button_can_remember_cannot_be_taken_back(house: House) -> None:
    pasted(house, "2312.02009")
    pasted(house, "2312.02010")
    long = ", ".join(f"{n} {EMOJI * 150}" for n in range(14))
    house.command(f"/note tag {long}")
    assert not elements(whisper(house, "Tagged 0 "))
    middling = ", ".join(f"a{n} {EMOJI * 50}" for n in range(6))
    house.command(f"/note tag {middling}")
    assert set(elements(whisper(house, "Tagged a0 "))) == {"undo_tags"}


def test_the_answer_to_a_mention_can_be_undone_too(house: House) -> None:
    ts = pasted(house, "2312.02011")
    pasted(house, "2312.02012")
    house.paste(f"<@{house.playground.bot_user_id}> tag Spoken", thread=ts)
    said = whisper(house, "Tagged Spoken")
    assert set(elements(said)) == {"undo_tags", "another_paper"}
    click(house, said, "undo_tags")
    until(lambda: "Nothing found" in house.command("/note list Spoken"))


def test_the_answer_in_a_direct_message_can_be_undone_too(house: House) -> None:
    direct = house.direct("ben")
    pasted(house, "2312.02013", channel=direct)
    house.paste("tag Direct", channel=direct)
    said = until(lambda: next((p for p in house.posts(direct, "ben") if "Tagged Direct" in shown(p)), None))
    click(house, said | {"channel": direct}, "undo_tags")
    until(lambda: any("Removed Direct" in shown(post) for post in house.posts(direct, "ben")))
