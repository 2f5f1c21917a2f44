/// How positive and how negative a text is, by the rules of VADER.
///
/// C. J. Hutto and E. Gilbert, “VADER: A Parsimonious Rule-based Model for Sentiment Analysis of
/// Social Media Text”, ICWSM 2014, as version 3.3.2 of their program applies it. Each word has the
/// valence of ``ValenceLexicon``, changed by what stands around it (``ValenceText``); after the
/// first “but” it counts one and a half times, before it half. The compound is s ÷ √(s² + 15) of
/// their sum s, to which `!` adds 0.292 each, four at most, and `?` 0.18 each from two to three, 0.96
/// beyond. The shares are those of the positive and negative valences, each 1 more than it is, and
/// the count of neutral words.
struct ValenceScore: Equatable {
    enum Label: String, CaseIterable {
        case positive
        case neutral
        case negative
    }

    var positive = 0.0
    var neutral = 0.0
    var negative = 0.0
    /// From −1 to 1.
    var compound = 0.0

    /// By the thresholds of the authors, ±0.05.
    var label: Label {
        compound >= 0.05 ? .positive : compound <= -0.05 ? .negative : .neutral
    }

    /// Of a text without a word all figures are 0.
    ///
    /// - Throws: `CancellationError`.
    init(_ text: String) throws {
        let valenceText = ValenceText(text)
        var valences: [Double] = []
        valences.reserveCapacity(valenceText.words.count)
        for index in valenceText.words.indices {
            if index.isMultiple(of: 1_024) { try Task.checkCancellation() }
            valences.append(valenceText.valence(at: index))
        }
        guard !valences.isEmpty else { return }
        if let but = valenceText.words.firstIndex(where: { $0.lower == "but" }) {
            Self.contrast(&valences, at: but)
        }
        let emphasis = Self.emphasis(valenceText.text)
        let sum = valences.reduce(0, +)
        compound = Self.normalized(sum > 0 ? sum + emphasis : sum < 0 ? sum - emphasis : 0)
        share(valences, emphasis)
    }

    private mutating func share(_ valences: [Double], _ emphasis: Double) {
        var above = valences.reduce(0) { $1 > 0 ? $0 + $1 + 1 : $0 }
        var below = valences.reduce(0) { $1 < 0 ? $0 - $1 + 1 : $0 }
        let count = Double(valences.count { $0 == 0 })
        if above > below { above += emphasis } else if above < below { below += emphasis }
        let total = above + below + count
        positive = above / total
        negative = below / total
        neutral = count / total
    }

    private static func normalized(_ sum: Double) -> Double {
        min(1, max(-1, sum / (sum * sum + 15).squareRoot()))
    }

    private static func emphasis(_ text: String) -> Double {
        let exclamations = text.utf8.count { $0 == UInt8(ascii: "!") }
        let questions = text.utf8.count { $0 == UInt8(ascii: "?") }
        let asked =
            switch questions {
            case ..<2: 0.0
            case 2, 3: 0.18 * Double(questions)
            default: 0.96
            }
        return 0.292 * Double(min(4, exclamations)) + asked
    }

    /// Halves what stands before position `but` and raises what stands after it.
    ///
    /// The program of the authors looks a valence up by its value and so changes the first of equal
    /// ones each time; this does the same, as its scores are what others compare with. `places`
    /// keeps where each value stands, so that it is O(n log n).
    private static func contrast(_ valences: inout [Double], at but: Int) {
        var places: [Double: Places] = [:]
        for (index, valence) in valences.enumerated() where valence != 0 {
            places[valence, default: Places()].insert(index)
        }
        for index in valences.indices where valences[index] != 0 {
            let valence = valences[index]
            guard let first = places[valence]?.first, first != but else { continue }
            let changed = valence * (first < but ? 0.5 : 1.5)
            places[valence]?.removeFirst()
            valences[first] = changed
            places[changed, default: Places()].insert(first)
        }
    }
}

/// Positions in rising order, whose first is taken often.
private struct Places {
    private var items: [Int] = []
    private var head = 0

    var first: Int? { head < items.count ? items[head] : nil }

    mutating func removeFirst() { head += 1 }

    mutating func insert(_ place: Int) {
        var low = head
        var high = items.count
        while low < high {
            let middle = (low + high) / 2
            if items[middle] < place { low = middle + 1 } else { high = middle }
        }
        items.insert(place, at: low)
    }
}
