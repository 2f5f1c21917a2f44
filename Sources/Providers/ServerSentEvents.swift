/// Reads a stream of server-sent events (HTML Living Standard, §9.2.6), without a socket.
package struct ServerSentEvents: Sendable {
    package struct Event: Equatable, Sendable {
        /// `message` where the stream names none.
        package var type = "message"
        package var data = ""

        package init(type: String = "message", data: String = "") {
            self.type = type
            self.data = data
        }
    }

    /// The stream breaks a limit; nothing more is read of it.
    package struct TooLong: Error, Equatable {}

    private let limit: Int
    private var line: [UInt8] = []
    private var type: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var isBehindCarriageReturn = false
    private var isFirstLine = true

    /// `limit` is how many bytes a line and an event may have.
    package init(limit: Int = 1 << 20) {
        self.limit = limit
    }

    /// Takes bytes and gives the events that they complete.
    package mutating func read(_ bytes: some Sequence<UInt8>) throws(TooLong) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            let isLineFeed = byte == 0x0A
            let endsLine = byte == 0x0D || isLineFeed && !isBehindCarriageReturn
            isBehindCarriageReturn = byte == 0x0D
            if endsLine {
                if let event = endLine() { events.append(event) }
            } else if !isLineFeed {
                line.append(byte)
                guard line.count + data.count <= limit else { throw TooLong() }
            }
        }
        return events
    }

    private mutating func endLine() -> Event? {
        defer { line.removeAll(keepingCapacity: true) }
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        guard !line.isEmpty else { return dispatch() }
        let colon = line.firstIndex(of: UInt8(ascii: ":"))
        let field = line[..<(colon ?? line.endIndex)]
        var value = colon.map { line[($0 + 1)...] } ?? []
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        if field.elementsEqual("data".utf8) {
            if hasData { data.append(0x0A) }
            data.append(contentsOf: value)
            hasData = true
        } else if field.elementsEqual("event".utf8) {
            type = Array(value)
        }
        return nil
    }

    private mutating func dispatch() -> Event? {
        defer {
            type.removeAll()
            data.removeAll()
            hasData = false
        }
        guard hasData else { return nil }
        return Event(
            type: type.isEmpty ? "message" : String(decoding: type, as: UTF8.self),
            data: String(decoding: data, as: UTF8.self)
        )
    }
}
