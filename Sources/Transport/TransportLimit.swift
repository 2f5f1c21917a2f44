import HTTPProtocol
import WebSocketProtocol

/// A limit that ends a connection or keeps it out.
package enum TransportLimit: Int, CaseIterable, Sendable {
    case connections
    case connectionsPerAddress
    case connectionRate
    case headerBytes
    case headerFields
    case bodyBytes
    case requestTime
    case idleTime
    case messageBytes
    case messageTime
    case controlFrames
    case outboundBytes
    case writeTime
    case pings
    case closeTime

    /// The limit that a message broke; `nil` when it broke the protocol.
    init?(_ violation: HTTPViolation) {
        switch violation {
        case .headTooLarge, .targetTooLong: self = .headerBytes
        case .tooManyFields: self = .headerFields
        case .bodyTooLarge, .chunkExtensionsTooLarge: self = .bodyBytes
        default: return nil
        }
    }

    init?(_ violation: ProtocolViolation) {
        guard case .messageTooBig = violation else { return nil }
        self = .messageBytes
    }
}

/// How often each of a fixed set of limits was exceeded.
package struct LimitCounts<
    Limit: CaseIterable & RawRepresentable<Int> & Sendable & SendableMetatype
>: Equatable, Sendable {
    /// By the raw values, which count from 0.
    @usableFromInline var counts: [UInt64]

    @inlinable
    package init() {
        counts = Array(repeating: 0, count: Limit.allCases.count)
    }

    @inlinable
    package mutating func note(_ limit: Limit) {
        counts[limit.rawValue] &+= 1
    }

    @inlinable
    package subscript(limit: Limit) -> UInt64 { counts[limit.rawValue] }
}
