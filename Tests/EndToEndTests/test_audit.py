"""Who did what is in the audit, and nothing of it can be changed unnoticed."""

import hashlib
import json

import pytest

from client import Client, Failure
from daemon import Process, wait_until

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


# --- questions ---------------------------------------------------------------------------------


def test_the_audit_is_answered_in_pages_and_by_what_is_asked(make_daemon):
    daemon = make_daemon()
    with Client(daemon.url) as client:
        tasks = [client.call("tasks.create", **TASK)["id"] for _ in range(5)]
        client.call("agents.pause", id="content")
        client.call("agents.resume", id="content")
        with pytest.raises(Failure):
            client.call("hub.publish", channel="tasks", data={})
        feed = client.subscribe("audit", last=1)
        while "audit.denied" not in [event["event"]["type"] for event in feed.seen]:
            feed.next()

        def asked(**params):
            answer = client.call("system.audit", **params)
            assert answer["head"] == 8
            return [entry["data"] for entry in answer["entries"]]

        assert [entry["entry"] for entry in asked()] == list(range(1, 9))
        assert {entry["method"] for entry in asked(object={"kind": "agent"})} == {
            "agents.pause",
            "agents.resume",
        }
        (entry,) = asked(object={"id": tasks[2]})
        assert entry["entry"] == 3
        assert [entry["entry"] for entry in asked(method="tasks.create", after=2)] == [3, 4, 5]
        (denied,) = asked(outcome="denied")
        assert (denied["method"], denied["reason"]) == ("hub.publish", "FORBIDDEN")
        assert asked(user="nobody") == []
        assert len(asked(user="dev")) == 8
        fourth = client.call("system.audit", after=3, limit=1)["entries"][0]
        assert asked(since=fourth["timestamp"])[-5:] == asked(after=3)
        assert asked(since="2999-01-01T00:00:00Z") == []

        pages, after = [], 0
        while after is not None:
            page = client.call("system.audit", after=after, limit=3)
            assert len(page["entries"]) <= 3
            pages += [entry["data"]["entry"] for entry in page["entries"]]
            after = page.get("next")
        assert pages == list(range(1, 9))
        for bad, path in (
            ({"since": "yesterday"}, "/since"),
            ({"limit": 0}, "/limit"),
            ({"outcome": "perhaps"}, "/outcome"),
            ({"object": {"colour": "red"}}, "/object/colour"),
        ):
            with pytest.raises(Failure) as failure:
                client.call("system.audit", **bad)
            assert failure.value.name == "VALIDATION_ERROR" and failure.value.paths == [path]


# --- proof -------------------------------------------------------------------------------------


def crc32c(data, table=[]):
    if not table:
        for byte in range(256):
            for _ in range(8):
                byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
            table.append(byte)
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return f"{crc ^ 0xFFFFFFFF:08x}"


def forge(path, edit):
    """Rewrites a segment as somebody would who knows its format: with right checksums."""
    lines = edit([line for line in path.read_text().splitlines()])
    forged = []
    for line in lines:
        head, rest = line.split(',"crc":"', 1)
        sequence, rest = head.removeprefix('{"seq":'), rest[10:]
        crc = crc32c((sequence + rest).encode())
        forged.append(f'{{"seq":{sequence},"crc":"{crc}",{rest}\n')
    path.write_text("".join(forged))


def renumber(lines, first):
    """Closes the gap that a removed record leaves, so that only the chain can tell."""
    result = []
    for sequence, line in enumerate(lines, first):
        old = json.loads(line)["seq"]
        line = line.replace(f'"seq":{old},', f'"seq":{sequence},')
        batch = json.loads(line)["batch"]
        result.append(line.replace(f'"batch":{batch},', f'"batch":{sequence},'))
    return result


def place(lines, number):
    """Where the entry of this number is."""
    return next(
        index for index, line in enumerate(lines) if f'"data":{{"entry":{number},' in line
    )


def change(lines):
    at = place(lines, 4)
    lines[at] = lines[at].replace('"user":"dev"', '"user":"eve"')
    return lines


def change_effect(lines):
    at = place(lines, 4) - 1
    assert '"createdBy":"dev"' in lines[at]
    lines[at] = lines[at].replace('"createdBy":"dev"', '"createdBy":"eve"')
    return lines


def swap(lines):
    one, other = place(lines, 4), place(lines, 6)
    lines[one], lines[other] = lines[other], lines[one]
    return renumber(lines, 1)


def verify(folder):
    process = Process("omnihubd", "verify", folder)
    status = process.wait()
    process.check_for_crash()
    return status, process.stdout.text, process.stderr.text


def proof(client, **payload):
    task = client.call("tasks.create", type="audit.verify", payload=payload)
    done = client.call("tasks.wait", id=task["id"], timeoutMs=60_000)
    assert done["status"] == "completed", done
    return done["result"]


def test_an_untouched_audit_is_proved_and_its_head_can_be_noted(daemon):
    with Client(daemon.url) as client:
        for _ in range(6):
            client.call("tasks.create", **TASK)
        first = proof(client)
        assert first["intact"] and "firstProblem" not in first
        # The seventh is that of the task which proves it.
        assert (first["entries"], first["from"]["entry"], first["to"]) == (7, 1, first["head"])
        noted = {"entry": first["head"]["entry"], "sha256": first["head"]["sha256"]}
        assert proof(client, known=noted)["intact"]
        noted["sha256"] = "0" * 64
        again = proof(client, known=noted)
        assert not again["intact"] and again["firstProblem"]["entry"] == 7
        with pytest.raises(Failure) as failure:
            client.call(
                "tasks.create", type="audit.verify", payload={"known": noted | {"sha256": "F" * 64}}
            )
        assert failure.value.paths == ["/payload/known/sha256"]
    daemon.stop()
    status, printed, reported = verify(daemon.state)
    assert (status, reported) == (0, "")
    assert "audit: 9 entries from 1 to 9, an intact chain" in printed


@pytest.mark.parametrize("edit, named", [(change, 4), (change_effect, 4), (swap, 4)])
def test_what_was_changed_on_disk_is_named_by_a_running_hub_and_offline(daemon, edit, named):
    with Client(daemon.url) as client:
        for _ in range(8):
            client.call("tasks.create", **TASK)
        # Under the running hub, which does not read it again by itself.
        (segment,) = (daemon.state / "journal").glob("*.jsonl")
        lines = segment.read_text().rstrip("\0").splitlines()
        copy = daemon.folder / "forged.jsonl"
        copy.write_text("\n".join(lines) + "\n")
        forge(copy, edit)
        content = copy.read_bytes()
        with segment.open("r+b") as file:
            file.write(content)
        found = proof(client)
        assert not found["intact"] and found["firstProblem"]["entry"] == named, found
    daemon.kill()
    status, _, reported = verify(daemon.state)
    if edit is swap:
        # Offsets do not follow from one another then, so that a hub would not start either.
        assert status == 78
    else:
        assert status == 78 and f"the audit chain is broken at entry {named}" in reported


def test_a_removed_entry_is_named_although_everything_else_fits(daemon):
    with Client(daemon.url) as client:
        for _ in range(3):
            client.call("tasks.create", **TASK)
        # Nothing but an entry: an agent that is as it should be.
        client.call("agents.start", id="content")
        for _ in range(3):
            client.call("tasks.create", **TASK)
    daemon.kill()
    (segment,) = (daemon.state / "journal").glob("*.jsonl")

    def remove(lines):
        del lines[place(lines, 4)]
        return renumber(lines, 1)

    forge(segment, remove)
    status, _, reported = verify(daemon.state)
    assert status == 78 and "the audit chain is broken at entry 4: it is missing" in reported
    # It is no reason not to start, and the task says the same.
    daemon.start()
    with Client(daemon.url) as client:
        found = proof(client)
        assert found["firstProblem"]["entry"] == 4 and not found["intact"]


def test_an_entry_that_a_snapshot_knows_cannot_be_changed_at_the_end_either(daemon):
    with Client(daemon.url) as client:
        for _ in range(3):
            client.call("tasks.create", **TASK)
        client.call("system.snapshot")
    daemon.kill()
    (segment,) = (daemon.state / "journal").glob("*.jsonl")

    def change_last(lines):
        at = place(lines, 4)
        lines[at] = lines[at].replace('"user":"dev"', '"user":"eve"')
        return lines

    forge(segment, change_last)
    status, _, reported = verify(daemon.state)
    assert status == 78 and "the audit chain is broken at entry 4" in reported


def test_what_retention_removes_moves_the_beginning_of_the_chain(make_daemon):
    daemon = make_daemon(
        config={
            "journal": {"segmentBytes": 1_048_576, "reservationBytes": 1_048_576, "retainedRecords": 0},
            # Nothing is archived: what two snapshots cover goes for good.
            "archive": {"maxBytes": 0},
        }
    )
    text = "x" * 50_000
    with Client(daemon.url) as client:

        def is_trimmed():
            for _ in range(12):
                task = client.call("tasks.create", type="content.analyze", payload={"text": text})
                client.call("tasks.wait", id=task["id"])
            client.call("system.snapshot")
            return client.call("system.audit", limit=1)["entries"][0]["data"]["entry"] > 1

        wait_until(is_trimmed, seconds=60)
        removals = client.call("system.audit", **{"method": "system.retention"})["entries"]
        assert removals and all("removed" in entry["data"] for entry in removals)
        found = proof(client)
        assert found["intact"] and found["from"]["entry"] > 1, found
        assert found["entries"] == found["to"]["entry"] - found["from"]["entry"] + 1
    daemon.kill()
    status, printed, reported = verify(daemon.state)
    assert (status, reported) == (0, ""), reported
    assert "an intact chain" in printed
    daemon.start()
    with Client(daemon.url) as client:
        assert proof(client)["intact"]
