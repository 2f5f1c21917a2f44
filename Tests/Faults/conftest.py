"""What these runs need beside the hub: a tracer, root, loop devices. Without it they are skipped."""

import fcntl
import os
import shutil
import struct
import subprocess

import pytest

from daemon import Daemon

# The long form tries everything, the short one a part of it.
IS_LONG = os.environ.get("OMNIHUB_FAULTS") == "all"


def pytest_report_header():
    return f"faults: {'all' if IS_LONG else 'a part; Tests/Faults/run tries all'}"


@pytest.fixture(scope="session")
def is_long():
    return IS_LONG


@pytest.fixture(scope="session")
def strace(tmp_path_factory):
    """Injects faults into system calls."""
    if not shutil.which("strace"):
        pytest.skip("there is no strace")
    log = tmp_path_factory.mktemp("strace") / "log"
    probe = ["strace", "-f", "--seccomp-bpf", "-o", log, "-e", "inject=fsync:error=EIO", "true"]
    done = subprocess.run(probe, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"strace cannot trace here: {done.stderr.strip()[:100]}")
    return "strace"


@pytest.fixture
def make_hub():
    """Makes hubs, not yet started, that are gone after the test, and with them their files' use."""
    hubs = []

    def make(*arguments, **options):
        hubs.append(Daemon(*arguments, **options))
        return hubs[-1]

    yield make
    for hub in hubs:
        if hub.is_running:
            hub.kill()


class Disk:
    """A file system of its own on a loop device, whose power can be cut."""

    def __init__(self, folder, size):
        self.image = folder / "disk.img"
        self.path = folder / "mount"
        self.path.mkdir()
        with self.image.open("wb") as file:
            file.truncate(size)
        run("mkfs.ext4", "-q", "-F", self.image)
        self.mount(commit=600)

    def mount(self, commit=5):
        run("mount", "-o", f"loop,commit={commit}", self.image, self.path)

    def cut_power(self):
        """Nothing more reaches the disk: what was not made durable is gone."""
        # EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH, which writes no journal either.
        descriptor = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, 0x8004587D, struct.pack("I", 2))
        finally:
            os.close(descriptor)

    def unmount(self):
        run("umount", self.path)


def run(*command):
    subprocess.run(command, check=True, capture_output=True, text=True)


@pytest.fixture
def make_disk(tmp_path):
    """Makes disks whose power can be cut; all are gone afterwards."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount")
    disks = []

    def make(size=64 << 20):
        folder = tmp_path / f"disk{len(disks)}"
        folder.mkdir()
        try:
            disk = Disk(folder, size)
        except (OSError, subprocess.CalledProcessError) as error:
            pytest.skip(f"no loop device with ext4 here: {getattr(error, 'stderr', error)}")
        disks.append(disk)
        return disk

    yield make
    for disk in disks:
        if os.path.ismount(disk.path):
            disk.unmount()
        disk.image.unlink()


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a file system in memory that is soon full."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount")
    path = tmp_path / "small"
    path.mkdir()
    try:
        run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", path)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"tmpfs cannot be mounted here: {error.stderr}")
    yield path
    run("umount", path)
