import Analytics
import JSONRPC

/// The file `analytics.json` of a snapshot: a series a line.
///
/// `{kind, agentId?, type?, method?, user?, minutes, halfHours, quarterDays}`, each of these an array
/// of buckets `{start, …}` with the figures that are not 0. `kind` is `task`, `hub`, `method` or
/// `user`; without a name, a series has all for which there was no room.
extension Activity {
    /// In an order that depends on the names only.
    func stored() -> [[UInt8]] {
        var lines: [[UInt8]] = []
        let tasks = tasks.series.sorted { $0.key < $1.key }
        for (key, figures) in tasks {
            lines.append(figures.stored("task", [("agentId", key.agent), ("type", key.type)]))
        }
        lines.append(self.tasks.others.stored("task", []))
        lines.append(hub.stored("hub", []))
        for (key, figures) in methods.series.sorted(by: { $0.key < $1.key }) {
            lines.append(figures.stored("method", [("method", key)]))
        }
        lines.append(methods.others.stored("method", []))
        for (key, figures) in users.series.sorted(by: { $0.key < $1.key }) {
            lines.append(figures.stored("user", [("user", key)]))
        }
        lines.append(users.others.stored("user", []))
        return lines
    }

    /// Takes the series of one line back.
    mutating func adopt(stored value: JSONReader) throws(StateDecodingError) {
        var (tasks, hub, methods, users) = (self.tasks, self.hub, self.methods, self.users)
        switch try value.string("kind") {
        case "task":
            let agent = value.optionalString("agentId")
            let type = value.optionalString("type")
            let key = agent.map { TaskSeries(agent: $0, type: type ?? "") }
            tasks.put(try WindowedFigures(stored: value), for: key)
        case "hub":
            hub = try WindowedFigures(stored: value)
        case "method":
            methods.put(
                try WindowedFigures(stored: value),
                for: value.optionalString("method")
            )
        case "user":
            users.put(try WindowedFigures(stored: value), for: value.optionalString("user"))
        default:
            throw StateDecodingError(path: value.path + "/kind", problem: "is not a known one")
        }
        self = Activity(tasks: tasks, hub: hub, methods: methods, users: users)
    }
}

/// Figures that can be written and read.
private protocol StoredFigures: BucketFigures {
    static var counters: [(name: StaticString, path: any WritableKeyPath<Self, UInt64> & Sendable)]
    {
        get
    }
    static var sketches:
        [(name: StaticString, path: any WritableKeyPath<Self, DurationSketch> & Sendable)]
    { get }
}

extension StoredFigures {
    static var sketches:
        [(name: StaticString, path: any WritableKeyPath<Self, DurationSketch> & Sendable)]
    { [] }
}

extension TaskFigures: StoredFigures {
    fileprivate static let counters:
        [(name: StaticString, path: any WritableKeyPath<Self, UInt64> & Sendable)] = [
            ("created", \.created), ("completed", \.completed), ("failed", \.failed),
            ("dead", \.dead), ("cancelled", \.cancelled), ("abandoned", \.abandoned),
            ("retries", \.retries), ("payloadBytes", \.payloadBytes),
            ("resultBytes", \.resultBytes),
        ]
    fileprivate static let sketches:
        [(name: StaticString, path: any WritableKeyPath<Self, DurationSketch> & Sendable)] = [
            ("durationMs", \.durations), ("queueWaitMs", \.waits),
        ]
}

extension HubFigures: StoredFigures {
    fileprivate static let counters:
        [(name: StaticString, path: any WritableKeyPath<Self, UInt64> & Sendable)] = [
            ("events", \.events), ("commands", \.commands), ("denied", \.denied),
            ("signIns", \.signIns), ("agentFailures", \.agentFailures), ("starts", \.starts),
            ("outages", \.outages),
        ]
}

extension AccessFigures: StoredFigures {
    fileprivate static let counters:
        [(name: StaticString, path: any WritableKeyPath<Self, UInt64> & Sendable)] = [
            ("allowed", \.allowed), ("denied", \.denied),
        ]
}

extension WindowedFigures where Figures: StoredFigures {
    fileprivate func stored(_ kind: String, _ names: [(String, String)]) -> [UInt8] {
        var writer = JSONWriter(capacity: 4096)
        writer.beginObject()
        writer.member("kind", kind)
        for (name, value) in names { writer.member(name, value) }
        for (name, ring) in [
            ("minutes", minutes), ("halfHours", halfHours), ("quarterDays", quarterDays),
        ] {
            writer.name(name)
            writer.beginArray()
            for bucket in ring.buckets { bucket.write(to: &writer) }
            writer.endArray()
        }
        writer.endObject()
        return writer.takeBytes()
    }

    fileprivate init(stored value: JSONReader) throws(StateDecodingError) {
        self.init(
            minutes: try BucketRing(stored: value, "minutes", .hour),
            halfHours: try BucketRing(stored: value, "halfHours", .day),
            quarterDays: try BucketRing(stored: value, "quarterDays", .month)
        )
    }
}

extension BucketRing where Figures: StoredFigures {
    fileprivate init(
        stored value: JSONReader,
        _ name: StaticString,
        _ span: WindowSpan
    ) throws(StateDecodingError) {
        var buckets: [Bucket] = []
        for element in try value.elements(name) { buckets.append(try Bucket(stored: element)) }
        guard let ring = BucketRing(buckets, span: span) else {
            throw StateDecodingError(
                path: "\(value.path)/\(name)",
                problem: "has buckets that are too many, out of order or out of place"
            )
        }
        self = ring
    }
}

extension BucketRing.Bucket where Figures: StoredFigures {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("start", Timestamp(millisecondsSince1970: start).description)
        for counter in Figures.counters where figures[keyPath: counter.path] > 0 {
            writer.member(counter.name.description, figures[keyPath: counter.path])
        }
        for sketch in Figures.sketches where figures[keyPath: sketch.path].count > 0 {
            writer.name(sketch.name.description)
            figures[keyPath: sketch.path].writeStored(to: &writer)
        }
        writer.endObject()
    }

    fileprivate init(stored value: JSONReader) throws(StateDecodingError) {
        var figures = Figures()
        for counter in Figures.counters where value.has(counter.name) {
            figures[keyPath: counter.path] = try value.unsigned(counter.name)
        }
        for sketch in Figures.sketches {
            let read = try value.ifPresent(sketch.name, DurationSketch.init(stored:))
            if let read { figures[keyPath: sketch.path] = read }
        }
        self.init(start: try value.timestamp("start").millisecondsSince1970, figures: figures)
    }
}

extension DurationSketch {
    fileprivate func writeStored(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("sum", Int(sum))
        writer.member("maximum", Int(maximum))
        writer.name("bins")
        writer.beginArray()
        for bin in bins {
            writer.beginObject()
            writer.member("bin", Int(bin.number))
            writer.member("count", bin.count)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }

    fileprivate init(stored value: JSONReader) throws(StateDecodingError) {
        var bins: [Bin] = []
        for element in try value.elements("bins") {
            let number = UInt16(clamping: try element.integer("bin"))
            bins.append(Bin(number: number, count: try element.unsigned("count")))
        }
        let sketch = DurationSketch(
            bins: bins,
            sum: try value.int64("sum"),
            maximum: try value.int64("maximum")
        )
        guard let sketch else {
            throw StateDecodingError(path: value.path, problem: "is no sketch of durations")
        }
        self = sketch
    }
}
