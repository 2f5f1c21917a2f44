import Testing

@testable import Agents

@Suite struct StatisticsTests {
    @Test func `figures of a list are the usual ones`() {
        let values = [2.0, 4, 4, 4, 5, 5, 7, 9]
        #expect(Statistics.mean(values) == 5)
        #expect(Statistics.standardDeviation(values) == 2)
        #expect(Statistics.median(values) == 4.5)
        #expect(Statistics.median([3, 1, 2]) == 2)
        #expect(Statistics.medianAbsoluteDeviation([1, 1, 2, 2, 4, 6, 9]) == 1)
    }

    @Test func `an empty list has zeros`() {
        #expect(Statistics.mean([]) == 0)
        #expect(Statistics.standardDeviation([]) == 0)
        #expect(Statistics.median([]) == 0)
        #expect(Statistics.quantile(sorted: [], 0.5) == 0)
    }

    @Test func `the median of the largest numbers is finite`() {
        let largest = Double.greatestFiniteMagnitude
        #expect(Statistics.median([largest, largest]) == largest)
    }

    /// As numpy's `inverted_cdf`.
    @Test(arguments: [(0.0, 1.0), (0.1, 1), (0.5, 5), (0.51, 6), (0.9, 9), (1, 10)])
    func `a quantile is the smallest value that covers the share`(p: Double, value: Double) {
        let sorted = (1...10).map(Double.init)
        #expect(Statistics.quantile(sorted: sorted, p) == value)
    }
}
