"""Control and data flow of workflows, compared with PyPI's moto as it runs state machines.

Where moto is known to differ from the language, the case says what the language wants.
"""

import json
import os
import time

import pytest
from jsonpath_ng import parse

from client import Client
from daemon import wait_until
from workflow_cases import CASES, chain, one

# What moto does else, and what the specification says (https://states-language.net/spec.html).
KNOWN = {
    # A path that names one place has the value there; moto gives it in an array.
    "an index in a path": {"succeeded": {"s": "b"}},
    "an index from the end": {"succeeded": {"s": "b"}},
    # moto calls these States.Runtime.
    "no choice matches": {"failed": "States.NoChoiceMatched"},
    "a path that finds nothing fails": {"failed": "States.ParameterPathFailure"},
    # moto leaves null out of arrays, and refuses steps that go down.
    "States.Array($.s, 2, null, 'x')": {"succeeded": {"r": ["text", 2, None, "x"]}},
    "States.ArrayRange(3, 1, -1)": {"succeeded": {"r": [3, 2, 1]}},
}


@pytest.fixture(scope="module")
def ours(make_shared_daemon):
    """The outcome of each case by the hub: all run at the same time."""
    daemon = make_shared_daemon()
    outcomes = {}
    with Client(daemon.url) as client:
        runs = {}
        for number, (name, (definition, data)) in enumerate(CASES.items()):
            workflow = f"case-{number}"
            client.call("workflows.define", name=workflow, definition=definition)
            runs[name] = client.call("workflows.start", name=workflow, input=data)["id"]

        def ended():
            return not client.call("workflows.runs", status="running")["runs"]

        wait_until(ended, seconds=60, what="the end of all runs")
        for name, run in runs.items():
            found = client.call("workflows.run", id=run)
            outcomes[name] = (
                {"succeeded": found["output"]}
                if found["status"] == "completed"
                else {found["status"]: found["error"]["error"]}
            )
    return outcomes


@pytest.fixture(scope="module")
def theirs():
    """The outcome of each case by moto."""
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    import boto3
    from moto import mock_aws

    outcomes = {}
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        machines = boto3.client("stepfunctions")
        runs = {}
        for number, (name, (definition, data)) in enumerate(CASES.items()):
            machine = machines.create_state_machine(
                name=f"case-{number}",
                definition=json.dumps(definition),
                roleArn="arn:aws:iam::123456789012:role/none",
            )
            runs[name] = machines.start_execution(
                stateMachineArn=machine["stateMachineArn"], input=json.dumps(data)
            )["executionArn"]
        deadline = time.monotonic() + 120
        while len(outcomes) < len(runs) and time.monotonic() < deadline:
            for name in runs.keys() - outcomes.keys():
                found = machines.describe_execution(executionArn=runs[name])
                if found["status"] == "SUCCEEDED":
                    outcomes[name] = {"succeeded": value(found["output"])}
                elif found["status"] != "RUNNING":
                    outcomes[name] = {"failed": found.get("error")}
            time.sleep(0.05)
    return outcomes


def value(output):
    """moto leaves the quotes of an output out that is a string."""
    try:
        return json.loads(output)
    except ValueError:
        return output


def test_there_are_enough_cases():
    assert len(CASES) >= 100 and len(KNOWN) < 10 and KNOWN.keys() <= CASES.keys()


@pytest.mark.parametrize("name", CASES)
def test_the_outcome_is_that_of_moto(name, ours, theirs):
    assert name in theirs, "moto did not come to an end"
    if name in KNOWN:
        assert ours[name] == KNOWN[name]
        assert theirs[name] != KNOWN[name], "moto has learned it: compare this case too"
    else:
        assert ours[name] == theirs[name]


# --- paths --------------------------------------------------------------------------------------

STORE = {
    "store": {
        "book": [
            {"title": "A", "price": 8.95, "tags": ["x", "y"]},
            {"title": "B", "price": 12, "isbn": "0-553"},
            {"title": "C", "price": 22.5, "tags": []},
        ],
        "bicycle": {"colour": "red", "price": 19.95},
        "a b": {"c.d": [1, [2, [3]]]},
    },
    "n": None,
}
PATHS = [
    "$", "$.store", "$.store.book[0]", "$.store.book[1].isbn", "$.store.book[2].tags",
    "$.store.book[*].title", "$.store.book[*]", "$.store.*", "$.store.bicycle.*",
    "$.store.book[0:2]", "$.store.book[1:]", "$.store.book[:1]", "$.store.book[0:3:2]",
    "$..price", "$..title", "$..tags", "$.store..price", "$..book[0]", "$.store.book[*].tags[0]",
    "$['store']['bicycle']['colour']", "$.store['a b']['c.d'][1][1][0]", "$.n",
]


@pytest.fixture(scope="module")
def found(make_shared_daemon):
    """What a run finds at each of the paths."""
    daemon = make_shared_daemon()
    with Client(daemon.url) as client:
        parameters = {f"p{index}.$": path for index, path in enumerate(PATHS)}
        client.call("workflows.define", name="paths", definition=one(Parameters=parameters))
        run = client.call("workflows.start", name="paths", input=STORE)["id"]
        wait_until(lambda: client.call("workflows.run", id=run)["status"] != "running", seconds=60)
        output = client.call("workflows.run", id=run)["output"]
    return {path: output[f"p{index}"] for index, path in enumerate(PATHS)}


def canonical(values):
    """What a path with several results finds has an order that implementations choose."""
    return sorted(json.dumps(value, sort_keys=True) for value in values)


@pytest.mark.parametrize("path", PATHS)
def test_paths_find_what_jsonpath_ng_finds(path, found):
    wanted = [match.value for match in parse(path).find(STORE)]
    is_definite = not any(sign in path for sign in ("*", "..", ":"))
    if is_definite:
        assert [found[path]] == wanted
    else:
        assert canonical(found[path]) == canonical(wanted)


def test_a_chain_is_what_it_says():
    machine = chain(("A", {"Type": "Pass"}), ("B", {"Type": "Succeed"}))
    assert machine["StartAt"] == "A" and machine["States"]["A"]["Next"] == "B"
