import Identity

let authKeys: [ConfigurationKey] = tokenKeys + foreignTokenKeys + passwordKeys + userKeys

private let tokenKeys: [ConfigurationKey] = [
    .bool(
        "auth.registration",
        \.auth.registration,
        "Lets everybody who can connect make an account, with the role user (auth.register)."
    ),
    .bool(
        "auth.publicMetrics",
        \.auth.publicMetrics,
        "Answers /metrics to everybody; else to managers and administrators, by an access token or "
            + "API key."
    ),
    .text(
        "auth.issuer",
        \.auth.issuer,
        mayBeEmpty: false,
        "The issuer (iss) of the hub's access tokens."
    ),
    .text(
        "auth.audience",
        \.auth.audience,
        mayBeEmpty: false,
        "The audience (aud) of the hub's access tokens: hubs that share a signing key need "
            + "different ones."
    ),
    .integer(
        "auth.accessTokenMs",
        \.auth.accessTokenMs,
        1_000...24 * KeyUnit.hour,
        .milliseconds,
        "How long an access token is good for."
    ),
    .integer(
        "auth.maxVerifiedTokens",
        \.auth.maxVerifiedTokens,
        0...10_000_000,
        .count,
        "Tokens whose signatures are known to be good, so that they are not verified again; with "
            + "more, the oldest are."
    ),
    .integer(
        "auth.subscriptionTokenMs",
        \.auth.subscriptionTokenMs,
        1_000...KeyUnit.year,
        .milliseconds,
        "How long a subscription token is good for, unless who asks for it says so."
    ),
    .integer(
        "auth.maxSubscriptionTokenMs",
        \.auth.maxSubscriptionTokenMs,
        1_000...KeyUnit.year,
        .milliseconds,
        "The longest that a subscription token may be good for."
    ),
    .integer(
        "auth.subscriptionTokenChannels",
        \.auth.subscriptionTokenChannels,
        1...ChannelGrant.maximumChannels,
        .count,
        "Channels and patterns that a subscription token may name."
    ),
    .integer(
        "auth.expiryNoticeMs",
        \.auth.expiryNoticeMs,
        0...KeyUnit.hour,
        .milliseconds,
        "How long before its token expires a session is told (session.expiring); at most half of "
            + "the time that is left."
    ),
    .integer(
        "auth.sessionMs",
        \.auth.sessionMs,
        1_000...KeyUnit.year,
        .milliseconds,
        "How long a login session lasts after its last renewal (auth.refresh)."
    ),
    .integer(
        "auth.refreshGraceMs",
        \.auth.refreshGraceMs,
        0...60_000,
        .milliseconds,
        "How long after a renewal the replaced refresh token is only refused; else, and every "
            + "older one at once, it ends the session. 0: every replaced token ends it."
    ),
    .integer(
        "auth.activationMs",
        \.auth.activationMs,
        60_000...KeyUnit.year,
        .milliseconds,
        "How long the one-time token for a user's first password is good for."
    ),
    .path(
        "auth.signingKey",
        \.auth.signingKey,
        "A PEM file, mode 0600, with the Ed25519 key that signs access tokens. Empty: "
            + "signing-key.pem in the state folder, made at the first start. A relative name is "
            + "looked for in $CREDENTIALS_DIRECTORY where systemd sets that."
    ),
    .path(
        "auth.previousKey",
        \.auth.previousKey,
        "A PEM file, mode 0600, with the key that signed before: its tokens stay good. Empty: "
            + "previous-signing-key.pem in the state folder, if there is one."
    ),
    .path(
        "auth.sealingKeys",
        \.auth.sealingKeys,
        "A file, mode 0600, with the keys that encrypt stored secrets of others (AES-256-GCM): in "
            + "each line an id and 32 bytes in base64url; the first encrypts, all decrypt. Empty: "
            + "sealing-keys in the state folder, made at the first start. Elsewhere, a copy of the "
            + "state folder alone tells no secret. A relative name is looked for in "
            + "$CREDENTIALS_DIRECTORY where systemd sets that."
    ),
]

private let foreignTokenKeys: [ConfigurationKey] = [
    .text(
        "auth.foreignIssuer",
        \.auth.foreignIssuer,
        mayBeEmpty: true,
        "The issuer (iss) of tokens of others that are accepted; empty for none."
    ),
    .text(
        "auth.foreignAudience",
        \.auth.foreignAudience,
        mayBeEmpty: true,
        "The audience (aud) that tokens of others must name."
    ),
    .path(
        "auth.foreignKeys",
        \.auth.foreignKeys,
        "A file, mode 0600, with the keys of tokens of others: a JWK Set, a public key in PEM, or "
            + "for HS256 the secret itself."
    ),
    .choice(
        "auth.foreignAlgorithm",
        \.auth.foreignAlgorithm,
        "The one algorithm of the key in auth.foreignKeys; file where each key of a JWK Set says "
            + "its own."
    ),
    .text(
        "auth.foreignKeyId",
        \.auth.foreignKeyId,
        mayBeEmpty: true,
        "The name (kid) that tokens give the key in auth.foreignKeys, where that is no JWK Set; "
            + "empty for tokens without."
    ),
    .choice(
        "auth.foreignUser",
        \.auth.foreignUser,
        "Which claim of a token of others names the user of this hub: sub, an id, or email."
    ),
]

private let passwordKeys: [ConfigurationKey] = [
    .integer(
        "auth.minPasswordLength",
        \.auth.minPasswordLength,
        8...128,
        .count,
        "Characters that a new password must have."
    ),
    .integer(
        "auth.scryptLogN",
        \.auth.scryptLogN,
        10...20,
        .count,
        "Memory for hashing a password: 2 to this many KiB (scrypt, RFC 7914, r = 8). Hashes with "
            + "other parameters are renewed at the next sign-in."
    ),
    .integer(
        "auth.scryptParallelism",
        \.auth.scryptParallelism,
        1...16,
        .count,
        "How many times that work is done for one password (scrypt's p)."
    ),
    .integer(
        "auth.passwordWorkers",
        \.auth.passwordWorkers,
        0...64,
        .count,
        "Threads that hash passwords; 0 stands for one per two processors."
    ),
    .integer(
        "auth.maxQueuedPasswords",
        \.auth.maxQueuedPasswords,
        1...100_000,
        .count,
        "Passwords that wait to be hashed; beyond it signing in is BUSY."
    ),
    .integer(
        "auth.loginsPerMinute",
        \.auth.loginsPerMinute,
        1...1_000_000,
        .count,
        "Attempts to sign in a minute from one address (IPv6: one /64 network)."
    ),
    .integer(
        "auth.loginBurst",
        \.auth.loginBurst,
        1...1_000_000,
        .count,
        "Attempts to sign in at once from one address."
    ),
    .integer(
        "auth.loginFailures",
        \.auth.loginFailures,
        1...1_000,
        .count,
        "Wrong passwords for one account before it has to wait."
    ),
    .integer(
        "auth.loginDelayMs",
        \.auth.loginDelayMs,
        1...KeyUnit.hour,
        .milliseconds,
        "The first such wait; each further wrong password doubles it."
    ),
    .integer(
        "auth.maxLoginDelayMs",
        \.auth.maxLoginDelayMs,
        1...KeyUnit.hour,
        .milliseconds,
        "The longest such wait."
    ),
    .integer(
        "auth.maxLoginEntries",
        \.auth.maxLoginEntries,
        16...10_000_000,
        .count,
        "Accounts, and addresses, whose attempts are remembered; further ones share one entry."
    ),
]

private let userKeys: [ConfigurationKey] = [
    .integer("auth.maxUsers", \.auth.maxUsers, 1...10_000_000, .count, "Users."),
    .integer(
        "auth.maxSessions",
        \.auth.maxSessions,
        1...10_000_000,
        .count,
        "Login sessions of all users; beyond it signing in is BUSY."
    ),
    .integer(
        "auth.sessionsPerUser",
        \.auth.sessionsPerUser,
        1...10_000,
        .count,
        "Login sessions of one user; the one that was idle for longest gives way."
    ),
    .integer(
        "auth.keysPerUser",
        \.auth.keysPerUser,
        0...10_000,
        .count,
        "API keys of one user."
    ),
    .integer(
        "auth.agentsPerUser",
        \.auth.agentsPerUser,
        0...100_000,
        .count,
        "Agents that are assigned to one user."
    ),
]
