"""`omnihub` on the real daemon, on a terminal, and on a hub that misbehaves."""

import json
import os
import pty
import re
import signal
import subprocess
import threading
from contextlib import contextmanager

import pytest
from websockets.sync.server import serve

from client import Client
from daemon import BINARIES, Process, wait_until

TEXT = '{"text":"Short words are best. Old words are best of all."}'


def omnihub(url, *words, stdin="", **variables):
    """Runs the client to its end."""
    return subprocess.run(
        [BINARIES / "omnihub", *words],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"OMNIHUB_URL": url} | variables,
    )


def watch(url, *words):
    """Watches until it is ended; the channel's state is the first it prints."""
    return Process("omnihub", "watch", "--url", url, *words)


def on_terminal(url, *words, **variables):
    """What the client writes on a terminal of 80 columns, and its exit status."""
    child, terminal = pty.fork()
    if child == 0:
        program = str(BINARIES / "omnihub")
        environment = os.environ | {"OMNIHUB_URL": url, "TERM": "xterm"} | variables
        os.execve(program, [program, *words], environment)
    written = b""
    try:
        while chunk := os.read(terminal, 65536):
            written += chunk
    except OSError:
        pass  # Linux says EIO when the other side is closed.
    os.close(terminal)
    _, status = os.waitpid(child, 0)
    return written.decode(), os.waitstatus_to_exitcode(status)


@contextmanager
def hub(session):
    """A hub of the test's own; `session(socket, number)` is called for each connection."""
    numbers = iter(range(1, 1000))
    lock = threading.Lock()

    def welcome(socket):
        with lock:
            number = next(numbers)
        params = {"sessionId": str(number), "authenticated": True, "pingIntervalMs": 1000}
        socket.send(json.dumps({"jsonrpc": "2.0", "method": "session.welcome", "params": params}))
        session(socket, number)

    with serve(welcome, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}/ws"
        finally:
            server.shutdown()
            thread.join()


def request(socket):
    return json.loads(socket.recv(20))


def answer(socket, asked, result):
    socket.send(json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": result}))


def test_watch_shows_live_what_a_task_does(daemon):
    watching = watch(daemon.url, "tasks", "--since", "0", "--json")
    done = omnihub(daemon.url, "task", "content.analyze", TEXT, "--wait")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["sentences"] == 2
    watching.stdout.wait(r"task\.completed")
    assert watching.end(signal.SIGINT) == 0
    events = [json.loads(line) for line in watching.stdout.lines]
    assert [event["offset"] for event in events] == list(range(1, len(events) + 1))
    assert [event["event"]["type"] for event in events] == [
        "task.created",
        "task.started",
        "task.completed",
    ]


def test_watch_recovers_over_a_killed_hub(make_daemon):
    daemon = make_daemon(listen=("127.0.0.1:0",))
    omnihub(daemon.url, "task", "content.analyze", TEXT, "--wait")
    watching = watch(daemon.url, "tasks", "--since", "0", "--json")
    assert watching.stdout.wait(r"task\.completed")
    daemon.kill()
    assert watching.stderr.wait("reconnecting")
    daemon.listen = (f"127.0.0.1:{daemon.port}",)
    daemon.start()
    assert omnihub(daemon.url, "task", "content.analyze", TEXT, "--wait").returncode == 0
    assert watching.stdout.wait(r"task\.completed", count=2)
    assert watching.end(signal.SIGINT) == 0
    offsets = [json.loads(line)["offset"] for line in watching.stdout.lines]
    assert offsets == list(range(1, len(offsets) + 1))
    assert "GAP" not in watching.stderr.text


def test_watch_follows_a_pattern_and_applies_a_filter(daemon):
    everything = watch(daemon.url, "app.>", "--since", "0", "--json")
    completions = watch(daemon.url, "agents.*", "--filter", '{"types":["task.completed"]}', "--json")
    wait_until(lambda: daemon.metrics()["omnihub_subscriptions"] == 2, what="both are subscribed")
    for number in range(3):
        params = json.dumps({"channel": f"app.shop.{number}", "data": number})
        assert omnihub(daemon.url, "call", "hub.publish", params).returncode == 0
    assert omnihub(daemon.url, "task", "content.analyze", TEXT, "--wait").returncode == 0
    assert everything.stdout.wait('"patternOffset":3') and completions.stdout.wait("task.completed")
    assert everything.end(signal.SIGINT) == 0 and completions.end(signal.SIGINT) == 0
    seen = [json.loads(line) for line in everything.stdout.lines]
    assert [(event["channel"], event["data"]) for event in seen] == [
        (f"app.shop.{number}", number) for number in range(3)
    ]
    types = [json.loads(line)["event"]["type"] for line in completions.stdout.lines]
    assert types == ["task.completed"]
    assert "GAP" not in everything.stderr.text + completions.stderr.text


def test_watch_announces_a_gap_when_the_state_is_lost(make_daemon):
    daemon = make_daemon()
    omnihub(daemon.url, "task", "content.analyze", TEXT, "--wait")
    watching = watch(daemon.url, "tasks", "--since", "0", "--json")
    assert watching.stdout.wait(r"task\.completed")
    daemon.kill()
    daemon.state = daemon.folder / "other"
    daemon.listen = (f"127.0.0.1:{daemon.port}",)
    daemon.start()
    assert watching.stderr.wait("GAP in tasks")
    assert watching.stdout.wait('"gap":')
    assert watching.end(signal.SIGINT) == 0


def test_lists_agents_and_tasks(shared):
    created = omnihub(shared.url, "task", "content.analyze", "-", "--wait", stdin=TEXT)
    task = re.search(r"[0-9a-f-]{36}", created.stderr)[0]
    agents = omnihub(shared.url, "agents").stdout.splitlines()
    with Client(shared.url) as client:
        ids = [agent["id"] for agent in client.call("agents.list")["agents"]]
    assert [line.split()[0] for line in agents] == ["ID", *ids]
    assert task in omnihub(shared.url, "tasks", "--type", "content.analyze").stdout
    assert re.search(r"^status +completed$", omnihub(shared.url, "tasks", task).stdout, re.M)
    assert json.loads(omnihub(shared.url, "tasks", task, "--json").stdout)["id"] == task


def test_prints_examples_that_work_as_they_stand(shared):
    agents = json.loads(omnihub(shared.url, "agents", "--json").stdout)["agents"]
    for agent in agents:
        if agent["id"] == "integrations":
            continue  # Its tasks need a connection that somebody has made.
        details = omnihub(shared.url, "agents", agent["id"]).stdout
        commands = re.findall(r"^  (omnihub task .*)$", details, re.M)
        assert commands
        for command in commands:
            path = f"{BINARIES}:{os.environ['PATH']}"
            environment = os.environ | {"OMNIHUB_URL": shared.url, "PATH": path}
            done = subprocess.run(
                command, shell=True, env=environment, capture_output=True, timeout=60
            )
            assert done.returncode == 0, (command, done.stderr)


@pytest.mark.parametrize(
    "words, status, message",
    [
        (["agents", "nope"], 1, r"NOT_FOUND: "),
        (["task", "content.analyze", "{}"], 1, r"VALIDATION_ERROR: .*\n +/payload/text: "),
        (["watch", "nope"], 1, r"NOT_FOUND: "),
        (["call", "no.such"], 1, r"METHOD_NOT_FOUND: "),
        (["call", "session.ping", "{"], 65, r"PARAMS is not JSON: "),
        (["wach"], 64, r"unknown command 'wach'; did you mean 'watch'\?"),
        (["agents", "--url", "http://127.0.0.1:1"], 69, r"no hub answers at 127\.0\.0\.1:1 "),
        (["agents", "--url", "ws://h.invalid/ws"], 68, r"the host 'h\.invalid' is not known"),
        (["agents", "--token-file", "/nonexistent"], 66, r"cannot read '/nonexistent': "),
    ],
)
def test_says_what_is_wrong_and_fails(shared, words, status, message):
    done = omnihub(shared.url, *words)
    assert re.match("omnihub: " + message, done.stderr), done.stderr
    assert (done.returncode, done.stdout) == (status, "")


def test_listens_to_a_unix_socket(make_daemon, tmp_path):
    path = f"unix:{tmp_path}/hub.sock"
    make_daemon(listen=("127.0.0.1:0", path), start=False).start(wait=False).process.stdout.wait(
        "listening", 2
    )
    assert omnihub(path, "call", "session.ping").returncode == 0


def test_shows_a_bar_on_a_terminal_and_colours_unless_refused(shared):
    written, status = on_terminal(shared.url, "task", "content.analyze", TEXT, "--wait")
    assert status == 0
    assert "█" * 24 + " 100 %" in written
    assert '\x1b[34m"words"\x1b[0m: \x1b[33m10\x1b[0m' in written
    written, _ = on_terminal(shared.url, "agents", NO_COLOR="1")
    assert "content" in written and "\x1b" not in written


def test_a_hub_does_not_control_the_terminal():
    def session(socket, _):
        answer(socket, request(socket), {"\x1b[2J": "\x9b31m\u202e"})
        socket.recv(20)

    with hub(session) as url:
        written, status = on_terminal(url, "call", "x", NO_COLOR="1")
    assert status == 0
    assert written == '{\r\n  "\\u001b[2J": "\\u009b31m\\u202e"\r\n}\r\n'


def test_a_task_is_created_with_the_same_key_after_a_lost_answer():
    keys = []

    def session(socket, number):
        asked = request(socket)
        keys.append(asked["params"]["idempotencyKey"])
        if number == 1:
            socket.socket.shutdown(2)
        else:
            answer(socket, asked, {"id": "t1", "status": "pending"})
            socket.recv(20)

    with hub(session) as url:
        done = omnihub(url, "task", "a.b")
    assert (done.returncode, done.stdout) == (0, "t1\n"), done.stderr
    assert len(keys) == 2 and len(set(keys)) == 1


@pytest.mark.parametrize("code, status", [(4201, 77), (4101, 77), (1008, 76)])
def test_obeys_a_close_code_that_forbids_to_come_back(code, status):
    connections = []

    def session(socket, number):
        connections.append(number)
        answer(socket, request(socket), {"channel": "tasks", "epoch": "e", "offset": 0})
        socket.close(code, "because")

    with hub(session) as url:
        done = omnihub(url, "watch", "tasks")
    assert f"with code {code}: because" in done.stderr
    assert (done.returncode, connections) == (status, [1])


@pytest.mark.parametrize("code", [1001, 1012, 4001, 4002, None])
def test_comes_back_after_other_close_codes_and_leaves_in_order(code):
    asked = []
    left = []

    def session(socket, number):
        asked.append(request(socket)["params"])
        result = {"channel": "tasks", "epoch": "e", "offset": 7, "recovered": True, "events": []}
        answer(socket, {"id": 1}, result)
        if number == 1:
            socket.close(code) if code else socket.socket.shutdown(2)
            return
        event = {"channel": "tasks", "offset": 8, "event": {"type": "task.created"}}
        socket.send(json.dumps({"jsonrpc": "2.0", "method": "hub.event", "params": event}))
        try:
            socket.recv(20)
        finally:
            left.append(socket.protocol.close_rcvd.code)

    with hub(session) as url:
        watching = watch(url, "tasks")
        assert watching.stdout.wait("tasks#8"), watching.stderr.text
        assert watching.end(signal.SIGINT) == 0
    assert asked == [
        {"channel": "tasks"},
        {"channel": "tasks", "since": {"epoch": "e", "offset": 7}},
    ]
    assert left == [1000]


def test_leaves_a_hub_that_is_silent_for_two_ping_intervals():
    def session(socket, number):
        answer(socket, request(socket), {"channel": "tasks", "epoch": "e", "offset": 0})
        socket.recv(20)

    with hub(session) as url:
        watching = watch(url, "tasks")
        assert watching.stderr.wait("the hub was silent for 2 s; reconnecting")
        assert watching.end(signal.SIGINT) == 0
