"""What the competitive agent computes, beside scikit-learn and plain arithmetic."""

import random

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from batches import result, results
from client import Failure

WORDS = """event hub offset recovery journal durable café naïve straße snake_case x1 42 a I
don't state-of-the-art Ünïcode 東京 данные price feature platform customer secure fast""".split()


def texts(generator):
    return [
        " ".join(generator.choices(WORDS, k=generator.randint(0, 40)))
        for _ in range(generator.randint(2, 12))
    ]


def test_similarities_are_those_of_scikit_learn(client):
    """TF-IDF as TfidfVectorizer has it without options: raw counts, smoothed idf, l2 norm."""
    generator = random.Random(7)
    corpora = [texts(generator) for _ in range(150)]
    corpora = [corpus for corpus in corpora if any(len(text) > 3 for text in corpus)]
    answers = results(
        client,
        "competitor.compare",
        [
            {"documents": [{"id": str(i), "text": text} for i, text in enumerate(corpus)]}
            for corpus in corpora
        ],
    )
    for corpus, answer in zip(corpora, answers):
        vectorizer = TfidfVectorizer()
        vectors = vectorizer.fit_transform(corpus)
        expected = (vectors @ vectors.T).toarray()
        np.testing.assert_allclose(answer["similarity"], expected, atol=1e-9)
        assert answer["terms"] == len(vectorizer.vocabulary_)
        assert answer["documents"] == [str(i) for i in range(len(corpus))]
        assert answer["engine"] == "deterministic"


def test_concentration_is_the_sum_of_squares(client):
    generator = np.random.default_rng(3)
    markets = [generator.dirichlet(np.ones(generator.integers(1, 30))) for _ in range(100)]
    payloads = [
        {"shares": list(shares * 100) if index % 2 else list(shares)}
        for index, shares in enumerate(markets)
    ]
    for shares, answer in zip(markets, results(client, "market.concentration", payloads)):
        hhi = 10_000 * np.sum(shares**2)
        assert answer["hhi"] == pytest.approx(hhi, rel=1e-9)
        assert answer["cr4"] == pytest.approx(100 * np.sort(shares)[::-1][:4].sum(), rel=1e-9)
        band = "high" if hhi > 1_800 else "moderate" if hhi >= 1_000 else "unconcentrated"
        assert answer["band"] == band


def test_prices_are_compared_with_the_weighted_mean(client):
    generator = np.random.default_rng(5)
    for _ in range(30):
        prices = generator.uniform(1, 100, generator.integers(1, 20))
        weights = generator.uniform(0, 1, len(prices)) + 0.01
        answer = result(
            client,
            "price.index",
            {"ours": 50, "competitors": list(prices), "weights": list(weights)},
        )
        mean = np.average(prices, weights=weights)
        assert answer["index"] == pytest.approx(5_000 / mean, rel=1e-9)
        assert answer["rank"] == 1 + np.sum(prices < 50)


def test_gaps_are_what_others_have(client):
    generator = random.Random(11)
    names = [f"Feature {i}" for i in range(20)]
    ours = generator.sample(names, 8)
    theirs = {f"rival {i}": generator.sample(names, generator.randint(0, 15)) for i in range(6)}
    answer = result(client, "feature.gap", {"ours": ours, "theirs": theirs})
    union = set(ours).union(*theirs.values())
    assert answer["coverage"] == pytest.approx(8 / len(union))
    gaps = {gap["feature"]: gap["offeredBy"] for gap in answer["gaps"]}
    assert gaps == {
        name: [rival for rival in theirs if name in theirs[rival]] for name in union - set(ours)
    }
    counts = [len(holders) for holders in gaps.values()]
    assert counts == sorted(counts, reverse=True)
    for rival in answer["competitors"]:
        both = set(ours) & set(theirs[rival["name"]])
        either = set(ours) | set(theirs[rival["name"]])
        assert rival["jaccard"] == pytest.approx(len(both) / len(either))


@pytest.mark.parametrize(
    ("kind", "payload", "path"),
    [
        ("market.concentration", {"shares": [80, 70]}, "/payload/shares"),
        ("market.concentration", {"shares": []}, "/payload/shares"),
        ("competitor.compare", {"documents": [{"id": "a"}]}, "/payload/documents/0/text"),
        ("feature.gap", {"ours": ["a"], "theirs": {}}, "/payload/theirs"),
        ("price.index", {"ours": 0, "competitors": [1]}, "/payload/ours"),
    ],
)
def test_bad_input_is_refused_where_it_is_wrong(client, kind, payload, path):
    with pytest.raises(Failure) as caught:
        client.call("tasks.create", type=kind, payload=payload)
    assert caught.value.name == "VALIDATION_ERROR" and caught.value.paths == [path]
