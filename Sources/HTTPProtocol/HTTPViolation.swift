/// A way in which a peer broke HTTP/1.1 or a limit; each closes the connection.
package enum HTTPViolation: Error, Hashable, Sendable {
    case bareCarriageReturn
    case bareLineFeed
    case controlCharacter

    case malformedRequestLine
    case malformedMethod
    case methodTooLong
    case targetTooLong
    case targetNotOriginForm
    case malformedTarget
    case unsupportedVersion

    case malformedFieldName
    case whitespaceBeforeColon
    case foldedField
    case tooManyFields
    case headTooLarge

    case missingHost
    case repeatedHost
    case malformedHost

    case malformedContentLength
    case repeatedContentLength
    case contentLengthWithTransferEncoding
    case transferEncodingInHTTP10
    case unsupportedTransferEncoding
    case unsupportedExpectation
    case bodyOnUpgrade
    case bodyTooLarge
    case malformedChunk
    case chunkExtensionsTooLarge

    case malformedStatusLine
    case tooManyInterimResponses
    case closedInsideMessage

    /// The status a server answers with; for a client's own peer it says whose fault it was.
    package var status: HTTPStatus {
        switch self {
        case .targetTooLong: .uriTooLong
        case .tooManyFields, .headTooLarge: .headerFieldsTooLarge
        case .bodyTooLarge, .chunkExtensionsTooLarge: .contentTooLarge
        case .unsupportedExpectation: .expectationFailed
        case .methodTooLong, .unsupportedTransferEncoding: .notImplemented
        case .unsupportedVersion: .versionNotSupported
        case .malformedStatusLine, .tooManyInterimResponses, .closedInsideMessage: .badGateway
        case .bareCarriageReturn, .bareLineFeed, .controlCharacter, .malformedRequestLine,
            .malformedMethod, .targetNotOriginForm, .malformedTarget, .malformedFieldName,
            .whitespaceBeforeColon, .foldedField, .missingHost, .repeatedHost, .malformedHost,
            .malformedContentLength, .repeatedContentLength, .contentLengthWithTransferEncoding,
            .transferEncodingInHTTP10, .bodyOnUpgrade, .malformedChunk:
            .badRequest
        }
    }

    /// One sentence for people; it repeats nothing the peer sent.
    package var reason: String {
        switch self {
        case .bareCarriageReturn: "A carriage return is not followed by a line feed."
        case .bareLineFeed: "A line ends in a line feed without a carriage return."
        case .controlCharacter: "The message head holds a control character."
        case .malformedRequestLine: "The request line is not METHOD TARGET VERSION."
        case .malformedMethod: "The method is not a token."
        case .methodTooLong: "The method is longer than any this server knows."
        case .targetTooLong: "The request target is too long."
        case .targetNotOriginForm: "The request target does not begin with a slash."
        case .malformedTarget: "The request target holds a character that must be encoded."
        case .unsupportedVersion: "Only HTTP/1.1 and HTTP/1.0 are spoken here."
        case .malformedFieldName: "A header line does not begin with a field name and a colon."
        case .whitespaceBeforeColon: "Whitespace stands between a field name and its colon."
        case .foldedField: "A header line begins with whitespace."
        case .tooManyFields: "There are too many header fields."
        case .headTooLarge: "The header fields are too large."
        case .missingHost: "The Host field is missing."
        case .repeatedHost: "There is more than one Host field."
        case .malformedHost: "The Host field is not a host name with an optional port."
        case .malformedContentLength: "Content-Length is not a decimal number."
        case .repeatedContentLength: "There is more than one Content-Length field."
        case .contentLengthWithTransferEncoding:
            "Content-Length and Transfer-Encoding exclude each other."
        case .transferEncodingInHTTP10: "HTTP/1.0 has no Transfer-Encoding."
        case .unsupportedTransferEncoding: "The only transfer coding known here is chunked."
        case .unsupportedExpectation: "The only expectation known here is 100-continue."
        case .bodyOnUpgrade: "A request to upgrade to WebSocket must not have a body."
        case .bodyTooLarge: "The body is too large."
        case .malformedChunk: "The chunked body is malformed."
        case .chunkExtensionsTooLarge: "The chunk extensions are too large."
        case .malformedStatusLine: "The answer does not begin with an HTTP/1.1 status line."
        case .tooManyInterimResponses: "There are too many interim responses."
        case .closedInsideMessage: "The connection was closed inside a message."
        }
    }
}
