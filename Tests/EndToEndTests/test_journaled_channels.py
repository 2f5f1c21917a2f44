"""Channels of clients that go through the journal: what is published there survives everything."""

import subprocess
import threading

import pytest

from client import Client, ConnectionClosed, Failure
from daemon import wait_until

NAMESPACES = {
    "ledger": {"journaled": True, "historySize": 5},
    "price": {"journaled": True, "retained": True, "historySize": 0},
    "deep": {"journaled": True, "historySize": 100_000, "historyBytes": 1 << 24},
    "plain": {},
}
CONFIG = {"channels": {"namespaces": NAMESPACES}}


@pytest.fixture
def hub(make_daemon):
    return make_daemon(config=CONFIG)


def publish(client, channel, *data, **params):
    return [client.call("hub.publish", channel=channel, data=one, **params) for one in data]


def history(client, channel, **params):
    answer = client.call("hub.history", channel=channel, limit=10_000, **params)
    return [(event["offset"], event["data"]) for event in answer["events"]]


def refusal(client, method, **params):
    with pytest.raises(Failure) as failure:
        client.call(method, **params)
    return failure.value


def restart(hub):
    hub.kill()
    hub.start()


@pytest.mark.parametrize("snapshot", [False, True], ids=["journal", "snapshot"])
def test_publications_survive_a_kill_with_epoch_and_offsets(hub, snapshot):
    with Client(hub.url) as client:
        positions = publish(client, "app.ledger.a", *range(1, 9))
        assert [position["offset"] for position in positions] == list(range(1, 9))
        (plain,) = publish(client, "app.plain.a", 1)
        publish(client, "app.price.btc", 1, 2)
        if snapshot:
            client.call("system.snapshot")
            publish(client, "app.ledger.a", 9)
    newest = 9 if snapshot else 8
    restart(hub)
    with Client(hub.url) as client:
        kept = [(offset, offset) for offset in range(newest - 4, newest + 1)]
        assert history(client, "app.ledger.a") == kept
        since = positions[newest - 4]
        feed = client.call("hub.subscribe", channel="app.ledger.a", since=since)
        assert feed["recovered"] is True and feed["epoch"] == positions[0]["epoch"]
        assert [event["offset"] for event in feed["events"]] == list(range(since["offset"] + 1, newest + 1))
        client.call("hub.unsubscribe", channel="app.ledger.a")
        late = client.call("hub.subscribe", channel="app.ledger.a", since=positions[0])
        assert late["recovered"] is False and late["events"] == []
        (next,) = publish(client, "app.ledger.a", "next")
        assert next == {"epoch": positions[0]["epoch"], "offset": newest + 1}
        event = client.event()
        assert event["offset"] == newest + 1 and event["publisher"]["userId"] == "dev"
        # What is retained is there for who comes now; what is not journaled is gone.
        answer = client.call("hub.subscribe", channel="app.price.btc")
        assert [event["data"] for event in answer["events"]] == [2]
        assert publish(client, "app.plain.a", 1)[0]["epoch"] != plain["epoch"]


def test_subscribers_and_patterns_get_what_is_published(hub):
    with Client(hub.url) as client, Client(hub.url) as publisher:
        feed = client.subscribe("app.deep.a")
        other = Client(hub.url)
        other.call("hub.subscribe", channel="app.deep.*")
        publish(publisher, "app.deep.a", {"a": [1, 2.50, "é\u2028"]}, key="one")
        event = feed.next()
        assert event["data"] == {"a": [1, 2.50, "é\u2028"]} and event["key"] == "one"
        assert other.event()["data"] == event["data"]
        other.close()
        # A batch is answered as a whole, in order.
        answers = publisher.ask([
            {"jsonrpc": "2.0", "id": number, "method": "hub.publish",
             "params": {"channel": "app.deep.b", "data": number}}
            for number in (1, 2)
        ])
        assert sorted((one["id"], one["result"]["offset"]) for one in answers) == [(1, 1), (2, 2)]
        # The journal has a record a line, whatever the data looks like.
        publisher.send(
            '{"jsonrpc":"2.0","id":"x","method":"hub.publish","params":'
            '{"channel":"app.deep.a","data":{"a" :\n\n1.50,\t"b": 1e2}}}'
        )
        assert feed.next()["data"] == {"a": 1.5, "b": 100}
    restart(hub)
    with Client(hub.url) as client:
        assert [data for _, data in history(client, "app.deep.a")][1] == {"a": 1.5, "b": 100}


def test_a_repetition_is_answered_and_not_published_also_after_a_restart(hub):
    with Client(hub.url) as client:
        (first,) = publish(client, "app.ledger.a", 1, idempotencyKey="k")
        assert publish(client, "app.ledger.a", 1, idempotencyKey="k") == [first]
    restart(hub)
    with Client(hub.url) as client:
        assert publish(client, "app.ledger.a", 1, idempotencyKey="k") == [first]
        assert history(client, "app.ledger.a") == [(1, 1)]


def test_a_kill_in_the_middle_takes_nothing_that_was_acknowledged(hub):
    acknowledged = {}

    def run(client, name):
        number = 0
        try:
            while number < 2_000:
                number += 1
                (position,) = publish(client, f"app.deep.{name}", number)
                acknowledged.setdefault(name, []).append((position["offset"], number))
        except ConnectionClosed:
            pass

    clients = [Client(hub.url) for _ in range(3)]
    threads = [
        threading.Thread(target=run, args=(client, number), daemon=True)
        for number, client in enumerate(clients)
    ]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(acknowledged) == 3 and min(map(len, acknowledged.values())) > 20, 60)
    hub.kill()
    for thread in threads:
        thread.join(60)
    hub.start()
    with Client(hub.url) as client:
        for name, known in acknowledged.items():
            kept = history(client, f"app.deep.{name}")
            # At most the one that was under way may be there besides.
            assert kept[: len(known)] == known and len(kept) <= len(known) + 1


def test_limits(make_daemon):
    config = {
        "channels": {
            "namespaces": NAMESPACES, "maxJournaled": 2, "journaledPublicationBytes": 2_000,
        }
    }
    hub = make_daemon(config=config)
    with Client(hub.url) as client:
        publish(client, "app.deep.a", "x" * 1_998)
        failure = refusal(client, "hub.publish", channel="app.deep.a", data="x" * 1_999)
        assert failure.name == "VALIDATION_ERROR" and "journaledPublicationBytes" in str(failure)
        publish(client, "app.deep.b", 1)
        failure = refusal(client, "hub.publish", channel="app.deep.c", data=1)
        assert failure.name == "BUSY" and "channels.maxJournaled" in failure.message
        publish(client, "app.plain.c", 1)
        wait_until(lambda: hub.metrics().get("omnihub_journaled_channels") == 2)
        assert hub.metrics()["omnihub_journaled_channel_bytes"] > 2_000


def test_a_channel_that_is_journaled_no_more_begins_anew(make_daemon):
    hub = make_daemon(config=CONFIG)
    with Client(hub.url) as client:
        (first,) = publish(client, "app.deep.a", 1)
        publish(client, "app.ledger.a", 1)
    assert hub.stop() == 0
    hub.config["channels"] = {"namespaces": {"ledger": NAMESPACES["ledger"]}}
    hub.start()
    with Client(hub.url) as client:
        assert publish(client, "app.deep.a", 2)[0]["offset"] == 1
        assert history(client, "app.ledger.a") == [(1, 1)]
        wait_until(lambda: hub.metrics().get("omnihub_journaled_channels") == 1)
    assert hub.stop() == 0
    hub.config["channels"] = CONFIG["channels"]
    hub.start()
    with Client(hub.url) as client:
        (again,) = publish(client, "app.deep.a", 3)
        assert again["offset"] == 1 and again["epoch"] != first["epoch"]


def test_a_full_disk_refuses_what_must_be_on_it_and_nothing_else(make_daemon, tmp_path):
    mount = tmp_path / "small"
    mount.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(mount)]
    if subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("cannot mount a tmpfs here")
    try:
        hub = make_daemon(start=False, config=CONFIG)
        hub.state = mount / "state"
        hub.start()
        with Client(hub.url) as client:
            acknowledged = []
            with pytest.raises(Failure) as failure:
                for number in range(1_000):
                    (position,) = publish(client, "app.deep.a", f"{number} " + "x" * 100_000)
                    acknowledged.append(position["offset"])
            assert failure.value.name == "STORAGE_UNAVAILABLE"
            assert "retryAfterMs" in failure.value.data
            publish(client, "app.plain.a", 1)
            assert client.call("hub.history", channel="app.deep.a", limit=1)["head"] == acknowledged[-1]
        hub.kill()
        subprocess.run(["mount", "-o", "remount,size=64m", str(mount)], check=True)
        hub.start()
        with Client(hub.url) as client:
            head = client.call("hub.history", channel="app.deep.a", limit=0)["head"]
            assert head == acknowledged[-1]
            assert publish(client, "app.deep.a", 1)[0]["offset"] == head + 1
        hub.stop()
    finally:
        subprocess.run(["umount", "-l", str(mount)], check=True)
