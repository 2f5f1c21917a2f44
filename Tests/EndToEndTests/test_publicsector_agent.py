"""What the public sector agent computes, beside other people's libraries."""

import random
import re
from datetime import date, timedelta

import apportionment.methods
import holidays
import numpy as np
import pytest
import pyrankvote
from stdnum.au import abn, acn, tfn

from batches import result, results
from client import Failure


@pytest.mark.parametrize(
    ("kind", "library", "length"), [("abn", abn, 11), ("acn", acn, 9), ("tfn", tfn, 9)]
)
def test_registry_numbers_are_checked_like_stdnum(client, kind, library, length):
    generator = random.Random(length)
    numbers = []
    while len(numbers) < 120:
        number = "".join(generator.choices("0123456789", k=length))
        if kind == "abn" and generator.random() < 0.5:
            number = library.calc_check_digits(number[2:]) + number[2:]
        if kind == "acn" and generator.random() < 0.5:
            number = number[:8] + library.calc_check_digit(number[:8])
        numbers.append(number)
    numbers += [numbers[0][:-1], numbers[0] + "0", "", "x" * length, f" {numbers[1]} "]
    valid = 0
    for number, answer in zip(
        numbers, results(client, f"{kind}.validate", [{"number": number} for number in numbers])
    ):
        assert answer["valid"] == library.is_valid(number), number
        if answer["valid"]:
            valid += 1
            assert answer["formatted"] == library.format(number)
    assert valid > 3


REGIONS = {"US": ("US", None), "GB-ENG": ("GB", "ENG")} | {
    f"AU-{state}": ("AU", state) for state in ["ACT", "NSW", "NT", "QLD", "SA", "TAS", "VIC", "WA"]
}
# Of Brisbane alone.
LOCAL = "The Royal Queensland Show"


def public_holidays(region):
    country, part = REGIONS[region]
    found = holidays.country_holidays(country, subdiv=part, years=range(2018, 2034))
    return sorted(day for day, name in found.items() if name != LOCAL and day.weekday() < 5)


@pytest.mark.parametrize("region", REGIONS)
def test_public_holidays_are_those_of_the_library(client, region):
    answer = result(
        client,
        "deadline.compute",
        {"start": "2018-01-01", "businessDays": 3_900,
         "region": region},
    )
    expected = [str(day) for day in public_holidays(region)]
    # The first day is not counted, whatever it is.
    expected = [day for day in expected if "2018-01-01" < day <= answer["deadline"]]
    found = [holiday["date"] for holiday in answer["skippedHolidays"]]
    assert found == expected and len(found) > 120
    assert answer["deadline"] > "2032-12-31"


def test_deadlines_are_those_of_numpy(client):
    generator = random.Random(5)
    payloads, expected = [], []
    for _ in range(250):
        start = date(2019, 1, 1) + timedelta(days=generator.randrange(3_000))
        days = generator.randint(-300, 300)
        region = generator.choice([*REGIONS, None])
        given = [start + timedelta(days=generator.randint(-200, 200)) for _ in range(10)]
        payload = {"start": str(start), "businessDays": days, "holidays": list(map(str, given))}
        known = list(given)
        if region:
            payload["region"] = region
            known += public_holidays(region)
        payloads.append(payload)
        # The start itself is not counted: a period begins at the business day before it.
        roll = "backward" if days > 0 else "forward"
        end = np.busday_offset(start, days, roll=roll, holidays=known)
        expected.append(str(end))
    found = [answer["deadline"] for answer in results(client, "deadline.compute", payloads)]
    assert found == expected


# --- elections ---------------------------------------------------------------------------------


def election(generator, candidates):
    strengths = {name: generator.uniform(0.2, 3) for name in candidates}
    ballots = []
    for _ in range(generator.randint(60, 300)):
        ranked = sorted(candidates, key=lambda name: -strengths[name] * generator.random())
        ballots.append(ranked[: generator.randint(1, len(ranked))])
    return ballots


def reference(method, candidates, ballots, **options):
    people = {name: pyrankvote.Candidate(name) for name in candidates}
    papers = [pyrankvote.Ballot([people[name] for name in ballot]) for ballot in ballots]
    outcome = method(list(people.values()), papers, **options)
    return {candidate.name for candidate in outcome.get_winners()}


def test_instant_runoff_elects_whom_pyrankvote_elects(client):
    generator = random.Random(8)
    cases = []
    for _ in range(120):
        candidates = [f"c{i}" for i in range(generator.randint(2, 7))]
        cases.append((candidates, election(generator, candidates)))
    answers = results(
        client,
        "vote.count",
        [{"method": "irv", "candidates": names, "ballots": cast} for names, cast in cases],
    )
    compared = 0
    for (names, ballots), answer in zip(cases, answers):
        if not answer["tied"] and not has_equals(answer):
            expected = reference(pyrankvote.instant_runoff_voting, names, ballots)
            assert set(answer["elected"]) == expected
            compared += 1
    assert compared > 60


def has_equals(answer):
    """Whether two candidates ever had the same votes at the end of the order, where methods part."""
    for one in answer["rounds"]:
        votes = sorted(round(place["votes"], 6) for place in one["votes"])
        if one["excluded"] and len(votes) > 1 and votes[1] - votes[0] < 0.01:
            return True
    return False


def test_stv_elects_whom_pyrankvote_elects(client):
    """Where every pile that is transferred holds ballots of one value: pyrankvote gives all the
    ballots of a pile the mean of their values, the Gregory method each its own."""
    generator = random.Random(9)
    cases = []
    for _ in range(260):
        candidates = [f"c{i}" for i in range(generator.randint(3, 6))]
        seats = generator.randint(2, len(candidates) - 1)
        cases.append((candidates, election(generator, candidates), seats))
    answers = results(
        client,
        "vote.count",
        [
            {"method": "stv", "candidates": names, "ballots": cast, "seats": seats}
            for names, cast, seats in cases
        ],
    )
    compared = 0
    for (names, ballots, seats), answer in zip(cases, answers):
        assert answer["quota"] == pytest.approx(len(ballots) / (seats + 1))
        assert len(answer["elected"]) == seats
        if not answer["tied"] and not has_equals(answer) and is_plain(answer):
            expected = reference(
                pyrankvote.single_transferable_vote, names, ballots, number_of_seats=seats
            )
            assert set(answer["elected"]) == expected, answer
            compared += 1
    assert compared > 80


def is_plain(answer):
    """Whether surpluses are transferred only after all exclusions, or nothing follows them."""
    kinds = "".join("e" if one["excluded"] else "w" for one in answer["rounds"])
    return re.fullmatch("e*w{1,2}", kinds) is not None


def test_stv_keeps_every_vote(client):
    generator = random.Random(10)
    for _ in range(20):
        candidates = [f"c{i}" for i in range(8)]
        ballots = election(generator, candidates)
        answer = result(
            client, "vote.count", {"method": "stv", "ballots": ballots, "seats": 3}
        )
        elected = 0
        for one in answer["rounds"]:
            standing = sum(place["votes"] for place in one["votes"])
            total = standing + elected * answer["quota"] + one["exhausted"]
            assert total == pytest.approx(len(ballots))
            elected += len(one["elected"])


def test_seats_of_lists_are_those_of_the_apportionment_library(client):
    generator = random.Random(11)
    cases = []
    for _ in range(150):
        votes = [generator.randint(1, 1_000_000) for _ in range(generator.randint(1, 12))]
        cases.append((votes, generator.randint(1, 150)))
    payloads = [
        {"method": "dhondt", "seats": seats,
         "ballots": {f"p{i}": count for i, count in enumerate(votes)}}
        for votes, seats in cases
    ]
    for (votes, seats), answer in zip(cases, results(client, "vote.count", payloads)):
        expected = apportionment.methods.compute("dhondt", votes, seats, verbose=False)
        found = [place["seats"] for place in answer["allocation"]]
        assert answer["tied"] or found == list(expected)
        assert len(answer["rounds"]) == seats


# --- tenders and language ----------------------------------------------------------------------


def test_bids_are_ranked_by_the_weighted_sum(client):
    generator = np.random.default_rng(12)
    for _ in range(20):
        count = int(generator.integers(1, 12))
        quality = generator.uniform(0, 10, (count, 2))
        prices = generator.uniform(1_000, 9_000, count)
        weights = generator.uniform(1, 50, 3)
        answer = result(
            client,
            "tender.evaluate",
            {
                "criteria": [
                    {"name": "a", "weight": weights[0], "maximum": 10, "minimum": 2},
                    {"name": "b", "weight": weights[1], "maximum": 10},
                    {"name": "p", "weight": weights[2], "kind": "price"},
                ],
                "bids": [
                    {"name": f"b{i}", "scores": {"a": a, "b": b, "p": p}}
                    for i, ((a, b), p) in enumerate(zip(quality.tolist(), prices.tolist()))
                ],
            },
        )
        admitted = quality[:, 0] >= 2
        lowest = prices[admitted].min() if admitted.any() else 1
        values = np.column_stack([quality / 10, lowest / prices])
        totals = 100 * values @ (weights / weights.sum())
        found = {row["bid"]: row["total"] for row in answer["ranking"]}
        assert found.keys() == {f"b{i}" for i in np.flatnonzero(admitted)}
        for i in np.flatnonzero(admitted):
            assert found[f"b{i}"] == pytest.approx(totals[i], rel=1e-9)


def test_findings_of_language_are_where_they_say(client):
    text = (
        "😀 Prior to the meeting, forms were carefully checked. Utilize it. "
        + "Nothing is said " + "and so on " * 9 + "at all."
    )
    answer = result(client, "plainlanguage.check", {"text": text})
    found = {(finding["rule"], text[finding["start"]:finding["end"]]) for finding in answer["findings"]}
    assert {
        ("wordiness", "Prior to"), ("wordiness", "Utilize"),
        ("passive-voice", "were carefully checked"), ("passive-voice", "is said"),
    } <= found
    assert answer["counts"]["long-sentence"] == 1 and answer["sentences"] == 3
    assert all(text[finding["start"]:].startswith(finding["text"]) for finding in answer["findings"])


@pytest.mark.parametrize(
    ("kind", "payload", "path"),
    [
        ("deadline.compute", {"start": "2026-13-01", "businessDays": 1}, "/payload/start"),
        ("vote.count", {"ballots": [["a", "a"]]}, "/payload/ballots/0"),
        ("vote.count", {"ballots": [["a"]], "seats": 2}, "/payload/seats"),
        ("plainlanguage.check", {"text": "…"}, "/payload/text"),
        ("abn.validate", {"number": 51824753556}, "/payload/number"),
    ],
)
def test_bad_input_is_refused_where_it_is_wrong(client, kind, payload, path):
    with pytest.raises(Failure) as caught:
        client.call("tasks.create", type=kind, payload=payload)
    assert caught.value.name == "VALIDATION_ERROR" and caught.value.paths == [path]
