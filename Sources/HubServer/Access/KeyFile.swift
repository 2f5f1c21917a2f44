import EventLoops
import Identity

/// Files with keys that a configuration key names.
enum KeyFile {
    /// Larger than any key file.
    private static let maximumBytes = 1 << 20

    /// `name` is the configuration key, for the error.
    static func read(_ path: String, _ name: String) throws(KeyFileError) -> [UInt8] {
        do throws(SecretFileError) {
            return try SecretFile.read(path, maximumBytes: maximumBytes)
        } catch {
            let status = error.isPermission ? ExitStatus.noPermission : .configuration
            throw KeyFileError(name, path, error.reason, status: status)
        }
    }

    static func write(
        _ bytes: [UInt8],
        to path: String,
        _ name: String
    ) throws(KeyFileError) {
        do throws(SystemError) {
            try SecretFile.write(bytes, to: path)
        } catch {
            throw KeyFileError(name, path, "cannot be written: \(error.reason)", status: .ioError)
        }
    }
}

/// A file with keys that cannot be used.
package struct KeyFileError: Error {
    let problem: ConfigurationProblem
    package let status: ExitStatus

    init(
        _ name: String,
        _ path: String,
        _ reason: String,
        status: ExitStatus = .configuration
    ) {
        problem = ConfigurationProblem(name: name, reason: "'\(path.printable)' \(reason)")
        self.status = status
    }
}
