package import EventLoops

extension HubConfiguration {
    /// Requests that the hub makes to others.
    package struct Outbound: Equatable, Sendable {
        package var allowedAddresses: [AddressRange] = []
        package var authorities = ""
        package var maxRequests = 64
        package var maxProviderRequests = 64
    }
}

// The keys of what the hub asks of others.

let outboundKeys: [ConfigurationKey] = [
    .list(
        "outbound.allowedAddresses",
        \.outbound.allowedAddresses,
        mayBeEmpty: true,
        "Private and local addresses that integrations may reach beside all public ones: ADDRESS "
            + "or ADDRESS/LENGTH."
    ) { (text) throws(ConfigurationKey.Refusal) in
        do throws(AddressError) {
            return try AddressRange(text)
        } catch {
            throw ConfigurationKey.Refusal(error.description.printable)
        }
    },
    .path(
        "outbound.authorities",
        \.outbound.authorities,
        "A PEM file of the authorities whose certificates are trusted in requests to others. "
            + "Empty: those of this machine."
    ),
    .integer(
        "outbound.maxRequests",
        \.outbound.maxRequests,
        1...1_024,
        .count,
        "Requests of integrations at the same time, each on a thread; further ones wait for a retry."
    ),
    .integer(
        "outbound.maxProviderRequests",
        \.outbound.maxProviderRequests,
        1...1_024,
        .count,
        "Requests to providers at the same time, each on a thread; further ones fail and the task "
            + "is retried."
    ),
    ProviderSettings.key,
]
