import Analytics
import Identity
import JSONRPC

/// What has happened in a window of time, as far as somebody may see it.
struct VisibleActivity {
    /// Figures of one kind of tasks.
    struct TypeRow {
        var series: TaskSeries
        var figures: TaskFigures
    }

    /// Figures of one agent, and of its task types by name.
    struct AgentRow {
        var id: String
        var figures = TaskFigures()
        var types: [TypeRow] = []
    }

    let activity: Activity
    let window: Window
    let rules: AccessRules
    /// Of every agent that there is or was, by id.
    private(set) var agents: [AgentRow]
    /// Of what had no place of its own; only for who sees all agents.
    private(set) var others: TaskFigures?

    /// Figures that `rules` show, of all agents or of one; agents of `known` are told even when
    /// nothing happened to them.
    init(
        _ activity: Activity,
        in window: Window,
        rules: AccessRules,
        known: some Sequence<String>,
        only agentID: String? = nil
    ) {
        self.activity = activity
        self.window = window
        self.rules = rules
        func isWanted(_ id: String) -> Bool {
            rules.sees(agent: id) && (agentID == nil || agentID == id)
        }
        var rows: [String: AgentRow] = [:]
        for id in known where isWanted(id) { rows[id] = AgentRow(id: id) }
        for (series, figures) in activity.tasks.series where isWanted(series.agent) {
            let total = figures.total(in: window)
            guard total != TaskFigures() else { continue }
            rows[series.agent, default: AgentRow(id: series.agent)].figures.merge(total)
            rows[series.agent]?.types.append(TypeRow(series: series, figures: total))
        }
        agents = rows.values.sorted { $0.id < $1.id }
        for place in agents.indices {
            agents[place].types.sort { $0.series.type < $1.series.type }
        }
        let rest = activity.tasks.others.total(in: window)
        others = rules.seesAllAgents && agentID == nil && rest != TaskFigures() ? rest : nil
    }

    var total: TaskFigures {
        var total = others ?? TaskFigures()
        for agent in agents { total.merge(agent.figures) }
        return total
    }

    /// Of every bucket of the window, those without anything too.
    func buckets(of agentID: String? = nil) -> [BucketRing<TaskFigures>.Bucket] {
        let starts = window.bucketStarts
        var buckets = starts.map { BucketRing<TaskFigures>.Bucket(start: $0, figures: .init()) }
        func add(_ figures: WindowedFigures<TaskFigures>) {
            for bucket in figures.ring(of: window.span).buckets(in: window) {
                let place = Int((bucket.start &- window.start) / window.span.resolutionMs)
                guard buckets.indices.contains(place) else { continue }
                buckets[place].figures.merge(bucket.figures)
            }
        }
        for (series, figures) in activity.tasks.series
        where rules.sees(agent: series.agent) && (agentID == nil || agentID == series.agent) {
            add(figures)
        }
        if others != nil { add(activity.tasks.others) }
        return buckets
    }
}

extension Window {
    /// Writes `window`, `resolutionMs`, `from` and `to`.
    func writeMembers(to writer: inout JSONWriter) {
        writer.member("window", span.rawValue)
        writer.member("resolutionMs", Int(span.resolutionMs))
        writer.member("from", Timestamp(millisecondsSince1970: start).description)
        writer.member("to", Timestamp(millisecondsSince1970: end).description)
    }
}

extension VisibleActivity {
    func writeAgents(hasBuckets: Bool, to writer: inout JSONWriter) {
        writer.name("agents")
        writer.beginArray()
        for agent in agents {
            writer.beginObject()
            writer.member("id", agent.id)
            agent.figures.writeMembers(to: &writer)
            writer.name("types")
            writer.beginArray()
            for row in agent.types {
                writer.beginObject()
                writer.member("type", row.series.type)
                row.figures.writeMembers(to: &writer)
                writer.endObject()
            }
            writer.endArray()
            if hasBuckets { writeBuckets(of: agent.id, to: &writer) }
            writer.endObject()
        }
        writer.endArray()
        if let others {
            writer.name("others")
            writer.beginObject()
            others.writeMembers(to: &writer)
            writer.endObject()
        }
    }

    func writeBuckets(of agentID: String? = nil, to writer: inout JSONWriter) {
        writer.name("buckets")
        writer.beginArray()
        for bucket in buckets(of: agentID) {
            writer.beginObject()
            writer.member("from", Timestamp(millisecondsSince1970: bucket.start).description)
            bucket.figures.writeCounts(to: &writer)
            writer.endObject()
        }
        writer.endArray()
    }
}

extension TaskFigures {
    func writeMembers(to writer: inout JSONWriter) {
        writeCounts(to: &writer)
        writer.name("successRate")
        writer.double(successRate ?? .nan)
        writer.member("payloadBytes", payloadBytes)
        writer.member("resultBytes", resultBytes)
        writer.name("durationMs")
        durations.write(to: &writer)
        writer.name("queueWaitMs")
        waits.write(to: &writer)
    }

    func writeCounts(to writer: inout JSONWriter) {
        writer.member("created", created)
        writer.member("attempts", attempts)
        writer.member("completed", completed)
        writer.member("failed", failed)
        writer.member("dead", dead)
        writer.member("cancelled", cancelled)
        writer.member("abandoned", abandoned)
        writer.member("retries", retries)
    }
}

extension DurationSketch {
    /// `{count, mean, p50, p90, p99, maximum}`; all but the count are `null` without any.
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("count", count)
        writer.name("mean")
        writer.double(mean ?? .nan)
        for (name, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)] {
            writer.name(name)
            if let value = percentile(share) { writer.integer(Int(value)) } else { writer.null() }
        }
        writer.name("maximum")
        if count > 0 { writer.integer(Int(maximum)) } else { writer.null() }
        writer.endObject()
    }
}

extension HubFigures {
    func writeMembers(to writer: inout JSONWriter) {
        writer.member("events", events)
        writer.member("commands", commands)
        writer.member("denied", denied)
        writer.member("signIns", signIns)
        writer.member("agentFailures", agentFailures)
        writer.member("starts", starts)
        writer.member("outages", outages)
    }
}
