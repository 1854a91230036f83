"""Seen before, across every form of link and every channel, with the knobs that keep it quiet."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from house import House, shown, until

MARKERS = count(1)


@pytest.fixture
def knobs(house: House) -> Iterator[House]:
    """The house, whose knobs are turned back in the end."""
    yield house
    house.command("/note settings quiet-days 0, quiet-here no")


def first(house: House, paper: str, channel: str = "papers") -> str:
    ts = house.paste(f"https://arxiv.org/abs/{paper}", member="aiko", channel=channel)
    house.card(ts, paper, channel)
    return ts


def lines(house: House, paper: str, text: str, channel: str) -> list[str]:
    """What is said in the thread of a message that shares a paper again, once a later paper has its card."""
    shares = house.command(f"/note show {paper}", channel=channel).count("shared by")
    ts = house.paste(text, channel=channel)
    marker = f"2312.1{next(MARKERS):04}"
    house.card(house.paste(f"https://arxiv.org/abs/{marker}", channel=channel), marker, channel)
    until(lambda: house.command(f"/note show {paper}", channel=channel).count("shared by") == shares + 1)
    return [shown(message) for message in house.answers(ts, channel)]


@pytest.mark.parametrize(
    ("number", "form"),
    list(
        enumerate(
            (
                "https://arxiv.org/pdf/{}v2",
                "https://ar5iv.labs.arxiv.org/html/{}",
                "<https://www.alphaxiv.org/abs/{}|a label>",
                "arXiv:{}",
                "https://doi.org/10.48550/arXiv.{}",
                "https://huggingface.co/papers/{}",
            )
        )
    ),
)
def test_every_form_of_link_is_known_again_in_another_channel(house: House, number: int, form: str) -> None:
    paper = f"2312.2000{number + 1}"
    ts = first(house, paper)
    (line,) = lines(house, paper, form.format(paper), "general")
    assert "shared before by aiko in #papers" in line
    assert f"p{ts.replace('.', '')}" in line


def test_quiet_for_days_in_every_channel_and_form_though_the_share_is_kept(knobs: House) -> None:
    first(knobs, "2312.21001")
    knobs.command("/note settings quiet-days 7")
    for channel in ("general", "papers"):
        assert lines(knobs, "2312.21001", "https://arxiv.org/pdf/2312.21001v1", channel) == []
    knobs.command("/note settings quiet-days 0")
    assert len(lines(knobs, "2312.21001", "arXiv:2312.21001", "general")) == 1


def test_quiet_in_the_same_channel_and_not_in_another(knobs: House) -> None:
    first(knobs, "2312.22001")
    knobs.command("/note settings quiet-here yes")
    assert lines(knobs, "2312.22001", "arXiv:2312.22001", "papers") == []
    assert len(lines(knobs, "2312.22001", "arXiv:2312.22001", "general")) == 1
    # From now on this channel has had it too.
    assert lines(knobs, "2312.22001", "https://arxiv.org/abs/2312.22001", "general") == []


@pytest.mark.parametrize("to", ["message", "card", "reply"])
def test_nothing_is_said_to_whoever_points_to_the_earlier_thread(house: House, to: str) -> None:
    paper = {"message": "2312.23001", "card": "2312.23002", "reply": "2312.23003"}[to]
    ts = first(house, paper)
    target = {
        "message": lambda: ts,
        "card": lambda: house.card(ts, paper)["ts"],
        "reply": lambda: house.paste("read it", thread=ts),
    }[to]()
    told = house.clients["ben"].chat_getPermalink(channel=house.channel("papers"), message_ts=target)
    text = f"https://arxiv.org/abs/{paper} as discussed in {told['permalink']}"
    assert lines(house, paper, text, "general") == []


def test_replies_under_a_quiet_share_are_comments_all_the_same(knobs: House) -> None:
    first(knobs, "2312.24001")
    knobs.command("/note settings quiet-days 7")
    ts = knobs.paste("https://arxiv.org/abs/2312.24001", channel="general")
    knobs.paste("said under the quiet one", thread=ts, channel="general")
    until(lambda: "said under the quiet one" in knobs.command("/note show 2312.24001"))
