import CLinux
import Glibc

/// What a descriptor is ready for.
package struct Readiness: OptionSet, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    package static let readable = Readiness(rawValue: EPOLLIN.rawValue)
    package static let writable = Readiness(rawValue: EPOLLOUT.rawValue)
    /// The connection is gone in both directions, or broken.
    package static let hangUp = Readiness(rawValue: EPOLLHUP.rawValue | EPOLLERR.rawValue)
}

// For the way of every message: outside of this module set operations are generic, and cost a
// hundred times as much as a test.
extension Readiness {
    /// Whether there is something to read and nothing else.
    package var isOnlyReadable: Bool { rawValue == EPOLLIN.rawValue }

    package var isWritable: Bool { rawValue & EPOLLOUT.rawValue != 0 }

    package var isBroken: Bool { rawValue & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 }

    /// Whether reading gives something: bytes, their end, or what is wrong.
    package var isReadable: Bool { isBroken || rawValue & EPOLLIN.rawValue != 0 }
}

/// An epoll instance and the events of its last wait; level-triggered.
package struct Poller: ~Copyable {
    private let epoll: FileDescriptor
    private let events: UnsafeMutablePointer<epoll_event>
    private static let capacity = 512

    package init() throws(SystemError) {
        let descriptor = epoll_create1(CInt(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw .last("epoll_create1") }
        epoll = FileDescriptor(adopting: descriptor)
        events = .allocate(capacity: Self.capacity)
        events.initialize(repeating: epoll_event(), count: Self.capacity)
    }

    deinit {
        events.deallocate()
    }

    /// Watches `descriptor`; its events carry `token`.
    package func add(
        _ descriptor: CInt,
        token: UInt64,
        for interest: Readiness
    ) throws(SystemError) {
        try control(EPOLL_CTL_ADD, descriptor, token, interest)
    }

    package func modify(
        _ descriptor: CInt,
        token: UInt64,
        for interest: Readiness
    ) throws(SystemError) {
        try control(EPOLL_CTL_MOD, descriptor, token, interest)
    }

    package func remove(_ descriptor: CInt) {
        _ = epoll_ctl(epoll.rawValue, EPOLL_CTL_DEL, descriptor, nil)
    }

    /// Waits for events.
    ///
    /// - Parameter timeout: In milliseconds; 0 only looks, -1 waits for ever.
    /// - Returns: How many events there are; 0 also after a signal.
    package func wait(timeout: CInt) -> Int {
        Int(max(0, epoll_wait(epoll.rawValue, events, CInt(Self.capacity), timeout)))
    }

    /// Event `index` of the last wait.
    @inline(__always)
    package func event(_ index: Int) -> (token: UInt64, readiness: Readiness) {
        let event = events[index]
        return (event.data.u64, Readiness(rawValue: event.events))
    }

    private func control(
        _ operation: CInt,
        _ descriptor: CInt,
        _ token: UInt64,
        _ interest: Readiness
    ) throws(SystemError) {
        var event = epoll_event()
        event.events = interest.rawValue
        event.data.u64 = token
        guard epoll_ctl(epoll.rawValue, operation, descriptor, &event) == 0 else {
            throw .last("epoll_ctl")
        }
    }
}
