/// Base64 of the PHC string format: the alphabet of RFC 4648 §4 without padding.
///
/// <https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md>
enum Base64Text {
    static func encode(_ bytes: [UInt8]) -> String {
        String(decoding: Base64URL.encode(bytes).utf8.map(standard), as: UTF8.self)
    }

    static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        let hasForeign = text.contains { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        return hasForeign ? nil : Base64URL.decode(text.map(urlSafe))
    }

    private static func standard(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "-"): UInt8(ascii: "+")
        case UInt8(ascii: "_"): UInt8(ascii: "/")
        default: byte
        }
    }

    private static func urlSafe(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "+"): UInt8(ascii: "-")
        case UInt8(ascii: "/"): UInt8(ascii: "_")
        default: byte
        }
    }
}
