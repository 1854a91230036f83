"""What goes wrong during a soak: processes killed."""

from __future__ import annotations

import time

from soak.run import Scene

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
