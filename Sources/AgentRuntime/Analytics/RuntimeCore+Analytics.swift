import Analytics
import Identity
import JSONRPC

extension RuntimeCore {
    mutating func execute(_ command: AnalyticsCommand, order: Order) {
        switch command {
        case .agents(let span, let agentID, let hasBuckets):
            replyAgentAnalytics(span, agentID, hasBuckets: hasBuckets, to: order.ticket)
        case .system(let span): replySystemAnalytics(span, to: order.ticket)
        case .generateReport(let request): generateReport(request, order: order)
        case .getReport(let id): replyReport(id, to: order.ticket)
        case .listReports: replyReports(to: order.ticket)
        }
    }

    /// The window that ends now.
    func window(_ span: WindowSpan) -> Window {
        span.window(at: now.wall.millisecondsSince1970)
    }

    func visibleActivity(in window: Window, only agentID: String? = nil) -> VisibleActivity {
        VisibleActivity(
            state.activity,
            in: window,
            rules: asking.rules,
            known: catalogue.agents.lazy.map(\.id),
            only: agentID
        )
    }

    private mutating func replyAgentAnalytics(
        _ span: WindowSpan,
        _ agentID: String?,
        hasBuckets: Bool,
        to ticket: ReplyTicket
    ) {
        if let agentID, visibleAgent(agentID) == nil { return refuseUnknownAgent(ticket) }
        let window = window(span)
        var writer = JSONWriter(capacity: 32 << 10)
        writer.beginObject()
        window.writeMembers(to: &writer)
        visibleActivity(in: window, only: agentID)
            .writeAgents(hasBuckets: hasBuckets, to: &writer)
        writer.endObject()
        reply(ticket, .success(Reply(result: writer.takeBytes())))
    }

    private mutating func replySystemAnalytics(_ span: WindowSpan, to ticket: ReplyTicket) {
        let window = window(span)
        let visible = visibleActivity(in: window)
        var writer = JSONWriter(capacity: 32 << 10)
        writer.beginObject()
        window.writeMembers(to: &writer)
        writer.name("tasks")
        writer.beginObject()
        visible.total.writeMembers(to: &writer)
        writer.endObject()
        visible.writeBuckets(to: &writer)
        let agents = state.agents.values.filter { asking.rules.sees(agent: $0.id) }
        writer.name("now")
        writer.beginObject()
        writer.member("waiting", agents.reduce(0) { $0 + $1.waiting })
        writer.member("running", agents.reduce(0) { $0 + $1.running })
        writer.member("agents", agents.count)
        writer.member("activeAgents", agents.count { $0.status == .active })
        writer.endObject()
        // As the channel `system` and the users themselves are seen.
        if asking.rules.seesAllAgents {
            writer.name("hub")
            writer.beginObject()
            state.activity.hub.total(in: window).writeMembers(to: &writer)
            writer.endObject()
        }
        if asking.rules.seesAllUsers {
            writer.name("users")
            writer.beginObject()
            writer.member("total", state.identity.users.count)
            writer.member("disabled", state.identity.users.values.count(where: \.isDisabled))
            writer.member("active", activeUsers(in: window).count)
            writer.endObject()
        }
        writer.endObject()
        reply(ticket, .success(Reply(result: writer.takeBytes())))
    }

    /// Users who gave a command in the window, by id.
    func activeUsers(in window: Window) -> [String] {
        state.activity.users.series
            .filter { !$0.key.isEmpty && $0.value.total(in: window).allowed > 0 }
            .keys.sorted()
    }
}

// Reports are kept with what they said, and shown only to who may still see all of it.
extension RuntimeCore {
    private mutating func generateReport(_ request: ReportRequest, order: Order) {
        guard request.kind != .auditSummary || asking.rules.seesAllUsers else {
            noteDenial(AuditObject(kind: "report", id: request.kind.rawValue))
            return refuse(order.ticket, .forbidden("\(request.kind.rawValue) needs the role admin"))
        }
        let window = window(request.span)
        let report = ReportRecord(
            id: UUIDv7.make(at: now.wall, using: &random),
            request: request,
            createdAt: now.wall,
            createdBy: order.caller.userID,
            window: window,
            agents: coveredAgents,
            content: content(of: request, in: window)
        )
        emitAgent(
            .reportGenerated(report),
            of: "system",
            keys: order.remembrance.map { [$0] } ?? []
        )
        audit(order, of: AuditObject(kind: "report", id: report.id), hasEffect: true)
        reply(order.ticket, .success(Reply(result: report.encoded())))
    }

    /// `nil` for all agents.
    private var coveredAgents: [String]? {
        switch asking.rules.agents {
        case .all: nil
        case .only(let ids): ids.sorted()
        }
    }

    private func content(of request: ReportRequest, in window: Window) -> JSONText {
        let maker = ReportMaker(
            visible: visibleActivity(in: window),
            audit: state.audit,
            users: state.identity.users,
            madeAt: now.wall,
            madeBy: asking.caller.userID
        )
        switch request.format {
        case .json: return JSONText(maker.json(of: request.kind))
        case .csv: return JSONText(text: maker.document(of: request.kind).csv)
        case .html: return JSONText(text: maker.document(of: request.kind).html)
        }
    }

    func isVisible(_ report: ReportRecord) -> Bool {
        let rules = asking.rules
        guard rules.sees(user: report.createdBy),
            report.request.kind != .auditSummary || rules.seesAllUsers
        else { return false }
        guard let agents = report.agents else { return rules.seesAllAgents }
        return agents.allSatisfy(rules.sees(agent:))
    }

    private mutating func replyReport(_ id: String, to ticket: ReplyTicket) {
        guard let report = state.reports[id] else {
            return refuse(ticket, .notFound("no such report"))
        }
        guard isVisible(report) else {
            noteDenial(AuditObject(kind: "report", id: id))
            return refuse(ticket, .notFound("no such report"))
        }
        reply(ticket, .success(Reply(result: report.encoded())))
    }

    private mutating func replyReports(to ticket: ReplyTicket) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("reports")
        writer.beginArray()
        for report in state.reports.reports.reversed() where isVisible(report) {
            report.write(to: &writer, hasContent: false)
        }
        writer.endArray()
        writer.endObject()
        reply(ticket, .success(Reply(result: writer.takeBytes())))
    }
}

extension JSONText {
    /// A JSON string of UTF-8.
    fileprivate init(text: [UInt8]) {
        var writer = JSONWriter(capacity: text.count + text.count / 16)
        writer.string(String(decoding: text, as: UTF8.self))
        self.init(writer.takeBytes())
    }
}
