/// The inline parts of a Markdown text as HTML.
///
/// After CommonMark 0.31, chapter 6: backslash escapes, code spans, emphasis, links and images
/// with their targets in brackets, autolinks and hard breaks. Addresses are of `http`, `https`,
/// `mailto`, `tel` or relative; a link elsewhere is text. Everything is bounded so that the cost is
/// linear: open brackets, open emphasis and the length of a target.
struct MarkdownInlines {
    private struct Piece {
        var html = ""
        /// Whether a reader sees something of it.
        var isVisible = false
        var run: Run?
        var bracket: Bracket?
    }

    /// `*` or `_` characters in a row.
    private struct Run {
        var sign: Unicode.Scalar
        var left: Int
        var opening: [String] = []
        var closing: [String] = []
    }

    private struct Bracket {
        var isImage: Bool
        var isActive = true
    }

    private static let openLimit = 64
    private static let targetLimit = 2_000
    /// Brackets within a target that are open at once.
    private static let nestingLimit = 8

    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var pieces: [Piece] = []
    /// Numbers of pieces that are open brackets, and open runs.
    private var brackets: [Int] = []
    private var runs: [Int] = []
    /// No `)` stands between here and the index.
    private var nextClosing = 0
    /// Lengths of backtick runs that nothing closes any more.
    private var unclosed: Set<Int> = []

    private init(_ text: String) { scalars = Array(text.unicodeScalars) }

    /// - Returns: HTML that may stand in a paragraph.
    static func html(_ text: String) -> String {
        var parser = MarkdownInlines(text)
        parser.parse()
        return parser.render(from: 0).html
    }

    private mutating func parse() {
        while index < scalars.count {
            let scalar = scalars[index]
            switch scalar {
            case "\\": escape()
            case "`": code()
            case "*", "_": run(scalar)
            case "!" where at(1) == "[": open(isImage: true)
            case "[": open(isImage: false)
            case "]": close()
            case "<": autolink()
            case "&": reference()
            case "\n": lineBreak()
            default:
                add(scalar)
                index += 1
            }
        }
    }

    private func at(_ offset: Int) -> Unicode.Scalar? {
        scalars.indices.contains(index + offset) ? scalars[index + offset] : nil
    }

    // MARK: Text

    private mutating func add(_ scalar: Unicode.Scalar) {
        let html = HTMLText.escaped(String(scalar))
        let isVisible = !scalar.properties.isWhitespace
        if let last = pieces.indices.last, pieces[last].run == nil, pieces[last].bracket == nil {
            pieces[last].html += html
            pieces[last].isVisible = pieces[last].isVisible || isVisible
        } else {
            pieces.append(Piece(html: html, isVisible: isVisible))
        }
    }

    private mutating func escape() {
        if at(1) == "\n" {
            pieces.append(Piece(html: "<br>\n"))
            index += 2
        } else if let next = at(1), next.isASCII, !next.isLetterOrDigit, next != " " {
            add(next)
            index += 2
        } else {
            add("\\")
            index += 1
        }
    }

    private mutating func lineBreak() {
        let isHard = index >= 2 && scalars[index - 1] == " " && scalars[index - 2] == " "
        if let last = pieces.indices.last {
            while pieces[last].html.last == " " { pieces[last].html.removeLast() }
        }
        pieces.append(Piece(html: isHard ? "<br>\n" : "\n"))
        index += 1
    }

    /// The references of which people make use; an unknown one is text.
    private static let named: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}",
        "copy": "©", "reg": "®", "trade": "™", "mdash": "—", "ndash": "–", "hellip": "…",
        "euro": "€", "pound": "£", "times": "×", "larr": "←", "rarr": "→",
    ]

    private mutating func reference() {
        let end = (1...10).first { at($0) == ";" }
        guard let end else {
            add("&")
            index += 1
            return
        }
        let body = String(String.UnicodeScalarView(scalars[index + 1..<index + end]))
        var scalar = Self.named[body]
        if body.hasPrefix("#x") || body.hasPrefix("#X") {
            scalar = UInt32(body.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
        } else if body.hasPrefix("#") {
            scalar = UInt32(body.dropFirst()).flatMap(Unicode.Scalar.init)
        }
        if let scalar, HTMLText.isAllowed(scalar) {
            add(scalar)
            index += end + 1
        } else {
            add("&")
            index += 1
        }
    }

    private mutating func code() {
        let length = scalars[index...].prefix { $0 == "`" }.count
        if !unclosed.contains(length), let end = closingTicks(length) {
            var text = Array(scalars[index + length..<end]).map { $0 == "\n" ? " " : $0 }
            if text.first == " ", text.last == " ", text.contains(where: { $0 != " " }) {
                text = Array(text.dropFirst().dropLast())
            }
            let html = HTMLText.escaped(String(String.UnicodeScalarView(text)))
            pieces.append(Piece(html: "<code>\(html)</code>", isVisible: true))
            index = end + length
        } else {
            unclosed.insert(length)
            for _ in 0..<length { add("`") }
            index += length
        }
    }

    private func closingTicks(_ length: Int) -> Int? {
        var position = index + length
        while position < scalars.count {
            guard scalars[position] == "`" else {
                position += 1
                continue
            }
            let found = scalars[position...].prefix { $0 == "`" }.count
            if found == length { return position }
            position += found
        }
        return nil
    }

    private mutating func autolink() {
        let limit = min(scalars.count, index + Self.targetLimit)
        let body = scalars[(index + 1)..<limit].prefix { $0 != ">" && $0 != "<" && $0 > " " }
        let target = String(String.UnicodeScalarView(body))
        let isMail = TextScan(target).mailAddress
        let isClosed = body.endIndex < limit && scalars[body.endIndex] == ">"
        guard isClosed, isMail || target.contains(":"),
            let address = Self.address(isMail ? "mailto:\(target)" : target)
        else {
            add("<")
            index += 1
            return
        }
        let text = HTMLText.escaped(target)
        pieces.append(Piece(html: "<a href=\"\(address)\">\(text)</a>", isVisible: true))
        index = body.endIndex + 1
    }

    // MARK: Emphasis

    private mutating func run(_ sign: Unicode.Scalar) {
        let length = scalars[index...].prefix { $0 == sign }.count
        let before = index > 0 ? scalars[index - 1] : " "
        let after = at(length) ?? " "
        index += length
        func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }
        func isSign(_ scalar: Unicode.Scalar) -> Bool {
            !isSpace(scalar) && !scalar.isLetterOrDigit
        }
        let leftFlanking =
            !isSpace(after) && (!isSign(after) || isSpace(before) || isSign(before))
        let rightFlanking =
            !isSpace(before) && (!isSign(before) || isSpace(after) || isSign(after))
        let canOpen = leftFlanking && (sign == "*" || !rightFlanking || isSign(before))
        let canClose = rightFlanking && (sign == "*" || !leftFlanking || isSign(after))
        pieces.append(Piece(isVisible: true, run: Run(sign: sign, left: length)))
        let own = pieces.count - 1
        if canClose { closeRuns(own) }
        if canOpen, pieces[own].run.map({ $0.left > 0 }) == true, runs.count < Self.openLimit {
            runs.append(own)
        }
    }

    /// Matches a run with those before it that are open; the ones between are text.
    private mutating func closeRuns(_ own: Int) {
        let floor = brackets.last ?? -1
        while var closer = pieces[own].run, closer.left > 0,
            let place = runs.lastIndex(where: {
                $0 > floor && pieces[$0].run?.sign == closer.sign
            }), var opener = pieces[runs[place]].run
        {
            let count = min(2, opener.left, closer.left)
            let tag = count == 2 ? "strong" : "em"
            opener.left -= count
            closer.left -= count
            opener.opening.insert("<\(tag)>", at: 0)
            closer.closing.append("</\(tag)>")
            pieces[runs[place]].run = opener
            pieces[own].run = closer
            runs.removeSubrange((opener.left > 0 ? place + 1 : place)...)
        }
    }

    // MARK: Links and images

    private mutating func open(isImage: Bool) {
        pieces.append(Piece(isVisible: true, bracket: Bracket(isImage: isImage)))
        if brackets.count < Self.openLimit {
            brackets.append(pieces.count - 1)
        } else {
            pieces[pieces.count - 1].bracket?.isActive = false
        }
        index += isImage ? 2 : 1
    }

    private mutating func close() {
        index += 1
        guard let opening = brackets.popLast(), let bracket = pieces[opening].bracket else {
            add("]")
            return
        }
        guard bracket.isActive, at(0) == "(", let (target, title, end) = target() else {
            pieces[opening].bracket?.isActive = false
            add("]")
            return
        }
        runs.removeAll { $0 > opening }
        let inner = render(from: opening + 1)
        pieces.removeSubrange(opening...)
        index = end
        let extra = title.isEmpty ? "" : " title=\"\(HTMLText.attribute(title))\""
        guard let address = Self.address(target) else {
            pieces.append(Piece(html: inner.html, isVisible: inner.isVisible))
            return
        }
        if bracket.isImage {
            let alternative = Self.plain(inner.html)
            pieces.append(
                Piece(
                    html: "<img src=\"\(address)\" alt=\"\(alternative)\"\(extra)>",
                    isVisible: inner.isVisible
                )
            )
        } else {
            // A link without a name cannot be followed by everybody.
            let text = inner.isVisible ? inner.html : inner.html + HTMLText.escaped(target)
            pieces.append(
                Piece(html: "<a href=\"\(address)\"\(extra)>\(text)</a>", isVisible: true)
            )
            // Links do not contain links.
            for outer in brackets where pieces[outer].bracket?.isImage == false {
                pieces[outer].bracket?.isActive = false
            }
        }
    }

    /// `(target "title")` from here on.
    private mutating func target() -> (target: String, title: String, end: Int)? {
        let limit = min(scalars.count, index + Self.targetLimit)
        // Where no bracket closes, nothing is looked for.
        nextClosing = max(nextClosing, index)
        while nextClosing < limit, scalars[nextClosing] != ")" { nextClosing += 1 }
        guard nextClosing < limit else { return nil }
        var position = index + 1
        func skipSpaces() {
            while position < limit, scalars[position].properties.isWhitespace { position += 1 }
        }
        skipSpaces()
        let start = position
        var depth = 0
        while position < limit, !scalars[position].properties.isWhitespace {
            if scalars[position] == "(" {
                depth += 1
                guard depth <= Self.nestingLimit else { return nil }
            }
            if scalars[position] == ")" {
                if depth == 0 { break }
                depth -= 1
            }
            position += 1
        }
        var address = scalars[start..<min(position, limit)]
        if address.first == "<", address.last == ">" { address = address.dropFirst().dropLast() }
        skipSpaces()
        var title = ""
        if position < limit, scalars[position] == "\"" {
            let end = scalars[(position + 1)..<limit].firstIndex(of: "\"")
            guard let end else { return nil }
            title = String(String.UnicodeScalarView(scalars[position + 1..<end]))
            position = end + 1
            skipSpaces()
        }
        guard position < limit, scalars[position] == ")" else { return nil }
        return (String(String.UnicodeScalarView(address)), title, position + 1)
    }

    /// An address for an attribute; `nil` for schemes that do not belong into a page.
    static func address(_ target: String) -> String? {
        let scheme = target.prefix { $0 != ":" && $0 != "/" && $0 != "?" && $0 != "#" }
        let hasScheme = scheme.count < target.count && target.dropFirst(scheme.count).first == ":"
        guard !hasScheme || ["http", "https", "mailto", "tel"].contains(scheme.lowercased()) else {
            return nil
        }
        var encoded = ""
        for byte in target.utf8 {
            let scalar = Unicode.Scalar(byte)
            if byte < 0x80, TextScan.isAlphanumeric(scalar) || addressSigns.contains(byte) {
                encoded.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return HTMLText.attribute(encoded)
    }

    private static let addressSigns = Set("-._~:/?#@!$&'()*+,;=%".utf8)

    /// HTML without its tags, for an attribute.
    private static func plain(_ html: String) -> String {
        var result = ""
        var isTag = false
        for character in html {
            if character == "<" {
                isTag = true
            } else if character == ">" {
                isTag = false
            } else if !isTag {
                result.append(character == "\"" ? "'" : character == "\n" ? " " : character)
            }
        }
        return result
    }

    private func render(from start: Int) -> (html: String, isVisible: Bool) {
        var html = ""
        var isVisible = false
        for piece in pieces[start...] {
            isVisible = isVisible || piece.isVisible
            if let run = piece.run {
                html += run.closing.joined() + String(repeating: String(run.sign), count: run.left)
                html += run.opening.joined()
            } else if let bracket = piece.bracket {
                html += bracket.isImage ? "![" : "["
            } else {
                html += piece.html
            }
        }
        return (html, isVisible)
    }
}

extension TextScan {
    /// Whether the whole text is an address of e-mail.
    var mailAddress: Bool {
        guard let sign = scalars.lastIndex(of: "@") else { return false }
        return EmailAddress.finding(self, at: sign)?.range == 0..<scalars.count
    }
}
