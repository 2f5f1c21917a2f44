/// International bank account numbers (ISO 13616).
enum BankAccount {
    /// The account that begins at a place, written together or in groups.
    static func finding(_ scan: TextScan, at start: Int) -> TextScan.Finding? {
        guard let first = scan[start], let second = scan[start + 1], isUpper(first),
            isUpper(second), let form = forms["\(first)\(second)"]
        else { return nil }
        let kinds = kinds(form)
        var characters: [Unicode.Scalar] = []
        var index = start
        while characters.count < kinds.count + 4, let scalar = scan[index] {
            if TextScan.isAlphanumeric(scalar) {
                characters.append(scalar)
            } else {
                // Single spaces separate groups.
                guard scalar == " ", scan[index + 1].map(TextScan.isAlphanumeric) == true else {
                    return nil
                }
            }
            index += 1
        }
        guard characters.count == kinds.count + 4, scan.isBoundary(index),
            zip(characters.dropFirst(4), kinds).allSatisfy({ $1.contains($0) }),
            remainder(characters) == 1
        else { return nil }
        return TextScan.Finding(type: "iban", range: start..<index, confidence: 0.99)
    }

    private enum Kind {
        case digit
        case upper
        case any

        func contains(_ scalar: Unicode.Scalar) -> Bool {
            switch self {
            case .digit: TextScan.isDigit(scalar)
            case .upper: BankAccount.isUpper(scalar)
            case .any: TextScan.isDigit(scalar) || BankAccount.isUpper(scalar)
            }
        }
    }

    private static func isUpper(_ scalar: Unicode.Scalar) -> Bool {
        ("A"..."Z").contains(scalar)
    }

    /// The kinds of the characters of a form such as `4a14n`.
    private static func kinds(_ form: String) -> [Kind] {
        var kinds: [Kind] = []
        var count = 0
        for character in form {
            if let digit = character.wholeNumberValue {
                count = count * 10 + digit
            } else {
                let kind: Kind = character == "n" ? .digit : character == "a" ? .upper : .any
                kinds += Array(repeating: kind, count: count)
                count = 0
            }
        }
        return kinds
    }

    /// ISO 7064 MOD 97-10 over the number with its first four characters at the end.
    ///
    /// - Returns: 1 when the check digits are right, `nil` when a check digit is none.
    static func remainder(_ characters: [Unicode.Scalar]) -> Int? {
        guard characters.count > 4, characters[2...3].allSatisfy(TextScan.isDigit) else {
            return nil
        }
        var remainder = 0
        for scalar in characters.dropFirst(4) + characters.prefix(4) {
            if TextScan.isDigit(scalar) {
                remainder = (remainder * 10 + Int(scalar.value) - 48) % 97
            } else {
                guard isUpper(scalar) else { return nil }
                remainder = (remainder * 100 + Int(scalar.value) - 55) % 97
            }
        }
        return remainder
    }

    /// What follows country and check digits: `n` digits, `a` capitals, `c` both.
    ///
    /// From the IBAN registry of SWIFT, release 101.
    private static let forms: [String: String] = [
        "AD": "8n12c", "AE": "19n", "AL": "8n16c", "AT": "16n", "AZ": "4a20c", "BA": "16n",
        "BE": "12n", "BG": "4a6n8c", "BH": "4a14c", "BI": "23n", "BR": "23n1a1c",
        "BY": "4c4n16c", "CH": "5n12c", "CR": "18n", "CY": "8n16c", "CZ": "20n", "DE": "18n",
        "DJ": "23n", "DK": "14n", "DO": "4c20n", "EE": "16n", "EG": "25n", "ES": "20n",
        "FI": "14n", "FK": "2a12n", "FO": "14n", "FR": "10n11c2n", "GB": "4a14n", "GE": "2a16n",
        "GI": "4a15c", "GL": "14n", "GR": "7n16c", "GT": "24c", "HN": "4a20n", "HR": "17n",
        "HU": "24n", "IE": "4a14n", "IL": "19n", "IQ": "4a15n", "IS": "22n", "IT": "1a10n12c",
        "JO": "4a4n18c", "KW": "4a22c", "KZ": "3n13c", "LB": "4n20c", "LC": "4a24c",
        "LI": "5n12c", "LT": "16n", "LU": "3n13c", "LV": "4a13c", "LY": "21n", "MC": "10n11c2n",
        "MD": "20c", "ME": "18n", "MK": "3n10c2n", "MN": "16n", "MR": "23n", "MT": "4a5n18c",
        "MU": "4a19n3a", "NI": "4a20n", "NL": "4a10n", "NO": "11n", "OM": "3n16c", "PK": "4a16c",
        "PL": "24n", "PS": "4a21c", "PT": "21n", "QA": "4a21c", "RO": "4a16c", "RS": "18n",
        "RU": "14n15c", "SA": "2n18c", "SC": "4a20n3a", "SD": "14n", "SE": "20n", "SI": "15n",
        "SK": "20n", "SM": "1a10n12c", "SO": "19n", "ST": "21n", "SV": "4a20n", "TL": "19n",
        "TN": "20n", "TR": "6n16c", "UA": "6n19c", "VA": "18n", "VG": "4a16n", "XK": "16n",
        "YE": "4a4n18c",
    ]
}
