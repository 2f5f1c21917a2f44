import JSONSchema

/// All methods, in the order of protocol.md; found by the bytes of their names.
struct MethodTable: Sendable {
    let methods: [Method]
    private let names: [[UInt8]]
    /// A hash table with open addressing, at most half full: indexes of methods plus one, 0 for none.
    private let places: [UInt16]

    init() throws(SchemaDefinitionError) {
        methods =
            try Self.sessionMethods() + Self.authMethods() + Self.hubMethods() + Self.agentMethods()
            + Self.taskMethods() + Self.workerMethods() + Self.workflowMethods()
            + Self.scheduleMethods() + Self.userMethods() + Self.keyMethods()
            + Self.integrationMethods() + Self.analyticsMethods() + Self.systemMethods()
        names = methods.map { Array($0.name.utf8) }
        var size = 2
        while size < 2 * methods.count { size *= 2 }
        var places = [UInt16](repeating: 0, count: size)
        for (index, name) in names.enumerated() {
            var place = Self.hash(name.span) & (size - 1)
            while places[place] != 0 { place = (place + 1) & (size - 1) }
            places[place] = UInt16(index + 1)
        }
        self.places = places
    }

    /// The index of the method called `name`.
    func index(of name: Span<UInt8>) -> Int? {
        var place = Self.hash(name) & (places.count - 1)
        while places[place] != 0 {
            let index = Int(places[place]) - 1
            if Self.areEqual(names[index], name) { return index }
            place = (place + 1) & (places.count - 1)
        }
        return nil
    }

    /// FNV-1a, 32 bits: the names are ours, so nobody can choose them to collide.
    private static func hash(_ name: Span<UInt8>) -> Int {
        var hash: UInt32 = 0x811C_9DC5
        for index in name.indices { hash = (hash ^ UInt32(name[index])) &* 0x0100_0193 }
        return Int(hash)
    }

    private static func areEqual(_ one: [UInt8], _ other: Span<UInt8>) -> Bool {
        guard one.count == other.count else { return false }
        for index in one.indices where one[index] != other[index] { return false }
        return true
    }
}
