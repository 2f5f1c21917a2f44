"""Snapshots: what calls for one, what is in it, and that two are kept."""

import json

import pytest

from client import Client
from daemon import wait_until
from test_history_on_disk import create


def snapshots(daemon):
    """The complete ones, the oldest first."""
    return sorted(path for path in (daemon.state / "snapshots").iterdir() if path.name.isdigit())


def last_sequence(daemon):
    """Of the last event on disk."""
    segments = sorted((daemon.state / "journal").glob("*.jsonl"))
    return json.loads(segments[-1].read_bytes().splitlines()[-1])["seq"]


@pytest.mark.parametrize(
    "schedule", [{"afterEvents": 100}, {"afterBytes": 1 << 20}, {"intervalMs": 1_000}]
)
def test_events_bytes_and_time_call_for_a_snapshot(make_daemon, schedule):
    daemon = make_daemon(config={"snapshots": schedule})
    assert snapshots(daemon) == [] or "intervalMs" in schedule
    with Client(daemon.url) as client:
        feed = client.subscribe("system")
        for number in range(50):
            create(client, number, size=25_000)
        place = feed.until(lambda place: place["event"]["type"] == "system.snapshot")
    sequence = place["event"]["data"]["sequence"]
    assert f"{sequence:020}" in [path.name for path in snapshots(daemon)] or len(snapshots(daemon)) == 2
    # Figures are those of the request before.
    wait_until(lambda: daemon.metrics()["omnihub_snapshots_total"] >= 1, seconds=60)
    metrics = daemon.metrics()
    assert metrics["omnihub_snapshot_sequence"] >= sequence
    assert metrics["omnihub_failed_snapshots_total"] == 0


def test_a_clean_stop_leaves_a_snapshot_of_everything_and_a_kill_does_not(make_daemon):
    daemon = make_daemon()
    with Client(daemon.url) as client:
        create(client, 1)
    daemon.kill()
    assert snapshots(daemon) == []
    daemon.start()
    assert daemon.stop() == 0
    (snapshot,) = snapshots(daemon)
    assert int(snapshot.name) == last_sequence(daemon)


def test_a_snapshot_on_demand_holds_what_was_answered_before_and_two_are_kept(make_daemon):
    daemon = make_daemon()
    with Client(daemon.url) as client:
        sequences = []
        for number in range(4):
            task = create(client, number)
            sequences.append(client.call("system.snapshot")["sequence"])
            newest = snapshots(daemon)[-1]
            assert int(newest.name) == sequences[-1]
            manifest = json.loads((newest / "manifest.json").read_text())
            assert manifest["lastSequence"] == sequences[-1]
            counts = {one["name"]: one.get("count") for one in manifest["files"]}
            assert counts["tasks.json"] == number + 1
            tasks = json.loads((newest / "tasks.json").read_text())
            assert {"id": task["id"], "status": "completed"}.items() <= tasks[-1]["task"].items()
        assert [int(path.name) for path in snapshots(daemon)] == sequences[-2:]
