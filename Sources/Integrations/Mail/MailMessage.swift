/// A message as it goes to a mail server (RFC 5322, RFC 2045, RFC 2047).
package struct MailMessage: Equatable, Sendable {
    package var from: String
    package var to: [String]
    package var subject: String
    package var text: String
    /// Named by its `Message-ID`, such as `<id@host>`.
    package var id: String
    /// Seconds since 1970.
    package var date: Int64

    package init(
        from: String,
        to: [String],
        subject: String,
        text: String,
        id: String,
        date: Int64
    ) {
        self.from = from
        self.to = to
        self.subject = subject
        self.text = text
        self.id = id
        self.date = date
    }

    /// Whether a text is an address that can be put on a command line of SMTP: one `@`, visible
    /// ASCII, no brackets, quotes or separators.
    package static func isAddress(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, (1...64).contains(parts[0].count),
            (1...255).contains(parts[1].count)
        else { return false }
        return text.utf8.allSatisfy {
            $0 > 0x20 && $0 < 0x7F && !"<>()[]\\,;:\"".utf8.contains($0)
        }
    }

    /// The lines, each ended by CR LF; the text in base 64, so that no line is too long and none
    /// needs what 7 bits cannot carry.
    package var encoded: [UInt8] {
        let fields = [
            "Date: \(Self.dateText(date))",
            "From: <\(from)>",
            "To: \(to.map { "<\($0)>" }.joined(separator: ",\r\n "))",
            "Subject: \(Self.encodedWords(subject))",
            "Message-ID: \(id)",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: base64",
        ]
        var body = ""
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
            .joined(separator: "\r\n")
        var rest = Array(lines.utf8)[...]
        while !rest.isEmpty {
            body += Base64.encode(Array(rest.prefix(57))) + "\r\n"
            rest = rest.dropFirst(57)
        }
        return Array((fields.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
    }

    /// A text for a header: itself where it is short and plain, else encoded words (RFC 2047 §2).
    static func encodedWords(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
        if isPlain, text.utf8.count <= 60, !text.contains("=?") { return text }
        var words: [String] = []
        var bytes: [UInt8] = []
        // No character is cut: each word stands for itself.
        for character in text.unicodeScalars {
            let scalar = Array(String(character).utf8)
            if bytes.count + scalar.count > 45 {
                words.append("=?utf-8?B?\(Base64.encode(bytes))?=")
                bytes = []
            }
            bytes += scalar
        }
        words.append("=?utf-8?B?\(Base64.encode(bytes))?=")
        return words.joined(separator: "\r\n ")
    }

    /// `Thu, 26 Nov 2026 18:46:50 +0000` (RFC 5322 §3.3).
    static func dateText(_ seconds: Int64) -> String {
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        let second = Int(seconds) - days * 86_400
        // Days to a date of the Gregorian calendar (Hinnant, "chrono-Compatible Low-Level Date
        // Algorithms", 2013).
        let shifted = days + 719_468
        let era = Int((Double(shifted) / 146_097).rounded(.down))
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * ofYear + 2) / 153
        let day = ofYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        let weekday = names[((days + 4) % 7 + 7) % 7]
        let time = "\(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60))"
        return "\(weekday), \(two(day)) \(months[month - 1]) \(year) \(time) +0000"
    }
}
