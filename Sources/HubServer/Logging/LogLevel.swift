/// How much a log line matters.
package enum LogLevel: String, CaseIterable, Comparable, Sendable {
    case debug
    case info
    case notice
    case warning
    case error

    package static func < (left: LogLevel, right: LogLevel) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .notice: 2
        case .warning: 3
        case .error: 4
        }
    }
}

/// How log lines look.
package enum LogFormat: String, CaseIterable, Sendable {
    /// Text on a terminal, JSON lines elsewhere.
    case auto
    case text
    case json
}
