import AgentRuntime
import EventLoops
import Identity
import JSONRPC
import JSONSchema

extension MethodTable {
    static func scheduleMethods() throws(SchemaDefinitionError) -> [Method] {
        [
            try Method(
                "schedules.create",
                "Has a task or a workflow begun at the times of a cron expression",
                access: .work,
                params: newSchedule,
                rate: .tasks,
                .runtime { params throws(RPCError) in
                    .schedule(.create(try ScheduleDraft(params: params)))
                }
            ),
            try Method(
                "schedules.get",
                "Answers one schedule",
                access: .read,
                params: .params(["id": scheduleID], required: ["id"]),
                .runtime { params throws(RPCError) in .schedule(.get(id: params.text("id"))) }
            ),
            try Method(
                "schedules.list",
                "Lists schedules with the next times that they are due, the oldest first",
                access: .read,
                params: .params([
                    "limit": .whole(
                        "Schedules in the answer",
                        1...ScheduleCommand.maximumLimit,
                        default: 100
                    ),
                    "cursor": .text("The next of the page before"),
                ]),
                .runtime { params throws(RPCError) in
                    .schedule(
                        .list(
                            limit: params["limit"]?.intValue ?? 100,
                            cursor: params["cursor"]?.stringValue
                        )
                    )
                }
            ),
            try change(
                "schedules.pause",
                "Keeps a schedule from being due; what is running goes on"
            ) { .pause(id: $0) },
            try change(
                "schedules.resume",
                "Lets a paused schedule be due again, from now on"
            ) { .resume(id: $0) },
            try change(
                "schedules.delete",
                "Deletes a schedule; what is running goes on"
            ) { .delete(id: $0) },
            try Method(
                "schedules.preview",
                "Answers the next times of a cron expression",
                access: .read,
                params: .params(
                    [
                        "cron": cron, "timeZone": timeZone,
                        "from": ["type": "string", "format": "date-time"],
                        "count": .whole(
                            "Times in the answer",
                            1...SchedulePreview.maximumCount,
                            default: 5
                        ),
                    ],
                    required: ["cron"]
                ),
                .immediate { _, _, params throws(RPCError) in try preview(params) }
            ),
        ]
    }

    private static let scheduleID: JSONValue = .text("Id of a schedule")
    private static let cron: JSONValue = .text(
        "Five fields, six with the second before them, or one of @daily, @hourly and so on"
    )
    private static let timeZone: JSONValue = [
        "type": "string", "description": "Name in the IANA database, such as Europe/Berlin",
        "minLength": 1, "maxLength": 64, "default": "UTC",
    ]

    private static let newSchedule: JSONValue = .params(
        [
            "cron": cron, "timeZone": timeZone,
            "task": [
                "type": "object",
                "description": "The params of tasks.create, but for times and idempotencyKey",
            ],
            "workflow": [
                "type": "object", "description": "The workflow to start, and its input",
                "properties": ["name": .text("Name of a workflow"), "input": [:]],
                "required": ["name"], "additionalProperties": false,
            ],
            "overlap": [
                "type": "string", "enum": ["skip", "queue", "replace"], "default": "skip",
                "description": "What becomes of a time at which the work before has not ended",
            ],
            "catchUp": [
                "type": "string", "enum": ["none", "one", "all"], "default": "one",
                "description": "What becomes of times that passed while the hub was down",
            ],
            "maxCatchUp": .whole("How many are made up for with all", 1...1_000),
            "enabled": [
                "type": "boolean", "description": "Whether it is due at all", "default": true,
            ],
            "description": .text("For people"),
            "idempotencyKey": .idempotencyKey,
        ],
        required: ["cron"]
    )

    private static func change(
        _ name: String,
        _ summary: String,
        _ command: @escaping @Sendable (String) -> ScheduleCommand
    ) throws(SchemaDefinitionError) -> Method {
        try Method(
            name,
            summary,
            access: .work,
            params: .params(
                ["id": scheduleID, "idempotencyKey": .idempotencyKey],
                required: ["id"]
            ),
            .runtime { params throws(RPCError) in .schedule(command(params.text("id"))) }
        )
    }

    private static func preview(_ params: JSONObject) throws(RPCError) -> JSONValue {
        let now = Timestamp(millisecondsSince1970: WallClock.milliseconds)
        let times = try SchedulePreview.times(
            cron: params.text("cron"),
            timeZone: params["timeZone"]?.stringValue ?? "UTC",
            after: params["from"]?.stringValue.flatMap(Timestamp.init) ?? now,
            count: params["count"]?.intValue ?? 5
        )
        return ["times": .array(times.map { .string($0.description) })]
    }
}
