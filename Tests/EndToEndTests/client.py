"""A JSON-RPC client of the hub over PyPI's `websockets`."""

import contextlib
import itertools
import json
import time
from collections import deque

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect, unix_connect

__all__ = ["Client", "ConnectionClosed", "Failure", "Feed", "stored_tasks"]


class Failure(Exception):
    """An error that a command was answered with."""

    def __init__(self, error):
        super().__init__(f"{error['code']} {error['message']} {error.get('data')}")
        self.code = error["code"]
        self.message = error["message"]
        self.data = error.get("data", {})
        self.name = self.data.get("code")

    @property
    def paths(self):
        return [detail["path"] for detail in self.data.get("details", [])]


class Client:
    """One session. `notifications` holds what came beside the answers, in order."""

    def __init__(self, url, unix=None, **options):
        options = {"compression": None, "max_size": None, "max_queue": None, "proxy": None} | options
        self.stack = contextlib.ExitStack()
        self.socket = self.stack.enter_context(self._open(url, unix, options))
        self.ids = itertools.count(1)
        self.notifications = deque()
        self.answers = {}
        self.welcome = self.receive(10)["params"]

    @staticmethod
    def _open(url, unix, options):
        if unix:
            return unix_connect(unix, url, **options)
        if "ssl" not in options:
            return connect(url, **options)
        # This client reads and writes in two threads, which an SSL object of Python before 3.13
        # does not stand: one opening request in some hundred gets lost in it, whatever the server.
        for _ in range(3):
            with contextlib.suppress(TimeoutError):
                return connect(url, **options, open_timeout=5)
        return connect(url, **options)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.stack.close()

    # --- messages as they are ------------------------------------------------------------------

    def send(self, message):
        self.socket.send(message if isinstance(message, (str, bytes)) else json.dumps(message))

    def receive(self, timeout=20):
        return json.loads(self.socket.recv(timeout))

    def ask(self, message):
        """Sends one message and returns the next that comes."""
        self.send(message)
        return self.receive()

    # --- commands ------------------------------------------------------------------------------

    def submit(self, method, /, **params):
        """Sends a command without waiting; `answer` has what comes back."""
        key = next(self.ids)
        self.send({"jsonrpc": "2.0", "id": key, "method": method, "params": params})
        return key

    def answer(self, key, timeout=20):
        deadline = time.monotonic() + timeout
        while key not in self.answers:
            self._take(self.receive(max(0, deadline - time.monotonic())))
        answer = self.answers.pop(key)
        if "error" in answer:
            raise Failure(answer["error"])
        return answer["result"]

    def call(self, method, /, **params):
        """Asks, and asks again as long as an agent is on its way to what it is to be."""
        while True:
            try:
                return self.answer(self.submit(method, **params))
            except Failure as failure:
                is_on_its_way = failure.name == "CONFLICT" and failure.data.get("temporary")
                if not (method.startswith("agents.") and is_on_its_way):
                    raise

    def _take(self, message):
        if "method" in message:
            self.notifications.append(message)
        else:
            self.answers[message["id"]] = message

    # --- notifications -------------------------------------------------------------------------

    def notification(self, timeout=20):
        """The next notification."""
        deadline = time.monotonic() + timeout
        while not self.notifications:
            self._take(self.receive(max(0, deadline - time.monotonic())))
        return self.notifications.popleft()

    def event(self, timeout=20):
        """The params of the next `hub.event`."""
        while True:
            message = self.notification(timeout)
            if message["method"] == "hub.event":
                return message["params"]

    def subscribe(self, channel, **params):
        """Subscribes; the feed continues from the answer."""
        return Feed(self, self.call("hub.subscribe", channel=channel, **params))


class Feed:
    """What a subscriber sees of a channel, checked to be without a gap or a repeat."""

    def __init__(self, client, answer):
        self.client = client
        self.answer = answer
        self.channel = answer["channel"]
        self.epoch = answer["epoch"]
        self.offset = answer["offset"] - len(answer["events"])
        self.seen = []
        self._take_all(answer)

    def resume(self, client):
        """Recovers on another connection what was missed on the one before."""
        answer = client.call("hub.subscribe", channel=self.channel, since=self.position)
        assert answer["recovered"] is True, f"{self.position} was not recovered"
        assert answer["epoch"] == self.epoch
        self.client = client
        self._take_all(answer)

    def _take_all(self, answer):
        for event in answer["events"]:
            self.take(event)
        assert self.offset == answer["offset"]

    def take(self, event):
        assert event["channel"] == self.channel
        assert event["offset"] == self.offset + 1, f"{event['offset']} after {self.offset}"
        self.offset = event["offset"]
        self.seen.append(event)
        return event

    def next(self, timeout=20):
        return self.take(self.client.event(timeout))

    def until(self, condition, timeout=60):
        """Reads on until `condition(event)`; returns that event."""
        deadline = time.monotonic() + timeout
        while True:
            event = self.next(deadline - time.monotonic())
            if condition(event):
                return event

    def find(self, condition, timeout=60):
        """The first event with `condition(event)`, of those that were seen or are to come."""
        for event in self.seen:
            if condition(event):
                return event
        return self.until(condition, timeout)

    def drain(self):
        """Takes what has come so far."""
        while self.client.notifications:
            self.next()
        try:
            while True:
                self.next(0.0)
        except TimeoutError:
            pass

    @property
    def position(self):
        return {"epoch": self.epoch, "offset": self.offset}


def stored_tasks(client):
    """Every task of the hub, over all pages."""
    tasks, more = [], {}
    while True:
        page = client.call("tasks.list", limit=1000, **more)
        tasks += page["tasks"]
        if "next" not in page:
            return tasks
        more = {"cursor": page["next"]}
