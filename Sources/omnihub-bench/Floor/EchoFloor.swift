/// Sends every message back: one read, one pass that unmasks, one write.
struct EchoFloor: FloorService, ~Copyable {
    private var output = FloorOutput(capacity: 512 * 1024)

    mutating func receive(
        _ inbox: inout FrameInbox,
        from descriptor: CInt
    ) throws(BenchError) {
        while let frame = try inbox.next() {
            let target = try output.beginFrame(
                opcode: frame.opcode,
                payloadLength: frame.payload.count
            )
            frame.unmaskEnd(into: target)
        }
        guard output.count > 0 else { return }
        try output.send(to: descriptor)
        output.removeAll()
    }

    mutating func tickEnded() {}
}
