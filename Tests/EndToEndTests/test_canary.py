"""A secret that is given in every place where one can be given is seen in no place but there."""

import base64
import json
import re
import secrets

import pytest

from certificates import Authority
from client import Client, Failure
from daemon import Process
from wire import TEXT, Peer, frame, upgrade


class Canary:
    """A secret that nothing else can contain, in the forms in which it could be written down."""

    def __init__(self):
        self.text = "canary-" + secrets.token_hex(16)

    def basic(self):
        return base64.b64encode(f"admin:{self.text}".encode()).decode()

    def is_in(self, data):
        if isinstance(data, str):
            data = data.encode()
        plain = self.text.encode()
        inner = base64.b64encode(b"\0\0\0" + plain)[4:-4]
        forms = [plain, plain[::-1], plain.hex().encode(), plain[7:], inner, self.basic().encode()]
        lower = data.lower()
        return [form for form in forms if form in data or form.lower() in lower]


def http(path="/health", *fields, method="GET", body=""):
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", *fields]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def requests(port, canary):
    """The secret in everything that can be said before a session."""
    secret = canary.text
    names = ("token", "access_token", "accessToken", "api-key", "password", "jwt", "secret", "%6bey")
    for name in names:
        yield upgrade(port, path=f"/ws?{name}={secret}")
        yield http(f"/health?a=b&{name}={secret}")
        yield http(f"/rpc?{name}={secret}", method="POST", body="{}")
    for value in (f"Bearer {secret}", f"bearer  {secret}", f"Basic {canary.basic()}", secret):
        yield upgrade(port, Authorization=value)
        yield http("/metrics", f"Authorization: {value}")
    yield http("/health", f"Authorization: Bearer {secret}", f"Authorization: Bearer {secret}")
    for offer in (f"omnihub.v1, bearer.{secret}", f"bearer.{secret}", f"bearer.{secret}, bearer.x"):
        yield upgrade(port, Sec_WebSocket_Protocol=offer)
    yield upgrade(port, Cookie=f"session={secret}")
    yield upgrade(port, Origin=f"https://user:{secret}@evil.example")
    yield http("/health", f"Proxy-Authorization: Basic {canary.basic()}", f"X-Api-Key: {secret}")
    yield http("/health", f"Cookie : {secret}")
    yield http(f"/{secret} HTTP/9.9")
    for path in ("/api/auth/login", "/api/auth/refresh", "/api/auth/register", "/rpc"):
        body = json.dumps({"email": "a@example.org", "password": secret, "refreshToken": secret})
        yield http(path, f"Authorization: Bearer {secret}", method="POST", body=body)


CALLS = [
    ("session.authenticate", lambda secret: {"accessToken": secret}),
    ("session.authenticate", lambda secret: {"accessToken": [secret]}),
    ("auth.login", lambda secret: {"email": "a@example.org", "password": secret}),
    ("auth.login", lambda secret: {"email": "a@example.org", "password": {"is": secret}}),
    ("auth.register", lambda secret: {"email": "b@example.org", "name": "B", "password": secret}),
    ("auth.refresh", lambda secret: {"refreshToken": secret}),
    ("auth.logout", lambda secret: {"refreshToken": secret}),
    ("hub.subscribe", lambda secret: {"channel": "app.x", "token": secret}),
]


def messages(canary):
    """The secret in everything that a session can be told to prove who it is."""
    for number, (method, params) in enumerate(CALLS):
        message = {"jsonrpc": "2.0", "id": number, "method": method, "params": params(canary.text)}
        yield json.dumps(message)
        # A notification has no answer, and what is not JSON is not repeated.
        yield json.dumps({key: message[key] for key in ("jsonrpc", "method", "params")})
        yield json.dumps(message)[:-1]


def tell(port, message):
    """What a new session is told in answer, up to its end or to the answer of a ping."""
    heard = b""
    with Peer.websocket(port) as peer:
        peer.send(frame(TEXT, message.encode()))
        peer.send(frame(TEXT, b'{"jsonrpc":"2.0","id":"last","method":"session.ping"}'))
        while b'"last"' not in heard:
            try:
                heard += peer.frame()[1]
            except (EOFError, ConnectionError):
                break
    return heard


@pytest.mark.parametrize("dev", [True, False], ids=["dev", "production"])
def test_it_is_in_no_answer_log_metric_event_snapshot_or_journal(make_daemon, dev):
    canary = Canary()
    hub = make_daemon(
        dev=dev,
        arguments=["--log-level", "debug"],
        config={"auth": {"publicMetrics": True}},
        environment={name: canary.text for name in ("OMNIHUB_TOKEN", "SECRET_KEY", "PASSWORD")},
    )
    heard = {}
    for request in requests(hub.port, canary):
        with Peer(hub.port) as peer:
            peer.send(request)
            peer.socket.shutdown(1)
            heard[request] = peer.wait_end()
    assert {b"HTTP/1.1 400", b"HTTP/1.1 200"} <= {answer[:12] for answer in heard.values()}
    for message in messages(canary):
        heard[message] = tell(hub.port, message)
    for asked, answer in heard.items():
        # The subprotocol that a client offered may be selected, but not the one with its secret.
        assert not canary.is_in(answer), (asked, answer)

    if dev:
        with Client(hub.url) as client:
            for channel in ("system", "audit", "tasks", "agents"):
                try:
                    history = client.call("hub.history", channel=channel, limit=1000)
                except Failure:
                    continue
                assert not canary.is_in(json.dumps(history)), channel
            assert not canary.is_in(json.dumps(client.call("session.info")))
            client.call("system.snapshot")
    assert not canary.is_in(hub.get("/metrics")) and not canary.is_in(hub.get("/health"))
    assert hub.stop() == 0
    assert not canary.is_in(hub.log) and not canary.is_in(hub.process.stdout.text)
    files = [path for path in hub.state.rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert not canary.is_in(path.read_bytes()), path


def test_files_of_the_hub_are_its_own(make_daemon):
    hub = make_daemon()
    with Client(hub.url) as client:
        client.call("system.snapshot")
    assert hub.stop() == 0
    paths = [hub.state, *hub.state.rglob("*")]
    assert len(paths) > 5
    for path in paths:
        assert path.stat().st_mode & 0o077 == 0, (path, oct(path.stat().st_mode))


def test_a_private_key_is_told_to_nobody(make_daemon, tmp_path):
    authority = Authority(tmp_path / "authority")
    certificate, key = authority.certify("hub")
    hub = make_daemon(
        arguments=["--tls-certificate", certificate, "--tls-key", key, "--log-level", "debug"],
        tls=authority.context(),
    )
    lines = [line for line in key.read_text().splitlines() if not line.startswith("-")]
    metrics = hub.get("/metrics")
    assert hub.stop() == 0
    for line in lines:
        assert line not in metrics and line not in hub.log
        for path in hub.state.rglob("*"):
            assert not path.is_file() or line.encode() not in path.read_bytes()


@pytest.mark.parametrize("mode", [[], ["--check-config"], ["--print-config"]])
def test_a_key_in_place_of_its_file_is_refused_and_not_repeated(tmp_path, mode):
    """Somebody may take the key for what belongs there."""
    key = Authority(tmp_path / "authority").certify("hub")[1].read_text()
    config = tmp_path / "config.json5"
    config.write_text(json.dumps({"tls": {"certificate": "certificate.pem", "key": key}}))
    config.chmod(0o600)
    done = Process("omnihubd", "--config", config, "--state-dir", tmp_path / "state", *mode)
    assert done.wait() == 78
    assert re.search("tls.key: .*the path of a file", done.stderr.text)
    inner = [line for line in key.splitlines() if not line.startswith("-")]
    for line in inner:
        assert line not in done.stderr.text + done.stdout.text


def test_a_bad_file_of_secrets_is_not_repeated(tmp_path):
    canary = Canary()
    authority = Authority(tmp_path / "authority")
    certificate, _ = authority.certify("hub")
    key = tmp_path / "damaged.key"
    key.write_text(f"-----BEGIN PRIVATE KEY-----\n{canary.text}\n-----END PRIVATE KEY-----\n")
    key.chmod(0o600)
    done = Process(
        "omnihubd", "--listen", "127.0.0.1:0", "--state-dir", tmp_path / "state",
        "--tls-certificate", certificate, "--tls-key", key, "--log-level", "debug",
    )
    assert done.wait() == 78
    assert not canary.is_in(done.stderr.text + done.stdout.text)
