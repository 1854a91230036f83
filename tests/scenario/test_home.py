"""Home: everybody's own, in their own language, with what they may see and nothing else."""

from __future__ import annotations

from typing import Any

from house import House, shown, until

CANARY = "2312.60001"
SENTENCE = "The ablation in section 4 is what convinced me."


def home(house: House, member: str) -> dict[str, Any]:
    return dict(house.views(member)["home"] or {})


def opened(house: House, member: str, says: str = "", not_says: str = "\0") -> dict[str, Any]:
    """The Home of somebody who looks at it now, once it says this and not that."""
    before = home(house, member).get("hash")
    house.act("home/open", member=member, tab="home")
    until(lambda: home(house, member).get("hash") not in (None, before))
    return awaited(house, member, says, not_says)


def awaited(house: House, member: str, says: str = "", not_says: str = "\0") -> dict[str, Any]:
    def there() -> bool:
        words = shown(home(house, member))
        return says in words and not_says not in words

    until(there)
    return home(house, member)


def press(house: House, member: str, block: str, action: str, value: str = "") -> None:
    house.act("view/click", member=member, view_id="home", block_id=block, action_id=action, value=value)


def choose(house: House, member: str, view: dict[str, Any], title: str, verb: str) -> None:
    """Choose from the small menu of a paper that is not read yet."""
    place = block_of(view, "unread", title)
    (block,) = [one for one in view["blocks"] if one["block_id"] == place]
    (value,) = [o["value"] for o in block["accessory"]["options"] if o["value"].startswith(f"{verb}:")]
    press(house, member, place, "verb:menu", value)


def block_of(view: dict[str, Any], part: str, title: str) -> str:
    """The block with the buttons of a paper in a part of a Home."""
    blocks = view["blocks"]
    for place, block in enumerate(blocks):
        about = shown({"blocks": blocks[max(0, place - 2) : place + 1]})
        if f":{part}:" in block["block_id"] and title in about:
            return str(block["block_id"])
    raise AssertionError(f"no {title} in {part}")


def part(view: dict[str, Any], begins: str, ends: str) -> str:
    return shown(view).partition(begins)[2].partition(ends)[0]


def pasted(house: House, paper: str, member: str = "ben", channel: str = "papers") -> str:
    ts = house.paste(f"https://arxiv.org/abs/{paper}", member=member, channel=channel)
    house.card(ts, paper, channel=channel, member=member)
    return house.arxiv.paper(paper).title


def test_somebody_new_is_led_through_two_steps_which_then_go_by_themselves(house: House) -> None:
    assert "ようこそ" in shown(opened(house, "aiko"))
    first = opened(house, "ben")
    assert "1. Share a paper." in shown(first)
    assert f"/invite @{house.state()['app']['name']}" in shown(first)
    assert "2. Say one sentence" in shown(first)
    assert "Done:" not in shown(first)
    title = pasted(house, "2312.60010")
    half = opened(house, "ben", title)
    assert "Done: *1. Share a paper.*" in shown(half)
    press(house, "ben", block_of(half, "waiting", title), "verb:comment")
    house.modal("ben", title)
    house.act("view/submit", member="ben", values={"comment": {"comment": SENTENCE}})
    done = awaited(house, "ben", not_says="Share a paper.")
    assert title not in part(done, "Waiting for", "What you follow")
    assert SENTENCE in house.command("/note show 2312.60010")


def test_the_steps_are_waved_away_for_good(house: House) -> None:
    view = opened(house, "aiko", "ようこそ")
    (hide,) = [block for block in view["blocks"] if block["type"] == "actions"][:1]
    press(house, "aiko", hide["block_id"], "home_hide_steps")
    awaited(house, "aiko", "読書リスト", "ようこそ")
    assert "ようこそ" not in shown(opened(house, "aiko"))


def test_the_reading_list_is_kept_from_home_and_the_card_tells_the_others(house: House) -> None:
    ts = house.paste("https://arxiv.org/abs/2312.60020", member="aiko")
    house.card(ts, "2312.60020")
    title = house.arxiv.paper("2312.60020").title
    view = opened(house, "ben", title)
    assert title in part(view, "Not read yet", "Waiting for")
    choose(house, "ben", view, title, "reading")
    until(lambda: title in part(home(house, "ben"), "Reading now", "Not read yet"))
    house.card(ts, "reading now: ben")
    assert not house.views("ben")["views"]
    press(house, "ben", block_of(home(house, "ben"), "reading", title), "verb:read")
    until(lambda: title in part(home(house, "ben"), "Read (only you see this)", "Waiting for"))
    assert title not in part(home(house, "ben"), "Reading now", "Read (only")
    press(house, "ben", block_of(home(house, "ben"), "read", title), "verb:unread")
    until(lambda: title in part(home(house, "ben"), "Not read yet", "Waiting for"))
    assert title in part(opened(house, "aiko", title), "未読", "ひとことを待っている論文")


def test_what_is_private_is_in_the_home_of_its_people_alone(house: House) -> None:
    title = pasted(house, CANARY, member="aiko", channel="lab-private")
    view = opened(house, "aiko", title)
    assert "#lab-private" in shown(view)
    assert "この会話の中だけ" in shown(view)
    bens = opened(house, "ben")
    assert title not in str(bens)
    assert "lab-private" not in str(bens)
    press(house, "aiko", block_of(view, "waiting", title), "verb:comment")
    house.modal("aiko", title)
    house.act("view/submit", member="aiko", values={"comment": {"comment": "非公開のひとことです。"}})
    until(lambda: title not in part(home(house, "aiko"), "ひとことを待っている論文", "フォロー中"))
    assert "非公開のひとこと" in house.command(f"/note show {CANARY}", member="aiko", channel="lab-private")
    assert "非公開のひとこと" not in house.command(f"/note show {CANARY}", member="aiko")
    assert title not in str(opened(house, "ben"))


def test_who_left_a_private_channel_sees_and_does_nothing_there_any_more(house: House) -> None:
    made = house.clients["aiko"].conversations_create(name="left-soon", is_private=True)["channel"]["id"]
    house.act("invite", member="aiko", channel=made, user="fusen")
    house.act("invite", member="aiko", channel=made, user="ben")
    title = pasted(house, "2312.60002", member="aiko", channel=made)
    view = opened(house, "ben", title)
    house.clients["ben"].conversations_leave(channel=made)
    press(house, "ben", block_of(view, "waiting", title), "verb:comment")
    assert "no longer here" in shown(house.modal("ben", "no longer here"))
    house.act("view/close", member="ben", all=True)
    awaited(house, "ben", not_says=title)
    assert title not in str(home(house, "ben"))


def test_what_is_followed_stands_there_and_ends_there(house: House) -> None:
    house.command("/note follow HomeTag, @aiko weekly")
    view = opened(house, "ben", "#HomeTag")
    followed = part(view, "What you follow", "This week")
    assert "aiko" in followed
    assert followed.count("weekly") == 2
    (place,) = [block for block in view["blocks"] if "#HomeTag" in shown({"blocks": [block]})]
    press(house, "ben", place["block_id"], place["accessory"]["action_id"])
    awaited(house, "ben", "aiko", "#HomeTag")
    assert not house.views("ben")["views"]


def test_settings_follow_and_the_week_open_from_home_and_home_speaks_the_language_chosen(house: House) -> None:
    view = opened(house, "ben", "This week")
    (row,) = [block["block_id"] for block in view["blocks"] if "Agenda" in shown({"blocks": [block]})]
    press(house, "ben", row, "verb:digest")
    house.modal("ben", "Papers from")
    press(house, "ben", row, "verb:settings")
    house.modal("ben", "Language in which")
    house.act("view/submit", member="ben", values={"language": {"language": "ja"}})
    awaited(house, "ben", "読書リスト")
    house.act("view/close", member="ben", all=True)
    house.command("/note settings language slack")
    opened(house, "ben", "Your reading list")


def test_what_is_said_of_a_tag_in_home_stays_with_the_member_and_home_says_so(house: House) -> None:
    pasted(house, "2312.60031", member="aiko")
    house.command("/note tag OfHome")
    view = opened(house, "ben", "This week")
    (row,) = [block["block_id"] for block in view["blocks"] if "Agenda" in shown({"blocks": [block]})]
    press(house, "ben", row, "verb:tags")
    listed = house.modal("ben", "OfHome")
    house.act("view/click", member="ben", view_id=listed["id"], action_id="verb:tidy")
    house.modal("ben", "stay in this conversation")
    (option,) = house.act("view/suggest", member="ben", action_id="known_tag", value="OfHome")["options"]
    chosen = {"known_tag": {"known_tag": option}, "tidy_how": {"tidy_how": "group"}}
    house.act("view/submit", member="ben", values=chosen | {"tidy_name": {"tidy_name": "Group of Ben"}})
    house.modal("ben", "Group of Ben")
    house.act("view/close", member="ben", all=True)
    assert "Group of Ben" in house.command("/note tags", channel=house.direct("ben"))
    assert "Group of Ben" not in house.command("/note tags")


def test_a_forgotten_members_home_is_empty_at_once(house: House) -> None:
    title = pasted(house, "2312.60030", member="aiko")
    house.command("/note reading 2312.60030", member="ben")
    house.command("/note follow Forgotten", member="ben")
    view = opened(house, "ben", "#Forgotten")
    assert title in part(view, "Reading now", "Not read yet")
    house.command("/note forget", member="ben")
    told = house.whispers("ben")[-1]
    house.act("click", member="ben", channel=told["channel"], ts=told["ts"], action_id="verb:forget")
    empty = awaited(house, "ben", "Share a paper.", "#Forgotten")
    assert "Nothing at the moment" in shown(empty)
    assert "Read (only" not in shown(empty)
    assert "Done:" not in shown(empty)
