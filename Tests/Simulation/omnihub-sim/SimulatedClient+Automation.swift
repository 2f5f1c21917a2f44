import JSONRPC

// Workflows and schedules that a client makes, starts and ends by chance.
extension SimulatedClient {
    private static let workflows = ["steps", "after-death"]

    func automate() {
        if ledger.runIDs.isEmpty, random.chance(0.5) { return define() }
        switch random.number(0...9) {
        case 0..<2: define()
        case 2..<7:
            let name = random.pick(Self.workflows) ?? ""
            request(Request("workflows.start", ["name": .string(name)], key: makeKey()))
        case 7:
            guard let id = random.pick(ledger.runIDs) else { return }
            request(Request("workflows.cancel", ["id": .string(id)], key: makeKey()))
        case 8: schedule()
        default:
            guard let id = random.pick(ledger.openSchedules) else { return }
            let method = random.pick(["schedules.pause", "schedules.resume", "schedules.delete"])
            request(Request(method ?? "", ["id": .string(id)], key: makeKey()))
        }
    }

    /// A run does no step twice: the payload of each step's task is one of its own, and the ledger
    /// sees to it that no two tasks have the same.
    private func define() {
        let name = random.pick(Self.workflows) ?? ""
        var params: JSONObject = ["name": .string(name), "definition": Self.machine]
        if name == "after-death" {
            params["triggers"] = [["filter": ["types": ["task.dead", "workflow.failed"]]]]
        }
        request(Request("workflows.define", params, key: makeKey()))
    }

    private static let machine: JSONValue = [
        "StartAt": "First",
        "States": [
            "First": task(of: "alpha", named: "First", next: "Pause"),
            "Pause": ["Type": "Wait", "Seconds": 1, "Next": "Both"],
            "Both": [
                "Type": "Parallel", "ResultPath": .null, "Next": "Last",
                "Catch": [["ErrorEquals": ["States.ALL"], "ResultPath": .null, "Next": "Last"]],
                "Branches": [
                    ["StartAt": "Left", "States": ["Left": task(of: "alpha", named: "Left")]],
                    ["StartAt": "Right", "States": ["Right": task(of: "beta", named: "Right")]],
                ],
            ],
            "Last": task(of: "beta", named: "Last"),
        ],
    ]

    private static func task(
        of agent: String,
        named name: String,
        next: String? = nil
    ) -> JSONValue {
        var state: JSONObject = [
            "Type": "Task", "Resource": .string("agent:\(agent)/\(agent).work"),
            "Parameters": [
                "marker.$": .string("States.Format('{}/\(name)', $$.Execution.Id)")
            ],
            "ResultPath": .null,
        ]
        if let next {
            state["Next"] = .string(next)
            state["Catch"] = [
                ["ErrorEquals": ["States.ALL"], "ResultPath": .null, "Next": .string(next)]
            ]
        } else {
            state["End"] = true
        }
        return .object(state)
    }

    private func schedule() {
        guard ledger.openSchedules.count < 3 else { return }
        let agent = random.pick(SimulatedAgent.identities) ?? ""
        let task: JSONValue = [
            "type": .string("\(agent).work"),
            "payload": ["marker": .string(Ledger.scheduledMarker)], "maxAttempts": 1,
        ]
        request(
            Request(
                "schedules.create",
                [
                    "cron": .string("*/\(random.number(1...30)) * * * * *"), "task": task,
                    "overlap": .string(random.pick(["skip", "queue", "replace"]) ?? ""),
                    "catchUp": .string(random.pick(["none", "one", "all"]) ?? ""),
                    "maxCatchUp": 3,
                ],
                key: makeKey()
            )
        )
    }
}
