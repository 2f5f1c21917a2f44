import WebSocketProtocol

/// Makes the publisher's frames; each publication carries its number.
struct PublishRequest {
    /// In front of the number in a publication's data.
    static let mark = Array("number:".utf8)
    /// What the answer to a publication contains.
    static let success = Array(#""result""#.utf8)
    private static let digits = 8

    private var payload: [UInt8]
    private let idPlace: Int
    private let numberPlace: Int

    /// - Parameter dataLength: Characters of the string that is published.
    init(dataLength: Int) {
        precondition(dataLength >= Self.mark.count + Self.digits)
        payload = Array(#"{"jsonrpc":"2.0","id":"#.utf8)
        idPlace = payload.count
        let head = #"10000000,"method":"hub.publish","params":{"channel":"app.bench","data":""#
        payload += Array(head.utf8) + Self.mark
        numberPlace = payload.count
        let rest = dataLength - Self.mark.count
        payload += Self.words(rest)
        payload += Array(#""}}"#.utf8)
    }

    /// Text that compresses like text does: words of three to eight letters in no order.
    private static func words(_ length: Int) -> [UInt8] {
        var text: [UInt8] = []
        var state: UInt32 = 1
        func next(_ limit: UInt32) -> UInt32 {
            state = state &* 1_664_525 &+ 1_013_904_223
            return (state >> 16) % limit
        }
        while text.count < length {
            for _ in 0..<3 + next(6) {
                let letters = Array("eeeetttaaaoooiinnnsshrrdlucmfwypgb".utf8)
                text.append(letters[Int(next(UInt32(letters.count)))])
            }
            text.append(UInt8(ascii: " "))
        }
        return Array(text.prefix(length))
    }

    /// Appends the request for publication `number` to `frames`.
    mutating func append(_ number: UInt32, to frames: inout [UInt8]) {
        // An id of eight digits, of which the first is never 0.
        var rest = number % 10_000_000
        for place in stride(from: idPlace + 7, to: idPlace, by: -1) {
            payload[place] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        for digit in 0..<Self.digits {
            let value = UInt8(truncatingIfNeeded: number >> UInt32(4 * digit)) & 0x0F
            payload[numberPlace + digit] = UInt8(ascii: "a") + value
        }
        frames.appendFrame(.text, payload: payload.span, maskingKey: BenchClient.maskingKey)
    }

    /// Reads the number at `place` of a publication, in a few instructions: it is read from each
    /// of millions of deliveries a second.
    @inline(__always)
    static func number(in payload: UnsafeMutableRawBufferPointer, at place: Int) -> UInt32 {
        guard payload.count - place >= digits else { return .max }
        let text = UInt64(
            littleEndian: payload.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        )
        // The letter of digit n is byte n; 'a' has the low four bits 1.
        var word = (text &- 0x6161_6161_6161_6161) & 0x0F0F_0F0F_0F0F_0F0F
        word = (word | word >> 4) & 0x00FF_00FF_00FF_00FF
        word = (word | word >> 8) & 0x0000_FFFF_0000_FFFF
        return UInt32(truncatingIfNeeded: word | word >> 16)
    }
}
