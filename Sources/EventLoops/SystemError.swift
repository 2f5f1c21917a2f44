import Glibc

/// A failed system call.
package struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    package var call: String
    package var code: CInt

    package init(call: String, code: CInt) {
        self.call = call
        self.code = code
    }

    /// The error of the call that has just failed on this thread.
    package static func last(_ call: String) -> SystemError {
        SystemError(call: call, code: errno)
    }

    package var reason: String { String(cString: strerror(code)) }
    package var description: String { "\(call): \(reason)" }
}

/// Performs `body` again for as long as it fails with `EINTR`.
@inline(__always)
package func retryingOnInterrupt(_ body: () -> Int) -> Int {
    while true {
        let result = body()
        if result != -1 || errno != EINTR { return result }
    }
}
