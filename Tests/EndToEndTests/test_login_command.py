"""`omnihub login`, and commands that act for who has signed in."""

import json
import stat

import pytest

import people
from daemon import Process
from people import PASSWORD, auth, set_up


@pytest.fixture
def hub(make_daemon, tmp_path):
    daemon = make_daemon(dev=False, config=auth(accessTokenMs=60_000))
    daemon.tokens = set_up(daemon)
    daemon.home = tmp_path / "home"
    return daemon


def run(hub, *arguments, **options):
    environment = {"XDG_CONFIG_HOME": str(hub.home), "OMNIHUB_URL": hub.url}
    process = Process("omnihub", *arguments, environment=environment, **options)
    return process.wait(), process.stdout.text, process.stderr.text


def stored(hub):
    (entry,) = json.loads((hub.home / "omnihub/credentials.json").read_text())["hubs"].values()
    return entry


def password_file(tmp_path, text=PASSWORD):
    path = tmp_path / "password"
    path.write_text(text + "\n")
    path.chmod(0o600)
    return path


def test_a_login_is_kept_and_used_and_ended(hub, tmp_path):
    status, _, error = run(hub, "agents")
    assert status == 1 and "UNAUTHENTICATED" in error
    status, _, error = run(
        hub, "login", "root@example.org", "--password-file", password_file(tmp_path)
    )
    assert status == 0 and "role admin" in error
    file = hub.home / "omnihub/credentials.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    status, output, _ = run(hub, "call", "session.info")
    assert status == 0 and json.loads(output)["user"]["role"] == "admin"
    status, _, error = run(hub, "logout")
    assert status == 0 and "signed out" in error
    assert json.loads(file.read_text())["hubs"] == {}
    assert run(hub, "agents")[0] == 1
    assert run(hub, "logout")[0] == 0


def test_a_token_that_expires_is_renewed_once(hub, tmp_path):
    run(hub, "login", "root@example.org", "--password-file", password_file(tmp_path))
    before = stored(hub)
    path = hub.home / "omnihub/credentials.json"
    document = json.loads(path.read_text())
    for entry in document["hubs"].values():
        entry["expiresAt"] = 0
    path.write_text(json.dumps(document))
    # Several programs at once renew it once: a token that is used twice would end the login.
    environment = {"XDG_CONFIG_HOME": str(hub.home), "OMNIHUB_URL": hub.url}
    processes = [Process("omnihub", "call", "session.info", environment=environment) for _ in range(4)]
    for process in processes:
        assert process.wait() == 0, process.stderr.text
        assert json.loads(process.stdout.text)["authenticated"]
    assert stored(hub)["refreshToken"] != before["refreshToken"]
    assert run(hub, "call", "session.info")[0] == 0


def test_a_wrong_password_and_a_careless_file_are_told(hub, tmp_path):
    path = password_file(tmp_path, "wrong password")
    status, _, error = run(hub, "login", "root@example.org", "--password-file", path)
    assert status == 1 and "email or password is not right" in error
    path.chmod(0o644)
    status, _, error = run(hub, "login", "root@example.org", "--password-file", path)
    assert status == 66 and "chmod 600" in error
    assert not (hub.home / "omnihub/credentials.json").exists()


def test_an_api_key_in_a_file_wins_over_the_login(hub, tmp_path):
    run(hub, "login", "root@example.org", "--password-file", password_file(tmp_path))
    with people.signed_in(hub, hub.tokens) as admin:
        key = admin.call("keys.create", name="bot", role="viewer")["key"]
    file = tmp_path / "key"
    file.write_text(key + "\n")
    status, output, _ = run(hub, "call", "session.info", "--token-file", file)
    assert status == 0 and json.loads(output)["user"]["role"] == "viewer"
    file.write_text(key[:-1] + "x")
    status, _, error = run(hub, "agents", "--token-file", file)
    assert status == 77 and "omnihub login" in error
