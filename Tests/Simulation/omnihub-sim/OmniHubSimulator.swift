import CSimulation
import Glibc

@main
struct OmniHubSimulator {
    static func main() {
        csim_pin_down(CommandLine.unsafeArgv)
        let arguments: Arguments
        do throws(Arguments.Problem) {
            arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
        } catch {
            print("omnihub-sim: \(error.text)")
            exit(64)
        }
        if arguments.showsHelp {
            print(Arguments.help, terminator: "")
            return
        }
        csim_buffer_lines()
        var runs = SeedRuns(arguments)
        runs.run()
        if runs.failed.isEmpty {
            print("\(runs.done) seeds, all promises kept")
        } else {
            print("\(runs.failed.count) of \(runs.done) seeds failed: \(runs.failed)")
            exit(1)
        }
    }
}
