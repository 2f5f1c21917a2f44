import AgentRuntime
import JSONRPC
import Testing

@testable import Agents

@Suite struct RegistryNumberTests {
    @Test(
        arguments: [
            // Published examples: Australian Business Register, ASIC; a made-up TFN.
            ("abn", "51824753556", "51 824 753 556", nil),
            ("abn", "51 824 753 557", nil, "checksum"),
            ("abn", "10 000 000 000", nil, "checksum"),
            ("acn", "004 085 616", "004 085 616", nil),
            ("acn", "010 499 966", "010 499 966", nil),
            ("acn", "004 085 617", nil, "checksum"),
            ("acn", "12", nil, "length"),
            ("tfn", "123 456 782", "123 456 782", nil),
            ("tfn", "123 456 789", nil, "checksum"),
            ("tfn", "", nil, "format"),
            ("tfn", "12345678x", nil, "format"),
            ("tfn", "١٢٣٤٥٦٧٨٢", nil, "format"),
        ] as [(String, String, String?, String?)]
    )
    func `numbers are checked and formatted`(
        kind: String,
        number: String,
        formatted: String?,
        problem: String?
    ) throws {
        let task = try #require(
            PublicSectorAgent.functions.first { $0.type.name == "\(kind).validate" }
        )
        let result = try task(["number": .string(number)])
        #expect(result["valid"] == .bool(problem == nil))
        #expect(result["formatted"]?.stringValue == formatted)
        #expect(result["problem"]?.stringValue == problem)
    }
}
