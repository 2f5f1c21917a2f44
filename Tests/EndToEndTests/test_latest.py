"""Subscribers that want only the newest publication of each key while they are behind."""

import json

import pytest

from client import Client, Failure
from daemon import wait_until
from storm import publish, raw_subscriber
from wire import CLOSE

CONFIG = {"limits": {"commandsPerSecond": 0}, "channels": {"historySize": 1_000}}


def read_until(peer, is_last):
    """All notifications up to the one that is the last."""
    seen = []
    while True:
        opcode, payload = peer.frame()
        assert opcode != CLOSE, payload
        message = json.loads(payload)
        seen.append((message["method"], message["params"]))
        if is_last(message["params"]):
            return seen


@pytest.mark.parametrize("kept", [1_000, 5])
def test_a_slow_subscriber_skips_and_is_told(make_daemon, kept):
    daemon = make_daemon(config=CONFIG | {"channels": {"historySize": kept}})
    peer = raw_subscriber(daemon, "app.latest", receive_buffer=4_096, policy="latest")
    count, keys, text = 600, 3, "x" * 20_000
    with Client(daemon.url) as publisher:
        for number in range(count):
            publisher.call(
                "hub.publish", channel="app.latest", data=[number, text], key=f"k{number % keys}"
            )
    seen = read_until(peer, lambda params: params.get("offset") == count)
    delivered, missed, position, newest = [], 0, 0, {}
    for method, params in seen:
        if method == "hub.lagged":
            assert params["channel"] == "app.latest" and params["from"] == position + 1
            gap = params
            missed += params["missed"]
            continue
        assert method == "hub.event" and params["data"] == [params["offset"] - 1, text]
        if params["offset"] != position + 1:
            assert gap["from"] <= params["offset"] <= gap["to"], "a gap is announced before it"
        position = params["offset"]
        delivered.append(position)
        newest[params["key"]] = position
    assert delivered == sorted(set(delivered))
    assert len(delivered) + missed == count
    assert 0 < len(delivered) < count // 2, "it skipped"
    assert newest == {f"k{(count - 1 - back) % keys}": count - back for back in range(keys)}
    assert daemon.metrics()["omnihub_slow_consumers_total"] == 0
    wait_until(
        lambda: daemon.metrics()["omnihub_lagged_publications_total"] == missed,
        what="what was passed over is counted",
    )
    peer.__exit__()


def test_a_subscriber_that_keeps_up_gets_everything(make_daemon):
    daemon = make_daemon(config=CONFIG)
    with Client(daemon.url) as client:
        feed = client.subscribe("app.latest", policy="latest")
        publish(client, "app.latest", list(range(50)))
        for _ in range(50):
            feed.next()
        assert [event["data"] for event in feed.seen] == list(range(50))


def test_without_keys_the_newest_publication_counts(make_daemon):
    daemon = make_daemon(config=CONFIG)
    peer = raw_subscriber(daemon, "app.latest", receive_buffer=4_096, policy="latest")
    with Client(daemon.url) as publisher:
        for number in range(500):
            publisher.call("hub.publish", channel="app.latest", data=[number, "x" * 20_000])
    seen = read_until(peer, lambda params: params.get("offset") == 500)
    offsets = [params["offset"] for method, params in seen if method == "hub.event"]
    assert offsets[-1] == 500 and len(offsets) < 250
    peer.__exit__()


def test_a_subscriber_that_stops_reading_for_good_is_cut_off(make_daemon):
    daemon = make_daemon(config=CONFIG | {"timeouts": {"writeMs": 300}})
    peer = raw_subscriber(daemon, "app.latest", receive_buffer=4_096, policy="latest")
    with Client(daemon.url) as publisher:
        while daemon.metrics()["omnihub_slow_consumers_total"] == 0:
            publisher.call("hub.publish", channel="app.latest", data="x" * 60_000)
    peer.__exit__()


def test_the_policy_is_all_or_latest(make_daemon):
    daemon = make_daemon()
    with Client(daemon.url) as client, pytest.raises(Failure) as failure:
        client.call("hub.subscribe", channel="app.x", policy="newest")
    assert failure.value.paths == ["/policy"]


@pytest.mark.parametrize("key", ["", "x" * 257, 7, None])
def test_a_key_is_a_short_text(make_daemon, key):
    daemon = make_daemon()
    with Client(daemon.url) as client, pytest.raises(Failure) as failure:
        client.call("hub.publish", channel="app.x", data=1, key=key)
    assert failure.value.paths == ["/key"]
