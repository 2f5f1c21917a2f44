"""Loops that are always busy: they take new connections, forget what is old, and rest at last."""

import os
import time

import pytest

from client import Client
from storm import Storm
from wire import Peer


@pytest.fixture
def daemon(make_daemon):
    config = {"limits": {"commandsPerSecond": 0}, "channels": {"historySize": 100}}
    return make_daemon(config=config, arguments=["--loops", "2"])


def test_new_connections_are_served_while_all_loops_are_busy(daemon):
    """A connection that is handed to a loop which is awake must not wait for its next wake-up."""
    with Storm(daemon.url, "app.one"), Storm(daemon.url, "app.other"):
        for _ in range(300):
            start = time.monotonic()
            with Peer(daemon.port) as peer:
                peer.send(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert peer.response().status == 200
            assert time.monotonic() - start < 5


def test_loops_rest_when_there_is_nothing_to_do(daemon):
    with Storm(daemon.url, "app.one"), Storm(daemon.url, "app.other"):
        for _ in range(50):
            Client(daemon.url).close()

    def processor_time():
        with open(f"/proc/{daemon.process.pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    with Client(daemon.url) as client:
        client.call("session.ping")
        before = processor_time()
        # Nothing is sent, so nothing comes: the timeout is what is measured over.
        with pytest.raises(TimeoutError):
            client.receive(1)
        assert processor_time() - before < 0.2, "a loop spins"


def test_a_storm_on_two_loops_keeps_no_more_than_is_configured(daemon):
    feeds = [Client(daemon.url).subscribe("app.storm") for _ in range(4)]
    publishers = [Client(daemon.url) for _ in range(4)]
    kept = []
    for turn in range(60):
        keys = [
            (client, client.submit("hub.publish", channel="app.storm", data="x" * 1_000))
            for _ in range(10)
            for client in publishers
        ]
        for client, key in keys:
            client.answer(key)
        for feed in feeds:
            while feed.offset < 40 * (turn + 1):
                feed.next()
        (channel,) = publishers[0].call("hub.channels", prefix="app.storm")["channels"]
        kept.append(channel["keptBytes"])
    assert max(kept) < 300_000, kept
    for connection in [*publishers, *(feed.client for feed in feeds)]:
        connection.close()
