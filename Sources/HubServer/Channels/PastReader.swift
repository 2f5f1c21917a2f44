import AgentRuntime
import Dispatch
import HubCore
import JSONRPC
import Journal
import Synchronization

/// Reads what the runtime's channels no longer hold in memory, off the loops.
///
/// So many reads at a time, so many waiting; each answers at most what its query says and looks at
/// a bounded part of the journal.
final class PastReader: Sendable {
    struct Figures: Sendable {
        var reads: UInt64 = 0
        var failures: UInt64 = 0
        var scannedBytes: UInt64 = 0
        /// Reads that are under way or wait.
        var pending = 0
    }

    typealias Completion = @Sendable (Result<PastEvents, RPCError>) -> Void

    private enum Job {
        case channel(
            HistoryQuery,
            filter: EventFilter?,
            accepts: (@Sendable (Event) -> Bool)?,
            Completion
        )
        case task(String, @Sendable (Result<PastTask, RPCError>) -> Void)
    }

    private struct State {
        var running = 0
        /// The oldest last.
        var waiting: [Job] = []
        var figures = Figures()
    }

    /// In nanoseconds.
    private static let timeStep: UInt64 = 20_000_000

    private let history: EventHistory
    private let limits: HubConfiguration.History
    private let logger: Logger
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "omnihub.history", attributes: .concurrent)
    private let work: (any SerialWork)?

    /// - Parameters:
    ///   - history: What is on disk.
    ///   - limits: How much may be read at a time.
    ///   - logger: Is told of damage.
    ///   - work: Where to read; `nil` for threads of its own.
    init(
        _ history: EventHistory,
        limits: HubConfiguration.History,
        logger: Logger,
        work: (any SerialWork)? = nil
    ) {
        self.history = history
        self.limits = limits
        self.logger = logger
        self.work = work
    }

    var figures: Figures {
        state.withLock { state in
            var figures = state.figures
            figures.pending = state.running + state.waiting.count
            return figures
        }
    }

    /// Reads `query` on another thread, and calls back there.
    ///
    /// A filter says which events are wanted, or in its place `accepts` does. The answer is `false` when too many reads wait; nothing
    /// is called back then.
    func read(
        _ query: HistoryQuery,
        filter: EventFilter? = nil,
        accepts: (@Sendable (Event) -> Bool)? = nil,
        completion: @escaping Completion
    ) -> Bool {
        begin(.channel(query, filter: filter, accepts: accepts, completion))
    }

    /// Has a job done, now or later; false when too many wait.
    private func begin(_ job: Job) -> Bool {
        let mustBegin: Bool? = state.withLock { state in
            if state.running < limits.maxReads {
                state.running += 1
                return true
            }
            guard state.waiting.count < limits.maxQueuedReads else { return nil }
            state.waiting.insert(job, at: 0)
            return false
        }
        guard let mustBegin else { return false }
        guard mustBegin else { return true }
        if let work {
            work.enqueue { [self] in perform(jobsFrom: job) }
        } else {
            queue.async { [self] in perform(jobsFrom: job) }
        }
        return true
    }

    /// Performs jobs until none waits.
    private func perform(jobsFrom first: Job) {
        var job = first
        while true {
            perform(job)
            let next = state.withLock { state in
                let next = state.waiting.popLast()
                if next == nil { state.running -= 1 }
                return next
            }
            guard let next else { return }
            job = next
        }
    }

    private func perform(_ job: Job) {
        switch job {
        case .channel(let query, let filter, let accepts, let completion):
            let accepts: ((Event) -> Bool)? =
                accepts
                ?? filter.map { filter in
                    { event in EntryMark(event).event.map(filter.accepts) ?? false }
                }
            let result = counted("the past of channel \(query.channel)") { scanned in
                try history.read(
                    query,
                    scanLimit: limits.scanBytes,
                    accepts: accepts,
                    scanned: scanned
                )
            }
            completion(result)
        case .task(let id, let completion):
            let start = DispatchTime.now()
            let result = counted("task \(id)") { scanned in
                try history.task(id, scanLimit: limits.scanBytes, scanned: scanned)
            }
            guard work == nil else { return completion(result) }
            // A task that is there takes longer to read than one that is not: whole steps of time do
            // not tell whoever may not see it.
            let elapsed = DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds
            let steps = elapsed / Self.timeStep + 1
            let end = DispatchTime(
                uptimeNanoseconds: start.uptimeNanoseconds + steps * Self.timeStep
            )
            queue.asyncAfter(deadline: end) { completion(result) }
        }
    }

    /// Reads something and counts it.
    private func counted<Found>(
        _ what: String,
        _ read: ((Int) -> Void) throws -> Found
    ) -> Result<Found, RPCError> {
        var scanned = 0
        var result: Result<Found, RPCError>
        do {
            result = .success(try read { scanned = $0 })
        } catch {
            logger.error("\(what) cannot be read: \(error)")
            result = .failure(.storageUnavailable("the past cannot be read"))
        }
        state.withLock { state in
            state.figures.reads += 1
            state.figures.scannedBytes += UInt64(scanned)
            if case .failure = result { state.figures.failures += 1 }
        }
        return result
    }
}

extension PastReader: PastTasks {
    func read(
        task id: String,
        completion: @escaping @Sendable (Result<PastTask, RPCError>) -> Void
    ) -> Bool {
        begin(.task(id, completion))
    }
}
