import HubCore
import Identity

/// Names a command of a user, so that a repetition of it gets the same answer.
package struct IdempotencyKey: Hashable, Sendable {
    package var userID: String
    /// The same key for another method is another key.
    package var method: String
    package var key: String

    package init(userID: String, method: String, key: String) {
        self.userID = userID
        self.method = method
        self.key = key
    }
}

/// What a command was answered with: the object as it was right after the command.
enum RememberedAnswer: Equatable, Sendable {
    case task(TaskRecord)
    case agent(AgentRecord)
    case user(UserRecord)
    case schedule(ScheduleRecord)
    /// Any other, as it was shown.
    case object(JSONText)
    /// Of a publication.
    case position(StreamPosition)
    case report(ReportRecord)
    case nothing

    var cost: Int {
        switch self {
        case .task(let record): record.cost
        case .agent, .user: 600
        case .schedule(let record): record.cost
        case .object(let text): 100 + text.bytes.count
        case .position: 150
        case .report(let record): record.cost
        case .nothing: 100
        }
    }
}

/// The answers that repeated commands get again.
struct AnswerTable: Equatable, Sendable {
    struct Entry: Equatable, Sendable {
        var answer: RememberedAnswer
        var time: Timestamp
        /// Of the event that caused the answer.
        var sequence: UInt64
    }

    private(set) var entries = ShardedTable<IdempotencyKey, Entry>()
    private var order = FIFO<(key: IdempotencyKey, sequence: UInt64, time: Timestamp)>()
    private var bytes = 0

    subscript(key: IdempotencyKey) -> RememberedAnswer? { entries[key]?.answer }

    /// The oldest first.
    func inOrder() -> [(key: IdempotencyKey, entry: Entry)] {
        entries.entries.map { ($0.key, $0.value) }.sorted { $0.1.sequence < $1.1.sequence }
    }

    /// Keeps the first answer of a key.
    mutating func remember(_ entry: Entry, for key: IdempotencyKey) {
        guard entries[key] == nil else { return }
        entries[key] = entry
        order.append((key, entry.sequence, entry.time))
        bytes += entry.answer.cost
    }

    /// Forgets what is too old at `now` and the oldest of what is too much.
    mutating func prune(at now: Timestamp, retention: Retention) {
        let horizon = now.advanced(byMilliseconds: -retention.answersMs)
        while let first = order.first,
            first.time < horizon || entries.count > retention.maximumAnswers
                || bytes > retention.maximumBytes
        {
            _ = order.popFirst()
            bytes -= entries[first.key]?.answer.cost ?? 0
            entries[first.key] = nil
        }
    }

    static func == (one: AnswerTable, other: AnswerTable) -> Bool { one.entries == other.entries }
}
