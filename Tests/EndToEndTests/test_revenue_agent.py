"""The revenue agent against statsmodels, lifelines and scipy."""

import math
import random
import warnings
from datetime import date, timedelta

import numpy as np
import pytest
from scipy.stats import median_abs_deviation

from agent_tasks import refused, run

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from lifelines import KaplanMeierFitter
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel
    from statsmodels.tsa.holtwinters import ExponentialSmoothing


def smoothed(values, result, horizon):
    """What statsmodels makes of the same start and weights: fitted values and forecast."""
    initial = result["initial"]
    period = len(initial["season"])
    model = ExponentialSmoothing(
        np.array(values, float),
        trend="add",
        seasonal="add" if period else None,
        seasonal_periods=period or None,
        initialization_method="known",
        initial_level=initial["level"],
        initial_trend=initial["trend"],
        initial_seasonal=initial["season"] or None,
    )
    weights = {"smoothing_level": result["alpha"], "smoothing_trend": result["beta"]}
    if period:
        weights["smoothing_seasonal"] = result["gamma"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = model.fit(optimized=False, **weights)
    return fit.fittedvalues, fit.forecast(horizon)


def corrected(values, result, horizon):
    """The forecast by the error-correction form of the same model."""
    initial = result["initial"]
    period = len(initial["season"])
    model = ETSModel(
        np.array(values, float),
        trend="add",
        seasonal="add" if period else None,
        seasonal_periods=period or None,
        initialization_method="known",
        initial_level=initial["level"],
        initial_trend=initial["trend"],
        initial_seasonal=initial["season"] or None,
    )
    parameters = [result["alpha"], result["alpha"] * result["beta"]]
    parameters += [result["gamma"]] if period else []
    parameters += [initial["level"], initial["trend"], *initial["season"][::-1]]
    return model.smooth(np.array(parameters)).forecast(horizon)


def series(generator, length, period):
    level, trend = generator.uniform(50, 1_000), generator.uniform(-1, 4)
    swing = generator.uniform(0, 40)
    return [
        level + trend * step + swing * math.sin(2 * math.pi * step / period) + generator.gauss(0, 5)
        for step in range(length)
    ]


@pytest.mark.parametrize("period", [1, 2, 4, 7, 12])
@pytest.mark.parametrize("given", [True, False])
def test_forecasts_are_those_of_statsmodels(client, period, given):
    generator = random.Random(f"{period} {given}")
    for length in (2 * period, 2 * period + 3, 5 * period + 1, 100):
        values = series(generator, length, max(period, 3))
        weights = {name: generator.random() for name in ("alpha", "beta", "gamma")} if given else {}
        result = run(
            client, "revenue.forecast", values=values, period=period, horizon=9, **weights
        )
        for name, weight in weights.items():
            assert result[name] == weight
        fitted, forecast = smoothed(values, result, 9)
        assert result["fitted"] == pytest.approx(list(fitted), rel=1e-6, abs=1e-6)
        ours = np.array(result["forecast"])
        # For the last step of a period statsmodels takes the season from before the last value,
        # against its own documentation; its model by error correction does not.
        steps = [step for step in range(9) if period == 1 or (step + 1) % period]
        assert ours[steps] == pytest.approx(forecast[steps], rel=1e-6, abs=1e-6)
        if len(values) >= 10:
            assert ours == pytest.approx(corrected(values, result, 9), rel=1e-6, abs=1e-6)
        errors = np.abs((np.array(values) - fitted) / values)
        assert result["mape"] == pytest.approx(100 * errors.mean(), rel=1e-6)


def test_the_start_is_that_of_the_first_two_periods(client):
    values = [30, 21, 29, 31, 40, 48, 53, 47, 37, 39, 31, 29]
    result = run(client, "revenue.forecast", values=values, period=4, horizon=1)
    first, second = np.mean(values[:4]), np.mean(values[4:8])
    assert result["initial"]["level"] == pytest.approx(first)
    assert result["initial"]["trend"] == pytest.approx((second - first) / 4)
    assert result["initial"]["season"] == pytest.approx([value - first for value in values[:4]])


def test_weights_that_are_chosen_are_better_than_most(client):
    values = series(random.Random(5), 96, 12)
    best = run(client, "revenue.forecast", values=values, period=12, horizon=1)["squaredError"]
    generator = random.Random(6)
    for _ in range(30):
        weights = {name: generator.random() for name in ("alpha", "beta", "gamma")}
        other = run(client, "revenue.forecast", values=values, period=12, horizon=1, **weights)
        assert other["squaredError"] >= best


def test_few_and_equal_values_have_a_forecast(client):
    one = run(client, "revenue.forecast", values=[7], horizon=3)
    assert one["forecast"] == pytest.approx([7, 7, 7]) and one["mape"] == 0
    flat = run(client, "revenue.forecast", values=[0] * 24, period=12, horizon=2)
    assert flat["forecast"] == [0, 0] and flat["mape"] is None


def test_impossible_series_are_refused_where_they_are_wrong(client):
    assert refused(client, "revenue.forecast", values=[1, 2, 3], period=2, horizon=1) == ["/period"]
    assert refused(client, "revenue.forecast", values=[], horizon=1) == ["/values"]
    assert refused(client, "revenue.forecast", values=[1], horizon=0) == ["/horizon"]
    assert refused(client, "revenue.forecast", values=[1], horizon=1, alpha=1.5) == ["/alpha"]
    assert refused(client, "anomaly.detect", values=[1, "2"]) == ["/values/1"]


def test_retention_is_that_of_lifelines(client):
    generator = random.Random(11)
    as_of = date(2026, 6, 30)
    for count in (1, 2, 5, 40, 400):
        customers, days, ended = [], [], []
        for _ in range(count):
            start = as_of - timedelta(days=generator.randint(0, 400))
            customer = {"start": start.isoformat()}
            end = start + timedelta(days=generator.randint(0, 500))
            if generator.random() < 0.7:
                customer["end"] = end.isoformat()
            known = "end" in customer and end <= as_of
            customers.append(customer)
            ended.append(known)
            days.append(((end if known else as_of) - start).days)
        result = run(client, "cohort.retention", customers=customers, asOf=as_of.isoformat())
        fitter = KaplanMeierFitter().fit(days, ended)
        for step in result["survival"]:
            expected = fitter.survival_function_at_times(step["days"]).iloc[0]
            assert step["probability"] == pytest.approx(expected, abs=1e-9)
        events = fitter.event_table
        steps = {step["days"]: step for step in result["survival"]}
        for day, row in events.iterrows():
            if row["observed"]:
                assert steps[int(day)]["ended"] == row["observed"]
                assert steps[int(day)]["atRisk"] == row["at_risk"]
        median = fitter.median_survival_time_
        assert result["medianDays"] == (None if math.isinf(median) else median)
        assert result["ended"] == sum(ended)


def test_retention_asks_for_days_in_order(client):
    customer = {"start": "2026-02-01", "end": "2026-01-01"}
    paths = refused(client, "cohort.retention", customers=[customer], asOf="2026-03-01")
    assert paths == ["/customers/0/end"]
    customer = {"start": "2026-02-30"}
    paths = refused(client, "cohort.retention", customers=[customer], asOf="2026-03-01")
    assert paths == ["/customers/0/start"]


def test_the_bridge_leads_from_start_to_end(client):
    generator = random.Random(3)
    for _ in range(5):
        before = {f"c{key}": generator.choice([0, 10, 25.5, 40]) for key in range(60)}
        after = {f"c{key}": generator.choice([0, 10, 25.5, 40]) for key in range(30, 90)}
        result = run(
            client,
            "mrr.bridge",
            previous=[{"customerId": key, "mrr": mrr} for key, mrr in before.items()],
            current=[{"customerId": key, "mrr": mrr} for key, mrr in after.items()],
        )
        changes = {"new": 0, "expansion": 0, "contraction": 0, "churn": 0, "reactivation": 0}
        for key in before.keys() | after.keys():
            old, now = before.get(key), after.get(key, 0)
            if old is None or old == 0:
                changes["new" if old is None else "reactivation"] += now
            elif now == 0:
                changes["churn"] += old
            elif now > old:
                changes["expansion"] += now - old
            else:
                changes["contraction"] += old - now
        for name, amount in changes.items():
            assert result[name] == pytest.approx(amount), name
        assert result["start"] + result["net"] == pytest.approx(result["end"])
        assert result["end"] == pytest.approx(sum(after.values()))


def test_anomalies_have_the_modified_z_score(client):
    generator = random.Random(8)
    values = [generator.gauss(100, 5) for _ in range(500)]
    for index in generator.sample(range(500), 9):
        values[index] += generator.choice([-60, 80])
    result = run(client, "anomaly.detect", values=values)
    deviation = median_abs_deviation(values)
    scores = 0.6745 * (np.array(values) - np.median(values)) / deviation
    expected = [index for index, score in enumerate(scores) if abs(score) > 3.5]
    assert len(expected) >= 9
    assert [anomaly["index"] for anomaly in result["anomalies"]] == expected
    for anomaly in result["anomalies"]:
        assert anomaly["score"] == pytest.approx(scores[anomaly["index"]])
    assert result["medianAbsoluteDeviation"] == pytest.approx(deviation)


def test_equal_values_have_no_anomaly_and_one_among_them_is_one(client):
    assert run(client, "anomaly.detect", values=[3] * 50)["anomalies"] == []
    assert run(client, "anomaly.detect", values=[3])["anomalies"] == []
    (only,) = run(client, "anomaly.detect", values=[3] * 50 + [4])["anomalies"]
    assert only["index"] == 50
    assert only["score"] == pytest.approx(51 / 1.253314)
