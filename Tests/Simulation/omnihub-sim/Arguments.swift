/// What the program is asked to do.
struct Arguments {
    var seeds: ClosedRange<UInt64> = 1...100
    var isTraced = false
    var plant: Plant?
    var jobs = 2
    /// Goes on after a seed that fails.
    var goesOn = false
    var showsHelp = false

    static let help = """
        usage: omnihub-sim [--seeds A..B | --seed N] [--trace] [--plant BUG] [--jobs N] [--all]

        Runs a hub, its clients, their network, its disk and its clocks in one process, in an order
        that a seed decides, with everything going wrong that may, and checks that every promise was
        kept. The same seed gives the same run.

          --seeds A..B  seeds to run, 1..100 without this
          --seed N      one seed
          --trace       print what happens; with --seed
          --plant BUG   put a mistake in, which must be found: \
        \(Plant.allCases.map(\.rawValue).joined(separator: ", "))
          --jobs N      seeds at a time, 2 without this
          --all         go on after a seed that fails

        Exit status: 0 when all promises were kept, 1 when one was not, 64 for a wrong argument.

        """

    struct Problem: Error {
        var text: String
    }

    init(_ arguments: [String]) throws(Problem) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--seeds":
                let bounds = try Self.value(of: argument, &rest).split(separator: ".").map {
                    UInt64($0)
                }
                guard bounds.count == 2, let first = bounds[0], let last = bounds[1],
                    first <= last
                else { throw Problem(text: "--seeds is A..B, such as 1..100") }
                seeds = first...last
            case "--seed":
                guard let seed = UInt64(try Self.value(of: argument, &rest)) else {
                    throw Problem(text: "--seed is a number")
                }
                seeds = seed...seed
            case "--plant":
                plant = Plant(rawValue: try Self.value(of: argument, &rest))
                guard plant != nil else { throw Problem(text: "there is no such bug to plant") }
            case "--jobs":
                guard let jobs = Int(try Self.value(of: argument, &rest)), (1...64) ~= jobs else {
                    throw Problem(text: "--jobs is from 1 to 64")
                }
                self.jobs = jobs
            case "--trace": isTraced = true
            case "--all": goesOn = true
            case "--help", "-h": showsHelp = true
            default: throw Problem(text: "unknown argument '\(argument)'")
            }
        }
        if isTraced, seeds.count > 1 { throw Problem(text: "--trace goes with --seed") }
    }

    private static func value(
        of option: String,
        _ rest: inout ArraySlice<String>
    ) throws(Problem) -> String {
        guard let value = rest.popFirst() else { throw Problem(text: "\(option) needs a value") }
        return value
    }
}
