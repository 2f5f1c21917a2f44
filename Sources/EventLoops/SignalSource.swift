import CLinux
import Glibc

/// Signals as events of a poller (signalfd).
///
/// Create it before any other thread: threads inherit the mask that keeps these signals from
/// being delivered the usual way.
package final class SignalSource: Sendable {
    private let source: FileDescriptor

    package init(_ signals: [CInt]) throws(SystemError) {
        var mask = sigset_t()
        sigemptyset(&mask)
        for signal in signals { sigaddset(&mask, signal) }
        guard pthread_sigmask(SIG_BLOCK, &mask, nil) == 0 else { throw .last("pthread_sigmask") }
        let flags = CInt(SFD_NONBLOCK | SFD_CLOEXEC)
        let descriptor = signalfd(-1, &mask, flags)
        guard descriptor >= 0 else { throw .last("signalfd") }
        source = FileDescriptor(adopting: descriptor)
    }

    /// The signal that asks a daemon to read its files anew: SIGHUP.
    package static let reload = SIGHUP

    package var descriptor: CInt { source.rawValue }

    /// The next signal that arrived; `nil` when there is none.
    package func next() -> CInt? {
        var info = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        guard read(source.rawValue, &info, size) == size else { return nil }
        return CInt(info.ssi_signo)
    }

    /// Makes writes to closed sockets fail with `EPIPE` instead of ending the process.
    package static func ignoreBrokenPipes() {
        _ = signal(SIGPIPE, SIG_IGN)
    }
}
