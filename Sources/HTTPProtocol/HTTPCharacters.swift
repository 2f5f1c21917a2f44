extension UInt8 {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let colon = UInt8(ascii: ":")

    /// Whether a line of a message head may hold this byte (RFC 9110 §5.5).
    var isFieldText: Bool { self >= 0x20 && self != 0x7F || self == .tab }

    /// Whether this byte is blank within a line (OWS of RFC 9110 §5.6.3).
    var isFieldBlank: Bool { self == .space || self == .tab }

    /// Whether this byte is ASCII, printable and not blank.
    var isVisibleASCII: Bool { self > 0x20 && self < 0x7F }

    /// Whether a token may hold this byte (`tchar` of RFC 9110 §5.6.2).
    var isTokenCharacter: Bool {
        guard self < 0x80 else { return false }
        let half = self < 64 ? Self.tokenCharactersBelow64 : Self.tokenCharactersFrom64
        return half >> UInt64(self & 63) & 1 == 1
    }

    // Bit n stands for the byte n, and for the byte 64 + n.
    private static let tokenCharactersBelow64: UInt64 = 0x03FF_6CFA_0000_0000
    private static let tokenCharactersFrom64: UInt64 = 0x57FF_FFFF_C7FF_FFFE

    var isASCIIDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    var lowercasedASCII: UInt8 {
        self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self
    }

    var isLowercaseASCIILetter: Bool { self >= UInt8(ascii: "a") && self <= UInt8(ascii: "z") }

    /// The value of a hexadecimal digit in either case.
    var hexadecimalValue: UInt8? {
        switch lowercasedASCII {
        case let digit where digit.isASCIIDigit: digit - UInt8(ascii: "0")
        case let letter where letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "f"):
            letter - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

extension [UInt8] {
    /// Appends a copy of `bytes`.
    mutating func append(copying bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe append(contentsOf: buffer)
        }
    }
}

extension String {
    /// A string of `bytes`, in which what is not UTF-8 is replaced by U+FFFD.
    init(repairing bytes: Span<UInt8>) {
        do {
            self.init(copying: try UTF8Span(validating: bytes))
        } catch {
            var copy: [UInt8] = []
            copy.append(copying: bytes)
            self.init(decoding: copy, as: UTF8.self)
        }
    }
}
