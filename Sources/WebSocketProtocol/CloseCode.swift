/// A status code of the closing handshake (RFC 6455 §7.4).
///
/// Peers may send codes this list lacks, so it is a struct and not an enum. The codes of the
/// private range carry a verdict for the client: 40xx reconnect and recover, 41xx authenticate
/// anew and reconnect, 42xx do not reconnect.
package struct CloseCode: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    package static let normalClosure = CloseCode(rawValue: 1000)
    package static let goingAway = CloseCode(rawValue: 1001)
    package static let protocolError = CloseCode(rawValue: 1002)
    package static let unsupportedData = CloseCode(rawValue: 1003)
    package static let invalidPayloadData = CloseCode(rawValue: 1007)
    package static let policyViolation = CloseCode(rawValue: 1008)
    package static let messageTooBig = CloseCode(rawValue: 1009)
    package static let mandatoryExtension = CloseCode(rawValue: 1010)
    package static let internalError = CloseCode(rawValue: 1011)
    package static let serviceRestart = CloseCode(rawValue: 1012)
    package static let tryAgainLater = CloseCode(rawValue: 1013)

    package static let slowConsumer = CloseCode(rawValue: 4001)
    package static let pingTimeout = CloseCode(rawValue: 4002)
    package static let authenticationTimeout = CloseCode(rawValue: 4101)
    package static let tokenExpired = CloseCode(rawValue: 4102)
    package static let revoked = CloseCode(rawValue: 4103)
    package static let forbidden = CloseCode(rawValue: 4201)
    package static let abuse = CloseCode(rawValue: 4202)

    /// Whether the code may appear in a Close frame.
    ///
    /// 1004 is reserved, and 1005, 1006 and 1015 only name local conditions; 1016 to 2999 are
    /// not assigned (RFC 6455 §7.4.1 and §7.4.2, IANA WebSocket Close Code registry).
    package var isAllowedOnWire: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
