import Testing

@testable import HubServer

@Suite struct ConfigurationKeyTests {
    static let paths = HubConfiguration.keys.map(\.path)

    /// What the one key `path` says to `value` in a file.
    private static func problem(_ path: String, _ value: String) throws -> String? {
        var configuration = HubConfiguration()
        let groups = path.split(separator: ".")
        let text =
            groups.map { "{\($0): " }.joined() + value + groups.map { _ in "}" }.joined()
        do {
            try configuration.apply(file: "f", Array(text.utf8))
            return nil
        } catch {
            #expect(error.problems.count == 1)
            #expect(error.problems.first?.place == "f:1")
            #expect(error.problems.first?.name == path)
            #expect(error.status == .configuration)
            return error.problems.first?.reason
        }
    }

    private static func range(_ path: String) -> ClosedRange<Int>? {
        if case .integer(let range, _) = HubConfiguration.key(path)?.kind { range } else { nil }
    }

    static let integers = paths.filter { range($0) != nil }

    @Test(arguments: paths)
    func `a default is allowed and a value of another type is not`(path: String) throws {
        let key = try #require(HubConfiguration.key(path))
        var configuration = HubConfiguration()
        try key.store(key.value(in: configuration), &configuration)
        #expect(configuration == HubConfiguration())
        for value in ["null", "{}", "{a: 1}", "1.5", "NaN", "[1]", "'\u{1}?'"] {
            // A path may be any text.
            if key.kind == .text, value.hasPrefix("'") { continue }
            if key.kind == .table, value == "{}" { continue }
            let reason = try Self.problem(path, value)
            #expect(reason?.contains("expected") == true || reason?.contains("no ") == true)
            #expect(reason?.unicodeScalars.contains { $0.value < 0x20 } == false)
        }
    }

    @Test(arguments: integers)
    func `an integer is allowed from its least to its greatest`(path: String) throws {
        let range = try #require(Self.range(path))
        #expect(try Self.problem(path, "\(range.lowerBound)") == nil)
        #expect(try Self.problem(path, "\(range.upperBound)") == nil)
        #expect(
            try Self.problem(path, "\(range.lowerBound - 1)")
                == "\(range.lowerBound - 1) is below the minimum \(range.lowerBound)"
        )
        #expect(
            try Self.problem(path, "\(range.upperBound + 1)")
                == "\(range.upperBound + 1) is above the maximum \(range.upperBound)"
        )
        #expect(try Self.problem(path, "9223372036854775808")?.hasPrefix("expected") == true)
    }

    @Test(arguments: integers)
    func `an integer reaches a property of its own`(path: String) throws {
        let key = try #require(HubConfiguration.key(path))
        let range = try #require(Self.range(path))
        let initial = key.value(in: HubConfiguration())
        let other = initial == .integer(range.upperBound) ? range.lowerBound : range.upperBound
        var configuration = HubConfiguration()
        try key.store(.integer(other), &configuration)
        let changed = HubConfiguration.keys.filter {
            $0.value(in: configuration) != $0.value(in: HubConfiguration())
        }
        #expect(changed.map(\.path) == [path])
    }

    @Test(arguments: paths)
    func `a mistyped name is refused and the right one is named`(path: String) throws {
        let mistyped = path + "x"
        let reason = try Self.problem(mistyped, "1")
        #expect(reason == "there is no such key; did you mean '\(path)'?")
    }

    @Test(arguments: paths)
    func `a summary is one sentence`(path: String) throws {
        let key = try #require(HubConfiguration.key(path))
        #expect(key.summary.hasSuffix("."))
        #expect(key.summary.first?.isUppercase == true)
        #expect(!key.summary.contains("\n"))
    }

    @Test(arguments: [
        ("listen", "[]", "the list must not be empty"),
        ("listen", "['127.0.0.1']", "lacks a port"),
        ("listen", "['::1:7420']", "in brackets"),
        ("listen", "['example.org:80']", "not an IPv4 or IPv6 address"),
        ("origins", "['https://a.example/path']", "no origin"),
        ("origins", "['null']", "no origin"),
        ("hostNames", "['a b']", "no host name"),
        ("stateDirectory", #"'a\0b'"#, "no NUL"),
        ("log.level", "'loud'", "one of debug, info, notice, warning, error"),
        ("limits", "1", "expected an object"),
        ("runtime.crashLimits", "1", "did you mean 'runtime.crashLimit'"),
        ("maxBatch", "1", "did you mean 'limits.maxBatch'"),
        ("limts", "{}", "did you mean 'limits'"),
        ("somethingElse", "1", "there is no such key"),
    ])
    func `a value of the right type is judged further`(
        path: String,
        value: String,
        reason: String
    ) throws {
        #expect(try Self.problem(path, value)?.contains(reason) == true)
    }
}
