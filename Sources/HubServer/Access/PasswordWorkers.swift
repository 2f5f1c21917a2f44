import Dispatch
import EventLoops
import Synchronization

/// Threads on which passwords are hashed: away from the loops and the runtime, so many at once and
/// no more, each below the priority of everything else.
///
/// They begin with the first job.
final class PasswordWorkers: Sendable {
    struct Figures: Sendable {
        var jobs: UInt64 = 0
        var refused: UInt64 = 0
        var waiting = 0
        var seconds = 0.0
    }

    private struct Contents {
        var jobs: [@Sendable () -> Void] = []
        var threads = 0
        var figures = Figures()
    }

    private static let niceness = 10

    private let count: Int
    private let maximumWaiting: Int
    private let contents = Mutex(Contents())
    private let signal = DispatchSemaphore(value: 0)

    init(count: Int, maximumWaiting: Int) {
        self.count = count
        self.maximumWaiting = maximumWaiting
    }

    var figures: Figures {
        contents.withLock { contents in
            var figures = contents.figures
            figures.waiting = contents.jobs.count
            return figures
        }
    }

    /// Whether one more would be accepted.
    var hasRoom: Bool { contents.withLock { $0.jobs.count < maximumWaiting } }

    /// In how long those that wait will have been done, as it has gone so far: a second at least.
    var patience: Duration {
        contents.withLock { contents in
            let each = contents.figures.seconds / Double(max(1, contents.figures.jobs))
            let seconds = each * Double(contents.jobs.count) / Double(max(1, contents.threads))
            return .seconds(min(max(1, seconds.rounded(.up)), 60))
        }
    }

    /// Has a job done, unless too many are waiting.
    func submit(_ job: @escaping @Sendable () -> Void) -> Bool {
        let isAccepted = contents.withLock { contents in
            if contents.jobs.count >= maximumWaiting || !beginThread(&contents) {
                contents.figures.refused += 1
                return false
            }
            contents.jobs.append(job)
            return true
        }
        if isAccepted { signal.signal() }
        return isAccepted
    }

    /// Begins one more thread where there may be more.
    ///
    /// - Returns: Whether there is any.
    private func beginThread(_ contents: inout Contents) -> Bool {
        guard contents.threads < count else { return true }
        do {
            _ = try WorkerThread(name: "passwords", niceness: Self.niceness) { [self] in work() }
            contents.threads += 1
        } catch {
            return contents.threads > 0
        }
        return true
    }

    private func work() {
        while true {
            signal.wait()
            let job = contents.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
            let start = MonotonicClock.nanoseconds
            job?()
            let seconds = Double(MonotonicClock.nanoseconds - start) / 1e9
            contents.withLock { contents in
                contents.figures.jobs += 1
                contents.figures.seconds += seconds
            }
        }
    }
}
