"""Subscriptions to patterns of names."""

import pytest

from client import Client, Failure
from daemon import wait_until


def patterned(event, pattern, offset):
    assert (event["pattern"], event["patternOffset"]) == (pattern, offset)
    return event["channel"], event["offset"], event["data"]


def test_a_pattern_gets_each_publication_of_every_channel_once(shared):
    with Client(shared.url) as client, Client(shared.url) as publisher:
        publisher.call("hub.publish", channel="app.p1.early.orders", data=0)
        one = client.call("hub.subscribe", channel="app.p1.*.orders")
        assert (one["channel"], one["offset"], one["events"]) == ("app.p1.*.orders", 0, [])
        for number, name in enumerate(["early.orders", "late.orders", "late.other", "late.orders"]):
            publisher.call("hub.publish", channel=f"app.p1.{name}", data=number)
        seen = [patterned(client.event(), "app.p1.*.orders", index) for index in (1, 2, 3)]
        assert seen == [
            ("app.p1.early.orders", 2, 0),
            ("app.p1.late.orders", 1, 1),
            ("app.p1.late.orders", 2, 3),
        ]


def test_a_name_and_patterns_are_subscriptions_of_their_own(shared):
    with Client(shared.url) as client:
        for channel in ("app.p2.>", "app.p2.a", "app.p2.*"):
            client.call("hub.subscribe", channel=channel)
        client.call("hub.publish", channel="app.p2.a", data=1)
        seen = sorted((client.event().get("pattern", "") for _ in range(3)))
        assert seen == ["", "app.p2.*", "app.p2.>"]
        assert client.call("session.info")["subscriptions"] == ["app.p2.*", "app.p2.>", "app.p2.a"]
        client.call("hub.unsubscribe", channel="app.p2.*")
        client.call("hub.publish", channel="app.p2.b", data=1)
        assert client.event()["pattern"] == "app.p2.>"
        with pytest.raises(Failure) as failure:
            client.call("hub.unsubscribe", channel="app.p2.*")
        assert failure.value.name == "NOT_SUBSCRIBED"
        with pytest.raises(Failure) as failure:
            client.call("hub.subscribe", channel="app.p2.>")
        assert failure.value.name == "ALREADY_SUBSCRIBED"


def test_a_pattern_recovers_like_a_channel(shared):
    with Client(shared.url) as publisher:
        with Client(shared.url) as client:
            answer = client.call("hub.subscribe", channel="app.p3.>")
            publisher.call("hub.publish", channel="app.p3.a", data=1)
            position = {"epoch": answer["epoch"], "offset": client.event()["patternOffset"]}
        for number in (2, 3):
            publisher.call("hub.publish", channel=f"app.p3.{number}", data=number)
        with Client(shared.url) as client:
            answer = client.call("hub.subscribe", channel="app.p3.>", since=position)
            assert answer["recovered"] is True
            assert [event["data"] for event in answer["events"]] == [2, 3]
            publisher.call("hub.publish", channel="app.p3.z", data=4)
            assert client.event()["patternOffset"] == 4
            history = client.call("hub.history", channel="app.p3.>", since=position)
            assert [event["data"] for event in history["events"]] == [2, 3, 4]
        with Client(shared.url) as client:
            with pytest.raises(Failure) as failure:
                client.call("hub.history", channel="app.p3.none.>")
            assert failure.value.name == "NOT_FOUND"
            stale = position | {"epoch": "other"}
            answer = client.call("hub.subscribe", channel="app.p3.>", since=stale)
            assert answer["recovered"] is False


def test_a_pattern_is_forgotten_some_time_after_its_last_subscriber(make_daemon):
    daemon = make_daemon(config={"channels": {"patternLingerMs": 200}})
    with Client(daemon.url) as client:
        client.call("hub.subscribe", channel="app.>")
        assert daemon.metrics()["omnihub_patterns"] == 1
        client.call("hub.unsubscribe", channel="app.>")
    wait_until(lambda: daemon.metrics()["omnihub_patterns"] == 0, what="the pattern is forgotten")


def test_too_many_patterns_are_refused(make_daemon):
    daemon = make_daemon(config={"channels": {"maxPatterns": 2}})
    with Client(daemon.url) as client:
        for name in ("app.a.*", "app.b.*"):
            client.call("hub.subscribe", channel=name)
        with pytest.raises(Failure) as failure:
            client.call("hub.subscribe", channel="app.c.*")
        assert failure.value.name == "BUSY" and "channels.maxPatterns" in failure.value.message
        client.call("hub.unsubscribe", channel="app.a.*")
        client.call("hub.subscribe", channel="app.c.*")


def test_agents_can_be_watched_by_a_pattern(shared):
    with Client(shared.url) as client:
        answer = client.call("hub.subscribe", channel="agents.*", last=1)
        assert answer["channel"] == "agents.*"
        payload = {"baseline": 0.1, "minimumEffect": 0.02}
        task = client.call("tasks.create", type="ab.samplesize", payload=payload)
        types = []
        while "task.completed" not in types:
            event = client.event()
            assert event["channel"] == "agents.website" and event["pattern"] == "agents.*"
            assert event["event"]["taskId"] == task["id"]
            types.append(event["event"]["type"])
        assert types == ["task.created", "task.started", "task.completed"]


@pytest.mark.parametrize(
    "channel",
    ["tasks.*", "*", ">", "system.*", "app.>.x", "app.a*", "app..*", "app.**", "other.>"],
)
def test_what_is_no_good_pattern_is_refused(client, channel):
    with pytest.raises(Failure) as failure:
        client.call("hub.subscribe", channel=channel)
    assert failure.value.name == "VALIDATION_ERROR" and failure.value.paths == ["/channel"]


def test_nothing_can_be_published_on_a_pattern(client):
    with pytest.raises(Failure) as failure:
        client.call("hub.publish", channel="app.*", data=1)
    assert failure.value.name == "VALIDATION_ERROR"
