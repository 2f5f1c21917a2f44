"""The state of tasks and agents, and the events that carry it on: together always the truth."""

import threading

import pytest

from client import Client, Feed
from daemon import wait_until
from storm import offsets


def apply(task, event):
    """A task after an event, by the contract; None stands for no task yet."""
    data, time = event["data"], event["timestamp"]
    kind = event["type"].removeprefix("task.")
    if kind == "created":
        return dict(data)
    task = task | {"updatedAt": time}
    if kind == "started":
        changes = {"status": "running", "attempts": data["attempt"], "progress": 0}
        return task | changes | {"startedAt": time}
    if kind == "progress":
        return task | {"progress": data["progress"]}
    if kind == "completed":
        task.pop("error", None)
        changes = {"status": "completed", "progress": 100, "result": data["result"]}
        return task | changes | {"completedAt": time}
    if kind in ("failed", "dead"):
        return task | {"status": kind, "error": data["error"], "completedAt": time}
    if kind == "cancelled":
        return task | {"status": "cancelled", "completedAt": time}
    if kind == "scheduled":
        return task | {"runAt": data["runAt"]}
    raise AssertionError(f"not expected here: {event}")


class Producer(threading.Thread):
    """Creates tasks, of which some fail and some are cancelled."""

    def __init__(self, url, count):
        super().__init__(daemon=True)
        self.client = Client(url)
        self.count = count
        self.ids = []
        self.begun = threading.Event()
        self.failure = None

    def run(self):
        try:
            for number in range(self.count):
                text = {"text": f"Number {number} is a short text. It has two sentences."}
                task = self.client.call(
                    "tasks.create",
                    type="content.analyze",
                    payload=text,
                    priority=["low", "medium", "high", "critical"][number % 4],
                )
                self.ids.append(task["id"])
                if number >= 20:
                    self.begun.set()
                if number % 10 == 9:
                    later = self.client.call(
                        "tasks.create",
                        type="content.keywords",
                        payload=text,
                        runAt="2999-01-01T00:00:00Z",
                    )
                    self.ids.append(later["id"])
                    self.client.call("tasks.cancel", id=later["id"])
            for key in self.ids:
                self.client.call("tasks.wait", id=key)
        except Exception as error:
            self.failure = error
        finally:
            self.begun.set()


@pytest.fixture
def produced(daemon):
    """A hub in which a producer is at work, and which then rests."""
    producer = Producer(daemon.url, 300)
    producer.start()
    producer.begun.wait(20)
    yield daemon, producer
    producer.join(60)
    assert not producer.failure and not producer.is_alive(), producer.failure
    producer.client.close()


def check_tasks(feed, tasks, client):
    """State and events together are what the hub says of its tasks."""
    for place in feed.seen:
        event = place["event"]
        known = tasks.get(event["taskId"])
        assert known or event["type"] == "task.created", f"{event} of an unknown task"
        assert not (known and event["type"] == "task.created"), f"{event} was in the state"
        tasks[event["taskId"]] = apply(known, event)
    for key, task in tasks.items():
        assert task == client.call("tasks.get", id=key)


def take_up_to_head(feed, client):
    last = client.call("hub.history", channel=feed.channel, limit=0)["head"]
    while feed.offset < last:
        feed.next()


def test_the_state_of_tasks_goes_on_live(produced):
    daemon, producer = produced
    feeds = []
    for _ in range(5):
        client = Client(daemon.url)
        feed = client.subscribe("tasks", state=True)
        assert "stateNext" not in feed.answer
        feeds.append(feed)
        for _ in range(30):
            feed.next()
    producer.join(60)
    for feed in feeds:
        take_up_to_head(feed, producer.client)
        tasks = {task["id"]: task for task in feed.answer["state"]}
        assert 0 < len(tasks) < len(producer.ids), "it joined in the middle"
        check_tasks(feed, tasks, producer.client)
        assert tasks.keys() == set(producer.ids)
        feed.client.close()


def head(daemon):
    with Client(daemon.url) as client:
        return client.call("hub.history", channel="tasks", limit=0)["head"]


def test_state_and_since_come_together(produced):
    """A dashboard that was away: what it missed, the state, and then live."""
    daemon, producer = produced
    with Client(daemon.url) as client:
        before = client.subscribe("tasks")
        for _ in range(50):
            before.next()
        client.call("hub.unsubscribe", channel="tasks")
        while client.notifications:
            before.next()
        # Some pass by while it is away.
        wait_until(lambda: head(daemon) > before.offset + 30, what="more events")
        answer = client.call("hub.subscribe", channel="tasks", state=True, since=before.position)
        assert answer["recovered"] is True
        assert offsets(answer["events"]) == list(range(before.offset + 1, answer["offset"] + 1))
        feed = Feed(client, answer)
        recovered = len(feed.seen)
        producer.join(60)
        take_up_to_head(feed, client)
        # The state holds what was recovered, so only what came after it is applied.
        del feed.seen[:recovered]
        check_tasks(feed, {task["id"]: task for task in answer["state"]}, client)
    with Client(daemon.url) as client:
        wrong = {"epoch": feed.epoch, "offset": feed.offset + 1}
        answer = client.call("hub.subscribe", channel="tasks", state=True, since=wrong)
        assert answer["recovered"] is False and answer["events"] == []
        assert answer["offset"] == feed.offset and len(answer["state"]) == len(producer.ids)


class Queue:
    """One channel's events of a client that has many."""

    def __init__(self, client, channel):
        self.client = client
        self.channel = channel

    def event(self, timeout):
        for message in list(self.client.notifications):
            if message["params"]["channel"] == self.channel:
                self.client.notifications.remove(message)
                return message["params"]
        raise AssertionError(f"nothing more of {self.channel}")


def test_the_state_of_a_task_goes_on_live(produced):
    daemon, producer = produced
    with Client(daemon.url) as client:
        seen = []
        for number in range(40):
            text = {"text": f"Text {number}."}
            key = client.call("tasks.create", type="content.analyze", payload=text)["id"]
            seen.append(client.subscribe(f"tasks.{key}", state=True))
        producer.join(60)
        for feed in seen:
            (task,) = feed.answer["state"]
            feed.client = Queue(client, feed.channel)
            while task["status"] != "completed":
                task = apply(task, feed.next()["event"])
            assert task == client.call("tasks.get", id=task["id"])
        # The whole life of a task can be had afterwards, and its numbers are the same.
        for feed in seen[:5]:
            client.call("hub.unsubscribe", channel=feed.channel)
            again = client.subscribe(feed.channel, since={"epoch": feed.epoch, "offset": 0})
            assert again.answer["recovered"] is True and again.offset == feed.offset
            task = None
            for place in again.seen:
                task = apply(task, place["event"])
            assert task == client.call("tasks.get", id=task["id"])


def apply_to_metrics(metrics, event):
    """An agent's metrics after one of its tasks' events."""
    completed, failed = metrics["tasksCompleted"], metrics["tasksFailed"]
    match event["type"]:
        case "task.created":
            metrics["queueDepth"] += 1
        case "task.started":
            metrics["queueDepth"] -= 1
            metrics["running"] += 1
        case "task.completed":
            metrics["running"] -= 1
            total = (metrics["averageMs"] or 0) * completed + event["data"]["durationMs"]
            metrics["tasksCompleted"] = completed + 1
            metrics["averageMs"] = total / (completed + 1)
            metrics["successRate"] = (completed + 1) / (completed + 1 + failed)
        case "task.cancelled":
            metrics["queueDepth"] -= 1


STATUSES = {
    "agent.paused": "paused",
    "agent.resumed": "active",
    "agent.stopped": "inactive",
    "agent.started": "active",
}


def test_the_state_of_agents_goes_on_live(produced):
    daemon, producer = produced
    with Client(daemon.url) as client, Client(daemon.url) as other:
        everyone = client.subscribe("agents", state=True)
        one = other.subscribe("agents.content", state=True)
        statuses = {agent["id"]: agent["status"] for agent in everyone.answer["state"]}
        assert statuses["content"] == "active"
        for method in ("pause", "resume", "stop", "start"):
            for agent in ("content", "website"):
                assert other.call(f"agents.{method}", id=agent)["id"] == agent
        producer.join(60)
        take_up_to_head(everyone, client)
        for place in everyone.seen:
            statuses[place["event"]["agentId"]] = STATUSES[place["event"]["type"]]
        agents = client.call("agents.list")["agents"]
        assert statuses == {agent["id"]: agent["status"] for agent in agents}
        events = [place["event"] for place in everyone.seen]
        changes = [event["type"] for event in events if event["agentId"] == "website"]
        assert changes == list(STATUSES)
        take_up_to_head(one, other)
        (agent,) = one.answer["state"]
        for place in one.seen:
            apply_to_metrics(agent["metrics"], place["event"])
        metrics = client.call("agents.get", id="content")["metrics"]
        assert agent["metrics"].pop("averageMs") == pytest.approx(metrics.pop("averageMs"))
        assert agent["metrics"] == metrics
