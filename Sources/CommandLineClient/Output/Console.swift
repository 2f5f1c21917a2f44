import EventLoops
import JSONRPC

/// The program's standard output and error, with what they can show.
///
/// Results go to the output and everything else to the error stream, so that a pipe gets the
/// results only.
final class Console {
    let printsJSON: Bool
    private let outputTerminal: Terminal?
    private let errorTerminal: Terminal?
    private let allowsColours: Bool
    /// Lines that are not written yet.
    private var pending = ""
    /// Whether a line that is going to be replaced stands on the error stream.
    private var hasStatusLine = false

    init(printsJSON: Bool) {
        self.printsJSON = printsJSON
        outputTerminal = Terminal.output
        errorTerminal = Terminal.error
        // https://no-color.org: set to anything but the empty string.
        let refusal = EnvironmentVariable("NO_COLOR").value ?? ""
        allowsColours = refusal.isEmpty && EnvironmentVariable("TERM").value != "dumb"
    }

    /// The style of standard output, at its present width.
    var style: TextStyle { style(of: outputTerminal) }
    var errorStyle: TextStyle { style(of: errorTerminal) }

    private func style(of terminal: Terminal?) -> TextStyle {
        guard let terminal else { return .plain }
        return TextStyle(usesColours: allowsColours, columns: terminal.columns)
    }

    /// Prints a line of the result; it is written with the next ``flush()`` at the latest.
    func print(_ line: String) throws(ClientFailure) {
        pending += line
        pending += "\n"
        if pending.utf8.count >= 64 << 10 { try flush() }
    }

    /// Prints a value as the reader wants it: over several lines for people, else on one.
    func print(_ value: JSONValue) throws(ClientFailure) {
        let isForPeople = outputTerminal != nil && !printsJSON
        try print(isForPeople ? value.pretty(style) : value.line)
    }

    /// Prints text that has its own line ends.
    func print(text: String) throws(ClientFailure) {
        pending += text
    }

    func flush() throws(ClientFailure) {
        guard !pending.isEmpty else { return }
        if outputTerminal != nil { clearStatus() }
        do throws(SystemError) {
            try StandardOutput.write(pending)
        } catch {
            throw .output(error)
        }
        pending.removeAll(keepingCapacity: true)
    }

    /// Says something about the program's work, on the error stream.
    func note(_ text: String, _ colour: TextStyle.Colour? = nil) {
        clearStatus()
        let line = "omnihub: " + PrintableText.escaped(text)
        write(errorStyle.paint(line, colour) + "\n")
    }

    /// Adds a line to a note.
    func detail(_ text: String) {
        write(PrintableText.escaped(text) + "\n")
    }

    /// Shows a line for people that the next one replaces; nothing unless there is a terminal.
    func showStatus(_ line: String) {
        guard errorTerminal != nil else { return }
        write("\r\(line)\u{1B}[K")
        hasStatusLine = true
    }

    /// Shows a line like ``showStatus(_:)`` and leaves it there.
    func showFinalStatus(_ line: String) {
        showStatus(line)
        if hasStatusLine { write("\n") }
        hasStatusLine = false
    }

    func clearStatus() {
        guard hasStatusLine else { return }
        write("\r\u{1B}[K")
        hasStatusLine = false
    }

    private func write(_ text: String) {
        StandardError.write(Array(text.utf8))
    }
}
