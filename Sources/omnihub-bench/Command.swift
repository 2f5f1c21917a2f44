/// What the command line asks for.
enum Command {
    case help
    case list
    case micro
    case count(MeasureOptions)
    /// Serve as a floor; the bench starts itself so.
    case floor(Floor)
    case measure(MeasureOptions)

    static let usage = """
        usage: omnihub-bench [SCENARIO…] [OPTION…]
               omnihub-bench count [SCENARIO…] [OPTION…]
               omnihub-bench list | micro

        Puts load on omnihub-echo and omnihubd, and in turn on floors: bare epoll programs that
        make the same system calls and nothing else. A SCENARIO is a name that 'list' prints, or
        what such names begin with; without any, all are measured.

        'count' counts instead of measuring time: system calls (by the kernel's tracepoint, which
        takes root), and under valgrind's callgrind instructions in user space and allocations,
        for each message. These figures do not depend on the machine or on what else it does.

          --scenario NAME  the same as NAME alone
          --list           the same as 'list'
          --runs N         measured pairs of server and floor for each scenario (7)
          --seconds S      length of a measured interval (1)
          --quick          one short pair for each scenario, to see that everything works
          --no-floor       measure the servers alone
          --json FILE      also write the results to FILE
          --profiles DIR   with 'count', leave callgrind's files in DIR
          --programs DIR   where omnihub-echo and omnihubd are (beside this program)
          --help           this text

        The server runs on processor 0 and the load on processor 1. The exit status tells whether
        all runs were good: no client lost its connection, and no message was lost, repeated or
        changed. It says nothing about speed.

        """

    /// - Parameter arguments: Without the program's name.
    /// - Throws: What is wrong with them.
    init(_ arguments: [String]) throws(UsageError) {
        switch arguments.first {
        case "list", "--list": self = .list
        case "micro": self = .micro
        case "count": self = .count(try MeasureOptions(Array(arguments.dropFirst())))
        case .some(let name) where name.hasPrefix("floor-"):
            self = .floor(try Floor(name, Array(arguments.dropFirst())))
        default:
            if arguments.contains("--help") || arguments.contains("-h") {
                self = .help
            } else {
                self = .measure(try MeasureOptions(arguments))
            }
        }
    }
}

/// How to measure what.
struct MeasureOptions {
    var scenarios: [Scenario] = []
    var runs = 7
    var interval = Interval(warmUp: 300_000_000, measured: 1_000_000_000)
    var measuresReference = true
    var jsonPath: String?
    var programs = Programs()
    var profileDirectory: String?

    init(_ arguments: [String]) throws(UsageError) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--quick":
                runs = 1
                interval.measured = 200_000_000
            case "--scenario":
                rest.insert(try Self.text(of: argument, &rest), at: rest.startIndex)
            case "--no-floor":
                measuresReference = false
            case "--runs":
                runs = try Self.value(of: argument, &rest) { Int($0) }
            case "--seconds":
                let seconds = try Self.value(of: argument, &rest) { Double($0) }
                guard seconds <= 3_600 else { throw UsageError("--seconds is at most 3600") }
                interval.measured = UInt64(seconds * 1e9)
            case "--json":
                jsonPath = try Self.text(of: argument, &rest)
            case "--profiles":
                profileDirectory = try Self.text(of: argument, &rest)
            case "--programs":
                programs = Programs(directory: try Self.text(of: argument, &rest))
            case _ where argument.hasPrefix("-"):
                throw UsageError("unknown option '\(argument)'; see --help")
            default:
                let found = Scenario.all.filter { $0.name.hasPrefix(argument) }
                guard !found.isEmpty else {
                    throw UsageError("no scenario is called '\(argument)'; see 'list'")
                }
                scenarios += found
            }
        }
        if scenarios.isEmpty { scenarios = Scenario.all }
    }

    /// The number behind an option, which must be positive.
    private static func value<Number: Comparable & ExpressibleByIntegerLiteral>(
        of option: String,
        _ rest: inout ArraySlice<String>,
        _ read: (String) -> Number?
    ) throws(UsageError) -> Number {
        let text = try text(of: option, &rest)
        guard let number = read(text), number > 0 else {
            throw UsageError("\(option) needs a positive number, not '\(text)'")
        }
        return number
    }

    private static func text(
        of option: String,
        _ rest: inout ArraySlice<String>
    ) throws(UsageError) -> String {
        guard let text = rest.popFirst() else { throw UsageError("\(option) needs a value") }
        return text
    }
}
