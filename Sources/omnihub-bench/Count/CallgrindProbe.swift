import Glibc

/// Has valgrind's callgrind count what a server does between two moments.
final class CallgrindProbe: Probe {
    private let process: pid_t
    private(set) var failure: BenchError?

    init(_ process: pid_t) {
        self.process = process
    }

    func begin() { switchCounting("on") }
    func end() { switchCounting("off") }

    private func switchCounting(_ state: String) {
        do {
            let arguments = ["callgrind_control", "--instr=\(state)", "\(process)"]
            let tool = try ChildProcess(arguments, isQuiet: true)
            while tool.nextLine(within: 60_000) != nil {}
            try tool.wait()
        } catch {
            failure = BenchError("callgrind_control: \(error)")
        }
    }
}
