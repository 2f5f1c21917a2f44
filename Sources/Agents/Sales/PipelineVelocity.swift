import AgentRuntime
import JSONRPC

/// Says how much a pipeline earns in a day.
///
/// Sales velocity: opportunities × win rate × average value ÷ length of the cycle (J. Jordan and
/// M. Vazzana, “Cracking the Sales Management Code”, 2011).
struct PipelineVelocity: TaskInput {
    var opportunities: Double
    var winRate: Double
    var averageValue: Double
    var cycleDays: Double

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        opportunities = try fields.number("opportunities", in: 0...1e9)
        winRate = try fields.number("winRate", in: 0...1)
        averageValue = try fields.number("averageValue", in: -1e12...1e12)
        cycleDays = try fields.number("cycleDays", in: 1e-3...1e6)
    }

    func result() -> JSONValue {
        [
            "perDay": .double(opportunities * winRate * averageValue / cycleDays),
            "perCycle": .double(opportunities * winRate * averageValue),
        ]
    }
}

extension PipelineVelocity {
    static let task = TaskFunction(
        "pipeline.velocity",
        summary: "Computes opportunities × win rate × average value ÷ days of the sales cycle.",
        definition: """
            opportunities × win rate × average value ÷ days of the cycle (Jordan and Vazzana \
            2011)
            """,
        payload: Schema.object([
            "opportunities": Schema.number(0...1e9),
            "winRate": Schema.number(0...1),
            "averageValue": Schema.number(-1e12...1e12),
            "cycleDays": Schema.number(1e-3...1e6),
        ]),
        result: Schema.object([
            "perDay": Schema.number(description: "In the currency of averageValue"),
            "perCycle": Schema.number(),
        ]),
        example: [
            "opportunities": 40, "winRate": 0.25, "averageValue": 12_000, "cycleDays": 60,
        ],
        perform: { (input: PipelineVelocity, _) in input.result() }
    )
}
