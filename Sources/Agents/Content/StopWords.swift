/// Words that carry no subject of their own and so cut candidate phrases.
enum StopWords {
    /// English function words (determiners, pronouns, prepositions, conjunctions, auxiliaries,
    /// common adverbs and light verbs), compiled for this project.
    static let english = Set(
        """
        a about above across after again against ago all almost along already also although
        always am among an and another any anybody anyone anything anywhere are aren't around as
        at away back be became because become becomes been before behind being below beneath
        beside besides between beyond both but by came can can't cannot come comes could
        couldn't despite did didn't do does doesn't doing don't done down during each either
        else enough etc even ever every everybody everyone everything everywhere except few for
        from further get gets getting give given gives go goes going gone got had hadn't has
        hasn't have haven't having he he'd he'll he's hence her here here's hers herself him
        himself his how how's however i i'd i'll i'm i've if in indeed inside instead into is
        isn't it it'd it'll it's its itself just keep keeps kept last least less let let's lets
        like likely made make makes making many may maybe me might mine more moreover most
        mostly much must my myself namely near nearly neither never nevertheless no nobody non
        none nor not nothing now nowhere of off often on once one ones only onto or other others
        otherwise ought our ours ourselves out outside over own per perhaps put puts quite
        rather really said same say says see seem seemed seems seen several shall she she'd
        she'll she's should shouldn't since so some somebody somehow someone something sometimes
        somewhat somewhere soon still such take taken takes than that that's the their theirs
        them themselves then there there's therefore these they they'd they'll they're they've
        thing things this those though through throughout thus till to together too took toward
        towards under unless until up upon us use used uses using usually various very via want
        wants was wasn't way ways we we'd we'll we're we've well went were weren't what what's
        whatever when whenever where whereas wherever whether which whichever while who who's
        whoever whole whom whose why will with within without won't would wouldn't yes yet you
        you'd you'll you're you've your yours yourself yourselves
        """
        .split { $0 == " " || $0 == "\n" }
        .map(String.init)
    )
}
