/// The metrics of a CVSS vector string, such as `CVSS:3.1/AV:N/AC:L/…`, in any order.
struct CVSSVector: Equatable {
    enum Version: String, CaseIterable {
        case v31 = "3.1"
        case v40 = "4.0"
    }

    var version: Version
    /// Values by the names of metrics, without those that are not defined (`X`).
    private(set) var metrics: [Substring: Substring] = [:]

    struct Malformed: Error {
        var reason: String
    }

    init(_ text: String) throws(Malformed) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let version = Version.allCases.first(where: { parts[0] == "CVSS:\($0.rawValue)" })
        else { throw Malformed(reason: "begin with CVSS:3.1/ or CVSS:4.0/") }
        self.version = version
        let table = version == .v31 ? Self.metrics31 : Self.metrics40
        var seen: Set<Substring> = []
        for part in parts.dropFirst() {
            let pair = part.split(separator: ":", omittingEmptySubsequences: false)
            guard pair.count == 2, let values = table.values[String(pair[0])] else {
                throw Malformed(reason: "have metrics of CVSS \(version.rawValue), not '\(part)'")
            }
            guard values.contains(String(pair[1])) else {
                let names = values.joined(separator: ", ")
                throw Malformed(reason: "have for \(pair[0]) one of \(names), not '\(pair[1])'")
            }
            guard seen.insert(pair[0]).inserted else {
                throw Malformed(reason: "have \(pair[0]) only once")
            }
            if pair[1] != "X" { metrics[pair[0]] = pair[1] }
        }
        if let missing = table.mandatory.first(where: { metrics[$0[...]] == nil }) {
            throw Malformed(reason: "have the metric \(missing)")
        }
    }

    /// The value that counts: modified, else given, else `fallback`.
    func effective(_ metric: String, default fallback: Substring = "X") -> Substring {
        metrics["M\(metric)"[...]] ?? metrics[metric[...]] ?? fallback
    }

    /// The value as given, else `fallback`.
    func given(_ metric: String, default fallback: Substring = "X") -> Substring {
        metrics[metric[...]] ?? fallback
    }

    func hasAny(of names: [String]) -> Bool { names.contains { metrics[$0[...]] != nil } }

    private typealias Table = (mandatory: [String], values: [String: [String]])

    private static func table(_ mandatory: [(String, String)], _ optional: [(String, String)])
        -> Table
    {
        var values: [String: [String]] = [:]
        for (name, letters) in mandatory + optional {
            values[name] = letters.split(separator: " ").map(String.init)
        }
        return (mandatory.map(\.0), values)
    }

    /// “Common Vulnerability Scoring System v3.1: Specification Document”, FIRST, 2019, table 15.
    private static let metrics31: Table = table(
        [
            ("AV", "N A L P"), ("AC", "L H"), ("PR", "N L H"), ("UI", "N R"), ("S", "U C"),
            ("C", "H L N"), ("I", "H L N"), ("A", "H L N"),
        ],
        [
            ("E", "X H F P U"), ("RL", "X U W T O"), ("RC", "X C R U"), ("CR", "X H M L"),
            ("IR", "X H M L"), ("AR", "X H M L"), ("MAV", "X N A L P"), ("MAC", "X L H"),
            ("MPR", "X N L H"), ("MUI", "X N R"), ("MS", "X U C"), ("MC", "X N L H"),
            ("MI", "X N L H"), ("MA", "X N L H"),
        ]
    )

    /// “Common Vulnerability Scoring System v4.0: Specification Document”, FIRST, 2023, table 23.
    private static let metrics40: Table = table(
        [
            ("AV", "N A L P"), ("AC", "L H"), ("AT", "N P"), ("PR", "N L H"), ("UI", "N P A"),
            ("VC", "H L N"), ("VI", "H L N"), ("VA", "H L N"), ("SC", "H L N"), ("SI", "H L N"),
            ("SA", "H L N"),
        ],
        [
            ("E", "X A P U"), ("CR", "X H M L"), ("IR", "X H M L"), ("AR", "X H M L"),
            ("MAV", "X N A L P"), ("MAC", "X L H"), ("MAT", "X N P"), ("MPR", "X N L H"),
            ("MUI", "X N P A"), ("MVC", "X H L N"), ("MVI", "X H L N"), ("MVA", "X H L N"),
            ("MSC", "X H L N"), ("MSI", "X S H L N"), ("MSA", "X S H L N"), ("S", "X N P"),
            ("AU", "X N Y"), ("R", "X A U I"), ("V", "X D C"), ("RE", "X L M H"),
            ("U", "X Clear Green Amber Red"),
        ]
    )
}
