"""Peers that break the WebSocket protocol are cut off with the right code, early and cheaply."""

import json
import os
import struct
import time

import pytest

from client import Client
from daemon import wait_until
from wire import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    Peer,
    frame,
    header,
)

pytestmark = pytest.mark.usefixtures("good_client", "flat_memory")

PUBLISH = b'{"jsonrpc":"2.0","method":"hub.publish","params":{"channel":"app.hostile","data":1}}'


# --- lengths ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("length", "codes"),
    [
        (1 << 63, {1002}),
        ((1 << 64) - 1, {1002}),
        ((1 << 63) - 1, {1009}),
        (1 << 62, {1009}),
        (1 << 32, {1009}),
        (1 << 31, {1009}),
        ((1 << 20) + 1, {1009}),
    ],
    ids=lambda value: hex(value) if isinstance(value, int) else "",
)
@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_an_impossible_length_is_refused_from_the_header_alone(peer, opcode, length, codes):
    peer.send(header(opcode, length, form=8))
    assert peer.close_code() in codes


def test_an_impossible_length_of_a_continuation_is_refused(peer):
    peer.send(frame(TEXT, b"[", fin=False) + header(CONTINUATION, (1 << 63) - 1, form=8))
    assert peer.close_code() == 1009


def test_a_message_of_the_allowed_size_is_read(peer):
    limit = 1 << 20
    head = b'{"jsonrpc":"2.0","id":1,"method":"session.ping","params":{"pad":"'
    message = head + b"x" * (limit - len(head) - 3) + b'"}}'
    peer.send(frame(TEXT, message))
    opcode, answer = peer.frame()
    assert opcode == TEXT and "time" in json.loads(answer)["result"]


# --- frames ----------------------------------------------------------------------------------------

BROKEN = {
    "unmasked text": header(TEXT, 5, mask=False),
    "unmasked ping": header(PING, 0, mask=False),
    "unmasked close": header(CLOSE, 0, mask=False),
    "rsv1 without an extension": header(TEXT, 5, rsv=4),
    "rsv2": header(TEXT, 5, rsv=2),
    "rsv3": header(TEXT, 5, rsv=1),
    "rsv1 on a ping": header(PING, 0, rsv=4),
    "rsv1 on a continuation": frame(TEXT, b"[", fin=False) + header(CONTINUATION, 1, rsv=4),
    "a 16-bit length that fits 7": header(TEXT, 125, form=2),
    "a 64-bit length that fits 7": header(TEXT, 125, form=8),
    "a 64-bit length that fits 16": header(TEXT, 65_535, form=8),
    "a ping of 126 bytes": header(PING, 126),
    "a pong of 126 bytes": header(PONG, 126),
    "a close of 126 bytes": header(CLOSE, 126),
    "a ping with a 64-bit length": header(PING, 1 << 40, form=8),
    "a fragmented ping": header(PING, 1, fin=False),
    "a fragmented close": header(CLOSE, 2, fin=False),
    "an orphan continuation": header(CONTINUATION, 1),
    "an orphan unfinished continuation": header(CONTINUATION, 1, fin=False),
    "text inside text": frame(TEXT, b"[", fin=False) + header(TEXT, 1),
    "binary inside text": frame(TEXT, b"[", fin=False) + header(BINARY, 1),
}
for opcode in (0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF):
    BROKEN[f"opcode {opcode:x}"] = header(opcode, 1)


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_frame_is_refused_before_its_payload_is_read(peer, data):
    peer.send(data)
    assert peer.close_code() == 1002


@pytest.mark.parametrize(
    "options",
    [{"mask": False}, {"rsv": 4}, {"rsv": 1}, {"form": 8}],
    ids=["unmasked", "rsv1", "rsv3", "non-minimal"],
)
def test_a_broken_frame_is_never_dispatched(shared, peer, options):
    with Client(shared.url) as watcher:
        feed = watcher.subscribe("app.hostile")
        peer.send(frame(TEXT, PUBLISH, **options) + frame(TEXT, PUBLISH))
        assert peer.close_code() == 1002
        assert watcher.call("hub.publish", channel="app.hostile", data="mine")["offset"] == (
            feed.offset + 1
        )


def test_control_frames_between_fragments_are_answered(peer):
    message = b'{"jsonrpc":"2.0","id":7,"method":"session.ping"}'
    peer.send(frame(TEXT, message[:10], fin=False) + frame(PING, b"now"))
    assert peer.frame() == (PONG, b"now")
    peer.send(frame(PONG, b"unasked") + frame(CONTINUATION, message[10:]))
    assert json.loads(peer.frame()[1])["id"] == 7


# --- fragments -------------------------------------------------------------------------------------


def test_131000_one_byte_fragments_cost_no_more_than_their_bytes(shared, peer):
    head, tail = b'{"jsonrpc":"2.0","id":1,"method":"session.ping","params":{"pad":"', b'"}}'
    message = head + b"x" * (131_000 - len(head) - len(tail)) + tail
    middle = [frame(CONTINUATION, bytes([byte]), fin=False) for byte in message[1:-1]]
    shared.reset_peak_rss()
    before = shared.rss
    peer.send(frame(TEXT, message[:1], fin=False) + b"".join(middle))
    peer.send(frame(PING))
    assert peer.frame()[0] == PONG
    # Pages are coarse: twice the bytes, and one MiB for what else goes on.
    assert shared.peak_rss - before <= 2 * len(message) + (1 << 20)
    peer.send(frame(CONTINUATION, message[-1:]))
    assert "time" in json.loads(peer.frame()[1])["result"]


@pytest.mark.parametrize("size", [1_000, 65_536])
def test_fragments_that_add_up_past_the_limit_are_refused_at_the_limit(peer, size):
    limit = 1 << 20
    peer.send(frame(TEXT, b"[", fin=False))
    for _ in range((limit - 1) // size):
        peer.send(frame(CONTINUATION, b" " * size, fin=False))
    peer.send(frame(PING))
    assert peer.frame()[0] == PONG, "all within the limit is taken"
    peer.send(header(CONTINUATION, size, fin=False))
    assert peer.close_code() == 1009


def test_empty_fragments_without_end_are_ended_by_the_clock(make_daemon):
    daemon = make_daemon(config={"timeouts": {"messageMs": 1_000}})
    with Peer.websocket(daemon.port) as peer:
        peer.send(frame(TEXT, b"", fin=False))
        start = time.monotonic()
        memory = daemon.rss
        while time.monotonic() - start < 10:
            if not peer.try_send(frame(CONTINUATION, b"", fin=False) * 100):
                break
            peer.socket.settimeout(0.01)
            try:
                peer._more()
            except TimeoutError:
                pass
            except ConnectionError:
                break
            peer.socket.settimeout(20)
            if peer.buffer:
                break
        peer.socket.settimeout(20)
        assert peer.close_code() == 1008
        assert time.monotonic() - start >= 0.9
        assert daemon.rss - memory < 4 << 20


@pytest.mark.parametrize(
    "beginning",
    [frame(TEXT, b"[", fin=False), header(TEXT, 100) + b"[", b"\x81", b"\x81\xfe\x01"],
    ids=["a fragment", "a part of a payload", "a part of a header", "a part of a length"],
)
def test_a_message_that_is_not_finished_in_time_is_ended(make_daemon, beginning):
    daemon = make_daemon(config={"timeouts": {"messageMs": 400}})
    with Peer.websocket(daemon.port) as peer:
        peer.send(beginning)
        assert peer.close_code() == 1008


def test_drops_of_a_message_buy_no_time(make_daemon):
    daemon = make_daemon(config={"timeouts": {"messageMs": 800}})
    with Peer.websocket(daemon.port) as peer:
        start = time.monotonic()
        peer.send(header(TEXT, 100_000))
        peer.socket.settimeout(0.05)
        while time.monotonic() - start < 10 and not peer.buffer:
            peer.try_send(b" ")
            try:
                peer._more()
            except TimeoutError:
                pass
        peer.socket.settimeout(20)
        assert peer.close_code() == 1008
        assert time.monotonic() - start < 5


# --- UTF-8 -----------------------------------------------------------------------------------------

BAD_UTF8 = {
    "a lone continuation byte": b"\x80",
    "an overlong slash": b"\xc0\xaf",
    "an overlong NUL of three bytes": b"\xe0\x80",
    "a high surrogate": b"\xed\xa0",
    "a low surrogate": b"\xed\xbf",
    "past U+10FFFF": b"\xf4\x90",
    "0xf5": b"\xf5",
    "0xff": b"\xff",
    "a sequence that breaks off": b"\xe2\x82[",
}


@pytest.mark.parametrize("bad", BAD_UTF8.values(), ids=BAD_UTF8.keys())
def test_bad_utf8_is_refused_at_its_first_byte(peer, bad):
    # Of a payload of 1,000 bytes no more than this ever comes.
    peer.send(header(TEXT, 1_000) + b'["ok \xe2\x82\xac' + bad)
    assert peer.close_code() == 1007


@pytest.mark.parametrize("bad", BAD_UTF8.values(), ids=BAD_UTF8.keys())
def test_bad_utf8_in_an_unfinished_fragment_is_refused(peer, bad):
    peer.send(frame(TEXT, b'["', fin=False) + header(CONTINUATION, 100, fin=False) + bad)
    assert peer.close_code() == 1007


def test_bad_utf8_across_fragments_is_refused(peer):
    peer.send(frame(TEXT, b'["\xf0\x9f', fin=False) + frame(CONTINUATION, b"[", fin=False))
    assert peer.close_code() == 1007


def test_a_message_that_ends_inside_a_character_is_refused(peer):
    peer.send(frame(TEXT, b'["\xf0\x9f\x98'))
    assert peer.close_code() == 1007


def test_a_character_may_lie_across_fragments_and_masks(peer):
    message = '{"jsonrpc":"2.0","id":"😀","method":"session.ping"}'.encode()
    cut = message.index("😀".encode()) + 2
    peer.send(frame(TEXT, message[:cut], fin=False, key=b"\x01\x02\x03\x04"))
    peer.send(frame(CONTINUATION, message[cut:], key=os.urandom(4)))
    assert json.loads(peer.frame()[1])["id"] == "😀"


# --- closing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535])
def test_a_close_code_that_must_not_be_sent_is_refused(peer, code):
    peer.send(frame(CLOSE, struct.pack(">H", code)))
    assert peer.close_code() == 1002


@pytest.mark.parametrize("code", [1000, 1001, 1003, 1007, 1011, 1012, 3000, 4999])
def test_a_close_is_answered_with_its_code(peer, code):
    peer.send(frame(CLOSE, struct.pack(">H", code) + "grüß".encode()))
    assert peer.close_code() == code
    assert peer.wait_end() == b""


def test_a_close_without_a_code_is_answered_without_one(peer):
    peer.send(frame(CLOSE))
    assert peer.frame() == (CLOSE, b"")
    assert peer.wait_end() == b""


def test_a_close_of_one_byte_is_refused(peer):
    peer.send(frame(CLOSE, b"\x03"))
    assert peer.close_code() == 1002


@pytest.mark.parametrize("reason", [b"\xff", b"\xed\xa0\x80", b"ok\xc3"])
def test_a_bad_reason_is_refused(peer, reason):
    peer.send(frame(CLOSE, struct.pack(">H", 1000) + reason))
    assert peer.close_code() == 1007


def test_nothing_after_a_close_is_dispatched(shared, peer):
    with Client(shared.url) as watcher:
        feed = watcher.subscribe("app.hostile")
        peer.send(frame(CLOSE, struct.pack(">H", 1000)) + frame(TEXT, PUBLISH))
        assert peer.close_code() == 1000
        peer.wait_end()
        published = watcher.call("hub.publish", channel="app.hostile", data="mine")
        assert published["offset"] == feed.offset + 1


def test_a_peer_that_never_answers_a_close_is_gone_in_5_seconds(peer):
    start = time.monotonic()
    peer.send(frame(BINARY, b"\0"))
    assert peer.close_code() == 1003
    peer.wait_gone(8)
    assert 4 < time.monotonic() - start < 8


def test_a_failed_peer_that_keeps_its_side_open_is_gone_in_5_seconds(peer):
    start = time.monotonic()
    peer.send(header(TEXT, 1, rsv=1))
    assert peer.close_code() == 1002
    peer.wait_gone(8)
    assert time.monotonic() - start < 8


def test_connections_of_broken_peers_leave_no_descriptor(shared, good_client):
    before = shared.sockets
    peers = [Peer.websocket(shared.port) for _ in range(50)]
    for number, peer in enumerate(peers):
        peer.send(list(BROKEN.values())[number % len(BROKEN)])
        peer.close_code()
        peer.socket.close()
    wait_until(lambda: shared.sockets <= before, what="sockets are closed")


def test_a_binary_message_is_refused_with_1003(peer):
    peer.send(frame(BINARY, b'{"jsonrpc":"2.0","id":1,"method":"session.ping"}'))
    assert peer.close_code() == 1003


def test_pings_are_answered_in_order(peer):
    peer.send(b"".join(frame(PING, str(number).encode()) for number in range(200)))
    assert [peer.frame() for _ in range(200)] == [
        (PONG, str(number).encode()) for number in range(200)
    ]
