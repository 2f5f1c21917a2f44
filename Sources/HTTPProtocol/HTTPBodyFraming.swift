/// How the end of a message's body is found (RFC 9112 §6.3).
enum HTTPBodyFraming: Equatable, Sendable {
    case empty
    case length(Int)
    case chunked
    /// Only in a response: the body ends when the peer closes.
    case untilClose

    /// The framing of a request's body.
    init(request head: HTTPRequestHead, limits: HTTPLimits) throws(HTTPViolation) {
        let declared = try Self(head.headers, minorVersion: head.minorVersion, limits: limits)
        self = declared ?? .empty
    }

    /// The framing of a response's body; `answersHEAD` says that the request was HEAD.
    init(
        response head: HTTPResponseHead,
        minorVersion: Int,
        answersHEAD: Bool,
        limits: HTTPLimits
    ) throws(HTTPViolation) {
        guard !answersHEAD, !head.status.forbidsBody else {
            self = .empty
            return
        }
        let declared = try Self(head.headers, minorVersion: minorVersion, limits: limits)
        self = declared ?? .untilClose
    }

    /// What the header fields declare; `nil` when they declare nothing.
    ///
    /// Two hops that read the same message with different ends are how requests are smuggled,
    /// so whatever could be read in two ways is refused (RFC 9112 §11.2).
    private init?(
        _ headers: HTTPHeaders,
        minorVersion: Int,
        limits: HTTPLimits
    ) throws(HTTPViolation) {
        let lengths = headers.values(of: "Content-Length")
        let codings = headers.values(of: "Transfer-Encoding")
        if let coding = codings.first {
            guard lengths.isEmpty else { throw .contentLengthWithTransferEncoding }
            guard minorVersion >= 1 else { throw .transferEncodingInHTTP10 }
            guard codings.count == 1, coding.equalsIgnoringASCIICase("chunked") else {
                throw .unsupportedTransferEncoding
            }
            self = .chunked
            return
        }
        guard let text = lengths.first else { return nil }
        guard lengths.count == 1 else { throw .repeatedContentLength }
        let length = try Self.contentLength(text, limit: limits.bodyBytes)
        self = length == 0 ? .empty : .length(length)
    }

    private static func contentLength(_ text: String, limit: Int) throws(HTTPViolation) -> Int {
        let digits = text.utf8
        guard !digits.isEmpty, digits.allSatisfy(\.isASCIIDigit) else {
            throw .malformedContentLength
        }
        var length = 0
        for digit in digits {
            guard
                let next = length.appendingDigit(digit - UInt8(ascii: "0"), base: 10, limit: limit)
            else { throw .bodyTooLarge }
            length = next
        }
        return length
    }
}

extension Int {
    /// This number with one more digit at its end; `nil` when that exceeds `limit`.
    func appendingDigit(_ digit: UInt8, base: Int, limit: Int) -> Int? {
        let (product, productOverflows) = multipliedReportingOverflow(by: base)
        let (sum, sumOverflows) = product.addingReportingOverflow(Int(digit))
        return productOverflows || sumOverflows || sum > limit ? nil : sum
    }
}
