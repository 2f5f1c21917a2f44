/// A range of IP addresses: those that begin with the same bits (RFC 4632, RFC 4291 §2.3).
package struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    private let base: InternetAddress
    private let length: Int

    /// Reads `10.0.0.0/8`, `2001:db8::/32`, or one address without a length.
    ///
    /// - Throws: A sentence that says what is wrong with `text`.
    package init(_ text: String) throws(AddressError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first,
            let base = InternetAddress(host: String(first), port: 0)
        else { throw AddressError("'\(text)' is not an address or ADDRESS/LENGTH") }
        let bits = base.bytes.count * 8
        guard parts.count == 2 else {
            self.init(base: base, length: bits)
            return
        }
        guard parts[1].allSatisfy(\.isNumber), let length = Int(parts[1]), length <= bits else {
            throw AddressError("'\(parts[1])' in '\(text)' is not a length from 0 to \(bits)")
        }
        self.init(base: base, length: length)
    }

    private init(base: InternetAddress, length: Int) {
        self.base = base
        self.length = length
    }

    /// 127.0.0.0/8.
    package static let loopbackIPv4 = AddressRange(base: .anyLoopback, length: 8)
    /// ::1.
    package static let loopbackIPv6 = AddressRange(base: .loopbackIPv6, length: 128)

    package func contains(_ address: InternetAddress) -> Bool {
        let bytes = base.bytes.count == 4 ? address.ipv4Bytes ?? address.bytes : address.bytes
        guard bytes.count == base.bytes.count else { return false }
        var rest = length
        for (one, other) in zip(bytes, base.bytes) where rest > 0 {
            let mask = rest >= 8 ? 0xFF : ~(UInt8.max >> UInt8(rest))
            guard one & mask == other & mask else { return false }
            rest -= 8
        }
        return true
    }

    package var description: String {
        length == base.bytes.count * 8 ? base.host : "\(base.host)/\(length)"
    }
}

extension InternetAddress {
    /// The four bytes of an IPv4 address, also of one that is mapped into IPv6 (RFC 4291
    /// §2.5.5.2).
    package var ipv4Bytes: [UInt8]? {
        if bytes.count == 4 { return bytes }
        let isMapped =
            bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF
            && bytes[11] == 0xFF
        return isMapped ? Array(bytes.suffix(4)) : nil
    }
}
