"""Workers over the WebSocket: leases, and all the ways in which a worker can fail a task."""

import signal
import sys

import pytest

import markdown
from client import Client, ConnectionClosed, Failure
from daemon import ROOT, Process, wait_until
from people import Crew, auth, bearer
from workers import TYPES, Worker, events, say

# Leases run out soon enough to wait for, and not while a slow machine takes its time elsewhere.
SHORT = {"workers": {"leaseMs": 5_000, "heartbeatMs": 500, "answerMs": 60_000}}
DEAF = {"workers": {"answerMs": 6_000}}


def refusal(client, method, **params):
    with pytest.raises(Failure) as caught:
        client.call(method, **params)
    return caught.value


def wait(client, task):
    return client.call("tasks.wait", id=task["id"], timeoutMs=60_000)


@pytest.fixture
def client(daemon):
    with Client(daemon.url) as client:
        yield client


@pytest.fixture
def short(make_daemon):
    """A hub whose leases are short."""
    return make_daemon(config=SHORT)


# --- a task's way ------------------------------------------------------------------------------


def test_a_worker_performs_tasks_and_everybody_sees_how(daemon, client):
    with Worker(daemon.url) as worker:
        feed = client.subscribe("tasks")
        task = say(client, n=1)
        params = worker.take()
        assert params["workerId"] == worker.id and params["leaseMs"] == 30_000
        assert params["task"]["id"] == task["id"] and params["task"]["payload"] == {"n": 1}
        assert params["task"]["attempt"] == 1 and params["task"]["timeoutMs"] == 30_000
        lease = params["leaseId"]
        started = feed.until(lambda place: place["event"]["type"] == "task.started")
        assert started["event"]["seq"] == int(lease), "the lease is the fencing token"
        assert worker.client.call("tasks.heartbeat", leaseId=lease)["cancelled"] is False
        worker.client.call("tasks.progress", leaseId=lease, progress=50, message="half")
        worker.client.call("tasks.output", leaseId=lease, output={"line": "é"})
        answer = worker.complete(lease, {"said": 1})
        assert answer == {"taskId": task["id"], "status": "completed"}
        done = feed.until(lambda place: place["event"]["type"] == "task.completed")
        kinds = [place["event"]["type"] for place in feed.seen]
        assert kinds == [f"task.{kind}" for kind in ("created", "started", "progress", "output", "completed")]
        assert done["event"]["data"]["result"] == {"said": 1}
        assert feed.seen[3]["event"]["data"]["output"] == {"line": "é"}
        assert feed.seen[3]["event"]["source"] == "agents/echo"


def test_a_worker_adds_to_an_agent_of_the_hub(daemon, client):
    client.call("agents.configure", id="content", config={"concurrency": 1})
    with Worker(daemon.url, agent="content", capabilities=None, concurrency=2) as worker:
        assert refusal(client, "workers.register", agentId="content", capabilities=TYPES).paths == [
            "/capabilities"
        ]
        # What is too much for the agent itself comes to the worker.
        tasks = [
            client.call("tasks.create", type="content.keywords", payload={"text": "a b. " * 50_000})
            for _ in range(6)
        ]
        params = worker.take()
        assert params["task"]["agentId"] == "content"
        assert refusal(worker.client, "tasks.complete", leaseId=params["leaseId"], result={}).paths
        worker.complete(params["leaseId"], {"keywords": [], "candidates": 0})
        worker.client.call("workers.drain", id=worker.id)
        results = {wait(client, task)["status"] for task in tasks[:1]}
        assert results == {"completed"}


def test_failures_are_retried_as_they_say(daemon, client):
    with Worker(daemon.url) as worker:
        task = say(client)
        lease = worker.take()["leaseId"]
        error = {"code": "LIMITED", "message": "later", "retryable": True, "retryAfterMs": 1}
        answer = worker.client.call("tasks.fail", leaseId=lease, error=error)
        assert answer["status"] == "pending"
        params = worker.take()
        assert params["task"]["attempt"] == 2 and int(params["leaseId"]) > int(lease)
        error = {"code": "BROKEN", "message": "for good"}
        answer = worker.client.call("tasks.fail", leaseId=params["leaseId"], error=error)
        assert answer["status"] == "failed"
        assert wait(client, task)["error"] == error | {"retryable": False}


def test_a_worker_is_never_given_more_than_it_can_take(daemon, client):
    with Worker(daemon.url, concurrency=2) as worker:
        tasks = [say(client, n=n) for n in range(5)]
        held = [worker.take()["leaseId"] for _ in range(2)]
        for number in range(5):
            assert worker.has_nothing()
            worker.complete(held.pop(0), number)
            if number < 3:
                held.append(worker.take()["leaseId"])
        assert {wait(client, task)["status"] for task in tasks} == {"completed"}


def test_large_tasks_come_as_fast_as_the_worker_reads(make_daemon):
    """Much more than may wait for a session, which is no reason to close it."""
    daemon = make_daemon(config={"workers": {"answerMs": 100_000}})
    with Worker(daemon.url, concurrency=40) as worker, Client(daemon.url) as client:
        for _ in range(40):
            say(client, text="x" * 200_000)
        for _ in range(40):
            params = worker.take()
            worker.complete(params["leaseId"], len(params["task"]["payload"]["text"]))


# --- leases that are lost ----------------------------------------------------------------------


def test_a_lost_connection_frees_what_the_worker_held(daemon, client):
    worker = Worker(daemon.url)
    task = say(client)
    lease = worker.take()["leaseId"]
    # As a killed process does: without a close frame.
    worker.client.socket.socket.close()
    with Worker(daemon.url) as other:
        params = other.take()
        assert (params["task"]["id"], params["task"]["attempt"]) == (task["id"], 2)
        assert refusal(other.client, "tasks.complete", leaseId=lease, result=1).name == "CONFLICT"
        other.complete(params["leaseId"], 2)
    assert wait(client, task)["result"] == 2
    kinds = events(client, task["id"])
    assert kinds.count("task.completed") == 1 and kinds.count("task.retrying") == 1


def test_a_worker_without_a_sign_of_life_loses_its_task_and_twice_is_too_often(short):
    with Client(short.url) as client, Worker(short.url) as silent:
        task = client.call("tasks.create", type="echo.say", payload={}, maxAttempts=9, timeoutMs=600_000)
        first = silent.take()
        assert silent.notification("worker.cancel")["params"] == {
            "leaseId": first["leaseId"], "taskId": task["id"], "reason": "stalled",
        }
        late = refusal(silent.client, "tasks.complete", leaseId=first["leaseId"], result="late")
        assert late.name == "CONFLICT"
        state = client.call("tasks.get", id=task["id"])
        assert state["error"]["code"] == "STALLED" and state["stalls"] == 1 and "result" not in state
        second = silent.take()
        assert second["task"]["attempt"] == 2
        assert wait(client, task)["status"] == "dead"
        assert refusal(silent.client, "tasks.heartbeat", leaseId=second["leaseId"]).name == "CONFLICT"


def test_heartbeats_keep_a_lease_for_as_long_as_it_takes(short):
    with Client(short.url) as client, Worker(short.url) as worker:
        task = client.call("tasks.create", type="echo.say", payload={}, timeoutMs=600_000)
        taken = worker.take()
        other = client.call("tasks.create", type="content.analyze", payload={"text": "A."})
        begun = client.call("tasks.wait", id=other["id"])["completedAt"]

        def lasted():
            worker.client.call("tasks.heartbeat", leaseId=taken["leaseId"])
            now = client.call("tasks.create", type="content.analyze", payload={"text": "A."})
            return seconds(now["createdAt"]) - seconds(begun) > 7.5

        wait_until(lasted, seconds=60)
        assert worker.complete(taken["leaseId"], 1)["status"] == "completed"
        assert wait(client, task)["attempts"] == 1


def seconds(time):
    from datetime import datetime

    return datetime.fromisoformat(time).timestamp()


@pytest.mark.parametrize("how", ["kill", "stop"])
def test_a_hub_that_ends_forgets_its_leases_and_no_task(daemon, how):
    with Client(daemon.url) as client:
        worker = Worker(daemon.url)
        task = say(client)
        old = worker.take()
    daemon.kill() if how == "kill" else daemon.stop()
    daemon.start()
    with Client(daemon.url) as client, Worker(daemon.url) as worker:
        new = worker.take()
        assert (new["task"]["id"], new["task"]["attempt"]) == (task["id"], 2)
        assert int(new["leaseId"]) > int(old["leaseId"])
        late = refusal(worker.client, "tasks.complete", leaseId=old["leaseId"], result="late")
        assert late.name == "CONFLICT"
        worker.complete(new["leaseId"], "right")
        assert wait(client, task)["result"] == "right"


def test_another_session_cannot_end_what_a_worker_holds(daemon, client):
    with Worker(daemon.url) as worker, Worker(daemon.url, concurrency=1) as other:
        task = say(client)
        request = wait_until(
            lambda: next((w for w in (worker, other) if not w.has_nothing()), None), seconds=30
        )
        thief = other if request is worker else worker
        lease = request.take()["leaseId"]
        for session in (thief.client, client):
            for method, params in {
                "tasks.heartbeat": {}, "tasks.progress": {"progress": 1}, "tasks.output": {"output": 1},
                "tasks.complete": {"result": 1}, "tasks.fail": {"error": {"code": "X", "message": "x"}},
            }.items():
                assert refusal(session, method, leaseId=lease, **params).name == "CONFLICT"
        assert client.call("tasks.get", id=task["id"])["status"] == "running"


# --- workers that do not work ------------------------------------------------------------------


def test_a_deaf_worker_is_noticed_and_its_task_is_another_s_at_no_cost(make_daemon):
    short = make_daemon(config=DEAF)
    with Client(short.url) as client, Worker(short.url) as deaf:
        feed = client.subscribe("agents.echo")
        task = client.call("tasks.create", type="echo.say", payload={}, maxAttempts=1)
        lease = deaf.request()["params"]["leaseId"]
        told = feed.until(lambda place: place["event"]["type"] == "worker.deaf")
        assert told["event"]["data"] == {"workerId": deaf.id}
        assert deaf.notification("worker.dismissed")["params"]["reason"] == "deaf"
        assert client.call("workers.list") == {"workers": []}
        assert client.call("tasks.get", id=task["id"])["attempts"] == 0
        with Worker(short.url) as other:
            params = other.take()
            assert params["task"]["attempt"] == 1
            assert refusal(deaf.client, "tasks.complete", leaseId=lease, result=1).name == "CONFLICT"
            other.complete(params["leaseId"], 2)
        assert wait(client, task)["result"] == 2
        assert "task.released" in events(client, task["id"])


def test_a_worker_that_refuses_everything_gets_no_more(daemon, client):
    with Worker(daemon.url) as worker:
        task = say(client)
        for _ in range(3):
            worker.refuse(worker.request())
        assert worker.notification("worker.dismissed")["params"]["reason"] == "deaf"
        state = client.call("tasks.get", id=task["id"])
        assert (state["status"], state["attempts"]) == ("pending", 0)


@pytest.mark.parametrize("obeys", [True, False])
def test_a_cancel_ends_a_task_whether_its_worker_obeys_or_not(make_daemon, obeys):
    daemon = make_daemon(config={"runtime": {"cancelGraceMs": 60_000 if obeys else 500}})
    with Client(daemon.url) as client, Worker(daemon.url) as worker:
        task = say(client)
        lease = worker.take()["leaseId"]
        cancel = client.submit("tasks.cancel", id=task["id"])
        told = worker.notification("worker.cancel")["params"]
        assert told == {"leaseId": lease, "taskId": task["id"], "reason": "cancelled"}
        if obeys:
            assert worker.client.call("tasks.heartbeat", leaseId=lease)["cancelled"] is True
            error = {"code": "CANCELLED", "message": "stopped"}
            answer = worker.client.call("tasks.fail", leaseId=lease, error=error)
            assert answer["status"] == "cancelled"
        assert client.answer(cancel, 60)["status"] == ("cancelled" if obeys else "abandoned")
        assert refusal(worker.client, "tasks.complete", leaseId=lease, result=1).name == "CONFLICT"
        # Its hands are free again.
        say(client)
        worker.complete(worker.take()["leaseId"], 1)


def test_draining_loses_nothing(daemon, client):
    with Worker(daemon.url, concurrency=2) as worker:
        tasks = [say(client) for _ in range(2)]
        held = [worker.take()["leaseId"] for _ in tasks]
        later = say(client)
        listed = client.call("workers.drain", id=worker.id)
        assert (listed["status"], listed["running"]) == ("draining", 2)
        for lease in held:
            worker.complete(lease, 1)
        assert worker.notification("worker.dismissed")["params"] == {
            "workerId": worker.id, "reason": "drained",
        }
        assert worker.has_nothing()
        assert {wait(client, task)["status"] for task in tasks} == {"completed"}
        assert client.call("tasks.get", id=later["id"])["status"] == "pending"
        assert refusal(client, "workers.drain", id=worker.id).name == "NOT_FOUND"


def test_answers_that_nobody_asked_for_change_nothing(daemon, client):
    with Worker(daemon.url) as worker:
        for identifier in ("execute-1", "execute-", "execute-18446744073709551616", 7, None, "x" * 200):
            client.send({"jsonrpc": "2.0", "id": identifier, "result": {}})
            worker.client.send({"jsonrpc": "2.0", "id": identifier, "result": {}})
        task = say(client)
        request = worker.request()
        # Another session answers for it, and it answers twice.
        client.send({"jsonrpc": "2.0", "id": request["id"], "error": {"code": 1, "message": "no"}})
        client.call("session.ping")
        worker.accept(request)
        worker.refuse(request)
        worker.complete(request["params"]["leaseId"], 1)
        assert wait(client, task)["status"] == "completed"


# --- what is declared --------------------------------------------------------------------------


def test_a_declared_agent_is_there_to_stay(daemon):
    with Worker(daemon.url), Client(daemon.url) as client:
        assert client.call("hub.subscribe", channel="agents.echo")["offset"] >= 1
        task = say(client)
    daemon.kill()
    daemon.start()
    with Client(daemon.url) as client:
        agent = client.call("agents.get", id="echo")
        assert [kind["name"] for kind in agent["taskTypes"]] == ["echo.say", "echo.once"]
        assert agent["id"] in {one["id"] for one in client.call("agents.list")["agents"]}
        assert client.call("tasks.get", id=task["id"])["status"] == "pending"
        assert client.call("hub.history", channel="agents.echo")["events"]
        client.call("system.snapshot")
    daemon.kill()
    daemon.start()
    with Client(daemon.url) as client, Worker(daemon.url, capabilities=None) as worker:
        worker.complete(worker.take()["leaseId"], 1)
        assert wait(client, task)["status"] == "completed"


BAD = [
    ({}, [""]),
    ({"agentId": "content", "agentType": "content"}, [""]),
    ({"agentId": 7}, ["/agentId"]),
    ({"agentType": "content", "concurrency": 0}, ["/concurrency"]),
    ({"agentType": "content", "concurrency": 1001}, ["/concurrency"]),
    ({"agentType": "a b", "capabilities": TYPES}, ["/agentType"]),
    ({"agentType": "new", "capabilities": [{"name": "a..b"}]}, ["/capabilities/0/name"]),
    ({"agentType": "new", "capabilities": [{"name": "lead.score"}]}, ["/capabilities/0/name"]),
    ({"agentType": "new", "capabilities": [7]}, ["/capabilities/0"]),
    (
        {"agentType": "new", "capabilities": [{"name": "a", "payloadSchema": {"$ref": "#"}}]},
        ["/capabilities/0/payloadSchema/$ref"],
    ),
    ({"agentType": "new", "capabilities": [{"name": "a"}] * 2}, ["/capabilities/1/name"]),
    ({"agentType": "new", "capabilities": [{"name": "a", "summary": "x" * 600}]}, ["/capabilities/0/summary"]),
    (
        {"agentType": "new", "capabilities": [{"name": "a", "example": "x" * 70_000}]},
        ["/capabilities"],
    ),
]


@pytest.mark.parametrize("params, paths", BAD, ids=range(len(BAD)))
def test_a_registration_that_means_nothing_says_where_and_leaves_nothing(client, params, paths):
    before = [agent["id"] for agent in client.call("agents.list")["agents"]]
    assert refusal(client, "workers.register", **params).paths == paths
    assert client.call("workers.list") == {"workers": []}
    assert [agent["id"] for agent in client.call("agents.list")["agents"]] == before


def test_there_are_not_more_workers_and_agents_than_configured(make_daemon):
    daemon = make_daemon(config={"workers": {"maximum": 3, "perUser": 2, "maxAgents": 1}})
    with Client(daemon.url) as one, Client(daemon.url) as two, Client(daemon.url) as three:
        one.call("workers.register", agentId="content")
        two.call("workers.register", agentType="echo", capabilities=TYPES)
        assert refusal(three, "workers.register", agentId="content").name == "BUSY"
        two.call("workers.register", agentType="echo", concurrency=7)
        assert len(one.call("workers.list")["workers"]) == 2, "the same session is one worker"
        two.close()
        wait_until(lambda: len(one.call("workers.list")["workers"]) == 1)
        other = [{"name": "other.say"}]
        late = refusal(three, "workers.register", agentType="other", capabilities=other)
        assert late.name == "CONFLICT"


def test_who_may_be_a_worker_of_what(make_daemon):
    daemon = make_daemon(dev=False, config=auth())
    crew = Crew(daemon)
    crew.admin.call("workers.register", agentType="echo", capabilities=TYPES)
    user = crew.add("worker", "user", ["echo"])
    session = crew.session("worker")
    session.call("workers.register", agentType="echo", capabilities=TYPES)
    assert refusal(session, "workers.register", agentId="content").name == "NOT_FOUND"
    more = [*TYPES, {"name": "echo.more"}]
    late = refusal(session, "workers.register", agentType="echo", capabilities=more)
    assert late.name == "FORBIDDEN"
    workers = {one["user"]: one["id"] for one in session.call("workers.list")["workers"]}
    assert len(workers) == 2
    admin = next(id for name, id in workers.items() if name != user["id"])
    assert refusal(session, "workers.drain", id=admin).name == "NOT_FOUND"
    # A key that can work and nothing else.
    scope = ["workers.register", "tasks.heartbeat", "tasks.complete"]
    key = session.call("keys.create", name="worker", role="user", scope=scope)["key"]
    with Client(daemon.url, **bearer(key)) as program:
        program.call("workers.register", agentId="echo")
        assert refusal(program, "tasks.list").name == "FORBIDDEN"
    # And who may not see the agent any more is no worker of it any more.
    crew.admin.call("users.unassignAgent", id=user["id"], agentId="echo")
    while (message := session.notification())["method"] != "worker.dismissed":
        pass
    assert message["params"]["reason"] == "revoked"
    crew.admin.call("tasks.create", type="echo.say", payload={})
    crew.admin.call("workers.drain", id=admin)
    session.close()
    crew.admin.close()


# --- the worker of the document ----------------------------------------------------------------


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "worker.py"
    document = markdown.read(ROOT / "protocol.md")
    (text,) = [block.text for block in document.blocks if block.kind == "python worker"]
    assert len(text.splitlines()) < 100
    path.write_text(text)
    return path


def test_the_worker_of_the_document_works(make_daemon, program):
    """Over failures, cancels, kill -9 of the hub, and to its own end."""
    daemon = make_daemon()
    daemon.listen = (f"127.0.0.1:{daemon.port}",)
    worker = Process(program, daemon.url, wrapper=[sys.executable])
    assert worker.stdout.wait("at work", seconds=60), worker.stderr.text

    def submit(client, text, pause=0):
        payload = {"text": text, "pauseMs": pause}
        return client.call("tasks.create", type="text.upper", payload=payload)

    with Client(daemon.url) as client:
        tasks = [submit(client, f"word {n}") for n in range(20)]
        assert [wait(client, task)["result"]["text"] for task in tasks] == [
            f"WORD {n}" for n in range(20)
        ]
        long = submit(client, "never done", pause=600_000)
        wait_until(lambda: "task.progress" in events(client, long["id"]), seconds=30)
        assert client.call("tasks.cancel", id=long["id"])["status"] == "cancelled"
        broken = client.call("tasks.create", type="text.upper", payload={"text": "a", "pauseMs": "x"})
        assert wait(client, broken)["error"]["code"] == "WORK_FAILED"
        half = submit(client, "said twice", pause=600_000)
        wait_until(lambda: "task.progress" in events(client, half["id"]), seconds=30)
    daemon.kill()
    daemon.start()
    assert worker.stdout.wait("at work", count=2, seconds=60), worker.stderr.text
    with Client(daemon.url) as client:
        assert wait(client, submit(client, "again"))["result"] == {"text": "AGAIN"}
        slow = submit(client, "to the end", pause=300)
        wait_until(lambda: "task.progress" in events(client, slow["id"]), seconds=30)
        client.call("tasks.cancel", id=half["id"])
        assert worker.end(signal.SIGTERM) == 0, worker.stderr.text
        assert wait(client, slow)["result"] == {"text": "TO THE END"}
        assert client.call("workers.list") == {"workers": []}


def test_metrics_count_workers_and_what_they_lose(daemon, client):
    with Worker(daemon.url) as worker:
        say(client)
        lease = worker.take()["leaseId"]
        refusal(client, "tasks.heartbeat", leaseId=lease)
        wait_until(lambda: daemon.metrics().get("omnihub_leases") == 1)
        assert daemon.metrics()["omnihub_workers"] == 1
        assert daemon.metrics()["omnihub_late_reports_total"] == 1
    wait_until(lambda: daemon.metrics()["omnihub_lost_leases_total"] == 1)


def test_a_session_that_is_closed_for_good_leaves_no_worker(make_daemon):
    daemon = make_daemon(dev=False, config=auth())
    crew = Crew(daemon)
    user = crew.add("gone", "manager")
    session = crew.session("gone")
    session.call("workers.register", agentId="content")
    crew.admin.call("users.update", id=user["id"], disabled=True)
    with pytest.raises(ConnectionClosed):
        while True:
            session.receive(60)
    assert crew.admin.call("workers.list") == {"workers": []}
    crew.admin.close()
