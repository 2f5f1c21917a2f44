enum SchemaCases {
    static let valid: [(String, String)] = [
        ("true", "null"), ("{}", "[1]"),
        (
            #"{"title":"t","description":"d","default":1,"examples":[],"format":"email","$schema":"x"}"#,
            "1"
        ),
        (#"{"type":"integer"}"#, "3.0"), (#"{"type":"integer"}"#, "18446744073709551616"),
        (#"{"type":"integer"}"#, "1e3"), (#"{"type":"number"}"#, "3"),
        (#"{"type":["string","null"]}"#, "null"), (#"{"type":"boolean"}"#, "false"),
        (#"{"enum":[1,"a",null,{"a":1,"b":2}]}"#, #"{"b":2.0,"a":1}"#), (#"{"const":1.0}"#, "1"),
        (#"{"const":9007199254740993}"#, "9007199254740993"),
        (#"{"minimum":0,"maximum":1}"#, "1.0"), (#"{"minimum":0}"#, #""no number""#),
        (#"{"exclusiveMinimum":0,"exclusiveMaximum":1}"#, "0.5"),
        (#"{"multipleOf":0.01}"#, "4.35"), (#"{"multipleOf":3}"#, "9.0"),
        (#"{"maxLength":2}"#, #""🎉🎉""#), (#"{"minLength":2,"maxLength":2}"#, #""e\u0301""#),
        (#"{"prefixItems":[{"type":"string"}],"items":{"type":"number"}}"#, #"["a",1,2]"#),
        (#"{"prefixItems":[{"type":"string"},true],"items":false}"#, #"["a",1]"#),
        (#"{"prefixItems":[{"type":"string"},{"type":"string"}]}"#, #"["a"]"#),
        (#"{"uniqueItems":true}"#, #"[1,"1",true,null,[1],{"a":1},{"a":2}]"#),
        ("{\"uniqueItems\":true}", "[\"\u{E9}\",\"e\u{301}\"]"),
        (#"{"minItems":1,"maxItems":2}"#, "[1,2]"), (#"{"uniqueItems":false}"#, "[1,1]"),
        (#"{"properties":{"a":{"type":"string"}},"required":["a"]}"#, #"{"a":"x","b":1}"#),
        (#"{"additionalProperties":{"type":"number"}}"#, #"{"a":1,"b":2}"#),
        (#"{"minProperties":1,"maxProperties":1}"#, #"{"a":1}"#),
        (#"{"anyOf":[{"type":"string"},{"minimum":5}]}"#, "7"),
        (#"{"oneOf":[{"multipleOf":3},{"multipleOf":5}]}"#, "9"),
        (#"{"allOf":[{"minimum":1},{"maximum":3}]}"#, "2"), (#"{"not":{"type":"null"}}"#, "0"),
    ]

    static let invalid: [(String, String, String, String)] = [
        ("false", "1", "", "is not allowed"),
        (#"{"type":"string"}"#, "7", "", "must be a string, is 7"),
        (#"{"type":["string","null"]}"#, "[]", "", "must be a string or null, is an array"),
        (#"{"type":"integer"}"#, "3.5", "", "must be an integer, is 3.5"),
        (#"{"type":"number"}"#, "true", "", "must be a number, is true"),
        (
            #"{"enum":["low","high"]}"#, #""urgent""#, "",
            #"must be one of "low" or "high", is "urgent""#
        ),
        (
            #"{"const":9007199254740993}"#, "9007199254740992", "",
            "must be 9007199254740993, is 9007199254740992"
        ),
        (
            #"{"type":"number","minimum":0,"maximum":1}"#, "7", "",
            "must be a number between 0 and 1, is 7"
        ),
        (#"{"type":"integer","minimum":1}"#, "0", "", "must be an integer of at least 1, is 0"),
        (
            #"{"maximum":9007199254740992}"#, "9007199254740993", "",
            "must be a number of at most 9007199254740992, is 9007199254740993"
        ),
        (#"{"exclusiveMinimum":0}"#, "0", "", "must be a number above 0, is 0"),
        (
            #"{"exclusiveMinimum":0,"maximum":1}"#, "1.5", "",
            "must be a number above 0 and at most 1, is 1.5"
        ),
        (#"{"minimum":0,"exclusiveMinimum":0}"#, "0.0", "", "must be a number above 0, is 0.0"),
        (#"{"multipleOf":0.01}"#, "4.355", "", "must be a multiple of 0.01, is 4.355"),
        (#"{"minLength":2}"#, #""é""#, "", "must have at least 2 characters, has 1"),
        (
            #"{"minLength":1,"maxLength":2}"#, #""abc""#, "",
            "must have between 1 and 2 characters, has 3"
        ),
        (#"{"maxItems":1}"#, "[1,2]", "", "must have at most 1 element, has 2"),
        (#"{"minItems":2,"maxItems":2}"#, "[1]", "", "must have 2 elements, has 1"),
        (
            #"{"items":{"items":{"type":"null"}}}"#, "[[null],[null,1]]", "/1/1",
            "must be null, is 1"
        ),
        (#"{"prefixItems":[true],"items":false}"#, "[1,2]", "/1", "is not allowed"),
        (#"{"uniqueItems":true}"#, "[1,2,1.0]", "/2", "must differ from the element at 0"),
        (
            #"{"uniqueItems":true}"#, #"[{"a":1,"b":2},{"b":2,"a":1}]"#, "/1",
            "must differ from the element at 0"
        ),
        (#"{"required":["a/b~c"]}"#, "{}", "/a~1b~0c", "is required"),
        (
            #"{"properties":{"a":{"type":"string"}}}"#, #"{"a":null}"#, "/a",
            "must be a string, is null"
        ),
        (
            #"{"properties":{"a":true},"additionalProperties":false}"#, #"{"a":1,"b":1}"#, "/b",
            "is not known here"
        ),
        (#"{"properties":{"a":false}}"#, #"{"a":1}"#, "/a", "is not allowed"),
        (#"{"minProperties":1}"#, "{}", "", "must have at least 1 member, has 0"),
        (
            #"{"anyOf":[{"type":"string"},{"type":"object","required":["x"]}]}"#, "{}", "",
            "must be a string, is an object; or /x is required"
        ),
        (
            #"{"oneOf":[{"multipleOf":3},{"multipleOf":5}]}"#, "15", "",
            "must match exactly one of 2 alternatives, matches 2"
        ),
        (
            #"{"allOf":[{"minimum":1},{"maximum":3}]}"#, "4", "",
            "must be a number of at most 3, is 4"
        ),
        (#"{"not":{"type":"null"}}"#, "null", "", "is not allowed"),
        (
            #"{"enum":["a"]}"#, "\"0123456789012345678901234567890123456789x\"", "",
            "must be \"a\", is \"0123456789012345678901234567890123456789…\""
        ),
    ]

    static let meaningless: [(String, String, String)] = [
        ("1", "", "a schema must be an object, true or false"),
        (#"{"pattern":"a"}"#, "/pattern", "is no keyword of this dialect"),
        (
            #"{"properties":{"a":{"typo":1}}}"#, "/properties/a/typo",
            "is no keyword of this dialect"
        ),
        (#"{"type":"text"}"#, "/type", "must be the name of a type or an array of such names"),
        (#"{"type":[]}"#, "/type", "must name a type"),
        (#"{"enum":[]}"#, "/enum", "must be an array of values"),
        (#"{"enum":[1,1.0]}"#, "/enum", "has a value twice"),
        (#"{"minimum":"0"}"#, "/minimum", "must be a number"),
        (#"{"minimum":2,"maximum":1}"#, "", "minimum is above maximum"),
        (#"{"minLength":2,"maxLength":1}"#, "", "a minimum is above its maximum"),
        (#"{"multipleOf":0}"#, "/multipleOf", "must be above 0 and of at most 17 digits"),
        (#"{"minItems":-1}"#, "/minItems", "must be an integer of at least 0"),
        (#"{"uniqueItems":1}"#, "/uniqueItems", "must be true or false"),
        (#"{"required":["a","a"]}"#, "/required", "names 'a' twice"),
        (#"{"required":[1]}"#, "/required", "must hold strings"),
        (#"{"anyOf":[]}"#, "/anyOf", "must be an array of schemas"),
        (#"{"anyOf":[true,3]}"#, "/anyOf/1", "a schema must be an object, true or false"),
    ]
}
