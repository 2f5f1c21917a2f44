"""Filters of subscriptions, which the hub applies."""

import pytest

from client import Client, Failure

SAMPLE = {"baseline": 0.1, "minimumEffect": 0.02}


def create(client, **params):
    return client.call("tasks.create", **({"type": "ab.samplesize", "payload": SAMPLE} | params))


def events_of(client, count):
    return [(event["offset"], event["event"]) for event in (client.event() for _ in range(count))]


def test_only_events_that_pass_are_sent(shared):
    with Client(shared.url) as all_events, Client(shared.url) as some, Client(shared.url) as maker:
        all_events.call("hub.subscribe", channel="tasks")
        some.call("hub.subscribe", channel="tasks", filter={"types": ["task.completed"]})
        ids = [create(maker)["id"] for _ in range(5)]
        completed = []
        while len(completed) < 5:
            event = all_events.event()
            if event["event"]["type"] == "task.completed":
                completed.append((event["offset"], event["event"]))
        assert events_of(some, 5) == completed
        assert sorted(event["taskId"] for _, event in completed) == sorted(ids)


@pytest.mark.parametrize("member", ["agentId", "taskId", "correlationId", "severity"])
def test_each_member_of_a_filter_chooses(shared, member):
    with Client(shared.url) as client, Client(shared.url) as maker:
        future = "2999-01-01T00:00:00Z"
        chosen = create(maker, correlationId=f"mine-{member}", runAt=future)["id"]
        value = {
            "agentId": "website",
            "taskId": chosen,
            "correlationId": f"mine-{member}",
            "severity": "MEDIUM",
        }[member]
        channel = "tasks"
        client.call("hub.subscribe", channel=channel, filter={member: value})
        other = {"text": "Words."}
        done = maker.call("tasks.create", type="content.analyze", payload=other)["id"]
        maker.call("tasks.wait", id=done)
        maker.call("tasks.cancel", id=chosen)
        _, event = events_of(client, 1)[0]
        assert (event["taskId"], event["type"]) == (chosen, "task.cancelled")
        assert event["severity"] == "MEDIUM"


def test_all_members_of_a_filter_must_hold(shared):
    with Client(shared.url) as client, Client(shared.url) as maker:
        wanted = {"types": ["task.created", "task.completed"], "agentId": "content"}
        client.call("hub.subscribe", channel="tasks", filter=wanted)
        maker.call("tasks.wait", id=create(maker)["id"])
        task = maker.call("tasks.create", type="content.analyze", payload={"text": "Words."})
        types = [event["type"] for _, event in events_of(client, 2)]
        assert types == ["task.created", "task.completed"]
        assert client.call("session.ping") and not client.notifications
        assert task["agentId"] == "content"


def test_history_and_recovery_are_filtered_too(shared):
    with Client(shared.url) as client:
        answer = client.call("hub.subscribe", channel="tasks")
        position = {"epoch": answer["epoch"], "offset": answer["offset"]}
        for _ in range(3):
            client.call("tasks.wait", id=create(client)["id"])
        head = client.call("hub.history", channel="tasks", limit=0)["head"]
    wanted = {"types": ["task.started"]}
    with Client(shared.url) as client:
        answer = client.call("hub.subscribe", channel="tasks", since=position, filter=wanted)
        assert answer["recovered"] is True and answer["offset"] == head
        assert [event["event"]["type"] for event in answer["events"]] == ["task.started"] * 3
    with Client(shared.url) as client:
        answer = client.call("hub.subscribe", channel="tasks", last=2, filter=wanted)
        assert [event["event"]["type"] for event in answer["events"]] == ["task.started"] * 2
        assert answer["offset"] == head
    with Client(shared.url) as client:
        answer = client.call("hub.subscribe", channel="agents.*", filter={"agentId": "website"})
        create(client)
        assert client.event()["channel"] == "agents.website"


def test_state_comes_whole_and_then_filtered_events(shared):
    with Client(shared.url) as client:
        wanted = {"types": ["agent.paused"]}
        answer = client.call("hub.subscribe", channel="agents", state=True, filter=wanted)
        assert {"content", "strategy", "website"} <= {agent["id"] for agent in answer["state"]}
        for command in ("agents.pause", "agents.resume", "agents.pause", "agents.resume"):
            client.call(command, id="content")
        assert [event["type"] for _, event in events_of(client, 2)] == ["agent.paused"] * 2


@pytest.mark.parametrize(
    ("channel", "wanted", "path"),
    [
        ("app.x", {"severity": "LOW"}, "/filter"),
        ("tasks", {"severity": "low"}, "/filter/severity"),
        ("tasks", {"types": []}, "/filter/types"),
        ("tasks", {"types": ["x"] * 65}, "/filter/types"),
        ("tasks", {"types": [1]}, "/filter/types/0"),
        ("tasks", {"taskID": "x"}, "/filter/taskID"),
        ("tasks", [], "/filter"),
    ],
)
def test_what_is_no_good_filter_is_refused(client, channel, wanted, path):
    with pytest.raises(Failure) as failure:
        client.call("hub.subscribe", channel=channel, filter=wanted)
    assert failure.value.name == "VALIDATION_ERROR" and failure.value.paths == [path]
