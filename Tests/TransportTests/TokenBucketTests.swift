import Testing

@testable import Transport

@Suite("Token bucket")
struct TokenBucketTests {
    @Test func `gives the burst at once and then the rate`() {
        var bucket = TokenBucket(rate: 10, burst: 3, now: 1_000)
        for _ in 0..<3 { #expect(bucket.take(now: 1_000) == nil) }
        #expect(bucket.take(now: 1_000) == 100)
        #expect(bucket.take(now: 1_060) == 40)
        #expect(bucket.take(now: 1_100) == nil)
        #expect(bucket.take(now: 1_100) == 100)
    }

    @Test func `holds no more than the burst`() {
        var bucket = TokenBucket(rate: 1_000, burst: 2, now: 0)
        for _ in 0..<2 { #expect(bucket.take(now: 1_000_000) == nil) }
        #expect(bucket.take(now: 1_000_000) == 1)
    }

    @Test func `a clock that does not move on gives nothing`() {
        var bucket = TokenBucket(rate: 10, burst: 1, now: 500)
        #expect(bucket.take(now: 400) == nil)
        #expect(bucket.take(now: 100) == 100)
    }

    @Test func `a rate of 0 limits nothing`() {
        var bucket = TokenBucket(rate: 0, burst: 1, now: 0)
        for _ in 0..<1_000 { #expect(bucket.take(now: 0) == nil) }
    }

    @Test func `gives several at once, and no more than there are`() {
        var bucket = TokenBucket(rate: 10, burst: 5, now: 0)
        #expect(bucket.take(upTo: 3, now: 0) == (3, 0))
        #expect(bucket.take(upTo: 3, now: 0) == (2, 0))
        #expect(bucket.take(upTo: 3, now: 0) == (0, 100))
        bucket.putBack(4)
        #expect(bucket.take(upTo: 9, now: 0) == (4, 0))
    }

    @Test func `takes back no more than it holds`() {
        var bucket = TokenBucket(rate: 10, burst: 2, now: 0)
        bucket.putBack(100)
        #expect(bucket.take(upTo: 100, now: 0).taken == 2)
    }

    @Test func `is full again in time`() {
        var bucket = TokenBucket(rate: 10, burst: 2, now: 0)
        #expect(bucket.isFull(now: 0) == true)
        _ = bucket.take(now: 0)
        #expect(bucket.isFull(now: 99) == false)
        #expect(bucket.isFull(now: 100) == true)
    }
}
