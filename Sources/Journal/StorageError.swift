/// Why records could not be made durable.
package enum StorageError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Nothing of the batch was kept and a later one may succeed: disk full, read-only, over quota.
    case unavailable(reason: String)
    /// What is on disk is not known any more (a failed `fdatasync`): the process must end.
    case failed(reason: String)

    package var description: String {
        switch self {
        case .unavailable(let reason), .failed(let reason): reason
        }
    }
}
