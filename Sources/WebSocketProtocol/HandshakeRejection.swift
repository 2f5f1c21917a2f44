package import HTTPProtocol

/// Why a request to open a WebSocket is refused, and with what response.
package enum HandshakeRejection: Error, Equatable, Sendable {
    case methodNotAllowed
    case unsupportedHTTPVersion
    case invalidHost
    case unexpectedBody
    case missingUpgrade
    case missingConnectionOption
    case unsupportedVersion
    case invalidKey
    case malformedSubprotocols
    case malformedExtensions

    package var status: HTTPStatus {
        switch self {
        case .methodNotAllowed: .methodNotAllowed
        case .missingUpgrade, .unsupportedVersion: .upgradeRequired
        case .unsupportedHTTPVersion, .invalidHost, .unexpectedBody, .missingConnectionOption,
            .invalidKey, .malformedSubprotocols, .malformedExtensions:
            .badRequest
        }
    }

    /// One sentence for a person, the body of the response.
    package var message: String {
        switch self {
        case .methodNotAllowed: "A WebSocket is opened with the method GET."
        case .unsupportedHTTPVersion: "A WebSocket is opened with HTTP/1.1."
        case .invalidHost: "The request needs exactly one Host field."
        case .unexpectedBody: "A request to open a WebSocket has no body."
        case .missingUpgrade: "This is a WebSocket endpoint: send Upgrade: websocket."
        case .missingConnectionOption: "The Connection field must name Upgrade."
        case .unsupportedVersion: "This server speaks version 13 of the WebSocket protocol."
        case .invalidKey: "Sec-WebSocket-Key must be one field with 16 bytes in base64."
        case .malformedSubprotocols: "Sec-WebSocket-Protocol must list distinct tokens."
        case .malformedExtensions: "Sec-WebSocket-Extensions is malformed."
        }
    }

    /// The response without its body; whoever writes the body closes the connection behind it.
    package var response: HTTPResponseHead {
        var headers = HTTPHeaders()
        switch status {
        case .upgradeRequired:
            headers.append("Upgrade", "websocket")
            headers.append("Sec-WebSocket-Version", "13")
            headers.append("Connection", "Upgrade")
        case .methodNotAllowed:
            headers.append("Allow", "GET")
        default:
            break
        }
        return HTTPResponseHead(status: status, headers: headers)
    }
}
