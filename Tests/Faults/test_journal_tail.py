"""The end of a real journal, damaged at each byte in each way that a crash or a disk knows."""

import re
import shutil

import pytest

from client import Client, stored_tasks
from daemon import Daemon, Process
from history import History, pause_agents, verify

# So many tasks at the end are damaged: each is a commit of two records, its creation and what the
# audit says of it.
TASKS = 3
TAIL = 2 * TASKS


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A folder of eight tasks, whose last records are of one commit for each task."""
    folder = tmp_path_factory.mktemp("written")
    hub = Daemon(folder)
    hub.start()
    history = History()
    with Client(hub.url) as client:
        pause_agents(client)
        for _ in range(8):
            assert history.call(client, history.create())
    hub.kill()
    return folder


class Tail:
    """The segment, and where its last records begin."""

    def __init__(self, folder):
        (self.segment,) = (folder / "state" / "journal").glob("*.jsonl")
        self.whole = self.segment.read_bytes()
        self.starts = [0] + [match.end() for match in re.finditer(rb"\n", self.whole)]
        for number, line in enumerate(self.whole.splitlines()[-TAIL:]):
            kind = b"audit.allowed" if number % 2 else b"task.created"
            assert b'"type":"%s"' % kind in line
        self.start = self.starts[-1 - TAIL]

    def records_before(self, offset):
        """How many of the last records are whole before `offset`."""
        return sum(self.start < start <= offset for start in self.starts)


def start_on(folder, tail, content, tmp_path):
    """A hub on a copy of `folder` with another segment; its segment, and how it went."""
    copy = tmp_path / "hub"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    segment = copy / "state" / "journal" / tail.segment.name
    segment.write_bytes(content)
    hub = Daemon(copy)
    hub.start(wait=False)
    return hub, segment


def expect_records(folder, tail, content, count, tmp_path):
    hub, segment = start_on(folder, tail, content, tmp_path)
    hub.wait_ready()
    with Client(hub.url) as client:
        # A commit that nobody was told of may leave its first record behind.
        assert len(stored_tasks(client)) == 8 - TASKS + (count + 1) // 2
    hub.kill()
    cut = tail.starts[-1 - TAIL + count]
    assert segment.read_bytes()[:cut] == tail.whole[:cut]
    saved = list(segment.parent.glob("*.torn-*"))
    assert len(saved) == (len(content) > cut)
    for file in saved:
        assert file.read_bytes() == content[cut:]
    verify(hub.state)


def expect_refusal(folder, tail, content, tmp_path):
    hub, segment = start_on(folder, tail, content, tmp_path)
    assert hub.process.wait() == 78
    assert re.search(rf"{segment.name} is damaged at byte \d+.*omnihubd repair", hub.log)
    assert segment.read_bytes() == content


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("damage", ["cut", "filled with NUL", "flipped"])
def test_whole_records_stay_and_others_are_never_taken_for_whole(
    written, tmp_path, is_long, damage
):
    tail = Tail(written)
    # Each byte, or some of them and those at the seams.
    places = set(range(tail.start, len(tail.whole), 1 if is_long else 311))
    places |= {start + step for start in tail.starts for step in (-2, -1, 0, 1)}
    places = sorted(place for place in places if tail.start <= place < len(tail.whole))
    for place in places:
        before, rest = tail.whole[:place], len(tail.whole) - place
        whole = tail.records_before(place)
        if damage == "cut":
            expect_records(written, tail, before, whole, tmp_path)
        elif damage == "filled with NUL":
            expect_records(written, tail, before + bytes(rest), whole, tmp_path)
        else:
            bit = 1 << place % 8
            content = before + bytes([tail.whole[place] ^ bit]) + tail.whole[place + 1 :]
            if whole == TAIL - 1:
                expect_records(written, tail, content, whole, tmp_path)
            else:
                expect_refusal(written, tail, content, tmp_path)
    print(f"{damage}: {len(places)} starts")
