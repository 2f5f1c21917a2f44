"""Judges a report of the Autobahn|Testsuite: autobahn-verdict.py NAME INDEX_JSON"""

import json
import sys
from pathlib import Path

# What an endpoint does here is its own choice: the suite only describes it.
INFORMATIONAL = {"7.1.6", "7.13.1", "7.13.2"}
# Cases by the first part of their number; fewer mean that some were not run.
PLAIN = {"1": 16, "2": 11, "3": 7, "4": 10, "5": 20, "6": 145, "7": 37, "9": 54, "10": 1}
COUNTS = {
    "plain": PLAIN,
    "client-plain": PLAIN,
    "tls": {group: PLAIN[group] for group in PLAIN if group != "9"},
    "deflate": {"12": 15, "13": 21},
    "client-deflate": {"12": 5, "13": 7},
    "deflate-all": {"12": 90, "13": 126},
    "client-deflate-all": {"12": 90, "13": 126},
}


def is_right(case, result):
    allowed = {"OK", "INFORMATIONAL"} if case in INFORMATIONAL else {"OK"}
    return {result["behavior"], result["behaviorClose"]} <= allowed


name, path = sys.argv[1:]
[cases] = json.loads(Path(path).read_text()).values()
counts = {}
for case in cases:
    group = case.split(".")[0]
    counts[group] = counts.get(group, 0) + 1
wrong = [case for case in cases if not is_right(case, cases[case])]
for case in wrong:
    print(f"autobahn: {case}: {cases[case]['behavior']}, closing {cases[case]['behaviorClose']}")
expected = COUNTS.get(name, counts)
complete = counts == expected
if not complete:
    print(f"autobahn: cases of {name}: {counts}, expected {expected}")
print(f"autobahn: {name}: {len(cases) - len(wrong)} of {len(cases)} cases as they must be")
sys.exit(bool(wrong) or not complete)
