"""JSON-RPC 2.0 by the letter: the examples of its section 7 on the hub's methods, and ids."""

import asyncio
import json

import aiohttp
import pytest

from client import Client, Failure


def error(code, name, key=None):
    """Matches an error answer by its code, the hub's name for it and its id."""
    return {"jsonrpc": "2.0", "id": key, "error": {"code": code, "name": name}}


def plain(answer):
    """An answer without what differs from call to call."""
    if isinstance(answer, list):
        return [plain(one) for one in answer]
    assert answer["jsonrpc"] == "2.0" and ("result" in answer) != ("error" in answer)
    if "error" in answer:
        fault = answer["error"]
        assert isinstance(fault["message"], str) and fault["message"]
        assert isinstance(fault["data"]["requestId"], str)
        return error(fault["code"], fault["data"]["code"], answer["id"])
    return {"jsonrpc": "2.0", "id": answer["id"], "result": answer["result"]}


def history(*ids):
    """A request whose result is known: nothing is kept of what was never published."""
    return {
        "jsonrpc": "2.0",
        "method": "hub.unsubscribe",
        "params": {"channel": "app.none"},
    } | ({"id": ids[0]} if ids else {})


NOT_SUBSCRIBED = (-32013, "NOT_SUBSCRIBED")


# --- section 7 ---------------------------------------------------------------------------------


def test_a_call_with_named_parameters(client):
    answer = client.ask(
        '{"jsonrpc": "2.0", "method": "hub.publish",'
        ' "params": {"data": 23, "channel": "app.named"}, "id": 3}'
    )
    again = client.ask(
        '{"jsonrpc": "2.0", "method": "hub.publish",'
        ' "params": {"channel": "app.named", "data": 23}, "id": 4}'
    )
    assert answer["id"] == 3 and again["id"] == 4
    assert again["result"]["offset"] == answer["result"]["offset"] + 1


def test_a_call_with_positional_parameters_is_told_to_name_them(client):
    answer = client.ask('{"jsonrpc": "2.0", "method": "tasks.get", "params": [42, 23], "id": 1}')
    assert plain(answer) == error(-32602, "VALIDATION_ERROR", 1)


def test_notifications_get_no_answer(client):
    client.send('{"jsonrpc": "2.0", "method": "session.ping", "params": {"a": 1}}')
    client.send('{"jsonrpc": "2.0", "method": "foobar"}')
    client.send('{"jsonrpc": "2.0", "method": "tasks.get", "params": {"id": "none"}}')
    client.send('{"jsonrpc": "2.0", "method": "hub.publish", "params": {"channel": "tasks"}}')
    assert client.ask('{"jsonrpc": "2.0", "method": "session.ping", "id": "last"}')["id"] == "last"
    # What the runtime answers comes later: nothing of it may come either.
    assert client.call("system.stats") is not None


def test_a_notification_is_carried_out(client):
    feed = client.subscribe("app.notified")
    client.send(
        '{"jsonrpc":"2.0","method":"hub.publish","params":{"channel":"app.notified","data":[1]}}'
    )
    assert feed.next()["data"] == [1]


def test_a_method_that_does_not_exist(client):
    answer = client.ask('{"jsonrpc": "2.0", "method": "foobar", "id": "1"}')
    assert plain(answer) == error(-32601, "METHOD_NOT_FOUND", "1")


@pytest.mark.parametrize(
    "method", ["rpc.nothing", "", "session", "session.ping ", "Session.Ping", "session.pin", "x" * 9999]
)
def test_names_of_methods_are_exact(client, method):
    answer = client.ask({"jsonrpc": "2.0", "method": method, "id": 1})
    assert plain(answer) == error(-32601, "METHOD_NOT_FOUND", 1)
    assert len(json.dumps(answer)) < 500


def test_invalid_json(client):
    answer = client.ask('{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]')
    assert plain(answer) == error(-32700, "PARSE_ERROR")


def test_an_invalid_request(client):
    answer = client.ask('{"jsonrpc": "2.0", "method": 1, "params": "bar"}')
    assert plain(answer) == error(-32600, "INVALID_REQUEST")


def test_a_batch_of_invalid_json(client):
    answer = client.ask(
        '[{"jsonrpc": "2.0", "method": "session.ping", "id": "1"}, {"jsonrpc": "2.0", "method"]'
    )
    assert plain(answer) == error(-32700, "PARSE_ERROR")


def test_an_empty_batch(client):
    assert plain(client.ask("[]")) == error(-32600, "INVALID_REQUEST")


def test_an_invalid_batch_that_is_not_empty(client):
    assert plain(client.ask("[1]")) == [error(-32600, "INVALID_REQUEST")]


def test_an_invalid_batch(client):
    assert plain(client.ask("[1,2,3]")) == [error(-32600, "INVALID_REQUEST")] * 3


def test_a_mixed_batch(client):
    answers = client.ask(
        [
            history("1"),
            {"jsonrpc": "2.0", "method": "session.ping", "params": {}},
            {"jsonrpc": "2.0", "method": "hub.channels", "params": {"prefix": "none"}, "id": "2"},
            {"foo": "boo"},
            {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
            {"jsonrpc": "2.0", "method": "tasks.get", "params": {"id": "none"}, "id": "9"},
        ]
    )
    assert sorted(plain(answers), key=str) == sorted(
        [
            error(*NOT_SUBSCRIBED, "1"),
            {"jsonrpc": "2.0", "id": "2", "result": {"channels": []}},
            error(-32600, "INVALID_REQUEST"),
            error(-32601, "METHOD_NOT_FOUND", "5"),
            error(-32003, "NOT_FOUND", "9"),
        ],
        key=str,
    )


def test_a_batch_of_notifications_gets_no_answer(client):
    client.send([{"jsonrpc": "2.0", "method": "session.ping"}] * 2)
    client.send([{"jsonrpc": "2.0", "method": "tasks.get", "params": {"id": "none"}}] * 2)
    client.call("system.stats")
    assert client.ask('{"jsonrpc":"2.0","method":"session.ping","id":"last"}')["id"] == "last"


def test_an_answer_to_nothing_is_ignored(client):
    client.send('{"jsonrpc":"2.0","id":1,"result":{}}')
    client.send('{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}')
    assert client.ask('{"jsonrpc":"2.0","method":"session.ping","id":"last"}')["id"] == "last"


# --- ids ---------------------------------------------------------------------------------------

IDS = [
    "1",
    "0",
    "-1",
    "1.0",
    "1.50",
    "1e2",
    "1E+2",
    "-0",
    "1e300",
    "9007199254740993",
    "123456789012345678901234567890",
    "null",
    '""',
    '"a"',
    '"1"',
    r'"\u0061\n\/\\\""',
    r'"\ud83d\ude00"',
    '"😀 é"',
    '"' + "x" * 254 + '"',
]


@pytest.mark.parametrize("key", IDS, ids=lambda key: key[:20])
@pytest.mark.parametrize(
    "request_",
    [
        '{"jsonrpc":"2.0","method":"session.ping","id":%s}',
        '{ "id" : %s , "jsonrpc" : "2.0" , "method" : "tasks.list" , "params" : { "limit" : 1 } }',
        '{"jsonrpc":"2.0","id":%s,"method":"tasks.get","params":{"id":"none"}}',
        '{"jsonrpc":"2.0","id":%s,"method":"no.such"}',
        '{"jsonrpc":"2.0","id":%s,"method":7}',
    ],
    ids=["result", "result of the runtime", "error of the runtime", "error", "invalid"],
)
def test_an_id_comes_back_byte_for_byte(client, request_, key):
    client.socket.send(request_ % key)
    answer = client.socket.recv(10)
    assert f'"id":{key},' in answer
    json.loads(answer)


def test_ids_in_a_batch_come_back_byte_for_byte(client):
    items = [f'{{"jsonrpc":"2.0","method":"tasks.list","id":{key}}}' for key in IDS]
    client.socket.send(f"[{','.join(items)}]")
    answer = client.socket.recv(10)
    for key in IDS:
        assert f'"id":{key},' in answer


# --- order -------------------------------------------------------------------------------------


def test_answers_keep_the_order_of_their_requests(client):
    methods = ["session.ping", "hub.channels", "session.info", "system.info"]
    keys = [client.submit(methods[number % 4]) for number in range(1_000)]
    assert [client.receive()["id"] for _ in keys] == keys


def test_answers_of_the_runtime_keep_their_order(client):
    keys = [client.submit("tasks.list", limit=1) for _ in range(500)]
    assert [client.receive()["id"] for _ in keys] == keys


def test_a_wait_delays_nobody(client):
    task = client.call(
        "tasks.create",
        type="ab.samplesize",
        payload={"baseline": 0.1, "minimumEffect": 0.02},
        runAt="2999-01-01T00:00:00Z",
    )
    waiting = client.submit("tasks.wait", id=task["id"], timeoutMs=60_000)
    assert "time" in client.call("session.ping")
    assert client.call("tasks.get", id=task["id"])["status"] == "scheduled"
    assert client.call("tasks.cancel", id=task["id"])["status"] == "cancelled"
    assert client.answer(waiting)["status"] == "cancelled"


def test_a_wait_ends_with_its_time(client):
    task = client.call(
        "tasks.create",
        type="ab.samplesize",
        payload={"baseline": 0.1, "minimumEffect": 0.02},
        runAt="2999-01-01T00:00:00Z",
    )
    assert client.call("tasks.wait", id=task["id"], timeoutMs=50)["status"] == "scheduled"
    client.call("tasks.cancel", id=task["id"])


# --- params ------------------------------------------------------------------------------------

INVALID = {
    "a missing member": ("tasks.get", {}, ["/id"]),
    "an ill-typed member": ("tasks.get", {"id": 1}, ["/id"]),
    "null for a string": ("tasks.get", {"id": None}, ["/id"]),
    "a channel that is a number": ("hub.subscribe", {"channel": 1}, ["/channel"]),
    "a position without an epoch": (
        "hub.subscribe", {"channel": "tasks", "since": {"offset": 1}}, ["/since/epoch"],
    ),
    "a negative offset": (
        "hub.subscribe",
        {"channel": "tasks", "since": {"epoch": "x", "offset": -1}},
        ["/since/offset"],
    ),
    "two at once": (
        "hub.subscribe", {"channel": "tasks", "last": "1", "state": 1}, ["/last", "/state"],
    ),
    "an unknown policy": ("hub.subscribe", {"channel": "tasks", "policy": "some"}, ["/policy"]),
    "no data": ("hub.publish", {"channel": "app.x"}, ["/data"]),
    "a task without anything": ("tasks.create", {}, ["/type", "/payload"]),
    "an unknown type": ("tasks.create", {"type": "no.such", "payload": {}}, ["/type"]),
    "a payload without its members": (
        "tasks.create", {"type": "content.analyze", "payload": {}}, ["/payload/text"],
    ),
    "an ill-typed payload": (
        "tasks.create", {"type": "content.analyze", "payload": {"text": 1}}, ["/payload/text"],
    ),
    "far inside a payload": (
        "tasks.create",
        {
            "type": "strategy.prioritize",
            "payload": {
                "method": "rice",
                "items": [
                    {"name": "a", "reach": 1, "impact": 1, "confidence": 1, "effort": 1},
                    {"name": "b", "reach": "x", "impact": 1, "confidence": 1, "effort": 1},
                ],
            },
        },
        ["/payload/items/1/reach"],
    ),
    "everything at once": (
        "tasks.create",
        {
            "type": "content.analyze",
            "payload": {"text": 1},
            "priority": "urgent",
            "maxAttempts": 0,
            "timeoutMs": "1",
            "runAt": "tomorrow",
            "deadline": 1,
        },
        ["/deadline", "/maxAttempts", "/payload/text", "/priority", "/runAt", "/timeoutMs"],
    ),
    "another agent's task": (
        "tasks.create",
        {"type": "content.analyze", "payload": {"text": "a"}, "agentId": "website"},
        ["/agentId"],
    ),
    "a key that is no string": (
        "tasks.create",
        {"type": "content.analyze", "payload": {"text": "a"}, "idempotencyKey": 7},
        ["/idempotencyKey"],
    ),
    "a key that is too long": (
        "tasks.create",
        {"type": "content.analyze", "payload": {"text": "a"}, "idempotencyKey": "é" * 129},
        ["/idempotencyKey"],
    ),
    "null for a key": (
        "hub.publish", {"channel": "app.x", "data": 1, "idempotencyKey": None}, ["/idempotencyKey"],
    ),
    "null for a limit": ("hub.history", {"channel": "tasks", "limit": None}, ["/limit"]),
    "null for a position": ("hub.history", {"channel": "tasks", "since": None}, ["/since"]),
    "an unknown status": ("tasks.list", {"status": "done"}, ["/status"]),
    "a limit of 0": ("tasks.list", {"limit": 0}, ["/limit"]),
}


@pytest.mark.parametrize(("method", "params", "paths"), INVALID.values(), ids=INVALID.keys())
def test_invalid_params_are_named_by_their_paths(client, method, params, paths):
    before = client.call("hub.history", channel="tasks", limit=1)["head"]
    with pytest.raises(Failure) as failure:
        client.call(method, **params)
    assert failure.value.code == -32602 and failure.value.name == "VALIDATION_ERROR"
    assert sorted(failure.value.paths) == sorted(paths)
    assert all(detail["reason"] for detail in failure.value.data["details"])
    assert client.call("hub.history", channel="tasks", limit=1)["head"] == before, "nothing queued"


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("session.ping", {}),
        ("hub.channels", {}),
        ("hub.publish", {"channel": "app.x", "data": None}),
        ("hub.history", {"channel": "tasks"}),
        ("tasks.list", {}),
        ("agents.get", {"id": "content"}),
        ("tasks.create", {"type": "content.analyze", "payload": {"text": "One. Two."}}),
    ],
)
def test_unknown_params_are_ignored(client, method, params):
    client.call(method, **params, x=[{"y": 1}], Channel="no", idempotencykey=7)


def test_each_error_has_its_fields(client):
    with pytest.raises(Failure) as failure:
        client.call("tasks.get", id="none")
    assert failure.value.data["code"] == "NOT_FOUND"
    assert failure.value.data["temporary"] is False
    assert isinstance(failure.value.data["requestId"], str)


def test_every_described_method_exists(shared, client):
    """rpc.discover and /openrpc.json tell the same table, and each of its methods answers."""
    document = client.call("rpc.discover")
    assert document == json.loads(shared.get("/openrpc.json"))
    assert document["openrpc"].startswith("1.3")
    for method in document["methods"]:
        required = [param for param in method["params"] if param["required"]]
        answer = client.ask({"jsonrpc": "2.0", "id": 1, "method": method["name"], "params": []})
        assert answer["error"]["code"] == -32602, method["name"]
        if required:
            answer = client.ask({"jsonrpc": "2.0", "id": 1, "method": method["name"], "params": {}})
            assert answer["error"]["code"] == -32602, method["name"]


# --- idempotency -------------------------------------------------------------------------------


def test_a_repeated_key_does_nothing_again(client):
    task = {"type": "content.analyze", "payload": {"text": "One two."}, "idempotencyKey": "a-key"}
    first = client.call("tasks.create", **task)
    client.call("tasks.wait", id=first["id"], timeoutMs=10_000)
    head = client.call("hub.history", channel="tasks", limit=1)["head"]
    assert client.call("tasks.create", **task) == first, "as it was then"
    assert client.call("hub.history", channel="tasks", limit=1)["head"] == head


def test_a_repeated_publication_gets_its_first_position(shared, client):
    publication = {"channel": "app.once", "data": 1, "idempotencyKey": "once"}
    first = client.call("hub.publish", **publication)
    assert client.call("hub.publish", **publication) == first
    with Client(shared.url) as other:
        assert other.call("hub.publish", **publication) == first
    assert client.call("hub.history", channel="app.once")["offset"] == first["offset"]


def test_keys_of_different_commands_do_not_meet(client):
    create = {"type": "content.analyze", "payload": {"text": "a"}, "idempotencyKey": "shared-key"}
    task = client.call("tasks.create", **create, runAt="2999-01-01T00:00:00Z")
    cancelled = client.call("tasks.cancel", id=task["id"], idempotencyKey="shared-key")
    assert cancelled["id"] == task["id"] and cancelled["status"] == "cancelled"
    assert client.call("tasks.cancel", id=task["id"], idempotencyKey="shared-key") == cancelled


# --- another client ----------------------------------------------------------------------------


def test_aiohttp_is_served_as_well(shared):
    async def talk():
        async with aiohttp.ClientSession() as http:
            async with http.ws_connect(shared.http + "/ws", protocols=["omnihub.v1"]) as socket:
                assert socket.protocol == "omnihub.v1"
                assert (await socket.receive_json())["method"] == "session.welcome"
                await socket.send_json(
                    {
                        "jsonrpc": "2.0",
                        "id": 1,
                        "method": "tasks.create",
                        "params": {"type": "content.analyze", "payload": {"text": "One two."}},
                    }
                )
                task = (await socket.receive_json())["result"]
                await socket.send_json(
                    {"jsonrpc": "2.0", "id": 2, "method": "tasks.wait", "params": {"id": task["id"]}}
                )
                return (await socket.receive_json())["result"]

    task = asyncio.run(talk())
    assert task["status"] == "completed" and task["result"]["words"] == 2
