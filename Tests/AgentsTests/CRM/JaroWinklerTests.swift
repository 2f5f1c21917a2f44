import Testing

@testable import Agents

/// Reference values: rapidfuzz 3.14.6, `distance.JaroWinkler.similarity`.
@Suite struct JaroWinklerTests {
    private static func similarity(_ first: String, _ second: String) -> Double {
        var alphabet = JaroWinkler.Alphabet()
        let (one, other) = (alphabet.encoded(first), alphabet.encoded(second))
        return JaroWinkler(one, alphabetSize: alphabet.count).similarity(other)
    }

    @Test(
        arguments: [
            ("martha", "marhta", 0.9611111111111111), ("dwayne", "duane", 0.8400000000000001),
            ("dixon", "dicksonx", 0.8133333333333332), ("jones", "johnson", 0.8323809523809523),
            ("abcvwxyz", "cabvwxyz", 0.9583333333333334), ("a", "b", 0), ("a", "a", 1),
            ("ab", "ba", 0), ("crate", "trace", 0.7333333333333334),
            ("michelle", "michael", 0.9214285714285715), ("abcd", "badc", 0.8333333333333334),
            ("éva", "eva", 0.7777777777777777), ("", "", 1), ("", "a", 0),
        ]
    )
    func `similarities are those of rapidfuzz`(first: String, second: String, expected: Double) {
        #expect(Self.similarity(first, second).isClose(to: expected))
        #expect(Self.similarity(second, first).isClose(to: expected))
    }

    @Test func `the longest strings use every bit`() {
        let longest = String(repeating: "x", count: JaroWinkler.longest)
        #expect(Self.similarity(longest, longest) == 1)
        let changed = String(longest.dropLast()) + "y"
        #expect(Self.similarity(longest, changed).isClose(to: 0.996875))
        #expect(Self.similarity(longest, "x").isClose(to: 0.6692708333333334))
    }

    @Test(arguments: [0.71, 0.8, 0.9, 0.99])
    func `no pair that could reach the threshold is passed over`(threshold: Double) {
        var random = SeededRandom(seed: 4)
        for _ in 0..<500 {
            let pair = (0..<2).map { _ in
                String(
                    (0..<1 + random.index(below: 9)).map { _ in
                        random.index(below: 2) == 0 ? "a" : "b"
                    }
                )
            }
            guard JaroWinkler.isHopeless(pair[0].count, pair[1].count, threshold: threshold) else {
                continue
            }
            #expect(Self.similarity(pair[0], pair[1]) < threshold)
        }
    }
}
