"""More sign-ins than passwords can be checked."""

from client import Client
from people import PASSWORD, auth, log_in, set_up

# Slow enough that the second waits, and the third is one too many, on any machine.
SLOW = {
    "passwordWorkers": 1, "maxQueuedPasswords": 1, "scryptLogN": 15, "scryptParallelism": 4,
    "loginsPerMinute": 1_000_000, "loginBurst": 1_000_000, "loginFailures": 5,
    "loginDelayMs": 3_600_000, "maxLoginDelayMs": 3_600_000,
}


def test_what_is_too_much_is_refused_at_once_and_held_against_nobody(make_daemon):
    hub = make_daemon(dev=False, config=auth(**SLOW))
    set_up(hub, email="root@example.org")
    batch = [
        {"jsonrpc": "2.0", "id": number, "method": "auth.login",
         "params": {"email": "root@example.org", "password": "wrong"}}
        for number in range(30)
    ]
    with Client(hub.url) as client:
        answers = client.ask(batch)
        errors = [answer["error"]["data"] for answer in answers]
        busy = [error for error in errors if error["code"] == "BUSY"]
        wrong = [error for error in errors if error["code"] == "UNAUTHENTICATED"]
        assert len(busy) + len(wrong) == 30 and wrong and len(busy) > 20
        assert all(error["temporary"] and error["retryAfterMs"] >= 1_000 for error in busy)
        # The account need not wait for what was not tried: with the fifth wrong one it would.
        if len(wrong) < 5:
            assert log_in(hub, "root@example.org", PASSWORD)["user"]["role"] == "admin"
