import ByteBuffers

/// The validator of a small file that never changes while the server runs (RFC 9110 §8.8.3).
package struct HTTPEntityTag: Equatable, Sendable {
    /// With its quotation marks, as in an ETag field.
    package let text: String

    /// The tag of a file, made of its length and CRC-32C: it tells versions of one file apart
    /// and is no proof against forgery.
    package init(of body: Span<UInt8>) {
        let checksum = CRC32C.checksum(of: body)
        text = "\"" + String(body.count, radix: 16) + "-" + String(checksum, radix: 16) + "\""
    }
}

extension HTTPRequestHead {
    /// Whether the client has this version already and is to be answered with 304
    /// (If-None-Match, RFC 9110 §13.1.2).
    package func alreadyHas(_ tag: HTTPEntityTag) -> Bool {
        headers.listElements(of: "If-None-Match").contains { element in
            element == "*" || element == tag.text || element == "W/" + tag.text
        }
    }
}
