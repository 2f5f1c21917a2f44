package import JSONRPC

/// The hub's subscription tokens: what a session may do on some channels and nowhere else.
///
/// Claims: `iss`, `aud`, `sub` (the user who issued it), one of `sid`, `key` and `via` (what that one
/// had proved itself by: a login session, an API key, a token of another issuer), `channels`,
/// `actions`, `iat`, `exp`, `jti`. Type and audience differ from those of ``AccessToken``, so that
/// neither passes for the other.
package enum SubscriptionToken {
    package static let type = "channels+jwt"

    /// `aud` of these, for a hub whose access tokens have `audience`.
    package static func audience(_ audience: String) -> String { "\(audience)/channels" }

    /// - Returns: `nil` for the holder of such a token, who cannot issue others.
    package static func claims(
        issuer: String,
        audience: String,
        principal: Principal,
        grant: ChannelGrant,
        now: Int64,
        expiresAt: Int64
    ) -> JSONObject? {
        var claims: JSONObject = [
            "iss": .string(issuer), "aud": .string(self.audience(audience)),
            "sub": .string(principal.userID),
            "channels": .array(grant.channels.map(JSONValue.string)),
            "actions": .array(
                ChannelGrant.Action.allCases.filter(grant.actions.contains).map {
                    .string($0.rawValue)
                }
            ),
            "iat": .integer(Int(now / 1000)), "exp": .integer(Int(expiresAt / 1000)),
            "jti": .string(grant.id),
        ]
        switch principal.credential {
        case .session(let id): claims["sid"] = .string(id)
        case .apiKey(let id): claims["key"] = .string(id)
        case .foreign(let name): claims["via"] = .string(name)
        // Everybody may do everything there, whatever is shown; elsewhere, it is good for nothing.
        case .development: break
        case .grant: return nil
        }
        return claims
    }

    /// Whom the token stands for, and for what; `nil` when it says so in no way that it could have
    /// been issued.
    package static func principal(_ claims: TokenClaims) -> Principal? {
        let all = claims.all
        let names = (all["actions"]?.arrayValue ?? []).map { $0.stringValue ?? "" }
        let actions = names.compactMap(ChannelGrant.Action.init(rawValue:))
        let channels = (all["channels"]?.arrayValue ?? []).map { $0.stringValue ?? "" }
        let issuers: [Principal.Credential] = [
            all["sid"]?.stringValue.map { .session(id: $0) },
            all["key"]?.stringValue.map { .apiKey(id: $0) },
            all["via"]?.stringValue.map { .foreign(issuer: $0) },
        ].compactMap(\.self)
        guard actions.count == names.count, issuers.count == 1, let issuer = issuers.first,
            let id = all["jti"]?.stringValue,
            let grant = ChannelGrant(id: id, channels: channels, actions: Set(actions))
        else { return nil }
        return Principal(
            userID: claims.subject,
            role: .viewer,
            credential: .grant(grant, by: issuer),
            expiresAt: claims.expiresAt
        )
    }
}
