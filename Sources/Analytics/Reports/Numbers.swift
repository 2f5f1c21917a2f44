extension Double {
    /// With so many digits (0…6) behind the point, rounded half away from zero.
    package func fixed(_ digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<min(max(digits, 0), 6) { scale *= 10 }
        let scaled = (magnitude * scale).rounded()
        guard scaled.isFinite, scaled < 1e18 else { return isFinite ? description : "" }
        let whole = UInt64(scaled)
        let sign = self < 0 && whole > 0 ? "-" : ""
        guard digits > 0 else { return "\(sign)\(whole)" }
        let (before, after) = whole.quotientAndRemainder(dividingBy: UInt64(scale))
        let fraction = String(after)
        let zeros = String(repeating: "0", count: min(digits, 6) - fraction.count)
        return "\(sign)\(before).\(zeros)\(fraction)"
    }

    /// As short as SVG allows: at most two digits behind the point.
    var coordinate: String {
        var text = fixed(2)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}

extension UInt64 {
    /// With a comma between groups of three digits.
    package var grouped: String {
        var text = ""
        for (place, digit) in String(self).reversed().enumerated() {
            if place > 0, place % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }
}

/// Steps of an axis that people like to read: 1, 2 or 5 times a power of ten.
struct AxisScale: Equatable {
    let step: Double
    let steps: Int

    /// From 0 to `maximum` in at most five steps, in whole numbers with `isWhole`.
    init(to maximum: Double, isWhole: Bool) {
        guard maximum > 0, maximum.isFinite else {
            step = 1
            steps = 1
            return
        }
        var power = isWhole ? 1.0 : 0.001
        while power * 10 * 5 < maximum { power *= 10 }
        let fitting = [1.0, 2, 5, 10].first { $0 * power * 5 >= maximum } ?? 10
        step = fitting * power
        steps = max(1, Int((maximum / step).rounded(.up)))
    }

    var top: Double { step * Double(steps) }
    var ticks: [Double] { (0...steps).map { Double($0) * step } }
}
