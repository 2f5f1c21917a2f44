import EventLoops
import FoundationEssentials
import Glibc
import HubServer

/// The hub as a program: what its arguments ask for, and then an exit status.
@main
enum OmniHubDaemon {
    static func main() {
        SignalSource.ignoreBrokenPipes()
        let command = DaemonCommand(
            arguments: Array(CommandLine.arguments.dropFirst()),
            environment: ProcessInfo.processInfo.environment
        )
        exit(run(command).rawValue)
    }

    private static func run(_ command: DaemonCommand) -> ExitStatus {
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
        case .serve(let configuration):
            let environment = ProcessInfo.processInfo.environment
            return serve(configuration, Logger(configuration.log, environment: environment))
        }
    }

    private static func serve(_ configuration: HubConfiguration, _ logger: Logger) -> ExitStatus {
        let descriptors = DescriptorLimit.raise()
        if descriptors < configuration.limits.maxConnections {
            logger.notice(
                "fewer connections than limits.maxConnections are possible; raise LimitNOFILE",
                [
                    "descriptors": descriptors,
                    "maxConnections": configuration.limits.maxConnections,
                ]
            )
        }
        return HubService.run(configuration, logger: logger)
    }

    private static func report(_ line: String) {
        StandardError.write(Array("omnihubd: \(line)\n".utf8))
    }
}
