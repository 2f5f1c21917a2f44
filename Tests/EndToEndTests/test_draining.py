"""A stop announces itself: sessions are told, get a moment to finish, and are closed in turn."""

import json
import selectors
import signal
import socket
import threading
import time

import pytest

from client import Client, ConnectionClosed
from daemon import Process, wait_until
from wire import CLOSE, PING, TEXT, Peer, frame, upgrade

ONE_LOOP = ["--loops", "1"]


def draining_hub(make_daemon, milliseconds, **options):
    return make_daemon(config={"timeouts": {"drainMs": milliseconds}}, **options)


def terminate(daemon):
    daemon.process.process.send_signal(signal.SIGTERM)
    return time.monotonic()


class Leaving(threading.Thread):
    """Reads to the end what comes to a session; when it was told, and closed with what."""

    def __init__(self, peer):
        super().__init__(daemon=True)
        self.peer = peer
        self.told = self.delay = self.closed = self.code = None
        self.start()

    def run(self):
        while self.code is None:
            opcode, payload = self.peer.frame()
            if opcode == CLOSE:
                self.closed = time.monotonic()
                self.code = int.from_bytes(payload[:2], "big")
                self.peer.try_send(frame(CLOSE, payload[:2]))
                self.peer.socket.shutdown(socket.SHUT_WR)
            elif opcode == TEXT and b"session.draining" in payload:
                assert self.told is None, "told twice"
                self.told = time.monotonic()
                self.delay = json.loads(payload)["params"]["reconnectAfterMs"]


def test_sessions_are_told_and_closed_in_turn(make_daemon):
    daemon = draining_hub(make_daemon, 1_500, arguments=["--loops", "2"])
    sessions = [Leaving(Peer.websocket(daemon.port)) for _ in range(60)]
    start = terminate(daemon)
    for session in sessions:
        session.join(20)
    assert daemon.process.wait() == 0
    assert {session.code for session in sessions} == {1012}
    assert all(session.told < session.closed for session in sessions)
    # The moment between the two is at least half of the time; a busy machine shifts both.
    assert min(session.closed for session in sessions) - start >= 0.7
    assert max(session.closed for session in sessions) - start >= 1.4
    assert len({round(session.closed - start, 1) for session in sessions}) >= 4, "not all at once"
    delays = [session.delay for session in sessions]
    # Two loops do not know of each other's.
    assert len(set(delays)) >= 45 and all(250 <= delay <= 520 for delay in delays), delays


def test_sessions_are_served_while_they_drain(make_daemon):
    daemon = draining_hub(make_daemon, 20_000)
    with Client(daemon.url) as client, Client(daemon.url) as other:
        system = other.subscribe("system")
        terminate(daemon)
        assert client.notification()["method"] == "session.draining"
        # Who is subscribed sees it coming, and what is asked is answered.
        system.until(lambda event: event["event"]["type"] == "system.draining")
        # That it has started may be told this late.
        types = [event["event"]["type"] for event in system.seen]
        assert types in (["system.draining"], ["system.started", "system.draining"])
        task = client.call("tasks.create", type="content.analyze", payload={"text": "In time."})
        assert client.call("tasks.wait", id=task["id"])["status"] == "completed"
        assert client.call("hub.publish", channel="app.x", data=1)["offset"] == 1
        # Nobody new comes in.
        with pytest.raises(ConnectionRefusedError):
            Peer(daemon.port)
    # Both have left, so nothing is waited for.
    start = time.monotonic()
    assert daemon.process.wait() == 0
    assert time.monotonic() - start < 10


def test_health_says_that_the_hub_drains(make_daemon):
    daemon = draining_hub(make_daemon, 20_000, arguments=ONE_LOOP)
    with Client(daemon.url) as client, Peer(daemon.port) as probe, Peer(daemon.port) as late:
        request = b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n"
        probe.send(request)
        assert probe.response().status == 200
        terminate(daemon)
        assert client.notification()["method"] == "session.draining"
        probe.send(request)
        answer = probe.response()
        assert answer.status == 503 and answer.fields["connection"] == "close"
        assert json.loads(answer.body)["status"] == "draining"
        late.send(upgrade(daemon.port))
        answer = late.response()
        assert answer.status == 503 and answer.fields["retry-after"]


def test_without_sessions_a_stop_is_immediate(make_daemon):
    daemon = draining_hub(make_daemon, 60_000)
    with Client(daemon.url) as client:
        client.call("session.ping")
    with Peer(daemon.port) as idle:
        idle.send(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert idle.response().status == 200
        start = terminate(daemon)
        assert idle.wait_end() == b""
    assert daemon.process.wait() == 0
    assert time.monotonic() - start < 10


def test_a_drain_of_0_closes_all_at_once(make_daemon):
    daemon = draining_hub(make_daemon, 0)
    sessions = [Leaving(Peer.websocket(daemon.port)) for _ in range(10)]
    start = terminate(daemon)
    for session in sessions:
        session.join(20)
    assert daemon.process.wait() == 0
    assert time.monotonic() - start < 5
    assert {session.code for session in sessions} == {1012}
    assert all(session.delay >= 250 for session in sessions), "told all the same"


def test_a_drain_is_no_longer_than_a_stop_may_take(make_daemon):
    daemon = make_daemon(config={"timeouts": {"drainMs": 60_000, "stopMs": 500}})
    with Client(daemon.url) as client:
        start = terminate(daemon)
        with pytest.raises(ConnectionClosed):
            while True:
                client.receive()
        assert daemon.process.wait() == 0
        assert time.monotonic() - start < 10


def test_watch_comes_back_when_it_was_asked_to(make_daemon):
    daemon = draining_hub(make_daemon, 300)
    daemon.listen = (f"127.0.0.1:{daemon.port}",)
    watch = Process("omnihub", "--url", daemon.url, "watch", "tasks", "--json")
    try:
        wait_until(lambda: daemon.metrics()["omnihub_subscriptions"] == 1, what="it has subscribed")
        assert daemon.stop() == 0
        assert "the hub is about to stop" in watch.stderr.text
        daemon.start()
        assert watch.stderr.wait("connected again")
        with Client(daemon.url) as client:
            task = client.call("tasks.create", type="content.analyze", payload={"text": "Back."})
        assert watch.stdout.wait(task["id"])
    finally:
        watch.end(signal.SIGINT)


# --- heartbeats and pings --------------------------------------------------------------------------


def test_a_browser_hears_from_a_quiet_hub(make_daemon):
    daemon = make_daemon(config={"timeouts": {"pingIntervalMs": 1_000}})
    origin = {"Origin": f"http://127.0.0.1:{daemon.port}"}
    with (
        Client(daemon.url, additional_headers=origin) as browser,
        Client(daemon.url) as program,
    ):
        start = time.monotonic()
        for _ in range(3):
            beat = browser.notification(10)
            assert beat == {"jsonrpc": "2.0", "method": "session.heartbeat", "params": {}}
        # Up to a quarter sooner than the interval, so that not all come together.
        assert 2.1 < time.monotonic() - start < 8
        # What comes anyway is a sign of life, too.
        feed = browser.subscribe("app.busy")
        end = time.monotonic() + 2.5
        while time.monotonic() < end:
            program.call("hub.publish", channel="app.busy", data=1)
            message = browser.notification()
            assert message["method"] == "hub.event"
            feed.take(message["params"])
            # A pace far below the interval, for longer than it.
            time.sleep(0.1)
        # A program sees pings and needs no more.
        with pytest.raises(TimeoutError):
            program.receive(0)


def test_a_silent_client_is_pinged_twice_and_closed(make_daemon):
    daemon = make_daemon(config={"timeouts": {"pingIntervalMs": 1_000}})
    with Peer.websocket(daemon.port) as silent, Client(daemon.url) as alive:
        start = time.monotonic()
        assert silent.frame()[0] == PING
        assert silent.frame()[0] == PING
        assert silent.close_code() == 4002
        # Three intervals, each of which may be a quarter shorter.
        assert time.monotonic() - start >= 2.2
        assert alive.call("session.ping"), "who answers pings stays"
    metrics = daemon.metrics()
    assert metrics["omnihub_ping_timeouts_total"] == 1
    assert metrics['omnihub_limits_exceeded_total{limit="timeouts.pingIntervalMs"}'] == 1


def test_pings_of_clients_that_came_together_are_spread(make_daemon):
    daemon = make_daemon(config={"timeouts": {"pingIntervalMs": 4_000}}, arguments=ONE_LOOP)
    peers = [Peer.websocket(daemon.port) for _ in range(200)]
    # Together they are silent from here on.
    for peer in peers:
        peer.send(frame(TEXT, b'{"jsonrpc":"2.0","method":"session.ping"}'))
    times = []
    with selectors.DefaultSelector() as selector:
        for peer in peers:
            selector.register(peer.socket, selectors.EVENT_READ, peer)
        while len(times) < len(peers):
            ready = selector.select(20)
            assert ready, "a ping is missing"
            for key, _ in ready:
                assert key.data.frame()[0] == PING
                selector.unregister(key.fileobj)
                times.append(time.monotonic())
    times.sort()
    assert times[-1] - times[0] > 0.5, "a second is what they may be spread over"
    fullest = max(sum(one <= other < one + 0.1 for other in times) for one in times)
    assert fullest < len(peers) / 2
    for peer in peers:
        peer.socket.shutdown(socket.SHUT_RDWR)
