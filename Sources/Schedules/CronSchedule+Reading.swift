import Foundation

extension CronSchedule {
    /// Reads an expression and the name of a time zone of the IANA database, such as
    /// `Europe/Berlin`.
    package init(_ text: String, timeZone name: String) throws(CronScheduleProblem) {
        let expression: CronExpression
        do throws(CronProblem) {
            expression = try CronExpression(text)
        } catch {
            throw .expression(error.description)
        }
        guard let timeZone = Self.timeZone(name) else {
            throw .timeZone("is no time zone of the IANA database, such as Europe/Berlin or UTC")
        }
        self.init(expression, in: timeZone)
    }

    private static func timeZone(_ name: String) -> TimeZone? {
        // Names are looked up as files: nothing may lead out of their folder.
        let isName = name.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "/")
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
        }
        guard isName, (1...64).contains(name.utf8.count) else { return nil }
        return TimeZone(identifier: name)
    }

    /// The last time after `start` and not after `end` that it is due; all in milliseconds since
    /// 1970 began.
    ///
    /// O(log(end - start)) steps of ``next(after:)``.
    package func last(after start: Int64, notAfter end: Int64) -> Int64? {
        func next(_ time: Int64) -> Int64 { self.next(after: time) ?? .max }
        guard start < end, next(start) <= end else { return nil }
        // Something is due between `low` and `end`, nothing between `high` and `end`.
        var (low, high) = (start, end)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if next(middle) <= end { low = middle } else { high = middle }
        }
        return next(low)
    }
}

/// What is wrong with a schedule that somebody wrote, in words for that one.
package enum CronScheduleProblem: Error, Equatable {
    case expression(String)
    case timeZone(String)
}
