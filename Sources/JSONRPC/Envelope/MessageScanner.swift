/// Reads JSON-RPC 2.0 messages: validates the JSON and finds the parts of each item in one pass.
///
/// Keep one for each event loop. It remembers nothing between messages but its scratch memory,
/// so that a scan allocates nothing in steady state.
package struct MessageScanner: Sendable {
    /// Longest id, in bytes as written, that is echoed.
    package static let maximumIDLength = 256

    /// The items of the last message, in order; no more than `maximumBatchCount`.
    package private(set) var items: [MessageItem] = []
    /// How many elements the last message's batch had, also beyond the limit; 1 for no batch.
    package private(set) var itemCount = 0
    /// Whether the answers belong between brackets, which the one to an empty batch does not.
    package private(set) var isBatch = false

    private let maximumBatchCount: Int
    private var scanner = JSONScanner()

    /// - Parameter maximumBatchCount: Further items of a batch are validated and counted but
    ///   not kept.
    package init(maximumBatchCount: Int = .max) {
        self.maximumBatchCount = maximumBatchCount
    }

    package var isBatchTooLarge: Bool { itemCount > maximumBatchCount }

    /// Reads one message or batch; the slices of ``items`` are offsets in `bytes`.
    ///
    /// - Throws: The place where the text is no JSON, which is to be answered with -32700 and a
    ///   `null` id; ``items`` is then empty.
    package mutating func scan(_ bytes: Span<UInt8>) throws(JSONError) {
        items.removeAll(keepingCapacity: true)
        itemCount = 0
        isBatch = false
        do {
            try scanMessage(bytes)
        } catch {
            items.removeAll(keepingCapacity: true)
            itemCount = 0
            isBatch = false
            throw error
        }
    }

    private mutating func scanMessage(_ bytes: Span<UInt8>) throws(JSONError) {
        let start = try scanner.begin(bytes)
        let end: Int
        if bytes.byte(at: start) == ASCII.leftBracket {
            end = try scanBatch(bytes, at: start)
        } else {
            end = try scanItem(bytes, at: start, depth: 0)
        }
        try scanner.finish(bytes, at: end)
    }

    private mutating func scanBatch(
        _ bytes: Span<UInt8>,
        at start: Int
    ) throws(JSONError) -> Int {
        var offset = bytes.skippingWhitespace(from: start + 1)
        guard bytes.byte(at: offset) != ASCII.rightBracket else {
            append(.invalid(id: nil, .emptyBatch))
            return offset + 1
        }
        isBatch = true
        while true {
            offset = try scanItem(bytes, at: offset, depth: 1)
            offset = bytes.skippingWhitespace(from: offset)
            switch bytes.byte(at: offset) {
            case ASCII.comma:
                offset = bytes.skippingWhitespace(from: offset + 1)
            case ASCII.rightBracket:
                return offset + 1
            default:
                throw bytes.error(.expectedCommaOrBracket, at: offset)
            }
        }
    }

    /// Reads the item that begins at `start` and returns the offset after it.
    private mutating func scanItem(
        _ bytes: Span<UInt8>,
        at start: Int,
        depth: Int
    ) throws(JSONError) -> Int {
        guard bytes.byte(at: start) == ASCII.leftBrace else {
            let end = try scanner.scanValue(bytes, at: start, depth: depth)
            append(.invalid(id: nil, .notAnObject))
            return end
        }
        var envelope = Envelope()
        try scanner.openObject(at: start, depth: depth)
        var offset = bytes.skippingWhitespace(from: start + 1)
        var isOpen = bytes.byte(at: offset) != ASCII.rightBrace
        while isOpen {
            let member = try scanner.scanName(bytes, at: offset)
            let valueStart = member.valueOffset
            let valueEnd = try scanner.scanValue(bytes, at: valueStart, depth: depth + 1)
            envelope.set(member.name, to: valueStart..<valueEnd)
            offset = bytes.skippingWhitespace(from: valueEnd)
            isOpen = bytes.byte(at: offset) == ASCII.comma
            if isOpen { offset = bytes.skippingWhitespace(from: offset + 1) }
        }
        guard bytes.byte(at: offset) == ASCII.rightBrace else {
            throw bytes.error(.expectedCommaOrBrace, at: offset)
        }
        try scanner.closeObject(bytes)
        append(envelope.item(in: bytes))
        return offset + 1
    }

    private mutating func append(_ item: MessageItem) {
        itemCount += 1
        if items.count < maximumBatchCount { items.append(item) }
    }
}
