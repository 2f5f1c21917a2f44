"""README.md is true: its commands do what it says, and what it lists is what there is."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import urllib.request

import pytest

import markdown
from client import Client
from daemon import BINARIES, ROOT, Process

README = markdown.read(ROOT / "README.md")
COMMANDS = "".join(block.text for block in README.blocks if block.kind == "sh").splitlines()
RUN = "swift run -c release "
# Root may have no sudo.
INSTALL = re.compile(
    r"\$\(command -v sudo\) sh -c 'apt-get update && apt-get install -y ([\w\- ]+)' && (.*)"
)
BUILDS = ["Tests/run", "swift build -c release"]
# Tests/run has a short form of each.
LONG_RUNS = [
    "Tests/Conformance/autobahn .build/release --all",
    "Tests/Fuzz/run --seconds 3600",
    "Tests/Faults/run",
    "Tests/Simulation/run",
]


def words(command):
    """Program and arguments of a command that `swift run` would build first."""
    assert command.startswith(RUN), f"not accounted for: {command}"
    program, *arguments = shlex.split(command.removeprefix(RUN))
    assert (BINARIES / program).exists(), program
    return program, arguments


def split(command):
    """The packages that a command installs, and the rest of it."""
    found = INSTALL.fullmatch(command)
    return (found[1].split(), found[2]) if found else ([], command)


CALLS = [words(split(command)[1]) for command in COMMANDS if command not in BUILDS + LONG_RUNS]


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    """The hub as the README starts it, but for its port and its state folder."""
    starts = [call for call in CALLS if call == ("omnihubd", ["--dev"])]
    assert len(starts) == 1
    home = tmp_path_factory.mktemp("home")
    environment = {"HOME": str(home), "XDG_STATE_HOME": "", "OMNIHUB_LISTEN": "127.0.0.1:0"}
    hub = Process(starts[0][0], *starts[0][1], environment=environment)
    hub.home = home
    hub.url = hub.stdout.wait(r"^listening on (ws://\S+)$")[0][1]
    yield hub
    assert hub.end() == 0
    assert list((home / ".local" / "state" / "omnihub" / "journal").iterdir())


def test_the_commands_are_accounted_for():
    """Each is run, or is one of those that install or build."""
    assert len(COMMANDS) >= 8
    for command in BUILDS + LONG_RUNS:
        assert COMMANDS.count(command) == 1
    assert sum(bool(split(command)[0]) for command in COMMANDS) == 1
    kinds = {(program, arguments[0]) for program, arguments in CALLS}
    assert kinds == {
        ("omnihubd", "--dev"),
        ("omnihubd", "--print-config"),
        ("omnihubd", "backup"),
        ("omnihubd", "verify"),
        ("omnihubd", "repair"),
        ("omnihub", "watch"),
        ("omnihub", "task"),
        ("omnihub", "agents"),
        ("omnihub", "tasks"),
        ("omnihub", "call"),
        ("omnihub-bench", "--quick"),
    }


def test_the_packages_are_those_of_the_manifest():
    (packages,) = [split(command)[0] for command in COMMANDS if split(command)[0]]
    providers = re.findall(r'\.apt\(\["([\w\-]+)"\]\)', (ROOT / "Package.swift").read_text())
    assert sorted(packages) == sorted([*providers, "pkg-config"])


@pytest.mark.parametrize("script", ["Tests/run", ".ci/run", "Tests/Faults/run"])
def test_the_scripts_can_be_run(script):
    assert script in README.text
    assert os.access(ROOT / script, os.X_OK)
    subprocess.run(["bash", "-n", ROOT / script], check=True)


@pytest.mark.parametrize(
    "arguments",
    [arguments for program, arguments in CALLS if program == "omnihub" and arguments[0] != "watch"],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_the_client_does_what_is_shown(hub, arguments):
    done = subprocess.run(
        [BINARIES / "omnihub", *arguments],
        env=os.environ | {"OMNIHUB_URL": hub.url},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_the_state_folder_is_backed_up_and_checked_as_shown(hub):
    """In the order of the document, while the hub runs."""
    for program, arguments in CALLS:
        if arguments[0] in ("backup", "verify", "repair"):
            done = Process(program, *[word.replace("~", str(hub.home)) for word in arguments])
            assert done.wait() == 0, done.stderr.text
            assert done.stdout.text
    assert list((hub.home / "omnihub-backup" / "journal").iterdir())


def test_the_benchmark_runs():
    ((program, arguments),) = [call for call in CALLS if call[0] == "omnihub-bench"]
    short = ["echo-20B", "fanout-8", "--seconds", "0.5"]
    done = subprocess.run(
        [BINARIES / program, *arguments, *short], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    for scenario in ["echo-20B", "fanout-8"]:
        assert re.search(rf"^{scenario} +server .* \d", done.stdout, re.M), done.stdout


@pytest.mark.parametrize(
    "watch",
    [arguments for _, arguments in CALLS if arguments[0] == "watch"],
    ids=lambda arguments: " ".join(arguments[1:3]),
)
def test_watching_shows_what_the_task_does(hub, watch):
    task = next(arguments for _, arguments in CALLS if arguments[0] == "task")
    environment = {"OMNIHUB_URL": hub.url}
    watching = Process("omnihub", *watch, environment=environment)
    # It subscribes when it likes: a task that came too early is followed by another.
    for _ in range(50):
        done = Process("omnihub", *task, environment=environment)
        assert done.wait() == 0
        if watching.stdout.wait(r"task\.completed", seconds=0.2):
            break
    assert watching.stdout.wait(r"task\.completed")
    assert watching.end(signal.SIGINT) == 0


def test_the_printed_configuration_can_be_used_as_it_is(tmp_path):
    printed = Process("omnihubd", "--print-config")
    assert printed.wait() == 0
    file = tmp_path / "omnihub.json5"
    file.write_text(printed.stdout.text)
    assert Process("omnihubd", "--check-config", "--config", file).wait() == 0


def test_the_python_example_runs(hub, tmp_path):
    (block,) = [block for block in README.blocks if block.kind == "python"]
    assert "ws://127.0.0.1:7420/ws" in block.text
    program = tmp_path / "example.py"
    program.write_text(block.text.replace("ws://127.0.0.1:7420/ws", hub.url))
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    welcome, value = done.stdout.split()
    assert welcome == "session.welcome" and 0.0354 < float(value) < 0.0355


def test_options_that_are_named_exist():
    usage = {}
    for program in ("omnihubd", "omnihub"):
        help_ = Process(program, "--help")
        assert help_.wait() == 0
        usage[program] = help_.stdout.text
    prose = "\n".join(line for lines in README.prose.values() for line in lines)
    for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", prose):
        assert any(option in text for text in usage.values()), option


def test_exit_statuses_are_those_of_the_help_text():
    help_ = Process("omnihubd", "--help")
    assert help_.wait() == 0
    known = set(re.findall(r"^  (\d+)\s", help_.stdout.text, re.M))
    rows = [row for row in README.table_rows("Configure and run") if re.match(r"\d", row[0])]
    named = {status for row in rows for status in row[0].split(", ")}
    assert len(named) >= 8 and named <= known


def test_paths_that_are_named_answer(hub):
    http = hub.url.replace("ws://", "http://").removesuffix("/ws")
    paths = re.findall(r"`(?:GET )?(/(?:health|metrics)[/\w]*)`", README.text)
    assert len(paths) >= 3
    for path in paths:
        with urllib.request.urlopen(http + path, timeout=10) as answer:
            assert answer.status == 200, path


def test_agents_and_task_types_are_those_of_the_hub(hub):
    with Client(hub.url) as client:
        agents = {
            agent["id"]: [
                kind["name"] for kind in client.call("agents.get", id=agent["id"])["taskTypes"]
            ]
            for agent in client.call("agents.list")["agents"]
        }
    rows = {row[0].strip("`"): markdown.code_spans(row[1]) for row in README.table_rows("Agents")}
    assert rows == agents


def test_targets_and_their_imports_are_those_of_the_manifest():
    dumped = json.loads(
        subprocess.run(
            ["swift", "package", "dump-package"],
            cwd=ROOT,
            capture_output=True,
            check=True,
            timeout=100,
        ).stdout
    )
    names = {"COpenSSL": "OpenSSL", "CZlib": "zlib"}
    targets = {
        target["name"]: {
            names.get(dependency["byName"][0], dependency["byName"][0])
            for dependency in target["dependencies"]
        }
        for target in dumped["targets"]
        if target["type"] in ("regular", "executable")
        and target["name"] != "CLinux"
        and not (target.get("path") or "").startswith("Tests/")
    }
    documented = {}
    for name, _, imports in README.table_rows("The source"):
        if name == "target":
            continue
        for one in markdown.code_spans(name):
            documented[one] = set(imports.split(", ")) - {"–", ""}
    assert documented.keys() == targets.keys()
    for name, imports in documented.items():
        if imports and imports != {"all of them"}:
            assert imports == targets[name], name
        elif not imports and name[0].isupper():
            assert targets[name] == set(), name


@pytest.mark.parametrize("document", ["README.md", "protocol.md"])
def test_links_to_files_lead_somewhere(document):
    text = re.sub(r"^```.*?^```$", "", (ROOT / document).read_text(), flags=re.M | re.S)
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        assert link.startswith("https://") or (ROOT / link).exists(), link
