import JSONRPC

// A client that is a worker: it takes tasks of an agent that the hub has as well, and ends them,
// fails, falls silent or goes away as the seed has it.
extension SimulatedClient {
    /// An attempt that the hub has lent out to it.
    struct Lease {
        var id: String
        var due: UInt64
    }

    /// When it has something to say of an attempt.
    var nextReport: UInt64 { leases.map(\.due).min() ?? .max }

    /// Registers, if it is a worker.
    func register(at now: UInt64, after delay: UInt64 = 0) {
        guard let agent = worksFor else { return }
        let registration = Request(
            "workers.register",
            ["agentId": .string(agent), "concurrency": .integer(random.number(1...3))],
            kind: .registration
        )
        registration.notBefore = now + delay
        request(registration)
    }

    /// Takes a `worker.execute`.
    ///
    /// - Returns: The answer; `nil` for none, as of one that is deaf.
    func execute(_ params: JSONValue, id: JSONValue, at now: UInt64) -> [UInt8]? {
        guard let lease = params["leaseId"]?.stringValue, let task = params["task"],
            let taskID = task["id"]?.stringValue
        else {
            ledger.fail("\(name): to execute what? \(params)")
            return nil
        }
        ledger.lend(lease, task: taskID)
        let choice = isCalm ? 0 : random.number(0...99)
        if choice >= 97 { return nil }
        if choice >= 94 {
            let error: JSONValue = ["code": -32000, "message": "not now"]
            let answer: JSONValue = ["jsonrpc": "2.0", "id": id, "error": error]
            return answer.encoded()
        }
        leases.append(Lease(id: lease, due: now + reportDelay()))
        let answer: JSONValue = ["jsonrpc": "2.0", "id": id, "result": [:]]
        return answer.encoded()
    }

    private func reportDelay() -> UInt64 {
        if isCalm { return random.time(0...2_000_000) }
        return random.time(0...(random.chance(0.2) ? 3_000_000_000 : 60_000_000))
    }

    /// Says what is due of the attempts that it has.
    func report(at now: UInt64) {
        for index in leases.indices.reversed() where leases[index].due <= now {
            let lease = leases[index].id
            let choice = isCalm ? 0 : random.number(0...99)
            switch choice {
            case 0..<55:
                leases.remove(at: index)
                complete(lease)
            case 55..<70:
                leases.remove(at: index)
                fail(lease)
            case 70..<80:
                leases[index].due = now + reportDelay()
                say("tasks.heartbeat", of: lease)
            case 80..<92:
                leases[index].due = now + reportDelay()
                say("tasks.progress", of: lease, ["progress": .integer(random.number(0...100))])
            default:
                // Nothing more is heard of it.
                leases.remove(at: index)
            }
        }
    }

    private func complete(_ lease: String) {
        say("tasks.complete", of: lease, ["result": ["lease": .string(lease)]])
        // Whoever has lost the answer may say it again, and it counts once.
        if random.chance(0.2) {
            say("tasks.complete", of: lease, ["result": ["lease": .string(lease)]])
        }
    }

    private func fail(_ lease: String) {
        let error: JSONValue = [
            "code": "SIMULATED", "message": "failed", "retryable": .bool(random.chance(0.7)),
        ]
        say("tasks.fail", of: lease, ["error": error])
    }

    private func say(_ method: String, of lease: String, _ more: JSONObject = [:]) {
        var params = more
        params["leaseId"] = .string(lease)
        request(Request(method, params, lease: lease))
    }

    /// Takes a `worker.cancel`.
    func cancelled(_ params: JSONValue) {
        guard let lease = params["leaseId"]?.stringValue,
            let index = leases.firstIndex(where: { $0.id == lease })
        else { return }
        // One in four does not hear of it.
        guard isCalm || random.chance(0.75) else { return }
        leases.remove(at: index)
        if params["reason"] == "cancelled" { fail(lease) }
    }

    /// Takes a `worker.dismissed`.
    func dismissed(at now: UInt64) {
        leases = []
        if !isCalm { register(at: now, after: random.time(0...2_000_000_000)) }
    }
}
