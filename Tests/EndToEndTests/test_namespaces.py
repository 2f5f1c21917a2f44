"""The rules of namespaces: what client channels keep, who may use them, and whether it is seen."""

import pytest

from client import Client, Failure
from daemon import Daemon, wait_until

NAMESPACES = {
    "short": {"historySize": 2},
    "aging": {"historyMs": 300},
    "price": {"retained": True, "historySize": 0, "historyMs": 300},
    "quiet": {"presence": False},
    "news": {"publish": "nobody"},
    "closed": {"subscribe": "nobody", "publish": "nobody"},
    "drop": {"subscribe": "nobody", "publish": "user"},
}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    daemon = Daemon(
        tmp_path_factory.mktemp("hub"), config={"channels": {"namespaces": NAMESPACES}}
    ).start()
    with Client(daemon.url) as client:
        yield client
    daemon.check()


def publish(client, channel, *data):
    for one in data:
        client.call("hub.publish", channel=channel, data=one)


def history(client, channel):
    return [event["data"] for event in client.call("hub.history", channel=channel)["events"]]


def refusal(client, method, **params):
    with pytest.raises(Failure) as failure:
        client.call(method, **params)
    return failure.value


def test_a_namespace_has_a_history_of_its_own_length(client):
    publish(client, "app.short.a", 1, 2, 3)
    publish(client, "app.long.a", 1, 2, 3)
    assert history(client, "app.short.a") == [2, 3]
    assert history(client, "app.long.a") == [1, 2, 3]


def test_what_is_too_old_is_forgotten_and_a_reader_is_told(client):
    feed = client.subscribe("app.aging.a")
    publish(client, "app.aging.a", 1, 2)
    assert [feed.next()["data"] for _ in range(2)] == [1, 2]
    wait_until(lambda: history(client, "app.aging.a") == [], what="the history is over")
    client.call("hub.unsubscribe", channel="app.aging.a")
    answer = client.call(
        "hub.subscribe", channel="app.aging.a", since={"epoch": feed.epoch, "offset": 1}
    )
    assert answer["recovered"] is False and answer["offset"] == 2 and answer["events"] == []
    publish(client, "app.aging.a", 3)
    assert client.event()["offset"] == 3


def test_the_newest_value_is_retained_for_who_comes_later(client):
    publish(client, "app.price.btc", 1, 2, 3)
    publish(client, "app.aging.b", 1)
    wait_until(lambda: history(client, "app.aging.b") == [], what="its time is over")
    wait_until(lambda: history(client, "app.price.btc") == [3])
    answer = client.call("hub.subscribe", channel="app.price.btc")
    assert [event["data"] for event in answer["events"]] == [3] and answer["offset"] == 3
    publish(client, "app.price.btc", 4)
    assert client.event()["data"] == 4
    client.call("hub.unsubscribe", channel="app.price.btc")
    # Who says where it stands gets what it missed, and nothing else.
    position = {"epoch": answer["epoch"], "offset": 4}
    answer = client.call("hub.subscribe", channel="app.price.btc", since=position)
    assert answer["recovered"] is True and answer["events"] == []
    client.call("hub.unsubscribe", channel="app.price.btc")


def test_presence_can_be_off(client):
    client.call("hub.subscribe", channel="app.quiet.a")
    assert refusal(client, "hub.presence", channel="app.quiet.a").name == "FORBIDDEN"
    assert refusal(client, "hub.subscribe", channel="app.quiet.b", presence=True).name == "FORBIDDEN"
    before = client.call("hub.presence", channel="app.loud.a")["count"]
    client.call("hub.subscribe", channel="app.loud.a", presence=True)
    assert client.call("hub.presence", channel="app.loud.a")["count"] == before + 1


def test_who_may_only_read_is_forbidden_to_publish(client):
    client.call("hub.subscribe", channel="app.news.a")
    failure = refusal(client, "hub.publish", channel="app.news.a", data=1)
    assert failure.name == "FORBIDDEN"
    assert history(client, "app.news.a") == []


def test_what_one_may_not_read_is_not_there(client):
    closed = refusal(client, "hub.publish", channel="app.closed.a", data=1)
    assert closed.name == "NOT_FOUND"
    for method in ("hub.subscribe", "hub.history", "hub.presence"):
        failure = refusal(client, method, channel="app.closed.a")
        assert failure.name == "NOT_FOUND"
        assert "does not exist" in failure.message
    # Publishing without reading is a box that one may drop things into.
    publish(client, "app.drop.a", 1)
    assert refusal(client, "hub.history", channel="app.drop.a").name == "NOT_FOUND"
    names = [one["channel"] for one in client.call("hub.channels", prefix="app.")["channels"]]
    assert "app.drop.a" not in names and "app.closed.a" not in names
    client.call("hub.publish", channel="app.open.a", data=1)
    names = [one["channel"] for one in client.call("hub.channels", prefix="app.o")["channels"]]
    assert names == ["app.open.a"]


@pytest.mark.parametrize("pattern", ["app.closed.*", "app.>", "app.*.a"])
def test_a_pattern_does_not_show_what_its_channels_do_not(client, pattern):
    assert refusal(client, "hub.subscribe", channel=pattern).name == "NOT_FOUND"


def test_a_pattern_within_a_namespace_follows_its_rules(client):
    answer = client.call("hub.subscribe", channel="app.short.>")
    publish(client, "app.short.x", 1, 2, 3)
    assert [client.event()["data"] for _ in range(3)] == [1, 2, 3]
    assert len(client.call("hub.history", channel="app.short.>")["events"]) == 2
    client.call("hub.unsubscribe", channel=answer["channel"])
