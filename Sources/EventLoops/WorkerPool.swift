import Dispatch
import Synchronization

/// Threads that do jobs, each the oldest there is: so many at once and no more.
///
/// The first begins with the pool, the others when there are jobs for them; they end with the pool,
/// after what was submitted. How many jobs may wait is for those who submit them to decide.
package final class WorkerPool: Sendable {
    package typealias Job = @Sendable () -> Void

    /// What the threads have in common; the pool itself is not kept by them.
    private final class Queue: Sendable {
        struct Contents {
            var jobs: [Job] = []
            var idle = 0
            var threads = 0
        }

        let contents = Mutex(Contents())
        let signal = DispatchSemaphore(value: 0)

        func work() {
            while true {
                contents.withLock { $0.idle += 1 }
                signal.wait()
                let job = contents.withLock { contents in
                    contents.idle -= 1
                    return contents.jobs.isEmpty ? nil : contents.jobs.removeFirst()
                }
                guard let job else { return }
                job()
            }
        }
    }

    private let name: String
    private let niceness: Int
    private let count: Int
    private let queue = Queue()

    /// - Parameters:
    ///   - name: Of each thread, for tools.
    ///   - count: Threads at most, at least one.
    ///   - niceness: 1 to 19 to get less of a busy processor than other threads.
    /// - Throws: When there can not be one thread.
    package init(name: String, count: Int, niceness: Int = 0) throws(SystemError) {
        self.name = name
        self.niceness = niceness
        self.count = max(1, count)
        try beginThread()
    }

    deinit {
        let threads = queue.contents.withLock { $0.threads }
        for _ in 0..<threads { queue.signal.signal() }
    }

    /// Has a job done, behind those that wait already.
    package func submit(_ job: @escaping Job) {
        let isShort = queue.contents.withLock { contents in
            contents.jobs.append(job)
            return contents.jobs.count > contents.idle && contents.threads < count
        }
        // Without another thread it only takes longer.
        if isShort { try? beginThread() }
        queue.signal.signal()
    }

    private func beginThread() throws(SystemError) {
        queue.contents.withLock { $0.threads += 1 }
        do throws(SystemError) {
            let queue = queue
            try WorkerThread(name: name, niceness: niceness) { queue.work() }.detach()
        } catch {
            queue.contents.withLock { $0.threads -= 1 }
            throw error
        }
    }
}
