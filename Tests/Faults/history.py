"""Commands whose answers are remembered, so that a hub that comes back can be asked for them."""

import random
import time

from client import Client, ConnectionClosed, Failure, stored_tasks
from daemon import Daemon, Process

FINAL = {"task.completed", "task.failed", "task.cancelled", "task.dead", "task.abandoned"}


class History:
    """What a hub was told to do and what it acknowledged.

    Each command has an idempotency key, so one that was not acknowledged can be sent again:
    whether it had happened or not, there is one task of it afterwards.
    """

    def __init__(self, seed=1):
        self.random = random.Random(seed)
        # Commands by key, in the order in which they were first sent.
        self.commands = {}
        # Answers by key.
        self.acknowledged = {}
        self.epoch = None
        self.offset = 0
        # What was read of the channel `tasks`, up to there.
        self.events = []
        # Whether a script ended before its time.
        self.lost_connection = False

    # --- sending -------------------------------------------------------------------------------

    def create(self, size=40, kind="content.analyze"):
        key = f"key-{len(self.commands)}"
        text = f"{key} " + "x" * self.random.randrange(size)
        payload = {"text": text}
        self.commands[key] = "tasks.create", {
            "type": kind,
            "payload": payload,
            "correlationId": key,
            "maxAttempts": 100,
        }
        return key

    def cancel(self, created):
        key = f"key-{len(self.commands)}"
        task = self.acknowledged[created]["id"]
        self.commands[key] = "tasks.cancel", {"id": task}
        return key

    def send(self, client, key):
        method, params = self.commands[key]
        return client.submit(method, **params, idempotencyKey=key)

    def take(self, client, key, request):
        """Waits for an answer and remembers it; false when storage was not available."""
        try:
            answer = client.answer(request)
        except Failure as failure:
            if failure.name == "STORAGE_UNAVAILABLE":
                return False
            raise
        self.acknowledged[key] = answer
        return True

    def call(self, client, key):
        return self.take(client, key, self.send(client, key))

    def run_script(self, client, count=50):
        """`count` commands one after the other, and four snapshots, of which two stay.

        Ends early when the hub does; a command that is refused for want of storage is sent again
        until it succeeds or the hub ends.
        """
        previous = None
        deadline = time.monotonic() + 30
        try:
            for number in range(count):
                if number % (count // 4) == 5:
                    try:
                        client.call("system.snapshot")
                    except Failure as failure:
                        assert failure.name == "STORAGE_UNAVAILABLE", failure
                if number % 5 == 4:
                    key = self.cancel(previous)
                else:
                    key = previous = self.create()
                while not self.call(client, key):
                    assert time.monotonic() < deadline, "storage did not come back"
        except ConnectionClosed:
            self.lost_connection = True

    # --- asking --------------------------------------------------------------------------------

    def check(self, client):
        """Everything acknowledged is there, nothing is there twice, and the channel is whole."""
        tasks = stored_tasks(client)
        assert len({task["id"] for task in tasks}) == len(tasks)
        by_key = {}
        for task in tasks:
            by_key.setdefault(task["correlationId"], []).append(task)
        twice = [key for key, found in by_key.items() if len(found) > 1]
        assert not twice, f"there twice: {twice}"
        assert by_key.keys() <= self.commands.keys()
        for key, answer in self.acknowledged.items():
            method, params = self.commands[key]
            if method == "tasks.create":
                assert key in by_key, f"{key} was acknowledged and is lost"
                (task,) = by_key[key]
                assert task["id"] == answer["id"] and task["type"] == params["type"]
            else:
                (task,) = [task for task in tasks if task["id"] == params["id"]]
                assert task["status"] == answer["status"], f"{key} was acknowledged and is lost"
        self.check_events(client, {task["id"]: task for task in tasks})

    def check_events(self, client, tasks):
        """The channel has every event of every task, once and without a gap."""
        newest = client.call("hub.history", channel="tasks", limit=1)
        assert self.epoch in (None, newest["epoch"])
        self.epoch = newest["epoch"]
        while self.offset < newest["head"]:
            since = {"epoch": self.epoch, "offset": self.offset}
            answer = client.call("hub.history", channel="tasks", since=since, limit=1000)
            assert answer["recovered"] and answer["events"], f"nothing after {self.offset}"
            for place in answer["events"]:
                assert place["offset"] == self.offset + 1
                self.offset += 1
                self.events.append(place["event"])
        events = self.events
        assert len({event["id"] for event in events}) == len(events), "an event is there twice"
        for kind in ({"task.created"}, FINAL):
            seen = [event["taskId"] for event in events if event["type"] in kind]
            assert len(set(seen)) == len(seen), f"twice for one task: {kind}"
        assert {event["taskId"] for event in events} <= set(tasks)

    def repeat(self, client, keys=None):
        """Sends commands again: acknowledged ones get the same answer, the others one task."""
        for key in keys or self.commands:
            before = self.acknowledged.get(key)
            assert self.call(client, key)
            if before is not None:
                assert self.acknowledged[key] == before, f"{key} was answered otherwise before"


def verify(state):
    """`omnihubd verify` finds no damage."""
    process = Process("omnihubd", "verify", state)
    # A debug build on a busy machine reads a folder after 100 kills for more than half a minute.
    status = process.wait(300)
    process.check_for_crash()
    assert status == 0, f"exit status {status}:\n{process.stdout.text}\n{process.stderr.text}"


def check_restart(folder, history, repeat=True, config=None):
    """Starts a hub on `folder` as if nothing had been, and compares."""
    hub = Daemon(folder, config=config)
    if (hub.state / "journal").exists():
        verify(hub.state)
    hub.start()
    try:
        with Client(hub.url) as client:
            history.check(client)
            if repeat:
                history.repeat(client)
                history.check(client)
        assert hub.stop() == 0
        verify(hub.state)
    finally:
        hub.check()


def insist(client, method, **params):
    """Calls again for as long as storage or agent are not ready, or until the hub ends."""
    deadline = time.monotonic() + 30
    while True:
        try:
            return client.call(method, **params)
        except Failure as failure:
            assert failure.name in ("STORAGE_UNAVAILABLE", "CONFLICT"), failure
            assert time.monotonic() < deadline, failure


def pause_agents(client):
    """From here on only commands change the state."""
    for agent in insist(client, "agents.list")["agents"]:
        key = f"pause-{agent['id']}"
        insist(client, "agents.pause", id=agent["id"], idempotencyKey=key)
