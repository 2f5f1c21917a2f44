import EventLoops

extension HubConfiguration.Limits {
    /// Counts what users do.
    var userRates: UserRates {
        UserRates(
            commands: .init(rate: userCommandsPerSecond, burst: userCommandBurst),
            tasks: .init(rate: userTasksPerSecond, burst: userTaskBurst),
            publications: .init(rate: userPublicationsPerSecond, burst: userPublicationBurst),
            maximumEntries: maxRateEntries
        )
    }

    /// Counts what is done with API keys.
    var keyRates: UserRates {
        UserRates(
            commands: .init(rate: keyCommandsPerSecond, burst: keyCommandBurst),
            tasks: .init(rate: keyTasksPerSecond, burst: keyTaskBurst),
            publications: .init(rate: keyPublicationsPerSecond, burst: keyPublicationBurst),
            maximumEntries: maxRateEntries
        )
    }

    /// Counts what is done from addresses.
    var addressRates: UserRates {
        UserRates(
            commands: .init(rate: addressCommandsPerSecond, burst: addressCommandBurst),
            maximumEntries: maxRateEntries
        )
    }

    /// By what the rate of an address is counted; `nil` for a Unix socket and for addresses
    /// without a limit.
    func rateSubject(of address: InternetAddress?) -> String? {
        guard addressCommandsPerSecond > 0, let address,
            !exemptAddresses.contains(where: { $0.contains(address) })
        else { return nil }
        // One site of IPv6 has a /64 at least (RFC 6177), and a single machine can use all of it.
        if let bytes = address.ipv4Bytes { return "\(bytes)" }
        return "\(address.bytes.prefix(8))"
    }
}
