import Schedules
import Testing

struct CronReadingTests {
    @Test(arguments: ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+3"])
    func `time zones have their names of the IANA database`(name: String) throws {
        _ = try CronSchedule("0 0 * * *", timeZone: name)
    }

    @Test(arguments: ["", "Mars/Olympus", "../../etc/passwd", "Europe/../UTC", "Europe/Berlin\0"])
    func `other names are refused`(name: String) {
        #expect {
            try CronSchedule("0 0 * * *", timeZone: name)
        } throws: { error in
            if case CronScheduleProblem.timeZone = error { true } else { false }
        }
    }

    @Test func `a bad expression is told apart from a bad time zone`() {
        #expect {
            try CronSchedule("0 0 30 2 *", timeZone: "UTC")
        } throws: { error in
            error as? CronScheduleProblem
                == .expression("is never due: no such month has such a day")
        }
    }

    @Test(arguments: ["* * * * * *", "*/7 3 * * *", "0 12 29 2 *", "30 2 * * sun", "0 0 1 1 *"])
    func `the last time before a moment is the one that walking there finds`(
        text: String
    ) throws {
        let schedule = try CronSchedule(text, timeZone: "Europe/Berlin")
        var random = SeededRandom(seed: 7)
        for _ in 0..<20 {
            let start = Int64.random(in: 1_700_000_000_000...1_800_000_000_000, using: &random)
            // Enough for some, too little for others.
            let end = start + Int64.random(in: 0...3_000, using: &random) * 1_000
            var walked: Int64?
            var time = start
            while let next = schedule.next(after: time), next <= end {
                (walked, time) = (next, next)
            }
            #expect(schedule.last(after: start, notAfter: end) == walked)
        }
        let years = schedule.last(after: 1_600_000_000_000, notAfter: 1_800_000_000_000)
        let last = try #require(years)
        #expect(try #require(schedule.next(after: last)) > 1_800_000_000_000)
        #expect(last <= 1_800_000_000_000)
    }

    @Test func `nothing is due in an empty or a backward span`() throws {
        let schedule = try CronSchedule("* * * * * *", timeZone: "UTC")
        #expect(schedule.last(after: 5_000, notAfter: 5_000) == nil)
        #expect(schedule.last(after: 9_000, notAfter: 5_000) == nil)
    }
}
