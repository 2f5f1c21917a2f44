import COpenSSL
import Glibc

/// A file with a key or another secret, which nobody else may be able to read.
package enum SecretFile {
    /// The bytes of the file at `path`; ``Swift/Array/wipe()`` them after use.
    ///
    /// Its owner must be the only one with a right to it. A file of root, who may read everything
    /// anyway, may also be readable by a group: that is how a key is shared with services.
    package static func read(
        _ path: String,
        maximumBytes: Int
    ) throws(SecretFileError) -> [UInt8] {
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw SecretFileError(.last("open")) }
        let file = FileDescriptor(adopting: opened)
        var status = stat()
        guard fstat(file.rawValue, &status) == 0 else { throw SecretFileError(.last("fstat")) }
        if let others = others(with: status) {
            throw SecretFileError(
                reason: "may be read or written by \(others): chmod 600 it",
                isPermission: true
            )
        }
        do throws(SystemError) {
            return try SmallFile.read(file, maximumBytes: maximumBytes)
        } catch {
            throw SecretFileError(error)
        }
    }

    /// Writes a file that only its owner can read, durably and as a whole: there is the old one or
    /// the new one.
    package static func write(_ bytes: [UInt8], to path: String) throws(SystemError) {
        let partial = "\(path).partial"
        unlink(partial)
        let opened = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard opened >= 0 else { throw .last("open") }
        let file = FileDescriptor(adopting: opened)
        var written = 0
        while written < bytes.count {
            let count = retryingOnInterrupt {
                bytes.withUnsafeBytes { bytes in
                    Glibc.write(
                        file.rawValue,
                        bytes.baseAddress.map { $0 + written },
                        bytes.count - written
                    )
                }
            }
            guard count > 0 else { throw .last("write") }
            written += count
        }
        guard fsync(file.rawValue) == 0 else { throw .last("fsync") }
        guard rename(partial, path) == 0 else { throw .last("rename") }
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { throw .last("open") }
        let parentFile = FileDescriptor(adopting: parent)
        guard fsync(parentFile.rawValue) == 0 else { throw .last("fsync") }
    }

    /// Whether there is anything at `path`.
    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Removes a file, if there is one.
    package static func remove(_ path: String) { unlink(path) }

    /// Who else has a right to a file; `nil` when nobody has.
    private static func others(with status: stat) -> String? {
        // What is no regular file, such as a pipe from a password manager, is gone once read.
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        if status.st_mode & S_IRWXO != 0 { return "every user of this machine" }
        let isShared = status.st_uid == 0 && geteuid() != 0
        let group = isShared ? status.st_mode & S_IWGRP : status.st_mode & S_IRWXG
        return group != 0 ? "its group" : nil
    }
}

/// Why a ``SecretFile`` cannot be used.
package struct SecretFileError: Error, Equatable, Sendable {
    /// The part of a sentence after the name of the file.
    package var reason: String
    /// Whether permissions are what is wrong.
    package var isPermission: Bool

    init(reason: String, isPermission: Bool) {
        self.reason = reason
        self.isPermission = isPermission
    }

    init(_ error: SystemError) {
        reason = "cannot be read: \(error.reason)"
        isPermission = error.code == EACCES || error.code == EPERM
    }
}

extension [UInt8] {
    /// Overwrites all bytes, in a way that no compiler leaves out, and removes them.
    ///
    /// Copies that share the memory keep theirs: wipe before handing any out.
    package mutating func wipe() {
        withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
        removeAll()
    }
}
