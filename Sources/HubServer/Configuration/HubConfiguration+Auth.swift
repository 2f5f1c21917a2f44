import Identity

extension HubConfiguration {
    package struct Auth: Equatable, Sendable {
        package var registration = false
        package var publicMetrics = false
        package var issuer = "omnihub"
        package var audience = "omnihub"
        package var accessTokenMs = 15 * 60_000
        package var expiryNoticeMs = 60_000
        package var maxVerifiedTokens = 10_000
        package var subscriptionTokenMs = 60 * 60_000
        package var maxSubscriptionTokenMs = 24 * KeyUnit.hour
        package var subscriptionTokenChannels = 16
        package var sessionMs = 30 * 24 * KeyUnit.hour
        package var refreshGraceMs = 0
        package var activationMs = 24 * KeyUnit.hour
        package var signingKey = ""
        package var previousKey = ""
        package var sealingKeys = ""

        package var foreignIssuer = ""
        package var foreignAudience = ""
        package var foreignKeys = ""
        package var foreignAlgorithm = ForeignAlgorithm.file
        package var foreignKeyId = ""
        package var foreignUser = UserClaim.sub

        package var minPasswordLength = 8
        package var scryptLogN = 15
        package var scryptParallelism = 3
        package var passwordWorkers = 0
        package var maxQueuedPasswords = 32

        package var loginsPerMinute = 60
        package var loginBurst = 100
        package var loginFailures = 5
        package var loginDelayMs = 1_000
        package var maxLoginDelayMs = 60_000
        package var maxLoginEntries = 100_000

        package var maxUsers = 100_000
        package var maxSessions = 200_000
        package var sessionsPerUser = 50
        package var keysPerUser = 100
        package var agentsPerUser = 1_000

        /// Which claim of a foreign token says which user it is for.
        package enum UserClaim: String, CaseIterable, Sendable {
            case sub
            case email
        }

        package enum ForeignAlgorithm: String, CaseIterable, Sendable {
            /// Each key of a JWK Set says its own.
            case file
            case edDSA = "EdDSA"
            case es256 = "ES256"
            case rs256 = "RS256"
            case hs256 = "HS256"
        }
    }
}

extension HubConfiguration.Auth {
    static let maximumPasswordBytes = 1_024

    var scrypt: ScryptParameters {
        ScryptParameters(logN: scryptLogN, r: 8, p: scryptParallelism) ?? .standard
    }

    var loginThrottle: LoginThrottle.Limits {
        var limits = LoginThrottle.Limits()
        limits.failuresBeforeDelay = loginFailures
        limits.firstDelayMs = Int64(loginDelayMs)
        limits.longestDelayMs = Int64(maxLoginDelayMs)
        limits.attemptsPerMinute = loginsPerMinute
        limits.attemptBurst = loginBurst
        limits.maximumEntries = maxLoginEntries
        return limits
    }

    var identityLimits: IdentityLimits {
        var limits = IdentityLimits()
        limits.maximumUsers = maxUsers
        limits.maximumSessions = maxSessions
        limits.sessionsPerUser = sessionsPerUser
        limits.keysPerUser = keysPerUser
        limits.agentsPerUser = agentsPerUser
        limits.sessionMs = Int64(sessionMs)
        limits.activationMs = Int64(activationMs)
        limits.refreshGraceMs = Int64(refreshGraceMs)
        return limits
    }
}

extension HubConfiguration {
    /// What is wrong with the keys of `auth` taken together.
    var authProblems: [ConfigurationProblem] {
        let names = [
            ("auth.foreignIssuer", auth.foreignIssuer),
            ("auth.foreignAudience", auth.foreignAudience),
            ("auth.foreignKeys", auth.foreignKeys),
        ]
        var problems: [ConfigurationProblem] = []
        if let given = names.first(where: { !$0.1.isEmpty }) {
            for (name, value) in names where value.isEmpty {
                problems.append(
                    ConfigurationProblem(name: name, reason: "is empty, but \(given.0) needs it")
                )
            }
        }
        if !auth.foreignIssuer.isEmpty, auth.foreignIssuer == auth.issuer {
            problems.append(
                ConfigurationProblem(
                    name: "auth.foreignIssuer",
                    reason: "is the same as auth.issuer: nobody else issues tokens by that name"
                )
            )
        }
        return problems
    }
}
