import EventLoops
import Glibc
import HubServer

/// The hub as a program: what its arguments ask for, and then an exit status.
@main
enum OmniHubDaemon {
    static func main() {
        if let status = ProcessGuard.runIfAsked() { exit(status) }
        SignalSource.ignoreBrokenPipes()
        let environment = ProcessEnvironment.variables
        let command = DaemonCommand(
            arguments: Array(CommandLine.arguments.dropFirst()),
            environment: environment
        )
        // Nothing is buffered; and exit(3) would take OpenSSL's locks away from threads that are still
        // at something, such as an agent that did not end in time.
        _exit(run(command, environment).rawValue)
    }

    private static func run(_ command: DaemonCommand, _ environment: [String: String]) -> ExitStatus
    {
        switch command {
        case .fail(let lines, let status):
            for line in lines { report(line) }
            return status
        case .print(let text):
            do {
                try StandardOutput.write(text)
                return .success
            } catch {
                report("cannot write to standard output: \(error.reason)")
                return .ioError
            }
        case .maintain(let command):
            return StateMaintenance.run(command) {
                try? StandardOutput.write($0 + "\n")
            } report: {
                report($0)
            }
        case .serve(let configuration):
            DescriptorLimit.raise()
            let logger = Logger(configuration.log, environment: environment)
            if !configuration.coreDumps, !CoreDump.forbid() {
                logger.warning("the kernel does not let core files be forbidden")
            }
            return HubService.run(configuration, logger: logger)
        }
    }

    private static func report(_ line: String) {
        StandardError.write(Array("omnihubd: \(line)\n".utf8))
    }
}
