//! Days by name: 明日, 金曜日, 15日, 15日の月曜日, 大晦日.

use jiff::civil::Weekday;

use super::{
    grammar::{Found, Grammar, longest},
    holidays::{HOLIDAY_TIMES, HOLIDAYS},
    numerals::is_numeral,
    text::{is_hiragana, is_kanji},
    words::{KANA_WEEKDAYS, NOT_DAYS, RELATIVE_DAYS, WEEKDAYS},
};
use crate::expression::{Bound, Day, Expression, Month, Stretch, Unit, Week, Year};

impl Grammar<'_> {
    /// A day or a stretch of days.
    pub(super) fn date(&self, at: usize) -> Found<Expression> {
        let mut best = self.relative_day(at);
        best = longest(best, self.relative_stretch(at));
        best = longest(best, self.stated_year(at));
        best = longest(best, self.stated_month(at));
        best = longest(best, self.day_of_month(at));
        best = longest(best, self.day_of_week(at));
        best = longest(best, self.figures_date(at));
        best = longest(best, self.holiday(at, Year::Unsaid));
        best = longest(best, self.named_stretch(at));
        longest(best, self.day_by_distance(at))
    }

    fn relative_day(&self, at: usize) -> Found<Expression> {
        if self.text.any(at, NOT_DAYS).is_some() {
            return None;
        }
        let (days, end) = self.text.lookup(at, RELATIVE_DAYS)?;
        // Nowadays: 最近の流行.
        if self.text.word(at, "最近").is_some() && matches!(self.text.get(end), Some('の' | 'は' | 'で')) {
            return None;
        }
        if !self.kana_stands_alone(at, end) {
            return None;
        }
        // 一昨日 and 大前日 start with other words, and kana go on.
        if self.text.before(at).is_some_and(|c| matches!(c, '一' | '弥' | '毎')) {
            return None;
        }
        let day = Day::Relative(days);
        if let Some(found) = self.counted_from(&day, end) {
            return Some(found);
        }
        if days == 0 {
            // This one day is today; a date said after it says it again.
            let end = self.text.any(end, &["1日", "一日"]).unwrap_or(end);
            return self.day_with_date(day, end);
        }
        self.day_with_date(day, end)
    }

    /// Whether a short word in kana is one, and no part of a longer word: あす but not あすみ, けさ but not かけさせる.
    pub(super) fn kana_stands_alone(&self, at: usize, end: usize) -> bool {
        let kana = (at..end).all(|at| self.text.get(at).is_some_and(is_hiragana));
        end - at > 3 || !kana || self.between_words(at, end)
    }

    /// Whether words end and start around a word in kana, as far as its neighbours show.
    pub(super) fn between_words(&self, at: usize, end: usize) -> bool {
        let before = self.text.before(at);
        let after = self.text.get(end);
        let starts = !before.is_some_and(|c| is_kanji(c) || is_hiragana(c) && !"はがをにもでと".contains(c));
        starts && !after.is_some_and(|c| is_hiragana(c) && !"はもにのまかでだとじな".contains(c))
    }

    /// A day that is said again by its date: 明日(5月3日).
    fn day_with_date(&self, day: Day, end: usize) -> Found<Expression> {
        if let Some((date, end)) = self.date_in_brackets(end) {
            return Some((date, end));
        }
        Some((Expression::Day(day), end))
    }

    /// A calendar date that follows in brackets.
    pub(super) fn date_in_brackets(&self, end: usize) -> Found<Expression> {
        if self.text.get(end) != Some('(') {
            return None;
        }
        let (date, end) = self.calendar_date(end + 1)?;
        Some((date, self.text.word(end, ")")?))
    }

    /// A date of the calendar with its month.
    pub(super) fn calendar_date(&self, at: usize) -> Found<Expression> {
        let found = longest(
            longest(self.stated_year(at), self.stated_month(at)),
            self.figures_date(at),
        )?;
        matches!(found.0, Expression::Day(Day::Calendar { .. })).then_some(found)
    }

    /// 15日, 15日の月曜日, 18日の週.
    fn day_of_month(&self, at: usize) -> Found<Expression> {
        if let Some((day, end)) = self.text.lookup(at, &[("ついたち", 1), ("はつか", 20)])
            && self.between_words(at, end)
        {
            return Some(self.around_day(Year::Unsaid, Month::Unsaid, day, end));
        }
        let (day, mark) = self.small(at, 1, 31)?;
        // 一日 is a length, like a day.
        if self.text.get(at) == Some('一') && mark == at + 1 {
            return None;
        }
        let mark = self.text.spaces(mark);
        let end = self.day_mark(mark, day).or_else(|| {
            let end = self.text.word(mark, "日目の")?;
            self.weekday(end).map(|_| end - 1)
        })?;
        Some(self.around_day(Year::Unsaid, Month::Unsaid, day, end))
    }

    /// Where the 日 of a date ends that starts here.
    pub(super) fn day_mark(&self, at: usize, day: i8) -> Option<usize> {
        let end = self.text.word(at, "日")?;
        let other = match self.text.get(end).unwrap_or_default() {
            '間' | '本' | '酔' | '目' | '市' | '町' | '帰' | '曜' | '付' | '坊' | '分' | '連' | '続' | '中' => {
                true
            }
            // 1日3回 is how often.
            c if is_numeral(c) => self.times_follow(end),
            // The moon of the third day.
            '月' => day == 3 && self.text.get(end + 1) != Some('曜'),
            _ => false,
        };
        (!other).then_some(end)
    }

    /// Whether a number of times follows: 3回.
    pub(super) fn times_follow(&self, at: usize) -> bool {
        self.numeral(at)
            .is_some_and(|(_, end)| matches!(self.text.get(end), Some('回' | '度' | '食' | '杯' | '錠' | '便' | '往')))
    }

    /// A day of a month with what may follow: its weekday, or the week that it is in.
    pub(super) fn around_day(&self, year: Year, month: Month, day: i8, end: usize) -> (Expression, usize) {
        let date = Day::Calendar { year, month, day };
        if let Some((weekday, end)) = self.weekday_of_date(end) {
            let day = match (month, year) {
                (Month::Unsaid, _) => Day::WithWeekday { day, weekday },
                (Month::Named(_), Year::Unsaid) => Day::Calendar {
                    year: Year::OfWeekday(weekday),
                    month,
                    day,
                },
                _ => date,
            };
            return (Expression::Day(day), end);
        }
        let unit = self.text.lookup(end, &[("の週", Unit::Week), ("の月", Unit::Month)]);
        if let Some((unit, after)) = unit
            && !matches!(self.text.get(after), Some('曜' | '末' | '間'))
        {
            let around = Stretch::Around {
                unit,
                day: Box::new(date),
            };
            return (Expression::Stretch(around), after);
        }
        (Expression::Day(date), end)
    }

    /// The weekday that is said after a date: (月), の月曜日, 、月曜日.
    fn weekday_of_date(&self, end: usize) -> Found<Weekday> {
        let next = self.text.skip(end, &["の", ",", " "]);
        if let Some(found) = self.weekday(next) {
            return Some(found);
        }
        let open = self.text.word(self.text.spaces(end), "(")?;
        let (weekday, end) = self.weekday(open).or_else(|| self.text.lookup(open, WEEKDAYS))?;
        let end = self.text.skip(end, &["・祝", "祝"]);
        Some((weekday, self.text.word(end, ")")?))
    }

    /// 月曜日, 月曜, げつようび.
    pub(super) fn weekday(&self, at: usize) -> Found<Weekday> {
        if let Some(found) = self.text.lookup(at, KANA_WEEKDAYS) {
            return Some(found);
        }
        let (weekday, end) = self.text.lookup(at, WEEKDAYS)?;
        let end = self.text.word(end, "曜")?;
        if self.text.any(end, &["大工", "版"]).is_some() {
            return None;
        }
        if self.text.get(end) != Some('日') {
            return Some((weekday, end));
        }
        let other = matches!(self.text.get(end + 1), Some('大' | '版' | '本'));
        (!other).then_some((weekday, end + 1))
    }

    fn day_of_week(&self, at: usize) -> Found<Expression> {
        let weeks: &[(&str, Week)] = &[
            ("次の", Week::Relative(1)),
            ("前の", Week::Relative(-1)),
            ("この前の", Week::Past),
            ("この", Week::Relative(0)),
            ("その", Week::Relative(0)),
            ("今度の", Week::Coming),
            ("こんどの", Week::Coming),
            ("次回の", Week::Coming),
        ];
        let (week, start) = self.text.lookup(at, weeks).unwrap_or((Week::Unsaid, at));
        if matches!(week, Week::Coming | Week::Relative(1))
            && let Some(end) = self.text.any(start, &["土日", "週末"])
        {
            let weekend = Stretch::Relative {
                unit: Unit::Weekend,
                offset: i64::from(week == Week::Relative(1)),
            };
            return Some((Expression::Stretch(weekend), end));
        }
        if let Some((weekday, end)) = self.weekday(start) {
            let day = Day::Weekday { weekday, week };
            return self.day_with_date(day, end);
        }
        // A message that is 土に and nothing else.
        if at == 0
            && let Some((weekday, end)) = self.text.lookup(at, WEEKDAYS)
            && self.text.get(end) == Some('に')
            && end + 1 == self.text.len()
        {
            let day = Day::Weekday {
                weekday,
                week: Week::Unsaid,
            };
            return Some((Expression::Day(day), end));
        }
        // (木)
        let open = self.text.word(at, "(")?;
        let (weekday, end) = self.text.lookup(open, WEEKDAYS)?;
        let day = Day::Weekday {
            weekday,
            week: Week::Unsaid,
        };
        Some((Expression::Day(day), self.text.word(end, ")")?))
    }

    /// A holiday of a year.
    pub(super) fn holiday(&self, at: usize, year: Year) -> Found<Expression> {
        if let Some((((month, day), (last_month, last_day)), end)) = self.text.lookup(at, HOLIDAY_TIMES)
            && !self.text.get(end).is_some_and(|c| c.is_ascii_alphanumeric())
        {
            let ends_later = (last_month, last_day) < (month, day);
            let end_year = match year {
                Year::Exact(year) => Year::Exact(year + i16::from(ends_later)),
                Year::Relative(years) => Year::Relative(years + i64::from(ends_later)),
                other => other,
            };
            let bound = |year: Year, month: i8, day: i8| {
                Box::new(Bound::Day(Day::Calendar {
                    year,
                    month: Month::Named(month),
                    day,
                }))
            };
            let stretch = Stretch::Between(bound(year, month, day), bound(end_year, last_month, last_day));
            return Some((Expression::Stretch(stretch), end));
        }
        let (holiday, end) = self.text.lookup(at, HOLIDAYS)?;
        // The end of a longer word, or the start of one: 米大統領の日本訪問.
        if self.text.word(end - 1, "日本").is_some() {
            return None;
        }
        if self.text.any(end, &["料理", "飾り", "商戦"]).is_some() {
            return None;
        }
        let day = Day::Holiday {
            holiday,
            year,
            turn: None,
        };
        Some((Expression::Day(day), end))
    }
}
