"""1,000 tasks of three agents, with and without kill -9: nothing is lost, done or told twice."""

from collections import Counter, deque

import agents_reference as reference
import pytest

from client import Client, ConnectionClosed, stored_tasks
from daemon import wait_until

COUNT = 1_000
FINAL = {"task.completed", "task.failed", "task.cancelled", "task.dead", "task.abandoned"}
# Commands under way at a time, so that a kill finds some unanswered.
WINDOW = 40


class Producer:
    """Creates tasks and follows the channel `tasks` on one connection after the other."""

    def __init__(self, daemon, cases):
        self.daemon = daemon
        self.cases = cases
        self.client = Client(daemon.url)
        self.feed = self.client.subscribe("tasks", state=True)
        self.waiting = deque(range(len(cases)))
        self.under_way = {}
        # Ids of acknowledged tasks by the index of their case.
        self.tasks = {}
        self.final = set()

    def fill(self):
        while self.waiting and len(self.under_way) < WINDOW:
            index = self.waiting.popleft()
            kind, payload = self.cases[index]
            key = self.client.submit(
                "tasks.create",
                # Each kill may cost a task an attempt; here none shall run out of them.
                maxAttempts=100,
                type=kind,
                payload=payload,
                idempotencyKey=f"case-{index}",
                correlationId=f"case-{index}",
            )
            self.under_way[key] = index

    def take(self, message):
        if message.get("method") == "hub.event":
            event = self.feed.take(message["params"])["event"]
            if event["type"] in FINAL:
                self.final.add(event["correlationId"])
        elif "id" in message:
            assert "error" not in message, message
            index = self.under_way.pop(message["id"])
            assert message["result"]["correlationId"] == f"case-{index}"
            self.tasks[index] = message["result"]["id"]

    def step(self):
        self.fill()
        self.take(self.client.receive())

    @property
    def is_done(self):
        return len(self.tasks) == len(self.cases) and len(self.final) == len(self.cases)

    def crash(self):
        """Kills the hub, takes what was on the wire and goes on with the next one."""
        self.daemon.kill()
        try:
            while True:
                self.take(self.client.receive())
        except ConnectionClosed:
            pass
        # What was not acknowledged may or may not have happened: the key tells.
        self.waiting.extendleft(sorted(self.under_way.values(), reverse=True))
        self.under_way.clear()
        self.daemon.start()
        self.client = Client(self.daemon.url)
        self.feed.resume(self.client)
        for place in self.feed.seen:
            if place["event"]["type"] in FINAL:
                self.final.add(place["event"]["correlationId"])

    def run(self, kills=()):
        for kill in kills:
            while len(self.feed.seen) < kill:
                self.step()
            self.crash()
        while not self.is_done:
            self.step()


@pytest.fixture(scope="module")
def cases():
    """Task types and payloads, with results computed by other people's libraries."""
    generated = reference.generate(20_260_101, COUNT)
    return generated, [reference.expected(kind, payload) for kind, payload in generated]


def check(producer, cases):
    """Each task has its three events in order, one final state and the right result."""
    generated, expected = cases
    events = [place["event"] for place in producer.feed.seen]
    assert [place["offset"] for place in producer.feed.seen] == list(
        range(1, len(events) + 1)
    ), "the whole channel was seen"
    ids = Counter(event["id"] for event in events)
    assert max(ids.values()) == 1, "an event came twice"
    by_task = {}
    for event in events:
        by_task.setdefault(event["taskId"], []).append(event)
    assert by_task.keys() == set(producer.tasks.values()), "tasks and acknowledgements differ"
    differences = []
    for index, task in producer.tasks.items():
        types = [event["type"] for event in by_task[task]]
        assert types[0] == "task.created" and types.count("task.created") == 1, types
        assert types[-1] == "task.completed" and sum(kind in FINAL for kind in types) == 1, types
        # A kill may have interrupted attempts; the others began and ended once.
        assert types.count("task.started") == 1 + types.count("task.retrying"), types
        assert "task.started" in types
        lines = reference.compare(expected[index], by_task[task][-1]["data"]["result"])
        differences += [f"{generated[index][0]} {index}: {line}" for line in lines]
    assert not differences, "\n".join(differences[:20])


def check_state(client, producer, cases):
    """The hub's state says the same as its events did."""
    tasks = {task["id"]: task for task in stored_tasks(client)}
    assert tasks.keys() == set(producer.tasks.values())
    for index, key in producer.tasks.items():
        assert tasks[key]["status"] == "completed", tasks[key]
        assert not reference.compare(cases[1][index], tasks[key]["result"])


def test_each_task_is_seen_created_started_and_completed_with_the_right_result(daemon, cases):
    producer = Producer(daemon, cases[0])
    assert producer.feed.answer["state"] == [] and producer.feed.offset == 0
    producer.run()
    check(producer, cases)
    for event in producer.feed.seen:
        assert event["event"]["type"] != "task.retrying"
    check_state(producer.client, producer, cases)


# After how many events of about 3,000 the hub is killed.
@pytest.mark.parametrize(
    "kills",
    [(1,), (1_500,), (2_900,), (333, 666), (800, 1_600, 2_400), (40, 41, 42, 43, 44)],
    ids=lambda kills: "-".join(map(str, kills)),
)
def test_a_killed_hub_loses_and_repeats_nothing(daemon, cases, kills):
    producer = Producer(daemon, cases[0])
    producer.run(kills)
    check(producer, cases)
    check_state(producer.client, producer, cases)
    # And the same once more after a clean stop.
    position = producer.feed.position
    assert daemon.stop() == 0
    daemon.start()
    with Client(daemon.url) as client:
        check_state(client, producer, cases)
        answer = client.subscribe("tasks", since=position).answer
        assert answer["recovered"] is True and answer["epoch"] == position["epoch"]
        assert answer["events"] == [] and answer["offset"] == position["offset"]


def test_state_and_live_events_meet_without_a_gap(daemon, cases):
    """A dashboard that joins in the middle: state at a position, then each event after it."""
    producer = Producer(daemon, cases[0][:300])
    watchers = []
    for joins in (1, 200, 400, 600):
        while len(producer.feed.seen) < joins:
            producer.step()
        client = Client(daemon.url)
        watchers.append((client, client.subscribe("tasks", state=True)))
    producer.run()
    stored = {task["id"]: task for task in stored_tasks(producer.client)}
    for client, feed in watchers:
        tasks = {task["id"]: task["status"] for task in feed.answer["state"]}
        assert "stateNext" not in feed.answer
        while feed.offset < producer.feed.offset:
            event = feed.next()["event"]
            tasks[event["taskId"]] = {
                "task.created": "pending",
                "task.started": "running",
                "task.progress": "running",
                "task.completed": "completed",
            }[event["type"]]
        assert tasks == {key: task["status"] for key, task in stored.items()}
        client.close()


def test_a_repeated_key_gets_the_first_answer_through_reconnects_and_kills(daemon):
    command = {
        "type": "ab.samplesize",
        "payload": {"baseline": 0.1, "minimumEffect": 0.02},
        "idempotencyKey": "once",
    }
    answers = []
    with Client(daemon.url) as client:
        answers += [client.call("tasks.create", **command) for _ in range(2)]
    with Client(daemon.url) as client:
        answers.append(client.call("tasks.create", **command))
    daemon.kill()
    daemon.start()
    with Client(daemon.url) as client:
        answers.append(client.call("tasks.create", **command))
        other = client.call("tasks.create", **command | {"idempotencyKey": "twice"})
        assert len(stored_tasks(client)) == 2
    assert daemon.stop() == 0
    daemon.start()
    with Client(daemon.url) as client:
        answers.append(client.call("tasks.create", **command))
        assert len(stored_tasks(client)) == 2
    assert all(answer == answers[0] for answer in answers)
    assert other["id"] != answers[0]["id"]


def test_answers_are_remembered_whatever_the_command_and_however_the_hub_ended(daemon):
    later = {
        "type": "content.analyze",
        "payload": {"text": "A."},
        "runAt": "2999-01-01T00:00:00Z",
    }
    with Client(daemon.url) as client:
        wait_until(
            lambda: client.call("agents.get", id="content")["status"] == "active",
            seconds=60,
            what="the agent",
        )
        task = client.call("tasks.create", **later)["id"]
        commands = [
            ("agents.pause", {"id": "content"}),
            ("agents.configure", {"id": "content", "config": {"concurrency": 2}}),
            ("agents.resume", {"id": "content"}),
            ("tasks.cancel", {"id": task}),
            ("tasks.retry", {"id": task}),
        ]
        answers = []
        for method, params in commands:
            answers.append(client.call(method, **params, idempotencyKey="the key"))
        # Retried, it does not wait for its time any more.
        ended = client.call("tasks.wait", id=task)
        last = client.call("system.stats")["sequence"]
    # From the journal, from a snapshot and the journal, from a snapshot alone.
    for end in ("kill", "snapshot and kill", "stop"):
        if end == "snapshot and kill":
            with Client(daemon.url) as client:
                client.call("system.snapshot")
        assert end != "stop" or daemon.stop() == 0
        if end != "stop":
            daemon.kill()
        daemon.start()
        with Client(daemon.url) as client:
            for (method, params), answer in zip(commands, answers):
                assert client.call(method, **params, idempotencyKey="the key") == answer
            # Nothing was done again.
            events = client.call("hub.history", channel=f"tasks.{task}")["events"]
            assert all(place["event"]["seq"] <= last for place in events)
            assert client.call("tasks.get", id=task) == ended
