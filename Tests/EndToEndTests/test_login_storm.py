"""More sign-ins than passwords can be checked."""

from client import Client
from people import PASSWORD, auth, log_in, set_up

# A password takes longer than it takes to read a batch of attempts, and not so long that a busy
# machine would not get through a few.
SLOW = {
    "passwordWorkers": 1, "maxQueuedPasswords": 1, "scryptLogN": 12,
    "loginsPerMinute": 1_000_000, "loginBurst": 1_000_000, "loginFailures": 5,
    "loginDelayMs": 3_600_000, "maxLoginDelayMs": 3_600_000,
}


def test_what_is_too_much_is_refused_at_once_and_held_against_nobody(make_daemon):
    # A busy machine takes its time to hash, and who waits for that is no silent peer.
    config = auth(**SLOW) | {"timeouts": {"authenticationMs": 600_000}}
    hub = make_daemon(dev=False, config=config)
    set_up(hub, email="root@example.org")
    batch = [
        {"jsonrpc": "2.0", "id": number, "method": "auth.login",
         "params": {"email": "root@example.org", "password": "wrong"}}
        for number in range(30)
    ]
    with Client(hub.url) as client:
        client.send(batch)
        answers = client.receive(120)
        errors = [answer["error"]["data"] for answer in answers]
        busy = [error for error in errors if error["code"] == "BUSY"]
        wrong = [error for error in errors if error["code"] == "UNAUTHENTICATED"]
        assert len(busy) + len(wrong) == 30 and wrong and busy
        assert all(error["temporary"] and error["retryAfterMs"] >= 1_000 for error in busy)
        # The account need not wait for what was not tried: with the fifth wrong one it would.
        if len(wrong) < 5:
            assert log_in(hub, "root@example.org", PASSWORD)["user"]["role"] == "admin"
