/// What a mail server answers (RFC 5321 §4.2): a code and one line or more.
struct SMTPReply: Equatable, Sendable {
    var code: Int
    var lines: [String]

    /// Reads replies from bytes as they come.
    struct Reader: Sendable {
        /// Of a line; more than any server sends (RFC 5321 §4.5.3.1.5 has 512).
        private static let longestLine = 2_048
        private static let mostLines = 128

        private var line: [UInt8] = []
        private var lines: [String] = []
        private var code: Int?

        /// What is wrong with a peer that is no mail server.
        struct Violation: Error, Equatable {
            var reason: String
        }

        /// Takes a byte; gives the reply that it completes.
        mutating func read(_ byte: UInt8) throws(Violation) -> SMTPReply? {
            guard byte == 0x0A else {
                guard line.count < Self.longestLine else {
                    throw Violation(reason: "a line is too long")
                }
                line.append(byte)
                return nil
            }
            if line.last == 0x0D { line.removeLast() }
            defer { line.removeAll(keepingCapacity: true) }
            let digits = line.prefix(3)
            guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(String(decoding: digits, as: UTF8.self)),
                (200...599).contains(number),
                code == nil || code == number
            else { throw Violation(reason: "an answer is no reply of SMTP") }
            let mark = line.dropFirst(3).first
            guard mark == nil || mark == UInt8(ascii: " ") || mark == UInt8(ascii: "-") else {
                throw Violation(reason: "an answer is no reply of SMTP")
            }
            lines.append(String(decoding: line.dropFirst(4), as: UTF8.self))
            guard lines.count <= Self.mostLines else {
                throw Violation(reason: "an answer has too many lines")
            }
            if mark == UInt8(ascii: "-") {
                code = number
                return nil
            }
            defer {
                lines = []
                code = nil
            }
            return SMTPReply(code: number, lines: lines)
        }

        /// Whether part of a reply has come.
        var isInside: Bool { !line.isEmpty || !lines.isEmpty }
    }
}
