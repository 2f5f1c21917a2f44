"""What the compliance agent finds and scores, beside other people's libraries."""

import ipaddress
import random
import string

import pandas
import pytest
from cvss import CVSS3, CVSS4
from cvss.constants3 import METRICS_VALUE_NAMES as VALUES_3
from cvss.constants4 import METRICS_VALUE_NAMES as VALUES_4
from pycanon import anonymity
from stdnum import iban, luhn
from stdnum.es import dni
from stdnum.fr import nir
from stdnum.us import ssn

from batches import result, results
from client import Failure

BASE_3 = ["AV", "AC", "PR", "UI", "S", "C", "I", "A"]
BASE_4 = ["AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"]


def vectors(generator, prefix, values, base, count):
    """Random ones; every fourth has base metrics only."""
    for index in range(count):
        parts = [f"{name}:{generator.choice(list(values[name]))}" for name in base]
        for name in values.keys() - set(base) if index % 4 else ():
            if generator.random() < 0.5:
                parts.append(f"{name}:{generator.choice(list(values[name]))}")
        generator.shuffle(parts)
        yield "/".join([prefix, *parts])


def test_scores_of_cvss_3_1_are_those_of_the_library(client):
    some = list(vectors(random.Random(1), "CVSS:3.1", VALUES_3, BASE_3, 1_000))
    for vector, answer in zip(some, results(client, "vuln.score", [{"vector": v} for v in some])):
        expected = CVSS3(vector)
        found = [answer[f"{kind}Score"] for kind in ("base", "temporal", "environmental")]
        assert found == [float(score) for score in expected.scores()], vector
        assert answer["severity"] == expected.severities()[0]
        assert answer["version"] == "3.1"


def test_scores_of_cvss_4_0_are_those_of_the_library(client):
    some = list(vectors(random.Random(2), "CVSS:4.0", VALUES_4, BASE_4, 1_000))
    for vector, answer in zip(some, results(client, "vuln.score", [{"vector": v} for v in some])):
        expected = CVSS4(vector)
        assert answer["baseScore"] == float(expected.base_score), vector
        assert answer["severity"] == expected.severity
        assert answer["macroVector"] == expected.macroVector()


# --- scans -------------------------------------------------------------------------------------


def digits(generator, count):
    return "".join(generator.choices(string.digits, k=count))


def scan(client, items):
    """The kinds that are found for each of `items`, each in a text of its own."""
    answers = results(client, "scan.pii", [{"text": f"number {item}, thanks"} for item in items])
    for item, answer in zip(items, answers):
        whole = [f for f in answer["findings"] if f["start"] == 7 and f["end"] == 7 + len(item)]
        yield item, [finding["type"] for finding in whole]


def test_account_numbers_are_checked_like_stdnum(client):
    generator = random.Random(3)
    forms = {"DE": "n" * 18, "GB": "aaaa" + "n" * 14, "NL": "aaaa" + "n" * 10,
             "FR": "n" * 10 + "c" * 11 + "nn", "NO": "n" * 11, "MT": "aaaa" + "n" * 5 + "c" * 18}
    alphabets = {"n": string.digits, "a": string.ascii_uppercase}
    alphabets["c"] = alphabets["n"] + alphabets["a"]
    numbers = []
    for country, form in forms.items():
        for _ in range(50):
            body = "".join(generator.choice(alphabets[kind]) for kind in form)
            check = iban.calc_check_digits(f"{country}00{body}")
            if generator.random() < 0.3:
                check = digits(generator, 2)
            numbers.append(f"{country}{check}{body}")
    valid = 0
    for number, kinds in scan(client, numbers):
        expected = iban.is_valid(number, check_country=False)
        valid += expected
        assert ("iban" in kinds) == expected, number
    assert 200 < valid < 300


def test_card_numbers_are_checked_like_stdnum(client):
    generator = random.Random(4)
    numbers = []
    for _ in range(200):
        number = "4" + digits(generator, 14)
        number += luhn.calc_check_digit(number) if generator.random() < 0.5 else digits(generator, 1)
        numbers.append(number)
    valid = 0
    for number, kinds in scan(client, numbers):
        valid += luhn.is_valid(number)
        assert ("card" in kinds) == luhn.is_valid(number), number
    assert 90 < valid < 150


def test_national_numbers_are_checked_like_stdnum(client):
    generator = random.Random(5)
    numbers = {}
    for _ in range(80):
        number = f"{digits(generator, 3)}-{digits(generator, 2)}-{digits(generator, 4)}"
        numbers[number] = "us-ssn", ssn.is_valid(number)
        number = digits(generator, 8) + generator.choice("TRWAGMYFPDXBNJZSQVHLCKE")
        numbers[number] = "es-dni", dni.is_valid(number)
        number = digits(generator, 8)
        numbers[number + dni.calc_check_digit(number)] = "es-dni", True
        number = "1" + digits(generator, 2) + f"{generator.randint(1, 12):02}" + digits(generator, 8)
        number += nir.calc_check_digits(number) if generator.random() < 0.5 else digits(generator, 2)
        numbers[number] = "fr-nir", nir.is_valid(number)
    # Numbers that were handed out as samples and never to anybody are refused by stdnum alone.
    for number, kinds in scan(client, list(numbers)):
        kind, expected = numbers[number]
        assert (kind in kinds) == expected, number


def test_addresses_are_those_of_the_standard_library(client):
    generator = random.Random(6)
    items = ["::", "::1", "1::", "1:2:3:4:5:6:7::", "::ffff:1.2.3.4", "1:2:3:4:5:6:7:8:9", "01.2.3.4",
             "1::2::3", "12345::", "1.2.3", "255.255.255.255", "1:2:3:4:5:6:1.2.3.4", ":1:2:3"]
    for _ in range(200):
        items.append(str(ipaddress.IPv6Address(generator.getrandbits(128) & generator.getrandbits(128))))
        items.append(str(ipaddress.IPv6Address(generator.getrandbits(16) << generator.randrange(112))))
        items.append(".".join(str(generator.randint(0, 290)) for _ in range(4)))
    for item, kinds in scan(client, items):
        try:
            ipaddress.ip_address(item)
            expected = True
        except ValueError:
            expected = False
        assert ("ip" in kinds) == expected, item


def test_what_is_found_is_not_in_the_redacted_text(client):
    text = (
        "😀 Ada <ada@example.org>, card 4111-1111-1111-1111, IBAN GB82 WEST 1234 5698 7654 32, "
        "phone +61 2 9374 4000 from 10.1.2.3; nothing else."
    )
    answer = result(client, "scan.pii", {"text": text})
    parts = [(f["type"], text[f["start"]:f["end"]]) for f in answer["findings"]]
    assert parts == [
        ("email", "ada@example.org"), ("card", "4111-1111-1111-1111"),
        ("iban", "GB82 WEST 1234 5698 7654 32"), ("phone", "+61 2 9374 4000"), ("ip", "10.1.2.3"),
    ]
    expected = text
    for kind, part in parts:
        expected = expected.replace(part, f"[{kind.upper()}]")
    assert answer["redacted"] == expected
    again = result(client, "scan.pii", {"text": answer["redacted"]})
    assert again["findings"] == []


def test_secrets_are_found_and_never_repeated(client):
    secrets = {
        "aws-access-key": "AKIA" + "ABCDEFGH23456777",
        "stripe-key": "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
        "slack-token": "xoxb-" + "123456789012-abcdefABCDEF",
        "google-api-key": "AIza" + "SyA1234567890abcdefghijklmnopqrstuv",
        "secret": "V3ry-s3cret!value",
    }
    text = "\n".join(
        f"password: {secret}" if kind == "secret" else f"see {secret} there"
        for kind, secret in secrets.items()
    )
    answer = result(client, "scan.secrets", {"text": text})
    found = {f["type"]: text[f["start"]:f["end"]] for f in answer["findings"]}
    assert found == secrets
    assert not any(secret in str(answer) for secret in secrets.values())
    assert result(client, "scan.secrets", {"text": answer["redacted"]})["findings"] == []


# --- anonymity ---------------------------------------------------------------------------------


def test_anonymity_is_that_of_pycanon(client):
    generator = random.Random(7)
    for _ in range(25):
        rows = [
            {
                "age": generator.choice(["20-29", "30-39", "40-49"]),
                "zip": generator.randint(1, 3),
                "sex": generator.choice("fm"),
                "illness": generator.choice(["flu", "cold", "cough", "none"]),
                "income": generator.randint(1, 5),
            }
            for _ in range(generator.randint(30, 400))
        ]
        identifiers = generator.sample(["age", "zip", "sex"], generator.randint(1, 3))
        answer = result(
            client,
            "privacy.kanonymity",
            {"rows": rows, "quasiIdentifiers": identifiers, "sensitive": ["illness", "income"],
             "minimumK": 8, "minimumL": 4},
        )
        frame = pandas.DataFrame(rows)
        assert answer["k"] == anonymity.k_anonymity(frame, identifiers)
        assert answer["l"] == anonymity.l_diversity(frame, identifiers, ["illness", "income"])
        small = {
            key: len(group)
            for key, group in frame.groupby(identifiers)
            if len(group) < 8 or min(group["illness"].nunique(), group["income"].nunique()) < 4
        }
        found = {
            tuple(violation["values"][name] for name in identifiers): violation["size"]
            for violation in answer["violations"]
        }
        assert found == small


@pytest.mark.parametrize(
    ("kind", "payload", "path"),
    [
        ("vuln.score", {"vector": "CVSS:3.0/AV:N"}, "/payload/vector"),
        ("scan.pii", {"text": 7}, "/payload/text"),
        ("privacy.kanonymity", {"rows": [], "quasiIdentifiers": ["a"]}, "/payload/rows"),
        (
            "privacy.kanonymity", {"rows": [{"a": 1}], "quasiIdentifiers": ["b"]},
            "/payload/quasiIdentifiers",
        ),
    ],
)
def test_bad_input_is_refused_where_it_is_wrong(client, kind, payload, path):
    with pytest.raises(Failure) as caught:
        client.call("tasks.create", type=kind, payload=payload)
    assert caught.value.name == "VALIDATION_ERROR" and caught.value.paths == [path]
