import EventLoops
import Glibc

/// Measures the servers of this package against programs that make the same system calls and
/// nothing else.
@main
struct OmnihubBench {
    static func main() {
        // A server that dies must show as a failed write, not end the bench.
        signal(SIGPIPE, SIG_IGN)
        do {
            switch try Command(Array(CommandLine.arguments.dropFirst())) {
            case .help:
                print(Command.usage, terminator: "")
            case .list:
                for scenario in Scenario.all { print(scenario.name) }
            case .micro:
                MicroBenchmarks.run()
            case .floor(let floor):
                try floor.serve()
            case .count(let options):
                try Counting(options).run()
            case .measure(let options):
                try Campaign(options).run()
            }
        } catch let error as UsageError {
            complain(error.description)
            exit(EX_USAGE)
        } catch {
            complain("\(error)")
            exit(EXIT_FAILURE)
        }
    }

    private static func complain(_ text: String) {
        let line = Array("omnihub-bench: \(text)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
    }
}

/// Why nothing could be measured, or a run does not count.
struct BenchError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Why a command line says nothing that can be done.
struct UsageError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
