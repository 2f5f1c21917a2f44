"""Agents as they are controlled and configured, and tasks from their creation to their end."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from client import Client, Failure
from daemon import wait_until

AGENTS = ("content", "strategy", "website")
SMALL = {"type": "content.analyze", "payload": {"text": "Short words are best."}}
# Works for more than a millisecond.
LARGE = {"type": "content.keywords", "payload": {"text": "one two, three. " * 12_000}}
NEVER = "2999-01-01T00:00:00Z"


@pytest.fixture
def client(daemon):
    """A client of a hub of this test alone, all of whose agents have started."""
    with Client(daemon.url) as client:
        feed = client.subscribe("agents", state=True)
        starting = {agent["id"] for agent in feed.answer["state"] if agent["status"] == "starting"}
        while starting:
            starting.discard(feed.next()["event"]["agentId"])
        client.call("hub.unsubscribe", channel="agents")
        yield client


def create(client, **params):
    return client.call("tasks.create", **SMALL | params)


def wait(client, task):
    return client.call("tasks.wait", id=task["id"], timeoutMs=20_000)


def refusal(client, method, **params):
    with pytest.raises(Failure) as caught:
        client.call(method, **params)
    return caught.value


def soon(seconds):
    """A moment so far from now, as the hub writes it."""
    moment = datetime.now(UTC) + timedelta(seconds=seconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


# --- agents ----------------------------------------------------------------------------------------

STEPS = [
    ("start", "active", None),
    ("resume", "active", None),
    ("pause", "paused", "agent.paused"),
    ("pause", "paused", None),
    ("start", "paused", None),
    ("resume", "active", "agent.resumed"),
    ("stop", "inactive", "agent.stopped"),
    ("stop", "inactive", None),
    ("start", "active", "agent.started"),
    ("pause", "paused", "agent.paused"),
    ("stop", "inactive", "agent.stopped"),
    ("start", "active", "agent.started"),
]


@pytest.mark.parametrize("agent", AGENTS)
def test_controls_are_idempotent_and_told_once_on_both_channels(client, agent):
    everyone, own = client.subscribe("agents"), client.subscribe(f"agents.{agent}")
    for control, status, _ in STEPS:
        answer = client.call(f"agents.{control}", id=agent)
        assert (answer["id"], answer["status"]) == (agent, status), control
        assert client.call("agents.get", id=agent)["status"] == status
    expected = [kind for _, _, kind in STEPS if kind]
    for feed in (everyone, own):
        history = client.call(
            "hub.history", channel=feed.channel, since=feed.position, limit=100
        )["events"]
        assert [place["event"]["type"] for place in history] == expected
        assert {place["event"]["agentId"] for place in history} == {agent}


def test_an_agent_that_is_stopped_can_be_started_only(client):
    client.call("agents.stop", id="content")
    for control in ("pause", "resume"):
        failure = refusal(client, f"agents.{control}", id="content")
        assert failure.name == "CONFLICT" and "inactive" in failure.message
    assert client.call("agents.start", id="content")["status"] == "active"


def test_an_agent_that_is_not_there_is_not_found(client):
    for control in ("get", "start", "stop", "pause", "resume", "metrics"):
        assert refusal(client, f"agents.{control}", id="nobody").name == "NOT_FOUND", control
    failure = refusal(client, "agents.configure", id="nobody", config={"concurrency": 1})
    assert failure.name == "NOT_FOUND"


@pytest.mark.parametrize("value", [0, -1, 1.5, "4", True, [], 10**30])
def test_a_configuration_is_checked(client, value):
    before = client.call("agents.get", id="content")["config"]
    failure = refusal(client, "agents.configure", id="content", config={"concurrency": value})
    assert failure.name == "VALIDATION_ERROR"
    assert [path.endswith("/concurrency") for path in failure.paths] == [True], failure.paths
    assert client.call("agents.get", id="content")["config"] == before


def test_a_configuration_is_merged_and_told(client):
    feed = client.subscribe("agents.content")
    assert client.call("agents.configure", id="content", config={"concurrency": 2})["config"] == {
        "concurrency": 2
    }
    event = feed.next()["event"]
    assert event["type"] == "agent.configured" and event["data"]["config"] == {"concurrency": 2}
    assert client.call("agents.configure", id="content", config={})["config"] == {"concurrency": 2}
    feed.next()
    answer = client.call("agents.configure", id="content", config={"concurrency": None})
    assert answer["config"] == {}
    assert feed.next()["event"]["data"]["config"] == {}


@pytest.mark.parametrize(("away", "back"), [("pause", "resume"), ("stop", "start")])
def test_tasks_wait_for_their_agent_and_nobody_elses(client, away, back):
    client.call(f"agents.{away}", id="content")
    tasks = [create(client) for _ in range(20)]
    other = client.call(
        "tasks.create", type="ab.samplesize", payload={"baseline": 0.1, "minimumEffect": 0.02}
    )
    assert wait(client, other)["status"] == "completed"
    assert {client.call("tasks.get", id=task["id"])["status"] for task in tasks} == {"pending"}
    assert client.call("agents.metrics", id="content")["queueDepth"] == 20
    client.call(f"agents.{back}", id="content")
    assert {wait(client, task)["status"] for task in tasks} == {"completed"}
    assert client.call("agents.metrics", id="content")["queueDepth"] == 0


def test_the_urgent_come_first_and_one_after_the_other(client):
    client.call("agents.configure", id="content", config={"concurrency": 1})
    client.call("agents.pause", id="content")
    priorities = ["low", "medium", "high", "critical", "medium", "low", "critical", "high"]
    tasks = {create(client, priority=priority)["id"]: priority for priority in priorities}
    feed = client.subscribe("tasks")
    client.call("agents.resume", id="content")
    events = []
    while sum(event["type"] == "task.completed" for event in events) < len(tasks):
        events.append(feed.next()["event"])
    steps = [event for event in events if event["type"] in ("task.started", "task.completed")]
    assert [event["type"] for event in steps] == ["task.started", "task.completed"] * len(tasks)
    started = [event["taskId"] for event in steps[::2]]
    assert started == [event["taskId"] for event in steps[1::2]], "one at a time"
    assert [tasks[key] for key in started] == [
        "critical", "critical", "high", "high", "medium", "medium", "low", "low",
    ]
    for priority in set(priorities):
        alike = [key for key in tasks if tasks[key] == priority]
        assert [key for key in started if tasks[key] == priority] == alike, "first in, first out"


@pytest.mark.parametrize("concurrency", [1, 2, 7])
def test_no_more_tasks_run_at_once_than_configured(client, concurrency):
    client.call("agents.configure", id="content", config={"concurrency": concurrency})
    client.call("agents.pause", id="content")
    tasks = [create(client) for _ in range(40)]
    feed = client.subscribe("tasks")
    client.call("agents.resume", id="content")
    running, most, ended = 0, 0, 0
    while ended < len(tasks):
        kind = feed.next()["event"]["type"]
        running += (kind == "task.started") - (kind == "task.completed")
        ended += kind == "task.completed"
        most = max(most, running)
    assert most == concurrency and running == 0


def test_metrics_are_what_ran(daemon, client):
    done = [wait(client, create(client)) for _ in range(15)]
    dead = [wait(client, client.call("tasks.create", **LARGE, timeoutMs=1, maxAttempts=1))]
    cancelled = create(client, runAt=NEVER)
    waiting = create(client, runAt=NEVER)
    client.call("tasks.cancel", id=cancelled["id"])
    assert {task["status"] for task in done} == {"completed"}
    assert {task["status"] for task in dead} == {"dead"}
    history = client.call("hub.history", channel="agents.content", limit=1_000)["events"]
    durations = [
        place["event"]["data"]["durationMs"]
        for place in history
        if place["event"]["type"] == "task.completed"
    ]
    metrics = client.call("agents.metrics", id="content")
    assert metrics["averageMs"] == pytest.approx(sum(durations) / len(durations))
    assert metrics["successRate"] == pytest.approx(15 / 16)
    counts = {name: metrics[name] for name in ("tasksCompleted", "tasksFailed", "running")}
    assert counts == {"tasksCompleted": 15, "tasksFailed": 1, "running": 0}
    assert metrics["queueDepth"] == 1, "the one that waits for its moment"
    everyone = client.call("agents.metrics")["agents"]
    assert [agent["metrics"] for agent in everyone if agent["id"] == "content"] == [metrics]
    idle = next(agent["metrics"] for agent in everyone if agent["id"] == "website")
    assert idle["tasksCompleted"] == 0 and idle["averageMs"] is None
    # Each request asks for the figures that a later one shows.
    completed = 'omnihub_tasks{status="completed"}'
    wait_until(lambda: daemon.metrics().get(completed) == 15, what="figures")
    samples = daemon.metrics()
    assert samples['omnihub_tasks{status="dead"}'] == 1
    assert samples['omnihub_tasks{status="scheduled"}'] == 1
    # They are of the agent, not of the process.
    assert daemon.stop() == 0
    daemon.start()
    with Client(daemon.url) as again:
        assert again.call("agents.metrics", id="content") == metrics
        again.call("tasks.cancel", id=waiting["id"])


# --- tasks -----------------------------------------------------------------------------------------


def test_what_is_not_there_is_not_found(client):
    for method in ("get", "cancel", "retry", "result", "wait"):
        for key in ("x", "00000000-0000-7000-8000-000000000000"):
            failure = refusal(client, f"tasks.{method}", id=key)
            assert failure.name == "NOT_FOUND" and failure.code == -32003, method


def test_a_task_that_waits_is_cancelled_once_and_can_be_retried(client):
    client.call("agents.pause", id="content")
    task = create(client, correlationId="c")
    assert client.call("tasks.cancel", id=task["id"])["status"] == "cancelled"
    failure = refusal(client, "tasks.cancel", id=task["id"])
    assert failure.name == "CONFLICT" and failure.code == -32004
    assert client.call("tasks.result", id=task["id"]) == {"id": task["id"], "status": "cancelled"}
    again = client.call("tasks.retry", id=task["id"])
    assert again["status"] == "pending" and again["correlationId"] == "c"
    assert refusal(client, "tasks.retry", id=task["id"]).name == "CONFLICT"
    assert refusal(client, "tasks.result", id=task["id"]).name == "CONFLICT"
    client.call("agents.resume", id="content")
    done = wait(client, task)
    assert done["status"] == "completed" and done["attempts"] == 1
    for method in ("cancel", "retry"):
        assert refusal(client, f"tasks.{method}", id=task["id"]).name == "CONFLICT"
    assert client.call("tasks.get", id=task["id"]) == done


def test_a_task_that_has_used_its_attempts_is_dead_and_starts_anew_when_retried(client):
    task = client.call("tasks.create", **LARGE, timeoutMs=1, maxAttempts=2)
    dead = wait(client, task)
    assert (dead["status"], dead["attempts"]) == ("dead", 2)
    assert dead["error"]["code"] == "TIMEOUT"
    assert client.call("tasks.retry", id=task["id"])["attempts"] == 0
    assert (wait(client, task)["status"], wait(client, task)["attempts"]) == ("dead", 2)


def test_waiting_ends_with_the_task_or_with_its_time(client):
    task = create(client, runAt=NEVER)
    for timeout in (0, 50):
        start = time.monotonic()
        answer = client.call("tasks.wait", id=task["id"], timeoutMs=timeout)
        assert answer["status"] == "scheduled"
        assert timeout / 1_000 <= time.monotonic() - start < 5
    waits = [client.submit("tasks.wait", id=task["id"]) for _ in range(10)]
    # Those who wait hold nobody up.
    assert client.call("session.ping") and client.call("tasks.get", id=task["id"]) == answer
    client.call("tasks.cancel", id=task["id"])
    assert {client.answer(key)["status"] for key in waits} == {"cancelled"}
    assert client.call("tasks.wait", id=task["id"])["status"] == "cancelled"
    assert refusal(client, "tasks.wait", id=task["id"], timeoutMs=-1).paths == ["/timeoutMs"]


def test_250_tasks_are_listed_by_any_filter_while_more_are_created(client):
    kinds = [
        SMALL,
        {"type": "content.keywords", "payload": {"text": "fair words"}},
        {"type": "ab.samplesize", "payload": {"baseline": 0.1, "minimumEffect": 0.02}},
    ]
    tasks = [
        client.call(
            "tasks.create", **kinds[number % 3], **({"runAt": NEVER} if number % 5 == 0 else {})
        )
        for number in range(250)
    ]
    for task in tasks:
        if "runAt" not in task:
            wait(client, task)

    def listed(limit, **filters):
        seen, cursor = [], {}
        while True:
            page = client.call("tasks.list", limit=limit, **filters, **cursor)
            assert len(page["tasks"]) <= limit
            seen += page["tasks"]
            if "next" not in page:
                return [task["id"] for task in seen]
            cursor = {"cursor": page["next"]}
            # What comes now is newer than all that is still to be listed.
            client.call("tasks.create", **kinds[0], runAt=NEVER)

    newest_first = tasks[::-1]

    def matching(condition):
        return [task["id"] for task in newest_first if condition(task)]

    everyone = matching(lambda task: True)
    assert listed(1_000) == everyone
    assert listed(37)[-250:] == everyone
    assert listed(7, agentId="website") == matching(lambda task: task["agentId"] == "website")
    assert listed(50, type="content.keywords") == matching(
        lambda task: task["type"] == "content.keywords"
    )
    assert listed(11, status="completed") == matching(lambda task: "runAt" not in task)
    assert listed(9, status="scheduled", agentId="website") == matching(
        lambda task: "runAt" in task and task["agentId"] == "website"
    )
    assert listed(10, agentId="nobody") == [] and listed(10, status="dead") == []
    for wrong in ({"cursor": "x"}, {"limit": 0}, {"limit": 1_001}, {"status": "lost"}):
        (path,) = refusal(client, "tasks.list", **wrong).paths
        assert path == f"/{next(iter(wrong))}"


def test_a_full_queue_refuses_and_takes_again(make_daemon):
    daemon = make_daemon(config={"runtime": {"maxWaitingTasks": 10}})
    with Client(daemon.url) as client:
        tasks = [create(client, runAt=NEVER) for _ in range(10)]
        for _ in range(3):
            failure = refusal(client, "tasks.create", **SMALL)
            assert failure.name == "BUSY" and failure.code == -32009
            assert failure.data["temporary"] is True and failure.data["retryAfterMs"] > 0
        client.call("tasks.cancel", id=tasks[0]["id"])
        assert wait(client, create(client))["status"] == "completed"
        create(client, runAt=NEVER)
        assert refusal(client, "tasks.retry", id=tasks[0]["id"]).name == "BUSY"
        assert len(client.call("tasks.list", limit=100)["tasks"]) == 12, "nothing else was queued"


def test_a_payload_may_have_256_kibibytes_and_no_more(client):
    room = 262_144 - len('{"text":""}')
    task = client.call("tasks.create", type="content.analyze", payload={"text": "x" * room})
    assert wait(client, task)["result"]["characters"] == room
    failure = refusal(
        client, "tasks.create", type="content.analyze", payload={"text": "x" * (room + 1)}
    )
    assert failure.name == "REQUEST_TOO_LARGE" and failure.code == -32007
    assert len(client.call("tasks.list")["tasks"]) == 1


def test_a_task_runs_when_its_moment_has_come(client):
    feed = client.subscribe("tasks")
    moment = soon(0.8)
    task = create(client, runAt=moment)
    assert task["status"] == "scheduled" and task["runAt"] == moment
    at_once = create(client, runAt=soon(-60))
    events = {}
    while not {"task.completed"} <= {kind for key, kind in events if key == task["id"]}:
        event = feed.next()["event"]
        events[event["taskId"], event["type"]] = event["timestamp"]
    assert events[at_once["id"], "task.completed"] < moment, "a moment in the past is now"
    assert events[task["id"], "task.scheduled"] < moment
    assert moment <= events[task["id"], "task.started"] < soon(0)
    assert wait(client, task)["completedAt"] >= moment


def test_a_moment_that_passes_while_the_hub_is_down_is_made_up_for(daemon, client):
    tasks = [create(client, runAt=soon(0.1)), create(client, runAt=NEVER)]
    daemon.kill()
    wait_until(lambda: soon(0) >= tasks[0]["runAt"])
    daemon.start()
    with Client(daemon.url) as again:
        assert wait(again, tasks[0])["status"] == "completed"
        assert again.call("tasks.get", id=tasks[1]["id"])["status"] == "scheduled"


def test_a_deadline_ends_a_task_that_waits(client):
    client.call("agents.pause", id="content")
    deadline = soon(0.3)
    late, early = create(client, deadline=deadline), create(client, deadline=NEVER)
    assert late["deadline"] == deadline
    failed = wait(client, late)
    assert failed["status"] == "failed" and failed["attempts"] == 0
    assert failed["error"]["code"] == "DEADLINE_EXCEEDED"
    assert deadline <= failed["completedAt"]
    assert refusal(client, "tasks.retry", id=late["id"]).name == "CONFLICT"
    client.call("agents.resume", id="content")
    assert wait(client, early)["status"] == "completed"
    assert client.call("tasks.get", id=late["id"])["status"] == "failed"


def test_moments_that_cannot_be_are_refused(client):
    for wrong, path in (
        ({"deadline": soon(-1)}, "/deadline"),
        ({"deadline": soon(10), "runAt": soon(20)}, "/deadline"),
        ({"runAt": "tomorrow"}, "/runAt"),
        ({"runAt": "2026-02-30T00:00:00Z"}, "/runAt"),
        ({"deadline": 5}, "/deadline"),
    ):
        failure = refusal(client, "tasks.create", **SMALL, **wrong)
        assert failure.name == "VALIDATION_ERROR" and failure.paths == [path], wrong
    assert client.call("tasks.list")["tasks"] == []
