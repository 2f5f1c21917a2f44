import Foundation
import Schedules

extension CronSchedule {
    /// The next times after one that is written as RFC 3339 UTC, in the same form.
    func times(from start: String, _ count: Int) -> [String] {
        guard let date = try? Date(start, strategy: .iso8601) else { return ["no such date"] }
        var time = Int64(date.timeIntervalSince1970) * 1_000
        var times: [String] = []
        for _ in 0..<count {
            guard let next = next(after: time) else { break }
            time = next
            times.append(Date(timeIntervalSince1970: Double(time / 1_000)).formatted(.iso8601))
        }
        return times
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers in every run.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
