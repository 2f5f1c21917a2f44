"""Users, their login sessions and API keys, on the real daemon."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

import people
from client import Client, Failure
from daemon import wait_until
from people import PASSWORD, Crew, auth, bearer, closing, log_in, set_up, signed_in


@pytest.fixture
def crew(make_daemon):
    crew = Crew(make_daemon(dev=False, config=auth(publicMetrics=True)))
    yield crew
    crew.admin.close()


def refusal(client, method, **params):
    with pytest.raises(Failure) as failure:
        client.call(method, **params)
    return failure.value.name


# --- the first start ---------------------------------------------------------------------------


def test_a_new_hub_is_closed_but_for_who_reads_its_first_line(make_daemon):
    daemon = make_daemon(dev=False, config=auth())
    token = people.activation_token(daemon)
    note = daemon.state / "first-sign-in.txt"
    assert token in note.read_text()
    for path in (note, daemon.state / "signing-key.pem"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    with Client(daemon.url) as client:
        assert refusal(client, "users.list") == "UNAUTHENTICATED"
        wrong = token[:-1] + ("A" if token[-1] != "A" else "Q")
        for guess in (wrong, "oha_", "x", token[:-4]):
            assert refusal(client, "auth.activate", token=guess, password=PASSWORD) == (
                "UNAUTHENTICATED"
            )
        tokens = client.call("auth.activate", token=token, email="Root@Example.org", password=PASSWORD)
        assert tokens["user"]["email"] == "root@example.org" and tokens["expiresIn"] == 900
        assert tokens["user"]["role"] == "admin" and tokens["user"]["activated"]
        assert refusal(client, "auth.activate", token=token, password=PASSWORD) == "UNAUTHENTICATED"
    wait_until(lambda: not note.exists())
    assert daemon.stop() == 0
    daemon.start()
    log_in(daemon, "root@example.org")
    assert "sign in for the first time" not in daemon.process.stdout.text
    assert not people.secrets_in(daemon.log)


def test_a_lost_first_line_is_replaced_at_the_next_start(make_daemon):
    daemon = make_daemon(dev=False, config=auth())
    lost = people.activation_token(daemon)
    daemon.kill()
    daemon.start()
    token = people.activation_token(daemon)
    assert token != lost and token in (daemon.state / "first-sign-in.txt").read_text()
    with Client(daemon.url) as client:
        assert refusal(client, "auth.activate", token=lost, password=PASSWORD) == "UNAUTHENTICATED"
        assert client.call("auth.activate", token=token, password=PASSWORD)


def test_a_hub_for_development_says_what_it_is_and_prints_no_token(make_daemon):
    daemon = make_daemon()
    assert daemon.process.stderr.wait("everyone on this machine is an administrator")
    with Client(daemon.url) as client:
        assert client.call("session.authenticate", accessToken="anything")["user"]["id"] == "dev"
    assert "sign in" not in daemon.process.stdout.text
    assert not (daemon.state / "first-sign-in.txt").exists()


# --- signing in --------------------------------------------------------------------------------


def test_a_wrong_password_and_an_unknown_account_are_answered_alike(crew):
    user = crew.add("ada")
    crew.add("bob")
    bob = crew.session("bob")
    crew.admin.call("users.update", id=user["id"], disabled=True)
    answers = set()
    with Client(crew.daemon.url) as client:
        for email in ("root@example.org", "nobody@example.org", "ada@example.org", "no email"):
            with pytest.raises(Failure) as failure:
                client.call("auth.login", email=email, password=PASSWORD + "!")
            error = failure.value
            answers.add((error.code, error.message, str(error.data.get("retryAfterMs"))))
        # Not even the right password of a disabled account is told from a wrong one.
        with pytest.raises(Failure) as failure:
            client.call("auth.login", email="ada@example.org", password=PASSWORD)
        answers.add((failure.value.code, failure.value.message, "None"))
    assert len(answers) == 1, answers
    bob.close()


def test_guessing_is_slowed_down_for_accounts_that_exist_and_that_do_not(make_daemon):
    slow = {"loginFailures": 3, "loginDelayMs": 3_600_000, "maxLoginDelayMs": 3_600_000}
    daemon = make_daemon(dev=False, config=auth(publicMetrics=True, **slow))
    set_up(daemon)
    with Client(daemon.url) as client:
        for email in ("root@example.org", "nobody@example.org"):
            outcomes = []
            for _ in range(5):
                with pytest.raises(Failure) as failure:
                    client.call("auth.login", email=email, password="wrong password")
                outcomes.append(failure.value.name)
            assert outcomes == ["UNAUTHENTICATED"] * 3 + ["RATE_LIMITED"] * 2
            assert 0 < failure.value.data["retryAfterMs"] <= 3_600_000
    assert daemon.metrics()["omnihub_throttled_logins_total"] == 4
    limit = 'omnihub_limits_exceeded_total{limit="auth.loginsPerMinute"}'
    wait_until(lambda: daemon.metrics()[limit] == 4)


def test_an_address_may_try_so_often(make_daemon):
    daemon = make_daemon(dev=False, config=auth(loginBurst=4, loginsPerMinute=1, publicMetrics=True))
    set_up(daemon)
    with Client(daemon.url) as client:
        names = [refusal(client, "auth.login", email=f"{n}@x", password="wrong password") for n in range(5)]
    assert names == ["UNAUTHENTICATED"] * 3 + ["RATE_LIMITED"] * 2


def test_a_password_is_hashed_anew_when_the_parameters_have_changed(make_daemon):
    daemon = make_daemon(dev=False, config=auth())
    set_up(daemon)
    assert daemon.stop() == 0
    daemon.config["auth"]["scryptLogN"] = 11
    daemon.start()
    signed_in(daemon, log_in(daemon, "root@example.org")).close()
    with signed_in(daemon, log_in(daemon, "root@example.org")) as client:
        client.call("system.snapshot")
    newest = max((daemon.state / "snapshots").iterdir())
    assert "$scrypt$ln=11,r=8,p=1$" in (newest / "users.json").read_text()


def test_registration_is_off_unless_it_is_wanted(make_daemon):
    params = {"email": "new@example.org", "name": "New", "password": PASSWORD}
    closed = make_daemon(dev=False, config=auth())
    with Client(closed.url) as client:
        assert refusal(client, "auth.register", **params) == "FORBIDDEN"
    closed.check()
    daemon = make_daemon(dev=False, config=auth(registration=True))
    with Client(daemon.url) as client:
        tokens = client.call("auth.register", **params)
        assert tokens["user"]["role"] == "user"
        assert refusal(client, "auth.register", **params) == "CONFLICT"
        assert refusal(client, "auth.register", **(params | {"password": "short"})) == (
            "VALIDATION_ERROR"
        )
        assert client.call("session.authenticate", accessToken=tokens["accessToken"])["authenticated"]


# --- login sessions ----------------------------------------------------------------------------


def test_refreshing_rotates_and_replaying_ends_the_session_and_its_sockets(crew):
    crew.add("ada")
    other, tokens = crew.session("ada"), crew.log_in("ada")
    socket = signed_in(crew.daemon, tokens)
    with Client(crew.daemon.url) as client:
        newer = client.call("auth.refresh", refreshToken=tokens["refreshToken"])
        assert newer["refreshToken"] != tokens["refreshToken"]
        assert socket.call("session.authenticate", accessToken=newer["accessToken"])
        assert refusal(client, "auth.refresh", refreshToken=tokens["refreshToken"]) == (
            "UNAUTHENTICATED"
        )
        assert closing(socket) == 4103
        for token in (newer["refreshToken"], tokens["refreshToken"]):
            assert refusal(client, "auth.refresh", refreshToken=token) == "UNAUTHENTICATED"
        for token in (newer["accessToken"], tokens["accessToken"]):
            assert refusal(client, "session.authenticate", accessToken=token) == "UNAUTHENTICATED"
    # Another login session of the same user goes on.
    assert other.call("session.info")["authenticated"]
    other.close()
    assert '"reason":"tokenReused"' in journal(crew.daemon)


def journal(daemon):
    return "".join(path.read_text() for path in sorted((daemon.state / "journal").iterdir()))


@pytest.mark.parametrize("grace", [0, 60_000])
def test_of_twenty_who_refresh_at_once_one_wins(make_daemon, grace):
    daemon = make_daemon(dev=False, config=auth(refreshGraceMs=grace))
    token = set_up(daemon)["refreshToken"]
    clients = [Client(daemon.url) for _ in range(20)]

    def refresh(client):
        try:
            return client.call("auth.refresh", refreshToken=token)
        except Failure as failure:
            return failure.name

    with ThreadPoolExecutor(len(clients)) as pool:
        outcomes = list(pool.map(refresh, clients))
    winners = [one for one in outcomes if isinstance(one, dict)]
    assert len(winners) == 1
    if grace:
        assert outcomes.count("CONFLICT") == 19
        assert clients[0].call("auth.refresh", refreshToken=winners[0]["refreshToken"])
    else:
        assert outcomes.count("UNAUTHENTICATED") == 19
        assert refusal(clients[0], "auth.refresh", refreshToken=winners[0]["refreshToken"]) == (
            "UNAUTHENTICATED"
        )
    for client in clients:
        client.close()


def test_login_sessions_are_listed_and_revoked(crew):
    crew.add("ada")
    first, second = crew.session("ada"), crew.session("ada")
    listed = first.call("auth.sessions")["sessions"]
    assert [one.get("current", False) for one in listed] in ([True, False], [False, True])
    assert all(one["address"] == "127.0.0.1" for one in listed)
    (foreign,) = crew.admin.call("auth.sessions")["sessions"]
    assert refusal(first, "auth.revoke", sessionId=foreign["id"]) == "NOT_FOUND"
    assert refusal(first, "auth.sessions", userId=crew.admin.call("session.info")["user"]["id"]) == (
        "NOT_FOUND"
    )
    (other,) = [one for one in listed if not one.get("current")]
    assert first.call("auth.revoke", sessionId=other["id"]) == {}
    assert closing(second) == 4103
    # One's own is answered before it ends.
    assert first.call("auth.logout") == {}
    assert closing(first) == 4103


def test_an_administrator_ends_all_sessions_of_a_user(crew):
    user = crew.add("ada")
    sessions = [crew.session("ada") for _ in range(3)]
    assert crew.admin.call("auth.revoke", userId=user["id"]) == {}
    assert [closing(one) for one in sessions] == [4103] * 3


@pytest.mark.parametrize("change", ["disable", "delete", "password"])
def test_who_is_shut_out_is_out_on_open_sockets_too(crew, change):
    user = crew.add("ada")
    client = crew.session("ada")
    key = client.call("keys.create", name="bot")["key"]
    bot = Client(crew.daemon.url, **bearer(key))
    if change == "disable":
        crew.admin.call("users.update", id=user["id"], disabled=True)
    elif change == "delete":
        assert crew.admin.call("users.delete", id=user["id"]) == {}
    else:
        crew.admin.call("users.update", id=user["id"], password="another password")
    assert closing(client) == 4103
    if change == "password":
        assert bot.call("session.info")["authenticated"]
        bot.close()
    else:
        assert closing(bot) == 4103


def test_a_changed_role_holds_for_the_next_command(crew):
    user = crew.add("ada", role="admin")
    client = crew.session("ada")
    assert len(client.call("users.list")["users"]) == 2
    crew.admin.call("users.update", id=user["id"], role="viewer")
    wait_until(lambda: client.call("session.info")["user"]["role"] == "viewer")
    assert [one["id"] for one in client.call("users.list")["users"]] == [user["id"]]
    assert refusal(client, "users.delete", id=user["id"]) == "FORBIDDEN"
    client.close()


def test_changing_ones_password_keeps_this_session_and_ends_the_others(crew):
    crew.add("ada")
    here, there = crew.session("ada"), crew.session("ada")
    params = {"currentPassword": PASSWORD, "newPassword": "a better password"}
    wrong = params | {"currentPassword": "wrong password"}
    assert refusal(here, "auth.changePassword", **wrong) == "UNAUTHENTICATED"
    here.call("auth.changePassword", **params)
    assert closing(there) == 4103
    assert here.call("session.info")["authenticated"]
    here.close()
    log_in(crew.daemon, "ada@example.org", "a better password")


def test_a_token_that_expires_is_announced_and_then_ends_the_session(make_daemon):
    daemon = make_daemon(dev=False, config=auth(accessTokenMs=3_000))
    tokens = set_up(daemon)
    with signed_in(daemon, tokens) as client, Client(daemon.url) as helper:
        assert 0 < client.call("session.info")["expiresInMs"] <= 3_000
        notice = client.notification()
        assert notice["method"] == "session.expiring"
        assert 0 < notice["params"]["expiresInMs"] <= 3_000
        newer = helper.call("auth.refresh", refreshToken=tokens["refreshToken"])
        client.call("session.authenticate", accessToken=newer["accessToken"])
        assert client.notification()["method"] == "session.expiring"
        assert closing(client) == 4102


def test_everything_survives_a_crash(crew):
    user = crew.add("ada", agents=["content"])
    tokens = crew.log_in("ada")
    with signed_in(crew.daemon, tokens) as client:
        key = client.call("keys.create", name="bot", scope=["agents.*"])["key"]
    crew.admin.call("system.snapshot")
    crew.add("bob")
    crew.daemon.kill()
    crew.daemon.start()
    with Client(crew.daemon.url) as client:
        newer = client.call("auth.refresh", refreshToken=tokens["refreshToken"])
        assert newer["user"]["agents"] == ["content"] and newer["user"]["id"] == user["id"]
    with Client(crew.daemon.url, **bearer(key)) as bot:
        assert bot.call("session.info")["user"]["id"] == user["id"]
        assert refusal(bot, "tasks.list") == "FORBIDDEN"
    crew.log_in("bob")


# --- administrators and keys -------------------------------------------------------------------


def test_a_user_without_password_sets_one_by_a_one_time_token(crew):
    params = {"email": "ada@example.org", "name": "Ada", "role": "manager", "idempotencyKey": "k"}
    made = crew.admin.call("users.create", **params)
    token = made.pop("activationToken")
    # Secrets are not kept, so the answer to a repetition has none.
    assert crew.admin.call("users.create", **params) == made
    assert refusal(crew.admin, "users.create", email="ADA@example.org", role="user") == "CONFLICT"
    with Client(crew.daemon.url) as client:
        assert refusal(client, "auth.login", email="ada@example.org", password=PASSWORD) == (
            "UNAUTHENTICATED"
        )
        tokens = client.call("auth.activate", token=token, password=PASSWORD)
        assert tokens["user"] | {"updatedAt": ""} == made | {"activated": True, "updatedAt": ""}


def test_the_last_administrator_stays(crew):
    me = crew.admin.call("session.info")["user"]["id"]
    assert refusal(crew.admin, "users.delete", id=me) == "CONFLICT"
    assert refusal(crew.admin, "users.update", id=me, role="user") == "CONFLICT"
    assert refusal(crew.admin, "users.update", id=me, disabled=True) == "CONFLICT"
    crew.add("ada", role="admin")
    assert crew.admin.call("users.update", id=me, role="user")["role"] == "user"


def test_agents_are_assigned_and_unassigned(crew):
    user = crew.add("ada", agents=["content"])
    assert crew.admin.call("users.assignAgent", id=user["id"], agentId="website")["agents"] == [
        "content", "website",
    ]
    assert refusal(crew.admin, "users.assignAgent", id=user["id"], agentId="none") == "NOT_FOUND"
    assert refusal(crew.admin, "users.assignAgent", id="none", agentId="content") == "NOT_FOUND"
    assert crew.admin.call("users.unassignAgent", id=user["id"], agentId="content")["agents"] == ["website"]
    assert refusal(crew.admin, "users.create", email="b@x", role="user", agents=["none"]) == (
        "VALIDATION_ERROR"
    )


def test_users_are_listed_in_pages(crew):
    made = {crew.add(f"user{n}")["id"] for n in range(5)}
    listed, after = [], {}
    while True:
        page = crew.admin.call("users.list", limit=2, **after)
        listed += [one["id"] for one in page["users"]]
        if "next" not in page:
            break
        after = {"after": page["next"]}
    assert listed == sorted(listed) and made < set(listed) and len(listed) == 6


def test_a_key_acts_for_its_user_within_its_role_and_scope_until_it_is_revoked(crew):
    crew.add("ada", role="manager")
    ada = crew.session("ada")
    made = ada.call("keys.create", name="bot", role="user", scope=["agents.list", "keys.*"])
    key = made.pop("key")
    assert ada.call("keys.list")["keys"] == [made]
    assert refusal(ada, "keys.create", name="x", role="admin") == "VALIDATION_ERROR"
    with Client(crew.daemon.url, **bearer(key)) as bot:
        assert bot.call("session.info")["user"]["role"] == "user"
        # The key's role sees assigned agents only, though its user sees all.
        assert bot.call("agents.list")["agents"] == [] and ada.call("agents.list")["agents"]
        assert refusal(bot, "agents.get", id="content") == "FORBIDDEN"
        # It cannot get more than it has.
        assert refusal(bot, "keys.create", name="y") == "FORBIDDEN"
        assert refusal(crew.session("ada"), "keys.revoke", id="none") == "NOT_FOUND"
        assert ada.call("keys.revoke", id=made["id"]) == {}
        assert closing(bot) == 4103
    with Client(crew.daemon.url) as client:
        assert refusal(client, "session.authenticate", accessToken=key) == "UNAUTHENTICATED"
    ada.close()


def test_a_key_expires(crew):
    key = crew.admin.call("keys.create", name="brief", expiresInMs=2_000)["key"]
    with Client(crew.daemon.url, **bearer(key)) as bot:
        assert closing(bot) == 4102
    with Client(crew.daemon.url) as client:
        assert refusal(client, "session.authenticate", accessToken=key) == "UNAUTHENTICATED"


def test_nothing_secret_is_written_anywhere(make_daemon):
    config = auth(publicMetrics=True) | {"log": {"level": "debug"}}
    daemon = make_daemon(dev=False, config=config)
    canary = "canary-password-7231"
    with Client(daemon.url) as client:
        token = people.activation_token(daemon)
        tokens = client.call("auth.activate", token=token, email="a@x", password=canary)
    with signed_in(daemon, tokens) as client:
        key = client.call("keys.create", name="bot")["key"]
        grant = client.call("auth.subscriptionToken", channels=["app.x"], actions=["publish"])
        with Client(daemon.url, **people.bearer(grant["token"])) as holder:
            holder.call("hub.publish", channel="app.x", data=1)
            refusal(holder, "tasks.list")
        newer = client.call("auth.refresh", refreshToken=tokens["refreshToken"])
        refusal(client, "auth.changePassword", currentPassword=canary + "x", newPassword=canary)
        client.call("system.snapshot")
        metrics = daemon.get("/metrics")
    assert daemon.stop() == 0
    written = daemon.log + metrics + "".join(
        path.read_text(errors="replace")
        for path in daemon.state.rglob("*")
        if path.is_file() and path.name != "signing-key.pem"
    )
    secrets = [canary, token, key, grant["token"], tokens["accessToken"], tokens["refreshToken"]]
    for secret in secrets + [newer["refreshToken"], newer["accessToken"]]:
        assert secret not in written
    # Hashes are in the journal and the snapshot, and nowhere else.
    assert "$scrypt$" in written and "$scrypt$" not in daemon.log + metrics
    assert all(os.stat(p).st_mode & 0o077 == 0 for p in daemon.state.rglob("*") if p.is_file())
