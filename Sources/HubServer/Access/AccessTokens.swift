import Identity
import JSONRPC
import Synchronization

/// Makes the hub's tokens, and says whom a token or key stands for.
final class AccessTokens: Sendable {
    private let key: SigningKey
    private let verifier: TokenVerifier
    private let issuer: String
    private let audience: String
    let lifetimeMs: Int64
    private let foreign: ForeignIssuer?
    private let verified: Mutex<VerifiedTokens>
    private let verifications = Atomic<Int>(0)

    /// An issuer of tokens for users of this hub.
    struct ForeignIssuer: Sendable {
        var issuer: TokenIssuer
        var userClaim: HubConfiguration.Auth.UserClaim
    }

    /// `retired` are older keys of the hub whose tokens are still accepted.
    init(
        _ settings: HubConfiguration.Auth,
        key: SigningKey,
        retired: [RetiredKey],
        foreign: ForeignIssuer?
    ) {
        self.key = key
        self.foreign = foreign
        issuer = settings.issuer
        audience = settings.audience
        lifetimeMs = Int64(settings.accessTokenMs)
        var keys = KeySet()
        for old in retired { keys.add(old.tokenKey, named: old.name) }
        if let current = key.tokenKey { keys.add(current, named: key.name) }
        let access = TokenIssuer(
            name: issuer,
            audience: audience,
            types: [AccessToken.type],
            keys: keys
        )
        let subscription = TokenIssuer(
            name: issuer,
            audience: SubscriptionToken.audience(audience),
            types: [SubscriptionToken.type],
            keys: keys
        )
        verifier = TokenVerifier([access, subscription] + (foreign.map { [$0.issuer] } ?? []))
        verified = Mutex(VerifiedTokens(capacity: settings.maxVerifiedTokens))
    }

    /// How many signatures were verified, and how many tokens are known to be good.
    var figures: (verifications: Int, known: Int) {
        (verifications.load(ordering: .relaxed), verified.withLock { $0.count })
    }

    /// A token for a login session; `nil` when OpenSSL fails, which it has no reason to.
    func issue(userID: String, sessionID: String, now: Int64) -> String? {
        var random = SystemRandomNumberGenerator()
        let claims = AccessToken.claims(
            issuer: issuer,
            audience: audience,
            userID: userID,
            sessionID: sessionID,
            tokenID: Hexadecimal.encode(randomBytes(16, using: &random)),
            now: now,
            lifetimeMs: lifetimeMs
        )
        return sign(claims, type: AccessToken.type, now: now)
    }

    /// A subscription token that expires at `expiresAt`; `nil` for an issuer that cannot issue any.
    func issue(
        _ grant: ChannelGrant,
        by principal: Principal,
        now: Int64,
        expiresAt: Int64
    ) -> String? {
        let claims = SubscriptionToken.claims(
            issuer: issuer,
            audience: audience,
            principal: principal,
            grant: grant,
            now: now,
            expiresAt: expiresAt
        )
        return claims.flatMap { sign($0, type: SubscriptionToken.type, now: now) }
    }

    private func sign(_ claims: JSONObject, type: String, now: Int64) -> String? {
        guard let text = key.sign(claims, type: type) else { return nil }
        // What the hub has signed itself it need not verify.
        if let claims = try? verifier.believe(text, now: now) {
            verified.withLock { $0.insert(claims, for: .init(of: text)) }
        }
        return text
    }

    private func verify(_ text: String, now: Int64) throws(TokenRejection) -> TokenClaims {
        let key = VerifiedTokens.SHA256Key(of: text)
        if let claims = verified.withLock({ $0.claims(of: key) }) {
            try verifier.recheck(claims, now: now)
            return claims
        }
        verifications.add(1, ordering: .relaxed)
        let claims = try verifier.verify(text, now: now)
        verified.withLock { $0.insert(claims, for: key) }
        return claims
    }

    /// Whom an access token or an API key stands for, and what that one may do.
    func rules(
        for text: String,
        in directory: IdentityDirectory,
        now: Int64
    ) throws(TokenRejection) -> AccessRules {
        if text.hasPrefix(APIKey.prefix) {
            guard let key = APIKey(text),
                let rules = directory.read({ $0.rules(for: key, now: now) })
            else { throw .invalid }
            return rules
        }
        let claims = try verify(text, now: now)
        let rules = directory.read { state in
            principal(claims, in: state).flatMap { state.current($0, now: now) }
        }
        guard let rules else { throw .invalid }
        return rules
    }

    private func principal(_ claims: TokenClaims, in state: IdentityState) -> Principal? {
        guard claims.issuer != issuer else {
            if claims.type == SubscriptionToken.type { return SubscriptionToken.principal(claims) }
            guard let session = claims.all["sid"]?.stringValue else { return nil }
            return Principal(
                userID: claims.subject,
                role: .viewer,
                credential: .session(id: session),
                expiresAt: claims.expiresAt
            )
        }
        guard let foreign else { return nil }
        let user: UserRecord?
        switch foreign.userClaim {
        case .sub:
            user = state.users[claims.subject]
        case .email:
            guard claims.all["email_verified"] ?? true == true else { return nil }
            user = claims.all["email"]?.stringValue.flatMap(EmailAddress.init)
                .flatMap { state.user(email: $0) }
        }
        return user.map { user in
            Principal(
                userID: user.id,
                role: user.role,
                credential: .foreign(issuer: claims.issuer),
                expiresAt: claims.expiresAt
            )
        }
    }
}

extension IdentityState {
    fileprivate func rules(for key: APIKey, now: Int64) -> AccessRules? {
        guard let record = keys[key.id], record.digest == key.digest else { return nil }
        let principal = Principal(
            userID: record.userID,
            role: record.role,
            credential: .apiKey(id: record.id),
            scope: record.scope,
            expiresAt: record.expiresAt
        )
        return current(principal, now: now)
    }
}
