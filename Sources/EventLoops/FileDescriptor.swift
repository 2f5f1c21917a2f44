import Glibc

/// An open descriptor; going out of scope closes it.
package struct FileDescriptor: ~Copyable, Sendable {
    package let rawValue: CInt

    /// Takes ownership of `rawValue`.
    package init(adopting rawValue: CInt) {
        self.rawValue = rawValue
    }

    /// Gives ownership to the caller, who must close the descriptor.
    package consuming func release() -> CInt {
        let value = rawValue
        discard self
        return value
    }

    deinit {
        // Linux frees the descriptor even when close reports EINTR; retrying could close another.
        _ = Glibc.close(rawValue)
    }
}
