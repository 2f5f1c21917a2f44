"""Language models of others: tasks ask them, stream them, count them, and outlive their faults."""

import json
import re

import pytest

import llm
from client import Client, Failure
from daemon import Daemon, Process, wait_until

POST = {"kind": "social-post", "topic": "our new offline mode", "platform": "x"}


@pytest.fixture(scope="module")
def mock():
    server = llm.MockProvider()
    yield server
    server.close()


@pytest.fixture
def provider(mock):
    """The server without anything from the test before; what it says of us must be good."""
    mock.reset()
    yield mock
    assert not mock.findings()


@pytest.fixture(scope="module", params=llm.PATHS)
def spoken(request, mock, make_shared_daemon, tmp_path_factory):
    """A daemon with a provider of each API."""
    config = llm.configuration(mock.url, tmp_path_factory.mktemp("keys"), request.param)
    return make_shared_daemon(config=config)


def run(client, kind, /, timeout=90, **payload):
    task = client.call("tasks.create", type=kind, payload=payload)
    key = client.submit("tasks.wait", id=task["id"], timeoutMs=timeout * 1000)
    return client.answer(key, timeout + 30)


def events(client, task):
    """What was told of a task."""
    answer = client.call("hub.history", channel=f"tasks.{task['id']}", limit=1000)
    return [entry["event"] for entry in answer["events"]]


def test_a_text_is_counted_and_says_who_wrote_it(spoken, provider):
    text = "Work goes on without a network. #OfflineFirst " + "It is quick, too. " * 5
    provider.scenario({"type": "reply", "text": text})
    with Client(spoken.url) as client:
        task = run(client, "content.generate", **POST)
        assert task["status"] == "completed", task
        result = task["result"]
        assert result["text"] == text.strip() and result["engine"] == "mock/mock-1"
        assert result["hashtags"] == ["#OfflineFirst"] and result["fits"]
        told = events(client, task)
        pieces = [event["data"]["output"] for event in told if event["type"] == "task.output"]
        assert "".join(piece["text"] for piece in pieces) == text
        (usage,) = [event["data"] for event in told if event["type"] == "task.usage"]
        assert usage["engine"] == "mock/mock-1" and usage["attempt"] == 1
        for kind in ("promptTokens", "completionTokens"):
            assert usage[kind] == result["usage"][kind] > 0
        assert result["usage"]["truncated"] is False
    (asked,) = provider.requests()
    body = json.dumps(asked)
    assert POST["topic"] in body


def test_a_text_is_told_while_it_is_written(spoken, provider):
    provider.scenario(
        {"type": "stream_fault", "kind": "stall", "after_chunks": 8, "stall_seconds": 60}
    )
    with Client(spoken.url) as client:
        task = client.call("tasks.create", type="content.generate", payload=POST)

        def outputs():
            return [e["data"] for e in events(client, task) if e["type"] == "task.output"]

        # Once the stream is given up, another attempt would tell its own.
        assert wait_until(outputs, 60)[0]["attempt"] == 1
        assert client.call("tasks.cancel", id=task["id"])["status"] == "cancelled"
    # The server would wait for the end of its stall before it reports.
    provider.reset()


def test_what_is_asked_depends_on_the_task(spoken, provider):
    cases = [
        ("ticket.triage", "reply", {
            "subject": "No login", "body": "It fails.", "impact": "high", "urgency": "high",
            "receivedAt": "2026-11-27T16:30:00Z", "reply": True,
        }),
        ("strategy.swot", "summary", {
            "factors": [
                {"text": "Loyal customers", "kind": "strength"},
                {"text": "A new market", "kind": "opportunity"},
            ],
        }),
        ("competitor.compare", "summary", {
            "documents": [{"id": "us", "text": "An event hub."}, {"id": "them", "text": "A hub."}],
        }),
    ]
    with Client(spoken.url) as client:
        for kind, member, payload in cases:
            provider.scenario({"type": "reply", "text": f"Written for {kind}."})
            result = run(client, kind, **payload)["result"]
            assert result[member] == f"Written for {kind}."
            assert result["engine"] == "mock/mock-1"
            # What can be computed is as it is without a model.
            plain = run(client, kind, engine="deterministic", **payload)["result"]
            assert plain["engine"] == "deterministic" and "usage" not in plain
            for name in plain.keys() - {member, "engine"}:
                assert plain[name] == result[name], name
        # A triage without a reply asks nobody.
        count = len(provider.requests())
        silent = cases[0][2] | {"reply": False}
        assert "engine" not in run(client, "ticket.triage", **silent)["result"]
        assert len(provider.requests()) == count


def test_each_brief_of_a_site_becomes_a_text(spoken, provider):
    provider.scenario(
        {"type": "reply", "text": "We sing *together*."}, {"type": "reply", "text": "Two halls."}
    )
    pages = [
        {"slug": "index", "title": "Welcome", "markdown": "Hello.", "brief": "who we are"},
        {"slug": "halls", "title": "Halls", "markdown": "", "brief": "where we sing"},
        {"slug": "plain", "title": "Plain", "markdown": "As it is."},
    ]
    with Client(spoken.url) as client:
        result = run(client, "site.build", name="Choir", pages=pages)["result"]
        assert result["engine"] == "mock/mock-1"
        index = result["files"]["index.html"]
        assert "<p>Hello.</p>" in index and "<em>together</em>" in index
        assert "Two halls." in result["files"]["halls.html"]
        assert len(provider.requests()) == 2
        plain = run(client, "site.build", name="Choir", pages=pages, engine="deterministic")
        assert "who we are" in plain["result"]["files"]["index.html"]


def test_retry_after_is_kept_to(spoken, provider):
    provider.scenario({"type": "fail", "status": 429, "retry_after": 1})
    with Client(spoken.url) as client:
        task = run(client, "content.generate", **POST)
        assert task["status"] == "completed" and task["attempts"] == 2
        (retry,) = [e["data"] for e in events(client, task) if e["type"] == "task.retrying"]
        assert retry["error"]["code"] == "PROVIDER_RATE_LIMITED" and retry["delayMs"] == 1000


@pytest.mark.parametrize(
    "fault, code",
    [
        ({"type": "fail", "status": 503}, "PROVIDER_UNAVAILABLE"),
        ({"type": "stream_fault", "kind": "truncate"}, "PROVIDER_STREAM_TRUNCATED"),
        ({"type": "stream_fault", "kind": "disconnect"}, "PROVIDER_STREAM_TRUNCATED"),
        ({"type": "stream_fault", "kind": "malformed"}, "PROVIDER_ANSWER_MALFORMED"),
    ],
)
def test_half_an_answer_is_none_and_is_asked_again(spoken, provider, fault, code):
    provider.scenario(fault)
    with Client(spoken.url) as client:
        task = run(client, "content.generate", **POST)
        assert task["status"] == "completed" and task["attempts"] == 2, task
        (retry,) = [e["data"] for e in events(client, task) if e["type"] == "task.retrying"]
        assert retry["error"]["code"] == code and retry["error"]["retryable"]


@pytest.mark.parametrize("kind", llm.PATHS)
def test_a_silent_provider_is_given_up(provider, make_daemon, tmp_path, kind):
    daemon = make_daemon(config=llm.configuration(provider.url, tmp_path, kind, idleTimeoutMs=1_000))
    provider.scenario({"type": "stream_fault", "kind": "stall", "stall_seconds": 60})
    with Client(daemon.url) as client:
        # On a slow machine another attempt may be given up, too.
        task = client.call("tasks.create", type="content.generate", payload=POST, maxAttempts=20)
        client.call("hub.subscribe", channel=f"tasks.{task['id']}")
        while client.event(60)["event"]["type"] != "task.retrying":
            pass
        told = events(client, task)
        retry = next(event["data"] for event in told if event["type"] == "task.retrying")
        assert retry["error"]["code"] == "PROVIDER_TIMEOUT" and retry["error"]["retryable"]
        key = client.submit("tasks.wait", id=task["id"], timeoutMs=90_000)
        assert client.answer(key, 100)["status"] == "completed"


def test_the_report_of_llmock_finds_nothing_wrong(mock, make_daemon, tmp_path):
    """As its users run it, over all kinds of faults at once."""
    daemon = make_daemon(config=llm.configuration(mock.url, tmp_path))
    faults = [
        {"type": "fail", "status": 429, "retry_after": 1},
        {"type": "fail", "status": 529},
        {"type": "stream_fault", "kind": "truncate"},
        {"type": "stream_fault", "kind": "malformed"},
    ]
    with Client(daemon.url) as client:
        for _ in range(5):
            mock.reset()
            for number, fault in enumerate(faults):
                mock.scenario(fault)
                payload = POST | {"topic": f"release {number}"}
                assert run(client, "content.generate", **payload)["attempts"] == 2
            if not mock.hurried():
                break
    status, text = mock.report()
    assert status == 0 and "PASS" in text, text


def test_an_outage_ends_with_the_attempts(spoken, provider):
    provider.scenario({"type": "fail", "status": 500, "times": 2})
    with Client(spoken.url) as client:
        task = client.call("tasks.create", type="content.generate", payload=POST, maxAttempts=2)
        task = client.call("tasks.wait", id=task["id"], timeoutMs=60_000)
        assert task["status"] == "dead" and task["error"]["code"] == "PROVIDER_UNAVAILABLE"
        assert len(provider.requests()) == 2


def test_what_no_retry_mends_is_not_retried(spoken, provider):
    provider.scenario({"type": "fail", "status": 401})
    with Client(spoken.url) as client:
        task = run(client, "content.generate", **POST)
        assert task["status"] == "failed" and task["attempts"] == 1
        assert task["error"]["code"] == "PROVIDER_REFUSED"
        # Nobody can name what there is not.
        task = run(client, "content.generate", engine="other", **POST)
        assert task["status"] == "failed" and task["error"]["code"] == "VALIDATION_ERROR"
        assert "mock" in task["error"]["message"]


def test_a_cancelled_task_ends_its_request(spoken, provider):
    provider.scenario({"type": "delay", "seconds": 60})
    with Client(spoken.url) as client:
        before = spoken.metrics()
        task = client.call("tasks.create", type="content.generate", payload=POST)
        under_way = "omnihub_provider_requests_under_way"
        wait_until(lambda: spoken.metrics()[under_way] > 0, 60)
        assert client.call("tasks.cancel", id=task["id"])["status"] == "cancelled"
        name = 'omnihub_provider_requests_total{provider="mock",outcome="cancelled"}'
        assert spoken.metrics()[name] == before[name] + 1
        assert spoken.metrics()[under_way] == 0
    # The server would wait for the end of its delay before it reports.
    provider.reset()


def test_metrics_count_outcomes_and_tokens(mock, make_daemon, tmp_path):
    mock.reset()
    daemon = make_daemon(config=llm.configuration(mock.url, tmp_path))
    mock.scenario({"type": "fail", "status": 429, "retry_after": 0}, {"type": "reply", "text": "A."})
    with Client(daemon.url) as client:
        usage = run(client, "content.generate", **POST)["result"]["usage"]
    samples = daemon.metrics()
    for outcome, count in (("completed", 1), ("rateLimited", 1), ("truncated", 0)):
        assert samples[
            f'omnihub_provider_requests_total{{provider="mock",outcome="{outcome}"}}'
        ] == count
    for kind in ("prompt", "completion"):
        name = f'omnihub_provider_tokens_total{{provider="mock",kind="{kind}"}}'
        assert samples[name] == usage[f"{kind}Tokens"]
    # The key is nowhere, and neither is the question.
    assert daemon.stop() == 0
    assert "secret-of-the-provider" not in daemon.log
    for path in daemon.folder.rglob("*"):
        if path.is_file():
            assert b"secret-of-the-provider" not in path.read_bytes(), path


def test_many_questions_at_once_keep_nobody_waiting(mock, make_daemon, tmp_path):
    """While every thread for questions waits, the hub and its other agents go on."""
    mock.reset()
    config = llm.configuration(mock.url, tmp_path) | {"outbound": {"maxProviderRequests": 40}}
    daemon = make_daemon(config=config)
    mock.scenario({"type": "delay", "seconds": 60, "times": None})
    with Client(daemon.url) as client:
        client.call("agents.configure", id="content", config={"concurrency": 40})
        asked = [
            client.call("tasks.create", type="content.generate", payload=POST)["id"]
            for _ in range(40)
        ]
        wait_until(lambda: daemon.metrics()["omnihub_provider_requests_under_way"] == 40, 60)
        for _ in range(20):
            assert run(client, "price.index", ours=10, competitors=[9, 11])["status"] == "completed"
        for task in asked:
            assert client.call("tasks.cancel", id=task)["status"] == "cancelled"
    mock.reset()


@pytest.mark.parametrize(
    "members, reason",
    [
        ({"type": "gpt"}, "type: expected one of openai, anthropic, google-ai"),
        ({"model": ""}, "model: needs 1 to 128"),
        ({"baseUrl": "ftp://x"}, "baseUrl: the URL must begin with"),
        ({"baseUrl": "http://example.com"}, "over plain HTTP to another machine"),
        ({"baseUrl": "https://user:pw@example.com"}, "must not hold a user or password"),
        ({"keyFile": "sk-abcdef"}, "give the path of a file, not the key"),
        ({"timeoutMs": 1}, "timeoutMs: 1 is below the minimum 1000"),
        ({"modle": "x"}, "did you mean 'model'?"),
    ],
)
def test_a_configuration_that_cannot_work_says_why(tmp_path, members, reason):
    config = llm.configuration("http://127.0.0.1:1", tmp_path)
    config["providers"]["mock"] |= members
    file = tmp_path / "hub.json5"
    file.write_text(json.dumps(config))
    process = Process("omnihubd", "--config", file, "--check-config")
    assert process.wait() == 78
    assert reason in process.stderr.text and "'mock'" in process.stderr.text
    assert "abcdef" not in process.stderr.text and "pw" not in process.stderr.text


def test_a_key_that_others_can_read_is_refused(tmp_path):
    config = llm.configuration("http://127.0.0.1:1", tmp_path)
    (tmp_path / "key").chmod(0o644)
    daemon = Daemon(tmp_path / "hub", config=config)
    daemon.start(wait=False)
    assert daemon.process.wait() == 77
    assert re.search(r"providers\.mock\.keyFile.*chmod 600", daemon.process.stderr.text)
