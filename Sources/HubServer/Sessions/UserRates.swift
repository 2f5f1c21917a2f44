import Synchronization
import Transport

/// What is counted of what somebody does; everything is a command too.
enum RateKind: Int, CaseIterable, Sendable {
    case commands
    case tasks
    case publications
}

/// What each user, or each address, may do over all sessions and loops.
///
/// A loop takes tokens from here in shares (``UserShares``), so that the lock is taken once for
/// many commands. The table is bounded: when it is full of those who have something to remember,
/// newcomers share one entry, so that filling it makes nothing easier.
final class UserRates: Sendable {
    struct Limit: Equatable, Sendable {
        /// In the long run, a second; 0 sets no limit.
        var rate: Int
        var burst: Int

        static let none = Limit(rate: 0, burst: 1)

        /// What a loop takes at once: little enough that what it does not use is no matter.
        var share: Int { max(1, min(256, burst / 256)) }
    }

    private struct Entry {
        var commands: TokenBucket
        var tasks: TokenBucket
        var publications: TokenBucket

        subscript(kind: RateKind) -> TokenBucket {
            get {
                switch kind {
                case .commands: commands
                case .tasks: tasks
                case .publications: publications
                }
            }
            set {
                switch kind {
                case .commands: commands = newValue
                case .tasks: tasks = newValue
                case .publications: publications = newValue
                }
            }
        }

        mutating func isFull(now: UInt64) -> Bool {
            commands.isFull(now: now) && tasks.isFull(now: now) && publications.isFull(now: now)
        }
    }

    private struct Table {
        var entries: [String: Entry] = [:]
        /// When those with nothing to remember were let go.
        var sweptAt: UInt64?
    }

    /// Entries that are kept without looking whether they are needed.
    private static let spareEntries = 1_024
    /// The name of the entry that newcomers share when there is no room; no user is called so.
    private static let shared = ""

    private let commands: Limit
    private let tasks: Limit
    private let publications: Limit
    private let maximumEntries: Int
    private let table = Mutex(Table())

    init(
        commands: Limit,
        tasks: Limit = .none,
        publications: Limit = .none,
        maximumEntries: Int = 100_000
    ) {
        self.commands = commands
        self.tasks = tasks
        self.publications = publications
        self.maximumEntries = maximumEntries
    }

    func limit(of kind: RateKind) -> Limit {
        switch kind {
        case .commands: commands
        case .tasks: tasks
        case .publications: publications
        }
    }

    /// How many are remembered.
    var entryCount: Int { table.withLock { $0.entries.count } }

    /// Takes a share, or less.
    ///
    /// - Parameters:
    ///   - user: Who, by a name that is nobody else's.
    ///   - kind: What for.
    ///   - count: The most to take; `nil` for a share.
    ///   - now: Milliseconds of a clock that never steps.
    /// - Returns: How much there was; when there was nothing, in how many milliseconds there is.
    func take(
        for user: String,
        _ kind: RateKind = .commands,
        upTo count: Int? = nil,
        now: UInt64
    ) -> (taken: Int, wait: UInt64) {
        let limit = limit(of: kind)
        guard limit.rate > 0 else { return (.max, 0) }
        return table.withLock { table in
            var name = user
            if table.entries[user] == nil {
                sweep(&table, now: now)
                if table.entries.count >= maximumEntries { name = Self.shared }
            }
            return table.entries[name, default: fullEntry(now: now)][kind]
                .take(upTo: count ?? limit.share, now: now)
        }
    }

    /// Gives back what a loop took and did not use.
    func putBack(_ count: Int, _ kind: RateKind, for user: String) {
        guard count > 0, limit(of: kind).rate > 0 else { return }
        table.withLock { $0.entries[user]?[kind].putBack(count) }
    }

    /// Lets those go who have nothing to remember; at most once a second, for it looks at all.
    private func sweep(_ table: inout Table, now: UInt64) {
        guard table.entries.count >= min(Self.spareEntries, maximumEntries),
            table.sweptAt.map({ now >= $0 + 1_000 }) ?? true
        else { return }
        table.sweptAt = now
        table.entries = table.entries.filter { entry in
            var entry = entry.value
            return !entry.isFull(now: now)
        }
    }

    private func fullEntry(now: UInt64) -> Entry {
        func bucket(_ limit: Limit) -> TokenBucket {
            TokenBucket(rate: limit.rate, burst: limit.burst, now: now)
        }
        return Entry(
            commands: bucket(commands),
            tasks: bucket(tasks),
            publications: bucket(publications)
        )
    }
}

/// The shares of one loop in what its users, or addresses, may do.
struct UserShares {
    private struct Entry {
        var user: String
        var left = InlineArray<3, Int>(repeating: 0)
        var sessions = 1
    }

    private let rates: UserRates
    private var entries: [Entry?] = []
    private var free: [Int] = []
    private var indexes: [String: Int] = [:]

    init(_ rates: UserRates) {
        self.rates = rates
    }

    /// A session of a user begins; the number is for ``take(_:_:now:)`` and ``leave(_:)``.
    mutating func join(_ user: String) -> Int {
        if let index = indexes[user] {
            entries[index]?.sessions += 1
            return index
        }
        let index = free.popLast() ?? entries.count
        if index == entries.count { entries.append(nil) }
        entries[index] = Entry(user: user)
        indexes[user] = index
        return index
    }

    mutating func leave(_ index: Int) {
        entries[index]?.sessions -= 1
        guard let entry = entries[index], entry.sessions == 0 else { return }
        for kind in RateKind.allCases {
            rates.putBack(entry.left[kind.rawValue], kind, for: entry.user)
        }
        indexes[entry.user] = nil
        entries[index] = nil
        free.append(index)
    }

    /// Takes one command of a user, or one of what else is counted.
    ///
    /// - Returns: `nil` when it may be carried out, else in how many milliseconds.
    @inline(__always)
    mutating func take(_ index: Int, _ kind: RateKind = .commands, now: UInt64) -> UInt64? {
        if let left = entries[index]?.left[kind.rawValue], left > 0 {
            entries[index]?.left[kind.rawValue] = left - 1
            return nil
        }
        return refill(index, kind, now: now)
    }

    private mutating func refill(_ index: Int, _ kind: RateKind, now: UInt64) -> UInt64? {
        guard let user = entries[index]?.user else { return nil }
        let (taken, wait) = rates.take(for: user, kind, now: now)
        guard taken > 0 else { return wait }
        entries[index]?.left[kind.rawValue] = taken - 1
        return nil
    }
}
