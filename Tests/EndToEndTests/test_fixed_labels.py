"""Whatever clients send, metrics keep the same labels, and nothing grows."""

import random
import re
import string

from client import Client, Failure
from daemon import wait_until
from wire import Peer

SERIES = re.compile(r"^(omnihub_\w+(?:\{[^}]*\})?) ", re.M)


def series(hub):
    """Names and labels of all metrics, without their values."""
    return set(SERIES.findall(hub.get("/metrics")))


def word(random):
    return "".join(random.choices(string.ascii_letters + string.digits + "_-", k=12))


def test_10000_random_names_add_no_label(make_daemon):
    hub = make_daemon(config={"channels": {"maximum": 500, "maxPatterns": 100}})
    names = random.Random(19)
    # Figures of the runtime come with the second look.
    wait_until(lambda: "omnihub_tasks" in hub.get("/metrics"), what="figures of the runtime")
    before = series(hub)
    assert len(before) > 60

    with Peer(hub.port) as peer:
        for _ in range(50):
            batch = [f"/{word(names)}/{word(names)}?{word(names)}=1" for _ in range(60)]
            for path in batch:
                peer.send(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            assert {peer.response().status for _ in batch} == {404}

    with Client(hub.url) as client:
        for _ in range(60):
            calls = []
            for _ in range(13):
                calls += [
                    (f"{word(names)}.{word(names)}", {}),
                    ("hub.publish", {"channel": f"app.{word(names)}", "data": 1}),
                    ("hub.history", {"channel": f"tasks.{word(names)}"}),
                ]
            calls += [
                ("tasks.create", {"type": word(names), "payload": {}}),
                ("agents.get", {"id": word(names)}),
                ("hub.subscribe", {"channel": f"app.{word(names)}.>"}),
            ]
            batch = [
                {"jsonrpc": "2.0", "id": n, "method": method, "params": params}
                for n, (method, params) in enumerate(calls)
            ]
            answers = client.ask(batch)
            assert len(answers) == len(batch)
        try:
            client.call(word(names))
            raise AssertionError("a random method exists")
        except Failure as failure:
            assert failure.name == "METHOD_NOT_FOUND"
    assert series(hub) == before
    wait_until(lambda: hub.metrics()["omnihub_commands_total"] >= 2500, what="commands counted")
    assert hub.metrics()["omnihub_channels"] <= 500
    assert hub.metrics()["omnihub_patterns"] <= 100
