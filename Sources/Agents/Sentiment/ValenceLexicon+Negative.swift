extension ValenceLexicon {
    /// Words of a valence from −1.9 to below 0, from vader_lexicon.txt; its licence is in ValenceLexicon.swift.
    static let negative = #"""
        §-19 ):< ..###: :( :{ abandon abandoner abandoners admonished aggravated aggravates aghast
        angerly animosity annoy antagonism antagonist appalls arrests arrogances atab attacks
        aversion banish belittle bereaves bitterer block bloody burden chagrin cheaters chucklehead
        condemned contemptibleness contradictious criticise criticism crushes damaged damager
        damages deceitful deceived deception defeature defective defector degrade dehumanized denied
        denounces destructed devastations devilment dirty disagreeablenesses disappointingly
        discouragers discourages discouraging discredited disillusioned dismayed dismayingly
        displeased dissatisfactions disturbs dreadful dullnesses dumbheads dumbness embarrassment
        emptiness excruciations expel exploiting fightings flunker foe fool forbidding forbiddingly
        foughten frantic freak freeload frightened frightfulness frustrates frustrating furiously
        futile gloomed goddams greedily griever grouchy harsh hates horrendously hurters hurtfulness
        hysteria idealess ignorami ignoramus illiteracy incapacitated inconsiderate inferiorities
        insincerely intimidated intimidating irresponsible lamentations loathes lowbrow
        ludicrousness madness meaningless melancholy mindless misbehave molestation molested
        moochers mope mournfuller mourning nastily notorious painful panicking panics passionless
        perjury petrifaction prejudiced problematic pukes punishable punisher regretful regretfully
        resentment resentments revenges ruins saddens sadness savageries scandal scared scaring
        shamefacedly shamefully sicken smothers sobbed spiteful stabbed stabs stank starve stealings
        stupidity suck sucky terribleness tired tragedies traumatising treason troublers
        troublesomeness unattractive undeserving undesirable unemployment unfortunates unhappily
        unloved unlovelier unloveliest unsavory upsetter vexation violators warring weak weaker
        weapons weeper weeping weepings whorehouses whoremaster woeful woes worriments worrisomeness
        worry worsened worthless wreck wronged zealot §-18 ): adversity aggressiveness agitating
        agony angrily anguished annoyances annoys argumentatively arrogantly avoider bastardies
        bastardizes beaten bitter bittered blamable blamably broke burdensome charmless cheats
        comfortless complainer conflictive criticised crushed damnableness damnifies defecting
        defectiveness defectives degraded dehumanize denies depressor deprivation deprivations
        despiser destructibility detain devastation devilling disadvantage disadvantageous
        disagreements discomfort discontented discourage discouragements discouragingly
        disheartening dismay dismays disqualified disrespect dissatisfies distressed distrust
        distrustfully downcast dullards dumpish duped dysfunction egotistically emptiest enrages
        erroneous exasperated fails faithlessness fakes faking fcol fearfulness fears flunkey flunks
        flunky foeman fooleries foolery foolishly foolishness forbidden freaking freakout fumed
        gloomiest gloominess glooming goddamned gossipping greenwash grimaces grimy grossness
        guiltiness guilty hater heartbreakingly heartbreaks homesickness homesicknesses hysterics
        ill impatience impolitely impoliteness indignant injury insecure insecureness insecurities
        insecurity insensitivity insincere insults intimidation irritably irritate jackass lame lies
        loneliness lonesomeness lowery lowliest miser misunderstanding mock mourn mourners
        mournfulness nagger neurotically pained pains pathetically perverse pitifuller pitiless
        polluter prejudices prejudicing problematical promiscuity prosecutes protesting puked puking
        punishments rebelliously recession regret rejectees rejecters rejective rejector repressing
        ridicules ridiculing sadly scornful sedition shitting smother snub somber stampede starving
        stress stressor struggling tantrum temper threateners threats ticked trauma troublemaking
        troublesomely ugh uglifies uneasinesses unfulfilled ungratefully unhappy useless vain
        victimized victimizer warfares waste weaken weakly weakness weepier weirdo whines wiseass
        woe worrier worries worrywart yucky §-17 ..###-: :l >:\ \:< abandonments acrimonious agitate
        angriness annoying antagonistic antagonists arguments ashamedly avoidance battleground
        bitterness blameful blames blind botheration boycotted boycotting burdened burdeners
        chastises chastising cheerless cheerlessness complained complainingly complaints conflicting
        crash cries criticising cynicism cynicisms damn damnable damnably decay decaying decays
        deceive defeatist defected defects deficit depressible depressors deprives despised detained
        difficultly disadvantaged disadvantages disagreeable disagreeableness disappoint
        disappointedly disconsolation discord discouraged discourager disillusionment disliked
        dislikes disorder dispute disputing distorted distressfully distressing disturb doom
        doomsayers dull duller dullest dumped dumps dumpy egotists embarrasses embarrassingly
        embarrassments enraged enslaved error farce fatalisms fault fearsome fights fooling
        foolisher freebooter frightens frightfully greed greediness grievously grouching guiltiest
        hacked haunt helplessnesses hindrance hurting idealless ignoring illness immoralists
        impatiently inability inadequacies inadequacy inadequate inadequateness inferior injured
        insane interruptions irrationality irritabilities irritableness irritates isolation
        jealousness joylessly killjoys lose losses lousiness lowlier madly maniacally masochist
        menaced misbehaving misleading mocking mooch mooching mournfully nagana nagged nagging naggy
        neglecter neglecting nonsense oppressive optionless overreacted painfuller paining peril
        perverter petrify piss pissing problem problems prosecute provoke punishabilities rash
        reckless reeker refusing regretting reject rejectingly repressions repressively scapegoat
        scarer scarey scold scorn scream screwup seditious selfishness shames shitted shocking
        sluggish smartasses smuggles smugnesses snobbishnesses snobby sorrowing stealable stealer
        stink strained stubborn stupidness sullen suspiciously tensions traumata traumatized trouble
        unappreciated uncomfortably uncontrollability unease unfocused unsatisfied unsuccessfully
        unsupported unwelcome wasting woefully worriers worrisome §-16 86 :-[ :?c >:/ ]: abandoning
        ache ached agitatedly amoral annoyed arguer argues aversive battle battlefield battles
        bitterish blamefully blameworthiness blocking bothering bummer carelessnesses complains
        condemn conflicts confrontational contemptible contradictors cowardly crap craziness cried
        criticize criticizers cynical damned decayed decayer decayers deceives defeating demoralized
        depressant depressants depressing depressive depriver desperately despisers deviled
        devilishly devilries disadvantageousness disagree disappoints discomfortable discomforted
        discomforting disillusions dislike disparages disregarded dissatisfied distraction
        distractive distresses distrustfulness disturbance disturbed doomsters doubter dullard
        dumbfounded dump dumpiest embarrassable embarrassing emergency enslaves expelling expels
        falsified feuding fight flu flunkers fooled foolhardiness forbidder freakiest freeloaded
        freezingly fright funerals glamourless gossiping grave gravesides grieve grimier griminess
        gullibility hostile ignorantly immoralism impolite inadequatenesses incapable ineffectuality
        inhibit interrogated intimidator intimidators irrationally jaded lackadaisical lamebrain
        lied losing louse lowest lunatics manipulated masochism masochistically melancholias
        misbehaved misbehaves misinformed mistaker mistakers mockeries mourner mournful n00b
        obstacles paranoids phobia pleasureless prblm pricklier prosecuted punishability
        rancidnesses regretfulness regretted regretter rejecter reluctancy repression resented
        restrict restricted restricting ridiculer ridiculers ridiculousnesses riskinesses ruinable
        ruinations ruing screaming severe severer shock shocks shyster slam sleeplessness smuggle
        snobbily sobbing sorrows spammers stingy stunk suspicion talentless tensioner threaten
        threatens tumor uncomfortable unconvinced uneasiness uneasy ungratefulness unkind unsecured
        upset uptight uselessness victimizers weakener weakhearted weepies wimpish |-:> §-15 $: %-)
        :-( :-< adversarial adverse adversities afflicted agonising amorality annoyers appalling
        argued argument argumentative argumentive bamboozle bamboozled bamboozles brainwashing
        burdens careless clueless coerced collision complain confrontations confusedness contagions
        crazily criticized criticizer criticizing crushing debt defeatures defections degradations
        dehumanizes denier depressives deriding desperateness destructible detention deviltries
        difficult disagreeably disagreement disillusionments disoriented disruption distractible
        doomsaying doomsayings doubt doubtable douche drained dubious dulled dumber dumbs dupe eerie
        embarrassed emptinesses exhausted exhausting exhaustion fallen fatiguingly faultfinders
        faultiness fighting flunking foolhardier forbidders freakouts freaky friendless frighting
        funeral gloomier gravely graveness grievances grime grimmer gullible hesitatingly hooligan
        ignorance ignore inconvenience inhibition interruption irrationalism irrationalists
        irrationalities irritations lags lamentable lamentably laments lamest lazy lonelinesses
        lonely lonesome lowballed lowlife ludicrous manipulating mess messy mischief misers
        misreporting mistaken mistakes misunderstand moocher moody nag naggers neglecters nitl
        obsessional obstacle offender offenders offenses overload overweight panicky paranoias
        persecuting pessimism pessimist pessimistic pissant poorer prejudicially profitless
        promiscuously quaking rebeldom reekers regrets repressible ridiculed ridiculous rigged
        riskiest robing rudeness ruinated ruinates ruinating screamers seduced severed severest
        shylocking smear smuggest smuggled sore spam spitefulness stenches stinker stinkier stinko
        stinky stressing strikes struggles stubborner stubbornnesses sucks sulking suspicions
        suspicious sux swindles tantrums tenseness tenser trembling turmoil uglified uncontrollable
        uncontrollably undermined undermining unfriendly unprotected unstable unsuccessful upsets
        uselessly vicious victimised victimizations victimizes weaklier weaknesses whine
        whoremasters wiseasses witch worriment worrywarts §-14 /:< /o: 3:-) :/ :o/ <:-| =/
        accidentally accuses aggressed aggressivities agitates agitator alarm alarmed antagonized
        argue arguers arrest avoided avoiders avoiding blame bother boycotts burdening carelessness
        chagrined combat confusingly contagious contemptibly contradictoriness contradictory
        contradicts crazy criticizes cynic damnations damning deadlock deceiving defeater defect
        defection defenseless denounce deny denying deprivers derailed despise difficulty dirt
        dirtier disagreeing disappears discarded disparaged disputed disregards disruptions distorts
        distracted distractingly disturbances disturber dork doubtful doubting doubtingly dreads
        dreary drunk dullness dumbed dumpier egotism egotistic errors excluded exploits failingly
        fatigued faulted faulting feud feuds fidgety fiery fire firing flop flops flunkies foolhardy
        foolishest forbiddance frantically freakiness freakishness frighted frighten frowning gag
        gossipmongers grimacing grouchily guilts gun hapless haplessness harried helplessly
        hesitater hesitaters hesitates hesitating horridly humiliated humorlessness hurtling
        inconvenient indoctrinate inflamed inhibitive insecurely insignificant insincerity interrupt
        interruptive intimidations irrational irresolute irritability jerk lag lamentation lamented
        lamer leak lethargy lonelier lonesomes lowermost messed miserly misgiving mistake
        misunderstood mlm mooched mooches moodiness moodinesses moronically mumpish naggier needy
        neurotic niggas nimy numb numbly obsessing obsession offences ominous perturbed pissers
        pisses pitying pressuring prick prickliest rant reluctance repress repressive repressor
        resentfully resign restlessly revengefully ridiculously riskier scapegoats scares screwy
        selfishly shakedowns shameless shamelessly shamelessness shoot shylocks smileless smothering
        smugglers smugness snobs spites stifled stressed struggled strugglers stubbornly suspects
        tense tensioning thieved threatener toothless tragediennes traumatizes trickers trivialising
        troubler unapproved uncertainly uncertainties uncertainty undermines uneasier uneasily
        unequal unfortunately unimpressed unimpressive unmotivated virtueless warning weaklings
        weaponed weeps wimp wisenheimers worrying §-13 /-: /: :-c :\ >.< \^: abandons accidents
        accusations aggress aggressions aggressively agitations agitative annoyance anti awkwardly
        awol axed bereaving bizarre boredom bores boresome boring botherations bothered bothersome
        boycott burdener chuckleheaded complainers conflict confrontation confronters confused
        confuses contradict contradicted contradicting contradictions critical criticises cynically
        defeatism defeats defectors defenselessness delay derails despair despairer despairers
        desperate disagreed disagrees discomforts disguising disillusioning disjointed disliking
        disquiet disruptive distort distractable distractibility distracts distrusts doubters dumbly
        dumping envyingly excruciated exhauster exhausters fatigues faulty flunk foolhardiest forbid
        forbids fought freakier freeloading freeloads frenzy gagged ghost gossipped gossips gossipy
        graveless gravest greedy grimly hardship hesitated hostiles humorless ignored ignorer
        imperfect impersonal indecisiveness ineffectively ineffectiveness ineffectualness
        interrupters interruptible interruptor interrupts intimidates isolated isolates jealousy
        lack lamentableness laughingstocks leaked loner lonesomely loose loses loss lost louses
        lowness luckless misinformation misinterpreted misunderstands mocked mockers mockery moodily
        morons mourned numbingly nuts obsessionally odd outrageousnesses paranoiac perplexed
        persecuted perversion pettiest phobics pitied pitiers pressures problematics provokes rants
        repressed represses resigns restricts riskiness risking scarers screamed shakeout shocked
        shyness skeptical smh spiritless startle stereotype stinkingly straining struggle stuttering
        submissive suspend tease tempers tension timidity trap tricksters uncertainness unimportant
        unsettled unsurely viciously victims vultures walkout weakened weakeners weakening weakens
        weakling weepy weirdie weirdoes whiney §-12 .-: 0-| :-/ :^/ :s =\ =l >:o \o: accused
        adversative aggravating aggression agitational allergic amoralities antagonisms apathetic
        apathy avoid ayor battled battlefront bittering borers censors childish collapses collapsing
        colluding complaint confrontationists confusion confusional contentious cover-up critics
        crudely cuts deafening defer deprivals derail derision difficulties disbelieve
        discourageable disorganized distract distracting dominating dorkiest doubtfully doubtfulness
        doubts dumper dumpiness dynamiter embarrass ennui exclusion exhaust fatalists fatiguing
        feeble freaked fume gossipry gravers graves graveyard graveyards grimed hesitantly hiding
        humiliating ignorances immobilized impatient impose ineffectual inquisition interrupted
        interrupting jealz lagged lamebrains lamenter lames lethargic limitation lossy lousily
        lowballs lower lowlinesses madder maniacs manipulation masochists mia missed missing
        mistakenly nerd nervousness no obsessiveness obsolete obstinate offence offend outrageously
        outrageousness pathetical persecutes perversions pervertedly pervertedness pesky phobic
        piteous pitier pities pitifully pitifulness pity pressure pseudoscience questionable ranter
        ranters rebellious rebelliousness refuse refused resenting resents resignation resignations
        resigner restlessness sceptical screams screwer shakedown shakiest short-sighted shynesses
        sillinesses skeptically skepticisms smog snobbishly stereotyped stinkers stop strains
        strangely suspect suspiciousness teased teaselers teases tensely tensest trembly trickeries
        trickiest trickiness uncertain underestimate undermine unsophisticated uptightness
        victimises vulnerably warfare warnings weakish weapon weirdly whiner wimpiness wiseacre
        woesome worn worried worrits zzz |-0 |-o §-11 :o\ \= absentee alarmists alarms alas
        alienation aversions avoidances battling biased bitching blocked bored boredoms charges
        chuckleheads collapsed collides collisions complainants contemptuousness controversially
        cornered critic crudes cut defenselessly deniers deride devilments disguised disinclined
        disputes disregard distorting dooms doomy dorkier dorky doubted drop dulling dullish dully
        dumpings embarrassedly envied enviers envious envy exhaustions exhaustiveness exhausts
        exposing ferociously feudalistic feudist foolish forgetful frights fud gossiped gossiper
        gossipers graver grievants guilt guiltily haunting hesitate hesitation hesitations hoax
        hooligans ignorant ignorantness ignores immoralities impotent indecisions ineffectually
        inferiority interrupter intimidatingly intimidatory irrationals itchy jerks killdeer lagging
        lone loneness loomed lousing low lowliness masochisms melancholies misread mistaking
        monopolizes moodier moronity nags naive nastiness nervous numbing numbness o-| overstatement
        perversities pileup pique pitiable pitiableness pitiably pitifullest postpones provoked pu
        pushy rebelling rebellions remorse restless restriction ridiculousness rigidification
        rigorous risk risks s: sapfu sarcastically shitakes shockers short-sightedness slash
        slashing smothery snobbishness solemnity stammerer struggler stubbornness stutterers suing
        thorny toughly tremble trembled trickery trivialises trivialize underestimated
        underestimates unresearched victim victimise vindicating vulnerableness warned weakside
        weary weepers weirdos whorehouse woebegoneness wowser |^: §-10 /^: :^\ :^| \-: \: accusation
        aches adversaries adversatives agitation alone amorally anxious anxiousness arguable
        arguably bore cancel cancelled carelessly confrontationist contempts contradictable
        contradiction contradictor crazinesses criticizable darkness degradable derides devilwoods
        diffident discard discards disguise disguises disillusion distractions downside dud dulls
        dumbfounder dumbfounders dumbstruck dumpsters egotisms emptily envier excruciates
        exhaustible expelled faithless fatalistic fatigue ferociousness ferocities flustered
        foolhardily forbiddances gloominesses gossipmonger greeds grimace grimes haunts hesitancies
        hesitant humiliates hunger hurtles ignorable inaction inadequately indecisive inhibitors
        inhibitory jumpy loused lowering lowly melancholics moping mubar numbest obsess obsesses
        offended offense overreact paranoia paranoid perpetrators perverting pessimists pityingly
        poisonwood prickle propaganda protest rebelled reluctant repetitive repressiveness
        resentence resigned resigners ruining ruinousness sappy sarcastic sceptic screws screwups
        severeness shamefast shockable shortage shy skepticism smugger snobbism sob squelched
        stammering stinkards stinkbugs stinks struck stuck stutter stutterer stutters submissively
        supremacists swearing teaser tensed tensing timid timider timidness torn toughish tragedians
        tremblers tremulous trickish tricksiness trivialities trivializes unclear uncontrolled
        uncredited unsure weirdies wimpier wimps wisenheimer §-9 (% /= :-. :-\ aggressors anxiously
        apeshit apprehensions battlefields blocks cancels comedowns confronts confuse confusing
        confusions contemptibility contradictorily criticisms dearths defeaters defiant delayed
        demanded demanding disappear disappeared disregarding distractedly dizzy dodgy drag
        dynamited eery egotistical exclude faithlessly feudalism feudalist forget forgotten glooms
        graved gravelled gravelly graven grimalkin grimalkins grossly grouches hesitance hesitancy
        horrent huckster indecisivenesses inhibits insensitive lawsuit libertine limited loners loom
        lowish lurks misses monopolized naggingly neuroticism numbed obsessions obsessive oversell
        possessive postpone pressured pricking prickly pricks promiscuousness protesters protests
        remorseful resigning revenged risked safecrackers safecracking sarcasm sarcasms savagenesses
        screwing shakier shaky shrew shying shysters silliness skeptic slashed smothered sneaky
        snobbish snubbing stammer stammered stopped stuttered subversive suspected tears tenses
        tensioners timidest tits tricker trickster trivialization uncompelling unconcerned undecided
        unwanted vanity victimhoods vulnerability vulnerable weaponry weirdest weirdness weirdy
        whined whining wimpiest wimpy |o: §-8 =| absentees accuse adversary adversely aggressor
        aversively bashfulness battlefronts battler bothers bribe cancelling charged cheerlessly
        combats comedones comedown complaining confronted controversial cramp derided devilfish
        devilwood droopy dumbbell dumbfounding dumpers empty envies envying exhaustibility fascists
        faultfinder feudal feudalized feudary foolfish foolscaps freakishly freebooting fumers geek
        gossipries gratings graveside grievant grimmest grimness grosses grouched indecision
        indifferent inhibitions intimidate irreversible isolate jerked lameness liabilities
        liability litigation litigious lowball lowdown lowed lows lurk mischiefs miserere mistakable
        mocker mongering monopolize nimby nosey o.o offensives overselling overwhelms petty pissoir
        pityriasis postponed pressurises prickles prickling promiscuities provoking rebels
        resentenced resignedness rigidifications risker risky ruderal scarecrow scepticism shakeouts
        shyer slashes sobering stall stalled stalling stammerers stammers startler stinkhorns
        strainer strange strongyloidosis sulky teaseled teaseler tensional timorous toughs trickily
        tricksy trite trivialise trivialised unaware unbelieving unstoppable vociferous warmouths
        wellaway zealots |-: §-7 &: (-% :-| accusing amoralism amoralisms anxiety apprehensiveness
        avert avoids awkwardness complainant confront daze dazed deferring depressurizing dilemma
        discarding dominative doomsayer drags emptied emptier emptiers empties exaggerating
        exhaustively ferocity feudalizing feudists flees franticness freeboot freeloader fumelike
        gossip gravestone grimiest grimily griming grossularites hide hides homesick ignorers
        indecisively indoctrinating keening lowballing lowborn lowse neurotics nimjd noisy noyb
        numbfishes numbs obsessed obsessives overreaction overstatements overwhelm paranoiacs
        passively pressurize pressurizers puzzled remorsefully remorsefulness resent resignedly
        rigidified rigidities rigidity rigidly riskily robed safecracker safecrackings scarecrows
        sceptics seriously shake shakily shakiness shaking shockingly shylocked shyly smarting
        snobbier solemnized startled stinkpots submissiveness suspecting teasers thwarting
        timidities timidly toughie touting trickier trickishly trickledown trivializations walkouts
        warship weird weirdnesses §-6 :& :o| adverseness affected aggressing aggressive aggressivity
        anxieties apathies awkward battlegrounds bitterbrushes bittersweetness censored
        challengingly cock confronting confusedly craze crush defensively devilfishes dreadnought
        dumbcanes dumpcart dumpster emptying exaggerate exaggerates expose falling fatalism feudally
        flunkeys fumette geeky giddy gigo gloomy hardier heh hurtled immorality indoctrinates
        killdees lawsuits looms looses louseworts lowboys lowbrows miss moan moans nervously
        oversimplify perverters pressurise pressurising pricked prickliness pricky profiteering
        rebel resentences rigidifies screwier sentencing shakeup shittim shocker shortages
        solemnizing stopping stops strikers stubbornest toughies trembler tricked tricky trivialized
        trivializing viciousnesses victimologies vulnerabilities wavering weakfishes weirds whiners
        wisecracking worshipless §-5 :-& aggresses alarming antagonizes barrier battleships
        battlewagons bitterweeds cocky colliding contradictories crazed crazing cutting damnedest
        dazedness demand depressurize detached dithering dominate dominatrix dorks dumbing
        exhaustive exposes fatalist feudality feudalize feudatories foreclosure freemartin gravel
        graveled gravels gravestones ineffective inferiors ironic isolations lamenters looming
        lowered lowers lowing lurking melancholia misericordes monopolizing nbif o-8 o_o offline
        overwhelmingly oxymoron perversenesses pitilessness postponing pricket profiteered protested
        rapeseeds rebellion rig rigid screwers screwiness shakeups silencing snobbiest solemnified
        solemnifies startlement startlers startles strike tenderfoots tough toughing toughy tout
        tragedian tranquilizing tricks tricksier triviality trustbuster unconfirmed victimologist
        warships weirder wisecracked |: §-4 %) &-: (-:< :o :| >:-) amusias apathetically averts axe
        bailout battlement battlements bias bitterns bitters blah blurry borer cautious challenged
        constrained costly dazedly defensemen defensiveness depressurizations dodging dominators
        dreadlock dreadnoughts embittered exaggerated exploit ferocious feudalities flirter
        foolfishes freaks freebasing freezing fumets funky geeks grating graveling gravelling
        greenwashing grossed grrr hard hid idk imposes imposing impressment indoctrinated inhibited
        inhibiting isolator isolators killocks liards lowerclassman lowlander moaned moaning nah
        neatherd nerves numbfish obsessively paradox parley pay peculiarly petrifications
        pressurised pretend pretends questioned questioning ragee reluctantly rigorously ruderals
        screw screwworm shook skeptics stinkweed stunned teaseling teaselled teasingly tenderfeet
        tensioned thwarts tragedienne tranquilizers trickie trickinesses trickishness vague
        victimologists vigorish warn warns weepie |= §-3 0_o 8-o accidental alarmism apologizing
        apprehensively averted battlewagon bittersweet boreal borecoles collide complacent
        confronter cynics dazes defensives depressurization depressurized depressurizes
        determinantal dominations dumbcane dumbfounds dumplings dwellers dynamites emptins exposed
        fainthearted feudalization feudaries flatterer foemen freewheelers friendlessness grievers
        grosser grossing grossular grossulars hurtle imposed inhibitor killock lobbying lowlanders
        lowlights lowlihead maniacal mediocrity meh melancholic o-: o:< petrifactions pettier
        pressurizations pricker promiscuous rainy repressurize rigidify rigidness screwballs serious
        shakeable shaken shitake shittimwood snobbisms solemn sorry startlingly stealth stealthier
        stealths strainers teasing tmi toughest trickly trivium unmatched wimples winnow wisecracks
        §-2 (:< :$ amorphous amortised apprehensibly backs battlers bitterbrush bittern bitterroots
        bittersweets blam borecole boreholes champac champaks champerty clouded craziest defences
        domination dominatrices dragged dreadlocks dumbbells feudalisms fighters flirted freebooters
        gratingly impatiens indifference inhibin irony j/t joypop leave lowdowns lowercased lowrider
        ludicrously nerdier nerdy nimq noob o: panicles pressurizes pressurizing prickers prickled
        screwball seriousness stinkbug stinkhorn strain swear teaselling tenderloin toughens
        toughness touted tragicomic tranquilized tranquillized tranquillizers trick trickling wag
        warsaws weakfish wimpishness wimple winnowers winnows §-1 (-:{ 2g2bt adversatively agitato
        amazons amortize awaited bashful battleship boldfaced borescopes btdt champer champerties
        chilling crazier creditor dominances dumbfound dumbwaiters dwells feudalizes feudatory
        flirtations flirtatiously flirtier foetal freebase freeloaders freezers freezes fumes
        funneling funnelled geekiest grossularite hysterical joypoppers killdeers killie killifish
        killifishes lamella lamellae lamellibranchs longing lowland lowlands nerdish o_0
        opportunistic overlooked panicums petrification preventing prizefight prizefighters
        repressurizing richweeds screwworms sentenced sillibub sillily stealthy stinkwood suretyship
        teasel teasels tenderfoot thwarted touts tranquilizer tranquilizes tranquillizer trembles
        trivial unbiased warsaw wellhole winnower winnowing wiseacres wisecrack wisecracker
        """#
}
