"""A worker that a test plays itself, message by message."""

from client import Client

# An agent that only workers perform.
TYPES = [
    {"name": "echo.say", "payloadSchema": {"type": "object"}, "resultSchema": {}},
    {"name": "echo.once", "resultSchema": {}, "retryable": False},
]


class Worker:
    """A session that is a worker; `execute` answers the hub's requests as they come."""

    def __init__(self, url, agent="echo", capabilities=TYPES, concurrency=1, **options):
        self.client = Client(url, **options)
        params = {"agentType": agent, "concurrency": concurrency}
        if capabilities:
            params["capabilities"] = capabilities
        answer = self.client.call("workers.register", **params)
        self.id, self.lease_ms = answer["workerId"], answer["leaseMs"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.client.close()

    def request(self, timeout=60):
        """The next `worker.execute`, not answered."""
        return self.notification("worker.execute", timeout)

    def notification(self, method, timeout=60):
        """The next message of a method; others before it are dropped."""
        while True:
            message = self.client.notification(timeout)
            if message["method"] == method:
                return message

    def accept(self, request):
        self.client.send({"jsonrpc": "2.0", "id": request["id"], "result": {}})

    def refuse(self, request):
        error = {"code": -32000, "message": "not now"}
        self.client.send({"jsonrpc": "2.0", "id": request["id"], "error": error})

    def take(self, timeout=60):
        """The params of the next task, which is accepted."""
        request = self.request(timeout)
        self.accept(request)
        return request["params"]

    def complete(self, lease, result):
        return self.client.call("tasks.complete", leaseId=lease, result=result)

    def has_nothing(self):
        """Whether the hub has sent no request by the time that it answers one."""
        self.client.call("session.ping")
        return not any(one["method"] == "worker.execute" for one in self.client.notifications)


def say(client, **payload):
    return client.call("tasks.create", type="echo.say", payload=payload)


def events(client, task):
    """Types of a task's events so far."""
    answer = client.call("hub.history", channel=f"tasks.{task}", limit=1000)
    return [place["event"]["type"] for place in answer["events"]]
