/// The way from a document's root to one of its values (RFC 6901), rendered when it is needed.
struct JSONPointer: Sendable {
    private enum Step: Sendable {
        case name(String)
        case index(Int)
    }

    private var steps: [Step] = []

    mutating func push(_ name: String) { steps.append(.name(name)) }
    mutating func push(_ index: Int) { steps.append(.index(index)) }
    mutating func pop() { steps.removeLast() }

    var depth: Int { steps.count }

    var text: String {
        var text = ""
        for step in steps {
            text += "/"
            switch step {
            case .index(let index): text += String(index)
            case .name(let name):
                for character in name.unicodeScalars {
                    switch character {
                    case "~": text += "~0"
                    case "/": text += "~1"
                    default: text.unicodeScalars.append(character)
                    }
                }
            }
        }
        return text
    }
}
