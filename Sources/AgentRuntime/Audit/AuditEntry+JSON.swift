import JSONRPC

extension AuditEntry {
    func writeMembers(to writer: inout JSONWriter) {
        writer.member("entry", number)
        writer.member("outcome", outcome.rawValue)
        writer.member("method", method)
        actor.writeMembers(to: &writer)
        if let object {
            writer.name("object")
            writer.beginObject()
            writer.member("kind", object.kind)
            writer.member("id", object.id)
            writer.endObject()
        }
        writer.member("reason", ifPresent: reason)
        if count != 1 { writer.member("count", count) }
        writer.member("since", ifPresent: since)
        if let effect {
            writer.name("effect")
            writer.beginObject()
            writer.member("seq", effect.sequence)
            writer.member("sha256", effect.digest)
            writer.endObject()
        }
        if let trim {
            writer.name("removed")
            writer.beginObject()
            writer.member("before", trim.before)
            writer.member("entry", trim.anchor?.number ?? 0)
            writer.member("sha256", trim.anchor?.digest ?? .zero)
            writer.endObject()
        }
        writer.member("previous", previous)
    }

    init(reading data: JSONReader) throws(StateDecodingError) {
        self.init(
            number: try data.unsigned("entry"),
            previous: try data.digest("previous"),
            outcome: try data.choice("outcome"),
            method: try data.string("method"),
            actor: AuditActor(reading: data),
            object: try data.ifPresent("object") { (value) throws(StateDecodingError) in
                AuditObject(kind: try value.string("kind"), id: try value.string("id"))
            }
        )
        reason = data.optionalString("reason")
        if data.has("count") { count = try data.integer("count") }
        since = try data.optionalTimestamp("since")
        effect = try data.ifPresent("effect") { (value) throws(StateDecodingError) in
            AuditedEffect(
                sequence: try value.unsigned("seq"),
                digest: try value.digest("sha256")
            )
        }
        trim = try data.ifPresent("removed") { (value) throws(StateDecodingError) in
            AuditTrim(
                before: try value.unsigned("before"),
                anchor: AuditLink(
                    number: try value.unsigned("entry"),
                    sequence: 0,
                    digest: try value.digest("sha256")
                )
            )
        }
    }
}

extension AuditActor {
    fileprivate func writeMembers(to writer: inout JSONWriter) {
        writer.member("user", ifPresent: userID)
        writer.member("session", ifPresent: sessionID)
        writer.member("apiKey", ifPresent: apiKeyID)
        writer.member("address", ifPresent: address)
        writer.member("transport", ifPresent: transport)
    }

    fileprivate init(reading data: JSONReader) {
        self.init(
            userID: data.optionalString("user"),
            sessionID: data.optionalString("session"),
            apiKeyID: data.optionalString("apiKey"),
            address: data.optionalString("address"),
            transport: data.optionalString("transport")
        )
    }
}

extension AuditLink {
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("entry", number)
        writer.member("seq", sequence)
        writer.member("sha256", digest)
        writer.endObject()
    }

    init(reading value: JSONReader) throws(StateDecodingError) {
        self.init(
            number: try value.unsigned("entry"),
            sequence: try value.unsigned("seq"),
            digest: try value.digest("sha256")
        )
    }
}

extension AuditChain {
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.name("anchor")
        anchor.write(to: &writer)
        writer.name("head")
        head.write(to: &writer)
        writer.member("removedBefore", removedBefore)
        writer.endObject()
    }

    init(reading value: JSONReader) throws(StateDecodingError) {
        self.init()
        anchor = try AuditLink(reading: value.member("anchor"))
        head = try AuditLink(reading: value.member("head"))
        removedBefore = try value.unsigned("removedBefore")
    }
}

extension JSONWriter {
    mutating func member(_ name: StaticString, _ digest: SHA256Digest) {
        self.name(name)
        plainString { digest.append(to: &$0) }
    }
}

extension JSONReader {
    func digest(_ name: StaticString) throws(StateDecodingError) -> SHA256Digest {
        guard let digest = SHA256Digest(try string(name)) else {
            throw StateDecodingError(path: "\(path)/\(name)", problem: "is not a SHA-256 digest")
        }
        return digest
    }
}
