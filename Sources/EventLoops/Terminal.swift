import Glibc

/// The terminal a stream of the program leads to.
package struct Terminal: Sendable {
    private let descriptor: CInt

    /// - Returns: `nil` when the stream is a file, a pipe or closed.
    private init?(_ descriptor: CInt) {
        guard isatty(descriptor) == 1 else { return nil }
        self.descriptor = descriptor
    }

    /// The one behind standard output, if there is one.
    package static var output: Terminal? { Terminal(STDOUT_FILENO) }
    /// The one behind standard error, if there is one.
    package static var error: Terminal? { Terminal(STDERR_FILENO) }

    /// Its width in columns as it is now, or 80 when it does not tell.
    package var columns: Int {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
