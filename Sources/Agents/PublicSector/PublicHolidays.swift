/// The public holidays of a region that fall on weekdays, by the rules in force in 2026.
///
/// Sources: the public holidays acts of the Australian states and territories; 5 U.S.C. § 6103 and
/// Executive Order 11582 for the United States (federal); the Banking and Financial Dealings Act
/// 1971 for England. Days of a single city or trade are left out. Days proclaimed for one year
/// only are known as far as they had been in 2026.
enum PublicHolidays: String, CaseIterable {
    case auACT = "AU-ACT"
    case auNSW = "AU-NSW"
    case auNT = "AU-NT"
    case auQLD = "AU-QLD"
    case auSA = "AU-SA"
    case auTAS = "AU-TAS"
    case auVIC = "AU-VIC"
    case auWA = "AU-WA"
    case gbENG = "GB-ENG"
    case us = "US"

    /// The years for which the rules hold.
    static let years = 2018...2099

    /// Names by date; also what is observed in this year for a holiday of the next.
    func holidays(of year: Int) -> [CalendarDate: String] {
        var days = HolidaySet(year: year)
        switch self {
        case .us: addAmerican(to: &days)
        case .gbENG: addEnglish(to: &days)
        default: addAustralian(to: &days)
        }
        for day in Self.proclaimed where day.year == year && day.regions.contains(self) {
            days.add(day.month, day.day, day.name)
        }
        return days.names
    }

    // MARK: Australia

    private func addAustralian(to days: inout HolidaySet) {
        days.addOrMonday(1, 1, "New Year's Day")
        days.addOrMonday(1, 26, "Australia Day")
        days.addEaster()
        days.addChristmas()
        addANZACDay(to: &days)
        switch self {
        case .auQLD: days.addMonday(1, 10, "King's Birthday")
        case .auWA:
            // Proclaimed each year; 2024 was an exception.
            if days.year != 2024 { days.addLast(.monday, 9, "King's Birthday") }
        default: days.addMonday(2, 6, "King's Birthday")
        }
        switch self {
        case .auACT:
            days.addMonday(2, 3, "Canberra Day")
            days.addMondayFrom(5, 27, "Reconciliation Day")
            days.addMonday(1, 10, "Labour Day")
        case .auNSW: days.addMonday(1, 10, "Labour Day")
        case .auNT:
            days.addMonday(1, 5, "May Day")
            days.addMonday(1, 8, "Picnic Day")
        case .auQLD: days.addMonday(1, 5, "Labour Day")
        case .auSA:
            days.addMonday(2, 3, "Adelaide Cup Day")
            days.addMonday(1, 10, "Labour Day")
        case .auTAS: days.addMonday(2, 3, "Eight Hours Day")
        case .auVIC:
            days.addMonday(2, 3, "Labour Day")
            days.add(.tuesday, 1, 11, "Melbourne Cup Day")
            if days.year != 2020 {
                days.addLast(.saturday, 9, "Friday before the AFL Grand Final", shift: -1)
            }
        case .auWA:
            days.addMonday(1, 3, "Labour Day")
            days.addMonday(1, 6, "Western Australia Day")
        case .gbENG, .us: break
        }
    }

    private func addANZACDay(to days: inout HolidaySet) {
        let name = "ANZAC Day"
        switch self {
        case .auWA: days.addOrMonday(4, 25, name)
        case .auACT, .auNT, .auQLD: days.addOrMonday(4, 25, name, fromSaturday: false)
        // Until the Public Holidays Act 2023.
        case .auSA where days.year < 2024: days.addOrMonday(4, 25, name, fromSaturday: false)
        default: days.add(4, 25, name)
        }
    }

    // MARK: England and the United States

    private func addEnglish(to days: inout HolidaySet) {
        days.addOrMonday(1, 1, "New Year's Day")
        days.addEaster()
        if days.year != 2020 { days.addMonday(1, 5, "Early May bank holiday") }
        if days.year != 2022 { days.addLast(.monday, 5, "Spring bank holiday") }
        days.addLast(.monday, 8, "Summer bank holiday")
        days.addChristmas()
    }

    private func addAmerican(to days: inout HolidaySet) {
        days.addNearest(1, 1, "New Year's Day")
        days.addNearest(1, 1, "New Year's Day", ofNextYear: true)
        days.addMonday(3, 1, "Birthday of Martin Luther King, Jr.")
        days.addMonday(3, 2, "Washington's Birthday")
        days.addLast(.monday, 5, "Memorial Day")
        if days.year >= 2021 { days.addNearest(6, 19, "Juneteenth") }
        days.addNearest(7, 4, "Independence Day")
        days.addMonday(1, 9, "Labor Day")
        days.addMonday(2, 10, "Columbus Day")
        days.addNearest(11, 11, "Veterans Day")
        days.add(.thursday, 4, 11, "Thanksgiving Day")
        days.addNearest(12, 25, "Christmas Day")
    }

    // MARK: Single years

    private typealias Proclaimed = (
        year: Int, month: Int, day: Int, regions: Set<PublicHolidays>, name: String
    )

    private static let australian: Set<PublicHolidays> = Set(allCases).subtracting([.gbENG, .us])

    private static let proclaimed: [Proclaimed] = [
        (2020, 4, 27, [.auACT], "ANZAC Day"),
        (2020, 5, 8, [.gbENG], "Early May bank holiday"),
        (2020, 10, 23, [.auVIC], "Friday before the AFL Grand Final"),
        (2022, 6, 2, [.gbENG], "Spring bank holiday"),
        (2022, 6, 3, [.gbENG], "Platinum Jubilee"),
        (2022, 9, 19, [.gbENG], "State Funeral of Queen Elizabeth II"),
        (2022, 9, 22, australian, "National Day of Mourning"),
        (2023, 5, 8, [.gbENG], "Coronation of King Charles III"),
        (2024, 9, 23, [.auWA], "King's Birthday"),
        (2026, 4, 27, [.auACT, .auNSW], "ANZAC Day"),
        (2027, 4, 26, [.auNSW], "ANZAC Day"),
    ]
}
