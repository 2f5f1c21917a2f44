/// What a frame carries (RFC 6455 §5.2); the values that are missing here are reserved.
package enum Opcode: UInt8, Sendable {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    package var isControl: Bool { rawValue & 0x8 != 0 }
}

/// What a message carries: UTF-8 text or any bytes.
package enum MessageKind: Equatable, Sendable {
    case text, binary

    /// The opcode of the message's first frame.
    package var opcode: Opcode {
        switch self {
        case .text: .text
        case .binary: .binary
        }
    }
}

/// What a control frame is for.
enum ControlKind: Equatable, Sendable {
    case close, ping, pong
}

extension Opcode {
    /// The message such a frame begins, if it begins one.
    var messageKind: MessageKind? {
        switch self {
        case .text: .text
        case .binary: .binary
        case .continuation, .close, .ping, .pong: nil
        }
    }

    /// The control frame it is, if it is one.
    var controlKind: ControlKind? {
        switch self {
        case .close: .close
        case .ping: .ping
        case .pong: .pong
        case .continuation, .text, .binary: nil
        }
    }
}

/// Which end of the connection the local endpoint is.
///
/// Clients mask what they send and servers do not (RFC 6455 §5.1), so a server refuses frames
/// without a mask and a client frames with one.
package enum Role: Equatable, Sendable {
    case server, client
}
