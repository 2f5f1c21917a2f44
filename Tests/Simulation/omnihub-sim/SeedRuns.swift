import CSimulation
import Glibc

/// Runs seeds, each in a process of its own: a crash of the hub's code ends that one only, and what
/// it leaves in memory changes no other run.
struct SeedRuns {
    let arguments: Arguments
    private let scratch: String
    private var running: [CInt: (seed: UInt64, output: CInt)] = [:]
    private(set) var failed: [UInt64] = []
    private(set) var done = 0

    init(_ arguments: Arguments) {
        self.arguments = arguments
        let base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        scratch = "\(base)/omnihub-sim.\(getpid())"
    }

    /// Runs all seeds, or all up to one that fails.
    mutating func run() {
        let start = time(nil)
        var next = arguments.seeds.lowerBound
        var isOver = false
        while !isOver || !running.isEmpty {
            if !isOver, running.count < arguments.jobs {
                begin(next)
                isOver = next == arguments.seeds.upperBound
                next &+= 1
            } else {
                awaitOne()
                if !failed.isEmpty, !arguments.goesOn { isOver = true }
                if done.isMultiple(of: 500) {
                    print("\(done) of \(arguments.seeds.count) seeds, \(time(nil) - start) s")
                }
            }
        }
    }

    private mutating func begin(_ seed: UInt64) {
        var ends: [CInt] = [0, 0]
        guard pipe(&ends) == 0 else { fatal("pipe") }
        let child = csim_fork()
        guard child >= 0 else { fatal("fork") }
        if child == 0 {
            close(ends[0])
            let (isGood, report) = Self.perform(seed, arguments, "\(scratch).\(seed)")
            csim_flush()
            _ = report.utf8CString.withUnsafeBytes {
                csim_real_write(ends[1], $0.baseAddress, $0.count - 1)
            }
            _exit(isGood ? 0 : 1)
        }
        close(ends[1])
        running[child] = (seed, ends[0])
    }

    private mutating func awaitOne() {
        var status: CInt = 0
        let child = waitpid(-1, &status, 0)
        guard let (seed, output) = running.removeValue(forKey: child) else { return }
        var report = ""
        var part = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(output, &part, part.count), count > 0 {
            report += String(decoding: part[..<count], as: UTF8.self)
        }
        close(output)
        done += 1
        if status == 0 {
            if arguments.seeds.count == 1 { print(report) }
            return
        }
        failed.append(seed)
        let signal = status & 0x7F
        print("seed \(seed) FAILED\(signal == 0 ? "" : " by signal \(signal)")")
        print(report)
        let plant = arguments.plant.map { " --plant \($0.rawValue)" } ?? ""
        print("replay it: omnihub-sim --seed \(seed)\(plant) --trace\n")
    }

    private func fatal(_ call: String) -> Never {
        print("\(call): \(String(cString: strerror(errno)))")
        exit(71)
    }

    /// One run, in this process.
    private static func perform(
        _ seed: UInt64,
        _ arguments: Arguments,
        _ folder: String
    ) -> (isGood: Bool, report: String) {
        let trace = Trace(isPrinted: arguments.isTraced)
        do throws(Violation) {
            let world = try World(
                seed: seed,
                plant: arguments.plant,
                folder: folder,
                trace: trace
            )
            defer { world.machine.discard() }
            try world.run()
            return (
                true,
                "seed \(seed): \(world.turns) turns, \(world.lives) lives, \(world.crashes) crashes, "
                    + "\(world.ledger.released.count) events, \(world.ledger.deliveries) delivered, "
                    + "\(world.ledger.repeatedAnswers) repeated, trace \(trace.digest)"
            )
        } catch {
            let tail = arguments.isTraced ? [] : trace.tail.suffix(30)
            return (
                false, (tail + ["\(error)", "trace \(trace.digest)"]).joined(separator: "\n")
            )
        }
    }
}
