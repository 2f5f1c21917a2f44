import Identity
package import JSONRPC

/// Where tasks that the state holds no more are read.
package protocol PastTasks: Sendable {
    /// Reads a task, and calls back on any thread.
    ///
    /// - Returns: False when too much is being read already; nothing is called back then.
    func read(
        task id: String,
        completion: @escaping @Sendable (Result<PastTask, RPCError>) -> Void
    ) -> Bool
}

extension Command {
    /// The task that is read; `nil` for a command that reads none, or changes it.
    fileprivate var taskRead: String? {
        switch self {
        case .getTask(let id), .taskResult(let id), .waitTask(let id, _): id
        default: nil
        }
    }
}

extension Runtime {
    /// The handler of an answer that looks on disk for a task that the state does not hold.
    ///
    /// It does so also for one that is there and that the caller may not see, so that no time tells
    /// the two apart. What the caller may see is looked up when the task was read: a command can
    /// have waited for long, and have been answered so because the caller has lost the right.
    func lookingBack(
        for command: Command,
        caller: Caller,
        seeing rules: AccessRules?,
        _ reply: @escaping @Sendable (Result<Reply, RPCError>) -> Void
    ) -> @Sendable (Result<Reply, RPCError>) -> Void {
        guard let pastTasks, let id = command.taskRead, UUIDv7.milliseconds(of: id) != nil else {
            return reply
        }
        let currentRules = currentRules
        return { result in
            guard case .failure(let error) = result, error.code == .notFound else {
                return reply(result)
            }
            let isAccepted = pastTasks.read(task: id) { past in
                var rules = rules
                if let principal = caller.principal, let currentRules {
                    guard let current = currentRules(principal) else {
                        return reply(.failure(error))
                    }
                    rules = current
                }
                reply(
                    past.flatMap { [rules] in
                        command.answer(with: $0, seeing: rules, otherwise: error)
                    }
                )
            }
            if !isAccepted {
                let error = RPCError.busy(
                    "too many reads of the past wait",
                    retryAfter: .milliseconds(500)
                )
                reply(.failure(error))
            }
        }
    }
}

extension Command {
    fileprivate func answer(
        with past: PastTask,
        seeing rules: AccessRules?,
        otherwise error: RPCError
    ) -> Result<Reply, RPCError> {
        guard case .found(let record) = past,
            rules?.sees(taskOf: record.definition.agentID) ?? true
        else { return .failure(error) }
        if case .taskResult = self { return .success(Reply(result: record.encodedResult())) }
        return .success(Reply(result: record.encoded()))
    }
}

extension TaskRecord {
    /// What `tasks.result` answers: `{id, status, result?, error?}`.
    func encodedResult() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", id)
        writer.member("status", status.rawValue)
        if let result { writer.member("result", raw: result.bytes) }
        if let error { writer.member("error", error.json) }
        writer.endObject()
        return writer.takeBytes()
    }
}
