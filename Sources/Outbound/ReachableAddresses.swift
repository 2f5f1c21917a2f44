package import EventLoops

/// Which addresses requests to the outside may go to.
///
/// What a user can make the hub call must not reach what only the hub can: by default everything
/// is refused that is not a public unicast address (OWASP, server-side request forgery). It is
/// asked for the address that a connection is about to be made to, behind the resolver, so that a
/// name cannot change its meaning in between.
package struct ReachableAddresses: Equatable, Sendable {
    /// Ranges that may be reached although they are not public.
    package var allowed: [AddressRange]

    package init(allowed: [AddressRange] = []) {
        self.allowed = allowed
    }

    package func allows(_ address: InternetAddress) -> Bool {
        if allowed.contains(where: { $0.contains(address) }) { return true }
        return address.isPublic
    }
}

extension InternetAddress {
    /// Whether it is in none of the special-purpose blocks of IANA's registries (RFC 6890) and is
    /// no multicast address.
    fileprivate var isPublic: Bool {
        if let bytes = ipv4Bytes { return Self.isPublic(ipv4: bytes) }
        // Only 2000::/3 is global unicast (RFC 4291 §2.4); some of it is special.
        guard bytes[0] & 0xE0 == 0x20 else { return false }
        if bytes[0] == 0x20, bytes[1] == 0x01, bytes[2] < 0x02 { return false }
        if Array(bytes.prefix(4)) == [0x20, 0x01, 0x0D, 0xB8] { return false }
        if bytes[0] == 0x3F, bytes[1] == 0xFF, bytes[2] < 0x10 { return false }
        // 6to4 carries an IPv4 address (RFC 3056 §2).
        if bytes[0] == 0x20, bytes[1] == 0x02 { return Self.isPublic(ipv4: Array(bytes[2..<6])) }
        return true
    }

    private static func isPublic(ipv4 bytes: [UInt8]) -> Bool {
        switch (bytes[0], bytes[1], bytes[2]) {
        case (0, _, _), (10, _, _), (127, _, _): false
        case (100, 64...127, _): false
        case (169, 254, _), (172, 16...31, _), (192, 168, _): false
        case (192, 0, 0), (192, 0, 2), (192, 88, 99): false
        case (198, 18...19, _), (198, 51, 100), (203, 0, 113): false
        case (224..., _, _): false
        default: true
        }
    }
}
