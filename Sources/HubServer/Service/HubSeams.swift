package import AgentRuntime
import Agents
package import HubCore
package import Journal

/// Where a program that decides the order of everything takes hold of a hub; the defaults are those
/// of the daemon, and no configuration reaches them.
package struct HubSeams {
    package var agents = BuiltInAgents.all
    /// Runs the agents; `nil` for threads of their own.
    package var agentExecutor: (any TaskExecutor)?
    /// Who writes the journal.
    package var journalWorker = JournalWriter.Worker.thread
    /// Who writes snapshots.
    package var snapshotWork: any SerialWork = WorkQueue("omnihub.snapshots")
    /// Who clears old segments away.
    package var archiveWork: any SerialWork = WorkQueue("omnihub.archive")
    /// Who reads the past from disk; `nil` for threads of its own.
    package var readWork: (any SerialWork)?
    /// The runtime's chance.
    package var random: any RandomNumberGenerator & Sendable = BufferedRandom()
    /// What stands between the runtime and its journal.
    package var log: (JournalWriter) -> any EventLog = { $0 }
    /// What stands between the runtime's bus and the channels.
    package var observer: (any EventObserver<RecordedEvent>) -> any EventObserver<RecordedEvent> = {
        $0
    }

    package init() {}
}
