//! Years and months with what is said of them: 2018年の第3週, 令和7年5月3日, 来月の第一月曜日.

use super::{
    grammar::{Found, Grammar},
    numerals::is_numeral,
    words::{ERAS, KANA_DAYS, KANA_MONTHS, SEASONS},
};
use crate::{
    expression::{Day, Expression, Month, Nth, Stretch, Unit, Year},
    length::Length,
};

impl Grammar<'_> {
    /// A year by its number, with what follows.
    pub(super) fn stated_year(&self, at: usize) -> Found<Expression> {
        if let Some((era, end)) = self.text.lookup(at, ERAS) {
            return self.era_year(era, at, end);
        }
        let start = self.text.skip(at, &["旧暦の", "西暦"]);
        if start > at && self.text.get(start).is_none_or(|c| !is_numeral(c)) {
            return None;
        }
        if start > at && self.text.word(at, "旧暦の").is_some() {
            return self.stated_month(start);
        }
        let (numeral, end) = self.numeral(start)?;
        let mark = self.text.word(end, "年")?;
        if matches!(
            self.text.get(mark),
            Some('代' | '間' | '生' | '目' | '来' | '物' | '齢' | '半')
        ) {
            return None;
        }
        let year = i16::try_from(numeral.value).ok()?;
        match numeral.figures {
            3 if self.counts_years(mark) => None,
            3 | 4 if (1..=9999).contains(&year) => self.in_year(Year::Exact(year), mark),
            // Two figures are a year only with a month.
            0 | 2 if (10..100).contains(&year) => {
                let year = year + if year < 50 { 2000 } else { 1900 };
                let (month, month_end) = self.month_name(mark)?;
                self.in_month(Year::Exact(year), Month::Named(month), month_end)
            }
            0 if (1000..3000).contains(&year) => self.in_year(Year::Exact(year), mark),
            _ => None,
        }
    }

    /// 令和7年, 平成元年; R7年 and R7.5.3.
    fn era_year(&self, before_first: i16, at: usize, end: usize) -> Found<Expression> {
        let letter = end == at + 1;
        let (number, end) = match self.text.word(end, "元") {
            Some(end) => (1, end),
            None => self.small(end, 1, 99)?,
        };
        let year = Year::Exact(before_first + i16::from(number));
        if let Some(end) = self.text.word(end, "年") {
            return self.in_year(year, end);
        }
        if !letter {
            return None;
        }
        let separator = self.text.any(end, &[".", "/", "-"])?;
        let (month, end) = self.small(separator, 1, 12)?;
        let separator = self.text.any(end, &[".", "/", "-"])?;
        let (day, end) = self.small(separator, 1, 31)?;
        if self.text.get(end).is_some_and(|c| c.is_ascii_alphanumeric()) {
            return None;
        }
        Some(self.around_day(year, Month::Named(month), day, end))
    }

    /// What follows a year.
    pub(super) fn in_year(&self, year: Year, end: usize) -> Found<Expression> {
        let spaced = self.text.spaces(end);
        let next = self.text.skip(spaced, &["の"]);
        if matches!(year, Year::Relative(_))
            && let Some((Expression::Stretch(Stretch::Year(_)), _))
            | Some((Expression::Stretch(Stretch::Month { .. }), _))
            | Some((Expression::Day(Day::Calendar { .. }), _)) = self.stated_year(next)
        {
            // 今年2020年5月: the number counts.
            return self.stated_year(next);
        }
        if let Some((month, end)) = self.month_name(next) {
            return self.in_month(year, Month::Named(month), end);
        }
        if let Year::Relative(years) = year
            && let Some(end) = self.text.any(next, &["今月", "この月"])
        {
            return self.in_month(Year::Unsaid, Month::Relative(years * 12), end);
        }
        // The same day of that year: 去年の今日.
        if let Year::Relative(years) = year
            && let Some(end) = self.text.any(next, &["今日", "本日", "この日"])
        {
            let by = Length::new(f64::from(i32::try_from(years).ok()?), Unit::Year);
            return Some((
                Expression::Day(Day::Shifted {
                    from: Box::new(Day::Relative(0)),
                    by,
                    to: None,
                }),
                end,
            ));
        }
        if let Some(found) = self.holiday(next, year).or_else(|| self.quarter(next, year)) {
            return Some(found);
        }
        if let Some(found) = self.week_of_year(next, year) {
            return Some(found);
        }
        if let Some((season, end)) = self.text.lookup(next, SEASONS)
            && !matches!(self.text.get(end), Some('分' | '休' | '節'))
        {
            return Some((Expression::Stretch(Stretch::Season { year, season }), end));
        }
        let whole = Stretch::Year(year);
        if let Some((nth, nth_end)) = self.nth(next) {
            if let Some(end) = self.text.any(nth_end, &["週"]) {
                return Some((nth_unit(nth, Unit::Week, whole), end));
            }
            if let Some((weekday, end)) = self.weekday(nth_end) {
                return Some((nth_weekday(nth, weekday, whole), end));
            }
            if let Some(end) = self.text.word(nth_end, "日") {
                return Some((nth_day(nth, whole), end));
            }
            if let Some(end) = self.text.word(nth_end, "月") {
                return Some((nth_unit(nth, Unit::Month, whole), end));
            }
        }
        let (expression, portion_end) = self.portion(whole, end);
        // A year by its number takes its に, as 午後に does.
        if portion_end == end
            && matches!(year, Year::Exact(_))
            && let Some(after) = self.text.word(end, "に")
            && !matches!(
                self.text.get(after),
                Some('わ' | 'か' | 'は' | 'も' | 'な' | 'て' | 'お' | '及')
            )
        {
            return Some((expression, after));
        }
        Some((expression, portion_end))
    }

    /// 5月, 五月, ごがつ.
    fn month_name(&self, at: usize) -> Found<i8> {
        if let Some(found) = self.text.lookup(at, KANA_MONTHS) {
            return Some(found);
        }
        let (month, end) = self.small(at, 1, 12)?;
        let end = self.text.any(self.text.spaces(end), &["月", "がつ"])?;
        let other = matches!(
            self.text.get(end),
            Some('曜' | '間' | '額' | '面' | '刊' | '齢' | '光' | '夜')
        );
        (!other).then_some((month, end))
    }

    /// A month without its year.
    pub(super) fn stated_month(&self, at: usize) -> Found<Expression> {
        let (month, end) = self.month_name(at)?;
        // くがつ, にがつ may be the end of another word.
        if !self.text.get(at).is_some_and(is_numeral) && !self.between_words(at, end) {
            return None;
        }
        self.in_month(Year::Unsaid, Month::Named(month), end)
    }

    /// What follows a month.
    pub(super) fn in_month(&self, year: Year, month: Month, end: usize) -> Found<Expression> {
        let next = self.text.skip(self.text.spaces(end), &["の"]);
        if let Some((day, mark)) = self.small(next, 1, 31)
            && let Some(day_end) = self.day_mark(self.text.spaces(mark), day)
        {
            return Some(self.around_day(year, month, day, day_end));
        }
        // 24〜26日, 24・25日
        if let Some((first, mark)) = self.small(next, 1, 31)
            && let Some(start) = self.text.any(mark, &["~", "-", "・", ".", ","])
            && let Some((last, mark)) = self.small(start, 1, 31)
            && let Some(day_end) = self.day_mark(mark, last)
            && last > first
        {
            let day_end = self.text.skip(day_end, &["まで", "の間"]);
            return Some((super::ranges::days_of_month(year, month, first, last), day_end));
        }
        if let Some((day, day_end)) = self.text.lookup(next, KANA_DAYS) {
            return Some(self.around_day(year, month, day, day_end));
        }
        let whole = match month {
            Month::Relative(offset) if year == Year::Unsaid => Stretch::Relative {
                unit: Unit::Month,
                offset,
            },
            month => Stretch::Month { year, month },
        };
        if let Some((nth, nth_end)) = self.nth(next) {
            if let Some((weekday, end)) = self.weekday(nth_end) {
                return Some((nth_weekday(nth, weekday, whole), end));
            }
            if let Some(end) = self.text.any(nth_end, &["週"]) {
                if let Some((weekday, end)) = self.weekday(self.text.skip(end, &["の"])) {
                    return Some((nth_weekday(nth, weekday, whole), end));
                }
                return Some((nth_unit(nth, Unit::Week, whole), end));
            }
            if let Some(end) = self.text.word(nth_end, "日") {
                return Some((nth_day(nth, whole), end));
            }
        }
        if let Some(end) = self.text.word(next, "末日") {
            return Some((nth_day(Nth::Last(1), whole), end));
        }
        // 6月の間に: the word is part of it.
        let end = self.text.any(end, &["の間に"]).map_or(end, |end| end - 1);
        let whole = match whole {
            Stretch::Month {
                year: Year::Unsaid,
                month,
            } => Stretch::Month {
                year: Year::LastOrNext,
                month,
            },
            other => other,
        };
        Some(self.portion(whole, end))
    }
}

fn nth_unit(nth: Nth, unit: Unit, of: Stretch) -> Expression {
    Expression::Stretch(Stretch::Nth {
        nth,
        count: None,
        unit,
        of: Box::new(of),
    })
}

fn nth_weekday(nth: Nth, weekday: jiff::civil::Weekday, of: Stretch) -> Expression {
    Expression::Day(Day::NthWeekday {
        nth,
        weekday,
        of: Box::new(of),
    })
}

fn nth_day(nth: Nth, of: Stretch) -> Expression {
    Expression::Day(Day::Nth { nth, of: Box::new(of) })
}
