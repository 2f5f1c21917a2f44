"""Who did what is in the audit, and nothing of it can be changed unnoticed."""

import hashlib
import json

import pytest

from client import Client, Failure
from daemon import wait_until

TASK = {"type": "ab.samplesize", "payload": {"baseline": 0.1, "minimumEffect": 0.02}}


def journal_events(state):
    """All events of the journal, each as the text that was published."""
    decoder = json.JSONDecoder()
    for path in sorted((state / "journal").glob("*.jsonl")):
        for line in path.read_text().splitlines():
            place = line.index(',"event":', line.index('"event":') + 8) + 9
            event, end = decoder.raw_decode(line, place)
            yield event, line[place:end]


def audit_events(state):
    return [pair for pair in journal_events(state) if pair[0]["type"].startswith("audit.")]


def test_who_did_what_is_told_live_and_is_on_disk_with_the_answer(daemon):
    with Client(daemon.url) as admin, Client(daemon.url) as caller:
        feed = admin.subscribe("audit")
        session = caller.call("session.info")["sessionId"]
        task = caller.call("tasks.create", **TASK)
        event = feed.next()
        assert event["offset"] == 1 == event["event"]["data"]["entry"]
        event = event["event"]
        assert event["type"] == "audit.allowed" and event["taskId"] == task["id"]
        data = event["data"]
        assert data["method"] == "tasks.create" and data["outcome"] == "allowed"
        assert (data["user"], data["session"]) == ("dev", session)
        assert (data["address"], data["transport"]) == ("127.0.0.1", "websocket")
        assert data["object"] == {"kind": "task", "id": task["id"]}
        created = caller.call("tasks.create", **TASK)
    # Killed right after the answer: what was answered is in the audit.
    daemon.kill()
    audited = [event["data"]["object"]["id"] for event, _ in audit_events(daemon.state)]
    assert audited == [task["id"], created["id"]]


def test_the_chain_is_what_the_document_says(daemon):
    with Client(daemon.url) as client:
        for _ in range(5):
            client.call("tasks.create", **TASK)
        client.call("agents.pause", id="content")
        client.call("system.snapshot")
    daemon.kill()
    daemon.start()
    with Client(daemon.url) as client:
        client.call("agents.resume", id="content")
    daemon.kill()

    texts = {event["seq"]: text for event, text in journal_events(daemon.state)}
    previous, vouched = "0" * 64, 0
    for number, (event, text) in enumerate(audit_events(daemon.state), 1):
        data = event["data"]
        assert data["entry"] == number and data["previous"] == previous
        previous = hashlib.sha256(text.encode()).hexdigest()
        if effect := data.get("effect"):
            assert effect["seq"] == event["seq"] - 1
            assert effect["sha256"] == hashlib.sha256(texts[effect["seq"]].encode()).hexdigest()
            vouched += 1
    assert number == 8 and vouched == 7


def test_nothing_of_a_payload_is_in_the_audit(daemon):
    with Client(daemon.url) as client:
        client.call("tasks.create", type="content.analyze", payload={"text": "canary-4711"})
        client.call("agents.configure", id="content", config={"concurrency": 3})
    daemon.kill()
    texts = [text for _, text in audit_events(daemon.state)]
    assert len(texts) == 2
    assert not any("canary" in text or "concurrency" in text for text in texts)


def test_denied_attempts_are_told_and_a_flood_of_them_is_a_few_entries(make_daemon):
    daemon = make_daemon(dev=False)
    attempts = 3000
    with Client(daemon.url) as client:
        for _ in range(attempts):
            with pytest.raises(Failure) as failure:
                client.call("tasks.get", id="nobody-may-ask")
            assert failure.value.name == "UNAUTHENTICATED"
    daemon.stop()
    entries = [event["data"] for event, _ in audit_events(daemon.state)]
    assert sum(entry.get("count", 1) for entry in entries) == attempts
    assert len(entries) < 100
    for entry in entries:
        assert entry["outcome"] == "denied" and entry["reason"] == "UNAUTHENTICATED"
        assert entry["method"] == "tasks.get" and "user" not in entry
        assert entry["object"] == {"kind": "task", "id": "nobody-may-ask"}


def test_attempts_to_publish_in_the_hubs_name_are_denied_attempts(daemon):
    with Client(daemon.url) as admin, Client(daemon.url) as caller:
        feed = admin.subscribe("audit", filter={"types": ["audit.denied"]})
        with pytest.raises(Failure) as failure:
            caller.call("hub.publish", channel="audit", data={"forged": True})
        assert failure.value.name == "FORBIDDEN"
        data = feed.next()["event"]["data"]
        assert data["method"] == "hub.publish" and data["user"] == "dev"
        assert data["object"] == {"kind": "channel", "id": "audit"}
        wait_until(lambda: "omnihub_denied_attempts_total 1\n" in daemon.get("/metrics"))
        wait_until(lambda: "omnihub_audit_entries 1\n" in daemon.get("/metrics"))


def test_the_audit_channel_goes_on_after_a_restart(daemon):
    with Client(daemon.url) as client:
        feed = client.subscribe("audit")
        client.call("tasks.create", **TASK)
        feed.next()
        client.call("tasks.create", **TASK)
    daemon.kill()
    daemon.start()
    with Client(daemon.url) as client:
        feed.resume(client)
        assert feed.offset == 2
        history = client.call("hub.history", channel="audit")
        assert [e["offset"] for e in history["events"]] == [1, 2]
