package import JSONRPC

/// Reads the events of calendars (RFC 5545): what they say, without expanding what repeats.
package enum CalendarReader {
    package static let mostEvents = 2_000

    /// Reads one iCalendar object.
    ///
    /// - Returns: `{events: [{uid, summary, start, end?, timeZone?, allDay, location?, recurrence?}],
    ///   truncated}`; `nil` when it is none.
    package static func events(of text: String) -> JSONValue? {
        guard text.contains("BEGIN:VCALENDAR") else { return nil }
        var events: [JSONValue] = []
        let isWhole = read(text, &events)
        return ["events": .array(events), "truncated": .bool(!isWhole)]
    }

    /// Reads the calendar data of a WebDAV multistatus (RFC 4918 §14.16, RFC 4791 §9.6).
    package static func events(ofMultistatus text: String) -> JSONValue? {
        guard text.contains("multistatus") else { return nil }
        var events: [JSONValue] = []
        var isWhole = true
        for data in elements("calendar-data", of: text) { isWhole = read(data, &events) && isWhole }
        return ["events": .array(events), "truncated": .bool(!isWhole)]
    }

    /// Adds the events of an object; `false` when there are too many.
    private static func read(_ text: String, _ events: inout [JSONValue]) -> Bool {
        var event: JSONObject?
        // Alarms and the like inside an event have properties of their own.
        var nested = 0
        for line in unfolded(text) {
            guard let property = Property(line) else { continue }
            switch (property.name, property.value.uppercased()) {
            case ("BEGIN", "VEVENT"):
                event = [:]
                nested = 0
            case ("END", "VEVENT"):
                guard events.count < mostEvents else { return false }
                if let event { events.append(.object(event)) }
                event = nil
            case ("BEGIN", _): nested += 1
            case ("END", _): nested -= 1
            default: if nested == 0 { event?.add(property) }
            }
        }
        return true
    }

    /// Lines without their folds (§3.1).
    private static func unfolded(_ text: String) -> [String] {
        var lines: [String] = []
        for line in text.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline) {
            if line.first == " " || line.first == "\t", !lines.isEmpty {
                lines[lines.count - 1] += line.dropFirst()
            } else {
                lines.append(String(line))
            }
        }
        return lines
    }

    /// The texts of all elements of a local name, whatever their prefix.
    private static func elements(_ name: String, of text: String) -> [String] {
        var found: [String] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "<") {
            guard let close = rest[open...].firstIndex(of: ">") else { break }
            let tag = rest[rest.index(after: open)..<close]
            rest = rest[rest.index(after: close)...]
            let full = tag.prefix { !$0.isWhitespace && $0 != "/" }
            guard full.split(separator: ":").last.map({ $0 == name }) ?? false, tag.last != "/",
                let end = rest.firstRange(of: "</\(full)>")
            else { continue }
            found.append(unescaped(rest[..<end.lowerBound]))
            rest = rest[end.upperBound...]
        }
        return found
    }

    private static func unescaped(_ text: Substring) -> String {
        if let start = text.firstRange(of: "<![CDATA["), let end = text.firstRange(of: "]]>"),
            start.upperBound <= end.lowerBound
        {
            return String(text[start.upperBound..<end.lowerBound])
        }
        var result = String(text)
        for (entity, character) in [
            ("&#13;", "\r"), ("&#xD;", "\r"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""),
            ("&apos;", "'"), ("&amp;", "&"),
        ] {
            result = result.replacing(entity, with: character)
        }
        return result
    }

    /// `NAME;PARAMETER=VALUE:VALUE`.
    fileprivate struct Property {
        var name: String
        var parameters: [String: String] = [:]
        var value: String

        init?(_ line: String) {
            var isQuoted = false
            guard
                let colon = line.firstIndex(where: { character in
                    if character == "\"" { isQuoted.toggle() }
                    return character == ":" && !isQuoted
                })
            else { return nil }
            let parts = line[..<colon].split(separator: ";")
            guard let first = parts.first else { return nil }
            name = first.uppercased()
            value = String(line[line.index(after: colon)...])
            for part in parts.dropFirst() {
                let pair = part.split(separator: "=", maxSplits: 1)
                guard pair.count == 2 else { continue }
                parameters[pair[0].uppercased()] = pair[1].filter { $0 != "\"" }
            }
        }

        /// A text without its escapes (§3.3.11).
        var text: String {
            var result = ""
            var isEscaped = false
            for character in value {
                if isEscaped {
                    result.append(character == "n" || character == "N" ? "\n" : character)
                    isEscaped = false
                } else if character == "\\" {
                    isEscaped = true
                } else {
                    result.append(character)
                }
            }
            return String(result.prefix(2_000))
        }

        /// A date or time in the extended form of ISO 8601; as it stands when it is neither.
        var time: String {
            let digits = Array(value)
            guard digits.count == 8 || digits.count >= 15 else { return String(value.prefix(64)) }
            let date = "\(String(digits[0..<4]))-\(String(digits[4..<6]))-\(String(digits[6..<8]))"
            guard digits.count >= 15 else { return date }
            let hours = String(digits[9..<11])
            let minutes = String(digits[11..<13])
            let seconds = String(digits[13..<15])
            return "\(date)T\(hours):\(minutes):\(seconds)\(value.hasSuffix("Z") ? "Z" : "")"
        }
    }
}

extension JSONObject {
    fileprivate mutating func add(_ property: CalendarReader.Property) {
        switch property.name {
        case "UID": self["uid"] = .string(property.text)
        case "SUMMARY": self["summary"] = .string(property.text)
        case "LOCATION": self["location"] = .string(property.text)
        case "RRULE": self["recurrence"] = .string(property.value)
        case "DTSTART":
            self["start"] = .string(property.time)
            self["allDay"] = .bool(property.value.count == 8)
            self["timeZone"] = property.parameters["TZID"].map(JSONValue.string)
        case "DTEND": self["end"] = .string(property.time)
        default: break
        }
    }
}
