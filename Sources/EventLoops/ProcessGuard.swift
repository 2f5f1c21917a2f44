import CLinux
import Glibc

/// The part of a daemon's executable that is begun anew for each child process, to guard it.
package enum ProcessGuard {
    static let name = "omnihubd-guard"

    /// Does a guard's work, if the process was begun as one.
    ///
    /// To be called before anything else, with one thread.
    ///
    /// - Returns: With which status the process should end; `nil` when it is no guard.
    package static func runIfAsked() -> CInt? {
        guard CommandLine.arguments.first == name else { return nil }
        return clinux_guard(CommandLine.argc, CommandLine.unsafeArgv)
    }
}
