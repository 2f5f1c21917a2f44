/// The content of a file: what programs see of it, and what the disk has.
///
/// `fdatasync` brings the two together. A power cut leaves the second and by chance some of the
/// difference, page by page or sector by sector and in any order, as disks do.
final class SimulatedFile {
    /// What programs see.
    private(set) var content: [UInt8] = []
    /// What is on the disk for sure.
    private var durable: [UInt8] = []
    /// What a failed synchronisation has dropped: the kernel takes it for written (Rebello et al.,
    /// "Can Applications Recover from fsync Failures?", 2020).
    private var lost: [Range<Int>] = []
    private var isDirty = false
    let isFolder: Bool
    /// Of a folder: its entries, in the same two states.
    var entries: [String: SimulatedFile] = [:]
    private(set) var durableEntries: [String: SimulatedFile] = [:]
    /// What was done to the entries since the folder was synchronised, and when.
    private var changes: [(number: Int, change: Change)] = []

    enum Change {
        case add(String, SimulatedFile)
        case remove(String)
        case rename(String, to: String)
    }

    /// Changes of all folders are written in an order, on which a power cut falls.
    struct MetadataCut {
        /// Changes before this one are kept.
        var number: Int
        /// Each folder is cut somewhere else, as no order is promised between two of them.
        var isIndependent: Bool
    }

    init(isFolder: Bool) {
        self.isFolder = isFolder
    }

    // MARK: Files

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        let end = offset + bytes.count
        if content.count < end {
            content.append(contentsOf: repeatElement(0, count: end - content.count))
        }
        content.replaceSubrange(offset..<end, with: bytes)
        lost = lost.flatMap { $0.subtracting(offset..<end) }
        isDirty = true
    }

    func truncate(to length: Int) {
        if length < content.count {
            content.removeSubrange(length...)
        } else {
            content.append(contentsOf: repeatElement(0, count: length - content.count))
        }
        lost = lost.flatMap { $0.subtracting(length..<Int.max) }
        isDirty = true
    }

    /// What `fsync` does, of a folder too.
    func synchronize() {
        if isFolder {
            durableEntries = entries
            changes = []
            return
        }
        guard isDirty else { return }
        var image = content
        for range in lost {
            for index in range {
                image[index] = index < durable.count ? durable[index] : 0
            }
        }
        durable = image
        isDirty = false
    }

    /// What a failing `fsync` does: pages are dropped, and taken for clean.
    func failSynchronizing(using random: inout SeededGenerator) {
        guard isDirty, !isFolder else { return }
        durable = afterPowerCut(using: &random)
        isDirty = false
        lost = content.isEmpty ? [] : [0..<content.count]
    }

    /// What is there when the power is back.
    private func afterPowerCut(using random: inout SeededGenerator) -> [UInt8] {
        guard isDirty else { return durable }
        var image = durable
        switch random.number(0...4) {
        case 0: return durable
        case 1 where lost.isEmpty: return content
        case 2:
            // The size is written, the pages are not.
            if content.count > image.count {
                image.append(contentsOf: repeatElement(0, count: content.count - image.count))
            }
            return image
        default: break
        }
        let size =
            content.count < image.count
            ? (random.chance(0.5) ? content.count : image.count)
            : random.number(image.count...content.count)
        if size < image.count {
            image.removeSubrange(size...)
        } else {
            image.append(contentsOf: repeatElement(0, count: size - image.count))
        }
        let unit = random.chance(0.5) ? 4096 : 512
        let share = random.pick([0.2, 0.5, 0.9]) ?? 0.5
        var start = 0
        while start < min(size, content.count) {
            let end = min(start + unit, size, content.count)
            let isLost = lost.contains { $0.overlaps(start..<end) }
            if !isLost, random.chance(share) {
                image.replaceSubrange(start..<end, with: content[start..<end])
            }
            start = end
        }
        return image
    }

    // MARK: Folders

    func change(_ change: Change, number: Int) {
        Self.apply(change, to: &entries)
        changes.append((number, change))
    }

    private static func apply(_ change: Change, to entries: inout [String: SimulatedFile]) {
        switch change {
        case .add(let name, let file): entries[name] = file
        case .remove(let name): entries[name] = nil
        case .rename(let old, let new): entries[new] = entries.removeValue(forKey: old)
        }
    }

    /// Makes this, and all below it, what it is after a power cut.
    func cutPower(_ cut: MetadataCut, using random: inout SeededGenerator) {
        guard isFolder else {
            content = afterPowerCut(using: &random)
            durable = content
            lost = []
            isDirty = false
            return
        }
        let kept =
            cut.isIndependent
            ? random.number(0...changes.count) : changes.count { $0.number < cut.number }
        for (_, change) in changes.prefix(kept) { Self.apply(change, to: &durableEntries) }
        entries = durableEntries
        changes = []
        for name in entries.keys.sorted() { entries[name]?.cutPower(cut, using: &random) }
    }
}

extension Range<Int> {
    /// What is left of it without `other`: nothing, one range or two.
    fileprivate func subtracting(_ other: Range<Int>) -> [Range<Int>] {
        [
            lowerBound..<Swift.max(lowerBound, Swift.min(upperBound, other.lowerBound)),
            Swift.min(upperBound, Swift.max(lowerBound, other.upperBound))..<upperBound,
        ].filter { !$0.isEmpty }
    }
}
