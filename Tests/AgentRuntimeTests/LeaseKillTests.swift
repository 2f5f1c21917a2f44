import JSONRPC
import Testing

@testable import AgentRuntime

@Suite("Kills in the middle of leases")
struct LeaseKillTests {
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `of 1,000 kills over four seeds none loses a task or repeats a result`(seed: UInt64) throws
    {
        var life = try WorkerLife(seed: seed)
        for _ in 0..<100_000 where life.kills < 250 { try life.step() }
        #expect(life.kills == 250)
        try life.settle()
        try life.check()
    }
}
