import Identity
import JSONRPC

// The elements of a snapshot: what clients see of an object, and beside it what they do not.
extension UserRecord {
    func stored() -> [UInt8] {
        storedElement("user", { write(to: &$0) }, secrets: { writeSecrets(to: &$0) })
    }

    init(stored value: JSONReader) throws(StateDecodingError) {
        try self.init(reading: value.member("user"), secrets: value.member("secrets"))
    }
}

extension LoginSession {
    func stored() -> [UInt8] {
        storedElement(
            "session",
            { write(to: &$0) },
            secrets: { writeSecrets(to: &$0) },
            userID: userID
        )
    }

    init(stored value: JSONReader) throws(StateDecodingError) {
        try self.init(
            reading: value.member("session"),
            userID: value.string("userId"),
            secrets: value.member("secrets")
        )
    }
}

extension APIKeyRecord {
    func stored() -> [UInt8] {
        storedElement("key", { write(to: &$0) }, secrets: { writeSecrets(to: &$0) })
    }

    init(stored value: JSONReader) throws(StateDecodingError) {
        try self.init(reading: value.member("key"), secrets: value.member("secrets"))
    }
}

private func storedElement(
    _ name: String,
    _ object: (inout JSONWriter) -> Void,
    secrets: (inout JSONWriter) -> Void,
    userID: String? = nil
) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("userId", ifPresent: userID)
    writer.name(name)
    object(&writer)
    writer.name("secrets")
    secrets(&writer)
    writer.endObject()
    return writer.takeBytes()
}
