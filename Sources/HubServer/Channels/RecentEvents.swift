import AgentRuntime

/// The newest events of the runtime, from which the channel of a single task is made when
/// somebody asks for it: a log for every task would cost too much.
struct RecentEvents {
    private var events: [RecordedEvent] = []
    private var oldest = 0
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = max(capacity, 1)
    }

    mutating func append(_ event: RecordedEvent) {
        if events.count < capacity {
            events.append(event)
        } else {
            events[oldest] = event
            oldest = (oldest + 1) % capacity
        }
    }

    /// What is kept of a channel, oldest first, with its offsets.
    func events(of channel: String) -> [(offset: UInt64, event: RecordedEvent)] {
        var found: [(offset: UInt64, event: RecordedEvent)] = []
        for event in events[oldest...] + events[..<oldest] {
            for place in event.positions where place.channel == channel {
                found.append((place.offset, event))
            }
        }
        return found
    }
}
