"""Commands for process agents, and what is left of them."""

import os
import sys
from pathlib import Path

from daemon import wait_until

# Begins every program: how to say something, and to take tasks.
PREAMBLE = """
import json, os, signal, subprocess, sys, time

def say(**message):
    print(json.dumps({"jsonrpc": "2.0"} | message), flush=True)

def complete(message, result):
    lease = message["params"]["leaseId"]
    say(method="tasks.complete", params={"leaseId": lease, "result": result})

def tasks():
    say(id=1, method="workers.register", params={})
    for line in sys.stdin:
        message = json.loads(line)
        if message.get("method") == "worker.execute":
            say(id=message["id"], result={})
            yield message

"""


def agent(folder, body, name="tool", **settings):
    """The configuration of a process agent whose program is `body` after the preamble."""
    path = Path(folder) / f"{name}.py"
    path.write_text(PREAMBLE + body)
    types = [
        {"name": f"{name}.run", "payloadSchema": {"type": "object"}, "resultSchema": {}},
        {"name": f"{name}.once", "payloadSchema": {"type": "object"}, "retryable": False},
    ]
    # Its own marker finds it, and all that it begins, among other processes.
    environment = {"OMNIHUB_TEST": str(folder)}
    return {
        name: {"command": [sys.executable, str(path)], "taskTypes": types, "environment": environment}
        | settings
    }


def config(*agents, **more):
    return {"agents": {"processes": {k: v for one in agents for k, v in one.items()}} | more}


def left(folder):
    """Processes that were begun for the agents of a folder, zombies not included."""
    marker = f"OMNIHUB_TEST={folder}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            if marker in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            pass
    return found


def wait_for_end(folder, seconds=30):
    wait_until(lambda: not left(folder), seconds, f"left of {folder}: {left(folder)}")


def zombies(pid):
    """Children of a process that have ended and were not waited for."""
    count = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue
            count += state == "Z" and int(parent) == pid
    return count
