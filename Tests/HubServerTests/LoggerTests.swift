import JSONRPC
import Synchronization
import Testing

@testable import HubServer

@Suite struct LoggerTests {
    private final class Lines: Sendable {
        private let storage = Mutex<[[UInt8]]>([])

        var bytes: [[UInt8]] { storage.withLock { $0 } }

        func append(_ line: [UInt8]) { storage.withLock { $0.append(line) } }
    }

    private let lines = Lines()

    private func logger(_ level: LogLevel = .info, form: Logger.Form = .json) -> Logger {
        Logger(level: level, form: form) { [lines] in lines.append($0) }
    }

    private func onlyLine() throws -> JSONValue {
        let bytes = try #require(lines.bytes.first)
        #expect(lines.bytes.count == 1)
        #expect(bytes.last == 10)
        #expect(!bytes.dropLast().contains { $0 < 0x20 || $0 == 0x7F })
        #expect(bytes.count <= LogLine.maximumBytes)
        return try JSONValue(parsing: Array(bytes.dropLast()))
    }

    @Test(arguments: LogLevel.allCases, LogLevel.allCases)
    func `a line is written from the configured level on`(threshold: LogLevel, level: LogLevel) {
        logger(threshold).log(level, "x")
        #expect(lines.bytes.isEmpty == (level < threshold))
    }

    @Test func `levels are ordered by weight`() {
        #expect(LogLevel.allCases.sorted() == [.debug, .info, .notice, .warning, .error])
    }

    @Test func `a line that is not written costs neither message nor fields`() {
        func unwanted() -> String {
            Issue.record("evaluated")
            return ""
        }
        logger().debug(unwanted(), ["a": unwanted()])
    }

    @Test func `fields keep their type`() throws {
        logger().notice(
            "m",
            ["i": -1, "u": UInt64.max, "w": UInt16(7), "b": true, "d": 0.5, "s": "t", "l": [1, 2]]
        )
        let line = try onlyLine()
        #expect(line["level"]?.stringValue == "notice")
        #expect(line["message"]?.stringValue == "m")
        #expect(line["i"]?.intValue == -1)
        #expect(line["u"] == .number(.unsigned(.max)))
        #expect(line["w"]?.intValue == 7)
        #expect(line["b"]?.boolValue == true)
        #expect(line["d"]?.doubleValue == 0.5)
        #expect(line["s"]?.stringValue == "t")
        #expect(line["l"]?.stringValue == "[1, 2]")
        #expect(line["time"]?.stringValue?.count == 24)
    }

    static let hostile = [
        "", "\n{\"level\":\"error\"}\n", "\r\n", "\0", "\u{1B}[2J", "\u{9B}31m", "\u{85}\u{2028}",
        "\u{202E}txt.exe", "\"\\", "\u{7F}", "😀é", "\u{FEFF}\u{200B}", "\u{E0001}",
        String(repeating: "\u{1}", count: 100_000), String(repeating: "😀", count: 10_000),
    ]

    @Test(arguments: hostile)
    func `whatever a peer sends, a line is one line of JSON`(text: String) throws {
        logger().info(text, ["field": text, text: "value"])
        let line = try onlyLine()
        let message = try #require(line["message"]?.stringValue)
        if text.utf8.count <= 1024 {
            #expect(message == text)
            #expect(line["field"]?.stringValue == text)
        } else {
            #expect(message.hasSuffix("…"))
            #expect(text.hasPrefix(message.dropLast()))
        }
        let bytes = try #require(lines.bytes.first)
        let text = String(decoding: bytes.dropLast(), as: UTF8.self)
        #expect(text.unicodeScalars.filter(\.isInvisible).isEmpty)
    }

    @Test(arguments: hostile)
    func `whatever a peer sends, a line of text is one line`(text: String) throws {
        logger(form: .text(colored: false)).info(text, ["field": text])
        let bytes = try #require(lines.bytes.first)
        #expect(bytes.last == 10)
        #expect(bytes.count <= LogLine.maximumBytes)
        let text = String(decoding: bytes.dropLast(), as: UTF8.self)
        #expect(text.unicodeScalars.filter(\.isInvisible).isEmpty)
    }

    @Test func `names are unique`() throws {
        logger().info("m", ["level": "x", "a": 1, "a": 2, "time": 0])
        let line = try onlyLine()
        #expect(line["level"]?.stringValue == "info")
        #expect(line["level_"]?.stringValue == "x")
        #expect(line["a"]?.intValue == 1)
        #expect(line["a_"]?.intValue == 2)
        #expect(line["time_"]?.intValue == 0)
    }

    @Test func `fields without room are left out, and the line says so`() throws {
        let long = String(repeating: "\u{1}", count: 1000)
        logger().info("m", ["a": long, "b": long, "c": 1])
        let line = try onlyLine()
        #expect(line["a"]?.stringValue == long)
        #expect(line["b"] == nil)
        #expect(line["c"]?.intValue == 1)
        #expect(line["truncated"]?.boolValue == true)
    }

    @Test func `text is for people`() throws {
        let line = LogLine(
            time: 1_763_889_065_123,
            level: .warning,
            message: "slow client",
            fields: ["peer": "[::1]:9", "reason": "two words", "n": 3, "quote": "a\"b", "none": ""]
        )
        let text =
            #"2025-11-23T09:11:05.123Z WARNING slow client  peer=[::1]:9  reason="two words"  "#
            + #"n=3  quote="a\"b"  none="""# + "\n"
        #expect(String(decoding: line.text(colored: false), as: UTF8.self) == text)
        #expect(
            String(decoding: line.text(colored: true), as: UTF8.self)
                == text.replacing("WARNING", with: "\u{1B}[33mWARNING\u{1B}[0m")
        )
    }

    @Test func `a flood of one place is held back and counted`() {
        let filter = RepetitionFilter()
        let site = RepetitionFilter.Site(file: "f", line: 1)
        let burst = Int(RepetitionFilter.burst)
        let admitted = (0..<burst + 10).compactMap { _ in filter.admit(site, now: 5) }
        #expect(admitted == Array(repeating: 0, count: burst))
        let other = RepetitionFilter.Site(file: "f", line: 2)
        #expect(filter.admit(other, now: 5) == 0)
        #expect(filter.admit(site, now: 5 + RepetitionFilter.interval) == 10)
        #expect(filter.admit(site, now: 5 + RepetitionFilter.interval) == nil)
        #expect(filter.admit(site, now: 5 + 2 * RepetitionFilter.interval) == 1)
        #expect(filter.admit(site, now: 5 + 100 * RepetitionFilter.interval) == 0)
    }

    @Test func `copies of a logger share what they hold back`() {
        let logger = logger(.debug)
        let copy = logger
        for index in 0..<200 { (index % 2 == 0 ? logger : copy).warning("flood") }
        #expect((50...60).contains(lines.bytes.count))
        for _ in 0..<200 { logger.debug("all of them") }
        #expect(lines.bytes.count >= 250)
    }
}
