/// Sends each subscriber what was published in a tick in one write, as one and the same buffer.
///
/// The publisher's message is copied once into a frame as long as the server's that this floor
/// is for, and answered with a message as long as that server's answer.
struct FanoutFloor: FloorService, ~Copyable {
    private let lengths: PayloadLengths
    private let answer: [UInt8]
    private var subscribers: [CInt] = []
    /// The connection that has published; -1 when none has.
    private var publisher: CInt = -1
    private var publications = FloorOutput(capacity: 1 << 20)
    private var answers = FloorOutput(capacity: 1 << 20)

    init(_ lengths: PayloadLengths) {
        self.lengths = lengths
        answer = Self.answer(length: lengths.answer)
    }

    /// An answer that clients take for one, of `length` bytes if that is enough for it.
    static func answer(length: Int) -> [UInt8] {
        let text = CallLoad.answerStart + Array("{}}".utf8)
        return text + Array(repeating: UInt8(ascii: " "), count: max(0, length - text.count))
    }

    mutating func receive(
        _ inbox: inout FrameInbox,
        from descriptor: CInt
    ) throws(BenchError) {
        while let frame = try inbox.next() {
            if descriptor == publisher || !subscribes(frame, descriptor) {
                let target = try publications.beginFrame(
                    opcode: frame.opcode,
                    payloadLength: lengths.publication
                )
                frame.unmaskEnd(into: target)
            }
            let target = try answers.beginFrame(opcode: frame.opcode, payloadLength: answer.count)
            target.copyBytes(from: answer)
        }
        guard answers.count > 0 else { return }
        try answers.send(to: descriptor)
        answers.removeAll()
    }

    mutating func tickEnded() throws(BenchError) {
        guard publications.count > 0 else { return }
        for subscriber in subscribers { try publications.send(to: subscriber) }
        publications.removeAll()
    }

    /// Takes a first message for what it is.
    private mutating func subscribes(_ frame: InboxFrame, _ descriptor: CInt) -> Bool {
        var text = [UInt8](repeating: 0, count: frame.payload.count)
        text.withUnsafeMutableBytes { frame.unmaskEnd(into: $0) }
        if text.firstRange(of: Array("hub.subscribe".utf8)) != nil {
            subscribers.append(descriptor)
            return true
        }
        if text.firstRange(of: Array("hub.publish".utf8)) != nil {
            publisher = descriptor
            return false
        }
        return true
    }
}
