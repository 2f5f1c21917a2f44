import FoundationEssentials

/// Moments as log lines write them.
enum RFC3339Time {
    /// `2026-01-31T23:59:59.999Z`.
    static func text(milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
