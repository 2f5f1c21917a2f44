"""The power is cut while the hub works: what it acknowledged is on the disk."""

import ctypes
import os
import random
import re
import signal

import pytest

from client import Client
from daemon import Process, wait_until
from history import History, check_restart, pause_agents
from test_kills import CONFIG, load


@pytest.mark.timeout(3600)
def test_a_hub_that_loses_power_loses_nothing_else(make_disk, make_hub, is_long):
    cuts = 50 if is_long else 3
    torn = acknowledged = 0
    for number in range(cuts):
        disk = make_disk()
        history = History(seed=number)
        hub = make_hub(disk.path / "hub", config=CONFIG).start()
        with Client(hub.url) as client:
            goal = history.random.randrange(1, 150)
            load(client, history, lambda: len(history.acknowledged) >= goal)
            disk.cut_power()
            # What is on its way was not acknowledged before the cut, and may be lost.
            assert hub.process.end(signal.SIGKILL) in (-signal.SIGKILL, 74)
            hub.process.check_for_crash()
        disk.unmount()
        disk.mount()
        check_restart(disk.path / "hub", history, config=CONFIG)
        torn += len(list(hub.state.glob("journal/*.torn-*")))
        acknowledged += len(history.acknowledged)
        disk.unmount()
    print(f"{cuts} cuts, {acknowledged} acknowledged commands, {torn} unfinished commits")


PAGE = 4_096


class Writeback:
    """Lets single pages of a file reach the disk before anybody waits for that, as a kernel may."""

    def __init__(self, path, disk):
        self.descriptor = os.open(path, os.O_RDONLY)
        self.disk = disk
        self.libc = ctypes.CDLL(None, use_errno=True)

    def write(self, page):
        # Wait before, write, wait after.
        offset, count = ctypes.c_int64(page * PAGE), ctypes.c_int64(PAGE)
        if self.libc.sync_file_range(self.descriptor, offset, count, 7) != 0:
            raise OSError(ctypes.get_errno(), "sync_file_range")

    def commit(self):
        """Makes the file system's own journal durable, and with it the file's size."""
        with (self.disk.path / "other").open("wb") as other:
            other.write(b"x")
            other.flush()
            os.fsync(other.fileno())
        os.close(self.descriptor)


def last_batch(segment):
    """The pages that the last batch of a segment is in."""
    content = segment.read_bytes()
    batches = [int(number) for number in re.findall(rb'^.{,50}"batch":(\d+),', content, re.M)]
    lines = content.splitlines(keepends=True)
    if not batches or len(batches) != len(lines):
        return range(0)
    start = sum(len(line) for line, batch in zip(lines, batches) if batch < batches[-1])
    return range(start // PAGE, (len(content) + PAGE - 1) // PAGE)


@pytest.mark.timeout(3600)
def test_a_commit_of_which_only_some_pages_were_written_is_no_damage(
    make_disk, make_hub, strace, is_long
):
    """Each fdatasync takes long, and the power is cut meanwhile."""
    holes = 0
    runs = 20 if is_long else 3
    for number in range(runs):
        choice = random.Random(number)
        disk = make_disk()
        history = History(seed=number)
        hub = make_hub(disk.path / "hub").start()
        with Client(hub.url) as client:
            pause_agents(client)
        hub.kill()
        slowly = "inject=fdatasync:delay_enter=500000"
        hub.options["wrapper"] = [strace, "-f", "--seccomp-bpf", "-o", "/dev/null", "-e", slowly]
        hub.start()
        (segment,) = (hub.state / "journal").glob("*.jsonl")
        with Client(hub.url) as client:
            assert history.call(client, history.create())
            for _ in range(40):
                history.send(client, history.create(size=3_000))
            pages = wait_until(
                lambda: len(last_batch(segment)) >= 4 and last_batch(segment), what="a large batch"
            )
            writeback = Writeback(segment, disk)
            for page in choice.sample(pages, choice.randrange(1, len(pages))):
                writeback.write(page)
            writeback.commit()
            disk.cut_power()
            kill_traced(hub)
        disk.unmount()
        disk.mount()
        hole = Process("omnihubd", "verify", hub.state)
        assert hole.wait() == 0, hole.stderr.text
        holes += "of which nothing was acknowledged" in hole.stdout.text
        check_restart(disk.path / "hub", history)
        disk.unmount()
    assert holes > 0, "no cut has left whole records behind a hole"
    print(f"{runs} cuts, {holes} with whole records behind a hole")


def kill_traced(hub):
    """Kills a hub and the tracer that holds it."""
    with open(f"/proc/{hub.process.pid}/task/{hub.process.pid}/children") as file:
        for child in file.read().split():
            os.kill(int(child), signal.SIGKILL)
    hub.process.end(signal.SIGKILL)
