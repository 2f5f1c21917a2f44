"""Publishers that give the hub no rest, and subscribers that miss nothing of it."""

import json
import threading

from client import Client, Feed
from wire import TEXT, Peer, frame

__all__ = [
    "GENEROUS",
    "UNLIMITED",
    "Storm",
    "offsets",
    "publish",
    "raw_subscriber",
    "subscribe_strictly",
    "unsubscribe_strictly",
    "values",
]

# As many commands as a hub can do.
UNLIMITED = {
    "commandsPerSecond": 0,
    "userCommandsPerSecond": 0,
    "userPublicationsPerSecond": 0,
    "userTasksPerSecond": 0,
}

# Nobody is slowed or cut off, and everything is kept.
GENEROUS = {
    "limits": UNLIMITED | {"maxOutboundBytes": 1 << 30},
    "channels": {"historySize": 1_000_000, "historyBytes": 1 << 28},
}


def publish(client, channel, values):
    """Publishes each of the values; their positions."""
    keys = [client.submit("hub.publish", channel=channel, data=value) for value in values]
    return [client.answer(key) for key in keys]


def values(events):
    return [event["data"] for event in events]


def offsets(events):
    return [event["offset"] for event in events]


class Storm(threading.Thread):
    """Publishes 0, 1, 2 … on a channel for as long as it is let."""

    def __init__(self, url, channel, data=lambda number: number):
        super().__init__(daemon=True)
        self.client = Client(url)
        self.channel = channel
        self.data = data
        self.count = 0
        self.ended = threading.Event()
        self.failure = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.join(20)
        self.client.close()
        assert not self.failure, self.failure

    def run(self):
        try:
            while not self.ended.is_set():
                numbers = range(self.count, self.count + 8)
                positions = publish(self.client, self.channel, map(self.data, numbers))
                self.count += 8
                assert positions[-1]["offset"] == self.count, "one publisher, one order"
        except Exception as error:
            self.failure = error


def subscribe_strictly(client, channel, **params):
    """Subscribes; what comes first must be the answer."""
    key = client.submit("hub.subscribe", channel=channel, **params)
    message = client.receive()
    assert message.get("id") == key and "result" in message, f"before the answer: {message}"
    return Feed(client, message["result"])


def unsubscribe_strictly(feed):
    """Unsubscribes; up to the answer nothing is missing."""
    key = feed.client.submit("hub.unsubscribe", channel=feed.channel)
    while (message := feed.client.receive()).get("id") != key:
        feed.take(message["params"])
    assert message["result"] == {"channel": feed.channel}


def raw_subscriber(daemon, channel, receive_buffer=None, segment=None, **params):
    """A subscriber by hand, which reads only when it is told to."""
    peer = Peer.websocket(daemon.port, receive_buffer=receive_buffer, segment=segment)
    params = {"channel": channel} | params
    request = {"jsonrpc": "2.0", "id": 1, "method": "hub.subscribe", "params": params}
    peer.send(frame(TEXT, json.dumps(request).encode()))
    assert b'"result"' in peer.frame()[1]
    return peer
