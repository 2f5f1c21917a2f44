/// The runs of one scenario, in the order in which they were made.
struct ScenarioResult {
    let name: String
    /// What the server is compared with, such as `floor`.
    let referenceName: String?
    var thresholds: [Threshold] = []
    var server: [Measurement] = []
    /// Run n was made right after the server's run n; empty when there is nothing to compare with.
    var reference: [Measurement] = []

    /// The server's processor time per message over the reference's, pair by pair.
    var ratio: Spread? {
        Spread(zip(server, reference).map { $0.serverMicroseconds / $1.serverMicroseconds })
    }
}

/// Where the values of several runs lie.
struct Spread: Equatable {
    let median: Double
    let minimum: Double
    let maximum: Double

    /// - Returns: `nil` without values.
    init?(_ values: [Double]) {
        let sorted = values.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        minimum = first
        maximum = last
        let middle = sorted.count / 2
        median =
            sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

/// The figures that are reported of each server's runs.
struct Figures {
    let messagesPerSecond: Spread
    /// Microseconds.
    let p50: Spread
    let p99: Spread
    let p999: Spread
    /// Microseconds of user and system time per message.
    let serverMicroseconds: Spread
    /// The part of the time in which the server computed.
    let utilisation: Spread
    /// What only this scenario has.
    let others: [(kind: Figure.Kind, spread: Spread)]

    /// - Returns: `nil` without runs.
    init?(_ runs: [Measurement]) {
        func spread(_ value: (Measurement) -> Double) -> Spread? { Spread(runs.map(value)) }
        func microseconds(_ fraction: Double) -> Spread? {
            spread { Double($0.latency.quantile(fraction)) / 1e3 }
        }
        guard let messagesPerSecond = spread(\.messagesPerSecond),
            let p50 = microseconds(0.5), let p99 = microseconds(0.99),
            let p999 = microseconds(0.999),
            let serverMicroseconds = spread(\.serverMicroseconds),
            let utilisation = spread(\.utilisation)
        else { return nil }
        self.messagesPerSecond = messagesPerSecond
        self.p50 = p50
        self.p99 = p99
        self.p999 = p999
        self.serverMicroseconds = serverMicroseconds
        self.utilisation = utilisation
        others = Figure.Kind.allCases.compactMap { kind in
            Spread(runs.compactMap { run in run.value(of: kind) })
                .map { (kind, $0) }
        }
    }
}
