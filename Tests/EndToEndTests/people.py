"""Hubs with users: their administrator, and others who sign in."""

import re

from client import Client

PASSWORD = "correct horse battery"

# Passwords are hashed as cheaply as the hub allows: these tests are not about their strength.
CHEAP = {"scryptLogN": 10, "scryptParallelism": 1}


def auth(**settings):
    """A configuration with settings of `auth`."""
    return {"auth": CHEAP | settings}


def activation_token(daemon):
    """The one-time token that the hub has printed."""
    (match,) = daemon.process.stdout.wait(r"^sign in for the first time at \S+#activate=(\S+)$")
    return match[1]


def set_up(daemon, email="root@example.org"):
    """Sets the administrator's password; the tokens."""
    with Client(daemon.url) as client:
        return client.call(
            "auth.activate", token=activation_token(daemon), email=email, password=PASSWORD
        )


def signed_in(daemon, tokens, **options):
    """A session that acts for whom the tokens are."""
    client = Client(daemon.url, **options)
    client.call("session.authenticate", accessToken=tokens["accessToken"])
    return client


def log_in(daemon, email, password=PASSWORD):
    """The tokens of a new login session."""
    with Client(daemon.url) as client:
        return client.call("auth.login", email=email, password=password)


def bearer(token):
    return {"additional_headers": {"Authorization": f"Bearer {token}"}}


def closing(client, seconds=30):
    """The code with which the hub closes the session."""
    from websockets.exceptions import ConnectionClosed

    try:
        while True:
            client.socket.recv(seconds)
    except ConnectionClosed as closed:
        return closed.rcvd.code


class Crew:
    """A hub with an administrator, who makes users of any role."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.admin = signed_in(daemon, set_up(daemon))

    def add(self, name, role="user", agents=()):
        """A new user's object."""
        return self.admin.call(
            "users.create",
            email=f"{name}@example.org",
            name=name,
            role=role,
            password=PASSWORD,
            agents=list(agents),
        )

    def log_in(self, name):
        return log_in(self.daemon, f"{name}@example.org")

    def session(self, name):
        return signed_in(self.daemon, self.log_in(name))


def secrets_in(text):
    """Tokens and hashes that a text gives away."""
    return re.findall(r"oh[rak]_[A-Za-z0-9_-]{16,}|eyJ[\w-]+\.[\w-]+\.[\w-]+|\$scrypt\$", text)
