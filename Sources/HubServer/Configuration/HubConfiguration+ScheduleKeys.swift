extension HubConfiguration {
    package struct Schedules: Equatable, Sendable {
        package var maximum = 10_000
        package var graceMs = 60_000
        package var maxCatchUp = 100
        package var maxQueued = 100
    }
}

let scheduleKeys: [ConfigurationKey] = [
    .integer(
        "schedules.maximum",
        \.schedules.maximum,
        0...1_000_000,
        .count,
        "Schedules of all users; with more, schedules.create is BUSY."
    ),
    .integer(
        "schedules.graceMs",
        \.schedules.graceMs,
        1000...24 * KeyUnit.hour,
        .milliseconds,
        "How late a time may be and is not missed: what is missed is left to catchUp."
    ),
    .integer(
        "schedules.maxCatchUp",
        \.schedules.maxCatchUp,
        1...1_000,
        .count,
        "Missed times that a schedule may make up for."
    ),
    .integer(
        "schedules.maxQueued",
        \.schedules.maxQueued,
        1...1_000,
        .count,
        "Times of a schedule that wait for the end of what is running; further ones are left out."
    ),
]
