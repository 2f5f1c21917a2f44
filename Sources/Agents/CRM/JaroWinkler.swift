/// How alike two strings are, from 0 to 1, by Jaro and Winkler.
///
/// Jaro's similarity is (m ÷ |a| + m ÷ |b| + (m − t) ÷ m) ÷ 3 with m characters in common, no
/// farther apart than half the longer length less one, and t half the number of these that stand in
/// another order, rounded down. Above 0.7, Winkler adds 0.1 × (1 − similarity) for each of up to
/// four equal characters at the start (W. E. Winkler, “String Comparator Metrics and Enhanced
/// Decision Rules in the Fellegi–Sunter Model of Record Linkage”, 1990; strcmp95.c).
///
/// Characters are Unicode scalars, at most ``longest`` of them: which are found is kept in the bits
/// of two words for each name, so that a comparison takes one step per character.
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
    private let places: [Places]

    /// Places in a name, a bit for each.
    private struct Places {
        /// Of the first 64 characters.
        var low: UInt64 = 0
        var high: UInt64 = 0

        mutating func insert(_ place: Int) {
            if place < 64 {
                low |= 1 &<< UInt64(truncatingIfNeeded: place)
            } else {
                high |= 1 &<< UInt64(truncatingIfNeeded: place &- 64)
            }
        }

        /// Leaves those from `below` up to and without `above`.
        mutating func narrow(from below: Int, to above: Int) {
            if below >= 64 {
                low = 0
                high &= .max &<< UInt64(truncatingIfNeeded: below &- 64)
            } else if below > 0 {
                low &= .max &<< UInt64(truncatingIfNeeded: below)
            }
            if above < 64 {
                low &= (1 &<< UInt64(truncatingIfNeeded: above)) &- 1
                high = 0
            } else if above < 128 {
                high &= (1 &<< UInt64(truncatingIfNeeded: above &- 64)) &- 1
            }
        }

        /// Takes the first place out; there is one.
        mutating func removeFirst() -> Int {
            if low != 0 {
                defer { low &= low &- 1 }
                return low.trailingZeroBitCount
            }
            defer { high &= high &- 1 }
            return high.trailingZeroBitCount &+ 64
        }
    }

    /// - Parameters:
    ///   - first: What others are compared with.
    ///   - alphabetSize: All characters are below it.
    init(_ first: [Int], alphabetSize: Int) {
        self.first = first
        var places = [Places](repeating: Places(), count: alphabetSize)
        for (index, character) in first.enumerated() { places[character].insert(index) }
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
        // Buffers, because half a million comparisons of long names are also made by builds that
        // optimise nothing.
        return unsafe first.withUnsafeBufferPointer { first in
            unsafe second.withUnsafeBufferPointer { second in
                unsafe places.withUnsafeBufferPointer { places in
                    unsafe Self.similarity(first, second, places)
                }
            }
        }
    }

    private static func similarity(
        _ first: UnsafeBufferPointer<Int>,
        _ second: UnsafeBufferPointer<Int>,
        _ places: UnsafeBufferPointer<Places>
    ) -> Double {
        let (length, other) = (first.count, second.count)
        let window = max(0, max(length, other) / 2 - 1)
        var foundInFirst = Places()
        var foundInSecond = Places()
        var common = 0
        var index = 0
        while index < other, index &- window < length {
            var candidates = unsafe places[second[index]]
            candidates.low &= ~foundInFirst.low
            candidates.high &= ~foundInFirst.high
            candidates.narrow(from: index &- window, to: index &+ window &+ 1)
            if candidates.low != 0 {
                foundInFirst.low |= candidates.low & (0 &- candidates.low)
                foundInSecond.insert(index)
                common &+= 1
            } else if candidates.high != 0 {
                foundInFirst.high |= candidates.high & (0 &- candidates.high)
                foundInSecond.insert(index)
                common &+= 1
            }
            index &+= 1
        }
        guard common > 0 else { return 0 }
        var misplaced = 0
        for _ in 0..<common {
            let one = unsafe first[foundInFirst.removeFirst()]
            if unsafe one != second[foundInSecond.removeFirst()] { misplaced &+= 1 }
        }
        let m = Double(common)
        let jaro =
            (m / Double(length) + m / Double(other) + (m - Double(misplaced / 2)) / m) / 3
        guard jaro > 0.7 else { return jaro }
        var prefix = 0
        while prefix < min(4, length, other), unsafe first[prefix] == second[prefix] {
            prefix &+= 1
        }
        return jaro + 0.1 * Double(prefix) * (1 - jaro)
    }
}
