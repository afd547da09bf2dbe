use std::{collections::HashMap, sync::OnceLock};

/// What a word does in a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Word {
    /// From zero to nine.
    Unit(u8),
    /// From ten to nineteen.
    Teen(u8),
    /// From twenty to ninety.
    Ten(u8),
    Hundred,
    /// A power of ten from a thousand on.
    Scale(f64),
    Dozen,
    A,
    And,
    Point,
    Half,
    Halves,
    Quarter,
    Quarters,
    /// `third`, `thirds`.
    Ordinal {
        value: f64,
        place: Place,
        plural: bool,
    },
    Minus,
    /// A word that is a number only when people speak (`single`, `nil`).
    Spoken(u8),
    /// A word for a place that is counted from elsewhere than the start (`last`).
    Relative,
    Other,
}

/// Where in a number a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Unit,
    Teen,
    Ten,
    Scale,
}

const UNITS: &[(&str, u8)] = &[
    ("zero", 0),
    ("nought", 0),
    ("naught", 0),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
];
const TEENS: &[(&str, u8)] = &[
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
];
const TENS: &[(&str, u8)] = &[
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fourty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
];
/// With the Indian ones.
const SCALES: &[(&str, f64)] = &[
    ("thousand", 1e3),
    ("lakh", 1e5),
    ("lac", 1e5),
    ("lkh", 1e5),
    ("million", 1e6),
    ("mln", 1e6),
    ("crore", 1e7),
    ("cr", 1e7),
    ("billion", 1e9),
    ("bln", 1e9),
    ("trillion", 1e12),
];
const ORDINALS: &[(&str, f64, Place)] = &[
    ("first", 1.0, Place::Unit),
    ("second", 2.0, Place::Unit),
    ("third", 3.0, Place::Unit),
    ("fourth", 4.0, Place::Unit),
    ("fifth", 5.0, Place::Unit),
    ("sixth", 6.0, Place::Unit),
    ("seventh", 7.0, Place::Unit),
    ("eighth", 8.0, Place::Unit),
    ("ninth", 9.0, Place::Unit),
    ("nineth", 9.0, Place::Unit),
    ("tenth", 10.0, Place::Teen),
    ("eleventh", 11.0, Place::Teen),
    ("twelfth", 12.0, Place::Teen),
    ("twelveth", 12.0, Place::Teen),
    ("thirteenth", 13.0, Place::Teen),
    ("fourteenth", 14.0, Place::Teen),
    ("fifteenth", 15.0, Place::Teen),
    ("sixteenth", 16.0, Place::Teen),
    ("seventeenth", 17.0, Place::Teen),
    ("eighteenth", 18.0, Place::Teen),
    ("nineteenth", 19.0, Place::Teen),
    ("twentieth", 20.0, Place::Ten),
    ("thirtieth", 30.0, Place::Ten),
    ("fortieth", 40.0, Place::Ten),
    ("fiftieth", 50.0, Place::Ten),
    ("sixtieth", 60.0, Place::Ten),
    ("seventieth", 70.0, Place::Ten),
    ("eightieth", 80.0, Place::Ten),
    ("ninetieth", 90.0, Place::Ten),
    ("hundredth", 1e2, Place::Scale),
    ("thousandth", 1e3, Place::Scale),
    ("millionth", 1e6, Place::Scale),
    ("billionth", 1e9, Place::Scale),
    ("trillionth", 1e12, Place::Scale),
];

/// Words with one meaning in numbers.
const SINGLE: &[(&str, Word)] = &[
    ("a", Word::A),
    ("an", Word::A),
    ("and", Word::And),
    ("point", Word::Point),
    ("half", Word::Half),
    ("halves", Word::Halves),
    ("quarter", Word::Quarter),
    ("quarters", Word::Quarters),
    ("hundred", Word::Hundred),
    ("hundreds", Word::Hundred),
    ("dozen", Word::Dozen),
    ("dozens", Word::Dozen),
    ("doz", Word::Dozen),
    ("dozs", Word::Dozen),
    ("dz", Word::Dozen),
    ("dzs", Word::Dozen),
    ("minus", Word::Minus),
    ("negative", Word::Minus),
    ("single", Word::Spoken(1)),
    ("nil", Word::Spoken(0)),
    ("last", Word::Relative),
    ("next", Word::Relative),
    ("previous", Word::Relative),
    ("current", Word::Relative),
    ("penultimate", Word::Relative),
    ("antepenultimate", Word::Relative),
];

/// What a word in lower case is.
pub(super) fn word(word: &str) -> Word {
    static WORDS: OnceLock<HashMap<String, Word>> = OnceLock::new();
    // Most words are told by their length and first letter alone.
    let possible = word.len() <= 18
        && matches!(
            word.as_bytes().first(),
            Some(b'a'..=b'f' | b'h' | b'l'..=b'q' | b's' | b't' | b'z')
        );
    if !possible {
        return Word::Other;
    }
    WORDS.get_or_init(words).get(word).copied().unwrap_or(Word::Other)
}

fn words() -> HashMap<String, Word> {
    let mut words: HashMap<String, Word> = SINGLE.iter().map(|(name, word)| ((*name).to_owned(), *word)).collect();
    let mut add = |name: String, word: Word| {
        words.insert(name, word);
    };
    for (name, value) in UNITS {
        add((*name).to_owned(), Word::Unit(*value));
    }
    for (name, value) in TEENS {
        add((*name).to_owned(), Word::Teen(*value));
    }
    for (name, value) in TENS {
        add((*name).to_owned(), Word::Ten(*value));
    }
    for (name, value) in SCALES {
        add((*name).to_owned(), Word::Scale(*value));
        add(format!("{name}s"), Word::Scale(*value));
    }
    for (name, value, place) in ORDINALS {
        for (ending, plural) in [("", false), ("s", true)] {
            let ordinal = |value: f64, place: Place| Word::Ordinal { value, place, plural };
            add(format!("{name}{ending}"), ordinal(*value, *place));
            // Written as one word: `twentyfifth`.
            if *place == Place::Unit {
                for (ten, tens) in TENS {
                    add(
                        format!("{ten}{name}{ending}"),
                        ordinal(f64::from(*tens) + value, Place::Ten),
                    );
                }
            }
        }
    }
    words
}
