"""Fixtures: daemons that end with their test, and a good client to watch over its shoulder."""

import threading
import time

import pytest

from client import Client
from daemon import BINARIES, Daemon
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


@pytest.fixture
def client(shared):
    with Client(shared.url) as client:
        yield client


@pytest.fixture
def peer(shared):
    with Peer.websocket(shared.port) as peer:
        yield peer


class GoodClient(threading.Thread):
    """Publishes to itself all the time and notes how long that takes."""

    def __init__(self, daemon):
        super().__init__(daemon=True)
        self.client = Client(daemon.url)
        self.feed = self.client.subscribe("app.good")
        self.times = []
        self.failure = None
        self.ended = threading.Event()

    def run(self):
        try:
            while not self.ended.is_set():
                start = time.monotonic()
                self.client.call("hub.publish", channel="app.good", data=len(self.times))
                assert self.feed.next(10)["data"] == len(self.times)
                self.times.append(time.monotonic() - start)
                self.ended.wait(0.005)
        except Exception as error:
            self.failure = error

    def check(self):
        """It must have been served all along."""
        before = len(self.times)
        deadline = time.monotonic() + 10
        while len(self.times) == before and not self.failure and time.monotonic() < deadline:
            time.sleep(0.005)
        self.ended.set()
        self.join(20)
        if self.failure:
            raise AssertionError("a good client was disturbed") from self.failure
        assert len(self.times) > before, "a good client is not served any more"
        assert max(self.times) < 5, f"a good client waited {max(self.times):.1f} s"
        self.client.close()


@pytest.fixture
def good_client(shared):
    """A client that must not notice what the test does to the shared daemon."""
    good = GoodClient(shared)
    good.start()
    yield good
    good.check()


@pytest.fixture
def flat_memory(shared):
    """Fails a test in which the shared daemon's memory ever grew by 8 MiB."""
    shared.reset_peak_rss()
    before = shared.rss
    yield
    assert shared.peak_rss - before < 8 << 20, f"{before} grew to {shared.peak_rss} bytes"
