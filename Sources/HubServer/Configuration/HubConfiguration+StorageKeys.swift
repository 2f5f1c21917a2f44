// The keys of the archive and of reading the past from disk.

let archiveKeys: [ConfigurationKey] = [
    .integer(
        "archive.maxBytes",
        \.archive.maxBytes,
        0...1024 * 1024 * KeyUnit.gibibyte,
        .bytes,
        "Compressed segments of the journal that no start needs; the oldest go first. 0 deletes "
            + "them instead of compressing them."
    ),
    .integer(
        "archive.maxAgeMs",
        \.archive.maxAgeMs,
        0...100 * KeyUnit.year,
        .milliseconds,
        "How long after its last record a segment stays in the archive."
    ),
]

let historyKeys: [ConfigurationKey] = [
    .integer(
        "history.maxReads",
        \.history.maxReads,
        1...64,
        .count,
        "Reads of the past from disk at the same time."
    ),
    .integer(
        "history.maxQueuedReads",
        \.history.maxQueuedReads,
        1...1_000_000,
        .count,
        "Reads of the past that wait for these; further ones are BUSY."
    ),
    .integer(
        "history.scanBytes",
        \.history.scanBytes,
        KeyUnit.mebibyte...64 * KeyUnit.gibibyte,
        .bytes,
        "How much of the journal one read may look at; what lies further is not found."
    ),
]
