/// Coarse timers of one loop: a ring of slots, each a list of tokens (Varghese & Lauck 1987,
/// scheme 6).
///
/// A token fires at or after its tick, never before. Cancelling is the owner's business: what
/// fires is looked up, and looked up in vain when it is gone.
package struct TimerWheel {
    /// Length of a tick in milliseconds.
    package static let resolution: UInt64 = 64
    private static let slotCount = 1024

    private var slots: [[Entry]]
    private var now: UInt64
    /// No token is due before this tick; `UInt64.max` when there is none at all.
    private var earliest = UInt64.max
    package private(set) var count = 0

    private struct Entry {
        var tick: UInt64
        var token: UInt64
    }

    /// - Parameter tick: The current time in ticks.
    package init(tick: UInt64) {
        slots = Array(repeating: [], count: Self.slotCount)
        now = tick
    }

    /// The tick that begins at or after `milliseconds`.
    package static func tick(atOrAfter milliseconds: UInt64) -> UInt64 {
        (milliseconds + resolution - 1) / resolution
    }

    /// Has `token` fire at `tick`, or at the next advance when that has passed.
    package mutating func schedule(_ token: UInt64, at tick: UInt64) {
        let entry = Entry(tick: max(tick, now + 1), token: token)
        slots[Int(entry.tick % UInt64(Self.slotCount))].append(entry)
        count += 1
        earliest = min(earliest, entry.tick)
    }

    /// How long a poller may wait without missing a token: -1 for ever, else milliseconds.
    package func milliseconds(untilDueFrom now: UInt64) -> CInt {
        guard earliest != .max else { return -1 }
        let due = earliest * Self.resolution
        return due <= now ? 0 : CInt(clamping: due - now)
    }

    /// Moves the time to `tick` and appends to `expired` the tokens that are due.
    ///
    /// O(ticks passed + entries in their slots); entries of later rounds stay.
    package mutating func advance(to tick: UInt64, into expired: inout [UInt64]) {
        guard tick > now else { return }
        let steps = min(tick - now, UInt64(Self.slotCount))
        now = tick
        guard earliest <= tick else { return }
        for step in 0..<steps {
            let slot = Int((tick - step) % UInt64(Self.slotCount))
            if slots[slot].isEmpty { continue }
            let before = slots[slot].count
            slots[slot].removeAll { entry in
                guard entry.tick <= tick else { return false }
                expired.append(entry.token)
                return true
            }
            count -= before - slots[slot].count
        }
        earliest = nextOccupiedTick()
    }

    /// The tick of the first slot that holds anything, which may be of a later round.
    private func nextOccupiedTick() -> UInt64 {
        guard count > 0 else { return .max }
        for tick in now + 1...now + UInt64(Self.slotCount)
        where !slots[Int(tick % UInt64(Self.slotCount))].isEmpty {
            return tick
        }
        return .max
    }
}
