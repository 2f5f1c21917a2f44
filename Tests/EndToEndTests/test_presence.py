"""Who is subscribed to a channel of clients."""

import pytest

from client import Client, Failure
from daemon import wait_until


def ids(client, channel, **params):
    return [member["id"] for member in client.call("hub.presence", channel=channel, **params)["members"]]


def change(client, timeout=20):
    """The next change of presence: channel, action and id."""
    while (message := client.notification(timeout))["method"] != "hub.presence":
        pass
    params = message["params"]
    return params["channel"], params["action"], params["member"]["id"]


def test_everybody_who_is_subscribed_is_listed(shared):
    with Client(shared.url) as first, Client(shared.url) as second:
        assert first.call("hub.presence", channel="app.list") == {
            "channel": "app.list",
            "count": 0,
            "members": [],
        }
        for client in (first, second):
            client.call("hub.subscribe", channel="app.list")
        answer = first.call("hub.presence", channel="app.list")
        assert answer["count"] == 2
        sessions = sorted(client.welcome["sessionId"] for client in (first, second))
        assert [member["id"] for member in answer["members"]] == sessions
        assert all(member["userId"] == "dev" and member["joinedAt"] for member in answer["members"])
        assert ids(first, "app.list", limit=1) == sessions[:1]
        assert ids(first, "app.list", after=sessions[0]) == sessions[1:]
        second.call("hub.unsubscribe", channel="app.list")
        assert ids(first, "app.list") == [first.welcome["sessionId"]]
        assert not first.notifications, "nothing is told to who did not ask"


def test_who_asked_is_told_who_comes_changes_and_goes(shared):
    with Client(shared.url) as watcher:
        watcher.call("hub.subscribe", channel="app.room", presence=True)
        me = watcher.welcome["sessionId"]
        assert change(watcher) == ("app.room", "join", me)
        with Client(shared.url) as other:
            presence = {"id": "bob", "info": {"name": "Bob"}}
            other.call("hub.subscribe", channel="app.room", presence=presence)
            assert change(watcher) == ("app.room", "join", "bob")
            other.call("hub.presence", channel="app.room", info={"name": "Robert"})
            message = watcher.notification()["params"]
            assert message["action"] == "update" and message["member"]["info"] == {"name": "Robert"}
            other.call("hub.unsubscribe", channel="app.room")
            assert change(watcher) == ("app.room", "leave", "bob")
            other.call("hub.subscribe", channel="app.room")
            assert change(watcher) == ("app.room", "join", other.welcome["sessionId"])
        assert change(watcher)[1] == "leave", "who chose no id cannot come back"


def test_a_reconnect_makes_no_noise(make_daemon):
    daemon = make_daemon(config={"channels": {"presenceGraceMs": 500}}, arguments=["--loops", "2"])
    with Client(daemon.url) as watcher:
        watcher.call("hub.subscribe", channel="app.room", presence={"id": "watcher"})
        assert change(watcher) == ("app.room", "join", "watcher")
        for _ in range(3):
            with Client(daemon.url) as client:
                client.call("hub.subscribe", channel="app.room", presence={"id": "alice"})
                assert ids(watcher, "app.room") == ["alice", "watcher"]
        assert change(watcher) == ("app.room", "join", "alice")
        assert change(watcher) == ("app.room", "leave", "alice")
        assert ids(watcher, "app.room") == ["watcher"]
        assert not watcher.notifications


def test_presence_is_bounded(make_daemon):
    daemon = make_daemon(config={"channels": {"presenceMembers": 2}})
    with Client(daemon.url) as first, Client(daemon.url) as second, Client(daemon.url) as third:
        for client in (first, second, third):
            client.call("hub.subscribe", channel="app.full")
        assert first.call("hub.presence", channel="app.full")["count"] == 2
        with pytest.raises(Failure) as failure:
            third.call("hub.subscribe", channel="app.full", presence=True)
        assert failure.value.name == "ALREADY_SUBSCRIBED"
        third.call("hub.unsubscribe", channel="app.full")
        with pytest.raises(Failure) as failure:
            third.call("hub.subscribe", channel="app.full", presence=True)
        assert failure.value.name == "BUSY" and "channels.presenceMembers" in failure.value.message
        assert third.call("session.info")["subscriptions"] == []
        first.call("hub.unsubscribe", channel="app.full")
        third.call("hub.subscribe", channel="app.full", presence=True)
        name = "omnihub_presence_members"
        wait_until(lambda: daemon.metrics()[name] == 2, what="two are counted")


@pytest.mark.parametrize(
    ("method", "params", "code", "path"),
    [
        ("hub.presence", {"channel": "tasks"}, "VALIDATION_ERROR", "/channel"),
        ("hub.presence", {"channel": "app.*"}, "VALIDATION_ERROR", "/channel"),
        ("hub.presence", {"channel": "app.x", "limit": 0}, "VALIDATION_ERROR", "/limit"),
        ("hub.presence", {"channel": "app.x", "info": "x" * 1_023}, "VALIDATION_ERROR", "/info"),
        ("hub.presence", {"channel": "app.nobody", "info": 1}, "NOT_SUBSCRIBED", None),
        ("hub.subscribe", {"channel": "tasks", "presence": True}, "VALIDATION_ERROR", "/presence"),
        ("hub.subscribe", {"channel": "app.*", "presence": True}, "VALIDATION_ERROR", "/presence"),
        ("hub.subscribe", {"channel": "app.x", "presence": 1}, "VALIDATION_ERROR", "/presence"),
        (
            "hub.subscribe",
            {"channel": "app.x", "presence": {"id": ""}},
            "VALIDATION_ERROR",
            "/presence/id",
        ),
        (
            "hub.subscribe",
            {"channel": "app.x", "presence": {"name": "x"}},
            "VALIDATION_ERROR",
            "/presence/name",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(client, method, params, code, path):
    with pytest.raises(Failure) as failure:
        client.call(method, **params)
    assert failure.value.name == code
    assert failure.value.paths == ([path] if path else [])
