import JSONRPC
import Testing

@testable import CommandLineClient

@Suite("Command line")
struct InvocationTests {
    typealias Command = Invocation.Command

    @Test(
        arguments: [
            ("call session.info", Command.call(method: "session.info", params: .value([:]))),
            (
                #"call tasks.get {"id":"t"}"#,
                .call(method: "tasks.get", params: .value(["id": "t"]))
            ),
            ("call tasks.get -", .call(method: "tasks.get", params: .standardInput)),
            ("watch tasks", .watch(WatchRequest(channels: ["tasks"]))),
            (
                "watch tasks agents --last 3",
                .watch(.init(channels: ["tasks", "agents"], start: .last(3)))
            ),
            (
                #"watch app.> --latest --filter {"severity":"HIGH"}"#,
                .watch(
                    .init(
                        channels: ["app.>"],
                        filter: ["severity": "HIGH"],
                        keepsLatest: true
                    )
                )
            ),
            ("watch --state tasks", .watch(.init(channels: ["tasks"], start: .state))),
            ("watch tasks --since=17", .watch(.init(channels: ["tasks"], start: .offset(17)))),
            (
                "watch tasks --since e-1:17",
                .watch(.init(channels: ["tasks"], start: .since(.init(epoch: "e-1", offset: 17))))
            ),
            ("task a.b", .task(TaskRequest(type: "a.b", payload: .value([:])))),
            (
                #"task --wait --priority high a.b {"x":1} --timeout-ms 500"#,
                .task(
                    TaskRequest(
                        type: "a.b",
                        payload: .value(["x": 1]),
                        priority: "high",
                        timeoutMilliseconds: 500,
                        waits: true
                    )
                )
            ),
            ("agents", .agents),
            ("agents content", .agent(id: "content")),
            ("tasks", .tasks(TaskFilter(limit: 20))),
            (
                "tasks --status dead --agent a --type t --limit 1000",
                .tasks(TaskFilter(status: "dead", agentID: "a", type: "t", limit: 1000))
            ),
            ("tasks 01a2", .showTask(id: "01a2")),
            ("tasks -- --odd", .showTask(id: "--odd")),
            ("--version", .version),
            ("watch --version", .version),
            ("--help", .help(nil)),
            ("-h", .help(nil)),
            ("task --help", .help(.task)),
        ] as [(String, Command)]
    )
    func `reads`(line: String, command: Command) throws {
        #expect(try Invocation(line.split(separator: " ").map(String.init)).command == command)
    }

    @Test func `shows the help when nothing is asked for`() throws {
        #expect(try Invocation([]).command == .help(nil))
    }

    @Test func `takes the options of every command anywhere`() throws {
        let line = ["--json", "agents", "--url", "unix:/run/hub.sock", "--token-file=token"]
        let invocation = try Invocation(line)
        #expect(invocation.printsJSON)
        #expect(invocation.address == HubAddress(endpoint: .unix("/run/hub.sock"), target: "/ws"))
        #expect(invocation.tokenFile == "token")
    }

    @Test func `prefers the option over the environment and that over the standard`() throws {
        let url = "ws://10.0.0.1:7000/ws"
        #expect(try Invocation(["agents"]).address == .standard)
        #expect(try Invocation(["agents"], standardURL: "").address == .standard)
        #expect(try Invocation(["agents"], standardURL: url).address == HubAddress(url))
        let words = ["agents", "--url", "ws://10.0.0.2:7000/ws"]
        #expect(try Invocation(words, standardURL: url).address.description == "10.0.0.2:7000")
    }

    @Test(
        arguments: [
            ("wach tasks", "unknown command 'wach'; did you mean 'watch'?"),
            ("frobnicate", "unknown command 'frobnicate'; see 'omnihub --help'"),
            (
                "watch tasks --sinse 1",
                "unknown option '--sinse' of 'watch'; did you mean '--since'?"
            ),
            ("agents --wait", "unknown option '--wait' of 'agents'; see 'omnihub agents --help'"),
            ("--wait task a", "'--wait' belongs behind its command: omnihub task TYPE [PAYLOAD]"),
            ("-x", "unknown option '-x'; see 'omnihub --help'"),
            ("--json", "a command is missing; see 'omnihub --help'"),
            ("call", "too few arguments; usage: omnihub call METHOD [PARAMS]"),
            ("agents a b", "too many arguments; usage: omnihub agents [ID]"),
            ("agents --url", "'--url' needs a value"),
            ("agents --json=1", "'--json' takes no value"),
            ("agents --json --json", "'--json' is given twice"),
            ("watch a --last 1 --state", "--last and --state exclude each other"),
            ("watch a b --since 1", "--since needs exactly one channel; use --last for several"),
            ("watch a a", "a channel is named twice"),
            ("watch a --since e:", "--since 'e:' is neither EPOCH:OFFSET nor OFFSET"),
            ("watch a --since :1", "--since ':1' is neither EPOCH:OFFSET nor OFFSET"),
            ("watch a --since -1", "--since '-1' is neither EPOCH:OFFSET nor OFFSET"),
            (
                "watch a --since 99999999999999999999",
                "--since '99999999999999999999' is neither EPOCH:OFFSET nor OFFSET"
            ),
            ("watch a --last 0", "--last '0' is no integer from 1 to 100000"),
            (
                "task a --priority urgent",
                "--priority 'urgent' is none of low, medium, high, critical"
            ),
            ("task a --timeout-ms +5", "--timeout-ms '+5' is no integer from 1 to 86400000"),
            ("tasks --limit 1001", "--limit '1001' is no integer from 1 to 1000"),
            ("tasks t --limit 5", "--limit lists tasks and takes no task's ID"),
        ]
    )
    func `refuses`(line: String, message: String) {
        #expect(throws: UsageError(message)) {
            try Invocation(line.split(separator: " ").map(String.init))
        }
    }

    @Test func `refuses a filter that is no object`() {
        let message = "--filter must be a JSON object, such as {}"
        #expect(throws: UsageError(message, status: .badData)) {
            try Invocation(["watch", "a", "--filter", "7"])
        }
    }

    @Test(
        arguments: [
            ("{", "PARAMS is not JSON: unexpected end at byte 1"),
            ("[]", "PARAMS must be a JSON object, such as {}"),
        ]
    )
    func `refuses params that are no object`(params: String, message: String) {
        #expect(throws: UsageError(message, status: .badData)) {
            try Invocation(["call", "m", params])
        }
    }

    @Test func `says that the environment is wrong`() {
        let message =
            "$OMNIHUB_URL: the scheme 'ftp' is none of ws, wss, http, https and unix"
        #expect(throws: UsageError(message)) {
            try Invocation(["agents"], standardURL: "ftp://h")
        }
    }
}
