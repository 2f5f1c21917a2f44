/// What a stream can show.
struct TextStyle: Equatable, Sendable {
    enum Colour: Int, Sendable {
        case red = 31
        case green = 32
        case yellow = 33
        case blue = 34
        case cyan = 36
        /// Less conspicuous than plain text.
        case dim = 2
        case bold = 1
    }

    var usesColours: Bool
    /// Columns of the terminal; `nil` when there is none, so that lines have no limit.
    var columns: Int?

    /// For files and pipes.
    static let plain = TextStyle(usesColours: false, columns: nil)

    var isTerminal: Bool { columns != nil }

    /// The text in a colour, where there are colours.
    func paint(_ text: String, _ colour: Colour?) -> String {
        guard usesColours, let colour, !text.isEmpty else { return text }
        return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
    }
}

extension TextStyle.Colour {
    /// The colour of a status or of the last part of an event type, such as `completed`.
    static func ofStatus(_ status: some StringProtocol) -> TextStyle.Colour? {
        switch status {
        case "completed", "active", "started", "resumed": .green
        case "failed", "dead", "error": .red
        case "running", "progress", "starting", "stopping": .cyan
        case "cancelled", "abandoned", "retrying", "paused", "stopped", "draining", "degraded":
            .yellow
        case "pending", "scheduled", "created", "blocked", "inactive": .blue
        default: nil
        }
    }
}
