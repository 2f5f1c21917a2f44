import EventLoops
import JSONRPC

/// `omnihub login` and `omnihub logout`: begin and end the login session that later commands use.
struct LoginCommand {
    let client: HubClient
    let console: Console
    let file: CredentialFile

    /// The password as it is in a file, at the terminal, or on standard input.
    static func password(from path: String?, for email: String) throws(ClientFailure) -> String {
        guard let path else {
            do throws(SystemError) {
                return try PasswordPrompt.read("Password of \(PrintableText.escaped(email)): ")
            } catch {
                throw .input(error)
            }
        }
        do throws(SecretFileError) {
            var bytes = try SecretFile.read(path, maximumBytes: 4_096)
            defer { bytes.wipe() }
            let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
            return String(decoding: line, as: UTF8.self)
        } catch {
            throw .badFile(path: path, reason: error.reason)
        }
    }

    func logIn(_ email: String, _ password: String) throws(ClientFailure) {
        let answer = try client.call(
            "auth.login",
            ["email": .string(email), "password": .string(password), "client": "omnihub"]
        )
        let now = WallClock.milliseconds
        guard let entry = StoredCredentials.Entry(answer: answer, now: now) else {
            throw .unexpectedAnswer(method: "auth.login")
        }
        let address = client.address
        try file.change { credentials throws(ClientFailure) in credentials[address] = entry }
        if console.printsJSON { return try console.print(answer["user"] ?? .null) }
        let role = answer["user"]?["role"]?.stringValue ?? ""
        console.note("signed in to \(address) as \(entry.email), role \(role)", .green)
    }

    /// Ends the session at the hub, if that can be reached, and forgets the tokens in any case.
    static func logOut(
        _ client: HubClient,
        _ console: Console,
        _ file: CredentialFile
    ) throws(ClientFailure) {
        let address = client.address
        guard try file.read()[address] != nil else {
            console.note("not signed in to \(address)")
            return
        }
        var failure: ClientFailure?
        do throws(ClientFailure) {
            try client.connect()
            _ = try client.call("auth.logout", [:])
        } catch {
            failure = error
        }
        try file.change { credentials throws(ClientFailure) in credentials[address] = nil }
        if let failure, failure.status != .noPermission { throw failure }
        console.note("signed out of \(address)")
    }
}
