import Identity
import JSONRPC

extension MethodTable {
    /// The table as an OpenRPC 1.3 document.
    var openRPC: JSONValue {
        [
            "openrpc": "1.3.2",
            "info": [
                "title": "OmniHub", "version": .string(HubVersion.current),
                "description": "Commands of the hub, by JSON-RPC 2.0 over WebSocket.",
            ],
            "methods": .array(methods.map(\.openRPC)),
        ]
    }
}

extension Method {
    fileprivate var openRPC: JSONValue {
        let properties = params["properties"]?.objectValue?.members ?? []
        let required = params["required"]?.arrayValue ?? []
        return [
            "name": .string(name),
            "summary": .string(summary),
            "paramStructure": "by-name",
            "params": .array(
                properties.map { property in
                    [
                        "name": .string(property.name),
                        "required": .bool(required.contains(.string(property.name))),
                        "schema": property.value,
                    ]
                }
            ),
            "result": ["name": "result", "schema": [:]],
            "x-access": .string(access.rawValue),
        ]
    }
}
