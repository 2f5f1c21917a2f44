"""What the strategy agent decides, beside pymcdm and numpy."""

import itertools
import random

import numpy as np
import pytest
from pymcdm.methods import TOPSIS
from pymcdm.normalizations import vector_normalization

from batches import result, results


def test_topsis_is_that_of_pymcdm(client):
    generator = np.random.default_rng(1)
    cases = []
    for _ in range(150):
        rows, columns = generator.integers(2, 12), generator.integers(1, 10)
        cases.append(
            (
                generator.uniform(0.1, 1_000, (rows, columns)),
                generator.uniform(0.1, 10, columns),
                generator.integers(0, 2, columns).astype(bool),
            )
        )
    payloads = [
        {
            "method": "topsis",
            "alternatives": [f"a{i}" for i in range(len(matrix))],
            "criteria": [
                {"name": f"c{i}", "weight": float(weight), "benefit": bool(benefit)}
                for i, (weight, benefit) in enumerate(zip(weights, benefits))
            ],
            "matrix": matrix.tolist(),
        }
        for matrix, weights, benefits in cases
    ]
    answers = results(client, "strategy.decide", payloads)
    for (matrix, weights, benefits), answer in zip(cases, answers):
        method = TOPSIS(normalization_function=vector_normalization)
        scores = method(matrix, weights / weights.sum(), np.where(benefits, 1, -1))
        found = {row["alternative"]: row["score"] for row in answer["ranking"]}
        np.testing.assert_allclose([found[f"a{i}"] for i in range(len(matrix))], scores, atol=1e-9)


def test_ahp_is_the_principal_eigenvector_of_numpy(client):
    generator = random.Random(2)
    matrices = []
    for _ in range(120):
        order = generator.randint(1, 10)
        matrix = np.ones((order, order))
        for row, column in itertools.combinations(range(order), 2):
            matrix[row, column] = generator.choice([1, 2, 3, 5, 7, 9, 1 / 2, 1 / 4, 1 / 9])
            matrix[column, row] = 1 / matrix[row, column]
        matrices.append(matrix)
    payloads = [
        {
            "method": "ahp",
            "alternatives": ["only"],
            "criteria": [{"name": f"c{i}"} for i in range(len(matrix))],
            "criteriaComparisons": matrix.tolist(),
            "matrix": [[1] * len(matrix)],
        }
        for matrix in matrices
    ]
    random_index = [0, 0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49]
    for matrix, answer in zip(matrices, results(client, "strategy.decide", payloads)):
        values, vectors = np.linalg.eig(matrix)
        largest = np.argmax(values.real)
        weights = vectors[:, largest].real
        order = len(matrix)
        index = (values[largest].real - order) / (order - 1) if order > 2 else 0
        found = [row["weight"] for row in answer["weights"]]
        np.testing.assert_allclose(found, weights / weights.sum(), atol=1e-9)
        assert answer["lambdaMax"] == pytest.approx(values[largest].real, abs=1e-9)
        ratio = index / random_index[order] if order > 2 else 0
        assert answer["consistencyRatio"] == pytest.approx(ratio, abs=1e-9)


def test_every_pair_of_tows_is_there(client):
    generator = random.Random(3)
    kinds = ["strength", "weakness", "opportunity", "threat"]
    for _ in range(10):
        factors = [
            {"text": f"f{i}", "kind": generator.choice(kinds), "weight": generator.randint(1, 9)}
            for i in range(generator.randint(1, 25))
        ]
        answer = result(client, "strategy.swot", {"factors": factors})
        expected = {}
        for inner, outer in itertools.product(factors, factors):
            if inner["kind"] in kinds[:2] and outer["kind"] in kinds[2:]:
                quadrant = (inner["kind"][0] + outer["kind"][0]).upper()
                expected[quadrant, inner["text"], outer["text"]] = (
                    inner["weight"] * outer["weight"]
                )
        found = {
            (pair["quadrant"], pair["internal"], pair["external"]): pair["score"]
            for pair in answer["pairs"]
        }
        assert found == expected
        for quadrant, total in answer["quadrants"].items():
            parts = [score for key, score in expected.items() if key[0] == quadrant]
            assert total == sum(parts)


def test_products_are_placed_by_two_thresholds(client):
    generator = np.random.default_rng(4)
    products = [
        {"name": str(i), "growth": float(growth), "relativeShare": float(share)}
        for i, (growth, share) in enumerate(generator.uniform([-5, 0], [30, 3], (60, 2)))
    ]
    answer = result(client, "strategy.portfolio", {"products": products})
    names = {(True, True): "star", (False, True): "cash-cow", (True, False): "question-mark"}
    for product, placed in zip(products, answer["products"]):
        key = (product["growth"] >= 10, product["relativeShare"] >= 1)
        assert placed["quadrant"] == names.get(key, "dog")
    assert sum(answer["counts"].values()) == 60
