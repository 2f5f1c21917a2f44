/// A report before it is written as CSV or HTML: what it says, in the order of reading.
package struct ReportDocument: Equatable, Sendable {
    package var title: String
    /// What it covers: names and values.
    package var facts: [(name: String, value: String)]
    /// The few figures that matter most.
    package var headlines: [Headline] = []
    package var charts: [ReportChart] = []
    package var tables: [ReportTable] = []
    /// All figures, one row each: the last table, and the whole of the CSV.
    package var data: ReportTable
    /// How to read the figures.
    package var notes: [String] = []

    package init(title: String, facts: [(name: String, value: String)], data: ReportTable) {
        self.title = title
        self.facts = facts
        self.data = data
    }

    package struct Headline: Equatable, Sendable {
        package var name: String
        package var value: ReportCell
        /// What it is part of, or how it came about.
        package var remark: String

        package init(_ name: String, _ value: ReportCell, _ remark: String = "") {
            self.name = name
            self.value = value
            self.remark = remark
        }
    }

    package static func == (one: ReportDocument, other: ReportDocument) -> Bool {
        one.title == other.title && one.facts.elementsEqual(other.facts, by: ==)
            && one.headlines == other.headlines && one.charts == other.charts
            && one.tables == other.tables && one.data == other.data && one.notes == other.notes
    }
}

package struct ReportTable: Equatable, Sendable {
    package struct Column: Equatable, Sendable {
        /// For people.
        package var title: String
        /// For programs: the column's name in CSV.
        package var name: String
        package var isText: Bool
        package var reader: Reader

        package enum Reader: Sendable {
            case everyone
            /// In CSV only.
            case programs
            /// In HTML only when there is something in it.
            case everyoneIfAny
        }

        package init(
            _ title: String,
            _ name: String,
            isText: Bool = false,
            for reader: Reader = .everyone
        ) {
            self.title = title
            self.name = name
            self.isText = isText
            self.reader = reader
        }
    }

    package var title: String
    /// The first one is what a row is about.
    package var columns: [Column]
    package var rows: [[ReportCell]]
    /// Whether the last row sums up the others.
    package var hasTotal = false
    /// Whether people are spared the rows with nothing in them.
    package var isSparse = false

    package init(title: String, columns: [Column], rows: [[ReportCell]] = []) {
        self.title = title
        self.columns = columns
        self.rows = rows
    }

    /// The columns and rows that people get to see.
    var readable: ReportTable {
        var table = self
        table.rows = isSparse ? rows.filter { $0.contains { !$0.isText && !$0.isNothing } } : rows
        let shown = columns.indices.filter { place in
            switch columns[place].reader {
            case .everyone: true
            case .programs: false
            case .everyoneIfAny: table.rows.contains { !$0[place].isNothing }
            }
        }
        table.columns = shown.map { columns[$0] }
        table.rows = table.rows.map { row in shown.map { row[$0] } }
        return table
    }
}

/// One value, which programs and people read differently; `nil` is that there is none.
package enum ReportCell: Equatable, Sendable {
    case text(String)
    case count(UInt64)
    /// 0…1.
    case share(Double?)
    case milliseconds(Double?)
    case bytes(UInt64)
    /// RFC 3339 in UTC.
    case moment(String)

    /// As a program reads it; empty when there is none.
    package var plain: String {
        switch self {
        case .text(let text), .moment(let text): text
        case .count(let count), .bytes(let count): String(count)
        case .share(let share): share.map { $0.fixed(4) } ?? ""
        case .milliseconds(let milliseconds): milliseconds.map { $0.fixed(1) } ?? ""
        }
    }

    /// As people read it.
    package var readable: String {
        switch self {
        case .text(let text): text
        case .count(let count): count.grouped
        case .share(let share): share.map { "\(($0 * 100).fixed(1)) %" } ?? "–"
        case .milliseconds(let milliseconds): milliseconds.map(Self.duration) ?? "–"
        case .bytes(let bytes): Self.size(bytes)
        case .moment(let text): "\(text.prefix(10)) \(text.dropFirst(11).prefix(5))"
        }
    }

    var isText: Bool {
        switch self {
        case .text, .moment: true
        case .count, .share, .milliseconds, .bytes: false
        }
    }

    /// Whether it says that there was nothing.
    var isNothing: Bool {
        switch self {
        case .text(let text), .moment(let text): text.isEmpty
        case .count(let count), .bytes(let count): count == 0
        case .share(let share): share == nil
        case .milliseconds(let milliseconds): milliseconds == nil
        }
    }

    private static func duration(_ milliseconds: Double) -> String {
        // Enough for all the time that a clock can tell, and far from what a conversion could trap on.
        let whole = UInt64(min(max(0, milliseconds), 1e15).rounded())
        return switch whole {
        case ..<1000: "\(milliseconds < 10 ? milliseconds.fixed(1) : String(whole)) ms"
        case ..<60_000: "\((milliseconds / 1000).fixed(2)) s"
        case ..<3_600_000: "\(whole / 60_000) min \(whole / 1000 % 60) s"
        case ..<86_400_000: "\(whole / 3_600_000) h \(whole / 60_000 % 60) min"
        default: "\((whole / 86_400_000).grouped) d \(whole / 3_600_000 % 24) h"
        }
    }

    private static func size(_ bytes: UInt64) -> String {
        var value = Double(bytes)
        for unit in ["bytes", "KiB", "MiB", "GiB"] {
            if value < 1000 {
                return unit == "bytes" ? "\(bytes) bytes" : "\(value.fixed(1)) \(unit)"
            }
            value /= 1024
        }
        return "\(value.fixed(1)) TiB"
    }
}

/// Figures as a picture.
package struct ReportChart: Equatable, Sendable {
    /// What the values are.
    package enum Unit: Sendable {
        case count, milliseconds
    }

    /// Decides the colour; the same thing has the same one in all charts.
    package enum Tone: String, Sendable {
        case plain, good, bad, other
    }

    package struct Series: Equatable, Sendable {
        package var name: String
        package var tone: Tone
        package var values: [Double]

        package init(_ name: String, _ tone: Tone, _ values: [Double]) {
            self.name = name
            self.tone = tone
            self.values = values
        }
    }

    package enum Shape: Sendable {
        /// Upright bars side by side, one for each moment, with all series on top of each other.
        case timeline
        /// Lying bars below each other, one for each thing.
        case ranking
    }

    package var title: String
    /// What the picture shows, for those who do not see it.
    package var summary: String
    package var shape: Shape
    package var labels: [String]
    package var series: [Series]
    package var unit: Unit

    package init(
        title: String,
        summary: String,
        shape: Shape,
        labels: [String],
        series: [Series],
        unit: Unit = .count
    ) {
        self.title = title
        self.summary = summary
        self.shape = shape
        self.labels = labels
        self.series = series
        self.unit = unit
    }

    /// A value as it is written beside its bar.
    func cell(_ value: Double) -> ReportCell {
        switch unit {
        case .count: .count(UInt64(min(max(0, value), 1e18)))
        case .milliseconds: .milliseconds(value)
        }
    }
}
