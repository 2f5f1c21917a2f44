"""Each limit: what is beyond it gets an answer that names it, and is counted under its key."""

import json
import re
import socket
import time
import urllib.error

import pytest

from client import Client, ConnectionClosed, Failure
from daemon import Process, wait_until
from storm import UNLIMITED
from wire import PING, PONG, TEXT, Peer, frame, header, upgrade


def struck(daemon, key):
    return daemon.metrics()[f'omnihub_limits_exceeded_total{{limit="{key}"}}']


def assert_struck(daemon, key):
    def is_counted():
        try:
            return struck(daemon, key) > 0
        except urllib.error.HTTPError:
            return False  # The limit is that of connections.

    wait_until(is_counted, what=f"{key} is counted")


def turned_away(daemon, key, host="127.0.0.1"):
    """A connection that is refused; the seconds after which it may come back."""
    with Peer(daemon.port, host=host) as peer:
        peer.try_send(upgrade(daemon.port))
        answer = peer.response()
        assert answer.status == 503
        assert f"({key})" in answer.body.decode()
        assert answer.fields["connection"] == "close"
        peer.wait_end()
        return int(answer.fields["retry-after"])


def admitted(daemon):
    """Whether another connection comes in."""
    with Peer(daemon.port) as peer:
        peer.try_send(upgrade(daemon.port))
        return peer.response().status == 101


# --- connections -----------------------------------------------------------------------------------


def test_connections_in_total(make_daemon):
    daemon = make_daemon(config={"limits": {"maxConnections": 3}}, arguments=["--loops", "1"])
    peers = [Peer.websocket(daemon.port) for _ in range(3)]
    assert 1 <= turned_away(daemon, "limits.maxConnections") <= 4
    peers.pop().socket.close()
    wait_until(lambda: admitted(daemon), what="a place is free again")
    for peer in peers:
        peer.socket.close()
    wait_until(lambda: admitted(daemon), what="a place is free again")
    assert_struck(daemon, "limits.maxConnections")


def test_connections_of_one_address_over_all_loops(make_daemon):
    daemon = make_daemon(
        config={"limits": {"maxConnectionsPerAddress": 4, "exemptAddresses": ["::1"]}},
        listen=("127.0.0.1:0", "[::1]:0"),
        arguments=["--loops", "3"],
    )
    daemon.port = int(re.search(r":(\d+)/", daemon.urls[0])[1])
    peers = [Peer.websocket(daemon.port) for _ in range(4)]
    turned_away(daemon, "limits.maxConnectionsPerAddress")
    # Others are not concerned: another address, and one that is exempt.
    with Peer(daemon.port, host="127.0.0.1", source="127.0.0.2") as other:
        other.send(upgrade(daemon.port))
        assert other.response().status == 101
    for _ in range(6):
        Client(daemon.urls[1])
    # A place is free again as soon as somebody has left, in whatever way.
    for peer in peers:
        peer.socket.shutdown(socket.SHUT_RDWR)

    wait_until(lambda: admitted(daemon), what="a place is free")
    peers = [wait_until(lambda: admitted(daemon), what="all places are free") for _ in range(4)]
    assert_struck(daemon, "limits.maxConnectionsPerAddress")


def test_loopback_is_exempt_by_default(make_daemon):
    daemon = make_daemon(config={"limits": {"maxConnectionsPerAddress": 1}})
    with Client(daemon.url), Client(daemon.url) as client:
        assert client.call("session.ping")


def test_new_connections_a_second(make_daemon):
    daemon = make_daemon(config={"limits": {"connectionsPerSecond": 2, "connectionBurst": 5}})
    peers = [Peer.websocket(daemon.port) for _ in range(5)]
    after = [turned_away(daemon, "limits.connectionsPerSecond") for _ in range(30)]
    assert all(1 <= seconds <= 4 for seconds in after)
    assert len(set(after)) > 1, "they would come back together"
    peers[0].send(frame(PING))
    assert peers[0].frame()[0] == PONG, "who is in stays in"

    wait_until(lambda: admitted(daemon), what="the rate lets another one in")
    for peer in peers:
        peer.socket.close()

    def counted():
        try:
            return struck(daemon, "limits.connectionsPerSecond") >= 30
        except OSError:
            return False

    wait_until(counted, what="refusals are counted")


# --- HTTP ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "request_", "status"),
    [
        ("limits.maxHeaderBytes", b"X: " + b"y" * 17_000 + b"\r\n\r\n", 431),
        ("limits.maxHeaderFields", b"X: y\r\n" * 101 + b"\r\n", 431),
        ("limits.maxBodyBytes", b"Content-Length: 2000000\r\n\r\n", 413),
    ],
)
def test_requests(shared, key, request_, status):
    before = struck(shared, key)
    with Peer(shared.port) as peer:
        peer.send(b"GET /health HTTP/1.1\r\nHost: localhost\r\n" + request_)
        assert peer.response().status == status
    wait_until(lambda: struck(shared, key) == before + 1, what="it is counted")


def test_times_of_requests(make_daemon):
    daemon = make_daemon(config={"timeouts": {"requestMs": 200, "idleMs": 400}})
    with Peer(daemon.port) as slow, Peer(daemon.port) as idle:
        slow.send(b"GET /health HTTP/1.1\r\n")
        idle.send(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert idle.response().status == 200
        assert slow.response().status == 408
        idle.wait_end()
    assert_struck(daemon, "timeouts.requestMs")
    assert_struck(daemon, "timeouts.idleMs")


# --- messages and frames ---------------------------------------------------------------------------


def test_messages(make_daemon):
    daemon = make_daemon(
        config={"limits": {"maxMessageBytes": 2_000}, "timeouts": {"messageMs": 300, "closeMs": 300}}
    )
    with Peer.websocket(daemon.port) as large, Peer.websocket(daemon.port) as slow:
        large.send(header(TEXT, 2_001))
        assert large.close_code() == 1009
        slow.send(header(TEXT, 10))
        assert slow.close_code() == 1008
        # Neither of them ends its side.
        assert_struck(daemon, "timeouts.closeMs")
    assert struck(daemon, "limits.maxMessageBytes") == 1
    assert struck(daemon, "timeouts.messageMs") == 1


@pytest.mark.parametrize("opcode", [PING, PONG])
def test_control_frames_a_second(make_daemon, opcode):
    daemon = make_daemon(config={"limits": {"controlFramesPerSecond": 10, "controlFrameBurst": 20}})
    with Peer.websocket(daemon.port) as peer:
        peer.send(frame(opcode) * 20)
        message = b'{"jsonrpc":"2.0","id":1,"method":"session.ping"}'
        peer.send(frame(TEXT, message))
        assert sum(peer.frame()[0] == PONG for _ in range(20 if opcode == PING else 0)) in (0, 20)
        assert json.loads(peer.frame()[1])["id"] == 1, "what is within the limit is no matter"
        peer.send(frame(opcode) * 100)
        assert peer.close_code() == 1008
        assert peer.wait_end() == b""
    assert_struck(daemon, "limits.controlFramesPerSecond")


def test_control_frames_at_the_allowed_pace_go_on_for_ever(make_daemon):
    daemon = make_daemon(config={"limits": {"controlFramesPerSecond": 100, "controlFrameBurst": 2}})
    with Peer.websocket(daemon.port) as peer:
        for _ in range(50):
            peer.send(frame(PING))
            assert peer.frame()[0] == PONG
            # The pace is what is tested: time has to pass, and a busy machine only adds to it.
            time.sleep(0.011)


# --- commands --------------------------------------------------------------------------------------


def refusals(client, count):
    """Sends pings all at once; the refusals among their answers."""
    keys = [client.submit("session.ping") for _ in range(count)]
    refused = []
    for key in keys:
        try:
            client.answer(key)
        except Failure as failure:
            assert failure.name == "RATE_LIMITED" and failure.data["temporary"]
            assert failure.data["retryAfterMs"] > 0
            refused.append(failure)
    return refused


def test_commands_of_a_session(make_daemon):
    daemon = make_daemon(config={"limits": {"commandsPerSecond": 1, "commandBurst": 10}})
    with Client(daemon.url) as client:
        assert 10 <= len(refusals(client, 25)) <= 15
    assert_struck(daemon, "limits.commandsPerSecond")
    assert struck(daemon, "limits.userCommandsPerSecond") == 0


def test_commands_of_a_user_over_all_sessions_and_loops(make_daemon):
    limits = {"userCommandsPerSecond": 1, "userCommandBurst": 40}
    daemon = make_daemon(config={"limits": limits}, arguments=["--loops", "3"])
    clients = [Client(daemon.url) for _ in range(6)]
    refused = sum(len(refusals(client, 10)) for client in clients)
    # A slow machine may have earned some meanwhile.
    assert 10 <= refused <= 20
    for client in clients:
        client.close()
    # A new session is no way around.
    with Client(daemon.url) as client:
        assert refusals(client, 20)
    assert_struck(daemon, "limits.userCommandsPerSecond")
    assert struck(daemon, "limits.commandsPerSecond") == 0


def test_each_item_of_a_batch_pays_for_its_user(make_daemon):
    limits = {"userCommandsPerSecond": 1, "userCommandBurst": 10}
    daemon = make_daemon(config={"limits": limits})
    with Client(daemon.url) as client:
        answers = client.ask(
            [{"jsonrpc": "2.0", "id": n, "method": "session.ping"} for n in range(30)]
        )
    codes = [answer["error"]["data"]["code"] for answer in answers if "error" in answer]
    assert set(codes) == {"RATE_LIMITED"} and 15 <= len(codes) <= 20


def outcomes(client, method, count, **params):
    """How many of so many calls were carried out; the others were RATE_LIMITED."""
    done = 0
    for key in [client.submit(method, **params) for _ in range(count)]:
        try:
            client.answer(key)
            done += 1
        except Failure as failure:
            assert failure.name == "RATE_LIMITED" and failure.data["temporary"]
            assert failure.data["retryAfterMs"] > 0
    return done


def test_publications_of_a_user_over_all_sessions(make_daemon):
    limits = {"userPublicationsPerSecond": 1, "userPublicationBurst": 10}
    daemon = make_daemon(config={"limits": limits}, arguments=["--loops", "2"])
    with Client(daemon.url) as one, Client(daemon.url) as other:
        done = outcomes(one, "hub.publish", 15, channel="app.x", data=1)
        done += outcomes(other, "hub.publish", 15, channel="app.x", data=1)
        # A slow machine may have earned some meanwhile.
        assert 10 <= done <= 20
        # Everything else goes on.
        assert outcomes(one, "session.ping", 50) == 50
        assert one.call("hub.history", channel="app.x")["head"] == done
    assert_struck(daemon, "limits.userPublicationsPerSecond")


def test_tasks_of_a_user_over_all_sessions(make_daemon):
    daemon = make_daemon(config={"limits": {"userTasksPerSecond": 1, "userTaskBurst": 10}})
    with Client(daemon.url) as client:
        task = {"type": "content.analyze", "payload": {"text": "A."}}
        done = outcomes(client, "tasks.create", 30, **task)
        assert 10 <= done <= 20
        assert len(client.call("tasks.list")["tasks"]) == done
    assert_struck(daemon, "limits.userTasksPerSecond")


def ask(peer, path, count):
    """The answers to so many requests at once."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    peer.send(request * count)
    return [peer.response() for _ in range(count)]


def test_commands_and_requests_of_an_address(make_daemon):
    limits = {
        "addressCommandsPerSecond": 1,
        "addressCommandBurst": 20,
        "exemptAddresses": ["127.0.0.2"],
    }
    daemon = make_daemon(config={"limits": limits}, arguments=["--loops", "2"])
    # Opening requests count as well, and two sessions share what their address has.
    with Client(daemon.url) as one, Client(daemon.url) as other:
        done = outcomes(one, "session.ping", 20) + outcomes(other, "session.ping", 20)
        # A slow machine may have earned some meanwhile.
        assert 18 <= done <= 30
    with Peer(daemon.port) as peer:
        refused = [answer for answer in ask(peer, "/health", 10) if answer.status != 200]
    assert refused and {answer.status for answer in refused} == {429}
    assert all(1 <= int(answer.fields["retry-after"]) <= 2 for answer in refused)
    assert all(b"limits.addressCommandsPerSecond" in answer.body for answer in refused)
    # An exempt address notices nothing of it.
    with Peer(daemon.port, source="127.0.0.2") as peer:
        assert {answer.status for answer in ask(peer, "/health", 50)} == {200}
        name = 'omnihub_limits_exceeded_total{limit="limits.addressCommandsPerSecond"} '

        def count():
            (answer,) = ask(peer, "/metrics", 1)
            return int(answer.body.decode().partition(name)[2].partition("\n")[0])

        wait_until(lambda: count() >= len(refused), what="the limit is counted")


def test_batches_and_subscriptions(make_daemon):
    daemon = make_daemon(config={"limits": {"maxBatch": 2, "maxSubscriptions": 1}})
    with Client(daemon.url) as client:
        answer = client.ask([{"jsonrpc": "2.0", "id": 1, "method": "session.ping"}] * 3)
        assert answer["error"]["data"]["code"] == "BATCH_TOO_LARGE"
        client.subscribe("app.one")
        with pytest.raises(Failure) as failure:
            client.subscribe("app.two")
        assert failure.value.name == "TOO_MANY_SUBSCRIPTIONS"
    assert_struck(daemon, "limits.maxBatch")
    assert_struck(daemon, "limits.maxSubscriptions")


def test_commands_that_wait(make_daemon):
    daemon = make_daemon(config={"limits": {"maxPendingCommands": 1}})
    with Client(daemon.url) as client:
        items = [{"jsonrpc": "2.0", "id": n, "method": "tasks.list"} for n in range(10)]
        codes = {answer.get("error", {}).get("code") for answer in client.ask(items)}
        assert codes == {None, -32009}
    assert_struck(daemon, "limits.maxPendingCommands")


def test_authentication_takes_its_time(make_daemon):
    daemon = make_daemon(
        dev=False,
        config={"timeouts": {"authenticationMs": 200}, "auth": {"publicMetrics": True}},
    )
    with Client(daemon.url) as client, pytest.raises(ConnectionClosed) as closed:
        client.receive()
    assert closed.value.rcvd.code == 4101
    assert_struck(daemon, "timeouts.authenticationMs")


# --- all of them -----------------------------------------------------------------------------------


def test_every_label_is_a_key_of_the_configuration(shared):
    printed = Process("omnihubd", "--print-config")
    assert printed.wait() == 0
    labels = re.findall(r'omnihub_limits_exceeded_total\{limit="(\w+)\.(\w+)"\}', shared.get("/metrics"))
    assert len(labels) > 20
    for group, name in labels:
        assert re.search(rf"^    {group}: \{{$.*?^        {name}: .*?^    \}},$", printed.stdout.text, re.M | re.S)


@pytest.mark.parametrize("text", ["localhost", "10.0.0.0/33", "", 8])
def test_an_exempt_address_that_is_none_is_refused(tmp_path, text):
    config = tmp_path / "omnihub.json5"
    config.write_text(json.dumps({"limits": {"exemptAddresses": [text]}}))
    checked = Process("omnihubd", "--check-config", "--config", config)
    assert checked.wait() == 78
    assert "limits.exemptAddresses" in checked.stderr.text


def test_limits_of_0_are_none(make_daemon):
    limits = {"connectionsPerSecond": 0, "maxConnectionsPerAddress": 0, "controlFramesPerSecond": 0}
    daemon = make_daemon(
        config={"limits": UNLIMITED | limits | {"exemptAddresses": [], "connectionBurst": 1}}
    )
    for _ in range(5):
        with Client(daemon.url) as client:
            assert not refusals(client, 100)
    with Peer.websocket(daemon.port) as peer:
        peer.send(frame(PING) * 5_000)
        assert all(peer.frame()[0] == PONG for _ in range(5_000))
