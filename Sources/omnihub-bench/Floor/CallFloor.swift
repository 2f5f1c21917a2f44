/// Answers every message with one and the same message, as long as a server's answer is.
struct CallFloor: FloorService, ~Copyable {
    private let answer: [UInt8]
    private var output = FloorOutput(capacity: 512 * 1024)

    init(answerLength: Int) {
        answer = FanoutFloor.answer(length: answerLength)
    }

    mutating func receive(
        _ inbox: inout FrameInbox,
        from descriptor: CInt
    ) throws(BenchError) {
        while let frame = try inbox.next() {
            let target = try output.beginFrame(opcode: frame.opcode, payloadLength: answer.count)
            target.copyBytes(from: answer)
        }
        guard output.count > 0 else { return }
        try output.send(to: descriptor)
        output.removeAll()
    }

    mutating func tickEnded() {}
}
