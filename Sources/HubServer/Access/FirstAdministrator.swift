import AgentRuntime
import Dispatch
import EventLoops
import Identity
import JSONRPC
import Synchronization

/// Lets somebody into a hub that has no users yet, and nobody else.
enum FirstAdministrator {
    static let fileName = "first-sign-in.txt"

    /// Whether nobody can sign in: nobody has a password.
    static func isNeeded(_ context: HubContext) -> Bool {
        context.identity.directory.read { $0.users.values.allSatisfy { $0.password == nil } }
    }

    /// Makes an administrator on a hub without users, or lets the one of an earlier start begin anew.
    ///
    /// - Returns: The one-time token with which the password is set; `nil` when there is nobody to
    ///   give it to, or it cannot be written to disk.
    static func prepare(_ context: HubContext) -> OneTimeToken? {
        guard let email = EmailAddress("admin@localhost") else { return nil }
        var user = UserRecord.new(email: email, name: "Administrator", role: .admin)
        let administrator = context.identity.directory.read { state in
            state.users.isEmpty
                ? user.id
                : state.users.values.filter { $0.role == .admin && !$0.isDisabled }.map(\.id).min()
        }
        guard let administrator else { return nil }
        var random = SystemRandomNumberGenerator()
        let token = OneTimeToken(userID: administrator, using: &random)
        user.activation = UserRecord.Activation(
            digest: token.digest,
            expiresAt: user.createdAt + Int64(context.configuration.auth.activationMs)
        )
        let outcome = Mutex<Bool>(false)
        let done = DispatchSemaphore(value: 0)
        context.runtime.submit(
            .identity(.prepareAdministrator(user)),
            caller: Caller(userID: "", sessionID: "")
        ) { result in
            if case .success = result { outcome.withLock { $0 = true } }
            done.signal()
        }
        done.wait()
        return outcome.withLock { $0 } ? token : nil
    }

    /// The line that an operator needs to sign in for the first time.
    ///
    /// The token is behind a `#`, which browsers send to nobody.
    static func line(_ token: OneTimeToken, _ context: HubContext, at addresses: [SocketAddress])
        -> String
    {
        guard let address = addresses.compactMap(\.internetAddress).first else {
            return "set the administrator's password with auth.activate and the token "
                + token.text
        }
        let scheme = context.tls == nil ? "http" : "https"
        let host = context.configuration.hostNames.first.map { "\($0):\(address.port)" }
        let authority = host ?? address.authorityForThisMachine
        return "sign in for the first time at \(scheme)://\(authority)/#activate=\(token.text)"
    }

    /// Keeps the line for whoever may read the state folder.
    static func keep(_ line: String, in folder: String, logger: Logger) {
        do throws(SystemError) {
            try SecretFile.write(Array("\(line)\n".utf8), to: "\(folder)/\(fileName)")
        } catch {
            logger.warning("cannot write \(folder)/\(fileName): \(error.reason)")
        }
    }

    /// Removes what nobody can sign in with any more, on a thread that may wait for the disk.
    static func forget(in folder: String) {
        DispatchQueue.global().async { SecretFile.remove("\(folder)/\(fileName)") }
    }
}

extension SocketAddress {
    fileprivate var internetAddress: InternetAddress? {
        if case .internet(let address) = self { address } else { nil }
    }
}

extension InternetAddress {
    /// How a browser on this machine reaches it.
    fileprivate var authorityForThisMachine: String {
        bytes.allSatisfy { $0 == 0 } ? "localhost:\(port)" : description
    }
}
