"""Thousands of clients in one process of their own, on bare sockets."""

import heapq
import json
import os
import random
import re
import select
import socket
import struct
import subprocess
import sys
import time

from wire import CLOSE, PING, PONG, TEXT, frame, upgrade

__all__ = ["Herd"]


class Herd:
    """Opens `count` WebSockets, keeps reading, and answers pings and closes."""

    def __init__(self, port, count, subscribe=None):
        self.count = count
        self.process = subprocess.Popen(
            [sys.executable, __file__, str(port), str(count), subscribe or ""],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.refusals = self.missed = self.open = 0
        self.drain_delays = []

    def __enter__(self):
        self.wait_all_open(60)
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(30)

    def _ask(self, *command):
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the herd has ended"
        answer = json.loads(line)
        self.refusals, self.missed, self.open = answer["refusals"], answer["missed"], answer["open"]
        self.drain_delays = answer["delays"]
        return answer

    def wait_all_open(self, seconds):
        """Waits until all are connected; how long that took."""
        answer = self._ask("open", seconds)
        assert answer["open"] == self.count, f"{answer['open']} of {self.count} after {seconds} s"
        return answer["seconds"]

    def latencies(self, upto):
        """Waits until all have got the publications before `upto`; the time that each one took."""
        return self._ask("latencies", upto)["latencies"]

    def wait_all_gone(self, seconds):
        """Waits until all are closed; what they were told of coming back."""
        assert self._ask("gone", seconds)["open"] == 0
        return self.drain_delays

    def come_back(self):
        """All whose connections have ended connect again, at once."""
        self._ask("return")


# --- the process -----------------------------------------------------------------------------------


class Member:
    __slots__ = ("socket", "is_open", "counts", "buffer", "next")

    def __init__(self):
        self.socket = None
        self.is_open = False
        # It is open, and subscribed if it is to be.
        self.counts = False
        self.buffer = b""
        self.next = None


class Flock:
    def __init__(self, port, count, channel):
        self.port = port
        self.channel = channel
        self.members = [Member() for _ in range(count)]
        self.by_descriptor = {}
        self.epoll = select.epoll()
        self.epoll.register(0, select.EPOLLIN)
        self.later = []
        self.opened = self.refusals = self.missed = 0
        self.delays = []
        self.latencies = []
        self.commands = []
        for member in self.members:
            self.connect(member)

    def connect(self, member):
        member.socket = socket.socket()
        member.socket.setblocking(False)
        member.buffer = b""
        member.socket.connect_ex(("127.0.0.1", self.port))
        self.by_descriptor[member.socket.fileno()] = member
        self.epoll.register(member.socket, select.EPOLLOUT)

    def drop(self, member, again=None):
        """Closes; comes back after `again` seconds, or when the herd is told to."""
        del self.by_descriptor[member.socket.fileno()]
        self.epoll.unregister(member.socket)
        member.socket.close()
        member.socket = None
        self.opened -= member.counts
        member.is_open = member.counts = False
        if again is not None:
            heapq.heappush(self.later, (time.monotonic() + again, random.random(), member))

    def ready(self, member, events):
        if events & select.EPOLLOUT and not events & select.EPOLLERR:
            try:
                member.socket.send(upgrade(self.port))
                self.epoll.modify(member.socket, select.EPOLLIN)
                return
            except OSError:
                pass
        try:
            data = member.socket.recv(1 << 18)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.drop(member, again=None if member.is_open else random.uniform(0.5, 1.5))
            return
        member.buffer = member.buffer + data if member.buffer else data
        if not member.is_open:
            self.response(member)
        if member.is_open and member.buffer:
            self.frames(member)

    def response(self, member):
        head, end, rest = member.buffer.partition(b"\r\n\r\n")
        if not end:
            return
        if not head.startswith(b"HTTP/1.1 101 "):
            assert head.startswith(b"HTTP/1.1 503 "), head
            self.refusals += 1
            after = int(re.search(rb"(?i)retry-after: *(\d+)", head)[1])
            self.drop(member, again=after + random.random())
            return
        member.is_open = True
        member.buffer = rest
        if not self.channel:
            self.count(member)
        else:
            params = {"channel": self.channel}
            request = {"jsonrpc": "2.0", "id": 1, "method": "hub.subscribe", "params": params}
            member.socket.send(frame(TEXT, json.dumps(request).encode()))

    def count(self, member):
        member.counts = True
        self.opened += 1

    def frames(self, member):
        data, position, now = member.buffer, 0, time.monotonic()
        while len(data) - position >= 2:
            length, start = data[position + 1], position + 2
            if length == 126:
                if len(data) - start < 2:
                    break
                (length,) = struct.unpack_from(">H", data, start)
                start += 2
            elif length == 127:
                if len(data) - start < 8:
                    break
                (length,) = struct.unpack_from(">Q", data, start)
                start += 8
            if len(data) - start < length:
                break
            opcode = data[position] & 0x0F
            position = start + length
            if opcode == TEXT:
                self.message(member, data, start, position, now)
            elif opcode == PING:
                member.socket.send(frame(PONG, data[start:position]))
            elif opcode == CLOSE:
                try:
                    member.socket.send(frame(CLOSE, data[start : start + 2]))
                except OSError:
                    pass
                self.drop(member)
                return
        member.buffer = data[position:]

    def message(self, member, data, start, end, now):
        place = data.find(b'"data":[', start, min(end, start + 300))
        if place < 0:
            text = data[start : min(end, start + 200)]
            if b'"result"' in text and not member.counts:
                self.count(member)
            elif b"session.draining" in text:
                self.delays.append(json.loads(data[start:end])["params"]["reconnectAfterMs"])
            return
        number, sent, _ = data[place + 8 : place + 60].split(b",", 2)
        number = int(number)
        if member.next is not None and number != member.next:
            self.missed += 1
        member.next = number + 1
        self.latencies.append(now - float(sent))

    def command(self):
        """Whether the first command is done, with its answer."""
        name, argument, begun = self.commands[0]
        passed = time.monotonic() - begun
        answer = {}
        if name == "open":
            if self.opened < len(self.members) and passed < argument:
                return None
        elif name == "gone":
            if self.opened and passed < argument:
                return None
        elif name == "latencies":
            if any(member.next != argument for member in self.members) and passed < 60:
                return None
            answer["latencies"], self.latencies = self.latencies, []
        elif name == "return":
            for member in self.members:
                if member.socket is None:
                    self.connect(member)
        return answer | {
            "open": self.opened,
            "refusals": self.refusals,
            "missed": self.missed,
            "delays": self.delays,
            "seconds": passed,
        }

    def run(self):
        text = b""
        while True:
            for descriptor, events in self.epoll.poll(0.02, 4096):
                if descriptor == 0:
                    more = os.read(0, 65536)
                    if not more:
                        return
                    *lines, text = (text + more).split(b"\n")
                    for line in lines:
                        name, *rest = json.loads(line)
                        self.commands.append((name, rest[0] if rest else None, time.monotonic()))
                elif member := self.by_descriptor.get(descriptor):
                    self.ready(member, events)
            now = time.monotonic()
            while self.later and self.later[0][0] <= now:
                member = heapq.heappop(self.later)[2]
                if member.socket is None:
                    self.connect(member)
            if self.commands and (answer := self.command()) is not None:
                del self.commands[0]
                print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    Flock(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]).run()
