import EventLoops
import Glibc
import JSONRPC

/// The program `omnihub`: reads its command line, talks to the hub, and says how it went.
package struct CommandLineTool {
    static let version = "0.1.0"
    /// The largest object taken from standard input; a hub takes far less.
    private static let inputLimit = 64 << 20

    private let invocation: Invocation
    private let console: Console

    /// Runs the program.
    ///
    /// - Parameter words: The words behind its name.
    /// - Returns: The exit status.
    package static func run(_ words: [String]) -> Int32 {
        do throws(UsageError) {
            let url = EnvironmentVariable("OMNIHUB_URL").value
            let invocation = try Invocation(words, standardURL: url)
            return CommandLineTool(invocation).run().rawValue
        } catch {
            Console(printsJSON: false).note(error.message)
            return error.status.rawValue
        }
    }

    private init(_ invocation: Invocation) {
        self.invocation = invocation
        console = Console(printsJSON: invocation.printsJSON)
    }

    private func run() -> ExitStatus {
        do throws(ClientFailure) {
            let status = try perform()
            try console.flush()
            return status
        } catch {
            do throws(ClientFailure) { try console.flush() } catch {}
            for (index, line) in error.lines.enumerated() {
                if index == 0 { console.note(line) } else { console.detail(line) }
            }
            return error.status
        }
    }

    private func perform() throws(ClientFailure) -> ExitStatus {
        switch invocation.command {
        case .help(let command):
            try console.print(text: command.map(UsageText.command) ?? UsageText.program)
        case .version:
            try console.print("omnihub \(Self.version)")
        case .call(let method, let source):
            let params = try read(source, called: "PARAMS")
            try withSession { client throws(ClientFailure) in
                try console.print(try client.call(method, params))
            }
        case .watch(let request):
            return try watch(request)
        case .task(let request):
            let payload = try read(request.payload, called: "PAYLOAD")
            return try withClient { client throws(ClientFailure) in
                try TaskCommand(request, client: client, console: console).run(payload: payload)
            }
        case .agents:
            try withSession { client throws(ClientFailure) in
                try AgentsCommand(client: client, console: console).list()
            }
        case .agent(let id):
            try withSession { client throws(ClientFailure) in
                try AgentsCommand(client: client, console: console).show(id)
            }
        case .tasks(let filter):
            try withSession { client throws(ClientFailure) in
                try TasksCommand(client: client, console: console).list(filter)
            }
        case .login(let email, let passwordFile):
            let file = try credentialFile()
            let password = try LoginCommand.password(from: passwordFile, for: email)
            try withClient(usesLogin: false) { client throws(ClientFailure) in
                try client.connect()
                try LoginCommand(client: client, console: console, file: file)
                    .logIn(email, password)
            }
        case .logout:
            let file = try credentialFile()
            try withClient { client throws(ClientFailure) in
                try LoginCommand.logOut(client, console, file)
            }
        case .showTask(let id):
            try withSession { client throws(ClientFailure) in
                try TasksCommand(client: client, console: console).show(id)
            }
        }
        return .success
    }

    private func credentialFile() throws(ClientFailure) -> CredentialFile {
        guard let file = CredentialFile.standard else {
            throw .usage(UsageError("there is no place for tokens without HOME"))
        }
        return file
    }

    /// Being interrupted is how watching is meant to end.
    private func watch(_ request: WatchRequest) throws(ClientFailure) -> ExitStatus {
        do throws(ClientFailure) {
            return try withClient { client throws(ClientFailure) in
                var command = WatchCommand(request, client: client, console: console)
                try command.run()
                return .success
            }
        } catch .interrupted(signal: SIGINT) {
            return .success
        }
    }

    private func withSession(
        _ body: (HubClient) throws(ClientFailure) -> Void
    ) throws(ClientFailure) {
        try withClient { client throws(ClientFailure) in
            try client.connect()
            try body(client)
        }
    }

    /// Closes the session in good order, whatever happens.
    private func withClient<Value>(
        usesLogin: Bool = true,
        _ body: (HubClient) throws(ClientFailure) -> Value
    ) throws(ClientFailure) -> Value {
        let client = try HubClient(
            address: invocation.address,
            tokenFile: invocation.tokenFile,
            credentials: usesLogin && invocation.tokenFile == nil ? .standard : nil,
            authorities: invocation.authorities
        )
        defer {
            console.clearStatus()
            client.close()
        }
        return try body(client)
    }

    /// Reads the object before any signal is held back, so that Ctrl-C ends the reading.
    private func read(_ source: JSONSource, called name: String) throws(ClientFailure) -> JSONValue
    {
        if case .value(let value) = source { return value }
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try StandardInput.readAll(maximumBytes: Self.inputLimit)
        } catch {
            throw .input(error)
        }
        do throws(UsageError) {
            return try JSONSource.object(bytes, called: name)
        } catch {
            throw .usage(error)
        }
    }
}
