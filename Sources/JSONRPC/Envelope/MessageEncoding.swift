// Appends whole JSON-RPC 2.0 messages to an outgoing buffer. Ids, results and params are JSON
// text already and are copied as they are.
extension [UInt8] {
    /// Appends the answer to the request with this id.
    package mutating func appendResponse(id: Span<UInt8>, result: Span<UInt8>) {
        appendResponseHead(id: id)
        append(ascii: #","result":"#)
        append(span: result)
        append(ASCII.rightBrace)
    }

    package mutating func appendResponse(id: [UInt8], result: [UInt8]) {
        appendResponse(id: id.span, result: result.span)
    }

    /// Appends the answer to a request whose id is still in its message.
    package mutating func appendResponse(
        id: Range<Int>,
        of message: Span<UInt8>,
        result: Span<UInt8>
    ) {
        appendResponse(id: message.extracting(id), result: result)
    }

    package mutating func appendResponse(
        id: Range<Int>,
        of message: Span<UInt8>,
        result: [UInt8]
    ) {
        appendResponse(id: message.extracting(id), result: result.span)
    }

    /// Appends the answer to a request that failed.
    ///
    /// Without an `id`, because it could not be told, the answer has `null`. `requestID` is our
    /// own name for the request, by which the log has it.
    package mutating func appendResponse(
        id: Span<UInt8>?,
        error: RPCError,
        requestID: String? = nil
    ) {
        if let id {
            appendResponseHead(id: id)
        } else {
            append(ascii: #"{"jsonrpc":"2.0","id":null"#)
        }
        append(ascii: #","error":"#)
        append(error, requestID: requestID)
        append(ASCII.rightBrace)
    }

    package mutating func appendResponse(
        id: [UInt8],
        error: RPCError,
        requestID: String? = nil
    ) {
        appendResponse(id: id.span, error: error, requestID: requestID)
    }

    package mutating func appendResponse(
        id: Range<Int>?,
        of message: Span<UInt8>,
        error: RPCError,
        requestID: String? = nil
    ) {
        if let id {
            appendResponse(id: message.extracting(id), error: error, requestID: requestID)
        } else {
            appendResponse(id: nil, error: error, requestID: requestID)
        }
    }

    /// Appends a request that expects no answer; `params` is an object or array.
    package mutating func appendNotification(method: String, params: Span<UInt8>) {
        append(ascii: #"{"jsonrpc":"2.0""#)
        appendCall(method: method, params: params)
    }

    package mutating func appendNotification(method: String, params: [UInt8]) {
        appendNotification(method: method, params: params.span)
    }

    /// Appends a request; `id` is a JSON string or number, `params` an object or array.
    package mutating func appendRequest(id: [UInt8], method: String, params: [UInt8]) {
        appendResponseHead(id: id.span)
        appendCall(method: method, params: params.span)
    }

    private mutating func appendResponseHead(id: Span<UInt8>) {
        append(ascii: #"{"jsonrpc":"2.0","id":"#)
        append(span: id)
    }

    private mutating func appendCall(method: String, params: Span<UInt8>) {
        append(ascii: #","method":"#)
        appendQuoted(method)
        append(ascii: #","params":"#)
        append(span: params)
        append(ASCII.rightBrace)
    }

    /// Appends the error object of §5.1, whose `data` tells a program what to do next.
    private mutating func append(_ error: RPCError, requestID: String?) {
        var writer = JSONWriter(appendingTo: self)
        self = []
        writer.beginObject()
        writer.member("code", error.code.rawValue)
        writer.member("message", error.message)
        writer.name("data")
        writer.beginObject()
        writer.member("code", error.code.name)
        writer.member("temporary", error.isTemporary)
        writer.member("retryAfterMs", ifPresent: error.retryAfter?.milliseconds)
        if !error.details.isEmpty {
            writer.name("details")
            writer.beginArray()
            for detail in error.details {
                writer.beginObject()
                writer.member("path", detail.path)
                writer.member("reason", detail.reason)
                writer.endObject()
            }
            writer.endArray()
        }
        writer.member("requestId", ifPresent: requestID)
        writer.endObject()
        writer.endObject()
        self = writer.takeBytes()
    }
}

extension Duration {
    /// Whole milliseconds, rounded up so that nobody comes back too early.
    fileprivate var milliseconds: Int {
        let (seconds, attoseconds) = components
        let rest = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int(clamping: min(seconds, Int64.max / 2000)) * 1000 + Int(rest)
    }
}

/// The brackets and commas around the answers to a batch.
///
/// Call ``separate(in:)`` before each answer and ``close(in:)`` after the last. A batch of
/// notifications only has no answer at all, not an empty array (specification §6).
package struct BatchBrackets: Sendable {
    package private(set) var isOpen = false

    package init() {}

    package mutating func separate(in bytes: inout [UInt8]) {
        bytes.append(isOpen ? ASCII.comma : ASCII.leftBracket)
        isOpen = true
    }

    package mutating func close(in bytes: inout [UInt8]) {
        if isOpen { bytes.append(ASCII.rightBracket) }
        isOpen = false
    }
}
