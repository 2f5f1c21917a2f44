/// What is kept of channels whose namespace is journaled.
let journaledChannelKeys: [ConfigurationKey] = [
    .integer(
        "channels.maxJournaled",
        \.channels.maxJournaled,
        1...10_000_000,
        .count,
        "Journaled channels of clients; when there are as many, publishing on another is BUSY."
    ),
    .integer(
        "channels.journaledBytes",
        \.channels.journaledBytes,
        KeyUnit.mebibyte...64 * KeyUnit.gibibyte,
        .bytes,
        "Bytes of all publications that journaled channels keep; with more, those that keep most "
            + "forget the older half of it."
    ),
    .integer(
        "channels.journaledPublicationBytes",
        \.channels.journaledPublicationBytes,
        1_024...64 * KeyUnit.mebibyte,
        .bytes,
        "The data of a publication on a journaled channel."
    ),
]
