import EventLoops
import Testing

@Suite("Timer wheel")
struct TimerWheelTests {
    @Test func `a token fires at its tick and not before`() {
        var wheel = TimerWheel(tick: 100)
        wheel.schedule(1, at: 103)
        #expect(wheel.fire(at: 102) == [])
        #expect(wheel.fire(at: 103) == [1])
        #expect(wheel.fire(at: 200) == [])
        #expect(wheel.count == 0)
    }

    @Test func `a time that has passed fires at the next advance`() {
        var wheel = TimerWheel(tick: 100)
        wheel.schedule(1, at: 5)
        #expect(wheel.fire(at: 101) == [1])
    }

    @Test func `a time beyond the ring waits for its round`() {
        var wheel = TimerWheel(tick: 0)
        wheel.schedule(1, at: 5000)
        wheel.schedule(2, at: 5000 % 1024)
        #expect(wheel.fire(at: 1000) == [2])
        #expect(wheel.fire(at: 4999) == [])
        #expect(wheel.fire(at: 5000) == [1])
    }

    @Test func `a long sleep misses nothing`() {
        var wheel = TimerWheel(tick: 0)
        for token in 1...3000 { wheel.schedule(UInt64(token), at: UInt64(token)) }
        #expect(Set(wheel.fire(at: 1_000_000)) == Set(1...3000))
    }

    @Test func `tells how long a poller may sleep`() {
        var wheel = TimerWheel(tick: 10)
        #expect(wheel.milliseconds(untilDueFrom: 640) == -1)
        wheel.schedule(1, at: 12)
        #expect(wheel.milliseconds(untilDueFrom: 640) == 128)
        #expect(wheel.milliseconds(untilDueFrom: 10_000) == 0)
        _ = wheel.fire(at: 12)
        #expect(wheel.milliseconds(untilDueFrom: 800) == -1)
    }

    @Test func `agrees with a sorted list on random times`() {
        var random = SystemRandomNumberGenerator()
        var wheel = TimerWheel(tick: 0)
        var expected: [UInt64: UInt64] = [:]
        var now: UInt64 = 0
        for token in 0..<2000 as Range<UInt64> {
            let tick = now + .random(in: 1...3000, using: &random)
            wheel.schedule(token, at: tick)
            expected[token] = tick
            now += .random(in: 0...40, using: &random)
            let due = Set(expected.filter { $0.value <= now }.keys)
            #expect(Set(wheel.fire(at: now)) == due)
            for token in due { expected[token] = nil }
        }
        #expect(wheel.count == expected.count)
    }
}

extension TimerWheel {
    fileprivate mutating func fire(at tick: UInt64) -> [UInt64] {
        var expired: [UInt64] = []
        advance(to: tick, into: &expired)
        return expired
    }
}
