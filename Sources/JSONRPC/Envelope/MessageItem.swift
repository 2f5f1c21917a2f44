/// One item of a JSON-RPC 2.0 message, as slices of the message's bytes.
///
/// Slices are whole JSON values: strings keep their quotes.
package enum MessageItem: Equatable, Sendable {
    /// A request, or a notification when it has no id (specification §4).
    case request(Request)
    /// The answer to a request that we sent (§5).
    case response(Response)
    /// Not a JSON-RPC message: to be answered with -32600 and `id`, or `null` without one.
    case invalid(id: Range<Int>?, InvalidMessage)

    package struct Request: Equatable, Sendable {
        /// A string, number or `null`, to be echoed byte for byte; `nil` for a notification.
        package var id: Range<Int>?
        /// A string; ``/Swift/Span/jsonPlainContents(_:)`` has its bytes for a look-up.
        package var method: Range<Int>
        /// An object or array; `nil` when the request has none.
        package var params: Range<Int>?

        package var isNotification: Bool { id == nil }
    }

    package struct Response: Equatable, Sendable {
        package enum Outcome: Equatable, Sendable {
            case result(Range<Int>)
            /// An object with an integer `code` and a string `message`.
            case error(Range<Int>)
        }

        package var id: Range<Int>
        package var outcome: Outcome
    }
}

/// The first rule of JSON-RPC 2.0 that an item breaks, as a phrase for people.
package enum InvalidMessage: String, Sendable {
    case emptyBatch = "a batch must not be empty"
    case notAnObject = "a message must be an object"
    case invalidVersion = "jsonrpc must be \"2.0\""
    case invalidID = "id must be a string, a number or null"
    case idTooLong = "id must not be longer than 256 bytes"
    case missingMethod = "method is missing"
    case invalidMethod = "method must be a string"
    case invalidParams = "params must be an object or an array"
    case invalidResponse = "a response must have an id and either a result or an error"
}
