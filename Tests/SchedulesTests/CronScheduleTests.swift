import Foundation
import Schedules
import Testing

@Suite("When a cron schedule is due")
struct CronScheduleTests {
    @Test(
        "Times of the day come once when clocks change, intervals as the wall clock shows them",
        arguments: [
            // Berlin skips 02:00–03:00 on 29 March and repeats it on 25 October.
            (
                "30 2 * * *", "2026-03-28T12:00:00Z",
                ["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]
            ),
            (
                "0,30 2 * * *", "2026-03-28T12:00:00Z",
                ["2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z"]
            ),
            (
                "30 3 * * *", "2026-03-28T12:00:00Z",
                ["2026-03-29T01:30:00Z", "2026-03-30T01:30:00Z"]
            ),
            (
                "30 2 * * *", "2026-10-24T12:00:00Z",
                ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]
            ),
            ("30 2 * * *", "2026-10-25T00:45:00Z", ["2026-10-26T01:30:00Z"]),
            ("30 2 * * *", "2026-10-25T01:15:00Z", ["2026-10-26T01:30:00Z"]),
            (
                "*/30 2 * * *", "2026-10-24T12:00:00Z",
                [
                    "2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z",
                    "2026-10-25T01:30:00Z", "2026-10-26T01:00:00Z",
                ]
            ),
            ("*/30 2 * * *", "2026-03-28T12:00:00Z", ["2026-03-30T00:00:00Z"]),
            (
                "0 * * * *", "2026-03-29T00:30:00Z",
                ["2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z"]
            ),
            (
                "20 0 * * * *", "2026-10-25T00:30:00Z",
                ["2026-10-25T01:00:20Z", "2026-10-25T02:00:20Z"]
            ),
            (
                "0 0 29 2 *", "2026-01-01T00:00:00Z",
                ["2028-02-28T23:00:00Z", "2032-02-28T23:00:00Z"]
            ),
            (
                "0 12 13 * fri", "2026-11-08T00:00:00Z",
                ["2026-11-13T11:00:00Z", "2026-11-20T11:00:00Z"]
            ),
            (
                "* * 1 1 *", "2026-01-02T00:00:00Z",
                ["2026-12-31T23:00:00Z", "2026-12-31T23:01:00Z"]
            ),
        ]
    )
    func inBerlin(text: String, start: String, expected: [String]) throws {
        let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
        let schedule = CronSchedule(try CronExpression(text), in: zone)
        #expect(schedule.times(from: start, expected.count) == expected)
    }

    @Test("A leap day is found over the year that has none")
    func leapDay() throws {
        let schedule = CronSchedule(try CronExpression("0 0 29 2 *"), in: .gmt)
        #expect(schedule.times(from: "2096-03-01T00:00:00Z", 1) == ["2104-02-29T00:00:00Z"])
    }

    @Test(
        "Clocks at the ends of what is looked at are no trap",
        arguments: ["* * * * * *", "0 0 1 1 *"]
    )
    func strangeClocks(text: String) throws {
        let schedule = CronSchedule(try CronExpression(text), in: .gmt)
        #expect(schedule.next(after: .max) == nil)
        #expect(schedule.next(after: 253_402_300_799_000) == nil)
        #expect(schedule.next(after: .min) == 0)
        #expect(schedule.next(after: -1) == 0)
    }

    @Test(
        "Minute by minute, the wall clock agrees with the schedule",
        arguments: [
            "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca",
            "America/St_Johns", "Asia/Kolkata", "Pacific/Chatham",
        ]
    )
    func agreesWithTheWallClock(identifier: String) throws {
        let zone = try #require(TimeZone(identifier: identifier))
        var random = SeededRandom(seed: 11)
        for month in [2, 3, 9, 10] {
            // Two weeks in which clocks change in many places.
            let first = try #require(date(2026, month, 25))
            for _ in 0..<10 {
                let minute = Int.random(in: 0..<60, using: &random)
                let hour = Int.random(in: 0..<5, using: &random)
                let interval = try CronExpression("*/7 \(hour) * * *")
                let daily = try CronExpression("\(minute) \(hour) * * *")
                expectAgreement(interval, zone, from: first, days: 14) { $0 == hour && $1 % 7 == 0 }
                expectOneADay(daily, zone, from: first, days: 14)
            }
        }
    }

    private func expectAgreement(
        _ expression: CronExpression,
        _ zone: TimeZone,
        from first: Int,
        days: Int,
        _ matches: (Int, Int) -> Bool
    ) {
        let end = first + days * 86_400
        var expected: [Int] = []
        for time in stride(from: first + 60, through: end, by: 60) {
            let wall = time + zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time)))
            if matches(wall / 3_600 % 24, wall / 60 % 60) { expected.append(time) }
        }
        #expect(times(expression, zone, from: first, to: end) == expected, "\(expression.text)")
    }

    private func expectOneADay(
        _ expression: CronExpression,
        _ zone: TimeZone,
        from first: Int,
        days: Int
    ) {
        let found = times(expression, zone, from: first, to: first + days * 86_400)
        let dates = found.map { time in
            (time + zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time)))) / 86_400
        }
        #expect(Set(dates).count == dates.count && dates.count >= days - 1, "\(expression.text)")
        #expect(zip(dates, dates.dropFirst()).allSatisfy { $1 == $0 + 1 }, "\(expression.text)")
    }

    private func times(
        _ expression: CronExpression,
        _ zone: TimeZone,
        from first: Int,
        to end: Int
    ) -> [Int] {
        let schedule = CronSchedule(expression, in: zone)
        var times: [Int] = []
        var last = Int64(first) * 1_000
        while let next = schedule.next(after: last), next <= Int64(end) * 1_000 {
            times.append(Int(next / 1_000))
            last = next
        }
        return times
    }

    private func date(_ year: Int, _ month: Int, _ day: Int) -> Int? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let date = calendar.date(from: DateComponents(year: year, month: month, day: day))
        return date.map { Int($0.timeIntervalSince1970) }
    }
}
