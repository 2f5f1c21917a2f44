import Glibc

/// Descriptor 1, where a program's results go.
package enum StandardOutput {
    /// Writes all of `text`.
    package static func write(_ text: String) throws(SystemError) {
        try writeAll(Array(text.utf8), to: STDOUT_FILENO)
    }
}

/// Descriptor 2, where a program reports.
package enum StandardError {
    package static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes `bytes` by one system call where the kernel takes them at once.
    ///
    /// What cannot be written is dropped: there is nowhere to report it.
    package static func write(_ bytes: [UInt8]) {
        try? writeAll(bytes, to: STDERR_FILENO)
    }
}

private func writeAll(_ bytes: [UInt8], to descriptor: CInt) throws(SystemError) {
    var rest = bytes[...]
    while !rest.isEmpty {
        let written = retryingOnInterrupt {
            rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        }
        guard written >= 0 else { throw .last("write") }
        rest = rest.dropFirst(written)
    }
}
