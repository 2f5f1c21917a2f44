"""What memory holds no more is read from the journal and its archive, as it was published."""

import gzip
import json

import pytest

from client import Client, Failure
from daemon import Process, wait_until

# Memory holds ten events of each channel, and an answer some of the texts below.
CHANNELS = {"runtimeHistorySize": 10, "answerBytes": 65_536}
# Segments of a mebibyte that leave the journal as soon as two snapshots have them.
SMALL = {
    "channels": CHANNELS,
    "journal": {"segmentBytes": 1_048_576, "reservationBytes": 1_048_576, "retainedRecords": 0},
}


def create(client, number, size=10):
    """A finished task; its texts differ."""
    task = client.call(
        "tasks.create",
        type="content.analyze",
        payload={"text": f"Text {number}. " + "x" * size},
        idempotencyKey=f"key-{number}",
    )
    return client.call("tasks.wait", id=task["id"])


def newest(client, channel):
    return client.call("hub.history", channel=channel, limit=0)


def pages(client, channel, epoch, offset=0, limit=7):
    """Every event after `offset`, page by page."""
    events = []
    head = newest(client, channel)["head"]
    while offset < head:
        since = {"epoch": epoch, "offset": offset}
        page = client.call("hub.history", channel=channel, since=since, limit=limit)
        assert page["recovered"] is True and page["epoch"] == epoch
        assert 0 < len(page["events"]) <= limit
        assert [one["offset"] for one in page["events"]] == list(
            range(offset + 1, page["offset"] + 1)
        )
        offset = page["offset"]
        events += page["events"]
    return events


@pytest.fixture
def lived(make_daemon):
    """A hub with a past that memory has forgotten, and all that was published in it."""
    daemon = make_daemon(config={"channels": CHANNELS})
    with Client(daemon.url) as client:
        feed = client.subscribe("tasks", last=0)
        daemon.epoch = feed.epoch
        daemon.tasks = [create(client, number)["id"] for number in range(40)]
        feed.until(lambda place: feed.offset >= 3 * len(daemon.tasks))
        daemon.events = feed.seen
    return daemon


@pytest.mark.parametrize("restart", ["no restart", "stop", "kill"])
def test_history_reaches_back_to_the_beginning(lived, restart):
    if restart != "no restart":
        getattr(lived, restart)()
        lived.start()
    with Client(lived.url) as client:
        assert pages(client, "tasks", lived.epoch)[: len(lived.events)] == lived.events
        answer = client.call("hub.history", channel="tasks", limit=50)
        assert answer["events"] == lived.events[-50:] and "recovered" not in answer
        system = pages(client, "system", lived.epoch, limit=3)
        assert system[0]["event"]["type"] == "system.started"
        agent = pages(client, "agents.content", lived.epoch, limit=100)
        ids = {place["event"]["id"] for place in lived.events}
        assert ids <= {place["event"]["id"] for place in agent}
    assert lived.metrics()["omnihub_history_reads_total"] > 0


def test_the_past_of_a_task_can_be_had_without_a_subscription(lived):
    lived.kill()
    lived.start()
    with Client(lived.url) as client:
        for task in (lived.tasks[0], lived.tasks[20], lived.tasks[-1]):
            mine = [place["event"] for place in lived.events if place["event"]["taskId"] == task]
            answer = client.call("hub.history", channel=f"tasks.{task}")
            assert [place["event"] for place in answer["events"]] == mine
            assert answer["offset"] == answer["head"] == len(mine) == 3
            one = client.call("hub.history", channel=f"tasks.{task}", limit=1)
            assert [place["offset"] for place in one["events"]] == [3]
            since = {"epoch": answer["epoch"], "offset": 1}
            feed = client.subscribe(f"tasks.{task}", since=since)
            assert feed.answer["recovered"] and [place["event"] for place in feed.seen] == mine[1:]
            client.call("hub.unsubscribe", channel=f"tasks.{task}")
        with pytest.raises(Failure) as failure:
            client.call("hub.history", channel="tasks.0190a0b0-0000-7000-8000-000000000000")
        assert failure.value.name == "NOT_FOUND"


def test_positions_that_never_were_are_not_recovered(lived):
    with Client(lived.url) as client:
        head = newest(client, "tasks")["head"]
        for channel in ("tasks", f"tasks.{lived.tasks[0]}"):
            for since in (
                {"epoch": "other", "offset": 1},
                {"epoch": lived.epoch, "offset": head + 1},
            ):
                answer = client.call("hub.history", channel=channel, since=since)
                assert answer["recovered"] is False and answer["events"] == []
                assert answer["offset"] == answer["head"]


def test_a_subscriber_that_was_away_recovers_from_disk_and_goes_on_live(lived):
    with Client(lived.url) as client, Client(lived.url) as other:
        since = {"epoch": lived.epoch, "offset": 30}
        feed = client.subscribe("tasks", since=since)
        assert feed.answer["recovered"] is True
        later = create(other, "later")["id"]
        feed.until(lambda place: place["event"]["type"] == "task.completed" and place["event"]["taskId"] == later)
        assert feed.seen[: len(lived.events) - 30] == lived.events[30:]
        # A filter passes over what it does not want, and positions count it.
        completed = other.call(
            "hub.subscribe", channel="tasks", since=since, filter={"types": ["task.completed"]}
        )
        assert completed["recovered"] is True and completed["offset"] == feed.offset
        assert completed["events"] == [
            place for place in feed.seen if place["event"]["type"] == "task.completed"
        ]
    with Client(lived.url) as client:
        answer = client.call("hub.subscribe", channel="tasks", since=since, state=True)
        assert answer["recovered"] is True and answer["offset"] == feed.offset
        assert answer["events"] == feed.seen


def test_what_is_too_much_for_one_answer_is_read_page_by_page(make_daemon):
    daemon = make_daemon(config={"channels": CHANNELS})
    with Client(daemon.url) as client:
        for number in range(12):
            create(client, number, size=20_000)
        start = newest(client, "tasks")
        since = {"epoch": start["epoch"], "offset": 0}
        answer = client.call("hub.subscribe", channel="tasks", since=since)
        assert answer["recovered"] is False and answer["events"] == []
        client.call("hub.unsubscribe", channel="tasks")
        events = pages(client, "tasks", start["epoch"], limit=1_000)
        position = {"epoch": start["epoch"], "offset": events[-1]["offset"]}
        feed = client.subscribe("tasks", since=position)
        assert feed.answer["recovered"] is True
        create(client, "one more")
        assert feed.next()["event"]["type"] == "task.created"


def archived(daemon):
    return sorted((daemon.state / "archive").glob("*.jsonl.gz"))


def fill(client, rounds=4, count=30):
    """Writes some mebibytes, with snapshots between, so that segments become superfluous."""
    for number in range(rounds):
        created = [
            client.submit(
                "tasks.create",
                type="content.analyze",
                payload={"text": f"Text {number}-{one}. " + "x" * 25_000},
            )
            for one in range(count)
        ]
        for key in created:
            client.call("tasks.wait", id=client.answer(key)["id"])
        # What both of the kept snapshots have may go.
        client.call("system.snapshot")
        client.call("system.snapshot")


@pytest.fixture
def old(make_daemon):
    """A hub with an archive."""
    daemon = make_daemon(config=SMALL)
    with Client(daemon.url) as client:
        feed = client.subscribe("tasks", last=0)
        daemon.epoch = feed.epoch
        fill(client)
        feed.until(lambda place: feed.offset == 360)
        daemon.events = feed.seen
        wait_until(lambda: len(archived(daemon)) >= 2, seconds=60, what="the archive")
    return daemon


def lines(daemon):
    """All records on disk, by the files of archive and journal."""
    texts = [gzip.decompress(path.read_bytes()) for path in archived(daemon)]
    texts += [path.read_bytes() for path in sorted((daemon.state / "journal").glob("*.jsonl"))]
    return [json.loads(line) for line in b"".join(texts).splitlines()]


def test_the_archive_holds_what_left_the_journal(old):
    with Client(old.url) as client:
        assert pages(client, "tasks", old.epoch, limit=1_000) == old.events
    name = "omnihub_archived_segments_total"
    # Figures of the runtime are those of the request before.
    wait_until(lambda: old.metrics()[name] >= 1, seconds=60, what="the figures of the archive")
    old.kill()
    # A record may be in both places when the kill came in between.
    sequences = sorted({record["seq"] for record in lines(old)})
    assert sequences == list(range(1, sequences[-1] + 1))
    verified = Process("omnihubd", "verify", old.state)
    assert verified.wait() == 0, verified.stderr.text
    assert "archive: " in verified.stdout.text
    old.start()
    with Client(old.url) as client:
        assert pages(client, "tasks", old.epoch, limit=1_000) == old.events
        client.call("system.snapshot")
    assert old.stop() == 0


def test_a_backup_has_the_archive_and_repair_sets_a_damaged_one_aside(old, make_daemon, tmp_path):
    names = [path.name for path in archived(old)]
    copying = Process("omnihubd", "backup", old.state, tmp_path / "copy")
    assert copying.wait() == 0, copying.stderr.text
    assert {path.name for path in (tmp_path / "copy" / "archive").iterdir()} >= set(names)
    old.kill()
    victim = archived(old)[0]
    damaged = bytearray(victim.read_bytes())
    # One bit may be one that says nothing.
    middle = len(damaged) // 2
    damaged[middle : middle + 64] = bytes(byte ^ 0xFF for byte in damaged[middle : middle + 64])
    victim.write_bytes(damaged)
    verified = Process("omnihubd", "verify", old.state)
    assert verified.wait() == 78 and victim.name in verified.stderr.text
    # A start needs it not; only the past is shorter.
    old.start()
    with Client(old.url) as client:
        since = {"epoch": old.epoch, "offset": 0}
        with pytest.raises(Failure) as failure:
            client.call("hub.history", channel="tasks", since=since)
        assert failure.value.name == "STORAGE_UNAVAILABLE"
        assert newest(client, "tasks")["head"] >= 360
    old.kill()
    repaired = Process("omnihubd", "repair", old.state)
    assert repaired.wait() == 0 and f"{victim.name}.corrupt" in repaired.stdout.text
    old.start()
    with Client(old.url) as client:
        answer = client.call("hub.history", channel="tasks", since=since)
        assert answer["recovered"] is False
        events = client.call("hub.history", channel="tasks", limit=10_000)["events"]
        assert events[0]["offset"] > 1 and events == old.events[events[0]["offset"] - 1 :][: len(events)]


def test_the_archive_is_bounded(make_daemon):
    daemon = make_daemon(config=SMALL | {"archive": {"maxBytes": 1}})
    with Client(daemon.url) as client:
        fill(client)
        epoch = newest(client, "tasks")["epoch"]
        removed = "omnihub_archive_removed_segments_total"
        # Figures are those of the request before.
        wait_until(lambda: daemon.metrics()[removed] >= 2, seconds=60, what="the end of old files")
        assert daemon.metrics()["omnihub_archive_failures_total"] == 0
        answer = client.call("hub.history", channel="tasks", since={"epoch": epoch, "offset": 0})
        assert answer["recovered"] is False and answer["events"] == []


def test_without_an_archive_old_segments_are_deleted(make_daemon):
    daemon = make_daemon(config=SMALL | {"archive": {"maxBytes": 0}})
    with Client(daemon.url) as client:
        fill(client)
        first = daemon.state / "journal" / f"{1:020}.jsonl"
        wait_until(lambda: not first.exists(), seconds=60, what="the end of the first segment")
    assert not archived(daemon)


def test_too_many_reads_are_refused_and_the_others_are_right(make_daemon):
    config = {"channels": CHANNELS, "history": {"maxReads": 1, "maxQueuedReads": 1}}
    daemon = make_daemon(config=config)
    with Client(daemon.url) as client:
        feed = client.subscribe("tasks", last=0)
        for number in range(40):
            create(client, number)
        feed.until(lambda place: feed.offset >= 120)
        client.call("hub.unsubscribe", channel="tasks")
        params = {"channel": "tasks", "since": {"epoch": feed.epoch, "offset": 3}, "limit": 90}
        request = {"jsonrpc": "2.0", "method": "hub.history", "params": params}

        def refused():
            """How many of a batch are BUSY."""
            client.send([request | {"id": number} for number in range(50)])
            answers = client.receive(60)
            while not isinstance(answers, list):
                answers = client.receive(60)
            errors = [one["error"]["data"]["code"] for one in answers if "error" in one]
            assert set(errors) <= {"BUSY"} and len(errors) < 50
            for one in answers:
                if "result" in one:
                    assert one["result"]["events"] == feed.seen[3:93]
            return len(errors)

        wait_until(refused, seconds=60, what="a read too many")
        page = client.call("hub.history", **params)
        assert page["events"] == feed.seen[3:93]
    name = 'omnihub_limits_exceeded_total{limit="history.maxQueuedReads"}'
    # Loops tell their figures four times a second.
    wait_until(lambda: daemon.metrics()[name] >= 1, seconds=60, what="the limit in the metrics")
