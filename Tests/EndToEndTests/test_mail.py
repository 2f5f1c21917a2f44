"""Mail by SMTP, to a server that this project did not write (PyPI's aiosmtpd)."""

import asyncio
import email
import email.policy
import ssl
import threading

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from certificates import Authority
from client import Client

LOCAL = {"outbound": {"allowedAddresses": ["127.0.0.0/8", "::1"]}}


class Mailbox:
    """Keeps what it is sent; `refusal` is answered instead to a message."""

    def __init__(self):
        self.messages = []
        self.users = []
        self.refusal = None

    async def handle_DATA(self, _server, _session, envelope):
        if self.refusal:
            return self.refusal
        self.messages.append(envelope)
        return "250 kept"

    def authenticate(self, _server, _session, _envelope, mechanism, data):
        assert isinstance(data, LoginPassword)
        self.users.append((mechanism, data.login.decode()))
        # Not handled: the answer is left to the server.
        return AuthResult(success=data.password == b"the password", handled=False)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


class Server:
    """A mail server on a free port of loopback, on a thread of its own."""

    def __init__(self, mailbox, tls, context, options):
        self.loop = asyncio.new_event_loop()

        def conversation():
            return SMTP(
                mailbox, hostname="mail.example", loop=self.loop,
                tls_context=context if tls == "starttls" else None,
                authenticator=mailbox.authenticate, auth_required=False,
                auth_require_tls=tls == "starttls", **options,
            )

        secure = context if tls == "implicit" else None
        self.server = self.loop.run_until_complete(
            self.loop.create_server(conversation, "127.0.0.1", 0, ssl=secure)
        )
        self.port = self.server.sockets[0].getsockname()[1]
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.loop.call_soon_threadsafe(self.server.close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(30)


@pytest.fixture
def serve(authority):
    servers = []

    def start(mailbox, tls="starttls", **options):
        context = None
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*authority.certify("mail", hosts=["localhost"], file="mail"))
        servers.append(Server(mailbox, tls, context, options))
        return servers[-1].port

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def admin(make_daemon, authority):
    daemon = make_daemon(config={"outbound": LOCAL["outbound"] | {"authorities": str(authority.path)}})
    with Client(daemon.url) as client:
        yield client


def connect(client, port, security, password="the password", **config):
    config = {
        "host": "localhost", "port": port, "security": security, "from": "hub@example.org",
        "user": "me",
    } | config
    return client.call(
        "integrations.create", type="smtp", name=f"mail {security} {port} {len(config)}",
        config=config, secrets={"password": password},
    )["id"]


def send(client, id, **params):
    params = {"to": ["a@example.com", "b@example.com"], "subject": "Grüße", "text": "x"} | params
    return client.call("integrations.call", id=id, call="send", params=params)


@pytest.mark.parametrize("mechanism", ["plain", "login"])
def test_a_message_arrives_over_starttls(admin, serve, mechanism):
    mailbox = Mailbox()
    other = {"plain": "LOGIN", "login": "PLAIN"}[mechanism]
    port = serve(mailbox, auth_exclude_mechanism=[other])
    id = connect(admin, port, "starttls")
    text = ".\n..dots\n\nlong " + "ä€😀 " * 500 + "\nend"
    answer = send(admin, id, text=text, subject="Grüße aus dem Hub " * 5)
    assert answer["ok"], answer
    (envelope,) = mailbox.messages
    assert envelope.mail_from == "hub@example.org"
    assert envelope.rcpt_tos == ["a@example.com", "b@example.com"]
    assert mailbox.users == [(mechanism.upper(), "me")]
    message = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert message["Subject"].strip() == ("Grüße aus dem Hub " * 5).strip()
    assert message.get_content().replace("\r\n", "\n").rstrip("\n") == text
    assert message["Message-ID"] == answer["result"]["messageId"]
    assert not message.defects and message["Date"].datetime.tzinfo is not None
    assert max(map(len, envelope.content.splitlines())) <= 998


def test_a_test_signs_in_and_sends_nothing(admin, serve):
    mailbox = Mailbox()
    id = connect(admin, serve(mailbox), "starttls")
    assert admin.call("integrations.test", id=id)["ok"]
    assert mailbox.users and not mailbox.messages


def test_tls_from_the_first_byte(admin, serve):
    mailbox = Mailbox()
    port = serve(mailbox, tls="implicit")
    id = connect(admin, port, "implicit")
    answer = send(admin, id)
    assert answer["ok"], answer
    assert len(mailbox.messages) == 1


def test_a_password_is_only_sent_when_it_is_safe(admin, serve):
    mailbox = Mailbox()
    port = serve(mailbox, tls=None)
    for security in ("starttls", "none"):
        answer = send(admin, connect(admin, port, security))
        assert not answer["ok"] and not answer["error"]["retryable"], answer
    assert not mailbox.users and not mailbox.messages
    # Without one, a server that wants none is spoken to in the clear.
    id = admin.call(
        "integrations.create", type="smtp", name="open",
        config={"host": "127.0.0.1", "port": port, "security": "none", "from": "hub@example.org"},
    )["id"]
    assert send(admin, id)["ok"]


def test_a_server_that_cannot_prove_its_name_is_left(admin, serve):
    mailbox = Mailbox()
    id = connect(admin, serve(mailbox), "starttls", host="127.0.0.1")
    answer = send(admin, id)
    assert not answer["ok"] and "TLS" in answer["error"]["message"]
    assert not mailbox.messages


def test_refusals_say_whether_to_try_again(admin, serve):
    mailbox = Mailbox()
    id = connect(admin, serve(mailbox), "starttls")
    for refusal, retryable in (("451 later", True), ("554 no", False)):
        mailbox.refusal = refusal
        answer = send(admin, id)
        assert not answer["ok"] and answer["error"]["retryable"] is retryable
        assert refusal in answer["error"]["message"]
    wrong = connect(admin, serve(Mailbox()), "starttls", password="another")
    answer = send(admin, wrong)
    assert not answer["ok"] and "user and password" in answer["error"]["message"]
    assert "another" not in str(answer)


def test_an_address_that_is_none_is_refused(admin, serve):
    id = connect(admin, serve(Mailbox()), "starttls")
    answer = send(admin, id, to=["a@example.com\r\nRCPT TO:<c@example.com>"])
    assert not answer["ok"] and answer["error"]["code"] == "VALIDATION_ERROR"
