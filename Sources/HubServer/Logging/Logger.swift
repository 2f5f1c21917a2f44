import EventLoops
import JSONRPC

/// Writes what happens to standard error, a line each, by one system call.
///
/// Copies share one rate limit per place that logs: of a flood the first lines are written, and the
/// next one that is written says how many were `suppressed`. A line below ``level`` costs one
/// comparison. Nothing secret belongs into it: no tokens, payloads, query strings.
///
/// ```swift
/// logger.warning("a client reads too slowly", ["session": session.id, "bytes": pending])
/// ```
package struct Logger: Sendable {
    package let level: LogLevel
    private let form: Form
    private let filter = RepetitionFilter()
    private let write: @Sendable ([UInt8]) -> Void

    package typealias Fields = KeyValuePairs<String, any CustomStringConvertible>

    package enum Form: Equatable, Sendable {
        case json
        case text(colored: Bool)
    }

    package init(
        level: LogLevel,
        form: Form,
        write: @escaping @Sendable ([UInt8]) -> Void = StandardError.write
    ) {
        self.level = level
        self.form = form
        self.write = write
    }

    /// Chooses the form by what standard error is; `NO_COLOR` turns colours off (no-color.org).
    package init(_ configuration: HubConfiguration.Log, environment: [String: String]) {
        let isTerminal = StandardError.isTerminal
        let isColored = isTerminal && environment["NO_COLOR", default: ""].isEmpty
        let form: Form =
            switch configuration.format {
            case .auto: isTerminal ? .text(colored: isColored) : .json
            case .text: .text(colored: isColored)
            case .json: .json
            }
        self.init(level: configuration.level, form: form)
    }

    package func debug(
        _ message: @autoclosure () -> String,
        _ fields: @autoclosure () -> Fields = [:],
        file: String = #fileID,
        line: UInt = #line
    ) {
        log(.debug, message(), fields(), file: file, line: line)
    }

    package func info(
        _ message: @autoclosure () -> String,
        _ fields: @autoclosure () -> Fields = [:],
        file: String = #fileID,
        line: UInt = #line
    ) {
        log(.info, message(), fields(), file: file, line: line)
    }

    package func notice(
        _ message: @autoclosure () -> String,
        _ fields: @autoclosure () -> Fields = [:],
        file: String = #fileID,
        line: UInt = #line
    ) {
        log(.notice, message(), fields(), file: file, line: line)
    }

    package func warning(
        _ message: @autoclosure () -> String,
        _ fields: @autoclosure () -> Fields = [:],
        file: String = #fileID,
        line: UInt = #line
    ) {
        log(.warning, message(), fields(), file: file, line: line)
    }

    package func error(
        _ message: @autoclosure () -> String,
        _ fields: @autoclosure () -> Fields = [:],
        file: String = #fileID,
        line: UInt = #line
    ) {
        log(.error, message(), fields(), file: file, line: line)
    }

    package func log(
        _ level: LogLevel,
        _ message: @autoclosure () -> String,
        _ fields: @autoclosure () -> Fields = [:],
        file: String = #fileID,
        line: UInt = #line
    ) {
        guard level >= self.level else { return }
        let site = RepetitionFilter.Site(file: file, line: line)
        // Who asks for debugging wants every line.
        let isLimited = level > .debug
        guard let suppressed = isLimited ? filter.admit(site, now: MonotonicClock.milliseconds) : 0
        else { return }
        var entry = LogLine(
            time: WallClock.milliseconds,
            level: level,
            message: message(),
            fields: fields()
        )
        if suppressed > 0 { entry.fields.append(("suppressed", .integer(suppressed))) }
        switch form {
        case .json: write(entry.json())
        case .text(let colored): write(entry.text(colored: colored))
        }
    }
}
