import EventLoops

/// The file in which this user's tokens are kept: `omnihub/credentials.json` in
/// `$XDG_CONFIG_HOME`, else in `~/.config`, with mode 0600.
struct CredentialFile {
    private static let maximumBytes = 1 << 20

    let path: String
    private var lockPath: String { "\(path).lock" }

    /// The file of this user; `nil` without a home.
    static var standard: CredentialFile? {
        let variables = ["XDG_CONFIG_HOME", "HOME"].map { EnvironmentVariable($0).value ?? "" }
        if variables[0].hasPrefix("/") {
            return CredentialFile(path: "\(variables[0])/omnihub/credentials.json")
        }
        guard variables[1].hasPrefix("/") else { return nil }
        return CredentialFile(path: "\(variables[1])/.config/omnihub/credentials.json")
    }

    func read() throws(ClientFailure) -> StoredCredentials {
        guard SecretFile.exists(path) else { return StoredCredentials() }
        let bytes: [UInt8]
        do throws(SecretFileError) {
            bytes = try SecretFile.read(path, maximumBytes: Self.maximumBytes)
        } catch {
            throw .badFile(path: path, reason: error.reason)
        }
        guard let credentials = StoredCredentials(bytes) else {
            throw .badFile(path: path, reason: "is damaged; delete it and sign in again")
        }
        return credentials
    }

    /// Changes the credentials while no other process does.
    func change<Result>(
        _ body: (inout StoredCredentials) throws(ClientFailure) -> Result
    ) throws(ClientFailure) -> Result {
        let lock = try lock()
        defer { lock.keep() }
        var credentials = try read()
        let before = credentials
        let result = try body(&credentials)
        guard credentials != before else { return result }
        do throws(SystemError) {
            try SecretFile.write(credentials.encoded, to: path)
        } catch {
            throw .file(path: path, error)
        }
        return result
    }

    private func lock() throws(ClientFailure) -> FileLock {
        do throws(SystemError) {
            try PrivateFolder.create(folder)
            return try FileLock(lockPath)
        } catch {
            throw .file(path: path, error)
        }
    }

    private var folder: String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "." }
}
