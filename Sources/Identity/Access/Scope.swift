/// Methods that a key may call: names such as `tasks.create`, and groups such as `tasks.*`.
///
/// A scope only takes away: what the role does not allow it does not give.
package struct Scope: Equatable, Sendable {
    package static let maximumEntries = 64
    package static let maximumEntryBytes = 64

    /// As they were given.
    package let entries: [String]

    /// - Returns: `nil` for too many entries, none, or one that is neither a name nor a group.
    package init?(_ entries: [String]) {
        guard (1...Self.maximumEntries).contains(entries.count),
            entries.allSatisfy(Self.isEntry)
        else { return nil }
        self.entries = entries
    }

    package func allows(_ method: String) -> Bool {
        entries.contains { entry in
            entry.hasSuffix(".*") ? method.hasPrefix(entry.dropLast()) : entry == method
        }
    }

    private static func isEntry(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard text.utf8.count <= maximumEntryBytes, parts.count == 2 else { return false }
        return isWord(parts[0]) && (isWord(parts[1]) || parts[1].elementsEqual("*".utf8))
    }

    private static func isWord(_ part: Substring.UTF8View) -> Bool {
        !part.isEmpty
            && part.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            }
    }
}
