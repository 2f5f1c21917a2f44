package import Identity
package import JSONRPC

extension UserRecord {
    /// The User object of protocol.md, without anything secret.
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("email", email.text)
        writer.member("name", name)
        writer.member("role", role.rawValue)
        writer.member("disabled", isDisabled)
        writer.member("activated", password != nil)
        writer.member("agents", agents.sorted())
        writer.member("createdAt", Timestamp(millisecondsSince1970: createdAt).description)
        writer.member("updatedAt", Timestamp(millisecondsSince1970: updatedAt).description)
        writer.endObject()
    }

    package func encoded() -> [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.takeBytes()
    }

    /// What the User object leaves out: hashes and digests.
    func writeSecrets(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("password", ifPresent: password?.text)
        writer.member("activation", ifPresent: activation?.digest.text)
        writer.member(
            "activationExpiresAt",
            ifPresent: activation.map { Timestamp(millisecondsSince1970: $0.expiresAt).description }
        )
        writer.endObject()
    }

    init(reading value: JSONReader, secrets: JSONReader) throws(StateDecodingError) {
        self.init(
            id: try value.string("id"),
            email: try value.email("email"),
            name: try value.string("name"),
            role: try value.choice("role"),
            isDisabled: try value.bool("disabled"),
            createdAt: try value.milliseconds("createdAt")
        )
        updatedAt = try value.milliseconds("updatedAt")
        agents = Set(try value.strings("agents"))
        if secrets.has("password") { password = try secrets.passwordHash("password") }
        if secrets.has("activation") {
            activation = Activation(
                digest: try secrets.secretDigest("activation"),
                expiresAt: try secrets.milliseconds("activationExpiresAt")
            )
        }
    }
}

extension LoginSession {
    /// A session as its user sees it.
    package func write(to writer: inout JSONWriter, isCurrent: Bool = false) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("createdAt", Timestamp(millisecondsSince1970: createdAt).description)
        writer.member("usedAt", Timestamp(millisecondsSince1970: usedAt).description)
        writer.member("expiresAt", Timestamp(millisecondsSince1970: expiresAt).description)
        writer.member("address", address)
        writer.member("client", client)
        if isCurrent { writer.member("current", true) }
        writer.endObject()
    }

    func writeSecrets(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("family", family.text)
        writer.member("token", current.text)
        writer.member("previousToken", ifPresent: previous?.text)
        writer.endObject()
    }

    init(
        reading value: JSONReader,
        userID: String,
        secrets: JSONReader
    ) throws(StateDecodingError) {
        self.init(
            id: try value.string("id"),
            userID: userID,
            createdAt: try value.milliseconds("createdAt"),
            expiresAt: try value.milliseconds("expiresAt"),
            address: try value.string("address"),
            client: try value.string("client"),
            family: try secrets.secretDigest("family"),
            current: try secrets.secretDigest("token")
        )
        usedAt = try value.milliseconds("usedAt")
        if secrets.has("previousToken") {
            previous = try secrets.secretDigest("previousToken")
        }
    }
}

extension APIKeyRecord {
    /// A key as its user sees it.
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("userId", userID)
        writer.member("name", name)
        writer.member("role", role.rawValue)
        if let scope { writer.member("scope", scope.entries) }
        writer.member("createdAt", Timestamp(millisecondsSince1970: createdAt).description)
        writer.member(
            "expiresAt",
            ifPresent: expiresAt.map { Timestamp(millisecondsSince1970: $0).description }
        )
        writer.endObject()
    }

    package func encoded() -> [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.takeBytes()
    }

    func writeSecrets(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("digest", digest.text)
        writer.endObject()
    }

    init(reading value: JSONReader, secrets: JSONReader) throws(StateDecodingError) {
        let hasScope = value.has("scope")
        let isPermanent = !value.has("expiresAt")
        self.init(
            id: try value.string("id"),
            userID: try value.string("userId"),
            name: try value.string("name"),
            role: try value.choice("role"),
            scope: hasScope ? try value.scope("scope") : nil,
            createdAt: try value.milliseconds("createdAt"),
            expiresAt: isPermanent ? nil : try value.milliseconds("expiresAt"),
            digest: try secrets.secretDigest("digest")
        )
    }
}

extension JSONReader {
    func milliseconds(_ name: StaticString) throws(StateDecodingError) -> Int64 {
        try timestamp(name).millisecondsSince1970
    }

    func strings(_ name: StaticString) throws(StateDecodingError) -> [String] {
        var strings: [String] = []
        for element in try elements(name) {
            guard let text = element.stringValue else {
                throw StateDecodingError(path: element.path, problem: "is not a string")
            }
            strings.append(text)
        }
        return strings
    }

    func email(_ name: StaticString) throws(StateDecodingError) -> EmailAddress {
        try parsed(name, "is no email address", EmailAddress.init)
    }

    func passwordHash(_ name: StaticString) throws(StateDecodingError) -> PasswordHash {
        try parsed(name, "is no password hash") { PasswordHash(text: $0) }
    }

    func secretDigest(_ name: StaticString) throws(StateDecodingError) -> SecretDigest {
        try parsed(name, "is no digest") { SecretDigest(text: $0) }
    }

    func scope(_ name: StaticString) throws(StateDecodingError) -> Scope {
        guard let scope = Scope(try strings(name)) else {
            throw StateDecodingError(path: "\(path)/\(name)", problem: "is no scope")
        }
        return scope
    }

    private func parsed<Value>(
        _ name: StaticString,
        _ problem: String,
        _ parse: (String) -> Value?
    ) throws(StateDecodingError) -> Value {
        guard let value = parse(try string(name)) else {
            throw StateDecodingError(path: "\(path)/\(name)", problem: problem)
        }
        return value
    }
}
