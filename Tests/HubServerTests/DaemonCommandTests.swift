import EventLoops
import Glibc
import Testing

@testable import HubServer

@Suite struct DaemonCommandTests {
    private static func command(
        _ arguments: [String],
        environment: [String: String] = [:],
        files: [String: String] = [:]
    ) -> DaemonCommand {
        var environment = environment
        environment["HOME"] = "/home/hub"
        return DaemonCommand(
            arguments: arguments,
            environment: environment
        ) { (path, _) throws(SystemError) in
            guard let text = files[path] else { throw SystemError(call: "open", code: ENOENT) }
            return Array(text.utf8)
        }
    }

    private static func configuration(_ command: DaemonCommand) throws -> HubConfiguration {
        guard case .serve(let configuration) = command else {
            Issue.record("\(command)")
            throw CancellationError()
        }
        return configuration
    }

    @Test(arguments: [
        ([], [:], [:], 0),
        (["--config=f"], [:], ["f": "{loops: 1}"], 1),
        (["--config=f"], ["OMNIHUB_LOOPS": "2"], ["f": "{loops: 1}"], 2),
        (["--config=f"], ["OMNIHUB_LOOPS": ""], ["f": "{loops: 1}"], 1),
        (["--config=f", "--loops=3"], ["OMNIHUB_LOOPS": "2"], ["f": "{loops: 1}"], 3),
        ([], ["OMNIHUB_CONFIG": "f"], ["f": "{loops: 1}"], 1),
        (["--config=g"], ["OMNIHUB_CONFIG": "f"], ["f": "{loops: 1}", "g": "{loops: 4}"], 4),
    ])
    func `options win over the environment, which wins over the file`(
        arguments: [String],
        environment: [String: String],
        files: [String: String],
        loops: Int
    ) throws {
        let command = Self.command(arguments, environment: environment, files: files)
        #expect(try Self.configuration(command).loops == loops)
    }

    @Test func `a list replaces that of a weaker source`() throws {
        let files = ["f": "{listen: ['127.0.0.1:1', '127.0.0.1:2']}"]
        let environment = ["OMNIHUB_LISTEN": "127.0.0.1:3, [::1]:4"]
        let fromEnvironment = Self.command(["--config=f"], environment: environment, files: files)
        #expect(
            try Self.configuration(fromEnvironment).listen.map(\.description)
                == ["127.0.0.1:3", "[::1]:4"]
        )
        let fromOptions = Self.command(
            ["--config=f", "--listen", "unix:/a", "--listen=127.0.0.1:5"],
            environment: environment,
            files: files
        )
        #expect(
            try Self.configuration(fromOptions).listen.map(\.description)
                == ["unix:/a", "127.0.0.1:5"]
        )
    }

    @Test func `the state folder is an option, a variable or a default`() throws {
        let initial = try Self.configuration(Self.command([]))
        #expect(initial.stateDirectory == "/home/hub/.local/state/omnihub")
        let variable = Self.command([], environment: ["OMNIHUB_STATE_DIR": "/v"])
        #expect(try Self.configuration(variable).stateDirectory == "/v")
        let option = Self.command(["--state-dir=/o"], environment: ["OMNIHUB_STATE_DIR": "/v"])
        #expect(try Self.configuration(option).stateDirectory == "/o")
    }

    @Test(arguments: [
        (["--nonsense"], [:], [:], HubServer.ExitStatus.usage, "unknown option '--nonsense'"),
        (["--loops=65"], [:], [:], .usage, "--loops: 65 is above the maximum 64"),
        (["--listen=x"], [:], [:], .usage, "--listen: 'x' lacks a port"),
        (["--log-level=all"], [:], [:], .usage, "--log-level: expected one of debug"),
        ([], ["OMNIHUB_LOOPS": "x"], [:], .configuration, "OMNIHUB_LOOPS: expected a whole number"),
        (["--config=f"], [:], [:], .configuration, "f: cannot be read: No such file"),
        (["--config=f"], [:], ["f": "{loops: 65}"], .configuration, "f:1: loops: 65 is above"),
        (["--config=f", "--check-config"], [:], ["f": "{"], .configuration, "f:1:2: expected"),
        (["--dev", "--listen=0.0.0.0:1"], [:], [:], .configuration, "dev: makes everybody"),
    ])
    func `a mistake ends with one line and its exit status`(
        arguments: [String],
        environment: [String: String],
        files: [String: String],
        status: HubServer.ExitStatus,
        line: String
    ) {
        let command = Self.command(arguments, environment: environment, files: files)
        guard case .fail(let lines, let actual) = command else {
            Issue.record("\(command)")
            return
        }
        #expect(actual == status)
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix(line) == true)
        #expect(lines.first?.contains("\n") == false)
    }

    @Test func `of a file that is something else only the first problems are told`() {
        let text = "{" + (0..<50_000).map { "k\($0): 1,\n" }.joined() + "}"
        guard
            case .fail(let lines, .configuration) = Self.command(["--config=f"], files: ["f": text])
        else {
            Issue.record("accepted")
            return
        }
        #expect(lines.count == HubConfiguration.maximumProblems)
        #expect(lines.last == "f:20: k19: there is no such key")
    }

    @Test func `the configuration that would be used is printed`() {
        var expected = HubConfiguration()
        expected.loops = 2
        #expect(Self.command(["--print-config", "--loops=2"]) == .print(expected.document))
    }

    @Test func `help, version and a valid configuration are printed`() {
        #expect(Self.command(["--help"]) == .print(DaemonArguments.help))
        #expect(Self.command(["--version"]) == .print("omnihubd \(HubVersion.current)\n"))
        let checked = Self.command(["--check-config", "--config=f"], files: ["f": "{}"])
        #expect(checked == .print("f is valid\n"))
    }

    @Test(arguments: ["/dev/zero", "/", "/nowhere"])
    func `a real file that is none is refused`(path: String) {
        let command = DaemonCommand(arguments: ["--config", path], environment: ["HOME": "/"])
        guard case .fail(let lines, .configuration) = command else {
            Issue.record("\(command)")
            return
        }
        #expect(lines.first?.hasPrefix("\(path): cannot be read: ") == true)
    }
}
