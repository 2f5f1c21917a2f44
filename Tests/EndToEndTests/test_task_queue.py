"""Tasks that depend on others, that must not come twice, that have a rate, and long ago ones."""

import uuid
from datetime import datetime, timedelta

import pytest

import people
from client import Client, Failure
from daemon import wait_until

SMALL = {"type": "content.analyze", "payload": {"text": "Short words are best."}}
# Cannot be done within the millisecond that it is given.
HOPELESS = {
    "type": "content.keywords",
    "payload": {"text": "one two, three. " * 12_000},
    "timeoutMs": 1,
    "maxAttempts": 1,
}
NEVER = "2999-01-01T00:00:00Z"


def create(client, **params):
    return client.call("tasks.create", **SMALL | params)


def wait(client, task):
    return client.call("tasks.wait", id=task["id"], timeoutMs=20_000)


def refusal(client, method, **params):
    with pytest.raises(Failure) as caught:
        client.call(method, **params)
    return caught.value


# --- dependsOn ---------------------------------------------------------------------------------


def test_a_diamond_of_tasks_runs_in_its_order(client):
    top = create(client, runAt=NEVER)
    sides = [create(client, dependsOn=[top["id"]]) for _ in range(2)]
    bottom = create(client, dependsOn=[side["id"] for side in sides], priority="critical")
    assert {task["status"] for task in (*sides, bottom)} == {"blocked"}
    listed = client.call("tasks.list", status="blocked")["tasks"]
    assert [task["id"] for task in listed] == [bottom["id"], sides[1]["id"], sides[0]["id"]]
    assert wait(client, create(client, dependsOn=[wait(client, create(client))["id"]]))[
        "status"
    ] == "completed", "what is completed already does not block"
    client.call("tasks.cancel", id=top["id"])
    ends = [wait(client, task) for task in (*sides, bottom)]
    assert {end["status"] for end in ends} == {"failed"}
    assert {end["error"]["code"] for end in ends} == {"DEPENDENCY_FAILED"}
    # Each can be retried once what it depends on may complete again.
    assert refusal(client, "tasks.retry", id=bottom["id"]).name == "CONFLICT"
    other = create(client)
    sides = [create(client, dependsOn=[other["id"]]) for _ in range(2)]
    bottom = create(client, dependsOn=[side["id"] for side in sides])
    assert wait(client, bottom)["status"] == "completed"
    moments = [wait(client, task) for task in (other, *sides, bottom)]
    for before, after in ((0, 1), (0, 2), (1, 3), (2, 3)):
        assert moments[before]["completedAt"] <= moments[after]["startedAt"]


def test_unknown_and_repeated_dependencies_create_nothing(client):
    known = create(client, runAt=NEVER)["id"]
    count = len(client.call("tasks.list", limit=1000)["tasks"])
    for value, paths in (
        ([known, "x", str(uuid.uuid4())], ["/dependsOn/1", "/dependsOn/2"]),
        ([known, known], ["/dependsOn/1"]),
        (known, ["/dependsOn"]),
        ([str(number) for number in range(101)], ["/dependsOn"]),
    ):
        failure = refusal(client, "tasks.create", **SMALL, dependsOn=value)
        assert (failure.name, failure.paths) == ("VALIDATION_ERROR", paths)
    assert len(client.call("tasks.list", limit=1000)["tasks"]) == count
    client.call("tasks.cancel", id=known)


def test_blocked_tasks_and_held_keys_survive_a_kill(daemon):
    with Client(daemon.url) as client:
        first = create(client, runAt=NEVER, dedupeKey="nightly")
        second = create(client, dependsOn=[first["id"]])
        hopeless = client.call("tasks.create", **HOPELESS)
        assert wait(client, hopeless)["status"] == "dead"
        client.call("system.snapshot")
        third = create(client, dependsOn=[second["id"]])
    daemon.kill()
    daemon.start()
    with Client(daemon.url) as client:
        assert client.call("tasks.get", id=second["id"]) == second
        assert client.call("tasks.get", id=third["id"]) == third
        failure = refusal(client, "tasks.create", **SMALL, dedupeKey="nightly")
        assert failure.name == "CONFLICT" and failure.paths == ["/dedupeKey"]
        assert first["id"] in str(failure)
        client.call("tasks.cancel", id=first["id"])
        assert wait(client, third)["error"]["code"] == "DEPENDENCY_FAILED"
        assert wait(client, create(client, dedupeKey="nightly"))["status"] == "completed"
        # Dead ones are kept to be looked at and tried again.
        dead = client.call("tasks.list", status="dead")["tasks"]
        assert [task["id"] for task in dead] == [hopeless["id"]]
        assert client.call("tasks.retry", id=hopeless["id"])["status"] == "pending"
        assert wait(client, hopeless)["status"] == "dead"


# --- rates -------------------------------------------------------------------------------------


def started(client, channel):
    """When attempts began, by the log of events."""
    events = client.call("hub.history", channel=channel, limit=1000)["events"]
    return [
        datetime.fromisoformat(place["event"]["timestamp"])
        for place in events
        if place["event"]["type"] == "task.started"
    ]


def test_attempts_begin_at_the_rate_and_not_faster_over_a_kill(daemon):
    config = {"rate": {"perSecond": 20, "burst": 3}, "concurrency": 64}
    with Client(daemon.url) as client:
        assert client.call("agents.configure", id="content", config=config)["config"] == config
        tasks = [create(client) for _ in range(15)]
        wait(client, tasks[5])
    daemon.kill()
    daemon.start()
    with Client(daemon.url) as client:
        for task in tasks:
            assert wait(client, task)["status"] == "completed"
        moments = started(client, "agents.content")
        assert len(moments) >= 15
        for first in range(len(moments)):
            for last in range(first, len(moments)):
                # Moments are told in whole milliseconds, of a clock that is kept right.
                window = moments[last] - moments[first] + timedelta(milliseconds=5)
                assert last - first + 1 <= 3 + 20 * window.total_seconds()
        client.call("agents.configure", id="content", config={"rate": None})
        failure = refusal(
            client, "agents.configure", id="content", config={"typeRates": {"site.audit": {}}}
        )
        assert failure.paths == ["/config/typeRates/site.audit"] * 2


def test_figures_are_told_by_type(make_daemon):
    daemon = make_daemon(config={"runtime": {"metricsEventMs": 200}})
    with Client(daemon.url) as client:
        feed = client.subscribe("agents.content")
        for _ in range(3):
            wait(client, create(client))
        wait(client, client.call("tasks.create", **HOPELESS))
        metrics = client.call("agents.metrics", id="content")
        kinds = {kind["type"]: kind for kind in metrics["types"]}
        assert set(kinds) == {"content.analyze", "content.keywords"}
        analyze, keywords = kinds["content.analyze"], kinds["content.keywords"]
        assert (analyze["tasksCompleted"], analyze["tasksFailed"]) == (3, 0)
        assert (keywords["tasksCompleted"], keywords["tasksFailed"]) == (0, 1)
        assert (analyze["successRate"], keywords["successRate"]) == (1, 0)
        assert analyze["duration"]["count"] == 3 == analyze["queueWait"]["count"]
        assert sum(one["count"] for one in analyze["duration"]["buckets"]) == 3
        while (event := feed.next()["event"])["type"] != "agent.metrics" or (
            event["data"]["metrics"]["tasksFailed"] < 1
        ):
            pass
        assert event["data"]["metrics"].keys() == metrics.keys() - {"types"}
    labels = 'agent="content",type="content.analyze"'
    name = f'omnihub_type_tasks_total{{{labels},outcome="completed"}}'
    wait_until(lambda: daemon.metrics().get(name) == 3)
    samples = daemon.metrics()
    assert samples[f'omnihub_type_duration_seconds_bucket{{{labels},le="+Inf"}}'] == 3
    assert samples[f"omnihub_type_queue_wait_seconds_count{{{labels}}}"] == 3


# --- long ago ----------------------------------------------------------------------------------


@pytest.fixture
def forgetful(make_daemon):
    """A hub that keeps a single final task of each kind in memory."""
    return make_daemon(config={"retention": {"maxTasks": 1}})


def test_a_task_that_memory_has_forgotten_is_read_from_disk(forgetful):
    with Client(forgetful.url) as client:
        done = wait(client, create(client, payload={"text": 'A "tasks.x" of old.'}, correlationId="c"))
        cancelled = client.call("tasks.cancel", id=create(client, runAt=NEVER)["id"])
        retried = client.call("tasks.cancel", id=create(client, runAt=NEVER)["id"])
        client.call("agents.pause", id="content")
        client.call("tasks.retry", id=retried["id"])
        retried = client.call("tasks.cancel", id=retried["id"])
        client.call("agents.resume", id="content")
        dead = wait(client, client.call("tasks.create", **HOPELESS))
        wait(client, client.call("tasks.create", **HOPELESS))
        wait(client, create(client))
        assert len(client.call("tasks.list")["tasks"]) <= 2

        def check(client):
            for task in (done, cancelled, retried, dead):
                assert client.call("tasks.get", id=task["id"]) == task
                assert client.call("tasks.wait", id=task["id"]) == task
                result = {name: task[name] for name in ("id", "status", "result", "error") if name in task}
                assert client.call("tasks.result", id=task["id"]) == result
                for method in ("cancel", "retry"):
                    assert refusal(client, f"tasks.{method}", id=task["id"]).name == "NOT_FOUND"

        check(client)
        # Ids like ours that there never were.
        for other in (done["id"][:-4] + "ffff", "ffffffff" + done["id"][8:]):
            assert refusal(client, "tasks.get", id=other).name == "NOT_FOUND"
    forgetful.kill()
    forgetful.start()
    with Client(forgetful.url) as client:
        check(client)
    wait_until(lambda: forgetful.metrics().get("omnihub_history_pending_reads") == 0)
    assert forgetful.metrics()["omnihub_history_failed_reads_total"] == 0


def test_who_may_not_see_an_agent_does_not_see_its_past(make_daemon):
    config = people.auth(publicMetrics=True) | {"retention": {"maxTasks": 1}}
    crew = people.Crew(make_daemon(dev=False, config=config))
    with crew.admin as admin:
        task = wait(admin, create(admin))
        wait(admin, create(admin))
        assert admin.call("tasks.get", id=task["id"]) == task
        crew.add("other", agents=["website"])
        with crew.session("other") as other:
            assert refusal(other, "tasks.get", id=task["id"]).name == "NOT_FOUND"
            assert refusal(other, "tasks.result", id=task["id"]).name == "NOT_FOUND"
        crew.add("colleague", agents=["content"])
        with crew.session("colleague") as colleague:
            assert colleague.call("tasks.get", id=task["id"]) == task
