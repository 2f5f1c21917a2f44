import EventLoops
import Synchronization

/// Threads on which passwords are hashed: away from the loops and the runtime, so many at once and
/// no more, each below the priority of everything else.
final class PasswordWorkers: Sendable {
    struct Figures: Sendable {
        var jobs: UInt64 = 0
        var refused: UInt64 = 0
        var waiting = 0
        var seconds = 0.0
    }

    private struct Contents {
        /// Jobs that no thread has begun.
        var waiting = 0
        var figures = Figures()
    }

    private static let niceness = 10

    private let count: Int
    private let maximumWaiting: Int
    private let contents = Mutex(Contents())
    private let pool: WorkerPool

    init(count: Int, maximumWaiting: Int) throws(SystemError) {
        self.count = count
        self.maximumWaiting = maximumWaiting
        pool = try WorkerPool(name: "passwords", count: count, niceness: Self.niceness)
    }

    var figures: Figures {
        contents.withLock { contents in
            var figures = contents.figures
            figures.waiting = contents.waiting
            return figures
        }
    }

    /// Whether one more would be accepted.
    var hasRoom: Bool { contents.withLock { $0.waiting < maximumWaiting } }

    /// In how long those that wait will have been done, as it has gone so far: a second at least.
    var patience: Duration {
        contents.withLock { contents in
            let each = contents.figures.seconds / Double(max(1, contents.figures.jobs))
            let seconds = each * Double(contents.waiting) / Double(count)
            return .seconds(min(max(1, seconds.rounded(.up)), 60))
        }
    }

    /// Has a job done, unless too many are waiting.
    func submit(_ job: @escaping @Sendable () -> Void) -> Bool {
        let isAccepted = contents.withLock { contents in
            guard contents.waiting < maximumWaiting else {
                contents.figures.refused += 1
                return false
            }
            contents.waiting += 1
            return true
        }
        if isAccepted { pool.submit { [self] in perform(job) } }
        return isAccepted
    }

    private func perform(_ job: () -> Void) {
        contents.withLock { $0.waiting -= 1 }
        let start = MonotonicClock.nanoseconds
        job()
        let seconds = Double(MonotonicClock.nanoseconds - start) / 1e9
        contents.withLock { contents in
            contents.figures.jobs += 1
            contents.figures.seconds += seconds
        }
    }
}
