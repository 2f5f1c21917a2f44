/// Is told of everything that happened, in order and exactly once.
package protocol EventObserver<Event>: Sendable {
    associatedtype Event: Sendable

    /// Called by the one publisher of the bus, after the events are durable. It must not block:
    /// an observer that has slow work to do hands it to a queue of its own.
    func observe(_ events: [Event])
}

/// Hands events to its observers: the observer pattern between the runtime, which knows
/// neither channels nor sockets, and whoever wants to know what happened.
package struct EventBus<Event: Sendable>: Sendable {
    private let observers: [any EventObserver<Event>]

    package init(observers: [any EventObserver<Event>]) {
        self.observers = observers
    }

    /// Hands a batch to every observer, in the order in which they were given.
    package func publish(_ events: [Event]) {
        for observer in observers { observer.observe(events) }
    }
}
