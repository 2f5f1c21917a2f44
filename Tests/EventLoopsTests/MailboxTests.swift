import Testing

@testable import EventLoops

@Suite("Mailbox")
struct MailboxTests {
    private final class Reader {
        let wakeup: Wakeup
        let mailbox: Mailbox<Int>
        let poller: Poller

        init() throws {
            wakeup = try Wakeup()
            mailbox = Mailbox(wakeup: wakeup)
            poller = try Poller()
            try poller.add(wakeup.descriptor, token: 1, for: .readable)
        }

        /// Whether the reader was woken since it was last asked.
        func wasWoken() -> Bool {
            defer { wakeup.reset() }
            return poller.wait(timeout: 0) > 0
        }
    }

    @Test func `wakes a reader that sleeps, and that once`() throws {
        let reader = try Reader()
        reader.mailbox.post(1)
        #expect(!reader.wasWoken())
        #expect(!reader.mailbox.prepareToSleep())
        #expect(reader.mailbox.takeAll() == [1])
        #expect(reader.mailbox.prepareToSleep())
        reader.mailbox.post(2)
        #expect(reader.wasWoken())
        reader.mailbox.post(3)
        #expect(!reader.wasWoken())
        #expect(reader.mailbox.takeAll() == [2, 3])
    }

    @Test func `wakes its reader once for all that was posted while wake-ups were held`() throws {
        let reader = try Reader()
        #expect(reader.mailbox.prepareToSleep())
        reader.mailbox.holdWakeups()
        reader.mailbox.post(1)
        reader.mailbox.post(2)
        #expect(!reader.wasWoken())
        reader.mailbox.releaseWakeups()
        #expect(reader.wasWoken())
        reader.mailbox.post(3)
        #expect(!reader.wasWoken())
        #expect(reader.mailbox.takeAll() == [1, 2, 3])
    }

    @Test func `held wake-ups without a message wake nobody`() throws {
        let reader = try Reader()
        #expect(reader.mailbox.prepareToSleep())
        reader.mailbox.holdWakeups()
        reader.mailbox.releaseWakeups()
        #expect(!reader.wasWoken())
        reader.mailbox.post(1)
        #expect(reader.wasWoken())
    }

    @Test func `a reader that goes to sleep while wake-ups are held is woken by their release`()
        throws
    {
        let reader = try Reader()
        reader.mailbox.holdWakeups()
        #expect(reader.mailbox.prepareToSleep())
        reader.mailbox.post(1)
        #expect(!reader.wasWoken())
        reader.mailbox.releaseWakeups()
        #expect(reader.wasWoken())
    }

    @Test func `loses nothing between threads`() throws {
        let mailbox = Mailbox<Int>(wakeup: try Wakeup())
        let writers = try (0..<4).map { writer in
            try WorkerThread(name: "writer") {
                for number in 0..<1000 { mailbox.post(writer * 1000 + number) }
            }
        }
        var taken: [Int] = []
        while taken.count < 4000 { taken += mailbox.takeAll() }
        for writer in writers { writer.join() }
        for writer in 0..<4 {
            #expect(taken.filter { $0 / 1000 == writer } == (0..<1000).map { writer * 1000 + $0 })
        }
    }
}
