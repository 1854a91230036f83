"""Tagging, commenting and finding again: by slash command, by button, in the thread and by mention."""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from urllib.request import urlopen

import pytest
from house import House, running, shown, until
from image_bytes import drawn, photograph


def pasted(house: House, paper: str, member: str = "ben", channel: str = "papers") -> str:
    """Paste a paper and wait for its card."""
    ts = house.paste(f"https://arxiv.org/abs/{paper}", member=member, channel=channel)
    house.card(ts, paper, channel=channel, member=member)
    return ts


def test_the_tag_command_tags_the_last_paper_of_the_channel_and_its_card_shows_it(house: House) -> None:
    ts = pasted(house, "2311.00001")
    assert "Tagged DataGeneration" in house.command("/note tag DataGeneration")
    house.card(ts, "#DataGeneration")
    assert "DataGeneration (1)" in house.command("/note tags")
    assert "2311.00001" in house.command("/note list datageneration")


def test_a_new_tag_leads_to_its_page_where_anybody_sees_it_and_nowhere_else(tmp_path: Path) -> None:
    address = "https://notes.lab.example/"
    with running(tmp_path, f"sqlite:///{tmp_path}/fusen.db", PAGES_ADDRESS=address) as house:
        pasted(house, "2311.00021")
        house.command("/note tag Before")
        told = house.command("/note tag At Last, 評価")
        links = {tag: unquote(path) for path, tag in re.findall(rf"<{address}(tags/[^|>]*)\|#([^>]*)>", told)}
        assert sorted(links) == ["At Last", "評価"]
        for tag, path in links.items():
            until(lambda path=path: (house.pages / path).exists())
            assert tag in (house.pages / path).read_text(encoding="utf-8")
        house.paste("https://arxiv.org/abs/2311.00021", member="aiko", channel="lab-private")
        until(lambda: "2311.00021" in house.command("/note list", "aiko", "lab-private"))
        told = house.command("/note tag 2311.00021 HiddenOne", "aiko", "lab-private")
        assert "#HiddenOne" in told
        assert "/tags/" not in told


def test_a_tag_is_one_whatever_its_width_and_case(house: House) -> None:
    pasted(house, "2311.00002")
    house.command("/note tag ＬＬＭ")
    assert "has these tags already" in house.command("/note tag llm")


def test_untag_takes_the_tag_off_and_says_so_if_it_was_not_there(house: House) -> None:
    pasted(house, "2311.00003")
    house.command("/note tag Wrong")
    assert "Removed Wrong" in house.command("/note untag wrong")
    assert "does not carry the tag" in house.command("/note untag wrong")


def test_replies_under_a_card_become_comments_and_follow_edits_and_deletions(house: House) -> None:
    ts = pasted(house, "2311.00004")
    reply = house.paste("Section 3 is the useful part", member="aiko", thread=ts)
    house.card(ts, "1 comment · one-liner")
    assert "Section 3 is the useful part" in house.command("/note show 2311.00004")
    house.act("edit", member="aiko", channel="papers", ts=reply, text="Section 4 is the useful part")
    until(lambda: "Section 4" in house.command("/note show 2311.00004"))
    house.clients["aiko"].chat_delete(channel=house.channel("papers"), ts=reply)
    house.card(ts, "0 comments · machine summary only")


def test_of_what_comes_into_a_thread_the_words_of_people_are_comments_and_nothing_else(house: House) -> None:
    ts = house.paste("https://arxiv.org/abs/2311.00041")
    house.card(ts, "2311.00041")
    there = {"channel": house.channel("papers"), "thread_ts": ts}
    plot = [{"name": "plot.svg", "content": "<svg/>"}]
    alone = house.act("file", member="ben", text="", files=plot, **there)["ts"]
    beside = house.act("file", member="ben", text="words beside a file", files=plot, **there)["ts"]
    house.act("bot", text="words of a feed", **there)
    house.act("bot", text="words of an older feed", classic=True, **there)
    house.act("say", member="ben", text="nods", me=True, **there)
    house.act("say", member="aiko", text="words for the channel too", broadcast=True, **there)

    def said() -> str:
        return house.command("/note show 2311.00041")

    until(lambda: "words for the channel too" in said() and "words beside a file" in said())
    assert not any(word in said() for word in ("feed", "nods", "plot"))
    assert said().count("\n> ") == 2
    house.act("edit", member="ben", channel=there["channel"], ts=alone, text="what the plot says")
    house.act("delete", member="ben", channel=there["channel"], ts=beside)
    until(lambda: "what the plot says" in said() and "words beside a file" not in said())
    assert said().count("\n> ") == 2
    house.act("delete", member="ben", channel=there["channel"], ts=alone)
    until(lambda: said().count("\n> ") == 1 and "what the plot says" not in said())


def test_words_that_are_set_off_in_the_thread_are_set_off_on_the_page(house: House) -> None:
    ts = house.paste("*https://arxiv.org/abs/2310.00022*")
    house.card(ts, "2310.00022")
    house.paste("@fusen *tag Bold*", thread=ts)
    house.card(ts, "Bold")
    house.paste("a *very good* idea, `x` _and_ new", member="aiko", thread=ts)
    shown = "a <strong>very good</strong> idea, <code>x</code> <em>and</em> new"
    until(lambda: shown in house.page("papers/arxiv/2310.00022.html"))
    assert "a very good idea, x and new" in house.page("tags/bold.html")


def test_an_image_in_the_thread_stands_on_the_pages_until_it_is_deleted(house: House) -> None:
    ts = pasted(house, "2311.00042")
    house.command("/note tag Pictured")
    there = {"channel": house.channel("papers"), "thread_ts": ts}

    def post(name: str, body: bytes, text: str = "") -> dict[str, Any]:
        file = {"name": name, "base64": b64encode(body).decode()}
        return house.act("file", member="ben", text=text, files=[file], **there)

    def images() -> list[str]:
        return sorted(file.name for file in (house.pages / "images").glob("*.*g"))

    alone, beside = post("photo.jpg", photograph()), post("plot.png", drawn(), "see the plot")
    until(lambda: len(images()) == 2 and all(name in house.page("tags/pictured.html") for name in images()))
    said = house.command("/note show 2311.00042")
    assert "(image)" in said and "see the plot" in said
    house.card(ts, "2 comments")
    photo = next(name for name in images() if name.endswith(".jpg"))
    with urlopen(f"{house.fusen.pages_address}images/{photo}") as answer:
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert b"kanarienvogel" not in answer.read()
    assert "files-pri" not in house.site()
    house.act("file/delete", member="ben", file=beside["message"]["files"][0]["id"])
    until(lambda: images() == [photo] and "see the plot" in house.page("tags/pictured.html"))
    house.act("delete", member="ben", channel=there["channel"], ts=alone["ts"])
    until(lambda: not images() and "<img" not in house.page("papers/arxiv/2311.00042.html"))
    house.card(ts, "1 comment")


def test_a_comment_by_command_is_kept_and_an_empty_one_is_answered_with_how_to(house: House) -> None:
    pasted(house, "2311.00005")
    assert "Comment saved" in house.command("/note comment 良い論文 <b> & more")
    assert "良い論文 &lt;b&gt; &amp; more" in house.command("/note show")
    assert "The comment is empty" in house.command("/note comment")


def test_a_mention_in_the_thread_tags_the_threads_paper_and_answers_only_the_person(house: House) -> None:
    ts = pasted(house, "2311.00006")
    pasted(house, "2311.00007")
    before = len(house.answers(ts))
    house.paste(f"<@{house.playground.bot_user_id}> tag Threaded", member="aiko", thread=ts)
    house.card(ts, "#Threaded")
    until(lambda: any("Threaded" in shown(one) for one in house.whispers("aiko")))
    assert len(house.answers(ts)) == before
    assert "2311.00006" in house.command("/note list Threaded")
    assert "2311.00007" not in house.command("/note list Threaded")


def test_a_wide_at_sign_in_a_thread_is_no_comment_where_a_verb_follows(house: House) -> None:
    ts = pasted(house, "2311.00073")
    house.paste("＠fusen タグ 全角", thread=ts)
    assert "💬" not in shown(house.card(ts, "#全角"))
    until(lambda: any("全角" in shown(one) for one in house.whispers("ben")))
    house.paste("＠fusen ありがとう", thread=ts)
    house.card(ts, "1 comment")


def test_who_speaks_about_the_bot_in_a_thread_comments(house: House) -> None:
    ts, bot = pasted(house, "2311.00061"), f"<@{house.playground.bot_user_id}>"
    about = f"I agree with what {bot} says: section 3 is the key"
    quoted = f"> {bot} tag LLM\nwhy did you do this?"
    in_code = f"`{bot} tag LLM` is how"
    for said in (about, quoted, in_code):
        house.paste(said, thread=ts)
    told = until(lambda: "is how" in (told := house.command("/note show 2311.00061")) and told)
    assert "says: section 3 is the key" in told and "why did you do this?" in told
    assert not any(one.get("thread_ts") == ts for one in house.whispers("ben"))
    assert "#LLM" not in shown(house.card(ts, "3 comments"))


def test_who_speaks_about_the_bot_in_a_thread_of_direct_messages_comments(house: House) -> None:
    bot, channel = f"<@{house.playground.bot_user_id}>", house.direct("ben")
    ts = house.paste("https://arxiv.org/abs/2311.00071", channel=channel)
    house.card(ts, "2311.00071", channel=channel, member="ben")
    house.paste(f"I think {bot} got the authors of this one wrong", channel=channel, thread=ts)
    house.card(ts, "1 comment", channel=channel, member="ben")
    house.paste(f"{bot} tag Direct", channel=channel, thread=ts)
    house.card(ts, "#Direct", channel=channel, member="ben")


def test_a_quote_above_a_bare_mention_is_not_carried_out(house: House) -> None:
    bot = f"<@{house.playground.bot_user_id}>"
    house.paste(f"> tag Quoted\n{bot}", member="aiko")
    until(lambda: any("論文ノート" in shown(one) for one in house.whispers("aiko")))
    assert "Quoted" not in house.command("/note tags")


def test_a_mark_may_stand_behind_the_mention(house: House) -> None:
    ts, bot = pasted(house, "2311.00062"), f"<@{house.playground.bot_user_id}>"
    for number, said in enumerate((f"{bot}, tag M0", f"{bot} : tag M1", f"{bot}、tag M2", f"> so\n{bot}：tag M3")):
        house.paste(said, thread=ts)
        house.card(ts, f"#M{number}")
    house.paste(f"well, {bot} tag M4", thread=ts)
    house.card(ts, "#M4")
    house.paste(f"{bot} frobnicate", thread=ts)
    until(lambda: any("I do not know “frobnicate”" in shown(one) for one in house.whispers("ben")))
    house.card(ts, "0 comments")


def test_in_a_thread_about_no_paper_no_other_paper_is_tagged(house: House) -> None:
    ts = pasted(house, "2311.00021")
    root = house.paste("not yet a word of a paper")
    house.paste(f"<@{house.playground.bot_user_id}> tag Strayed", member="ben", thread=root)
    until(lambda: any("no paper in this thread" in shown(one) for one in house.whispers("ben")))
    assert "Strayed" not in shown(house.card(ts, "2311.00021"))
    assert "2311.00021" not in house.command("/note list Strayed")


def test_the_tag_button_opens_a_modal_whose_tags_reach_the_card(house: House) -> None:
    ts = pasted(house, "2311.00008")
    card = house.card(ts, "2311.00008")
    house.act("click", member="aiko", channel="papers", ts=card["ts"], action_id="verb:tag")
    view = house.modal("aiko")
    assert view["title"]["text"] == "タグを付ける"
    house.act("view/submit", member="aiko", values={"new_tags": {"new_tags": "By Button, 日本語"}})
    house.card(ts, "#日本語")
    assert not house.views("aiko")["views"]


def test_a_modal_without_a_tag_stays_open_and_says_what_is_wrong(house: House) -> None:
    ts = pasted(house, "2311.00009")
    house.command("/note tag known")
    card = house.card(ts, "#known")
    house.act("click", member="ben", channel="papers", ts=card["ts"], action_id="verb:tag")
    view = house.modal("ben")
    house.act("view/submit", member="ben", values={"new_tags": {"new_tags": "x" * 201}})
    assert "1 to 200 characters" in house.errors("ben")[view["id"]]["new_tags"]
    house.act("view/submit", member="ben", values={"new_tags": {"new_tags": "https://arxiv.org/abs/1409.1556"}})
    assert "1409.1556” is a link" in house.errors("ben")[view["id"]]["new_tags"]
    house.act("view/close", member="ben")


@pytest.mark.parametrize(("member", "says"), [("ben", "Please fill this in."), ("aiko", "入力してください。")])
@pytest.mark.parametrize(
    ("shortcut", "field"), [("comment_paper", "comment"), ("search_notes", "words")], ids=["comment", "search"]
)
def test_a_field_that_holds_blanks_alone_is_to_be_filled_in(
    house: House, member: str, says: str, shortcut: str, field: str
) -> None:
    ts = house.paste("https://arxiv.org/abs/2311.00119")
    house.card(ts, "2311.00119")
    where = {"channel": "papers", "message_ts": ts} if shortcut.endswith("_paper") else {}
    house.act("shortcut", member=member, callback_id=shortcut, **where)
    view = house.modal(member)
    house.act("view/submit", member=member, values={field: {field: " \n "}})
    assert house.errors(member)[view["id"]] == {field: says}
    house.act("view/close", member=member, all=True)


def test_the_comment_button_opens_a_modal_whose_comment_is_counted_on_the_card(house: House) -> None:
    ts = pasted(house, "2311.00010")
    card = house.card(ts, "2311.00010")
    house.act("click", member="ben", channel="papers", ts=card["ts"], action_id="verb:comment")
    assert "for all who may read this channel" in shown(house.modal("ben"))
    house.act("view/submit", member="ben", values={"comment": {"comment": "three\n\nlines & <!channel>"}})
    house.card(ts, "1 comment")
    assert "&lt;!channel&gt;" in house.command("/note show 2311.00010")


def test_search_finds_english_and_two_japanese_characters(house: House) -> None:
    ts = pasted(house, "2311.00011")
    house.paste("大規模言語モデルの評価について", member="aiko", thread=ts)
    until(lambda: "2311.00011" in house.command("/note search 評価"))
    word = house.arxiv.paper("2311.00011").title.split()[0]
    assert "2311.00011" in house.command(f"/note search {word.upper()} 評価")
    assert "Nothing found" in house.command("/note search 評価 zzzz")


def test_add_posts_a_card_whose_thread_is_the_notes_thread(house: House) -> None:
    assert "Saved" in house.command("/note add 2311.00012")
    card = until(lambda: next((post for post in house.posts() if "2311.00012" in shown(post)), None))
    assert "added by ben" in shown(card)
    house.paste("added by hand", member="aiko", thread=card["ts"])
    until(lambda: "added by hand" in house.command("/note show 2311.00012"))
    assert "shared before by" in house.command("/note add https://arxiv.org/abs/2311.00012")
    again = until(lambda: next(post for post in house.posts() if "1 comment" in shown(post)))
    assert "added by ben" in shown(again)


def test_an_unknown_word_gets_the_usage_in_the_persons_language(house: House) -> None:
    answer = house.command("/note frobnicate now")
    assert "I do not know “frobnicate”" in answer
    for verb in ("help", "add", "show", "tag", "untag", "tags", "list", "comment", "search", "digest", "publish"):
        assert f"/note {verb}" in answer
    assert "という操作はありません" in house.command("/note frobnicate", member="aiko")


def test_wrong_input_gets_one_sentence_that_says_what_to_do(house: House) -> None:
    assert "not an arXiv paper that I can read" in house.command("/note add 2313.13671")
    assert "Nobody here has shared 2401.99999" in house.command("/note show 2401.99999")
    assert "1 to 200 characters" in house.command("/note tag " + "x" * 201)
    assert "Say which tag" in house.command("/note tag")
    assert "No paper has been shared in this channel" in house.command("/note show", channel="general")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("taggs Foo", "Did you mean @fusen tags?"),
        ("help", "@fusen add PAPER, PAPER"),
        ("follow", "Try: @fusen follow DataGeneration"),
        ("show 2309.99999", "Save it first: @fusen add 2309.99999"),
        ("unfollow NeverUsed", "To see what is: @fusen follow"),
        ("tags alias NeverUsed", "See the tags in use: @fusen tags"),
        ("backfill stop", "To begin: @fusen backfill 90"),
    ],
)
def test_in_a_thread_no_slash_command_is_told_of(house: House, asked: str, told: str) -> None:
    ts = house.paste("https://arxiv.org/abs/2311.00120")
    house.card(ts, "2311.00120")
    before = len(house.whispers("ben"))
    house.paste(f"<@{house.playground.bot_user_id}> {asked}", thread=ts)
    (answer,) = until(lambda: house.whispers("ben")[before:])
    assert told in shown(answer)
    assert "/note" not in shown(answer)


def test_words_in_a_direct_message_are_commands_and_unknown_ones_get_usage(house: House) -> None:
    channel = house.direct("ben")
    house.paste("hello?", channel=channel)
    until(lambda: any("hello?" in shown(post) and post.get("bot_id") for post in house.posts(channel, "ben")))


def test_in_a_thread_of_direct_messages_a_verb_is_one_and_a_sentence_is_a_comment(house: House) -> None:
    channel = house.direct("ben")
    ts = pasted(house, "2311.00063", channel=channel)
    for said in ("tag Alone, Two words", "read", "read this, great", "help us with section 3"):
        house.paste(said, channel=channel, thread=ts)
    house.card(ts, "2 comments", channel=channel, member="ben")
    house.card(ts, "#Two words", channel=channel, member="ben")
    house.card(ts, "Marked as read", channel=channel, member="ben")
    told = house.command("/note show 2311.00063", channel=channel)
    assert "read this, great" in told and "help us with section 3" in told


def test_in_a_thread_of_direct_messages_a_japanese_verb_is_one_and_a_sentence_is_a_comment(house: House) -> None:
    channel = house.direct("ben")
    ts = pasted(house, "2311.00072", channel=channel)
    for said in ("タグ　評価", "既読", "タグを増やしたい。", "検索 は 速くて 良い"):
        house.paste(said, channel=channel, thread=ts)
    house.card(ts, "2 comments", channel=channel, member="ben")
    house.card(ts, "#評価", channel=channel, member="ben")
    house.card(ts, "Marked as read", channel=channel, member="ben")


def test_a_sentence_that_begins_like_a_verb_shares_its_link(house: House) -> None:
    channel = house.direct("ben")
    ts = house.paste("read this https://arxiv.org/abs/2311.00064 it is great", channel=channel)
    house.card(ts, "2311.00064", channel=channel, member="ben")
    corrected = "read this https://arxiv.org/abs/2311.00065 it is great"
    house.act("edit", member="ben", channel=channel, ts=ts, text=corrected)
    house.card(ts, "2311.00065", channel=channel, member="ben")
    house.act("edit", member="ben", channel=channel, ts=ts, text=corrected.replace("00065", "00064"))
    house.card(ts, "2311.00064", channel=channel, member="ben")
    house.paste("read https://arxiv.org/abs/2311.00064", channel=channel)
    until(lambda: any("Marked as read" in shown(post) for post in house.posts(channel, "ben")))
    house.paste("show what is not there", channel=channel)
    until(lambda: any("no paper “what is not there”" in shown(post) for post in house.posts(channel, "ben")))


def test_a_private_papers_words_are_found_by_nobody_outside(house: House) -> None:
    ts = pasted(house, "2311.00013", member="aiko", channel="lab-private")
    house.paste("unpublished secret result", member="aiko", channel="lab-private", thread=ts)
    until(lambda: "2311.00013" in house.command("/note search secret", "aiko", "lab-private"))
    house.command("/note tag HushHush", "aiko", "lab-private")
    for outside in (
        house.command("/note search secret"),
        house.command("/note show 2311.00013"),
        house.command("/note list"),
        house.command("/note tags"),
        house.command("/note digest"),
    ):
        assert "secret" not in outside
        assert "HushHush" not in outside
        assert house.arxiv.paper("2311.00013").title not in outside
    again = house.paste("https://arxiv.org/abs/2311.00013", channel="general")
    card = house.card(again, "2311.00013", channel="general")
    assert "shared before" not in shown(card)
    assert "HushHush" not in shown(card)
    until(lambda: "2311.00013" in house.site())
    assert "secret" not in house.site()
    assert "HushHush" not in house.site()
    assert "lab-private" not in house.site()


def test_the_digest_preview_shows_what_was_shared_and_what_was_said(house: House) -> None:
    ts = pasted(house, "2311.00014")
    house.command("/note tag Digested")
    house.paste("worth an hour", member="aiko", thread=ts)
    answer = until(lambda: told if "worth an hour" in (told := house.command("/note digest")) else "")
    assert "#Digested" in answer


def test_tags_comments_and_names_reach_the_published_pages(house: House) -> None:
    ts = pasted(house, "2311.00015")
    house.command("/note tag A/B Testing")
    house.paste("see the appendix", member="aiko", thread=ts)
    until(lambda: "see the appendix" in house.site() and "A/B Testing" in house.site())
    until(lambda: house.arxiv.paper("2311.00015").title in house.page(""))


def test_a_paper_is_named_by_words_of_its_title(house: House) -> None:
    ids = [f"2401.000{number}" for number in (81, 82)]
    titles = {}
    for one in ids:
        card = house.card(house.paste(f"https://arxiv.org/abs/{one}"), one)
        titles[one] = re.search(r"\|([^>]+)>", shown(card))[1]  # type: ignore[index]  # every card links its title
    house.command("/note show 2401.00081")
    for verb, told in (("show", "No comments yet"), ("read", "Marked as read"), ("related", titles[ids[0]])):
        assert told in house.command(f"/note {verb} {titles[ids[0]].lower()}")
    assert "You are reading" in house.command(f"/note reading {titles[ids[0]]}")
    assert "no longer" in house.command(f"/note reading {titles[ids[0]]} off")
    assert "Tagged ByTitle" in house.command(f"/note tag {titles[ids[0]]}: ByTitle")
    assert "#ByTitle" in house.command("/note show 2401.00081")
    assert "「no such words」に当たる論文が見つかりません" in house.command("/note show no such words", "aiko")


def test_of_several_papers_with_the_words_in_their_title_one_is_chosen(house: House) -> None:
    for one in ("2401.00083", "2401.00084"):
        house.card(house.paste(f"https://arxiv.org/abs/{one}"), one)
    assert "Which one do you mean?" in house.command("/note read study 2401")
    question = house.whispers("ben")[-1]
    (buttons,) = [block for block in question["blocks"] if block["type"] == "actions"]
    chosen = next(one for one in buttons["elements"] if "2401.00083" in one["text"]["text"])
    house.act("click", member="ben", channel="papers", ts=question["ts"], action_id=chosen["action_id"])
    until(lambda: "Marked as read" in shown(house.whispers("ben")[-1]))
    assert "2401.00083" in shown(house.whispers("ben")[-1])
