"""Messages that become commands only by an edit."""

from __future__ import annotations

from house import House, shown, until
from playground_driving import BOT

FUSEN = f"<@{BOT}>"


def pasted(house: House, paper: str) -> str:
    """Paste a paper and wait for its card."""
    ts = house.paste(f"https://arxiv.org/abs/{paper}")
    house.card(ts, paper)
    return ts


def edit(house: House, ts: str, text: str) -> None:
    house.act("edit", member="ben", channel=house.channel("papers"), ts=ts, text=text)


def test_a_comment_that_is_edited_into_a_command_is_carried_out_and_no_comment(house: House) -> None:
    ts = pasted(house, "2311.00131")
    reply = house.paste("nice paper", thread=ts)
    house.card(ts, "1 comment")
    edit(house, reply, "@fusen tag EditedIn")
    house.card(ts, "#EditedIn · 0 comments")
    until(lambda: any("#EditedIn" in shown(one) for one in house.whispers("ben")))
    assert "EditedIn" not in house.command("/note show 2311.00131").replace("#EditedIn", "")
    edit(house, reply, "a nice paper")
    house.card(ts, "#EditedIn · 1 comment")


def test_a_slip_in_a_mention_is_mended_by_an_edit(house: House) -> None:
    ts = pasted(house, "2311.00132")
    reply = house.paste(f"{FUSEN} tga MendedSlip", thread=ts)
    until(lambda: any("I do not know “tga”" in shown(one) for one in house.whispers("ben")))
    edit(house, reply, "@fusen tag MendedSlip")
    house.card(ts, "#MendedSlip")
    until(lambda: any("#MendedSlip" in shown(one) for one in house.whispers("ben")))


def test_a_command_that_was_refused_is_mended_by_an_edit_and_only_once(house: House) -> None:
    ts = pasted(house, "2311.00133")
    reply = house.paste(f"{FUSEN} comment", thread=ts)
    until(lambda: any("The comment is empty" in shown(one) for one in house.whispers("ben")))
    edit(house, reply, "@fusen comment said late")
    house.card(ts, "1 comment")
    edit(house, reply, "@fusen comment said later")
    house.paste("a marker", thread=ts)
    house.card(ts, "2 comments")
    told = house.command("/note show 2311.00133")
    assert ("said late" in told, "said later" in told) == (True, False)


def test_slips_in_an_edited_comment_are_told_each_and_take_nothing_away(house: House) -> None:
    ts = pasted(house, "2311.00134")
    reply = house.paste("worth keeping", thread=ts)
    house.card(ts, "1 comment")
    for slip in ("tga", "tgg"):
        edit(house, reply, f"@fusen {slip} SlipsMended")
        until(lambda slip=slip: any(f"I do not know “{slip}”" in shown(one) for one in house.whispers("ben")))
    assert "worth keeping" in house.command("/note show 2311.00134")
    edit(house, reply, "@fusen tag SlipsMended")
    house.card(ts, "#SlipsMended · 0 comments")


def test_a_table_that_is_pasted_below_a_command_is_no_part_of_it_but_of_a_comment(house: House) -> None:
    ts = pasted(house, "2311.00135")
    cells = [{"type": "raw_text", "text": text} for text in ("model", "0.71")]
    table = [{"blocks": [{"type": "table", "rows": [cells]}]}]

    def say(text: str) -> None:
        papers = house.channel("papers")
        house.clients["ben"].chat_postMessage(channel=papers, text=text, thread_ts=ts, attachments=table)

    say(f"{FUSEN} tag Tabled")
    house.card(ts, "#Tabled · 0 comments")
    say(f"{FUSEN} comment as measured:")
    house.card(ts, "1 comment")
    told = house.command("/note show 2311.00135")
    assert "as measured:" in told
    assert "model | 0.71" in told
