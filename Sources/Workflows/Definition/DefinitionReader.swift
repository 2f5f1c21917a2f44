package import JSONRPC

/// One thing that is wrong with a workflow definition.
package struct DefinitionProblem: Error, Hashable, Sendable {
    /// A JSON Pointer into the definition.
    package var path: String
    package var reason: String
}

/// Everything that was found wrong with a definition.
package struct DefinitionProblems: Error, Sendable {
    package var problems: [DefinitionProblem]
}

extension WorkflowDefinition {
    /// The most states that all machines of a definition may have together.
    package static let maximumStates = 1_000
    /// How deep machines may lie in one another.
    static let maximumDepth = 6
    /// How deep the values of a definition may lie in one another: it is kept within other values.
    static let maximumValueDepth = 48

    /// Reads a definition and checks all that can be known before it runs.
    ///
    /// - Throws: All that is wrong, each with its place.
    package init(_ source: JSONValue) throws(DefinitionProblems) {
        var reader = DefinitionReader()
        self = reader.definition(source)
        guard reader.problems.isEmpty else {
            throw DefinitionProblems(problems: reader.problems)
        }
    }
}

/// Reads a definition and notes what is wrong; what it makes of wrong parts is not used.
struct DefinitionReader {
    private(set) var problems: [DefinitionProblem] = []
    var stateCount = 0

    mutating func report(_ path: String, _ reason: String) {
        // More would help nobody.
        if problems.count < 50 { problems.append(DefinitionProblem(path: path, reason: reason)) }
    }

    fileprivate mutating func definition(_ source: JSONValue) -> WorkflowDefinition {
        guard let object = source.objectValue else {
            report("", "must be an object")
            return WorkflowDefinition(
                source: source,
                comment: nil,
                budget: WorkflowBudget(),
                machine: StateMachine()
            )
        }
        allowOnly(
            [
                "Comment", "StartAt", "States", "TimeoutSeconds", "Version", "QueryLanguage",
                "Budget",
            ],
            in: object,
            ""
        )
        if let language = object["QueryLanguage"], language != "JSONPath" {
            report("/QueryLanguage", "must be JSONPath: no other form is supported")
        }
        if let version = object["Version"], version != "1.0" {
            report("/Version", "must be \"1.0\"")
        }
        var budget = self.budget(object["Budget"])
        budget.seconds = positive(object["TimeoutSeconds"], "/TimeoutSeconds")
        return WorkflowDefinition(
            source: source,
            comment: string(object["Comment"], "/Comment"),
            budget: budget,
            machine: machine(object, "", depth: 1)
        )
    }

    private mutating func budget(_ value: JSONValue?) -> WorkflowBudget {
        guard let value else { return WorkflowBudget() }
        guard let object = value.objectValue else {
            report("/Budget", "must be an object with Steps and Tokens")
            return WorkflowBudget()
        }
        allowOnly(["Steps", "Tokens"], in: object, "/Budget")
        return WorkflowBudget(
            steps: positive(object["Steps"], "/Budget/Steps"),
            tokens: positive(object["Tokens"], "/Budget/Tokens")
        )
    }

    /// A machine and its states, and whether they lead to one another as they should.
    mutating func machine(_ object: JSONObject, _ path: String, depth: Int) -> StateMachine {
        guard depth <= WorkflowDefinition.maximumDepth else {
            report(path, "lies more than \(WorkflowDefinition.maximumDepth) machines deep")
            return StateMachine()
        }
        var machine = StateMachine()
        guard let states = object["States"]?.objectValue, !states.isEmpty else {
            report("\(path)/States", "must be an object with at least one state")
            return machine
        }
        stateCount += states.count
        guard stateCount <= WorkflowDefinition.maximumStates else {
            report("\(path)/States", "has more than \(WorkflowDefinition.maximumStates) states")
            return machine
        }
        for member in states.members {
            let place = "\(path)/States/\(member.name.asPointerToken)"
            if member.name.count > 80 { report(place, "has a name of more than 80 characters") }
            machine.states[member.name] = state(member.value, place, depth: depth)
        }
        if let start = string(object["StartAt"], "\(path)/StartAt", isRequired: true) {
            machine.start = start
            if states[start] == nil { report("\(path)/StartAt", Self.missing(start)) }
        }
        checkTransitions(machine, states, path)
        return machine
    }

    static func missing(_ name: String) -> String {
        "there is no state called '\(name.prefix(80))'"
    }
}

extension DefinitionReader {
    mutating func allowOnly(_ names: Set<String>, in object: JSONObject, _ path: String) {
        for member in object.members where !names.contains(member.name) {
            report("\(path)/\(member.name.asPointerToken)", "is not known here")
        }
    }

    mutating func string(_ value: JSONValue?, _ path: String, isRequired: Bool = false) -> String? {
        if let text = value?.stringValue { return text }
        if value != nil || isRequired { report(path, "must be a string") }
        return nil
    }

    mutating func positive(_ value: JSONValue?, _ path: String) -> Int? {
        integer(value, path, in: 1...99_999_999)
    }

    mutating func integer(_ value: JSONValue?, _ path: String, in range: ClosedRange<Int>) -> Int? {
        guard let value else { return nil }
        guard let number = value.intValue, range.contains(number) else {
            report(
                path,
                "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
            return nil
        }
        return number
    }

    /// A path; a `null`, where it is allowed, is `nil`.
    mutating func path(_ value: JSONValue?, _ place: String) -> DataPath? {
        guard let value else { return .root }
        if value.isNull { return nil }
        return requiredPath(value, place)
    }

    mutating func requiredPath(_ value: JSONValue?, _ place: String) -> DataPath? {
        guard let text = string(value, place, isRequired: true) else { return nil }
        do throws(WorkflowProblem) {
            return try DataPath(text)
        } catch {
            report(place, error.description)
            return nil
        }
    }

    mutating func resultPlace(_ value: JSONValue?, _ place: String) -> ResultPlace {
        guard let value else { return .whole }
        if value.isNull { return .discarded }
        guard let text = string(value, place) else { return .whole }
        if text == "$" { return .whole }
        do throws(WorkflowProblem) {
            return .at(try ReferencePath(text))
        } catch {
            report(place, error.description)
            return .whole
        }
    }

    mutating func template(_ value: JSONValue?, _ place: String) -> PayloadTemplate? {
        guard let value else { return nil }
        var found: [DefinitionProblem] = []
        let template = PayloadTemplate(value) { path, reason in
            found.append(DefinitionProblem(path: place + path, reason: reason))
        }
        for problem in found { report(problem.path, problem.reason) }
        return template
    }

    /// `NAME` or `NAMEPath`, one of both.
    mutating func number(
        _ object: JSONObject,
        _ name: String,
        _ place: String,
        in range: ClosedRange<Int> = 0...99_999_999
    ) -> NumberSource? {
        guard let path = object["\(name)Path"] else {
            return integer(object[name], "\(place)/\(name)", in: range).map(NumberSource.constant)
        }
        if object[name] != nil { report("\(place)/\(name)Path", "is given beside \(name)") }
        return requiredPath(path, "\(place)/\(name)Path").map(NumberSource.path)
    }

    /// `NAME` or `NAMEPath`, one of both.
    mutating func text(_ object: JSONObject, _ name: String, _ place: String) -> TextSource? {
        guard let path = object["\(name)Path"] else {
            return string(object[name], "\(place)/\(name)").map(TextSource.constant)
        }
        if object[name] != nil { report("\(place)/\(name)Path", "is given beside \(name)") }
        let place = "\(place)/\(name)Path"
        guard let text = string(path, place) else { return nil }
        if text.hasPrefix("$") { return requiredPath(path, place).map(TextSource.path) }
        do throws(WorkflowProblem) {
            return .call(try Intrinsic(text))
        } catch {
            report(place, error.description)
            return nil
        }
    }
}
