"""Tokens that others made: forged with PyJWT and `cryptography`, and honest ones of an issuer."""

import base64
import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from websockets.exceptions import InvalidStatus

import people
from client import Client, Failure
from people import auth, bearer, set_up


def b64(value):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture(scope="module")
def hub(make_shared_daemon):
    daemon = make_shared_daemon(dev=False, config=auth())
    daemon.tokens = set_up(daemon)
    pem = (daemon.state / "signing-key.pem").read_bytes()
    daemon.key = serialization.load_pem_private_key(pem, None)
    return daemon


def accepted(daemon, token):
    """Whether a token is taken in all three ways, which must agree."""
    verdicts = set()
    with Client(daemon.url) as client:
        try:
            client.call("session.authenticate", accessToken=token)
            verdicts.add(True)
        except Failure as failure:
            assert failure.name == "UNAUTHENTICATED", failure
            verdicts.add(False)
    ways = [bearer(token)]
    # Subprotocols are tokens of RFC 9110; what has other characters cannot come that way.
    if all(c.isalnum() or c in "._-~+" for c in token):
        ways.append({"subprotocols": ["omnihub.v1", f"bearer.{token}"]})
    for options in ways:
        try:
            with Client(daemon.url, **options) as client:
                assert client.welcome["authenticated"]
                verdicts.add(True)
                if "subprotocols" in options:
                    assert client.socket.subprotocol == "omnihub.v1"
        except InvalidStatus as refusal:
            assert refusal.response.status_code == 401
            assert refusal.response.headers["WWW-Authenticate"].startswith("Bearer")
            verdicts.add(False)
    assert len(verdicts) == 1, verdicts
    return verdicts.pop()


def test_a_token_of_the_hub_is_what_pyjwt_makes_of_its_key(hub):
    token = hub.tokens["accessToken"]
    claims = jwt.decode(token, hub.key.public_key(), ["EdDSA"], audience="omnihub", issuer="omnihub")
    assert claims["exp"] - claims["iat"] == 900 and claims["sub"] == hub.tokens["user"]["id"]
    header = jwt.get_unverified_header(token)
    assert header == {"alg": "EdDSA", "typ": "at+jwt", "kid": header["kid"]}
    assert jwt.encode(claims, hub.key, "EdDSA", headers=header)
    assert accepted(hub, token)
    assert accepted(hub, jwt.encode(claims, hub.key, "EdDSA", headers=header))


FORGERIES = {}


def forgery(function):
    FORGERIES[function.__name__] = function
    return function


@forgery
def no_algorithm(header, claims, key):
    for name in ("none", "None", "NONE", "nOnE"):
        for signature in ("", b64(b"x" * 64)):
            yield f"{b64(header | {'alg': name})}.{b64(claims)}.{signature}"


@forgery
def the_public_key_as_secret(header, claims, key):
    public = key.public_key()
    raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
    pem = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    for form in (raw, pem):
        secret = public.public_bytes(*form)
        message = f"{b64(header | {'alg': 'HS256'})}.{b64(claims)}"
        import hashlib
        import hmac

        yield f"{message}.{b64(hmac.digest(secret, message.encode(), hashlib.sha256))}"


@forgery
def another_key(header, claims, key):
    for other, name in (
        (ed25519.Ed25519PrivateKey.generate(), "EdDSA"),
        (ec.generate_private_key(ec.SECP256R1()), "ES256"),
        (rsa.generate_private_key(65537, 2048), "RS256"),
    ):
        yield jwt.encode(claims, other, name, headers={k: header[k] for k in ("typ", "kid")})


@forgery
def a_key_of_its_own(header, claims, key):
    own = ed25519.Ed25519PrivateKey.generate()
    jwk = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(own.public_key()))
    for extra in (
        {"jwk": jwk}, {"jku": "http://127.0.0.1:1/keys"}, {"x5u": "http://127.0.0.1:1/x"},
        {"x5c": [b64(b"x")]}, {"kid": "../../../../dev/null"}, {"kid": "/etc/passwd"},
        {"kid": ""}, {"kid": "' OR 1=1 --"},
    ):
        yield jwt.encode(claims, own, "EdDSA", headers={"typ": "at+jwt", "kid": header["kid"]} | extra)
        # And with the hub's signature, which makes nothing better.
        yield jwt.encode(claims, key, "EdDSA", headers={"typ": "at+jwt", "kid": header["kid"]} | extra)


@forgery
def rules_that_are_not_known(header, claims, key):
    for extra in ({"crit": ["x"], "x": 1}, {"crit": []}, {"b64": False, "crit": ["b64"]}):
        message = f"{b64(header | extra)}.{b64(claims)}"
        yield f"{message}.{b64(key.sign(message.encode()))}"


@forgery
def wrong_claims(header, claims, key):
    now = int(time.time())
    for change in (
        {"exp": now - 61}, {"exp": None}, {"exp": str(now + 900)}, {"exp": -1}, {"exp": True},
        {"nbf": now + 120}, {"iat": now + 120}, {"iss": "other"}, {"iss": None}, {"aud": "other"},
        {"aud": []}, {"aud": None}, {"sub": "0" * 32}, {"sub": None}, {"sub": 7},
        {"sid": "0" * 32}, {"sid": None},
    ):
        changed = {k: v for k, v in (claims | change).items() if v is not None}
        message = f"{b64(header)}.{b64(changed)}"
        yield f"{message}.{b64(key.sign(message.encode()))}"


@forgery
def json_that_can_be_read_in_two_ways(header, claims, key):
    text = json.dumps(claims)
    for body in (
        text.replace('"exp": ', '"exp": 1e400, "x": '), text[:-1] + ', "sub": "root"}',
        text[:-1] + ",}", "\ufeff" + text, text.replace('"exp": ', '"exp": NaN, "x": '),
        "[" + text + "]",
    ):
        message = f"{b64(header)}.{b64(body.encode())}"
        yield f"{message}.{b64(key.sign(message.encode()))}"
    for head in ('{"alg":"EdDSA","alg":"EdDSA","typ":"at+jwt","kid":"%s"}' % header["kid"],):
        message = f"{b64(head.encode())}.{b64(claims)}"
        yield f"{message}.{b64(key.sign(message.encode()))}"


@forgery
def damaged_signatures(header, claims, key):
    message = f"{b64(header)}.{b64(claims)}"
    signature = key.sign(message.encode())
    for changed in (signature[:-1], signature[:32], b"\0" * 64, signature + b"\0", signature[::-1]):
        yield f"{message}.{b64(changed)}"
    token = f"{message}.{b64(signature)}"
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".index(token[-1])
    other = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[last ^ 1]
    yield token[:-1] + other  # the same bytes, written otherwise
    yield from (token + "==", token + ".", message + ".", message, token + "." + b64(b"x"))


@forgery
def another_use(header, claims, key):
    for kind in ("JWT", "dpop+jwt", "", "at+jwtx"):
        yield jwt.encode(claims, key, "EdDSA", headers={"typ": kind, "kid": header["kid"]})


@forgery
def a_subscription_token(header, claims, key):
    grant = {"channels": ["app.x"], "actions": ["subscribe"]}
    for kind in ("channels+jwt", "application/channels+jwt", "at+jwt"):
        for audience in ("omnihub", "omnihub/channels", ["omnihub", "omnihub/channels"]):
            if kind == "at+jwt" and "omnihub" in audience and audience != "omnihub/channels":
                continue  # an access token with more claims than it needs
            if kind != "at+jwt" and audience != "omnihub":
                continue  # what a subscription token is
            yield jwt.encode(
                claims | grant | {"aud": audience}, key, "EdDSA",
                headers={"typ": kind, "kid": header["kid"]},
            )


GOOD_GRANT = {"channels": ["app.x"], "actions": ["subscribe"], "aud": "omnihub/channels"}


def subscription(hub, header=(), signer=None, **changes):
    """A subscription token as the hub would sign it, but for the changes."""
    token = hub.tokens["accessToken"]
    claims = jwt.decode(token, options={"verify_signature": False}) | GOOD_GRANT | changes
    head = {"kid": jwt.get_unverified_header(token)["kid"], "typ": "channels+jwt"} | dict(header)
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, signer or hub.key, "EdDSA", headers=head)


def test_forged_subscription_tokens_are_refused(hub):
    # One that the hub could have signed is taken, so it is the change that is not.
    assert accepted(hub, subscription(hub))
    changes = [
        {"aud": "omnihub"}, {"aud": "other/channels"}, {"aud": None}, {"iss": "other"},
        {"exp": 1}, {"exp": None}, {"nbf": 2**40}, {"sub": "0" * 32}, {"sid": None},
        {"sid": "0" * 32}, {"sid": None, "key": "0" * 16}, {"key": "0" * 16}, {"via": "other"},
        {"sid": None, "via": 7}, {"channels": None}, {"channels": []}, {"channels": "app.x"},
        {"channels": [7]}, {"channels": ["app.x"] * 17}, {"channels": ["x" * 257]},
        {"channels": [""]}, {"actions": None}, {"actions": []}, {"actions": ["fly"]},
        {"actions": ["subscribe", 7]}, {"jti": None},
    ]
    for change in changes:
        assert not accepted(hub, subscription(hub, **change)), change
    own = ed25519.Ed25519PrivateKey.generate()
    assert not accepted(hub, subscription(hub, signer=own))
    for header in ({"typ": "at+jwt"}, {"typ": "JWT"}, {"kid": "other"}, {"crit": ["x"], "x": 1}):
        assert not accepted(hub, subscription(hub, header)), header


@pytest.mark.parametrize("name", FORGERIES)
def test_forged_tokens_are_refused(hub, name):
    token = hub.tokens["accessToken"]
    header = jwt.get_unverified_header(token)
    claims = jwt.decode(token, options={"verify_signature": False})
    # With the hub's own key, and nothing changed, it is accepted: so it is the change that is not.
    message = f"{b64(header)}.{b64(claims)}"
    assert accepted(hub, f"{message}.{b64(hub.key.sign(message.encode()))}")
    count = 0
    for forged in FORGERIES[name](header, claims, hub.key):
        assert not accepted(hub, forged), forged
        count += 1
    assert count
    assert not people.secrets_in(hub.log)


def test_clocks_may_be_a_minute_apart(hub):
    header = jwt.get_unverified_header(hub.tokens["accessToken"])
    claims = jwt.decode(hub.tokens["accessToken"], options={"verify_signature": False})
    now = int(time.time())
    # What is in the future stays within the leeway however slow the test is.
    for change in ({"nbf": now + 55}, {"iat": now + 55}, {"exp": now + 900}):
        token = jwt.encode(claims | change, hub.key, "EdDSA", headers=header)
        with Client(hub.url) as client:
            assert client.call("session.authenticate", accessToken=token)["authenticated"]


def test_two_tokens_and_other_schemes_are_refused(hub):
    token = hub.tokens["accessToken"]
    for options in (
        {"additional_headers": {"Authorization": f"Basic {token}"}},
        {"additional_headers": {"Authorization": "Bearer"}},
        {"additional_headers": {"Authorization": f"Bearer {token} {token}"}},
        bearer(token) | {"subprotocols": ["omnihub.v1", f"bearer.{token}"]},
        {"subprotocols": ["omnihub.v1", "bearer."]},
    ):
        with pytest.raises(InvalidStatus) as refusal:
            Client(hub.url, **options)
        assert refusal.value.response.status_code == 401


def test_a_token_in_the_url_is_refused_and_not_logged(hub):
    for query in (f"access_token={hub.tokens['accessToken']}", f"token={hub.tokens['refreshToken']}"):
        with pytest.raises(InvalidStatus) as refusal:
            Client(f"{hub.url}?{query}")
        assert refusal.value.response.status_code == 400
    assert not people.secrets_in(hub.log)


def test_a_session_renews_its_token_but_does_not_become_another_user(hub):
    with Client(hub.url, **bearer(hub.tokens["accessToken"])) as admin:
        admin.call(
            "users.create", email="eve@example.org", role="user", password=people.PASSWORD
        )
        eve = people.log_in(hub, "eve@example.org")
        with pytest.raises(Failure) as failure:
            admin.call("session.authenticate", accessToken=eve["accessToken"])
        assert failure.value.name == "CONFLICT"
        assert admin.call("session.info")["user"]["role"] == "admin"


# --- keys --------------------------------------------------------------------------------------


def test_while_the_signing_key_is_rotated_tokens_of_both_are_good(make_daemon):
    daemon = make_daemon(dev=False, config=auth())
    old = set_up(daemon)
    key = daemon.state / "signing-key.pem"
    assert daemon.stop() == 0
    key.rename(daemon.state / "previous-signing-key.pem")
    daemon.start()
    with Client(daemon.url, **bearer(old["accessToken"])) as client:
        new = client.call("auth.refresh", refreshToken=old["refreshToken"])
    kids = {jwt.get_unverified_header(t["accessToken"])["kid"] for t in (old, new)}
    assert len(kids) == 2
    assert accepted(daemon, new["accessToken"]) and accepted(daemon, old["accessToken"])
    assert daemon.stop() == 0
    (daemon.state / "previous-signing-key.pem").unlink()
    daemon.start()
    assert accepted(daemon, new["accessToken"]) and not accepted(daemon, old["accessToken"])


def test_a_signing_key_that_others_may_read_or_that_is_none_stops_the_start(make_daemon):
    daemon = make_daemon(dev=False, config=auth())
    key = daemon.state / "signing-key.pem"
    assert daemon.stop() == 0
    key.chmod(0o644)
    daemon.start(wait=False)
    assert daemon.process.wait() == 77 and "auth.signingKey" in daemon.process.stderr.text
    key.chmod(0o600)
    key.write_text("no key")
    daemon.start(wait=False)
    assert daemon.process.wait() == 78 and "Ed25519" in daemon.process.stderr.text
    daemon.process = None


ISSUERS = {
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "RS256": lambda: rsa.generate_private_key(65537, 2048),
    "HS256": lambda: b"0123456789abcdef0123456789abcdef",
}


def jwks(private, name, kid):
    if name == "HS256":
        return {"kty": "oct", "k": b64(private), "alg": name, "kid": kid}
    classes = {
        "EdDSA": jwt.algorithms.OKPAlgorithm,
        "ES256": jwt.algorithms.ECAlgorithm,
        "RS256": jwt.algorithms.RSAAlgorithm,
    }
    return json.loads(classes[name].to_jwk(private.public_key())) | {"alg": name, "kid": kid}


def test_tokens_of_another_issuer_are_good_for_users_of_this_hub(make_daemon, tmp_path):
    keys = {name: make() for name, make in ISSUERS.items()}
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps({"keys": [jwks(key, name, name) for name, key in keys.items()]}))
    file.chmod(0o600)
    foreign = {
        "foreignIssuer": "https://id.example.org", "foreignAudience": "hub",
        "foreignKeys": str(file), "foreignUser": "email",
    }
    daemon = make_daemon(dev=False, config=auth(**foreign))
    set_up(daemon)
    claims = {
        "iss": "https://id.example.org", "aud": ["hub", "other"], "sub": "whatever",
        "email": "root@example.org", "exp": int(time.time()) + 600,
    }
    for name, key in keys.items():
        assert accepted(daemon, jwt.encode(claims, key, name, headers={"kid": name})), name
        for change in (
            {"email": "nobody@example.org"}, {"email_verified": False}, {"iss": "omnihub"},
            {"aud": "omnihub"}, {"email": None},
        ):
            changed = {k: v for k, v in (claims | change).items() if v is not None}
            assert not accepted(daemon, jwt.encode(changed, key, name, headers={"kid": name}))
        # Every key is good for its own algorithm and name only.
        for other in keys.keys() - {name}:
            assert not accepted(daemon, jwt.encode(claims, key, name, headers={"kid": other}))
        assert not accepted(daemon, jwt.encode(claims, key, name))


def test_a_key_of_others_without_its_algorithm_stops_the_start(make_daemon, tmp_path):
    file = tmp_path / "key.pem"
    public = ISSUERS["RS256"]().public_key()
    file.write_bytes(
        public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    file.chmod(0o600)
    foreign = {"foreignIssuer": "other", "foreignAudience": "hub", "foreignKeys": str(file)}
    for settings, words in (
        (foreign, "algorithm"), (foreign | {"foreignAlgorithm": "ES256"}, "none for ES256"),
    ):
        daemon = make_daemon(dev=False, config=auth(**settings), start=False)
        daemon.start(wait=False)
        assert daemon.process.wait() == 78
        assert "auth.foreignKeys" in daemon.process.stderr.text and words in daemon.process.stderr.text
        daemon.process = None
