extension String {
    /// The text with everything that could move a cursor, end a line or hide a part of it written
    /// as `\u{…}`.
    package var printable: String {
        guard unicodeScalars.contains(where: \.isInvisible) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            if scalar.isInvisible {
                text += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension Unicode.Scalar {
    /// Control characters, separators of lines, and marks that turn the direction of writing.
    var isInvisible: Bool {
        guard value >= 0x20 else { return true }
        guard value >= 0x7F else { return false }
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: true
        default: false
        }
    }
}
