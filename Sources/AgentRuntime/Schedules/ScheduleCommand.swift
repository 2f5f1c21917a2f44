package import JSONRPC
import Schedules

/// What the runtime can be asked to do about schedules.
package enum ScheduleCommand: Equatable, Sendable {
    /// Answers the Schedule object.
    case create(ScheduleDraft)
    /// Answers the Schedule object.
    case get(id: String)
    /// Answers `{schedules: [Schedule], next?}`, the oldest first.
    case list(limit: Int, cursor: String?)
    /// Nothing is due any more; what is running goes on. Answers `{}`.
    case delete(id: String)
    /// Nothing is due until ``resume(id:)``. Answers the Schedule object.
    case pause(id: String)
    /// Times that have passed in between are not made up for. Answers the Schedule object.
    case resume(id: String)

    package static let maximumLimit = 1_000

    var method: String {
        switch self {
        case .create: "schedules.create"
        case .get: "schedules.get"
        case .list: "schedules.list"
        case .delete: "schedules.delete"
        case .pause: "schedules.pause"
        case .resume: "schedules.resume"
        }
    }

    var changesState: Bool {
        switch self {
        case .create, .delete, .pause, .resume: true
        case .get, .list: false
        }
    }
}

/// The params of `schedules.create`, as far as they are good by themselves.
package struct ScheduleDraft: Equatable, Sendable {
    var description: String?
    var cron: String
    var timeZone: String
    var action: ScheduleRecord.Action
    var overlap: ScheduleRecord.Overlap
    var catchUp: ScheduleRecord.CatchUp
    /// `nil` for as many as the configuration allows.
    var maxCatchUp: Int?
    var isEnabled: Bool

    /// Reads params that are valid by the method's schema.
    package init(params: JSONObject) throws(RPCError) {
        cron = params["cron"]?.stringValue ?? ""
        timeZone = params["timeZone"]?.stringValue ?? "UTC"
        _ = try CronSchedule(checking: cron, timeZone)
        switch (params["task"], params["workflow"]) {
        case (let task?, nil):
            action = .task(JSONText(task.encoded()))
        case (nil, let workflow?):
            let input = workflow["input"] ?? [:]
            action = .workflow(
                name: workflow["name"]?.stringValue ?? "",
                input: JSONText(input.encoded())
            )
        case (nil, nil), (_?, _?):
            throw .validation("", "must have either task or workflow")
        }
        description = params["description"]?.stringValue
        overlap = params["overlap"]?.stringValue.flatMap(ScheduleRecord.Overlap.init) ?? .skip
        catchUp = params["catchUp"]?.stringValue.flatMap(ScheduleRecord.CatchUp.init) ?? .one
        maxCatchUp = params["maxCatchUp"]?.intValue
        isEnabled = params["enabled"]?.boolValue ?? true
    }

    /// Bytes that it may add to the journal.
    var cost: Int {
        switch action {
        case .task(let params): params.bytes.count
        case .workflow(_, let input): input.bytes.count
        }
    }
}

/// The next times of a schedule, for `schedules.preview`.
package enum SchedulePreview {
    package static let maximumCount = 100

    /// `count` times after `start` that `cron` is due.
    package static func times(
        cron: String,
        timeZone: String,
        after start: Timestamp,
        count: Int
    ) throws(RPCError) -> [Timestamp] {
        try CronSchedule(checking: cron, timeZone).times(after: start, count: count)
    }
}

extension CronSchedule {
    /// Reads the params `cron` and `timeZone`.
    fileprivate init(checking cron: String, _ timeZone: String) throws(RPCError) {
        do throws(CronScheduleProblem) {
            try self.init(cron, timeZone: timeZone)
        } catch {
            switch error {
            case .expression(let reason): throw .validation("/cron", reason)
            case .timeZone(let reason): throw .validation("/timeZone", reason)
            }
        }
    }

    func times(after start: Timestamp, count: Int) -> [Timestamp] {
        var times: [Timestamp] = []
        var time = start.millisecondsSince1970
        while times.count < count, let next = next(after: time) {
            times.append(Timestamp(millisecondsSince1970: next))
            time = next
        }
        return times
    }
}
