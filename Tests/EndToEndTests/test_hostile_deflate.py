"""Peers that abuse compression: the bytes, the bits that announce them, and the offer."""

import json
import os
import zlib

import pytest

from daemon import wait_until
from wire import CONTINUATION, PING, PONG, TEXT, Peer, frame, header, upgrade

pytestmark = pytest.mark.usefixtures("good_client", "flat_memory")

PING_REQUEST = b'{"jsonrpc":"2.0","id":1,"method":"session.ping"}'


def deflate(data, level=6):
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return (packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]


@pytest.fixture
def peer(shared):
    """A peer that may compress what it sends, and whose welcome was read."""
    with Peer(shared.port) as peer:
        offer = {"Sec-WebSocket-Extensions": "permessage-deflate"}
        peer.send(upgrade(shared.port, **offer))
        answer = peer.response()
        assert answer.fields["sec-websocket-extensions"].startswith("permessage-deflate")
        peer.frame()
        yield peer


def served(peer):
    peer.send(frame(PING, b"?"))
    return peer.frame() == (PONG, b"?")


@pytest.mark.parametrize(
    "payload",
    [
        b"\xff" * 100,
        b"\x06" + os.urandom(500),  # a block of the reserved type
        b"\x00\x05\x00\x05\x00hello",  # a stored block whose lengths disagree
        deflate(PING_REQUEST)[:5] + b"\xff\xff\xff\xff" + deflate(PING_REQUEST)[5:],
        b"\x04\xc0\x81\x08",  # a dynamic block with impossible code lengths
    ],
    ids=["ones", "reserved block", "stored lengths", "damaged", "code lengths"],
)
def test_garbage_is_refused(peer, payload):
    peer.send(frame(TEXT, payload, rsv=4))
    assert peer.close_code() == 1007


def test_compressed_text_that_is_not_utf8_is_refused(peer):
    peer.send(frame(TEXT, deflate(b'"\xff"'), rsv=4))
    assert peer.close_code() == 1007


def test_a_bomb_is_refused_while_it_inflates(shared, peer):
    """1 GiB of zeros in 1 MiB: what is over the limit is never there."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(1_000))
    assert len(bomb) < 1 << 20, "it is within the limit as it comes"
    before = shared.metrics()['omnihub_limits_exceeded_total{limit="limits.maxMessageBytes"}']
    peer.try_send(frame(TEXT, bomb, rsv=4))
    assert peer.close_code() == 1009
    name = 'omnihub_limits_exceeded_total{limit="limits.maxMessageBytes"}'
    wait_until(lambda: shared.metrics()[name] == before + 1, what="it is counted")


def test_a_bomb_in_fragments_is_refused(peer):
    """Each of them is harmless; together they are 50 times the limit."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    peer.send(frame(TEXT, packer.compress(bytes(1 << 20)), fin=False, rsv=4))
    for _ in range(50):
        data = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_SYNC_FLUSH)
        if not peer.try_send(frame(CONTINUATION, data, fin=False)):
            break
    peer.try_send(frame(CONTINUATION, b""))
    assert peer.close_code() == 1009


def test_a_message_of_the_allowed_size_is_inflated(peer):
    head, tail = b'{"jsonrpc":"2.0","id":1,"method":"session.ping","params":{"pad":"', b'"}}'
    message = head + b"x" * ((1 << 20) - len(head) - len(tail)) + tail
    peer.send(frame(TEXT, deflate(message), rsv=4))
    opcode, answer = peer.frame()
    assert opcode == TEXT and answer
    assert served(peer)


@pytest.mark.parametrize(
    "data",
    [
        header(PING, 0, rsv=4),
        frame(TEXT, b"[", fin=False) + header(CONTINUATION, 1, rsv=4),
        frame(TEXT, deflate(b"[")[:1], fin=False, rsv=4) + header(CONTINUATION, 1, rsv=4),
        header(TEXT, 1, rsv=2),
        header(TEXT, 1, rsv=6),
        header(TEXT, 1, rsv=7),
    ],
    ids=["a ping", "a continuation", "a continuation of compressed", "rsv2", "rsv1+2", "all"],
)
def test_a_bit_where_it_does_not_belong_is_refused(peer, data):
    peer.send(data)
    assert peer.close_code() == 1002


def test_empty_and_endless_blocks_cost_nothing(peer):
    """Blocks without content are no content, however many there are."""
    empty = b"\x00\x00\x00\xff\xff"
    peer.send(frame(TEXT, empty * 100_000 + deflate(PING_REQUEST), rsv=4))
    opcode, _ = peer.frame()
    assert opcode == TEXT and served(peer)


@pytest.mark.parametrize(
    "parameters",
    [
        "server_max_window_bits=7",
        "server_max_window_bits=16",
        "server_max_window_bits=08",
        "server_max_window_bits",
        "server_max_window_bits=-9",
        "server_max_window_bits=99999999999999999999",
        "client_max_window_bits=7",
        "client_max_window_bits=16",
        "server_no_context_takeover=1",
        "client_no_context_takeover; client_no_context_takeover",
        "x=y",
    ],
)
def test_an_offer_that_cannot_be_is_declined_and_the_session_goes_on(shared, parameters):
    offer = {"Sec-WebSocket-Extensions": f"permessage-deflate; {parameters}"}
    with Peer(shared.port) as peer:
        peer.send(upgrade(shared.port, **offer))
        answer = peer.response()
        assert answer.status == 101 and "sec-websocket-extensions" not in answer.fields
        peer.frame()
        peer.send(frame(TEXT, PING_REQUEST))
        assert json.loads(peer.frame()[1])["id"] == 1
