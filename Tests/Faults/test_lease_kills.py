"""Workers, processes and the hub are killed while they are at tasks, again and again."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from client import Client, stored_tasks
from daemon import wait_until
from processes import agent, config, left, wait_for_end

# A worker on the WebSocket that is slow enough to be killed at a task.
WORKER = """
import json, sys, time
from websockets.sync.client import connect

def call(hub, **message):
    hub.send(json.dumps({"jsonrpc": "2.0"} | message))

while True:
    try:
        with connect(sys.argv[1], proxy=None, max_size=None) as hub:
            types = [{"name": "remote.run", "payloadSchema": {"type": "object"}}]
            call(hub, id=1, method="workers.register",
                 params={"agentType": "remote", "capabilities": types, "concurrency": 2})
            for text in hub:
                message = json.loads(text)
                if message.get("method") == "worker.execute":
                    call(hub, id=message["id"], result={})
                    time.sleep(0.03)
                    lease = message["params"]["leaseId"]
                    call(hub, id=2, method="tasks.complete",
                         params={"leaseId": lease, "result": {"lease": int(lease)}})
    except Exception:
        time.sleep(0.05)
"""

PROCESS = """
for message in tasks():
    if os.fork() == 0:
        time.sleep(600)
    time.sleep(0.03)
    complete(message, {"lease": int(message["params"]["leaseId"])})
"""


class Crowd:
    """Workers on a hub, to be killed."""

    def __init__(self, folder):
        self.program = folder / "remote.py"
        self.program.write_text(WORKER)
        self.workers = []

    def fill(self, url):
        while len(self.workers) < 3:
            self.workers.append(subprocess.Popen([sys.executable, self.program, url]))

    def kill(self, dice):
        worker = self.workers.pop(dice.randrange(len(self.workers)))
        worker.kill()
        worker.wait()

    def close(self):
        while self.workers:
            self.kill(random)


def is_guard(pid):
    """Who kills a guard takes away what it is there for."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == "omnihub-guard"
    except OSError:
        return True


def submit(client, ids, count):
    for _ in range(count):
        kind = "remote.run" if len(ids) % 2 else "tool.run"
        task = client.call("tasks.create", type=kind, payload={}, maxAttempts=100)
        ids.append(task["id"])


@pytest.mark.timeout(3600)
def test_no_task_is_lost_or_ended_twice_however_often_who_is_at_it_is_killed(
    tmp_path, make_hub, is_long
):
    dice = random.Random(20_260_102)
    # Kills are no reason to take the agent out of service.
    settings = config(agent(tmp_path, PROCESS, processes=2), restartMs=1, maxRestartMs=50)
    settings |= {"runtime": {"crashLimit": 1_000_000, "cancelGraceMs": 500}}
    settings |= {"workers": {"leaseMs": 5_000, "heartbeatMs": 1_000, "answerMs": 5_000}}
    hub = make_hub(tmp_path / "hub", config=settings)
    hub.start()
    hub.listen = (f"127.0.0.1:{hub.port}",)
    crowd, ids = Crowd(tmp_path), []
    kills = 100 if is_long else 8
    try:
        crowd.fill(hub.url)
        with Client(hub.url) as client:
            wait_until(lambda: len(client.call("workers.list")["workers"]) == 5, 120)
        for number in range(kills):
            with Client(hub.url) as client:
                submit(client, ids, 6)
                # Somebody is at something.
                wait_until(lambda: client.call("tasks.list", status="running", limit=1)["tasks"], 120)
                kind = number % 3
                if kind == 0:
                    hub.kill()
                elif kind == 1:
                    crowd.kill(dice)
                else:
                    processes = [pid for pid in left(tmp_path) if not is_guard(pid)]
                    if processes:
                        subprocess.run(["kill", "-9", str(dice.choice(processes))], check=False)
            if kind == 0:
                hub.start()
            crowd.fill(hub.url)
        with Client(hub.url) as client:
            for task in ids:
                done = client.call("tasks.wait", id=task, timeoutMs=120_000)
                assert done["status"] == "completed", done
            check(client, hub, ids)
    finally:
        crowd.close()
    assert hub.stop() == 0
    wait_for_end(tmp_path)
    print(f"{kills} kills, {len(ids)} tasks")


def check(client, hub, ids):
    """By the events on disk: one end, and the result is that of the attempt that began last."""
    assert {task["id"] for task in stored_tasks(client)} == set(ids)
    started, ended = {}, {}
    for path in sorted((hub.state / "journal").iterdir()):
        for line in path.read_bytes().split(b"\n"):
            if not line.strip(b"\0"):
                continue
            event = json.loads(line)["event"]["event"]
            task = event.get("taskId")
            if event["type"] == "task.started":
                assert task not in ended, "begun after its end"
                started[task] = event["seq"]
            elif event["type"] == "task.completed":
                assert task not in ended, "ended twice"
                ended[task] = event["data"]["result"]["lease"]
                assert ended[task] == started[task], "the result of another attempt"
            else:
                assert event["type"] not in ("task.failed", "task.dead", "task.abandoned"), event
    assert ended.keys() == set(ids)

