import EventLoops

/// One measured operation.
struct Benchmark {
    let name: String
    private let iterations: Int
    private let body: (Int) -> Int

    /// - Parameters:
    ///   - name: As `module.operation`.
    ///   - iterations: How often each sample performs the operation.
    ///   - body: Performs the operation as often as it is told, and returns a value other than 0
    ///     that depends on every time, so that the optimiser must keep them.
    init(_ name: String, iterations: Int = 200_000, _ body: @escaping (Int) -> Int) {
        self.name = name
        self.iterations = iterations
        self.body = body
    }

    /// Prints the name and the minimum, median and maximum nanoseconds per operation.
    func report(samples: Int = 9) {
        var checksum = body(iterations)
        let times = (0..<samples).map { _ in
            let begin = MonotonicClock.nanoseconds
            checksum &+= body(iterations)
            return Double(MonotonicClock.nanoseconds - begin) / Double(iterations)
        }
        precondition(checksum != 0, "a benchmark must return what it computed")
        guard let spread = Spread(times) else { return }
        let figures = [spread.minimum, spread.median, spread.maximum].map { Table.fixed($0, 1) }
        print(([name] + figures).joined(separator: "\t"))
    }
}
