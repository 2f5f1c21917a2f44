"""A disk that gets full: commands are refused, the rest goes on, and so do commands afterwards."""

import json
import os
import signal
import urllib.error
import urllib.request

from client import Client, Failure
from daemon import wait_until
from history import History, check_restart
from test_syscalls import children

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


def outage(client, feed):
    """Takes notifications until an outage, or its end, was told in both ways."""
    told, event = None, None
    while not (told and event):
        message = client.notification(60)
        if message["method"] == "hub.storage":
            told = message["params"]
        elif message["method"] == "hub.event":
            place = feed.take(message["params"])["event"]
            if place["type"] in ("system.degraded", "system.recovered"):
                event = place
    return told, event


def test_an_outage_is_told_while_it_lasts_and_kept(small_disk, make_hub):
    history = History()
    ballast = small_disk / "ballast"
    # One segment, so that what is reserved stays good for the event.
    hub = make_hub(small_disk / "hub", config={"journal": {"reservationBytes": 1 << 20}}).start()
    with Client(hub.url) as client, Client(hub.url) as watcher:
        feed = watcher.subscribe("system")
        take_room(ballast)
        refused = fill(client, history)
        told, degraded = outage(watcher, feed)
        assert told["available"] is False and "No space left" in told["reason"]
        assert degraded["type"] == "system.degraded" and degraded["severity"] == "CRITICAL"
        assert degraded["data"] == {"reason": told["reason"], "since": told["since"]}
        # It is on the full disk already, and the disk is full still.
        newest = watcher.call("hub.history", channel="system", limit=1)
        assert newest["events"][0]["event"] == degraded
        assert hub.metrics()["omnihub_storage_available"] == 0 or health(hub)[0] == 503
        ballast.unlink()
        told, recovered = outage(watcher, feed)
        assert told == {"available": True, "since": degraded["data"]["since"]}
        assert recovered["type"] == "system.recovered"
        assert recovered["data"]["since"] == told["since"] and recovered["data"]["durationMs"] >= 0
        assert history.call(client, refused)
        history.check(client)
        seen = [place["event"] for place in feed.seen]
    hub.kill()
    hub.start()
    with Client(hub.url) as client:
        # That the hub was started again may be there already, or not yet.
        places = client.call("hub.history", channel="system", limit=1_000)["events"]
        past = [place["event"] for place in places]
        start = past.index(seen[0])
        assert past[start : start + len(seen)] == seen
        assert [event["type"] for event in past[start + len(seen) :]] in ([], ["system.started"])
        history.check(client)
    assert hub.stop() == 0


def test_a_read_only_disk_refuses_changes_and_nothing_else(tmp_path, strace, make_hub):
    """Of the calls that look whether the folder can be written, a few find that it cannot."""
    hub = make_hub(tmp_path / "hub")
    calls = "?access,?faccessat,?faccessat2"
    hub.options["wrapper"] = [
        *(strace, "-f", "--seccomp-bpf", "-o", str(tmp_path / "strace.log")),
        *("-P", str(hub.state / "journal"), "-e", f"trace={calls}"),
        *("-e", f"inject={calls}:error=EROFS:when=100..105"),
    ]
    hub.start()
    history = History()
    with Client(hub.url) as client, Client(hub.url) as watcher:
        feed = watcher.subscribe("system")
        refused = fill(client, history)
        # While it lasts, or right after it: reading never fails.
        task = next(iter(history.acknowledged.values()))["id"]
        assert watcher.call("tasks.get", id=task)["id"] == task
        told, degraded = outage(watcher, feed)
        assert told["available"] is False and "Read-only file system" in told["reason"]
        told, recovered = outage(watcher, feed)
        assert told["available"] is True
        assert recovered["data"]["since"] == degraded["data"]["since"]
        wait_until(lambda: history.call(client, refused), seconds=60, what="the return of storage")
        history.check(client)
    # The hub, and not its tracer.
    for child in children(hub.process.pid):
        os.kill(child, signal.SIGTERM)
    assert hub.process.wait(60) == 0
    check_restart(tmp_path / "hub", history)
