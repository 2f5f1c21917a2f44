"""Events of the hub at receivers of others: signed, in order, again and again until they are taken."""

import base64
import json
import os

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from client import Client
from daemon import wait_until
from services import Service

SECRET = "whsec_" + base64.b64encode(os.urandom(32)).decode()
QUICK = {
    "outbound": {"allowedAddresses": ["127.0.0.0/8"]},
    "integrations": {
        "retryMs": 20, "maxRetryMs": 50, "webhookAttempts": 4, "breakerMs": 20,
        "callsPerMinute": 1_000_000,
    },
}


@pytest.fixture
def receiver():
    service = Service()
    yield service
    service.close()


@pytest.fixture
def hub(make_daemon):
    return make_daemon(config=QUICK)


def create(client, receiver, *events, name="hook", **more):
    config = {"url": receiver.url + "/hook", "events": list(events)}
    return client.call(
        "integrations.create", type="webhook", name=name, config=config,
        secrets={"secret": SECRET}, **more,
    )


def work(client, count=1):
    """Tasks that were completed."""
    tasks = [
        client.call("tasks.create", type="price.index", payload={"ours": 1, "competitors": [2]})
        for _ in range(count)
    ]
    return [client.call("tasks.wait", id=task["id"], timeoutMs=60_000)["id"] for task in tasks]


def verified(request):
    """What somebody else's code takes for a message of ours."""
    return Webhook(SECRET).verify(request.body, dict(request.headers))


def taken(receiver):
    """The tasks that were told of, each once, in the order in which that first happened."""
    return list(dict.fromkeys(verified(request)["taskId"] for request in list(receiver.requests)))


def test_events_come_signed_as_they_were_published(hub, receiver):
    with Client(hub.url) as client:
        create(client, receiver, "task.completed")
        (task,) = work(client)
        (request,) = receiver.wait(1)
        event = verified(request)
        assert event["type"] == "task.completed" and event["taskId"] == task
        assert request.headers["webhook-id"] == event["id"]
        published = client.call("hub.history", channel=f"tasks.{task}")["events"]
        assert event == published[-1]["event"]
        with pytest.raises(WebhookVerificationError):
            Webhook(SECRET).verify(request.body + b" ", dict(request.headers))


def test_events_keep_their_order_whatever_fails(hub, receiver):
    with Client(hub.url) as client:
        create(client, receiver, "task.*", "agent.*")
        fail = (500, {})
        # Now one, now three in a row: never as many as make a dead letter.
        receiver.answers += [fail, (200, {}), fail, fail, fail, (200, {}), (429, {}), (200, {})]
        tasks = work(client, 5)
        client.call("agents.pause", id="content")
        client.call("agents.resume", id="content")
        wait_until(
            lambda: any(b"agent.resumed" in request.body for request in list(receiver.requests)), 60
        )
        events = [verified(request) for request in receiver.requests]
        # Each was sent again with the same id until it was taken.
        seen = list(dict.fromkeys(event["id"] for event in events))
        sequences = [next(e["seq"] for e in events if e["id"] == id) for id in seen]
        assert sequences == sorted(sequences)
        ended = [e["taskId"] for e in events if e["type"] == "task.completed"]
        assert set(ended) == set(tasks)
        history = client.call("hub.history", channel="tasks", limit=1000)["events"]
        ids = [entry["event"]["id"] for entry in history]
        assert [id for id in seen if id in ids] == ids
        assert hub.metrics()['omnihub_webhook_events_total{outcome="deadLettered"}'] == 0


def test_what_is_never_taken_becomes_a_dead_letter_and_can_be_sent_again(hub, receiver):
    with Client(hub.url) as client:
        made = create(client, receiver, "task.completed")
        receiver.standard = (500, {})
        first, second = work(client, 1) + work(client, 1)

        def letters():
            return client.call("integrations.get", id=made["id"])["letters"]

        wait_until(lambda: len(letters()) == 2, 60)
        assert [letter["attempts"] for letter in letters()] == [4, 4]
        assert all("500" in letter["reason"] for letter in letters())
        assert len(receiver.requests) == 8
        told = client.call("hub.history", channel="system", limit=1000)["events"]
        types = [entry["event"]["type"] for entry in told]
        assert types.count("integration.deadLettered") == 2 and "integration.failed" in types
        # They outlive the hub.
        hub.kill()
        hub.start()
    with Client(hub.url) as client:
        receiver.answers.append((200, {}))
        receiver.requests.clear()
        answer = client.call("integrations.redeliver", id=made["id"])
        assert answer["sent"] == 1 and answer["left"] == 1 and answer["error"]["retryable"]
        receiver.standard = (200, {})
        assert client.call("integrations.redeliver", id=made["id"])["sent"] == 1
        wait_until(lambda: client.call("integrations.get", id=made["id"])["letters"] == [], 60)
        taken = [verified(request)["taskId"] for request in receiver.requests]
        assert taken == [first, second, second]


def test_a_receiver_that_is_gone_is_not_asked_again(hub, receiver):
    with Client(hub.url) as client:
        made = create(client, receiver, "task.completed")
        receiver.answers.append((410, {}))
        work(client)
        wait_until(lambda: client.call("integrations.get", id=made["id"])["deadLetters"] == 1, 60)
        assert len(receiver.requests) == 1


def test_nothing_is_lost_over_kills_and_pauses(hub, receiver):
    """Whatever happened meanwhile is sent, and what was sent is at most sent again."""
    with Client(hub.url) as client:
        made = create(client, receiver, "task.completed")
        before = work(client, 20)
        receiver.wait(20)
    receiver.standard = (503, {})
    with Client(hub.url) as client:
        client.call("integrations.update", id=made["id"], paused=True)
        while_paused = work(client, 20)
    hub.kill()
    hub.start()
    receiver.standard = (200, {})
    with Client(hub.url) as client:
        client.call("integrations.update", id=made["id"], paused=False)
        last = work(client, 5)
        wait_until(lambda: len(taken(receiver)) == 45, 60)
        assert set(taken(receiver)) == {*before, *while_paused, *last}
        # Several run at once: they end in another order than they were created in.
        history = client.call("hub.history", channel="tasks", limit=1000)["events"]
        ended = [entry["event"] for entry in history if entry["event"]["type"] == "task.completed"]
        assert taken(receiver) == [event["taskId"] for event in ended]


def test_a_test_and_a_message_of_ones_own_are_signed_too(hub, receiver):
    with Client(hub.url) as client:
        made = create(client, receiver, "task.dead")
        answer = client.call("integrations.test", id=made["id"])
        assert answer["ok"] and answer["latencyMs"] > 0
        message = verified(receiver.requests[0])
        assert message["type"] == "integration.test" and message["data"]["integrationId"] == made["id"]
        client.call(
            "integrations.call", id=made["id"], call="send",
            params={"type": "mine", "data": {"a": [1, "ä"]}},
        )
        assert verified(receiver.requests[1])["data"] == {"a": [1, "ä"]}
        assert json.loads(receiver.requests[1].body)["type"] == "mine"


def test_another_secret_signs_from_then_on(hub, receiver):
    other = "whsec_" + base64.b64encode(os.urandom(24)).decode()
    with Client(hub.url) as client:
        made = create(client, receiver)
        client.call("integrations.update", id=made["id"], secrets={"secret": other})
        client.call("integrations.test", id=made["id"])
        tested = next(r for r in receiver.requests if b"integration.test" in r.body)
        assert Webhook(other).verify(tested.body, dict(tested.headers))
