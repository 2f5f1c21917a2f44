extension RuntimeCore {
    /// Lets a change happen to a task; without a `cause`, the event before it that moved the task is
    /// its cause.
    mutating func emitTask(
        _ change: Change,
        of definition: TaskDefinition,
        source: String = "runtime",
        cause: String? = nil,
        keys: [IdempotencyKey] = []
    ) {
        emit(
            Event(
                id: UUIDv7.make(at: now.wall, using: &random),
                sequence: state.sequence + 1,
                agentID: definition.agentID,
                timestamp: now.wall,
                source: source,
                severity: change.severity,
                correlationID: definition.correlationID,
                causationID: cause ?? state.tasks[definition.id]?.lastEventID,
                taskID: definition.id,
                change: change
            ),
            keys: keys
        )
    }

    mutating func emitAgent(_ change: Change, of agentID: String, keys: [IdempotencyKey] = []) {
        let id = UUIDv7.make(at: now.wall, using: &random)
        emit(
            Event(
                id: id,
                sequence: state.sequence + 1,
                agentID: agentID,
                timestamp: now.wall,
                source: "runtime",
                severity: change.severity,
                correlationID: id,
                change: change
            ),
            keys: keys
        )
    }

    mutating func emitSystem(_ change: Change) {
        emitAgent(change, of: "system")
    }

    /// Lets `event` happen; `data` is the event's, for one who has written it already.
    mutating func emit(_ event: Event, data: [UInt8]? = nil, keys: [IdempotencyKey] = []) {
        let json = event.encoded(data: data)
        let logged = LoggedEvent(event: event, json: json, idempotencyKeys: keys)
        let places = state.apply(logged)
        if case .identity = event.change { mustRecheckWorkers = true }
        let recorded = RecordedEvent(event: event, json: json, positions: places)
        output.events.append((recorded, keys))
        considerTriggers(recorded)
        snapshots.eventsSince += 1
        snapshots.bytesSince += recorded.json.count
        statistics.events += 1
    }
}
