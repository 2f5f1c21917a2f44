import Dispatch

/// Does one piece of work after the other, where it may wait for the disk.
package protocol SerialWork: Sendable {
    /// Has `work` done some time, behind what was enqueued before.
    func enqueue(_ work: @escaping @Sendable () -> Void)

    /// Has `work` done behind all that was enqueued, and returns when it is.
    func perform(_ work: () -> Void)
}

/// Work on a thread of Dispatch.
package struct WorkQueue: SerialWork {
    private let queue: DispatchQueue

    /// `label` names the thread in tools.
    package init(_ label: String) {
        queue = DispatchQueue(label: label)
    }

    package func enqueue(_ work: @escaping @Sendable () -> Void) {
        queue.async(execute: work)
    }

    package func perform(_ work: () -> Void) {
        queue.sync(execute: work)
    }
}
