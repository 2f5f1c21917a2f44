import Dispatch

/// Runs what waits for services on a thread of its own, so that neither a busy agent nor a loop is
/// in its way, nor it in theirs.
final class IntegrationExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "omnihub.integrations")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
