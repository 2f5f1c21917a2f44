import CLinux
import Glibc

/// Wakes a loop that sleeps in its poller; any thread may call ``signal()``.
@usableFromInline
package final class Wakeup: Sendable {
    private let event: FileDescriptor

    package init() throws(SystemError) {
        let descriptor = eventfd(0, CInt(EFD_NONBLOCK | EFD_CLOEXEC))
        guard descriptor >= 0 else { throw .last("eventfd") }
        event = FileDescriptor(adopting: descriptor)
    }

    /// For the poller; readable after a signal.
    package var descriptor: CInt { event.rawValue }

    @usableFromInline
    package func signal() {
        _ = eventfd_write(event.rawValue, 1)
    }

    /// Makes the descriptor unreadable again.
    package func reset() {
        var count: eventfd_t = 0
        _ = eventfd_read(event.rawValue, &count)
    }
}
