extension ValenceLexicon {
    /// Words of a valence above 0, from vader_lexicon.txt; its licence is in ValenceLexicon.swift.
    static let positive = #"""
        §1 0-8 :-o >;) aboard acquits amorists amorphously amortises backed backing boldfaces
        boldfacing boreen brooding commits creatin defenseman defensibly defensive dwelling faille
        freeholders funnel funneled funnelling graticule harmonicas heron heronry keens killick
        lamedh lamellas libertarianisms libertarians lobby lousewort lowriders matter matters
        misericorde nasturtiums oversimplifies panicled paniculate peculiarities perfectionists
        piqued pressurized pressurizer prevent prevented reach repressurized repressurizes retained
        richweed screwdrivers screwlike securitizations shittah sigh sillimanite silly smartweeds
        solemnifying stealthily strongyls stuns successions tenderize tenderized thrillers toughen
        toughened tranquillizes tricking trickled warstle weaponless wellhead whitewash wisecrackers
        withdrawal §2 affronted amazonite amazonstones amoretti amortizations apologising apology
        ayc bashfully benignly boreens calmodulin champaign champignons compelled contend crazes
        creatine delicate determinableness determinant discounted dominantly dominants dominates
        dumbwaiter dynamiting escaping excitonic exhaustless foehns foetus foetuses freeway
        freewheeler freeze geekier graticules gratins gratis grey impressionable infatuated
        isolatable joysticks lamellibranch laughable libertinage nastic neath numbat opportunisms
        opportunist oversimplification overwhelmed radians reaches relentless resentencing
        securitization sentences sillimanites smartweed smugly startlements stealthiness strongyles
        supremacy swears teashops teaspoon teaspoonful tenderization tenderometer tenderometers
        tragicomedy tranquil trickles vitalism warmblooded welly §3 (;< *-) amorettos amorphousness
        amusia aug-00 authority awaits boldface challenge challenges champertous charmeuse clears
        comedo committing convincers defenders diviner diving dweller dynamometer dynamometers
        dynamometric dynamos easel energetics excitative exciton excuse explorations flatterers
        freeboard freemasonry freestyles freewheeled fumeless hail hurtless intense keened landmark
        lowercase mandatory number opportunists oversells passionflower pensive pls plz pmfji
        prevents prickets prizefights safetyman screwbean screwdriver securitize sentence shakers
        slickest smilaxes solemnify solemnities solemnize startling strongboxes surprisers teas
        teaspoonsful tenderizes tenderizing tolerances toughnesses tranquilize trustees verdicts
        victimology vindicate vitalist vitalists want welladay whimsical wiseguys }:-) §4 >:)
        admitted anticipation apologised apologize await beauticians benefice beneficiation brights
        bwahaha bz challengers champignon charmeuses cleared creatinine darings defence defenceman
        defender defensibility delicatessen delicatessens demonstration dumpling dwelled dynamiters
        easements enthral exempt expands fantastico flagship flatter flattery flirtiest freelancers
        freelancing freesia freesias freestyler fumet funnels fysa gracilis gratin importancies
        isolationism kidding legally libertarianism libertines longings meritocrat nasturtium
        numbles opportunism painlessness passionflowers pretending prizefighting profiterole
        promisors radian reached resolvents safes sentimentalising sentimentalisms
        sentimentalizations slicker speculative stealthiest suprematists suretyships teaspoonfuls
        tenderizer tenderloins thriller tolerantly treasurers treasurership trivially trustor
        vigorishes vigorousness vigours warmouth warmup welled wellies wisents yoyo }:) §5 3:) [-;
        adorns ambivalent amortise amortizable assuror calmatives carefully challenger champagnes
        champaigns champers commitments contender creationists daredevil defense devotees divinise
        dwell escapes excitor exclusive extends feeling fervid flirtatious freehand freeholder
        freewheel freewheeling funnelform harmonicist herons idealogues impressionisms
        impressionists impressments joker keener laidback launched legal lowe outmaneuvered panicle
        popularises profiteers profiteroles reliant soothed stronghold strongmen supremacist
        teaspoons tendered tranquillities treasurer triumphalist troubleshoots trusteeship unequaled
        vigorously wellheads wellsite yearning zealous §6 *) ;] activeness amoretto amortization
        amortizes benignancy blamelessness brisk careful challenging comedienne contestable
        convincer crediting defencemen delicates dignitaries dominatrixes dynamometry dynamotor
        emotional engagements engrossed fighter flatters flirtatiousness flirters flirty freewheels
        giggler gn8 graciles greets guiltlessness harmonica honoraria humoral idealising impressure
        indestructible infatuation intellection intricate invite joyridden keeners meritocracy
        methodical mmk nerdiest numberable peculiar peculiarity perfectas rapture ratified scoop
        securers slap smilax solemnizes solid strongyl surpriser tenderer tendering tenders
        tensionless trusteeships verdict vested victimless vitalised warming wishes worshipper §7
        ;-] adopt adopts amazon amusable assets assurors blameless casually champing cleaner
        competitive convinces convincingness creationism defenses dynamite escape excelsior extend
        favoritism favoritisms flirts freeboards freedmen freehold freelanced freelances
        freemasonries freestyle freeware fumer growing guiltlessly heronries honorarium idealists
        ijs inquisitive iou isolationist joyrider joystick longingly offenseless partiers peaceniks
        perfectionistic pmji privileging profiter raptures relaxants resolved resolvent resolver
        resolves securitizing sentimentalists smarted solemnization solutions spirit stout strongbox
        strongman surprisals tenderheartedness toughed tougher troubleshooting vigilant worshipful
        §8 ;d acquit activenesses admit adorned adornments adventuress agrees amortized amortizing
        amusingly apologises bargain brilliantine casual chances chuckler crazyweed creationist
        debonair defensible determinate determinations divined divines dominance doubtlessness
        entrusted excitons fine flawlessly flirting freebased freebases freestylers freewheelingly
        freewriting fyi giggles glamourize guiltless harmlessness harmoniums idealisms idealogy
        ideals important impressible impressionism inspirits intact intellections intellectively
        intellectualists intellectualizing invigorated jho joyrides jp livelihood nurturers
        palatableness passive peacenik playing pmbi prizers profiteer promisee radiancies reaching
        recommended retreat richens safelights sentimentalised sentimentalist sentimentalize
        sentimentalizing significant sillies silliest smug solemnly solve substantial succession
        superiorities supremacies swift top tranquillest tranquillizing treasury troubleshoot
        troubleshooters unbelievable urgent vitalizations warmups worshippers xtc §9 ;) acceptations
        adequate adorn adorners adventurers allow appeased appeases assurer attractancy audacious
        awarder benignities blamelessly boldnesses buoyant certainties cheerleader clarifies
        compassionateness compelling consent decisive determinable determinably determinatives
        divining doubtless dynamists dynamitic energies exhaustlessness exploration fad flexible
        freeform graced grants grins hailed harmonicists harmonium harmonizations hhok humoresques
        impression impressions innocenter intrigues jk jokesters joking joyriding jt libertarian
        livelihoods lown loyalisms musm okay opportunistically optimizations pardoned perfectiveness
        perfectives popularizations prepared profitwise promissory raptured recommends romanticized
        sentimentalities spark stimulate stimulated straight successional successively successor
        surprised surprises tendernesses terrorless toughening treasuries triumphalists validated
        vigour virtuosi visions warm wilco wiselier wishing worshipers worth §10 :p ;-) >:p [;
        abilities acquitted adorning advanced advantage alright amazonstone amoristic appeasing
        beneficiate bffn brightener brighteners certainty champed champy chance cleverish
        comprehensive conciliate consents convince created cutesie dearies delicately determinacy
        dream easing endorsed engagers engages entertainers excitableness exonerating favors
        flatteringly flexibilities freeholds freers freethinker freethinkers freewill frisky
        fulfills gigglier giggly gracioso granted guarantee harmless heroicomic honorariums immortal
        impressionist interests j/w jhomf jj jokes joyrode justifiably keenly loyalism luckiness
        magnification neater plays pleasers poised popularizers pressureless prizefighter prizer
        promisor readiness relaxant relaxations relievers resolvable richening sentimentalism
        sillier steadfast stimulates strongholds successiveness superiors surefire surety
        troubleshooter trustee trusties vigors virtuose vision warmers wells worshiper worshiping
        wowsers wp §11 (* (; :-, acceptability accepted actives agreed agreements amuser appease
        apprehensible assurers attachments beneficed benefices benignantly brightwork calmative
        certain chic chuckles chucklesome committed conciliated conciliates consolable create
        creates creation creationisms definite desired determinateness determinative determinator
        devotements divinations dynamics energy engager ensuring entitled excitatory faultlessness
        fearlessly fearlessness fervent fitness forgive forgiveness freedman freelancer freer
        freestanding freethinking gigglingly god grandee greeted grinned grinner gt happing helpers
        heroicomical humor humoured increased innocents invigorator jokey joyride lenient loyalists
        meriting meritocrats merrythought neatens neats outreach painlessly palatably partyers
        popularised profitabilities profitability promisees radiances relievable resolute
        respectiveness safeguarding safelight salient securement sentimentalized sentimentalizes
        significance smarty sociability solved solves strongly successionally successive successors
        supporter surprise surprising tnx tolerant txs vigor visioning vitalise vitalises vitally
        vitals warmed warms well willingness worshipfully yolo §12 ,-: absolve admiralty admits
        adventurer adventurists alert amorino attachment attractor attractors avid awardees
        beautician benevolentness blithe bolder champagne championed cheerio cheerleaders
        cheerleading cheerleads chuckled chucklers chucklingly comedians comforters commit convivial
        creating creditableness d: determinately devotional devotionals diviners doubtlessly
        dynamical dynamisms eased excitability excitants festivalgoers flatteries forgivers freeborn
        freedoms freelance frees gg glamorising glorioles gn gracility grandees hago heavenwards
        helping humored humoresque humorist hurraying idealize immune impressibility inspirators
        intellectualized intelligibly invigorations invigorators jaunty jocular join joke
        laughableness laughably libertinisms lucking magnifications neaten nicety ok opportuneness
        outgoing painless pardons partyer perfective playfulness popularising promisingly prospect
        prospects radiants relaxins respectableness restore restores restoring romanticizing
        securities sentimentalise sentimentality sentimentalization share shares singleminded
        sociabilities solidarity sparkling stable stamina succeeder supportive surer surprisingly
        surviving swiftly tenderers tolerance tranquilly treasure treasurerships trustors usefulness
        vital vitalities vitamin warmer wiser worship yeah yep §13 (-* (-; :-) :?) =p [: ability
        absolves acceptable acceptableness acceptation accepts achievable acquitting actively
        admiral adorner adornment adventure adventured adventuresomeness adventurously
        agreeablenesses amusers apologized assures assurgent attractant awarders benign benignity
        bolds boosts calm calmly calms comfortableness competent conciliating cool curious cutely
        desirable desirous eases easygoing embrace endorse endorsement entertain expand fair faithed
        fan fantasticalness favorer favouring festivalgoer flattering flexibly freebee freebees
        freedwomen fresh funnies funnymen gl glamorise gracing granting gratify greet harmonies
        harmonised heros honorers huge humorists idealizer importantly improvements improvers
        incentives increase inspirited intellectualistic inviting invulnerable joked joyriders kewl
        laoj leet meaningful meritoriously nbd neatening neatness novel nurturances optimally
        optimistic original pardon perfectionism perfecto pleasantries please popularization
        popularize pray profited prominent promise promiser protects radiantly redeemed reliefs
        relievo rescues respectfulnesses respects responsible riskless romancer romances
        romanticises romanticists secures securing sentimental shockproof smartie sok solution
        soothing sparkles spirited strengthen succeeders supported supremos sure surest sureties
        trustier truth vitality vitalizing wises wisewomen youthful §14 0:-) ;^) ^<_< advantaged
        adventures adventuresses adventurist adventurous agreeing applauds assurance assurances
        assure assuredness attractants badass benefic benevolently boosting brightnesses certainly
        charitably chuckling clevernesses contented contentedness creditabilities daringness
        delectables determined devote diamond dignities dynamist easefully easily endorses engage
        engaging enthusiasts excited exciters exultantly favorers flexibility forgave forgivingly
        freehanded funnyman g1 gains gentler gigglers giver giving gladly glamors ha harmlessly
        harmonising harmonizing heavenward helper hho1/2k highlight honorary honorific humerous
        idealise idealizations idealizing importancy innocent innocently intellectually intelligible
        irresistible j/p j4f keenness lawl m8 magnificoes meditative merited motivation neatly np
        ntmu nurture openness partied partier perfecta perfecters play played popularizes prays
        pride promotes proudhearted radiance radiancy reassurances reassure relaxers relievedly
        resolvers respectively restored revive robust safeguards safekeeping secure securely
        secureness securitized security shared solving strengtheners superiority tenderest thks
        validates validating value valuing vitalizes warmish welcomed welcomer wellsprings worships
        worthwhile §15 (-:o (^: (^; 0:-3 5fs :-p absolved acceptably admirals admires advantageous
        advantages adventurism affectionally affections agree amusement amusements apologizes
        applauded appreciators asset assured attract beneficences boldly boldness boosted brightens
        brightly calmer charminger cheerled comedy comfort contentment courtesy coziness creatively
        credited credits cutesier cuteys cutie d= daring devotement dynamically dynamistic eager
        ease easeful easygoingness efficiency elation encouraged encourager encouragers
        energizations engagingly enthusiast excitabilities excitable ez fantasticate festivals
        fiestas fit freehearted freemen giggled giggling gloriole grant gratifies greater grinning
        harmonics harmonizes honoraries humoristic idealities importance impressionistic incentive
        inspiratory intellectualization intellectualize intellectualness intelligencer
        intelligentsia intelligibility intelligibleness interestedly invigoration jewel jokester
        keen kissers kk like loyalist mercy natural niceties nurtural o:) opportunely optimal
        optimizer perfectible perfectionist pleasanter popularizing praying privilege promised
        promoting ready reassurance reassures recommend relaxedly relaxes relieve reliever relieves
        relieving responsive restful romanticization safeguarded safeness safeties satisfactoriness
        satisfactory scrumptiously securer sincerities smartened smartens smartly smartnesses smile
        smileys sociableness soothe supportiveness supports surefootedness surprisal survivor
        sympathy tenderhearted thank thrill thrills thx tranquilities tranquilness truer trustfully
        tx validate vigoroso virtues vitalized warmness wealthy wellspring wised §16 (-: (o: *<|:-)
        *^: 0;^) =] absolving accept acceptabilities acceptant accepting admiralties admirations
        admiring adores advantageousness advantaging agreeably alive amorist amusing apologise
        appreciativeness assuredly assuring astonished beaut benefits blessedness bold boldest
        brighter brightness calmed calmest calmnesses capable captivated charitablenesses cherish
        clear comedian comediennes commitment compassionated compassionates compassionating
        convincingly creations creativity credit d-: darlingly dear delighting devotedly devotee
        devotes divinatory dynamic dynamism eagerly eagers easement easiness efficiencies elegancies
        enchanted energization ensure entertainer enthuse exonerates favorably favourer favourers
        flattered focused foolproof forgivably forgiven freedwoman freeness freest friendships
        funninesses gained glamorization glamorizers glorifiers graces gratification gratified
        greeting grinners growth harmonized harmonizer harmonizers helps holidays honourers hoped
        hopefulness huggable hugger humorous humors idealist impressionistically innocence
        innovation integrity intellectuals intelligencers intelligences j/k jw kissed liveliness lts
        luckie lucks lylb merrythoughts motivate niceness nurturance o;^) opportunities optimisation
        optimises optimists optimization palatable partying passional peacekeeper peacekeepers
        peacekeepings perfects picturesque playfully popularise popularities positivism prettied
        privileges profitably profiting promisers promises promote protect relaxer relieved
        relishing resolve resolving respecters revives rewarder safeguard satisfactorily securitizes
        smarts sociably stressless stresslessness stronger stunning surefootedly thoughtful
        tranquilest trustily trustiness trustingly trustingness ty unified untarnished vindicates
        vitalization vitalize welldoers welling wiseliest worshipfulness worshipping xp xqzt yvw §17
        8-d :-* [= acceptances accomplishes active admirers adorer adventuresome adventuristic amuse
        amuses amusive appreciate appreciations appreciatory approves astound attracts awarded
        beautifier beautifiers beauts beneficialness benefitted benevolence blessedly boost calming
        calmness carefree charitable charm cheerer cheerlead chuckle clarity clean clearly comedic
        comedies comforting comfortingly compassionately complimentarily compliments convinced
        convincing creativities creditably definitely desire determination devoted dignity
        divination dreams eagerness efficiently empathetic energizers engaged enlightens entertained
        enthuses exhilarating fantasticality favor favorited flirtation forgivable forgiver forgives
        freed freeman freenesses friended funnier gallant gga giggliest givers glamorize gracile
        grander hardy harmonize harmony healthy heavens help hilarious holiday honorer honorifics
        hopefully hugged humouring idealism idealistically impressiveness intellective
        intellectualities intellectuality interested interesting interestingly j4g jollities
        justified kisser laugher laughers liking livelier livelong meritoriousness merits merrier
        merrymakers neatest nifty nurturant opportune optimised optimising pardoning parties party
        peaceable peacemaking pleaser pleases positivists pretties promising rapturous reassured
        reassuring reinvigorating relaxin respectably respectfully romancers romantic romanticise
        romanticised safest secured sincere smart smartening smarties smiler smiley special
        splendiferousness strengths strongish support terrifically thoughtfully treat trusting
        truthfulness valuableness values virtuosa warmest warmly welcomes wish x-p yeees yes §18
        accomplish admirer adored adventurousness affectioned agreeable agreeableness amorous amused
        amusingness applause appreciatively approved astounded astounding attracted attractions
        attractiveness awardee beatific beautifies beneficiaries bless cared championing champs
        charity cheerers comfortably comforted complimented creativeness creditable cutes dearly
        deliciousness devotions dignify divinities easier easiest efficient elegances encouragement
        energetically enjoyably entertainment excitant excitation excitations exonerate exonerated
        faith faithfully faiths favored favoring favorites favoured favours ff foaf forgivingness
        freebie freebies friending friendlily fulfilled funniness funning gaining generously genial
        gentlest giggle glamorised glamorizing grace gratefuller gratifications greetings hahas
        harmonic harmoniousness harmonise helpful heroines honesties honourer hopes hoping huggers
        hugging hurrayed idealistic idealization idealized ideally improver improves improving
        inspiring inspiriting intellects intellectualizes interestingness jollity kiss kissy
        lighthearted liked likes livelily lmbao lol lucky magnifico marvel mature merit nice
        once-in-a-lifetime opportunity optimisations optimizes peaceableness perfecter
        perfectibility popular popularizer popularly positivisms powerful proactive progress
        promoted qt reassuringly reinvigorates rescued respectabilities respective romantically
        romanticize romanticizes rotglmao safer safety satisfied satisfies saved sharing sincereness
        sparkle strengthened strengthener succeeded sunny talent tenderly tenderness thankfully
        tranquility tranquillity treasures true trustworthiness truths united usefully vindicated
        virtue virtuosas virtuosos virtuously vivacious warmhearted wellborn winnable winned wisely
        woot yw {: §19 (-:|>* (^;o *: 0:) 0:03 8) <3 accomplished advantageously affectional
        affectionate agog agreeability appreciating attractive awarding beautification beneficial
        benefitting benevolences better blessers braved braves bright brighten brilliants
        championship charitableness charmer charms cheerfuller cherishers classy comforter commend
        commended complimentary considerate contentedly creative creditability creditworthiness
        cutenesses dearer dears deary deliciously dignitary easy effectively elegantly encourages
        energetic energising enjoyable enjoyableness entertaining entertainingly enthusiasm
        enthusing esteemed excitements exciter excitingly faithful faithfulness fame fave favour
        fearless fond fondly forgiving fortunate freely friendship fulfill funnily funny gallantly
        gentle gift glamours good hak handsomely harmoniously harmonization helpfulness heroizing
        hi5 honester honorarily hope hurrahed ideality idealizers impress improve influential
        innocency innovative inspirator inspires inspirit intelligential invigorate jovial keenest
        kissably laughings lively loyalties lucked luckier n1 nicely nicer nurtured nurturer
        nurtures optimality optimise peacefuller playful pleased pleasurability pleasures
        popularized positivistic praiseworthily preciousness privileged profit profitable profits
        protected proudful reinvigorated rejoice relax respectable respectfulness rewarders richened
        richly romanticist romantics safe satisfaction satisfiable satisfyingly sentimentally
        smarten sociable splendiferously stimulating strongest sunshiny supporters supporting
        supremo surefooted surely thanked thankfuller thanks thoughtfulness thrilled tranquiler
        triumphalisms truest truly truster truthfully urw useful valued welcomely welcomers
        welcoming wellness wiseness worthy §20 (^;0 :) :c) =-3 acceptance amorousness aok applaud
        attraction awards benefit blesseder braveries breathtaking brilliantines carefulness cares
        charmed cherishable cherishing clever cleverer compassion cute cutiepie dearness dedicated
        delighter delights devotedness devotion dignifies encouragingly energizing engagement
        enjoyments enthused enthusiasms excel fab fantastical fascinates faultless faultlessly fav
        favorite festive friendlier friendliness ftw gently gj glad glamourous glorification
        goodness graceful grand grateful gratifyingly gratz haha handsomer harmonious heroized hhoj
        honestly hugz humourous idealises idealizes impressively improvement innovates inspirers
        intellect intellectualist intelligent intelligently interest invigoratingly j/j jewels
        jollies jollifications kindness kissable l laughed likeable luck lulz marvels merriments
        mirthfully mml motivated neat neatened noble nurturing o:-) optimisms optimized optimizing
        passion peaceably peacekeeping peacemaker pleasantry positivist praiser praisers prizes
        rejoiced relaxedness respectful rewardable romancing romanticizations satisfy satisfying
        serene sincerer sincerest smarter smartness smiling splendors sprightly strengthens suave
        sureness sweet talents thankfullest thrillingly triumphal triumphs truthful virtuoso
        virtuousness warmth wealthily welcome welcomeness wows §21 ((-: (-;| (?: *-: 10q 1337 2qt :>
        :^) :o) :} <: =3 >_>^ @>-->-- admire adorably adorers amazedly ambitious applauding approval
        ardent astoundingly astounds attracting attractivenesses beautified beautifuler beneficiary
        brightened champ charmers cheerfully cheerfulness cheers comedically comforts compliment
        confidently courageousness cutesy cutey daringly delightedness delightfulness devoting
        dignifying effective elegance elegancy elegant encouragements energised energize energizer
        energizes excite excites fantasticalities fascinated favorable festivities fiesta freeing
        friends glamor glamorises glamorized glamorously glories gorgeousnesses grandeurs gratefully
        grin harmonically heartwarming heroize honoree honourable honouring hug humoring humour
        hurrahs idealised impressed impresses improved inspirations inspiritingly intelligence
        invigorates invigorating jollify liveliest loyal loyally medal meritorious nicenesses o/\o
        okays optimistically optimizers peacefulness peaces peacetimes perfectibilities perfectively
        pleasantly popularity prettier prosperous proud radiant rejoices relief respect respected
        respecter rewards richnesses roflcopter romanticisms satisfactions scrumptious sincerely
        slaw smiles splendidly sweeties sweetly terrific thankfulness thrilling treasuring triumph
        trueness trustability trusted trustful trustfulness trusts valuable valuables vbg virtuosity
        vitalising vwp winners wise wisest woo wtg §22 ('-: (: (= --<--<@ :] ;-* =) @}-;-'--- \o/
        admirableness adorability adorable adorations affectionately agreement amazed amazements
        amazes amusedly attractively beneficently benignant blessing bravery care caring
        championships charities charmingly cheeriest cherisher cherishes compassionate confident
        congratulate courage cutesiest cuties darlings dearie devotionally dignified energise
        energises enjoy enjoyer enjoyers enlightened enthusiastic excelled excitement exciting
        fascination favorableness festival festively festivity friend friendlies friendly funner
        glorifies gracefuller gracefulness gratefulness hagd hagn hand handsome heroisms heroizes
        honesty honor honorability honorableness honorifically honoured honours hugs innovate
        inspired inspirer intellectualism invincible jollification joys kinder kindly kmuf l&r
        laughing laughs laughter laughters lovelies merriness merrymaker merrymaking motivating nh
        nicest o:-3 optimize passions peaceful peacetime perfectivity positivenesses praised
        preciously pretty prouder reinvigoration relaxed relaxing respecting rewarded richness
        romanced romanticism safely save splendorous splendour splendours splendrous strength
        strengthening succeed succeeding succeeds successfully sunshine superiorly supremest sweetie
        sweetness sweets triumphed trustiest trusty virtuosic w00t wealth wealthier wealthiest |;-)
        §23 (': *\0/* ---'-;-{@ :') :-d :3 :d =d admired admiringly adventuring amoroso amorously
        appreciated appreciates appreciation beautify beautifying beloved beneficent bl bravely
        bravest brilliancies cheer cheered cheering cherished cleverly cleverness comfortable
        complimenting confidence courageously courteous cuteness cuter darlingness dauntless
        delighted delightsome divinize earnest ecstasies ecstatic encourage energized enjoyed enjoys
        enlighten enlightening enterprising entertainments ethical excitedly flawless free fun
        funned generosity generous glamorous glorified glorifier gorgeously graciously gratifying
        gratitude h&k heaven heavenlinesses helpfully heroes honest honorees honoring honors hooray
        hopeful humorously impressive inspirational inspirationally intellectual iyq jolly jollying
        joyance k4y kfy kindnesses kisses kudos laughingly liberties luckily magnific magnificences
        muah o:3 passionateness perfecting pleasant pleasantness pleasantnesses pleasured
        positiveness positiver positivity prize prizewinner reinvigorate rescue revered smilingly
        splendidness strong sunnier supremeness supremer survived swak sympathetic talented tgif tia
        tops triumphantly triumphing trust trustable trustworthily valuably vip winningly woohoo
        xoxozzz §24 (:0 *-; 14aa41 =-d admirability adoringly affection awardable beauties
        beautifications beneficially brave braver champions charmingest cheerly congrats courageous
        creditworthy delightedly encouraging enjoying entertains excellencies fabulous fascinate
        festiveness gain generousness glamorizer glamorizes glamour gloried glorifying gracefully
        graciousness grandest grandeur handsomeness happier heroically heroics honorably
        humorousness hurrahing hurrays ideal inspiration jollied jollier joyfuller justice kind
        liberty lovers magnifical magnifically magnificence merrily merriment merrymakings optimist
        passionate passionately peacefully peacemakers pleasing pleasurable pleasurableness
        positively positives praises praiseworthiness prized prizewinners profitableness r&r
        relaxation respectability rewarding rewardingly richer riches richest sexy sgtm sunniest
        triumphant vibrant virtuous visionary wealthiness winning wisdom worshiped yay yummy §25 (:o
        :* aas admirably admiration adorableness amaze amazement award beauteous blessings bonus
        brightening bwahahah cheerful cheerily cheeriness excellences excellency excelling excels
        fascinating fondness fwb gla glory heartfelt honorable impressing jolliness joyfully joying
        lmfao loyalty masterpieces merry mwah optimism peace perfections praising roflmao rotflmfao
        self-confident smiled superior treasurable tyvm welldoer winnings wowing ywia §26 (8 1432
        :^* admirable adore adoring appreciative appreciator b^d beauteously beautifulest
        beautifulness blesser blesses bonuses brilliancy cheerier cheery cleverest dearest
        delighters divine enjoyment enthusiastically fantastic friendliest funniest gallantry
        generosities gloriousness gracious hahaha handsomest happily happiness hero heroic hurrah
        ily2 inspiringly laugh ly lylas mirth pleasantest pleasurably positive positivities praise
        praiseworthy proudest proudly ptl remarkable rich romance rotfl securest sophisticated
        splendiferous successes supreme treasured trustworthy vwd wowed x-d §27 :'-) aayf
        beauteousness beautifully benevolent bliss celebrate celebrated celebrates celebrating
        delicious delightfully divinest divinity excellent glorify gr8 happy heavenliest
        heavenliness heroine honour hurray iluaaf inspire jollily joyfulness kissing lmso lolz loves
        lovingness ly4e lylab merriest mirthful overjoyed perfect perfected perfection pleasure
        precious prettiest reward rofl romanticising sfete splendent success successfulness
        supremely tenderheartedly thankful warmheartedness wd wins won wonderful worshipped §28 (-:0
        2g2b4g :-)) alol amazing beauty beneficence blessedest brilliant charming cutest darling
        delectably delightful ecstatically exhilarates exuberant fabulousness godsend gracefullest
        heroism honored joy joyousness lifesaver lovely lover loverly miracle pleasuring pukka
        rejoicing rotflmao sete splendid successful sweethearts tenderheartednesses win winner wow
        xd §29 8d adoration ambw beautiful bff blessed blissful blockbuster brilliance brilliances
        champion congratulation congratulations delectable delight divinely ecstasy ecstatics
        funnest gleeful gloriously gorgeousness heroical jolliest joyed joyful joyously lmao loved
        loving luckiest magnificent marvelous positivest rotgl soulmate super wonderfully
        wonderfulness §30 amor brightest brilliantly enrapture exhilarated exultant gorgeous
        hallelujah heavenlier heavenly honestest jubilant lovable lyb outstanding perfectness
        prizewinning rotflol smartest splendor sweet<3 xlnt xoxo §31 awesome excellence excellently
        great joyous lyl masterpiece peacefullest perfectest superb vbs §32 143 best cheerfullest
        elated euphoric freedom glee glorious greatest happiest heart love lovingly paradise
        perfectly §33 ecstacy euphoria hearts lya sweetheart §34 aml ilu ily magnificently
        """#
}
