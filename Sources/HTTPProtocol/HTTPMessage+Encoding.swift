extension HTTPResponseHead {
    /// Appends the status line, the fields and the empty line behind them.
    ///
    /// Nothing is added, so a body that follows must end as the fields say. Values may stem
    /// from input: control characters in them, which could begin another field or response, are
    /// written as spaces (RFC 9110 §5.5), and a field whose name is not a token is left out.
    package func encode(into output: inout [UInt8]) {
        encodeStatusLine(into: &output)
        headers.fields.encode(into: &output)
        output.appendLineEnd()
    }

    /// Appends the head and, unless the request was HEAD, a whole body.
    ///
    /// Content-Length is set here, and one in the head is replaced; statuses without a body
    /// (204, 304) are sent without either. Date, Content-Type and Connection must not be in the
    /// head when they are given here.
    ///
    /// - Parameters:
    ///   - output: Where the bytes go.
    ///   - body: The whole body.
    ///   - contentType: Its media type.
    ///   - date: The time of the answer, from ``HTTPDate/imfFixdate(unixSeconds:)``.
    ///   - closes: Whether the connection is closed behind this response.
    ///   - answersHEAD: Whether the request's method was HEAD.
    ///   - standing: Further fields, from ``HTTPHeaders/encoded``.
    package func encode(
        into output: inout [UInt8],
        body: [UInt8],
        contentType: String? = nil,
        date: String? = nil,
        closes: Bool = false,
        answersHEAD: Bool = false,
        standing: [UInt8] = []
    ) {
        encodeStatusLine(into: &output)
        headers.fields.filter { !$0.framesBody }.encode(into: &output)
        output.append(contentsOf: standing)
        if let date { output.append(field: "Date", date) }
        if !status.forbidsBody {
            if let contentType { output.append(field: "Content-Type", contentType) }
            output.append(field: "Content-Length", "\(body.count)")
        }
        if closes { output.append(field: "Connection", "close") }
        output.appendLineEnd()
        if !status.forbidsBody, !answersHEAD { output.append(contentsOf: body) }
    }

    private func encodeStatusLine(into output: inout [UInt8]) {
        output.append(contentsOf: "HTTP/1.1 \(status.rawValue) \(status.reasonPhrase)".utf8)
        output.appendLineEnd()
    }
}

extension HTTPRequestHead {
    /// Appends the request as HTTP/1.1, with a Content-Length when it has a body.
    ///
    /// Fields are treated as in a response. Bytes of the target that are not visible ASCII are
    /// percent-encoded.
    package func encode(into output: inout [UInt8], body: [UInt8] = []) {
        output.append(contentsOf: method.utf8.filter(\.isTokenCharacter))
        output.append(.space)
        for byte in target.utf8 {
            if byte.isVisibleASCII {
                output.append(byte)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                output.append(contentsOf: (byte < 16 ? "%0" : "%").utf8)
                output.append(contentsOf: digits.utf8)
            }
        }
        output.append(contentsOf: " HTTP/1.1".utf8)
        output.appendLineEnd()
        headers.fields.filter { !$0.framesBody }.encode(into: &output)
        if !body.isEmpty { output.append(field: "Content-Length", "\(body.count)") }
        output.appendLineEnd()
        output.append(contentsOf: body)
    }
}

extension HTTPHeaders {
    /// The fields as they go on the wire, without those that frame a body.
    package var encoded: [UInt8] {
        var output: [UInt8] = []
        fields.filter { !$0.framesBody }.encode(into: &output)
        return output
    }
}

extension HTTPHeaders.Field {
    fileprivate var framesBody: Bool {
        name.equalsIgnoringASCIICase("Content-Length")
            || name.equalsIgnoringASCIICase("Transfer-Encoding")
    }
}

extension [HTTPHeaders.Field] {
    fileprivate func encode(into output: inout [UInt8]) {
        for field in self { output.append(field: field.name, field.value) }
    }
}

extension [UInt8] {
    fileprivate mutating func append(field name: String, _ value: String) {
        guard !name.isEmpty, name.utf8.allSatisfy(\.isTokenCharacter) else { return }
        append(contentsOf: name.utf8)
        append(.colon)
        append(.space)
        let start = count
        append(contentsOf: value.utf8)
        for index in start..<count where !self[index].isFieldText { self[index] = .space }
        appendLineEnd()
    }

    fileprivate mutating func appendLineEnd() {
        append(.carriageReturn)
        append(.lineFeed)
    }
}
