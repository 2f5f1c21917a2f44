/// The length of a text as X counts it against its limit of 280.
///
/// twitter-text, configuration version 3 (https://github.com/twitter/twitter-text): of the text in
/// Unicode's form NFC, an address counts 23 (``WebAddress``), an emoji sequence 2, characters of the
/// ranges 0–10FF, 2000–200D, 2010–201F and 2032–2037 (hexadecimal) 1, all others 2. Line ends of two
/// characters count once.
enum WeightedLength {
    static func count(_ text: String) -> Int {
        let scalars = Array(text.unicodeScalars)
        var length = 0
        var start = 0
        for address in WebAddress.find(in: scalars) {
            length += plain(scalars[start..<address.lowerBound]) + 23
            start = address.upperBound
        }
        return length + plain(scalars[start...])
    }

    private static func plain(_ scalars: ArraySlice<Unicode.Scalar>) -> Int {
        String(String.UnicodeScalarView(scalars)).reduce(0) { $0 + weight($1) }
    }

    private static func weight(_ character: Character) -> Int {
        let scalars = character.unicodeScalars
        guard let first = scalars.first else { return 0 }
        if scalars.count == 1, first.value < 0xA9 { return 1 }
        if character == "\r\n" { return 1 }
        if isEmoji(scalars, first) {
            // A text selector asks for no emoji and counts for itself.
            return 2 + scalars.count { $0.value == 0xFE0E } * 2
        }
        return Composition.composed(Array(scalars)).reduce(0) { $0 + weight($1) }
    }

    private static func weight(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0...0x10FF, 0x2000...0x200D, 0x2010...0x201F, 0x2032...0x2037: 1
        default: 2
        }
    }

    /// By the grammar of Unicode Technical Standard 51; digits, # and * only as keycaps.
    private static func isEmoji(
        _ scalars: String.UnicodeScalarView,
        _ first: Unicode.Scalar
    ) -> Bool {
        guard first.properties.isEmoji else { return false }
        return !first.isASCII || scalars.contains { $0.value == 0x20E3 }
    }
}

/// Canonical composition (Unicode Standard Annex 15) of one character.
///
/// The standard library compares strings by canonical equivalence and has no form NFC to ask for;
/// so the composed scalar of a pair is looked up among those of Latin, Greek, Cyrillic and Kana,
/// where none is excluded from composition, and computed for Hangul. Marks of other scripts weigh
/// the same in either form.
enum Composition {
    private static let composites: [String: Unicode.Scalar] = {
        var composites: [String: Unicode.Scalar] = [:]
        let ranges: [ClosedRange<UInt32>] = [
            0xC0...0x233, 0x374...0x4F9, 0x1E00...0x1FFF, 0x3040...0x30FF, 0x4B...0x4B,
        ]
        for value in ranges.joined() {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let key = String(scalar)
            // Of canonically equal scalars the first is the one that NFC has.
            if composites[key] == nil { composites[key] = scalar }
        }
        return composites
    }()

    static func composed(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard let first = scalars.first else { return [] }
        let marks = scalars.dropFirst().enumerated().sorted {
            let classes = (combiningClass($0.element), combiningClass($1.element))
            // Scalars of class 0 keep all others on their side.
            return classes.0 > 0 && classes.1 > 0 && classes.0 != classes.1
                ? classes.0 < classes.1 : $0.offset < $1.offset
        }
        var result = [composites[String(first)] ?? first]
        var isBlocked = false
        var previous: UInt8 = 0
        for (_, mark) in marks {
            let own = combiningClass(mark)
            let follows = !isBlocked && (previous < own || previous == 0)
            if follows, let composed = pair(result[0], mark) {
                result[0] = composed
                continue
            }
            result.append(mark)
            previous = own
            if own == 0 { isBlocked = true }
        }
        return result
    }

    private static func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
        scalar.properties.canonicalCombiningClass.rawValue
    }

    private static func pair(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        if (0x1100...0x1112).contains(first.value), (0x1161...0x1175).contains(second.value) {
            let leading = (first.value - 0x1100) * 21
            return Unicode.Scalar(0xAC00 + (leading + second.value - 0x1161) * 28)
        }
        if (0xAC00...0xD7A3).contains(first.value), (first.value - 0xAC00).isMultiple(of: 28),
            (0x11A8...0x11C2).contains(second.value)
        {
            return Unicode.Scalar(first.value + second.value - 0x11A7)
        }
        var text = String.UnicodeScalarView()
        text.append(first)
        text.append(second)
        return composites[String(text)]
    }
}
