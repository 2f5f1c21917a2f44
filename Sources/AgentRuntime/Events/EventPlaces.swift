/// The places of an event in its channels, as numbers: names follow from the event.
struct EventPlaces: Equatable, Sendable {
    var topic: Change.Topic
    /// In `tasks`, `agents`, `system`, `audit`, `schedules` or `workflows`, or in a channel of clients.
    var offset: UInt64 = 0
    /// In `tasks.<id>`; 0 when it is not there.
    var taskOffset: UInt64 = 0
    /// In `workflows.<id>`; 0 when it is not there.
    var runOffset: UInt64 = 0
    /// In `agents.<id>`; 0 when it is not there.
    var agentOffset: UInt64 = 0

    /// The places with the names of the channels, in the order in which they are stored.
    func list(of event: Event) -> [RecordedEvent.Place] {
        guard let name = topic.channel ?? event.change.clientChannel else { return [] }
        var places = [RecordedEvent.Place(channel: name, offset: offset)]
        if taskOffset > 0, let id = event.taskID {
            places.append(.init(channel: "tasks." + id, offset: taskOffset))
        }
        if runOffset > 0, let id = event.runID {
            places.append(.init(channel: "workflows." + id, offset: runOffset))
        }
        if agentOffset > 0 {
            places.append(.init(channel: "agents." + event.agentID, offset: agentOffset))
        }
        return places
    }

    /// Whether the body of a record begins with these places, written as they are written.
    ///
    /// False also for ids that need escapes: then the names must be compared.
    func areWritten(in body: Span<UInt8>, of event: Event) -> Bool {
        var text = TextMatcher()
        guard text.match(#"{"positions":{"#, in: body) else { return false }
        if let name = topic.channel ?? event.change.clientChannel {
            guard text.match("\"", in: body), text.match(name, in: body),
                text.match("\":", in: body), text.match(offset, in: body)
            else { return false }
        }
        if taskOffset > 0 {
            guard let id = event.taskID, text.match(#","tasks."#, in: body),
                text.match(id, in: body), text.match("\":", in: body),
                text.match(taskOffset, in: body)
            else { return false }
        }
        if runOffset > 0 {
            guard let id = event.runID, text.match(#","workflows."#, in: body),
                text.match(id, in: body), text.match("\":", in: body),
                text.match(runOffset, in: body)
            else { return false }
        }
        if agentOffset > 0 {
            guard text.match(#","agents."#, in: body), text.match(event.agentID, in: body),
                text.match("\":", in: body), text.match(agentOffset, in: body)
            else { return false }
        }
        return text.match("}", in: body)
    }
}

extension Change.Topic {
    /// The channel of all events of this kind; `nil` when there is none.
    var channel: String? {
        switch self {
        case .task: "tasks"
        case .agent: "agents"
        case .system: "system"
        case .audit: "audit"
        case .schedule: "schedules"
        case .workflow: "workflows"
        case .client, .none: nil
        }
    }
}

/// Compares a text piece by piece with what it should be.
private struct TextMatcher {
    private var position = 0

    mutating func match(_ text: String, in bytes: Span<UInt8>) -> Bool {
        let utf8 = text.utf8
        guard bytes.count - position >= utf8.count else { return false }
        for byte in utf8 {
            guard bytes[position] == byte else { return false }
            position += 1
        }
        return true
    }

    mutating func match(_ number: UInt64, in bytes: Span<UInt8>) -> Bool {
        var value: UInt64 = 0
        let start = position
        while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 {
            let digit = UInt64(bytes[position] &- UInt8(ascii: "0"))
            // What overflows is no number that was ever written, and differs in its digits.
            value = value &* 10 &+ digit
            position += 1
        }
        return value == number && (1...20).contains(position - start)
    }
}
