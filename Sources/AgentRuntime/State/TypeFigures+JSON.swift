import JSONRPC

// As a snapshot stores them.
extension TypeFigures {
    func write(stored type: String, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("type", type)
        writer.member("completed", completed)
        writer.member("failed", failed)
        writer.member("cancelled", cancelled)
        writer.member("retries", retries)
        writer.name("durations")
        durations.write(stored: &writer)
        writer.name("waits")
        waits.write(stored: &writer)
        writer.endObject()
    }

    init(stored value: JSONReader) throws(StateDecodingError) {
        completed = try value.unsigned("completed")
        failed = try value.unsigned("failed")
        cancelled = try value.unsigned("cancelled")
        retries = try value.unsigned("retries")
        durations = try DurationHistogram(stored: value.member("durations"))
        waits = try DurationHistogram(stored: value.member("waits"))
    }
}

extension DurationHistogram {
    fileprivate func write(stored writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("sumMs", Int(sumMs))
        writer.name("counts")
        writer.beginArray()
        for count in counts { writer.unsigned(count) }
        writer.endArray()
        writer.endObject()
    }

    fileprivate init(stored value: JSONReader) throws(StateDecodingError) {
        let counts = try value.unsignedElements("counts")
        guard counts.count == Self.boundsMs.count + 1 else {
            throw StateDecodingError(path: value.path, problem: "has other buckets")
        }
        self.init(counts: counts, sumMs: try value.int64("sumMs"))
    }

    /// `{count, sumMs, buckets: [{upToMs, count}]}`: the buckets that are not empty, the last one
    /// without a bound.
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("count", count)
        writer.member("sumMs", Int(sumMs))
        writer.name("buckets")
        writer.beginArray()
        for (index, count) in counts.enumerated() where count > 0 {
            writer.beginObject()
            writer.name("upToMs")
            if Self.boundsMs.indices.contains(index) {
                writer.integer(Int(Self.boundsMs[index]))
            } else {
                writer.null()
            }
            writer.member("count", count)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }
}

extension AgentRecord {
    /// `[{type, tasksCompleted, …}]`, by name.
    func writeTypeMetrics(to writer: inout JSONWriter) {
        writer.beginArray()
        for type in types.keys.sorted() {
            guard let figures = types[type] else { continue }
            let ended = Double(figures.completed) + Double(figures.failed)
            writer.beginObject()
            writer.member("type", type)
            writer.member("tasksCompleted", figures.completed)
            writer.member("tasksFailed", figures.failed)
            writer.member("tasksCancelled", figures.cancelled)
            writer.member("retries", figures.retries)
            writer.name("successRate")
            writer.double(ended == 0 ? .nan : Double(figures.completed) / ended)
            writer.name("duration")
            figures.durations.write(to: &writer)
            writer.name("queueWait")
            figures.waits.write(to: &writer)
            writer.endObject()
        }
        writer.endArray()
    }
}
