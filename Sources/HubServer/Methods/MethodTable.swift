import JSONSchema

/// All methods, in the order of protocol.md; found by the bytes of their names.
struct MethodTable: Sendable {
    let methods: [Method]
    /// Indexes of methods by the length of their names.
    private let byLength: [[Int]]

    init() throws(SchemaDefinitionError) {
        methods =
            try Self.sessionMethods() + Self.authMethods() + Self.hubMethods() + Self.agentMethods()
            + Self.taskMethods() + Self.workerMethods() + Self.workflowMethods()
            + Self.scheduleMethods() + Self.userMethods() + Self.keyMethods()
            + Self.integrationMethods() + Self.analyticsMethods() + Self.systemMethods()
        var byLength: [[Int]] = []
        for (index, method) in methods.enumerated() {
            let length = method.name.utf8.count
            while byLength.count <= length { byLength.append([]) }
            byLength[length].append(index)
        }
        self.byLength = byLength
    }

    /// The index of the method called `name`.
    func index(of name: Span<UInt8>) -> Int? {
        guard name.count < byLength.count else { return nil }
        return byLength[name.count].first { index in
            var position = 0
            for byte in methods[index].name.utf8 {
                guard byte == name[position] else { return false }
                position += 1
            }
            return true
        }
    }
}
