/// What subscribers can choose a publication by, beside its bytes.
package struct EntryMark: Equatable, Sendable {
    /// Publications of a channel with the same key replace each other for those who want only the
    /// latest; see ``MarkHash``.
    package var key: UInt64
    /// Of events of the runtime.
    package var event: EventMark?

    package init(key: UInt64 = 0, event: EventMark? = nil) {
        self.key = key
        self.event = event
    }
}

/// What an event says of itself, as far as filters look at it: hashes of its texts.
package struct EventMark: Equatable, Sendable {
    package var type: UInt64 = 0
    package var agent: UInt64 = 0
    package var task: UInt64 = 0
    package var correlation: UInt64 = 0
    /// Of the user whose matter it is; 0 for none.
    package var owner: UInt64 = 0
    /// 0 for the lowest.
    package var severity: UInt8 = 0

    package init() {}
}

/// Hashes of texts in marks.
///
/// They are keyed anew in each process (SipHash), so that nobody outside can choose texts that
/// collide; two of a million texts do with a probability of 10⁻⁸.
package enum MarkHash {
    package static func of(_ text: some StringProtocol) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(text)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    package static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hasher = Hasher()
        unsafe hasher.combine(bytes: bytes)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}

/// Which events a subscriber wants; all that is set must hold.
package struct EventFilter: Hashable, Sendable {
    /// Hashes of types, of which the event must have one; empty for any type.
    package var types: [UInt64] = []
    /// The lowest severity that is still wanted.
    package var severity: UInt8 = 0
    package var agent: UInt64?
    package var task: UInt64?
    package var correlation: UInt64?
    /// Hashes of agents of which events may be seen at all; `nil` for all agents.
    package var visibleAgents: Set<UInt64>?
    /// Hash of the user whose own matters may be seen beside these.
    package var visibleOwner: UInt64?

    package init() {}

    package func accepts(_ mark: EventMark) -> Bool {
        mark.severity >= severity
            && (types.isEmpty || types.contains(mark.type))
            && (agent == nil || agent == mark.agent)
            && (task == nil || task == mark.task)
            && (correlation == nil || correlation == mark.correlation)
            && isVisible(mark)
    }

    private func isVisible(_ mark: EventMark) -> Bool {
        guard let visibleAgents else { return true }
        return visibleAgents.contains(mark.agent)
            || mark.owner != 0 && mark.owner == visibleOwner
    }
}
