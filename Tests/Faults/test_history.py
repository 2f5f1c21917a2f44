"""The checks can fail: a journal from which something acknowledged was taken is found out."""

import pytest

from client import Client
from history import History, check_restart, pause_agents


@pytest.fixture
def written(tmp_path, make_hub):
    """What a hub has acknowledged, and its only segment."""
    hub = make_hub(tmp_path / "hub").start()
    history = History()
    with Client(hub.url) as client:
        pause_agents(client)
        for _ in range(5):
            assert history.call(client, history.create())
        history.check(client)
    hub.kill()
    (segment,) = (hub.state / "journal").glob("*.jsonl")
    return hub, history, segment


def test_a_whole_history_passes(written):
    hub, history, _ = written
    check_restart(hub.folder, history)


@pytest.mark.parametrize("lost", [1, 2])
def test_acknowledged_commands_that_are_lost_are_found_out(written, lost):
    hub, history, segment = written
    lines = segment.read_bytes().splitlines(keepends=True)
    # Each commit is of two records: what happened, and what the audit says of it.
    segment.write_bytes(b"".join(lines[: -2 * lost]))
    with pytest.raises(AssertionError, match="was acknowledged and is lost"):
        check_restart(hub.folder, history)


def test_an_event_that_comes_twice_is_found_out(written):
    hub, history, _ = written
    hub.start()
    history.events.append(history.events[-1])
    with Client(hub.url) as client:
        with pytest.raises(AssertionError, match="an event is there twice"):
            history.check(client)


def test_a_task_that_is_there_twice_is_found_out(written):
    hub, history, _ = written
    hub.start()
    with Client(hub.url) as client:
        method, params = history.commands["key-0"]
        client.call(method, **params, idempotencyKey="another")
        with pytest.raises(AssertionError, match="there twice"):
            history.check(client)


def test_another_answer_to_the_same_key_is_found_out(written):
    hub, history, _ = written
    hub.start()
    history.acknowledged["key-0"] = history.acknowledged["key-1"]
    with Client(hub.url) as client:
        with pytest.raises(AssertionError, match="answered otherwise"):
            history.repeat(client)
