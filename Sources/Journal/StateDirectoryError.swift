import Glibc

/// Why a state folder cannot be used; each is one sentence for the operator.
package enum StateDirectoryError: Error, Equatable, Sendable, CustomStringConvertible {
    case permissionDenied(path: String, reason: String)
    case cannotCreate(path: String, reason: String)
    /// Another process has the folder; `owner` is its process id where it is known.
    case locked(path: String, owner: Int32?)
    /// What is on disk contradicts itself from byte `offset` of `file` on.
    case corrupt(file: String, offset: Int, problem: String, advice: String)
    /// There is nothing at `path` that a hub has written.
    case notAStateFolder(path: String)
    /// Written by a later version of this program.
    case newerFormat(file: String, version: UInt64)
    case inputOutput(path: String, reason: String)

    /// Sorts a failed call on a file of the folder by what the operator can do about it.
    init(_ error: FileError, creating: Bool = false) {
        let reason = String(cString: strerror(error.code))
        switch error.code {
        case EACCES, EPERM: self = .permissionDenied(path: error.path, reason: reason)
        case _ where creating && !["pwrite", "fdatasync", "fsync"].contains(error.call):
            self = .cannotCreate(path: error.path, reason: reason)
        default: self = .inputOutput(path: error.path, reason: "\(error.call): \(reason)")
        }
    }

    /// What to do about damage that a start must not repair on its own.
    package static let restoreAdvice =
        "'omnihubd verify' tells what is damaged and 'omnihubd repair' what can be repaired; "
        + "else restore the state folder from a backup"

    package var description: String {
        switch self {
        case .permissionDenied(let path, let reason):
            "cannot use \(path): \(reason); give this user read and write access to it "
                + "or choose another state folder"
        case .cannotCreate(let path, let reason):
            "cannot create \(path): \(reason); choose another state folder"
        case .locked(let path, let owner):
            "the state folder \(path) is in use by "
                + (owner.map { "process \($0)" } ?? "another process")
                + "; stop that one or choose another state folder"
        case .corrupt(let file, let offset, let problem, let advice):
            "\(file) is damaged at byte \(offset): \(problem); \(advice)"
        case .notAStateFolder(let path):
            "\(path) is not a state folder: there is no folder 'journal' in it"
        case .newerFormat(let file, let version):
            "\(file) has format version \(version), which this program does not know; "
                + "start the version that wrote it, or a later one"
        case .inputOutput(let path, let reason):
            "cannot read or write \(path): \(reason); check the disk"
        }
    }

    /// The process exit status for it (sysexits.h).
    package var exitStatus: CInt {
        switch self {
        case .permissionDenied: 77  // EX_NOPERM
        case .cannotCreate: 73  // EX_CANTCREAT
        case .locked: 75  // EX_TEMPFAIL
        case .notAStateFolder: 66  // EX_NOINPUT
        case .corrupt, .newerFormat: 78  // EX_CONFIG
        case .inputOutput: 74  // EX_IOERR
        }
    }
}
