/// The search for rooms of ``RoomSchedule``.
struct RoomSearch {
    struct Outcome {
        /// By session.
        var rooms: [Int?]
        var isComplete: Bool
        /// Whether the search ended because nothing was left to try.
        var isProven: Bool
    }

    /// Sessions that are looked at, over all steps.
    private static let budget = 20_000_000

    private let count: Int
    /// By session: rooms that hold it, the smallest first.
    private let fitting: [[Int]]
    /// By session and room: whether it holds it.
    private let fits: [[Bool]]
    /// By session: those that overlap it.
    private let overlapping: [[Int]]
    /// Sessions by their beginning, larger ones first.
    private let order: [Int]

    init(_ schedule: RoomSchedule) {
        let (sessions, rooms) = (schedule.sessions, schedule.rooms)
        count = sessions.count
        let bySize = rooms.indices.sorted {
            (rooms[$0].capacity, $0) < (rooms[$1].capacity, $1)
        }
        fitting = sessions.map { session in
            bySize.filter { rooms[$0].capacity >= session.capacity }
        }
        fits = sessions.map { session in rooms.map { $0.capacity >= session.capacity } }
        let order = sessions.indices.sorted {
            (sessions[$0].start, -sessions[$0].capacity, $0)
                < (sessions[$1].start, -sessions[$1].capacity, $1)
        }
        self.order = order
        var overlapping = [[Int]](repeating: [], count: sessions.count)
        for (position, one) in order.enumerated() {
            for other in order[(position + 1)...] {
                guard sessions[other].start < sessions[one].end else { break }
                overlapping[one].append(other)
                overlapping[other].append(one)
            }
        }
        self.overlapping = overlapping
    }

    /// Gives each session in turn the smallest room that is free, if any.
    func bestFit() throws -> [Int?] {
        var rooms = [Int?](repeating: nil, count: count)
        for session in order {
            try Task.checkCancellation()
            rooms[session] = free(session, rooms).first
        }
        return rooms
    }

    private func free(_ session: Int, _ rooms: [Int?]) -> [Int] {
        let taken = Set(overlapping[session].compactMap { rooms[$0] })
        return fitting[session].filter { !taken.contains($0) }
    }

    private struct Choice {
        var session: Int
        var untried: ArraySlice<Int>
    }

    /// Rooms as they are given and taken back, with what is free for the others.
    private struct Plan {
        var rooms: [Int?]
        /// By session and room: overlapping sessions that have it.
        var blocked: [[Int]]
        /// By session: rooms that hold it and are free.
        var freeCounts: [Int]

        mutating func set(_ room: Int, of session: Int, by change: Int, _ search: RoomSearch) {
            rooms[session] = change > 0 ? room : nil
            for other in search.overlapping[session] {
                let before = blocked[other][room]
                blocked[other][room] += change
                if (before == 0) != (blocked[other][room] == 0), search.fits[other][room] {
                    freeCounts[other] -= change
                }
            }
        }
    }

    /// - Throws: `CancellationError`.
    func run() throws -> Outcome {
        let quick = try bestFit()
        guard quick.contains(where: { $0 == nil }) else {
            return Outcome(rooms: quick, isComplete: true, isProven: true)
        }
        var plan = Plan(
            rooms: Array(repeating: nil, count: count),
            blocked: fits.map { Array(repeating: 0, count: $0.count) },
            freeCounts: fitting.map(\.count)
        )
        var path = [choice(plan)].compactMap { $0 }
        var work = 0
        while let choice = path.last {
            work += count + overlapping[choice.session].count
            guard work <= Self.budget else {
                return Outcome(rooms: quick, isComplete: false, isProven: false)
            }
            try Task.checkCancellation()
            if let room = plan.rooms[choice.session] {
                plan.set(room, of: choice.session, by: -1, self)
            }
            guard let room = choice.untried.first else {
                path.removeLast()
                continue
            }
            path[path.count - 1].untried = choice.untried.dropFirst()
            plan.set(room, of: choice.session, by: 1, self)
            guard let next = self.choice(plan) else {
                return Outcome(rooms: plan.rooms, isComplete: true, isProven: true)
            }
            path.append(next)
        }
        return Outcome(rooms: quick, isComplete: false, isProven: true)
    }

    /// The session with the fewest free rooms and these; `nil` when all have theirs.
    private func choice(_ plan: Plan) -> Choice? {
        var best: Int?
        for session in order where plan.rooms[session] == nil {
            if best.map({ plan.freeCounts[session] < plan.freeCounts[$0] }) ?? true {
                best = session
            }
        }
        return best.map { session in
            let free = fitting[session].filter { plan.blocked[session][$0] == 0 }
            return Choice(session: session, untried: free[...])
        }
    }
}
