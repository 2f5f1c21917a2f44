"""Subscribing and recovering while others publish without a rest, on one loop and on two."""

import threading

import pytest

from client import Client, Failure, Feed
from storm import (
    GENEROUS,
    Storm,
    publish,
    subscribe_strictly,
    unsubscribe_strictly,
    values,
)


@pytest.mark.parametrize("recovers", [False, True], ids=["anew", "since"])
def test_the_answer_comes_before_the_first_notification_in_a_storm(make_daemon, recovers):
    daemon = make_daemon(config=GENEROUS, arguments=["--loops", "2"])
    rounds, failures = 200, []

    def subscriber(client):
        try:
            position, expected = None, None
            for _ in range(rounds):
                params = {"since": position} if position and recovers else {}
                feed = subscribe_strictly(client, "app.storm", **params)
                # What is behind the answer's position follows without a gap, and nothing else.
                for _ in range(3):
                    feed.next()
                unsubscribe_strictly(feed)
                for event in feed.seen:
                    assert event["data"] == event["offset"] - 1
                if recovers and position:
                    assert feed.answer["recovered"] is True
                    assert feed.seen[0]["offset"] == expected
                position, expected = feed.position, feed.offset + 1
        except Exception as error:
            failures.append(error)

    # One subscriber is on the publisher's loop and one on the other.
    with Client(daemon.url) as own, Client(daemon.url) as other, Storm(daemon.url, "app.storm"):
        threads = [threading.Thread(target=subscriber, args=[client]) for client in (own, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive()
    if failures:
        raise failures[0]


def test_a_channel_without_history_loses_nothing_between_the_answer_and_what_follows(make_daemon):
    """What is published while a subscription begins must be kept for it, however little is kept."""
    config = GENEROUS | {"channels": {"historySize": 0}}
    daemon = make_daemon(config=config, arguments=["--loops", "2"])
    with Client(daemon.url), Client(daemon.url) as client, Storm(daemon.url, "app.storm"):
        for _ in range(300):
            feed = subscribe_strictly(client, "app.storm")
            feed.next()
            unsubscribe_strictly(feed)


@pytest.mark.parametrize("offset", range(6))
def test_since_any_offset_recovers_what_came_after(client, offset):
    channel = f"app.since-{offset}"
    head = publish(client, channel, range(5))[-1]
    feed = client.subscribe(channel, since={"epoch": head["epoch"], "offset": offset})
    assert feed.answer["recovered"] is True
    assert values(feed.seen) == list(range(offset, 5))
    publish(client, channel, [5])
    assert feed.next()["data"] == 5


@pytest.mark.parametrize(
    "offset", [6, 2**31, 2**53, 2**63 - 1, 2**63, 2**64 - 1, 2**64], ids=lambda value: hex(value)
)
@pytest.mark.parametrize("method", ["hub.subscribe", "hub.history"])
def test_a_position_in_the_future_is_not_recovered(client, method, offset):
    channel = f"app.future.{method[4:]}-{offset}"
    head = publish(client, channel, range(5))[-1]
    try:
        answer = client.call(
            method, channel=channel, since={"epoch": head["epoch"], "offset": offset}
        )
    except Failure as failure:
        assert failure.name == "VALIDATION_ERROR" and offset >= 2**63
    else:
        assert answer["recovered"] is False and answer["events"] == [] and answer["offset"] == 5


def test_a_restarted_hub_begins_client_channels_anew_and_says_so(daemon):
    with Client(daemon.url) as client:
        position = publish(client, "app.memory", range(3))[-1]
    assert daemon.stop() == 0
    daemon.start()
    with Client(daemon.url) as client:
        feed = client.subscribe("app.memory", since=position)
        assert feed.answer["recovered"] is False and feed.answer["offset"] == 0
        assert feed.epoch != position["epoch"]
        assert publish(client, "app.memory", ["new"]) == [{"epoch": feed.epoch, "offset": 1}]
        assert feed.next()["data"] == "new"


@pytest.mark.parametrize("how", ["since", "last"])
def test_a_large_past_begins_in_the_answer_and_goes_on_as_notifications(make_daemon, how):
    daemon = make_daemon(
        config=GENEROUS
        | {"channels": GENEROUS["channels"] | {"answerBytes": 65_536}},
        arguments=["--loops", "2"],
    )
    with Client(daemon.url) as publisher, Client(daemon.url) as client:
        positions = publish(publisher, "app.large", [[index, "x" * 1_000] for index in range(3_000)])
        start = {"epoch": positions[0]["epoch"], "offset": 0}
        with Storm(daemon.url, "app.beside"):
            more = [
                publisher.submit("hub.publish", channel="app.large", data=[index])
                for index in range(3_000, 3_500)
            ]
            feed = subscribe_strictly(
                client, "app.large", **({"since": start} if how == "since" else {"last": 5_000})
            )
            first = len(feed.seen)
            assert 40 <= first <= 66, "as much as one answer may hold"
            if how == "since":
                assert feed.answer["recovered"] is True
            for key in more:
                publisher.answer(key)
            while feed.offset < 3_500:
                feed.next()
    assert [event["data"][0] for event in feed.seen] == list(range(3_500))


def test_a_batch_subscribes_and_publishes_in_its_order(client):
    """The answers come together; only then come the notifications."""
    def request(key, method, **params):
        return {"jsonrpc": "2.0", "id": key, "method": method, "params": params}

    answers = client.ask(
        [
            request(1, "hub.publish", channel="app.batch", data=1),
            request(2, "hub.subscribe", channel="app.batch"),
            request(3, "hub.publish", channel="app.batch", data=2),
        ]
    )
    assert [answer["id"] for answer in answers] == [1, 2, 3]
    feed = Feed(client, answers[1]["result"])
    assert feed.offset == 1 and feed.next()["data"] == 2


def refusal(client, method, **params):
    with pytest.raises(Failure) as caught:
        client.call(method, **params)
    return caught.value


@pytest.mark.parametrize("channel", ["tasks", "agents", "agents.content"])
def test_a_subscription_that_waits_for_its_state_counts_already(client, channel):
    keys = [client.submit("hub.subscribe", channel=channel, state=True) for _ in range(2)]
    assert client.answer(keys[0])["channel"] == channel
    with pytest.raises(Failure) as caught:
        client.answer(keys[1])
    assert caught.value.name == "ALREADY_SUBSCRIBED"


@pytest.mark.parametrize(
    ("params", "path"),
    [
        ({"policy": "newest"}, "/policy"),
        ({"since": {"epoch": "x", "offset": 1}, "last": 1}, "/last"),
        ({"last": -1}, "/last"),
        ({"last": 100_001}, "/last"),
        ({"since": {"epoch": "x", "offset": -1}}, "/since/offset"),
        ({"since": {"epoch": "x", "offset": 1.5}}, "/since/offset"),
        ({"since": {"epoch": "", "offset": 1}}, "/since/epoch"),
    ],
    ids=str,
)
def test_a_subscription_that_makes_no_sense_is_refused_and_not_ignored(client, params, path):
    failure = refusal(client, "hub.subscribe", channel="tasks", **params)
    assert failure.name == "VALIDATION_ERROR" and failure.paths == [path]
    assert refusal(client, "hub.unsubscribe", channel="tasks").name == "NOT_SUBSCRIBED"


@pytest.mark.parametrize("channel", ["app.x", "system"])
def test_a_channel_without_objects_has_no_state(client, channel):
    assert refusal(client, "hub.subscribe", channel=channel, state=True).paths == ["/state"]
