import Journal

/// A runtime without a thread: its owner takes its turns, when and as often as it likes.
///
/// For a program that decides the order of everything that happens in it; what a turn does is what
/// the runtime's thread does. It takes the place of ``Runtime/run()``.
package struct SteppedRuntime: ~Copyable {
    private var loop: RuntimeLoop
    /// Whether the runtime was stopped and there is nothing left to do.
    package private(set) var hasEnded = false

    /// Begins the life of `runtime`; `nil` when it has begun already.
    package init?(_ runtime: Runtime) {
        guard let core = runtime.takeCore() else { return nil }
        loop = RuntimeLoop(core: core, dependencies: runtime.dependencies)
        loop.begin()
    }

    // An attempt that never ends keeps the mailbox, and an order in it the journal.
    deinit { _ = loop.dependencies.mailbox.close() }

    /// Takes one turn.
    ///
    /// - Returns: How long there is nothing to do unless something comes; `nil` is for ever.
    package mutating func step() -> Duration? {
        guard !hasEnded else { return nil }
        loop.takeTurn(waitingFor: .zero)
        if loop.isFinished {
            loop.end()
            hasEnded = true
            return nil
        }
        return loop.timeout()
    }

    /// Whether something has come that the next turn takes.
    package var hasMail: Bool {
        !hasEnded && loop.dependencies.mailbox.hasSomething(commitOnly: loop.isCongested)
    }

    /// Whether all that was decided is durable and nothing waits to be decided.
    package var isSettled: Bool {
        loop.inFlight == nil && loop.pending.isEmpty && loop.deferred.isEmpty && !hasMail
    }

    /// Everything that was decided, ahead of the journal unless ``isSettled``.
    package var state: RuntimeState { loop.core.state }

    /// Of the last event of the batch that the journal has; `nil` when it has none.
    package var sequenceInFlight: UInt64? { loop.inFlight?.records.last?.sequence }
}
