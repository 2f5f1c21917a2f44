import JSONRPC
import Testing
import Workflows

@Suite("Intrinsic functions")
struct IntrinsicTests {
    private func result(_ call: String, input: String = "{}", seed: UInt64 = 1) throws -> Simulation
    {
        let quoted = JSONValue.string(call).text
        var simulation = try Simulation(
            #"{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"r.$":\#(quoted)},"End":true}}}"#,
            input: input
        )
        simulation.random = SeededRandom(seed: seed)
        try simulation.finish()
        return simulation
    }

    @Test(
        "Give what the language says",
        arguments: [
            (#"States.Format('a\'b \{\} {}', 'x')"#, #""a'b {} x""#),
            (#"States.Format('back\\slash')"#, #""back\\slash""#),
            ("States.Format('{} {} {}', 1, null, true)", #""1 null true""#),
            ("States.Array(1, -2.5e1, 'a', null, false, $)", #"[1,-2.5e1,"a",null,false,{}]"#),
            ("States.ArrayUnique(States.Array(1, 1, '1'))", #"[1,"1"]"#),
            ("States.ArrayContains(States.Array(1, 2), 1.0)", "true"),
            ("States.ArrayPartition(States.Array(), 3)", "[]"),
            ("States.StringSplit('', ',')", "[]"), ("States.StringSplit('a', '')", #"["a"]"#),
            ("States.MathRandom(5, 6)", "5"),
            ("States.Hash('', 'MD5')", #""d41d8cd98f00b204e9800998ecf8427e""#),
        ]
    )
    func give(call: String, expected: String) throws {
        #expect(try result(call).output?["r"]?.text == json(expected).text)
    }

    @Test(
        "Fail with States.IntrinsicFailure where an argument does not fit",
        arguments: [
            "States.Format('{}')", "States.Format('x', 1)", "States.Format(1)",
            "States.StringToJson('{')", "States.ArrayGetItem(States.Array(1), 1)",
            "States.ArrayGetItem(States.Array(1), -1)", "States.ArrayPartition(States.Array(1), 0)",
            "States.ArrayRange(1, 2, 0)", "States.ArrayRange(0, 1000, 1)",
            "States.ArrayLength('a')",
            "States.ArrayRange(-9223372036854775808, 9223372036854775807, 1)",
            "States.MathAdd(9223372036854775807, 1)", "States.MathAdd(1.5, 1)",
            "States.MathRandom(1, 1)", "States.Base64Decode('***')", "States.Hash('a', 'CRC')",
            "States.JsonMerge($, $, true)", "States.JsonMerge($, 1, false)",
            "States.StringSplit(1, ',')",
        ]
    )
    func fail(call: String) throws {
        #expect(try result(call).error?.name == "States.IntrinsicFailure")
    }

    @Test("A random number is within its bounds, and the same for the same seed")
    func randomNumbers() throws {
        for seed in 0..<50 {
            let number = try result("States.MathRandom(-3, 4)", seed: UInt64(seed)).output?["r"]?
                .intValue
            #expect((-3..<4).contains(try #require(number)))
        }
        let seeded = try (0..<3).map {
            try result("States.MathRandom(0, 1000000, 7)", seed: $0).output
        }
        #expect(seeded[0] == seeded[1] && seeded[1] == seeded[2])
    }

    @Test("A UUID is one of version 4")
    func uuid() throws {
        for seed in 0..<20 {
            let text = try #require(
                try result("States.UUID()", seed: UInt64(seed)).output?["r"]?.stringValue
            )
            #expect(
                text.wholeMatch(
                    of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
                ) != nil
            )
        }
    }

    @Test("Random text never crashes the reader")
    func randomText() {
        var random = SeededRandom(seed: 5)
        let pieces = [
            "States.", "Format", "Array", "UUID", "(", ")", "'", "\\", "{}", ",", " ", "$", ".a",
            "[0]", "-1", "null", "x",
        ]
        for _ in 0..<20_000 {
            let call = (0..<Int.random(in: 0..<14, using: &random)).compactMap { _ in
                pieces.randomElement(using: &random)
            }.joined()
            let quoted = JSONValue.string(call).text
            let text =
                #"{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"r.$":\#(quoted)},"End":true}}}"#
            if var simulation = try? Simulation(text) { try? simulation.finish() }
        }
    }
}
