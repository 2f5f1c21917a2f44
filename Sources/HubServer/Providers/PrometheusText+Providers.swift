import AgentRuntime
import Outbound
import Providers

extension PrometheusText {
    /// Labels are the names in the configuration and the kinds of failures there are.
    mutating func append(providers: ConfiguredProviders?) {
        let figures = providers?.figures ?? []
        let requests = "omnihub_provider_requests_total"
        metric(requests, .counter, "Questions to providers of language models, by outcome.")
        for provider in figures {
            let name = provider.name
            sample(requests, ["provider": name, "outcome": "completed"], provider.completed)
            for kind in ProviderFigures.failures {
                sample(
                    requests,
                    ["provider": name, "outcome": kind.label],
                    provider.failed[kind] ?? 0
                )
            }
        }
        let tokens = "omnihub_provider_tokens_total"
        metric(tokens, .counter, "Tokens as providers count them.")
        for provider in figures {
            sample(tokens, ["provider": provider.name, "kind": "prompt"], provider.usage.prompt)
            sample(
                tokens,
                ["provider": provider.name, "kind": "completion"],
                provider.usage.completion
            )
        }
        single(
            "omnihub_provider_requests_under_way",
            .gauge,
            "Questions to providers that are not answered yet.",
            providers?.requestsUnderWay ?? 0
        )
    }
}

extension ProviderFailure.Kind {
    var label: String {
        switch self {
        case .rateLimited: "rateLimited"
        case .unavailable: "unavailable"
        case .refused: "refused"
        case .truncated: "truncated"
        case .malformed: "malformed"
        case .timeout: "timeout"
        case .cancelled: "cancelled"
        }
    }
}
