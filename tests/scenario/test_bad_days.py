"""Bad days: arXiv down, Slack throttling, failing, answering too late. Nothing is lost or said twice."""

from __future__ import annotations

from pathlib import Path

import arxiv_server
import pytest
from house import House, running, shown, until


def test_a_post_whose_answer_was_lost_is_looked_up_and_not_repeated(house: House) -> None:
    house.act("misbehave", method="chat.postMessage", how="cut", times=1)
    ts = house.type("https://arxiv.org/abs/2312.00001")
    house.card(ts, "2312.00001")
    house.command("/note tag after-the-cut")
    house.card(ts, "#after-the-cut")
    assert len(house.answers(ts)) == 1


def test_what_is_answered_to_a_card_before_it_is_known_to_stand_there_is_a_comment(house: House) -> None:
    before = {post["ts"] for post in house.posts()}
    house.act("misbehave", method="chat.postMessage", how="cut", times=1)
    house.command("/note add 2312.00013")
    (ts,) = until(lambda: [post["ts"] for post in house.posts() if post["ts"] not in before])
    house.act("say", member="ben", channel="papers", text="answered too soon", thread_ts=ts)
    until(lambda: "answered too soon" in house.command("/note show 2312.00013"))


def test_a_reaction_to_a_card_before_it_is_known_to_stand_there_counts(house: House) -> None:
    house.command("/note emoji :alarm_clock: tag EarlyReaction")
    house.act("misbehave", method="chat.postMessage", how="cut", times=1)
    ts = house.type("https://arxiv.org/abs/2312.00014")
    (card,) = until(lambda: house.answers(ts))
    house.act("react", member="aiko", channel=house.channel("papers"), ts=card["ts"], name="alarm_clock")
    until(lambda: "EarlyReaction" in house.command("/note show 2312.00014"))


@pytest.mark.parametrize("how", ["429", "500"])
def test_a_refused_post_is_made_later(house: House, how: str) -> None:
    paper = f"2312.0010{how[0]}"
    house.act("misbehave", method="chat.postMessage", how=how, times=2, seconds=1)
    ts = house.type(f"https://arxiv.org/abs/{paper}")
    house.card(ts, paper)
    assert len(house.answers(ts)) == 1


def test_the_answer_to_a_mention_that_slack_refused_for_now_is_given_later_and_once(house: House) -> None:
    ts = house.type("https://arxiv.org/abs/2312.00015")
    house.card(ts, "2312.00015")
    house.act("misbehave", method="chat.postEphemeral", how="429", times=2, seconds=1)
    house.paste(f"<@{house.state()['app']['user_id']}> show", thread=ts)
    until(lambda: [one for one in house.whispers("ben") if "2312.00015" in shown(one)])
    house.paste("https://arxiv.org/abs/2312.00016")
    until(lambda: not house.state()["pending_events"])
    assert len([one for one in house.whispers("ben") if "2312.00015" in shown(one)]) == 1


@pytest.mark.parametrize("how", ["429", "cut"])
def test_an_answer_to_a_click_that_its_thread_refuses_is_given_in_the_channel_unless_it_may_be_there(
    house: House, how: str
) -> None:
    paper = {"429": "2312.00017", "cut": "2312.00018"}[how]
    title = house.arxiv.paper(paper).title

    def told(menu: bool) -> list[dict[str, object]]:
        ours = [one for one in house.whispers("ben") if title in shown(one)]
        return [one for one in ours if ("verb:show" in str(one["blocks"])) == menu]

    ts = house.type(f"https://arxiv.org/abs/{paper}")
    card = house.card(ts, paper)
    house.act("misbehave", method="chat.postEphemeral", how=how, times=1, seconds=1)
    house.act("click", member="ben", channel="papers", ts=card["ts"], action_id="verb:menu")
    (menu,) = until(lambda: told(menu=True))
    assert ("thread_ts" in menu) == (how == "cut")
    house.act("click", member="ben", channel="papers", ts=card["ts"], action_id="verb:reading")
    until(lambda: told(menu=False))
    assert told(menu=True) == [menu]


def test_a_shortcut_whose_window_does_not_open_says_so(house: House) -> None:
    ts = house.type("https://arxiv.org/abs/2312.00019")
    card = house.card(ts, "2312.00019")
    for on in (ts, card["ts"]):
        house.act("misbehave", method="views.open", how="429", times=1, seconds=1)
        house.act("shortcut", member="aiko", callback_id="tag_paper", channel="papers", message_ts=on)

    def threads() -> set[str]:
        return {one.get("thread_ts", "") for one in house.whispers("aiko") if "ratelimited" in shown(one)}

    until(lambda: threads() == {"", ts})
    assert not house.views("aiko")["views"]


def test_a_window_that_cannot_be_filled_says_so(house: House) -> None:
    house.act("misbehave", method="views.update", how="429", times=1, seconds=1)
    house.act("shortcut", member="ben", callback_id="menu_notes")
    house.modal("ben", "close this window and try again")
    house.act("view/close", member="ben")


def test_slack_delivering_twice_is_one_share_and_one_card(house: House) -> None:
    house.act("misbehave", deliver_twice=2)
    ts = house.paste("https://arxiv.org/abs/2312.00003")
    house.card(ts, "2312.00003")
    reply = house.paste("said once", member="aiko", thread=ts)
    assert reply
    house.card(ts, "1 comment")
    until(lambda: not house.state()["pending_events"])
    assert len(house.answers(ts)) == 1
    assert house.command("/note show 2312.00003").count("said once") == 1


def test_lost_acknowledgements_make_slack_repeat_and_nobody_notices(house: House) -> None:
    house.act("misbehave", lose_acks=2)
    ts = house.paste("https://arxiv.org/abs/2312.00004")
    house.card(ts, "2312.00004")
    until(lambda: not house.state()["pending_events"])
    assert len(house.answers(ts)) == 1


def test_what_is_told_while_the_token_is_revoked_is_kept(tmp_path: Path) -> None:
    with running(tmp_path, f"sqlite:///{tmp_path}/fusen.db") as house:
        # Nothing was told before, so nothing of Slack's answers is remembered.
        house.act("revoke", token=house.playground.bot_token)
        house.act("say", member="ben", channel="papers", text="https://arxiv.org/abs/2312.00012")
        until(lambda: not house.state()["pending_events"])
        house.act("restore", token=house.playground.bot_token)
        until(lambda: "2312.00012" in house.command("/note list"))


def test_what_slack_tells_in_the_wrong_order_comes_right(house: House) -> None:
    ts = house.type("https://arxiv.org/abs/2312.00008")
    house.card(ts, "2312.00008")
    house.act("misbehave", deliver_late=3, seconds=2)
    edited = house.act("say", member="ben", channel="papers", text="too fast", thread_ts=ts)["ts"]
    deleted = house.act("say", member="ben", channel="papers", text="never said", thread_ts=ts)["ts"]
    withdrawn = house.act("say", member="ben", channel="papers", text="https://arxiv.org/abs/2312.00009")["ts"]
    house.act("edit", member="ben", channel="papers", ts=edited, text="well considered")
    house.act("delete", member="ben", channel="papers", ts=deleted)
    house.act("delete", member="ben", channel="papers", ts=withdrawn)
    until(lambda: not house.state()["pending_events"])
    house.card(ts, "1 comment")
    told = house.command("/note show 2312.00008")
    assert "well considered" in told
    assert "too fast" not in told
    assert "never said" not in told
    assert "2312.00009" not in house.command("/note list")


def test_while_arxiv_is_down_the_card_says_so_and_is_completed_later(tmp_path: Path) -> None:
    with running(tmp_path, f"sqlite:///{tmp_path}/fusen.db") as house:
        house.arxiv.usual = arxiv_server.status(503)
        ts = house.paste("https://arxiv.org/abs/2312.00005")
        house.card(ts, "has not answered yet, and is asked again by itself; the details follow here")
        house.command("/note tag early")
        house.card(ts, "#early")
        second = house.paste("https://arxiv.org/abs/2312.00006")
        house.card(second, "details follow here")
        house.arxiv.usual = arxiv_server.good
        for paper, where in (("2312.00005", ts), ("2312.00006", second)):
            title = house.arxiv.paper(paper).title
            house.card(where, title.split()[0])
            assert len(house.answers(where)) == 1


@pytest.mark.parametrize(
    "behaviour",
    [
        arxiv_server.status(429, b"Rate exceeded.", Retry_After="1"),
        arxiv_server.html,
        arxiv_server.cut(),
        arxiv_server.hang_up,
    ],
    ids=["throttled", "html", "cut", "hang-up"],
)
def test_an_answer_that_is_none_is_never_taken_for_no_such_paper(
    tmp_path: Path, behaviour: arxiv_server.Behaviour
) -> None:
    with running(tmp_path, f"sqlite:///{tmp_path}/fusen.db") as house:
        house.arxiv.misbehave(behaviour)
        ts = house.paste("https://arxiv.org/abs/2312.00007")
        title = house.arxiv.paper("2312.00007").title
        house.card(ts, title.split()[0])
        assert all("does not know" not in shown(card) for card in house.answers(ts))


def test_one_unknown_paper_among_many_hides_no_other(house: House) -> None:
    house.arxiv.unknown.add("2312.00011")
    house.arxiv.usual = arxiv_server.late(0.5)
    stamps = {
        paper: house.paste(f"https://arxiv.org/abs/{paper}")
        for paper in ("2312.00010", "2312.00011", "2312.00012", "hep-th/9901001", "math.GT/0309136")
    }
    for paper, ts in stamps.items():
        house.card(ts, "does not know" if paper == "2312.00011" else paper.replace(".GT", ""))
