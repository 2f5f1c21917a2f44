import EventLoops
import Identity
import Synchronization

/// What all loops need to know who somebody is.
final class HubIdentity: Sendable {
    let settings: HubConfiguration.Auth
    let directory: IdentityDirectory
    let tokens: AccessTokens
    /// Seals and opens what is stored of secrets of others.
    let secrets: SecretBox
    let passwords: PasswordWorkers
    /// What is compared with the passwords of accounts that there are not.
    let decoy: PasswordHash
    private let throttle: Mutex<LoginThrottle>
    private let refused = Atomic<Int>(0)

    init(
        _ settings: HubConfiguration.Auth,
        directory: IdentityDirectory,
        tokens: AccessTokens,
        secrets: SecretBox
    ) throws(SystemError) {
        self.settings = settings
        self.directory = directory
        self.tokens = tokens
        self.secrets = secrets
        let workers = settings.passwordWorkers
        passwords = try PasswordWorkers(
            count: workers > 0 ? workers : max(1, Processors.available / 2),
            maximumWaiting: settings.maxQueuedPasswords
        )
        var random = SystemRandomNumberGenerator()
        decoy = PasswordHash.decoy(settings.scrypt, using: &random)
        throttle = Mutex(LoginThrottle(settings.loginThrottle))
    }

    /// Notes an attempt to sign in, with what was given as email if it can be one.
    ///
    /// - Returns: `nil` when it may go on, else in how many milliseconds.
    func noteAttempt(account: String?, address: String) -> UInt64? {
        let now = Int64(clamping: MonotonicClock.milliseconds)
        let wait = throttle.withLock {
            $0.attempt(account: account, address: address, now: now)
        }
        if wait != nil { refused.add(1, ordering: .relaxed) }
        return wait.map { UInt64(clamping: $0) }
    }

    func noteSuccess(account: String) {
        throttle.withLock { $0.succeeded(account: account) }
    }

    var refusedLogins: Int { refused.load(ordering: .relaxed) }
    var throttleEntries: Int { throttle.withLock { $0.entryCount } }

    /// Hashes a new password, which no loop has the time for; `nil` when there is no memory.
    func hash(_ password: String) -> PasswordHash? {
        var random = SystemRandomNumberGenerator()
        return PasswordHash(
            SecretBytes(password),
            parameters: settings.scrypt,
            salt: randomBytes(PasswordHash.saltBytes, using: &random)
        )
    }

    /// What holds for a principal now; `nil` when it has lost everything.
    func current(_ principal: Principal) -> AccessRules? {
        let now = WallClock.milliseconds
        return directory.read { $0.current(principal, now: now) }
    }
}
