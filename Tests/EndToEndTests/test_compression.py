"""permessage-deflate on the hub: what is negotiated, and that all see the same."""

import json
import random
import threading
import zlib

import pytest
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

from client import Client
from daemon import wait_until
from storm import publish
from watch import LiveClient
from wire import CLOSE, TEXT, Peer, frame, upgrade

TEXT_OF_200 = "an unremarkable sentence, said again; " * 6


def compressing(daemon, **options):
    return Client(daemon.url, compression="deflate", **options)


def agreement(daemon, offer):
    """What the hub answers to an offer."""
    with Peer(daemon.port) as peer:
        peer.send(upgrade(daemon.port, **{"Sec-WebSocket-Extensions": offer}))
        return peer.response().fields.get("sec-websocket-extensions")


def inflate(payload):
    return zlib.decompressobj(-15).decompress(payload + b"\0\0\xff\xff")


@pytest.mark.parametrize(
    ("offer", "answer"),
    [
        ("permessage-deflate", "server_no_context_takeover; client_no_context_takeover"),
        (
            "permessage-deflate; server_max_window_bits=9",
            "server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9",
        ),
        (
            "permessage-deflate; client_max_window_bits",
            "server_no_context_takeover; client_no_context_takeover",
        ),
        ("permessage-deflate; unknown", None),
        ("permessage-deflate; unknown, permessage-deflate", "server_no_context_takeover"),
        ("x-webkit-deflate-frame", None),
    ],
)
def test_what_is_agreed(shared, offer, answer):
    agreed = agreement(shared, offer)
    if answer is None:
        assert agreed is None
    else:
        assert agreed.startswith("permessage-deflate; " + answer)


def test_compression_can_be_switched_off(make_daemon):
    daemon = make_daemon(config={"compression": {"enabled": False}})
    assert agreement(daemon, "permessage-deflate") is None


def test_clients_with_and_without_compression_see_the_same(shared):
    options = [
        {"compression": None},
        {"compression": "deflate"},
        {
            "extensions": [
                ClientPerMessageDeflateFactory(server_max_window_bits=9, client_max_window_bits=9)
            ]
        },
    ]
    clients = [Client(shared.url, **option) for option in options]
    feeds = [client.subscribe("app.same") for client in clients]
    values = [[number, TEXT_OF_200 * (number % 5)] for number in range(100)] + ["x" * 300_000]
    for client in clients:
        publish(client, "app.same", values)
    for feed in feeds:
        for _ in range(3 * len(values)):
            feed.next()
        assert [event["data"] for event in feed.seen] == values * 3
    late = Client(shared.url, compression="deflate").subscribe("app.same", last=150)
    assert late.seen
    publish(clients[0], "app.same", ["end"])
    while late.next()["data"] != "end":
        pass
    for client in [*clients, late.client]:
        client.close()


def test_a_publication_goes_out_compressed_when_that_pays(shared):
    with Peer(shared.port) as peer, Client(shared.url) as publisher:
        peer.send(upgrade(shared.port, **{"Sec-WebSocket-Extensions": "permessage-deflate"}))
        assert peer.response().status == 101
        first, welcome = raw_frame(peer)
        assert first == 0x81 and b"session.welcome" in welcome, "not worth it for one client"
        request = {"jsonrpc": "2.0", "id": 1, "method": "hub.subscribe"}
        request["params"] = {"channel": "app.pays"}
        peer.send(frame(TEXT, json.dumps(request).encode()))
        first, answer = raw_frame(peer)
        assert first == 0x81 and json.loads(answer)["id"] == 1, "short answers stay as they are"
        publish(publisher, "app.pays", [TEXT_OF_200])
        first, event = raw_frame(peer)
        assert first == 0xC1 and len(event) < len(TEXT_OF_200)
        assert json.loads(inflate(event))["params"]["data"] == TEXT_OF_200
        request |= {"id": 2, "method": "rpc.discover", "params": {}}
        peer.send(frame(TEXT, json.dumps(request).encode()))
        first, answer = raw_frame(peer)
        assert first == 0xC1 and json.loads(inflate(answer))["id"] == 2


def raw_frame(peer):
    """The first byte and the payload of a frame."""
    first, length = peer._read(2)
    if length == 126:
        length = int.from_bytes(peer._read(2), "big")
    return first, peer._read(length)


def test_a_slow_compressing_consumer_gets_whole_messages(make_daemon):
    """Frames that the kernel cuts are finished, in their compressed form."""
    config = {"limits": {"commandsPerSecond": 0, "maxOutboundBytes": 1 << 28}}
    config["channels"] = {"historySize": 10_000, "historyBytes": 1 << 28}
    daemon = make_daemon(config=config)
    noise = random.Random(1)
    values = ["%0*x" % (60_000, noise.getrandbits(240_000)) for _ in range(200)]
    with Client(daemon.url) as publisher:
        peer = Peer(daemon.port, receive_buffer=4_096)
        peer.send(upgrade(daemon.port, **{"Sec-WebSocket-Extensions": "permessage-deflate"}))
        assert peer.response().status == 101
        raw_frame(peer)
        request = {"jsonrpc": "2.0", "id": 1, "method": "hub.subscribe"}
        request["params"] = {"channel": "app.slow"}
        peer.send(frame(TEXT, json.dumps(request).encode()))
        raw_frame(peer)
        publish(publisher, "app.slow", values)
        for number, value in enumerate(values, 1):
            first, payload = raw_frame(peer)
            message = json.loads(inflate(payload) if first == 0xC1 else payload)
            assert message["params"]["offset"] == number
            assert message["params"]["data"] == value
        peer.__exit__()


def test_a_filtered_feed_is_compressed_too(shared):
    with compressing(shared) as client, Client(shared.url) as maker:
        client.call("hub.subscribe", channel="tasks", filter={"types": ["task.completed"]})
        for _ in range(5):
            maker.call(
                "tasks.create",
                type="ab.samplesize",
                payload={"baseline": 0.1, "minimumEffect": 0.02},
            )
        assert [client.event()["event"]["type"] for _ in range(5)] == ["task.completed"] * 5


def test_compressing_sessions_are_counted(make_daemon):
    daemon = make_daemon()
    name = "omnihub_compressing_websockets"
    with compressing(daemon):
        wait_until(lambda: daemon.metrics()[name] == 1, what="one is counted")
    wait_until(lambda: daemon.metrics()[name] == 0, what="it is gone")


def test_a_bomb_ends_its_own_connection_only(shared, good_client, flat_memory):
    bomb = zlib.compressobj(9, zlib.DEFLATED, -15)
    payload = b"".join(bomb.compress(b" " * (1 << 20)) for _ in range(64))
    payload = (payload + bomb.flush(zlib.Z_SYNC_FLUSH))[:-4]
    for _ in range(20):
        with Peer(shared.port) as peer:
            peer.send(upgrade(shared.port, **{"Sec-WebSocket-Extensions": "permessage-deflate"}))
            assert peer.response().status == 101
            raw_frame(peer)
            peer.send(frame(TEXT, payload, rsv=4))
            opcode, closing = peer.frame()
            assert opcode == CLOSE and int.from_bytes(closing[:2], "big") == 1009


def test_messages_that_inflate_a_thousandfold_leave_others_their_turn(make_daemon):
    # On one loop, so that those who compress and those who wait share it.
    daemon = make_daemon(arguments=["--loops", "1"])
    ping = b'{"jsonrpc":"2.0","method":"session.ping"}'
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    payload = compressor.compress(ping.rjust(1 << 20)) + compressor.flush(zlib.Z_SYNC_FLUSH)
    flood = frame(TEXT, payload[:-4], rsv=4) * 50
    live = LiveClient(daemon)
    begun, ended = threading.Event(), threading.Event()

    def attack():
        with Peer(daemon.port) as peer:
            request = upgrade(daemon.port, **{"Sec-WebSocket-Extensions": "permessage-deflate"})
            peer.send(request + flood)
            while not ended.is_set() and peer.try_send(flood):
                begun.set()

    attacker = threading.Thread(target=attack)
    attacker.start()
    try:
        assert begun.wait(20)
        live.times(rounds=1)
        # A turn of 256 KiB, all of it inflated, would take more than a second.
        assert max(live.times(rounds=10)) < 1
    finally:
        ended.set()
        live.close()
        attacker.join(20)
