"""Process agents: what they can do, and everything that a process can do wrong."""

import json
import re
import sys

import pytest

import markdown
from client import Client, Failure
from daemon import ROOT, Process, wait_until
from processes import agent, config, left, wait_for_end, zombies

ECHO = """
for message in tasks():
    complete(message, message["params"]["task"]["payload"])
"""


def run(client, name="tool", kind="run", **params):
    return client.call("tasks.create", type=f"{name}.{kind}", payload=params.pop("payload", {}), **params)


def wait(client, task):
    return client.call("tasks.wait", id=task["id"], timeoutMs=120_000)


@pytest.fixture
def make_hub(make_daemon, tmp_path):
    """A hub with process agents; nothing of them is left when it has ended."""
    hubs = []

    def make(body, more=None, **settings):
        hub = make_daemon(config=config(agent(tmp_path, body, **settings)) | (more or {}))
        hubs.append(hub)
        return hub

    yield make
    for hub in hubs:
        if hub.is_running:
            assert zombies(hub.process.pid) == 0
            assert hub.stop() == 0
    wait_for_end(tmp_path)


def test_a_process_performs_tasks_one_at_a_time(make_hub, tmp_path):
    hub = make_hub(
        """
for message in tasks():
    lease = message["params"]["leaseId"]
    say(id=7, method="tasks.progress", params={"leaseId": lease, "progress": 50})
    assert json.loads(sys.stdin.readline())["result"]["cancelled"] is False
    say(method="tasks.output", params={"leaseId": lease, "output": "a line"})
    print("for people", file=sys.stderr, flush=True)
    complete(message, {"pid": os.getpid(), "folder": os.getcwd(), "environment": dict(os.environ),
                       "files": sorted(os.listdir("/proc/self/fd"))})
""",
        processes=2,
    )
    with Client(hub.url) as client:
        feed = client.subscribe("tasks")
        results = [wait(client, run(client))["result"] for _ in range(4)]
        assert 1 <= len({result["pid"] for result in results}) <= 2
        folder = str(hub.state / "agents" / "tool")
        for result in results:
            assert result["folder"] == folder
            names = set(result["environment"]) - {"LC_CTYPE"}
            assert names == {"PATH", "LANG", "HOME", "OMNIHUB_AGENT", "OMNIHUB_TEST"}
            assert len(result["files"]) == 4, "the standard streams, and the folder that is listed"
        feed.find(lambda place: place["event"]["type"] == "task.output")
        wait_until(lambda: len(client.call("workers.list")["workers"]) == 2, 60)
        workers = client.call("workers.list")["workers"]
        assert [(one["agentId"], one["concurrency"]) for one in workers] == [("tool", 1)] * 2
    assert hub.process.stderr.wait("for people")


def test_a_task_of_a_process_is_checked_as_any_other(make_hub):
    hub = make_hub(ECHO)
    with Client(hub.url) as client:
        with pytest.raises(Failure) as failure:
            client.call("tasks.create", type="tool.run", payload=7)
        assert failure.value.paths == ["/payload"]
        assert client.call("agents.get", id="tool")["taskTypes"][0]["name"] == "tool.run"
        client.call("agents.stop", id="tool")
        wait_until(lambda: not client.call("workers.list")["workers"])
        task = run(client, payload={"n": 1})
        client.call("agents.start", id="tool")
        assert wait(client, task)["result"] == {"n": 1}


WRONG = {
    "dies": "os._exit(3)",
    "is killed": "os.kill(os.getpid(), signal.SIGKILL)",
    "dies mid-line": "sys.stdout.write('{'); sys.stdout.flush(); os._exit(0)",
    "says what is no JSON": "print('hello', flush=True); time.sleep(600)",
    "says what is no JSON-RPC": "print('[1]', flush=True); time.sleep(600)",
    "floods with one line": "\\nwhile True: sys.stdout.write('x' * 65536)",
    "takes too much memory": "\\nx = bytearray(1 << 32); complete(message, 1)",
    "opens too many files": "\\nfiles = [open('/dev/null') for _ in range(10_000)]; complete(message, 1)",
    "takes too much time of the processor": "\\nwhile True: pass",
}


@pytest.mark.parametrize("wrong", WRONG)
def test_whatever_a_process_does_wrong_it_is_replaced_and_the_task_runs_again(make_hub, wrong):
    body = f"""
for message in tasks():
    if message["params"]["task"]["attempt"] == 1:
        {WRONG[wrong].replace(chr(92) + "n", chr(10) + "        ")}
    complete(message, message["params"]["task"]["attempt"])
"""
    limits = {"cpuSeconds": 1} if "processor" in wrong else {}
    hub = make_hub(body, **limits)
    with Client(hub.url) as client:
        done = wait(client, run(client))
        assert (done["status"], done["result"]) == ("completed", 2), done
        ends = [one["event"]["type"] for one in client.call("hub.history", channel="agents.tool", limit=100)["events"]]
        assert ends.count("worker.left") == 1 and "agent.failed" not in ends


def test_a_process_that_floods_with_good_lines_has_to_wait(make_hub):
    """It costs the hub no memory, and others are served."""
    hub = make_hub(
        """
for message in tasks():
    lease = message["params"]["leaseId"]
    for number in range(10_000_000):
        say(method="tasks.output", params={"leaseId": lease, "output": "x" * 1000})
""",
        more={"runtime": {"cancelGraceMs": 1_000}},
    )
    with Client(hub.url) as client:
        task = run(client)
        wait_until(lambda: client.call("tasks.get", id=task["id"])["status"] == "running", 60)
        before = hub.rss
        for _ in range(50):
            done = client.call("tasks.create", type="content.analyze", payload={"text": "A word."})
            assert wait(client, done)["status"] == "completed"
        assert hub.rss - before < 64 << 20
        assert client.call("tasks.cancel", id=task["id"])["status"] == "cancelled"


@pytest.mark.parametrize("deaf", ["hangs", "ignores SIGTERM", "has forked", "has daemonized"])
def test_a_cancel_ends_a_process_and_all_that_it_has_begun(make_hub, tmp_path, deaf):
    body = {
        "hangs": "time.sleep(600)",
        "ignores SIGTERM": "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)",
        "has forked": "[os.fork() for _ in range(3)]; time.sleep(600)",
        "has daemonized": """
        if os.fork() == 0:
            os.setsid()
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            if os.fork() == 0:
                time.sleep(600)
            os._exit(0)
        time.sleep(600)""",
    }[deaf]
    hub = make_hub(
        f"""
for message in tasks():
    if message["params"]["task"]["payload"].get("good"):
        complete(message, left)
    else:
        say(method="tasks.output", params={{"leaseId": message["params"]["leaseId"], "output": 1}})
        {body}
""".replace("complete(message, left)", "complete(message, 1)"),
        more={"runtime": {"cancelGraceMs": 2_000}},
    )
    with Client(hub.url) as client:
        task = run(client)
        feed = client.subscribe(f"tasks.{task['id']}", last=10)
        feed.find(lambda place: place["event"]["type"] == "task.output")
        before = set(left(tmp_path))
        assert client.call("tasks.cancel", id=task["id"])["status"] == "cancelled"
        # Others are there in their place, and work.
        assert wait(client, run(client, payload={"good": True}))["status"] == "completed"
        wait_until(lambda: not before & set(left(tmp_path)), 30, "the old ones are gone")
        assert "agent.failed" not in str(client.call("hub.history", channel="agents.tool", limit=100))


def test_a_process_that_hangs_without_a_sign_of_life_is_replaced(make_hub):
    hub = make_hub(
        """
for message in tasks():
    if message["params"]["task"]["attempt"] == 1:
        time.sleep(600)
    complete(message, 2)
""",
        more={"workers": {"leaseMs": 1_500, "heartbeatMs": 500}, "runtime": {"cancelGraceMs": 1_000}},
    )
    with Client(hub.url) as client:
        done = wait(client, run(client))
        assert (done["result"], done["stalls"]) == (2, 1)


def test_a_process_that_never_registers_or_answers_is_killed(make_hub, tmp_path):
    hub = make_hub("time.sleep(600)", more=None)
    with Client(hub.url) as client:
        assert client.call("workers.list") == {"workers": []}
    assert hub.stop() == 0
    wait_for_end(tmp_path)


@pytest.mark.parametrize("command", ["/does/not/exist", "/etc/passwd"])
def test_a_command_that_cannot_run_puts_the_agent_into_error(make_daemon, tmp_path, command):
    broken = agent(tmp_path, "")
    broken["tool"]["command"] = [command]
    hub = make_daemon(config=config(broken, restartMs=1, maxRestartMs=10))
    with Client(hub.url) as client:
        wait_until(lambda: client.call("agents.get", id="tool")["status"] == "error", 60)
        feed = client.call("hub.history", channel="agents.tool", limit=100)["events"]
        (failed,) = [one["event"] for one in feed if one["event"]["type"] == "agent.failed"]
        assert failed["data"]["error"]["code"] == "CRASH_LOOP"
        assert "status 12" in failed["data"]["error"]["message"]
        # Others go on.
        done = client.call("tasks.create", type="content.analyze", payload={"text": "A word."})
        assert wait(client, done)["status"] == "completed"
    assert hub.process.stderr.wait(re.escape(command))


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_nothing_is_left_of_a_hub_that_ends(make_hub, tmp_path, end):
    hub = make_hub(
        """
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for message in tasks():
    if os.fork() == 0:
        os.setsid()
        os.fork()
    else:
        say(method="tasks.output", params={"leaseId": message["params"]["leaseId"], "output": 1})
    time.sleep(600)
""",
        processes=2,
    )
    with Client(hub.url) as client:
        tasks = [run(client) for _ in range(2)]
        for task in tasks:
            feed = client.subscribe(f"tasks.{task['id']}", last=10)
            feed.find(lambda place: place["event"]["type"] == "task.output")
        assert len(left(tmp_path)) >= 6
    hub.kill() if end == "kill" else hub.stop()
    wait_for_end(tmp_path)


BAD = [
    ([], "expected an object of agents"),
    ({"a b": {}}, "'a b'"),
    ({"tool": 7}, "'tool': expected an object, not 7"),
    ({"tool": {"comand": []}}, "'tool': there is no 'comand'; did you mean 'command'?"),
    ({"tool": {"taskTypes": []}}, "'tool': command: expected a list of 1 to 256 texts"),
    ({"tool": {"command": ["python3"]}}, "'tool': command: must begin with an absolute path"),
    ({"tool": {"command": ["/bin/true"]}}, "'tool': taskTypes: expected a list of task types"),
    ({"tool": {"command": ["/bin/true"], "taskTypes": []}}, "'tool': taskTypes: must be 1 to 64"),
    (
        {"tool": {"command": ["/bin/true"], "taskTypes": [{"name": "lead.score"}]}},
        "'tool': taskTypes: 'lead.score' is a task type of another agent",
    ),
    (
        {"content": {"command": ["/bin/true"], "taskTypes": [{"name": "a"}]}},
        "'content': there is an agent with this id already",
    ),
    (
        {"tool": {"command": ["/bin/true"], "taskTypes": [{"name": "a", "payloadSchema": {"type": 1}}]}},
        "'tool': taskTypes/0/payloadSchema/type",
    ),
    (
        {"tool": {"command": ["/bin/true"], "taskTypes": [{"name": "a"}], "processes": 65}},
        "'tool': processes: 65 is above the maximum 64",
    ),
]


@pytest.mark.parametrize("value, reason", BAD, ids=range(len(BAD)))
def test_a_configuration_that_means_nothing_is_refused(tmp_path, value, reason):
    path = tmp_path / "omnihub.json5"
    path.write_text(json.dumps({"agents": {"processes": value}}))
    check = Process("omnihubd", "--check-config", "--config", path)
    assert check.wait() == 78
    assert "agents.processes" in check.stderr.text and reason in check.stderr.text


def test_the_agent_of_the_readme_works(make_daemon, tmp_path):
    readme = markdown.read(ROOT / "README.md")
    (program,) = [block.text for block in readme.blocks if block.kind == "python agent"]
    (text,) = [block.text for block in readme.blocks if block.kind == "json agent"]
    path = tmp_path / "counter.py"
    path.write_text(program)
    file = tmp_path / "omnihub.json5"
    file.write_text(
        text.replace("/usr/lib/omnihub/counter.py", str(path)).replace("/usr/bin/python3", sys.executable)
    )
    printed = Process("omnihubd", "--config", file, "--print-config")
    assert printed.wait() == 0, printed.stderr.text
    hub = make_daemon(start=False)
    hub.start = lambda: None
    hub.folder.mkdir(exist_ok=True)
    hub.process = Process(
        "omnihubd", "--state-dir", hub.state, "--listen", "127.0.0.1:0", "--dev", "--config", file
    )
    hub.wait_ready()
    with Client(hub.url) as client:
        task = client.call("tasks.create", type="text.count", payload={"text": "one two"})
        assert wait(client, task)["result"] == {"words": 2}
