package import EventLoops
package import HTTPProtocol
package import WebSocketProtocol

extension ServerTransport {
    /// Answers the current request.
    ///
    /// - Parameters:
    ///   - id: The connection whose request it is.
    ///   - head: Status and fields; length, date and connection fields are added.
    ///   - body: The whole body.
    ///   - contentType: The media type of the body.
    ///   - closes: Whether the connection ends with this answer, also where the client would
    ///     keep it.
    package mutating func respond(
        to id: ConnectionID,
        _ head: HTTPResponseHead,
        body: [UInt8] = [],
        contentType: String? = nil,
        closes: Bool = false
    ) {
        guard let connection = slab.find(id), connection.pointee.phase == .http else { return }
        let closes = closes || !request.keepsAlive || isDraining
        let isEncrypted = connection.pointee.encryption != nil
        head.encode(
            into: &responseScratch,
            body: body,
            contentType: contentType,
            date: date.text(),
            closes: closes,
            answersHEAD: request.method == "HEAD",
            standing: standingFields.bytes(isEncrypted, adding: requestFields)
        )
        takeResponse()
        if closes {
            finish(id, connection)
        } else {
            connection.pointee.rare?.isKeptAlive = true
            connection.pointee.rare?.phaseDeadline = tick(after: configuration.idleTimeout)
            schedule(id, connection)
        }
    }

    /// Answers the current request with a sentence for people.
    package mutating func respond(
        to id: ConnectionID,
        _ head: HTTPResponseHead,
        text: String,
        closes: Bool = false
    ) {
        respond(
            to: id,
            head,
            body: Array("\(text)\n".utf8),
            contentType: "text/plain; charset=utf-8",
            closes: closes
        )
    }

    /// Makes a WebSocket connection of the current one.
    ///
    /// - Parameters:
    ///   - id: The connection whose request it is.
    ///   - head: The 101 response.
    ///   - deflate: What was agreed about compression; `nil` for none.
    package mutating func upgrade(
        _ id: ConnectionID,
        _ head: HTTPResponseHead,
        deflate: DeflateParameters? = nil
    ) {
        guard let connection = slab.find(id), connection.pointee.phase == .http else { return }
        head.encode(into: &responseScratch)
        takeResponse()
        connection.pointee.phase = .webSocket
        connection.pointee.isUpgraded = true
        connection.pointee.receiver = FrameReceiver(role: .server, limits: configuration.receive)
        connection.pointee.lastActivity = currentTick
        connection.pointee.lastSent = currentTick
        if let rare = connection.pointee.rare {
            rare.parser = nil
            rare.phaseDeadline = .max
            // What waits, such as the end of the answer to an earlier request, still goes out.
            if rare.isIdle { connection.pointee.rare = nil }
        }
        if let deflate {
            setUp(deflate, of: connection)
            metrics.compressing += 1
        }
        metrics.webSockets += 1
        schedule(id, connection)
    }

    /// Where the connection of the current request comes from; `nil` for a Unix socket.
    package func peer(of id: ConnectionID) -> InternetAddress? {
        slab.find(id)?.pointee.rare?.peer
    }

    mutating func takeResponse() {
        responseScratch.withUnsafeBytes { output.append($0) }
        responseScratch.removeAll(keepingCapacity: true)
    }
}

/// The fields of every answer, encoded once.
struct StandingFields {
    let plain: [UInt8]
    private let encrypted: [UInt8]

    init(_ configuration: TransportConfiguration) {
        plain = configuration.answerFields.encoded
        encrypted = plain + configuration.encryptedAnswerFields.encoded
    }

    func bytes(_ isEncrypted: Bool, adding fields: HTTPHeaders = HTTPHeaders()) -> [UInt8] {
        let standing = isEncrypted ? encrypted : plain
        return fields.fields.isEmpty ? standing : standing + fields.encoded
    }
}

/// The `Date` field, formatted once a second.
struct HTTPDateCache {
    private var second: Int64 = -1
    private var formatted = ""

    mutating func text() -> String {
        let current = WallClock.milliseconds / 1_000
        if current != second {
            second = current
            formatted = HTTPDate.imfFixdate(unixSeconds: Int(current))
        }
        return formatted
    }
}
