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

/// A status code of HTTP (RFC 9110 §15).
package struct HTTPStatus: RawRepresentable, Hashable, Sendable {
    package var rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    package static let switchingProtocols = HTTPStatus(rawValue: 101)
    package static let ok = HTTPStatus(rawValue: 200)
    package static let badRequest = HTTPStatus(rawValue: 400)
    package static let forbidden = HTTPStatus(rawValue: 403)
    package static let notFound = HTTPStatus(rawValue: 404)
    package static let methodNotAllowed = HTTPStatus(rawValue: 405)
    package static let requestTimeout = HTTPStatus(rawValue: 408)
    package static let contentTooLarge = HTTPStatus(rawValue: 413)
    package static let upgradeRequired = HTTPStatus(rawValue: 426)
    package static let headerFieldsTooLarge = HTTPStatus(rawValue: 431)
    package static let serviceUnavailable = HTTPStatus(rawValue: 503)
}
