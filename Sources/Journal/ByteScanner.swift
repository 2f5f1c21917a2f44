/// A position in text of a fixed layout, and what can stand there.
///
/// Each input moves on only when it succeeds.
struct ByteScanner {
    private(set) var position: Int

    init(position: Int = 0) {
        self.position = position
    }

    /// Exactly `text`.
    mutating func literal(_ text: StaticString, in bytes: Span<UInt8>) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count - position >= count else { return false }
        let position = position
        let matches = text.withUTF8Buffer { expected in
            for index in 0..<count where bytes[position + index] != expected[index] {
                return false
            }
            return true
        }
        if matches { self.position += count }
        return matches
    }

    /// Decimal digits without a leading zero that fit 64 bits.
    mutating func number(in bytes: Span<UInt8>) -> UInt64? {
        var index = position
        var value: UInt64 = 0
        while index < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[index] {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(
                UInt64(bytes[index] - UInt8(ascii: "0"))
            )
            if overflow || carry { return nil }
            value = sum
            index += 1
        }
        let digits = index - position
        guard digits == 1 || digits > 1 && bytes[position] != UInt8(ascii: "0") else { return nil }
        position = index
        return value
    }

    /// Eight lower-case hexadecimal digits.
    mutating func checksum(in bytes: Span<UInt8>) -> UInt32? {
        guard bytes.count - position >= 8 else { return nil }
        var value: UInt32 = 0
        for index in position..<position + 8 {
            let digit: UInt8
            switch bytes[index] {
            case let byte where UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte:
                digit = byte - UInt8(ascii: "0")
            case let byte where UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte:
                digit = byte - UInt8(ascii: "a") + 10
            default: return nil
            }
            value = value << 4 | UInt32(digit)
        }
        position += 8
        return value
    }

    /// A time as ``RFC3339`` writes it.
    mutating func time(in bytes: Span<UInt8>) -> Int64? {
        guard bytes.count - position >= RFC3339.length,
            let time = RFC3339.milliseconds(
                of: bytes.extracting(position..<position + RFC3339.length)
            )
        else { return nil }
        position += RFC3339.length
        return time
    }

    /// The bytes before the next quotation mark; they must be plain file-name characters.
    mutating func name(in bytes: Span<UInt8>) -> String? {
        var name = ""
        var index = position
        while index < bytes.count, isFileNameCharacter(bytes[index]) {
            name.unicodeScalars.append(UnicodeScalar(bytes[index]))
            index += 1
        }
        if name.isEmpty { return nil }
        position = index
        return name
    }
}

/// Whether `byte` may stand in the name of a snapshot's file: `a-z`, `0-9`, `-`, `.`.
func isFileNameCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "."):
        true
    default: false
    }
}

/// `value` as eight lower-case hexadecimal digits.
func checksumDigits(_ value: UInt32) -> some Sequence<UInt8> {
    stride(from: UInt32(28), through: 0, by: -4).lazy.map { shift in
        let digit = UInt8(value >> shift & 0xF)
        return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}

/// Appends `value` in decimal.
func appendNumber(_ value: UInt64, to bytes: inout [UInt8]) {
    let start = bytes.count
    var rest = value
    repeat {
        bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
        rest /= 10
    } while rest > 0
    bytes[start...].reverse()
}
