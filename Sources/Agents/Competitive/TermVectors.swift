import Glibc

/// Documents as vectors of weighted terms.
///
/// G. Salton and C. Buckley, “Term-weighting approaches in automatic text retrieval”, Information
/// Processing & Management 24 (1988), in this variant: a term is a run of two or more letters,
/// digits and underscores, lower-cased; tf is the raw count; idf = ln((1 + n) ÷ (1 + df)) + 1
/// over the n documents themselves; each vector is scaled to Euclidean length 1, so that a dot
/// product is the cosine of the angle. A document without terms is the zero vector.
struct TermVectors {
    private(set) var termCount = 0
    /// By document: numbers of terms, rising, with their weights.
    private(set) var vectors: [[(term: Int, weight: Double)]] = []
    private var terms: [String] = []

    /// - Throws: `CancellationError`.
    init(_ documents: [String]) throws {
        var numbers: [String: Int] = [:]
        var frequencies: [Int] = []
        var counts: [[Int: Int]] = []
        for document in documents {
            try Task.checkCancellation()
            var own: [Int: Int] = [:]
            for word in Self.words(of: document) {
                let number = numbers[word] ?? numbers.count
                if number == numbers.count {
                    numbers[word] = number
                    frequencies.append(0)
                    terms.append(word)
                }
                own[number, default: 0] += 1
            }
            for number in own.keys { frequencies[number] += 1 }
            counts.append(own)
        }
        termCount = numbers.count
        let total = Double(documents.count)
        for own in counts {
            try Task.checkCancellation()
            let weights = own.sorted { $0.key < $1.key }.map { number, count in
                let idf = Glibc.log((1 + total) / (1 + Double(frequencies[number]))) + 1
                return (term: number, weight: Double(count) * idf)
            }
            let norm = Vectors.euclideanNorm(weights.map(\.weight))
            vectors.append(weights.map { ($0.term, $0.weight / norm) })
        }
    }

    /// The cosine of the angle between two documents, from 0 to 1.
    func similarity(_ first: Int, _ second: Int) -> Double {
        min(1, common(first, second).reduce(0) { $0 + $1.product })
    }

    /// The terms that contribute most to the similarity of two documents.
    func sharedTerms(_ first: Int, _ second: Int, limit: Int) -> [String] {
        let shared = common(first, second)
        return Vectors.ranked(shared.map(\.product)).prefix(limit).map {
            terms[shared[$0.index].term]
        }
    }

    /// The terms of both documents; their vectors are merged in linear time.
    private func common(_ first: Int, _ second: Int) -> [(term: Int, product: Double)] {
        let (left, right) = (vectors[first], vectors[second])
        var result: [(term: Int, product: Double)] = []
        var (i, j) = (0, 0)
        while i < left.count, j < right.count {
            if left[i].term == right[j].term {
                result.append((left[i].term, left[i].weight * right[j].weight))
                i += 1
                j += 1
            } else if left[i].term < right[j].term {
                i += 1
            } else {
                j += 1
            }
        }
        return result
    }

    private static func words(of document: String) -> [String] {
        document.lowercased().unicodeScalars
            .split { !($0.isLetterOrDigit || $0 == "_") }
            .filter { $0.count >= 2 }
            .map(String.init)
    }
}
