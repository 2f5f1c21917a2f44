"""Many tasks of the real daemon at once, a bounded number of them under way."""

from collections import deque

WINDOW = 32


def outcomes(client, cases):
    """Performs `(type, payload)` and yields the finished task, or its refusal, in order."""
    waiting, under_way = iter(cases), deque()

    def begin():
        for kind, payload in waiting:
            under_way.append(client.submit("tasks.create", type=kind, payload=payload))
            return

    for _ in range(WINDOW):
        begin()
    while under_way:
        task = client.answer(under_way.popleft(), timeout=60)
        yield client.answer(
            client.submit("tasks.wait", id=task["id"], timeoutMs=50_000), timeout=60
        )
        begin()


def results(client, kind, payloads):
    """The results of tasks of one type, all of which must be completed."""
    found = []
    for task in outcomes(client, ((kind, payload) for payload in payloads)):
        assert task["status"] == "completed", task
        found.append(task["result"])
    return found


def result(client, kind, payload):
    return results(client, kind, [payload])[0]
