import HTTPProtocol

// Input: the lengths of the pieces in which the bytes of a client arrive, then those bytes.
//
// However the bytes are cut, the parser says the same; what it accepted it accepts again from our
// encoder.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    var input = FuzzInput(data, size)
    let lengths = input.lengths()
    let bytes = Array(input.rest)
    // So low that inputs reach them.
    let limits = HTTPLimits(startLineBytes: 200, headBytes: 600, fieldCount: 12, bodyBytes: 300)
    let whole = Requests([bytes], limits)
    expectEqual(Requests(bytes.cut(lengths), limits), whole, "cut into \(lengths)")
    expectEqual(Requests(bytes.bytewise, limits), whole, "byte by byte")
    for case .request(let head, let body) in whole.inputs {
        checkEncoding(of: head, body)
    }
    return 0
}

private struct Requests: Equatable {
    var inputs: [HTTPInput] = []
    var violation: HTTPViolation?

    init(_ pieces: [[UInt8]], _ limits: HTTPLimits) {
        var parser = HTTPRequestParser(limits: limits)
        do throws(HTTPViolation) {
            for piece in pieces {
                var position = 0
                while true {
                    let input = try parser.next(piece.span, &position)
                    if input == .needsMore { break }
                    inputs.append(input)
                }
                expect(position == piece.count, "\(piece.count - position) bytes were left")
            }
        } catch {
            violation = error
            expect(!error.reason.isEmpty, "a violation has no reason")
        }
    }
}

private func checkEncoding(of head: HTTPRequestHead, _ body: [UInt8]) {
    _ = (head.path, head.query, head.keepsAlive)
    // What the encoder does not keep: it always writes HTTP/1.1, and frames the body itself.
    guard head.minorVersion == 1 else { return }
    var encoded: [UInt8] = []
    head.encode(into: &encoded, body: body)
    let again = Requests([encoded], HTTPLimits())
    guard case .request(let copy, let copiedBody)? = again.inputs.last else {
        fatalError("not accepted again: \(String(decoding: encoded, as: UTF8.self)), \(again)")
    }
    expectEqual(copy.method, head.method, "method")
    expectEqual(copy.target, head.target, "target")
    expectEqual(withoutFraming(copy.headers), withoutFraming(head.headers), "fields")
    expectEqual(copiedBody, body, "body")
}

private func withoutFraming(_ headers: HTTPHeaders) -> [HTTPHeaders.Field] {
    headers.fields.filter {
        !["content-length", "transfer-encoding"].contains($0.name.lowercased())
    }
}
