import CLinux
import Glibc

/// Accepts connections for all loops and deals them out in turn.
package struct Acceptor: ~Copyable {
    package let listeners: [ListeningSocket]
    private let loopCount: Int
    private var nextLoop = 0
    /// Given up when the process has no descriptor left, to take a connection and end it: left in
    /// the queue it would keep the listener readable and the loop spinning.
    private var spare: CInt

    /// Deals the connections of `listeners` out to `loopCount` loops.
    package init(listeners: [ListeningSocket], loopCount: Int) {
        self.listeners = listeners
        self.loopCount = loopCount
        spare = listeners.isEmpty ? -1 : Self.openSpare()
    }

    deinit {
        if spare >= 0 { close(spare) }
    }

    /// A connection of listener `index` and the loop it shall live on.
    package mutating func accept(from index: Int) -> (Acceptance, loop: Int) {
        let acceptance = listeners[index].accept()
        switch acceptance {
        case .connection:
            defer { nextLoop = (nextLoop + 1) % loopCount }
            return (acceptance, nextLoop)
        case .exhausted, .none:
            return (acceptance, 0)
        }
    }

    /// A connection of listener `index` that takes the place of the spare descriptor: to be
    /// answered and closed before the next one, and ``restoreSpare()`` to be called in the end.
    ///
    /// - Returns: `nil` when the queue is empty or there is no spare descriptor.
    package mutating func acceptWithSpare(from index: Int) -> CInt? {
        if spare >= 0 {
            close(spare)
            spare = -1
        }
        guard case .connection(let descriptor, _) = listeners[index].accept() else { return nil }
        return descriptor
    }

    package mutating func restoreSpare() {
        if spare < 0 { spare = Self.openSpare() }
    }

    private static func openSpare() -> CInt {
        open("/dev/null", O_RDONLY | O_CLOEXEC)
    }
}

extension StreamSocket {
    /// Closes a descriptor that no ``FileDescriptor`` owns.
    package static func close(_ descriptor: CInt) {
        _ = Glibc.close(descriptor)
    }

    /// Closes so that the peer is told at once that its connection was broken (RST).
    package static func reset(_ descriptor: CInt) {
        var option = linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<linger>.size)
        _ = setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, size)
        _ = Glibc.close(descriptor)
    }
}
