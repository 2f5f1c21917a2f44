"""Connections to the outside: real requests to local servers that check them."""

import json
import urllib.parse

import pytest

import llm
from client import Client, Failure
from daemon import wait_until
from services import Service

LOCAL = {"outbound": {"allowedAddresses": ["127.0.0.0/8"]}}
CALENDAR = "\r\n".join([
    "BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:1", "SUMMARY:Choir",
    "DTSTART:20261127T183000Z", "END:VEVENT", "END:VCALENDAR", "",
])


@pytest.fixture
def service():
    service = Service()
    yield service
    service.close()


@pytest.fixture(scope="module")
def hub(make_shared_daemon):
    return make_shared_daemon(config=LOCAL)


@pytest.fixture
def admin(hub):
    with Client(hub.url) as client:
        yield client
        for integration in client.call("integrations.list")["integrations"]:
            client.call("integrations.delete", id=integration["id"])


def create(client, kind, config, /, name="it", **secrets):
    return client.call(
        "integrations.create", type=kind, name=name, config=config, secrets=secrets
    )


def refused(client, method, /, **params):
    with pytest.raises(Failure) as caught:
        client.call(method, **params)
    return caught.value


# --- what there is -----------------------------------------------------------------------------


def test_a_connection_is_made_changed_and_deleted(admin, service):
    secret = "a-token-that-nobody-is-told"
    made = create(admin, "stripe", {"baseUrl": service.url}, token=secret)
    assert made["status"] == "active" and made["secrets"] == ["token"] and made["deadLetters"] == 0
    assert admin.call("integrations.list")["integrations"] == [made]
    detail = admin.call("integrations.get", id=made["id"])
    assert "charges" in detail["calls"] and detail["letters"] == []
    changed = admin.call("integrations.update", id=made["id"], name="pay", paused=True)
    assert changed["name"] == "pay" and changed["status"] == "paused"
    assert changed["config"] == made["config"] and changed["secrets"] == ["token"]
    answer = admin.call("integrations.test", id=made["id"])
    assert not answer["ok"] and answer["error"]["code"] == "INTEGRATION_HELD"
    admin.call("integrations.update", id=made["id"], paused=False)
    assert admin.call("integrations.test", id=made["id"])["ok"]
    admin.call("integrations.delete", id=made["id"])
    assert refused(admin, "integrations.get", id=made["id"]).name == "NOT_FOUND"
    assert secret not in json.dumps([made, detail, changed])
    told = json.dumps(admin.call("hub.history", channel="system", limit=1000)["events"])
    assert made["id"] in told and "integration.deleted" in told and secret not in told
    assert secret not in json.dumps(admin.call("system.audit"))


def test_what_is_wrong_is_named(admin):
    good = {"url": "https://example.com/hook"}
    cases = [
        ({"type": "carrier-pigeon", "name": "a", "config": {}}, "/type"),
        ({"type": "webhook", "name": "a", "config": {}}, "/config/url"),
        ({"type": "webhook", "name": "a", "config": good}, "/secrets/secret"),
        ({"type": "webhook", "name": "a", "config": {"url": "gopher://x.example"}}, "/config/url"),
        ({"type": "webhook", "name": "a", "config": good | {"x": 1}}, "/config/x"),
        ({"type": "webhook", "name": "a", "config": good, "secrets": {"key": "x"}}, "/secrets/key"),
        (
            {"type": "webhook", "name": "a", "config": good, "secrets": {"secret": "s3cret"}},
            "/secrets/secret",
        ),
        ({"type": "smtp", "name": "a", "config": {"host": "h", "from": "me"}}, "/config/from"),
        ({"type": "slack", "name": "a", "config": {}, "secrets": {"url": "x"}}, "/secrets/url"),
        (
            {"type": "http", "name": "a", "config": {
                "baseUrl": "https://a.example", "calls": {"x": {"path": "/"}}, "test": "y"}},
            "/config/test",
        ),
    ]
    for params, path in cases:
        failure = refused(admin, "integrations.create", **params)
        assert failure.name == "VALIDATION_ERROR" and path in failure.paths, (params, failure)
        assert "s3cret" not in str(failure)
    made = create(admin, "ics", {"url": "https://example.com/a.ics"})
    assert refused(
        admin, "integrations.create", type="ics", name="it", config=made["config"]
    ).name == "CONFLICT"
    assert "/direction" in refused(
        admin, "integrations.sync", id=made["id"], direction="push"
    ).paths
    assert "/call" in refused(admin, "integrations.call", id=made["id"], call="nothing").paths


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/", "http://localhost:1/", "http://[::1]:1/", "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/", "http://[::ffff:127.0.0.1]:1/",
        "http://0x7f000001:1/", "http://2130706433:1/", "http://192.168.1.1/",
    ],
)
def test_private_and_local_addresses_are_out_of_reach(shared, url):
    with Client(shared.url) as client:
        made = create(client, "ics", {"url": url})
        answer = client.call("integrations.test", id=made["id"])
        assert not answer["ok"] and answer["error"]["code"] == "VALIDATION_ERROR", answer
        assert "outbound.allowedAddresses" in answer["error"]["message"]
        assert not answer["error"]["retryable"]
        client.call("integrations.delete", id=made["id"])


def test_a_redirect_is_not_followed(admin, service):
    service.answers.append((302, "", {"Location": "http://169.254.169.254/"}))
    made = create(admin, "ics", {"url": service.url})
    answer = admin.call("integrations.test", id=made["id"])
    assert not answer["ok"] and answer["status"] == 302


# --- services ----------------------------------------------------------------------------------


def test_calls_of_ones_own_are_filled_in(admin, service):
    made = create(
        admin,
        "http",
        {
            "baseUrl": service.url, "authentication": "basic", "user": "me", "test": "list",
            "headers": {"X-Team": "blue"}, "pull": "list", "push": "add",
            "calls": {
                "list": {"path": "/items/{{kind}}", "query": {"q": "{{text}}"}},
                "add": {"method": "POST", "path": "/items", "body": {"n": "{{n}}", "t": "{{t}}"}},
            },
        },
        password="pass:word",
    )
    service.answers.append((200, {"items": [1, 2]}))
    answer = admin.call(
        "integrations.call", id=made["id"], call="list", params={"kind": "a/b", "text": "x&y"}
    )
    assert answer["ok"] and answer["status"] == 200 and answer["result"] == {"items": [1, 2]}
    assert answer["latencyMs"] > 0
    (asked,) = service.requests
    assert asked.target == "/items/a%2Fb?q=x%26y" and asked.basic == ["me", "pass:word"]
    assert asked.headers["X-Team"] == "blue"
    admin.call("integrations.call", id=made["id"], call="add", params={"n": 3})
    assert service.requests[1].method == "POST" and service.requests[1].json == {"n": 3}


PRESETS = [
    # type, config, secrets, push params, (method, path, what it carries), pull params, pull path
    (
        "x", {"userId": "7"}, {"text": "Hi"}, ("POST", "/tweets", {"text": "Hi"}),
        {"limit": 5}, "/users/7/tweets",
    ),
    (
        "facebook", {"pageId": "9"}, {"message": "Hi", "link": "https://a.example/"},
        ("POST", "/9/feed", {"message": "Hi", "link": "https://a.example/"}), {}, "/9/posts",
    ),
    (
        "linkedin", {"author": "urn:li:person:1", "version": "202511"}, {"text": "Hi"},
        ("POST", "/rest/posts", {"author": "urn:li:person:1", "commentary": "Hi"}),
        {}, "/rest/posts",
    ),
    (
        "instagram", {"accountId": "5"}, {"creationId": "6"},
        ("POST", "/5/media_publish", {"creation_id": "6"}), {}, "/5/media",
    ),
    (
        "google-analytics", {"propertyId": "3", "measurementId": "G-1"},
        {"clientId": "c", "name": "sale", "params": {"value": 2}},
        ("POST", "/mp/collect", {"client_id": "c"}),
        {"from": "7daysAgo", "to": "today", "metrics": [{"name": "sessions"}]},
        "/properties/3:runReport",
    ),
    (
        "facebook-pixel", {"pixelId": "8"}, {"events": [{"event_name": "Purchase"}]},
        ("POST", "/8/events", {"data": [{"event_name": "Purchase"}]}), None, None,
    ),
    (
        "stripe", {}, {"email": "a+b@example.com", "idempotencyKey": "k1"},
        ("POST", "/v1/customers", {"email": "a+b@example.com"}), {"limit": 3}, "/v1/charges",
    ),
]


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset[0])
def test_presets_publish_and_read(admin, service, preset):
    kind, config, push, (method, path, carried), pull, pull_path = preset
    secrets = {"token": "the-token"}
    if kind == "google-analytics":
        config = config | {"collectUrl": service.url}
        secrets["apiSecret"] = "collect-secret"
    made = create(admin, kind, config | {"baseUrl": service.url}, **secrets)
    assert admin.call("integrations.test", id=made["id"])["ok"]

    def proves_itself(request):
        if request.path == "/mp/collect":
            assert request.query["api_secret"] == ["collect-secret"]
        elif kind == "facebook-pixel":
            assert request.query["access_token"] == ["the-token"]
        else:
            assert request.headers["Authorization"] == "Bearer the-token"

    def sync(direction, params):
        task = admin.call("integrations.sync", id=made["id"], direction=direction, params=params)
        assert task["type"] == "integration.sync"
        task = admin.call("tasks.wait", id=task["id"], timeoutMs=60_000)
        assert task["status"] == "completed", task
        return task["result"]

    service.answers.append((200, {"id": "made"}))
    assert sync("push", push)["result"] == {"id": "made"}
    pushed = service.requests[-1]
    assert (pushed.method, pushed.path) == (method, path)
    is_form = pushed.headers["Content-Type"] == "application/x-www-form-urlencoded"
    sent = pushed.form if is_form else pushed.json
    assert {name: sent[name] for name in carried} == carried
    if pull is not None:
        sync("pull", pull)
        assert service.requests[-1].path == pull_path
        last = wait_until(
            lambda: (admin.call("integrations.get", id=made["id"]).get("lastSync") or {})
            .get("direction") == "pull"
            and admin.call("integrations.get", id=made["id"])["lastSync"]
        )
        assert last["ok"] and last["message"] == "ok"
    else:
        assert "/direction" in refused(
            admin, "integrations.sync", id=made["id"], direction="pull"
        ).paths
    for request in service.requests:
        proves_itself(request)
    if kind == "linkedin":
        assert pushed.headers["LinkedIn-Version"] == "202511"
        assert pushed.headers["X-Restli-Protocol-Version"] == "2.0.0"
    if kind == "stripe":
        assert pushed.headers["Idempotency-Key"] == "k1"


def test_a_chat_is_posted_to_at_an_address_that_is_a_secret(admin, service):
    path = "/services/T0/B0/the-secret-part"
    made = create(admin, "slack", {"username": "hub"}, url=service.url + path)
    service.answers.append((400, "no_text"))
    assert admin.call("integrations.test", id=made["id"])["ok"]
    service.answers.append((200, "ok"))
    answer = admin.call("integrations.call", id=made["id"], call="post", params={"text": "Ahoi ⚓"})
    assert answer["ok"] and answer["result"] == "ok"
    assert service.requests[1].path == path
    assert service.requests[1].json == {"text": "Ahoi ⚓", "username": "hub"}
    service.answers.append((404, "no_service"))
    answer = admin.call("integrations.call", id=made["id"], call="post", params={"text": "x"})
    assert not answer["ok"] and answer["error"]["code"] == "INTEGRATION_REFUSED"
    assert "the-secret-part" not in json.dumps(answer)


def test_calendars_are_read_and_written(admin, service):
    made = create(admin, "ics", {"url": service.url + "/team.ics"})
    service.answers.append((200, CALENDAR))
    answer = admin.call("integrations.call", id=made["id"], call="events")
    (event,) = answer["result"]["events"]
    assert event["summary"] == "Choir" and event["start"] == "2026-11-27T18:30:00Z"
    service.answers.append((200, "<html>"))
    assert not admin.call("integrations.call", id=made["id"], call="events")["ok"]

    made = create(
        admin, "caldav", {"url": service.url + "/cal/", "user": "me"}, name="dav", password="pw"
    )
    service.answers.append((207, "<multistatus/>"))
    assert admin.call("integrations.test", id=made["id"])["ok"]
    assert service.requests[-1].method == "PROPFIND" and service.requests[-1].headers["Depth"] == "0"
    status = (
        '<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:response>'
        f"<c:calendar-data>{CALENDAR}</c:calendar-data></d:response></d:multistatus>"
    )
    service.answers.append((207, status))
    answer = admin.call(
        "integrations.call", id=made["id"], call="events",
        params={"from": "20261101T000000Z", "to": "20261201T000000Z"},
    )
    assert answer["result"]["events"][0]["uid"] == "1"
    report = service.requests[-1]
    assert report.method == "REPORT" and report.path == "/cal/" and report.basic == ["me", "pw"]
    assert b'start="20261101T000000Z" end="20261201T000000Z"' in report.body
    service.answers.append((201, ""))
    put = {"uid": "a b", "ics": CALENDAR}
    assert admin.call("integrations.call", id=made["id"], call="put", params=put)["status"] == 201
    assert service.requests[-1].target == "/cal/a%20b.ics"
    assert service.requests[-1].body.decode() == CALENDAR


def test_language_models_are_connected_too(admin):
    mock = llm.MockProvider()
    try:
        for kind, path in llm.PATHS.items():
            made = create(
                admin, kind, {"model": "mock-1", "baseUrl": mock.url + path}, name=kind, key="k"
            )
            mock.scenario({"type": "reply", "text": "Hello there."})
            answer = admin.call(
                "integrations.call", id=made["id"], call="complete", params={"prompt": "Hi"}
            )
            assert answer["result"]["text"] == "Hello there."
            assert answer["result"]["engine"] == f"{kind}/mock-1"
            assert answer["result"]["completionTokens"] > 0
            assert admin.call("integrations.test", id=made["id"])["ok"]
    finally:
        mock.close()


# --- limits ------------------------------------------------------------------------------------


def test_a_service_that_fails_is_left_alone_and_comes_back(make_daemon, service):
    config = LOCAL | {"integrations": {"breakerFailures": 3, "breakerMs": 600_000}}
    daemon = make_daemon(config=config)
    with Client(daemon.url) as client:
        made = create(client, "stripe", {"baseUrl": service.url}, token="t")
        service.standard = (503, {})
        for _ in range(3):
            answer = client.call("integrations.test", id=made["id"])
            assert answer["status"] == 503 and answer["error"]["retryable"]
        assert client.call("integrations.test", id=made["id"])["error"]["code"] == "INTEGRATION_HELD"
        assert len(service.requests) == 3
        state = wait_until(
            lambda: client.call("integrations.get", id=made["id"])["status"] == "failing"
            and client.call("integrations.get", id=made["id"])
        )
        assert "503" in state["failure"]
        assert daemon.metrics()["omnihub_integrations_left_alone"] == 1
        # Whoever changes something has it tried again.
        service.standard = (200, {})
        client.call("integrations.update", id=made["id"], name="again")
        assert client.call("integrations.test", id=made["id"])["ok"]
        assert client.call("integrations.get", id=made["id"])["status"] == "active"
        assert daemon.metrics()["omnihub_integrations_left_alone"] == 0


def test_too_many_requests_are_held(make_daemon, service):
    daemon = make_daemon(config=LOCAL | {"integrations": {"callsPerMinute": 2}})
    with Client(daemon.url) as client:
        made = create(client, "stripe", {"baseUrl": service.url}, token="t")
        other = create(client, "stripe", {"baseUrl": service.url}, name="other", token="t")
        answers = [client.call("integrations.test", id=made["id"]) for _ in range(10)]
        assert sum(answer["ok"] for answer in answers) < 10
        held = [answer["error"] for answer in answers if not answer["ok"]]
        assert {error["code"] for error in held} == {"INTEGRATION_HELD"}
        # Another connection has its own.
        assert client.call("integrations.test", id=other["id"])["ok"]


def test_a_post_that_may_have_arrived_is_not_repeated(admin, service):
    made = create(admin, "x", {"baseUrl": service.url, "userId": "1"}, token="t")
    service.answers += [(500, {}), (200, {})]
    task = admin.call("integrations.sync", id=made["id"], direction="push", params={"text": "once"})
    task = admin.call("tasks.wait", id=task["id"], timeoutMs=60_000)
    assert task["status"] == "failed" and task["error"]["code"] == "INTEGRATION_REFUSED"
    assert len(service.requests) == 1
    # A read is, after as long as the service asks for.
    service.answers[:] = [(503, {}, {"Retry-After": "0"}), (200, {"data": []})]
    task = admin.call("integrations.sync", id=made["id"], direction="pull")
    task = admin.call("tasks.wait", id=task["id"], timeoutMs=60_000)
    assert task["status"] == "completed" and task["attempts"] == 2
    assert urllib.parse.urlsplit(service.requests[-1].target).path == "/users/1/tweets"


# --- secrets -----------------------------------------------------------------------------------


def test_secrets_survive_a_restart_and_are_in_no_file(make_daemon, service):
    secret = "sk_live_nobody_reads_this_anywhere"
    daemon = make_daemon(config=LOCAL)
    with Client(daemon.url) as client:
        made = create(client, "stripe", {"baseUrl": service.url}, token=secret)
        client.call("system.snapshot")
        client.call("integrations.update", id=made["id"], name="renamed")
    daemon.kill()
    daemon.start()
    with Client(daemon.url) as client:
        answer = client.call("integrations.get", id=made["id"])
        assert answer["name"] == "renamed" and answer["secrets"] == ["token"]
        assert client.call("integrations.test", id=made["id"])["ok"]
    assert service.requests[-1].headers["Authorization"] == f"Bearer {secret}"
    assert daemon.stop() == 0
    for path in daemon.folder.rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes(), path
    assert secret not in daemon.log
