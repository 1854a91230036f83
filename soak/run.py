"""One soak from start to ledger: people talk, something makes trouble meanwhile, and then all is counted."""

from __future__ import annotations

import math
import re
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from queue import Empty

from playground_driving import Driver

from soak import findings
from soak.conversation import (
    AIKO,
    BEN,
    LAB,
    PAPERS,
    PROBE,
    Conversation,
    Deed,
    Expected,
    Kind,
    conversation,
    expected,
)
from soak.ledger import Ledger
from soak.scene import Around, Plan, Scene, Trouble, around_all, set_scene, until

LEAST_GAP = 3.0
QUIET_SECONDS = 300.0
"""How long the end is waited for: longer than the leases and the pauses after failures together."""

PAGES_SECONDS = 90.0

SWEEP_SECONDS = 35
"""How soon after it falls due the digest is surely owed."""

_REMARK = re.compile(r"(remark \d+) on it")


def soak(name: str, plan: Plan, trouble: Sequence[Trouble]) -> list[Ledger]:
    """Run it and draw up the ledger of each team."""
    with ExitStack() as closing:
        folder = plan.keep
        if folder is None:
            folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="fusen-soak-")))
        folder.mkdir(parents=True, exist_ok=True)
        around = closing.enter_context(around_all(plan, folder))
        with ThreadPoolExecutor(len(plan.teams)) as together:
            places = [folder / team if len(plan.teams) > 1 else folder for team in plan.teams]
            plans = [replace(plan, seed=plan.seed + number) for number in range(len(plan.teams))]
            live = partial(_live, name, trouble=trouble, around=around)
            return list(together.map(live, plans, plan.teams, places))


def _live(name: str, plan: Plan, team: str, folder: Path, trouble: Sequence[Trouble], around: Around) -> Ledger:
    """One team's part in it."""
    began = time.monotonic()
    with set_scene(plan, team, folder, around) as scene:
        talk = conversation(plan.seed, plan.events)
        at_work = (*trouble, _react_at_once)
        makers = [threading.Thread(target=_make, args=(one, scene), name=one.__name__) for one in at_work]
        for maker in makers:
            maker.start()
        try:
            stamps = _say(scene, talk.deeds)
        finally:
            scene.over.set()
            for maker in makers:
                maker.join()
        wanted = expected(talk.deeds, stamps)
        said_after = time.monotonic() - began
        left = _wait_until_quiet(scene)
        quiet_after = time.monotonic() - began
        wrongly = [
            paper for paper in findings.stored(scene.database, scene.team).missing if paper not in scene.unknown
        ]
        if scene.unknown:
            findings.let_an_hour_pass(scene.database)
            left = _wait_until_quiet(scene)
        took = time.monotonic() - began
        kind = "PostgreSQL" if plan.database == "postgresql" else "SQLite"
        title = f"{name}, {team}" if len(plan.teams) > 1 else name
        ledger = Ledger(
            f"{title}: {kind}, {plan.processes} process(es), seed {plan.seed}, {plan.events} events, {took:.0f} s"
        )
        ledger.none("trouble that could not be made", scene.failed)
        _account(ledger, scene, wanted, left)
        ledger.none("papers wrongly taken for missing", wrongly)
        if scene.unknown:
            ledger.fact(f"papers that arXiv did not know at first: {len(scene.unknown)}")
        _pages(ledger, scene, talk, wanted)
        ledger.fact(
            f"all was said after {said_after:.0f} s, done after {quiet_after:.0f} s, "
            f"on the pages after {time.monotonic() - began:.0f} s"
        )
        asked = _ask_around(scene)
        scene.processes.stop()
        _privacy(ledger, scene, talk, asked)
        _facts(ledger, scene)
    return ledger


def _make(trouble: Trouble, scene: Scene) -> None:
    try:
        trouble(scene)
    except Exception as error:  # noqa: BLE001 # whatever it was, the ledger must tell that there was less trouble than it seems
        scene.failed.append(f"{trouble.__name__}: {error!r}")


def _say(scene: Scene, deeds: Sequence[Deed]) -> list[str]:
    """Let people do it all, at an even pace. Returns the time stamps of the messages."""
    stamps: list[str] = []
    began, pace = time.monotonic(), scene.plan.seconds / len(deeds)
    for number, deed in enumerate(deeds):
        time.sleep(max(0.0, began + number * pace - time.monotonic()))
        stamps.append(_do(scene.slack, deed, stamps))
    return stamps


def _do(slack: Driver, deed: Deed, stamps: Sequence[str]) -> str:
    where = {"member": deed.member, "channel": deed.channel}
    if deed.kind in (Kind.EDIT, Kind.DELETE):
        told = slack.post(deed.kind.value, **where, ts=stamps[deed.on], text=deed.text)
    else:
        thread = stamps[deed.on] if deed.on >= 0 else ""
        told = slack.post("say", **where, text=deed.text, thread_ts=thread)
    assert told["ok"], (deed, told)
    return str(told.get("ts", ""))


def _react_at_once(scene: Scene) -> None:
    """Aiko says to every post that she reads its paper, before Fusen can know that it stands in Slack."""
    heard: set[str] = set()
    while not scene.over.is_set():
        try:
            channel, ts, thread = scene.watcher.posts.get(timeout=0.2)
        except Empty:
            continue
        if ts not in heard:
            told = scene.slack.post("react", member=AIKO, channel=channel, ts=ts, name="eyes")
            if told["ok"]:
                scene.reacted.add((channel, thread))
                scene.told["reactions to what had just been posted"] += 1
        heard.add(ts)


def _wait_until_quiet(scene: Scene) -> dict[str, int]:
    """Wait until nothing is left to do. Returns what is left all the same."""

    def quiet() -> bool:
        return not findings.unfinished(scene.database, scene.team) and not scene.slack.state()["pending_events"]

    time.sleep(max(0.0, (scene.digest_due - datetime.now(UTC)).total_seconds() + SWEEP_SECONDS))
    before = math.inf
    while True:
        if until(quiet, QUIET_SECONDS):
            time.sleep(2)
            if quiet():
                break
            continue
        left = sum(findings.unfinished(scene.database, scene.team).values())
        if left >= before:
            break  # a busy machine is slow; but nothing gets done any more
        before = left
    return findings.unfinished(scene.database, scene.team)


def _account(ledger: Ledger, scene: Scene, wanted: Expected, left: dict[str, int]) -> None:
    state, there = scene.slack.state(), findings.stored(scene.database, scene.team)
    said = findings.said(scene.slack)
    reactions = scene.told["reactions to what had just been posted"]
    ledger.count("events stored", wanted.stored + reactions, there.events)
    ledger.none("events that Slack gave up", state["given_up_events"])
    ledger.none("events that Slack still holds", state["pending_events"])
    ledger.none("events given up", there.given_up)
    ledger.none("work left undone", [f"{number} {what}" for what, number in left.items()])
    ledger.compare("notes", wanted.notes, [one for one in there.notes if one not in wanted.taken_back])
    ledger.compare("shares", wanted.shares, there.shares)
    ledger.compare("comments", wanted.comments, there.comments)
    ledger.compare("tags", wanted.tags, there.tags)
    papers = {(channel, ts): paper for channel, ts, paper in wanted.shares}
    read = {(papers[at], at[0]) for at in scene.reacted if at in papers}
    ledger.compare("papers that Aiko reads", read, [one for one in there.claims if one in read])
    answers = [(one.channel, one.thread) for one in said if one.key.startswith("share:")]
    ledger.compare("cards and seen lines", wanted.answered, [one for one in answers if one not in wanted.free])
    ledger.compare("papers with a card, each one", wanted.simple, [p for p in there.cards if p in wanted.simple])
    keys = Counter(one.key for one in said if one.key)
    ledger.none("posts made twice", (keys - Counter(set(keys))).elements())
    ledger.none("posts without identity", [one.text[:60] for one in said if not one.key])
    ledger.count("digests", 1, sum(one.key.startswith("digest:") for one in said))
    bare = [one.key for one in said if one.key in there.card_keys and "for study" not in one.text]
    ledger.none("cards without their paper's details", bare)
    ledger.none("papers missing in the end", there.missing)
    ledger.none("papers without details", [paper for paper in there.unread if paper not in there.missing])
    seen = sum(one.key.startswith("share:") for one in said) - len(there.cards)
    ledger.fact(f"of these {len(there.cards)} cards and {seen} seen lines")
    if scene.plan.apart:
        ledger.compare("promises to people who asked", scene.promised, scene.promised & there.promises)
        ledger.fact(f"done though nobody could be told: {len(there.promises - scene.promised)} commands")
        ledger.none("commands that broke", scene.unclear)
    ledger.none("complaints of Slack", [f"{one}" for one in state["complaints"]])
    gaps = scene.arxiv.gaps()
    ledger.none("requests to arXiv too close together", [f"{gap:.3f} s" for gap in gaps if gap < LEAST_GAP])
    ledger.count("requests to arXiv at once", 1, scene.arxiv.most_active())
    again = findings.asked_again([hit.ids for hit in scene.arxiv.log])
    ledger.fact(
        f"arXiv: {len(scene.arxiv.log)} requests, smallest gap {min(gaps, default=0):.2f} s, "
        f"{again} ids asked for again"
    )


def _pages(ledger: Ledger, scene: Scene, talk: Conversation, wanted: Expected) -> None:
    """Each process has pages of its own; all of them must come to say the same."""
    folders = [folder / "var" / "pages" for folder in scene.processes.folders]

    def lacking(folder: Path) -> list[str]:
        shown = findings.published(folder)
        return [text for text in wanted.published if text not in shown]

    def left_over(folder: Path) -> list[str]:
        shown = findings.published(folder)
        return [paper for paper in wanted.unpublished if f"study {paper}" in shown]

    until(lambda: not any(lacking(one) or left_over(one) for one in folders), PAGES_SECONDS)
    number = len(folders)
    found = [t for folder in folders for t in wanted.published - set(lacking(folder))]
    ledger.compare("papers and comments on the pages", [*wanted.published] * number, found)
    shown = [findings.published(folder) for folder in folders]
    ledger.none("what is private on the pages", [f for page in shown for f in talk.forbidden("").findall(page)])
    ledger.none("papers on the pages that are not public", [paper for one in folders for paper in left_over(one)])
    own = {deed.text.partition(" on it")[0] for deed in talk.deeds if deed.kind is Kind.REPLY}
    said = {remark for page in shown for remark in _REMARK.findall(page)}
    ledger.none("what other teams said on the pages", said - own)


def _ask_around(scene: Scene) -> list[tuple[str, str]]:
    """Search and open Home as several people. Returns what was shown, and in which place."""
    shown = []
    for member, channel in ((BEN, PAPERS), (BEN, "D0000000BEN"), ("aiko", PAPERS), ("aiko", LAB)):
        for text in (f"/note search {PROBE}", "/note list", "/note digest"):
            told = scene.slack.post("command", member=member, channel=channel, text=text)
            shown.append((channel, str(told.get("answer", told))))
    scene.slack.post("home/open", member=BEN, tab="home")
    until(lambda: scene.slack.views(BEN)["home"], 30)
    shown.append(("D0000000BEN", str(scene.slack.views(BEN)["home"])))
    return shown


def _privacy(ledger: Ledger, scene: Scene, talk: Conversation, asked: Sequence[tuple[str, str]]) -> None:
    heard = list(scene.processes.logs())
    ledger.none("what is private in logs", [f for log in heard for f in talk.forbidden("").findall(log)])
    ledger.none("tokens in logs", ["a token" for log in heard if "xoxb-" in log or "xapp-" in log])
    for what, told in (
        ("what is private told elsewhere", [(one.channel, one.text) for one in findings.said(scene.slack)]),
        ("what is private in search, list, digest, Home", asked),
    ):
        found = [(place, one) for place, text in told for one in talk.forbidden(place).findall(text)]
        ledger.none(what, found)
    own = sum(bool(talk.forbidden("").search(text)) for place, text in asked if place == LAB)
    ledger.count("searches that found what they may", 1, min(own, 1))
    if scene.plan.apart:
        ledger.none("errors that nobody foresaw", findings.errors(heard).elements())
        ledger.fact(f"events not acknowledged because they could not be stored: {findings.not_stored(heard)}")
    for sentence, number in findings.errors(heard).most_common(8):
        ledger.fact(f"logged {number} times: {sentence}")


def _facts(ledger: Ledger, scene: Scene) -> None:
    if scene.processes.kills:
        ledger.fact(f"kills: {scene.processes.kills}")
    for what, number in scene.told.items():
        ledger.fact(f"{what}: {number}")
    for code, number in scene.processes.ended.items():
        ledger.fact(f"processes that ended by themselves with {code}: {number}")
