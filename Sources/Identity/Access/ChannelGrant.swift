/// What the holder of a subscription token may do, and on which channels.
///
/// It never allows more than whoever issued it may do at the moment.
package struct ChannelGrant: Equatable, Sendable {
    package static let maximumChannels = 16
    /// Of one name or pattern.
    package static let maximumChannelBytes = 256

    package enum Action: String, CaseIterable, Sendable {
        case subscribe
        case publish
        case presence
        case history

        /// The method that it is for.
        package var method: String { "hub.\(rawValue)" }
    }

    /// Tells tokens apart; no secret.
    package let id: String
    /// Names of channels, and patterns of such: `*` stands for one token, `>` at the end for one or
    /// more.
    package let channels: [String]
    package let actions: Set<Action>

    /// - Returns: `nil` for no channels or no actions, too many channels, or one that is too long.
    package init?(id: String, channels: [String], actions: Set<Action>) {
        guard (1...Self.maximumChannels).contains(channels.count), !actions.isEmpty,
            channels.allSatisfy({ (1...Self.maximumChannelBytes).contains($0.utf8.count) })
        else { return nil }
        self.id = id
        self.channels = channels
        self.actions = actions
    }

    /// Whether a method may be called at all.
    ///
    /// What concerns the session itself may; of the rest, what the actions are for.
    package func allows(_ method: String) -> Bool {
        switch method {
        case "rpc.discover": true
        case "hub.channels": true
        case "hub.unsubscribe": actions.contains(.subscribe)
        default:
            method.hasPrefix("session.") || actions.contains { $0.method == method }
        }
    }

    /// Whether it is for a channel or, of a pattern, for all channels that it stands for.
    package func covers(_ name: String) -> Bool {
        channels.contains { Self.covers(name.utf8, by: $0.utf8) }
    }

    private static func covers(_ name: String.UTF8View, by entry: String.UTF8View) -> Bool {
        var name: Substring.UTF8View? = name[...]
        var entry: Substring.UTF8View? = entry[...]
        while let granted = nextToken(&entry) {
            guard let wanted = nextToken(&name), !wanted.isEmpty || granted.isEmpty else {
                return false
            }
            if granted.elementsEqual(">".utf8) { return true }
            if granted.elementsEqual("*".utf8) {
                if wanted.elementsEqual(">".utf8) { return false }
            } else if !granted.elementsEqual(wanted) {
                return false
            }
        }
        return nextToken(&name).map { _ in false } ?? true
    }

    /// Takes the first token; what is left is behind its dot, or `nil` when it has none.
    private static func nextToken(
        _ rest: inout Substring.UTF8View?
    ) -> Substring.UTF8View? {
        guard let text = rest else { return nil }
        let token = text.prefix { $0 != UInt8(ascii: ".") }
        rest = token.endIndex == text.endIndex ? nil : text[token.endIndex...].dropFirst()
        return token
    }
}
