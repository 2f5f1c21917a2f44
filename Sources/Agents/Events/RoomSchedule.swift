import AgentRuntime
import JSONRPC

/// Assigns sessions to rooms that hold them, so that no room has two at a time.
///
/// A session that ends when another begins does not overlap it. Of the rooms that are free and
/// large enough the smallest is taken (best fit); where that leads nowhere, other choices are
/// tried in depth-first search, in which the session with the fewest free rooms comes first
/// (S. Golomb and L. Baumert, “Backtrack Programming”, 1965). When at some moment more sessions
/// need a room of some size than there are such rooms, no assignment exists (the condition of
/// P. Hall, 1935, over nested sets), and those sessions are the conflict.
struct RoomSchedule: TaskInput {
    struct Session {
        var id: String
        var start: Int
        var end: Int
        var capacity: Int
    }

    struct Room {
        var id: String
        var capacity: Int
    }

    var sessions: [Session] = []
    var rooms: [Room] = []

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        var ids: Set<String> = []
        for session in try fields.objects("sessions") {
            let id = try session.string("id")
            guard ids.insert(id).inserted else { throw session.wrong("id", "unique") }
            let start = try session.wallTime("start")
            let end = try session.wallTime("end")
            guard start.kind == end.kind, start.seconds < end.seconds else {
                throw session.wrong("end", "after start and written like it")
            }
            guard sessions.first.map({ _ in start.kind == kind }) ?? true else {
                throw session.wrong("start", "written like those of the other sessions")
            }
            kind = start.kind
            sessions.append(
                Session(
                    id: id,
                    start: start.seconds,
                    end: end.seconds,
                    capacity: try session.integer("capacity", default: 0)
                )
            )
        }
        ids = []
        for room in try fields.objects("rooms") {
            let id = try room.string("id")
            guard ids.insert(id).inserted else { throw room.wrong("id", "unique") }
            rooms.append(Room(id: id, capacity: try room.integer("capacity")))
        }
    }

    private var kind = WallTime.Kind.local

    struct Conflict: Equatable {
        /// Numbers of sessions.
        var sessions: [Int]
        /// Rooms that would do for all of them.
        var rooms: Int
    }

    func result() throws -> JSONValue {
        let conflicts = try conflicts()
        let search = RoomSearch(self)
        let outcome = conflicts.isEmpty ? try search.run() : nil
        let rooms = try outcome?.rooms ?? search.bestFit()
        let assigned = sessions.indices.compactMap { index -> JSONValue? in
            guard let room = rooms[index] else { return nil }
            return ["session": .string(sessions[index].id), "room": .string(self.rooms[room].id)]
        }
        let unassigned = sessions.indices.filter { rooms[$0] == nil }
        return [
            "feasible": outcome.map { $0.isProven ? .bool($0.isComplete) : .null } ?? false,
            "assignment": .array(assigned),
            "unassigned": .array(unassigned.map { .string(sessions[$0].id) }),
            "conflicts": .array(conflicts.map(conflict)),
        ]
    }

    private func conflict(_ conflict: Conflict) -> JSONValue {
        [
            "sessions": .array(conflict.sessions.map { .string(sessions[$0].id) }),
            "needed": .integer(conflict.sessions.count),
            "available": .integer(conflict.rooms),
        ]
    }

    /// Conflicts that a result lists.
    static let listed = 50

    /// The moments at which rooms of some size are too few, each with the sessions that need them;
    /// of those that contain each other the first.
    private func conflicts() throws -> [Conflict] {
        let sizes = rooms.map(\.capacity).sorted(by: >)
        var found: [Conflict] = []
        for (index, session) in sessions.enumerated() {
            try Task.checkCancellation()
            // More sessions are at once only after one began.
            let running = sessions.indices.filter { other in
                sessions[other].start <= session.start && sessions[other].end > session.start
            }
            // Of equal beginnings the last is enough.
            guard !sessions[(index + 1)...].contains(where: { $0.start == session.start }) else {
                continue
            }
            let demanding = running.sorted { sessions[$0].capacity > sessions[$1].capacity }
            var fitting = 0
            for (place, one) in demanding.enumerated() {
                while fitting < sizes.count, sizes[fitting] >= sessions[one].capacity {
                    fitting += 1
                }
                // What is needed in this size or a larger one.
                if place + 1 > fitting {
                    found.append(
                        Conflict(sessions: Array(demanding[...place]).sorted(), rooms: fitting)
                    )
                    break
                }
            }
        }
        let ordered = found.sorted { ($0.sessions.count, $0.rooms) < ($1.sessions.count, $1.rooms) }
        var kept: [Conflict] = []
        for one in ordered where kept.count < Self.listed {
            try Task.checkCancellation()
            let members = Set(one.sessions)
            if !kept.contains(where: { members.isSuperset(of: $0.sessions) }) { kept.append(one) }
        }
        return kept
    }
}

extension RoomSchedule {
    static let task = TaskFunction(
        "event.schedule",
        summary:
            "Assigns sessions to rooms that hold them without overlaps, or says what conflicts.",
        definition: """
            best fit, then depth-first search; conflicts by the condition of Hall (1935)
            """,
        payload: Schema.object([
            "sessions": Schema.array(
                Schema.object(
                    [
                        "id": Schema.string(1...200),
                        "start": Recurrence.timeSchema,
                        "end": Recurrence.timeSchema,
                        "capacity": Schema.integer(
                            0...1_000_000,
                            default: 0,
                            description: "Seats that are needed"
                        ),
                    ],
                    required: ["id", "start", "end"]
                ),
                1...1_000
            ),
            "rooms": Schema.array(
                Schema.object([
                    "id": Schema.string(1...200),
                    "capacity": Schema.integer(0...1_000_000),
                ]),
                1...200
            ),
        ]),
        result: Schema.object([
            "feasible": Schema.nullable(
                Schema.boolean(description: "Null when neither was found out in time")
            ),
            "assignment": Schema.array(
                Schema.object(["session": Schema.string(), "room": Schema.string()])
            ),
            "unassigned": Schema.array(Schema.string()),
            "conflicts": Schema.array(
                Schema.object([
                    "sessions": Schema.array(Schema.string()),
                    "needed": Schema.integer(description: "Rooms at one moment"),
                    "available": Schema.integer(description: "Rooms that are large enough"),
                ]),
                0...listed
            ),
        ]),
        example: [
            "sessions": [
                [
                    "id": "keynote", "start": "2026-12-01T09:00", "end": "2026-12-01T10:00",
                    "capacity": 200,
                ],
                [
                    "id": "swift", "start": "2026-12-01T09:30", "end": "2026-12-01T10:30",
                    "capacity": 40,
                ],
                [
                    "id": "panel", "start": "2026-12-01T10:00", "end": "2026-12-01T11:00",
                    "capacity": 150,
                ],
            ],
            "rooms": [["id": "hall", "capacity": 300], ["id": "studio", "capacity": 50]],
        ],
        perform: { (input: RoomSchedule, _) in try input.result() }
    )
}
