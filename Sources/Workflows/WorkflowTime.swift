import Foundation

/// Times as texts: RFC 3339 with an uppercase `T` and `Z`, as the language demands.
enum WorkflowTime {
    /// Seconds since 1970 began; `nil` when the text is no such time.
    static func seconds(_ text: String) -> Double? {
        guard text.utf8.count <= 64, text.utf8.contains(UInt8(ascii: "T")) else { return nil }
        let plain = Date.ISO8601FormatStyle()
        if let date = try? plain.parse(text) { return date.timeIntervalSince1970 }
        let withFraction = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        return (try? withFraction.parse(text))?.timeIntervalSince1970
    }

    /// `milliseconds` since 1970 began, in UTC with milliseconds.
    static func text(_ milliseconds: Int64) -> String {
        Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            .format(Date(timeIntervalSince1970: Double(milliseconds) / 1_000))
    }
}
