"""Texts that are not JSON, or JSON made to hurt; batches that are too large."""

import json
import time

import pytest

from client import Client
from wire import TEXT, frame

pytestmark = pytest.mark.usefixtures("good_client", "flat_memory")

PING = '{"jsonrpc":"2.0","id":1,"method":"session.ping"}'


def ping_with(member):
    return f'{{"jsonrpc":"2.0","id":1,"method":"session.ping",{member}}}'


NOT_JSON = {
    "nothing": "",
    "white space": " \t\r\n",
    "a word": "hello",
    "a trailing comma in an array": "[1,]",
    "a trailing comma in an object": '{"a":1,}',
    "a trailing comma in params": ping_with('"params":{"a":[1,]}'),
    "no end": '{"jsonrpc":"2.0","id":1',
    "two values": PING + PING,
    "bytes behind the value": PING + "x",
    "a NUL behind the value": PING + "\0",
    "a NUL inside": ping_with('"params":{"a":"\0"}'),
    "a control character in a string": ping_with('"params":{"a":"\x1f"}'),
    "a tab in a string": ping_with('"params":{"a":"\t"}'),
    "a byte order mark": "\ufeff" + PING,
    "single quotes": PING.replace('"', "'"),
    "bare names": '{jsonrpc:"2.0",id:1,method:"session.ping"}',
    "comments": PING + "// no",
    "NaN": ping_with('"params":{"a":NaN}'),
    "Infinity": ping_with('"params":{"a":Infinity}'),
    "a leading zero": ping_with('"params":{"a":01}'),
    "a leading plus": ping_with('"params":{"a":+1}'),
    "a leading point": ping_with('"params":{"a":.5}'),
    "a trailing point": ping_with('"params":{"a":1.}'),
    "a bare exponent": ping_with('"params":{"a":1e}'),
    "a hexadecimal number": ping_with('"params":{"a":0x10}'),
    "a lone minus": ping_with('"params":{"a":-}'),
    "an unknown escape": ping_with(r'"params":{"a":"\x41"}'),
    "an escape that breaks off": ping_with(r'"params":{"a":"\u00"}'),
    "a lone high surrogate": ping_with(r'"params":{"a":"\ud800"}'),
    "a lone low surrogate": ping_with(r'"params":{"a":"\udc00"}'),
    "two high surrogates": ping_with(r'"params":{"a":"\ud800\ud800"}'),
    "a surrogate in a name": ping_with(r'"params":{"\ud800":1}'),
    "a surrogate in an id": r'{"jsonrpc":"2.0","id":"\ud800","method":"session.ping"}',
    "duplicate names": ping_with('"params":{"a":1,"a":1}'),
    "duplicate names by an escape": ping_with(r'"params":{"a":1,"\u0061":1}'),
    "duplicate methods": ping_with('"method":"system.info"'),
    "duplicate ids": ping_with('"id":2'),
    "duplicate names far inside": ping_with('"params":{"a":[{"b":{"c":1,"d":2,"c":3}}]}'),
    "1e400": ping_with('"params":{"a":1e400}'),
    "-1e400": ping_with('"params":{"a":-1e400}'),
    "1e400 as id": '{"jsonrpc":"2.0","id":1e400,"method":"session.ping"}',
    "400 digits": ping_with(f'"params":{{"a":{"9" * 400}}}'),
    "100,000 digits as id": f'{{"jsonrpc":"2.0","id":{"9" * 100_000},"method":"session.ping"}}',
    "uppercase literals": ping_with('"params":{"a":True}'),
    "utf-16": "".join(character + "\0" for character in PING),
    "a depth of 65": ping_with('"params":' + '{"a":' * 64 + "1" + "}" * 64),
    "a depth of 100,000 arrays": "[" * 100_000,
    "a depth of 100,000 objects": '{"a":' * 100_000,
    "a depth of 100,000, closed": "[" * 100_000 + "]" * 100_000,
    "a depth of 500,000": "[" * 500_000 + "]" * 500_000,
}


@pytest.mark.parametrize("text", NOT_JSON.values(), ids=NOT_JSON.keys())
def test_what_is_not_json_is_a_parse_error(client, text):
    answer = client.ask(text)
    assert answer["id"] is None and answer["jsonrpc"] == "2.0" and "result" not in answer
    assert answer["error"]["code"] == -32700
    assert answer["error"]["data"]["code"] == "PARSE_ERROR"
    assert answer["error"]["data"]["temporary"] is False
    assert len(json.dumps(answer)) < 1_000, "what was sent is not sent back"
    assert "time" in client.call("session.ping"), "the session goes on"


def test_utf16_with_a_byte_order_mark_is_no_text(peer):
    peer.send(frame(TEXT, PING.encode("utf-16")))
    assert peer.close_code() == 1007


def test_a_depth_of_64_is_read(client):
    params = '{"a":' * 63 + "1" + "}" * 63
    assert "result" in client.ask(ping_with(f'"params":{params}'))


NOT_A_REQUEST = {
    "a number": "1",
    "a string": '"session.ping"',
    "null": "null",
    "true": "true",
    "an empty object": "{}",
    "no version": '{"id":1,"method":"session.ping"}',
    "version 1.0": '{"jsonrpc":"1.0","id":1,"method":"session.ping"}',
    "a version that is a number": '{"jsonrpc":2.0,"id":1,"method":"session.ping"}',
    "a method that is a number": '{"jsonrpc":"2.0","id":1,"method":1}',
    "a method that is null": '{"jsonrpc":"2.0","id":1,"method":null}',
    "no method": '{"jsonrpc":"2.0","id":1}',
    "params that are a string": ping_with('"params":"a"'),
    "params that are null": ping_with('"params":null'),
    "an id that is an object": '{"jsonrpc":"2.0","id":{},"method":"session.ping"}',
    "an id that is an array": '{"jsonrpc":"2.0","id":[1],"method":"session.ping"}',
    "an id that is true": '{"jsonrpc":"2.0","id":true,"method":"session.ping"}',
    "a huge string as id": f'{{"jsonrpc":"2.0","id":"{"x" * 100_000}","method":"session.ping"}}',
    "a long number as id": f'{{"jsonrpc":"2.0","id":{"9" * 300},"method":"session.ping"}}',
    "an empty batch": "[]",
}


@pytest.mark.parametrize("text", NOT_A_REQUEST.values(), ids=NOT_A_REQUEST.keys())
def test_what_is_no_request_is_an_invalid_request(client, text):
    answer = client.ask(text)
    assert answer["error"]["code"] == -32600
    assert answer["error"]["data"]["code"] == "INVALID_REQUEST"
    assert len(json.dumps(answer)) < 1_000, "a huge id is not sent back"
    assert "time" in client.call("session.ping")


NUMBERS = ["1e308", "1e-400", "1" + "0" * 300, "9223372036854775808", "0.1" + "0" * 99, "-0", "1E+2"]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number[:24])
def test_a_number_stays_what_it_is(client, number):
    """Data of clients is passed on to the byte, also where no type would hold it exactly."""
    client.subscribe("app.numbers")
    client.socket.send(
        '{"jsonrpc":"2.0","id":1000,"method":"hub.publish",'
        f'"params":{{"channel":"app.numbers","data":[{number}]}}}}'
    )
    texts = [client.socket.recv(10) for _ in range(2)]
    event = next(text for text in texts if "hub.event" in text)
    assert f'"data":[{number}],' in event


@pytest.mark.parametrize(
    "number", ["1e300", "1" + "0" * 300, "9223372036854775808", "-9223372036854775809", "-1", "1.5"]
)
def test_a_number_beyond_its_range_is_an_invalid_param(client, number):
    for method, member in {
        "hub.subscribe": '"channel":"app.x","last"',
        "hub.history": '"channel":"tasks","limit"',
        "tasks.list": '"limit"',
        "tasks.wait": '"id":"x","timeoutMs"',
    }.items():
        answer = client.ask(
            f'{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{{{member}:{number}}}}}'
        )
        assert answer["error"]["code"] == -32602, (method, answer)


def test_many_names_take_linear_time(client):
    """Names that collide in a simple hash must not make finding duplicates quadratic."""
    names = ",".join(f'"{number:06x}":0' for number in range(60_000))
    start = time.monotonic()
    assert "result" in client.ask(ping_with(f'"params":{{{names}}}'))
    assert time.monotonic() - start < 5


def test_long_strings_of_escapes_take_linear_time(client):
    start = time.monotonic()
    assert "result" in client.ask(ping_with(r'"params":{"a":"' + r"\u0041" * 150_000 + '"}'))
    assert time.monotonic() - start < 5


# --- batches ---------------------------------------------------------------------------------------


def batch(count, method="session.ping"):
    return [{"jsonrpc": "2.0", "id": number, "method": method} for number in range(count)]


@pytest.mark.parametrize("count", [51, 1_000, 10_000])
def test_a_batch_beyond_the_limit_is_refused_as_a_whole(client, count):
    feed = client.subscribe("app.batch")
    items = [
        {
            "jsonrpc": "2.0",
            "id": number,
            "method": "hub.publish",
            "params": {"channel": "app.batch", "data": 1},
        }
        for number in range(count)
    ]
    answer = client.ask(items)
    assert answer["error"]["code"] == -32010 and answer["id"] is None
    assert answer["error"]["data"]["code"] == "BATCH_TOO_LARGE"
    assert client.call("hub.publish", channel="app.batch", data=1)["offset"] == feed.offset + 1


def test_a_large_batch_of_notifications_does_nothing_either(client):
    feed = client.subscribe("app.batch")
    item = {
        "jsonrpc": "2.0",
        "method": "hub.publish",
        "params": {"channel": "app.batch", "data": 1},
    }
    assert client.ask([item] * 1_000)["error"]["code"] == -32010
    assert client.call("hub.publish", channel="app.batch", data=1)["offset"] == feed.offset + 1


def test_a_batch_of_50_is_answered_in_order(client):
    answers = client.ask(batch(50))
    assert [answer["id"] for answer in answers] == list(range(50))
    assert all("time" in answer["result"] for answer in answers)


def test_the_limit_of_a_batch_is_configured_and_announced(make_daemon):
    daemon = make_daemon(config={"limits": {"maxBatch": 3}})
    with Client(daemon.url) as client:
        assert client.welcome["limits"]["maxBatch"] == 3
        assert len(client.ask(batch(3))) == 3
        assert client.ask(batch(4))["error"]["data"]["code"] == "BATCH_TOO_LARGE"


def test_each_item_of_a_batch_pays_its_rate(make_daemon):
    daemon = make_daemon(config={"limits": {"commandsPerSecond": 1, "commandBurst": 10}})
    with Client(daemon.url) as client:
        answers = client.ask(batch(50))
        assert [answer["id"] for answer in answers] == list(range(50))
        paid = [answer for answer in answers if "result" in answer]
        # A slow machine may have earned another one meanwhile.
        assert 10 <= len(paid) <= 15
        for answer in answers:
            if "error" in answer:
                assert answer["error"]["code"] == -32005
                assert answer["error"]["data"]["code"] == "RATE_LIMITED"
                assert answer["error"]["data"]["temporary"] is True
                assert 0 < answer["error"]["data"]["retryAfterMs"] <= 1_000


def test_each_item_of_a_batch_needs_its_permission(make_daemon):
    daemon = make_daemon(dev=False)
    with Client(daemon.url) as client:
        answers = client.ask(batch(2) + batch(2, "tasks.list") + batch(1, "no.such"))
        codes = [answer.get("error", {}).get("code") for answer in answers]
        assert codes == [None, None, -32001, -32001, -32601]
