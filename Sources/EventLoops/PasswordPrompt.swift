import Glibc

/// Asks the person at the terminal for something that must not be seen.
package enum PasswordPrompt {
    private static let maximumBytes = 4_096

    /// The line that was typed, or the first line of standard input when that is no terminal.
    ///
    /// What is typed is not shown; an interrupt ends the program with the terminal as it was.
    package static func read(_ prompt: String) throws(SystemError) -> String {
        guard isatty(STDIN_FILENO) == 1 else { return try readLine() }
        StandardError.write(Array(prompt.utf8))
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else { throw .last("tcgetattr") }
        var silent = settings
        silent.c_lflag &= ~tcflag_t(ECHO)
        // A key that ends the program would else leave the terminal mute.
        silent.c_lflag &= ~tcflag_t(ISIG)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0 else { throw .last("tcsetattr") }
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
            StandardError.write(Array("\n".utf8))
        }
        let line = try readLine()
        // Ctrl-C comes as a character then.
        if line.utf8.contains(3) { throw SystemError(call: "read", code: EINTR) }
        return line
    }

    private static func readLine() throws(SystemError) -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        defer { bytes.wipe() }
        while true {
            let count = retryingOnInterrupt { Glibc.read(STDIN_FILENO, &byte, 1) }
            guard count >= 0 else { throw .last("read") }
            if count == 0 || byte == UInt8(ascii: "\n") {
                if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
                return String(decoding: bytes, as: UTF8.self)
            }
            guard bytes.count < maximumBytes else { throw SystemError(call: "read", code: EFBIG) }
            bytes.append(byte)
            // With ISIG off, Ctrl-C is a character that no password has.
            if byte == 3 { return "\u{3}" }
        }
    }
}
