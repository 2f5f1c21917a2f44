import Identity
import JSONRPC

/// What it takes to believe a token.
enum TokenBenchmarks {
    static var all: [Benchmark] {
        guard let key = SigningKey(seed: [UInt8](repeating: 7, count: 32)),
            let tokenKey = key.tokenKey
        else { return [] }
        var keys = KeySet()
        keys.add(tokenKey, named: key.name)
        let verifier = TokenVerifier([
            TokenIssuer(
                name: "omnihub",
                audience: "omnihub",
                types: [AccessToken.type],
                keys: keys
            )
        ])
        let claims = AccessToken.claims(
            issuer: "omnihub",
            audience: "omnihub",
            userID: String(repeating: "a", count: 32),
            sessionID: String(repeating: "b", count: 32),
            tokenID: String(repeating: "c", count: 32),
            now: now,
            lifetimeMs: 900_000
        )
        guard let token = key.sign(claims, type: AccessToken.type) else { return [] }
        return [
            Benchmark("token.sign", iterations: 2_000) { iterations in
                var total = 0
                for _ in 0..<iterations {
                    total &+= key.sign(claims, type: AccessToken.type)?.utf8.count ?? 0
                }
                return total
            },
            Benchmark("token.verify", iterations: 2_000) { iterations in
                var total = 0
                for _ in 0..<iterations {
                    guard let claims = try? verifier.verify(token, now: now) else { return 0 }
                    total &+= claims.subject.utf8.count
                }
                return total
            },
            Benchmark("token.verifyAgain", iterations: 20_000) { iterations in
                var known = VerifiedTokens(capacity: 10_000)
                guard let claims = try? verifier.verify(token, now: now) else { return 0 }
                known.insert(claims, for: .init(of: token))
                var total = 0
                for _ in 0..<iterations {
                    guard let claims = known.claims(of: .init(of: token)),
                        (try? verifier.recheck(claims, now: now)) != nil
                    else { return 0 }
                    total &+= claims.subject.utf8.count
                }
                return total
            },
        ]
    }

    private static let now: Int64 = 1_790_000_000_000
}
