//! Recurrences: 毎日, 毎週月曜日の9時, 隔週, 3週間ごとに.

use jiff::civil::Weekday;

use super::{
    grammar::{Found, Grammar},
    numerals::is_numeral,
    text::is_kanji,
};
use crate::{
    expression::{Day, DayPart, Expression, Month, Nth, Unit, Year},
    length::Length,
    timex,
};

/// What is said of each.
#[derive(Clone, Copy)]
enum Each {
    Unit(Unit),
    Part(DayPart),
}

/// Words that say "every" by themselves.
const WORDS: &[(&str, &str)] = &[
    ("隔日", "P2D"),
    ("隔週", "P2W"),
    ("隔月", "P2M"),
    ("隔年", "P2Y"),
    ("毎週末", "XXXX-WXX-WE"),
    ("毎平日", "XXXX-WXX-WD"),
];

/// The words for "every".
const EVERY: &[&str] = &["毎", "各"];

/// What may follow the words for "every".
const EACH: &[(&str, Each)] = &[
    ("日", Each::Unit(Unit::Day)),
    ("営業日", Each::Unit(Unit::BusinessDay)),
    ("週", Each::Unit(Unit::Week)),
    ("月", Each::Unit(Unit::Month)),
    ("年", Each::Unit(Unit::Year)),
    ("四半期", Each::Unit(Unit::Quarter)),
    ("時間", Each::Unit(Unit::Hour)),
    ("時", Each::Unit(Unit::Hour)),
    ("分", Each::Unit(Unit::Minute)),
    ("秒", Each::Unit(Unit::Second)),
    ("朝", Each::Part(DayPart::Morning)),
    ("午前", Each::Part(DayPart::Morning)),
    ("午後", Each::Part(DayPart::Afternoon)),
    ("夕", Each::Part(DayPart::Evening)),
    ("夕方", Each::Part(DayPart::Evening)),
    ("晩", Each::Part(DayPart::Evening)),
    ("夜", Each::Part(DayPart::Night)),
];

impl Grammar<'_> {
    /// A recurrence.
    pub(super) fn set(&self, at: usize) -> Found<Expression> {
        if let Some((word, end)) = self.text.lookup(at, WORDS) {
            // 隔週の月曜日 recurs on that day.
            if let Some((weekday, end)) = self.weekday(self.text.skip(end, &["の"])) {
                return Some(self.at_clock(&timex::weekday(weekday), end));
            }
            return Some(set(word.to_owned(), end));
        }
        if let Some(found) = self.intervals(at) {
            return Some(found);
        }
        if let Some(found) = self.frequency(at) {
            return Some(found);
        }
        let (start, every) = match self.text.get(at)? {
            '毎' => (at + 1, true),
            '各' => (at + 1, false),
            _ => return None,
        };
        let (each, end) = self.text.lookup(start, EACH)?;
        if !every && matches!(each, Each::Unit(Unit::Hour | Unit::Minute | Unit::Second)) {
            return None;
        }
        if self
            .text
            .any(end, &["度", "号", "版", "新聞", "放送", "映画", "香"])
            .is_some()
        {
            return None;
        }
        match each {
            Each::Part(part) => {
                // The clock reads the word for the part of the day itself: 毎朝9時.
                let clock = match self.clock(start) {
                    Some(found) => Some(found),
                    None => self.clock(self.text.skip(end, &["の"])),
                };
                if let Some((said, end)) = clock {
                    return Some(set(timex::clock(said.clock), end));
                }
                Some(set(timex::day_part(part).to_owned(), end))
            }
            Each::Unit(unit) => Some(self.every_unit(unit, end)),
        }
    }

    fn every_unit(&self, unit: Unit, end: usize) -> (Expression, usize) {
        let next = self.text.skip(end, &["の"]);
        match unit {
            Unit::Week => {
                if let Some((weekday, end)) = self.weekday(next) {
                    return self.at_clock(&timex::weekday(weekday), end);
                }
            }
            Unit::Month => {
                if let Some((day, mark)) = self.small(next, 1, 31)
                    && let Some(end) = self.day_mark(mark, day)
                {
                    return self.at_clock(&timex::partial("XXXX", None, Some(day)), end);
                }
                if let Some((nth, nth_end)) = self.nth(next)
                    && let Some((weekday, end)) = self.weekday(nth_end)
                    && let Nth::First(nth) = nth
                {
                    return self.at_clock(&nth_weekday(weekday, nth), end);
                }
            }
            Unit::Year => {
                if let Some((
                    Expression::Day(Day::Calendar {
                        year: Year::Unsaid,
                        month: Month::Named(month),
                        day,
                    }),
                    end,
                )) = self.stated_month(next)
                {
                    return self.at_clock(&timex::partial("XXXX", Some(month), Some(day)), end);
                }
            }
            Unit::Day => {
                if let Some((said, end)) = self.clock(next) {
                    return set(timex::clock(said.clock), end);
                }
            }
            _ => {}
        }
        let length = Length::new(1.0, unit);
        set(length.timex(), end)
    }

    /// A day that recurs, perhaps with a time of day.
    fn at_clock(&self, day: &str, end: usize) -> (Expression, usize) {
        let next = self.text.skip(end, &["の", " "]);
        if let Some((said, end)) = self.clock(next) {
            return set(day.to_owned() + &timex::clock(said.clock), end);
        }
        match self.day_part(next, true) {
            Some(((part, None), end)) => set(day.to_owned() + timex::day_part(part), end),
            _ => set(day.to_owned(), end),
        }
    }

    /// 週に1回, 1日3回.
    fn frequency(&self, at: usize) -> Found<Expression> {
        let start = self.text.skip(at, &["1", "一"]);
        let alone = self.text.before(at).is_none_or(|c| !is_kanji(c) && !is_numeral(c));
        let (unit, end) = self.text.lookup(
            start,
            &[
                ("日", Unit::Day),
                ("週間", Unit::Week),
                ("週", Unit::Week),
                ("か月", Unit::Month),
                ("ヶ月", Unit::Month),
                ("月", Unit::Month),
                ("年", Unit::Year),
            ],
        )?;
        let particle = self.text.word(end, "に");
        let next = particle.unwrap_or(end);
        // Without 一 the に is needed: 月1回 is said, 日3回 is not.
        if !alone || (start == at && particle.is_none() && unit == Unit::Day) || !self.times_follow(next) {
            return None;
        }
        let (_, end) = self.numeral(next)?;
        Some(set(Length::new(1.0, unit).timex(), end + 1))
    }

    /// 3週間ごとに, 1日おき.
    fn intervals(&self, at: usize) -> Found<Expression> {
        let (stated, end) = self.length(at)?;
        let (amount, unit) = stated.length.single()?;
        if let Some(end) = self.text.any(end, &["ごとに", "ごと", "毎に", "毎"]) {
            return Some(set(stated.length.timex(), end));
        }
        // With one day between.
        let end = self.text.any(end, &["おきに", "おき", "置きに", "置き"])?;
        let between = f64::from(u8::from(matches!(
            unit,
            Unit::Day | Unit::Week | Unit::Month | Unit::Year
        )));
        Some(set(Length::new(amount + between, unit).timex(), end))
    }
}

fn set(timex: String, end: usize) -> (Expression, usize) {
    (Expression::Set(timex), end)
}

fn nth_weekday(weekday: Weekday, nth: i16) -> String {
    format!("XXXX-XX-WXX-{}-#{nth}", weekday.to_monday_one_offset())
}

/// All words that a recurrence may start with.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    WORDS.iter().map(|(word, _)| *word).chain(EVERY.iter().copied())
}
