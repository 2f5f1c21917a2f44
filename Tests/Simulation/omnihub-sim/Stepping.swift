import Journal
import Synchronization

/// Runs the jobs of Swift tasks when it is told to, in an order that is given.
final class SteppedExecutor: TaskExecutor {
    private let jobs = Mutex<[UnownedJob]>([])

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
    }

    var hasJobs: Bool { jobs.withLock { !$0.isEmpty } }

    func step(using random: inout SeededGenerator) {
        let job = jobs.withLock { jobs in
            jobs.isEmpty ? nil : jobs.remove(at: random.number(0...jobs.count - 1))
        }
        job?.runSynchronously(on: asUnownedTaskExecutor())
    }
}

/// Does work that may wait for the disk when it is told to.
final class SteppedWork: SerialWork {
    private let queue = Mutex<[@Sendable () -> Void]>([])

    func enqueue(_ work: @escaping @Sendable () -> Void) {
        queue.withLock { $0.append(work) }
    }

    func perform(_ work: () -> Void) {
        while hasWork { step() }
        work()
    }

    /// Nobody will do it any more: what it holds on to is let go.
    func discard() {
        queue.withLock { $0 = [] }
    }

    var hasWork: Bool { queue.withLock { !$0.isEmpty } }

    func step() {
        let work = queue.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        work?()
    }
}
