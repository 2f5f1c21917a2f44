"""Watches a daemon while it is attacked: its memory, and how long an honest client waits.

The client is a process of its own, so that what the test itself does is not measured with it.
"""

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path

from wire import PING, PONG, TEXT, Peer, frame

# On a busy machine a client waits now and then however the hub is; this is far above that, and
# far below what a hub that is held up would need.
FLOOR = 1.0
MEBIBYTE = 1 << 20


def p99(times):
    return sorted(times)[min(len(times) - 1, len(times) * 99 // 100)]


class LiveClient:
    """Publishes to itself all the time; each round trip is timed."""

    def __init__(self, daemon, channel="app.live"):
        self.process = subprocess.Popen(
            [sys.executable, __file__, str(daemon.port), channel],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        # Its first rounds warm up.
        self.times(rounds=50)

    def times(self, rounds=10):
        """The times since this was last asked for, once there are so many; fails if it is not
        served any more."""
        self.process.stdin.write(f"{rounds}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "a good client was disturbed"
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(20)


class Watch:
    """Around an attack: memory grows by no more than `memory` bytes at any time, and the p99 of a
    live client at most doubles, or stays below `FLOOR`."""

    def __init__(self, daemon, memory=8 * MEBIBYTE, live=None):
        self.daemon = daemon
        self.memory = memory
        self.live = live
        self.owned = None

    def __enter__(self):
        if self.live is None:
            self.live = self.owned = LiveClient(self.daemon)
        self.before = p99(self.live.times(rounds=100))
        self.daemon.reset_peak_rss()
        self.rss = self.daemon.rss
        return self

    def __exit__(self, kind, *_):
        try:
            if kind is None:
                self.check()
        finally:
            if self.owned:
                self.owned.close()

    @property
    def growth(self):
        """By how much memory grew at most."""
        return self.daemon.peak_rss - self.rss

    def check(self):
        self.during = p99(self.live.times())
        growth = self.growth
        print(
            f"p99 {self.before * 1000:.1f} ms, then {self.during * 1000:.1f} ms; "
            f"memory +{growth / MEBIBYTE:.1f} MiB"
        )
        assert growth <= self.memory, f"memory grew by {growth} bytes"
        assert self.during <= max(2 * self.before, FLOOR), (
            f"a live client's p99 went from {self.before:.3f} s to {self.during:.3f} s"
        )


def processor_time(pid):
    """Seconds that a process has used of processors."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def main(port, channel):
    peer = Peer.websocket(port)

    def request(number, method, **params):
        message = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        peer.send(frame(TEXT, json.dumps(message).encode()))

    def messages():
        while True:
            opcode, payload = peer.frame()
            if opcode == PING:
                peer.send(frame(PONG, payload))
            elif opcode == TEXT:
                yield json.loads(payload)

    incoming = messages()
    request(0, "hub.subscribe", channel=channel)
    assert "result" in next(incoming)
    times, number, asked = [], 0, None
    while True:
        number += 1
        start = time.monotonic()
        request(number, "hub.publish", channel=channel, data=number)
        answered = heard = False
        while not (answered and heard):
            message = next(incoming)
            if "id" in message:
                assert message["id"] == number and "result" in message, message
                answered = True
            else:
                assert message["params"]["data"] == number, message
                heard = True
        times.append(time.monotonic() - start)
        if asked is not None and len(times) >= asked:
            print(json.dumps(times), flush=True)
            times, asked = [], None
        if select.select([sys.stdin], [], [], 0.003)[0]:
            line = sys.stdin.readline()
            if not line:
                return
            asked = int(line)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
