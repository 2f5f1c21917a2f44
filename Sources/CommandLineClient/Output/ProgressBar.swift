/// A bar that fills from the left.
enum ProgressBar {
    /// The bar and its percentage: `████▌░░░░░  45 %`.
    static func text(percent: Int, cells: Int) -> String {
        let percent = min(max(percent, 0), 100)
        let eighths = percent * cells * 8 / 100
        let full = eighths / 8
        let part = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
        let empty = cells - full - (part.isEmpty ? 0 : 1)
        let bar = String(repeating: "█", count: full) + part + String(repeating: "░", count: empty)
        let number = String(percent)
        return bar + String(repeating: " ", count: 4 - number.count) + number + " %"
    }
}
