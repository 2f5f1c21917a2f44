// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// Targets that read bytes of strangers: every unsafe construct in them is spelled out.
let memorySafe: [SwiftSetting] = [.strictMemorySafety()]

let package = Package(
    name: "omnihub",
    platforms: [.macOS(.v15)],
    targets: [
        .systemLibrary(
            name: "COpenSSL",
            pkgConfig: "openssl",
            providers: [.apt(["libssl-dev"])]
        ),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CLinux"),

        .target(name: "ByteBuffers", swiftSettings: memorySafe),
        .target(name: "JSONRPC", swiftSettings: memorySafe),
        .target(name: "JSONSchema", dependencies: ["JSONRPC"], swiftSettings: memorySafe),
        .target(name: "HTTPProtocol", dependencies: ["ByteBuffers"], swiftSettings: memorySafe),
        .target(
            name: "WebSocketProtocol",
            dependencies: ["HTTPProtocol", "ByteBuffers", "COpenSSL", "CZlib"],
            swiftSettings: memorySafe
        ),
        .target(
            name: "Identity",
            dependencies: ["COpenSSL", "JSONRPC"],
            swiftSettings: memorySafe
        ),
        .target(name: "HubCore", dependencies: ["ByteBuffers"], swiftSettings: memorySafe),
        .target(name: "EventLoops", dependencies: ["ByteBuffers", "CLinux", "COpenSSL"]),
        .target(
            name: "Transport",
            dependencies: ["EventLoops", "HTTPProtocol", "WebSocketProtocol"]
        ),
        .target(name: "Analytics", swiftSettings: memorySafe),
        .target(name: "Journal", dependencies: ["ByteBuffers", "CLinux", "CZlib"]),
        .target(
            name: "AgentRuntime",
            dependencies: [
                "Analytics", "COpenSSL", "HubCore", "Identity", "JSONRPC", "JSONSchema", "Journal",
                "Schedules", "Workflows",
            ]
        ),
        .target(name: "Outbound", dependencies: ["EventLoops", "HTTPProtocol"]),
        .target(
            name: "Providers",
            dependencies: ["HTTPProtocol", "JSONRPC", "Outbound"],
            swiftSettings: memorySafe
        ),
        .target(
            name: "Integrations",
            dependencies: ["COpenSSL", "JSONRPC", "JSONSchema"],
            swiftSettings: memorySafe
        ),
        .target(name: "Schedules", swiftSettings: memorySafe),
        .target(
            name: "Workflows",
            dependencies: ["JSONRPC", "COpenSSL"],
            swiftSettings: memorySafe
        ),
        .target(
            name: "Agents",
            dependencies: ["AgentRuntime", "JSONRPC"],
            swiftSettings: memorySafe
        ),
        .target(
            name: "HubServer",
            dependencies: [
                "AgentRuntime", "Agents", "Analytics", "EventLoops", "HTTPProtocol", "HubCore",
                "Identity", "Integrations", "JSONRPC", "JSONSchema", "Journal", "Outbound",
                "Providers",
                "Transport", "WebSocketProtocol", "Workflows",
            ]
        ),
        .target(
            name: "CommandLineClient",
            dependencies: ["EventLoops", "HTTPProtocol", "JSONRPC", "WebSocketProtocol"]
        ),
        .executableTarget(name: "omnihub", dependencies: ["CommandLineClient"]),
        .executableTarget(name: "omnihubd", dependencies: ["EventLoops", "HubServer"]),
        .executableTarget(
            name: "omnihub-echo",
            dependencies: ["EventLoops", "HTTPProtocol", "Transport", "WebSocketProtocol"]
        ),
        .executableTarget(
            name: "omnihub-bench",
            dependencies: [
                "AgentRuntime", "CLinux", "EventLoops", "HTTPProtocol", "HubCore", "Identity",
                "JSONRPC", "Journal", "WebSocketProtocol",
            ]
        ),

        .target(name: "CSimulation", path: "Tests/Simulation/CSimulation"),
        .executableTarget(
            name: "omnihub-sim",
            dependencies: [
                "AgentRuntime", "CSimulation", "EventLoops", "HTTPProtocol", "HubCore", "HubServer",
                "JSONRPC", "Journal", "WebSocketProtocol",
            ],
            path: "Tests/Simulation/omnihub-sim"
        ),

        .testTarget(
            name: "AgentRuntimeTests",
            dependencies: [
                "AgentRuntime", "Analytics", "HubCore", "Identity", "JSONRPC", "JSONSchema",
                "Journal",
            ]
        ),
        .testTarget(name: "AnalyticsTests", dependencies: ["Analytics"]),
        .testTarget(
            name: "AgentsTests",
            dependencies: ["AgentRuntime", "Agents", "JSONRPC", "JSONSchema"]
        ),
        .testTarget(name: "ByteBuffersTests", dependencies: ["ByteBuffers"]),
        .testTarget(
            name: "CommandLineClientTests",
            dependencies: [
                "CommandLineClient", "EventLoops", "HTTPProtocol", "JSONRPC", "WebSocketProtocol",
            ]
        ),
        .testTarget(name: "EventLoopsTests", dependencies: ["EventLoops"]),
        .testTarget(name: "HTTPProtocolTests", dependencies: ["HTTPProtocol"]),
        .testTarget(name: "HubCoreTests", dependencies: ["HubCore"]),
        .testTarget(
            name: "HubServerTests",
            dependencies: [
                "AgentRuntime", "EventLoops", "HTTPProtocol", "HubCore", "HubServer", "Identity",
                "JSONRPC", "Journal", "Transport", "WebSocketProtocol",
            ]
        ),
        .testTarget(name: "IdentityTests", dependencies: ["Identity", "JSONRPC"]),
        .testTarget(name: "IntegrationsTests", dependencies: ["Integrations", "JSONRPC"]),
        .testTarget(name: "JSONRPCTests", dependencies: ["JSONRPC"]),
        .testTarget(name: "JSONSchemaTests", dependencies: ["JSONRPC", "JSONSchema"]),
        .testTarget(name: "JournalTests", dependencies: ["ByteBuffers", "Journal"]),
        .testTarget(
            name: "OutboundTests",
            dependencies: ["EventLoops", "HTTPProtocol", "Outbound"]
        ),
        .testTarget(
            name: "ProvidersTests",
            dependencies: ["HTTPProtocol", "JSONRPC", "Outbound", "Providers"]
        ),
        .testTarget(name: "SchedulesTests", dependencies: ["Schedules"]),
        .testTarget(
            name: "TransportTests",
            dependencies: ["EventLoops", "HTTPProtocol", "Transport", "WebSocketProtocol"]
        ),
        .testTarget(
            name: "WebSocketProtocolTests",
            dependencies: ["HTTPProtocol", "WebSocketProtocol"]
        ),
        .testTarget(name: "WorkflowsTests", dependencies: ["JSONRPC", "Workflows"]),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = (target.swiftSettings ?? []) + strict
}
