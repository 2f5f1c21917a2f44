package import WebSocketProtocol

/// What happened on a loop's connections, one thing at a time.
package enum TransportEvent {
    /// A request waits in ``ServerTransport/request``; answer it with `respond` or `upgrade`
    /// before the next event is taken.
    case request(ConnectionID)
    /// A message; its bytes are valid until the next event is taken.
    case message(ConnectionID, MessageKind, UnsafeRawBufferPointer)
    /// All that waited for the peer was taken by the kernel: cursors may go on.
    case writable(ConnectionID)
    /// The time set with ``ServerTransport/setDeadline(_:after:)`` has come.
    case deadline(ConnectionID)
    /// The owner sent no message for a ping interval; only of connections for which
    /// ``ServerTransport/watchQuiet(_:)`` was called.
    case quiet(ConnectionID)
    /// A WebSocket connection is gone; its id means nothing from now on.
    case closed(ConnectionID)
    /// A watched descriptor is readable.
    case readable(CInt)
    /// Everything that was ready has been looked at: hand out what is due now, in one write
    /// for each connection.
    case tickEnded
}
