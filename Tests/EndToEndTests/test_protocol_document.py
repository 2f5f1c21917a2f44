"""protocol.md is true: its examples run, and nothing that a client can meet is missing from it."""

import json
import re
import subprocess
import sys
from collections import deque

import pytest

import markdown
from client import Client
from daemon import ROOT, Daemon, Process, wait_until

DOCUMENT = markdown.read(ROOT / "protocol.md")
SECTIONS = list(dict.fromkeys(block.section for block in DOCUMENT.blocks))
ANY = "…"

# The marks of blocks, and who runs them; one without a mark is only for a drawing.
MARKS = {
    "json request", "json response", "json notification", "json message", "json text",
    "json request anonymous", "json response anonymous",
    "json journal", "json manifest", "python check", "python recover", "python worker",
}


def blocks(kind):
    return [block for block in DOCUMENT.blocks if block.kind == kind]


def is_marked(block):
    return block.kind in MARKS or re.fullmatch(r"json GET /\S+", block.kind)


def test_every_block_is_marked():
    for block in DOCUMENT.blocks:
        drawing = block.kind == "" and "▶" in block.text and "{" not in block.text
        assert is_marked(block) or drawing, f"line {block.line}: ```{block.kind}"


# --- examples ----------------------------------------------------------------------------------


def match(pattern, value, names, path="$"):
    """Fails unless `value` is as `pattern` says; notes the values of names in angle brackets."""
    if pattern == ANY:
        return
    if isinstance(pattern, str) and re.fullmatch(r"<\w+>", pattern):
        assert names.setdefault(pattern, value) == value, f"{path}: {value} is not {pattern}"
    elif isinstance(pattern, dict):
        assert isinstance(value, dict), f"{path}: {value}"
        expected = pattern.keys() - {ANY}
        assert expected <= value.keys(), f"{path} lacks {expected - value.keys()}"
        if ANY not in pattern:
            assert value.keys() <= expected, f"{path} has more: {value.keys() - expected}"
        for name in expected:
            match(pattern[name], value[name], names, f"{path}.{name}")
    elif isinstance(pattern, list):
        assert isinstance(value, list), f"{path}: {value}"
        if pattern and pattern[-1] == ANY:
            pattern = pattern[:-1]
            assert len(pattern) <= len(value), f"{path} has {len(value)} elements: {value}"
        else:
            assert len(pattern) == len(value), f"{path} has {len(value)} elements: {value}"
        for index, (one, other) in enumerate(zip(pattern, value)):
            match(one, other, names, f"{path}[{index}]")
    else:
        is_same = type(pattern) is type(value) and pattern == value
        assert is_same, f"{path}: {value!r}, not {pattern!r}"


def filled(text, names):
    """An example as it is sent, with the values of its names."""
    for name, value in names.items():
        text = text.replace(json.dumps(name), json.dumps(value))
    assert not re.search(r'"<\w+>"', text) and ANY not in text.replace("app.…", ""), text
    return text


class Conversation:
    """One connection: answers and notifications come in two orders that do not depend."""

    def __init__(self, url):
        self.client = Client(url)
        self.answers = deque()
        self.notifications = deque(
            [{"jsonrpc": "2.0", "method": "session.welcome", "params": self.client.welcome}]
        )

    def next(self, queue):
        while not queue:
            message = self.client.receive()
            is_notification = isinstance(message, dict) and "method" in message
            (self.notifications if is_notification else self.answers).append(message)
        return queue.popleft()

    def notification(self, method):
        """The next one; the welcome may go unmentioned."""
        message = self.next(self.notifications)
        if message["method"] == "session.welcome" != method:
            message = self.next(self.notifications)
        return message

    def end(self):
        """Nothing may be left that the examples do not show."""
        self.client.send({"jsonrpc": "2.0", "id": "the end", "method": "session.ping"})
        answer = self.next(self.answers)
        assert answer["id"] == "the end", f"not shown: {answer}"
        rest = [one for one in self.notifications if one["method"] != "session.welcome"]
        assert not rest, f"not shown: {rest}"
        self.client.close()


def run(block, conversations, names, hub):
    kind, _, mode = block.kind.removeprefix("json ").partition(" ")
    if kind == "GET":
        match(json.loads(block.text), json.loads(hub().get(mode)), names)
        return
    conversation = conversations(mode)
    if kind in ("request", "message", "text"):
        text = filled(block.text, names)
        if kind != "text":
            json.loads(text)
        conversation.client.send(text)
        return
    pattern = json.loads(block.text)
    if kind == "response":
        answer = conversation.next(conversation.answers)
        if isinstance(pattern, list):
            # Answers to a batch come in any order.
            answer = sorted(answer, key=lambda one: [p["id"] for p in pattern].index(one["id"]))
        match(pattern, answer, names)
    else:
        match(pattern, conversation.notification(pattern["method"]), names)


@pytest.mark.parametrize("section", SECTIONS)
def test_examples_run_as_they_stand(section, tmp_path):
    """A new hub for each section, and one connection to it."""
    hubs, conversations, names = {}, {}, {}

    def hub(mode=""):
        if mode not in hubs:
            hubs[mode] = Daemon(tmp_path / f"hub{mode}", dev=mode == "").start()
            settle(hubs[mode])
        return hubs[mode]

    def conversation(mode):
        if mode not in conversations:
            conversations[mode] = Conversation(hub(mode).url)
        return conversations[mode]

    try:
        for block in DOCUMENT.blocks:
            if block.section != section or not block.kind.startswith("json "):
                continue
            if block.kind in ("json journal", "json manifest"):
                continue
            try:
                run(block, conversation, names, hub)
            except AssertionError as error:
                raise AssertionError(f"protocol.md:{block.line}: {error}") from None
        for one in conversations.values():
            one.end()
    finally:
        for daemon in hubs.values():
            daemon.check()


def settle(daemon):
    """Agents start beside everything else; examples show them at work."""
    if daemon.dev:
        with Client(daemon.url) as client:
            agents = client.call("agents.list")["agents"]
            # Each tells that it is starting and that it has started.
            everything = 2 * len(agents)
            wait_until(lambda: client.call("hub.history", channel="agents")["head"] == everything)


def test_the_journal_and_snapshots_are_as_described(daemon, tmp_path):
    """The checker of the document, which shares nothing with the hub, finds them intact."""
    check = tmp_path / "check.py"
    check.write_text(blocks("python check")[0].text)
    with Client(daemon.url) as client:
        task = client.call("tasks.create", type="content.analyze", payload={"text": "é … 😀 A."})
        client.call("tasks.wait", id=task["id"])
        first = client.call("system.snapshot")["sequence"]
        client.call("agents.pause", id="content", idempotencyKey="key")
        events = client.call("system.stats")["sequence"]
    daemon.kill()
    done = subprocess.run(
        [sys.executable, check, daemon.state], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("intact up to ") and int(done.stdout.split()[-1]) >= events

    snapshot = daemon.state / "snapshots" / f"{first:020}"
    manifest = json.loads((snapshot / "manifest.json").read_text())
    match(json.loads(blocks("json manifest")[0].text), manifest, {})
    assert sorted(path.name for path in snapshot.iterdir()) == sorted(
        ["manifest.json", *(file["name"] for file in manifest["files"])]
    )

    # And it finds what is damaged, wherever that is.
    (segment,) = (daemon.state / "journal").iterdir()
    for path in (segment, snapshot / "tasks.json", snapshot / "manifest.json"):
        whole = path.read_bytes()
        place = whole.index(b"createdAt") + 13
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        done = subprocess.run(
            [sys.executable, check, daemon.state], capture_output=True, timeout=60
        )
        assert done.returncode != 0, f"damage of {path} was not found"
        path.write_bytes(whole)


def test_the_journal_line_of_the_document_is_a_real_one(tmp_path):
    (line,) = blocks("json journal")
    folder = tmp_path / "state" / "journal"
    folder.mkdir(parents=True)
    (folder / f"{1:020}.jsonl").write_text(line.text)
    check = tmp_path / "check.py"
    check.write_text(blocks("python check")[0].text)
    done = subprocess.run(
        [sys.executable, check, folder.parent], capture_output=True, text=True, timeout=60
    )
    assert (done.stdout, done.returncode) == ("intact up to 1\n", 0), done.stderr
    # The hub itself goes on from it, too.
    daemon = Daemon(tmp_path).start()
    with Client(daemon.url) as client:
        answer = client.call("hub.history", channel="system")
        assert answer["epoch"] == json.loads(line.text)["event"]["event"]["data"]["epoch"]
        assert answer["events"][0]["event"] == json.loads(line.text)["event"]["event"]
    daemon.check()


def test_the_client_of_the_document_recovers(make_daemon, tmp_path):
    """It sees each event once, over kill -9 and a clean stop, and says when something is lost."""
    daemon = make_daemon()
    daemon.listen = (f"127.0.0.1:{daemon.port}",)
    follower = tmp_path / "recover.py"
    follower.write_text(blocks("python recover")[0].text)
    following = Process(follower, daemon.url, "tasks", wrapper=[sys.executable])
    assert following.stdout.wait('"state": \\[\\]')

    def work(count):
        with Client(daemon.url) as client:
            for _ in range(count):
                task = client.call("tasks.create", type="content.analyze", payload={"text": "A."})
            return client.call("tasks.wait", id=task["id"])["id"]

    last = work(20)
    daemon.kill()
    daemon.start()
    assert following.stdout.wait(f'completed.*{last}')
    last = work(5)
    assert daemon.stop() == 0
    daemon.start()
    last = work(5)
    assert following.stdout.wait(f'completed.*{last}')
    lines = [json.loads(line) for line in following.stdout.lines]
    offsets = [line["offset"] for line in lines if "event" in line]
    assert offsets == list(range(1, len(offsets) + 1)), "a gap or a repeat"
    assert not any("gap" in line for line in lines)

    # The same numbering cannot go on in another state folder.
    daemon.kill()
    daemon.state = daemon.folder / "other"
    daemon.start()
    assert following.stdout.wait('"gap"')
    assert following.stdout.wait('"state": \\[\\]', count=2)
    following.end()


# --- completeness ------------------------------------------------------------------------------


def source(path):
    return (ROOT / "Sources" / path).read_text()


def documented_methods():
    """The titles of sections about methods, in their order."""
    return [title.strip("`") for title in DOCUMENT.prose if re.fullmatch(r"`\w+\.\w+`", title)]


def test_every_method_has_a_section_and_every_section_a_method(shared):
    methods = json.loads(shared.get("/openrpc.json"))["methods"]
    assert documented_methods() == [method["name"] for method in methods]


def test_the_params_are_those_of_the_methods(shared):
    for method in json.loads(shared.get("/openrpc.json"))["methods"]:
        rows = DOCUMENT.table_rows(f"`{method['name']}`")
        documented = [(row[0].strip("`"), row[2]) for row in rows]
        described = [
            (param["name"], "yes" if param["required"] else "no") for param in method["params"]
        ]
        assert documented == described, method["name"]


def test_ranges_and_defaults_of_params_are_those_of_the_schemas(shared):
    for method in json.loads(shared.get("/openrpc.json"))["methods"]:
        rows = {row[0].strip("`"): row[1] for row in DOCUMENT.table_rows(f"`{method['name']}`")}
        for param in method["params"]:
            text, schema = rows[param["name"]].replace(",", ""), param["schema"]
            if "maximum" in schema and "runtime." not in text:
                assert f"{schema['minimum']}–{schema['maximum']}" in text, (method["name"], text)
            if "default" in schema and "runtime." not in text:
                assert f"default {json.dumps(schema['default'])}" in text, (method["name"], text)


def test_anonymous_methods_are_said_to_be(shared):
    for method in json.loads(shared.get("/openrpc.json"))["methods"]:
        text = "\n".join(DOCUMENT.prose[f"`{method['name']}`"])
        is_open = "May be called anonymously" in text
        assert is_open == (method["x-access"] == "anyone"), method["name"]


def test_every_error_code_is_in_the_table():
    codes = dict(re.findall(r"case `?(\w+)`? = (-\d+)", source("JSONRPC/Envelope/ErrorCode.swift")))
    names = dict(
        re.findall(r'case \.(\w+): "([A-Z_]+)"', source("JSONRPC/Envelope/ErrorCode.swift"))
    )
    assert codes.keys() == names.keys() and len(codes) == 18
    rows = {(row[0], row[1].strip("`")) for row in DOCUMENT.table_rows("Errors")}
    assert rows == {(codes[case], names[case]) for case in codes}


def test_every_close_code_is_in_the_table():
    text = source("WebSocketProtocol/CloseCode.swift")
    codes = re.findall(r"CloseCode\(rawValue: (\d{4})\)", text)
    rows = [row[0] for row in DOCUMENT.table_rows("Close codes")]
    assert sorted(re.findall(r"\d{4}", " ".join(rows))) == codes and len(codes) >= 18


def test_close_codes_that_are_not_sent_are_said_so():
    names = dict(
        re.findall(
            r"static let (\w+) = CloseCode\(rawValue: (\d+)\)",
            source("WebSocketProtocol/CloseCode.swift"),
        )
    )
    server = "".join(
        path.read_text()
        for folder in ("HubServer", "Transport")
        for path in (ROOT / "Sources" / folder).rglob("*.swift")
    ) + source("WebSocketProtocol/ProtocolViolation.swift")
    # Statuses of HTTP and errors of JSON-RPC have names of their own.
    server = re.sub(r"respond\(\s*id,\s*\.\w+|throw \.\w+|ErrorCode\.\w+", "", server)
    for row in DOCUMENT.table_rows("Close codes"):
        for name, code in names.items():
            if code in row[0] and code not in ("1000", "1010"):
                is_sent = re.search(rf"\.{name}\b", server) is not None
                assert is_sent != ("not sent" in row[1]), code


def test_every_name_of_a_secret_is_there():
    text = source("HTTPProtocol/HTTPRequestHead+Semantics.swift")
    names = re.search(r"secretNames: Set<String> = \[(.*?)\]", text, re.S)[1]
    rule = re.search(r"No secrets in URLs(.*?)answered with 400", DOCUMENT.text, re.S)[1]
    documented = {re.sub("[-_]", "", name) for name in markdown.code_spans(rule)}
    assert documented == set(re.findall(r'"(\w+)"', names))


def test_every_event_type_is_described():
    files = sorted((ROOT / "Sources/AgentRuntime").rglob("*.swift"))
    text = "".join(path.read_text() for path in files)
    types = re.findall(r'EventType\(\s*rawValue: "([\w.]+)"\s*\)', text)
    rows = {row[0].strip("`") for row in DOCUMENT.table_rows("Events")}
    assert len(types) > 20
    # One type is for the journal only, and is named beside the table.
    assert {kind for kind in rows if "." in kind} == set(types) - {"agent.unchanged"}
    assert "`agent.unchanged`" in DOCUMENT.text


def test_every_status_is_described():
    for file, title in (("TaskStatus", "Tasks"), ("AgentRecord", "Agents")):
        text = source(f"AgentRuntime/State/{file}.swift")
        enum = text[re.search(r"enum \w+Status\b", text).start() :]
        statuses = re.findall(r"^    case (\w+)$", enum, re.M)
        assert len(statuses) >= 6
        assert set(statuses) <= set(markdown.code_spans("\n".join(DOCUMENT.prose[title])))


def test_every_task_type_is_described(shared):
    with Client(shared.url) as client:
        agents = client.call("agents.list")["agents"]
        described = {
            kind["name"]: (agent["id"], kind)
            for agent in agents
            for kind in client.call("agents.get", id=agent["id"])["taskTypes"]
        }
    rows = [row for row in DOCUMENT.table_rows("Agents") if len(row) == 4]
    definitions = {
        name: row[1]
        for row in DOCUMENT.table_rows("Agents")
        if len(row) == 2
        for name in markdown.code_spans(row[0])
    }
    assert len(definitions) > 40
    assert {row[0].strip("`") for row in rows} == described.keys()
    for name, agent, payload, result in rows:
        identifier, kind = described[name.strip("`")]
        assert agent.strip("`") == identifier
        asks_models = "engine" in kind["payloadSchema"]["properties"]
        assert kind["timeoutMs"] == (60_000 if asks_models else 30_000) and kind["retryable"]
        # Not of the audit, whose definition is in a section of its own.
        if kind["name"] in definitions:
            assert kind["definition"] == definitions[kind["name"]]
        for member in kind["payloadSchema"]["properties"]:
            optional = member not in kind["payloadSchema"].get("required", [])
            assert f"`{member}`{'?' if optional else ''}" in payload, (name, member)
        for member in kind["resultSchema"]["properties"]:
            assert f"`{member}`" in result, (name, member)


UNITS = {"": 1, "ms": 1, "s": 1000, "h": 3_600_000, "days": 24 * 3_600_000} | {
    "KiB": 1 << 10,
    "MiB": 1 << 20,
    "GiB": 1 << 30,
}


def number(text):
    """`10,000`, `512 KiB`, `7 days` as a number of bytes or milliseconds."""
    digits, _, unit = text.partition(" ")
    return int(digits.replace(",", "")) * UNITS[unit]


@pytest.fixture(scope="module")
def configuration():
    """The default of each key, as it is printed."""
    printed = Process("omnihubd", "--print-config")
    assert printed.wait() == 0
    keys, group = {}, ""
    for line in printed.stdout.lines:
        if found := re.match(r"    (\w+): \{$", line):
            group = found[1] + "."
        elif line == "    },":
            group = ""
        elif found := re.match(r"    (?:    )?(\w+): (.*),$", line):
            keys[group + found[1]] = found[2]
    assert len(keys) > 60
    return keys


def test_every_key_of_the_configuration_is_there(configuration):
    documented = {}
    for row in DOCUMENT.table_rows("Limits and configuration"):
        names = markdown.code_spans(row[0])
        values = re.split(r", (?=\S)", row[1])
        documented |= dict(zip(names, values if len(values) == len(names) else [""] * len(names)))
    assert documented.keys() - {"key"} == configuration.keys()
    for name, value in configuration.items():
        if value.isdigit():
            assert number(documented[name]) == int(value), name


def test_defaults_that_are_named_beside_a_key_are_true(configuration):
    named = re.findall(
        r"`(\w+\.\w+)`[:\s]*\(([\d,]+(?:\s(?:s|h|days|KiB|MiB|ms))?)\)", DOCUMENT.text
    )
    assert len(named) > 30
    for name, value in named:
        assert number(value.replace("\n", " ")) == int(configuration[name]), name


def test_every_metric_is_there(shared):
    shared.get("/metrics")
    wait_until(lambda: "omnihub_events_total" in shared.get("/metrics"))
    types = dict(re.findall(r"^# TYPE (\w+) (\w+)$", shared.get("/metrics"), re.M))
    documented = {}
    for row in DOCUMENT.table_rows("Metrics"):
        documented |= dict.fromkeys(markdown.code_spans(row[0]), row[1])
    assert documented == types


def test_links_within_the_document_lead_somewhere():
    anchors = {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#{1,4} (.*)$", DOCUMENT.text, re.M)
    }
    for anchor in re.findall(r"\]\(#([^)]+)\)", DOCUMENT.text):
        assert anchor in anchors, anchor
