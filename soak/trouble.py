"""What goes wrong during a soak: processes are killed, Slack has a bad day, arXiv has one."""

from __future__ import annotations

import time
from itertools import cycle
from random import Random

from arxiv_server import Behaviour, Visit, cut, drip, good, hang, hang_up, html, late, overclaim, status
from playground_driving import APP_TOKEN, BOT_TOKEN, Driver

from soak import findings
from soak.conversation import PUBLIC
from soak.scene import Scene, until

MOST_PAUSE = 1.0
"""Seconds until a killed process comes back."""

AFTER_A_POST, ALL_AT_ONCE = 0.4, 0.1
"""How many of the kills fall just after a post appeared in Slack, and how many fall on all processes."""

POST_SECONDS = 3.0
"""How long a post is waited for."""


def kill(scene: Scene) -> None:
    """Kill processes at random moments: at times just after a post appeared in Slack, at times all at once."""
    random, plan, began = scene.random, scene.plan, time.monotonic()
    moments = sorted(random.uniform(0, plan.seconds) for _ in range(plan.kills))
    while scene.processes.kills < plan.kills:
        # What fell into a process that was down is made up for when people have said all.
        moment = began + moments.pop(0) if moments else time.monotonic() + random.uniform(1, 6)
        time.sleep(max(0.0, moment - time.monotonic()))
        after_a_post = random.random() < AFTER_A_POST
        if after_a_post:
            scene.watcher.posted.clear()
            after_a_post = scene.watcher.posted.wait(POST_SECONDS)
        scene.told["kills just after a post"] += _kill(scene) * after_a_post


def _kill(scene: Scene) -> int:
    random, numbers = scene.random, range(scene.plan.processes)
    chosen = numbers if random.random() < ALL_AT_ONCE else [random.choice(numbers)]
    return sum(scene.processes.kill(number, random.uniform(0, MOST_PAUSE)) for number in chosen)


DELIVERIES, LATE_SECONDS = 4, 20.0
"""Slack tells each event once to so often, each time up to so late."""

MEETING_SECONDS = 30.0
"""For so long Slack behaves until Fusen knows what the channels are."""

_REFUSALS = ("429", "500", "cut", "slow", "hang")
_METHODS = ("chat.postMessage", "chat.postMessage", "chat.update", "conversations.replies", "users.info", "*")
_TOO_SLOW = 12.0
"""Seconds that Slack takes for an answer: longer than Fusen waits for one."""


def slack_has_a_bad_day(scene: Scene) -> None:
    """Events come often, late and in any order; calls fail in every way; sockets end; tokens stop working."""
    random, slack, told = scene.random, scene.slack, scene.told
    # What is shared in a channel of which Slack could not yet say that it is public is seen before nowhere else.
    until(lambda: findings.is_known(scene.database, PUBLIC, scene.team) or scene.over.is_set(), MEETING_SECONDS)
    slack.post("misbehave", deliver_up_to=DELIVERIES, seconds=LATE_SECONDS, seed=scene.plan.seed)
    deeds = (_refuse, _refuse, _refuse, _lose_acks, _disconnect, _limit, _revoke, _restart_while_revoked)
    for deed in cycle(random.sample(deeds, len(deeds))):
        if scene.over.wait(random.uniform(1, 4)):
            break
        told[deed(scene, random, slack)] += 1
    slack.post("misbehave", reset=True)


def _refuse(_scene: Scene, random: Random, slack: Driver) -> str:
    how, method = random.choice(_REFUSALS), random.choice(_METHODS)
    seconds = _TOO_SLOW if how in ("slow", "hang") else random.uniform(1, 4)
    slack.post("misbehave", method=method, how=how, times=random.randint(1, 4), seconds=seconds)
    return f"ordered of Slack: {how}"


def _lose_acks(_scene: Scene, random: Random, slack: Driver) -> str:
    slack.post("misbehave", lose_acks=random.randint(1, 5))
    return "ordered of Slack: acknowledgements lost"


def _disconnect(_scene: Scene, random: Random, slack: Driver) -> str:
    reason = random.choice(("warning", "refresh_requested", "link_disabled", ""))
    slack.post("disconnect", reason=reason, hard=not reason)
    return "sockets ended"


def _limit(_scene: Scene, _random: Random, slack: Driver) -> str:
    slack.post("rate_limited")
    return "told of app_rate_limited"


def _revoke(_scene: Scene, random: Random, slack: Driver) -> str:
    token = random.choice((BOT_TOKEN, BOT_TOKEN, APP_TOKEN))
    slack.post("revoke", token=token)
    if token == APP_TOKEN:
        slack.post("disconnect", hard=True)
    time.sleep(random.uniform(2, 5))
    slack.post("restore", token=token)
    return "tokens revoked and restored"


def _restart_while_revoked(scene: Scene, random: Random, slack: Driver) -> str:
    scene.processes.kill(random.randrange(scene.plan.processes), random.uniform(0, 2))
    time.sleep(random.uniform(0, 4))
    slack.post("revoke", token=BOT_TOKEN)
    time.sleep(random.uniform(2, 5))
    slack.post("restore", token=BOT_TOKEN)
    return "processes killed before the token was revoked"


_UNKNOWN = 0.15
"""How many of the papers arXiv does not know at first."""


def arxiv_has_a_bad_day(scene: Scene) -> None:
    """The papers' source is down, throttles, answers rubbish or drop by drop, and does not know new papers."""
    random, arxiv = scene.random, scene.arxiv
    arxiv.usual = _forgetful(scene)
    storms: dict[str, list[Behaviour]] = {
        "down": [status(503), status(500), hang_up],
        "429 storm": [status(429, b"Rate exceeded.", Retry_After="4"), status(429, b"Rate exceeded.")],
        "wrong bodies": [html, cut(), overclaim()],
        "slow bodies": [late(6), drip, late(15)],
        "no answer": [hang],
    }
    names = cycle(random.sample(sorted(storms), len(storms)))
    done = 0
    while not scene.over.wait(0.2):
        # After a storm comes an answer, or the pauses grow to a quarter of an hour.
        if len(arxiv.log) > done:
            name = next(names)
            storm = storms[name][: random.randint(1, 3)]
            done = len(arxiv.log) + len(storm)
            arxiv.misbehave(*storm)
            scene.told[f"ordered of arXiv: {name}"] += 1
    arxiv.usual = good


def _forgetful(scene: Scene) -> Behaviour:
    """As usual, but some papers are not known the first time that they are asked for."""
    asked: set[str] = set()

    def behave(visit: Visit) -> None:
        new = [one for one in visit.ids if one not in asked]
        asked.update(new)
        unknown = {one for one in new if scene.random.random() < _UNKNOWN}
        scene.unknown.update(unknown)
        visit.server.unknown |= unknown
        try:
            good(visit)
        finally:
            visit.server.unknown -= unknown

    return behave
