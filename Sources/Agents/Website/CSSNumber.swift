/// A number as CSS writes it: decimal digits, a point, a sign, an exponent.
///
/// Not what `Double` reads besides, such as `nan`, `inf` and hexadecimal.
struct CSSNumber {
    let value: Double

    init?(_ text: some StringProtocol) {
        let allowed = "0123456789+-.e"
        guard text.utf8.count <= 64, text.allSatisfy(allowed.contains),
            let value = Double(text), value.isFinite
        else { return nil }
        self.value = value
    }
}
