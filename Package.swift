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
        .target(name: "HubCore", dependencies: ["ByteBuffers"], swiftSettings: memorySafe),
        .target(name: "EventLoops", dependencies: ["ByteBuffers", "CLinux"]),
        .target(
            name: "Transport",
            dependencies: ["EventLoops", "HTTPProtocol", "WebSocketProtocol"]
        ),
        .target(name: "Journal", dependencies: ["ByteBuffers", "JSONRPC"]),
        .target(name: "AgentRuntime", dependencies: ["HubCore", "JSONRPC", "JSONSchema", "Journal"]),
        .executableTarget(
            name: "omnihub-echo",
            dependencies: ["EventLoops", "HTTPProtocol", "Transport", "WebSocketProtocol"]
        ),
        .executableTarget(
            name: "omnihub-bench",
            dependencies: ["CLinux", "EventLoops", "HTTPProtocol", "JSONRPC", "WebSocketProtocol"]
        ),

        .testTarget(name: "HTTPProtocolTests", dependencies: ["HTTPProtocol"]),
        .testTarget(name: "JSONRPCTests", dependencies: ["JSONRPC"]),
        .testTarget(name: "JSONSchemaTests", dependencies: ["JSONRPC", "JSONSchema"]),
        .testTarget(
            name: "WebSocketProtocolTests",
            dependencies: ["WebSocketProtocol", "HTTPProtocol"]
        ),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = (target.swiftSettings ?? []) + strict
}
