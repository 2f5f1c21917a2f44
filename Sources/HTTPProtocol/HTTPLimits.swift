/// How much of one HTTP message is read before the peer is refused.
///
/// Line ends (CRLF) are not counted.
package struct HTTPLimits: Equatable, Sendable {
    /// Bytes of a request or status line.
    package var startLineBytes: Int
    /// Bytes of the start line and all header fields together.
    package var headBytes: Int
    /// Header fields, and trailer fields after a chunked body.
    package var fieldCount: Int
    /// Bytes of a body, after its chunked coding is undone.
    package var bodyBytes: Int

    package init(
        startLineBytes: Int = 8 << 10,
        headBytes: Int = 16 << 10,
        fieldCount: Int = 100,
        bodyBytes: Int = 1 << 20
    ) {
        precondition(min(startLineBytes, headBytes, fieldCount, bodyBytes) >= 0)
        self.startLineBytes = startLineBytes
        self.headBytes = headBytes
        self.fieldCount = fieldCount
        self.bodyBytes = bodyBytes
    }
}
