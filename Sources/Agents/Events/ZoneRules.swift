import Foundation

/// The clocks of a time zone of the IANA database.
struct ZoneRules {
    /// The name as it was given, such as `Europe/Berlin`.
    let name: String
    private let zone: TimeZone

    /// `nil` when no zone is called that.
    init?(_ name: String) {
        let isName =
            name == "UTC" || name == "GMT"
            || name.contains("/")
                && name.utf8.allSatisfy { byte in
                    byte < 0x80
                        && (TextScan.isAlphanumeric(Unicode.Scalar(byte))
                            || "/_+-".utf8.contains(byte))
                }
        guard isName, name.utf8.count <= 64, let zone = TimeZone(identifier: name) else {
            return nil
        }
        self.name = name
        self.zone = zone
    }

    var isUTC: Bool { ["UTC", "GMT", "Etc/UTC", "Etc/GMT"].contains(name) }

    /// Seconds that the clocks are ahead of UTC at a moment.
    func offset(at instant: Int) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(instant)))
    }

    func local(of instant: Int) -> Int { instant + offset(at: instant) }

    /// The first moment at which the clocks show a time; `nil` when they jump over it.
    ///
    /// Clocks change by less than a day, and not twice within it.
    func instant(of local: Int) -> Int? {
        for offset in offsets(around: local) where self.offset(at: local - offset) == offset {
            return local - offset
        }
        return nil
    }

    /// As ``instant(of:)``; a time that does not come counts by the offset before the gap.
    func instantOrShifted(of local: Int) -> Int {
        instant(of: local) ?? local - (offsets(around: local).first ?? 0)
    }

    private func offsets(around local: Int) -> [Int] {
        let before = offset(at: local - WallTime.day)
        let after = offset(at: local + WallTime.day)
        return before == after ? [before] : [before, after]
    }

    /// Moments within a range at which the offset changes, with the offsets before and after.
    func changes(in range: Range<Int>) -> [(instant: Int, before: Int, after: Int)] {
        var result: [(instant: Int, before: Int, after: Int)] = []
        var time = range.lowerBound
        var current = offset(at: time)
        while time < range.upperBound {
            let next = min(time + 7 * WallTime.day, range.upperBound)
            let offset = offset(at: next)
            if offset != current {
                var (low, high) = (time, next)
                while high - low > 1 {
                    let middle = low + (high - low) / 2
                    if self.offset(at: middle) == current { low = middle } else { high = middle }
                }
                result.append((high, current, self.offset(at: high)))
                current = self.offset(at: high)
                time = high
            } else {
                time = next
            }
        }
        return result
    }
}
