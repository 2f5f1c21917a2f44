"""What the events agent writes and computes, beside icalendar, dateutil and recurring-ical-events."""

import datetime as datetimes
import itertools
import random
import statistics
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import dateutil.rrule
import icalendar
import pytest
import recurring_ical_events
from dateutil.rrule import rrulestr

from batches import result, results
from client import Failure

ZONES = ["Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "UTC",
         "America/Sao_Paulo", "Pacific/Auckland", "Europe/London"]
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
# How far a rule of a frequency is expanded.
SPANS = {"YEARLY": 9_000, "MONTHLY": 2_000, "WEEKLY": 700, "DAILY": 400, "HOURLY": 30, "MINUTELY": 2,
         "SECONDLY": 0.02}


@pytest.fixture(autouse=True)
def soon_over(monkeypatch):
    """Lets dateutil give up on a rule that never matches in 2060 and not in the year 9999."""
    bounded = SimpleNamespace(**vars(datetimes) | {"MAXYEAR": 2060})
    monkeypatch.setattr(dateutil.rrule, "datetime", bounded)


def some(generator, values, most=3):
    values = list(values)
    return sorted(generator.sample(values, generator.randint(1, min(most, len(values)))))


def random_rule(generator, frequencies=tuple(SPANS)):
    """A rule that RFC 5545 allows, without COUNT and UNTIL."""
    # By the second less often, which takes dateutil long.
    weights = [0.3 if name == "SECONDLY" else 1 for name in frequencies]
    (frequency,) = generator.choices(frequencies, weights)
    is_short = frequency in ("SECONDLY", "MINUTELY")
    parts = {"FREQ": frequency}
    if generator.random() < 0.5:
        parts["INTERVAL"] = generator.randint(1, 5)

    def maybe(name, values, chance=0.25):
        if generator.random() < chance:
            parts[name] = ",".join(map(str, some(generator, values)))

    signed = [*range(-5, 0), *range(1, 32)]
    maybe("BYMONTH", range(1, 13), 0 if is_short else 0.25)
    if frequency == "YEARLY":
        maybe("BYWEEKNO", [*range(-51, 0), *range(1, 54)], 0.15)
    if frequency in ("YEARLY", "HOURLY"):
        maybe("BYYEARDAY", [*range(-366, 0), *range(1, 367)], 0.1)
    if frequency != "WEEKLY" and not is_short:
        maybe("BYMONTHDAY", signed)
    if generator.random() < 0.4:
        ordinals = [""]
        if frequency in ("MONTHLY", "YEARLY") and "BYWEEKNO" not in parts and generator.random() < 0.6:
            ordinals = [-2, -1, 1, 2, 4, 5]
        parts["BYDAY"] = ",".join(
            f"{generator.choice(ordinals)}{day}" for day in some(generator, DAYS)
        )
    maybe("BYHOUR", range(24), 0.15)
    maybe("BYMINUTE", range(60), 0.15)
    maybe("BYSECOND", range(60), 0.1)
    if any(name.startswith("BY") for name in parts):
        maybe("BYSETPOS", [-1, 1] if is_short else [-2, -1, 1, 2, 3], 0.15)
    return parts


def text(parts):
    return ";".join(f"{name}={value}" for name, value in parts.items())


def exists(local, zone):
    moment = local.replace(tzinfo=zone)
    return moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local


def expected(parts, start, zone, first, last, count=None, until=None):
    """By dateutil on the wall clock; what does not exist there is dropped before it is counted."""
    try:
        times = rrulestr(text(parts), dtstart=start)
        found = itertools.takewhile(lambda local: local < last, times)
        moments = [local.replace(tzinfo=zone) for local in found if exists(local, zone)]
    except ValueError as error:
        # What dateutil says of a rule that can never match.
        assert "Invalid combination" in str(error) or "Invalid rrule byxxx" in str(error)
        return []
    if count is not None:
        moments = moments[:count]
    if until is not None:
        moments = [moment for moment in moments if moment.astimezone(UTC) <= until]
    opening, closing = first.replace(tzinfo=zone), last.replace(tzinfo=zone)
    # Datetimes of one zone would be compared on the wall.
    return [
        moment.isoformat()
        for moment in moments
        if opening.astimezone(UTC) <= moment.astimezone(UTC) < closing.astimezone(UTC)
    ]


def start_for(generator, parts):
    start = datetime(2019, 1, 1) + timedelta(
        days=generator.randrange(1_500), hours=generator.choice([2, *range(24)]),
        minutes=generator.choice([0, 30, 15]),
    )
    if "BYSETPOS" in parts and parts["FREQ"] == "WEEKLY":
        # Here dateutil counts the first week from the start on.
        start += timedelta(days=(7 - start.weekday()) % 7)
    return start


def test_a_thousand_rules_are_expanded_like_dateutil(client):
    generator = random.Random(1)
    payloads, answers = [], []
    for _ in range(1_000):
        parts = random_rule(generator)
        start, zone = start_for(generator, parts), generator.choice(ZONES)
        span = timedelta(days=SPANS[parts["FREQ"]])
        first = start + span * generator.random() * 0.3
        first, last = first.replace(microsecond=0), (start + span).replace(microsecond=0)
        limits, rule = {}, text(parts)
        if generator.random() < 0.3:
            limits["count"] = generator.randint(1, 40)
            rule += f";COUNT={limits['count']}"
        elif generator.random() < 0.3:
            until = (start + span * generator.random()).replace(microsecond=0, tzinfo=UTC)
            limits["until"] = until
            rule += f";UNTIL={until:%Y%m%dT%H%M%SZ}"
        payloads.append(
            {"rrule": rule, "start": start.isoformat(), "timeZone": zone,
             "from": first.isoformat(), "to": last.isoformat()}
        )
        answers.append(expected(parts, start, ZoneInfo(zone), first, last, **limits))
    found = results(client, "event.expand", payloads)
    for payload, answer, occurrences in zip(payloads, answers, found):
        assert occurrences["occurrences"] == answer[:10_000], payload
    assert sum(map(bool, answers)) > 500


def test_clock_changes_are_passed_like_recurring_ical_events(client):
    """Files of the agent, whose rules that library expands, beside the agent's own expansion."""
    generator = random.Random(2)
    payloads, spans = [], []
    while len(payloads) < 1_000:
        parts = random_rule(generator, ("YEARLY", "MONTHLY", "WEEKLY", "DAILY"))
        start, zone = start_for(generator, parts), generator.choice(ZONES)
        span = timedelta(days=SPANS[parts["FREQ"]] // 3)
        # An event counts as its own first occurrence, so it begins with one of the rule.
        start = next(iter(rrulestr(text(parts), dtstart=start)), None)
        last = start and start + span
        # Times that do not exist are moved by that library and dropped by the RFC.
        if start is None or start.hour in (0, 1, 2, 3) or "BYHOUR" in parts:
            continue
        if parts["FREQ"] == "WEEKLY" and "BYSETPOS" in parts:
            continue
        payloads.append(
            {"title": "x", "start": start.isoformat(), "timeZone": zone,
             "end": (start + timedelta(minutes=1)).isoformat(), "recurrence": text(parts)}
        )
        spans.append((start, last))
    files = results(client, "event.ics", payloads)
    expansions = results(
        client,
        "event.expand",
        [
            {"rrule": payload["recurrence"], "start": payload["start"],
             "timeZone": payload["timeZone"], "from": first.isoformat(), "to": last.isoformat()}
            for payload, (first, last) in zip(payloads, spans)
        ],
    )
    for payload, file, expansion, (first, last) in zip(payloads, files, expansions, spans):
        calendar = icalendar.Calendar.from_ical(file["ics"])
        zone = ZoneInfo(payload["timeZone"])
        events = recurring_ical_events.of(calendar).between(
            first.replace(tzinfo=zone), last.replace(tzinfo=zone)
        )
        starts = sorted(event["DTSTART"].dt.astimezone(UTC) for event in events)
        found = [datetime.fromisoformat(one).astimezone(UTC) for one in expansion["occurrences"]]
        assert found == starts, payload


def test_icalendar_reads_every_file(client):
    generator = random.Random(3)
    alphabet = "abc äé😀,;:\\\"'\n\t%&<>"
    payloads = []
    for _ in range(150):
        start = datetime(2020, 1, 1) + timedelta(days=generator.randrange(5_000), hours=9)
        payload = {
            "title": "T" + "".join(generator.choices(alphabet, k=generator.randint(0, 200))),
            "location": "".join(generator.choices(alphabet, k=generator.randint(0, 90))),
            "start": start.isoformat(),
            "end": (start + timedelta(minutes=generator.randint(1, 9_000))).isoformat(),
            "timeZone": generator.choice([*ZONES, "Africa/Casablanca", "Asia/Kathmandu"]),
            "attendees": [
                "ada@example.org",
                {"email": "b@example.org", "name": "".join(generator.choices(alphabet, k=20))},
            ],
        }
        if generator.random() < 0.5:
            payload["recurrence"] = text(random_rule(generator, ("YEARLY", "WEEKLY")))
        if generator.random() < 0.2:
            payload |= {"start": f"{start:%Y-%m-%d}", "end": f"{start + timedelta(days=2):%Y-%m-%d}"}
            payload.pop("recurrence", None)
        payloads.append(payload)
    for payload, answer in zip(payloads, results(client, "event.ics", payloads)):
        file = answer["ics"]
        assert all(len(line.encode()) <= 75 for line in file.split("\r\n"))
        assert "\n" not in file.replace("\r\n", "")
        calendar = icalendar.Calendar.from_ical(file)
        (event,) = calendar.walk("VEVENT")
        assert not event.errors and not calendar.errors
        assert event["SUMMARY"] == payload["title"] and event["UID"] == answer["uid"]
        assert event["LOCATION"] == payload["location"]
        start, end = event["DTSTART"].dt, event["DTEND"].dt
        if "T" in payload["start"]:
            zone = ZoneInfo(payload["timeZone"])
            for found, name in ((start, "start"), (end, "end")):
                wanted = datetime.fromisoformat(payload[name]).replace(tzinfo=zone)
                assert found.replace(tzinfo=None) == wanted.replace(tzinfo=None)
                assert found.utcoffset() == wanted.utcoffset()
        else:
            assert str(start) == payload["start"] and str(end) == payload["end"]
        assert [str(one) for one in event["ATTENDEE"]] == [
            "mailto:ada@example.org", "mailto:b@example.org"
        ]
        assert ("RRULE" in event) == ("recurrence" in payload)


def test_zones_in_files_have_the_right_offsets(client):
    """The VTIMEZONE itself is read, not the name of the zone."""
    generator = random.Random(4)
    zones = [zone for zone in ZONES if zone != "UTC"] + ["Africa/Casablanca", "America/Santiago"]
    payloads = [
        {"title": "x", "start": "2024-06-01T12:00:00", "end": "2024-06-01T13:00:00", "timeZone": zone}
        for zone in zones
    ]
    for zone, answer in zip(zones, results(client, "event.ics", payloads)):
        (component,) = icalendar.Calendar.from_ical(answer["ics"]).walk("VTIMEZONE")
        written = component.to_tz(lookup_tzid=False)
        for _ in range(60):
            local = datetime(2024, 1, 10) + timedelta(minutes=generator.randrange(60 * 24 * 365 * 4))
            real = local.replace(tzinfo=ZoneInfo(zone))
            twin = real.replace(fold=1)
            if real.utcoffset() == twin.utcoffset() and exists(local, ZoneInfo(zone)):
                assert local.replace(tzinfo=written).utcoffset() == real.utcoffset(), (zone, local)


# --- rooms and reports -------------------------------------------------------------------------


def assignable(sessions, rooms):
    """Whether there is an assignment, by trying everything."""
    order = sorted(sessions, key=lambda one: one["start"])

    def search(index, taken):
        if index == len(order):
            return True
        session = order[index]
        for room in rooms:
            free = all(end <= session["start"] for end in taken[room["id"]])
            if room["capacity"] >= session["capacity"] and free:
                taken[room["id"]].append(session["end"])
                if search(index + 1, taken):
                    return True
                taken[room["id"]].pop()
        return False

    return search(0, {room["id"]: [] for room in rooms})


def test_rooms_are_found_whenever_there_are_some(client):
    generator = random.Random(5)
    payloads = []
    for _ in range(200):
        sessions = []
        for index in range(generator.randint(1, 9)):
            start = generator.randrange(20)
            end = start + generator.randint(1, 8)
            sessions.append(
                {"id": f"s{index}", "start": f"2026-12-01T{start // 2:02}:{start % 2 * 30:02}",
                 "end": f"2026-12-01T{end // 2:02}:{end % 2 * 30:02}",
                 "capacity": generator.choice([5, 20, 60])}
            )
        rooms = [
            {"id": f"r{index}", "capacity": generator.choice([5, 20, 60])}
            for index in range(generator.randint(1, 4))
        ]
        payloads.append({"sessions": sessions, "rooms": rooms})
    seen = set()
    for payload, answer in zip(payloads, results(client, "event.schedule", payloads)):
        sessions = {one["id"]: one for one in payload["sessions"]}
        rooms = {one["id"]: one for one in payload["rooms"]}
        assert answer["feasible"] == assignable(sessions.values(), payload["rooms"]), payload
        assert answer["feasible"] == (not answer["unassigned"])
        seen.add(answer["feasible"])
        placed = {one["session"]: one["room"] for one in answer["assignment"]}
        assert placed.keys() == sessions.keys() - set(answer["unassigned"])
        for one, room in placed.items():
            assert rooms[room]["capacity"] >= sessions[one]["capacity"]
        for one, other in itertools.combinations(placed, 2):
            first, second = sorted((sessions[one], sessions[other]), key=lambda x: x["start"])
            assert placed[one] != placed[other] or first["end"] <= second["start"]
        for conflict in answer["conflicts"]:
            assert len(conflict["sessions"]) == conflict["needed"] > conflict["available"]
    assert seen == {True, False}


def test_reports_are_those_of_the_statistics_module(client):
    generator = random.Random(6)
    for _ in range(20):
        ratings = [generator.randint(1, 5) for _ in range(generator.randint(2, 60))]
        answers = [generator.randint(0, 10) for _ in range(generator.randint(1, 60))]
        report = result(
            client,
            "event.report",
            {"registrations": 100, "attendance": 80, "ratings": ratings, "nps": answers},
        )
        assert report["ratings"]["mean"] == pytest.approx(statistics.mean(ratings))
        assert report["ratings"]["median"] == statistics.median(ratings)
        assert report["ratings"]["standardDeviation"] == pytest.approx(statistics.stdev(ratings))
        scores = [100 if one >= 9 else -100 if one <= 6 else 0 for one in answers]
        assert report["nps"]["score"] == pytest.approx(statistics.mean(scores))
        margin = 1.959963984540054 * statistics.pstdev(scores) / len(scores) ** 0.5
        assert report["nps"]["margin"] == pytest.approx(margin, abs=1e-9)


@pytest.mark.parametrize(
    ("kind", "payload", "path"),
    [
        (
            "event.expand",
            {"rrule": "FREQ=DAILY", "start": "2026-01-01", "timeZone": "Mars/Olympus",
             "from": "2026-01-01", "to": "2026-01-02"},
            "/payload/timeZone",
        ),
        (
            "event.expand",
            {"rrule": "FREQ=NEVER", "start": "2026-01-01", "timeZone": "UTC",
             "from": "2026-01-01", "to": "2026-01-02"},
            "/payload/rrule",
        ),
        (
            "event.ics",
            {"title": "x", "start": "2026-01-02", "end": "2026-01-01", "timeZone": "UTC"},
            "/payload/end",
        ),
        (
            "event.report", {"registrations": 1, "attendance": 1, "nps": [11]}, "/payload/nps/0",
        ),
    ],
)
def test_bad_input_is_refused_where_it_is_wrong(client, kind, payload, path):
    with pytest.raises(Failure) as caught:
        client.call("tasks.create", type=kind, payload=payload)
    assert caught.value.name == "VALIDATION_ERROR" and caught.value.paths == [path]
