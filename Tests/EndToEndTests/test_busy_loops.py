"""Loops that are always busy: they take new connections, forget what is old, and rest at last."""

import json
import socket
import threading

import pytest

from client import Client
from daemon import wait_until
from storm import UNLIMITED, Storm, raw_subscriber
from watch import processor_time
from wire import TEXT, Peer, frame


@pytest.fixture
def daemon(make_daemon):
    config = {"limits": UNLIMITED, "channels": {"historySize": 100}}
    return make_daemon(config=config, arguments=["--loops", "2"])


def test_a_connection_is_served_by_a_loop_that_was_awake_when_it_came(daemon):
    """It must not wait for the next wake-up of its loop, which may never come."""
    with Client(daemon.url) as publisher, Client(daemon.url) as client:
        feed = client.subscribe("app.large")
        for _ in range(100):
            key = publisher.submit("hub.publish", channel="app.large", data="x" * 100_000)
            # One of them comes to the loop that serves the subscriber.
            with Peer(daemon.port) as one, Peer(daemon.port) as other:
                for peer in (one, other):
                    peer.socket.settimeout(5)
                    peer.send(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    assert peer.response().status == 200
            publisher.answer(key)
            feed.next()


def test_loops_rest_when_there_is_nothing_to_do(daemon):
    with Storm(daemon.url, "app.one"), Storm(daemon.url, "app.other"):
        for _ in range(50):
            Client(daemon.url).close()

    with Client(daemon.url) as client:
        client.call("session.ping")
        before = processor_time(daemon.process.pid)
        # Nothing is sent, so nothing comes: the timeout is what is measured over.
        with pytest.raises(TimeoutError):
            client.receive(1)
        assert processor_time(daemon.process.pid) - before < 0.2, "a loop spins"


def test_a_storm_on_two_loops_keeps_no_more_than_is_configured(daemon):
    """A loop is always about to take something; what both have taken is forgotten all the same."""
    subscribers = [raw_subscriber(daemon, "app.storm") for _ in range(4)]
    publishers = [Peer.websocket(daemon.port) for _ in range(4)]
    ended = threading.Event()

    def read(peer):
        while peer.socket.recv(1 << 20):
            pass

    def publish(peer):
        params = {"channel": "app.storm", "data": "x" * 100}
        request = {"jsonrpc": "2.0", "method": "hub.publish", "params": params}
        while not ended.is_set():
            peer.send(frame(TEXT, json.dumps(request).encode()) * 50)

    threads = [threading.Thread(target=publish, args=[peer]) for peer in publishers]
    threads += [threading.Thread(target=read, args=[peer]) for peer in subscribers]
    for thread in threads:
        thread.start()
    with Client(daemon.url) as client:

        def channel():
            return client.call("hub.channels", prefix="app.storm")["channels"][0]

        try:
            wait_until(lambda: channel()["offset"] > 100_000, 60, "100,000 publications")
            kept = channel()["keptBytes"]
        finally:
            ended.set()
            for peer in subscribers:
                peer.socket.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join(20)
    # 100 publications, and those that came while the loops had their turns.
    assert kept < 8 << 20
