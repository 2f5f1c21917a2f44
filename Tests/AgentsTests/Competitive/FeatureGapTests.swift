import JSONRPC
import Testing

@testable import Agents

@Suite struct FeatureGapTests {
    @Test func `what most competitors have is the first gap`() throws {
        let result = try FeatureGap.task([
            "ours": ["A", "b", " b "],
            "theirs": ["x": ["a", "c"], "y": ["C", "d"], "z": []],
        ])
        #expect(result["gaps"]?.texts("feature") == ["c", "d"])
        #expect(result["gaps"]?.arrayValue?.first?["offeredBy"] == ["x", "y"])
        #expect(result.number("coverage").isClose(to: 0.5))
        #expect(result["unique"] == ["b"])
        let jaccard = result["competitors"]?.numbers("jaccard") ?? []
        #expect(jaccard.first?.isClose(to: 1.0 / 3) == true)
        #expect(jaccard.dropFirst() == [0, 0])
    }

    @Test func `features need a name`() {
        #expect(FeatureGap.task.refusedPaths(["ours": ["  "], "theirs": ["x": []]]) == ["/ours"])
        #expect(
            FeatureGap.task.refusedPaths(["ours": ["a"], "theirs": ["x": [1]]]) == ["/theirs/x/0"]
        )
    }
}
