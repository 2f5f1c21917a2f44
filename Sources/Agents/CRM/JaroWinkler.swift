/// How alike two strings are, from 0 to 1, by Jaro and Winkler.
///
/// Jaro's similarity is (m ÷ |a| + m ÷ |b| + (m − t) ÷ m) ÷ 3 with m characters in common, no
/// farther apart than half the longer length less one, and t half the number of these that stand in
/// another order, rounded down. Above 0.7, Winkler adds 0.1 × (1 − similarity) for each of up to
/// four equal characters at the start (W. E. Winkler, “String Comparator Metrics and Enhanced
/// Decision Rules in the Fellegi–Sunter Model of Record Linkage”, 1990; strcmp95.c).
///
/// Characters are Unicode scalars, at most ``longest`` of them: which are found is kept in the bits
/// of two words, so that a comparison takes one step per character.
struct JaroWinkler {
    static let longest = 128

    /// Numbers for scalars, shared by all that is compared.
    struct Alphabet {
        private var numbers: [Unicode.Scalar: Int] = [:]
        var count: Int { numbers.count }

        mutating func encoded(_ text: String) -> [Int] {
            text.unicodeScalars.prefix(longest).map { scalar in
                let number = numbers[scalar] ?? numbers.count
                numbers[scalar] = number
                return number
            }
        }
    }

    private let first: [Int]
    /// Where `first` has each character of the alphabet.
    private let places: [UInt128]

    /// - Parameters:
    ///   - first: What others are compared with.
    ///   - alphabetSize: All characters are below it.
    init(_ first: [Int], alphabetSize: Int) {
        self.first = first
        var places = [UInt128](repeating: 0, count: alphabetSize)
        for (index, character) in first.enumerated() { places[character] |= 1 << UInt128(index) }
        self.places = places
    }

    /// Whether the lengths alone rule `threshold` out, which is above 0.7.
    static func isHopeless(_ first: Int, _ second: Int, threshold: Double) -> Bool {
        guard threshold > 0.7, min(first, second) > 0 else { return false }
        let jaro = (2 + Double(min(first, second)) / Double(max(first, second))) / 3
        return jaro + 0.4 * (1 - jaro) < threshold - 1e-9
    }

    func similarity(_ second: [Int]) -> Double {
        guard !first.isEmpty, !second.isEmpty else {
            return first.isEmpty && second.isEmpty ? 1 : 0
        }
        let window = max(0, max(first.count, second.count) / 2 - 1)
        var foundInFirst: UInt128 = 0
        var foundInSecond: UInt128 = 0
        for (index, character) in second.enumerated() {
            let below = max(0, index - window)
            guard below < first.count else { break }
            // Shifts beyond the width give 0, which makes the mask whole.
            let mask = ((1 as UInt128) << UInt128(index + window + 1)) &- 1
            let candidates = places[character] & mask & ~foundInFirst & (.max << UInt128(below))
            guard candidates != 0 else { continue }
            foundInFirst |= candidates & (0 &- candidates)
            foundInSecond |= 1 << UInt128(index)
        }
        let common = foundInFirst.nonzeroBitCount
        guard common > 0 else { return 0 }
        var misplaced = 0
        while foundInFirst != 0 {
            let one = foundInFirst.trailingZeroBitCount
            let other = foundInSecond.trailingZeroBitCount
            if first[one] != second[other] { misplaced += 1 }
            foundInFirst &= foundInFirst &- 1
            foundInSecond &= foundInSecond &- 1
        }
        let m = Double(common)
        let jaro =
            (m / Double(first.count) + m / Double(second.count)
                + (m - Double(misplaced / 2)) / m) / 3
        guard jaro > 0.7 else { return jaro }
        let prefix = zip(first.prefix(4), second).prefix { $0 == $1 }.count
        return jaro + 0.1 * Double(prefix) * (1 - jaro)
    }
}
