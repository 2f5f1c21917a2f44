"""permessage-deflate, in both roles, with implementations that are not ours: RFC 7692."""

import asyncio
import contextlib
import itertools
import random
import signal
import socket
import threading
import zlib

import pytest
import websockets.asyncio.server
import websockets.sync.client
import wsproto
import wsproto.events
import wsproto.extensions
from websockets.extensions.permessage_deflate import (
    ClientPerMessageDeflateFactory,
    ServerPerMessageDeflateFactory,
)

from daemon import Process
from wire import BINARY, CONTINUATION, PING, PONG, TEXT, Peer, frame, upgrade


def messages():
    """What finds a window that is too large or was emptied at the wrong time."""
    chance = random.Random(7692)
    words = [chance.randbytes(3).hex() for _ in range(40)]
    noise = chance.randbytes(20_000)
    return [
        "",
        "a",
        "Hello",
        "Hello",
        "Grüße 世界 " * 100,
        " ".join(chance.choice(words) for _ in range(3_000)),
        b"",
        b"\x00" * 70_000,
        noise,
        # Repeated from all distances.
        *(noise[:distance] * 2 for distance in (200, 400, 900, 1_800, 3_600, 7_200, 14_400)),
        noise,
        "Hello",
    ]


MESSAGES = messages()
BOOLEANS = [False, True]


@pytest.fixture(scope="module")
def echo():
    """The address of an omnihub-echo that compresses."""
    process = Process("omnihub-echo", "--listen", "127.0.0.1:0", "--deflate")
    yield process.stdout.wait(r"^listening on (ws://\S+)$")[0][1]
    assert process.end() == -signal.SIGTERM, process.stderr.text


@pytest.fixture(scope="module")
def port(echo):
    return int(echo.rsplit(":", 1)[1].rstrip("/"))


# --- our server ----------------------------------------------------------------------------------


@pytest.mark.parametrize("client_bits", [None, True, *range(9, 16)])
@pytest.mark.parametrize("server_bits", [None, *range(8, 16)])
def test_our_server_and_the_client_of_websockets(echo, server_bits, client_bits):
    for server_resets, client_resets in itertools.product(BOOLEANS, BOOLEANS):
        offer = ClientPerMessageDeflateFactory(
            server_no_context_takeover=server_resets,
            client_no_context_takeover=client_resets,
            server_max_window_bits=server_bits,
            client_max_window_bits=client_bits,
        )
        with websockets.sync.client.connect(
            echo, compression=None, extensions=[offer], max_size=None, proxy=None
        ) as client:
            (agreed,) = client.protocol.extensions
            assert agreed.remote_no_context_takeover >= server_resets
            assert agreed.remote_max_window_bits == (server_bits or 15)
            for message in MESSAGES:
                client.send(message)
            for message in MESSAGES:
                assert client.recv(20) == message
            # In fragments, of which only the first says that it is compressed.
            client.send(["Hello ", "", "Hello ", "Hello"])
            assert client.recv(20) == "Hello Hello Hello"


class Wsproto:
    """Either side of `wsproto` on a socket that blocks."""

    def __init__(self, connected, role, extension):
        self.socket = connected
        self.socket.settimeout(20)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.extension = extension
        self.protocol = wsproto.WSConnection(role)

    def send(self, event):
        self.socket.sendall(self.protocol.send(event))

    def next(self):
        while True:
            for event in self.protocol.events():
                return event
            self.protocol.receive_data(self.socket.recv(65536) or None)

    def send_message(self, message):
        kind = wsproto.events.TextMessage if isinstance(message, str) else wsproto.events.BytesMessage
        half = len(message) // 3
        self.send(kind(message[:half], message_finished=False))
        self.send(wsproto.events.Ping(b"between"))
        self.send(kind(message[half:]))

    def message(self):
        parts = []
        while True:
            event = self.next()
            if isinstance(event, wsproto.events.Pong):
                continue
            assert isinstance(event, wsproto.events.Message), event
            parts.append(event.data)
            if event.message_finished:
                return parts[0][:0].join(parts)


def wsproto_extension(server_resets, client_resets, server_bits, client_bits):
    return wsproto.extensions.PerMessageDeflate(
        server_no_context_takeover=server_resets,
        client_no_context_takeover=client_resets,
        server_max_window_bits=server_bits,
        client_max_window_bits=client_bits,
    )


@pytest.mark.parametrize("client_bits", range(9, 16))
@pytest.mark.parametrize("server_bits", range(9, 16))
def test_our_server_and_the_client_of_wsproto(port, server_bits, client_bits):
    for server_resets, client_resets in itertools.product(BOOLEANS, BOOLEANS):
        extension = wsproto_extension(server_resets, client_resets, server_bits, client_bits)
        with socket.create_connection(("127.0.0.1", port)) as connected:
            client = Wsproto(connected, wsproto.ConnectionType.CLIENT, extension)
            client.send(wsproto.events.Request(host="hub", target="/", extensions=[extension]))
            assert client.next().extensions == [extension]
            assert (extension.server_max_window_bits, extension.client_max_window_bits) == (
                server_bits,
                client_bits,
            )
            for message in MESSAGES:
                client.send_message(message)
                assert client.message() == message


# --- our client ----------------------------------------------------------------------------------


def run_client(port, target="/"):
    """Our echo client, until the server closes."""
    process = Process("omnihub-echo", "--connect", f"127.0.0.1:{port}{target}", "--deflate")
    status = process.wait()
    process.check_for_crash()
    assert status == 0, process.stderr.text


@pytest.mark.parametrize("client_bits", [None, *range(9, 16)])
@pytest.mark.parametrize("server_bits", [None, *range(9, 16)])
def test_our_client_and_the_server_of_websockets(server_bits, client_bits):
    settings = [
        ServerPerMessageDeflateFactory(
            server_no_context_takeover=server_resets,
            client_no_context_takeover=client_resets,
            server_max_window_bits=server_bits,
            client_max_window_bits=client_bits,
        )
        for server_resets, client_resets in itertools.product(BOOLEANS, BOOLEANS)
    ]

    async def serve(extension):
        done = asyncio.get_running_loop().create_future()

        async def talk(connection):
            try:
                (agreed,) = connection.protocol.extensions
                assert agreed.remote_max_window_bits == (client_bits or 15)
                for message in MESSAGES:
                    await connection.send(message)
                for message in MESSAGES:
                    assert await connection.recv() == message
                await connection.send(["Hello ", "", "Hello ", "Hello"])
                assert await connection.recv() == "Hello Hello Hello"
                done.set_result(None)
            except BaseException as failure:
                done.set_exception(failure)

        async with websockets.asyncio.server.serve(
            talk, "127.0.0.1", 0, compression=None, extensions=[extension], max_size=None
        ) as server:
            port = server.sockets[0].getsockname()[1]
            await asyncio.gather(asyncio.to_thread(run_client, port), asyncio.wait_for(done, 60))

    for extension in settings:
        asyncio.run(serve(extension))


@pytest.mark.parametrize("resets", list(itertools.product(BOOLEANS, BOOLEANS)), ids=str)
def test_our_client_and_the_server_of_wsproto(resets):
    # What wsproto accepts is what it was offered, so all that differs is what it adds.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)
        thread = threading.Thread(target=run_client, args=[listener.getsockname()[1]])
        with run_beside(thread):
            connected, _ = listener.accept()
            with connected:
                extension = wsproto_extension(*resets, None, None)
                server = Wsproto(connected, wsproto.ConnectionType.SERVER, extension)
                assert isinstance(server.next(), wsproto.events.Request)
                server.send(wsproto.events.AcceptConnection(extensions=[extension]))
                assert extension.enabled()
                for message in MESSAGES:
                    server.send_message(message)
                    assert server.message() == message
                server.send(wsproto.events.CloseConnection(1000))
                assert isinstance(server.next(), wsproto.events.CloseConnection)


@contextlib.contextmanager
def run_beside(thread):
    thread.start()
    yield
    thread.join(20)
    assert not thread.is_alive()


# --- byte for byte -------------------------------------------------------------------------------


def opened(port, offer="permessage-deflate"):
    """A peer whose WebSocket is open, and what the server made of its offer."""
    peer = Peer(port)
    peer.send(upgrade(port, path="/", Sec_WebSocket_Extensions=offer))
    response = peer.response()
    assert response.status == 101
    return peer, response.fields.get("sec-websocket-extensions")


def deflated(data, bits=15, level=9):
    compressor = zlib.compressobj(level, zlib.DEFLATED, -bits)
    return (compressor.compress(data) + compressor.flush(zlib.Z_SYNC_FLUSH))[:-4]


@pytest.mark.parametrize(
    ("offer", "answer"),
    [
        ("permessage-deflate; server_max_window_bits=16", None),
        ("permessage-deflate; server_max_window_bits=7", None),
        ("permessage-deflate; server_max_window_bits", None),
        ("permessage-deflate; client_max_window_bits=010", None),
        ("permessage-deflate; x", None),
        ("x-webkit-deflate-frame", None),
        (
            'permessage-deflate; x, permessage-deflate; server_max_window_bits="9"',
            "permessage-deflate; server_max_window_bits=9",
        ),
    ],
)
def test_an_offer_is_met_or_declined(port, offer, answer):
    peer, agreed = opened(port, offer)
    with peer:
        assert agreed == answer
        peer.send(frame(TEXT, b"plain"))
        opcode, payload = peer.frame()
        assert (opcode, payload == b"plain") == (TEXT, answer is None)
        peer.send(frame(TEXT, deflated(b"Hello"), rsv=4))
        if answer is None:
            assert peer.close_code() == 1002
        else:
            opcode, payload = peer.frame()
            assert zlib.decompressobj(-9).decompress(payload + b"\0\0\xff\xff") != b""


@pytest.mark.parametrize(
    "frames",
    [
        frame(TEXT, b"", fin=False, rsv=4) + frame(CONTINUATION, deflated(b"x"), rsv=4),
        frame(TEXT, b"", fin=False) + frame(CONTINUATION, deflated(b"x"), rsv=4),
        frame(PING, b"", rsv=4),
        frame(PONG, b"", rsv=4),
        frame(TEXT, deflated(b"x"), rsv=2),
        frame(TEXT, deflated(b"x"), rsv=5),
    ],
)
def test_reserved_bits_where_they_must_not_be_are_a_violation(port, frames):
    peer, _ = opened(port)
    with peer:
        peer.send(frames)
        assert peer.close_code() == 1002


@pytest.mark.parametrize(
    "payload",
    [b"\xff\xff\xff", b"", deflated(b"Hello")[:4], deflated("é".encode()[:1]), b"\xf2\x00\x11\x00\x00"],
    ids=["garbage", "nothing", "cut off", "not UTF-8", "from an empty window"],
)
def test_a_message_that_does_not_inflate_to_text_is_refused(port, payload):
    peer, _ = opened(port)
    with peer:
        peer.send(frame(TEXT, payload, rsv=4))
        assert peer.close_code() == 1007


@pytest.mark.parametrize(
    "payload",
    [
        # RFC 7692 §7.2.3: stored, two blocks, a last block, a last block that is empty.
        bytes.fromhex("000500faff48656c6c6f00"),
        bytes.fromhex("f24805000000ffffcac9c90700"),
        bytes.fromhex("f348cdc9c9070000"),
        bytes.fromhex("f248cdc9c90704"),
    ],
)
def test_any_blocks_make_a_message_and_the_window_stays(port, payload):
    peer, _ = opened(port)
    with peer:
        decompressor = zlib.decompressobj(-15)
        # Beside it a plain message, which does not enter the window.
        peer.send(frame(TEXT, payload, rsv=4) + frame(BINARY, b"Hallo"))
        peer.send(frame(TEXT, bytes.fromhex("f200110000"), rsv=4))
        texts = [decompressor.decompress(peer.frame()[1] + b"\0\0\xff\xff") for _ in range(3)]
        assert texts == [b"Hello", b"Hallo", b"Hello"]
