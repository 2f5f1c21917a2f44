import Dispatch
import Foundation
import Synchronization
import Testing

@testable import EventLoops

@Suite("Worker pool")
struct WorkerPoolTests {
    private final class Notes: Sendable {
        struct Contents {
            var order: [Int] = []
            var running = 0
            var most = 0
        }

        let contents = Mutex(Contents())
        let began = DispatchSemaphore(value: 0)
        let mayEnd = DispatchSemaphore(value: 0)
        let ended = DispatchSemaphore(value: 0)
    }

    @Test func `does jobs in their order`() throws {
        let pool = try WorkerPool(name: "in order", count: 1)
        let notes = Notes()
        for number in 0..<100 {
            pool.submit {
                notes.contents.withLock { $0.order.append(number) }
                notes.ended.signal()
            }
        }
        for _ in 0..<100 { notes.ended.wait() }
        #expect(notes.contents.withLock { $0.order } == Array(0..<100))
    }

    @Test func `works on so many at once and no more`() throws {
        let pool = try WorkerPool(name: "at once", count: 3)
        let notes = Notes()
        for _ in 0..<9 {
            pool.submit {
                notes.contents.withLock { contents in
                    contents.running += 1
                    contents.most = max(contents.most, contents.running)
                }
                notes.began.signal()
                notes.mayEnd.wait()
                notes.contents.withLock { $0.running -= 1 }
                notes.ended.signal()
            }
        }
        // Three are at it together: none has been let go yet.
        for _ in 0..<3 { notes.began.wait() }
        for _ in 0..<9 { notes.mayEnd.signal() }
        for _ in 0..<9 { notes.ended.wait() }
        #expect(notes.contents.withLock { $0.most } == 3)
    }

    @Test(.timeLimit(.minutes(1)))
    func `its threads end with it, after what was submitted`() async throws {
        let name = "to be ended"
        let notes = Notes()
        do {
            let pool = try WorkerPool(name: name, count: 2, niceness: 3)
            for _ in 0..<4 { pool.submit { notes.ended.signal() } }
        }
        for _ in 0..<4 { notes.ended.wait() }
        while threads().contains(name) { await Task.yield() }
    }

    private func threads() -> [String] {
        let folder = "/proc/self/task"
        let ids = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return ids.compactMap { id in
            let name = try? String(contentsOfFile: "\(folder)/\(id)/comm", encoding: .utf8)
            return name?.trimmingCharacters(in: .newlines)
        }
    }
}
