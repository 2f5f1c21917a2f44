"""kill -9 at any moment, again and again, on the same folder."""

import pytest

from client import Client, ConnectionClosed
from history import History, check_restart, verify

# Small segments and frequent snapshots, so that some kills hit these.
CONFIG = {
    "journal": {"segmentBytes": 1 << 20, "reservationBytes": 1 << 20, "retainedRecords": 1_000},
    "snapshots": {"afterEvents": 150},
}
IN_FLIGHT = 32


def load(client, history, until):
    """Keeps commands in flight until `until()` or the end of the hub."""
    requests = {}
    try:
        while not until():
            while len(requests) < IN_FLIGHT:
                key = history.create(size=6_000)
                requests[key] = history.send(client, key)
            key = next(iter(requests))
            assert history.take(client, key, requests.pop(key))
    except ConnectionClosed:
        pass


@pytest.mark.timeout(3600)
def test_a_hub_that_is_killed_again_and_again_loses_and_repeats_nothing(tmp_path, make_hub, is_long):
    history = History(seed=20_260_101)
    hub = make_hub(tmp_path / "hub", config=CONFIG)
    kills = 100 if is_long else 10
    for _ in range(kills):
        hub.start()
        with Client(hub.url) as client:
            unsure = [key for key in history.commands if key not in history.acknowledged]
            history.check(client)
            history.repeat(client, unsure or list(history.commands)[-5:])
            goal = len(history.acknowledged) + history.random.randrange(1, 60)
            load(client, history, lambda: len(history.acknowledged) >= goal)
            hub.kill()
        verify(hub.state)
    assert list((hub.state / "snapshots").iterdir()), "no life has come to a snapshot"
    check_restart(tmp_path / "hub", history, config=CONFIG)
    assert len(history.acknowledged) > 10 * kills
    print(f"{kills} kills, {len(history.acknowledged)} acknowledged commands")
