import HTTPProtocol

// Input: flags, the lengths of the pieces in which the bytes of a server arrive, then those bytes.
//
// However the bytes are cut, the parser says the same; what it accepted it accepts again from our
// encoder.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    var input = FuzzInput(data, size)
    let answersHEAD = input.bit()
    let lengths = input.lengths()
    let bytes = Array(input.rest)
    // So low that inputs reach them.
    let limits = HTTPLimits(startLineBytes: 100, headBytes: 500, fieldCount: 10, bodyBytes: 300)
    let whole = Reading([bytes], limits, answersHEAD)
    expectEqual(Reading(bytes.cut(lengths), limits, answersHEAD), whole, "cut into \(lengths)")
    expectEqual(Reading(bytes.bytewise, limits, answersHEAD), whole, "byte by byte")
    if case .response(let head, let body)? = whole.output {
        checkEncoding(of: head, body, answersHEAD)
    }
    return 0
}

private struct Reading: Equatable {
    var output: HTTPOutput?
    var violation: HTTPViolation?
    var unread = 0

    init(_ pieces: [[UInt8]], _ limits: HTTPLimits, _ answersHEAD: Bool) {
        var parser = HTTPResponseParser(limits: limits, answersHEAD: answersHEAD)
        do throws(HTTPViolation) {
            for piece in pieces {
                var position = 0
                let found = try parser.next(piece.span, &position)
                if found != .needsMore {
                    expect(output == nil, "two responses")
                    output = found
                }
                expect(output != nil || position == piece.count, "bytes were left")
                unread += piece.count - position
            }
            let last = try parser.close()
            if last != .needsMore { output = last }
        } catch {
            violation = error
            expect(!error.reason.isEmpty, "a violation has no reason")
        }
    }
}

private func checkEncoding(of head: HTTPResponseHead, _ body: [UInt8], _ answersHEAD: Bool) {
    var encoded: [UInt8] = []
    head.encode(into: &encoded, body: body, answersHEAD: answersHEAD)
    let again = Reading([encoded], HTTPLimits(), answersHEAD)
    guard case .response(let copy, let copiedBody)? = again.output else {
        fatalError("not accepted again: \(String(decoding: encoded, as: UTF8.self)), \(again)")
    }
    expectEqual(copy.status, head.status, "status")
    expectEqual(withoutFraming(copy.headers), withoutFraming(head.headers), "fields")
    expectEqual(copiedBody, body, "body")
}

private func withoutFraming(_ headers: HTTPHeaders) -> [HTTPHeaders.Field] {
    headers.fields.filter {
        !["content-length", "transfer-encoding"].contains($0.name.lowercased())
    }
}
