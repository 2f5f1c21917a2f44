"""`omnihubd verify`, `repair` and `backup` on folders that a real hub has written."""

import shutil

import pytest

from client import Client
from daemon import Daemon, Process

# With texts of 25,000 bytes, some hundred tasks make several segments.
SMALL = {"journal": {"segmentBytes": 1_048_576, "reservationBytes": 1_048_576, "retainedRecords": 1_000}}


def omnihubd(*arguments):
    """Exit status and what was printed and reported."""
    process = Process("omnihubd", *arguments)
    status = process.wait()
    process.check_for_crash()
    return status, process.stdout.text, process.stderr.text


def files(folder):
    """Every file below `folder` with its content."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def work(client, count, first=0):
    """Creates tasks, finishes them, and returns the acknowledged ones."""
    tasks = []
    # Few at a time: a busy machine's client must not fall behind by what it may at most.
    for start in range(first, first + count, 10):
        keys = [
            client.submit(
                "tasks.create",
                type="content.analyze",
                payload={"text": f"Text {number}. " + "x" * 25_000},
                idempotencyKey=f"key-{number}",
            )
            for number in range(start, min(start + 10, first + count))
        ]
        tasks += [client.answer(key)["id"] for key in keys]
    for task in tasks:
        client.call("tasks.wait", id=task)
    return tasks


def segments(daemon):
    return sorted((daemon.state / "journal").glob("*.jsonl"))


def flip(path, place):
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


@pytest.fixture
def stopped(make_daemon):
    """A hub that was killed, with two snapshots and several segments."""
    daemon = make_daemon(config=SMALL)
    with Client(daemon.url) as client:
        daemon.tasks = []
        for part in range(3):
            daemon.tasks += work(client, 40, first=40 * part)
            client.call("system.snapshot")
        daemon.tasks += work(client, 10, first=120)
    daemon.kill()
    assert len(segments(daemon)) >= 4
    return daemon


def check_tasks(daemon):
    with Client(daemon.url) as client:
        for task in daemon.tasks:
            assert client.call("tasks.get", id=task)["status"] == "completed"


def test_an_intact_folder_is_told_to_be_and_is_not_touched(stopped):
    before = files(stopped.state)
    status, printed, reported = omnihubd("verify", stopped.state)
    assert (status, reported) == (0, "")
    assert printed.endswith("intact")
    assert "snapshots: 2" in printed and "130 tasks (0 not finished)" in printed
    assert files(stopped.state) == before


def test_a_folder_in_use_is_refused(daemon):
    for command in ("verify", "repair"):
        status, _, reported = omnihubd(command, daemon.state)
        assert status == 75 and f"process {daemon.process.pid}" in reported


def test_a_folder_that_is_none_is_refused_and_not_made(tmp_path):
    for arguments in (["verify"], ["repair"], ["backup"]):
        target = [tmp_path / "target"] if arguments == ["backup"] else []
        status, _, reported = omnihubd(*arguments, tmp_path / "none", *target)
        assert status == 66 and str(tmp_path / "none") in reported
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [["verify"], ["verify", "a", "b"], ["repair", "--force", "a"], ["backup", "a"], ["verfy", "a"]],
    ids=" ".join,
)
def test_a_command_that_is_not_understood_is_refused(arguments):
    status, _, reported = omnihubd(*arguments)
    assert status == 64 and "omnihubd --help" in reported


def test_a_torn_tail_is_no_damage_and_repair_cuts_it(stopped):
    segment = segments(stopped)[-1]
    whole = segment.read_bytes()
    segment.write_bytes(whole + b'{"seq":99')
    status, printed, reported = omnihubd("verify", stopped.state)
    assert (status, reported) == (0, "")
    assert f"from byte {len(whole)} on" in printed

    before = files(stopped.state)
    status, printed, _ = omnihubd("repair", "--dry-run", stopped.state)
    assert status == 0 and "would be moved" in printed
    assert files(stopped.state) == before

    status, printed, reported = omnihubd("repair", stopped.state)
    assert (status, reported) == (0, "") and printed.endswith("intact")
    assert segment.read_bytes() == whole
    assert segment.with_name(segment.name + f".torn-{len(whole)}").read_bytes() == b'{"seq":99'
    stopped.start()
    check_tasks(stopped)


def test_damage_is_found_wherever_it_is(make_daemon):
    stopped = make_daemon()
    with Client(stopped.url) as client:
        for number in range(2):
            task = client.call("tasks.create", type="content.analyze", payload={"text": "A."})
            client.call("tasks.wait", id=task["id"])
            client.call("system.snapshot")
    stopped.kill()
    before = files(stopped.state)
    for path, content in before.items():
        # Nothing is kept in the one; the others are secrets, in which any digit may be right.
        if path.name in ("lock", "signing-key.pem", "sealing-keys"):
            continue
        for place in (0, len(content) // 2, len(content) - 2):
            flip(path, place)
            status, printed, reported = omnihubd("verify", stopped.state)
            last = path == segments(stopped)[-1] and place == len(content) - 2
            if last:
                # The last event of all cannot be told from one that was never finished.
                assert status == 0 and "unfinished" in printed
            else:
                assert status == 78, f"{path} at {place}: {printed}"
                assert path.parent.name in reported or path.name in reported
            path.write_bytes(content)
    assert files(stopped.state) == before


def test_a_damaged_snapshot_is_set_aside_by_repair(stopped):
    snapshot = sorted((stopped.state / "snapshots").iterdir())[-1]
    flip(snapshot / "tasks.json", 20)
    assert omnihubd("verify", stopped.state)[0] == 78
    status, printed, _ = omnihubd("repair", stopped.state)
    assert status == 0 and f"{snapshot.name}.corrupt" in printed
    assert omnihubd("verify", stopped.state)[0] == 0
    stopped.start()
    check_tasks(stopped)


def test_damage_that_a_snapshot_covers_keeps_the_hub_from_starting_until_it_is_repaired(stopped):
    covered = segments(stopped)[0]
    flip(covered, 500)
    refused = Process("omnihubd", "--dev", "--listen", "127.0.0.1:0", "--state-dir", stopped.state)
    assert refused.wait() == 78
    assert "omnihubd repair" in refused.stderr.text
    status, printed, _ = omnihubd("repair", stopped.state)
    assert status == 0 and f"{covered.name}.corrupt" in printed
    stopped.start()
    check_tasks(stopped)


def test_damage_that_nothing_covers_is_left_alone(stopped):
    flip(segments(stopped)[-1], 500)
    before = files(stopped.state)
    for arguments in (["verify"], ["repair", "--dry-run"], ["repair"]):
        status, _, reported = omnihubd(*arguments, stopped.state)
        assert status == 78 and "at byte" in reported
    assert files(stopped.state) == before


def test_a_backup_of_a_working_hub_holds_all_that_was_acknowledged(make_daemon, tmp_path):
    daemon = make_daemon(config=SMALL)
    with Client(daemon.url) as client:
        done = work(client, 60)
        client.call("system.snapshot")
        done += work(client, 60, first=60)
        # More is under way while it copies.
        busy = [
            client.submit("tasks.create", type="content.analyze", payload={"text": f"Later {n}."})
            for n in range(300)
        ]
        with Client(daemon.url) as other:
            position = other.subscribe("tasks").position
        status, printed, reported = omnihubd("backup", daemon.state, tmp_path / "copy")
        assert (status, reported) == (0, "") and "intact" in printed
        for key in busy:
            client.answer(key)
    status, printed, _ = omnihubd("verify", tmp_path / "copy")
    assert status == 0 and "unfinished" not in printed
    before = files(tmp_path / "copy")
    status, _, reported = omnihubd("backup", daemon.state, tmp_path / "copy")
    assert status == 73 and str(tmp_path / "copy") in reported
    assert files(tmp_path / "copy") == before

    restored = make_daemon(start=False)
    shutil.copytree(tmp_path / "copy", restored.state)
    restored.tasks = done
    restored.start()
    check_tasks(restored)
    with Client(restored.url) as client:
        again = client.call(
            "tasks.create",
            type="content.analyze",
            payload={"text": "Text 0. " + "x" * 25_000},
            idempotencyKey="key-0",
        )
        assert again["id"] == done[0]
        # What clients saw after the backup will have been something else.
        answer = client.subscribe("tasks", since=position).answer
        assert answer["recovered"] is False and answer["epoch"] != position["epoch"]
    restored.kill()
    restored.start()
    with Client(restored.url) as client:
        assert client.subscribe("tasks").epoch == answer["epoch"]


def test_backups_hold_while_the_hub_clears_away_what_is_old(make_daemon, tmp_path):
    config = {
        "journal": {"segmentBytes": 1_048_576, "reservationBytes": 1_048_576, "retainedRecords": 1},
        "snapshots": {"afterEvents": 100},
    }
    daemon = make_daemon(config=config)
    with Client(daemon.url) as client:
        for number in range(4):
            done = work(client, 30, first=30 * number)
            copying = Process("omnihubd", "backup", daemon.state, tmp_path / f"copy{number}")
            more = [
                client.submit("tasks.create", type="content.analyze", payload={"text": "More."})
                for _ in range(100)
            ]
            assert copying.wait() == 0, copying.stderr.text
            for key in more:
                client.answer(key)
    restored = Daemon(tmp_path / "restored")
    shutil.copytree(tmp_path / "copy3", restored.state)
    restored.tasks = done
    restored.start()
    check_tasks(restored)
    restored.check()


def test_a_damaged_folder_is_not_backed_up(stopped, tmp_path):
    flip(segments(stopped)[-1], 500)
    status, _, reported = omnihubd("backup", stopped.state, tmp_path / "copy")
    assert status == 78 and "at byte" in reported
    assert not (tmp_path / "copy").exists()
