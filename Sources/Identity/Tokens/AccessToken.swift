package import JSONRPC

/// The hub's own access tokens: who a session acts for, for some minutes.
///
/// Claims: `iss`, `aud`, `sub` (the user), `sid` (the login session), `iat`, `exp`, `jti`. The role
/// is not in it: what a user may do is looked up when it is done.
package enum AccessToken {
    /// RFC 9068 §2.1.
    package static let type = "at+jwt"

    package static func claims(
        issuer: String,
        audience: String,
        userID: String,
        sessionID: String,
        tokenID: String,
        now: Int64,
        lifetimeMs: Int64
    ) -> JSONObject {
        [
            "iss": .string(issuer), "aud": .string(audience), "sub": .string(userID),
            "sid": .string(sessionID), "iat": .integer(Int(now / 1000)),
            "exp": .integer(Int((now + lifetimeMs) / 1000)), "jti": .string(tokenID),
        ]
    }
}
