import EventLoops

/// The threads that agents work on: so many at once and no more, each below the priority of what
/// serves clients, so that work which takes long holds up nobody but other work.
final class AgentThreads: TaskExecutor {
    private static let niceness = 10

    private let pool: WorkerPool

    /// - Parameter count: 0 for one on each processor.
    /// - Throws: When there can not be one thread.
    init(count: Int) throws(SystemError) {
        pool = try WorkerPool(
            name: "agents",
            count: count > 0 ? count : Processors.available,
            niceness: Self.niceness
        )
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // Whoever has a job here keeps the executor for as long as that takes.
        let executor = asUnownedTaskExecutor()
        pool.submit { job.runSynchronously(on: executor) }
    }
}
