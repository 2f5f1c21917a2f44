/// Numbers of people in national registers.
enum NationalID {
    static func finding(_ scan: TextScan, at start: Int) -> TextScan.Finding? {
        socialSecurityNumber(scan, start) ?? nationalInsurance(scan, start)
            ?? registrationNumber(scan, start) ?? identityDocument(scan, start)
            ?? taxFileNumber(scan, start)
    }

    /// A US social security number, `AAA-GG-SSSS`: no area 000, 666 or 900–999, no group 00, no
    /// serial 0000 (Social Security Administration, “SSN Randomization”, 2011).
    private static func socialSecurityNumber(
        _ scan: TextScan,
        _ start: Int
    ) -> TextScan.Finding? {
        let run = DigitRun(scan, from: start, limit: 10, separators: ["-"])
        guard run.digits.count == 9,
            run.isSeparated.indices.filter({ run.isSeparated[$0] }) == [2, 4],
            scan.isBoundary(run.ends[8]), scan[start - 1] != "-", scan[run.ends[8]] != "-"
        else { return nil }
        let area = number(run.digits[0..<3])
        guard area != 0, area != 666, area < 900, number(run.digits[3..<5]) != 0,
            number(run.digits[5...]) != 0
        else { return nil }
        return TextScan.Finding(type: "us-ssn", range: start..<run.ends[8], confidence: 0.85)
    }

    /// A UK national insurance number: two letters, six digits, A to D (HM Revenue & Customs,
    /// NIM39110).
    private static func nationalInsurance(_ scan: TextScan, _ start: Int) -> TextScan.Finding? {
        guard let first = scan[start], let second = scan[start + 1],
            ("A"..."Z").contains(first), ("A"..."Z").contains(second),
            !"DFIQUV".unicodeScalars.contains(first), !"DFIOQUV".unicodeScalars.contains(second),
            !["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"].contains("\(first)\(second)")
        else { return nil }
        let digits = scan[start + 2] == " " ? start + 3 : start + 2
        let run = DigitRun(scan, from: digits, limit: 7, separators: [" "])
        guard run.digits.count == 6, let last = run.ends.last else { return nil }
        let suffix = scan[last] == " " ? last + 1 : last
        guard let letter = scan[suffix], ("A"..."D").contains(letter), scan.isBoundary(suffix + 1)
        else { return nil }
        return TextScan.Finding(type: "gb-nino", range: start..<suffix + 1, confidence: 0.85)
    }

    /// A French registration number: 13 digits and a key, 97 less the number modulo 97 (INSEE).
    private static func registrationNumber(_ scan: TextScan, _ start: Int) -> TextScan.Finding? {
        let run = DigitRun(scan, from: start, limit: 16, separators: [" "])
        guard run.digits.count == 15, (1...2).contains(run.digits[0]),
            (1...12).contains(number(run.digits[3..<5])), scan.isBoundary(run.ends[14]),
            number(run.digits[13...]) == 97 - number(run.digits[0..<13]) % 97
        else { return nil }
        return TextScan.Finding(type: "fr-nir", range: start..<run.ends[14], confidence: 0.96)
    }

    /// A Spanish DNI or NIE: eight digits, or X, Y or Z and seven, and the letter that the number
    /// modulo 23 has (Real Decreto 1553/2005).
    private static func identityDocument(_ scan: TextScan, _ start: Int) -> TextScan.Finding? {
        var digits: [Int] = []
        var index = start
        if let first = scan[start], ("X"..."Z").contains(first) {
            digits.append(Int(first.value) - 88)
            index += 1
            if scan[index] == "-" { index += 1 }
        }
        let run = DigitRun(scan, from: index, limit: 9, separators: [])
        digits += run.digits
        guard digits.count == 8, var end = run.ends.last else { return nil }
        if scan[end] == "-" { end += 1 }
        let letters = Array("TRWAGMYFPDXBNJZSQVHLCKE".unicodeScalars)
        guard let letter = scan[end], letter == letters[number(digits[...]) % 23],
            scan.isBoundary(end + 1)
        else { return nil }
        return TextScan.Finding(type: "es-dni", range: start..<end + 1, confidence: 0.85)
    }

    /// An Australian tax file number, when the text before speaks of one (``RegistryNumber``).
    private static func taxFileNumber(_ scan: TextScan, _ start: Int) -> TextScan.Finding? {
        let run = DigitRun(scan, from: start, limit: 10, separators: [" ", "-"])
        guard run.digits.count == 9, scan.isBoundary(run.ends[8]),
            RegistryNumber.isConsistent(run.digits, .tfn)
        else { return nil }
        let context = scan.text(max(0, start - 40)..<start).lowercased()
        guard context.contains("tfn") || context.contains("tax file") else { return nil }
        return TextScan.Finding(type: "au-tfn", range: start..<run.ends[8], confidence: 0.9)
    }

    private static func number(_ digits: ArraySlice<Int>) -> Int {
        digits.reduce(0) { $0 * 10 + $1 }
    }
}
