import Transport

/// A limit of what sessions may ask for, and of what that takes.
enum SessionLimit: Int, CaseIterable, Sendable {
    case commands
    case userCommands
    case userTasks
    case userPublications
    case keyCommands
    case keyTasks
    case keyPublications
    case addressCommands
    case pendingCommands
    case batch
    case subscriptions
    case authenticationTime
    case logins
    case queuedPasswords
    case channels
    case patterns
    case presenceMembers
    case channelMemory
    case pastReads
}

extension SessionLimit {
    /// The key of the configuration that sets it.
    var key: String {
        switch self {
        case .commands: "limits.commandsPerSecond"
        case .userCommands: "limits.userCommandsPerSecond"
        case .userTasks: "limits.userTasksPerSecond"
        case .userPublications: "limits.userPublicationsPerSecond"
        case .keyCommands: "limits.keyCommandsPerSecond"
        case .keyTasks: "limits.keyTasksPerSecond"
        case .keyPublications: "limits.keyPublicationsPerSecond"
        case .addressCommands: "limits.addressCommandsPerSecond"
        case .pendingCommands: "limits.maxPendingCommands"
        case .batch: "limits.maxBatch"
        case .subscriptions: "limits.maxSubscriptions"
        case .authenticationTime: "timeouts.authenticationMs"
        case .logins: "auth.loginsPerMinute"
        case .queuedPasswords: "auth.maxQueuedPasswords"
        case .channels: "channels.maximum"
        case .patterns: "channels.maxPatterns"
        case .presenceMembers: "channels.presenceMembers"
        case .channelMemory: "channels.memoryBytes"
        case .pastReads: "history.maxQueuedReads"
        }
    }
}

extension TransportLimit {
    /// The key of the configuration that sets it.
    var key: String {
        switch self {
        case .connections: "limits.maxConnections"
        case .connectionsPerAddress: "limits.maxConnectionsPerAddress"
        case .connectionRate: "limits.connectionsPerSecond"
        case .headerBytes: "limits.maxHeaderBytes"
        case .headerFields: "limits.maxHeaderFields"
        case .bodyBytes: "limits.maxBodyBytes"
        case .requestTime: "timeouts.requestMs"
        case .idleTime: "timeouts.idleMs"
        case .messageBytes: "limits.maxMessageBytes"
        case .messageTime: "timeouts.messageMs"
        case .controlFrames: "limits.controlFramesPerSecond"
        case .outboundBytes: "limits.maxOutboundBytes"
        case .writeTime: "timeouts.writeMs"
        case .pings: "timeouts.pingIntervalMs"
        case .closeTime: "timeouts.closeMs"
        }
    }
}
