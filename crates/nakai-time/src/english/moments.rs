//! Times on days: pieces that say a day, a time (or two) and a part of a day, in any order.

use super::{
    clocks::{self, Said, SaidPart},
    tokens::{Parsed, Text},
    words::Class,
};
use crate::{
    Modifier,
    expression::{Clock, Day, DayPart, Expression, Part, Year},
    length::Length,
    timex,
};

/// What the pieces said so far.
#[derive(Default, Clone)]
struct Pieces {
    day: Option<Day>,
    clock: Option<Said>,
    clocks: Option<(Said, Said)>,
    /// For so long from the time.
    length: Option<Length>,
    part: Option<SaidPart>,
    /// Whether a mere number may be a time here.
    numbers_count: bool,
    /// Whether the part of the day was said without "in the".
    loose_part: bool,
}

impl Pieces {
    const fn has_time(&self) -> bool {
        self.clock.is_some() || self.clocks.is_some()
    }
}

/// What stands between two pieces.
struct Join {
    /// A comma, a hyphen or an `@`.
    sign: Option<char>,
    /// Whether a time is announced: "at", "around".
    time_word: bool,
    /// "morning of the 15th".
    part_of: bool,
    /// The token after the first piece.
    start: usize,
    /// The first token of the second piece.
    end: usize,
}

impl Text<'_> {
    /// A day, a time, a part of a day, or several of them together.
    pub(super) fn moment(&self, at: usize) -> Parsed<Expression> {
        let mut pieces = Pieces::default();
        let mut end = self.first_piece(&mut pieces, at)?;
        for _ in 0..4 {
            let Some(after) = self.next_piece(&mut pieces, end) else {
                break;
            };
            end = after;
        }
        let mut expression = self.assembled(&pieces, at, end)?;
        // "Oct 26 15:50:06 2016".
        if let Expression::Moment(Day::Calendar { year, .. }, Clock { second: Some(_), .. }) = &mut expression
            && matches!(year, Year::Unsaid | Year::OfWeekday(_))
            && let Some((said, after)) = self.full_year(end)
        {
            *year = said;
            end = after;
        }
        Some((expression, end))
    }

    fn first_piece(&self, pieces: &mut Pieces, at: usize) -> Option<usize> {
        let bounds = self.any(at, &["on", "at"]);
        if bounds {
            return self
                .dotted_time(pieces, at)
                .or_else(|| self.led_weekday(pieces, at))
                .or_else(|| self.led_part(pieces, at));
        }
        self.piece(pieces, at)
    }

    /// "at 8.30": here the word belongs to the time.
    fn dotted_time(&self, pieces: &mut Pieces, at: usize) -> Option<usize> {
        self.seq(at, &["at"])?;
        let written = self.sign(at + 2) == Some('.') && self.glued(at + 3) && self.digits(at + 3).is_some();
        let (said, end) = self.clock(at + 1).filter(|(said, end)| {
            // "at 650.650.6500" and "at 1.6714" are no times.
            let hours = self.digits(at + 1).is_some_and(|(_, digits)| digits <= 2);
            written && hours && said.clock.minute.is_some() && !self.glued_number(*end)
        })?;
        pieces.clock = Some(Said {
            bare: false,
            dotted: false,
            ..said
        });
        Some(end)
    }

    /// "on Friday next week": here too.
    fn led_weekday(&self, pieces: &mut Pieces, at: usize) -> Option<usize> {
        let weekday = self.any(at, &["on"]) && matches!(self.class(at + 1), Class::Weekday(_, false));
        let (day, end) = self.day(at + 1).filter(|_| weekday)?;
        let week = self.any(end - 1, &["week", "wk"]) && end == at + 4;
        pieces.day = week.then_some(day);
        week.then_some(end)
    }

    fn led_part(&self, pieces: &mut Pieces, at: usize) -> Option<usize> {
        let (part, end) = self.day_part(at)?;
        pieces.part = Some(part);
        Some(end)
    }

    /// The longest piece here that says something new.
    fn piece(&self, pieces: &mut Pieces, at: usize) -> Option<usize> {
        let no_day = pieces.day.is_none();
        let no_clock = !pieces.has_time();
        let no_part = pieces.part.is_none();
        let day = if no_day { self.day_piece(at) } else { None };
        let today = if no_day && no_part {
            self.part_of_some_day(at)
        } else {
            None
        };
        let clock = if no_clock { self.clock(at) } else { None };
        let clocks = if no_clock { self.clock_range(at) } else { None };
        let lasting = if no_clock { self.clock_and_length(at) } else { None };
        let part = if no_part { self.day_part(at) } else { None };
        let ends = [
            today.as_ref().map(|(_, end)| *end),
            day.as_ref().map(|(_, end)| *end),
            clocks.as_ref().map(|(_, end)| *end),
            lasting.as_ref().map(|(_, end)| *end),
            clock.as_ref().map(|(_, end)| *end),
            part.as_ref().map(|(_, end)| *end),
        ];
        let longest = ends.iter().flatten().max().copied()?;
        // Of equally long pieces the first one counts.
        match ends.iter().position(|end| *end == Some(longest))? {
            0 => {
                let (day, part) = today?.0;
                pieces.loose_part = true;
                pieces.day = Some(day);
                pieces.part = Some(part);
            }
            1 => pieces.day = day.map(|(day, _)| day),
            2 => pieces.clocks = clocks.map(|(clocks, _)| clocks),
            3 => {
                let (clock, length) = lasting?.0;
                pieces.clock = Some(clock);
                pieces.length = Some(length);
            }
            4 => pieces.clock = clock.map(|(clock, _)| clock),
            _ => {
                pieces.loose_part = matches!(self.class(at), Class::Part(..));
                pieces.part = part.map(|(part, _)| part);
            }
        }
        Some(longest)
    }

    fn next_piece(&self, pieces: &mut Pieces, at: usize) -> Option<usize> {
        // AM and PM of a day without a time.
        let only_day = pieces.day.is_some() && !pieces.has_time() && pieces.part.is_none();
        if only_day && let Some((part, end)) = self.half_of_day(at) {
            pieces.part = Some(SaidPart {
                part,
                of: None,
                plural: false,
            });
            return Some(end);
        }
        // "8:00 GMT on Thursday".
        let at = if pieces.has_time() { self.after_zone(at) } else { at };
        let join = self.join(pieces, at);
        let mut next = pieces.clone();
        let end = self.piece(&mut next, join.end)?;
        next.numbers_count = self.fits(pieces, &next, &join)?;
        *pieces = next;
        Some(end)
    }

    /// What stands between a piece and the next.
    fn join(&self, pieces: &Pieces, at: usize) -> Join {
        let glued_hyphen = self.sign(at) == Some('-') && self.glued(at) && self.glued(at + 1);
        let sign = self
            .sign(at)
            .filter(|sign| matches!(sign, ',' | '-' | '@') && !glued_hyphen);
        let start = if sign.is_some() { at + 1 } else { at };
        let part_of = pieces.part.is_some() && pieces.day.is_none() && self.any(start, &["of"]);
        let end = if part_of {
            self.skip(start + 1, &["the"])
        } else if pieces.has_time() {
            self.skip(start, &["on", "of", "at"])
        } else {
            let end = self.skip(start, &["at", "for", "around", "about", "@", "on"]);
            self.skip(end, &["around", "about"])
        };
        Join {
            sign,
            time_word: sign == Some('@') || self.any(start, &["at", "around", "about", "@"]),
            part_of,
            start: at,
            end,
        }
    }

    /// Whether a new piece goes with those before it, and if so, whether a mere number counts as a time among them.
    fn fits(&self, old: &Pieces, new: &Pieces, join: &Join) -> Option<bool> {
        let had_time = old.has_time();
        let new_day = new.day.is_some() && old.day.is_none();
        let new_time = !had_time && new.has_time();
        let new_part = new.part.is_some() && old.part.is_none();
        let comma = join.sign == Some(',');
        // Holidays stay apart from times, and meals from days that follow.
        if (new_day && !join.part_of || new_time) && matches!(new.day, Some(Day::Holiday { .. })) {
            return None;
        }
        let meal = |part: SaidPart| matches!(part.part, DayPart::Lunch | DayPart::Dinner | DayPart::Breakfast);
        if new_day && !had_time && old.part.is_some_and(meal) {
            return None;
        }
        // "in the afternoon, this Friday ..."
        if comma && !had_time && (new_part && !new_day || new_day && old.part.is_some()) {
            return None;
        }
        let mut counts = old.numbers_count;
        if let Some(said) = new.clock.filter(|said| new_time && (said.bare || said.dotted)) {
            let spoken = self.is_word(join.end) && said.clock.minute.is_some() && old.day.is_some();
            // "Friday 19h" is no length.
            let hours = said.clock.hour > 12 && self.any(join.end + 1, &["h"]) && old.day.is_some();
            let led = join.time_word || hours || !said.dotted && spoken && join.sign.is_none();
            if !(led || said.dotted && matches!(old.day, Some(Day::Relative(_)))) {
                return None;
            }
            counts = true;
        }
        if let Some(said) = old.clock.filter(|said| said.bare) {
            let minutes = said.clock.minute.is_some();
            if new_part && !new_day && old.day.is_none() {
                // "2 morning sessions" have no time.
                counts |= self.any(join.end, &["in", "at", "during", "on"]).then_some(true)?;
            }
            if new_day && minutes && !self.is_word(join.start - 1) {
                return None;
            }
            counts |= new_day && (comma || minutes);
        }
        Some(counts)
    }

    /// A day as a piece; days that only their context makes one are among them.
    fn day_piece(&self, at: usize) -> Parsed<Day> {
        let day = self.day(at);
        let before = at.checked_sub(1).map_or("", |before| self.word(before));
        let the = self.any(at, &["the"]);
        let contextual = match before {
            "on" => self.bare_day(at).filter(|(_, end)| self.free_day(at, *end)),
            "for" if the => self.bare_day(at).filter(|(_, end)| self.ends(*end)),
            "" if the || self.ordinal(at).is_some() => self.bare_day(at).filter(|(_, end)| *end == self.len()),
            _ => None,
        };
        [day, contextual].into_iter().flatten().max_by_key(|(_, end)| *end)
    }

    /// Whether a day of the month after "on" is not the number of something: "on the 27th floor", "on 5 people".
    fn free_day(&self, at: usize, end: usize) -> bool {
        let ordinal = self.ordinal(self.skip(at, &["the"])).is_some();
        let the = self.any(at, &["the"]);
        let goes_on = self.any(
            end,
            &[
                "at", "from", "between", "to", "until", "till", "and", "or", "for", "in", "around", "before", "after",
                "by", "please", "with",
            ],
        );
        let unit = self.sign(end) == Some(':') || self.sign(end) == Some('/') || self.any(end, &["%"]);
        let sign_number = matches!(self.sign(end), Some('-' | '.')) && self.digits(end + 1).is_some();
        if unit || sign_number {
            return false;
        }
        if ordinal {
            return self.ends(end) || goes_on || self.clock(end).is_some_and(|(said, _)| !said.bare);
        }
        let timed = self.any(end, &["at"]) && self.clock(end + 1).is_some_and(|(said, _)| !said.bare);
        (the && (self.ends(end) || goes_on))
            || timed
            || self.sign(end) == Some(',')
            || at + 1 == self.len() && at > 1 && self.clock(at.wrapping_sub(2)).is_some()
            || self.len() == end && at > 2 && self.any(at - 2, &["pm", "am", ".", "m"])
    }

    /// "tonight", "this morning", "last night", "early this evening".
    pub(super) fn part_of_some_day(&self, at: usize) -> Parsed<(Day, SaidPart)> {
        let (of, start) = match self.word(at) {
            "early" | "earlier" => (Some(Modifier::Start), at + 1),
            "late" | "later" => (Some(Modifier::End), at + 1),
            _ => (None, at),
        };
        let found = |day: i64, part: DayPart, of: Option<Part>, end: usize| {
            let part = SaidPart {
                part,
                of,
                plural: false,
            };
            Some(((Day::Relative(day), part), end))
        };
        if self.any(start, &["tonight", "tonite"]) {
            return found(0, DayPart::Night, of, start + 1);
        }
        // "late Friday night".
        if of.is_some()
            && let Class::Part(part, false) = self.class(start + 1)
            && let Some((day, end)) = self.day(start)
            && end == start + 1
        {
            let part = SaidPart {
                part,
                of,
                plural: false,
            };
            return Some(((day, part), end + 1));
        }
        let start = if of.is_some() { self.skip(start, &["in"]) } else { start };
        let Class::Turn(turn) = self.class(start) else {
            return None;
        };
        let (inner, next) = match self.word(start + 1) {
            "early" => (Some(Modifier::Start), self.skip(start + 2, &["-"])),
            "late" => (Some(Modifier::End), self.skip(start + 2, &["-"])),
            _ => (None, start + 1),
        };
        match self.class(next) {
            Class::Part(part @ (DayPart::Morning | DayPart::Afternoon | DayPart::Evening | DayPart::Night), false)
                if !self.any(next + 1, &["time"]) =>
            {
                found(turn, part, of.or(inner), next + 1)
            }
            _ => None,
        }
    }

    /// The expression of some pieces, if they make one.
    fn assembled(&self, pieces: &Pieces, at: usize, end: usize) -> Option<Expression> {
        let part = pieces.part;
        let with_part = |clock: Clock| part.map_or(clock, |part| clocks::in_part(clock, part.part));
        if let Some((from, to)) = pieces.clocks {
            let both_bare = from.bare && to.bare;
            if both_bare && pieces.day.is_none() && (part.is_none() || pieces.loose_part) {
                return None;
            }
            let to = with_part(to.clock);
            return Some(match &pieces.day {
                Some(day) => Expression::Moments(day.clone(), from.clock, to),
                None => Expression::Clocks(from.clock, to),
            });
        }
        if let Some(said) = pieces.clock {
            let alone = pieces.day.is_none() && part.is_none();
            let led = at > 0 && self.any(at - 1, &["at", "@"]);
            // "around 9 next Monday", "after 5 tomorrow".
            let led_with_day = pieces.day.is_some()
                && at > 0
                && self.any(
                    at - 1,
                    &[
                        "around", "about", "before", "after", "by", "until", "till", "since", "from",
                    ],
                );
            let counts = pieces.numbers_count || led_with_day || led && self.number_is_time(at, end, said);
            // "4a" is more often a name than a time.
            if alone && !led && self.word(end - 1) == "a" && end == at + 2 {
                return None;
            }
            let first = at == 0 && !alone && pieces.day.is_some();
            if (said.bare || said.dotted) && !counts && !first {
                return None;
            }
            let clock = with_part(said.clock);
            if let Some(length) = &pieces.length {
                return Some(Expression::From(pieces.day.clone(), clock, length.clone()));
            }
            return Some(match &pieces.day {
                Some(day) => Expression::Moment(day.clone(), clock),
                None => Expression::Clock(clock),
            });
        }
        match (&pieces.day, part) {
            (Some(day), Some(part)) if !part.plural => Some(Expression::PartOf(day.clone(), part.part, part.of)),
            (Some(day), None) => Some(Expression::Day(day.clone())),
            (None, Some(part)) => self.part_alone(part, at, end),
            _ => None,
        }
    }

    /// Whether a number after "at" is a time and not a price or a count.
    fn number_is_time(&self, at: usize, end: usize, said: Said) -> bool {
        let hour = said.clock.hour;
        let long = self.digits(at).is_some_and(|(_, digits)| digits == 3);
        let part = matches!(self.class(end), Class::Part(..));
        // "at one time".
        let other = self.any(at, &["one"]) && self.is_word(end) && self.class(end) == Class::Other;
        hour <= 24
            && !other
            && !part
            && !long
            && !self.glued_number(end)
            && self.sign(end) != Some('%')
            && self.unit(end).is_none()
    }

    /// A part of a day by itself. Meals must be said as times, and greetings are none.
    fn part_alone(&self, part: SaidPart, at: usize, end: usize) -> Option<Expression> {
        let last = self.word(end - 1);
        let led = self.any(at, &["in", "at", "during"]);
        match part.part {
            DayPart::Lunch | DayPart::Dinner | DayPart::Breakfast => {
                let time = matches!(last, "lunchtime" | "dinnertime");
                if !(time || led && self.any(at, &["at", "during"])) {
                    return None;
                }
            }
            _ => {}
        }
        if at > 0 && self.any(at - 1, &["good", "great", "happy", "lovely"]) {
            return None;
        }
        if self.any(at, &["the"]) || (self.any(at, &["by", "over"])) {
            return None;
        }
        // "1 night" is a length.
        if part.part == DayPart::Night && (part.plural || at > 0 && self.digits(at - 1).is_some()) && !led {
            return None;
        }
        if part.plural && !led && part.of.is_none() {
            return Some(Expression::Set(timex::day_part(part.part).to_owned()));
        }
        Some(Expression::DayPart(part.part, part.of))
    }

    /// "the first Monday evening of next month".
    pub(super) fn counted_day_part(&self, at: usize) -> Parsed<Expression> {
        let (nth, end) = self.nth(at)?;
        let Class::Weekday(weekday, false) = self.class(end) else {
            return None;
        };
        let Class::Part(part, false) = self.class(end + 1) else {
            return None;
        };
        let of = self.phrase(end + 2, &[&["of"], &["in"]])?;
        let (stretch, after) = self.stretch_of_months(of)?;
        let of = Box::new(stretch);
        let day = Day::NthWeekday { nth, weekday, of };
        Some((Expression::PartOf(day, part, None), after))
    }
}
