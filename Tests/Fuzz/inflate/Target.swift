import WebSocketProtocol

// Input: flags, the lengths of compressed messages, then the messages.
//
// What comes out stays within the limit and is the same a second time; our compressor makes
// something of it that inflates to the same. After a failure an inflater that resets is as good
// as new.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    var input = FuzzInput(data, size)
    let flags = input.byte()
    let bits = 8 + Int(flags & 7)
    let resets = flags & 8 != 0
    let kind: MessageKind = flags & 16 == 0 ? .binary : .text
    let limit = flags & 32 == 0 ? 100_000 : 50
    let level = flags & 64 == 0 ? 1 : 9
    let messages = Array(input.rest).cut(input.lengths())

    let results = inflate(messages, bits, resets, kind, limit)
    expectEqual(inflate(messages, bits, resets, kind, limit), results, "a second time")
    if resets {
        let alone = messages.flatMap { inflate([$0], bits, resets, kind, limit) }
        expectEqual(alone, results, "each message alone")
    }

    var deflater = Deflater(level: level, windowBits: bits, resetsContext: resets)
    var inflater = Inflater(windowBits: bits, resetsContext: resets)
    for case .bytes(let bytes) in results {
        expect(bytes.count <= limit, "\(bytes.count) bytes")
        var compressed: [UInt8] = []
        deflater.deflate(bytes.span, into: &compressed)
        do throws(ProtocolViolation) {
            let again = try inflater.inflate(compressed.span, as: kind, limit: limit)
            expectEqual(again, bytes, "compressed again")
        } catch {
            fatalError("\(error) in \(compressed)")
        }
    }
    return 0
}

private enum Result: Equatable {
    case bytes([UInt8])
    case violation(ProtocolViolation)
}

/// A peer that keeps its context is cut off at its first violation.
private func inflate(
    _ messages: [[UInt8]],
    _ bits: Int,
    _ resets: Bool,
    _ kind: MessageKind,
    _ limit: Int
) -> [Result] {
    var inflater = Inflater(windowBits: bits, resetsContext: resets)
    var results: [Result] = []
    for message in messages {
        do throws(ProtocolViolation) {
            let bytes = try inflater.inflate(message.span, as: kind, limit: limit)
            results.append(.bytes(bytes))
        } catch {
            results.append(.violation(error))
            if !resets { break }
        }
    }
    return results
}
