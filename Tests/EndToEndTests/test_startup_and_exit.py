"""How the daemon starts, what it says when it cannot, and how it ends."""

import json
import os
import re
import signal
import socket
import subprocess
import urllib.error

import pytest

from client import Client, ConnectionClosed, Failure
from daemon import Process, wait_until
from preloading import preloading


def refused(*arguments, status, **options):
    """The one line with which a daemon refuses to start."""
    process = Process("omnihubd", *arguments, **options)
    assert process.wait() == status, process.stderr.text
    process.check_for_crash()
    lines = [line for line in process.stderr.text.splitlines() if '"level":"notice"' not in line]
    assert process.stdout.text == ""
    assert len(lines) == 1, process.stderr.text
    return lines[0]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--lissten", "127.0.0.1:0"], 64, ["--lissten", "--listen", "--help"]),
        (["--listen"], 64, ["--listen"]),
        (["--listen", "127.0.0.1"], 64, ["127.0.0.1", "port"]),
        (["--loops", "x"], 64, ["--loops", "x"]),
        (["--dev", "--listen", "0.0.0.0:0"], 78, ["0.0.0.0"]),
        (["--config", "/does/not/exist"], 78, ["/does/not/exist"]),
        (["--listen", "203.0.113.7:1"], 69, ["203.0.113.7:1"]),
    ],
)
def test_a_wrong_command_line_gets_one_line(tmp_path, arguments, status, words):
    line = refused(*arguments, status=status, environment={"STATE_DIRECTORY": str(tmp_path)})
    for word in words:
        assert word in line


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{limits: {maxMessageBytes: "x"}}', ["limits.maxMessageBytes", "x"]),
        ("{limits: {maxMessageBytes: 1}}", ["limits.maxMessageBytes", "1"]),
        ("{limits: {maxMesageBytes: 5000}}", ["limits.maxMesageBytes", "maxMessageBytes"]),
        ("{limits: ", ["omnihub.json5:1:10"]),
    ],
)
def test_a_broken_configuration_names_the_place(tmp_path, text, words):
    config = tmp_path / "omnihub.json5"
    config.write_text(text)
    line = refused("--config", config, "--state-dir", tmp_path / "state", status=78)
    for word in words:
        assert word in line


def test_a_busy_port_is_refused(daemon, tmp_path):
    line = refused(
        "--dev", "--listen", f"127.0.0.1:{daemon.port}", "--state-dir", tmp_path / "other", status=69
    )
    assert str(daemon.port) in line and "in use" in line


def test_a_folder_that_is_in_use_is_refused(daemon):
    line = refused("--dev", "--listen", "127.0.0.1:0", "--state-dir", daemon.state, status=75)
    assert str(daemon.state) in line and str(daemon.process.pid) in line


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
def test_an_unwritable_state_folder_is_refused(tmp_path):
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    for parent in [*tmp_path.parents][:3] + [tmp_path]:
        parent.chmod(0o755)
    wrapper = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    line = refused(
        "--dev", "--listen", "127.0.0.1:0", "--state-dir", folder / "state", status=77, wrapper=wrapper
    )
    assert str(folder) in line


def test_damage_in_the_middle_of_the_journal_is_refused_and_left_alone(make_daemon):
    daemon = make_daemon()
    with Client(daemon.url) as client:
        for number in range(20):
            client.call("tasks.create", type="content.analyze", payload={"text": f"Text {number}."})
    daemon.kill()
    (segment,) = sorted((daemon.state / "journal").glob("*.jsonl"))
    damaged = bytearray(segment.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    segment.write_bytes(damaged)

    line = refused("--dev", "--listen", "127.0.0.1:0", "--state-dir", daemon.state, status=78)

    assert segment.name in line and re.search(r"byte \d+", line)
    assert segment.read_bytes() == damaged


def test_a_torn_tail_is_saved_and_cut(make_daemon):
    daemon = make_daemon()
    with Client(daemon.url) as client:
        task = client.call("tasks.create", type="content.analyze", payload={"text": "Kept."})
    daemon.kill()
    (segment,) = sorted((daemon.state / "journal").glob("*.jsonl"))
    with segment.open("ab") as file:
        file.write(b'{"seq":99999,"crc":"00')

    daemon.start()

    with Client(daemon.url) as client:
        assert client.call("tasks.get", id=task["id"])["payload"] == {"text": "Kept."}
    assert list((daemon.state / "journal").glob("*.torn-*"))
    assert '"level":"warning"' in daemon.log


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_order_and_goes_on_where_it_was(make_daemon, number):
    daemon = make_daemon()
    with Client(daemon.url) as client:
        task = client.call("tasks.create", type="content.analyze", payload={"text": "Stays."})
        client.call("tasks.wait", id=task["id"])
        epoch = client.subscribe("tasks").answer["epoch"]
    with Client(daemon.url) as client:
        daemon.process.process.send_signal(number)
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                client.socket.recv(timeout=10)
        assert closed.value.rcvd.code == 1012
    assert daemon.process.wait() == 0
    daemon.process.check_for_crash()

    daemon.start()

    with Client(daemon.url) as client:
        assert client.call("tasks.result", id=task["id"])["status"] == "completed"
        assert client.subscribe("tasks").answer["epoch"] == epoch
    read = next(json.loads(line) for line in daemon.process.stderr.lines if "read the state" in line)
    assert read["snapshot"] != "none" and read["records"] == 0


def test_readiness_is_told_when_connections_are_accepted(make_daemon, tmp_path):
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(path))
        manager.settimeout(20)
        daemon = make_daemon(start=False, environment={"NOTIFY_SOCKET": str(path)})
        daemon.start(wait=False)
        assert manager.recv(4096) == b"READY=1"
        daemon.wait_ready()
        with Client(daemon.url):
            pass
        daemon.process.process.send_signal(signal.SIGTERM)
        assert manager.recv(4096) == b"STOPPING=1"
        assert daemon.process.wait() == 0


def test_it_listens_on_several_addresses(make_daemon, tmp_path):
    path = tmp_path / "hub.sock"
    daemon = make_daemon(listen=("127.0.0.1:0", "[::1]:0", f"unix:{path}"))
    for url in daemon.urls[:2]:
        assert not url.endswith(":0/ws")
        with Client(url) as client:
            assert client.call("session.ping")["time"]
    with Client("ws://localhost/ws", unix=str(path)) as client:
        assert client.call("session.ping")["time"]
    line = refused(
        "--dev", "--listen", f"unix:{path}", "--state-dir", tmp_path / "other", status=69
    )
    assert str(path) in line
    daemon.kill()
    assert path.exists(), "nobody tidied up after kill -9"
    daemon.start()
    assert daemon.stop() == 0
    assert not path.exists()


def test_every_log_line_is_json(daemon):
    with Client(daemon.url) as client:
        client.call("session.ping")
    daemon.stop()
    lines = daemon.log.splitlines()
    assert lines
    for line in lines:
        assert {"time", "level", "message"} <= json.loads(line).keys()


def test_the_printed_configuration_is_accepted(tmp_path):
    printed = Process("omnihubd", "--print-config")
    assert printed.wait() == 0
    config = tmp_path / "all.json5"
    config.write_text(printed.stdout.text)
    environment = {"STATE_DIRECTORY": str(tmp_path / "state")}
    checked = Process("omnihubd", "--check-config", "--config", config, environment=environment)
    assert checked.wait() == 0, checked.stderr.text


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_it_tells_of_itself(option):
    process = Process("omnihubd", option)
    assert process.wait() == 0
    assert "omnihub" in process.stdout.text
    assert process.stderr.text == ""


def test_without_dev_a_session_is_anonymous_and_short(make_daemon):
    daemon = make_daemon(dev=False, config={"timeouts": {"authenticationMs": 500}})
    with Client(daemon.url) as client:
        assert client.welcome["authenticated"] is False
        assert client.call("session.info")["authenticated"] is False
        assert client.call("rpc.discover")["openrpc"]
        for method in ["tasks.list", "hub.channels", "system.info", "hub.subscribe"]:
            with pytest.raises(Failure) as failure:
                client.call(method)
            assert failure.value.name == "UNAUTHENTICATED"
        with pytest.raises(ConnectionClosed) as closed:
            client.socket.recv(timeout=10)
        assert closed.value.rcvd.code == 4101


def test_a_full_disk_refuses_changes_and_nothing_else(make_daemon, tmp_path):
    mount = tmp_path / "small"
    mount.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(mount)]
    if subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("cannot mount a tmpfs here")
    try:
        daemon = make_daemon(start=False)
        daemon.state = mount / "state"
        daemon.start()
        check_full_disk(daemon, mount)
        daemon.stop()
    finally:
        subprocess.run(["umount", "-l", str(mount)], check=True)


def check_full_disk(daemon, mount):
    # Large on disk and little work: what a payload's schema does not name is kept and ignored.
    payload = {"text": "word", "filler": "x" * 50_000}
    kept = []
    with Client(daemon.url) as client:
        (mount / "ballast").write_bytes(bytes(4 << 20))
        with pytest.raises(Failure) as failure:
            while True:
                task = client.call("tasks.create", type="content.analyze", payload=payload)
                kept.append(task["id"])
        assert failure.value.name == "STORAGE_UNAVAILABLE"
        assert failure.value.data["temporary"] is True
        assert client.call("tasks.get", id=kept[0])["id"] == kept[0]
        assert client.call("hub.publish", channel="app.x", data=1)["offset"] == 1
        with pytest.raises(urllib.error.HTTPError) as degraded:
            daemon.get("/health")
        assert degraded.value.code == 503

        (mount / "ballast").unlink()

        def works():
            try:
                return client.call("tasks.create", type="content.analyze", payload={"text": "a"})
            except Failure:
                return None

        wait_until(works, what="storage is back")
        assert json.loads(daemon.get("/health"))["status"] == "healthy"
    daemon.kill()
    daemon.start()
    with Client(daemon.url) as client:
        for id in kept:
            assert client.call("tasks.wait", id=id)["status"] == "completed"


def test_threads_that_end_late_do_not_meet_libraries_that_are_gone(make_daemon, tmp_path):
    daemon = make_daemon(environment=preloading("late_threads", tmp_path))
    with Client(daemon.url) as client:
        task = client.call("tasks.create", type="content.analyze", payload={"text": "a"})
        client.call("tasks.wait", id=task["id"])
    assert daemon.stop() == 0, daemon.log
