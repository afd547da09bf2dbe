//! Days: "tomorrow", "next Friday", "the first Monday of June", "two weeks from now".

use jiff::civil::Weekday;

use super::{
    tokens::{Parsed, Text},
    words::Class,
};
use crate::{
    expression::{Day, Month, Nth, Stretch, Unit, Week, Year},
    length::Length,
};

impl Text<'_> {
    /// A day. The longest that can be read here.
    pub(super) fn day(&self, at: usize) -> Parsed<Day> {
        let found = [
            self.turned_date(at),
            self.calendar_date(at, self.leads_date(at)),
            self.date_after_for(at),
            self.relative_day(at),
            self.weekday(at),
            self.weekday_in_week(at),
            self.counted_day(at),
            self.nearest_weekday(at),
            self.weekday_beside(at),
            self.weekdays_away(at),
            self.shifted_day(at),
            self.said_holiday(at),
        ];
        found.into_iter().flatten().max_by_key(|(_, end)| *end)
    }

    /// "the 9th of May" after "for": only there the article is a part of the date.
    fn date_after_for(&self, at: usize) -> Parsed<Day> {
        let led = at > 0 && self.any(at - 1, &["for"]) && self.any(at, &["the"]);
        self.calendar_date(at + 1, false).filter(|_| led)
    }

    /// Whether `4-22` is a date here.
    fn leads_date(&self, at: usize) -> bool {
        at > 0 && self.any(at - 1, &["on", "in", "this", "next", "last"])
    }

    /// "this 5/12", "next 6th of April", "Friday 7.6", "Wed, 22 of Jan", "this Friday, June 15".
    fn turned_date(&self, at: usize) -> Parsed<Day> {
        let turn = match self.class(at) {
            Class::Turn(turn) => Some(turn),
            _ => None,
        };
        let start = if turn.is_some() { at + 1 } else { at };
        let weekday = match self.class(start) {
            Class::Weekday(weekday, false) => Some(weekday),
            _ => None,
        };
        let has_weekday = weekday.is_some();
        if turn.is_none() && !has_weekday {
            return None;
        }
        let date = if has_weekday {
            let mut next = start + 1;
            while matches!(self.sign(next), Some(',' | '.' | '-')) && next < start + 3 {
                next += 1;
            }
            self.skip(next, &["the"])
        } else {
            start
        };
        let (found, end) = self.calendar_date(date, true)?;
        // "Monday 6-8" is a range of hours.
        let pair = self.digits(date).is_some() && self.digits(date + 2).is_some();
        if has_weekday && pair && end == date + 3 && self.sign(date + 1) == Some('-') {
            return None;
        }
        let Day::Calendar {
            year: Year::Unsaid,
            month,
            day,
        } = found
        else {
            return Some((found, end));
        };
        let year = match turn {
            Some(_) if has_weekday => Year::Turned(0),
            Some(turn) => Year::Turned(turn),
            None => weekday.map_or(Year::Unsaid, Year::OfWeekday),
        };
        Some((Day::Calendar { year, month, day }, end))
    }

    /// "today", "the day after tomorrow", "the next day", "the day".
    pub(super) fn relative_day(&self, at: usize) -> Parsed<Day> {
        let article = self.any(at, &["the", "my"]);
        let start = if article { at + 1 } else { at };
        if !article && let Class::Relative(days) = self.class(at) {
            return Some((Day::Relative(days), at + 1));
        }
        if self.any(start, &["day"]) {
            let (turn, end) = match self.word(start + 1) {
                "after" => (1, start + 2),
                "before" => (-1, start + 2),
                _ => {
                    let other = self.any(start + 1, &["of", "before", "after", "to", "s"]);
                    return (article && !other).then_some((Day::Relative(0), start + 1));
                }
            };
            if let Class::Relative(days) = self.class(end) {
                return Some((Day::Relative(days + turn), end + 1));
            }
            // "the day after Christmas".
            if article && let Some((from, after)) = self.said_holiday(end).or_else(|| self.calendar_date(end, false)) {
                #[expect(clippy::cast_precision_loss, reason = "one day")]
                let by = Length::new(turn as f64, Unit::Day);
                let from = Box::new(from);
                return Some((Day::Shifted { from, by, to: None }, after));
            }
            return (article && self.ends(end)).then_some((Day::Relative(turn), end));
        }
        let Class::Turn(turn) = self.class(start) else {
            return None;
        };
        let the = self.any(at, &["the"]) && turn != 0;
        let day = self.any(start + 1, &["day"]) && !self.any(start + 2, &["of", "in", "to", "and"]);
        let of = the && self.any(start + 1, &["day"]) && self.any(start + 2, &["of"]) && turn > 0;
        ((the || !article) && (day || of)).then_some((Day::Relative(turn), start + 2))
    }

    /// A weekday with its week: "next Friday", "Friday the 26th", "Friday of next week".
    pub(super) fn weekday(&self, at: usize) -> Parsed<Day> {
        let (week, start) = self.which_week(at);
        let Class::Weekday(weekday, false) = self.class(start) else {
            return None;
        };
        let end = start + 1;
        if week == Week::Unsaid {
            if !self.surely_weekday(start) {
                return None;
            }
            if let Some((weeks, after)) = self.of_week(end) {
                return Some((
                    Day::Weekday {
                        weekday,
                        week: Week::Relative(weeks),
                    },
                    after,
                ));
            }
            if let Some(after) = self.seq(end, &["after", "next"]) {
                let week = Week::Relative(1);
                return Some((Day::Weekday { weekday, week }, after));
            }
            if let Some(found) = self.weekday_and_number(weekday, end) {
                return Some(found);
            }
        }
        Some((Day::Weekday { weekday, week }, end))
    }

    fn which_week(&self, at: usize) -> (Week, usize) {
        match (self.word(at), self.word(at + 1)) {
            ("this", "past" | "last") => (Week::Past, at + 2),
            ("this", "coming" | "upcoming" | "next") => (Week::Coming, at + 2),
            ("coming" | "upcoming", _) => (Week::Coming, at + 1),
            ("past", _) => (Week::Past, at + 1),
            _ => match self.class(at) {
                Class::Turn(turn) => (Week::Relative(turn), at + 1),
                _ => (Week::Unsaid, at),
            },
        }
    }

    /// "sun", "sat", "wed" and "mon" are other words as well.
    fn surely_weekday(&self, at: usize) -> bool {
        let doubtful = matches!(self.word(at), "sun" | "sat" | "wed" | "mon");
        if !doubtful {
            return true;
        }
        let written = self.written(at);
        let capital = written.starts_with(|c: char| c.is_ascii_uppercase());
        let before = at > 0
            && self.any(
                at - 1,
                &["on", "this", "next", "last", "every", "each", "until", "by", "or"],
            );
        let alone = at == 0 && self.len() <= 2;
        let counted = self.digits(at + 1).is_some();
        let the = at > 0 && self.any(at - 1, &["the", "a"]);
        let weekday = |at: usize| matches!(self.class(at), Class::Weekday(..));
        let joined = |at: usize| self.range_sign(at, true) || self.any(at, &["&", "or", "/", ","]);
        let listed = joined(at + 1) && weekday(at + 2) || at > 1 && joined(at - 1) && weekday(at - 2);
        !the && (listed || capital || before || alone || counted)
    }

    /// "of next week", "this week", "on Friday next week".
    fn of_week(&self, at: usize) -> Parsed<i64> {
        let start = self.skip(at, &["of", "in", "from", "-"]);
        let start = self.skip(start, &["the"]);
        match self.class(start) {
            Class::Turn(turn) if self.any(start + 1, &["week", "wk"]) => Some((turn, start + 2)),
            _ => None,
        }
    }

    /// "Friday the 26th", "Mon 13th", "Monday 21".
    fn weekday_and_number(&self, weekday: Weekday, at: usize) -> Parsed<Day> {
        let at = if self.sign(at) == Some('.') && self.glued(at) {
            at + 1
        } else {
            at
        };
        let the = self.any(at, &["the"]);
        let start = if the { at + 1 } else { at };
        let (day, end) = self.day_number(start)?;
        if the {
            let noun = self.any(end, &["day", "of"]);
            return (!noun).then_some((Day::WeekdayThe { day }, end));
        }
        let ordinal = self.ordinal(start).is_some();
        let plain = self.digits(start).is_some()
            && day > 12
            && !self.glued(end)
            && !self.any(end, &["to", "till", "until", "pm", "am", "-", "–", "minutes", "people"]);
        (ordinal || plain).then_some((Day::WeekdayOn { weekday, day }, end))
    }

    /// "next week on Friday", "last week's Sunday", "1st week of Oct. on Friday".
    fn weekday_in_week(&self, at: usize) -> Parsed<Day> {
        if let Class::Turn(turn) = self.class(at)
            && self.any(at + 1, &["week", "wk"])
        {
            let start = self.seq(at + 2, &["'", "s"]).unwrap_or(at + 2);
            let start = self.skip(start, &["on", "-", ",", "the"]);
            let Class::Weekday(weekday, false) = self.class(start) else {
                return None;
            };
            let week = Week::Relative(turn);
            return Some((Day::Weekday { weekday, week }, start + 1));
        }
        let (stretch, end) = self.counted_stretch(at)?;
        if !matches!(
            &stretch,
            Stretch::Nth {
                unit: Unit::Week,
                count: None,
                ..
            }
        ) {
            return None;
        }
        let start = self.skip(end, &["."]);
        let start = self.skip(start, &["on"]);
        let Class::Weekday(weekday, false) = self.class(start) else {
            return None;
        };
        let of = Box::new(stretch);
        Some((Day::InWeek { weekday, of }, start + 1))
    }

    /// Which of several: "first", "2nd", "last", "third last".
    pub(super) fn nth(&self, at: usize) -> Parsed<Nth> {
        if self.any(at, &["last"]) {
            return Some((Nth::Last(1), at + 1));
        }
        let (value, end) = self.ordinal(at)?;
        let value = i16::try_from(value).ok()?;
        if self.any(end, &["last"]) {
            return Some((Nth::Last(value), end + 1));
        }
        Some((Nth::First(value), end))
    }

    /// "the first Friday of July", "the 20th of next month", "the last day of October", "second Sunday".
    fn counted_day(&self, at: usize) -> Parsed<Day> {
        let start = self.skip(at, &["the"]);
        if let Some(found) = self.day_of_turned_month(start) {
            return Some(found);
        }
        let (nth, end) = self.nth(start)?;
        match self.class(end) {
            Class::Weekday(weekday, false) => {
                // "first Monday evening of next month" is a part of a day.
                if matches!(self.class(end + 1), Class::Part(..)) && self.any(end + 2, &["of", "in"]) {
                    return None;
                }
                let of = self.skip(end + 1, &["of", "in"]);
                let month = self.stretch_of_months(of);
                let named = matches!(self.class(of), Class::Month(_));
                if let Some((stretch, after)) = month.filter(|_| of > end + 1 || named) {
                    let of = Box::new(stretch);
                    return Some((Day::NthWeekday { nth, weekday, of }, after));
                }
                let Nth::First(1..=5) = nth else {
                    return None;
                };
                let of = Box::new(Stretch::Around {
                    unit: Unit::Month,
                    day: Box::new(Day::Relative(0)),
                });
                Some((Day::NthWeekday { nth, weekday, of }, end + 1))
            }
            Class::Unit(Unit::Day, false) => {
                let of = self.phrase(end + 1, &[&["of"], &["in"]])?;
                let (stretch, after) = self.stretch_of_months(of)?;
                // The day of a month by its number is a date of the calendar.
                if let (Nth::First(day), Stretch::Month { year, month }, true) = (nth, &stretch, start == at) {
                    let day = i8::try_from(day).ok()?;
                    let (year, month) = (*year, *month);
                    return Some((Day::Calendar { year, month, day }, after));
                }
                if let (
                    Nth::First(day),
                    Stretch::Relative {
                        unit: Unit::Month,
                        offset,
                    },
                ) = (nth, &stretch)
                {
                    return Some((of_month(i8::try_from(day).ok()?, *offset), after));
                }
                if matches!((nth, &stretch), (Nth::First(_), Stretch::Month { .. })) {
                    return None;
                }
                let of = Box::new(stretch);
                Some((Day::Nth { nth, of }, after))
            }
            _ => None,
        }
    }

    /// "20th of next month", "21st this month".
    fn day_of_turned_month(&self, at: usize) -> Parsed<Day> {
        let (day, end) = self.day_number(at)?;
        let of = self.skip(self.skip(end, &["day"]), &["of"]);
        if of == end && self.ordinal(at).is_none() {
            return None;
        }
        let (offset, after) = self.turned_month(of)?;
        Some((of_month(day, offset), after))
    }

    /// "this month", "the month".
    pub(super) fn turned_month(&self, at: usize) -> Parsed<i64> {
        let start = self.skip(at, &["the"]);
        match self.class(start) {
            Class::Turn(turn) if self.any(start + 1, &["month"]) => Some((turn, start + 2)),
            Class::Unit(Unit::Month, false) if start > at => Some((0, start + 1)),
            _ => None,
        }
    }

    /// A holiday with its year: "thanksgiving 2010", "Yuandan of this year", "next Easter".
    pub(super) fn said_holiday(&self, at: usize) -> Parsed<Day> {
        let turned = match self.class(at) {
            Class::Turn(turn) => Some(turn),
            _ => None,
        };
        let start = if turned.is_some() { at + 1 } else { at };
        let (holiday, end) = self.holiday(start)?;
        let of = self.skip(self.skip(end, &[","]), &["of", "in"]);
        let (year, end) = self
            .full_year(of)
            .or_else(|| self.turned_year(of))
            .or_else(|| self.years_away(end))
            .map_or((Year::Unsaid, end), |(year, after)| (year, after));
        Some((
            Day::Holiday {
                holiday,
                year,
                turn: turned,
            },
            end,
        ))
    }

    /// "the 27th", "22nd", "the 27": a day of a month that goes unsaid.
    pub(super) fn bare_day(&self, at: usize) -> Parsed<Day> {
        let the = self.any(at, &["the"]);
        let start = if the { at + 1 } else { at };
        let ordinal = self.ordinal(start);
        let (day, end) = match ordinal {
            Some((value, end)) => (i8::try_from(value).ok().filter(|day| (1..=31).contains(day))?, end),
            None => match self.digits(start) {
                Some((value @ 1..=31, 1..=2)) => (i8::try_from(value).ok()?, start + 1),
                _ => return None,
            },
        };
        Some((
            Day::Calendar {
                year: Year::Unsaid,
                month: Month::Unsaid,
                day,
            },
            end,
        ))
    }
}

const fn of_month(day: i8, offset: i64) -> Day {
    Day::Calendar {
        year: Year::Unsaid,
        month: Month::Relative(offset),
        day,
    }
}
