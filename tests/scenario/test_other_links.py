"""Other links: blogs and proceedings saved by command and by shortcut, as notes of their own kind."""

from __future__ import annotations

import pytest
from house import House, shown, until

POST = """<title>Notes on Sleep | Blog</title><meta property="og:site_name" content="Blog">
<meta name="description" content="We propose to sleep more. It helps & costs <nothing>.">
<meta name="author" content="Ada Lovelace">
<meta property="article:published_time" content="2024-03-05T10:00:00Z">"""


def card_of(house: House, says: str, channel: str = "papers") -> dict[str, object]:
    """The card that stands in the channel itself."""
    return until(lambda: next((post for post in house.posts(channel) if says in shown(post)), None))


def save_link(house: House, ts: str, member: str = "ben", channel: str = "papers") -> None:
    house.act("shortcut", member=member, channel=channel, message_ts=ts, callback_id="save_link")


def test_a_page_is_saved_by_command_with_what_it_says_of_itself(house: House) -> None:
    house.web.page("blog.example/sleep", POST)
    assert "Saved" in house.command("/note add https://blog.example/sleep?utm_source=chat#top")
    card = card_of(house, "Notes on Sleep")
    said = shown(card)
    assert "<https://blog.example/sleep|Notes on Sleep>" in said
    assert "Ada Lovelace" in said
    assert "2024-03-05 · blog.example" in said
    assert "page's own description" in said
    assert "&lt;nothing&gt;" in said
    assert "arXiv" not in said


def test_a_page_seen_before_under_another_address_is_one_note(house: House) -> None:
    house.web.page("blog.example/moved", "<title>A page that moved once</title>")
    house.web.redirect("short.example/m", "https://blog.example/moved")
    house.command("/note add https://blog.example/moved")
    card_of(house, "A page that moved once")
    house.command("/note add https://short.example/m", channel="general")
    line = until(lambda: next((p for p in house.posts("general") if "shared before by ben" in shown(p)), None))
    assert "A page that moved once" in shown(line)
    # From now on the short address is known for what it is.
    assert "shared before by" in house.command("/note add https://short.example/m", member="ben")
    assert "A page that moved once" in house.command("/note show https://short.example/m")
    assert house.command("/note search moved once").count("A page that moved once") == 1


def test_a_pasted_link_is_saved_only_when_somebody_asks(house: House) -> None:
    house.web.page("blog.example/pasted", "<title>Pasted in passing</title>")
    ts = house.paste("look: https://blog.example/pasted and https://arxiv.org/abs/2312.00001")
    house.card(ts, "2312.00001")
    assert "Nothing found" in house.command("/note search passing")
    save_link(house, ts, member="aiko")
    card = house.card(ts, "Pasted in passing")
    reply = house.paste("worth it", member="aiko", thread=ts)
    until(lambda: "worth it" in house.command("/note show https://blog.example/pasted"))
    # An edit that keeps the link keeps the note; the arXiv link is gone with its share.
    house.act(
        "edit", member="ben", channel="papers", ts=ts, text="look again: https://blog.example/pasted (the talk)"
    )
    until(lambda: "Nobody here has shared" in house.command("/note show 2312.00001"))
    assert "Pasted in passing" in house.command("/note search passing")
    assert card and reply


@pytest.mark.parametrize(
    ("member", "missing"), [("ben", "I am not in this channel"), ("aiko", "参加していません")]
)
def test_where_no_card_can_come_the_answer_says_what_is_missing(house: House, member: str, missing: str) -> None:
    house.web.page("blog.example/alone", "<title>Saved where nobody is</title>")
    client = house.clients[member]
    channel = str(client.conversations_create(name=f"lonely-{member}")["channel"]["id"])
    ts = str(client.chat_postMessage(channel=channel, text="https://blog.example/alone")["ts"])
    house.act("shortcut", member=member, callback_id="save_link", channel=channel, message_ts=ts)
    assert missing in shown(house.modal(member))
    house.act("view/close", member=member, all=True)
    assert missing in house.command("/note digest here", member, channel)
    client.conversations_invite(channel=channel, users=house.playground.bot_user_id)
    until(lambda: missing not in house.command("/note digest here", member, channel))


@pytest.mark.parametrize(("member", "number"), [("ben", 40), ("aiko", 60)])
def test_what_finds_no_room_is_saved_by_what_is_heard_there(house: House, member: str, number: int) -> None:
    client = house.clients[member]
    channel = str(client.conversations_create(name=f"unheard-{member}")["channel"]["id"])
    links = " ".join(f"https://arxiv.org/abs/2312.000{number + at}" for at in range(11))
    ts = str(client.chat_postMessage(channel=channel, text=links)["ts"])
    client.chat_postMessage(channel=channel, text="a reply", thread_ts=ts)
    save_link(house, ts, member, channel)
    assert "/note add " in shown(house.modal(member))
    house.act("view/close", member=member, all=True)
    client.conversations_invite(channel=channel, users=house.playground.bot_user_id)
    until(lambda: "/invite" not in house.command("/note digest here", member, channel))
    save_link(house, ts, member, channel)
    assert "@fusen add " in shown(house.modal(member))
    house.act("view/close", member=member, all=True)


def asked_for_links(house: House, ts: str) -> tuple[dict[str, str], dict[str, object]]:
    """What is offered to be saved from a message, values by address, and the modal."""
    save_link(house, ts)
    view = until(lambda: next((v for v in house.views("ben")["views"] if v.get("submit")), None))
    (asked,) = [block for block in view["blocks"] if block["type"] == "input"]
    return {option["text"]["text"]: option["value"] for option in asked["element"]["options"]}, view


def test_of_several_links_the_person_chooses(house: House) -> None:
    house.web.page("blog.example/one", "<title>The first of two</title>")
    house.web.page("blog.example/two", "<title>The second of two</title>")
    ts = house.paste("https://blog.example/one https://blog.example/two https://arxiv.org/abs/2312.00002")
    house.card(ts, "2312.00002")
    offered, _ = asked_for_links(house, ts)
    assert list(offered) == ["https://blog.example/one", "https://blog.example/two"]
    house.act("view/submit", member="ben", values={"links": {"links": [offered["https://blog.example/two"]]}})
    house.card(ts, "The second of two")
    assert "Nothing found" in house.command("/note search first of two")


def test_long_links_are_offered_and_saved_too_and_what_finds_no_room_is_said(house: House) -> None:
    long = {f"https://blog.example/{at}/" + at * 900: f"The long page {at}" for at in "abcd"}
    for link, title in long.items():
        house.web.page(link.removeprefix("https://"), f"<title>{title}</title>")
    first, second, *_ = links = list(long)
    offered, view = asked_for_links(house, house.paste(f"{first} {second}"))
    assert len(offered) == 2
    assert "Not all links" not in shown(view)
    house.act("view/close", member="ben")
    ts = house.paste(" ".join(links))
    offered, view = asked_for_links(house, ts)
    assert "Not all links" in shown(view)
    house.act("view/submit", member="ben", values={"links": {"links": list(offered.values())[1:]}})
    house.card(ts, long[second])
    assert "Nothing found" in house.command(f"/note search {long[first]}")


def test_a_page_that_was_saved_from_a_message_is_not_offered_there_again(house: House) -> None:
    house.web.page("blog.example/first", "<title>Saved at the first click</title>")
    house.web.page("blog.example/second", "<title>Saved at the second click</title>")
    text = "https://blog.example/first https://blog.example/second"
    ts = house.paste(text)
    offered, _ = asked_for_links(house, ts)
    values = {"links": {"links": [offered["https://blog.example/first"]]}}
    house.act("view/submit", member="ben", values=values)
    house.card(ts, "Saved at the first click")
    save_link(house, ts)  # the other one alone is left
    house.card(ts, "Saved at the second click")
    house.act("view/close", member="ben", all=True)
    # Another message may share them too.
    offered, _ = asked_for_links(house, house.paste(text))
    assert len(offered) == 2
    house.act("view/close", member="ben", all=True)


def test_a_message_without_such_a_link_says_so_in_the_persons_language(house: House) -> None:
    ts = house.paste("only https://arxiv.org/abs/2312.00003 here")
    house.card(ts, "2312.00003")
    save_link(house, ts, member="aiko")
    until(lambda: "まだ保存していないリンクがありません" in str(house.views("aiko")["views"]))
    house.act("view/close", member="aiko")


@pytest.mark.parametrize(
    ("member", "missing"), [("ben", "not saved yet: choose “Save link”"), ("aiko", "「Save link」で保存して")]
)
def test_the_papers_of_another_bots_message_are_saved_when_somebody_asks(
    house: House, member: str, missing: str
) -> None:
    one, two = {"ben": ("2312.00030", "2312.00031"), "aiko": ("2312.00032", "2312.00033")}[member]
    text = f"New today: <https://arxiv.org/abs/{one}v2> <https://arxiv.org/abs/{two}>"
    ts = str(house.act("bot", channel="papers", text=text)["ts"])
    house.act("shortcut", member=member, callback_id="tag_paper", channel="papers", message_ts=ts)
    house.modal(member, missing)
    house.act("view/close", member=member)
    assert not house.answers(ts)
    save_link(house, ts, member=member)
    view = until(lambda: next((v for v in house.views(member)["views"] if v.get("submit")), None))
    (asked,) = [block for block in view["blocks"] if block["type"] == "input"]
    offered = {option["text"]["text"]: option["value"] for option in asked["element"]["options"]}
    assert list(offered) == [f"https://arxiv.org/abs/{one}v2", f"https://arxiv.org/abs/{two}"]
    house.act("view/submit", member=member, values={"links": {"links": list(offered.values())[:1]}})
    house.card(ts, one)
    house.act("shortcut", member=member, callback_id="tag_paper", channel="papers", message_ts=ts)
    assert missing not in shown(house.modal(member))
    house.act("view/close", member=member, all=True)
    save_link(house, ts, member=member)  # the other one alone is left
    house.card(ts, two)
    assert "Nobody here has shared" not in house.command(f"/note show {two}")
    house.act("view/close", member=member, all=True)


def test_a_message_that_nobody_captured_means_the_saved_paper_that_it_links_to(house: House) -> None:
    house.card(house.paste("https://arxiv.org/abs/2312.00035"), "2312.00035")
    ts = str(house.act("bot", channel="papers", text="Again: <https://arxiv.org/abs/2312.00035>")["ts"])
    house.act("shortcut", member="ben", callback_id="tag_paper", channel="papers", message_ts=ts)
    house.modal("ben", "2312.00035")
    house.act("view/submit", member="ben", values={"new_tags": {"new_tags": "Fed"}})
    until(lambda: "2312.00035" in house.command("/note list Fed"))


def test_a_paper_is_saved_where_fusen_is_not_yet(house: House) -> None:
    client = house.clients["ben"]
    channel = str(client.conversations_create(name="papers-alone")["channel"]["id"])
    ts = str(client.chat_postMessage(channel=channel, text="https://arxiv.org/abs/2312.00034 nice")["ts"])
    save_link(house, ts, channel=channel)
    assert "I am not in this channel" in shown(house.modal("ben"))
    house.act("view/close", member="ben", all=True)
    client.conversations_invite(channel=channel, users=house.playground.bot_user_id)
    house.card(ts, "2312.00034", channel=channel, member="ben")


def test_proceedings_and_arxiv_are_twins_on_card_and_page(house: House) -> None:
    paper = house.arxiv.paper("2312.00004")
    house.web.page(
        "openreview.net/forum?id=xQUe1pOKPam",
        f'<meta name="citation_title" content="{paper.title}"><meta name="citation_online_date" content="2023/09">'
        '<meta name="citation_arxiv_id" content="2312.00004">',
    )
    house.command("/note add https://openreview.net/pdf?id=xQUe1pOKPam")
    card = card_of(house, "Also on arXiv")
    assert "<https://arxiv.org/abs/2312.00004|arxiv:2312.00004>" in shown(card)
    assert "2023-09 · OpenReview" in shown(card)
    ts = house.paste("https://arxiv.org/abs/2312.00004")
    house.card(ts, "Also on OpenReview")
    until(lambda: "papers/openreview/" in house.page("papers/arxiv/2312.00004.html"))
    assert "Also on OpenReview" in house.page("papers/arxiv/2312.00004.html")


def test_the_same_title_makes_twins_and_a_private_one_is_not_told_of(house: House) -> None:
    paper = house.arxiv.paper("2312.00005")
    house.web.page("hidden.example/paper", f"<title>{paper.title.upper()}</title>")
    ts = house.paste("https://arxiv.org/abs/2312.00005")
    house.card(ts, "2312.00005")
    house.command("/note add https://hidden.example/paper", member="aiko", channel="lab-private")
    card = until(
        lambda: next(
            (p for p in house.posts("lab-private") if "hidden.example" in shown(p) and "arXiv" in shown(p)), None
        )
    )
    assert "arxiv.org/abs/2312.00005" in shown(card)
    assert "hidden.example" not in shown(house.card(ts, "2312.00005"))
    assert "hidden.example" not in house.command("/note show 2312.00005")
    assert "hidden.example" not in house.site()


def test_a_site_that_is_down_is_not_a_missing_page_and_arxiv_does_not_wait_for_it(house: House) -> None:
    house.web.page("down.example/x", "", status=500)
    house.web.page("gone.example/x", "", status=404)
    house.command("/note add https://down.example/x")
    house.command("/note add https://gone.example/x")
    card_of(house, "down.example has not answered yet")
    card_of(house, "gone.example says that there is no such page")


def test_a_page_is_published_with_its_bibtex(house: House) -> None:
    house.web.page("lab.example/published", POST.replace("Notes on Sleep", "A published page of ours"))
    house.command("/note add https://lab.example/published")
    house.command("/note tag Pages")
    until(
        lambda: (
            "A published page of ours" in house.site() and "url = {https://lab.example/published}" in house.site()
        )
    )
    assert "eprint = {https" not in house.site()
    assert "A published page of ours" in house.command("/note digest")


def test_what_is_asked_beside_the_link_of_a_page_is_asked_of_that_page_or_of_nothing(house: House) -> None:
    house.web.page("blog.example/saved", "<title>A page that was saved</title>")
    house.web.page("blog.example/too", "<title>A page that was saved too</title>")
    house.command("/note add https://blog.example/saved")
    house.command("/note add https://blog.example/too")
    house.card(house.paste("https://arxiv.org/abs/2312.00006"), "2312.00006")
    bot = f"<@{house.playground.bot_user_id}>"
    for front, told in (
        ("see https://blog.example/saved", "Tagged Front"),
        ("https://blog.example/unsaved", "Nobody here has shared https://blog.example/unsaved"),
        ("https://arxiv.org/abs/2311.490044", "“https://arxiv.org/abs/2311.490044” is not an arXiv paper"),
        (
            "https://blog.example/too https://blog.example/saved",
            "Say which one: @fusen tag https://blog.example/too Front",
        ),
    ):
        house.paste(f"{front} {bot} tag Front")
        until(lambda told=told: any(told in shown(one) for one in house.whispers("ben")))
    told = house.command("/note list Front")
    assert "A page that was saved" in told and "1 paper" in told


def test_what_is_no_public_page_is_refused_with_what_to_do(house: House) -> None:
    for address in ("http://127.0.0.1/", "http://localhost/x", "https://user@blog.example/", "http://[::1]/"):
        assert "not a public web page" in house.command(f"/note add {address}")
    assert "not an arXiv paper that I can read" in house.command("/note add nonsense")
