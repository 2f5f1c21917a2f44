package import HTTPProtocol

/// One HTTP request to the outside.
package struct OutboundRequest: Sendable {
    package var method: String
    package var url: OutboundURL
    /// Beside `Host`, `Connection` and what frames the body.
    package var headers: HTTPHeaders
    package var body: [UInt8]
    /// For all of it, from the name to the last byte, in seconds.
    package var timeout: Int
    /// How long the peer may neither take nor send anything, in seconds; `nil` for as long as all
    /// of it may take.
    package var idleTimeout: Int?
    /// Of the answer's body.
    package var maximumBodyBytes: Int

    package init(
        _ method: String,
        _ url: OutboundURL,
        headers: HTTPHeaders = HTTPHeaders(),
        body: [UInt8] = [],
        timeout: Int = 30,
        idleTimeout: Int? = nil,
        maximumBodyBytes: Int = 1 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.idleTimeout = idleTimeout
        self.maximumBodyBytes = maximumBodyBytes
    }

    /// As it goes on the wire.
    var encoded: [UInt8] {
        var head = HTTPRequestHead(method: method, target: url.target)
        head.headers.append("Host", url.authority)
        head.headers.append("Connection", "close")
        head.headers.append("User-Agent", "omnihub")
        for field in headers.fields { head.headers.append(field.name, field.value) }
        var bytes: [UInt8] = []
        head.encode(into: &bytes, body: body)
        return bytes
    }
}

/// The answer to an ``OutboundRequest``; a redirect is one like any other, and is not followed.
package struct OutboundResponse: Equatable, Sendable {
    package var status: HTTPStatus
    package var headers: HTTPHeaders
    /// Without what was streamed.
    package var body: [UInt8]

    /// What `Retry-After` says, in seconds (RFC 9110 §10.2.3, the form of a number).
    package var retryAfterSeconds: Int? {
        guard let text = headers.single("Retry-After"), let seconds = Int(text), seconds >= 0 else {
            return nil
        }
        return min(seconds, 86_400)
    }
}
