extension PrometheusText {
    mutating func append(_ integrations: IntegrationHost) {
        let figures = integrations.figures
        single(
            "omnihub_integrations",
            .gauge,
            "Connections to the outside.",
            integrations.directory.all.count
        )
        single(
            "omnihub_integrations_left_alone",
            .gauge,
            "Connections whose service failed again and again.",
            integrations.openBreakers
        )
        let requests = "omnihub_integration_requests_total"
        metric(requests, .counter, "Requests of connections, by outcome.")
        sample(requests, ["outcome": "succeeded"], figures.succeeded)
        sample(requests, ["outcome": "failed"], figures.failed)
        sample(requests, ["outcome": "held"], figures.held)
        let events = "omnihub_webhook_events_total"
        metric(events, .counter, "Events for webhooks, by outcome.")
        sample(events, ["outcome": "delivered"], figures.delivered)
        sample(events, ["outcome": "retried"], figures.retried)
        sample(events, ["outcome": "deadLettered"], figures.deadLettered)
    }
}
