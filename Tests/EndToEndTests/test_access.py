"""Who may call what on whose objects: every role, method and channel against a model of the rules.

The model is written here from protocol.md and knows nothing of the hub's code.
"""

import itertools
import statistics
import time
import uuid

import pytest

from client import Client, Failure
from daemon import Daemon, wait_until
from people import Crew, auth, bearer, closing

ROLES = ["viewer", "user", "manager", "admin"]
# The agent that the viewer and the user are assigned to, one that they are not, and none at all.
ASSIGNED, FOREIGN, ABSENT = "content", "strategy", "nothing"

# --- the model ---------------------------------------------------------------------------------

# The least role that may call a method; None where nobody has to be somebody.
LEAST = {
    **dict.fromkeys(["rpc.discover", "session.authenticate", "session.info", "session.ping"], None),
    **dict.fromkeys(["auth.login", "auth.refresh", "auth.register", "auth.activate"], None),
    **dict.fromkeys(["auth.logout", "auth.sessions", "auth.revoke", "auth.changePassword"], "viewer"),
    "auth.subscriptionToken": "viewer",
    **dict.fromkeys(["keys.create", "keys.list", "keys.revoke"], "viewer"),
    **dict.fromkeys(["users.list", "users.get"], "viewer"),
    **dict.fromkeys(["hub.subscribe", "hub.unsubscribe", "hub.history", "hub.presence"], "viewer"),
    "hub.channels": "viewer",
    "hub.publish": "user",
    **dict.fromkeys(["tasks.get", "tasks.list", "tasks.result", "tasks.wait"], "viewer"),
    **dict.fromkeys(["tasks.create", "tasks.cancel", "tasks.retry"], "user"),
    "workers.list": "viewer",
    **dict.fromkeys(["workers.register", "workers.drain", "tasks.heartbeat", "tasks.progress"], "user"),
    **dict.fromkeys(["tasks.output", "tasks.complete", "tasks.fail"], "user"),
    **dict.fromkeys(["agents.list", "agents.get", "agents.metrics", "system.info"], "viewer"),
    **dict.fromkeys(["analytics.agents", "analytics.system"], "viewer"),
    **dict.fromkeys(["reports.generate", "reports.get", "reports.list"], "viewer"),
    **dict.fromkeys(["agents.start", "agents.stop", "agents.pause", "agents.resume"], "manager"),
    **dict.fromkeys(["agents.configure", "system.stats"], "manager"),
    **dict.fromkeys(["workflows.list", "workflows.get"], "viewer"),
    **dict.fromkeys(["workflows.run", "workflows.runs"], "viewer"),
    **dict.fromkeys(["workflows.start", "workflows.cancel"], "user"),
    **dict.fromkeys(["workflows.define", "workflows.delete"], "manager"),
    **dict.fromkeys(["schedules.get", "schedules.list", "schedules.preview"], "viewer"),
    **dict.fromkeys(["schedules.create", "schedules.delete"], "user"),
    **dict.fromkeys(["schedules.pause", "schedules.resume"], "user"),
    **dict.fromkeys(["system.snapshot", "system.audit"], "admin"),
    **dict.fromkeys(["users.create", "users.update", "users.delete"], "admin"),
    **dict.fromkeys(["users.assignAgent", "users.unassignAgent"], "admin"),
    **dict.fromkeys(["integrations.types", "integrations.list", "integrations.get"], "manager"),
    **dict.fromkeys(["integrations.test", "integrations.call", "integrations.sync"], "manager"),
    "integrations.redeliver": "manager",
    **dict.fromkeys(
        ["integrations.create", "integrations.update", "integrations.delete"], "admin"
    ),
}


def may_call(role, method):
    least = LEAST[method]
    return least is None or ROLES.index(role) >= ROLES.index(least)


def sees_agent(role, agent):
    return agent != ABSENT and (role in ("manager", "admin") or agent == ASSIGNED)


def sees_owned(role, owner):
    """What a user has set up: one's own, or all."""
    return owner is not None and (role in ("manager", "admin") or owner == role)


def sees_channel(role, channel):
    """`channel` has words in place of ids of tasks."""
    head, _, rest = channel.partition(".")
    if channel == "audit":
        return role == "admin"
    if channel == "system":
        return role in ("manager", "admin")
    if head in ("agents", "tasks") and rest and rest != "*":
        return sees_agent(role, rest)
    return True


# --- what is tried ------------------------------------------------------------------------------


class World:
    """A hub with a user of each role, and a task of each of two agents."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.crew = Crew(daemon)
        self.admin = self.crew.admin
        self.users = {}
        for role in ROLES:
            agents = [ASSIGNED] if role in ("viewer", "user") else []
            self.users[role] = self.crew.add(f"the-{role}", role, agents)["id"]
        self.sessions = {role: self.crew.session(f"the-{role}") for role in ROLES}
        # What is set up by a role that may, and what is not there.
        self.schedules = {None: str(uuid.uuid4())} | {
            role: self.sessions[role].call(
                "schedules.create",
                cron="0 0 1 1 *",
                task={"type": PAYLOADS[ASSIGNED][0], "payload": PAYLOADS[ASSIGNED][1]},
            )["id"]
            for role in ("user", "manager")
        }
        for agent in (ASSIGNED, FOREIGN):
            self.admin.call("workflows.define", name=f"of-{agent}", definition=workflow(agent))
        self.runs = {None: str(uuid.uuid4())} | {
            role: self.sessions[role].call("workflows.start", name=f"of-{ASSIGNED}")["id"]
            for role in ("user", "manager")
        }
        self.tasks = {
            agent: create(self.admin, agent)["id"] for agent in (ASSIGNED, FOREIGN)
        }
        # An id that a task could have: what cannot be one is not looked for on disk.
        self.tasks[ABSENT] = self.tasks[FOREIGN][:-12] + uuid.uuid4().hex[:12]

    def close(self):
        for session in (*self.sessions.values(), self.admin):
            session.close()


PAYLOADS = {
    ASSIGNED: ("content.analyze", {"text": "Some words."}),
    FOREIGN: (
        "strategy.prioritize",
        {
            "items": [{"name": "a", "reach": 1, "impact": 1, "confidence": 0.5, "effort": 1}],
            "method": "rice",
        },
    ),
    ABSENT: ("nothing.happens", {}),
}


def workflow(agent):
    """One that never gets to what its agent would do."""
    kind, payload = PAYLOADS[agent]
    return {
        "StartAt": "Wait",
        "States": {
            "Wait": {"Type": "Wait", "Seconds": 99_999, "Next": "Work"},
            "Work": {
                "Type": "Task", "Resource": f"agent:{agent}/{kind}", "Parameters": payload, "End": True,
            },
        },
    }


def create(client, agent):
    kind, payload = PAYLOADS[agent]
    return client.call("tasks.create", type=kind, payload=payload)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    daemon = Daemon(tmp_path_factory.mktemp("hub"), dev=False, config=auth())
    world = World(daemon.start())
    yield world
    world.close()
    daemon.check()


def outcome(client, method, params):
    """`allowed`, or how it was refused."""
    try:
        client.call(method, **params)
    except Failure as failure:
        if failure.name in ("FORBIDDEN", "NOT_FOUND", "UNAUTHENTICATED"):
            return failure.name
        if failure.name == "VALIDATION_ERROR" and {"/type", "/task/type"} & set(failure.paths):
            return "NOT_FOUND"
        # Whatever else is wrong: it was looked at.
    return "allowed"


def cases(world, role):
    """Each method with each kind of object, and what the model expects."""
    user, other = world.users[role], world.users["manager" if role == "user" else "user"]
    for agent in (ASSIGNED, FOREIGN, ABSENT):
        expected = "allowed" if sees_agent(role, agent) else "NOT_FOUND"
        task = world.tasks[agent]
        for method in ("get", "result", "cancel", "retry"):
            yield f"tasks.{method}", {"id": task}, expected
        yield "tasks.wait", {"id": task, "timeoutMs": 0}, expected
        kind, payload = PAYLOADS[agent]
        yield "tasks.create", {"type": kind, "payload": payload}, expected
        for method in ("get", "metrics", "pause", "resume", "start", "stop"):
            yield f"agents.{method}", {"id": agent}, expected
        yield "agents.start", {"id": agent}, expected
        yield "analytics.agents", {"agentId": agent}, expected
        yield "agents.configure", {"id": agent, "config": {}}, expected
        yield "workers.register", {"agentId": agent}, expected
    for method in ("heartbeat", "progress", "output", "complete", "fail"):
        error = {"code": "X", "message": "x"}
        params = {"leaseId": "1", "progress": 1, "output": 1, "result": 1, "error": error}
        yield f"tasks.{method}", params, "allowed"
    yield "workers.drain", {"id": str(uuid.uuid4())}, "NOT_FOUND"
    names = ["tasks", "agents", "agents.*", "workflows", "schedules", "system", "audit", "app.access", "nothing"]
    for name in names:
        expected = "allowed" if sees_channel(role, name) and name != "nothing" else "NOT_FOUND"
        yield "hub.subscribe", {"channel": name}, expected
        if name not in ("app.access", "agents.*"):
            yield "hub.history", {"channel": name, "limit": 1}, expected
    for agent in (ASSIGNED, FOREIGN, ABSENT):
        expected = "allowed" if sees_agent(role, agent) else "NOT_FOUND"
        for method in ("hub.subscribe", "hub.history"):
            yield method, {"channel": f"agents.{agent}"}, expected
            yield method, {"channel": f"tasks.{world.tasks[agent]}"}, expected
    yield "hub.publish", {"channel": "app.access", "data": 1}, "allowed"
    yield "hub.presence", {"channel": "app.access"}, "allowed"
    for owner, schedule in world.schedules.items():
        expected = "allowed" if sees_owned(role, owner) else "NOT_FOUND"
        for method in ("schedules.get", "schedules.pause", "schedules.resume"):
            yield method, {"id": schedule}, expected
    for owner, run in world.runs.items():
        expected = "allowed" if sees_owned(role, owner) else "NOT_FOUND"
        yield "workflows.run", {"id": run}, expected
        for method in ("hub.subscribe", "hub.history"):
            yield method, {"channel": f"workflows.{run}"}, expected
    yield "workflows.cancel", {"id": world.runs[None]}, "NOT_FOUND"
    yield "workflows.runs", {}, "allowed"
    yield "workflows.list", {}, "allowed"
    for agent in (ASSIGNED, FOREIGN, ABSENT):
        expected = "allowed" if sees_agent(role, agent) else "NOT_FOUND"
        for method in ("workflows.get", "workflows.start"):
            yield method, {"name": f"of-{agent}"}, expected
    yield "workflows.delete", {"name": f"of-{ABSENT}"}, "NOT_FOUND"
    definition = workflow(ASSIGNED)
    yield "workflows.define", {"name": f"by-{role}", "definition": definition}, "allowed"
    yield "schedules.delete", {"id": world.schedules[None]}, "NOT_FOUND"
    yield "schedules.list", {}, "allowed"
    yield "schedules.preview", {"cron": "@daily"}, "allowed"
    for agent in (ASSIGNED, FOREIGN, ABSENT):
        kind, payload = PAYLOADS[agent]
        expected = "allowed" if sees_agent(role, agent) else "NOT_FOUND"
        task = {"type": kind, "payload": payload}
        params = {"cron": "0 0 1 1 *", "task": task, "enabled": False}
        yield "schedules.create", params, expected
    for method in ("tasks.list", "agents.list", "workers.list", "agents.metrics", "hub.channels", "users.list"):
        yield method, {}, "allowed"
    for method in ("system.info", "system.stats", "system.snapshot", "system.audit"):
        yield method, {}, "allowed"
    for method in ("analytics.agents", "analytics.system", "reports.list"):
        yield method, {}, "allowed"
    for kind in ("agent-performance", "task-throughput", "audit-summary"):
        expected = "FORBIDDEN" if kind == "audit-summary" and role != "admin" else "allowed"
        yield "reports.generate", {"type": kind}, expected
    yield "reports.get", {"id": str(uuid.uuid4())}, "NOT_FOUND"
    yield "users.get", {"id": user}, "allowed"
    yield "users.get", {"id": other}, "allowed" if role == "admin" else "NOT_FOUND"
    yield "users.get", {"id": str(uuid.uuid4())}, "NOT_FOUND"
    for method in ("users.update", "users.delete"):
        yield method, {"id": str(uuid.uuid4())}, "NOT_FOUND"
    for method in ("users.assignAgent", "users.unassignAgent"):
        yield method, {"id": str(uuid.uuid4()), "agentId": ASSIGNED}, "NOT_FOUND"
    yield "users.create", {"email": "no address", "name": "", "role": "user"}, "allowed"
    for method in ("types", "list"):
        yield f"integrations.{method}", {}, "allowed"
    absent = {"id": str(uuid.uuid4())}
    for method in ("get", "update", "delete", "test", "redeliver"):
        yield f"integrations.{method}", absent, "NOT_FOUND"
    yield "integrations.call", absent | {"call": "x"}, "NOT_FOUND"
    yield "integrations.sync", absent | {"direction": "pull"}, "NOT_FOUND"
    yield "integrations.create", {"type": "ics", "name": "x", "config": {}}, "allowed"
    for method in ("session.ping", "session.info", "rpc.discover", "auth.sessions", "keys.list"):
        yield method, {}, "allowed"


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reaches_what_the_model_says_and_nothing_else(world, role):
    client = world.sessions[role]
    wrong = []
    for method, params, expected in cases(world, role):
        if not may_call(role, method):
            expected = "FORBIDDEN"
        found = outcome(client, method, params)
        if found == "allowed" and method == "hub.subscribe":
            client.call("hub.unsubscribe", channel=params["channel"])
        if found != expected:
            wrong.append((method, params, expected, found))
    assert not wrong


# Tokens for channels, as a user issues them: what they name, and what may be done there.
TOKENS = {
    "reader": (
        ["tasks", "app.access", f"agents.{ASSIGNED}", "agents.*", f"tasks.{ASSIGNED}", f"tasks.{FOREIGN}"],
        ["subscribe", "history", "presence"],
    ),
    "writer": (["app.access"], ["publish"]),
    "follower": (["app.access", "tasks"], ["subscribe"]),
    "member": (["app.*"], ["subscribe", "publish", "presence", "history"]),
}


def holder_expects(method, params, channels, actions, expected):
    """What whoever holds a token gets, where its issuer gets `expected`."""
    head, _, action = method.partition(".")
    if head in ("session", "rpc") or method == "hub.channels":
        return "allowed"
    if head != "hub" or action not in actions:
        return "FORBIDDEN"
    name = params["channel"]
    covered = name in channels or ("app.*" in channels and name.startswith("app."))
    return expected if covered else "NOT_FOUND"


@pytest.mark.parametrize("kind", TOKENS)
def test_a_token_reaches_what_it_names_and_nothing_else(world, kind):
    channels, actions = TOKENS[kind]
    ids = {f"tasks.{agent}": f"tasks.{world.tasks[agent]}" for agent in (ASSIGNED, FOREIGN)}
    channels = [ids.get(name, name) for name in channels]
    token = world.sessions["user"].call(
        "auth.subscriptionToken", channels=channels, actions=actions
    )["token"]
    wrong = []
    with Client(world.daemon.url, **bearer(token)) as client:
        for method, params, expected in cases(world, "user"):
            expected = holder_expects(method, params, channels, actions, expected)
            found = outcome(client, method, params)
            if found == "allowed" and method == "hub.subscribe":
                client.call("hub.unsubscribe", channel=params["channel"])
            if found != expected:
                wrong.append((method, params, expected, found))
        for method in LEAST.keys() - {"session.authenticate"}:
            # Without its params, by name alone.
            allowed = method.startswith(("session.", "rpc.")) or method == "hub.channels"
            allowed = allowed or method.removeprefix("hub.") in actions
            allowed = allowed or (method == "hub.unsubscribe" and "subscribe" in actions)
            if (outcome(client, method, {}) != "FORBIDDEN") != allowed:
                wrong.append((method, allowed))
    assert not wrong


def test_the_model_knows_every_method(world):
    document = world.admin.call("rpc.discover")
    assert {method["name"] for method in document["methods"]} == set(LEAST)


@pytest.mark.parametrize("method", sorted(name for name, least in LEAST.items() if least))
def test_who_has_proved_nothing_may_call_nothing(world, method):
    with Client(world.daemon.url) as client:
        assert outcome(client, method, {}) == "UNAUTHENTICATED"


@pytest.mark.parametrize("role", ROLES)
def test_lists_states_and_events_show_what_the_model_says(world, role):
    client = world.sessions[role]
    visible = {agent for agent in (ASSIGNED, FOREIGN) if sees_agent(role, agent)}
    listed = {agent["id"] for agent in client.call("agents.list")["agents"]}
    assert listed & {ASSIGNED, FOREIGN} == visible
    assert (len(listed) == 1) == (role in ("viewer", "user"))
    measured = {agent["id"] for agent in client.call("agents.metrics")["agents"]}
    assert measured == listed
    assert {task["agentId"] for task in client.call("tasks.list")["tasks"]} == visible
    assert bool(client.call("tasks.list", agentId=FOREIGN)["tasks"]) == (FOREIGN in visible)
    names = {entry["channel"] for entry in client.call("hub.channels", limit=1000)["channels"]}
    for name in ("system", "audit", f"agents.{ASSIGNED}", f"agents.{FOREIGN}"):
        assert (name in names) == sees_channel(role, name), name

    # What is hidden leaves a gap in the offsets, as what a filter leaves out does.
    feeds = {
        name: client.call("hub.subscribe", channel=name, **params)
        for name, params in {
            "tasks": {"state": True, "last": 1000},
            "agents": {"state": True, "last": 1000},
            "agents.*": {},
            "app.done": {},
        }.items()
    }
    assert {task["agentId"] for task in feeds["tasks"]["state"]} == visible
    assert {agent["id"] for agent in feeds["agents"]["state"]} == listed
    for name in ("tasks", "agents"):
        agents = {entry["event"]["agentId"] for entry in feeds[name]["events"]}
        assert agents & {ASSIGNED, FOREIGN} <= visible and agents <= listed
    past = client.call("hub.history", channel="tasks", limit=1000)["events"]
    assert {entry["event"]["agentId"] for entry in past} == visible

    tasks = {agent: create(world.admin, agent)["id"] for agent in (FOREIGN, ASSIGNED)}
    for task in tasks.values():
        world.admin.call("tasks.wait", id=task)
    seen = []
    for number in range(2):
        # A second time, because channels are served in any order within a moment.
        world.admin.call("hub.publish", channel="app.done", data=number)
        while True:
            params = client.event()
            if params["channel"] == "app.done":
                break
            seen.append((params.get("pattern", params["channel"]), params["event"].get("agentId")))
    for name in feeds:
        client.call("hub.unsubscribe", channel=name)
    assert {agent for name, agent in seen if name == "tasks"} == visible
    assert {agent for name, agent in seen if name == "agents.*"} == visible


def test_metrics_are_for_managers(world):
    import urllib.error
    import urllib.request

    def status(token=None):
        request = urllib.request.Request(f"{world.daemon.http}/metrics")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                assert b"omnihub_agent_queue_depth" in answer.read()
                return answer.status
        except urllib.error.HTTPError as error:
            assert b"omnihub_" not in error.read()
            return error.code

    assert status() == 401 and status("nonsense") == 401
    for role in ROLES:
        token = world.crew.log_in(f"the-{role}")["accessToken"]
        assert status(token) == (200 if role in ("manager", "admin") else 403), role


# --- rights that change --------------------------------------------------------------------------


def settle(world, client):
    """What the session has got by the time that everything published before is there."""
    seen = []
    for number in range(2):
        world.admin.call("hub.publish", channel="app.settle", data=number)
        while True:
            message = client.notification()
            if message["method"] == "hub.event":
                if message["params"]["channel"] == "app.settle":
                    break
                seen.append(message["params"]["event"]["agentId"])
            else:
                seen.append((message["method"], message["params"].get("channel")))
    return seen


@pytest.fixture
def changing(world):
    user = world.crew.add(f"changing-{uuid.uuid4().hex[:8]}", "user", [ASSIGNED])
    client = world.crew.session(user["name"])
    client.call("hub.subscribe", channel="app.settle")
    yield user, client
    client.close()


def test_an_assignment_shows_and_hides_events_of_open_subscriptions(world, changing):
    user, client = changing
    client.call("hub.subscribe", channel="tasks")
    client.call("hub.subscribe", channel=f"agents.{ASSIGNED}")
    world.admin.call("users.assignAgent", id=user["id"], agentId=FOREIGN)
    world.admin.call("tasks.wait", id=create(world.admin, FOREIGN)["id"])
    assert FOREIGN in settle(world, client)
    world.admin.call("users.unassignAgent", id=user["id"], agentId=ASSIGNED)
    for agent in (ASSIGNED, FOREIGN):
        world.admin.call("tasks.wait", id=create(world.admin, agent)["id"])
    seen = settle(world, client)
    assert FOREIGN in seen and ASSIGNED not in seen
    assert ("hub.unsubscribed", f"agents.{ASSIGNED}") in seen
    assert outcome(client, "hub.subscribe", {"channel": f"agents.{ASSIGNED}"}) == "NOT_FOUND"


def test_a_role_that_is_lowered_ends_what_it_gave(world, changing):
    user, client = changing
    world.admin.call("users.update", id=user["id"], role="admin")
    wait_until(lambda: client.call("session.info")["user"]["role"] == "admin")
    for channel in ("audit", "system", "tasks"):
        client.call("hub.subscribe", channel=channel)
    world.admin.call("users.update", id=user["id"], role="viewer")
    seen = settle(world, client)
    assert {entry[1] for entry in seen if entry[0] == "hub.unsubscribed"} == {"audit", "system"}
    for agent in (ASSIGNED, FOREIGN):
        world.admin.call("tasks.wait", id=create(world.admin, agent)["id"])
    assert set(settle(world, client)) == {ASSIGNED}
    assert outcome(client, "tasks.create", {"type": "content.analyze", "payload": {"text": "x"}}) == (
        "FORBIDDEN"
    )


def test_a_wait_for_a_task_does_not_outlive_the_right_to_see_it(world, changing):
    user, client = changing
    world.admin.call("agents.pause", id=ASSIGNED)
    try:
        task = create(world.admin, ASSIGNED)["id"]
        waiting = client.submit("tasks.wait", id=task, timeoutMs=60_000)
        client.call("tasks.get", id=task)
        world.admin.call("users.unassignAgent", id=user["id"], agentId=ASSIGNED)
    finally:
        world.admin.call("agents.resume", id=ASSIGNED)
    with pytest.raises(Failure) as failure:
        client.answer(waiting)
    assert failure.value.name == "NOT_FOUND"


@pytest.mark.parametrize("ending", ["disabled", "deleted"])
def test_an_account_that_ends_closes_its_sessions(world, changing, ending):
    user, client = changing
    if ending == "disabled":
        world.admin.call("users.update", id=user["id"], disabled=True)
    else:
        world.admin.call("users.delete", id=user["id"])
    assert closing(client) == 4103


# --- absent and forbidden ------------------------------------------------------------------------


def pairs(world):
    """The same call for what is absent and for what is somebody else's."""
    absent, foreign = world.tasks[ABSENT], world.tasks[FOREIGN]
    for method in ("tasks.get", "tasks.result", "tasks.cancel", "tasks.retry"):
        yield method, {"id": absent}, {"id": foreign}
    for method in ("agents.get", "agents.metrics"):
        yield method, {"id": "strategi"}, {"id": FOREIGN}
    yield "hub.subscribe", {"channel": f"tasks.{absent}"}, {"channel": f"tasks.{foreign}"}
    yield "hub.subscribe", {"channel": "agents.strategi"}, {"channel": f"agents.{FOREIGN}"}
    yield "users.get", {"id": str(uuid.uuid4())}, {"id": world.users["admin"]}
    kind, payload = PAYLOADS[FOREIGN]
    yield (
        "tasks.create",
        {"type": "strategi.prioritize", "payload": payload},
        {"type": kind, "payload": payload},
    )


def test_absent_and_forbidden_are_answered_alike(world):
    client = world.sessions["user"]

    def body(method, params):
        with pytest.raises(Failure) as failure:
            client.call(method, **params)
        data = {key: value for key, value in failure.value.data.items() if key != "requestId"}
        text = failure.value.message
        for name in params.values():
            text = text.replace(str(name), "<name>")
        return failure.value.code, text, data

    for method, absent, foreign in pairs(world):
        assert body(method, absent) == body(method, foreign), method


def test_absent_and_forbidden_take_the_same_time(world):
    client = world.sessions["user"]

    def difference(method, absent, foreign):
        times = ([], [])
        for _ in range(150):
            # In turn, so that what else the machine does befalls both.
            for taken, params in zip(times, (absent, foreign)):
                start = time.perf_counter()
                with pytest.raises(Failure):
                    client.call(method, **params)
                taken.append(time.perf_counter() - start)
        one, other = map(statistics.median, times)
        return abs(one - other) / max(one, other)

    for method, absent, foreign in itertools.islice(pairs(world), 0, None, 3):
        # A difference that is there is there each time.
        assert any(difference(method, absent, foreign) < 0.1 for _ in range(5)), method
