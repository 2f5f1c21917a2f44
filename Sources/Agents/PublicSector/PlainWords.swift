/// Words of the plain language rules.
///
/// The expressions and their simpler forms are from the tables of the “Federal Plain Language
/// Guidelines”, a work of the United States government in the public domain.
enum PlainWords {
    /// Words of the longest key of ``simpler``.
    static let longestPhrase = 5

    static let simpler: [String: String] = [
        "a number of": "some", "accompany": "go with", "accomplish": "do", "accordingly": "so",
        "accrue": "add", "additional": "more", "adjacent to": "next to", "advantageous": "helpful",
        "afford an opportunity": "let", "aircraft": "plane", "allocate": "give",
        "anticipate": "expect", "apparent": "clear", "appreciable": "many",
        "appropriate": "right", "approximately": "about", "as a means of": "to",
        "as prescribed by": "under", "ascertain": "find out", "assistance": "help",
        "at the present time": "now", "attain": "meet", "attempt": "try", "be advised": "",
        "because of the fact that": "because", "beneficial": "helpful", "by means of": "by",
        "capability": "ability", "caveat": "warning", "close proximity": "near",
        "combat environment": "combat", "commence": "begin", "comply with": "follow",
        "component": "part", "comprise": "include", "concerning": "about",
        "consequently": "so", "consolidate": "join", "constitutes": "is",
        "demonstrate": "show", "designate": "choose", "discontinue": "stop",
        "disseminate": "send", "due to the fact that": "because",
        "during the period": "during", "effect modifications": "make changes",
        "eliminate": "cut", "encounter": "meet",
        "endeavor": "try", "endeavour": "try", "ensure": "make sure", "enumerate": "count",
        "equitable": "fair", "establish": "set up", "evidenced": "shown", "evident": "clear",
        "expedite": "hurry", "expend": "spend", "expiration": "end", "facilitate": "help",
        "failed to": "did not", "feasible": "workable", "females": "women", "finalize": "finish",
        "for a period of": "for", "forfeit": "lose", "forward": "send", "frequently": "often",
        "furnish": "give", "has a requirement for": "needs", "herein": "here",
        "heretofore": "until now", "identical": "same", "implement": "carry out",
        "in a timely manner": "on time", "in accordance with": "under", "in addition": "also",
        "in an effort to": "to", "in lieu of": "instead of", "in order that": "so that",
        "in order to": "to", "in regard to": "about", "in relation to": "about",
        "in the amount of": "for", "in the event of": "if", "in the near future": "soon",
        "in the process of": "", "in view of": "since", "inception": "start",
        "incumbent upon": "must", "indicate": "show", "indication": "sign", "initial": "first",
        "initiate": "start", "interface": "meet", "is applicable to": "applies to",
        "is authorized to": "may", "is responsible for": "handles",
        "it is essential": "must", "it is requested": "please", "liaison": "contact",
        "limited number": "few", "magnitude": "size", "maintain": "keep", "maximum": "most",
        "methodology": "method", "minimize": "decrease", "minimum": "least", "modify": "change",
        "monitor": "watch", "necessitate": "need", "notify": "tell", "notwithstanding": "despite",
        "numerous": "many", "objective": "aim", "obligate": "bind", "observe": "see",
        "on a regular basis": "regularly", "optimum": "best", "option": "choice",
        "participate": "take part", "perform": "do", "permit": "let", "pertaining to": "about",
        "portion": "part", "possess": "have", "practicable": "practical", "preclude": "prevent",
        "previously": "before", "prior to": "before", "prioritize": "rank", "proceed": "go ahead",
        "procure": "buy", "proficiency": "skill", "promulgate": "issue", "provided that": "if",
        "purchase": "buy", "pursuant to": "under", "reflect": "show", "regarding": "about",
        "relative to": "about", "relocate": "move", "remain": "stay", "remain in effect": "hold",
        "remuneration": "pay", "render": "give", "represents": "is", "request": "ask",
        "require": "need", "requirement": "need", "reside": "live", "retain": "keep",
        "selection": "choice", "similar to": "like", "solicit": "ask for",
        "subsequent": "later", "subsequently": "later", "substantial": "large",
        "successfully complete": "complete", "sufficient": "enough", "terminate": "end",
        "the undersigned": "I", "therefore": "so", "therein": "there", "thereof": "its",
        "there are": "", "timely": "prompt", "transmit": "send", "under the provisions of": "under",
        "until such time as": "until", "utilization": "use", "utilize": "use",
        "validate": "confirm",
        "viable": "workable", "warrant": "call for", "whereas": "since",
        "with reference to": "about", "with the exception of": "except", "witnessed": "saw",
    ]

    /// Past participles that do not end with -ed.
    static let participles: Set<String> = [
        "been", "begun", "bound", "broken", "brought", "built", "bought", "caught", "chosen",
        "cut", "dealt", "done", "drawn", "driven", "eaten", "fed", "felt", "found", "forbidden",
        "forgotten", "given", "grown", "heard", "held", "hidden", "hit", "hurt", "kept", "known",
        "laid", "led", "left", "lent", "let", "lost", "made", "meant", "met", "paid", "put",
        "read", "run", "said", "seen", "sent", "set", "shown", "shut", "sold", "spent", "split",
        "spoken", "stolen", "struck", "sworn", "taken", "taught", "thought", "thrown", "told",
        "torn", "understood", "withdrawn", "won", "worn", "written",
    ]

    /// Words on -ed that are no participles.
    static let adjectives: Set<String> = [
        "hundred", "indeed", "sacred", "naked", "rugged", "wicked", "exceed", "proceed", "succeed",
        "speed", "breed", "kindred", "hatred", "wretched", "ragged",
    ]
}
