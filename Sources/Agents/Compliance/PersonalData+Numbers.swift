/// Digits with single separators between them.
struct DigitRun {
    var digits: [Int] = []
    /// The place after each digit.
    var ends: [Int] = []
    /// Whether a separator follows each digit.
    var isSeparated: [Bool] = []

    init(
        _ scan: TextScan,
        from start: Int,
        limit: Int,
        separators: Set<Unicode.Scalar>
    ) {
        var index = start
        while digits.count < limit, let scalar = scan[index] {
            if TextScan.isDigit(scalar) {
                digits.append(Int(scalar.value) - 48)
                ends.append(index + 1)
                isSeparated.append(false)
                index += 1
            } else {
                guard separators.contains(scalar), !digits.isEmpty,
                    scan[index + 1].map(TextScan.isDigit) == true
                else { break }
                isSeparated[isSeparated.count - 1] = true
                index += 1
            }
        }
    }
}

/// Numbers of payment cards.
enum PaymentCard {
    static func finding(_ scan: TextScan, at start: Int) -> TextScan.Finding? {
        guard scan[start].map(TextScan.isDigit) == true, !continues(scan, before: start) else {
            return nil
        }
        let run = DigitRun(scan, from: start, limit: 20, separators: [" ", "-"])
        // Of digits in groups the longest number that ends with a group.
        for count in stride(from: min(19, run.digits.count), through: 13, by: -1) {
            let isWhole = count == run.digits.count || run.isSeparated[count - 1]
            let digits = Array(run.digits.prefix(count))
            guard isWhole, scan.isBoundary(run.ends[count - 1]), isValid(digits) else { continue }
            return TextScan.Finding(
                type: "card",
                range: start..<run.ends[count - 1],
                confidence: isOfKnownNetwork(digits) ? 0.95 : 0.6
            )
        }
        return nil
    }

    /// Whether a digit group stands right before, so that this is the middle of a number.
    private static func continues(_ scan: TextScan, before start: Int) -> Bool {
        guard let sign = scan[start - 1], sign == "-" || sign == " " else { return false }
        return scan[start - 2].map(TextScan.isDigit) == true && sign == "-"
    }

    /// By the check digit of Luhn (ISO/IEC 7812-1, annex B).
    static func isValid(_ digits: [Int]) -> Bool {
        var sum = 0
        for (index, digit) in digits.reversed().enumerated() {
            let doubled = index.isMultiple(of: 2) ? digit : digit * 2
            sum += doubled > 9 ? doubled - 9 : doubled
        }
        return sum.isMultiple(of: 10) && digits.contains { $0 > 0 }
    }

    /// By the first digits that the networks publish.
    private static func isOfKnownNetwork(_ digits: [Int]) -> Bool {
        let first = digits.prefix(4).reduce(0) { $0 * 10 + $1 }
        switch (first, digits.count) {
        case (4_000...4_999, 13), (4_000...4_999, 16), (4_000...4_999, 19): return true
        case (5_100...5_599, 16), (2_221...2_720, 16): return true
        case (3_400...3_499, 15), (3_700...3_799, 15): return true
        case (6_011, 16...19), (6_440...6_599, 16...19): return true
        case (3_528...3_589, 16...19), (3_000...3_059, 14), (3_600...3_699, 14...19): return true
        case (6_200...6_299, 16...19): return true
        default: return false
        }
    }
}

/// Telephone numbers.
enum PhoneNumber {
    private static let separators: Set<Unicode.Scalar> = [" ", "-", ".", "\u{A0}"]

    static func finding(_ scan: TextScan, at start: Int) -> TextScan.Finding? {
        guard let first = scan[start], scan[start - 1].map(TextScan.isWord) != true else {
            return nil
        }
        return first == "+" ? international(scan, start) : national(scan, start)
    }

    /// E.164: a country code that does not begin with 0, 8 to 15 digits in all.
    private static func international(_ scan: TextScan, _ start: Int) -> TextScan.Finding? {
        var index = start + 1
        var count = 0
        var end = start
        while count < 16, let scalar = scan[index] {
            if TextScan.isDigit(scalar) {
                if count == 0, scalar == "0" { return nil }
                count += 1
                end = index + 1
            } else if count == 0 || !isSeparator(scan, index) {
                break
            }
            index += 1
        }
        guard (8...15).contains(count), scan.isBoundary(end) else { return nil }
        return TextScan.Finding(type: "phone", range: start..<end, confidence: 0.9)
    }

    /// A separator with a digit or bracket on, or a bracket.
    private static func isSeparator(_ scan: TextScan, _ index: Int) -> Bool {
        guard let scalar = scan[index], let next = scan[index + 1] else { return false }
        let isBracket = scalar == "(" || scalar == ")"
        return (separators.contains(scalar) || isBracket)
            && (TextScan.isDigit(next) || next == "(" || isBracket && separators.contains(next))
    }

    /// `(02) 9374 4000`, `0412 345 678`, `212-555-0187`: groups that are marked as such.
    private static func national(_ scan: TextScan, _ start: Int) -> TextScan.Finding? {
        var index = start
        let hasBrackets = scan[start] == "("
        if hasBrackets { index += 1 }
        guard scan[index].map(TextScan.isDigit) == true,
            scan[start - 2].map(TextScan.isDigit) != true
        else { return nil }
        var groups: [Int] = []
        var end = index
        while groups.reduce(0, +) <= 11 {
            let groupEnd = scan.end(from: index, limit: 12, while: TextScan.isDigit)
            guard groupEnd > index else { break }
            groups.append(groupEnd - index)
            end = groupEnd
            index = groupEnd
            if hasBrackets, groups.count == 1 {
                guard scan[index] == ")" else { return nil }
                index += 1
            }
            guard let sign = scan[index], separators.contains(sign) else {
                if hasBrackets, groups.count == 1 { continue }
                break
            }
            index += 1
        }
        let count = groups.reduce(0, +)
        let isTrunk = scan[hasBrackets ? start + 1 : start] == "0"
        let isAmerican = groups == [3, 3, 4]
        guard groups.count >= 2, scan.isBoundary(end), groups.allSatisfy({ $0 <= 8 }),
            isAmerican || isTrunk && (9...11).contains(count)
        else { return nil }
        return TextScan.Finding(type: "phone", range: start..<end, confidence: 0.6)
    }
}
