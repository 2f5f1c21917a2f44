import HubCore

/// Which publications of a channel a subscriber gets, and in which form.
struct SubscriptionView: Hashable {
    /// Compressed forms are for connections that agreed to the window they were made with.
    var isCompressed = false
    /// `nil` for all.
    var filter: EventFilter?

    static let compressed = SubscriptionView(isCompressed: true)

    var isWhole: Bool { !isCompressed && filter == nil }
}

/// The different views of a channel's subscribers on one loop: what a view shows in a tick is made
/// once for all of them.
struct ViewTable {
    private var slots: [Slot] = []

    private struct Slot {
        var view: SubscriptionView
        var users: Int
    }

    /// Slots that exist, used or not.
    var count: Int { slots.count }

    subscript(slot: UInt16) -> SubscriptionView { slots[Int(slot)].view }

    /// Counts one more user of a view.
    ///
    /// - Returns: Its slot; `nil` when there are too many different views.
    mutating func enter(_ view: SubscriptionView) -> UInt16? {
        var unused: Int?
        for index in slots.indices {
            if slots[index].users == 0 {
                unused = unused ?? index
            } else if slots[index].view == view {
                slots[index].users += 1
                return UInt16(index)
            }
        }
        if let unused {
            slots[unused] = Slot(view: view, users: 1)
            return UInt16(unused)
        }
        guard slots.count < Int(UInt16.max) else { return nil }
        slots.append(Slot(view: view, users: 1))
        return UInt16(slots.count - 1)
    }

    /// Counts one user less.
    mutating func leave(_ slot: UInt16) {
        slots[Int(slot)].users -= 1
    }
}

/// What the views of one channel show in one tick.
struct ViewRuns {
    /// Everything.
    var whole = LogRun()
    /// By the slot of the view.
    private(set) var outputs: [Output] = []
    private var runs: [LogRun] = []

    /// What a view's run comes to.
    struct Output {
        enum Shape: UInt8 {
            /// Nobody has asked for it yet.
            case unmade
            case nothing
            case oneSlice
            case severalSlices
        }

        var shape = Shape.unmade
        /// The one slice; its segment is held by the run.
        var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
        /// Publications in it.
        var count = 0
    }

    /// Forgets the views of the channel before; `whole` stays.
    mutating func begin(slots: Int) {
        outputs.removeAll(keepingCapacity: true)
        outputs.append(contentsOf: repeatElement(Output(), count: slots))
        runs.removeAll(keepingCapacity: true)
        if slots > 1 { runs.append(contentsOf: repeatElement(LogRun(), count: slots)) }
    }

    /// Lets go of the bytes.
    mutating func end() {
        // Copies first, so that the storage of the whole is its own again and is kept.
        runs.removeAll(keepingCapacity: true)
        whole.removeAll()
    }

    /// Keeps what the view in `slot` shows.
    mutating func set(_ run: LogRun, at slot: Int) {
        while runs.count <= slot { runs.append(LogRun()) }
        runs[slot] = run
        var output = Output(count: run.count)
        switch run.slices.count {
        case 0: output.shape = .nothing
        case 1:
            output.shape = .oneSlice
            output.bytes = run.slices[0].bytes
        default: output.shape = .severalSlices
        }
        outputs[slot] = output
    }

    func run(_ slot: Int) -> LogRun { runs[slot] }
}
