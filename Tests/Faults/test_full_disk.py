"""A disk that gets full: commands are refused, the rest goes on, and so do commands afterwards."""

import json
import os
import urllib.error
import urllib.request

from client import Client, Failure
from daemon import wait_until
from history import History, check_restart

CONFIG = {"journal": {"segmentBytes": 1 << 20, "reservationBytes": 1 << 20}}


def health(hub):
    try:
        with urllib.request.urlopen(hub.http + "/health", timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def fill(client, history):
    """Creates tasks until there is no room for one more; returns its key."""
    for _ in range(1_000):
        key = history.create(size=40_000)
        if not history.call(client, key):
            return key
    raise AssertionError("the disk does not get full")


def take_room(ballast):
    """Leaves half a mebibyte."""
    room = os.statvfs(ballast.parent)
    ballast.write_bytes(bytes(max(0, room.f_bavail * room.f_frsize - (512 << 10))))


def test_a_full_disk_refuses_changes_and_nothing_else(small_disk, make_hub, is_long):
    history = History()
    # Freed later on.
    ballast = small_disk / "ballast"
    rounds = 8 if is_long else 2
    hub = make_hub(small_disk / "hub", config=CONFIG).start()
    with Client(hub.url) as client, Client(hub.url) as reader:
        for number in range(rounds):
            take_room(ballast)
            refused = fill(client, history)
            status, body = health(hub)
            assert status == 503 and body["services"]["journal"] == "degraded"
            # Reading and publishing go on.
            acknowledged = next(iter(history.acknowledged.values()))
            assert reader.call("tasks.get", id=acknowledged["id"])["id"] == acknowledged["id"]
            channel = f"app.round{number}"
            feed = reader.subscribe(channel)
            client.call("hub.publish", channel=channel, data={"n": number})
            assert feed.next()["data"] == {"n": number}
            # And by itself everything does, once there is room.
            ballast.unlink()
            wait_until(lambda: history.call(client, refused), what="the return of storage")
            wait_until(lambda: health(hub)[0] == 200, what="health")
        history.check(client)
        take_room(ballast)
        try:
            fill(client, history)
        except Failure as failure:
            raise AssertionError(f"refused in another way: {failure}") from None
        hub.kill()
    # It starts on a full disk or says why not; with room it has everything.
    ballast.unlink()
    check_restart(small_disk / "hub", history, repeat=False, config=CONFIG)
    with_room = make_hub(small_disk / "hub", config=CONFIG).start()
    with Client(with_room.url) as client:
        history.repeat(client, [key for key in history.commands if key not in history.acknowledged])
        history.check(client)
    assert with_room.stop() == 0
