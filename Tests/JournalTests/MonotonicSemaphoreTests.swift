import Dispatch
import Journal
import Testing

@Suite("Monotonic semaphore")
struct MonotonicSemaphoreTests {
    @Test func `a signal that came before ends a wait at once`() {
        let semaphore = MonotonicSemaphore()
        semaphore.signal()
        semaphore.signal()
        semaphore.wait()
        semaphore.wait(nanoseconds: 3_600_000_000_000)
    }

    @Test func `a signal of another thread ends a wait`() {
        let semaphore = MonotonicSemaphore()
        DispatchQueue.global().async { semaphore.signal() }
        semaphore.wait(nanoseconds: 3_600_000_000_000)
    }

    @Test(arguments: [0, 1, 999_999_999])
    func `without a signal a wait ends when its time is over, and not before`(nanoseconds: Int) {
        let start = ContinuousClock.now
        MonotonicSemaphore().wait(nanoseconds: nanoseconds)
        #expect(ContinuousClock.now - start >= .nanoseconds(nanoseconds))
    }
}
