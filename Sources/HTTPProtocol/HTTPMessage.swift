/// The request line and header fields of an HTTP/1.1 request (RFC 9112 §3).
package struct HTTPRequestHead: Equatable, Sendable {
    package var method: String
    /// The request target as it was sent, in origin form: path and optional query.
    package var target: String
    /// 0 or 1: the digit after `HTTP/1.`.
    package var minorVersion: Int
    package var headers: HTTPHeaders

    package init(
        method: String,
        target: String,
        minorVersion: Int = 1,
        headers: HTTPHeaders = HTTPHeaders()
    ) {
        self.method = method
        self.target = target
        self.minorVersion = minorVersion
        self.headers = headers
    }

    /// The target up to its query.
    package var path: Substring {
        target.prefix { $0 != "?" }
    }

    /// What follows the first question mark of the target, if there is one; never log it.
    package var query: Substring? {
        target.firstIndex(of: "?").map { target[target.index(after: $0)...] }
    }
}

/// The status line and header fields of an HTTP/1.1 response (RFC 9112 §4).
package struct HTTPResponseHead: Equatable, Sendable {
    package var status: HTTPStatus
    package var headers: HTTPHeaders

    package init(status: HTTPStatus, headers: HTTPHeaders = HTTPHeaders()) {
        self.status = status
        self.headers = headers
    }
}
