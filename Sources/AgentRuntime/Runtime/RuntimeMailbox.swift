import Journal
import JSONRPC
import Synchronization

typealias ReplyHandler = @Sendable (Result<Reply, RPCError>) -> Void

/// What reaches the runtime's thread.
enum RuntimeMessage: Sendable {
    /// The order's ticket is given by the thread.
    case order(Order, ReplyHandler)
    case report(AgentReport)
    /// An attempt has progress to tell; the context knows the newest.
    case progress(AttemptContext)
    /// What became of something that a worker was sent, or of workers.
    case worker(WorkerReport)
    case snapshotEnded(sequence: UInt64, failure: String?)
    /// Old records are to be removed for good.
    case trim(AuditTrim)
    case metrics(@Sendable (RuntimeMetrics) -> Void)
    /// Gives the ends of the audit chain once they are durable.
    case auditChain(@Sendable (AuditChain) -> Void)
    /// Attempts were denied and are to be recorded when it is time.
    case denials
    case announceStop
    case stop(grace: Duration, completion: @Sendable () -> Void)
    case agentQuit

    /// What handling it may add to the journal, roughly and rather more.
    var cost: Int {
        switch self {
        case .order(let order, _): order.cost
        case .report(.ended(_, .completed(let result))): result.bytes.count + 5120
        case .report(.output(_, let text)): text.bytes.count + 1024
        case .report, .progress, .agentQuit: 4096
        // The loss of a worker is the loss of all that it had.
        case .worker: 64 << 10
        case .snapshotEnded, .trim, .metrics, .announceStop, .stop,
            .denials, .auditChain:
            1024
        }
    }
}

extension Order {
    var cost: Int {
        if case .success(let draft) = draft { return draft.payload.bytes.count + 5120 }
        if case .schedule(.create(let draft)) = command { return draft.cost + 8192 }
        if case .workflow(let command) = command { return command.cost }
        if case .configureAgent(_, let changes) = command {
            return JSONValue.object(changes).encoded().count + 4096
        }
        // A publication is copied into the event, and the event into the journal.
        if case .publish(let draft) = command { return draft.data.bytes.count + 4096 }
        if case .worker(let command) = command { return command.cost }
        return 4096
    }
}

/// Carries messages from any thread to the runtime's; the array is swapped whole.
final class RuntimeMailbox: Sendable {
    struct Delivery {
        /// Of the batch that was being made durable.
        var commit: Result<Void, StorageError>?
        var messages: [RuntimeMessage] = []

        var isEmpty: Bool { commit == nil && messages.isEmpty }
    }

    private struct Contents {
        var delivery = Delivery()
        var orders = 0
        var orderBytes = 0
        var readerSleeps = false
        var isClosed = false

        mutating func wakes() -> Bool {
            defer { readerSleeps = false }
            return readerSleeps
        }
    }

    private let contents = Mutex(Contents())
    private let wakeUp = MonotonicSemaphore()
    private let maximumOrders: Int
    private let maximumBytes: Int

    init(maximumOrders: Int, maximumBytes: Int) {
        self.maximumOrders = maximumOrders
        self.maximumBytes = maximumBytes
    }

    /// Adds what is bounded by itself: reports of attempts, answers to the runtime's own requests.
    func post(_ message: RuntimeMessage) {
        let mustWake = contents.withLock { contents in
            contents.delivery.messages.append(message)
            return contents.wakes()
        }
        if mustWake { wakeUp.signal() }
    }

    /// Adds a command; false when too many wait, or the runtime has ended.
    func offer(_ order: Order, _ reply: @escaping ReplyHandler) -> Bool {
        let cost = order.cost
        let (isAccepted, mustWake) = contents.withLock { contents in
            guard !contents.isClosed, contents.orders < maximumOrders,
                contents.orderBytes + cost <= maximumBytes
            else { return (false, false) }
            contents.orders += 1
            contents.orderBytes += cost
            contents.delivery.messages.append(.order(order, reply))
            return (true, contents.wakes())
        }
        if mustWake { wakeUp.signal() }
        return isAccepted
    }

    func post(commit: Result<Void, StorageError>) {
        let mustWake = contents.withLock { contents in
            contents.delivery.commit = commit
            return contents.wakes()
        }
        if mustWake { wakeUp.signal() }
    }

    /// Waits for something to do, for at most `timeout`; only the runtime's thread may call it.
    ///
    /// With `commitOnly`, messages stay where they are, so that their bound is felt.
    func take(commitOnly: Bool, timeout: Duration?) -> Delivery {
        let first = takeNow(commitOnly: commitOnly, sleepsIfEmpty: timeout != .zero)
        if !first.isEmpty || timeout == .zero { return first }
        if let timeout {
            let nanoseconds = min(timeout, .seconds(3600)).nanoseconds
            wakeUp.wait(nanoseconds: nanoseconds)
        } else {
            wakeUp.wait()
        }
        return takeNow(commitOnly: commitOnly, sleepsIfEmpty: false)
    }

    /// Whether ``take(commitOnly:timeout:)`` would find something.
    func hasSomething(commitOnly: Bool) -> Bool {
        contents.withLock { contents in
            contents.delivery.commit != nil || !commitOnly && !contents.delivery.messages.isEmpty
        }
    }

    /// Refuses orders from now on, and takes those that came before.
    func close() -> [RuntimeMessage] {
        contents.withLock { contents in
            contents.isClosed = true
            defer { contents.delivery.messages = [] }
            return contents.delivery.messages
        }
    }

    private func takeNow(commitOnly: Bool, sleepsIfEmpty: Bool) -> Delivery {
        contents.withLock { contents in
            var taken = Delivery(commit: contents.delivery.commit)
            contents.delivery.commit = nil
            if !commitOnly {
                swap(&taken.messages, &contents.delivery.messages)
                contents.orders = 0
                contents.orderBytes = 0
            }
            contents.readerSleeps = sleepsIfEmpty && taken.isEmpty
            return taken
        }
    }
}

extension Duration {
    /// Rounded up, so that a timer never fires early; not negative.
    fileprivate var nanoseconds: Int {
        let (seconds, attoseconds) = components
        return max(
            0,
            Int(seconds) * 1_000_000_000 + Int((attoseconds + 999_999_999) / 1_000_000_000)
        )
    }
}
