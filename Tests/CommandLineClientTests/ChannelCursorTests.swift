import JSONRPC
import Testing

@testable import CommandLineClient

@Suite("Channel cursor")
struct ChannelCursorTests {
    static func publication(_ offset: Int) -> JSONValue {
        ["channel": "tasks", "offset": .integer(offset), "event": ["type": "task.created"]]
    }

    static func answer(
        epoch: String = "e1",
        offset: Int,
        events: [Int] = [],
        recovered: Bool? = nil
    ) -> JSONValue {
        var answer: JSONObject = [
            "channel": "tasks", "epoch": .string(epoch), "offset": .integer(offset),
            "events": .array(events.map(publication)),
        ]
        answer["recovered"] = recovered.map(JSONValue.bool)
        return .object(answer)
    }

    static let since = ChannelPosition(epoch: "e1", offset: 4)

    @Test(
        arguments: [
            (ChannelCursor.Start.now, #"{"channel":"tasks"}"#),
            (.last(5), #"{"channel":"tasks","last":5}"#),
            (.state, #"{"channel":"tasks","state":true}"#),
            (.since(since), #"{"channel":"tasks","since":{"epoch":"e1","offset":4}}"#),
        ]
    )
    func `begins where it was told to`(start: ChannelCursor.Start, params: String) {
        #expect(ChannelCursor(channel: "tasks", start: start).subscribeParams.line == params)
    }

    @Test(arguments: [ChannelCursor.Start.now, .last(5), .state])
    func `goes on behind what it has seen`(start: ChannelCursor.Start) {
        var cursor = ChannelCursor(channel: "tasks", start: start)
        _ = cursor.subscribed(Self.answer(offset: 7))
        _ = cursor.received(Self.publication(8))
        #expect(
            cursor.subscribeParams.line
                == #"{"channel":"tasks","since":{"epoch":"e1","offset":8}}"#
        )
    }

    @Test func `delivers the past before the present`() {
        var cursor = ChannelCursor(channel: "tasks", start: .last(2))
        #expect(
            cursor.subscribed(Self.answer(offset: 7, events: [6, 7]))
                == [.publication(Self.publication(6)), .publication(Self.publication(7))]
        )
        #expect(cursor.received(Self.publication(8)) == [.publication(Self.publication(8))])
    }

    @Test func `delivers the state with its position`() {
        var cursor = ChannelCursor(channel: "tasks", start: .state)
        let answer: JSONValue = [
            "epoch": "e1", "offset": 7, "events": [], "state": [["id": "a"], ["id": "b"]],
        ]
        #expect(
            cursor.subscribed(answer)
                == [.state(["id": "a"], offset: 7), .state(["id": "b"], offset: 7)]
        )
    }

    @Test func `says what was recovered after a lost connection`() {
        var cursor = ChannelCursor(channel: "tasks", start: .now)
        _ = cursor.subscribed(Self.answer(offset: 4))
        #expect(
            cursor.subscribed(Self.answer(offset: 6, events: [5, 6], recovered: true))
                == [
                    .recovered(2), .publication(Self.publication(5)),
                    .publication(Self.publication(6)),
                ]
        )
    }

    @Test func `recovers in silence when nothing was missed`() {
        var cursor = ChannelCursor(channel: "tasks", start: .now)
        _ = cursor.subscribed(Self.answer(offset: 4))
        #expect(cursor.subscribed(Self.answer(offset: 4, recovered: true)).isEmpty)
    }

    @Test(
        arguments: [
            answer(epoch: "e2", offset: 1, recovered: false),
            answer(epoch: "e2", offset: 1, recovered: true),
        ]
    )
    func `announces a gap when nothing can be recovered`(answer: JSONValue) {
        var cursor = ChannelCursor(channel: "tasks", start: .since(Self.since))
        let now = ChannelPosition(epoch: "e2", offset: 1)
        #expect(cursor.subscribed(answer) == [.gap(.init(after: Self.since, now: now))])
        #expect(cursor.position == now)
        #expect(cursor.received(Self.publication(2)) == [.publication(Self.publication(2))])
    }

    @Test func `announces a gap between two publications`() {
        var cursor = ChannelCursor(channel: "tasks", start: .since(Self.since))
        _ = cursor.subscribed(Self.answer(offset: 4, recovered: true))
        #expect(
            cursor.received(Self.publication(8)) == [
                .gap(.init(after: Self.since, now: ChannelPosition(epoch: "e1", offset: 7))),
                .publication(Self.publication(8)),
            ]
        )
    }

    @Test(arguments: [1, 4])
    func `drops what it has seen`(offset: Int) {
        var cursor = ChannelCursor(channel: "tasks", start: .since(Self.since))
        _ = cursor.subscribed(Self.answer(offset: 4, recovered: true))
        #expect(cursor.received(Self.publication(offset)).isEmpty)
    }

    @Test func `takes part of the past and the rest live`() {
        var cursor = ChannelCursor(channel: "tasks", start: .since(Self.since))
        let deliveries = cursor.subscribed(Self.answer(offset: 5, events: [5], recovered: true))
        #expect(deliveries == [.publication(Self.publication(5))])
        #expect(cursor.received(Self.publication(6)) == [.publication(Self.publication(6))])
    }

    @Test(arguments: [true, false])
    func `what is held back on purpose is no gap`(keepsLatest: Bool) {
        var cursor = ChannelCursor(
            channel: "tasks",
            start: .now,
            filter: keepsLatest ? nil : ["severity": "HIGH"],
            keepsLatest: keepsLatest
        )
        _ = cursor.subscribed(Self.answer(offset: 0))
        #expect(cursor.received(Self.publication(9)) == [.publication(Self.publication(9))])
        let params = cursor.subscribeParams
        #expect(params["since"]?["offset"]?.intValue == 9)
        #expect(params["policy"]?.stringValue == (keepsLatest ? "latest" : nil))
        #expect(params["filter"] == (keepsLatest ? nil : ["severity": "HIGH"]))
    }

    @Test func `a pattern goes on by its own offsets and not by those of its channels`() {
        var cursor = ChannelCursor(channel: "app.>", start: .now)
        _ = cursor.subscribed(Self.answer(offset: 0))
        func publication(_ offset: Int, patternOffset: Int) -> JSONValue {
            [
                "channel": "app.x", "offset": .integer(offset), "pattern": "app.>",
                "patternOffset": .integer(patternOffset),
            ]
        }
        let first = publication(9, patternOffset: 1)
        let second = publication(3, patternOffset: 2)
        #expect(cursor.takes(first))
        #expect(!cursor.takes(["channel": "app.x"]))
        #expect(cursor.received(first) == [.publication(first)])
        #expect(cursor.received(second) == [.publication(second)])
        #expect(cursor.received(second).isEmpty)
        #expect(cursor.received(publication(4, patternOffset: 5)).count == 2, "a gap shows")
        #expect(cursor.subscribeParams["since"]?["offset"]?.intValue == 5)
    }
}
