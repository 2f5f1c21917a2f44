import Glibc
import JSONRPC

/// The results as programs read them.
struct ResultFile {
    let machine: Machine
    let options: MeasureOptions
    let results: [ScenarioResult]

    func write(to path: String) throws(BenchError) {
        let text = encoded()
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
        writer.name("machine")
        writer.beginObject()
        writer.member("processor", machine.processor)
        writer.member("processors", machine.processors)
        writer.member("kernel", machine.kernel)
        writer.endObject()
        writer.member("commit", ifPresent: machine.commit)
        writer.member("runs", options.runs)
        writer.member("seconds", Double(options.interval.measured) / 1e9)
        writer.name("scenarios")
        writer.beginArray()
        for result in results {
            writer.beginObject()
            writer.member("name", result.name)
            writer.member("server", Figures(result.server))
            writer.member("floor", Figures(result.floor))
            writer.member("cpuRatio", result.ratio)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.takeBytes() + [UInt8(ascii: "\n")]
    }
}

extension JSONWriter {
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
        endObject()
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
