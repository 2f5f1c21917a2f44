import EventLoops
import Identity

/// The keys with which stored secrets of others are encrypted, read at the start.
enum SealingKeys {
    private static let name = "auth.sealingKeys"

    /// Reads the keys, and makes one if no file is configured and there is none yet.
    ///
    /// A key that is made has a name of its own, so that a secret that an earlier, lost one has
    /// sealed is known by it (``SealingProblem/missingKey(id:)``).
    ///
    /// - Throws: Which file cannot be used, and why.
    static func load(
        _ configuration: HubConfiguration,
        logger: Logger
    ) throws(KeyFileError) -> SecretBox {
        let configured = configuration.auth.sealingKeys
        let path = configured.isEmpty ? "\(configuration.stateDirectory)/sealing-keys" : configured
        if configured.isEmpty, !SecretFile.exists(path) {
            var random = SystemRandomNumberGenerator()
            var text = SealingKeyRing.newFile(using: &random)
            defer { text.wipe() }
            try KeyFile.write(text, to: path, name)
            logger.notice("made a key for stored secrets", ["file": path])
        }
        let file = SecretBytes(try KeyFile.read(path, name))
        do throws(KeyFileProblem) {
            return SecretBox(try SealingKeyRing(file: file))
        } catch {
            throw KeyFileError(name, path, error.description)
        }
    }
}
