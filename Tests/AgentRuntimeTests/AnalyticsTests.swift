import Analytics
import JSONRPC
import Testing

@testable import AgentRuntime

@Suite("Analytics")
struct AnalyticsTests {
    private func agents(
        _ hub: inout CoreHarness,
        _ span: WindowSpan = .hour
    ) throws -> JSONObject {
        let command = Command.analytics(.agents(span, agentID: "worker", hasBuckets: false))
        return try #require(try hub.call(command)["agents"]?.arrayValue?.first?.objectValue)
    }

    @Test func `a wait begins when the task could run`() throws {
        var hub = try CoreHarness()
        let runAt = hub.now.wall.advanced(byMilliseconds: 5000)
        let id = try hub.create("worker.work", ["runAt": .string(runAt.description)])
        hub.advance(.milliseconds(5000))
        hub.advance(.milliseconds(7))
        hub.end(id)

        let wait = try #require(try agents(&hub)["queueWaitMs"])
        #expect(wait["count"]?.intValue == 1)
        #expect(wait["maximum"]?.intValue == 0)
    }

    @Test func `a clock that is set back makes no negative wait`() throws {
        var configuration = RuntimeConfiguration()
        configuration.defaultConcurrency = 1
        var hub = try CoreHarness(configuration: configuration)
        let first = try hub.create()
        _ = try hub.create()
        hub.stepWallClock(byMilliseconds: -7_200_000)
        hub.end(first)
        hub.stepWallClock(byMilliseconds: 7_200_000)

        let wait = try #require(try agents(&hub, .day)["queueWaitMs"])
        #expect(wait["count"]?.intValue == 2)
        #expect(wait["maximum"]?.intValue == 0)
    }

    @Test func `a state from before there were figures has none`() throws {
        var hub = try CoreHarness()
        _ = try hub.create()
        var state = RuntimeState()
        try state.decodeHead(hub.state.encodedHead())
        #expect(state.activity == Activity() && state.reports == ReportShelf())
        #expect(hub.state.activity != Activity())
    }

    @Test func `an older retention keeps the present defaults of what it does not name`() throws {
        let json =
            #"{"finishedMs":1,"deadMs":2,"maximumCount":3,"maximumBytes":4,"#
            + #""answersMs":5,"maximumAnswers":6}"#
        let retention = try Retention(reading: JSONReader(parsing: Array(json.utf8)))
        #expect(retention.maximumSeries == Retention().maximumSeries)
        #expect(retention.reportsMs == Retention().reportsMs)
        #expect(retention.maximumAnswers == 6)
    }

    @Test func `reports go when they are too many, too old or too large together`() {
        var retention = Retention()
        retention.maximumReports = 2
        retention.reportsMs = 1000
        retention.maximumReportBytes = 5000
        var shelf = ReportShelf()
        func report(_ id: String, by user: String, at time: Int64, bytes: Int = 100) -> ReportRecord
        {
            ReportRecord(
                id: id,
                request: ReportRequest(kind: .taskThroughput, span: .day, format: .csv),
                createdAt: Timestamp(millisecondsSince1970: time),
                createdBy: user,
                window: WindowSpan.day.window(at: time),
                agents: ["a"],
                content: JSONText(Array(repeating: UInt8(ascii: "1"), count: bytes))
            )
        }
        func add(_ report: ReportRecord) {
            shelf.add(report, retention: retention)
            shelf.prune(at: report.createdAt, retention: retention)
        }
        for (place, id) in ["1", "2", "3"].enumerated() {
            add(report(id, by: "anna", at: Int64(place)))
        }
        add(report("4", by: "bert", at: 3))
        #expect(shelf.reports.map(\.id) == ["2", "3", "4"])
        add(report("5", by: "bert", at: 1002))
        #expect(shelf.reports.map(\.id) == ["3", "4", "5"])
        add(report("6", by: "carl", at: 1002, bytes: 3500))
        #expect(shelf.reports.map(\.id) == ["5", "6"])
        #expect(shelf.bytes == shelf.reports.reduce(0) { $0 + $1.cost })
        #expect(shelf["5"] != nil && shelf["1"] == nil)
    }

    @Test func `a report is the same after it was stored`() throws {
        var hub = try CoreHarness()
        for kind in ReportKind.allCases {
            for format in ReportFormat.allCases {
                let request = ReportRequest(kind: kind, span: .week, format: format)
                let answer = try hub.call(.analytics(.generateReport(request)))
                let id = try #require(answer["id"]?.stringValue)
                let report = try #require(hub.state.reports[id])
                let read = try ReportRecord(reading: JSONReader(parsing: report.encoded()))
                #expect(read == report && report.agents == nil)
            }
        }
        #expect(hub.state.audit.head.number == 9)
    }

    @Test func `damaged figures are named`() throws {
        var activity = Activity()
        for (line, path) in [
            (#"{"kind":"what"}"#, "/kind"),
            (#"{"kind":"hub","minutes":[],"halfHours":[]}"#, "/quarterDays"),
            (
                #"{"kind":"hub","minutes":[{"start":"2026-01-31T23:59:59.999Z"}],"halfHours":[],"#
                    + #""quarterDays":[]}"#, "/minutes"
            ),
        ] {
            let error = #expect(throws: StateDecodingError.self) {
                try activity.adopt(stored: JSONReader(parsing: Array(line.utf8)))
            }
            #expect(error?.path == path)
        }
    }
}
