import JSONRPC
import Testing

@testable import Agents

@Suite struct RoomScheduleTests {
    private static func session(_ id: Int, _ start: Int, _ end: Int, _ size: Int) -> JSONValue {
        func time(_ minutes: Int) -> JSONValue {
            let clock = [minutes / 60, minutes % 60].map { CalendarDate.padded($0, 2) }
            return .string("2026-12-01T\(clock.joined(separator: ":"))")
        }
        return [
            "id": .string("s\(id)"), "start": time(start), "end": time(end),
            "capacity": .integer(size),
        ]
    }

    private static func schedule(
        _ sessions: [(Int, Int, Int)],
        rooms: [Int]
    ) throws -> JSONValue {
        let sessions = sessions.enumerated().map { session($0, $1.0, $1.1, $1.2) }
        let rooms = rooms.enumerated().map { index, size -> JSONValue in
            ["id": .string("r\(index)"), "capacity": .integer(size)]
        }
        return try RoomSchedule.task(["sessions": .array(sessions), "rooms": .array(rooms)])
    }

    @Test func `sessions that touch share a room`() throws {
        let result = try Self.schedule([(60, 120, 5), (120, 180, 5)], rooms: [5])
        #expect(result["feasible"] == true)
        #expect(result["assignment"]?.texts("room") == ["r0", "r0"])
    }

    @Test func `too many at once are a conflict that is named`() throws {
        let result = try Self.schedule(
            [(60, 120, 5), (70, 130, 50), (80, 140, 50), (200, 210, 1)],
            rooms: [60, 10, 10]
        )
        #expect(result["feasible"] == false)
        let conflict = result["conflicts"]?.arrayValue?.first
        #expect(conflict?["sessions"] == ["s1", "s2"])
        #expect(conflict?["available"] == 1)
        #expect(result["unassigned"] == ["s2"])
    }

    @Test func `what best fit does not find is searched for`() throws {
        // Best fit gives the small session the small room although the long one must have it.
        let result = try Self.schedule(
            [(0, 10, 1), (5, 20, 1), (10, 30, 9), (20, 40, 1), (30, 40, 9)],
            rooms: [1, 9]
        )
        #expect(result["feasible"] == true)
        #expect(result["unassigned"] == [])
    }

    @Test func `the largest schedule ends`() throws {
        let sessions = (0..<1_000).map { ($0 % 700, $0 % 700 + 600 + $0 % 37, $0 % 97) }
        let result = try Self.schedule(sessions, rooms: Array(0..<200))
        #expect(result["feasible"] == false)
    }
}
