package import AgentRuntime

/// Event Management: calendars, recurrence, rooms and what came of an event.
package struct EventsAgent: FunctionAgent {
    static let functions = [
        CalendarFile.task, Recurrence.task, RoomSchedule.task, EventReport.task,
    ]

    package init() {}

    package var description: AgentDescription {
        AgentDescription(
            id: "events",
            name: "Event Management",
            type: "events",
            capabilities: [
                "Calendar files that calendars read (iCalendar)",
                "Recurrence rules in time zones",
                "Sessions in rooms without conflicts",
                "Attendance, ratings and Net Promoter Score",
            ],
            taskTypes: Self.functions.map(\.type)
        )
    }
}
