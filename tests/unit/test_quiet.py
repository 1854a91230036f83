"""When nothing is said of a paper seen before: the knobs, and links to the earlier message in every form."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from written import NOW, PUBLIC, note, workspace

from papers.note import Channel, ChannelKind, Member, Message, Share, permalink
from papers.quiet import is_quiet, pointed_at

HOME = workspace("en")
OTHER = Channel("C2", "reading", ChannelKind.PUBLIC)
ROOT = Message("T1", "C1", "1700000000.000100")
REPLY = Message("T1", "C1", "1700000500.000200", "1700000000.000100")
NEW = Message("T1", "C2", "1700900000.000100")
SEEN = note(shares=(Share(Member("U1"), PUBLIC, ROOT, NOW - timedelta(days=3)),))
REPLIED = note(shares=(Share(Member("U1"), PUBLIC, REPLY, NOW - timedelta(days=3)),))


def link(message: Message) -> str:
    return permalink(HOME.url, message)


def test_by_default_a_paper_seen_before_is_said_to_be() -> None:
    assert not is_quiet(HOME, SEEN, NEW, NOW, "")
    assert not is_quiet(HOME, SEEN, replace(NEW, channel="C1"), NOW, "")


@pytest.mark.parametrize(("days", "quiet"), [(0, False), (1, False), (2, False), (3, True), (7, True)])
def test_quiet_within_so_many_days_of_the_last_share(days: int, quiet: bool) -> None:
    home = replace(HOME, quiet_days=days)
    assert is_quiet(home, SEEN, NEW, NOW, "") is quiet
    often = replace(SEEN, shares=(replace(SEEN.shares[0], shared_at=NOW - timedelta(days=99)), *SEEN.shares))
    assert is_quiet(home, often, NEW, NOW, "") is quiet


def test_quiet_in_the_same_channel_and_only_there() -> None:
    home = replace(HOME, quiet_here=True)
    assert is_quiet(home, SEEN, replace(NEW, channel="C1"), NOW, "")
    assert not is_quiet(home, SEEN, NEW, NOW, "")


def test_a_message_edited_into_its_first_share_does_not_quieten_itself() -> None:
    itself = replace(SEEN, shares=(replace(SEEN.shares[0], message=NEW, shared_at=NOW),))
    assert not is_quiet(replace(HOME, quiet_days=9, quiet_here=True), itself, NEW, NOW, "")


@pytest.mark.parametrize(
    "said",
    [
        f"as in {link(ROOT)} already",
        f"<{link(ROOT)}>",
        f"<{link(ROOT)}|here>",
        f"<{link(REPLY).replace('&', '&amp;')}|the thread>",
        link(ROOT).replace("lab.slack.com", "LAB.slack.com"),
        f"https://other.example/ {link(ROOT)}",
        f"({link(ROOT)})",
        f"{link(replace(ROOT, ts='1700000900.000300', thread_ts=ROOT.ts))} by the card",
    ],
)
def test_whoever_points_to_the_earlier_message_or_its_thread_is_told_nothing(said: str) -> None:
    assert is_quiet(HOME, SEEN, NEW, NOW, said)
    assert is_quiet(HOME, REPLIED, NEW, NOW, said)


@pytest.mark.parametrize(
    "said",
    [
        "https://lab.slack.com/archives/C9/p1700000000000100",
        "https://other.slack.com/archives/C1/p1700000000000100",
        "https://lab.slack.com.evil.example/archives/C1/p1700000000000100",
        "https://lab.slack.com/archives/C1/p1700000000000999",
        "https://lab.slack.com/archives/C1",
        "https://lab.slack.com/archives/C1/p17",
        "https://[lab.slack.com/archives/C1/p1700000000000100",
        "C1 p1700000000000100",
        "",
    ],
)
def test_what_points_elsewhere_quietens_nothing(said: str) -> None:
    assert not is_quiet(HOME, SEEN, NEW, NOW, said)


def test_a_workspace_without_an_address_is_pointed_to_by_nothing() -> None:
    assert pointed_at(link(ROOT), replace(HOME, url="")) == ()


def test_a_permalink_is_read_back_as_the_message_that_it_names() -> None:
    assert pointed_at(f"{link(ROOT)} {link(REPLY)}", HOME) == (ROOT, REPLY)
