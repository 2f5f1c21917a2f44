package import JSONRPC

/// What a verification of the audit chain has found.
package struct AuditReport: Equatable, Sendable {
    /// The first thing that is wrong.
    package struct Problem: Equatable, Sendable {
        /// The entry at fault, where it is known.
        package var entry: UInt64?
        /// The journal's record at fault, where it is known.
        package var sequence: UInt64?
        /// A sentence without a full stop.
        package var text: String
    }

    /// The oldest entry that is there.
    package var from: AuditLink?
    /// The last one that was looked at.
    package var to: AuditLink?
    /// The newest one that the state knows.
    package var head = AuditLink()
    package var firstProblem: Problem?

    package var isIntact: Bool { firstProblem == nil }

    /// How many entries were looked at.
    package var entries: UInt64 {
        guard let from, let to else { return 0 }
        return to.number - from.number + 1
    }

    /// As the result of `audit.verify`.
    package var json: JSONValue {
        var value: JSONObject = [
            "intact": .bool(isIntact),
            "entries": .integer(Int(clamping: entries)),
            "head": head.json,
        ]
        value["from"] = from?.json ?? .null
        value["to"] = to?.json ?? .null
        if let firstProblem {
            var problem: JSONObject = ["problem": .string(firstProblem.text)]
            if let entry = firstProblem.entry { problem["entry"] = .integer(Int(clamping: entry)) }
            if let sequence = firstProblem.sequence {
                problem["seq"] = .integer(Int(clamping: sequence))
            }
            value["firstProblem"] = .object(problem)
        }
        return .object(value)
    }
}

extension AuditReport.Problem: CustomStringConvertible {
    package var description: String {
        var place: [String] = []
        if let entry { place.append("entry \(entry)") }
        if let sequence { place.append("record \(sequence)") }
        return place.isEmpty ? text : "\(place.joined(separator: ", ")): \(text)"
    }
}

extension AuditLink {
    package var json: JSONValue {
        [
            "entry": .integer(Int(clamping: number)),
            "seq": .integer(Int(clamping: sequence)),
            "sha256": .string(digest.description),
        ]
    }
}
