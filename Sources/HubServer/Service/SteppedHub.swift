package import AgentRuntime
package import EventLoops
import Journal
import Transport

/// A hub without threads: its owner takes the turns of its parts, when and as often as it likes.
///
/// For a program that decides the order of everything that happens in it. What a turn does is what
/// the daemon's threads do; the life of a hub is that of ``HubService/run(_:logger:)``. Dropping it
/// is a crash: nothing is written or told.
package final class SteppedHub {
    private let hub: Hub
    private let loops: [Loop]
    private var runtime: SteppedRuntime
    private var hasStoppedRuntime = false

    private final class Loop {
        var loop: HubLoop

        init(_ loop: consuming HubLoop) {
            self.loop = loop
        }
    }

    /// Reads the state, and begins to work and to accept clients.
    ///
    /// The first loop accepts from `listeners` for all of them.
    package init(
        _ configuration: HubConfiguration,
        listeners: [ListeningSocket],
        logger: Logger,
        seams: HubSeams
    ) throws {
        hub = try Hub(configuration, logger, nil, seams: seams)
        guard let runtime = SteppedRuntime(hub.context.runtime) else {
            preconditionFailure("a new runtime has begun already")
        }
        self.runtime = runtime
        hub.context.askRuntime()
        let endpoints = hub.endpoints
        var loops: [Loop] = []
        for index in endpoints.indices {
            let isFirst = index == 0
            let loop = try HubLoop(
                index: index,
                context: hub.context,
                acceptor: Acceptor(
                    listeners: isFirst ? listeners : [],
                    loopCount: isFirst ? endpoints.count : 1
                ),
                endpoint: endpoints[index],
                siblings: isFirst ? Array(endpoints.dropFirst()) : []
            )
            loops.append(Loop(loop))
        }
        self.loops = loops
    }

    package var loopCount: Int { loops.count }

    /// Takes a turn of a loop: it polls once, and goes on to the end of the tick.
    ///
    /// - Returns: Whether it has more turns to take.
    package func stepLoop(_ index: Int) -> Bool {
        loops[index].loop.takeTurn()
        return !loops[index].loop.isDone
    }

    /// Takes a turn of the runtime, see ``SteppedRuntime/step()``.
    package func stepRuntime() -> Duration? { runtime.step() }

    package var runtimeHasMail: Bool { runtime.hasMail }

    /// Takes a turn of the journal: one commit of what is queued.
    package func stepJournal() { hub.journal.step() }

    package var journalHasWork: Bool { hub.journal.hasWork }

    /// Tells the hub to stop, as SIGTERM does; to be followed by turns until ``hasEnded``.
    package func beginStop() { hub.context.beginStop() }

    /// Has the runtime end once all loops have; to be called after each turn of a loop.
    package func advanceStop() {
        guard !hasStoppedRuntime, loops.allSatisfy({ $0.loop.isDone }) else { return }
        hasStoppedRuntime = true
        hub.context.runtime.stop(grace: HubService.stopGrace) {}
    }

    /// Whether the hub was stopped, or had to end, and has done everything that belongs to it.
    package var hasEnded: Bool { runtime.hasEnded }

    /// Whether the disk has failed the hub, which makes it end.
    package var hasFailed: Bool { hub.failure.hasHappened }

    package var isRuntimeSettled: Bool { runtime.isSettled }

    /// What the runtime knows, ahead of the journal unless ``isRuntimeSettled``.
    package var state: RuntimeState { runtime.state }

    /// Of the last event of the batch that the journal has; `nil` when it has none.
    package var sequenceInFlight: UInt64? { runtime.sequenceInFlight }
}
