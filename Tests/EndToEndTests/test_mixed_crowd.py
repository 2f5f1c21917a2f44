"""Many clients that do everything at random, on several loops: nobody misses or repeats anything."""

import asyncio
import json
import random

import websockets
from websockets.exceptions import ConnectionClosed

from client import Client
from daemon import wait_until
from storm import UNLIMITED

CHANNELS = [f"app.crowd.{name}.{kind}" for name in "abcd" for kind in ("x", "y")]
PATTERNS = ["app.crowd.*.x", "app.crowd.>", "app.crowd.a.*", "app.*.b.y"]
SECONDS = 6


class Member:
    """One session after the other, each with subscriptions of its own that it checks."""

    def __init__(self, url, number):
        self.url = url
        self.random = random.Random(number)
        self.number = number
        self.events = 0
        self.left = {}

    async def live(self, deadline):
        loop = asyncio.get_running_loop()
        while loop.time() < deadline:
            compression = self.random.choice([None, "deflate"])
            async with websockets.connect(
                self.url, compression=compression, proxy=None, max_queue=None
            ) as socket:
                session = Session(socket, self)
                try:
                    await asyncio.wait_for(
                        session.run(self.random.randint(5, 60)), deadline + 20 - loop.time()
                    )
                except ConnectionClosed as closed:
                    raise AssertionError(f"member {self.number} was closed: {closed}") from closed
                if self.random.random() < 0.3:
                    socket.transport.abort()


class Session:
    def __init__(self, socket, member):
        self.socket = socket
        self.member = member
        self.random = member.random
        self.cursors = {}
        self.asked = {}
        self.ids = 0

    async def run(self, steps):
        for _ in range(steps):
            await self.step()
            await self.receive(self.random.choice([0, 0, 0.002]))
        while self.asked:
            await self.receive(5)

    async def step(self):
        choice = self.random.random()
        taken = {params["channel"] for _, params in self.asked.values()}
        if choice < 0.55:
            params = {"channel": self.random.choice(CHANNELS), "data": "x" * self.random.randint(0, 600)}
            if self.random.random() < 0.5:
                params["key"] = self.random.choice("klm")
            await self.ask("hub.publish", params)
        elif choice < 0.85:
            channel = self.random.choice(CHANNELS + PATTERNS)
            if channel in self.cursors or channel in taken:
                return
            params = {"channel": channel}
            if channel in self.member.left and self.random.random() < 0.7:
                params["since"] = self.member.left[channel]
            elif self.random.random() < 0.3:
                params["last"] = self.random.randint(0, 20)
            if self.random.random() < 0.3:
                params["policy"] = "latest"
            if channel in CHANNELS and self.random.random() < 0.3:
                params["presence"] = {"id": f"member-{self.member.number}"}
            await self.ask("hub.subscribe", params)
        elif self.cursors:
            channel = self.random.choice(list(self.cursors))
            if channel not in taken:
                await self.ask("hub.unsubscribe", {"channel": channel})

    async def ask(self, method, params):
        self.ids += 1
        self.asked[self.ids] = (method, params)
        request = {"jsonrpc": "2.0", "id": self.ids, "method": method, "params": params}
        await self.socket.send(json.dumps(request))

    async def receive(self, timeout):
        """Takes what has come, and waits for something as long as that."""
        while True:
            try:
                text = await asyncio.wait_for(self.socket.recv(), timeout or 0.0001)
            except TimeoutError:
                return
            self.take(json.loads(text))
            timeout = 0

    def take(self, message):
        match message.get("method"):
            case None:
                assert "result" in message, message
                self.answered(*self.asked.pop(message["id"]), message["result"])
            case "hub.event":
                self.event(message["params"])
            case "hub.lagged":
                cursor = self.cursors[message["params"]["channel"]]
                assert cursor["policy"] == "latest" and message["params"]["from"] == cursor["offset"] + 1
                cursor["gap"] = message["params"]["to"]
            case "hub.presence" | "session.welcome":
                pass
            case other:
                raise AssertionError(other)

    def answered(self, method, params, result):
        channel = params["channel"]
        if method == "hub.subscribe":
            start = result["offset"] - len(result["events"])
            if "since" in params and result["recovered"]:
                assert start == params["since"]["offset"], "recovery is whole or not at all"
            self.cursors[channel] = {
                "epoch": result["epoch"],
                "offset": start,
                "policy": params.get("policy", "all"),
                "gap": 0,
            }
            for event in result["events"]:
                self.event(event)
            assert self.cursors[channel]["offset"] == result["offset"]
            self.remember(channel)
        elif method == "hub.unsubscribe":
            del self.cursors[channel]

    def event(self, params):
        channel = params.get("pattern", params["channel"])
        offset = params["patternOffset" if "pattern" in params else "offset"]
        cursor = self.cursors[channel]
        expected = cursor["offset"] + 1
        within_gap = cursor["offset"] < offset <= cursor["gap"]
        assert offset == expected or within_gap, f"{channel}: {offset} instead of {expected}"
        cursor["offset"] = offset
        self.member.events += 1
        self.remember(channel)

    def remember(self, channel):
        cursor = self.cursors[channel]
        self.member.left[channel] = {"epoch": cursor["epoch"], "offset": cursor["offset"]}


def test_a_mixed_crowd_misses_and_repeats_nothing(make_daemon):
    daemon = make_daemon(
        config={
            "limits": UNLIMITED,
            "channels": {"presenceGraceMs": 200, "patternLingerMs": 200},
        },
        arguments=["--loops", "3"],
    )

    async def crowd():
        deadline = asyncio.get_running_loop().time() + SECONDS
        members = [Member(daemon.url, number) for number in range(40)]
        await asyncio.gather(*(member.live(deadline) for member in members))
        return sum(member.events for member in members)

    assert asyncio.run(crowd()) > 5_000
    for name in ("sessions", "subscriptions", "presence_members", "patterns"):
        wait_until(
            lambda name=name: daemon.metrics()[f"omnihub_{name}"] == 0,
            what=f"nothing is left of their {name}",
        )
    with Client(daemon.url) as client:
        assert client.call("session.ping")
