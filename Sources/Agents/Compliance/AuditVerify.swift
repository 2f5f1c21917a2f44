import AgentRuntime
import JSONRPC

/// `audit.verify`: whether the hub's audit is as it was written, and nothing of it is gone.
///
/// Its entries are a chain of SHA-256 digests (FIPS 180-4), as in Haber and Stornetta, "How to
/// Time-Stamp a Digital Document" (1991). The runtime checks it, beside its journal and archive; the
/// agent has no file.
struct AuditVerify {
    private var known: AuditLink?

    /// Reads a payload that is valid by the schema.
    init(payload: JSONValue) {
        guard let value = payload["known"], let entry = value["entry"]?.intValue,
            let digest = value["sha256"]?.stringValue.flatMap(SHA256Digest.init)
        else { return }
        known = AuditLink(number: UInt64(clamping: entry), sequence: 0, digest: digest)
    }

    func callAsFunction(context: any TaskContext) async throws -> JSONValue {
        try await context.verifyAudit(known: known.map { [$0] } ?? []).json
    }

    private static let link = Schema.object(
        [
            "entry": Schema.integer(description: "Its number, from 1"),
            "seq": Schema.integer(description: "Of its event in the journal"),
            "sha256": Schema.string(64...64),
        ]
    )

    static let type = TaskType(
        name: "audit.verify",
        summary: "Checks the hash chain of the hub's audit from its oldest entry to its newest",
        definition: "a chain of SHA-256 digests (FIPS 180-4) after Haber and Stornetta 1991",
        payloadSchema: Schema.object(
            [
                "known": Schema.object(
                    [
                        "entry": Schema.integer(1...Int.max),
                        "sha256": Schema.string(
                            64...64,
                            description: "Hexadecimal digits in lower case"
                        ),
                    ],
                    description: "An entry as it was noted elsewhere, such as an earlier head"
                )
            ],
            required: []
        ),
        resultSchema: Schema.object(
            [
                "intact": Schema.boolean(),
                "entries": Schema.integer(description: "How many were checked"),
                "from": Schema.nullable(link),
                "to": Schema.nullable(link),
                "head": link,
                "firstProblem": Schema.object(
                    [
                        "problem": Schema.string(), "entry": Schema.integer(),
                        "seq": Schema.integer(),
                    ],
                    required: ["problem"]
                ),
            ],
            required: ["intact", "entries", "from", "to", "head"]
        ),
        example: [:],
        check: { payload in
            let text = payload["known"]?["sha256"]?.stringValue
            guard let text, SHA256Digest(text) == nil else { return [] }
            return [
                PayloadProblem(
                    path: "/known/sha256",
                    reason: "must be 64 hexadecimal digits in lower case"
                )
            ]
        }
    )
}
