/// How far back figures are asked for.
package enum WindowSpan: String, CaseIterable, Sendable {
    case hour = "1h"
    case day = "24h"
    case week = "7d"
    case month = "30d"

    /// The length of its buckets.
    package var resolutionMs: Int64 {
        switch self {
        case .hour: 60_000
        case .day: 30 * 60_000
        case .week, .month: 6 * 3_600_000
        }
    }

    /// How many buckets there are in it, the one of the present moment included.
    package var bucketCount: Int {
        switch self {
        case .hour: 60
        case .day: 48
        case .week: 28
        case .month: 120
        }
    }

    /// How many buckets are kept: a few more, for clocks that are set a little.
    var capacity: Int { bucketCount + 4 }

    /// In words, as in "the last 24 hours".
    package var words: String {
        switch self {
        case .hour: "hour"
        case .day: "24 hours"
        case .week: "7 days"
        case .month: "30 days"
        }
    }

    /// The beginning of the bucket that `time` falls into, both in milliseconds since 1970.
    package func start(of time: Int64) -> Int64 {
        let resolution = resolutionMs
        let remainder = time % resolution
        let start = time.subtractingReportingOverflow(
            remainder < 0 ? remainder + resolution : remainder
        )
        return start.overflow ? time - remainder : start.partialValue
    }

    /// The window that ends at `now`: whole buckets, of which the last is not over yet.
    package func window(at now: Int64) -> Window {
        let last = start(of: now)
        let reach = Int64(bucketCount - 1) * resolutionMs
        let (first, overflow) = last.subtractingReportingOverflow(reach)
        return Window(span: self, start: overflow ? .min : first, end: now)
    }
}

/// A span of time that ends at a certain moment; both ends are in milliseconds since 1970.
package struct Window: Equatable, Sendable {
    package let span: WindowSpan
    /// Of the first bucket.
    package let start: Int64
    package let end: Int64

    /// The beginnings of all of its buckets.
    package var bucketStarts: [Int64] {
        (0..<span.bucketCount).map { start &+ Int64($0) &* span.resolutionMs }
    }
}

/// Figures of one thing at the three resolutions that the windows are made of.
///
/// Bounded: at most 64 buckets of a minute, 52 of half an hour and 124 of six hours.
package struct WindowedFigures<Figures: BucketFigures>: Equatable, Sendable {
    package private(set) var minutes = BucketRing<Figures>()
    package private(set) var halfHours = BucketRing<Figures>()
    package private(set) var quarterDays = BucketRing<Figures>()

    package init() {}

    package init(
        minutes: BucketRing<Figures>,
        halfHours: BucketRing<Figures>,
        quarterDays: BucketRing<Figures>
    ) {
        self.minutes = minutes
        self.halfHours = halfHours
        self.quarterDays = quarterDays
    }

    mutating func update(_ time: Int64, _ count: (inout Figures) -> Void) {
        minutes.update(time, in: .hour, count)
        halfHours.update(time, in: .day, count)
        quarterDays.update(time, in: .month, count)
    }

    package func ring(of span: WindowSpan) -> BucketRing<Figures> {
        switch span {
        case .hour: minutes
        case .day: halfHours
        case .week, .month: quarterDays
        }
    }

    package func total(in window: Window) -> Figures { ring(of: window.span).total(in: window) }

    /// When anything was counted last, to the resolution of the longest window.
    var newest: Int64 { quarterDays.buckets.last?.start ?? .min }
}
