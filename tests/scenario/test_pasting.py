"""What people see when they paste links."""

from __future__ import annotations

from typing import Any

from house import House, shown, until


def test_a_pasted_link_is_answered_with_a_card_in_its_thread(house: House) -> None:
    ts = house.paste("look at https://arxiv.org/abs/2310.00001 please")
    card = house.card(ts, "2310.00001")
    title = house.arxiv.paper("2310.00001").title
    assert title.split()[0] in shown(card)
    assert [block["type"] for block in card["blocks"]][-1] == "actions"
    assert len(house.answers(ts)) == 1


def test_several_links_in_one_message_get_a_card_each(house: House) -> None:
    ts = house.paste(
        "https://arxiv.org/abs/2310.00011 and https://arxiv.org/pdf/2310.00012v2 and arXiv:2310.00013"
    )
    until(lambda: len(house.answers(ts)) == 3)
    for paper in ("2310.00011", "2310.00012", "2310.00013"):
        house.card(ts, paper)


def test_a_paper_shared_before_gets_one_quiet_line_with_who_and_where(house: House) -> None:
    first = house.paste("https://arxiv.org/abs/2310.00021", member="aiko")
    house.card(first, "2310.00021")
    again = house.paste("https://www.alphaxiv.org/abs/2310.00021", member="ben", channel="general")
    line = house.card(again, "shared before by", channel="general")
    assert "aiko" in shown(line).lower()
    assert "#papers" in shown(line)
    assert f"p{first.replace('.', '')}" in shown(line)


def test_a_link_in_a_direct_message_is_answered_there(house: House) -> None:
    channel = house.direct("ben")
    ts = house.paste("https://arxiv.org/abs/2310.00031", channel=channel)
    house.card(ts, "2310.00031", channel=channel, member="ben")


def test_words_without_a_paper_get_no_answer(house: House) -> None:
    ts = house.paste("build 1234.56789 took 2024.12345 ms")
    marker = house.paste("https://arxiv.org/abs/2310.00041")
    house.card(marker, "2310.00041")
    assert house.answers(ts) == []


def test_a_paper_that_arxiv_does_not_know_yet_is_kept_and_said_so(house: House) -> None:
    house.arxiv.unknown.add("2310.00051")
    ts = house.paste("https://arxiv.org/abs/2310.00051")
    house.card(ts, "does not know 2310.00051 yet")


def test_a_deleted_message_withdraws_its_share(house: House) -> None:
    ts = house.paste("https://arxiv.org/abs/2310.00061")
    house.card(ts, "2310.00061")
    assert "2310.00061" in house.command("/note list")
    house.clients["ben"].chat_delete(channel=house.channel("papers"), ts=ts)
    until(lambda: "2310.00061" not in house.command("/note list"))


def test_an_edited_message_that_was_answered_is_no_comment_on_its_own_paper(house: House) -> None:
    ts = house.paste("https://arxiv.org/abs/2310.00073")
    house.card(ts, "2310.00073")
    house.act("say", member="aiko", channel="papers", text="well found", thread_ts=ts)
    house.card(ts, "1 comment")
    edited = "Have a look at https://arxiv.org/abs/2310.00073"
    house.act("edit", member="ben", channel="papers", ts=ts, text=edited)
    until(lambda: not house.state()["pending_events"])
    house.act("say", member="aiko", channel="papers", text="well said", thread_ts=ts)
    house.card(ts, "2 comments")
    assert "Have a look" not in house.command("/note show 2310.00073")


def test_what_was_said_of_a_message_before_an_edit_added_the_link_is_a_comment(house: House) -> None:
    ts = house.type("a paper on sticky notes, link follows")
    house.act("say", member="aiko", channel="papers", text="send it soon", thread_ts=ts)
    until(lambda: not house.state()["pending_events"])
    house.act("edit", member="ben", channel="papers", ts=ts, text="a paper: https://arxiv.org/abs/2310.00072")
    house.card(ts, "1 comment")
    assert "send it soon" in house.command("/note show 2310.00072")


def test_what_was_said_of_a_wrong_link_is_said_of_the_right_one(house: House) -> None:
    ts = house.paste("https://arxiv.org/abs/2310.00074")
    house.card(ts, "2310.00074")
    house.paste("https://arxiv.org/abs/2310.00074", channel="general")
    house.act("say", member="aiko", channel="papers", text="is that the one?", thread_ts=ts)
    house.card(ts, "1 comment")
    house.act("edit", member="ben", channel="papers", ts=ts, text="https://arxiv.org/abs/2310.00075")
    until(lambda: "is that the one?" in house.command("/note show 2310.00075"))
    assert "is that the one?" not in house.command("/note show 2310.00074")
    until(
        lambda: (
            [("2310.00075" in shown(card), "2310.00074" in shown(card)) for card in house.answers(ts)]
            == [(True, False)]
        )
    )
    house.act("edit", member="ben", channel="papers", ts=ts, text="https://arxiv.org/abs/2310.00074")
    house.card(ts, "2310.00074")
    until(lambda: len(house.answers(ts)) == 1)
    assert "2310.00075" not in house.command("/note list")


def test_a_link_that_comes_back_while_its_card_is_taken_away_has_one_again(house: House) -> None:
    ts = house.paste("https://arxiv.org/abs/2310.00076")
    house.card(ts, "2310.00076")
    house.act("misbehave", method="chat.delete", how="slow", times=1, seconds=2)
    house.act("edit", member="ben", channel="papers", ts=ts, text="https://arxiv.org/abs/2310.00077")
    until(lambda: not any("2310.00076" in shown(card) for card in house.answers(ts)))
    house.act("edit", member="ben", channel="papers", ts=ts, text="https://arxiv.org/abs/2310.00076")
    house.card(ts, "2310.00076")


def test_a_paper_seen_before_whose_link_goes_while_that_is_said_is_not_spoken_of(house: House) -> None:
    house.card(house.paste("https://arxiv.org/abs/2310.00078"), "2310.00078")
    house.act("misbehave", method="chat.postMessage", how="slow", times=2, seconds=2)  # ours, and Fusen's
    ts = house.paste("https://arxiv.org/abs/2310.00078")
    until(lambda: house.answers(ts))
    house.act("edit", member="ben", channel="papers", ts=ts, text="not that one")
    until(lambda: not house.answers(ts))


def test_a_link_added_by_an_edit_gets_its_card(house: House) -> None:
    ts = house.paste("a paper")
    house.act("edit", member="ben", channel="papers", ts=ts, text="a paper: https://arxiv.org/abs/2310.00071")
    house.card(ts, "2310.00071")


def table(paper: str) -> dict[str, Any]:
    link = {"type": "link", "url": f"https://arxiv.org/abs/{paper}"}
    linked = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [link]}]}
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "score 71"}, linked]]}


def test_papers_linked_in_a_table_get_their_cards_and_a_reply_of_a_table_is_a_comment(house: House) -> None:
    ben, channel = house.clients["ben"], house.channel("papers")
    blocks = [table("2312.00090")]
    first = str(ben.chat_postMessage(channel=channel, text="Scores:", blocks=blocks)["ts"])
    house.card(first, "2312.00090")
    pasted = [{"fallback": "[no preview available]", "blocks": [table("2312.00091")]}]
    ben.chat_postMessage(channel=channel, text="", attachments=pasted, thread_ts=first)
    house.card(first, "2312.00091")
    until(lambda: "score 71 | https://arxiv.org/abs/2312.00091" in house.command("/note show 2312.00090"))
