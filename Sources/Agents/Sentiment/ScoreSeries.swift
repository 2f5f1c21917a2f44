import JSONRPC

/// Scores over time, oldest first.
struct ScoreSeries {
    static let longest = 5_000

    /// As they were written.
    var times: [String]
    var scores: [Double]

    init(_ fields: PayloadFields) throws(InvalidPayload) {
        times = []
        scores = []
        var previous = Moment(milliseconds: .min)
        for point in try fields.objects("series") {
            let text = try point.string("time")
            guard let moment = Self.moment(text) else {
                throw point.wrong("time", "a date or a date and time as in 2026-12-31T09:30:00Z")
            }
            guard moment >= previous else {
                throw point.wrong("time", "no earlier than the one before")
            }
            previous = moment
            times.append(text)
            scores.append(try point.number("score", in: -1e6...1e6))
        }
        guard (1...Self.longest).contains(scores.count) else {
            throw fields.wrong("series", "an array of 1 to \(Self.longest) points")
        }
    }

    private static func moment(_ text: String) -> Moment? {
        if text.utf8.count == 10, let date = CalendarDate(text) {
            return Moment(milliseconds: date.days * Moment.millisecondsPerDay)
        }
        return Moment(text)
    }

    static let schema = Schema.array(
        Schema.object([
            "time": Schema.string(10...64, description: "RFC 3339 date or date-time"),
            "score": Schema.number(-1e6...1e6),
        ]),
        1...longest,
        description: "Oldest first"
    )
}
