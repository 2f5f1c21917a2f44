import EventLoops
import Identity

/// The keys that access tokens are signed and verified with, read at the start.
enum SigningKeys {
    /// Reads the keys, and makes the hub's own if there is none yet.
    ///
    /// - Throws: Which file cannot be used, and why.
    static func load(
        _ configuration: HubConfiguration,
        logger: Logger
    ) throws(KeyFileError) -> AccessTokens {
        let auth = configuration.auth
        let key = try signingKey(configuration, logger)
        var retired: [RetiredKey] = []
        let standard = "\(configuration.stateDirectory)/previous-signing-key.pem"
        let previous = auth.previousKey.isEmpty ? standard : auth.previousKey
        if !auth.previousKey.isEmpty || SecretFile.exists(standard) {
            let pem = SecretBytes(try KeyFile.read(previous, "auth.previousKey"))
            guard let old = RetiredKey(pem: pem) else {
                throw KeyFileError("auth.previousKey", previous, "holds no Ed25519 key in PEM")
            }
            retired.append(old)
        }
        return AccessTokens(auth, key: key, retired: retired, foreign: try foreign(auth))
    }

    private static func signingKey(
        _ configuration: HubConfiguration,
        _ logger: Logger
    ) throws(KeyFileError) -> SigningKey {
        let name = "auth.signingKey"
        let configured = configuration.auth.signingKey
        let path =
            configured.isEmpty ? "\(configuration.stateDirectory)/signing-key.pem" : configured
        if configured.isEmpty, !SecretFile.exists(path) {
            guard let key = SigningKey.make(), let pem = key.pem else {
                throw KeyFileError(name, path, "cannot be made: OpenSSL has no key for it")
            }
            var bytes = pem.copy()
            defer { bytes.wipe() }
            try KeyFile.write(bytes, to: path, name)
            logger.notice("made a key for access tokens", ["file": path, "kid": key.name])
            return key
        }
        let pem = SecretBytes(try KeyFile.read(path, name))
        guard let key = SigningKey(pem: pem) else {
            throw KeyFileError(name, path, "holds no private Ed25519 key in PEM")
        }
        return key
    }

    private static func foreign(
        _ auth: HubConfiguration.Auth
    ) throws(KeyFileError) -> AccessTokens.ForeignIssuer? {
        guard !auth.foreignIssuer.isEmpty else { return nil }
        let name = "auth.foreignKeys"
        let file = SecretBytes(try KeyFile.read(auth.foreignKeys, name))
        do throws(KeyFileProblem) {
            let keys = try KeySet(
                file: file,
                algorithm: SignatureAlgorithm(rawValue: auth.foreignAlgorithm.rawValue),
                name: auth.foreignKeyId.isEmpty ? nil : auth.foreignKeyId
            )
            let issuer = TokenIssuer(
                name: auth.foreignIssuer,
                audience: auth.foreignAudience,
                types: ["jwt", "at+jwt"],
                acceptsUntyped: true,
                keys: keys
            )
            return AccessTokens.ForeignIssuer(issuer: issuer, userClaim: auth.foreignUser)
        } catch {
            throw KeyFileError(name, auth.foreignKeys, error.description)
        }
    }
}
