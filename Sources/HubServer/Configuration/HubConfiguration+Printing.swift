extension HubConfiguration {
    /// The configuration as a commented JSON5 file that reads back as itself.
    package var document: String {
        var text = """
            // Configuration of omnihubd \(HubVersion.current), in JSON5 (https://spec.json5.org).
            // Every key may be left out and then has its default; a key that is not known is an
            // error. Options win over environment variables, and these over this file.
            {

            """
        var groups: [Substring] = []
        for key in Self.keys {
            var path = key.path.split(separator: ".")
            let name = path.removeLast()
            while !path.starts(with: groups) {
                groups.removeLast()
                text += indent(groups) + "},\n"
            }
            for group in path.dropFirst(groups.count) {
                text += "\n\(indent(groups))\(group): {\n"
                groups.append(group)
            }
            for line in key.comment { text += "\(indent(groups))// \(line)\n" }
            text += "\(indent(groups))\(name): \(key.value(in: self).json5),\n"
        }
        while groups.popLast() != nil { text += indent(groups) + "},\n" }
        return text + "}\n"
    }

    private func indent(_ groups: [Substring]) -> String {
        String(repeating: " ", count: 4 * (groups.count + 1))
    }
}

extension ConfigurationKey {
    /// What it is for, and what it may be.
    fileprivate var comment: [String] {
        let initial = value(in: HubConfiguration()).json5
        let bounds =
            switch kind {
            case .integer(let range, let unit):
                "\(range.lowerBound) to \(range.upperBound)"
                    + (unit == .count ? "" : " \(unit.rawValue)") + ", default \(initial)"
            case .choice(let names): names.joined(separator: ", ") + "; default \(initial)"
            case .bool, .text, .list, .table: "Default \(initial)"
            }
        let source = variable.map { " Environment: \($0)." } ?? ""
        return summary.wrapped(width: 85) + "\(bounds).\(source)".wrapped(width: 85)
    }
}

extension ConfigurationValue {
    fileprivate var json5: String {
        switch self {
        case .array(let values):
            return "[\(values.map(\.json5).joined(separator: ", "))]"
        case .object(let members):
            let texts = members.map { member in
                "\(ConfigurationValue.string(member.name).description): \(member.value.json5)"
            }
            return "{\(texts.joined(separator: ", "))}"
        default: return description
        }
    }
}
