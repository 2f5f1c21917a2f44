/// Figures of many things, each by its key, and of those for which there was no room.
package struct SeriesTable<Key: Hashable & Sendable, Figures: BucketFigures>: Equatable, Sendable {
    package private(set) var series: [Key: WindowedFigures<Figures>] = [:]
    /// Of all things together that came when the table was full.
    package private(set) var others = WindowedFigures<Figures>()

    package init() {}

    /// Takes back what was stored; a key of `nil` is that of the others.
    package mutating func put(_ figures: WindowedFigures<Figures>, for key: Key?) {
        if let key { series[key] = figures } else { others = figures }
    }

    /// Counts something; one look-up, as long as the key is known.
    mutating func update(
        _ key: Key,
        at time: Int64,
        limit: Int,
        _ count: (inout Figures) -> Void
    ) {
        if let index = series.index(forKey: key) {
            series.values[index].update(time, count)
        } else if series.count < limit || makeRoom(at: time) {
            series[key, default: WindowedFigures()].update(time, count)
        } else {
            others.update(time, count)
        }
    }

    /// Forgets all things of which nothing was heard for longer than the longest window.
    private mutating func makeRoom(at time: Int64) -> Bool {
        let start = WindowSpan.month.window(at: time).start
        let before = series.count
        series = series.filter { $0.value.newest >= start }
        return series.count < before
    }

    package func total(in window: Window) -> Figures {
        var total = others.total(in: window)
        for figures in series.values { total.merge(figures.total(in: window)) }
        return total
    }
}
