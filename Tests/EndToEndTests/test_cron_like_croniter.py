"""When cron expressions are due, compared with PyPI's croniter, and where the clocks change by hand.

The two agree but for hours in which a zone's offset changes: croniter has rules of its own there,
the hub has those of Debian's cron(8), as protocol.md says. So what croniter says counts outside of
four hours around a change, and by hand it is written down what is right within them.

Left out are expressions with a field of days that names every day and is no `*`, such as `1-7`:
POSIX has the other field of days not matter then, which the hub does and croniter does sometimes.
"""

import random
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from croniter import croniter

from client import Client

ZONES = [
    "UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/St_Johns",
    "America/Sao_Paulo", "Australia/Sydney", "Australia/Lord_Howe", "Asia/Kolkata", "Asia/Tehran",
    "Africa/Casablanca", "Pacific/Apia", "Pacific/Chatham",
]
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
DAYS = "sun mon tue wed thu fri sat".split()
RANGES = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)]
TIMES = 6


class Expressions:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def item(self, index):
        low, high = RANGES[index]
        if index == 3 and self.random.random() < 0.15:
            return self.random.choice(MONTHS)
        if index == 4 and self.random.random() < 0.2:
            return self.random.choice(DAYS)
        first = self.random.randint(low, high - 1)
        last = self.random.randint(first + 1, high)
        kind = self.random.random()
        if kind < 0.5:
            return str(first)
        if kind < 0.75:
            return f"{first}-{last}"
        if kind < 0.9:
            return f"*/{self.random.randint(1, high)}"
        return f"{first}-{last}/{self.random.randint(1, high)}"

    def field(self, index):
        if self.random.random() < (0.25, 0.35, 0.6, 0.7, 0.6)[index]:
            return "*"
        return ",".join(self.item(index) for _ in range(self.random.choice([1, 1, 1, 2, 3])))

    def next(self):
        """An expression, its zone, and a moment: every second one near a change of the clocks."""
        fields = [self.field(index) for index in range(5)]
        while names_every_day(fields[2], 1, 31) or names_every_day(fields[4], 0, 6):
            fields = [self.field(index) for index in range(5)]
        text = " ".join(fields)
        if self.random.random() < 0.3:
            seconds = ["0", "*", "*/15", "30", "5,50", "10-20/3"]
            text = f"{self.random.choice(seconds)} {text}"
        zone = self.random.choice(ZONES)
        start = self.random.randint(1_577_836_800, 2_051_222_400)
        if self.random.random() < 0.5:
            start = self.before_a_change(ZoneInfo(zone), start)
        return text, zone, start

    def before_a_change(self, zone, start):
        """Up to two hours before the next one, if there is one within a year."""
        day = 86_400
        for low in range(start, start + 366 * day, day):
            if offset(zone, low) != offset(zone, low + day):
                high = low + day
                while high - low > 1:
                    middle = (low + high) // 2
                    if offset(zone, middle) == offset(zone, low):
                        low = middle
                    else:
                        high = middle
                return high - self.random.randint(0, 7_200)
        return start


def names_every_day(field, low, high):
    """Whether a field of days has all of them, by other means than `*`."""
    named = set()
    for item in field.split(","):
        base, _, step = item.partition("/")
        if base == "*":
            first, last = low, high
        elif base in DAYS:
            first = last = DAYS.index(base)
        else:
            first, last = (int(end) for end in (base.split("-") * 2)[:2])
        named |= {day % 7 if high == 6 else day for day in range(first, last + 1, int(step or 1))}
    return field != "*" and len(named) == high - low + 1


def offset(zone, moment):
    return datetime.fromtimestamp(moment, zone).utcoffset()


def is_near_a_change(zone, moment):
    hours = range(moment - 4 * 3600, moment + 4 * 3600, 600)
    return any(offset(zone, one) != offset(zone, one + 600) for one in hours)


def expected(text, zone, start):
    """What croniter says; `None` for an expression that is never due."""
    try:
        due = croniter(
            text,
            datetime.fromtimestamp(start, zone),
            second_at_beginning=len(text.split()) == 6,
            max_years_between_matches=9,
        )
        return [int(due.get_next(datetime).timestamp()) for _ in range(TIMES)]
    except (KeyError, ValueError) as error:
        assert type(error).__name__.startswith("Croniter"), error
        return None


def written(moment):
    return datetime.fromtimestamp(moment, timezone.utc).isoformat().replace("+00:00", "Z")


def previews(client, cases):
    """The hub's answers, a batch at a time."""
    for start in range(0, len(cases), 50):
        batch = cases[start : start + 50]
        client.send(
            [
                {
                    "jsonrpc": "2.0", "id": index, "method": "schedules.preview",
                    "params": {
                        "cron": text, "timeZone": zone, "from": written(moment), "count": TIMES
                    },
                }
                for index, (text, zone, moment) in enumerate(batch)
            ]
        )
        answers = {answer["id"]: answer for answer in client.receive(60)}
        for index in range(len(batch)):
            answer = answers[index]
            if "error" in answer:
                assert answer["error"]["data"]["details"][0]["path"] == "/cron", answer
                yield None
            else:
                times = answer["result"]["times"]
                yield [int(datetime.fromisoformat(time).timestamp()) for time in times]


@pytest.mark.timeout(300)
def test_ten_thousand_expressions_are_due_when_croniter_says(shared):
    expressions = Expressions(seed=20_261_126)
    cases = [expressions.next() for _ in range(10_000)]
    wrong, equal, never, changes = [], 0, 0, 0
    with Client(shared.url) as client:
        for (text, name, start), found in zip(cases, previews(client, cases)):
            zone = ZoneInfo(name)
            wanted = expected(text, zone, start)
            if found is None or wanted is None:
                never += 1
                if found != wanted:
                    wrong.append((text, name, start, found, wanted))
                continue
            pairs = zip(found, wanted)
            first = next((pair for pair in pairs if pair[0] != pair[1]), None)
            if first is None and len(found) == len(wanted):
                equal += 1
            elif first and is_near_a_change(zone, min(first)):
                changes += 1
            else:
                wrong.append((text, name, start, found, wanted))
    assert not wrong, (len(wrong), wrong[:5])
    assert equal > 9_000 and never > 0 and changes > 0, (equal, never, changes)


# In Berlin, 2027: on 28 March 02:00 becomes 03:00, on 31 October 03:00 becomes 02:00.
SPRING, AUTUMN = "2027-03-28T00:00:00+01:00", "2027-10-31T01:00:00+02:00"


@pytest.mark.parametrize(
    ("cron", "start", "due"),
    [
        # A time of the day that is left out is due in the moment of the change, once.
        ("30 2 * * *", SPRING, ["2027-03-28T03:00+02:00", "2027-03-29T02:30+02:00"]),
        ("0,15,45 2 28 3 *", SPRING, ["2027-03-28T03:00+02:00", "2028-03-28T02:00+02:00"]),
        ("0 3 * * *", SPRING, ["2027-03-28T03:00+02:00", "2027-03-29T03:00+02:00"]),
        # One that comes twice is due at its first coming.
        ("30 2 * * *", AUTUMN, ["2027-10-31T02:30+02:00", "2027-11-01T02:30+01:00"]),
        # What is due by intervals follows the clock on the wall.
        (
            "*/30 * * * *", SPRING,
            ["2027-03-28T00:30+01:00", "2027-03-28T01:00+01:00", "2027-03-28T01:30+01:00",
             "2027-03-28T03:00+02:00", "2027-03-28T03:30+02:00"],
        ),
        (
            "30 * * * *", AUTUMN,
            ["2027-10-31T01:30+02:00", "2027-10-31T02:30+02:00", "2027-10-31T02:30+01:00",
             "2027-10-31T03:30+01:00"],
        ),
        (
            "*/20 2 * * *", AUTUMN,
            ["2027-10-31T02:00+02:00", "2027-10-31T02:20+02:00", "2027-10-31T02:40+02:00",
             "2027-10-31T02:00+01:00", "2027-10-31T02:20+01:00", "2027-10-31T02:40+01:00",
             "2027-11-01T02:00+01:00"],
        ),
        ("*/20 2 * * *", SPRING, ["2027-03-29T02:00+02:00"]),
        ("@daily", AUTUMN, ["2027-11-01T00:00+01:00", "2027-11-02T00:00+01:00"]),
    ],
)
def test_around_a_change_of_the_clocks_the_rule_is_that_of_cron(shared, cron, start, due):
    with Client(shared.url) as client:
        times = client.call(
            "schedules.preview",
            cron=cron, timeZone="Europe/Berlin", count=len(due), **{"from": start},
        )["times"]
    assert [datetime.fromisoformat(time) for time in times] == [
        datetime.fromisoformat(time) for time in due
    ]


def test_without_a_start_times_are_those_after_now(shared):
    with Client(shared.url) as client:
        (time,) = client.call("schedules.preview", cron="* * * * * *", count=1)["times"]
    distance = datetime.fromisoformat(time) - datetime.now(timezone.utc)
    assert abs(distance) < timedelta(minutes=1)
