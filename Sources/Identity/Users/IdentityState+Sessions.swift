package import JSONRPC

// Login sessions: how they begin, go on and end.
extension IdentityState {
    func openSession(
        _ session: LoginSession,
        _ verified: PasswordHash,
        _ rehashed: PasswordHash?,
        at now: Int64,
        _ limits: IdentityLimits
    ) throws(RPCError) -> IdentityDecision {
        // Whatever has changed while the password was checked, it is the same as a wrong one.
        guard let user = users[session.userID], !user.isDisabled, user.password == verified else {
            throw .wrongCredentials
        }
        var changes = try opening(of: session, at: now, limits)
        if let rehashed { changes.insert(.passwordRehashed(userID: user.id, rehashed), at: 0) }
        return .success(.session(id: session.id), changes)
    }

    func activate(
        _ session: LoginSession,
        _ digest: SecretDigest,
        _ password: PasswordHash,
        _ email: EmailAddress?,
        _ name: String?,
        at now: Int64,
        _ limits: IdentityLimits
    ) throws(RPCError) -> IdentityDecision {
        guard let user = users[session.userID], !user.isDisabled, let activation = user.activation,
            activation.digest == digest, activation.expiresAt > now
        else { throw .wrongActivation }
        var changes: [IdentityChange] = []
        let newEmail = email ?? user.email
        let newName = name ?? user.name
        if let owner = self.user(email: newEmail), owner.id != user.id { throw .emailTaken }
        if newEmail != user.email || newName != user.name {
            changes.append(
                .userUpdated(
                    userID: user.id,
                    email: newEmail,
                    name: newName,
                    role: user.role,
                    isDisabled: false
                )
            )
        }
        changes.append(.passwordChanged(userID: user.id, password, keeping: nil))
        changes += try opening(of: session, at: now, limits)
        return .success(.session(id: session.id), changes)
    }

    /// What begins a session, room for it included.
    func opening(
        of session: LoginSession,
        at now: Int64,
        _ limits: IdentityLimits
    ) throws(RPCError) -> [IdentityChange] {
        guard sessions[session.id] == nil else { throw .internal }
        var changes: [IdentityChange] = []
        let own = sessions(of: session.userID)
        let expired = own.filter { $0.expiresAt <= now }.map(\.id)
        var count = sessions.count - expired.count
        if !expired.isEmpty {
            changes.append(.sessionsEnded(userID: session.userID, sessionIDs: expired, .expired))
        }
        let alive = own.filter { $0.expiresAt > now }
        let surplus = alive.count + 1 - limits.sessionsPerUser
        if surplus > 0 {
            // The one that was not used for longest is missed least.
            let oldest = alive.sorted { ($0.usedAt, $0.id) < ($1.usedAt, $1.id) }.prefix(surplus)
            count -= oldest.count
            changes.append(
                .sessionsEnded(userID: session.userID, sessionIDs: oldest.map(\.id), .replaced)
            )
        }
        if count >= limits.maximumSessions {
            let swept = sweep(at: now, besides: session.userID)
            guard !swept.isEmpty else {
                throw .busy("\(limits.maximumSessions) sessions are open, as many as may be")
            }
            changes += swept
        }
        return changes + [.sessionOpened(session)]
    }

    /// Ends what has expired of others.
    private func sweep(at now: Int64, besides userID: String) -> [IdentityChange] {
        let expired = sessions.values.filter { $0.expiresAt <= now && $0.userID != userID }
        return Dictionary(grouping: expired, by: \.userID).sorted { $0.key < $1.key }
            .map { user, sessions in
                .sessionsEnded(userID: user, sessionIDs: sessions.map(\.id).sorted(), .expired)
            }
    }

    func refresh(
        _ id: String,
        _ family: SecretDigest,
        _ presented: SecretDigest,
        _ replacement: SecretDigest,
        at now: Int64,
        _ limits: IdentityLimits
    ) -> IdentityDecision {
        guard let session = sessions[id], session.family == family, session.expiresAt > now,
            let user = users[session.userID], !user.isDisabled
        else { return .failure(.wrongRefreshToken) }
        guard session.current == presented else {
            if session.previous == presented, now - session.usedAt < limits.refreshGraceMs {
                return .failure(
                    .conflict("this refresh token was replaced just now; use the newer one")
                )
            }
            return .failure(
                .unauthenticated("the refresh token was used before, so its session has ended"),
                [.sessionsEnded(userID: user.id, sessionIDs: [id], .tokenReused)]
            )
        }
        return .success(
            .session(id: id),
            [
                .sessionRenewed(
                    userID: user.id,
                    sessionID: id,
                    replacement,
                    expiresAt: now + limits.sessionMs
                )
            ]
        )
    }

    func logout(_ id: String) -> IdentityDecision {
        guard let session = sessions[id] else { return .success(.nothing, []) }
        return .success(
            .nothing,
            [.sessionsEnded(userID: session.userID, sessionIDs: [id], .logout)]
        )
    }

    func endSessions(
        of userID: String,
        _ sessionID: String?
    ) throws(RPCError) -> IdentityDecision {
        var ids = sessions(of: userID).map(\.id)
        if let sessionID {
            guard ids.contains(sessionID) else { throw .notFound("no such session") }
            ids = [sessionID]
        }
        guard !ids.isEmpty else { return .success(.nothing, []) }
        return .success(
            .nothing,
            [.sessionsEnded(userID: userID, sessionIDs: ids, .revoked)]
        )
    }
}

extension RPCError {
    /// The same for an account that does not exist, is disabled, or has another password.
    package static let wrongCredentials = RPCError.unauthenticated(
        "email or password is not right"
    )

    package static let wrongActivation = RPCError.unauthenticated(
        "the one-time token is not valid, was used already, or has expired"
    )

    package static let wrongRefreshToken = RPCError.unauthenticated(
        "the refresh token is not valid; sign in again"
    )
}
