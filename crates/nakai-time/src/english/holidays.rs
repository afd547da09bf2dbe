//! The names of holidays.
//!
//! Days of the Chinese calendar in the middle of its year are tables; all others are computed.

use jiff::civil::Weekday;

use super::tokens::{Parsed, Text};
use crate::{
    expression::{Stretch, Year},
    holiday::Holiday as H,
};

const fn hindu(month: i8, tithi: i8, hour: i8, days: i8) -> H {
    H::Hindu {
        month,
        tithi,
        hour,
        days,
    }
}

const fn weekday(month: i8, nth: i8, weekday: Weekday) -> H {
    H::Weekday { month, nth, weekday }
}

const fn after(month: i8, nth: i8, weekday: Weekday, days: i8) -> H {
    H::AfterWeekday {
        month,
        nth,
        weekday,
        days,
    }
}

/// Names in the order of the alphabet, without hyphens and possessives, and when they are.
const HOLIDAYS: &[(&str, H)] = &[
    ("administrative professional day", after(4, -1, Weekday::Saturday, -3)),
    ("akshaya tritiya", hindu(1, 3, 6, 0)),
    ("all hallow day", H::Fixed(11, 1)),
    ("all hallow eve", H::Fixed(10, 31)),
    ("all saint day", H::Fixed(11, 1)),
    ("all soul day", H::Fixed(11, 2)),
    ("anzac day", H::Fixed(4, 25)),
    ("april fool", H::Fixed(4, 1)),
    ("april fool day", H::Fixed(4, 1)),
    ("arabic new year", H::Islamic(1, 1)),
    ("arbor day", weekday(4, -1, Weekday::Friday)),
    ("armistice day", H::Fixed(11, 11)),
    ("ascension day", H::Easter(39)),
    ("ascension to heaven", H::Islamic(7, 27)),
    ("ash wednesday", H::Easter(-46)),
    ("assumption day", H::Fixed(8, 15)),
    ("australia day", H::Fixed(1, 26)),
    ("baisakhi", H::Sun(0, 0)),
    ("bakr id", H::Islamic(12, 10)),
    ("baptiste day", H::Fixed(6, 24)),
    ("basant panchami", hindu(10, 5, 9, 0)),
    ("bastille day", H::Fixed(7, 14)),
    ("bhai dooj", hindu(7, 2, 15, 0)),
    ("bhogi", H::Sun(9, -1)),
    ("black friday", after(11, 4, Weekday::Thursday, 1)),
    ("boghi", H::Sun(9, -1)),
    ("bogi pandigai", H::Sun(9, -1)),
    ("boss day", BOSS),
    ("boxing day", H::Fixed(12, 26)),
    ("branch sunday", H::Easter(-7)),
    ("breaking the fast", H::Islamic(10, 1)),
    ("buddha day", hindu(1, 15, 18, 0)),
    ("buddha purnima", hindu(1, 15, 18, 0)),
    ("canada day", H::Fixed(7, 1)),
    ("chhath", hindu(7, 6, 6, 0)),
    ("chhath puja", hindu(7, 6, 6, 0)),
    ("chhoti diwali", hindu(6, 30, 18, -1)),
    ("chhoti holi", hindu(11, 15, 18, 0)),
    ("children day", H::Fixed(6, 1)),
    ("chinese lunar new year", H::ChineseNewYear),
    ("chinese lunar new year day", H::ChineseNewYear),
    ("chinese new year", H::ChineseNewYear),
    ("chinese new year day", H::ChineseNewYear),
    ("choti diwali", hindu(6, 30, 18, -1)),
    ("choti holi", hindu(11, 15, 18, 0)),
    ("christmas", H::Fixed(12, 25)),
    ("christmas day", H::Fixed(12, 25)),
    ("christmas eve", H::Fixed(12, 24)),
    ("cinco de mayo", H::Fixed(5, 5)),
    ("civil rights day", MLK),
    ("clean monday", H::OrthodoxEaster(-48)),
    ("columbus day", weekday(10, 2, Weekday::Monday)),
    ("corpus christi", H::Easter(60)),
    ("covenant thu", H::Easter(-3)),
    ("covenant thursday", H::Easter(-3)),
    ("cyber monday", after(11, 4, Weekday::Thursday, 4)),
    ("dala puja", hindu(7, 6, 6, 0)),
    ("dasara", hindu(6, 10, 12, 0)),
    ("day of ashura", H::Islamic(1, 10)),
    ("day of atonement", H::Hebrew(7, 10)),
    ("dayananda saraswati jayanti", hindu(10, 25, 6, 0)),
    ("deepavali", hindu(6, 30, 18, 0)),
    ("dhanteras", hindu(6, 30, 18, -2)),
    ("dhulandi", hindu(11, 15, 18, 1)),
    ("diwali", hindu(6, 30, 18, 0)),
    (
        "double ninth festival",
        H::Table(
            2018,
            &[
                (10, 17),
                (10, 7),
                (10, 25),
                (10, 14),
                (10, 4),
                (10, 23),
                (10, 11),
                (10, 29),
            ],
        ),
    ),
    (
        "dragon boat festival",
        H::Table(
            2015,
            &[
                (6, 20),
                (6, 9),
                (5, 30),
                (6, 18),
                (6, 7),
                (6, 25),
                (6, 14),
                (6, 3),
                (6, 22),
                (6, 10),
            ],
        ),
    ),
    ("dussehra", hindu(6, 10, 12, 0)),
    ("earth day", H::Fixed(4, 22)),
    ("easter", H::Easter(0)),
    ("easter day", H::Easter(0)),
    ("easter mon", H::Easter(1)),
    ("easter monday", H::Easter(1)),
    ("easter saturday", H::Easter(-1)),
    ("easter sunday", H::Easter(0)),
    ("eid al adha", H::Islamic(12, 10)),
    ("eid al azha", H::Islamic(12, 10)),
    ("eid al fitr", H::Islamic(10, 1)),
    ("eid al kabir", H::Islamic(12, 10)),
    ("eid ul adha", H::Islamic(12, 10)),
    ("eid ul fitr", H::Islamic(10, 1)),
    ("eidul adha", H::Islamic(12, 10)),
    ("eidul azha", H::Islamic(12, 10)),
    ("eidul fitr", H::Islamic(10, 1)),
    ("election day", after(11, 1, Weekday::Monday, 1)),
    ("epiphany", H::Fixed(1, 6)),
    ("father day", weekday(6, 3, Weekday::Sunday)),
    ("female day", H::Fixed(3, 8)),
    ("festival of breaking the fast", H::Islamic(10, 1)),
    ("flag day", H::Fixed(6, 14)),
    ("fools day", H::Fixed(4, 1)),
    ("ganesh chaturthi", hindu(5, 4, 12, 0)),
    ("girl day", H::Fixed(3, 7)),
    ("giving tuesday", after(11, 4, Weekday::Thursday, 5)),
    ("gokulashtami", hindu(4, 23, 23, 0)),
    ("good friday", H::Easter(-2)),
    ("govardhan puja", hindu(6, 30, 18, 1)),
    ("grandparent day", after(9, 1, Weekday::Monday, 6)),
    ("great friday", H::Easter(-2)),
    ("groundhog day", H::Fixed(2, 2)),
    ("gudi padwa", hindu(0, 1, 6, 0)),
    ("guru nanak gurpurab", hindu(7, 15, 6, 0)),
    ("guru nanak jayanti", hindu(7, 15, 6, 0)),
    ("guru purnima", hindu(3, 15, 6, 0)),
    ("guru ravidas birthday", hindu(10, 15, 6, 0)),
    ("guru ravidas jayanti", hindu(10, 15, 6, 0)),
    ("guru ravidass jayanti", hindu(10, 15, 6, 0)),
    ("guy fawkes day", H::Fixed(11, 5)),
    ("guy fawkes night", H::Fixed(11, 5)),
    ("halloween", H::Fixed(10, 31)),
    ("halloween day", H::Fixed(10, 31)),
    ("hanuman jayanti", hindu(0, 15, 6, 0)),
    ("hijri new year", H::Islamic(1, 1)),
    ("holi", hindu(11, 15, 18, 1)),
    ("holika dahan", hindu(11, 15, 18, 0)),
    (
        "holocaust day",
        H::HebrewMoved(1, 27, &[(Weekday::Friday, -1), (Weekday::Sunday, 1)]),
    ),
    (
        "holocaust remembrance day",
        H::HebrewMoved(1, 27, &[(Weekday::Friday, -1), (Weekday::Sunday, 1)]),
    ),
    ("holy saturday", H::Easter(-1)),
    ("holy thursday", H::Easter(-3)),
    ("id ul adha", H::Islamic(12, 10)),
    ("inauguration day", H::Fixed(1, 20)),
    ("independence day", H::Fixed(7, 4)),
    ("indigenous people day", weekday(10, 2, Weekday::Monday)),
    ("int l worker day", H::Fixed(5, 1)),
    ("international women day", H::Fixed(3, 8)),
    ("international worker day", H::Fixed(5, 1)),
    ("islamic new year", H::Islamic(1, 1)),
    ("isra and mi raj", H::Islamic(7, 27)),
    ("jamat ul vida", H::FridayBefore(10, 1)),
    ("jamshedi navroz", H::EachYearOf365(2018, 8, 17)),
    ("janmashtami", hindu(4, 23, 23, 0)),
    ("jumu atul wida", H::FridayBefore(10, 1)),
    ("juneteenth", H::Fixed(6, 19)),
    ("kaanum pongal", H::Sun(9, 2)),
    ("kali chaudas", hindu(6, 30, 18, -1)),
    ("kamudu pyre", hindu(11, 15, 18, 0)),
    ("karva chauth", hindu(6, 19, 18, 0)),
    ("king day", H::NotSunday(4, 27)),
    ("koningsdag", H::NotSunday(4, 27)),
    ("krishna janmashtami", hindu(4, 23, 23, 0)),
    ("kwanzaa", H::Fixed(12, 26)),
    ("labor day", weekday(9, 1, Weekday::Monday)),
    ("labour day", weekday(9, 1, Weekday::Monday)),
    ("lag b omer", H::Hebrew(2, 18)),
    ("lag baomer", H::Hebrew(2, 18)),
    ("lakshmi puja", hindu(6, 30, 18, 0)),
    (
        "lantern festival",
        H::Table(
            2015,
            &[
                (3, 5),
                (2, 22),
                (2, 11),
                (3, 2),
                (2, 19),
                (2, 8),
                (2, 26),
                (2, 15),
                (2, 5),
                (2, 24),
                (2, 12),
            ],
        ),
    ),
    ("laylat al qadr", H::Islamic(9, 27)),
    ("lazarus saturday", H::OrthodoxEaster(-8)),
    ("lohri", H::Sun(9, -1)),
    ("lover day", H::Fixed(2, 14)),
    ("lunar new year", H::ChineseNewYear),
    ("lunar new year day", H::ChineseNewYear),
    ("maghi", H::Sun(9, 0)),
    ("maha ashtami", hindu(6, 8, 6, 0)),
    ("maha navami", hindu(6, 9, 6, 0)),
    ("maha saptami", hindu(6, 7, 6, 0)),
    ("maha shivaratri", hindu(10, 29, 23, 0)),
    ("maharishi dayanand saraswati jayanti", hindu(10, 25, 6, 0)),
    ("mahashivratri", hindu(10, 29, 23, 0)),
    ("mahaveer janma kalyanak", hindu(0, 13, 6, 0)),
    ("mahaveer jayanti", hindu(0, 13, 6, 0)),
    ("mahavir janma kalyanak", hindu(0, 13, 6, 0)),
    ("mahavir jayanti", hindu(0, 13, 6, 0)),
    ("makar sankranthi", H::Sun(9, 0)),
    ("makar sankranti", H::Sun(9, 0)),
    ("makara sankranthi", H::Sun(9, 0)),
    ("makara sankranti", H::Sun(9, 0)),
    ("mao birthday", H::Fixed(12, 26)),
    ("mardi gra", H::Easter(-47)),
    ("martin luther king day", MLK),
    ("martin luther king jr day", MLK),
    ("mattu pongal", H::Sun(9, 1)),
    ("maundy thursday", H::Easter(-3)),
    ("mawlid", H::Islamic(3, 12)),
    ("may day", H::Fixed(5, 1)),
    ("memorial day", weekday(5, -1, Weekday::Monday)),
    ("mesadi", H::Sun(0, 0)),
    (
        "mid autumn festival",
        H::Table(
            2015,
            &[
                (9, 27),
                (9, 15),
                (10, 4),
                (9, 24),
                (9, 13),
                (10, 1),
                (9, 21),
                (9, 10),
                (9, 29),
                (9, 17),
                (10, 6),
            ],
        ),
    ),
    ("mlk day", MLK),
    ("mlk jr day", MLK),
    ("monday of the holy spirit", H::Easter(50)),
    ("mother day", weekday(5, 2, Weekday::Sunday)),
    ("naraka chaturdashi", hindu(6, 30, 18, -1)),
    ("navy day", H::Fixed(10, 27)),
    ("new year", H::Fixed(1, 1)),
    ("new year day", H::Fixed(1, 1)),
    ("new year eve", H::Fixed(12, 31)),
    ("night journey", H::Islamic(7, 27)),
    ("orthodox easter", H::OrthodoxEaster(0)),
    ("orthodox easter monday", H::OrthodoxEaster(1)),
    ("orthodox easter sunday", H::OrthodoxEaster(0)),
    ("orthodox good friday", H::OrthodoxEaster(-2)),
    ("orthodox great friday", H::OrthodoxEaster(-2)),
    ("orthodox holy saturday", H::OrthodoxEaster(-1)),
    ("orthodox palm sunday", H::OrthodoxEaster(-7)),
    ("orthodox shrove monday", H::OrthodoxEaster(-48)),
    ("palm sunday", H::Easter(-7)),
    ("pancake day", H::Easter(-47)),
    ("parent day", weekday(7, 4, Weekday::Sunday)),
    ("parsi new year", H::EachYearOf365(2018, 8, 17)),
    ("patriot day", H::Fixed(9, 11)),
    ("pearl harbor day", H::Fixed(12, 7)),
    ("pentecost", H::Easter(49)),
    ("pentecost monday", H::Easter(50)),
    ("phagwah", hindu(11, 15, 18, 1)),
    ("pongal", H::Sun(9, 0)),
    ("president day", weekday(2, 3, Weekday::Monday)),
    ("presidents day", weekday(2, 3, Weekday::Monday)),
    ("prophet ascension", H::Islamic(7, 27)),
    ("purim", H::Hebrew(12, 14)),
    ("rabindra jayanti", H::Fixed(5, 9)),
    ("rabindranath jayanti", H::Fixed(5, 9)),
    ("rakhi", hindu(4, 15, 12, 0)),
    ("raksha bandhan", hindu(4, 15, 12, 0)),
    ("ram navami", hindu(0, 9, 12, 0)),
    ("rama navami", hindu(0, 9, 12, 0)),
    ("ramadan", H::Islamic(9, 1)),
    ("ramadhan", H::Islamic(9, 1)),
    ("ramathan", H::Islamic(9, 1)),
    ("ramazan", H::Islamic(9, 1)),
    ("ramzan", H::Islamic(9, 1)),
    ("rangwali holi", hindu(11, 15, 18, 1)),
    ("rath yatra", hindu(3, 2, 6, 0)),
    ("ratha yatra", hindu(3, 2, 6, 0)),
    ("remembrance day", H::Fixed(11, 11)),
    ("sacrifice feast", H::Islamic(12, 10)),
    ("saint george day", H::Fixed(4, 23)),
    ("saint paddy day", H::Fixed(3, 17)),
    ("saint patrick day", H::Fixed(3, 17)),
    ("saraswati jayanti", hindu(10, 25, 6, 0)),
    ("secretary day", after(4, -1, Weekday::Saturday, -3)),
    ("shemini atzeret", H::Hebrew(7, 22)),
    ("shrove tuesday", H::Easter(-47)),
    ("shushan purim", H::Hebrew(12, 15)),
    ("siblings day", H::Fixed(4, 10)),
    ("simchat torah", H::Hebrew(7, 23)),
    ("single day", H::Fixed(11, 11)),
    ("singles day", H::Fixed(11, 11)),
    ("small business saturday", after(11, 4, Weekday::Thursday, 2)),
    ("spring festival", H::ChineseNewYear),
    ("st andrew day", H::Fixed(11, 30)),
    ("st david day", H::Fixed(3, 1)),
    ("st george day", H::Fixed(4, 23)),
    ("st nicholas day", H::Fixed(12, 6)),
    ("st paddy day", H::Fixed(3, 17)),
    ("st patrick day", H::Fixed(3, 17)),
    ("st stephen day", H::Fixed(12, 26)),
    ("st valentine day", H::Fixed(2, 14)),
    ("super tuesday", after(3, 1, Weekday::Monday, 1)),
    ("surya shashthi", hindu(7, 6, 6, 0)),
    ("teacher day", H::Fixed(9, 10)),
    ("thai pongal", H::Sun(9, 0)),
    ("thanks giving", THANKSGIVING),
    ("thanks giving day", THANKSGIVING),
    ("thanksgiving", THANKSGIVING),
    ("thanksgiving day", THANKSGIVING),
    ("thu of mysteries", H::Easter(-3)),
    ("tisha b av", H::HebrewMoved(5, 9, &[(Weekday::Saturday, 1)])),
    ("tree planting day", H::Fixed(3, 12)),
    ("trinity sunday", H::Easter(56)),
    ("tu bishvat", H::Hebrew(11, 15)),
    ("turkey day", THANKSGIVING),
    ("ugadi", hindu(0, 1, 6, 0)),
    ("us independence day", H::Fixed(7, 4)),
    ("vaisakha", hindu(1, 15, 18, 0)),
    ("vaisakhi", H::Sun(0, 0)),
    ("vaishakhi", H::Sun(0, 0)),
    ("valentine day", H::Fixed(2, 14)),
    ("vasakhi", H::Sun(0, 0)),
    ("vasant panchami", hindu(10, 5, 9, 0)),
    ("vesak", hindu(1, 15, 18, 0)),
    ("veteran day", H::Fixed(11, 11)),
    (
        "victoria day",
        H::LastBefore {
            month: 5,
            day: 24,
            weekday: Weekday::Monday,
        },
    ),
    ("vijayadashami", hindu(6, 10, 12, 0)),
    ("waitangi day", H::Fixed(2, 6)),
    ("washington birthday", weekday(2, 3, Weekday::Monday)),
    ("whit monday", H::Easter(50)),
    ("whit sunday", H::Easter(49)),
    ("white lover day", H::Fixed(3, 14)),
    ("white monday", H::Easter(50)),
    ("white sunday", H::Easter(49)),
    ("whitmonday", H::Easter(50)),
    ("whitsunday", H::Easter(49)),
    ("women day", H::Fixed(3, 8)),
    ("worker day", H::Fixed(5, 1)),
    ("xmas", H::Fixed(12, 25)),
    ("xmas day", H::Fixed(12, 25)),
    ("xmas eve", H::Fixed(12, 24)),
    (
        "yom ha atzmaut",
        H::HebrewMoved(
            2,
            5,
            &[(Weekday::Friday, -1), (Weekday::Saturday, -2), (Weekday::Monday, 1)],
        ),
    ),
    (
        "yom haatzmaut",
        H::HebrewMoved(
            2,
            5,
            &[(Weekday::Friday, -1), (Weekday::Saturday, -2), (Weekday::Monday, 1)],
        ),
    ),
    (
        "yom hashoah",
        H::HebrewMoved(1, 27, &[(Weekday::Friday, -1), (Weekday::Sunday, 1)]),
    ),
    ("yom kippur", H::Hebrew(7, 10)),
    ("youth day", H::Fixed(5, 4)),
    ("yuandan", H::Fixed(1, 1)),
];

const THANKSGIVING: H = weekday(11, 4, Weekday::Thursday);
const MLK: H = weekday(1, 3, Weekday::Monday);
/// The weekday nearest to the 16th of October.
const BOSS: H = H::Nearest(10, 16);

/// Festivals of several days: their names, their first days and how many days they have.
const FESTIVALS: &[(&str, H, i64)] = &[
    ("chanukah", H::Hebrew(9, 25), 9),
    ("chanukkah", H::Hebrew(9, 25), 9),
    ("durga puja", hindu(6, 1, 6, -1), 10),
    ("feast of booths", H::Hebrew(7, 15), 9),
    ("feast of tabernacles", H::Hebrew(7, 15), 9),
    ("feast of the ingathering", H::Hebrew(7, 15), 9),
    ("feast of weeks", H::Hebrew(3, 6), 3),
    ("golden week", H::Fixed(4, 29), 7),
    ("great fast", H::OrthodoxEaster(-48), 40),
    ("great lent", H::OrthodoxEaster(-48), 40),
    ("hanukah", H::Hebrew(9, 25), 9),
    ("hanukkah", H::Hebrew(9, 25), 9),
    ("lent", H::Easter(-46), 46),
    ("navaratri", hindu(6, 1, 6, -1), 10),
    ("navratri", hindu(6, 1, 6, -1), 10),
    ("obon", H::Fixed(8, 13), 4),
    ("passover", H::Hebrew(1, 15), 9),
    ("pesach", H::Hebrew(1, 15), 9),
    ("rosh hashana", H::Hebrew(7, 1), 3),
    ("rosh hashanah", H::Hebrew(7, 1), 3),
    ("rosh hashanna", H::Hebrew(7, 1), 3),
    ("shavuot", H::Hebrew(3, 6), 3),
    ("succos", H::Hebrew(7, 15), 9),
    ("sukkos", H::Hebrew(7, 15), 9),
    ("sukkot", H::Hebrew(7, 15), 9),
];

/// The first words of all names, also with the ending of the possessive.
pub(super) fn first_words() -> impl Iterator<Item = &'static str> {
    let first = |name: &'static str| name.split(' ').next().unwrap_or(name);
    let festivals = FESTIVALS.iter().map(move |(name, ..)| first(name));
    HOLIDAYS
        .iter()
        .map(move |(name, _)| first(name))
        .chain(festivals)
        .chain(POSSESSIVES.iter().copied())
}

/// First words as they are written with the ending of the plural or, without its sign, of the possessive.
const POSSESSIVES: &[&str] = &[
    "fathers",
    "mothers",
    "valentines",
    "veterans",
    "kings",
    "teachers",
    "girls",
    "singles",
    "womens",
    "workers",
    "presidents",
    "boss",
    "saints",
];

/// The entries whose first word is this one.
fn starting_with(word: &str) -> impl DoubleEndedIterator<Item = &'static (&'static str, H)> {
    let first = |name: &'static str| name.split(' ').next().unwrap_or(name);
    let start = HOLIDAYS.partition_point(|(name, _)| first(name) < word);
    let entries = HOLIDAYS.get(start..).unwrap_or_default();
    let end = entries.partition_point(|(name, _)| first(name) == word);
    entries.get(..end).unwrap_or_default().iter()
}

impl Text<'_> {
    /// A holiday by its name.
    pub(super) fn holiday(&self, at: usize) -> Parsed<H> {
        let word = self.word(at);
        let stem = word.strip_suffix('s').unwrap_or(word);
        let longest = |word: &str| {
            starting_with(word)
                .filter_map(|(name, holiday)| self.name(at, name).map(|end| (*holiday, end)))
                .max_by_key(|(_, end)| *end)
        };
        longest(word).or_else(|| longest(stem))
    }

    /// A festival of several days with its year.
    pub(super) fn festival(&self, at: usize) -> Parsed<Stretch> {
        let found = FESTIVALS
            .iter()
            .filter(|(name, ..)| name.starts_with(self.word(at)))
            .filter_map(|(name, holiday, days)| Some((*holiday, *days, self.name(at, name)?)));
        let (holiday, days, end) = found.max_by_key(|(_, _, end)| *end)?;
        let of = self.skip(self.skip(end, &[","]), &["of", "in"]);
        let (year, end) = self
            .full_year(of)
            .or_else(|| self.turned_year(of))
            .unwrap_or((Year::Unsaid, end));
        Some((Stretch::Festival { holiday, days, year }, end))
    }

    /// The token after a name, which may have hyphens and possessives.
    fn name(&self, at: usize, name: &str) -> Option<usize> {
        let mut next = at;
        for (number, expected) in name.split(' ').enumerate() {
            if number > 0 {
                next = self.seq(next, &["'", "s"]).unwrap_or(next);
                next = self.skip(next, &["-", "."]);
                // "Presidents' Day", "Lag B'Omer".
                if self.any(next, &["'"]) && (self.word(next - 1).ends_with('s') || self.glued(next + 1)) {
                    next += 1;
                }
            }
            let word = self.word(next);
            if word != expected && word.strip_suffix('s') != Some(expected) {
                return None;
            }
            next += 1;
        }
        Some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::HOLIDAYS;

    #[test]
    fn names_are_in_the_order_in_which_they_are_looked_up() {
        let first = |name: &'static str| name.split(' ').next().unwrap_or(name);
        assert!(HOLIDAYS.windows(2).all(|pair| first(pair[0].0) <= first(pair[1].0)));
    }
}
