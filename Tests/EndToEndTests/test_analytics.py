"""Figures and reports, beside what the channels' events say and what other readers make of them."""

import csv
import io
import json
import re
import shutil
import subprocess
import uuid
from collections import Counter, defaultdict
from datetime import datetime, timedelta, timezone
from pathlib import Path

import axe_core_python
import html5lib
import pytest

from client import Client, Failure
from daemon import Daemon, wait_until
from people import Crew, auth

TIDY = shutil.which("tidy")
AXE = Path(axe_core_python.__file__).parent / "axe.min.js"
SVG = "{http://www.w3.org/2000/svg}"
WINDOWS = {
    "1h": timedelta(minutes=1), "24h": timedelta(minutes=30), "7d": timedelta(hours=6),
    "30d": timedelta(hours=6),
}
KINDS = ["agent-performance", "task-throughput", "audit-summary"]
COUNTS = ["created", "completed", "failed", "dead", "cancelled", "abandoned"]
NEVER = "2099-01-01T00:00:00.000Z"
# Takes longer than a millisecond on any machine.
LARGE = {"type": "content.keywords", "payload": {"text": "many words of any kind " * 4000}}


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def work(client):
    """Tasks that end in every way but by being abandoned, of several agents."""
    tasks = []
    for number in range(12):
        tasks.append(
            client.call("tasks.create", type="content.analyze", payload={"text": "A word. " * (number + 1)})
        )
        tasks.append(
            client.call(
                "tasks.create", type="ab.samplesize", payload={"baseline": 0.1, "minimumEffect": 0.02}
            )
        )
    for number in range(3):
        client.call("tasks.create", **LARGE, timeoutMs=1, maxAttempts=2)
    late = (datetime.now(timezone.utc) + timedelta(seconds=0.2)).isoformat()
    tasks.append(
        client.call("tasks.create", type="content.analyze", payload={"text": "x"}, runAt=late)
    )
    waiting = client.call("tasks.create", type="lead.score", payload={"lead": {}}, runAt=NEVER)
    client.call("tasks.cancel", id=waiting["id"])
    doomed = (datetime.now(timezone.utc) + timedelta(seconds=0.3)).isoformat()
    client.call("agents.pause", id="crm")
    tasks.append(
        client.call(
            "tasks.create", type="kb.search", deadline=doomed,
            payload={"query": "a", "documents": [{"id": "1", "text": "a"}]},
        )
    )
    wait_until(lambda: all(
        task["status"] not in ("pending", "scheduled", "running")
        for task in client.call("tasks.list", limit=1000)["tasks"]
    ), 60)
    client.call("agents.resume", id="crm")
    return tasks


def history(client, channel):
    events, since = [], None
    while True:
        params = {"since": since} if since else {"limit": 10_000}
        if not since:
            answer = client.call("hub.history", channel=channel, limit=0)
            since = {"epoch": answer["epoch"], "offset": 0}
            continue
        answer = client.call("hub.history", channel=channel, since=since, limit=1000, **{})
        page = answer["events"]
        if not page:
            return events
        events += [entry["event"] for entry in page]
        since["offset"] = page[-1]["offset"]


class Expected:
    """The figures of task types, computed from the events alone."""

    def __init__(self, events, start):
        self.counts = defaultdict(Counter)
        self.durations, self.waits = defaultdict(list), defaultdict(list)
        tasks, newest, due = {}, {}, {}
        for event in events:
            task, data, kind = event["taskId"], event["data"], event["type"].removeprefix("task.")
            if kind == "created":
                tasks[task] = (data["agentId"], data["type"])
            key, time = tasks[task], moment(event["timestamp"])
            if kind == "started":
                since = max(newest[task], due.get(task, newest[task]))
                wait = max(0, round((time - since).total_seconds() * 1000))
            newest[task] = time
            if "runAt" in data:
                due[task] = moment(data["runAt"])
            if time < start:
                continue
            if kind == "started":
                self.counts[key]["attempts"] += 1
                self.waits[key].append(wait)
            elif kind == "retrying":
                self.counts[key]["retries"] += 1
            elif kind in COUNTS:
                self.counts[key][kind] += 1
            if kind == "completed":
                self.durations[key].append(data["durationMs"])


def check_spread(found, values):
    assert found["count"] == len(values)
    if not values:
        assert {found[name] for name in ("mean", "p50", "p90", "p99", "maximum")} == {None}
        return
    values = sorted(values)
    assert found["maximum"] == values[-1]
    assert found["mean"] == pytest.approx(sum(values) / len(values))
    for name, share in (("p50", 50), ("p90", 90), ("p99", 99)):
        exact = values[max(1, -(-share * len(values) // 100)) - 1]
        assert abs(found[name] - exact) <= exact / 16, (name, found[name], exact)


def check(found, counts, durations, waits):
    for name in [*COUNTS, "attempts", "retries"]:
        assert found[name] == counts[name], name
    judged = counts["completed"] + counts["failed"] + counts["dead"]
    assert found["successRate"] == (counts["completed"] / judged if judged else None)
    check_spread(found["durationMs"], durations)
    check_spread(found["queueWaitMs"], waits)


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    """A hub that has done its work, and waits."""
    daemon = Daemon(tmp_path_factory.mktemp("hub")).start()
    with Client(daemon.url) as client:
        work(client)
    yield daemon
    daemon.check()


@pytest.fixture
def client(busy):
    with Client(busy.url) as client:
        yield client


# --- figures -----------------------------------------------------------------------------------


@pytest.mark.parametrize("window", WINDOWS)
def test_figures_are_those_of_the_events(client, window):
    events = history(client, "tasks")
    answer = client.call("analytics.agents", window=window, buckets=True)
    start, end = moment(answer["from"]), moment(answer["to"])
    assert answer["resolutionMs"] == WINDOWS[window].total_seconds() * 1000
    expected = Expected(events, start)
    found = {}
    for agent in answer["agents"]:
        sums = Counter()
        for row in agent["types"]:
            key = (agent["id"], row["type"])
            found[key] = row
            check(row, expected.counts[key], expected.durations[key], expected.waits[key])
            sums.update({name: row[name] for name in [*COUNTS, "attempts", "retries"]})
        assert {name: agent[name] for name in sums} == sums
        for name in sums:
            assert sum(bucket[name] for bucket in agent["buckets"]) == agent[name]
    assert found.keys() == expected.counts.keys() and len(found) == 5
    every = len(client.call("agents.list")["agents"])
    assert len(answer["agents"]) == every and "others" not in answer
    assert {status for counts in expected.counts.values() for status in counts} >= {
        "completed", "failed", "dead", "cancelled", "retries"
    }

    answer = client.call("analytics.system", window=window)
    total = Counter()
    for counts in expected.counts.values():
        total.update(counts)
    spreads = [sum(lists.values(), []) for lists in (expected.durations, expected.waits)]
    check(answer["tasks"], total, *spreads)
    assert answer["now"] == {"waiting": 0, "running": 0, "agents": every, "activeAgents": every}
    assert answer["users"] == {"total": 0, "disabled": 0, "active": 1}
    assert len(answer["buckets"]) == (end - start) // WINDOWS[window] + 1
    for number, bucket in enumerate(answer["buckets"]):
        begin = start + number * WINDOWS[window]
        assert moment(bucket["from"]) == begin
        created = sum(
            event["type"] == "task.created"
            and begin <= moment(event["timestamp"]) < begin + WINDOWS[window]
            for event in events
        )
        assert bucket["created"] == created


def test_what_the_hub_did_is_what_the_audit_says(client):
    entries = [event["data"] for event in history(client, "audit")]
    hub = client.call("analytics.system", window="30d")["hub"]
    assert hub["commands"] == sum(entry["outcome"] == "allowed" for entry in entries)
    assert hub["starts"] == 1 and hub["outages"] == 0 and hub["agentFailures"] == 0
    assert hub["events"] == client.call("system.stats")["sequence"]

    report = client.call("reports.generate", type="audit-summary", timeframe="24h")
    methods = {row["method"]: row["allowed"] for row in report["content"]["methods"]}
    assert methods == Counter(entry["method"] for entry in entries)
    assert report["content"]["users"] == [{"user": "dev", "allowed": len(entries), "denied": 0}]
    newest = history(client, "audit")[-2]["data"]
    assert report["content"]["head"]["entry"] == newest["entry"]


def test_one_agent_can_be_asked_for(client):
    (agent,) = client.call("analytics.agents", agentId="content")["agents"]
    every = client.call("analytics.agents")["agents"]
    assert agent == next(one for one in every if one["id"] == "content")
    with pytest.raises(Failure) as failure:
        client.call("analytics.agents", agentId="nobody")
    assert failure.value.name == "NOT_FOUND"
    with pytest.raises(Failure) as failure:
        client.call("analytics.system", window="2h")
    assert failure.value.paths == ["/window"]


@pytest.mark.parametrize("has_snapshot", [False, True])
def test_figures_and_reports_outlive_the_daemon(make_daemon, has_snapshot):
    daemon = make_daemon(config={"retention": {"maxReports": 3}})

    def figures(client):
        answer = client.call("analytics.agents", window="30d", buckets=True)
        return [{**agent} for agent in answer["agents"]]

    with Client(daemon.url) as client:
        work(client)
        before = figures(client)
        if has_snapshot:
            client.call("system.snapshot")
        made = [
            client.call("reports.generate", type=kind, format=form, idempotencyKey=f"{kind} {form}")
            for kind, form in zip(KINDS + KINDS[:1], ("html", "csv", "json", "csv"))
        ]
        commands = client.call("analytics.system", window="30d")["hub"]["commands"]
    daemon.kill()
    daemon.start()
    with Client(daemon.url) as client:
        # The windows may have moved on by a bucket meanwhile, their contents not.
        after = figures(client)
        for one, other in zip(before, after, strict=True):
            assert {**one, "buckets": 0} == {**other, "buckets": 0}
        hub = client.call("analytics.system", window="30d")["hub"]
        assert hub["commands"] == commands and hub["starts"] == 2
        assert [one["id"] for one in client.call("reports.list")["reports"]] == [
            one["id"] for one in reversed(made[1:])
        ]
        for report in made[1:]:
            assert client.call("reports.get", id=report["id"]) == report
        again = client.call(
            "reports.generate", type=KINDS[0], format="html", idempotencyKey=f"{KINDS[0]} html"
        )
        assert again == made[0]
        with pytest.raises(Failure) as failure:
            client.call("reports.get", id=made[0]["id"])
        assert failure.value.name == "NOT_FOUND"


def test_what_finds_no_place_of_its_own_is_counted_with_the_others(make_daemon):
    daemon = make_daemon(config={"retention": {"maxSeries": 2}})
    with Client(daemon.url) as client:
        work(client)
        answer = client.call("analytics.agents")
        assert sum(len(agent["types"]) for agent in answer["agents"]) == 2
        assert answer["others"]["created"] > 0
        total = client.call("analytics.system")["tasks"]["created"]
        every = [*answer["agents"], answer["others"]]
        assert sum(one["created"] for one in every) == total == 30
        report = client.call("reports.generate", type="agent-performance", format="csv")
        rows = list(csv.DictReader(io.StringIO(report["content"], newline="")))
        assert sum(int(row["created"]) for row in rows) == total
        assert rows[-1]["agent"] == "(others)"


# --- reports -----------------------------------------------------------------------------------


def test_csv_is_read_as_it_was_meant(client):
    report = client.call("reports.generate", type="agent-performance", format="csv")
    text = report["content"]
    assert text.count("\r\n") == text.count("\n")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    answer = client.call("analytics.agents")
    figures = {
        (agent["id"], row["type"]): row for agent in answer["agents"] for row in agent["types"]
    }
    assert [(row["agent"], row["type"]) for row in rows] == sorted(figures)
    for row in rows:
        found = figures[row["agent"], row["type"]]
        for name in [*COUNTS, "retries", "payloadBytes", "resultBytes"]:
            assert int(row[name]) == found[name]
        rate = found["successRate"]
        assert row["successRate"] == ("" if rate is None else f"{rate:.4f}")
        for column, spread, name in (
            ("durationP50Ms", "durationMs", "p50"), ("durationMaximumMs", "durationMs", "maximum"),
            ("queueWaitP99Ms", "queueWaitMs", "p99"),
        ):
            value = found[spread][name]
            assert row[column] == ("" if value is None else f"{value:.1f}")

    report = client.call("reports.generate", type="task-throughput", timeframe="1h", format="csv")
    rows = list(csv.DictReader(io.StringIO(report["content"], newline=""), strict=True))
    assert len(rows) == 60 and rows[0]["from"] == report["from"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("window", ["1h", "30d"])
def test_html_is_valid_and_whole(client, kind, window):
    report = client.call("reports.generate", type=kind, timeframe=window, format="html")
    html = report["content"]
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    assert document.get("lang") == "en" and document.findtext("head/title")
    assert document.find(".//script") is None and "http" not in html and "url(" not in html
    ids = [one.get("id") for one in document.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    for one in document.iter():
        for name in (one.get("aria-labelledby") or "").split():
            assert name in ids
    pictures = [one for one in document.iter(f"{SVG}svg") if one.get("role") == "img"]
    assert len(pictures) == 2
    assert all(one.findtext(f"{SVG}title") and one.findtext(f"{SVG}desc") for one in pictures)
    # Nothing is drawn outside of its picture.
    for picture in pictures:
        _, _, width, height = map(float, picture.get("viewBox").split())
        bars = list(picture.iter(f"{SVG}rect"))
        assert bars
        for bar in bars:
            x, y, w, h = (float(bar.get(name)) for name in ("x", "y", "width", "height"))
            assert 0 <= x <= x + w <= width and 0 <= y <= y + h <= height and w > 0 and h > 0
    for figure in document.iter("figure"):
        assert figure.find(".//details//table/tbody/tr") is not None
    if TIDY:
        done = subprocess.run(
            [TIDY, "-errors", "-quiet", "-utf8"], input=html.encode(), capture_output=True
        )
        assert done.returncode < 2, done.stderr.decode()


def test_html_says_the_same_as_the_figures(client):
    report = client.call("reports.generate", type="agent-performance", format="html")
    document = html5lib.parse(report["content"], namespaceHTMLElements=False)
    rows = {}
    for section in document.iter("section"):
        heading = section.findtext("h2") or ""
        if heading.startswith("Agents"):
            for row in section.iter("tr"):
                rows[row.findtext("th")] = [cell.text for cell in row.iter("td")]
    agents = {one["id"]: one for one in client.call("analytics.agents")["agents"]}
    busy = {name for name, agent in agents.items() if agent["created"]}
    assert rows.keys() - {"Agent", "All"} == busy
    for name in busy:
        assert rows[name][:5] == [str(agents[name][count]) for count in COUNTS[:5]]
    total = client.call("analytics.system")["tasks"]
    assert rows["All"][:5] == [str(total[count]) for count in COUNTS[:5]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_a_report(client, browser, tmp_path, scheme):
    for kind in KINDS:
        report = client.call("reports.generate", type=kind, format="html")
        page = tmp_path / f"{kind}.html"
        page.write_text(report["content"])
        browser.open(f"file://{page}")
        browser.prefer(scheme)
        wanted = f"matchMedia('(prefers-color-scheme: {scheme})').matches"
        browser.wait_for(wanted)
        # What is folded is looked at too.
        browser.run("document.querySelectorAll('details').forEach((one) => one.open = true)")
        browser.run(AXE.read_text() + "; 0")
        found = json.loads(browser.run("axe.run().then((found) => JSON.stringify(found))"))
        problems = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]]
        assert problems == [], kind
        assert any(one["id"] == "color-contrast" for one in found["passes"])


def test_a_report_of_nothing_is_a_report(daemon):
    with Client(daemon.url) as client:
        for kind in KINDS:
            for form in ("json", "csv", "html"):
                report = client.call("reports.generate", type=kind, format=form)
                assert report["content"]
                if form == "html":
                    html5lib.HTMLParser(strict=True).parse(report["content"])
        assert "Nothing in this time." in report["content"] or kind == "audit-summary"
        for params, path in (
            ({}, "/type"), ({"type": "all"}, "/type"), ({"type": KINDS[0], "format": "pdf"}, "/format"),
            ({"type": KINDS[0], "timeframe": "1y"}, "/timeframe"),
        ):
            with pytest.raises(Failure) as failure:
                client.call("reports.generate", **params)
            assert failure.value.paths == [path]


# --- who sees what -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def crew(tmp_path_factory):
    daemon = Daemon(tmp_path_factory.mktemp("hub"), dev=False, config=auth()).start()
    crew = Crew(daemon)
    for kind, payload in (
        ("content.analyze", {"text": "x"}),
        ("ab.samplesize", {"baseline": 0.1, "minimumEffect": 0.02}),
    ):
        task = crew.admin.call("tasks.create", type=kind, payload=payload)
        crew.admin.call("tasks.wait", id=task["id"])
    yield crew
    crew.admin.close()
    daemon.check()


def refused(client, method, **params):
    with pytest.raises(Failure) as failure:
        client.call(method, **params)
    return failure.value.name


def test_a_user_sees_figures_of_assigned_agents_only(crew):
    user = crew.add("figures", "user", ["content"])
    session = crew.session("figures")
    (agent,) = session.call("analytics.agents")["agents"]
    assert agent["id"] == "content" and agent["created"] == 1
    answer = session.call("analytics.system")
    assert answer["tasks"]["created"] == 1 and answer["now"]["agents"] == 1
    assert sum(bucket["created"] for bucket in answer["buckets"]) == 1
    assert "hub" not in answer and "users" not in answer
    assert refused(session, "analytics.agents", agentId="website") == "NOT_FOUND"
    for kind in KINDS[:2]:
        for form in ("csv", "html"):
            report = session.call("reports.generate", type=kind, format=form)
            assert "website" not in report["content"] and "samplesize" not in report["content"]
            assert report["agents"] == ["content"] and report["createdBy"] == user["id"]
    assert refused(session, "reports.generate", type="audit-summary") == "FORBIDDEN"

    manager = crew.add("figures-manager", "manager")
    boss = crew.session("figures-manager")
    answer = boss.call("analytics.system")
    assert answer["tasks"]["created"] == 2 and answer["hub"]["events"] > 0
    assert "users" not in answer
    assert refused(boss, "reports.generate", type="audit-summary") == "FORBIDDEN"
    assert manager["id"] != user["id"]
    for one in (session, boss):
        one.close()


def test_a_report_is_its_owners_as_long_as_all_of_it_may_be_seen(crew):
    name = f"owner-{uuid.uuid4().hex[:8]}"
    user = crew.add(name, "user", ["content", "website"])
    other = crew.add(f"{name}-other", "manager")
    owner, stranger = crew.session(name), crew.session(other["name"])
    report = owner.call("reports.generate", type="agent-performance", format="csv")
    assert "ab.samplesize" in report["content"]
    assert [one["id"] for one in owner.call("reports.list")["reports"]] == [report["id"]]
    assert crew.admin.call("reports.get", id=report["id"]) == report
    assert refused(stranger, "reports.get", id=report["id"]) == "NOT_FOUND"
    assert stranger.call("reports.list") == {"reports": []}

    crew.admin.call("users.unassignAgent", id=user["id"], agentId="website")
    assert refused(owner, "reports.get", id=report["id"]) == "NOT_FOUND"
    assert owner.call("reports.list") == {"reports": []}
    crew.admin.call("users.assignAgent", id=user["id"], agentId="website")
    assert owner.call("reports.get", id=report["id"]) == report
    for one in (owner, stranger):
        one.close()


def test_names_that_are_formulas_or_markup_do_no_harm(crew):
    evil = '=HYPERLINK("http://evil.example","x")<script>alert(1)</script>'
    user = crew.add("formula", "manager")
    crew.admin.call("users.update", id=user["id"], name=evil)
    session = crew.session("formula")
    session.call("agents.configure", id="content", config={})
    rows = crew.admin.call("reports.generate", type="audit-summary", format="csv")["content"]
    names = [row["name"] for row in csv.DictReader(io.StringIO(rows, newline=""), strict=True)]
    (name,) = [name for name in names if "HYPERLINK" in name]
    assert name.startswith("'=HYPERLINK")
    html = crew.admin.call("reports.generate", type="audit-summary", format="html")["content"]
    assert "<script" not in html and "&lt;script&gt;alert(1)" in html
    denied = crew.add("denied", "viewer", [])
    viewer = crew.session("denied")
    assert refused(viewer, "reports.generate", type="audit-summary") == "FORBIDDEN"

    def row():
        content = crew.admin.call("reports.generate", type="audit-summary")["content"]
        return [one for one in content["users"] if one["user"] == denied["id"]]

    wait_until(lambda: row() and row()[0]["denied"] == 1)
    for one in (session, viewer):
        one.close()
