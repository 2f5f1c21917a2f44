"""The power is cut while the hub works: what it acknowledged is on the disk."""

import signal

import pytest

from client import Client
from history import History, check_restart
from test_kills import CONFIG, load


@pytest.mark.timeout(3600)
def test_a_hub_that_loses_power_loses_nothing_else(make_disk, make_hub, is_long):
    cuts = 50 if is_long else 3
    torn = acknowledged = 0
    for number in range(cuts):
        disk = make_disk()
        history = History(seed=number)
        hub = make_hub(disk.path / "hub", config=CONFIG).start()
        with Client(hub.url) as client:
            goal = history.random.randrange(1, 150)
            load(client, history, lambda: len(history.acknowledged) >= goal)
            disk.cut_power()
            # What is on its way was not acknowledged before the cut, and may be lost.
            assert hub.process.end(signal.SIGKILL) in (-signal.SIGKILL, 74)
            hub.process.check_for_crash()
        disk.unmount()
        disk.mount()
        check_restart(disk.path / "hub", history, config=CONFIG)
        torn += len(list(hub.state.glob("journal/*.torn-*")))
        acknowledged += len(history.acknowledged)
        disk.unmount()
    print(f"{cuts} cuts, {acknowledged} acknowledged commands, {torn} unfinished commits")
