/// Writes metrics in the Prometheus text format, version 0.0.4.
struct PrometheusText {
    private(set) var text = ""

    enum Kind: String {
        case counter, gauge, histogram
    }

    /// Begins a metric; its samples follow.
    mutating func metric(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// One sample; values of labels are names of ours and need no escapes.
    mutating func sample(
        _ name: String,
        _ labels: KeyValuePairs<String, String> = [:],
        _ value: some Numeric & CustomStringConvertible
    ) {
        text += name
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0.key)=\"\($0.value)\"" }.joined(separator: ",") + "}"
        }
        text += " \(value)\n"
    }

    /// A metric with one sample.
    mutating func single(
        _ name: String,
        _ kind: Kind,
        _ help: String,
        _ value: some Numeric & CustomStringConvertible
    ) {
        metric(name, kind, help)
        sample(name, [:], value)
    }
}
