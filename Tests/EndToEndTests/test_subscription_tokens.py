"""Tokens that hand somebody some channels and nothing else."""

import jwt
import pytest
from websockets.exceptions import InvalidStatus

from client import Client, Failure
from daemon import wait_until
from people import Crew, auth, bearer, closing

NAMESPACES = {
    "closed": {"subscribe": "nobody", "publish": "nobody"},
    "news": {"publish": "manager"},
}
ALL = ["subscribe", "publish", "presence", "history"]


class Desk(Crew):
    """A hub whose users issue tokens."""

    def __init__(self, daemon):
        super().__init__(daemon)
        self.add("ann", "user", ["content"])
        self.ann = self.session("ann")

    def token(self, channels, actions=ALL, by=None, **params):
        """What `by`, or Ann, is answered for a token."""
        channels = [channels] if isinstance(channels, str) else channels
        return (by or self.ann).call(
            "auth.subscriptionToken", channels=channels, actions=actions, **params
        )

    def holder(self, channels, actions=ALL, by=None, **params):
        """A session of whoever has such a token."""
        return Client(self.daemon.url, **bearer(self.token(channels, actions, by, **params)["token"]))


@pytest.fixture(scope="module")
def desk(make_shared_daemon):
    config = auth() | {"channels": {"namespaces": NAMESPACES}}
    return Desk(make_shared_daemon(dev=False, config=config))


def refusal(client, method, **params):
    with pytest.raises(Failure) as failure:
        client.call(method, **params)
    return failure.value


def test_a_token_is_for_its_channel_and_nothing_else(desk):
    answer = desk.token("app.room.1")
    assert answer["expiresIn"] == 3600 and answer["channels"] == ["app.room.1"]
    with Client(desk.daemon.url, **bearer(answer["token"])) as holder:
        info = holder.call("session.info")
        assert info["authenticated"] and "user" not in info
        assert info["token"] == {
            "tokenId": answer["tokenId"], "channels": ["app.room.1"], "actions": ALL,
        }
        feed = holder.subscribe("app.room.1", presence=True)
        holder.call("hub.publish", channel="app.room.1", data="hello")
        # Who published it is not whoever issued the token.
        assert feed.next()["publisher"] == {
            "sessionId": holder.welcome["sessionId"], "tokenId": answer["tokenId"],
        }
        (member,) = holder.call("hub.presence", channel="app.room.1")["members"]
        assert "userId" not in member
        assert len(holder.call("hub.history", channel="app.room.1")["events"]) == 1
        names = {one["channel"] for one in holder.call("hub.channels")["channels"]}
        assert names == {"app.room.1"}
        for channel in ("app.room.2", "app.room", "app.room.1.x", "tasks", "audit"):
            assert refusal(holder, "hub.subscribe", channel=channel).name == "NOT_FOUND"
        for channel in ("app.room.*", "app.>", "app.room.>"):
            assert refusal(holder, "hub.subscribe", channel=channel).name == "NOT_FOUND"
        assert refusal(holder, "hub.publish", channel="app.room.2", data=1).name == "NOT_FOUND"
        for method in ("tasks.list", "agents.list", "auth.sessions", "keys.list", "system.info"):
            assert refusal(holder, method).name == "FORBIDDEN"
        for method in ("auth.subscriptionToken", "auth.login", "auth.refresh"):
            assert refusal(holder, method).name == "FORBIDDEN"


def test_actions_that_are_not_named_are_forbidden(desk):
    with desk.holder("app.read.1", ["subscribe"]) as reader:
        reader.call("hub.subscribe", channel="app.read.1")
        for method in ("hub.publish", "hub.history", "hub.presence"):
            assert refusal(reader, method, channel="app.read.1", data=1).name == "FORBIDDEN"
        failure = refusal(reader, "hub.subscribe", channel="app.read.1", presence=True)
        assert failure.name in ("FORBIDDEN", "ALREADY_SUBSCRIBED")
    with desk.holder("app.read.1", ["publish"]) as writer:
        writer.call("hub.publish", channel="app.read.1", data=1)
        assert refusal(writer, "hub.subscribe", channel="app.read.1").name == "FORBIDDEN"
    with desk.holder("app.read.2", ["subscribe"]) as reader:
        assert refusal(reader, "hub.subscribe", channel="app.read.2", presence=True).name == "FORBIDDEN"
        assert refusal(reader, "hub.subscribe", channel="app.read.2", last=1).name == "FORBIDDEN"


def test_a_token_for_a_pattern_is_for_all_that_it_stands_for(desk):
    with desk.holder(["app.dash.*.cpu", "app.team.>"]) as holder:
        for channel in ("app.dash.a.cpu", "app.dash.*.cpu", "app.team.a", "app.team.a.b", "app.team.>"):
            holder.call("hub.subscribe", channel=channel)
        for channel in ("app.dash.a", "app.dash.a.ram", "app.dash.>", "app.team", "app.*.a"):
            assert refusal(holder, "hub.subscribe", channel=channel).name == "NOT_FOUND"


def test_a_token_comes_in_all_three_ways(desk):
    token = desk.token("app.ways")["token"]
    for options in (bearer(token), {"subprotocols": ["omnihub.v1", f"bearer.{token}"]}, {}):
        with Client(desk.daemon.url, **options) as client:
            if not options:
                client.call("session.authenticate", accessToken=token)
            client.call("hub.subscribe", channel="app.ways")
            assert refusal(client, "tasks.list").name == "FORBIDDEN"


def test_nobody_gives_away_what_he_may_not_do_himself(desk):
    def refused(by, channel, actions, **params):
        return refusal(
            by, "auth.subscriptionToken", channels=[channel], actions=actions, **params
        ).name

    for channel in ("audit", "system", "agents.strategy", "app.closed.a", "app.>", "nothing"):
        assert refused(desk.ann, channel, ["subscribe"]) == "NOT_FOUND", channel
    assert refused(desk.ann, "app.news.a", ["publish"]) == "FORBIDDEN"
    assert refused(desk.ann, "tasks", ["publish"]) == "FORBIDDEN"
    desk.add("vic", "viewer")
    with desk.session("vic") as viewer:
        assert refused(viewer, "app.room.1", ["publish"]) == "FORBIDDEN"
        desk.token("app.room.1", ["subscribe"], by=viewer)
    key = desk.ann.call("keys.create", name="bot", scope=["auth.subscriptionToken", "hub.subscribe"])
    with Client(desk.daemon.url, **bearer(key["key"])) as bot:
        desk.token("app.room.1", ["subscribe"], by=bot)
        assert refused(bot, "app.room.1", ["subscribe", "history"]) == "FORBIDDEN"
    for params in (
        {"channels": [], "actions": ALL}, {"channels": ["app.a"], "actions": []},
        {"channels": ["app.a"], "actions": ["fly"]}, {"channels": ["app.a."], "actions": ALL},
        {"channels": ["app.a"] * 17, "actions": ALL},
        {"channels": ["app.a"], "actions": ALL, "expiresIn": 86401},
        {"channels": ["app.a"], "actions": ALL, "expiresIn": 0},
    ):
        assert refusal(desk.ann, "auth.subscriptionToken", **params).name == "VALIDATION_ERROR"


def test_an_administrator_hands_out_what_is_kept_for_tokens(desk):
    assert refusal(desk.admin, "hub.subscribe", channel="app.closed.a").name == "NOT_FOUND"
    with desk.holder("app.closed.a", by=desk.admin) as holder:
        feed = holder.subscribe("app.closed.a")
        holder.call("hub.publish", channel="app.closed.a", data=1)
        assert feed.next()["data"] == 1


def test_a_token_of_an_agent_or_a_task_shows_what_its_issuer_may_see(desk):
    kind, payload = "content.analyze", {"text": "A."}
    own = desk.admin.call("tasks.create", type=kind, payload=payload)["id"]
    other = desk.admin.call(
        "tasks.create",
        type="strategy.prioritize",
        payload={
            "items": [{"name": "a", "reach": 1, "impact": 1, "confidence": 0.5, "effort": 1}],
            "method": "rice",
        },
    )["id"]
    # Whose a task is only the runtime knows, so such a token is good for nothing rather than refused.
    with desk.holder([f"tasks.{own}", f"tasks.{other}", "agents.content"], ["subscribe"]) as holder:
        state = holder.call("hub.subscribe", channel=f"tasks.{own}", state=True)["state"]
        assert [task["id"] for task in state] == [own]
        assert refusal(holder, "hub.subscribe", channel=f"tasks.{other}").name == "NOT_FOUND"
        holder.call("hub.subscribe", channel="agents.content")


def test_a_token_expires(desk):
    answer = desk.token("app.short", expiresIn=1)
    with Client(desk.daemon.url) as client:
        client.call("session.authenticate", accessToken=answer["token"])
        assert closing(client, 90) == 4102


def test_a_token_ends_with_the_session_key_or_account_of_its_issuer(desk):
    name = "lea"
    user = desk.add(name, "user")
    tokens = desk.log_in(name)
    with Client(desk.daemon.url, **bearer(tokens["accessToken"])) as lea:
        holder = desk.holder("app.end", by=lea)
        token = desk.token("app.end", by=lea)["token"]
        assert lea.call("auth.logout") == {}
    assert closing(holder) == 4103
    with pytest.raises(InvalidStatus):
        Client(desk.daemon.url, **bearer(token))

    with desk.session(name) as lea:
        key = lea.call("keys.create", name="bot")
        with Client(desk.daemon.url, **bearer(key["key"])) as bot:
            holder = desk.holder("app.end", by=bot)
        lea.call("keys.revoke", id=key["id"])
        assert closing(holder) == 4103

        holder = desk.holder("app.end", by=lea)
        desk.admin.call("users.update", id=user["id"], disabled=True)
        assert closing(holder) == 4103


def test_a_token_follows_the_role_of_its_issuer(desk):
    user = desk.add("max", "manager")
    with desk.session("max") as manager:
        with desk.holder(["app.news.a", "system"], ["subscribe"], by=manager) as reader:
            with desk.holder("app.news.a", by=manager) as holder:
                reader.call("hub.subscribe", channel="system")
                holder.call("hub.publish", channel="app.news.a", data=1)
                desk.admin.call("users.update", id=user["id"], role="user")
                wait_until(
                    lambda: refused(holder, channel="app.news.a", data=2) == "FORBIDDEN"
                )
                gone = reader.notification()
                while gone["method"] != "hub.unsubscribed":
                    gone = reader.notification()
                assert gone["params"]["channel"] == "system"


def refused(client, **params):
    try:
        client.call("hub.publish", **params)
    except Failure as failure:
        return failure.name


def test_a_newer_token_of_the_same_issuer_takes_the_place_of_the_older(desk):
    one, two = (desk.token(f"app.{name}")["token"] for name in ("one", "two"))
    with Client(desk.daemon.url, **bearer(one)) as holder:
        holder.call("hub.subscribe", channel="app.one")
        holder.call("session.authenticate", accessToken=two)
        gone = holder.notification()
        assert gone["method"] == "hub.unsubscribed" and gone["params"]["channel"] == "app.one"
        holder.call("hub.subscribe", channel="app.two")


def test_who_issued_what_is_in_the_audit(desk):
    answer = desk.token(["app.audit.1", "app.audit.2"], ["subscribe"])
    object = {"kind": "channel", "id": "app.audit.1 app.audit.2"}
    (entry,) = desk.admin.call("system.audit", object=object)["entries"]
    assert entry["type"] == "audit.allowed" and entry["data"]["method"] == "auth.subscriptionToken"
    claims = jwt.decode(answer["token"], options={"verify_signature": False})
    assert claims["jti"] == answer["tokenId"] and claims["aud"] == "omnihub/channels"
