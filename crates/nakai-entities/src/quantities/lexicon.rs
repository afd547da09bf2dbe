use std::{
    collections::{HashMap, HashSet},
    sync::OnceLock,
};

use super::{
    Dimension, Unit,
    currencies::{CURRENCIES, FRACTIONS},
    measures::MEASURES,
};

/// Codes that are words too: as a currency they stand in capitals with a number.
const WORDS: &[&str] = &[
    "try", "mad", "cup", "bob", "pen", "gel", "mop", "ban", "cop", "sos", "std", "lak", "sar", "scr", "sol", "ron",
    "bam", "ern", "imp", "jod", "php", "ang", "dop", "mga", "omr", "sdg", "yer", "kgs", "gip", "nad", "byr", "btn",
    "sbd",
];
/// Codes that no text means: `ALL 5`, `TOP 10`.
const NEVER: &[&str] = &["all", "top"];
/// Codes that say a currency also without a number.
const ALONE: &[&str] = &[
    "usd", "eur", "jpy", "gbp", "cny", "rmb", "chf", "hkd", "krw", "twd", "sgd", "btc", "aud", "nzd", "mxn", "inr",
    "brl", "rub", "nok", "dkk", "thb", "idr", "myr", "vnd", "zar", "pln", "czk", "huf", "aed", "clp", "uah", "egp",
    "pkr", "bdt", "lkr", "ngn", "kes", "mcg", "lbs", "mph",
];
/// Names that are other words too, so that they need a number.
const AMBIGUOUS: &[&str] = &[
    "kiwi",
    "kina",
    "kobo",
    "lari",
    "lipa",
    "napa",
    "para",
    "taka",
    "tala",
    "toea",
    "vatu",
    "yuan",
    "yuans",
    "bucks",
    "buck",
    "sols",
    "soles",
    "real",
    "reais",
    "rand",
    "rands",
    "colon",
    "colones",
    "dong",
    "dongs",
    "kips",
    "quid",
    "turn",
    "leone",
    "leones",
    "perak",
    "pula",
    "pulas",
    "lira",
    "sene",
    "sente",
    "avos",
    "deni",
    "luma",
    "loti",
    "fils",
    "bani",
    "mongo",
    "chon",
    "jeon",
    "filler",
    "santim",
    "agora",
    "barrel",
    "barrels",
    "grain",
    "grains",
    "pound weight",
    "stone",
    "stones",
    "yards",
    "yard",
    "cord",
    "cords",
    "dram",
    "drams",
    "feet",
    "foot",
    "gill",
    "gills",
    "knot",
    "knots",
    "peck",
    "pecks",
    "cups",
    "minim",
    "bits",
    "tons",
    "kilo",
    "kilos",
    "carat",
    "carats",
    "degree",
    "degrees",
    "degs",
    "ounce",
    "ounces",
    "full turn",
    "mins",
    "quart",
    "pint",
    "pints",
    "long ton",
    "short hundredweight",
    "micron",
    "microns",
    "kbit",
    "tonne",
];
/// Signs that are also used otherwise, so that only a part of a currency can have them.
const ONLY_PARTS: &[&str] = &["c", "p"];

/// The same in Japanese.
const AMBIGUOUS_KATAKANA: &[&str] = &[
    "ランド",
    "リアル",
    "レアル",
    "コロン",
    "チャット",
    "ポンド",
    "ドラム",
    "レオン",
    "バルボア",
    "キップ",
    "フラン",
    "サタン",
    "アット",
    "センテ",
    "ペニー",
    "コルドバ",
    "マルカ",
    "パイサ",
];

/// How a name can stand to a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// The place of its unit.
    pub(super) unit: usize,
    pub(super) before: bool,
    /// Whether it means the unit without a number.
    pub(super) alone: bool,
    /// Whether it must be in capitals.
    pub(super) capitals: bool,
    /// Whether it stands only for a part of a currency that is named.
    pub(super) only_part: bool,
}

/// The names of all units.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    pub(super) units: Vec<Unit>,
    /// Tokens joined by spaces, with what they can mean.
    english: HashMap<String, Vec<Entry>>,
    /// How many tokens the longest name has that begins with a token.
    first: HashMap<String, usize>,
    /// The last tokens of names that stand before a number.
    last: HashSet<String>,
    /// By their first character, the longest first.
    japanese: HashMap<char, Vec<(String, Entry)>>,
}

/// The lexicon, which is made once.
pub(super) fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(Lexicon::build)
}

impl Lexicon {
    /// What tokens joined by spaces can mean.
    pub(super) fn english(&self, joined: &str) -> &[Entry] {
        self.english.get(joined).map_or(&[], Vec::as_slice)
    }

    /// The unit of a dimension with this canonical name.
    pub(super) fn unit_named(&self, name: &str, dimension: Dimension) -> Option<&Unit> {
        self.units
            .iter()
            .find(|unit| unit.name == name && unit.dimension == dimension)
    }

    /// What a name as it is written can mean.
    pub(super) fn english_text(&self, name: &str) -> &[Entry] {
        self.english(&tokens(name).join(" "))
    }

    /// How many tokens a name that begins with a token can have.
    pub(super) fn most_tokens(&self, first: &str) -> usize {
        self.first.get(first).copied().unwrap_or(0)
    }

    /// Whether a name that stands before a number can end with a token.
    pub(super) fn can_end_before(&self, last: &str) -> bool {
        self.last.contains(last)
    }

    /// The Japanese names that begin with a character, the longest first.
    pub(super) fn japanese(&self, first: char) -> &[(String, Entry)] {
        self.japanese.get(&first).map_or(&[], Vec::as_slice)
    }

    fn build() -> Self {
        let mut lexicon = Self::default();
        for measure in MEASURES {
            let unit = lexicon.unit(measure.name, measure.dimension, measure.factor, "", "");
            lexicon.add_english(unit, names(measure.english), false);
            lexicon.add_japanese(unit, measure.japanese);
        }
        for currency in CURRENCIES {
            let unit = lexicon.unit(currency.name, Dimension::Currency, 1.0, currency.code, "");
            let kind = currency.name.rsplit(' ').next().unwrap_or_default().to_lowercase();
            let full = currency.name.to_lowercase();
            let mut surfaces = vec![format!("{full}s"), full];
            for place in names(currency.places) {
                surfaces.extend([format!("{place} {kind}"), format!("{place} {kind}s")]);
                match kind.as_str() {
                    "dollar" => surfaces.push(format!("{place} $")),
                    "pound" => surfaces.push(format!("{place} £")),
                    _ => {}
                }
            }
            lexicon.add_english(unit, surfaces.iter().map(String::as_str), false);
            lexicon.add_english(unit, names(currency.english), false);
            lexicon.add_code(unit, currency.code);
            lexicon.add_japanese(unit, currency.japanese);
        }
        for fraction in FRACTIONS {
            let unit = lexicon.unit(
                fraction.name,
                Dimension::Currency,
                1.0 / fraction.divisor,
                "",
                fraction.of,
            );
            lexicon.add_english(unit, names(fraction.english), true);
            lexicon.add_japanese(unit, fraction.japanese);
        }
        for list in lexicon.japanese.values_mut() {
            list.sort_by_key(|(name, _)| std::cmp::Reverse(name.chars().count()));
        }
        lexicon
    }

    fn unit(
        &mut self,
        name: &'static str,
        dimension: Dimension,
        factor: f64,
        code: &'static str,
        of: &'static str,
    ) -> usize {
        self.units.push(Unit {
            name,
            dimension,
            factor,
            iso_code: (!code.is_empty()).then_some(code),
            part_of: (dimension == Dimension::Currency && factor < 1.0).then_some(of),
        });
        self.units.len() - 1
    }

    fn add_english<'a>(&mut self, unit: usize, surfaces: impl Iterator<Item = &'a str>, is_part: bool) {
        let is_currency = self
            .units
            .get(unit)
            .is_some_and(|unit| unit.dimension == Dimension::Currency);
        for surface in surfaces {
            let has_sign = surface.chars().any(|c| !c.is_ascii() && !c.is_alphabetic() || c == '$');
            let letters = surface.chars().filter(|c| c.is_alphabetic()).count();
            let spelled = surface.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-') && letters >= 4;
            let entry = Entry {
                unit,
                before: is_currency
                    && (has_sign || matches!(surface, "sen" | "rs" | "rs." | "rm" | "rp" | "btc" | "rmb")),
                alone: (spelled && !AMBIGUOUS.contains(&surface))
                    || ALONE.contains(&surface)
                    || (is_currency && has_sign && letters > 1),
                capitals: false,
                only_part: is_part && ONLY_PARTS.contains(&surface),
            };
            self.insert(surface, entry);
        }
    }

    /// A code can stand on either side, also with a sign (`mxn$`).
    fn add_code(&mut self, unit: usize, code: &str) {
        let code = code.to_lowercase();
        if code.is_empty() || NEVER.contains(&code.as_str()) {
            return;
        }
        let capitals = WORDS.contains(&code.as_str());
        let entry = Entry {
            unit,
            before: true,
            alone: ALONE.contains(&code.as_str()),
            capitals,
            only_part: false,
        };
        self.insert(&code, entry);
        self.insert(
            &format!("{code}$"),
            Entry {
                capitals: false,
                ..entry
            },
        );
    }

    fn insert(&mut self, surface: &str, entry: Entry) {
        let tokens = tokens(surface);
        let Some(first) = tokens.first().cloned() else { return };
        let most = self.first.entry(first).or_default();
        *most = tokens.len().max(*most);
        if let Some(last) = tokens.last().filter(|_| entry.before) {
            self.last.insert(last.clone());
        }
        let entries = self.english.entry(tokens.join(" ")).or_default();
        if !entries.iter().any(|known| known.unit == entry.unit) {
            entries.push(entry);
        }
    }

    fn add_japanese(&mut self, unit: usize, surfaces: &str) {
        let is_currency = self
            .units
            .get(unit)
            .is_some_and(|unit| unit.dimension == Dimension::Currency);
        for surface in names(surfaces) {
            let surface = surface.to_lowercase();
            let long = surface.chars().count() >= 3 && surface.chars().all(|c| ('ァ'..='ー').contains(&c) || c == '・');
            let other = AMBIGUOUS_KATAKANA.contains(&surface.as_str());
            let alone = (is_currency && ((long && !other) || matches!(surface.as_str(), "ドル" | "人民元" | "米ドル")))
                || surface == "℃"
                || surface == "℉";
            let entry = Entry {
                unit,
                before: false,
                alone,
                capitals: false,
                only_part: false,
            };
            let joined = surface.replace('・', "");
            for name in [&surface, &joined] {
                let Some(first) = name.chars().next() else { continue };
                let list = self.japanese.entry(first).or_default();
                if !list.iter().any(|(known, other)| known == name && other.unit == unit) {
                    list.push((name.clone(), entry));
                }
            }
        }
    }
}

/// The names in a cell of the tables.
fn names(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('|').filter(|name| !name.is_empty())
}

/// Words, numbers and signs of a name, as the reader of numbers cuts a text.
fn tokens(surface: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut last = ' ';
    for c in surface.chars().flat_map(char::to_lowercase) {
        let joins = (c.is_alphabetic() && last.is_alphabetic()) || (c.is_ascii_digit() && last.is_ascii_digit());
        match tokens.last_mut().filter(|_| joins) {
            Some(token) => token.push(c),
            None if !c.is_whitespace() => tokens.push(c.to_string()),
            None => {}
        }
        last = c;
    }
    tokens
}
