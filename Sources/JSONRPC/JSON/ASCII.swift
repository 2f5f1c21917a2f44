/// The bytes that mean something in JSON.
enum ASCII {
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")
    static let leftBrace = UInt8(ascii: "{")
    static let rightBrace = UInt8(ascii: "}")
    static let leftBracket = UInt8(ascii: "[")
    static let rightBracket = UInt8(ascii: "]")
    static let comma = UInt8(ascii: ",")
    static let colon = UInt8(ascii: ":")
    static let minus = UInt8(ascii: "-")
    static let plus = UInt8(ascii: "+")
    static let point = UInt8(ascii: ".")
    static let zero = UInt8(ascii: "0")
    static let nine = UInt8(ascii: "9")
    static let digits = zero...nine
}

extension UInt8 {
    var isDigit: Bool { self &- ASCII.zero < 10 }

    /// The value of a hexadecimal digit in either case.
    var hexValue: UInt32? {
        switch self {
        case ASCII.digits: UInt32(self - ASCII.zero)
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(self - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(self - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}

extension Span<UInt8> {
    /// The byte at `offset`, or NUL, which no grammar rule accepts, beyond the end.
    @inline(__always)
    func byte(at offset: Int) -> UInt8 {
        offset < count ? self[offset] : 0
    }

    /// Eight bytes as one word, the first in its lowest bits.
    ///
    /// The load is checked against the bounds; it is called unsafe only for types with invalid
    /// bit patterns, and `UInt64` has none.
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
        return UInt64(littleEndian: word)
    }

    @inline(__always)
    func skippingWhitespace(from start: Int) -> Int {
        var offset = start
        while offset < count {
            switch self[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return offset
            }
        }
        return offset
    }
}
