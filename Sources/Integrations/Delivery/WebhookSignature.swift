import COpenSSL

/// Signs what is posted to a webhook, by the Standard Webhooks specification 1.0: HMAC-SHA256
/// (RFC 2104, FIPS 180-4) over `id.timestamp.body`.
package struct WebhookSignature: Sendable {
    /// Of a secret, before its key in base 64.
    package static let prefix = "whsec_"
    package static let keyBytes = 24...64

    private let key: [UInt8]

    /// - Returns: `nil` for a secret that is not `whsec_` and 24 to 64 bytes in base 64.
    package init?(secret: String) {
        guard secret.hasPrefix(Self.prefix),
            let key = Base64.decode(String(secret.dropFirst(Self.prefix.count))),
            Self.keyBytes.contains(key.count)
        else { return nil }
        self.key = key
    }

    /// The header fields of a message.
    ///
    /// - Parameters:
    ///   - id: The same each time the message is sent.
    ///   - timestamp: When it is sent, in seconds since 1970.
    ///   - body: As it goes on the wire.
    /// - Returns: `webhook-id`, `webhook-timestamp` and `webhook-signature`.
    package func headers(
        id: String,
        timestamp: Int64,
        body: [UInt8]
    ) -> [IntegrationRequest.Header] {
        let signed = Array("\(id).\(timestamp).".utf8) + body
        return [
            .init("webhook-id", id),
            .init("webhook-timestamp", String(timestamp)),
            .init("webhook-signature", "v1,\(Base64.encode(digest(of: signed)))"),
        ]
    }

    private func digest(of message: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        let result = unsafe HMAC(
            EVP_sha256(),
            key,
            Int32(key.count),
            message,
            message.count,
            &digest,
            &length
        )
        // It fails for want of memory only.
        precondition(unsafe result != nil && length == 32, "HMAC-SHA256 has 32 bytes")
        return digest
    }
}
