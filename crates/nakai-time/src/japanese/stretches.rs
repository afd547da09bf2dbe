//! Stretches of days by name: 来週, 今月の初め, 年末, 第31週, 1990年代.

use super::{
    grammar::{Found, Grammar},
    numerals::is_numeral,
    text::is_kanji,
    words::{self, HALVES, NOT_UNITS, PORTIONS, RELATIVE_UNITS},
};
use crate::{
    Modifier,
    expression::{Day, Expression, Month, Nth, Stretch, Unit, Week, Year},
};

impl Grammar<'_> {
    /// 今週, 来月の4日, 去年の5月.
    pub(super) fn relative_stretch(&self, at: usize) -> Found<Expression> {
        if self.text.any(at, NOT_UNITS).is_some() {
            return None;
        }
        let ((unit, offset), end) = self.text.lookup(at, RELATIVE_UNITS)?;
        if self
            .text
            .before(at)
            .is_some_and(|c| matches!(c, '一' | '再' | '毎' | '各' | '第') || is_numeral(c))
        {
            return None;
        }
        if !self.kana_stands_alone(at, end) {
            return None;
        }
        match unit {
            Unit::Year => self.in_year(Year::Relative(offset), end),
            Unit::Month => self.in_month(Year::Unsaid, Month::Relative(offset), end),
            Unit::Week => self.in_week(offset, end),
            Unit::Century => self.in_century(offset, end),
            Unit::Weekend if self.text.word(at, "その").is_some() => {
                Some((Expression::Stretch(Stretch::Same(unit)), end))
            }
            unit => Some((Expression::Stretch(Stretch::Relative { unit, offset }), end)),
        }
    }

    fn in_week(&self, offset: i64, end: usize) -> Found<Expression> {
        let next = self.text.skip(end, &["の"]);
        if let Some((weekday, weekday_end)) = self.weekday(next) {
            let day = Day::Weekday {
                weekday,
                week: Week::Relative(offset),
            };
            if let Some(found) = self
                .date_in_brackets(weekday_end)
                .or_else(|| self.calendar_date(weekday_end))
            {
                return Some(found);
            }
            return Some((Expression::Day(day), weekday_end));
        }
        if let Some(end) = self.text.any(next, &["土日", "週末"]) {
            let weekend = Stretch::Relative {
                unit: Unit::Weekend,
                offset,
            };
            return Some((Expression::Stretch(weekend), end));
        }
        let week = Stretch::Relative {
            unit: Unit::Week,
            offset,
        };
        Some(self.portion(week, end))
    }

    /// 前世紀の90年代.
    fn in_century(&self, offset: i64, end: usize) -> Found<Expression> {
        let next = self.text.skip(end, &["の"]);
        if let Some((numeral, figures)) = self.numeral(next)
            && numeral.value < 100
            && let Some(end) = self.text.word(figures, "年代")
        {
            let decade = i16::try_from(numeral.value).ok()?;
            let century = i16::try_from(2000 + offset.clamp(-19, 9) * 100).ok()?;
            return Some((Expression::Stretch(Stretch::Decade(century + decade)), end));
        }
        let century = i16::try_from(21 + offset).ok()?;
        Some((Expression::Stretch(Stretch::Century(century)), end))
    }

    /// A part of a stretch: its start, middle or end, a half, or what is left of it.
    pub(super) fn portion(&self, of: Stretch, end: usize) -> (Expression, usize) {
        let next = self.text.skip(end, &["の"]);
        if let Some((part, end)) = self.text.lookup(next, PORTIONS) {
            return (Expression::Stretch(Stretch::Part(part, Box::new(of))), end);
        }
        if let Some((second, end)) = self.text.lookup(next, HALVES) {
            let part = if second { Modifier::End } else { Modifier::Start };
            let half = match of {
                Stretch::Year(year) => Stretch::Months {
                    year,
                    first: if second { 7 } else { 1 },
                    count: 6,
                },
                of => Stretch::Ends(Box::new(Stretch::Part(part, Box::new(of)))),
            };
            return (Expression::Stretch(half), end);
        }
        let current = match of {
            Stretch::Relative { unit, offset: 0 } => Some(unit),
            Stretch::Year(Year::Relative(0)) => Some(Unit::Year),
            Stretch::Month {
                month: Month::Relative(0),
                ..
            } => Some(Unit::Month),
            _ => None,
        };
        if let Some(unit) = current {
            if let Some(end) = self.text.any(next, &["残りの日", "残り"]) {
                return (Expression::Stretch(Stretch::Rest(unit)), end);
            }
            if let Some(end) = self.text.any(end, &["いっぱい"]) {
                return (Expression::Stretch(Stretch::Rest(unit)), end);
            }
            if let Some(end) = self.text.any(end, &["この後", "このあと"]) {
                return (
                    Expression::Stretch(Stretch::Half {
                        over: false,
                        of: Box::new(of),
                    }),
                    end,
                );
            }
        }
        (Expression::Stretch(of), end)
    }

    /// Stretches that say no year: 年末, 週の残りの日, 第31週, 15世紀, 70年代.
    pub(super) fn named_stretch(&self, at: usize) -> Found<Expression> {
        let alone = self.text.before(at).is_none_or(|c| !is_kanji(c) && !is_numeral(c));
        if alone && let Some((unit, end)) = self.text.lookup(at, words::CURRENT) {
            let of = match unit {
                Unit::Year => Stretch::Year(Year::Relative(0)),
                Unit::Month => Stretch::Month {
                    year: Year::Unsaid,
                    month: Month::Relative(0),
                },
                unit => Stretch::Relative { unit, offset: 0 },
            };
            let (expression, part_end) = self.portion(of, end);
            if part_end > end {
                return Some((expression, part_end));
            }
        }
        if let Some((unit, end)) = self.text.lookup(
            at,
            &[("同じ週", Unit::Week), ("同じ月", Unit::Month), ("同じ年", Unit::Year)],
        ) {
            return Some((Expression::Stretch(Stretch::Same(unit)), end));
        }
        if alone && let Some(end) = self.text.word(at, "年初来") {
            return Some((Expression::Stretch(Stretch::ToDate(Unit::Year)), end));
        }
        if alone && let Some(end) = self.text.any(at, &["土日祝日", "土日祝", "平日"]) {
            let set = if self.text.get(at) == Some('平') {
                "XXXX-WXX-WD"
            } else {
                "XXXX-WXX-WE"
            };
            return Some((Expression::Set(set.to_owned()), end));
        }
        if alone && let Some(end) = self.text.word(at, "土日") {
            let weekend = Stretch::Relative {
                unit: Unit::Weekend,
                offset: 0,
            };
            return Some((Expression::Stretch(weekend), end));
        }
        // 第3土曜 is that of this month.
        if let Some((nth @ Nth::First(1..=5), end)) = self.nth(at)
            && let Some((weekday, end)) = self.weekday(end)
        {
            let of = Box::new(Stretch::Relative {
                unit: Unit::Month,
                offset: 0,
            });
            return Some((Expression::Day(Day::NthWeekday { nth, weekday, of }), end));
        }
        self.quarter(at, Year::Unsaid)
            .or_else(|| self.week_of_year(at, Year::Unsaid))
            .or_else(|| self.long_stretch(at))
    }

    /// 第3四半期 of a year.
    pub(super) fn quarter(&self, at: usize, year: Year) -> Found<Expression> {
        let (quarter, end) = self.small(self.text.skip(at, &["第"]), 1, 4)?;
        let end = self.text.any(end, &["四半期", "クォーター", "クオーター", "QTR"])?;
        let months = Stretch::Months {
            year: if year == Year::Unsaid { Year::LastOrNext } else { year },
            first: quarter * 3 - 2,
            count: 3,
        };
        Some((Expression::Stretch(months), end))
    }

    /// 第31週 of a year.
    pub(super) fn week_of_year(&self, at: usize, year: Year) -> Found<Expression> {
        let start = self.text.word(at, "第")?;
        let (week, end) = self.small(start, 1, 53)?;
        let end = self.text.any(end, &["週"])?;
        Some((Expression::Stretch(Stretch::WeekNumber { year, week }), end))
    }

    /// Which of several: 第3, 最初の, 最終.
    pub(super) fn nth(&self, at: usize) -> Found<Nth> {
        if let Some(start) = self.text.word(at, "第") {
            let (nth, end) = self.small(start, 1, 53)?;
            return Some((Nth::First(i16::from(nth)), self.text.skip(end, &["の"])));
        }
        self.text.lookup(
            at,
            &[
                ("最初の", Nth::First(1)),
                ("はじめの", Nth::First(1)),
                ("最後の", Nth::Last(1)),
                ("最終", Nth::Last(1)),
                ("最終の", Nth::Last(1)),
            ],
        )
    }

    /// 15世紀, 1990年代, 70年代.
    fn long_stretch(&self, at: usize) -> Found<Expression> {
        let (numeral, end) = self.numeral(at)?;
        if let Some(end) = self.text.word(end, "世紀") {
            let century = i16::try_from(numeral.value)
                .ok()
                .filter(|century| (1..=90).contains(century))?;
            return Some((Expression::Stretch(Stretch::Century(century)), end));
        }
        let end = self.text.word(end, "年代")?;
        let end = self.text.skip(end, &["のごろ", "ごろ", "頃"]);
        let year = i16::try_from(numeral.value).ok().filter(|year| year % 10 == 0)?;
        let stretch = match year {
            ..100 => Stretch::ShortDecade(year),
            100..9990 => Stretch::Decade(year),
            _ => return None,
        };
        Some((Expression::Stretch(stretch), end))
    }
}
