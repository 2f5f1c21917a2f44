import JSONRPC

/// The tokens that `omnihub login` keeps, by hub: the contents of `credentials.json`.
struct StoredCredentials: Equatable, Sendable {
    /// Tokens of one login session.
    struct Entry: Equatable, Sendable {
        var email: String
        var accessToken: String
        var refreshToken: String
        /// When the access token expires, in milliseconds since 1970.
        var expiresAt: Int64
    }

    /// By the address of the hub.
    private(set) var entries: [String: Entry] = [:]

    init() {}

    /// - Returns: `nil` for what is no such file.
    init?(_ bytes: [UInt8]) {
        guard let document = try? JSONValue(parsing: bytes),
            let hubs = document["hubs"]?.objectValue
        else { return nil }
        for hub in hubs.members {
            guard let email = hub.value["email"]?.stringValue,
                let access = hub.value["accessToken"]?.stringValue,
                let refresh = hub.value["refreshToken"]?.stringValue,
                let expiresAt = hub.value["expiresAt"]?.intValue
            else { return nil }
            entries[hub.name] = Entry(
                email: email,
                accessToken: access,
                refreshToken: refresh,
                expiresAt: Int64(expiresAt)
            )
        }
    }

    subscript(hub: HubAddress) -> Entry? {
        get { entries[hub.description] }
        set { entries[hub.description] = newValue }
    }

    var encoded: [UInt8] {
        let hubs = entries.sorted { $0.key < $1.key }.map { hub, entry -> (String, JSONValue) in
            (
                hub,
                [
                    "email": .string(entry.email), "accessToken": .string(entry.accessToken),
                    "refreshToken": .string(entry.refreshToken),
                    "expiresAt": .integer(Int(entry.expiresAt)),
                ]
            )
        }
        let document: JSONValue = ["hubs": .object(JSONObject(hubs))]
        return document.encoded() + [UInt8(ascii: "\n")]
    }
}

extension StoredCredentials.Entry {
    /// What `auth.login` and `auth.refresh` answered at `now`; `nil` when it is not that.
    init?(answer: JSONValue, now: Int64) {
        guard let access = answer["accessToken"]?.stringValue,
            let refresh = answer["refreshToken"]?.stringValue,
            let seconds = answer["expiresIn"]?.intValue, (0...1_000_000_000).contains(seconds),
            let email = answer["user"]?["email"]?.stringValue
        else { return nil }
        self.init(
            email: email,
            accessToken: access,
            refreshToken: refresh,
            expiresAt: now + Int64(seconds) * 1_000
        )
    }

    /// Whether the access token is still good for a while.
    func isFresh(at now: Int64) -> Bool { expiresAt - now > 30_000 }
}
