import JSONRPC
import Testing

@testable import Agents

@Suite struct SentimentTrendTests {
    private static func series(_ scores: [Double]) -> JSONValue {
        .array(
            scores.enumerated().map { index, score in
                let time = Moment(milliseconds: index * 3_600_000).text
                return ["time": .string(time), "score": .double(score)]
            }
        )
    }

    @Test func `the average follows by alpha`() throws {
        let result = try SentimentTrend.task(["series": Self.series([1, 0, 0]), "alpha": 0.5])
        #expect(result["ewma"]?.numbers("value") == [1, 0.5, 0.25])
    }

    @Test func `a step is one change with the means around it`() throws {
        let scores = [0.5, 0.52, 0.48, 0.5, -0.3, -0.28, -0.32, -0.3]
        let result = try SentimentTrend.task(["series": Self.series(scores)])
        let changes = try #require(result["changePoints"]?.arrayValue)
        #expect(changes.map { $0["index"] } == [4])
        #expect(changes[0].number("before").isClose(to: 0.5))
        #expect(changes[0].number("after").isClose(to: -0.3))
    }

    @Test(arguments: [[0.3], [0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3], [0, 1, 0, 1, 0, 1, 0, 1]])
    func `without a lasting change there is none`(scores: [Double]) throws {
        let result = try SentimentTrend.task(["series": Self.series(scores)])
        #expect(result["changePoints"] == [])
    }

    @Test func `the longest series is examined`() throws {
        var random = SeededRandom(seed: 2)
        let scores = (0..<ScoreSeries.longest).map { index in
            random.unit() + (index < 2_000 ? 0 : 3)
        }
        let changes = try SentimentTrend.changePoints(scores, penalty: 1)
        #expect(changes.contains(2_000))
    }

    @Test func `an alert needs a history and a fall`() throws {
        let fall = try CrisisDetection.task(["series": Self.series([0, 0, 0, 0, 0, -0.2])])
        #expect(fall["alerts"]?.numbers("z") == [-4])
        for scores in [[0, 0, 0, 0, -1], [0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, -0.14]] {
            let result = try CrisisDetection.task(["series": Self.series(scores)])
            #expect(result["alerts"] == [])
        }
    }

    @Test func `times run forward`() {
        let series: JSONValue = [
            ["time": "2026-01-02", "score": 1], ["time": "2026-01-01T23:59:59Z", "score": 1],
        ]
        #expect(SentimentTrend.task.refusedPaths(["series": series]) == ["/series/1/time"])
        #expect(CrisisDetection.task.refusedPaths(["series": []]) == ["/series"])
    }
}
