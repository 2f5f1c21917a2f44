import CLinux
import Glibc

/// Lets one thread wait for others, at most for a time by a clock that never steps.
///
/// Dispatch's semaphore waits by the wall clock on Linux: when that is set back by an hour, a
/// wait of a second takes an hour longer.
package final class MonotonicSemaphore: Sendable {
    /// sem_post(3) and sem_wait(3) may be called by any thread at any time; the memory is there
    /// for as long as this object is.
    nonisolated(unsafe) private let semaphore: UnsafeMutablePointer<sem_t>

    package init() {
        semaphore = .allocate(capacity: 1)
        precondition(sem_init(semaphore, 0, 0) == 0, "a semaphore of this process is refused")
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    package func signal() {
        sem_post(semaphore)
    }

    /// Waits for a signal that nobody has waited for yet.
    package func wait() {
        while sem_wait(semaphore) != 0, errno == EINTR {}
    }

    /// Waits for a signal, or until `nanoseconds`, not negative, have passed.
    package func wait(nanoseconds: Int) {
        var deadline = timespec()
        clock_gettime(CLOCK_MONOTONIC, &deadline)
        let (seconds, rest) = (deadline.tv_nsec + nanoseconds % 1_000_000_000)
            .quotientAndRemainder(dividingBy: 1_000_000_000)
        deadline.tv_sec += nanoseconds / 1_000_000_000 + seconds
        deadline.tv_nsec = rest
        while clinux_wait_until(semaphore, &deadline) != 0, errno == EINTR {}
    }
}
