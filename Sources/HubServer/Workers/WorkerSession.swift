import AgentRuntime

/// What a loop keeps of a session that is a worker.
struct WorkerSession: Sendable {
    /// Task types by lease, of what was sent and has not ended.
    var types: [UInt64: String] = [:]
    /// Leases whose `worker.execute` was not answered yet.
    var unanswered: Set<UInt64> = []
    /// What the connection could not take yet, in order.
    var waiting: [LeasedTask] = []

    /// Forgets a lease.
    ///
    /// - Returns: Whether its task was not sent yet.
    mutating func end(_ lease: UInt64) -> Bool {
        types[lease] = nil
        unanswered.remove(lease)
        let count = waiting.count
        waiting.removeAll { $0.leaseID == lease }
        return waiting.count < count
    }
}
