import WebSocketProtocol

/// Work for all twelve agents at once: a hundred tasks for each, in one write.
enum AgentRound {
    static let tasksPerAgent = 100

    /// One task of each agent: its type and payload.
    private static let tasks = [
        ("content.analyze", #"{"text":"Short words are best. Old words are best of all."}"#),
        ("lead.score", #"{"lead":{"budget":50000,"dealSize":20000,"need":0.8,"visits":12}}"#),
        (
            "kb.search",
            #"{"query":"reset password","documents":[{"id":"a","text":"How to reset a password"},"#
                + #"{"id":"b","text":"Billing and invoices"}],"limit":2}"#
        ),
        (
            "network.rank",
            #"{"edges":[["a","b"],["b","c"],["c","a"],["d","a"],["d","c"],["e","d"]]}"#
        ),
        ("sentiment.analyze", #"{"texts":["I love it, but it is not cheap!","Awful."]}"#),
        (
            "revenue.forecast",
            #"{"values":[10,12,14,11,13,15,12,14,16,13,15,17],"period":3,"horizon":6}"#
        ),
        (
            "competitor.compare",
            #"{"documents":[{"id":"us","text":"A durable event hub"},"#
                + #"{"id":"them","text":"An event hub with dashboards"}]}"#
        ),
        (
            "strategy.prioritize",
            #"{"items":[{"name":"a","reach":100,"impact":2,"confidence":0.8,"effort":3},"#
                + #"{"name":"b","reach":50,"impact":3,"confidence":0.5,"effort":1}]}"#
        ),
        ("ab.samplesize", #"{"baseline":0.1,"minimumEffect":0.02}"#),
        (
            "event.expand",
            #"{"rrule":"FREQ=WEEKLY;BYDAY=MO,WE","start":"2026-01-05T09:00:00","#
                + #""timeZone":"Europe/Berlin","from":"2026-01-01T00:00:00","#
                + #""to":"2026-06-01T00:00:00"}"#
        ),
        ("scan.pii", #"{"text":"Write to ada@example.org or call +49 30 1234567."}"#),
        ("abn.validate", #"{"number":"51 824 753 556"}"#),
    ]

    static let taskCount = tasks.count * tasksPerAgent

    /// The requests as they go on the wire, a task of each agent after the other.
    static func frames() -> [UInt8] {
        var frames: [UInt8] = []
        for _ in 0..<tasksPerAgent {
            for (type, payload) in tasks {
                let text =
                    #"{"jsonrpc":"2.0","id":10000000,"method":"tasks.create","#
                    + #""params":{"type":"\#(type)","payload":\#(payload)}}"#
                let bytes = Array(text.utf8)
                frames.appendFrame(.text, payload: bytes.span, maskingKey: BenchClient.maskingKey)
            }
        }
        return frames
    }
}
