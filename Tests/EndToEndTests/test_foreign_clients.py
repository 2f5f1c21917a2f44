"""WebSocket libraries that this project did not write connect to the hub and work."""

import asyncio
import contextlib
import json
import os

import aiohttp
import picows
import picows.websockets.exceptions
import pytest
import websockets.asyncio.client
import wsproto
import wsproto.events
import wsproto.extensions
from picows.websockets.asyncio import client as picows_websockets

from foreign_hub import authority, hub  # noqa: F401 (fixtures)

# --- the conversation that every library has -----------------------------------------------------


class Closed(Exception):
    """The hub has closed; its code."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Conversation:
    """What a client is for: ask, subscribe, publish, hear, and be told of mistakes."""

    def __init__(self, client):
        self.client = client

    async def receive(self):
        return json.loads(await asyncio.wait_for(self.client.receive(), 20))

    async def call(self, number, method, **params):
        request = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        await self.client.send_text(json.dumps(request, ensure_ascii=False))
        # A publisher that subscribes may hear of its publication before it has the answer.
        heard = []
        while True:
            message = await self.receive()
            if message.get("id") == number:
                return message["result"], heard
            heard.append(message)

    async def hold(self):
        welcome = await self.receive()
        assert welcome["method"] == "session.welcome"
        assert welcome["params"]["protocol"] == "omnihub.v1"

        position, heard = await self.call(1, "hub.subscribe", channel="app.foreign")
        assert heard == []
        # As long as not to fit one read, and of text that does and does not compress.
        for number, data in enumerate(["Grüße 世界", "ab" * 50_000, os.urandom(40_000).hex()], 1):
            _, heard = await self.call(1 + number, "hub.publish", channel="app.foreign", data=data)
            event = heard[0] if heard else await self.receive()
            assert event["method"] == "hub.event"
            assert event["params"]["data"] == data
            assert event["params"]["offset"] == position["offset"] + number

        await self.client.send_binary(b"\x00\xff")
        with pytest.raises(Closed) as closed:
            while True:
                await self.receive()
        assert closed.value.code == 1003


class Websockets:
    """PyPI's `websockets`."""

    @classmethod
    @contextlib.asynccontextmanager
    async def connect(cls, hub, compressed):
        compression = "deflate" if compressed else None
        async with websockets.asyncio.client.connect(
            hub.url,
            compression=compression,
            proxy=None,
            ssl=hub.tls,
            subprotocols=["omnihub.v1"],
        ) as socket:
            assert socket.subprotocol == "omnihub.v1"
            assert bool(socket.protocol.extensions) == compressed
            yield cls(socket)

    def __init__(self, socket):
        self.socket = socket

    async def send_text(self, text):
        await self.socket.send(text)

    async def send_binary(self, data):
        await self.socket.send(data)

    async def receive(self):
        try:
            return await self.socket.recv()
        except websockets.exceptions.ConnectionClosed as closed:
            raise Closed(closed.rcvd.code) from None


class Aiohttp:
    """PyPI's `aiohttp`."""

    @classmethod
    @contextlib.asynccontextmanager
    async def connect(cls, hub, compressed):
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(
                hub.url, compress=15 if compressed else 0, ssl=hub.tls or True
            ) as socket,
        ):
            assert bool(socket.compress) == compressed
            yield cls(socket)

    def __init__(self, socket):
        self.socket = socket

    async def send_text(self, text):
        await self.socket.send_str(text)

    async def send_binary(self, data):
        await self.socket.send_bytes(data)

    async def receive(self):
        message = await self.socket.receive()
        if message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED):
            raise Closed(self.socket.close_code)
        assert message.type is aiohttp.WSMsgType.TEXT
        return message.data


class Picows:
    """PyPI's `picows`, as the callbacks that it is."""

    class Listener(picows.WSListener):
        def __init__(self):
            self.arrived = asyncio.Queue()
            self.message = b""

        def on_ws_frame(self, transport, frame):
            if frame.msg_type == picows.WSMsgType.CLOSE:
                self.arrived.put_nowait(Closed(int(frame.get_close_code())))
                transport.send_close(frame.get_close_code())
                transport.disconnect()
                return
            self.message += frame.get_payload_as_bytes()
            if frame.fin:
                self.arrived.put_nowait(self.message.decode())
                self.message = b""

    @classmethod
    @contextlib.asynccontextmanager
    async def connect(cls, hub, compressed):
        assert not compressed
        transport, listener = await picows.ws_connect(
            cls.Listener, hub.url, ssl_context=hub.tls
        )
        yield cls(transport, listener)
        transport.disconnect()

    def __init__(self, transport, listener):
        self.transport = transport
        self.listener = listener

    async def send_text(self, text):
        self.transport.send(picows.WSMsgType.TEXT, text.encode())

    async def send_binary(self, data):
        self.transport.send(picows.WSMsgType.BINARY, data)

    async def receive(self):
        arrived = await self.listener.arrived.get()
        if isinstance(arrived, Closed):
            raise arrived
        return arrived


class PicowsWebsockets(Websockets):
    """The part of `picows` that looks like `websockets` and compresses."""

    @classmethod
    @contextlib.asynccontextmanager
    async def connect(cls, hub, compressed):
        compression = "deflate" if compressed else None
        async with picows_websockets.connect(
            hub.url, compression=compression, ssl=hub.tls
        ) as socket:
            assert ("Sec-WebSocket-Extensions" in socket.response.headers) == compressed
            yield cls(socket)

    async def receive(self):
        try:
            return await self.socket.recv()
        except picows.websockets.exceptions.ConnectionClosed as closed:
            raise Closed(closed.rcvd.code) from None


class Wsproto:
    """PyPI's `wsproto`, which knows no sockets, on a plain stream."""

    @classmethod
    @contextlib.asynccontextmanager
    async def connect(cls, hub, compressed):
        reader, writer = await asyncio.open_connection("127.0.0.1", hub.port, ssl=hub.tls)
        client = cls(reader, writer)
        extensions = [wsproto.extensions.PerMessageDeflate()] if compressed else []
        request = wsproto.events.Request(
            host=f"127.0.0.1:{hub.port}", target="/ws", extensions=extensions
        )
        await client.send(request)
        accepted = await client.next()
        assert isinstance(accepted, wsproto.events.AcceptConnection)
        assert bool(accepted.extensions) == compressed
        yield client
        writer.close()

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer
        self.protocol = wsproto.WSConnection(wsproto.ConnectionType.CLIENT)

    async def next(self):
        while True:
            for event in self.protocol.events():
                return event
            self.protocol.receive_data(await self.reader.read(65536) or None)

    async def send(self, event):
        self.writer.write(self.protocol.send(event))
        await self.writer.drain()

    async def send_text(self, text):
        # In two frames, of which only the first says whether the message is compressed.
        half = len(text) // 2
        await self.send(wsproto.events.TextMessage(text[:half], message_finished=False))
        await self.send(wsproto.events.Ping(b"between"))
        await self.send(wsproto.events.TextMessage(text[half:]))

    async def send_binary(self, data):
        await self.send(wsproto.events.BytesMessage(data))

    async def receive(self):
        text = ""
        while True:
            match await self.next():
                case wsproto.events.TextMessage(data=data, message_finished=finished):
                    text += data
                    if finished:
                        return text
                case wsproto.events.CloseConnection(code=code) as close:
                    await self.send(close.response())
                    raise Closed(code)
                case wsproto.events.Pong(payload=payload):
                    assert payload == b"between"


CLIENTS = [
    (Websockets, False),
    (Websockets, True),
    (Aiohttp, False),
    (Aiohttp, True),
    (Picows, False),
    (PicowsWebsockets, False),
    (PicowsWebsockets, True),
    (Wsproto, False),
    (Wsproto, True),
]


@pytest.mark.parametrize(
    ("client", "compressed"),
    CLIENTS,
    ids=lambda value: {True: "compressed", False: "plain"}.get(value) or value.__name__,
)
def test_a_library_holds_a_conversation(hub, client, compressed):
    async def hold():
        async with client.connect(hub, compressed) as socket:
            await Conversation(socket).hold()

    asyncio.run(hold())
