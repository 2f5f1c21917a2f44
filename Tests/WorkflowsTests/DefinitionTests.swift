import JSONRPC
import Testing
import Workflows

@Suite("Workflow definitions")
struct DefinitionTests {
    @Test(
        "What is wrong is named with its place",
        arguments: [
            ("[]", "", "must be an object"),
            ("{}", "/States", "at least one state"),
            (#"{"StartAt":"A","States":{}}"#, "/States", "at least one state"),
            (#"{"States":{"A":{"Type":"Succeed"}}}"#, "/StartAt", "must be a string"),
            (
                #"{"StartAt":"B","States":{"A":{"Type":"Succeed"}}}"#, "/StartAt",
                "no state called 'B'"
            ),
            (#"{"StartAt":"A","States":{"A":{"Type":"Pass"}}}"#, "/States/A", "either Next or"),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B","End":true}}}"#,
                "/States/A", "either Next or"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"}}}"#, "/States/A/Next",
                "no state called 'B'"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Pss","End":true}}}"#, "/States/A/Type",
                "none of Choice, Fail"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true,"Seconds":1}}}"#,
                "/States/A/Seconds", "not known here"
            ),
            (
                #"{"StartAt":"A","Stats":1,"States":{"A":{"Type":"Succeed"}}}"#, "/Stats",
                "not known here"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Succeed"},"B/C":{"Type":"Succeed"}}}"#,
                "/States/B~1C", "cannot be reached"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"A"}}}"#, "/States",
                "no state at which it ends"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Task","End":true}}}"#, "/States/A/Resource",
                "must be a string"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:x","End":true}}}"#,
                "/States/A/Resource", "agent:AGENT/TASKTYPE"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"agent:a/b","End":true,"TimeoutSeconds":0}}}"#,
                "/States/A/TimeoutSeconds", "from 1 to"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"agent:a/b","End":true,"TimeoutSeconds":5,"TimeoutSecondsPath":"$.t"}}}"#,
                "/States/A/TimeoutSecondsPath", "beside"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"agent:a/b","End":true,"Compensate":"U"}}}"#,
                "/States/A/Compensate", "no state called 'U'"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"agent:a/b","End":true,"Retry":[{"ErrorEquals":[]}]}}}"#,
                "/States/A/Retry/0/ErrorEquals", "at least one name"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"agent:a/b","End":true,"Retry":[{"ErrorEquals":["States.ALL","X"]}]}}}"#,
                "/States/A/Retry/0/ErrorEquals", "alone"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"agent:a/b","End":true,"Retry":[{"ErrorEquals":["States.Nothing"]}]}}}"#,
                "/States/A/Retry/0/ErrorEquals/0", "no error"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"agent:a/b","End":true,"Retry":[{"ErrorEquals":["X"],"BackoffRate":0.5}]}}}"#,
                "/States/A/Retry/0/BackoffRate", "from 1"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"agent:a/b","End":true,"Catch":[{"ErrorEquals":["X"],"Next":"Z"}]}}}"#,
                "/States/A/Catch/0/Next", "no state called 'Z'"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Wait","End":true}}}"#, "/States/A",
                "one of Seconds"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Wait","Timestamp":"tomorrow","End":true}}}"#,
                "/States/A/Timestamp", "must be a time"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Pass","InputPath":"x","End":true}}}"#,
                "/States/A/InputPath", "does not begin with '$'"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Pass","ResultPath":"$.a[*]","End":true}}}"#,
                "/States/A/ResultPath", "one place"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"a":[{"b.$":"x"}]},"End":true}}}"#,
                "/States/A/Parameters/a/0/b.$", "none of States.Format"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"b.$":"States.MathAdd(1)"},"End":true}}}"#,
                "/States/A/Parameters/b.$", "with 1 arguments"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[]}}}"#,
                "/States/A/Choices", "at least one rule"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{"Variable":"$.x","NumericEquals":"1","Next":"A"}]}}}"#,
                "/States/A/Choices/0/NumericEquals", "must be a number"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{"Variable":"$.x","Numeric":1,"Next":"A"}]}}}"#,
                "/States/A/Choices/0/Numeric", "no comparison"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{"And":[{"Variable":"$.x","IsNull":true,"Next":"A"}],"Next":"A"}]}}}"#,
                "/States/A/Choices/0/And/0/Next", "at the top only"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Parallel","Branches":[{"StartAt":"B","States":{"B":{"Type":"Pass","Next":"A"}}}],"End":true}}}"#,
                "/States/A/Branches/0/States/B/Next", "no state called 'A'"
            ),
            (
                #"{"StartAt":"A","States":{"A":{"Type":"Map","End":true}}}"#,
                "/States/A/ItemProcessor", "StartAt and States"
            ),
            (
                #"{"StartAt":"A","QueryLanguage":"JSONata","States":{"A":{"Type":"Succeed"}}}"#,
                "/QueryLanguage", "must be JSONPath"
            ),
            (
                #"{"StartAt":"A","Budget":{"Steps":0},"States":{"A":{"Type":"Succeed"}}}"#,
                "/Budget/Steps", "from 1 to"
            ),
        ]
    )
    func isNamed(text: String, path: String, reason: String) throws {
        let source = try json(text)
        let found = #expect(throws: DefinitionProblems.self) { try WorkflowDefinition(source) }
        let problems = found?.problems ?? []
        #expect(
            problems.contains { $0.path == path && $0.reason.contains(reason) },
            "\(problems.map { "\($0.path): \($0.reason)" })"
        )
    }

    @Test("All problems are named at once, and not without end")
    func allAtOnce() throws {
        let states = (0..<100).map { #""S\#($0)":{"Type":"Pass","Next":"None"}"# }
        let source = try json(#"{"StartAt":"S0","States":{\#(states.joined(separator: ","))}}"#)
        let found = #expect(throws: DefinitionProblems.self) { try WorkflowDefinition(source) }
        #expect(found?.problems.count == 50)
    }

    @Test("A machine too deep or a definition too large is refused")
    func limits() throws {
        var text = #"{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}"#
        for _ in 0..<6 {
            text =
                #"{"StartAt":"A","States":{"A":{"Type":"Parallel","Branches":[\#(text)],"End":true}}}"#
        }
        let deep = try json(text)
        #expect(throws: DefinitionProblems.self) { try WorkflowDefinition(deep) }
        let states = (0...1_000).map { #""S\#($0)":{"Type":"Succeed"}"# }
        let large = try json(#"{"StartAt":"S0","States":{\#(states.joined(separator: ","))}}"#)
        #expect(throws: DefinitionProblems.self) { try WorkflowDefinition(large) }
    }
}
