"""What goes wrong between machines: a host is cut off without a word, from everything or from the database."""

from __future__ import annotations

import time
from itertools import cycle

from soak.scene import Scene

SECONDS = (60.0, 15.0, 40.0, 25.0)
"""How long a host is cut off, in turn: shorter and longer than the leases, and than what the sockets bear."""

PAUSE = (3.0, 10.0)
ONLY_DATABASE = 0.4


def cut_hosts_off(scene: Scene) -> None:
    """Cut one host off after the other. Other than a killed process, it lives on and believes what it believed."""
    random, network, told = scene.random, scene.network, scene.told
    numbers = cycle(random.sample(range(scene.plan.processes), scene.plan.processes))
    for number, seconds in zip(numbers, cycle(SECONDS), strict=False):
        if scene.over.wait(random.uniform(*PAUSE)):
            return
        only_database = seconds != max(SECONDS) and random.random() < ONLY_DATABASE
        _in_the_midst_of_it(scene)
        began = time.monotonic()
        network.cut(number, only_database)
        if network.reaches_database(number):
            raise RuntimeError("the cut cuts nothing")
        # What people have said all is waited for after the cable is mended.
        scene.over.wait(seconds)
        network.mend(number)
        told["cut off from the database" if only_database else "cut off from everything"] += 1
        told["seconds cut off"] += round(time.monotonic() - began)


def _in_the_midst_of_it(scene: Scene) -> None:
    """Wait until something was just posted: then a host is likely to be at work."""
    scene.watcher.posted.clear()
    scene.watcher.posted.wait(3.0)
