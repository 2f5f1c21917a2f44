"""Consumers that do not read, or not fast enough: they are cut off, and nobody else notices."""

import json
import socket

import pytest

from client import Client
from daemon import wait_until
from storm import UNLIMITED, Storm, publish, raw_subscriber
from wire import CLOSE


def stalled_subscriber(daemon):
    """A subscriber that reads its answer, and then no more."""
    return raw_subscriber(daemon, "app.slow", receive_buffer=4_096)


def outcome(peer):
    """How the hub ended a connection: a close code or a reset."""
    try:
        while True:
            opcode, payload = peer.frame()
            if opcode == CLOSE:
                return int.from_bytes(payload[:2], "big")
    except (ConnectionError, EOFError):
        return "reset"


def test_a_consumer_that_never_reads_is_cut_off_and_the_others_get_everything(make_daemon):
    daemon = make_daemon(config={"limits": UNLIMITED}, arguments=["--loops", "2"])
    readers = [Client(daemon.url) for _ in range(20)]
    feeds = [reader.subscribe("app.slow") for reader in readers]
    stalled = [stalled_subscriber(daemon) for _ in range(2)]
    before = daemon.metrics()["omnihub_slow_consumers_total"]
    text, count = "x" * 16_384, 600
    with Client(daemon.url) as publisher:
        publish(publisher, "app.warm", [text] * 100)
        daemon.reset_peak_rss()
        rss = daemon.rss
        for start in range(0, count, 20):
            publish(publisher, "app.slow", [[number, text] for number in range(start, start + 20)])
            for feed in feeds:
                for _ in range(20):
                    feed.next()
    for feed in feeds:
        assert [event["data"][0] for event in feed.seen] == list(range(count))
        feed.client.close()
    wait_until(
        lambda: daemon.metrics()["omnihub_slow_consumers_total"] == before + len(stalled),
        what="all that do not read are cut off",
    )
    for peer in stalled:
        assert outcome(peer) in (4001, "reset")
        peer.__exit__()
    grown = daemon.peak_rss - rss
    assert grown < 16 << 20, f"memory grew by {grown} bytes"


def test_a_consumer_without_progress_is_cut_off_in_time(make_daemon):
    """Too little waits for a limit of bytes; the time ends it."""
    daemon = make_daemon(
        config={
            "limits": UNLIMITED | {"maxOutboundBytes": 1 << 30},
            "channels": {"historySize": 100_000, "historyBytes": 1 << 28},
            "timeouts": {"writeMs": 300},
        }
    )
    stalled = stalled_subscriber(daemon)
    feed = Client(daemon.url).subscribe("app.slow")
    with Client(daemon.url) as publisher:
        text = "x" * 65_536
        while daemon.metrics()["omnihub_slow_consumers_total"] == 0:
            publish(publisher, "app.slow", [text])
            feed.next()
            assert feed.offset < 2_000
    assert outcome(stalled) in (4001, "reset")


def test_a_consumer_that_was_cut_off_recovers(make_daemon):
    daemon = make_daemon(
        config={
            "limits": UNLIMITED | {"maxOutboundBytes": 65_536},
            "channels": {"historySize": 100_000, "historyBytes": 1 << 28, "answerBytes": 65_536},
            "runtime": {"statePageBytes": 65_536},
        }
    )
    with Client(daemon.url) as publisher:
        peer = stalled_subscriber(daemon)
        count = 0
        while daemon.metrics()["omnihub_slow_consumers_total"] == 0:
            numbers = range(count, count + 10)
            publish(publisher, "app.slow", [[number, "x" * 20_000] for number in numbers])
            count += 10
        # It reads what had been sent, learns why it ended, and goes on from there.
        last = 0
        try:
            while True:
                opcode, payload = peer.frame()
                if opcode == CLOSE:
                    assert int.from_bytes(payload[:2], "big") == 4001
                    break
                event = json.loads(payload)["params"]
                assert event["offset"] == last + 1
                last = event["offset"]
        except (ConnectionError, EOFError):
            pass
        peer.__exit__()
        assert last < count
        epoch = publisher.call("hub.history", channel="app.slow", limit=0)["epoch"]
        feed = publisher.subscribe("app.slow", since={"epoch": epoch, "offset": last})
        assert feed.answer["recovered"] is True
        while feed.offset < count:
            feed.next()
        assert [event["data"][0] for event in feed.seen] == list(range(last, count))


@pytest.mark.parametrize("kept", [0, 3])
def test_a_slow_consumer_of_a_short_channel_never_gets_a_broken_message(make_daemon, kept):
    """What is forgotten in the middle of a message must not be made up for by other bytes."""
    daemon = make_daemon(
        config={"limits": UNLIMITED, "channels": {"historySize": kept}},
        arguments=["--loops", "2"],
    )
    text = "x" * 30_000
    with Storm(daemon.url, "app.slow", data=lambda number: [number, text]) as storm:
        for _ in range(4):
            peer = raw_subscriber(daemon, "app.slow", receive_buffer=4_096)
            begun = daemon.metrics()["omnihub_slow_consumers_total"]
            wait_until(lambda: daemon.metrics()["omnihub_slow_consumers_total"] > begun)
            last = None
            try:
                while True:
                    opcode, payload = peer.frame()
                    if opcode == CLOSE:
                        break
                    event = json.loads(payload)["params"]
                    assert event["data"] == [event["offset"] - 1, text]
                    assert last is None or event["offset"] == last + 1
                    last = event["offset"]
            except (ConnectionError, EOFError):
                # It may end within a message, which nothing else then pretends to be the rest of.
                assert b"too slow" not in peer.buffer
            peer.__exit__()
        assert not storm.failure


def test_a_client_that_vanishes_leaves_no_subscription(shared, client):
    def subscriptions():
        return shared.metrics()["omnihub_subscriptions"]

    wait_until(lambda: subscriptions() == 0, what="earlier tests have left")
    other = Client(shared.url)
    for index in range(50):
        other.subscribe(f"app.vanish-{index}")
    for name in ("tasks", "agents"):
        other.submit("hub.subscribe", channel=name, state=True)
    other.socket.socket.shutdown(socket.SHUT_RDWR)
    wait_until(lambda: subscriptions() == 0, what="nothing of it is left")
    assert publish(client, "app.vanish-1", [1])[0]["offset"] == 1


def test_the_histories_of_all_channels_stay_within_their_budget(make_daemon):
    budget = 4 << 20
    daemon = make_daemon(
        config={"channels": {"memoryBytes": budget}, "limits": {"commandsPerSecond": 0}}
    )
    with Client(daemon.url) as client:
        feed = client.subscribe("app.budget-0")
        for number in range(100):
            publish(client, f"app.budget-{number}", ["x" * 10_000] * 40)
        wait_until(
            lambda: daemon.metrics()["omnihub_channel_memory_bytes"] <= budget,
            what="old history is given up",
        )
        while feed.offset < 40:
            feed.next()
        publish(client, "app.budget-0", ["still served"])
        assert feed.next()["data"] == "still served"
        answer = client.call(
            "hub.history", channel="app.budget-1", since={"epoch": "x", "offset": 0}
        )
        assert answer["recovered"] is False
