"""Tags that do not rot: near ones are asked about at every door; renamed and merged ones keep being found."""

from __future__ import annotations

from typing import Any

import pytest
from house import House, shown, until

from publishing import addresses

Words = tuple[str, str, str, str]
ENGLISH: Words = ("Did you mean", "Use ", "Create ", "Tagged")
JAPANESE: Words = ("のことですか", "を使う", "を新しく作る", "を付けました")
PEOPLE = [("ben", ENGLISH), ("aiko", JAPANESE)]


def pasted(house: House, paper: str, channel: str = "papers") -> str:
    ts = house.paste(f"https://arxiv.org/abs/{paper}", channel=channel)
    house.card(ts, paper, channel=channel, member="ben")
    return ts


def whisper(house: House, says: str, member: str) -> dict[str, Any]:
    return dict(until(lambda: next((one for one in house.whispers(member) if says in shown(one)), None)))


def buttons(message: dict[str, Any]) -> dict[str, str]:
    """The buttons of a message or modal: what they do, by what they say."""
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return {one["text"]["text"]: one["action_id"] for row in rows for one in row if one["type"] == "button"}


def press(house: House, message: dict[str, Any], label: str, member: str) -> None:
    (action,) = [action for text, action in buttons(message).items() if label in text]
    house.act("click", member=member, channel=message["channel"], ts=message["ts"], action_id=action)


def settled(house: House, way: str, old: str, new: str, member: str = "ben", channel: str = "papers") -> None:
    """Rename a tag, or merge it, and confirm it."""
    asked = len(house.whispers(member))
    house.command(f"/note tags {way} {old}, {new}", member, channel)
    question = until(lambda: next((one for one in house.whispers(member)[asked:] if old in shown(one)), None))
    (action,) = [action for action in buttons(question).values() if action.endswith(way)]
    house.act("click", member=member, channel=question["channel"], ts=question["ts"], action_id=action)


def press_in_modal(house: House, view: dict[str, Any], label: str, member: str) -> None:
    (action,) = [action for text, action in buttons(view).items() if label in text]
    house.act("view/click", member=member, view_id=view["id"], action_id=action)


@pytest.mark.parametrize(("member", "words"), PEOPLE)
def test_a_near_tag_typed_after_the_command_is_asked_about_and_a_click_uses_the_other(
    house: House, member: str, words: Words
) -> None:
    asks, use, _, tagged = words
    old = f"DataGeneration{member}"
    pasted(house, "2401.00001" if member == "ben" else "2401.00002")
    house.command(f"/note tag {old}", member)
    house.command(f"/note untag {old}", member)
    house.command(f"/note tag {old}", member)
    pasted(house, "2401.00003" if member == "ben" else "2401.00004")
    told = house.command(f"/note tag data-generation{member}, Clear{member}", member)
    assert f"Clear{member}" in told
    assert f"{old} (1)" in told
    assert f"data-generation{member}" not in house.command("/note tags").replace(told, "")
    question = whisper(house, asks, member)
    press(house, question, use, member)
    now = until(lambda: next((m for m in house.whispers(member) if m["ts"] == question["ts"]), None))
    until(lambda: tagged in shown(next(m for m in house.whispers(member) if m["ts"] == question["ts"])), 15)
    assert now["ts"] == question["ts"]
    assert f"{old} (2)" in house.command("/note tags")


@pytest.mark.parametrize(("member", "words"), PEOPLE)
def test_a_list_of_a_tag_that_is_not_there_asks_for_the_near_one(house: House, member: str, words: Words) -> None:
    paper = {"ben": "2401.00036", "aiko": "2401.00037"}[member]
    pasted(house, paper)
    house.command(f"/note tag Listing{member}", member)
    assert words[0] in house.command(f"/note list listing {member}", member)
    question = whisper(house, f"listing {member}", member)
    press(house, question, f"Listing{member}", member)
    until(lambda: paper in shown(next(m for m in house.whispers(member) if m["ts"] == question["ts"])))


def test_who_creates_the_tag_all_the_same_is_never_asked_again(house: House) -> None:
    pasted(house, "2401.00005")
    house.command("/note tag Prompting")
    question = house.command("/note tag Promptings")
    assert "Did you mean Prompting (1)?" in question
    press(house, whisper(house, "“Promptings”", "ben"), "Create Promptings", "ben")
    until(lambda: "Promptings (1)" in house.command("/note tags"))
    house.command("/note untag Promptings")
    assert "Promptings" not in house.command("/note tags")
    assert "Tagged Promptings" in house.command("/note tag promptings", "aiko").replace("タグ ", "Tagged ")


def test_quotation_marks_answer_before_the_question(house: House) -> None:
    pasted(house, "2401.00006")
    house.command("/note tag Quantization")
    assert "Tagged quantisation" in house.command("/note tag “quantisation”")


@pytest.mark.parametrize(("member", "words"), PEOPLE)
def test_in_a_modal_the_question_takes_its_place_and_a_click_finishes_it(
    house: House, member: str, words: Words
) -> None:
    asks, use, create, tagged = words
    ts = pasted(house, "2401.00007" if member == "ben" else "2401.00008")
    house.command(f"/note tag Alignment{member}, Speech{member}", member)
    house.command(f"/note untag Alignment{member}, Speech{member}", member)
    house.command(f'/note tag "Alignment{member}", "Speech{member}"', member)
    other = pasted(house, "2401.00009" if member == "ben" else "2401.00010")
    card = house.card(other, "2401.0")
    house.act("click", member=member, channel="papers", ts=card["ts"], action_id="verb:tag")
    house.modal(member, house.arxiv.paper("2401.00009" if member == "ben" else "2401.00010").title)
    typed = f"allignment{member}, speech {member}, Fresh{member}"
    house.act("view/submit", member=member, values={"new_tags": {"new_tags": typed}})
    view = house.modal(member, asks)
    assert f"Fresh{member}" in shown(view)
    press_in_modal(house, view, f"{use}Alignment" if member == "ben" else f"Alignment{member} {use}", member)
    view = house.modal(member, f"Speech{member} (1)")
    assert f"Alignment{member} (1)" not in shown(view)
    press_in_modal(house, view, create, member)
    house.modal(member, f"speech {member}")
    house.modal(member, tagged)
    house.act("view/close", member=member, all=True)
    listed = house.command("/note tags")
    assert f"Alignment{member} (2)" in listed
    assert f"speech {member} (1)" in listed
    assert ts


@pytest.mark.parametrize(("member", "words"), PEOPLE)
def test_a_mention_in_a_thread_is_asked_and_answered_there(house: House, member: str, words: Words) -> None:
    asks, use, _, tagged = words
    pasted(house, "2401.00011" if member == "ben" else "2401.00012")
    house.command(f"/note tag Benchmark{member}", member)
    ts = pasted(house, "2401.00013" if member == "ben" else "2401.00014")
    house.paste(f"<@{house.playground.bot_user_id}> tag Benchmark{member}s", member=member, thread=ts)
    question = whisper(house, f"Benchmark{member}s", member)
    assert asks in shown(question)
    press(house, question, use, member)
    until(lambda: f"Benchmark{member} (2)" in house.command("/note tags"))
    whisper(house, tagged, member)


def test_a_tag_that_is_used_only_in_private_is_nobodys_candidate_outside(house: House) -> None:
    house.paste("https://arxiv.org/abs/2401.00015", member="aiko", channel="lab-private")
    until(lambda: "2401.00015" in house.command("/note list", "aiko", "lab-private"))
    house.command("/note tag SecretProject", "aiko", "lab-private")
    pasted(house, "2401.00016")
    told = house.command("/note tag secret-project")
    assert "Tagged secret-project" in told
    assert "SecretProject" not in told


@pytest.mark.parametrize(("member", "renames"), [("ben", "Rename"), ("aiko", "変更する")])
def test_a_tag_is_renamed_after_asking_and_both_names_find_it(house: House, member: str, renames: str) -> None:
    paper = {"ben": "2401.00017", "aiko": "2401.00018"}[member]
    old, new = f"Old{member}", f"Fresh name {member}"
    ts = pasted(house, paper)
    house.command(f"/note tag {old}", member)
    question = house.command(f"/note tags rename {old}, {new}", member)
    assert "1" in question
    assert f"{old} (1)" in house.command("/note tags")
    press(house, whisper(house, f"{new}", member), renames, member)
    house.card(ts, f"#{new}")
    assert paper in house.command(f"/note list {old}")
    assert paper in house.command(f"/note list {new}")
    assert paper in house.command(f"/note search {old}")
    assert "already" in house.command(f"/note tag {paper} {old}")
    undo = {"ben": "Undo", "aiko": "元に戻す"}[member]
    back = until(
        lambda: next((m for m in house.whispers(member) if undo in buttons(m) and f" {new}" in shown(m)), None)
    )
    press(house, back, undo, member)
    house.card(ts, f"#{old}")
    again = {"ben": f"the tag is called {old} again", "aiko": f"タグの名前は {old} です"}[member]
    whisper(house, again, member)
    settled(house, "rename", old, new, member)
    house.card(ts, f"#{new}")
    assert again in house.command("/note undo", member)
    house.card(ts, f"#{old}")


@pytest.mark.parametrize("member", ["ben", "aiko"])
def test_another_name_is_taken_wherever_a_tag_is(house: House, member: str) -> None:
    paper, second = {"ben": ("2401.00032", "2401.00033"), "aiko": ("2401.00034", "2401.00035")}[member]
    name, other = f"Named{member}", f"別名{member}"
    pasted(house, paper)
    house.command(f"/note tag {name}", member)
    says = {"ben": f"{other} now means {name}", "aiko": f"{other} を {name} の別名にしました"}[member]
    assert says in house.command(f"/note tags alias {other}, {name}", member)
    listed = {"ben": f"Other names of {name}: {other}", "aiko": f"{name} の別名: {other}"}[member]
    assert listed in house.command(f"/note tags alias {name}", member)
    house.command(f"/note emoji :label: tag {other}", member)
    ts = pasted(house, second)
    house.act("react", member=member, channel="papers", ts=ts, name="label")
    house.card(ts, f"#{name}")
    for asked in (f"list {other}", f"search {other}", f"digest {other}"):
        told = house.command(f"/note {asked}", member)
        assert paper in told and second in told
    assert f"#{name}" in house.command(f"/note follow {other}", member)
    assert name in house.command(f"/note untag {second} {other}", member)
    assert second not in house.command(f"/note list {name}", member)


def test_two_tags_become_one_and_nothing_is_lost(house: House) -> None:
    pasted(house, "2401.00019")
    house.command("/note tag GoodName, Both")
    pasted(house, "2401.00020")
    house.command("/note tag BadName, GoodName")
    pasted(house, "2401.00021")
    house.command("/note tag BadName")
    assert "Merge BadName into it" in house.command("/note tags rename BadName, GoodName")
    assert "BadName (2)" in house.command("/note tags")
    assert "GoodName exists. Merge BadName into it? You see BadName on 2 papers." in house.command(
        "/note tags merge BadName, GoodName"
    )
    press(house, whisper(house, "Merge BadName", "ben"), "Merge", "ben")
    until(lambda: "GoodName (3)" in house.command("/note tags"))
    whisper(house, "ben merged the tag BadName into GoodName, on 2 papers.", "ben")
    assert "is GoodName already" in house.command("/note tags merge BadName, GoodName")


def test_what_a_person_does_not_see_they_cannot_rename(house: House) -> None:
    house.paste("https://arxiv.org/abs/2401.00022", member="aiko", channel="lab-private")
    until(lambda: "2401.00022" in house.command("/note list", "aiko", "lab-private"))
    house.command("/note tag Hidden thing", "aiko", "lab-private")
    pasted(house, "2401.00031")
    house.command("/note tag Seen thing")
    for typed in ("rename Hidden thing, Seen", "merge Hidden thing, Seen thing", "group G: Hidden thing"):
        assert "There is no tag “Hidden thing” here" in house.command(f"/note tags {typed}")
    # Renamed where it is seen, its old address on the pages does not come to be.
    settled(house, "rename", "Hidden thing", "Quiet thing", "aiko", "lab-private")
    until(lambda: "Quiet thing" in house.command("/note tags", "aiko", "lab-private"))
    assert "2401.00022" in house.command("/note list Hidden thing", "aiko", "lab-private")
    pasted(house, "2401.00023")
    house.command("/note tag Published after")
    until(lambda: "Published after" in house.site())
    assert "Hidden thing" not in house.site()
    assert not list(house.pages.glob("tags/hidden*"))


def test_the_old_addresses_of_renamed_and_merged_tags_lead_to_the_living_one(house: House) -> None:
    pasted(house, "2401.00030")
    house.command("/note tag First name, Other name")
    first = house.pages / addresses.tag_page("first name")
    until(lambda: first.exists())
    settled(house, "rename", "First name", "Second-name")
    until(lambda: "url=../tags/second-name.html" in first.read_text(encoding="utf-8"))
    settled(house, "merge", "Second-name", "Other name")
    second = house.pages / addresses.tag_page("second-name")
    living = addresses.href("../", addresses.tag_page("other name"))
    until(lambda: all(f"url={living}" in page.read_text(encoding="utf-8") for page in (first, second)))
    # A name that is given to a tag of its own is that tag's address again.
    house.command("/note tags unalias First name")
    house.command("/note tag First name")
    until(lambda: first.exists() and "2401.00030" in first.read_text(encoding="utf-8"))
    assert f"url={living}" in second.read_text(encoding="utf-8")


def test_tags_are_listed_by_group_and_say_what_they_are_about(house: House) -> None:
    pasted(house, "2401.00024")
    house.command("/note tag GroupedOne, GroupedTwo, Loose one")
    assert "In the group Methods: GroupedOne, GroupedTwo" in house.command(
        "/note tags group Methods: GroupedOne, groupedtwo"
    )
    listed = house.command("/note tags")
    assert listed.index("Methods") < listed.index("GroupedOne (1)") < listed.index("Other tags")
    assert listed.index("Other tags") < listed.index("Loose one (1)")
    until(lambda: "<h2><bdi>Methods</bdi></h2>" in (house.pages / "tags/index.html").read_text(encoding="utf-8"))
    about = "GroupedOne: Papers &lt;b&gt;of&lt;/b&gt; one kind: all of them"
    assert about in house.command("/note tags describe groupedone: Papers <b>of</b> one kind: all of them")
    page = house.pages / "tags/groupedone.html"
    until(lambda: "Papers &lt;b&gt;of&lt;/b&gt; one kind: all of them</p>" in page.read_text(encoding="utf-8"))
    assert "tidy describe TAG: WORDS" in house.command("/note tags describe groupedone")
    assert "no longer has a description" in house.command("/note tags describe groupedone:")
    until(lambda: "one kind" not in page.read_text(encoding="utf-8"))
    house.command("/note tags ungroup GroupedOne, GroupedTwo")
    assert "Methods" not in house.command("/note tags")


@pytest.mark.parametrize(("member", "title"), [("ben", "Edit a tag"), ("aiko", "タグを編集")])
def test_a_tag_is_edited_in_a_window_from_the_list(house: House, member: str, title: str) -> None:
    pasted(house, {"ben": "2401.00025", "aiko": "2401.00026"}[member])
    house.command(f"/note tag Window{member}", member)
    house.act("shortcut", member=member, callback_id="menu_notes")
    menu = house.modal(member)
    house.act("view/click", member=member, view_id=menu["id"], action_id="verb:tags")
    listed = house.modal(member, f"Window{member}")
    house.act("view/click", member=member, view_id=listed["id"], action_id="verb:tidy")
    assert house.modal(member, {"ben": "What to do", "aiko": "操作"}[member])["title"]["text"] == title
    offered = house.act("view/suggest", member=member, action_id="known_tag", value=f"indow{member}")["options"]
    (option,) = offered
    chosen = {"known_tag": {"known_tag": option}, "tidy_how": {"tidy_how": "rename"}}
    named = {"tidy_name": {"tidy_name": f"Door{member}"}}
    house.act("view/submit", member=member, values=chosen | named)
    view = house.modal(member, f"Door{member}")
    (label,) = buttons(view)
    press_in_modal(house, view, label, member)
    until(lambda: f"Door{member} (1)" in house.command("/note tags"))
    house.act("view/close", member=member, all=True)


@pytest.mark.parametrize(("member", "hint"), [("ben", "for everybody"), ("aiko", "全員に表示")])
def test_what_is_said_of_a_tag_in_a_window_of_no_channel_is_for_everybody(
    house: House, member: str, hint: str
) -> None:
    pasted(house, {"ben": "2401.00033", "aiko": "2401.00034"}[member])
    name = f"Nowhere{member}"
    house.command(f"/note tag {name}", member)

    def said(way: str, words: str, answer: str) -> None:
        house.act("shortcut", member=member, callback_id="menu_notes")
        menu = house.modal(member)
        house.act("view/click", member=member, view_id=menu["id"], action_id="verb:tags")
        listed = house.modal(member, name)
        house.act("view/click", member=member, view_id=listed["id"], action_id="verb:tidy")
        house.modal(member, hint)
        (option,) = house.act("view/suggest", member=member, action_id="known_tag", value=name)["options"]
        chosen = {"known_tag": {"known_tag": option}, "tidy_how": {"tidy_how": way}}
        house.act("view/submit", member=member, values=chosen | {"tidy_name": {"tidy_name": words}})
        house.modal(member, answer)
        house.act("view/close", member=member, all=True)

    said("describe", f"About {name}", f"{name}: About {name}")
    said("group", f"Group {name}", f"Group {name}")
    assert f"Group {name}" in house.command("/note tags", {"ben": "aiko", "aiko": "ben"}[member])
    until(lambda: f"About {name}" in house.page(f"tags/{name.lower()}.html"))


def test_the_window_of_a_tag_says_who_reads_what_is_said_there(house: House) -> None:
    direct = house.direct("ben")
    pasted(house, "2401.00035", direct)
    house.command("/note tag Reaching", channel=direct)
    house.command("/note tags", channel=direct)
    press(house, whisper(house, "#Reaching (1)", "ben"), "Edit a tag", "ben")
    house.modal("ben", "stay in this conversation")
    house.act("view/close", member="ben", all=True)


@pytest.mark.parametrize(
    ("way", "name", "says"),
    [
        ("rename", "", "Please fill this in."),
        ("merge", "  ", "Please fill this in."),
        ("alias", "", "Please fill this in."),
        ("group", "", "Please fill this in."),
        ("rename", "A, B", "One name without a comma"),
        ("alias", "x、y", "One name without a comma"),
        ("merge", "NeverUsed", "There is no tag “NeverUsed” here"),
        ("rename", "x" * 201, "1 to 200 characters"),
        ("alias", "Namesake", "To make the two one: /note tidy merge Namesake, Misnamed"),
        ("group", "x" * 61, "A group needs a name of 1 to 60 characters"),
        ("group", ":", "A group needs a name of 1 to 60 characters"),
    ],
)
def test_what_is_wrong_with_a_name_is_said_where_it_was_typed(
    house: House, way: str, name: str, says: str
) -> None:
    house.card(house.paste("https://arxiv.org/abs/2401.00030"), "2401.00030")
    house.command("/note tag Misnamed, Namesake")
    house.act("shortcut", member="ben", callback_id="menu_notes")
    menu = house.modal("ben")
    house.act("view/click", member="ben", view_id=menu["id"], action_id="verb:tags")
    listed = house.modal("ben", "Misnamed")
    house.act("view/click", member="ben", view_id=listed["id"], action_id="verb:tidy")
    view = house.modal("ben", "What to do")
    (option,) = house.act("view/suggest", member="ben", action_id="known_tag", value="Misnamed")["options"]
    chosen = {"known_tag": {"known_tag": option}, "tidy_how": {"tidy_how": way}}
    house.act("view/submit", member="ben", values=chosen | {"tidy_name": {"tidy_name": name}})
    (told,) = house.errors("ben")[view["id"]].items()
    assert told[0] == "tidy_name"
    assert says in told[1]
    house.act("view/close", member="ben", all=True)


def test_tags_are_offered_while_one_types_and_only_those_one_may_see(house: House) -> None:
    ts = pasted(house, "2401.00027")
    house.command("/note tag Typeahead, Tydings")
    card = house.card(ts, "#Typeahead")
    house.act("click", member="ben", channel="papers", ts=card["ts"], action_id="verb:tag")
    house.modal()
    for typed, expected in (("ty", {"Typeahead", "Tydings"}), ("AHEAD", {"Typeahead"}), ("secretproj", set())):
        offered = house.act("view/suggest", member="ben", action_id="known_tags", value=typed)["options"]
        assert {option["value"] for option in offered} == expected
    house.act("view/close", member="ben", all=True)


def test_tags_are_taken_off_in_a_window_that_shows_those_of_the_paper(house: House) -> None:
    ts = pasted(house, "2401.00028")
    house.command("/note tag Away, Stays, Gone")
    card = house.card(ts, "#Away")
    house.act("click", member="ben", channel="papers", ts=card["ts"], action_id="verb:menu")
    menu = until(lambda: next((one for one in house.whispers("ben") if "Remove a tag" in buttons(one)), None))
    press(house, menu, "Remove a tag", "ben")
    house.modal()
    house.act("view/submit", member="ben", values={"known_tags": {"known_tags": ["Away", "Gone"]}})
    house.card(ts, "#Stays")
    until(lambda: "Gone" not in house.command("/note show 2401.00028"))


def test_a_window_to_take_tags_off_a_paper_without_any_says_so(house: House) -> None:
    ts = pasted(house, "2401.00029")
    card = house.card(ts, "2401.00029")
    house.act("shortcut", member="aiko", callback_id="menu_paper", channel="papers", message_ts=card["ts"])
    menu = house.modal("aiko")
    house.act("view/click", member="aiko", view_id=menu["id"], action_id="verb:untag")
    house.modal("aiko", "まだタグがありません")
    house.act("view/close", member="aiko", all=True)


def test_a_tag_that_is_also_a_channels_name_is_the_tag_and_no_private_name_is_told(house: House) -> None:
    ts = pasted(house, "2405.00021")
    house.clients["ben"].conversations_create(name="rope")
    assert "Tagged rope" in house.command("/note tag #rope")
    until(lambda: "2405.00021" in house.command("/note list #rope"))
    mention, private = f"<@{house.state()['app']['user_id']}>", f"<#{house.channel('lab-private')}>"
    house.paste(f"{mention} tag #general", thread=ts)
    whisper(house, "Tagged general", "ben")
    house.paste(f"{mention} tag {private}", thread=ts)
    whisper(house, "Leave the # out", "ben")
    house.paste(f"{mention} search {private}", member="aiko", thread=ts)
    whisper(house, "# を付けずに", "aiko")
    house.paste(f"詳しくは #rope と {private} で", member="aiko", thread=ts)
    until(lambda: "詳しくは #rope と #channel で" in house.command("/note show 2405.00021"))
    until(lambda: "#rope と #channel で" in house.page("papers/arxiv/2405.00021.html"))
    assert "lab-private" not in house.site()
