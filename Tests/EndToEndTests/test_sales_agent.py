"""The sales agent against numpy and exact distributions."""

import math
import random

import numpy as np
import pytest

from agent_tasks import refused, run


def exact_distribution(deals):
    """All totals with their probabilities, rising."""
    totals = {0.0: 1.0}
    for deal in deals:
        following = {}
        for total, chance in totals.items():
            for change, share in ((deal["value"], deal["probability"]), (0, 1 - deal["probability"])):
                following[total + change] = following.get(total + change, 0) + chance * share
        totals = following
    return sorted((total, chance) for total, chance in totals.items() if chance > 0)


def shares_below(distribution, total):
    below = sum(chance for other, chance in distribution if other < total)
    return below, below + sum(chance for other, chance in distribution if other == total)


@pytest.mark.parametrize("seed", range(6))
def test_forecasts_are_those_of_the_exact_distribution(client, seed):
    generator = random.Random(seed)
    deals = [
        {"value": generator.randint(-50, 400) * 100, "probability": generator.random()}
        for _ in range(9)
    ]
    deals += [{"value": 5_000, "probability": 1}, {"value": 7_000, "probability": 0}]
    simulations = 20_000
    result = run(
        client, "pipeline.forecast", deals=deals, simulations=simulations, seed=seed
    )
    distribution = exact_distribution(deals)
    mean = sum(total * chance for total, chance in distribution)
    variance = sum((total - mean) ** 2 * chance for total, chance in distribution)
    assert result["weighted"] == pytest.approx(mean)
    assert result["standardDeviation"] == pytest.approx(math.sqrt(variance))
    assert result["standardError"] == pytest.approx(math.sqrt(variance / simulations))
    # The seed is fixed: what holds once holds always.
    assert abs(result["expected"] - mean) < 4 * result["standardError"]
    for name, share in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
        below, within = shares_below(distribution, result[name])
        tolerance = 5 * math.sqrt(share * (1 - share) / simulations)
        assert below - tolerance <= share <= within + tolerance, name


def test_many_deals_come_near_to_the_normal_distribution(client):
    generator = random.Random(1)
    deals = [
        {"value": generator.uniform(100, 1_000), "probability": generator.uniform(0.2, 0.8)}
        for _ in range(400)
    ]
    result = run(client, "pipeline.forecast", deals=deals, seed=3)
    values = np.array([deal["value"] for deal in deals])
    chances = np.array([deal["probability"] for deal in deals])
    deviation = math.sqrt((values**2 * chances * (1 - chances)).sum())
    assert result["standardDeviation"] == pytest.approx(deviation)
    # The 90th percentile of 10,000 normal values has a standard error of 1.7 % of the deviation.
    assert result["p90"] == pytest.approx(result["weighted"] + 1.2816 * deviation, abs=0.1 * deviation)
    assert result["p10"] == pytest.approx(result["weighted"] - 1.2816 * deviation, abs=0.1 * deviation)


def test_the_same_seed_gives_the_same_and_another_not(client):
    deals = [{"value": 10 + key, "probability": 0.5} for key in range(30)]
    first, again, other = (
        run(client, "pipeline.forecast", deals=deals, seed=seed) for seed in (5, 5, 6)
    )
    assert first == again and first["expected"] != other["expected"]


def test_months_are_those_in_which_deals_close(client):
    deals = [
        {"value": 100, "probability": 0.5, "closeDate": "2026-12-31"},
        {"value": 300, "probability": 0.5, "closeDate": "2026-12-01"},
        {"value": 80, "probability": 0.25, "closeDate": "2027-01-15"},
        {"value": 1, "probability": 1},
    ]
    assert run(client, "pipeline.forecast", deals=deals)["months"] == [
        {"month": "2026-12", "weighted": 200, "deals": 2},
        {"month": "2027-01", "weighted": 20, "deals": 1},
    ]


def test_no_deals_bring_nothing(client):
    result = run(client, "pipeline.forecast", deals=[])
    assert [result[name] for name in ("expected", "weighted", "p10", "p50", "p90")] == [0] * 5


def test_velocity_is_the_product_over_the_days(client):
    result = run(
        client, "pipeline.velocity",
        opportunities=40, winRate=0.25, averageValue=12_000, cycleDays=60,
    )
    assert result["perDay"] == 2_000
    assert refused(
        client, "pipeline.velocity", opportunities=1, winRate=0.5, averageValue=1, cycleDays=0
    ) == ["/cycleDays"]


def expected_points(lead, weights):
    """The factors again, from their description."""
    values = {}
    if "budget" in lead and "dealSize" in lead:
        values["budget"] = min(1, lead["budget"] / lead["dealSize"])
    if "role" in lead:
        values["authority"] = {"decider": 1, "director": 0.8, "manager": 0.5, "individual": 0.2}[
            lead["role"]
        ]
    if "need" in lead:
        values["need"] = lead["need"] / 5
    if "timelineDays" in lead:
        values["timeline"] = 0.5 ** (lead["timelineDays"] / 90)
    if "employees" in lead:
        values["fit"] = min(1, np.log10(max(1, lead["employees"])) / 3)
    if {"visits", "emailClicks", "downloads", "demoRequested"} & lead.keys():
        points = lead.get("visits", 0) + 2 * lead.get("emailClicks", 0)
        points += 3 * lead.get("downloads", 0) + 10 * lead.get("demoRequested", False)
        values["engagement"] = 1 - math.exp(-points / 10)
    if "daysSinceContact" in lead:
        values["recency"] = 0.5 ** (lead["daysSinceContact"] / 30)
    total = sum(weights.values())
    return {name: 100 * weights[name] / total * value for name, value in values.items()}


def test_scores_are_the_weighted_sum_of_what_is_known(client):
    generator = random.Random(4)
    usual = {
        "budget": 20, "authority": 20, "need": 15, "timeline": 15, "fit": 10, "engagement": 15,
        "recency": 5,
    }
    for _ in range(25):
        lead = {
            "budget": generator.randint(0, 90_000), "dealSize": generator.randint(1, 60_000),
            "role": generator.choice(["decider", "director", "manager", "individual"]),
            "need": generator.randint(0, 5), "timelineDays": generator.randint(0, 400),
            "employees": generator.randint(0, 5_000), "visits": generator.randint(0, 40),
            "emailClicks": generator.randint(0, 9), "downloads": generator.randint(0, 5),
            "demoRequested": generator.random() < 0.5,
            "daysSinceContact": generator.randint(0, 200),
        }
        lead = {name: value for name, value in lead.items() if generator.random() < 0.7}
        changed = {"need": generator.randint(0, 40), "fit": 0} if generator.random() < 0.5 else {}
        result = run(client, "lead.score", lead=lead, **({"weights": changed} if changed else {}))
        expected = expected_points(lead, usual | changed)
        points = {reason["factor"]: reason["points"] for reason in result["reasons"]}
        assert points == pytest.approx(expected)
        assert result["score"] == pytest.approx(sum(expected.values()))
        grades = [grade for grade, least in zip("ABCD", (80, 60, 40, 20)) if result["score"] >= least]
        assert result["grade"] == (grades or ["E"])[0]


def test_a_lead_without_a_word_scores_nothing(client):
    result = run(client, "lead.score", lead={})
    assert result["score"] == 0 and result["grade"] == "E" and len(result["unknown"]) == 7
    nothing = dict.fromkeys(
        ["budget", "authority", "need", "timeline", "fit", "engagement", "recency"], 0
    )
    assert refused(client, "lead.score", lead={}, weights=nothing) == ["/weights"]
