"""TLS: who speaks it, with whom, and what a certificate's renewal does to those who are connected."""

import asyncio
import json
import signal
import socket
import ssl
import subprocess
import time

import aiohttp
import pytest
from cryptography import x509

from certificates import Authority
from client import Client
from daemon import Process, wait_until
from wire import CLOSE, TEXT, Peer, frame, upgrade

V12, V13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def files(authority):
    return authority.certify("first")


def arguments(files):
    return ["--tls-certificate", files[0], "--tls-key", files[1]]


@pytest.fixture
def make_hub(make_daemon, authority, files):
    """Starts daemons that speak TLS."""

    def make(files=files, config=None, more=(), **options):
        context = options.pop("tls", authority.context())
        return make_daemon(
            config=config, arguments=[*arguments(files), *more], tls=context, **options
        )

    return make


@pytest.fixture
def hub(make_hub):
    return make_hub()


class SecurePeer(Peer):
    """A peer of raw bytes whose socket speaks TLS."""

    def __init__(self, port, context, receive_buffer=None, session=None, handshake=True):
        super().__init__(port, receive_buffer=receive_buffer)
        self.socket = context.wrap_socket(
            self.socket,
            server_hostname="localhost",
            session=session,
            do_handshake_on_connect=handshake,
            suppress_ragged_eofs=False,
        )

    @classmethod
    def websocket(cls, port, context, **options):
        peer = cls(port, context, **options)
        peer.send(upgrade(port))
        assert peer.response().status == 101
        opcode, payload = peer.frame()
        assert opcode == TEXT and b"session.welcome" in payload
        return peer


def serial(peer):
    return x509.load_der_x509_certificate(peer.socket.getpeercert(True)).serial_number


# --- clients that this project did not write -----------------------------------------------------


@pytest.mark.parametrize("version", [V12, V13], ids=["1.2", "1.3"])
def test_websockets_connects(make_hub, authority, version):
    hub = make_hub()
    assert hub.url.startswith("wss://")
    with Client(hub.url, ssl=authority.context(version)) as client:
        assert client.call("session.ping")
        feed = client.subscribe("app.tls")
        client.call("hub.publish", channel="app.tls", data=1)
        assert feed.next()["data"] == 1


def test_aiohttp_connects(hub):
    async def talk():
        async with aiohttp.ClientSession() as session:
            async with session.ws_connect(hub.url, ssl=hub.tls) as socket:
                return json.loads((await socket.receive()).data)["method"]

    assert asyncio.run(talk()) == "session.welcome"


def test_messages_are_compressed_within_tls(hub):
    options = {"ssl": hub.tls, "compression": "deflate"}
    with Client(hub.url, **options) as publisher, Client(hub.url, **options) as subscriber:
        names = [type(one).__name__ for one in subscriber.socket.protocol.extensions]
        assert names == ["PerMessageDeflate"]
        feed = subscriber.subscribe("app.compressed")
        for size in (10, 1_000, 100_000):
            publisher.call("hub.publish", channel="app.compressed", data="x" * size)
            assert feed.next()["data"] == "x" * size


def test_a_web_page_of_this_server_may_connect_by_https_only(hub):
    for scheme, status in (("https", 101), ("http", 403)):
        with SecurePeer(hub.port, hub.tls) as peer:
            peer.send(upgrade(hub.port, Origin=f"{scheme}://127.0.0.1:{hub.port}"))
            assert peer.response().status == status


# --- what is agreed on ---------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_tls_1_1_is_refused(hub):
    context = ssl._create_unverified_context()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION|protocol version"):
        SecurePeer(hub.port, context)


def test_the_oldest_version_can_be_chosen(make_hub, authority):
    hub = make_hub(config={"tls": {"minimumVersion": "1.3"}})
    assert SecurePeer(hub.port, authority.context()).socket.version() == "TLSv1.3"
    with pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION|protocol version"):
        SecurePeer(hub.port, authority.context(V12))


@pytest.mark.parametrize("offered", [["http/1.1"], ["h2", "http/1.1"], []])
def test_alpn_selects_http_1_1(hub, authority, offered):
    context = authority.context()
    if offered:
        context.set_alpn_protocols(offered)
    with SecurePeer(hub.port, context) as peer:
        assert peer.socket.selected_alpn_protocol() == ("http/1.1" if offered else None)


def test_who_speaks_no_http_1_1_is_refused(hub, authority):
    context = authority.context()
    context.set_alpn_protocols(["h2"])
    with pytest.raises(ssl.SSLError, match="NO_APPLICATION_PROTOCOL|no application protocol"):
        SecurePeer(hub.port, context)


@pytest.mark.parametrize("version", [V12, V13], ids=["1.2", "1.3"])
def test_sessions_are_resumed(hub, authority, version):
    context = authority.context(version)
    with SecurePeer.websocket(hub.port, context) as peer:
        session = peer.socket.session
        assert not peer.socket.session_reused
    with SecurePeer.websocket(hub.port, context, session=session) as peer:
        assert peer.socket.session_reused
    wait_until(lambda: hub.metrics()["omnihub_tls_resumptions_total"] == 1)


def test_renegotiation_is_refused(hub, authority):
    """`openssl s_client` asks for it when it reads R; the hub must not do it."""
    client = subprocess.Popen(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{hub.port}", "-tls1_2",
         "-CAfile", authority.path],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )
    output, _ = client.communicate(b"R\n", timeout=20)
    assert b"RENEGOTIATING" in output and b"no renegotiation" in output, output.decode()


# --- certificates of clients ---------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["optional", "required"])
@pytest.mark.parametrize("version", [V12, V13], ids=["1.2", "1.3"])
def test_certificates_of_clients(make_hub, authority, tmp_path, mode, version):
    own = authority.certify("client", (), file="client")
    foreign = Authority(tmp_path / "foreign", "foreign").certify("stranger", (), file="stranger")
    hub = make_hub(
        config={"tls": {"clientCertificates": mode, "clientAuthorities": str(authority.path)}},
    )

    def connects(certificate):
        try:
            SecurePeer.websocket(hub.port, authority.context(version, certificate)).socket.close()
            return True
        except (ssl.SSLError, ConnectionError, EOFError):
            return False

    assert connects(own)
    assert not connects(foreign)
    assert connects(None) == (mode == "optional")


# --- certificates of the hub ---------------------------------------------------------------------


def test_sighup_reloads_the_certificate_and_connections_stay(make_hub, authority):
    files = authority.certify("before", file="renewed")
    hub = make_hub(files)
    with SecurePeer.websocket(hub.port, hub.tls) as old, Client(hub.url, ssl=hub.tls) as client:
        first = serial(old)
        feed = client.subscribe("app.renewed")
        authority.certify("after", file="renewed")
        hub.process.process.send_signal(signal.SIGHUP)
        assert hub.process.stderr.wait("reloaded the certificate.*CN=after")
        with SecurePeer.websocket(hub.port, hub.tls) as new:
            assert serial(new) != first
        client.call("hub.publish", channel="app.renewed", data="still here")
        assert feed.next()["data"] == "still here"
        old.send(frame(0x9, b"here too"))
        assert old.frame() == (0xA, b"here too")
    assert hub.metrics()["omnihub_tls_reloads_total"] == 1


@pytest.mark.parametrize("damage", ["missing", "garbage", "foreign key"])
def test_a_certificate_that_is_no_good_changes_nothing(make_hub, authority, damage):
    files = authority.certify("good", file="damaged")
    hub = make_hub(files)
    with SecurePeer(hub.port, hub.tls) as peer:
        first = serial(peer)
    if damage == "missing":
        files[0].unlink()
    elif damage == "garbage":
        files[0].write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    else:
        files[1].write_bytes(authority.certify("other", file="other")[1].read_bytes())
    hub.process.process.send_signal(signal.SIGHUP)
    assert hub.process.stderr.wait("the certificate in use stays")
    with SecurePeer.websocket(hub.port, hub.tls) as peer:
        assert serial(peer) == first
    assert hub.metrics()["omnihub_tls_failed_reloads_total"] == 1


def test_sighup_without_a_certificate_does_nothing(daemon):
    with Client(daemon.url) as client:
        daemon.process.process.send_signal(signal.SIGHUP)
        assert daemon.process.stderr.wait("nothing to reload")
        assert client.call("session.ping")


def test_systemd_is_told_of_a_reload(make_hub, tmp_path):
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.bind(str(path))
        notify.settimeout(20)
        hub = make_hub(environment={"NOTIFY_SOCKET": str(path)})
        assert notify.recv(4096) == b"READY=1"
        before = time.monotonic_ns() // 1000
        hub.process.process.send_signal(signal.SIGHUP)
        state, microseconds = notify.recv(4096).decode().split("\n")
        assert state == "RELOADING=1"
        assert before <= int(microseconds.removeprefix("MONOTONIC_USEC=")) <= time.monotonic_ns() // 1000
        assert notify.recv(4096) == b"READY=1"


def test_files_are_found_among_the_credentials(make_daemon, authority, files):
    hub = make_daemon(
        arguments=["--tls-certificate", files[0].name, "--tls-key", files[1].name],
        environment={"CREDENTIALS_DIRECTORY": str(authority.folder)},
        tls=authority.context(),
    )
    assert json.loads(hub.get("/health/live"))["status"] == "healthy"


@pytest.mark.parametrize("mode", [[], ["--check-config"]], ids=["serve", "check"])
@pytest.mark.parametrize(
    "case, status, message",
    [
        ("no key", 78, "tls.key: is empty, but tls.certificate needs it"),
        ("missing", 78, "tls.certificate: '.*nowhere.pem' cannot be read: No such file"),
        ("no PEM", 78, "tls.certificate: '.*' holds no certificate in PEM"),
        ("no key inside", 78, "tls.key: '.*' holds no private key in PEM"),
        ("foreign key", 78, "tls.key: '.*' does not belong to the certificate"),
        ("encrypted key", 78, "tls.key: '.*' is encrypted"),
        ("a key for all", 77, "tls.key: '.*' may be read or written by every user of this machine"),
        ("a key for a group", 77, "tls.key: '.*' may be read or written by its group: chmod 600 it"),
        ("no authorities", 78, "tls.clientAuthorities: is empty"),
    ],
)
def test_what_is_wrong_with_the_files_is_said(authority, files, tmp_path, mode, case, status, message):
    certificate, key = files
    more = []
    if case == "no key":
        key = None
    elif case == "missing":
        certificate = tmp_path / "nowhere.pem"
    elif case == "no PEM":
        certificate = tmp_path / "empty.pem"
        certificate.write_text("nothing\n")
    elif case == "no key inside":
        certificate.chmod(0o600)
        key = certificate
    elif case == "foreign key":
        key = authority.certify("other", file="other")[1]
    elif case == "encrypted key":
        key = tmp_path / "encrypted.key"
        subprocess.run(
            ["openssl", "pkey", "-in", files[1], "-aes256", "-passout", "pass:secret", "-out", key],
            check=True,
        )
        key.chmod(0o600)
    elif case.startswith("a key for"):
        key = tmp_path / "open.key"
        key.write_bytes(files[1].read_bytes())
        key.chmod(0o604 if case == "a key for all" else 0o640)
    else:
        config = tmp_path / "config.json5"
        config.write_text('{tls: {clientCertificates: "required"}}')
        more = ["--config", config]
    done = Process(
        "omnihubd", "--listen", "127.0.0.1:0", "--state-dir", tmp_path / "state",
        "--tls-certificate", certificate, *(["--tls-key", key] if key else []), *more, *mode,
    )
    assert done.wait() == status, done.stderr.text
    assert len(done.stderr.lines) == 1
    assert done.stderr.wait(message), done.stderr.text


def test_doubtful_files_are_warned_of(make_hub, authority):
    files = authority.certify("old", file="expired", days=(-10, -1))
    hub = make_hub(files)
    assert hub.process.stderr.wait("has expired")
    check = Process("omnihubd", "--check-config", *arguments(files))
    assert check.wait() == 0
    assert check.stdout.wait("warning: .*has expired")


def test_unix_sockets_stay_plain(make_hub, tmp_path):
    path = tmp_path / "hub.sock"
    make_hub(listen=("127.0.0.1:0", f"unix:{path}"))
    with Client("ws://localhost/ws", unix=str(path)) as client:
        assert client.call("session.ping")


# --- peers that behave badly ---------------------------------------------------------------------


def test_plain_http_is_told_to_use_tls(hub):
    with Peer(hub.port) as peer:
        peer.send(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = peer.response()
        assert answer.status == 400 and b"TLS" in answer.body
        assert peer.wait_end() == b""


@pytest.mark.parametrize("data", [b"\x00", b"\x80\x2e\x01\x00\x02", b"\x16\x03\x01\xff\xff" + b"\0" * 99])
def test_bytes_that_are_no_handshake_end_the_connection(hub, data):
    with Peer(hub.port) as peer:
        peer.try_send(data)
        assert b"HTTP" not in peer.wait_end()
    assert Client(hub.url, ssl=hub.tls).call("session.ping")


def test_a_first_message_of_absurd_length_is_refused_from_its_header(hub):
    before = hub.rss
    peers = [Peer(hub.port) for _ in range(100)]
    for peer in peers:
        # 130,000 bytes are announced, within what OpenSSL would make room for.
        peer.send(b"\x16\x03\x01")
        peer.try_send(b"\x40\x00\x01\x01\xfb\xd0\x03\x03")
    for peer in peers:
        assert peer.wait_end() == b""
    assert hub.rss - before < 4 << 20


def test_a_handshake_may_come_byte_by_byte(hub):
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = hub.tls.wrap_bio(incoming, outgoing, server_hostname="localhost")
    with Peer(hub.port) as peer:
        while True:
            try:
                session.do_handshake()
                break
            except ssl.SSLWantReadError:
                for byte in outgoing.read():
                    peer.send(bytes([byte]))
                incoming.write(peer.socket.recv(65536))
        session.write(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for byte in outgoing.read():
            peer.send(bytes([byte]))
        while True:
            try:
                assert session.read(65536).startswith(b"HTTP/1.1 200")
                break
            except ssl.SSLWantReadError:
                incoming.write(peer.socket.recv(65536))


def test_a_handshake_that_takes_too_long_is_cut_off(make_hub):
    hub = make_hub(config={"timeouts": {"requestMs": 300}})
    hello = ssl.MemoryBIO()
    session = hub.tls.wrap_bio(ssl.MemoryBIO(), hello, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        session.do_handshake()
    silent, slow = Peer(hub.port), Peer(hub.port)
    slow.send(hello.read()[:100])
    start = time.monotonic()
    assert silent.wait_end() == b"" and slow.wait_end() == b""
    assert time.monotonic() - start < 5
    wait_until(lambda: hub.metrics()["omnihub_tls_failures_total"] == 2)


def test_a_connection_that_breaks_off_is_gone(hub):
    peer = SecurePeer.websocket(hub.port, hub.tls)
    wait_until(lambda: hub.metrics()["omnihub_websockets"] == 1)
    peer.socket.shutdown(socket.SHUT_RDWR)
    wait_until(lambda: hub.metrics()["omnihub_websockets"] == 0)


def test_the_end_of_tls_is_answered_in_kind(hub):
    with SecurePeer.websocket(hub.port, hub.tls) as peer:
        # Sends close_notify and waits for the hub's.
        peer.socket.unwrap()
    wait_until(lambda: hub.metrics()["omnihub_websockets"] == 0)


def test_the_closing_handshake_ends_tls_in_order(hub):
    with SecurePeer.websocket(hub.port, hub.tls) as peer:
        peer.send(frame(CLOSE, b"\x03\xe8"))
        assert peer.close_code() == 1000
        # An end without close_notify would raise.
        assert peer.socket.recv(1) == b""


def test_a_storm_of_handshakes_leaves_live_clients_their_turn(make_hub, authority):
    hub = make_hub(more=["--loops", "1"], config={"limits": {"commandsPerSecond": 0}})
    with Client(hub.url, ssl=hub.tls) as client:
        hellos = []
        for _ in range(200):
            hello = ssl.MemoryBIO()
            session = authority.context().wrap_bio(ssl.MemoryBIO(), hello, server_hostname="localhost")
            with pytest.raises(ssl.SSLWantReadError):
                session.do_handshake()
            hellos.append(hello.read())
        peers = [Peer(hub.port) for _ in hellos]
        for peer, hello in zip(peers, hellos):
            peer.send(hello)
        slowest = 0
        answered = 0
        while answered < len(peers):
            start = time.monotonic()
            client.call("session.ping")
            slowest = max(slowest, time.monotonic() - start)
            answered = 0
            for peer in peers:
                peer.socket.setblocking(False)
                try:
                    answered += bool(peer.socket.recv(1, socket.MSG_PEEK))
                except BlockingIOError:
                    pass
        assert slowest < 1, f"a live client waited {slowest:.2f} s"
    for peer in peers:
        peer.__exit__()


# --- amounts -------------------------------------------------------------------------------------


def test_large_messages_go_both_ways(hub):
    with Client(hub.url, ssl=hub.tls) as client:
        feed = client.subscribe("app.large")
        for size in (1, 16_000, 16_384, 17_000, 200_000, 900_000):
            client.call("hub.publish", channel="app.large", data="x" * size)
            assert len(feed.next()["data"]) == size


def test_many_publications_arrive_whole_and_in_order(hub):
    with Client(hub.url, ssl=hub.tls) as publisher, Client(hub.url, ssl=hub.tls) as subscriber:
        feed = subscriber.subscribe("app.many")
        count = 2_000
        keys = [
            publisher.submit("hub.publish", channel="app.many", data=[number, "x" * (number % 700)])
            for number in range(count)
        ]
        for key in keys:
            publisher.answer(key)
        for number in range(count):
            assert feed.next()["data"] == [number, "x" * (number % 700)]


def test_a_slow_consumer_is_cut_off_and_memory_stays_bounded(make_hub):
    hub = make_hub(config={"limits": {"commandsPerSecond": 0}})
    slow = SecurePeer.websocket(hub.port, hub.tls, receive_buffer=4_096)
    request = {"jsonrpc": "2.0", "id": 1, "method": "hub.subscribe", "params": {"channel": "app.slow"}}
    slow.send(frame(TEXT, json.dumps(request).encode()))
    assert slow.frame()[0] == TEXT
    with Client(hub.url, ssl=hub.tls) as client:
        feed = client.subscribe("app.slow")
        hub.reset_peak_rss()
        before = hub.rss
        for number in range(400):
            client.call("hub.publish", channel="app.slow", data="x" * 16_384)
            feed.next()
        wait_until(lambda: hub.metrics()["omnihub_slow_consumers_total"] == 1)
        assert hub.peak_rss - before < 16 << 20
    try:
        assert slow.close_code() == 4001
    except (ConnectionError, EOFError, ssl.SSLError):
        pass


def test_an_idle_connection_costs_little(make_hub):
    hub = make_hub(more=["--loops", "1"])
    # What is made once for all is there after the first ones.
    first = [SecurePeer.websocket(hub.port, hub.tls) for _ in range(50)]
    before = hub.rss
    peers = [SecurePeer.websocket(hub.port, hub.tls) for _ in range(300)]
    each = (hub.rss - before) / len(peers)
    for peer in first + peers:
        peer.__exit__()
    assert each < 40_000, f"{each:.0f} bytes for each connection"


# --- the command-line client ---------------------------------------------------------------------


def client(*arguments):
    done = Process("omnihub", *arguments)
    status = done.wait()
    return status, done


def test_the_client_connects_with_a_private_authority(hub, authority):
    status, done = client("call", "session.ping", "--url", hub.url, "--ca", authority.path)
    assert status == 0, done.stderr.text


def test_the_client_trusts_nobody_else(hub, tmp_path):
    status, done = client("call", "session.ping", "--url", hub.url)
    assert status == 76
    assert done.stderr.wait("is not to be trusted .*--ca"), done.stderr.text
    foreign = Authority(tmp_path, "foreign")
    status, done = client("call", "session.ping", "--url", hub.url, "--ca", foreign.path)
    assert status == 76 and done.stderr.wait("is not to be trusted")


def test_the_client_wants_the_name_it_asked_for(make_hub, authority):
    hub = make_hub(authority.certify("elsewhere", ["elsewhere.example"], file="elsewhere"), tls=None)
    url = f"wss://localhost:{hub.port}/ws"
    status, done = client("call", "session.ping", "--url", url, "--ca", authority.path)
    assert status == 76 and done.stderr.wait("hostname mismatch"), done.stderr.text
    status, done = client("call", "session.ping", "--url", hub.url, "--ca", authority.path)
    assert status == 76 and done.stderr.wait("IP address mismatch"), done.stderr.text


def test_the_client_says_when_the_hub_speaks_no_tls(daemon, authority):
    url = daemon.url.replace("ws:", "wss:")
    status, done = client("call", "session.ping", "--url", url, "--ca", authority.path)
    assert status == 76 and done.stderr.wait("no TLS with"), done.stderr.text


def test_the_client_refuses_a_file_without_certificates(hub, tmp_path):
    file = tmp_path / "nothing.pem"
    file.write_text("nothing")
    status, done = client("call", "session.ping", "--url", hub.url, "--ca", file)
    assert status == 66 and done.stderr.wait("holds no certificate"), done.stderr.text
