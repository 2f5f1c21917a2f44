"""Requests that are slow, large, ambiguous, foreign or carry a secret in their URL."""

import time

import pytest

from wire import TEXT, Peer, frame, upgrade

PIPELINED = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def raw(shared):
    with Peer(shared.port) as peer:
        yield peer


def assert_refused(peer, status):
    """This answer, `Connection: close`, and then nothing more."""
    answer = peer.response()
    assert answer.status == status, (answer.status, answer.body)
    assert answer.fields["connection"].lower() == "close"
    assert peer.wait_end() == b""
    return answer


# --- origins ---------------------------------------------------------------------------------------

FOREIGN = {
    "foreign": {"Origin": "https://evil.example"},
    "null": {"Origin": "null"},
    "empty": {"Origin": ""},
    "another port": {"Origin": "http://127.0.0.1:1"},
    "another scheme": {"Origin": "https://127.0.0.1:{port}"},
    "an address as a prefix": {"Origin": "http://127.0.0.1.evil.example:{port}"},
    "localhost as a prefix": {"Origin": "http://localhost.evil.example:{port}"},
    "localhost as a suffix": {"Origin": "http://evil-localhost:{port}"},
    "user info": {"Origin": "http://127.0.0.1:{port}@evil.example"},
    "two in one": {"Origin": "http://127.0.0.1:{port} https://evil.example"},
    "a path": {"Origin": "http://127.0.0.1:{port}/"},
    "a file": {"Origin": "file://"},
    "a rebound name": {"Origin": "http://evil.example:{port}", "Host": "evil.example:{port}"},
    "a rebound name without port": {"Origin": "http://evil.example", "Host": "evil.example"},
    "a rebound prefix": {
        "Origin": "http://127.0.0.1.evil.example:{port}",
        "Host": "127.0.0.1.evil.example:{port}",
    },
    "localhost for the address": {"Origin": "http://localhost:{port}"},
}


@pytest.mark.parametrize("fields", FOREIGN.values(), ids=FOREIGN.keys())
def test_a_page_of_another_origin_gets_403_and_no_second_answer(shared, raw, fields):
    fields = {name: value.format(port=shared.port) for name, value in fields.items()}
    raw.send(upgrade(shared.port, **fields) + PIPELINED + frame(TEXT, b"{}"))
    assert_refused(raw, 403)


def test_two_origins_are_refused(shared, raw):
    own = f"http://127.0.0.1:{shared.port}"
    request = upgrade(shared.port, Origin=own).replace(b"\r\n\r\n", b"\r\nOrigin: null\r\n\r\n")
    raw.send(request)
    assert_refused(raw, 403)


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "LocalHost:{port}"])
def test_a_page_of_this_hub_may_connect(shared, raw, host):
    host = host.format(port=shared.port)
    raw.send(upgrade(shared.port, Host=host, Origin=f"http://{host.lower()}"))
    assert raw.response().status == 101


def test_a_configured_origin_may_connect_and_its_neighbours_may_not(make_daemon):
    daemon = make_daemon(config={"origins": ["https://app.example.org"]})
    for origin, status in {
        "https://app.example.org": 101,
        "https://app.example.org:443": 101,
        "http://app.example.org": 403,
        "https://app.example.org.evil.example": 403,
        "https://evil-app.example.org": 403,
        "https://example.org": 403,
        "https://app.example.org:8443": 403,
    }.items():
        with Peer(daemon.port) as peer:
            peer.send(upgrade(daemon.port, Origin=origin))
            assert peer.response().status == status, origin


def test_a_rebound_name_cannot_read_metrics(raw):
    raw.send(b"GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n")
    assert raw.response().status == 421


# --- ambiguous and malformed -----------------------------------------------------------------------


def get(*lines, path="/health", version="HTTP/1.1"):
    head = [f"GET {path} {version}", "Host: localhost", *lines]
    return ("\r\n".join(head) + "\r\n\r\n").encode("latin-1")


BAD = {
    "length and transfer coding": get("Content-Length: 1", "Transfer-Encoding: chunked"),
    "two lengths": get("Content-Length: 0", "Content-Length: 1"),
    "two equal lengths": get("Content-Length: 0", "Content-Length: 0"),
    "a list of lengths": get("Content-Length: 0, 0"),
    "a negative length": get("Content-Length: -1"),
    "a length with a plus": get("Content-Length: +1"),
    "a length in hexadecimal": get("Content-Length: 0x1"),
    "bare line feeds": b"GET /health HTTP/1.1\nHost: localhost\n\n",
    "one bare line feed": b"GET /health HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n",
    "a bare carriage return": b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n",
    "a folded line": get("X: a", " b"),
    "a folded line with a tab": get("X: a", "\tb"),
    "a space before the colon": get("X : a"),
    "a line without a colon": get("X"),
    "an empty name": get(": a"),
    "a NUL": get("X: a\0b"),
    "no host": b"GET /health HTTP/1.1\r\n\r\n",
    "two hosts": get("Host: localhost"),
    "a bad host": b"GET /health HTTP/1.1\r\nHost: a b\r\n\r\n",
    "no version": b"GET /health\r\nHost: localhost\r\n\r\n",
    "two spaces": b"GET  /health HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "an absolute target": get(path="http://localhost/health"),
    "a chunk size that is no number": get("Transfer-Encoding: chunked") + b"xyz\r\n",
    "garbage": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
}


@pytest.mark.parametrize("request_", BAD.values(), ids=BAD.keys())
def test_an_ambiguous_request_is_refused(raw, good_client, request_):
    raw.send(request_ + PIPELINED)
    assert_refused(raw, 400)


@pytest.mark.parametrize(
    "length", [2**20 + 1, 2**31, 2**63, 2**64 - 1, 2**64, 10**30], ids=lambda length: f"{length:x}"
)
def test_a_body_of_any_length_beyond_the_limit_is_refused(raw, good_client, length):
    raw.send(get(f"Content-Length: {length}") + PIPELINED)
    assert_refused(raw, 413)


@pytest.mark.parametrize("size", [b"100001", b"7" + b"f" * 15, b"f" * 16, b"1" * 17])
def test_a_chunk_of_any_size_beyond_the_limit_is_refused(raw, good_client, size):
    raw.send(get("Transfer-Encoding: chunked") + size + b"\r\n" + PIPELINED)
    assert_refused(raw, 413)


def with_line(request, line):
    return request.replace(b"\r\n\r\n", b"\r\n" + line + b"\r\n\r\n")


def test_a_body_on_an_upgrade_is_refused(shared, raw):
    raw.send(with_line(upgrade(shared.port), b"Content-Length: 3") + b"abc" + PIPELINED)
    assert_refused(raw, 400)


def test_a_chunked_body_on_an_upgrade_is_refused(shared, raw):
    raw.send(with_line(upgrade(shared.port), b"Transfer-Encoding: chunked") + b"0\r\n\r\n")
    assert_refused(raw, 400)


@pytest.mark.parametrize("version", ["HTTP/2.0", "HTTP/0.9", "HTTP/1.2"])
def test_another_version_of_http_is_not_spoken(raw, version):
    raw.send(get(version=version) + PIPELINED)
    assert_refused(raw, 505)


UPGRADES = {
    "another method": ({"method": "POST"}, 405),
    "http/1.0": ({"version": "HTTP/1.0"}, 400),
    "no upgrade field": ({"Upgrade": None}, 426),
    "another upgrade": ({"Upgrade": "h2c"}, 426),
    "no connection option": ({"Connection": "keep-alive"}, 400),
    "no websocket version": ({"Sec_WebSocket_Version": None}, 426),
    "websocket version 12": ({"Sec_WebSocket_Version": "12"}, 426),
    "websocket version 0": ({"Sec_WebSocket_Version": "0"}, 426),
    "no key": ({"Sec_WebSocket_Key": None}, 400),
    "an empty key": ({"Sec_WebSocket_Key": ""}, 400),
    "a key of 15 bytes": ({"Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAA"}, 400),
    "a key that is not base64": ({"Sec_WebSocket_Key": "!!!!!!!!!!!!!!!!!!!!!!=="}, 400),
    "a key with bits to spare": ({"Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAB=="}, 400),
}


@pytest.mark.parametrize(("fields", "status"), UPGRADES.values(), ids=UPGRADES.keys())
def test_a_wrong_handshake_is_refused(shared, raw, fields, status):
    raw.send(upgrade(shared.port, **fields) + PIPELINED)
    answer = assert_refused(raw, status)
    if status == 426:
        assert answer.fields["sec-websocket-version"] == "13"
    if status == 405:
        assert "GET" in answer.fields["allow"]


def test_plain_requests_keep_the_connection(raw):
    raw.send(PIPELINED * 3)
    assert [raw.response().status for _ in range(3)] == [200, 200, 200]
    raw.send(b"POST /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
    assert raw.response().status == 405
    raw.send(b"GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert raw.response().status == 404


# --- large and slow --------------------------------------------------------------------------------


def test_more_than_100_fields_are_refused(raw, good_client):
    raw.send(get(*[f"X-{number}: y" for number in range(98)]))
    assert raw.response().status == 200
    raw.send(get(*[f"X-{number}: y" for number in range(100)]) + PIPELINED)
    assert_refused(raw, 431)


def test_a_large_head_is_refused(raw, good_client, flat_memory):
    raw.send(get("X: " + "y" * 20_000) + PIPELINED)
    assert_refused(raw, 431)


def test_a_long_target_is_refused(raw):
    raw.send(get(path="/" + "y" * 9_000))
    assert_refused(raw, 414)


def test_20_megabytes_of_a_head_are_not_read(raw, good_client, flat_memory):
    raw.send(b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: ")
    start = time.monotonic()
    for _ in range(20 << 20 >> 16):
        if not raw.try_send(b"y" * 65_536):
            break
    assert time.monotonic() - start < 10


def test_a_head_that_comes_a_byte_at_a_time_takes_linear_time(shared, raw, good_client, flat_memory):
    raw.send(b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: ")
    raw.socket.settimeout(20)
    start = time.monotonic()
    sent = 0
    while sent < 20 << 20 and raw.try_send(b"y"):
        sent += 1
        if sent % 1_000 == 0:
            raw.socket.setblocking(False)
            try:
                raw._more()
            except BlockingIOError:
                pass
            except ConnectionError:
                break
            raw.socket.settimeout(20)
            if raw.buffer:
                break
    assert sent < 40_000, "the limit is 16 KiB"
    assert time.monotonic() - start < 10
    assert raw.response().status == 431


def test_a_slow_head_is_ended_within_10_seconds(raw, good_client):
    raw.send(b"GET /health HTTP/1.1\r\n")
    start = time.monotonic()
    answer = assert_refused(raw, 408)
    assert 9 < time.monotonic() - start < 12, answer


@pytest.mark.parametrize("drip", [b"", b"X: y\r\n"], ids=["silence", "drops"])
def test_a_slow_head_is_ended_when_its_time_is_over(make_daemon, drip):
    daemon = make_daemon(config={"timeouts": {"requestMs": 500}})
    with Peer(daemon.port) as peer:
        peer.send(b"GET /ws HTTP/1.1\r\nHost: localhost\r\n")
        start = time.monotonic()
        peer.socket.settimeout(0.05)
        while not peer.buffer and time.monotonic() - start < 5:
            peer.try_send(drip)
            try:
                if not peer._more():
                    break
            except (TimeoutError, ConnectionError):
                pass
        peer.socket.settimeout(20)
        assert peer.response().status == 408
        assert time.monotonic() - start < 5


def test_a_connection_without_a_request_is_ended(make_daemon):
    daemon = make_daemon(config={"timeouts": {"requestMs": 300, "idleMs": 300}})
    with Peer(daemon.port) as silent, Peer(daemon.port) as idle:
        idle.send(PIPELINED)
        assert idle.response().status == 200
        assert silent.wait_end() in (b"",) and idle.wait_end() == b""


# --- secrets ---------------------------------------------------------------------------------------

SECRET = "hunter2-5ecre7-t0ken"


@pytest.mark.parametrize("path", ["/ws", "/health", "/metrics", "/nowhere"])
@pytest.mark.parametrize(
    "name", ["token", "access_token", "accessToken", "api-key", "%74oken", "jwt", "password"]
)
def test_a_token_in_the_query_is_refused(shared, raw, path, name):
    target = f"{path}?a=b&{name}={SECRET}"
    raw.send(upgrade(shared.port, path=target) if path == "/ws" else get(path=target))
    answer = assert_refused(raw, 400)
    assert SECRET.encode() not in answer.body


def test_a_secret_appears_in_no_log_metric_or_error(make_daemon):
    daemon = make_daemon(arguments=["--log-level", "debug"])
    requests = [
        upgrade(daemon.port, path=f"/ws?token={SECRET}"),
        upgrade(daemon.port, path=f"/ws?access_token={SECRET}", Origin=f"https://{SECRET}.example"),
        upgrade(daemon.port, Authorization=f"Bearer {SECRET}"),
        upgrade(daemon.port, Sec_WebSocket_Protocol=f"omnihub.v1, bearer.{SECRET}"),
        upgrade(daemon.port, Sec_WebSocket_Key=SECRET),
        get(f"Authorization: Bearer {SECRET}", path=f"/{SECRET}?token={SECRET}"),
        get(f"{SECRET} : x"),
        f"GET /?token={SECRET} {SECRET}\r\n\r\n".encode(),
        f"{SECRET} / HTTP/1.1\r\n\r\n".encode(),
    ]
    answers = b""
    for request in requests:
        with Peer(daemon.port) as peer:
            peer.send(request)
            peer.socket.shutdown(1)
            answers += peer.wait_end()
    with Peer.websocket(daemon.port) as peer:
        peer.send(
            frame(
                TEXT,
                b'{"jsonrpc":"2.0","id":1,"method":"session.authenticate","params":{"accessToken":"'
                + SECRET.encode()
                + b'"}}',
            )
        )
        answers += peer.frame()[1]
    metrics = daemon.get("/metrics")
    assert daemon.stop() == 0
    assert SECRET.encode() not in answers
    assert SECRET not in metrics and SECRET not in daemon.log
    assert SECRET not in daemon.process.stdout.text
