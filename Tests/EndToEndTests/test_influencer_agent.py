"""The influencer agent against networkx, scipy and pulp."""

import random

import networkx
import numpy as np
import pulp
import pytest
from scipy.stats import chisquare

from agent_tasks import refused, run


@pytest.mark.parametrize("damping", [None, 0, 0.5, 0.85, 0.97])
def test_ranks_are_those_of_networkx(client, damping):
    generator = random.Random(str(damping))
    for nodes, count in ((1, 1), (2, 3), (10, 12), (60, 300), (400, 900)):
        edges = [
            [f"n{generator.randrange(nodes)}", f"n{int(generator.random() ** 3 * nodes)}"]
            for _ in range(count)
        ]
        graph = networkx.DiGraph()
        graph.add_edges_from(edges)
        options = {} if damping is None else {"damping": damping}
        result = run(client, "network.rank", edges=edges, **options)
        expected = networkx.pagerank(
            graph, alpha=0.85 if damping is None else damping, tol=1e-14, max_iter=10_000
        )
        ranks = {place["id"]: place["rank"] for place in result["ranks"]}
        assert ranks == pytest.approx(expected, abs=1e-6, rel=1e-6)
        assert sum(ranks.values()) == pytest.approx(1)
        order = [place["rank"] for place in result["ranks"]]
        assert order == sorted(order, reverse=True)


def test_an_empty_network_has_no_ranks_and_half_an_edge_is_refused(client):
    assert run(client, "network.rank", edges=[])["ranks"] == []
    assert refused(client, "network.rank", edges=[["a", "b"], ["c"]]) == ["/edges/1"]
    assert refused(client, "network.rank", edges=[["a", "b"]], damping=1) == ["/damping"]


def leading_digits(posts):
    numbers = [post.get(name, 0) for post in posts for name in ("likes", "comments", "shares")]
    digits = [int(str(number)[0]) for number in numbers if number > 0]
    return [digits.count(digit) for digit in range(1, 10)]


@pytest.mark.parametrize("natural", [True, False])
def test_leading_digits_are_tested_as_by_scipy(client, natural):
    generator = random.Random(natural)
    for count in (1, 20, 300):
        posts = []
        for _ in range(count):
            likes = int(10 ** generator.uniform(1, 5)) if natural else generator.randint(500, 999)
            posts.append({"likes": likes, "comments": likes // 20, "shares": likes // 90})
        result = run(client, "influencer.audit", followers=[50_000], posts=posts)
        observed = leading_digits(posts)
        expected = np.log10(1 + 1 / np.arange(1, 10)) * sum(observed)
        reference = chisquare(observed, expected)
        assert result["benford"]["observed"] == observed
        assert result["benford"]["chiSquare"] == pytest.approx(reference.statistic)
        assert result["benford"]["pValue"] == pytest.approx(reference.pvalue, rel=1e-8, abs=1e-300)
        flags = {flag["flag"] for flag in result["flags"]}
        unnatural = sum(observed) >= 50 and reference.pvalue < 0.01
        assert ("digits-unnatural" in flags) == unnatural
    assert unnatural == (not natural)


def test_audits_flag_what_is_unusual_and_nothing_else(client):
    generator = random.Random(2)
    followers = [20_000]
    for _ in range(60):
        followers.append(round(followers[-1] * generator.uniform(1.001, 1.006)))
    posts = [
        {"likes": generator.randint(300, 900), "comments": generator.randint(10, 60)}
        for _ in range(12)
    ]
    assert run(client, "influencer.audit", followers=followers, posts=posts)["flags"] == []
    bought = followers[:30] + [count + 9_000 for count in followers[30:]]
    (spike,) = run(client, "influencer.audit", followers=bought, posts=posts)["flags"]
    assert spike["flag"] == "follower-spike" and "position 30" in spike["message"]
    assert spike["value"] == pytest.approx(bought[30] / bought[29] - 1)
    cases = {
        "engagement-low": [{"likes": 10 + 5 * key, "comments": 2} for key in range(9)],
        "engagement-high": [{"likes": 9_000 + 500 * key, "comments": 90} for key in range(9)],
        "comments-scarce": [{"likes": 600 + 40 * key, "comments": 0} for key in range(9)],
        "engagement-uniform": [{"likes": 600 + key, "comments": 20} for key in range(12)],
    }
    for name, unusual in cases.items():
        flags = run(client, "influencer.audit", followers=followers, posts=unusual)["flags"]
        assert [flag["flag"] for flag in flags] == [name]


def test_scores_have_the_rate_by_followers(client):
    posts = [
        {"likes": 90, "comments": 8, "shares": 2}, {"likes": 180, "comments": 20, "views": 4_000},
    ]
    result = run(client, "influencer.score", followers=5_000, posts=posts)
    assert result["engagementRate"] == pytest.approx(100 * 150 / 5_000)
    assert result["tier"] == "nano" and result["viewRate"] == pytest.approx(5)
    assert result["variation"] == pytest.approx(np.std([100, 200]) / 150)
    assert result["commentShare"] == pytest.approx(14 / 150)
    parts = [60 * 3 / 8, 25 / (1 + 50 / 150), 15]
    assert result["score"] == pytest.approx(sum(parts))
    sizes = {9_999: "nano", 10_000: "micro", 100_000: "mid", 500_000: "macro", 1_000_000: "mega"}
    for followers, tier in sizes.items():
        assert run(client, "influencer.score", followers=followers, posts=posts)["tier"] == tier
    silent = run(
        client, "influencer.score", followers=1, posts=[{"likes": 0, "comments": 0}]
    )
    assert silent["score"] == 0 and silent["engagementRate"] == 0


def best_reach(budget, creators):
    problem = pulp.LpProblem("campaign", pulp.LpMaximize)
    taken = [pulp.LpVariable(f"x{key}", cat="Binary") for key in range(len(creators))]
    problem += pulp.lpSum(x * creator["reach"] for x, creator in zip(taken, creators))
    problem += pulp.lpSum(x * creator["cost"] for x, creator in zip(taken, creators)) <= budget
    problem.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=0))
    assert pulp.LpStatus[problem.status] == "Optimal"
    return round(pulp.value(problem.objective))


@pytest.mark.parametrize("seed", range(12))
def test_budgets_buy_the_most_reach_as_pulp_finds_it(client, seed):
    generator = random.Random(seed)
    creators = []
    for key in range(generator.choice([1, 5, 15, 40])):
        cost = generator.randint(1, 2_000) + generator.choice([0, 0.25, 0.99])
        # Reach that follows the cost is the hard case.
        reach = round(cost * 10) + generator.choice([100, generator.randint(0, 9_000)])
        creators.append({"id": f"c{key}", "cost": cost, "reach": reach})
    budget = sum(creator["cost"] for creator in creators) * generator.choice([0.1, 0.4, 0.8])
    result = run(client, "campaign.allocate", budget=budget, creators=creators)
    chosen = [creator for creator in creators if creator["id"] in result["chosen"]]
    assert len(chosen) == len(result["chosen"])
    assert sum(creator["reach"] for creator in chosen) == result["reach"]
    assert sum(creator["cost"] for creator in chosen) == pytest.approx(result["cost"])
    assert result["cost"] <= budget
    assert result["reach"] == best_reach(budget, creators)


def test_a_budget_of_nothing_buys_what_costs_nothing(client):
    creators = [{"id": "free", "cost": 0, "reach": 5}, {"id": "dear", "cost": 1, "reach": 50}]
    assert run(client, "campaign.allocate", budget=0, creators=creators)["chosen"] == ["free"]
    creators[1]["cost"] = 0.001
    paths = refused(client, "campaign.allocate", budget=1, creators=creators)
    assert paths == ["/creators/1/cost"]
