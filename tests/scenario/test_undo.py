"""Undo in Slack: each act, by command and mention and menu, in both languages, cards and pages included."""

from __future__ import annotations

from typing import Any

from house import House, shown, until


def pasted(house: House, paper: str) -> str:
    ts = house.paste(f"https://arxiv.org/abs/{paper}")
    house.card(ts, paper)
    return ts


def test_tag_comment_and_untag_are_undone_one_after_the_other(house: House) -> None:
    ts = pasted(house, "2312.30001")
    house.command("/note tag Once")
    house.command("/note comment a slip of the pen")
    house.command("/note untag Once")
    assert "tagged Once again" in house.command("/note undo")
    until(lambda: "#Once" in shown(house.answers(ts)[0]))
    assert "comment was removed" in house.command("/note undo")
    assert "no longer tagged Once" in house.command("/note undo")
    until(lambda: "a slip of the pen" not in house.site() and "Once" not in house.site())
    assert "nothing of yours left" in house.command("/note undo")


def test_an_added_paper_and_its_card_are_taken_away(house: House) -> None:
    house.command("/note add 2312.30002", member="aiko")

    def card() -> Any:
        return next((post for post in house.posts() if "2312.30002" in shown(post)), None)

    until(card)
    assert "追加を取り消しました" in house.command("/note undo", member="aiko")
    until(lambda: card() is None)
    assert "Nothing found" in house.command("/note search 2312.30002")
    assert "元に戻せる操作はありません" in house.command("/note undo", member="aiko")


def test_undo_works_in_a_thread_by_mention_and_by_the_papers_menu(house: House) -> None:
    ts = pasted(house, "2312.30003")
    house.command("/note tag ByMention")
    house.command("/note tag ByMenu")
    card = house.card(ts, "#ByMenu")
    house.act("click", member="ben", channel="papers", ts=card["ts"], action_id="verb:menu")
    menu = until(lambda: next((w for w in house.whispers("ben") if "verb:undo" in str(w)), None))
    house.act("click", member="ben", channel="papers", ts=menu["ts"], action_id="verb:undo")
    until(lambda: any("no longer tagged ByMenu" in shown(one) for one in house.whispers("ben")))
    house.paste(f"<@{house.playground.bot_user_id}> undo", thread=ts)
    until(lambda: any("no longer tagged ByMention" in shown(one) for one in house.whispers("ben")))
    until(lambda: "No tags yet" in shown(house.answers(ts)[0]))


def test_reading_marks_and_following_are_undone_in_both_languages(house: House) -> None:
    ts = pasted(house, "2312.30004")
    for member, reading, read, followed in (
        ("ben", "no longer shown as reading", "no longer marked as read", "no longer followed: #Undoable"),
        ("aiko", "「読んでいる」の表示を取り消し", "既読を取り消し", "フォローを取り消しました: #Undoable"),
    ):
        house.command("/note reading 2312.30004", member=member)
        house.card(ts, member)
        house.command("/note read 2312.30004", member=member)
        until(lambda member=member: member not in shown(house.answers(ts)[0]))
        assert "2312.30004" in house.command("/note list 既読", member=member)
        assert "2312.30004" not in house.command("/note list 未読", member=member)
        house.command("/note follow Undoable", member=member)
        house.command("/note unfollow Undoable", member=member)
        assert "#Undoable" in house.command("/note undo", member=member)
        assert followed in house.command("/note undo", member=member)
        assert read in house.command("/note undo", member=member)
        house.card(ts, member)  # shown as reading again
        assert "2312.30004" in house.command("/note list 読んでいる", member=member)
        assert reading in house.command("/note undo", member=member)
        until(lambda member=member: member not in shown(house.answers(ts)[0]))


def test_what_a_channel_follows_is_undone_in_the_channels_name_in_both_languages(house: House) -> None:
    pasted(house, "2312.30005")
    for member, unfollowed, followed in (
        ("ben", "this channel no longer follows #Undoable", "this channel follows #Undoable again"),
        (
            "aiko",
            "このチャンネルでのフォローを取り消しました: #Undoable",
            "このチャンネルでフォローし直しました: #Undoable",
        ),
    ):
        house.command("/note follow Undoable here", member=member)
        assert unfollowed in house.command("/note undo", member=member)
        house.command("/note follow Undoable here", member=member)
        house.command("/note unfollow Undoable here", member=member)
        assert followed in house.command("/note undo", member=member)
        assert unfollowed in house.command("/note undo", member=member)


def test_undo_says_what_it_does_not_take_back_and_how_to_change_that_in_both_languages(house: House) -> None:
    pasted(house, "2312.30006")
    for member, stays, by_hand, undone in (
        (
            "ben",
            "does not take back what you did last here: “/note ",
            "To change it by hand: ",
            "no longer tagged",
        ),
        ("aiko", "ここでの直前の操作「/note ", "手動で変更するには: ", "を外しました"),
    ):
        house.command(f"/note tag By{member}", member=member)
        for act, back in (
            ("emoji :x: tag LLM", "emoji :x: off"),
            (f"tidy alias of{member}, By{member}", f"tidy unalias of{member}"),
            ("digest here", "digest off everything"),
        ):
            house.command(f"/note {act}", member=member)
            said = house.command("/note undo", member=member)
            assert f"{stays}{act}" in said
            assert f"{by_hand}/note {back}" in said
            house.command(f"/note {back}", member=member)  # an act of its own
            assert f"{stays}{back}" in house.command("/note undo", member=member)
        assert undone in house.command("/note undo", member=member)
