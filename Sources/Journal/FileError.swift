import Glibc

/// A failed system call on a file.
package struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
    package var call: String
    package var path: String
    package var code: CInt

    package init(call: String, path: String, code: CInt) {
        self.call = call
        self.path = path
        self.code = code
    }

    package var description: String { "\(call) \(path): \(String(cString: strerror(code)))" }
}

/// Performs `body` again for as long as it fails with `EINTR`.
func retryingOnInterrupt<Value: FixedWidthInteger & SignedInteger>(
    _ call: String,
    _ path: String,
    _ body: () -> Value
) throws(FileError) -> Value {
    while true {
        let result = body()
        if result != -1 { return result }
        let code = errno
        if code != EINTR { throw FileError(call: call, path: path, code: code) }
    }
}
