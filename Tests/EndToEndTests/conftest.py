"""Fixtures: daemons that end with their test, and a good client to watch over its shoulder."""

import tempfile
from pathlib import Path

import pytest

from browser import CHROMIUM, Browser
from client import Client
from daemon import BINARIES, Daemon
from watch import FLOOR, LiveClient, p99
from wire import Peer


def pytest_report_header():
    return f"executables: {BINARIES}"


@pytest.fixture
def make_daemon(tmp_path):
    """Starts daemons, each in a folder of its own; all must end well."""
    daemons = []

    def make(*, start=True, **options):
        daemon = Daemon(tmp_path / f"hub{len(daemons)}", **options)
        daemons.append(daemon)
        return daemon.start() if start else daemon

    yield make
    for daemon in daemons:
        daemon.check()


@pytest.fixture
def daemon(make_daemon):
    """A daemon of this test alone."""
    return make_daemon()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One daemon for the tests of a file, which leave it as it was."""
    daemon = Daemon(tmp_path_factory.mktemp("hub"))
    daemon.start()
    yield daemon
    daemon.check()


@pytest.fixture(scope="module")
def make_shared_daemon(tmp_path_factory):
    """Starts daemons, with options, for the tests of a file."""
    daemons = []

    def make(**options):
        daemon = Daemon(tmp_path_factory.mktemp("hub"), **options)
        daemons.append(daemon)
        return daemon.start()

    yield make
    for daemon in daemons:
        daemon.check()


@pytest.fixture
def client(shared):
    with Client(shared.url) as client:
        yield client


@pytest.fixture
def peer(shared):
    with Peer.websocket(shared.port) as peer:
        yield peer


@pytest.fixture(scope="module")
def live(shared):
    """The live client of a file's tests, and how long it waits while nobody attacks."""
    live = LiveClient(shared)
    live.before = p99(live.times(rounds=200))
    yield live
    live.close()


@pytest.fixture
def good_client(shared, live):
    """A client that must not notice what the test does to the shared daemon."""
    live.times(rounds=1)
    yield live
    during = p99(live.times(rounds=3))
    limit = max(2 * live.before, FLOOR)
    assert during <= limit, f"p99 went from {live.before:.3f} s to {during:.3f} s"


@pytest.fixture
def flat_memory(shared):
    """Fails a test in which the shared daemon's memory ever grew by more than ten times the
    largest message, which is what it may take to look at one."""
    shared.reset_peak_rss()
    before = shared.rss
    yield
    assert shared.peak_rss - before < 10 << 20, f"{before} grew to {shared.peak_rss} bytes"


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM:
        pytest.skip("there is no chromium")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = Browser(Path(folder) / "profile")
        yield browser
        browser.close()
