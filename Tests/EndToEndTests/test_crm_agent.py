"""The crm agent against rank-bm25, rapidfuzz, holidays and pandas."""

import random
import re
from datetime import UTC, date, datetime, timedelta

import holidays
import numpy as np
import pytest
from rank_bm25 import BM25Okapi
from rapidfuzz.distance import JaroWinkler

from agent_tasks import refused, run

TICKET = {"subject": "", "body": "", "impact": "high", "urgency": "high"}

# --- kb.search -------------------------------------------------------------------------------------

VOCABULARY = """
account password reset login invoice payment refund delivery order return café naïve API v2 error
timeout key security email address change cancel subscription the a of to is
""".split()


def words_of(text):
    return re.findall(r"[^\W_]+", text.lower())


class Lucene(BM25Okapi):
    """Okapi BM25 with the inverse document frequency that is never negative."""

    def _calc_idf(self, nd):
        for word, count in nd.items():
            self.idf[word] = np.log(1 + (self.corpus_size - count + 0.5) / (count + 0.5))


@pytest.mark.parametrize("seed", range(5))
def test_searches_score_as_rank_bm25(client, seed):
    generator = random.Random(seed)
    documents = [
        {
            "id": f"d{key}",
            "text": " ".join(generator.choices(VOCABULARY, k=generator.randint(1, 60))) + ".",
        }
        for key in range(generator.choice([1, 7, 120]))
    ]
    reference = Lucene([words_of(each["text"]) for each in documents], k1=1.2, b=0.75)
    for _ in range(8):
        query = " ".join(generator.choices([*VOCABULARY, "nowhere", "API-key"], k=3))
        scores = reference.get_scores(words_of(query))
        order = sorted(range(len(documents)), key=lambda key: -round(scores[key], 12))
        expected = [(f"d{key}", scores[key]) for key in order if scores[key] > 0]
        result = run(client, "kb.search", query=query, documents=documents, limit=1_000)
        assert result["found"] == len(expected)
        assert [hit["score"] for hit in result["hits"]] == pytest.approx(
            [score for _, score in expected], rel=1e-9
        )
        assert {hit["id"]: hit["score"] for hit in result["hits"]} == pytest.approx(dict(expected))
        assert len(run(client, "kb.search", query=query, documents=documents, limit=1)["hits"]) <= 1


def test_searches_without_a_word_find_nothing(client):
    documents = [{"id": "a", "text": ""}, {"id": "b", "text": "…"}]
    for query in ("", "!?", "word"):
        assert run(client, "kb.search", query=query, documents=documents)["hits"] == []
    assert run(client, "kb.search", query="word", documents=[])["hits"] == []


# --- contact.dedupe --------------------------------------------------------------------------------

NAMES = """
Martha Jones|Marhta Jones|Dwayne Smith|Duane Smith|Dixon Hill|Dickson Hill|Jan Novák|Jan Novak|
Zoë Müller|Zoe Mueller|Li Wei|Wei Li|Ann Lee|Anne Lee|An Li|Alexandria Ocasio|Alexandra Ocasio|
Al|Bo|Jo|Josephine Baker|Josefine Baker|Joseph Bakker
""".replace("\n", "").split("|")


def clusters_of(names, threshold):
    """Clusters of indices by what rapidfuzz says of each pair."""
    names = [" ".join(name.lower().split()) for name in names]
    sets = [{key} for key in range(len(names))]
    for one in range(len(names)):
        for other in range(one + 1, len(names)):
            if JaroWinkler.similarity(names[one], names[other]) >= threshold:
                union = sets[one] | sets[other]
                for member in union:
                    sets[member] = union
    return sorted({tuple(sorted(each)) for each in sets if len(each) > 1})


@pytest.mark.parametrize("threshold", [0.75, 0.85, 0.9, 0.95, 1])
def test_clusters_are_what_rapidfuzz_connects(client, threshold):
    generator = random.Random(threshold)
    names = list(NAMES)
    for name in NAMES:
        changed = list(name)
        at = generator.randrange(len(changed))
        generator.choice([changed.pop, lambda at: changed.insert(at, "x")])(at)
        names.append("".join(changed))
    contacts = [{"id": str(key), "name": name} for key, name in enumerate(names)]
    result = run(client, "contact.dedupe", contacts=contacts, threshold=threshold)
    found = [tuple(sorted(map(int, cluster))) for cluster in result["clusters"]]
    assert sorted(found) == clusters_of(names, threshold)
    assert result["distinct"] == len(names) - sum(len(each) - 1 for each in found)
    for link in result["links"]:
        pair = (names[int(link["a"])].lower(), names[int(link["b"])].lower())
        assert link["similarity"] == pytest.approx(JaroWinkler.similarity(*pair), abs=1e-12)


@pytest.mark.parametrize("length", [(60, 70), (90, 128)])
def test_long_names_are_compared_like_rapidfuzz(client, length):
    """Of which the characters do not fit into one word of the computer."""
    generator = random.Random(str(length))
    names = []
    for _ in range(30):
        name = "".join(generator.choices("abcdef", k=generator.randint(*length)))
        for _ in range(3):
            changed = list(name)
            for _ in range(generator.randint(0, 25)):
                one, other = generator.randrange(len(name)), generator.randrange(len(name))
                changed[one], changed[other] = changed[other], changed[one]
            names.append("".join(changed))
    contacts = [{"id": str(key), "name": name} for key, name in enumerate(names)]
    result = run(client, "contact.dedupe", contacts=contacts, threshold=0.85)
    found = sorted(tuple(sorted(map(int, cluster))) for cluster in result["clusters"])
    assert found == clusters_of(names, 0.85) and found
    for link in result["links"]:
        pair = names[int(link["a"])], names[int(link["b"])]
        assert link["similarity"] == pytest.approx(JaroWinkler.similarity(*pair), abs=1e-12)


def test_similarities_are_those_of_rapidfuzz(client):
    generator = random.Random(1)
    for length in (1, 2, 3, 8, 20, 128):
        for _ in range(6):
            pair = ["".join(generator.choices("abcé", k=length)) for _ in range(2)]
            contacts = [{"id": name, "name": name} for name in pair]
            links = run(client, "contact.dedupe", contacts=contacts, threshold=0)["links"]
            expected = JaroWinkler.similarity(*pair)
            assert [link["similarity"] for link in links] == [pytest.approx(expected, abs=1e-12)]


def test_addresses_and_numbers_connect_too(client):
    contacts = [
        {"id": "a", "name": "Ada", "email": "ADA@example.com"},
        {"id": "b", "name": "Lovelace", "email": "ada@Example.com", "phone": "+44 20 7946 0000"},
        {"id": "c", "name": "Countess", "phone": "442079460000"},
        {"id": "d", "name": "Ada", "phone": "12"},
        {"id": "e", "name": "Bob", "phone": "12"},
        {"id": "f", "name": " "},
        {"id": "g", "name": ""},
    ]
    result = run(client, "contact.dedupe", contacts=contacts, threshold=0.95)
    assert result["clusters"] == [["a", "b", "c", "d"]]
    assert [link["field"] for link in result["links"]] == ["email", "phone", "name"]


# --- customer.segment ------------------------------------------------------------------------------


def quintiles(values):
    """The share of the values that are no better, in fifths, rounded up."""
    values = np.array(values)
    return [-(-5 * int((values <= value).sum()) // len(values)) for value in values]


@pytest.mark.parametrize("customers", [1, 2, 7, 150])
def test_customers_are_scored_by_quintiles(client, customers):
    generator = random.Random(customers)
    as_of = date(2026, 11, 30)
    orders = [
        {
            "customerId": f"c{int(generator.random() ** 2 * customers)}",
            "date": (as_of - timedelta(days=generator.randrange(500))).isoformat(),
            "amount": generator.choice([20, 49.9, 300, -20]),
        }
        for _ in range(customers * 4)
    ]
    result = run(client, "customer.segment", orders=orders, asOf=as_of.isoformat())
    ids = list(dict.fromkeys(order["customerId"] for order in orders))
    assert [row["customerId"] for row in result["customers"]] == ids
    own = {key: [order for order in orders if order["customerId"] == key] for key in ids}
    recency = [
        (as_of - max(date.fromisoformat(order["date"]) for order in own[key])).days for key in ids
    ]
    frequency = [len(own[key]) for key in ids]
    monetary = [sum(order["amount"] for order in own[key]) for key in ids]
    scores = {
        "r": quintiles([-days for days in recency]),
        "f": quintiles(frequency),
        "m": quintiles(np.round(monetary, 6)),
    }
    for key, row in enumerate(result["customers"]):
        assert row["recencyDays"] == recency[key] and row["frequency"] == frequency[key]
        assert row["monetary"] == pytest.approx(monetary[key])
        assert (row["r"], row["f"]) == (scores["r"][key], scores["f"][key])
        # Sums of the same amounts in another order may differ in the last digit.
        assert abs(row["m"] - scores["m"][key]) <= 1
    named = {row["segment"]: row["customers"] for row in result["segments"]}
    seen = [row["segment"] for row in result["customers"]]
    assert named == {segment: seen.count(segment) for segment in seen}


def test_the_best_are_champions_and_the_gone_are_lost(client):
    orders = [{"customerId": "best", "date": f"2026-11-{day}", "amount": 90} for day in range(10, 20)]
    for key, day in enumerate(("2026-01-05", "2026-06-01", "2026-08-01", "2026-09-01"), 1):
        orders += [{"customerId": f"c{key}", "date": day, "amount": 10 * key}] * key
    result = run(client, "customer.segment", orders=orders, asOf="2026-11-30")
    segments = {row["customerId"]: row["segment"] for row in result["customers"]}
    assert segments["best"] == "champions" and segments["c1"] == "lost"
    late = [{"customerId": "x", "date": "2026-12-01", "amount": 1}]
    assert refused(client, "customer.segment", orders=late, asOf="2026-11-30") == ["/orders/0/date"]


# --- ticket.triage ---------------------------------------------------------------------------------

MATRIX = {
    ("high", "high"): "P1", ("high", "medium"): "P2", ("medium", "high"): "P2",
    ("high", "low"): "P3", ("medium", "medium"): "P3", ("low", "high"): "P3",
    ("medium", "low"): "P4", ("low", "medium"): "P4", ("low", "low"): "P4",
}
TARGETS = {"P1": (15, 240), "P2": (60, 480), "P3": (240, 1_440), "P4": (480, 2_400)}


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def test_priorities_are_those_of_the_matrix(client):
    for (impact, urgency), priority in MATRIX.items():
        result = run(
            client, "ticket.triage", subject="", body="", impact=impact, urgency=urgency,
            receivedAt="2026-11-26T10:00:00Z",
        )
        assert result["priority"] == priority and result["category"] == "general"
        received = datetime(2026, 11, 26, 10, tzinfo=UTC)
        for name, minutes in zip(("responseDue", "resolveDue"), TARGETS[priority]):
            assert moment(result[name]) == received + timedelta(minutes=minutes)


def due_by_minutes(received, minutes, start, end, is_workday):
    """Walks from minute to minute in local time."""
    now = received
    while minutes:
        of_day = now.hour * 60 + now.minute
        if is_workday(now.date()) and start <= of_day < end:
            minutes -= 1
        now += timedelta(minutes=1)
    return now


@pytest.mark.parametrize("offset", [0, 60, -330])
def test_due_times_skip_nights_weekends_and_holidays(client, offset):
    generator = random.Random(offset)
    free = holidays.country_holidays("DE", subdiv="BY", years=range(2025, 2028))
    days = sorted(day.isoformat() for day in free)
    sign = "-" if offset < 0 else "+"
    text = f"{sign}{abs(offset) // 60:02}:{abs(offset) % 60:02}"
    for _ in range(12):
        local = datetime(2026, 12, 18) + timedelta(minutes=generator.randrange(25 * 1_440))
        response, resolve = generator.randint(1, 600), generator.randint(1, 4_000)
        result = run(
            client, "ticket.triage", **TICKET,
            receivedAt=(local - timedelta(minutes=offset)).isoformat() + "Z",
            targets={"P1": {"responseMinutes": response, "resolveMinutes": resolve}},
            businessHours={
                "start": "08:30", "end": "17:15", "holidays": days, "utcOffset": text,
            },
        )

        def is_workday(day):
            return day.weekday() < 5 and day not in free

        for name, minutes in (("responseDue", response), ("resolveDue", resolve)):
            due = due_by_minutes(local, minutes, 8 * 60 + 30, 17 * 60 + 15, is_workday)
            expected = (due - timedelta(minutes=offset)).replace(tzinfo=UTC)
            assert moment(result[name]) == expected, (local, minutes)


@pytest.mark.parametrize(
    ("received", "minutes", "hours", "due"),
    [
        # Friday evening, on the Monday after.
        ("2026-11-27T18:00:00Z", 30, {}, "2026-11-30T09:30:00.000Z"),
        # Up to the very end of the day, which is not the start of the next.
        ("2026-11-27T16:00:00Z", 60, {}, "2026-11-27T17:00:00.000Z"),
        ("2026-11-27T16:00:00Z", 61, {}, "2026-11-30T09:01:00.000Z"),
        ("2026-11-27T17:00:00Z", 1, {}, "2026-11-30T09:01:00.000Z"),
        # Seconds are kept.
        ("2026-11-27T16:59:30.250Z", 1, {}, "2026-11-30T09:00:30.250Z"),
        ("2026-11-28T10:00:00Z", 1, {"days": [6]}, "2026-11-28T10:01:00.000Z"),
        ("2026-11-28T10:00:00Z", 481, {"days": [6]}, "2026-12-05T10:01:00.000Z"),
        ("2026-12-24T16:59:00Z", 2, {"holidays": ["2026-12-25"]}, "2026-12-28T09:01:00.000Z"),
        ("2028-02-28T16:59:00Z", 2, {}, "2028-02-29T09:01:00.000Z"),
        ("2026-11-27T23:30:00Z", 60, {"start": "00:00", "end": "24:00"}, "2026-11-30T00:30:00.000Z"),
        ("2026-11-30T09:00:00+05:30", 1, {"utcOffset": "+05:30"}, "2026-11-30T03:31:00.000Z"),
    ],
)
def test_due_times_of_cases_made_by_hand(client, received, minutes, hours, due):
    result = run(
        client, "ticket.triage", **TICKET, receivedAt=received,
        targets={"P1": {"responseMinutes": minutes, "resolveMinutes": minutes}},
        businessHours={"start": "09:00", "end": "17:00"} | hours,
    )
    assert result["responseDue"] == due == result["resolveDue"]


@pytest.mark.parametrize(
    ("subject", "body", "category", "words"),
    [
        ("Refund", "My invoice was charged twice", "billing", ["refund", "invoice", "charged"]),
        ("Cannot log in", "Password reset fails", "account", ["log", "password", "reset"]),
        ("", "The app crashes with an ERROR. Error again!", "technical", ["crashes", "error"]),
        ("Where is my parcel?", "", "delivery", ["parcel"]),
        ("Phishing", "An e-mail asks for my password", "security", ["phishing"]),
        ("An idea", "Please add dark mode", "request", ["idea", "add"]),
        ("Hello", "Just saying hello.", "general", []),
    ],
)
def test_categories_are_those_of_the_words(client, subject, body, category, words):
    result = run(
        client, "ticket.triage", subject=subject, body=body, impact="low", urgency="low",
        receivedAt="2026-11-26T10:00:00Z",
    )
    assert (result["category"], result["words"]) == (category, words)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"receivedAt": "2026-11-26 10:00"}, "/receivedAt"),
        ({"receivedAt": "9999-12-31T00:00:00Z"}, "/receivedAt"),
        ({"impact": "huge"}, "/impact"),
        ({"businessHours": {"start": "17:00", "end": "09:00"}}, "/businessHours/end"),
        ({"businessHours": {"start": "9 am.", "end": "17:00"}}, "/businessHours/start"),
        ({"businessHours": {"start": "09:00", "end": "17:00", "days": []}}, "/businessHours/days"),
        (
            {"businessHours": {"start": "09:00", "end": "17:00", "holidays": ["2026-02-30"]}},
            "/businessHours/holidays/0",
        ),
        (
            {"businessHours": {"start": "09:00", "end": "17:00", "utcOffset": "CET"}},
            "/businessHours/utcOffset",
        ),
        ({"targets": {"P1": {"responseMinutes": 1, "resolveMinutes": 0}}}, "/targets/P1/resolveMinutes"),
    ],
)
def test_impossible_tickets_are_refused_where_they_are_wrong(client, changes, path):
    ticket = TICKET | {"receivedAt": "2026-11-26T10:00:00Z"} | changes
    assert refused(client, "ticket.triage", **ticket) == [path]
