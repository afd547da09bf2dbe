use super::{
    Dimension, Item, Unit,
    lexicon::{Lexicon, lexicon},
};
use crate::numbers::{Folded, JapaneseReader};

/// Words of texts about warmth, where degrees are no angle.
const WARMTH: &[&str] = &[
    "温",
    "気温",
    "熱",
    "サーモスタット",
    "暑",
    "寒",
    "エアコン",
    "暖房",
    "冷房",
    "設定",
    "摂氏",
    "華氏",
];
/// Words of texts about angles, where degrees are no warmth.
const TURNING: &[&str] = &[
    "回転",
    "角",
    "傾",
    "右に",
    "左に",
    "回して",
    "回す",
    "北緯",
    "東経",
    "南緯",
    "西経",
];
/// Words of texts about children, whose age is counted in months, weeks and days.
const CHILDREN: &[&str] = &[
    "赤ちゃん",
    "赤ん坊",
    "乳児",
    "幼児",
    "新生児",
    "子供",
    "子ども",
    "生後",
    "月齢",
    "ベビー",
    "の子",
    "生まれ",
];
/// What counts an age only of a child.
const OF_CHILDREN: &[&str] = &[
    "ヶ月", "ケ月", "か月", "カ月", "箇月", "ヵ月", "週間", "週", "日間", "日大",
];
/// Words of texts about weights, and of those about distances.
const WEIGHTS: &[&str] = &["体重", "重さ", "重い", "重量", "荷物", "痩せ", "太っ", "ダイエット"];
const DISTANCES: &[&str] = &["距離", "走", "離れ", "道", "先", "歩", "西", "東", "北", "南", "時速"];
/// Scales of temperature before a number, the longer first.
const SCALES: &[(&str, &str)] = &[("華氏温度", "F"), ("摂氏温度", "C"), ("華氏", "F"), ("摂氏", "C")];
/// What a speed is counted by.
const SPEEDS: &[(&str, &str)] = &[
    ("時速", "hour"),
    ("毎時", "hour"),
    ("分速", "minute"),
    ("毎分", "minute"),
    ("秒速", "second"),
    ("毎秒", "second"),
];
/// Signs that stand only after an amount that they are a part of.
const ONLY_PARTS: &[&str] = &["分", "角"];

/// A unit after a number.
#[derive(Debug, Clone, Copy)]
struct Named {
    end: usize,
    unit: Unit,
    only_part: bool,
}

struct Reader<'a> {
    text: &'a Folded,
    lexicon: &'static Lexicon,
    warmth: bool,
    turning: bool,
    children: bool,
    weights: bool,
    distances: bool,
}

/// The quantities of a text and the units without a number, in no order.
pub(super) fn items(text: &Folded) -> Vec<Item> {
    let numbers = JapaneseReader::with_units(text).numbers();
    let has_numbers = !numbers.is_empty();
    let says = |words: &[&str]| {
        let starts = |c: char| words.iter().any(|word| word.starts_with(c));
        has_numbers
            && (0..text.len())
                .any(|at| starts(text.at(at)) && words.iter().any(|word| text.starts_with(at, word).is_some()))
    };
    let reader = Reader {
        text,
        lexicon: lexicon(),
        warmth: says(WARMTH),
        turning: says(TURNING),
        children: says(CHILDREN),
        weights: says(WEIGHTS),
        distances: says(DISTANCES),
    };
    let mut items: Vec<Item> = Vec::new();
    let mut index = 0;
    while let Some(number) = numbers.get(index) {
        index += 1;
        for mut item in reader.read(number.start, number.end, number.value) {
            // `2ドル3セント`, `545ドルと5セント`, `5元3角2分`.
            let mut smallest = 1.0;
            while item.unit.dimension == Dimension::Currency
                && let Some(next) = numbers.get(index)
                && let Some((end, factor)) = reader.part(&item, next.start, next.end)
                && factor < smallest
            {
                smallest = factor;
                item.end = end;
                item.value = item
                    .value
                    .map(|value| crate::numbers::round(value + next.value * factor));
                item.parts += 1;
                index += 1;
            }
            items.push(item);
            if item.parts > 1 {
                break;
            }
        }
    }
    let alone = reader.alone(&items);
    items.extend(alone);
    items
}

impl Reader<'_> {
    fn read(&self, start: usize, end: usize, value: f64) -> Vec<Item> {
        let made = |start: usize, end: usize, unit: Unit| Item {
            start,
            end,
            value: Some(value),
            unit,
            parts: 1,
        };
        if let Some((first, unit)) = self.scale_before(start) {
            let spaced = self.text.skip_spaces(end);
            let degrees = ["度", "°"].iter().find_map(|word| self.text.starts_with(spaced, word));
            return vec![made(first, degrees.unwrap_or(end), unit)];
        }
        let named = self.named(end);
        if let Some((first, per)) = self.speed_before(start) {
            let speed = named
                .iter()
                .find_map(|named| Some((named.end, self.speed(&named.unit, per)?)));
            if let Some((end, unit)) = speed {
                return vec![made(first, end, unit)];
            }
        }
        if let Some((first, unit)) = self.currency_before(start) {
            return vec![made(first, end, unit)];
        }
        if self.text.before(start).is_ascii_alphabetic() {
            return Vec::new();
        }
        if let Some(first) = ["氷点下", "零下"]
            .iter()
            .find_map(|word| self.text.ends_with(start, word))
        {
            let degrees = named
                .iter()
                .filter(|named| named.unit.dimension == Dimension::Temperature);
            return degrees
                .map(|named| Item {
                    value: Some(-value),
                    ..made(first, named.end, named.unit)
                })
                .collect();
        }
        // `二度` is mostly `twice`.
        let times = "一二三".contains(self.text.at(start)) && end == start + 1 && !self.warmth && !self.turning;
        named
            .into_iter()
            .filter(|named| !(named.only_part || times && named.unit.name == "Degree"))
            .map(|named| made(start, named.end, named.unit))
            .collect()
    }

    fn unit(&self, name: &str, dimension: Dimension) -> Option<Unit> {
        self.lexicon.unit_named(name, dimension).copied()
    }

    /// `摂氏` before a number.
    fn scale_before(&self, start: usize) -> Option<(usize, Unit)> {
        let spaced = self.text.skip_spaces_back(start);
        let end = self.text.ends_with(spaced, "の").unwrap_or(spaced);
        SCALES.iter().find_map(|(word, name)| {
            Some((
                self.text.ends_with(end, word)?,
                self.unit(name, Dimension::Temperature)?,
            ))
        })
    }

    fn speed_before(&self, start: usize) -> Option<(usize, &'static str)> {
        let end = self.text.skip_spaces_back(start);
        let end = self.text.ends_with(end, "約").unwrap_or(end);
        SPEEDS
            .iter()
            .find_map(|(word, per)| Some((self.text.ends_with(end, word)?, *per)))
    }

    fn speed(&self, length: &Unit, per: &str) -> Option<Unit> {
        self.unit(&format!("{} per {per}", length.name), Dimension::Speed)
    }

    /// A sign of a currency before a number: `£ 5`, `us$ 3`.
    fn currency_before(&self, start: usize) -> Option<(usize, Unit)> {
        let end = self.text.skip_spaces_back(start);
        if matches!(self.text.before(end), '￥' | '¥' | '\\') {
            return Some((end - 1, self.unit("Japanese yen", Dimension::Currency)?));
        }
        if self.text.before(end).is_alphanumeric() && !self.text.before(end).is_ascii_alphabetic() {
            return None;
        }
        (1..=5).rev().find_map(|length| {
            let first = end.checked_sub(length)?;
            let chars = self.text.chars().get(first..end)?;
            let touches = self.text.at(first).is_ascii_alphabetic() && self.text.before(first).is_ascii_alphabetic();
            if touches || chars.iter().any(|c| c.is_whitespace()) {
                return None;
            }
            let entries = self.lexicon.english_text(&chars.iter().collect::<String>());
            let entry = entries.iter().find(|entry| entry.before && !entry.capitals)?;
            Some((first, *self.lexicon.units.get(entry.unit)?))
        })
    }

    /// The units that can follow a number, the longest of each kind.
    fn named(&self, end: usize) -> Vec<Named> {
        let start = self.text.skip_spaces(end);
        let mut found: Vec<Named> = Vec::new();
        let first: Vec<char> = self.text.at(start).to_lowercase().collect();
        let names = first.first().map_or(&[][..], |first| self.lexicon.japanese(*first));
        for (name, entry) in names {
            let Some(end) = self.text.starts_with(start, name) else {
                continue;
            };
            let Some(unit) = self.lexicon.units.get(entry.unit) else {
                continue;
            };
            let cut = matches!(
                self.text.at(end),
                'ー' | 'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ' | 'ャ' | 'ュ' | 'ョ'
            );
            if !cut && self.means(name, end, unit) {
                self.add(&mut found, end, *unit, ONLY_PARTS.contains(&name.as_str()));
            }
        }
        self.add_latin(&mut found, start);
        found
    }

    /// Keeps the longest of each kind; two units with the same name stay both (`キロ`).
    fn add(&self, found: &mut Vec<Named>, end: usize, unit: Unit, only_part: bool) {
        let kind = |unit: &Unit| match unit.dimension {
            Dimension::Age | Dimension::Currency | Dimension::Temperature => Some(unit.dimension),
            _ => None,
        };
        if found
            .iter()
            .all(|other| kind(&other.unit) != kind(&unit) || (other.end == end && other.unit != unit))
        {
            found.push(Named { end, unit, only_part });
        }
    }

    /// Units in Latin letters: `75ml`, `190 km²`, `100USD`.
    fn add_latin(&self, found: &mut Vec<Named>, start: usize) {
        let is_latin = |c: char| {
            c.is_ascii_alphabetic()
                || matches!(
                    c,
                    'μ' | 'µ' | '²' | '³' | '/' | '^' | '$' | '€' | '£' | '°' | '"' | '\''
                )
        };
        let mut end = start;
        while end < start + 6
            && (is_latin(self.text.at(end)) || (end > start && matches!(self.text.at(end), '2' | '3')))
        {
            end += 1;
        }
        for end in (start + 1..=end).rev() {
            let next = self.text.at(end);
            if next.is_ascii_alphanumeric() && self.text.before(end).is_ascii_alphanumeric() {
                continue;
            }
            let written: String = self.text.chars().get(start..end).unwrap_or_default().iter().collect();
            let capital_byte = end == start + 2 && self.text.before(end) == 'B';
            for entry in self.lexicon.english_text(&written) {
                let Some(unit) = self.lexicon.units.get(entry.unit) else {
                    continue;
                };
                let bytes = (unit.dimension == Dimension::Information && capital_byte)
                    .then(|| self.unit(&unit.name.replace("bit", "byte"), Dimension::Information))
                    .flatten();
                let lone = end == start + 1 && unit.dimension == Dimension::Temperature && next.is_alphanumeric();
                if !entry.capitals && !entry.only_part && !lone && self.means(&written, end, unit) {
                    self.add(found, end, bytes.unwrap_or(*unit), false);
                }
            }
        }
    }

    fn means(&self, name: &str, end: usize, unit: &Unit) -> bool {
        match unit.name {
            "Degree" => {
                let place = matches!(self.text.at(end), '目' | '々' | '合' | '数');
                let fits = if unit.dimension == Dimension::Angle {
                    !self.warmth
                } else {
                    self.warmth || !self.turning
                };
                fits && !place
            }
            // `キロ` is both.
            "Kilometer" if name == "キロ" => self.distances || !self.weights,
            "Kilogram" if name == "キロ" => self.weights || !self.distances,
            _ if unit.dimension == Dimension::Age => self.children || !OF_CHILDREN.contains(&name),
            _ => true,
        }
    }

    /// A part of an amount of money that follows it: where it ends, and how many of the whole one of it is.
    fn part(&self, whole: &Item, start: usize, end: usize) -> Option<(usize, f64)> {
        let spaced = self.text.skip_spaces(whole.end);
        let after = self
            .text
            .starts_with(spaced, "と")
            .map_or(spaced, |end| self.text.skip_spaces(end));
        if start != after {
            return None;
        }
        self.named(end)
            .into_iter()
            .find(|named| named.unit.is_part_of(&whole.unit))
            .map(|named| (named.end, named.unit.factor))
    }

    /// Units without a number.
    fn alone(&self, found: &[Item]) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::new();
        let is_katakana = |c: char| ('ァ'..='ー').contains(&c);
        let mut covered = found.iter().peekable();
        let mut at = 0;
        while at < self.text.len() {
            while covered.next_if(|item| item.end <= at).is_some() {}
            if let Some(item) = covered.peek().filter(|item| item.start <= at) {
                at = item.end;
                continue;
            }
            let scale = || {
                let (end, name) = SCALES
                    .iter()
                    .find_map(|(word, name)| Some((self.text.starts_with(at, word)?, *name)))?;
                Some((end, self.unit(name, Dimension::Temperature)?))
            };
            let named = || {
                self.lexicon
                    .japanese(self.text.at(at))
                    .iter()
                    .find_map(|(name, entry)| {
                        let end = self.text.starts_with(at, name).filter(|_| entry.alone)?;
                        let joined = is_katakana(self.text.at(at))
                            && (is_katakana(self.text.before(at)) || is_katakana(self.text.at(end)));
                        (!joined).then_some((end, *self.lexicon.units.get(entry.unit)?))
                    })
            };
            let unit = match self.text.at(at) {
                '摂' | '華' => scale(),
                _ => named(),
            };
            match unit {
                Some((end, unit)) => {
                    items.push(Item {
                        start: at,
                        end,
                        value: None,
                        unit,
                        parts: 0,
                    });
                    at = end;
                }
                None => at += 1,
            }
        }
        items
    }
}
