"""Workflows without tasks, whose control and data flow any implementation of the language runs."""


def chain(*states, **named):
    """A machine of (name, state) in this order, each leading to the next."""
    machine = {"StartAt": states[0][0], "States": {}}
    for (name, state), following in zip(states, [*states[1:], None]):
        state = dict(state)
        if state["Type"] not in ("Choice", "Succeed", "Fail") and "Next" not in state and "End" not in state:
            state |= {"Next": following[0]} if following else {"End": True}
        machine["States"][name] = state
    machine["States"] |= named
    return machine


def one(**state):
    return chain(("Only", {"Type": "Pass"} | state))


def intrinsic(call):
    return one(Parameters={"r.$": call})


def choice(*rules, default="No"):
    return chain(
        ("Choose", {"Type": "Choice", "Choices": [{**rule, "Next": "Yes"} for rule in rules], "Default": default}),
        ("Yes", {"Type": "Pass", "Result": "yes", "End": True}),
        ("No", {"Type": "Pass", "Result": "no"}),
    )


def rule(variable="$.x", **condition):
    return choice({"Variable": variable, **condition})


FAIL = {"Type": "Fail", "Error": "Custom", "Cause": "because"}


def parallel(*branches, **fields):
    return {"Type": "Parallel", "Branches": list(branches), **fields}


def mapped(machine, **fields):
    return {"Type": "Map", "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, **machine}, **fields}


ITEMS = {"items": [{"n": 1}, {"n": 2}, {"n": 3}], "k": "v"}
ORDER = {"order": {"id": 7, "lines": [{"sku": "a", "n": 1}, {"sku": "b", "n": 2}]}, "x": 1}
RETRY = [{"ErrorEquals": ["Custom"], "IntervalSeconds": 1, "MaxAttempts": 1}]
CATCH = [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]
CAUGHT = ("Caught", {"Type": "Pass", "End": True})

CASES = {
    # Input, result and output.
    "pass hands its input on": (one(), {"a": 1}),
    "pass with a result": (one(Result={"r": [1, 2]}), {"a": 1}),
    "result path puts a result": (one(Result=5, ResultPath="$.r"), {"a": 1}),
    "result path makes what is missing": (one(Result=5, ResultPath="$.p.q.r"), {"a": 1}),
    "result path replaces": (one(Result=5, ResultPath="$.a"), {"a": {"b": 1}}),
    "result path null drops it": (one(Result=5, ResultPath=None), {"a": 1}),
    "input path": (one(InputPath="$.order"), ORDER),
    "input path null": (one(InputPath=None), ORDER),
    "output path": (one(OutputPath="$.order.lines"), ORDER),
    "output path null": (one(OutputPath=None), ORDER),
    "input path with result path": (one(InputPath="$.order", ResultPath="$.copy"), ORDER),
    "parameters": (one(Parameters={"id.$": "$.order.id", "fixed": {"deep.$": "$.x", "n": 3}}), ORDER),
    "parameters with arrays": (one(Parameters={"list": [{"a.$": "$.x"}, 2, "$.x"]}), ORDER),
    "parameters after input path": (one(InputPath="$.order", Parameters={"n.$": "$.id"}), ORDER),
    "parameters and result path": (one(Parameters={"n.$": "$.x"}, ResultPath="$.out"), ORDER),
    "a wildcard in a path": (one(Parameters={"s.$": "$.order.lines[*].sku"}), ORDER),
    "an index in a path": (one(Parameters={"s.$": "$.order.lines[1].sku"}), ORDER),
    "an index from the end": (one(Parameters={"s.$": "$.order.lines[-1].sku"}), ORDER),
    "a slice in a path": (one(Parameters={"s.$": "$.order.lines[0:1]"}), ORDER),
    "a descent in a path": (one(Parameters={"s.$": "$..sku"}), ORDER),
    "names in brackets": (one(Parameters={"s.$": "$['order']['id']"}), ORDER),
    "the input of the execution": (one(InputPath="$.order", Parameters={"all.$": "$$.Execution.Input"}), ORDER),
    "the name of the state": (one(Parameters={"s.$": "$$.State.Name"}), ORDER),
    "a path that finds nothing fails": (one(Parameters={"s.$": "$.none"}), ORDER),
    "data through several states": (
        chain(
            ("A", {"Type": "Pass", "Result": 1, "ResultPath": "$.a"}),
            ("B", {"Type": "Pass", "Parameters": {"sum.$": "States.MathAdd($.a, 1)"}, "ResultPath": "$.b"}),
            ("C", {"Type": "Pass", "OutputPath": "$.b"}),
        ),
        {},
    ),
    "succeed": (chain(("S", {"Type": "Succeed", "InputPath": "$.order", "OutputPath": "$.id"})), ORDER),
    "fail": (chain(("F", FAIL)), {}),
    "wait": (chain(("W", {"Type": "Wait", "Seconds": 0}), ("P", {"Type": "Pass"})), {"a": 1}),
    "wait for a path": (chain(("W", {"Type": "Wait", "SecondsPath": "$.s"})), {"s": 0}),
    "wait until a time that was": (chain(("W", {"Type": "Wait", "Timestamp": "2020-01-01T00:00:00Z"})), {"a": 1}),
    # Choice.
    "no choice matches": (
        chain(("C", {"Type": "Choice", "Choices": [{"Variable": "$.x", "NumericEquals": 2, "Next": "S"}]}), ("S", {"Type": "Succeed"})),
        {"x": 1},
    ),
    **{
        f"choice {number}": (rule(**condition), {"x": value, "y": other})
        for number, (condition, value, other) in enumerate(
            [
                ({"NumericEquals": 1}, 1, 0),
                ({"NumericEquals": 1}, 1.0, 0),
                ({"NumericEquals": 1}, "1", 0),
                ({"NumericLessThan": 5}, 4.5, 0),
                ({"NumericGreaterThanEquals": 5}, 5, 0),
                ({"NumericGreaterThanPath": "$.y"}, 5, 4),
                ({"NumericLessThanEqualsPath": "$.y"}, 5, 4),
                ({"StringEquals": "a"}, "a", 0),
                ({"StringEquals": "a"}, 1, 0),
                ({"StringLessThan": "b"}, "a", 0),
                ({"StringGreaterThan": "b"}, "a", 0),
                ({"StringEqualsPath": "$.y"}, "s", "s"),
                ({"StringMatches": "log-*.txt"}, "log-12.txt", 0),
                ({"StringMatches": "log-*.txt"}, "log-12.csv", 0),
                ({"StringMatches": "*a*b*"}, "xxaxxbxx", 0),
                ({"BooleanEquals": True}, True, 0),
                ({"BooleanEquals": True}, False, 0),
                ({"TimestampLessThan": "2026-01-01T00:00:00Z"}, "2025-12-31T23:59:59Z", 0),
                ({"TimestampEquals": "2026-01-01T00:00:00Z"}, "2026-01-01T00:00:00Z", 0),
                ({"IsNull": True}, None, 0),
                ({"IsNull": True}, 0, 0),
                ({"IsNumeric": True}, 0, 0),
                ({"IsNumeric": True}, "0", 0),
                ({"IsString": True}, "0", 0),
                ({"IsBoolean": False}, "0", 0),
                ({"IsTimestamp": True}, "2026-01-01T00:00:00Z", 0),
                ({"IsPresent": True}, None, 0),
            ]
        )
    },
    "a variable is absent": (rule("$.z", IsPresent=False), {"x": 1}),
    "and": (choice({"And": [{"Variable": "$.x", "NumericGreaterThan": 0}, {"Variable": "$.x", "NumericLessThan": 9}]}), {"x": 5}),
    "or": (choice({"Or": [{"Variable": "$.x", "NumericEquals": 0}, {"Variable": "$.x", "NumericEquals": 9}]}), {"x": 9}),
    "not": (choice({"Not": {"Variable": "$.x", "NumericEquals": 0}}), {"x": 5}),
    "and of nots": (choice({"And": [{"Not": {"Variable": "$.y", "IsPresent": True}}, {"Variable": "$.x", "NumericEquals": 5}]}), {"x": 5}),
    "the first rule that holds": (
        chain(
            (
                "C",
                {
                    "Type": "Choice",
                    "Choices": [
                        {"Variable": "$.x", "NumericGreaterThan": 10, "Next": "Big"},
                        {"Variable": "$.x", "NumericGreaterThan": 1, "Next": "Some"},
                        {"Variable": "$.x", "NumericGreaterThan": 0, "Next": "Few"},
                    ],
                },
            ),
            ("Big", {"Type": "Pass", "Result": "big", "End": True}),
            ("Some", {"Type": "Pass", "Result": "some", "End": True}),
            ("Few", {"Type": "Pass", "Result": "few", "End": True}),
        ),
        {"x": 5},
    ),
    "a loop that counts": (
        chain(
            ("Count", {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}}),
            ("Enough", {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 5, "Next": "Count"}], "Default": "Done"}),
            ("Done", {"Type": "Succeed"}),
        ),
        {"n": 0},
    ),
    # Parallel.
    "parallel": (chain(("P", parallel(one(Result=1), one(Result=2), one()))), {"a": 1}),
    "parallel with parameters": (chain(("P", parallel(one(), one(OutputPath="$.n"), Parameters={"n.$": "$.x"}))), ORDER),
    "parallel with a selector": (chain(("P", parallel(one(Result=1), one(Result=2), ResultSelector={"first.$": "$[0]", "all.$": "$"}))), {}),
    "parallel with a result path": (chain(("P", parallel(one(Result=1), one(Result=2), ResultPath="$.both"))), {"a": 1}),
    "parallel in parallel": (chain(("P", parallel(chain(("Q", parallel(one(Result=1), one(Result=2)))), one(Result=3)))), {}),
    "a branch fails": (chain(("P", parallel(one(), chain(("F", FAIL))))), {}),
    "a branch fails and is caught": (chain(("P", parallel(one(), chain(("F", FAIL)), Catch=CATCH)), CAUGHT), {"a": 1}),
    "what is caught goes to a place": (
        chain(("P", parallel(chain(("F", FAIL)), Catch=[{"ErrorEquals": ["Custom"], "ResultPath": "$.error", "Next": "Caught"}])), CAUGHT),
        {"a": 1},
    ),
    "another error is not caught": (
        chain(("P", parallel(chain(("F", FAIL)), Catch=[{"ErrorEquals": ["Other"], "Next": "Caught"}])), CAUGHT),
        {"a": 1},
    ),
    "the second catcher catches": (
        chain(
            (
                "P",
                parallel(
                    chain(("F", FAIL)),
                    Catch=[{"ErrorEquals": ["Other"], "Next": "Wrong"}, {"ErrorEquals": ["States.TaskFailed", "Custom"], "Next": "Caught"}],
                ),
            ),
            ("Wrong", {"Type": "Fail"}),
            CAUGHT,
        ),
        {"a": 1},
    ),
    "retries are used up": (chain(("P", parallel(chain(("F", FAIL)), Retry=RETRY))), {}),
    "retried and then caught": (chain(("P", parallel(chain(("F", FAIL)), Retry=RETRY, Catch=CATCH)), CAUGHT), {"a": 1}),
    "no retry of another error": (
        chain(("P", parallel(chain(("F", FAIL)), Retry=[{"ErrorEquals": ["Other"], "MaxAttempts": 9}], Catch=CATCH)), CAUGHT),
        {"a": 1},
    ),
    # Map.
    "map": (chain(("M", mapped(one(OutputPath="$.n"), ItemsPath="$.items"))), ITEMS),
    "map of the input itself": (chain(("M", mapped(one()))), [1, "two", None]),
    "map of nothing": (chain(("M", mapped(one(), ItemsPath="$.items"))), {"items": []}),
    "map one at a time": (chain(("M", mapped(one(), ItemsPath="$.items", MaxConcurrency=1))), ITEMS),
    "map with a selector of items": (
        chain(
            (
                "M",
                mapped(
                    one(),
                    ItemsPath="$.items",
                    ItemSelector={"i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "k.$": "$.k"},
                ),
            )
        ),
        ITEMS,
    ),
    "map with a result path": (chain(("M", mapped(one(Result=0), ItemsPath="$.items", ResultPath="$.done"))), ITEMS),
    "map with a result selector": (
        chain(("M", mapped(one(OutputPath="$.n"), ItemsPath="$.items", ResultSelector={"ns.$": "$", "count.$": "States.ArrayLength($)"}))),
        ITEMS,
    ),
    "map in map": (chain(("M", mapped(chain(("N", mapped(one(Parameters={"v.$": "$"}))))))), [[1, 2], [], [3]]),
    "an iteration fails and is caught": (
        chain(
            (
                "M",
                mapped(
                    chain(
                        ("C", {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 2, "Next": "F"}], "Default": "S"}),
                        ("F", FAIL),
                        ("S", {"Type": "Succeed"}),
                    ),
                    ItemsPath="$.items",
                    Catch=CATCH,
                ),
            ),
            CAUGHT,
        ),
        ITEMS,
    ),
    "map in parallel": (
        chain(("P", parallel(chain(("M", mapped(one(OutputPath="$.n"), ItemsPath="$.items"))), one(Result="other")))),
        ITEMS,
    ),
    # Intrinsic functions.
    **{
        call: (intrinsic(call), {"s": "text", "n": 5, "list": [1, 2, 3, 4, 5, 3], "o": {"a": 1}, "p": {"b": 2}, "j": '{"q":[1]}'})
        for call in [
            "States.Format('Hello, {} and {}', $.s, $.n)",
            "States.Format('no holes')",
            "States.StringToJson($.j)",
            "States.JsonToString($.o)",
            "States.Array($.s, 2, null, 'x')",
            "States.Array()",
            "States.ArrayPartition($.list, 4)",
            "States.ArrayContains($.list, 5)",
            "States.ArrayContains($.list, 9)",
            "States.ArrayRange(1, 9, 2)",
            "States.ArrayRange(3, 1, -1)",
            "States.ArrayGetItem($.list, 2)",
            "States.ArrayLength($.list)",
            "States.ArrayUnique($.list)",
            "States.Base64Encode('data to encode')",
            "States.Base64Decode('ZGF0YQ==')",
            "States.Hash('input', 'SHA-1')",
            "States.Hash('input', 'MD5')",
            "States.Hash('input', 'SHA-256')",
            "States.Hash('input', 'SHA-512')",
            "States.JsonMerge($.o, $.p, false)",
            "States.MathAdd($.n, -7)",
            "States.StringSplit('1,2,3', ',')",
            "States.StringSplit('a.b-c', '.-')",
            "States.Format('{}', States.ArrayLength(States.ArrayRange(1, 5, 1)))",
        ]
    },
}
