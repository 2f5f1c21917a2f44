"""The wall clock steps back and forth by hours: timers do not notice, nothing expires or repeats."""

import datetime
import struct

import pytest

from client import Client, Failure
from daemon import wait_until
from preloading import preloading

HOUR = 3600
STEPS = [6 * HOUR, -6 * HOUR, 11 * HOUR, -1 * HOUR, 0]


class Clock:
    """The wall clock of hubs that were started with `environment`."""

    def __init__(self, folder):
        self.file = folder / "step"
        self.environment = preloading("clock", folder) | {"CLOCK_STEP_FILE": str(self.file)}
        self.step(0)

    def step(self, seconds):
        """From now on the clock is so far ahead of the true one."""
        with open(self.file, "r+b" if self.file.exists() else "wb") as file:
            file.write(struct.pack("=q", seconds))


@pytest.fixture
def clock(tmp_path):
    return Clock(tmp_path)


def ahead(client):
    """How many hours the hub's clock is ahead of this one."""
    text = client.call("session.ping")["time"]
    moment = datetime.datetime.fromisoformat(text)
    return round((moment - datetime.datetime.now(datetime.timezone.utc)).total_seconds() / HOUR)


def create(client, key, **params):
    return client.call(
        "tasks.create", type="content.analyze", payload={"text": "A."}, idempotencyKey=key, **params
    )


def test_sessions_tasks_and_keys_do_not_notice(make_daemon, clock):
    hub = make_daemon(
        environment=clock.environment,
        config={
            "timeouts": {"pingIntervalMs": 3_600_000},
            "channels": {"presenceGraceMs": 3_600_000},
        },
    )
    with Client(hub.url) as client, Client(hub.url) as watcher:
        tasks = watcher.subscribe("tasks")
        gone = Client(hub.url)
        gone.call("hub.subscribe", channel="app.room", presence={"id": "away"})
        gone.close()
        first = create(client, "first")
        published = client.call("hub.publish", channel="app.x", data=1, idempotencyKey="p")
        later = client.call(
            "tasks.create",
            type="content.analyze",
            payload={"text": "A."},
            runAt=(
                datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=30)
            ).isoformat(),
        )
        for step in STEPS:
            clock.step(step)
            assert ahead(client) == step // HOUR

            # What was done is not done again, and is still known.
            assert create(client, "first")["id"] == first["id"]
            again = client.call("hub.publish", channel="app.x", data=1, idempotencyKey="p")
            assert again == published

            # What is begun now ends: its times are those of a clock that does not step.
            task = create(client, f"at {step}", timeoutMs=60_000)
            done = client.call("tasks.wait", id=task["id"], timeoutMs=60_000)
            assert done["status"] == "completed"
            tasks.until(
                lambda event: event["event"]["type"] == "task.completed"
                and event["event"]["taskId"] == task["id"]
            )
            still = client.call("tasks.wait", id=later["id"], timeoutMs=1)
            assert still["status"] == "scheduled"

            # Nobody has left, and nobody was limited.
            members = client.call("hub.presence", channel="app.room")["members"]
            assert [member["id"] for member in members] == ["away"]
            assert client.call("session.info")["authenticated"]
        identifiers = [event["event"]["id"] for event in tasks.seen]
        assert len(set(identifiers)) == len(identifiers)
        assert hub.metrics()["omnihub_ping_timeouts_total"] == 0


@pytest.mark.parametrize("step", [-7 * HOUR, 7 * HOUR])
def test_a_restart_after_a_step_forgets_and_repeats_nothing(make_daemon, clock, step):
    hub = make_daemon(environment=clock.environment)
    with Client(hub.url) as client:
        first = create(client, "first")
        client.call("tasks.wait", id=first["id"])
        feed = client.subscribe("tasks", last=100)
        events = client.call("system.stats")["sequence"]
        client.call("system.snapshot")
    hub.kill()
    clock.step(step)
    hub.start()
    with Client(hub.url) as client:
        assert ahead(client) == step // HOUR
        assert create(client, "first")["id"] == first["id"]
        assert client.call("tasks.get", id=first["id"])["status"] == "completed"
        assert client.call("system.stats")["sequence"] > events
        feed.resume(client)
        second = create(client, "second")
        assert client.call("tasks.wait", id=second["id"])["status"] == "completed"
        feed.until(lambda event: event["event"]["type"] == "task.completed")


def test_a_rate_is_not_earned_by_a_step(make_daemon, clock):
    hub = make_daemon(
        environment=clock.environment,
        config={"limits": {"commandsPerSecond": 1, "commandBurst": 10}},
    )
    with Client(hub.url) as client:

        def refusals(count):
            refused = 0
            for _ in range(count):
                try:
                    client.call("session.ping")
                except Failure as failure:
                    assert failure.name == "RATE_LIMITED"
                    assert failure.data["retryAfterMs"] <= 1_000
                    refused += 1
            return refused

        # A slow machine may earn some meanwhile.
        assert refusals(40) >= 10
        clock.step(9 * HOUR)
        assert refusals(40) >= 10
        clock.step(-9 * HOUR)
        assert refusals(40) >= 10
        wait_until(lambda: refusals(1) == 0, seconds=60, what="a command is earned")
