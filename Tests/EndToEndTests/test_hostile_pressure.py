"""Peers that press by their number or that of what they send: floods, those that never read, herds.

The hub's memory and the latency of an honest client are watched throughout.
"""

import json
import random
import shutil
import signal
import socket
import struct
import subprocess
import time
from pathlib import Path

import pytest

from client import Client, Failure
from daemon import wait_until
from herd import Herd
from storm import UNLIMITED, raw_subscriber
from watch import MEBIBYTE, Watch, p99, processor_time
from wire import CONTINUATION, PING, PONG, TEXT, Peer, frame, upgrade

UNPACED = {"controlFramesPerSecond": 0}


def flood(peers, data, size):
    """Sends each peer's hub `size` bytes of `data`, or what it takes before it stops reading."""
    for peer in peers:
        peer.socket.settimeout(0.3)
        sent = 0
        while sent < size and peer.try_send(data):
            sent += len(data)


# --- fragments -------------------------------------------------------------------------------------


def test_131000_one_byte_fragments(daemon):
    start, middle = frame(TEXT, b"[", fin=False), frame(CONTINUATION, b" ", fin=False)
    with Peer.websocket(daemon.port) as peer:
        # Once to grow what is kept for all.
        for memory in (4 * MEBIBYTE, 2 * 131_000 + MEBIBYTE):
            with Watch(daemon, memory):
                peer.send(start)
                for _ in range(131):
                    peer.send(middle * 1_000)
                peer.send(frame(CONTINUATION, b"]"))
                assert json.loads(peer.frame()[1])["error"]["code"] == -32600


# --- control frames --------------------------------------------------------------------------------


@pytest.mark.parametrize("limits", [{}, UNPACED], ids=["paced", "unpaced"])
def test_a_ping_flood_by_peers_that_do_not_read(make_daemon, limits):
    daemon = make_daemon(config={"limits": limits, "timeouts": {"writeMs": 2_000}})
    pings = frame(PING, b"x" * 125) * 500
    with Watch(daemon, memory=16 * MEBIBYTE):
        peers = [Peer.websocket(daemon.port, receive_buffer=4_096) for _ in range(10)]
        flood(peers, pings, 32 * MEBIBYTE)
        # By their pace, or because they take nothing of what they asked for.
        wait_until(
            lambda: daemon.metrics()["omnihub_websockets"] == 1, 20, "those that flood are ended"
        )
    for peer in peers:
        peer.socket.close()


def test_a_million_unsolicited_pongs(daemon):
    with Watch(daemon), Peer.websocket(daemon.port) as peer:
        pongs = frame(PONG) * 10_000
        for _ in range(100):
            if not peer.try_send(pongs):
                break
        try:
            assert peer.close_code() == 1008
        except ConnectionError:
            pass  # It was sent so much more that the kernel broke the connection.
    name = 'omnihub_limits_exceeded_total{limit="limits.controlFramesPerSecond"}'
    wait_until(lambda: daemon.metrics()[name] == 1, what="it is counted")


def test_a_million_unsolicited_pongs_without_a_limit(make_daemon):
    daemon = make_daemon(config={"limits": UNPACED})
    with Watch(daemon), Peer.websocket(daemon.port) as peer:
        pongs = frame(PONG) * 10_000
        for _ in range(100):
            peer.send(pongs)
        peer.send(frame(PING, b"still there"))
        assert peer.frame() == (PONG, b"still there")


# --- consumers that do not read --------------------------------------------------------------------


def test_300_consumers_that_never_read_cost_1000_others_nothing(make_daemon):
    daemon = make_daemon(
        config={"limits": UNLIMITED, "timeouts": {"writeMs": 10_000}}, arguments=["--loops", "2"]
    )
    data, count, rate = "x" * 4_000, 325, 25

    def storm(publisher, first, count):
        """Publishes at a steady rate."""
        begun = time.monotonic()
        for number in range(first, first + count):
            publisher.call("hub.publish", channel="app.mass", data=[number, time.monotonic(), data])
            due = begun + (number - first) / rate
            time.sleep(max(0, due - time.monotonic()))

    with Herd(daemon.port, 1_000, subscribe="app.mass") as readers:
        with Client(daemon.url) as publisher:
            storm(publisher, 0, 100)
            before = p99(readers.latencies(upto=100))
            stalled = [
                raw_subscriber(daemon, "app.mass", receive_buffer=4_096, segment=536)
                for _ in range(300)
            ]
            # What is kept is the channel's history, once for all; no copy for each of the 300
            # but the rest of a publication, and what the kernel holds is not the hub's.
            with Watch(daemon, memory=32 * MEBIBYTE):
                storm(publisher, 100, count)
                during = p99(readers.latencies(upto=100 + count))
                wait_until(
                    lambda: daemon.metrics()["omnihub_slow_consumers_total"] == 300,
                    30,
                    "all that do not read are cut off",
                )
        assert readers.missed == 0, "the others lose nothing"
        assert readers.open == 1_000
    print(f"p99 {before * 1000:.1f} ms, then {during * 1000:.1f} ms")
    assert during <= max(2 * before, 1.0)
    exceeded = daemon.metrics()
    assert 300 == sum(
        exceeded[f'omnihub_limits_exceeded_total{{limit="{key}"}}']
        for key in ("limits.maxOutboundBytes", "timeouts.writeMs")
    )
    for peer in stalled:
        peer.socket.close()


# --- descriptors -----------------------------------------------------------------------------------


def test_without_descriptors_the_hub_rests_and_serves_who_is_in(make_daemon):
    daemon = make_daemon(wrapper=["prlimit", "--nofile=64"], arguments=["--loops", "2"])
    with Watch(daemon):
        peers = []
        refused = 0
        while refused < 3:
            peer = Peer(daemon.port)
            peer.try_send(upgrade(daemon.port))
            try:
                answer = peer.response()
            except (ConnectionError, EOFError):
                refused += 1
                continue
            if answer.status == 101:
                peers.append(peer)
            else:
                assert answer.status == 503 and answer.fields["retry-after"]
                refused += 1
            assert len(peers) < 64
        assert len(peers) > 10
        # A queue that nobody can be taken from must not keep a loop busy.
        waiting = [socket.create_connection(("127.0.0.1", daemon.port)) for _ in range(20)]
        used, begun = processor_time(daemon.process.pid), time.monotonic()
        # The processor time of this while is what is measured.
        while time.monotonic() - begun < 2:
            peers[0].send(frame(PING))
            while peers[0].frame()[0] != PONG:
                pass
            time.sleep(0.1)
        share = (processor_time(daemon.process.pid) - used) / (time.monotonic() - begun)
        print(f"{share:.1%} of a processor, the live client's work included")
        for one in waiting:
            one.close()
        for peer in peers:
            peer.socket.close()
        wait_until(lambda: is_admitted(daemon), what="there is room again")
    # The live client publishes 200 times a second meanwhile.
    assert share < 0.25


def test_a_hub_with_few_descriptors_uses_few_of_a_processor_on_who_is_too_many(make_daemon):
    daemon = make_daemon(wrapper=["prlimit", "--nofile=64"], arguments=["--loops", "2"])
    check_rest_under_pressure(daemon)


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace makes accept fail")
def test_a_hub_that_cannot_accept_rests_and_goes_on_when_it_can(make_daemon, tmp_path):
    """As when the whole machine has no descriptor left, which no limit of the hub prevents."""
    count, daemon = 40, make_daemon(arguments=["--loops", "1"])
    trace = tmp_path / "trace"
    command = ["strace", "-f", "-p", str(daemon.process.pid), "-o", str(trace), "-e"]
    command += ["trace=accept4", "-e", f"inject=accept4:error=ENFILE:when=1..{count}"]
    with Client(daemon.url) as client:
        tracer = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        status = Path(f"/proc/{daemon.process.pid}/status")
        wait_until(
            lambda: f"TracerPid:\t{tracer.pid}\n" in status.read_text(), what="strace is there"
        )
        with Watch(daemon, live=Once(client)):
            used, begun = processor_time(daemon.process.pid), time.monotonic()
            with Peer(daemon.port) as peer:
                peer.send(upgrade(daemon.port))
                assert peer.response().status == 101
            # Twice in vain each time, as the spare descriptor does not help, and then a pause.
            passed = time.monotonic() - begun
            share = (processor_time(daemon.process.pid) - used) / passed
        tracer.send_signal(signal.SIGINT)
        tracer.wait(20)
    assert trace.read_text().count("ENFILE") == count
    assert passed > 1.5 and share < 0.1, (passed, share)


class Once:
    """A live client of the test's own."""

    def __init__(self, client):
        self.client = client

    def times(self, rounds=10):
        times = []
        for _ in range(rounds):
            begun = time.monotonic()
            self.client.call("session.ping")
            times.append(time.monotonic() - begun)
        return times


def check_rest_under_pressure(daemon):
    sockets = []

    def press():
        one = socket.socket()
        one.setblocking(False)
        one.connect_ex(("127.0.0.1", daemon.port))
        sockets.append(one)

    for _ in range(100):
        press()
    used, begun = processor_time(daemon.process.pid), time.monotonic()
    # New ones come all the time, and nobody leaves.
    while time.monotonic() - begun < 2:
        press()
        time.sleep(0.02)
    share = (processor_time(daemon.process.pid) - used) / (time.monotonic() - begun)
    for one in sockets:
        one.close()
    print(f"{share:.1%} of a processor")
    assert share < 0.05
    wait_until(lambda: is_admitted(daemon), what="there is room again")


def is_admitted(daemon):
    with Peer(daemon.port) as peer:
        peer.try_send(upgrade(daemon.port))
        try:
            return peer.response().status == 101
        except (ConnectionError, EOFError):
            return False


def test_resets_in_the_middle_of_writes(daemon):
    """RST while the hub writes, which is EPIPE or ECONNRESET there, and SIGPIPE if it is careless."""
    linger = struct.pack("ii", 1, 0)
    with Watch(daemon), Client(daemon.url) as publisher:
        for number in range(100):
            peer = raw_subscriber(daemon, "app.reset", receive_buffer=4_096)
            keys = [
                publisher.submit("hub.publish", channel="app.reset", data="x" * 20_000)
                for _ in range(4)
            ]
            if number % 2:
                # Asks for much and goes before it comes.
                request = {"jsonrpc": "2.0", "id": 1, "method": "rpc.discover"}
                peer.send(frame(TEXT, json.dumps(request).encode()) * 20)
            peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            peer.socket.close()
            for key in keys:
                publisher.answer(key)
        wait_until(
            lambda: daemon.metrics()["omnihub_websockets"] == 2, what="those that went are gone"
        )


# --- herds -----------------------------------------------------------------------------------------


def test_10000_clients_that_come_back_at_once_are_all_back_within_a_minute(make_daemon):
    """They ignore the delays they are given at the stop, and heed those of refusals."""
    rate = 2_000
    daemon = make_daemon(
        config={
            "limits": {"connectionsPerSecond": rate, "connectionBurst": rate},
            "timeouts": {"drainMs": 1_000},
        },
        arguments=["--loops", "2"],
    )
    daemon.listen = (f"127.0.0.1:{daemon.port}",)
    with Herd(daemon.port, 10_000) as herd:
        herd.wait_all_open(60)
        assert daemon.stop() == 0
        delays = herd.wait_all_gone(20)
        assert len(delays) > 9_000, "a few may be closed before they are told"
        # 1,000 a second come back, each second as many.
        seconds = [sum(250 + 1_000 * s <= delay < 1_250 + 1_000 * s for delay in delays) for s in range(10)]
        assert min(seconds) > 500 and max(seconds) < 1_500, seconds
        daemon.start()
        with Watch(daemon, memory=10_000 * 10 * 1024) as watch:
            begun = time.monotonic()
            herd.come_back()
            herd.wait_all_open(60)
            passed = time.monotonic() - begun
            print(f"{passed:.1f} s, {herd.refusals} refusals, {watch.growth / 10_000:.0f} B each")
    assert herd.refusals > 0, "there was more than the hub takes at once"


# --- names -----------------------------------------------------------------------------------------


def test_10000_paths_methods_and_channels_leave_nothing(make_daemon):
    daemon = make_daemon(config={"limits": UNLIMITED, "channels": {"maximum": 1_000}})
    some = random.Random(7)

    def name():
        return "".join(some.choices("abcdefghijklmnopqrstuvwxyz", k=12))

    def labels():
        return sorted(line.rsplit(" ", 1)[0] for line in daemon.get("/metrics").splitlines())

    def wave(client, count):
        with Peer(daemon.port) as raw:
            for _ in range(count):
                raw.send(f"GET /{name()} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                assert raw.response().status == 404
        for _ in range(0, count, 50):
            keys = [client.submit(f"{name()}.{name()}") for _ in range(25)]
            keys += [
                client.submit("hub.publish", channel=f"app.{name()}", data=1) for _ in range(50)
            ]
            keys += [client.submit("hub.history", channel=f"app.{name()}") for _ in range(25)]
            for key in keys:
                try:
                    client.answer(key)
                except Failure as failure:
                    assert failure.name in ("METHOD_NOT_FOUND", "NOT_FOUND")

    with Client(daemon.url) as client:
        # As many channels as there may be are there, and what is kept of names is kept.
        wave(client, 10_000)
        wait_until(lambda: "omnihub_events_total" in daemon.get("/metrics"))
        before = labels()
        with Watch(daemon, memory=2 * MEBIBYTE):
            wave(client, 10_000)
        assert labels() == before
        assert daemon.metrics()["omnihub_channels"] <= 1_000
