/// What a ticket is about, by the words that people use for it.
enum TicketCategory: String, CaseIterable {
    case billing
    case account
    case technical
    case delivery
    case security
    case request
    /// None of the words of the others.
    case general

    /// English, lower-cased; each word belongs to one category.
    private var words: [String] {
        let words =
            switch self {
            case .billing:
                """
                bill billed billing charge charged charges cost credit currency discount invoice \
                invoices iban overcharged paid pay payment payments price prices pricing receipt \
                refund refunded refunds renewal subscription tax vat
                """
            case .account:
                """
                account accounts activate activation deactivate email locked log login logout \
                membership password permission permissions profile register registration reset \
                role signin signup unlock user username
                """
            case .technical:
                """
                api broken bug bugs crash crashed crashes crashing down error errors exception \
                fail failed failing fails failure freeze freezes frozen hangs install installation \
                loading offline outage slow sync timeout unavailable unresponsive update wrong
                """
            case .delivery:
                """
                arrive arrived courier damaged delayed deliver delivered delivery dispatch lost \
                missing order ordered package parcel return returned ship shipment shipped shipping \
                track tracking warehouse
                """
            case .security:
                """
                attack breach compromised fraud fraudulent hacked hacker leak leaked malware \
                phishing privacy ransomware scam spam stolen suspicious unauthorised unauthorized \
                virus vulnerability
                """
            case .request:
                """
                add consider demo documentation enhancement feature features guide idea improve \
                improvement integrate integration propose question roadmap suggest suggestion \
                tutorial wish wishlist
                """
            case .general: ""
            }
        return words.split(separator: " ").map(String.init)
    }

    private static let categories: [String: TicketCategory] = {
        var categories: [String: TicketCategory] = [:]
        for category in allCases {
            for word in category.words { categories[word] = category }
        }
        return categories
    }()

    /// The category with the most words, those of the subject counting twice, of equals the first;
    /// and its words.
    static func category(
        subject: String,
        body: String
    ) throws -> (category: TicketCategory, words: [String]) {
        var counts: [TicketCategory: Int] = [:]
        var found: [(TicketCategory, String)] = []
        for (text, weight) in [(subject, 2), (body, 1)] {
            for word in Words.lowercased(in: text) {
                guard let category = categories[word] else { continue }
                counts[category, default: 0] += weight
                if found.count < 10_000 { found.append((category, word)) }
            }
            try Task.checkCancellation()
        }
        var best = TicketCategory.general
        for category in allCases where counts[category] ?? 0 > counts[best] ?? 0 {
            best = category
        }
        var seen: Set<String> = []
        let words = found.filter { $0.0 == best && seen.insert($0.1).inserted }.map(\.1)
        return (best, words)
    }
}
