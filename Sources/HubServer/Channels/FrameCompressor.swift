import WebSocketProtocol

/// Makes the compressed forms of publications; one for each loop.
///
/// Each message is compressed on its own, so that what comes out is for every client that agreed
/// to a window of 15 bits.
final class FrameCompressor {
    private var deflater: Deflater
    private let threshold: Int

    init(_ configuration: HubConfiguration.Compression) {
        deflater = Deflater(level: configuration.level, resetsContext: true)
        threshold = configuration.threshold
    }

    /// Appends a frame that stands for `frame`, a whole text frame of a server: with its payload
    /// compressed, or the same when that would not make it shorter.
    func compress(_ frame: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        let plain = frame.bindMemory(to: UInt8.self)
        let start = FrameHeader.payloadOffset(ofUnmasked: frame)
        let message = UnsafeBufferPointer(rebasing: plain[start...])
        var payload: [UInt8] = []
        if message.count >= threshold { deflater.deflate(message.span, into: &payload) }
        if message.count >= threshold, payload.count < message.count {
            output.appendFrame(.text, payload: payload.span, isCompressed: true)
        } else {
            output.append(contentsOf: plain)
        }
    }
}
