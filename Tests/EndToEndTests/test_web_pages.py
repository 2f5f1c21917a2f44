"""What browsers are told with every answer, and what pages of other origins may do."""

import json

import pytest

from certificates import Authority
from daemon import Daemon
from wire import TEXT, Peer, frame, upgrade

APP = "https://app.example.org"


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    daemon = Daemon(tmp_path_factory.mktemp("hub"), config={"origins": [APP]}).start()
    yield daemon
    daemon.check()


def answer(port, request):
    """The first answer to `request`."""
    with Peer(port) as peer:
        peer.send(request)
        return peer.response()


def request(hub, line, **fields):
    lines = [f"{line} HTTP/1.1", f"Host: 127.0.0.1:{hub.port}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return answer(hub.port, ("\r\n".join(lines) + "\r\n\r\n").encode())


def assert_guarded(fields):
    policy = dict(
        part.strip().split(" ", 1) for part in fields["content-security-policy"].split(";")
    )
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in fields["content-security-policy"]
    assert fields["x-content-type-options"] == "nosniff"
    assert fields["referrer-policy"] == "no-referrer"
    assert fields["cross-origin-resource-policy"] == "same-origin"
    assert "set-cookie" not in fields
    assert "access-control-allow-credentials" not in fields


ANSWERS = {
    200: b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n",
    400: b"GET /health?token=1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    404: b"GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n",
    405: b"DELETE /health HTTP/1.1\r\nHost: localhost\r\n\r\n",
    413: b"GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999\r\n\r\n",
    421: b"GET /health HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    426: b"GET /ws HTTP/1.1\r\nHost: localhost\r\n\r\n",
    431: b"GET / HTTP/1.1\r\nHost: localhost\r\n" + 200 * b"A: b\r\n" + b"\r\n",
    501: b"X" * 40 + b" / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    505: b"GET / HTTP/2.7\r\nHost: localhost\r\n\r\n",
}


@pytest.mark.parametrize("status", ANSWERS)
def test_every_answer_guards_the_page_that_shows_it(hub, status):
    found = answer(hub.port, ANSWERS[status])
    assert found.status == status
    assert_guarded(found.fields)
    assert "strict-transport-security" not in found.fields


def test_a_refused_page_is_guarded_too(hub):
    found = answer(hub.port, upgrade(hub.port, Origin="https://evil.example"))
    assert found.status == 403
    assert_guarded(found.fields)


def test_who_is_turned_away_is_guarded_too(make_daemon):
    daemon = make_daemon(config={"limits": {"maxConnections": 1}})
    with Peer(daemon.port), Peer(daemon.port) as second:
        found = second.response()
    assert found.status == 503 and int(found.fields["retry-after"]) > 0
    assert_guarded(found.fields)


def test_a_request_that_is_too_slow_is_guarded_too(make_daemon):
    daemon = make_daemon(config={"timeouts": {"requestMs": 100}})
    found = answer(daemon.port, b"GET / HTTP/1.1\r\n")
    assert found.status == 408
    assert_guarded(found.fields)


@pytest.mark.parametrize("seconds", [31_536_000, 60, 0])
def test_browsers_that_came_over_tls_are_to_come_so_again(make_daemon, tmp_path, seconds):
    authority = Authority(tmp_path / "authority")
    certificate, key = authority.certify("hub")
    config = {} if seconds == 31_536_000 else {"tls": {"strictTransportSeconds": seconds}}
    hub = make_daemon(
        config=config,
        arguments=["--tls-certificate", certificate, "--tls-key", key],
        tls=authority.context(),
    )
    with Peer(hub.port) as peer:
        peer.socket = authority.context().wrap_socket(peer.socket, server_hostname="localhost")
        peer.send(ANSWERS[200])
        found = peer.response()
    assert found.status == 200
    assert_guarded(found.fields)
    expected = f"max-age={seconds}" if seconds else None
    assert found.fields.get("strict-transport-security") == expected
    # Who came without TLS was told by anybody on the way, so is not told that.
    plain = answer(hub.port, ANSWERS[200])
    assert plain.status == 400 and "strict-transport-security" not in plain.fields


# --- pages of other origins ------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/health", "/metrics", "/openrpc.json", "/nowhere"])
def test_a_configured_origin_may_read_answers(hub, path):
    fields = request(hub, f"GET {path}", Origin=APP).fields
    assert fields["access-control-allow-origin"] == APP
    assert fields["vary"] == "Origin"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"{APP}.evil.example"])
def test_another_origin_may_not_read_answers(hub, origin):
    found = request(hub, "GET /health", Origin=origin)
    assert found.status == 200
    assert found.fields["vary"] == "Origin"
    assert not any(name.startswith("access-control") for name in found.fields)


def test_a_configured_origin_may_ask_what_it_may_send(hub):
    found = request(hub, "OPTIONS /health", Origin=APP, Access_Control_Request_Method="POST")
    assert found.status == 204
    assert found.fields["access-control-allow-origin"] == APP
    assert "Authorization" in found.fields["access-control-allow-headers"]
    assert "POST" in found.fields["access-control-allow-methods"]


def test_another_origin_may_send_nothing(hub):
    found = request(
        hub, "OPTIONS /health", Origin="https://evil.example", Access_Control_Request_Method="PUT"
    )
    assert found.status == 403
    assert not any(name.startswith("access-control") for name in found.fields)


def test_a_foreign_page_cannot_post_without_asking(hub):
    with Peer(hub.port) as peer:
        peer.send(
            f"POST /rpc HTTP/1.1\r\nHost: 127.0.0.1:{hub.port}\r\nOrigin: https://evil.example\r\n"
            "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}".encode()
        )
        found = peer.response()
        assert found.status == 403 and found.fields["connection"] == "close"


# --- cookies ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cookie", ["session=dev", "accessToken=x; token=y", "omnihub=admin", "Authorization=Bearer x"]
)
def test_a_cookie_gives_no_authority_and_none_is_set(make_daemon, cookie):
    hub = make_daemon(dev=False)
    with Peer(hub.port) as peer:
        peer.send(upgrade(hub.port, Cookie=cookie))
        opened = peer.response()
        assert opened.status == 101 and "set-cookie" not in opened.fields
        welcome = json.loads(peer.frame()[1])
        assert welcome["params"]["authenticated"] is False
        peer.send(frame(TEXT, b'{"jsonrpc":"2.0","id":1,"method":"tasks.list"}'))
        assert json.loads(peer.frame()[1])["error"]["data"]["code"] == "UNAUTHENTICATED"
