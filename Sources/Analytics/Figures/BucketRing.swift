/// What is counted in a bucket of time.
package protocol BucketFigures: Equatable, Sendable {
    init()
    mutating func merge(_ other: Self)
}

/// Figures by pieces of time of one length, at most so many of them.
///
/// Only pieces in which something happened take room. The moments come from the events, so they may
/// go backwards when a clock was set: each is counted in the bucket that it names. When there are
/// too many buckets, that one goes which is farthest from the moment being counted, be it before or
/// behind: what a clock that was once years ahead has left is outlived.
package struct BucketRing<Figures: BucketFigures>: Equatable, Sendable {
    package struct Bucket: Equatable, Sendable {
        /// Milliseconds since 1970, a multiple of the resolution.
        package var start: Int64
        package var figures: Figures

        package init(start: Int64, figures: Figures) {
            self.start = start
            self.figures = figures
        }
    }

    /// Ascending by start.
    package private(set) var buckets: [Bucket] = []

    package init() {}

    /// Takes back what was stored.
    ///
    /// - Returns: `nil` when the buckets are too many, out of order or between two.
    package init?(_ buckets: [Bucket], span: WindowSpan) {
        guard buckets.count <= span.capacity,
            buckets.allSatisfy({ $0.start == span.start(of: $0.start) }),
            zip(buckets, buckets.dropFirst()).allSatisfy({ $0.start < $1.start })
        else { return nil }
        self.buckets = buckets
    }

    /// The place of the bucket that `time` falls into, which is made when there is none.
    mutating func place(of time: Int64, in span: WindowSpan) -> Int {
        if let last = buckets.last, time >= last.start,
            time.distanceSaturating(from: last.start) < span.resolutionMs
        {
            return buckets.count - 1
        }
        let start = span.start(of: time)
        var place = buckets.count
        while place > 0, buckets[place - 1].start >= start { place -= 1 }
        if place < buckets.count, buckets[place].start == start { return place }
        if buckets.count >= span.capacity, let first = buckets.first, let last = buckets.last {
            let isPastFarther =
                start.distanceSaturating(from: first.start)
                >= last.start.distanceSaturating(from: start)
            if isPastFarther, place > 0 {
                buckets.removeFirst()
                place -= 1
            } else {
                buckets.removeLast()
                place = min(place, buckets.count)
            }
        }
        buckets.insert(Bucket(start: start, figures: Figures()), at: place)
        return place
    }

    /// Lets `count` change the figures of the moment.
    mutating func update(_ time: Int64, in span: WindowSpan, _ count: (inout Figures) -> Void) {
        let place = place(of: time, in: span)
        count(&buckets[place].figures)
    }

    /// The buckets of a window, those without anything left out.
    package func buckets(in window: Window) -> ArraySlice<Bucket> {
        let first = buckets.firstIndex { $0.start >= window.start } ?? buckets.endIndex
        let end = buckets.lastIndex { $0.start <= window.end }.map { $0 + 1 } ?? first
        return buckets[first..<max(first, end)]
    }

    package func total(in window: Window) -> Figures {
        var total = Figures()
        for bucket in buckets(in: window) { total.merge(bucket.figures) }
        return total
    }
}

extension Int64 {
    fileprivate func distanceSaturating(from other: Int64) -> Int64 {
        let (distance, overflow) = subtractingReportingOverflow(other)
        return overflow ? .max : distance
    }
}
