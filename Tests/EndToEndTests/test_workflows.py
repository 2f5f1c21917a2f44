"""Workflows and schedules of the real daemon: what they do, what they survive, who sees them."""

import json
import signal
import subprocess
from collections import Counter

import pytest

from client import Client, Failure
from daemon import BINARIES, Process, wait_until
from people import Crew, auth
from workflow_cases import chain, parallel

WORDS = {"Type": "Task", "Resource": "agent:content/content.analyze", "ResultPath": None}
TEXT = {"text": "One sentence. Another one."}


def words(**fields):
    return WORDS | {"Parameters": TEXT} | fields


def final(client, run):
    """The run, once it has ended."""

    def ended():
        found = client.call("workflows.run", id=run)
        return found if found["status"] not in ("running", "compensating") else None

    return wait_until(ended, seconds=60, what=f"the end of run {run}")


def start(client, definition, **params):
    client.call("workflows.define", name="flow", definition=definition)
    return client.call("workflows.start", name="flow", **params)["id"]


def of_type(run, kind):
    return [entry for entry in run["history"] if entry["type"] == f"workflow.{kind}"]


def all_tasks(client):
    """Every task, page by page."""
    tasks, cursor = [], {}
    while True:
        page = client.call("tasks.list", limit=1000, **cursor)
        tasks += page["tasks"]
        if "next" not in page:
            return tasks
        cursor = {"cursor": page["next"]}


# --- what is asked to be seen --------------------------------------------------------------------

# Twelve steps: a branching, a wait for a person, a retry that does not help, and a refusal at the
# end, by which what was completed is undone.
ORDER = chain(
    ("Receive", {"Type": "Pass", "Parameters": {"task.$": "$.taskId", "valid.$": "$.data.result.valid"}}),
    ("Reserve", words(Compensate="Release")),
    (
        "Examine",
        parallel(
            chain(("Count", words(ResultPath="$.count"))),
            chain(("Weigh", {"Type": "Pass", "Result": {"weight": 3}, "ResultPath": "$.weighed"})),
            ResultPath="$.examined",
        ),
    ),
    ("Approve", {"Type": "Wait", "Seconds": 2}),
    (
        "Decide",
        {
            "Type": "Choice",
            "Choices": [{"Variable": "$.examined[1].weighed.weight", "NumericEquals": 3, "Next": "Charge"}],
            "Default": "Refuse",
        },
    ),
    (
        "Charge",
        words(
            Parameters={"text": 7},
            Retry=[{"ErrorEquals": ["VALIDATION_ERROR"], "IntervalSeconds": 1, "MaxAttempts": 1}],
            Catch=[{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Invoice"}],
        ),
    ),
    ("Invoice", words(Compensate="Withdraw")),
    ("Book", words(Compensate="Unbook")),
    ("Ship", {"Type": "Pass"}),
    ("Refuse", {"Type": "Fail", "Error": "OutOfStock", "Cause": "nothing is left"}),
    Release=words(Parameters={"text": "Release."}, End=True),
    Withdraw=words(Parameters={"text": "Withdraw."}, End=True),
    Unbook=words(Parameters={"text": "Unbook."}, End=True),
)


def test_a_long_workflow_survives_being_killed_twice_and_is_undone(make_daemon):
    daemon = make_daemon()
    daemon.listen = (f"127.0.0.1:{daemon.port}",)
    with Client(daemon.url) as client:
        filter = {"types": ["task.completed"], "taskType": "abn.validate"}
        client.call(
            "workflows.define", name="order", definition=ORDER, triggers=[{"filter": filter}]
        )
        task = client.call("tasks.create", type="abn.validate", payload={"number": "51824753556"})
        runs = wait_until(
            lambda: client.call("workflows.runs", workflow="order")["runs"], seconds=60
        )
    (run,) = (run["id"] for run in runs)
    watching = Process(
        "omnihub", "watch", "--url", daemon.url, f"workflows.{run}", "--since", "0", "--json"
    )
    for moment in ("stepWaiting", "stepRetrying"):
        assert watching.stdout.wait(f"workflow.{moment}", seconds=60), watching.stderr.text
        daemon.kill()
        daemon.start()
    assert watching.stdout.wait(r"workflow\.failed", seconds=60), watching.stderr.text
    assert watching.end(signal.SIGINT) == 0

    lines = [json.loads(line) for line in watching.stdout.lines]
    offsets = [line["offset"] for line in lines if "event" in line]
    assert offsets == list(range(1, len(offsets) + 1)), "a gap or a repeat"
    events = [(line["event"]["type"].removeprefix("workflow."), line["event"]["data"]) for line in lines]
    left = [data["state"] for kind, data in events if kind in ("stepExited", "stepCaught")]
    assert Counter(left) == Counter(
        ["Receive", "Reserve", "Count", "Weigh", "Examine", "Approve", "Decide", "Charge"]
        + ["Invoice", "Book", "Ship", "Unbook", "Withdraw", "Release"]
    )
    assert left[-3:] == ["Unbook", "Withdraw", "Release"]
    assert [kind for kind, _ in events].count("compensated") == 3
    assert events[-1][0] == "failed" and events[-1][1]["error"]["error"] == "OutOfStock"

    with Client(daemon.url) as client:
        found = client.call("workflows.run", id=run)
        tasks = [one for one in all_tasks(client) if one["correlationId"] == run]
    assert found["status"] == "failed" and found["droppedHistory"] == 0
    assert found["cause"]["by"] == "event" and found["input"]["taskId"] == task["id"]
    assert [entry["offset"] for entry in found["history"]] == offsets
    assert len(of_type(found, "stepRetrying")) == 1
    # Each completed step was carried out by one task.
    assert len(tasks) == 7 and all(task["status"] == "completed" for task in tasks)


SMALL = chain(
    ("A", words()), ("B", words(Compensate="Undo")), ("C", words()), Undo=words(End=True)
)


def test_killed_at_every_step_a_run_repeats_nothing(make_daemon):
    daemon = make_daemon()
    daemon.listen = (f"127.0.0.1:{daemon.port}",)
    with Client(daemon.url) as client:
        client.call("workflows.define", name="small", definition=SMALL)
        whole = final(client, client.call("workflows.start", name="small")["id"])
    runs = [whole["id"]]
    for count in range(1, len(whole["history"])):
        with Client(daemon.url) as client:
            client.call("hub.subscribe", channel="workflows")
            runs.append(client.call("workflows.start", name="small", idempotencyKey=f"{count}")["id"])
            for _ in range(count):
                client.event()
            daemon.kill()
        daemon.start()
        with Client(daemon.url) as client:
            again = client.call("workflows.start", name="small", idempotencyKey=f"{count}")
            assert again["id"] == runs[-1]
            assert final(client, runs[-1])["status"] == "completed"
    with Client(daemon.url) as client:
        tasks = Counter(task["correlationId"] for task in all_tasks(client))
        for run in runs:
            found = client.call("workflows.run", id=run)
            assert [entry["state"] for entry in of_type(found, "stepExited")] == ["A", "B", "C"]
            assert [entry["offset"] for entry in found["history"]] == list(
                range(1, len(whole["history"]) + 1)
            )
        assert tasks == dict.fromkeys(runs, 3)


# --- what else it promises -----------------------------------------------------------------------


def test_a_snapshot_holds_workflows_runs_and_schedules(make_daemon):
    daemon = make_daemon()
    with Client(daemon.url) as client:
        waiting = chain(("Long", {"Type": "Wait", "Seconds": 99_999}), ("B", words()))
        run = start(client, waiting)
        wait_until(
            lambda: client.call("workflows.run", id=run)["current"][0]["activity"] == "waiting",
            seconds=60,
        )
        done = client.call("schedules.create", cron="@yearly", workflow={"name": "flow"})
        client.call("workflows.delete", name="flow")
        client.call("system.snapshot")
        shown = client.call("workflows.run", id=run)
    daemon.kill()
    daemon.start()
    with Client(daemon.url) as client:
        assert client.call("workflows.run", id=run) == shown
        assert client.call("schedules.get", id=done["id"]) == done
        with pytest.raises(Failure, match="no such workflow"):
            client.call("workflows.get", name="flow")
        assert client.call("workflows.cancel", id=run)["status"] == "cancelled"


def test_a_schedule_begins_its_work_by_the_clock(make_daemon):
    daemon = make_daemon()
    with Client(daemon.url) as client:
        client.call("hub.subscribe", channel="schedules")
        made = client.call(
            "schedules.create", cron="* * * * * *", overlap="queue",
            task={"type": "content.analyze", "payload": TEXT},
        )
        fired = []
        while len(fired) < 2:
            event = client.event()["event"]
            if event["type"] == "schedule.fired":
                fired.append(event["data"])
        client.call("schedules.delete", id=made["id"])
        assert len({data["dueAt"] for data in fired}) == 2
        task = client.call("tasks.wait", id=fired[0]["taskId"])
        assert task["status"] == "completed" and task["createdBy"] == "dev"


def test_one_reads_a_run_live_and_from_disk(make_daemon):
    daemon = make_daemon(config={"channels": {"runtimeHistorySize": 2}})
    with Client(daemon.url) as client:
        run = start(client, chain(("A", words()), ("B", words())))
        ended = final(client, run)
        history = client.call("hub.history", channel=f"workflows.{run}", limit=1000)
        offsets = [entry["offset"] for entry in history["events"]]
        assert offsets == [entry["offset"] for entry in ended["history"]]
        answer = client.call("hub.subscribe", channel=f"workflows.{run}", state=True)
        (state,) = answer["state"]
        assert state["id"] == run and state["status"] == "completed"
        assert answer["offset"] == offsets[-1]
        runs = client.call("hub.subscribe", channel="workflows", state=True)["state"]
        assert [one["id"] for one in runs] == [run]


def test_bad_definitions_say_where_and_make_nothing(shared):
    wrong = {
        "/definition/States/A/Next": chain(("A", {"Type": "Pass", "Next": "Z"})),
        "/definition/States/Lost": chain(("A", {"Type": "Succeed"}), Lost={"Type": "Succeed"}),
        "/definition/States/A/Resource": chain(("A", words(Resource="agent:content/none"))),
        "/definition/States/A/Retry/0/BackoffRate": chain(
            ("A", words(Retry=[{"ErrorEquals": ["States.ALL"], "BackoffRate": 0.5}]))
        ),
        "/definition/States/A/Parameters/x.$": chain(
            ("A", {"Type": "Pass", "Parameters": {"x.$": "States.Nothing()"}})
        ),
        "/definition/StartAt": {"StartAt": "Z", "States": {"A": {"Type": "Succeed"}}},
        "/definition": {"StartAt": "A"},
    }
    with Client(shared.url) as client:
        for path, definition in wrong.items():
            with pytest.raises(Failure) as failure:
                client.call("workflows.define", name="wrong", definition=definition)
            assert failure.value.name == "VALIDATION_ERROR"
            assert any(found.startswith(path) for found in failure.value.paths), failure.value
        with pytest.raises(Failure, match="no such workflow"):
            client.call("workflows.get", name="wrong")


def test_users_see_their_own_runs_and_schedules_and_the_workflows_of_their_agents(make_daemon):
    daemon = make_daemon(dev=False, config=auth())
    crew = Crew(daemon)
    first = crew.add("one", "user", ["content"])["id"]
    crew.add("two", "user", ["sales"])
    with crew.session("one") as one, crew.session("two") as two:
        admin = crew.admin
        admin.call("workflows.define", name="texts", definition=chain(("A", words())))
        one.call("hub.subscribe", channel="workflows")
        two.call("hub.subscribe", channel="workflows")
        assert [w["name"] for w in one.call("workflows.list")["workflows"]] == ["texts"]
        assert two.call("workflows.list")["workflows"] == []
        with pytest.raises(Failure, match="no such workflow"):
            two.call("workflows.start", name="texts")
        run = one.call("workflows.start", name="texts")["id"]
        assert final(one, run)["status"] == "completed"
        assert admin.call("workflows.runs")["runs"][0]["id"] == run
        assert two.call("workflows.runs")["runs"] == []
        for method in ("workflows.run", "workflows.cancel"):
            with pytest.raises(Failure, match="no such run"):
                two.call(method, id=run)
        with pytest.raises(Failure, match="no such run"):
            two.call("hub.subscribe", channel=f"workflows.{run}")
        # What one sees comes live, too; the other's first event is that of a run of its own.
        assert one.event()["event"]["data"]["runId"] == run
        admin.call("workflows.define", name="free", definition=chain(("A", {"Type": "Succeed"})))
        own = two.call("workflows.start", name="free")["id"]
        assert two.event()["event"]["data"]["runId"] == own
        # With the agent goes the right to give it work.
        admin.call("users.unassignAgent", id=first, agentId="content")
        with pytest.raises(Failure, match="no such workflow"):
            one.call("workflows.start", name="texts")
    admin.close()


def test_the_command_line_starts_and_shows_runs(shared):
    def call(method, params):
        done = subprocess.run(
            [BINARIES / "omnihub", "call", "--url", shared.url, method, json.dumps(params)],
            capture_output=True, text=True, timeout=60, check=True,
        )
        return json.loads(done.stdout)

    call("workflows.define", {"name": "cli", "definition": chain(("A", words()))})
    run = call("workflows.start", {"name": "cli"})["id"]
    with Client(shared.url) as client:
        final(client, run)
    assert call("workflows.run", {"id": run})["status"] == "completed"
