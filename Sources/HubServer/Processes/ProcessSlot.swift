import EventLoops
import Transport

/// A place for one process of an agent: the process that there is, or when the next is due.
///
/// It belongs to the thread of its ``ProcessLoop``.
final class ProcessSlot {
    enum Phase: Equatable {
        /// There is no process.
        case empty
        /// The process has not registered as a worker yet.
        case starting
        case working
        /// It was told to end.
        case ending
    }

    let index: Int
    let agent: ProcessAgentConfiguration
    var phase = Phase.empty
    var child: ChildProcess?
    /// Tells the messages for this process from those for an earlier one.
    var life: UInt64 = 0
    /// There should be a process.
    var isWanted = false
    /// Ends without a reason of ours are failures, and delay the next process.
    var failures = 0
    var endIsExpected = false
    /// Milliseconds of the monotonic clock, here and below.
    var bornAt: UInt64 = 0
    var restartAt: UInt64?
    /// When the process gets SIGTERM, and when it and all that it has begun are killed.
    var terminateAt: UInt64?
    var killAt: UInt64?

    var lease: UInt64?
    var leaseType: String?
    /// The request `worker.execute` was not answered yet.
    var mustAnswer = false

    /// A line that has not ended yet.
    var line: [UInt8] = []
    var errorLine: [UInt8] = []
    /// What the process has not read yet.
    var unsent: [UInt8] = []
    var sent = 0
    var watchesInput = false
    /// Commands that wait for the runtime.
    var pending = 0
    var bucket: TokenBucket
    var isReading = true

    init(index: Int, agent: ProcessAgentConfiguration, linesPerSecond: Int) {
        self.index = index
        self.agent = agent
        bucket = TokenBucket(rate: linesPerSecond, burst: linesPerSecond, now: 0)
    }

    /// Its session, as workers and the audit have it.
    var session: String { "process/\(agent.id)/\(index)/\(life)" }

    /// When something is to be done about it.
    var deadline: UInt64? {
        [restartAt, terminateAt, killAt].compactMap { $0 }.min()
    }

    /// Forgets the process that has ended.
    func clear() {
        phase = .empty
        terminateAt = nil
        killAt = nil
        lease = nil
        leaseType = nil
        mustAnswer = false
        line = []
        errorLine = []
        unsent = []
        sent = 0
        watchesInput = false
        pending = 0
        isReading = true
        endIsExpected = false
    }
}
