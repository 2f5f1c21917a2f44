/// Words of a text, for counting and matching.
enum Words {
    /// The runs of letters and digits of the lower-cased text (general categories L and N).
    static func lowercased(in text: String) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        for scalar in text.lowercased().unicodeScalars {
            if scalar.isLetterOrDigit {
                word.append(scalar)
            } else if !word.isEmpty {
                words.append(String(word))
                word.removeAll(keepingCapacity: true)
            }
        }
        if !word.isEmpty { words.append(String(word)) }
        return words
    }
}
