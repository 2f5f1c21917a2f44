"""A script of fifty commands with a fault at the first, second, third… of each system call.

Whatever happens to the hub, it starts again afterwards, and what it acknowledged is there.
"""

import itertools
import os
import signal

import pytest
from websockets.exceptions import WebSocketException

from client import Client
from daemon import Daemon, wait_until
from history import History, check_restart, pause_agents

FAULTS = [
    ("fdatasync", "error=EIO"),
    ("fdatasync", "signal=KILL"),
    ("write", "error=ENOSPC"),
    ("write", "error=EIO"),
    ("write", "signal=KILL"),
    ("fallocate", "error=ENOSPC"),
    ("fallocate", "signal=KILL"),
    ("ftruncate", "error=EIO"),
    ("ftruncate", "signal=KILL"),
    ("fsync", "error=EIO"),
    ("fsync", "signal=KILL"),
    ("rename", "error=EIO"),
    ("rename", "signal=KILL"),
    ("mkdir", "error=ENOSPC"),
    ("mkdir", "signal=KILL"),
    ("unlink", "signal=KILL"),
    ("rmdir", "signal=KILL"),
]
# Input and output failed; a file cannot be created; the disk has a problem.
REFUSALS = {74, 73, -signal.SIGKILL, 128 + signal.SIGKILL}


class Tracer:
    """A hub under strace, with one fault."""

    def __init__(self, folder, strace, call, fault, when):
        self.log = folder / "strace.log"
        self.has_struck = False
        self.hub = Daemon(folder)
        # The hub writes to sockets and to the log too; only the journal is meant.
        places = ["-P", self.hub.state / "journal" / f"{1:020}.jsonl"] if call == "write" else []
        # With the faster way, strace 6.1 injects a signal at the first call only.
        way = ["--seccomp-bpf"] if fault.startswith("error") else []
        wrapper = [strace, "-f", *way, "-o", self.log, *places]
        wrapper += ["-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={when}"]
        self.hub.options["wrapper"] = list(map(str, wrapper))

    def start(self):
        """False when the fault kept the hub from starting."""
        self.hub.start(wait=False)
        if self.hub.process.stdout.wait(r"^listening on"):
            self.hub.wait_ready()
            return True
        self.hub.process.wait()
        self.end()
        return False

    def kill(self):
        """Kills the hub, not its tracer, if it still runs; whether it did not."""
        tracer = self.hub.process.process
        if tracer.poll() is not None:
            return True
        for child in children(tracer.pid):
            os.kill(child, signal.SIGKILL)
        return False

    def end(self):
        """Kills the hub, if it still runs, and checks how it ended if it did so itself."""
        died = self.kill()
        status = self.hub.process.wait()
        self.has_struck = died or "INJECTED" in self.log.read_text(errors="replace")
        self.hub.process.check_for_crash()
        assert status in REFUSALS, f"exit status {status}:\n{self.hub.log[-2000:]}"


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(child) for child in file.read().split()]


def run_once(folder, strace, call, fault, when):
    """One script with one fault; false when there are not so many calls."""
    tracer = Tracer(folder, strace, call, fault, when)
    history = History(seed=when)
    try:
        run_script(tracer, history)
    finally:
        tracer.kill()
    check_restart(folder, history)
    return tracer.has_struck


def run_script(tracer, history):
    if tracer.start():
        try:
            with Client(tracer.hub.url) as client:
                pause_agents(client)
                history.run_script(client)
                is_gone = history.lost_connection
        except (OSError, WebSocketException):
            is_gone = True
        if is_gone:
            # Nothing but the fault ends it, and that it does not survive.
            wait_until(lambda: not tracer.hub.is_running, what="the end of the hub")
        tracer.end()


def counts(is_long):
    """Which calls are hit, in order: all, or ever fewer."""
    if is_long:
        return itertools.count(1)
    return (2**number for number in itertools.count(0, 2))


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("call", "fault"), FAULTS, ids=[":".join(fault) for fault in FAULTS])
def test_nothing_acknowledged_is_lost(tmp_path, strace, is_long, record_property, call, fault):
    runs = 0
    for when in counts(is_long):
        if not run_once(tmp_path / f"run{when}", strace, call, fault, when):
            break
        runs += 1
    record_property("runs", runs)
    print(f"{call} {fault}: {runs} runs")
    assert runs > 0, "this call was never made"
