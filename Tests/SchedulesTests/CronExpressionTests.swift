import Foundation
import Schedules
import Testing

@Suite("Cron expressions")
struct CronExpressionTests {
    @Test(
        "A text that is none is refused in words",
        arguments: [
            ("", "not 0"),
            ("* * * *", "not 4"),
            ("* * * * * * *", "not 7"),
            ("60 * * * *", "the minute must be a number from 0 to 59"),
            ("* 24 * * *", "the hour must be a number from 0 to 23"),
            ("* * 0 * *", "the day of month must be a number from 1 to 31"),
            ("* * * 13 *", "the month must be a number from 1 to 12 or a name such as feb"),
            ("* * * * 8", "the day of week must be a number from 0 to 7 or a name such as mon"),
            ("* * * * funday", "the day of week must be a number"),
            ("60 * * * * *", "the second must be a number from 0 to 59"),
            ("5-1 * * * *", "the minute 5-1 runs backwards"),
            ("*/0 * * * *", "the step of the minute must be a number from 1 to 59"),
            ("*/90 * * * *", "the step of the minute must be a number from 1 to 59"),
            ("*/x * * * *", "the step of the minute must be a number from 1 to 59"),
            ("1,,2 * * * *", "the minute has an empty item"),
            ("1, * * * *", "the minute has an empty item"),
            ("-1 * * * *", "the minute must be a number"),
            ("+1 * * * *", "the minute must be a number"),
            ("1-2-3 * * * *", "the minute must be a number"),
            ("99999999999999999999 * * * *", "the minute must be a number"),
            ("٣ * * * *", "the minute must be a number"),
            ("@reboot", "must be one of @annually, @daily, @hourly"),
            ("@daily 5", "must be one of"),
            ("0 0 30 2 *", "is never due"),
            ("0 0 31 4,6,9,11 *", "is never due"),
        ]
    )
    func isRefused(text: String, words: String) {
        let problem = #expect(throws: CronProblem.self) { try CronExpression(text) }
        #expect(problem?.description.contains(words) == true, "\(String(describing: problem))")
    }

    @Test("A long text is not looked at")
    func longTextIsRefused() {
        let text = String(repeating: "1,", count: 200) + "1 * * * *"
        let problem = #expect(throws: CronProblem.self) { try CronExpression(text) }
        #expect(problem?.description == "has more than 256 bytes")
    }

    @Test("Random text never crashes the reader")
    func randomText() {
        var random = SeededRandom(seed: 7)
        let signs = Array("0123456789*/-,?@ \tmonjanLW#é")
        for _ in 0..<20_000 {
            let text = String(
                (0..<Int.random(in: 0..<30, using: &random)).compactMap { _ in
                    signs.randomElement(using: &random)
                }
            )
            guard let expression = try? CronExpression(text) else { continue }
            #expect(CronSchedule(expression, in: .gmt).next(after: 0) != nil, "\(text)")
        }
    }

    @Test(
        "Equal schedules are written in many ways",
        arguments: [
            ("@daily", "0 0 * * *"), ("@weekly", "0 0 * * sun"), ("@hourly", "0 * * * *"),
            ("@monthly", "0 0 1 * *"), ("@yearly", "0 0 1 jan *"), ("@MIDNIGHT", "0 0 0 * * *"),
            ("0 0 * * 7", "0 0 * * 0"), ("0 0 * * MON-fri", "0 0 * * 1,2,3,4,5"),
            ("5/20 * * * *", "5,25,45 * * * *"), ("0 0 ? * 1", "0 0 * * 1"),
            ("0 0 * * 5-7", "0 0 * * 5,6,0"), ("0-58/2 * * * *", "*/2 * * * *"),
            ("0 0 * * 6/1", "0 0 * * 6"), (" 1  2\t3 4 * ", "1 2 3 4 *"),
            ("0 0 1-31 * 1", "0 0 * * *"),
        ]
    )
    func areEqual(one: String, other: String) throws {
        let one = CronSchedule(try CronExpression(one), in: .gmt)
        let other = CronSchedule(try CronExpression(other), in: .gmt)
        #expect(
            one.times(from: "2026-01-01T00:00:00Z", 30)
                == other.times(from: "2026-01-01T00:00:00Z", 30)
        )
    }
}
