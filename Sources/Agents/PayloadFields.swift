import AgentRuntime
import JSONRPC

/// Reads the members of one object of a payload, with the path of each for what it refuses.
///
/// The schema has already been checked when a task runs, so the refusals here are for callers
/// that go without.
struct PayloadFields {
    let object: JSONObject
    /// JSON pointer to the object.
    let path: String

    init(_ value: JSONValue, path: String = "") throws(InvalidPayload) {
        guard let object = value.objectValue else {
            throw InvalidPayload(path, "must be an object")
        }
        self.object = object
        self.path = path
    }

    func has(_ name: String) -> Bool { object[name] != nil }

    func string(_ name: String) throws(InvalidPayload) -> String {
        guard let value = object[name]?.stringValue else { throw wrong(name, "a string") }
        return value
    }

    /// A finite number, or `fallback` when there is no such member.
    func number(_ name: String, default fallback: Double? = nil) throws(InvalidPayload) -> Double {
        guard let value = object[name] else {
            guard let fallback else { throw wrong(name, "given") }
            return fallback
        }
        guard let number = value.doubleValue, number.isFinite else {
            throw wrong(name, "a finite number")
        }
        return number
    }

    /// A number within `range`, or `fallback` when there is no such member.
    func number(
        _ name: String,
        in range: ClosedRange<Double>,
        default fallback: Double? = nil
    ) throws(InvalidPayload) -> Double {
        let number = try number(name, default: fallback)
        guard range.contains(number) else {
            throw wrong(name, "from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func integer(_ name: String, default fallback: Int? = nil) throws(InvalidPayload) -> Int {
        guard let value = object[name] else {
            guard let fallback else { throw wrong(name, "given") }
            return fallback
        }
        guard let integer = value.intValue else { throw wrong(name, "an integer") }
        return integer
    }

    func bool(_ name: String, default fallback: Bool) throws(InvalidPayload) -> Bool {
        guard let value = object[name] else { return fallback }
        guard let bool = value.boolValue else { throw wrong(name, "true or false") }
        return bool
    }

    /// One of the cases of `Choice`, or `fallback` when there is no such member.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        default fallback: Choice
    ) throws(InvalidPayload) -> Choice {
        guard let value = object[name] else { return fallback }
        guard let choice = value.stringValue.flatMap(Choice.init(rawValue:)) else {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw wrong(name, "one of \(names)")
        }
        return choice
    }

    func array(_ name: String) throws(InvalidPayload) -> [JSONValue] {
        guard let value = object[name]?.arrayValue else { throw wrong(name, "an array") }
        return value
    }

    /// The finite numbers of the array `name`.
    func numbers(_ name: String) throws(InvalidPayload) -> [Double] {
        var result: [Double] = []
        for (index, value) in try array(name).enumerated() {
            guard let number = value.doubleValue, number.isFinite else {
                throw InvalidPayload("\(path)/\(name)/\(index)", "must be a finite number")
            }
            result.append(number)
        }
        return result
    }

    func strings(_ name: String) throws(InvalidPayload) -> [String] {
        var result: [String] = []
        for (index, value) in try array(name).enumerated() {
            guard let text = value.stringValue else {
                throw InvalidPayload("\(path)/\(name)/\(index)", "must be a string")
            }
            result.append(text)
        }
        return result
    }

    func fields(_ name: String) throws(InvalidPayload) -> PayloadFields {
        guard let value = object[name] else { throw wrong(name, "an object") }
        return try PayloadFields(value, path: "\(path)/\(name)")
    }

    /// The objects of the array `name`.
    func objects(_ name: String) throws(InvalidPayload) -> [PayloadFields] {
        var result: [PayloadFields] = []
        for (index, value) in try array(name).enumerated() {
            result.append(try PayloadFields(value, path: "\(path)/\(name)/\(index)"))
        }
        return result
    }

    /// The array `name` of finite numbers, of a length in `count`.
    func numbers(_ name: String, _ count: ClosedRange<Int>) throws(InvalidPayload) -> [Double] {
        let values = try array(name)
        guard count.contains(values.count) else {
            throw wrong(name, "an array of \(count.lowerBound) to \(count.upperBound) numbers")
        }
        var numbers: [Double] = []
        numbers.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            guard let number = value.doubleValue, number.isFinite else {
                throw wrong("\(name)/\(index)", "a finite number")
            }
            numbers.append(number)
        }
        return numbers
    }

    /// A day, written as `YYYY-MM-DD` or as the date of an RFC 3339 date-time.
    func date(_ name: String) throws(InvalidPayload) -> CalendarDate {
        guard let date = CalendarDate(try string(name)) else {
            throw wrong(name, "a date as in 2026-12-31")
        }
        return date
    }

    func optionalDate(_ name: String) throws(InvalidPayload) -> CalendarDate? {
        has(name) ? try date(name) : nil
    }

    /// A moment, written as an RFC 3339 date-time.
    func moment(_ name: String) throws(InvalidPayload) -> Moment {
        guard let moment = Moment(try string(name)) else {
            throw wrong(name, "a date and time as in 2026-12-31T09:30:00Z")
        }
        return moment
    }

    /// The array `name` as a matrix of `rows` rows and `columns` columns of finite numbers.
    func matrix(
        _ name: String,
        rows: Int,
        columns: Int
    ) throws(InvalidPayload) -> [[Double]] {
        guard let value = object[name] else { throw wrong(name, "given") }
        return try Self.matrix(value, path: "\(path)/\(name)", rows: rows, columns: columns)
    }

    static func matrix(
        _ value: JSONValue,
        path: String,
        rows: Int,
        columns: Int
    ) throws(InvalidPayload) -> [[Double]] {
        guard let lines = value.arrayValue, lines.count == rows else {
            throw InvalidPayload(path, "must have \(rows) rows")
        }
        var result: [[Double]] = []
        for (index, line) in lines.enumerated() {
            guard let cells = line.arrayValue, cells.count == columns else {
                throw InvalidPayload("\(path)/\(index)", "must have \(columns) numbers")
            }
            let numbers = cells.compactMap(\.doubleValue).filter(\.isFinite)
            guard numbers.count == columns else {
                throw InvalidPayload("\(path)/\(index)", "must have only finite numbers")
            }
            result.append(numbers)
        }
        return result
    }

    /// A problem with the member `name`, which must be `what`.
    func wrong(_ name: String, _ what: String) -> InvalidPayload {
        InvalidPayload("\(path)/\(name)", "must be \(what)")
    }
}
