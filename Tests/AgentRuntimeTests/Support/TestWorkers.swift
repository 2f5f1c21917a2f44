import Identity
import JSONRPC

@testable import AgentRuntime

extension CoreHarness {
    /// A hub without agents of its own, to which a worker has brought `remote.work` (which may be
    /// retried) and `remote.once` (which may not).
    static func remote(
        configuration: RuntimeConfiguration = RuntimeConfiguration(),
        concurrency: Int = 1
    ) throws -> (hub: CoreHarness, workerID: String) {
        var hub = try CoreHarness(agents: ["worker"], configuration: configuration)
        let workerID = try hub.register(session: "one", concurrency: concurrency)
        hub.finishStarts()
        return (hub, workerID)
    }

    static func remoteTypes() -> [JSONValue] {
        let schema: JSONValue = ["type": "object", "required": ["n"]]
        return [
            ["name": "remote.work", "payloadSchema": schema],
            ["name": "remote.once", "payloadSchema": schema, "retryable": false],
        ]
    }

    static func remoteDefinition() throws(RPCError) -> ProvidedAgent {
        try ProvidedAgent(type: "remote", name: "Remote", taskTypes: remoteTypes())
    }

    mutating func register(session: String, concurrency: Int = 1) throws(RPCError) -> String {
        let offer = WorkerOffer(
            target: .type("remote"),
            concurrency: concurrency,
            definition: try Self.remoteDefinition()
        )
        let answer = try call(.worker(.register(offer, WorkerLink { _ in })), session: session)
        return answer["workerId"]?.stringValue ?? ""
    }

    /// The tasks that workers were told to execute, and forgets all that they were told.
    mutating func takeExecutions() -> [LeasedTask] {
        defer { told = [] }
        return told.compactMap { told in
            if case .execute(let task) = told.message { task } else { nil }
        }
    }

    /// The tasks that workers were told to cancel, and forgets all that they were told.
    mutating func takeCancels() -> [(lease: UInt64, reason: LeaseEnd)] {
        defer { told = [] }
        return told.compactMap { told in
            if case .cancel(let lease, _, let reason) = told.message {
                (lease, reason)
            } else {
                nil
            }
        }
    }

    mutating func accept(_ task: LeasedTask, session: String = "one") {
        report(.accepted(leaseID: task.leaseID, sessionID: session))
    }

    mutating func call(
        _ command: WorkerCommand,
        session: String = "one"
    ) throws(RPCError) -> JSONValue {
        try call(.worker(command), session: session)
    }

    /// The code of the error that a command is answered with.
    mutating func code(of command: WorkerCommand, session: String = "one") -> ErrorCode? {
        let ticket = submit(.worker(command), session: session)
        return error(of: ticket)?.code
    }

    func count(_ type: EventType) -> Int { recorded.count { $0.event.type == type } }
}
