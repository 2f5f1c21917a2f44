import Glibc
import JSONRPC

/// The results as programs read them.
struct ResultFile {
    let machine: Machine
    let options: MeasureOptions
    let results: [ScenarioResult]

    func write(to path: String) throws(BenchError) {
        try Self.write(encoded(), to: path)
    }

    /// Writes what was counted.
    static func write(
        _ results: [Counts],
        of machine: Machine,
        to path: String
    ) throws(BenchError) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member(machine)
        writer.name("counts")
        writer.beginArray()
        for counts in results {
            writer.beginObject()
            writer.member("name", counts.name)
            writer.member("messages", counts.messages)
            writer.member("systemCallsPerMessage", counts.systemCalls)
            writer.member("instructionsPerMessage", counts.instructions)
            writer.member("allocationsPerMessage", counts.allocations)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        try write(writer.takeBytes() + [UInt8(ascii: "\n")], to: path)
    }

    private static func write(_ text: [UInt8], to path: String) throws(BenchError) {
        guard let file = fopen(path, "w") else {
            throw BenchError("cannot write \(path): \(String(cString: strerror(errno)))")
        }
        let written = fwrite(text, 1, text.count, file)
        guard fclose(file) == 0, written == text.count else {
            throw BenchError("cannot write \(path)")
        }
    }

    func encoded() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member(machine)
        writer.member("runs", options.runs)
        writer.member("seconds", Double(options.interval.measured) / 1e9)
        writer.name("scenarios")
        writer.beginArray()
        for result in results {
            writer.beginObject()
            writer.member("name", result.name)
            writer.member("server", Figures(result.server))
            writer.member("comparedWith", ifPresent: result.referenceName)
            writer.member("reference", Figures(result.reference))
            writer.member("cpuRatio", result.ratio)
            writer.members(result.thresholds, of: result)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.takeBytes() + [UInt8(ascii: "\n")]
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ machine: Machine) {
        name("machine")
        beginObject()
        member("processor", machine.processor)
        member("processors", machine.processors)
        member("kernel", machine.kernel)
        endObject()
        member("commit", ifPresent: machine.commit)
    }

    fileprivate mutating func member(_ name: String, _ figures: Figures?) {
        guard let figures else { return }
        self.name(name)
        beginObject()
        member("messagesPerSecond", figures.messagesPerSecond)
        member("latencyP50Microseconds", figures.p50)
        member("latencyP99Microseconds", figures.p99)
        member("latencyP999Microseconds", figures.p999)
        member("cpuMicrosecondsPerMessage", figures.serverMicroseconds)
        member("utilisation", figures.utilisation)
        for (kind, spread) in figures.others { member(kind.rawValue, spread) }
        endObject()
    }

    fileprivate mutating func members(_ thresholds: [Threshold], of result: ScenarioResult) {
        guard !thresholds.isEmpty else { return }
        name("thresholds")
        beginArray()
        for threshold in thresholds {
            guard let spread = threshold.spread(result) else { continue }
            beginObject()
            member("value", threshold.name)
            switch threshold.bound {
            case .atLeast(let limit): member("atLeast", limit)
            case .atMost(let limit): member("atMost", limit)
            case .below(let limit): member("below", limit)
            }
            member("measured", spread)
            member("isMet", threshold.isMet(by: spread))
            endObject()
        }
        endArray()
    }

    fileprivate mutating func member(_ name: String, _ spread: Spread?) {
        guard let spread else { return }
        self.name(name)
        beginObject()
        member("median", spread.median)
        member("minimum", spread.minimum)
        member("maximum", spread.maximum)
        endObject()
    }
}
