"""What a crash leaves behind: memory holds secrets, so there is no core file unless one asks."""

import os
import resource
import signal
import time
from pathlib import Path

import pytest

from daemon import Failed

# A signal that ends a process with a core file, and that the Swift runtime does not report itself.
CRASH = signal.SIGSYS


def end_with_core(hub):
    """Has the hub crash; whether the kernel wrote its memory down."""
    process = hub.process.process
    resource.prlimit(process.pid, resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)
    process.send_signal(CRASH)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        pid, status = os.waitpid(process.pid, os.WNOHANG)
        if pid:
            assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == CRASH
            process.returncode = 0
            return os.WCOREDUMP(status)
        time.sleep(0.01)
    raise Failed("the hub does not end")


@pytest.fixture
def may_raise():
    """Whether this machine lets a process have core files at all."""
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    if hard != resource.RLIM_INFINITY and os.geteuid() != 0:
        pytest.skip("RLIMIT_CORE cannot be raised here")


def test_a_crash_leaves_no_core_file(make_daemon, tmp_path, may_raise):
    hub = make_daemon(cwd=tmp_path)
    assert not end_with_core(hub)
    assert not list(tmp_path.glob("core*"))


def test_a_core_file_can_be_asked_for(make_daemon, tmp_path, may_raise):
    hub = make_daemon(cwd=tmp_path, config={"coreDumps": True})
    if not end_with_core(hub):
        pattern = Path("/proc/sys/kernel/core_pattern").read_text().strip()
        pytest.skip(f"this machine writes no core files ({pattern})")
    for path in tmp_path.glob("core*"):
        path.unlink()
