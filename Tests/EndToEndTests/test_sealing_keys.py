"""The file with the keys that encrypt stored secrets of others."""

import base64
import re
import secrets
import stat

import pytest

from daemon import Process


def line(name):
    key = base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
    return f"{name} {key}\n"


def key_file(folder, text, mode=0o600):
    path = folder / "keys"
    path.write_text(text)
    path.chmod(mode)
    return path


def test_a_first_start_makes_a_key_that_later_ones_keep(make_daemon):
    daemon = make_daemon()
    path = daemon.state / "sealing-keys"
    text = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (key,) = [line for line in text.splitlines() if not line.startswith("#")]
    assert re.fullmatch(r"k[0-9a-f]{8} [A-Za-z0-9_-]{43}", key)
    assert daemon.stop() == 0
    daemon.start()
    assert path.read_text() == text
    assert daemon.stop() == 0
    assert key.split()[1] not in daemon.log


def test_keys_come_from_a_file_or_a_credential(make_daemon, tmp_path):
    path = key_file(tmp_path, "# newest first\n\n" + line("2026-12") + line("2026-11"))
    by_path = make_daemon(config={"auth": {"sealingKeys": str(path)}})
    by_name = make_daemon(
        config={"auth": {"sealingKeys": "keys"}},
        environment={"CREDENTIALS_DIRECTORY": str(tmp_path)},
    )
    for daemon in (by_path, by_name):
        assert not (daemon.state / "sealing-keys").exists()


@pytest.mark.parametrize(
    "text, mode, status, reason",
    [
        (None, 0o600, 78, "cannot be read"),
        ("", 0o600, 78, "holds no key"),
        (line("a") + line("a"), 0o600, 78, "two keys with the id of line 2"),
        ("a " + "A" * 42, 0o600, 78, "line 1"),
        (line("a"), 0o640, 77, "chmod 600"),
    ],
    ids=["missing", "empty", "twice", "short", "readable"],
)
def test_a_file_that_cannot_be_used_stops_the_start(tmp_path, text, mode, status, reason):
    path = tmp_path / "keys"
    if text is not None:
        key_file(tmp_path, text, mode)
    config = tmp_path / "config.json5"
    config.write_text('{"auth": {"sealingKeys": "%s"}}' % path)
    done = Process(
        "omnihubd", "--listen", "127.0.0.1:0", "--state-dir", tmp_path / "state",
        "--config", config,
    )
    assert done.wait() == status
    assert re.search(f"auth.sealingKeys: .*{reason}", done.stderr.text)
    for word in (text or "").split():
        assert len(word) < 20 or word not in done.stderr.text + done.stdout.text
