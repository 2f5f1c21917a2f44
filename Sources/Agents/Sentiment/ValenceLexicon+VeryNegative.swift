extension ValenceLexicon {
    /// Words of a valence below −1.9, from vader_lexicon.txt; its licence is in ValenceLexicon.swift.
    static let veryNegative = #"""
        §-39 rapist §-38 raping slavery §-37 fu kill murder rape terrorist §-36 hatefulness hell
        motherfucker murderer raped rapers terrorism §-35 fatality killed killings rapes suicidal
        suicide torturers §-34 apocalyptic brutalizing cancer catastrophe devil evil evilly
        excruciation faggot fucked horrific killing murdered raper shittiest tragedy twat villains
        §-33 dead devastating evillest excruciating fucker heartbroken horrifyingly killer killers
        murderers murdering nigger rapists terrorised terrorises terroristic terrorize whore §-32
        abuse abusive betray brutalises brutalizes d8 d:< devastative doomed dreadfulness faggots
        fatally fuckface fuking hated hatred hellish kia murderee murderous pissed scumbag
        terrorisms §-31 187 4q abhorrent angriest brutal bullied cocksucker crisis devastate
        dickhead direful disaster enslave evildoer evildoing evilness fuckhead fucktard hopelessness
        molests murderees murderously poisoners racism shithead sluttiest terrorise terrorists
        terrorized terrorizes vile violence worst §-30 </3 abusivenesses bastards betrayed bitchiest
        brutality brutally destructive devastated disgustedly dismal douchebag dx foetor fubar
        horridnesses infuriated murders racist saddest terrified terrorising terrorizing torturing
        traumatization whores §-29 182 >;( abhors afu anguish assassination bitches brutalised
        brutalize bullying cruellest cruelness cruelty cunts d; death devastators die disastrous
        disgust disgustingly drowned eviller excruciatingly fatalities fuckers harshest havoc
        horrifically horrifies irate molestations murderousness obliterate poisonously sinister
        torture v.v villainess villainously violent war warmonger wickedest §-28 ^urs abduction
        abusively assault assaultive assholes betrayal bitch brutalising bullshit condemnation
        contempt cruel cruelly damnified degrading devastates devastator devilry deviltry dooming
        doomsday enraging ffs fraud greediest harassers heartlessly heartlessness horrendous
        jackasses maddest miserableness molesting motherfucking obscene offensively perverts
        poisoning rageful remorselessness repulse ruin ruinate scams slut stab traumatically
        traumatise ugliest violently warmongers whored wtf §-27 >:( >:-( agonizing anger anguishing
        antagonizing assassinations attacker attackers bastardly bastardy bfd bitchery brutalise
        chaos corpse criminals crude degradingly depression despaired despairs despising destruction
        devils dishonest dreaded dreadfully drown evils excruciate fearing fuming furious fury
        grievousness grim h8 hate heartbreak horrifying horror horrors humiliation injustice
        insanity joylessness laziest loathing miseries misery moronic negative nfc painfulness
        pathetic poisoner poisonous poisons retarded ruination ruinous scam sluts sluttier
        son-of-a-bitch stealing terrifying terrorization torturous totalitarianism tragically
        traumatic travesty treasonous ugliness unlovable villainousness virulent weep wrathful §-26
        );< abuser abusers abuses alarmingly ban bankrupt bastardising bfe bitched bitchily
        bitchiness brutalities cheating cocksuckers compassionless crappy cruelest damnation
        damnatory destroying destroys destructionist died disasters disgustful distraught dumbass
        dumbhead enrage fascist fired gloom harassments harmfully harmfulness harming humiliatingly
        hurtfully idiotic illegal infuriates killingly lousiest lowbred miserliness murderesses
        nastinesses nasty perversity petrifying po prejudicial punishers punishing rage rancidity
        rancidness riot rob robber ruinously sadden savageness shamed shit shitheads shitty sin
        sinful starved stressfully stupidnesses terriblenesses terribly terrifies terrors tortured
        victimizing villain villainy violater wars whoremonger woebegone §-25 :-###.. :-|| :@ ]:<
        abusiveness aggravate ass assaults assfucking bad bastard betraying betrays chastise cheater
        choke crestfallen crime curse d-': dangering despisements destroy destructing enemy
        evildoings evilest fail fatal fearfullest felonies felony fraudster fuck fuked goddam
        harassed harasses harassing harassment harm horrible horrid horrified horrify hostility
        humiliate joyless kills lamebrained livid lousy outraged perverted petrified pissants poison
        poorest prisoner racists rancid rancidly rejection rudest savagery sickened sluttishness
        snafu sobs sorrowfulness stinkpot strangled stupider suffer tard tortures troubling
        uglinesses unhappiest victimising victimize violating wanker warmongering whoresons §-24
        :###.. :'-( abandonment abhorred agonises appall arrogance assaulted bastardization
        bastardize brutalized casualty conspiracy contemptuously criminal crudest crueller
        damnifying damnit danger dangered degradation dehumanizing despisement destruct
        destructively destructiveness destructs devastatingly devilkin dirtiest disgusted disgusting
        dissatisfying distress distressfulness distrusted doomsdays dreadfuls dreading dullsville
        evildoers fkm foreclosures fraudsters frustrated goddammed harasser horribleness horribly
        humiliations hurt hurtful indignation infuriating liars loneliest loser losers lying mofo
        mourns naggiest nastiest neglected nfw painfully pita poisonings prejudicialness puke punish
        raging reek retard revenge revengeful sabotage saddened sadder savages scandalous
        shamefulness sickening sorrow sorrowed spite spited stenchful stinking stupid stupidest
        sucker sufferers swindle terror thief threat threatening tragical trapped traumatised
        traumatism traumatize unhappier unhappiness unhealthy viciousness violated violaters
        violations violative violator warred weepiest whoredoms wicked wth §-23 ):{ 3:-( abducted
        abused agonised agonize agonizes agonizingly angered angers angrier angry assaulting
        bastardised bastardises bastardizing bitcheries bitchy bitterest blameworthy brutalizations
        cheated condemns crueler cruelties cwot damaging dearth dejecting depressed depressingly
        despairing destroyers destructions devilishness devilled dick disappointment disconsolate
        disheartenment disturbing disturbingly doa downhearted dumb dumbest effin egotist failed
        failing failure fiasco foetid frauds fraudulence frightful grieving grouchiest hatefully
        hating horridness hurter idiot ignoramuses impolitenesses incompetence insult insulted
        insultingly irritant irritation lazier liar molester mourningly nastier negativity numbskull
        obnoxiously offending offensiveness outcry outrage outrages pain panic pervert petrifies
        pollute poverty prblms prejudice prison prisoners punitive regrettable rejected rejectee
        remorseless riots rotten shamefaced shamefulnesses sick slutty sorrower sorrowfully
        spitefully spitefulnesses starves steals stench stenchy stinkard stressful stricken stupids
        suckers terrify thieves torturer traumatizing troublesome trustless ugly unethical unjust
        unloving unprofessional victimization villainies violates weakest worsen ||-: §-22 )-:< 3:(
        4col :'( aching agonized angering annoyer antagonistically arrogant blaming bomb bsod bully
        catastrophic chaotic chastised collapse contemptuous cunt damage damnify damns dangers
        darkest deject dejected depress depresses depressions despairingly desperations destroyed
        destructivity deviling disappointing disgrace disheartened disheartenments disheartens
        dismaying disparaging dissatisfaction dissatisfy distressful distressingly dolorous
        doomsdayer doomster drowns enemies failings fear feared fearful fearfuller fearfully feuded
        fools fraudulent frightening grief grouch harass harms harsher hateful haters heartbreaker
        heartless heroin hopelessly hostilely illnesses imbecile infected infuriate insulting jailed
        loathe lousier lowlifes lunatic mad maddening masochistic menace miserable molesters moron
        murderess neglects numbskulls overreacts perpetrator perversely pitiful poisoned pollutes
        powerless prosecution punishment qq rejects repressors repulsed revengefulness rudely
        saddening savagely scandals scare scary screwed shameful sickener sickeners sluttish
        sorrowful spammer steal stealers stolen suffered thieve threateningly torturously tragics
        traumas traumatises traumatizations troublemakers uglier uglification uglifying
        unhappinesses uninvolved violate violation wasted whoreson wickeder wickednesses §-21 )-':
        )-: )-:{ :< :c >: >:[ @: ]-: accident agitators agonise amort anguishes apprehension
        arrested ashamed attack badly bankster bastardise bastardizations bereave bereaved blamed
        blamer broken brutalization btd choked cry crying dangerous defeated defeatists defectively
        degrades depressively deprival deprive deprived despondent destructionists devilish dipshit
        disabling disadvantageously disappointed disdain disgusts distrustful distrusting disturbers
        doomful eviler fag fake faultfinding faultier faultiest faults flawed flunked foetors
        freakish frighteningly frustration fucks gloomful glum goddamn goddamns grievance grieves
        gross grossest harmed haunted heartbreakers heavyhearted helplessness hooliganism horribles
        hostilities hurts immoralist immorally incompetent infringement irrationalist irritable
        irritants jeopardy killjoy libelous loathed lowlives lugubrious maniac miserably molest
        moodiest nasties neglectfully nme obliterated obnoxiousness oppressed persecute perverseness
        perversive pitilessly poor punishes rages rejections resentful revenger ruder ruined sad
        scaremonger selfish shame shattered shits shittier shylock sickeningly sluttishly smartass
        smuggler smuggling snubs spamming stinkiest stressors suckering suffering suffers suspended
        terrible thieveries totalitarian troublous troublously uglify uglily uneasiest unfair
        unlovely unpleasant upsetting vitriolic weakliest whoredom wickedly wickedness widowed
        woefulness worrit worse worsens wrong }: }:-( §-20 )': :[ >-: abandoned abductions abhor
        abusing affectionless agitated antagonize appalled appallingly arguing attacked attacking
        awful banned bastardized beating belittled bitchier bitterly blamers censor cheat chokes
        choking contagion contemptibilities coward crudeness crudenesses cruder damagers damagingly
        damningly dangerously dangerousness deceit defeat degradative degrader degraders dejects
        depriving desperation despises destroyer dire disappointments discouragement disgraced
        dishearten dishearteningly disparage disrespected dissatisfactory dread eviction exploited
        failures falsify faultily foes foolishnesses forced frustrate frustratingly frustrations
        greedier grieved grievous grimaced grouchier grouchiness guiltier heartbreaking helpless
        heroinism hopeless hypocritical immoral imprisoned incensed inferiorly insipid insulter
        insulters irritated irritating irritatingly irritative jealous jealousies jealously lamely
        lament lamenting lowlight melancholiac misrepresentation mocks neglect neglectful
        neglectfulness obnoxious offends offensive outrageous outraging panicked penalty pessimisms
        pessimistically phobias pisser polluted polluters problematically punished raged reeked
        reeking regrettably regretters rejecting remorselessly resentfulness revengers ridicule robs
        rude rudesby ruiner savage savaged scaremongers screwiest selfishnesses severely
        shamefacedness shamelessnesses sickens sins sluttishnesses snob snobbery snubbed stresses
        stupidities stupidly sucked suckered sufferer swindling thievery thoughtless threatened
        threating tragic troubled troublemaker troubles uglies unacceptable unfortunate ungrateful
        unintelligent uninvolving unloveliness unworthy upsetters vexing victimhood villainesses
        villainous vulture wept whoremongers worriedly worrisomely worsening worser }:(
        """#
}
