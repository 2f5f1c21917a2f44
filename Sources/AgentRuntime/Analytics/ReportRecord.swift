import Analytics
import JSONRPC

/// A report as it was made: the Report object of protocol.md.
package struct ReportRecord: Equatable, Sendable {
    /// UUIDv7.
    package var id: String
    package var request: ReportRequest
    package var createdAt: Timestamp
    /// Who asked for it: a user id.
    package var createdBy: String
    package var from: Timestamp
    package var to: Timestamp
    /// The agents whose figures are in it; `nil` for all there are.
    package var agents: [String]?
    /// JSON: an object for the format `json`, a string for the others.
    package var content: JSONText

    /// What it takes in memory, roughly: the measure of retention.
    var cost: Int { 600 + content.bytes.count }

    /// With `hasContent` all of it, else all but the content.
    func write(to writer: inout JSONWriter, hasContent: Bool) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("type", request.kind.rawValue)
        writer.member("timeframe", request.span.rawValue)
        writer.member("format", request.format.rawValue)
        writer.member("createdAt", createdAt.description)
        writer.member("createdBy", createdBy)
        writer.member("from", from.description)
        writer.member("to", to.description)
        if let agents { writer.member("agents", agents) }
        writer.member("bytes", content.bytes.count)
        if hasContent { writer.member("content", raw: content.bytes) }
        writer.endObject()
    }

    func encoded() -> [UInt8] {
        var writer = JSONWriter(capacity: content.bytes.count + 512)
        write(to: &writer, hasContent: true)
        return writer.takeBytes()
    }

    init(
        id: String,
        request: ReportRequest,
        createdAt: Timestamp,
        createdBy: String,
        window: Window,
        agents: [String]?,
        content: JSONText
    ) {
        self.id = id
        self.request = request
        self.createdAt = createdAt
        self.createdBy = createdBy
        from = Timestamp(millisecondsSince1970: window.start)
        to = Timestamp(millisecondsSince1970: window.end)
        self.agents = agents
        self.content = content
    }

    init(reading value: JSONReader) throws(StateDecodingError) {
        id = try value.string("id")
        request = ReportRequest(
            kind: try value.choice("type"),
            span: try value.choice("timeframe"),
            format: try value.choice("format")
        )
        createdAt = try value.timestamp("createdAt")
        createdBy = try value.string("createdBy")
        from = try value.timestamp("from")
        to = try value.timestamp("to")
        if value.has("agents") {
            var agents: [String] = []
            for element in try value.elements("agents") {
                guard let agent = element.stringValue else {
                    throw StateDecodingError(path: element.path, problem: "is not a string")
                }
                agents.append(agent)
            }
            self.agents = agents
        }
        content = try value.text("content")
    }
}

/// The reports that are kept, the oldest first.
struct ReportShelf: Equatable, Sendable {
    private(set) var reports: [ReportRecord] = []
    private(set) var bytes = 0

    subscript(id: String) -> ReportRecord? { reports.last { $0.id == id } }

    /// Keeps a report; beyond what its owner may have, the owner's oldest goes.
    mutating func add(_ report: ReportRecord, retention: Retention) {
        reports.append(report)
        bytes += report.cost
        var owned = reports.count { $0.createdBy == report.createdBy }
        while owned > retention.maximumReports,
            let oldest = reports.firstIndex(where: { $0.createdBy == report.createdBy })
        {
            remove(at: oldest)
            owned -= 1
        }
    }

    /// Forgets what is too old at `now`, and the oldest of what is too much.
    mutating func prune(at now: Timestamp, retention: Retention) {
        guard !reports.isEmpty else { return }
        let horizon = now.advanced(byMilliseconds: -retention.reportsMs)
        while let first = reports.first,
            first.createdAt < horizon || bytes > retention.maximumReportBytes
        {
            remove(at: 0)
        }
    }

    private mutating func remove(at place: Int) {
        bytes -= reports[place].cost
        reports.remove(at: place)
    }

    /// Takes a stored report back.
    mutating func adopt(_ report: ReportRecord) {
        reports.append(report)
        bytes += report.cost
    }
}
