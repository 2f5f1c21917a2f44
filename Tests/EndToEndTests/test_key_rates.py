"""What may be done with one API key, beside what its user may do."""

import urllib.request

import pytest

from client import Client, Failure
from daemon import wait_until
from people import auth, bearer, set_up, signed_in

RATES = {
    "keyCommandsPerSecond": 1, "keyCommandBurst": 300,
    "keyTasksPerSecond": 1, "keyTaskBurst": 5,
    "keyPublicationsPerSecond": 1, "keyPublicationBurst": 5,
}


@pytest.fixture(scope="module")
def hub(make_shared_daemon):
    daemon = make_shared_daemon(dev=False, config=auth() | {"limits": RATES})
    daemon.tokens = set_up(daemon)
    daemon.admin = signed_in(daemon, daemon.tokens)
    return daemon


@pytest.fixture
def key(hub):
    return hub.admin.call("keys.create", name="bot")["key"]


def limited(client, method, **params):
    """Calls until it is too often; how often it was not, and the refusal."""
    for count in range(5_000):
        try:
            client.call(method, **params)
        except Failure as failure:
            assert failure.name == "RATE_LIMITED"
            assert 1 <= failure.data["retryAfterMs"] <= 1_000
            return count
    raise AssertionError("never limited")


def exceeded(hub, limit):
    request = urllib.request.Request(
        f"{hub.http}/metrics", headers={"Authorization": f"Bearer {hub.tokens['accessToken']}"}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        for line in answer.read().decode().splitlines():
            if line.startswith(f'omnihub_limits_exceeded_total{{limit="{limit}"}}'):
                return float(line.split()[-1])


def test_a_key_has_its_commands_over_all_sessions(hub, key):
    before = exceeded(hub, "limits.keyCommandsPerSecond")
    with Client(hub.url, **bearer(key)) as one, Client(hub.url, **bearer(key)) as two:
        assert limited(one, "session.ping") >= 290
        # What one session has used up, the other has not: but for a token of the time between.
        assert limited(two, "session.ping") < 60
    # Loops tell their figures now and then.
    wait_until(lambda: exceeded(hub, "limits.keyCommandsPerSecond") >= before + 2, 60)
    # Its user, and another key of the same user, have their own.
    for _ in range(400):
        hub.admin.call("session.ping")
    other = hub.admin.call("keys.create", name="other")["key"]
    with Client(hub.url, **bearer(other)) as client:
        assert limited(client, "session.ping") >= 290


def test_a_key_has_so_many_publications_and_tasks(hub, key):
    with Client(hub.url, **bearer(key)) as client:
        assert limited(client, "hub.publish", channel="app.rates", data=1) >= 5
        task = {"type": "content.analyze", "payload": {"text": "A."}}
        assert limited(client, "tasks.create", **task) >= 5
        client.call("session.ping")
    for _ in range(10):
        hub.admin.call("hub.publish", channel="app.rates", data=1)
        hub.admin.call("tasks.create", **task)
