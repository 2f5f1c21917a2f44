import AgentRuntime
import HubCore

extension EntryMark {
    /// What subscribers may choose an event by; its key is its task or run, else its agent.
    init(_ event: Event) {
        var mark = EventMark()
        mark.type = MarkHash.of(event.type.rawValue)
        mark.agent = MarkHash.of(event.agentID)
        mark.task = event.taskID.map(MarkHash.of) ?? 0
        mark.owner = event.change.ownerID.map(MarkHash.of) ?? 0
        mark.correlation = MarkHash.of(event.correlationID)
        mark.severity = EventMark.rank(event.severity.rawValue)
        let key = event.runID.map(MarkHash.of) ?? (event.taskID == nil ? mark.agent : mark.task)
        self.init(key: key, event: mark)
    }
}

extension EventMark {
    /// The place of a severity in their order; 0, the lowest, for what is none.
    static func rank(_ severity: String?) -> UInt8 {
        UInt8(Severity.allCases.firstIndex { $0.rawValue == severity } ?? 0)
    }
}
