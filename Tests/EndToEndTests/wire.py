"""A WebSocket peer that sends any bytes it is told to, on a socket of its own."""

import base64
import os
import re
import socket
import struct
import time

TEXT, BINARY, CONTINUATION, CLOSE, PING, PONG = 0x1, 0x2, 0x0, 0x8, 0x9, 0xA


def header(opcode, length, *, fin=True, rsv=0, mask=True, form=None, key=b"\0\0\0\0"):
    """A frame header; `form` forces the 16-bit (2) or 64-bit (8) form of the length."""
    form = form or (0 if length < 126 else 2 if length < 65536 else 8)
    first = (0x80 if fin else 0) | rsv << 4 | opcode
    second = 0x80 if mask else 0
    if form == 0:
        start = bytes([first, second | length])
    elif form == 2:
        start = bytes([first, second | 126]) + struct.pack(">H", length)
    else:
        start = bytes([first, second | 127]) + struct.pack(">Q", length)
    return start + (key if mask else b"")


def frame(opcode, payload=b"", **options):
    """A whole frame; the masking key is zero unless `key` is given."""
    key = options.get("key", b"\0\0\0\0")
    if options.get("mask", True) and key != b"\0\0\0\0":
        body = bytes(byte ^ key[index % 4] for index, byte in enumerate(payload))
    else:
        body = payload
    return header(opcode, len(payload), **options) + body


def upgrade(port, path="/ws", **fields):
    """An opening request; a field given as None is left out, `_` in names stands for `-`."""
    values = {
        "Host": f"127.0.0.1:{port}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        "Sec-WebSocket-Version": "13",
    }
    method = fields.pop("method", "GET")
    version = fields.pop("version", "HTTP/1.1")
    values |= {name.replace("_", "-"): value for name, value in fields.items()}
    lines = [f"{method} {path} {version}"]
    lines += [f"{name}: {value}" for name, value in values.items() if value is not None]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Response:
    def __init__(self, head, body):
        status, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(status.split(" ")[1])
        self.fields = {}
        for line in lines:
            name, _, value = line.partition(":")
            self.fields[name.strip().lower()] = value.strip()
        self.body = body


class Peer:
    """A TCP connection to the hub.

    With small segments, as on any network, the kernel takes far less of the hub's bytes for a
    peer that does not read than it does on loopback.
    """

    def __init__(
        self, port, host="127.0.0.1", receive_buffer=None, segment=None, source=None
    ):
        self.port = port
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        if segment:
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, segment)
        if source:
            self.socket.bind((source, 0))
        self.socket.settimeout(20)
        self.socket.connect((host, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    @classmethod
    def websocket(cls, port, **options):
        """A peer whose WebSocket is open and whose `session.welcome` was read."""
        peer = cls(port, **options)
        peer.send(upgrade(port))
        answer = peer.response()
        assert answer.status == 101, answer.status
        opcode, payload = peer.frame()
        assert opcode == TEXT and b"session.welcome" in payload
        return peer

    def send(self, data):
        self.socket.sendall(data)

    def try_send(self, data):
        """Sends what the hub still takes; says whether it took all."""
        try:
            self.socket.sendall(data)
            return True
        except (ConnectionError, TimeoutError):
            return False

    def _more(self):
        data = self.socket.recv(65536)
        self.buffer += data
        return bool(data)

    def _read(self, count):
        while len(self.buffer) < count:
            if not self._more():
                raise EOFError(f"ended with {self.buffer!r}")
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def response(self):
        """The next HTTP response."""
        while b"\r\n\r\n" not in self.buffer:
            if not self._more():
                raise EOFError(f"ended with {self.buffer!r}")
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        length = re.search(rb"(?i)^content-length: *(\d+)", head, re.M)
        return Response(head, self._read(int(length[1]) if length else 0))

    def frame(self):
        """The next frame of the hub, as opcode and payload."""
        first, second = self._read(2)
        assert not second & 0x80, "a server must not mask"
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack(">H", self._read(2))
        elif length == 127:
            (length,) = struct.unpack(">Q", self._read(8))
        return first & 0x0F, self._read(length)

    def close_code(self):
        """Reads on to the Close frame; its code."""
        while True:
            opcode, payload = self.frame()
            if opcode == CLOSE:
                return struct.unpack(">H", payload[:2])[0] if payload else None

    def wait_end(self):
        """Waits for the end of the hub's bytes; what came until then."""
        try:
            while self._more():
                pass
        except ConnectionError:
            pass
        rest, self.buffer = self.buffer, b""
        return rest

    def wait_gone(self, seconds):
        """Waits until the connection is gone both ways: sending fails."""
        self.wait_end()
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                self.socket.send(b"\0")
            except OSError:
                return
            time.sleep(0.02)
        raise AssertionError(f"the connection is still there after {seconds} s")
