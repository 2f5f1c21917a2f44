"""The sentiment agent against vaderSentiment, pandas and a search of all segmentations."""

import math
import random

import numpy as np
import pandas
import pytest
from vaderSentiment.vaderSentiment import BOOSTER_DICT, NEGATE, SPECIAL_CASES, SentimentIntensityAnalyzer

from agent_tasks import refused, run

ANALYZER = SentimentIntensityAnalyzer()
RATED = sorted(ANALYZER.lexicon)
EMOJI = sorted(emoji for emoji in ANALYZER.emojis if len(emoji) == 1)
PLAIN = """
the a this that so never least at very kind of sort no or nor without doubt but however service
product team they it was is were with and my our phone update İstanbul straße café ÉTÉ
""".split()
SIGNS = ["!", "!!!", "!!!!!!", "?", "??", "???", "?????", ".", "...", ",", ";", " :)", " :(", " :D", " <3"]


def word(generator):
    chosen = generator.choices(
        [PLAIN, RATED, NEGATE, list(BOOSTER_DICT), list(SPECIAL_CASES), EMOJI],
        weights=[8, 8, 2, 2, 1, 1],
    )[0]
    text = generator.choice(chosen)
    style = generator.random()
    if style < 0.12:
        return text.upper()
    if style < 0.2:
        return text.capitalize()
    if style < 0.25:
        return f"({text})"
    return text


def sentence(generator):
    words = [word(generator) for _ in range(generator.randint(1, 14))]
    if generator.random() < 0.25:
        words.insert(generator.randrange(len(words) + 1), generator.choice(["but", "BUT", "but,"]))
    text = generator.choice([" ", " ", " ", "  "]).join(words)
    # Emoji also stand right after words.
    return text + generator.choice(["", "", generator.choice(EMOJI)]) + generator.choice(SIGNS)


def test_a_thousand_sentences_are_rated_as_by_vader(client):
    generator = random.Random(2014)
    texts = [sentence(generator) for _ in range(1_000)]
    result = run(client, "sentiment.analyze", texts=texts)
    labels = {"positive": 0, "neutral": 0, "negative": 0}
    for text, ours in zip(texts, result["results"], strict=True):
        theirs = ANALYZER.polarity_scores(text)
        # The program rounds to 4 and 3 digits.
        assert ours["compound"] == pytest.approx(theirs["compound"], abs=6e-5), text
        for name in ("positive", "neutral", "negative"):
            assert ours[name] == pytest.approx(theirs[name[:3]], abs=6e-4), text
        compound = ours["compound"]
        label = "positive" if compound >= 0.05 else "negative" if compound <= -0.05 else "neutral"
        assert ours["label"] == label
        labels[label] += 1
    assert result["labels"] == labels and min(labels.values()) > 50
    compounds = [each["compound"] for each in result["results"]]
    assert result["mean"] == pytest.approx(np.mean(compounds))


def test_every_word_and_emoji_of_the_lexicon_has_its_rating(client):
    texts = RATED + EMOJI
    for start in range(0, len(texts), 2_000):
        part = texts[start : start + 2_000]
        for text, ours in zip(part, run(client, "sentiment.analyze", texts=part)["results"]):
            theirs = ANALYZER.polarity_scores(text)["compound"]
            assert ours["compound"] == pytest.approx(theirs, abs=6e-5), text


def test_texts_without_a_word_are_neutral_and_none_is_refused(client):
    for each in run(client, "sentiment.analyze", texts=["", " \n", "\u001f"])["results"]:
        assert each["label"] == "neutral" and each["compound"] == 0
    assert refused(client, "sentiment.analyze", texts=[]) == ["/texts"]
    assert refused(client, "sentiment.analyze", texts=["a", 1]) == ["/texts/1"]


def series(scores):
    start = pandas.Timestamp("2026-01-01T00:00:00Z")
    return [
        {"time": (start + pandas.Timedelta(hours=hour)).isoformat(), "score": score}
        for hour, score in enumerate(scores)
    ]


def segments(scores, penalty):
    """The starts of the cheapest segments of three or more, over all segmentations."""
    scores = np.array(scores)
    best = {0: (-penalty, ())}
    for end in range(3, len(scores) + 1):
        choices = []
        for start, (cost, starts) in best.items():
            if end - start >= 3:
                part = scores[start:end]
                error = ((part - part.mean()) ** 2).sum()
                choices.append((cost + penalty + error, (*starts, start)))
        if choices:
            best[end] = min(choices)
    return list(best[len(scores)][1][1:])


@pytest.mark.parametrize("seed", range(6))
def test_trends_have_the_average_and_the_best_segments(client, seed):
    generator = random.Random(seed)
    scores, level = [], 0.2
    for _ in range(generator.choice([1, 5, 6, 60, 120])):
        if generator.random() < 0.05:
            level = generator.uniform(-0.8, 0.8)
        scores.append(level + generator.gauss(0, 0.1))
    result = run(client, "sentiment.trend", series=series(scores), alpha=0.4)
    average = pandas.Series(scores).ewm(alpha=0.4, adjust=False).mean()
    assert [each["value"] for each in result["ewma"]] == pytest.approx(list(average))
    spread = np.median(np.abs(np.diff(scores))) if len(scores) > 1 else 0
    noise = max(0.01, 1.4826 * spread / math.sqrt(2))
    assert result["noise"] == pytest.approx(noise)
    expected = []
    if len(scores) >= 6:
        expected = segments(scores, 2 * noise**2 * math.log(len(scores)))
    assert [change["index"] for change in result["changePoints"]] == expected
    bounds = [0, *expected, len(scores)]
    means = [np.mean(scores[one:other]) for one, other in zip(bounds, bounds[1:])]
    for change, before, after in zip(result["changePoints"], means, means[1:]):
        assert (change["before"], change["after"]) == pytest.approx((before, after))
        assert change["time"] == series(scores)[change["index"]]["time"]


def test_falls_are_alerts_by_the_median_of_what_came_before(client):
    generator = random.Random(9)
    scores = [generator.gauss(0.3, 0.15) for _ in range(300)]
    for index in (3, 50, 51, 200):
        scores[index] -= 2
    scores[120] += 2
    result = run(client, "crisis.detect", series=series(scores))
    expected = {}
    for index in range(5, len(scores)):
        history = np.array(scores[max(0, index - 30) : index])
        median = np.median(history)
        scale = max(0.05, 1.4826 * np.median(np.abs(history - median)))
        if (z := (scores[index] - median) / scale) <= -3:
            expected[index] = z
    assert {50, 51, 200} <= expected.keys() and 120 not in expected
    found = {alert["index"]: alert["z"] for alert in result["alerts"]}
    assert found == pytest.approx(expected)
    few = run(client, "crisis.detect", series=series([1, 1, 1, 1, -1]))
    assert few["alerts"] == [] and few["examined"] == 0


def test_times_that_run_backward_are_refused(client):
    wrong = [{"time": "2026-01-02", "score": 0}, {"time": "2026-01-01", "score": 0}]
    for kind in ("sentiment.trend", "crisis.detect"):
        assert refused(client, kind, series=wrong) == ["/series/1/time"]
        assert refused(client, kind, series=[]) == ["/series"]
