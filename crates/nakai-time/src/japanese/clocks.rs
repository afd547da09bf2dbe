//! Times of day and parts of a day: 午後3時半, 夜の8時, 18:30, 正午, 夕方, 今夜.

use super::{
    grammar::{Found, Grammar},
    numerals::is_numeral,
    text::{is_kanji, is_katakana},
};
use crate::{
    Modifier,
    expression::{Clock, DayPart, Part},
};

/// What a word before an hour says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    /// Before noon.
    Morning,
    /// After noon.
    Afternoon,
    /// 夜: 夜8時 is 20, but 夜1時 is 1 and 夜12時 is 0.
    Night,
    /// 夜中: until dawn.
    Midnight,
    /// 昼: around noon.
    Noon,
}

/// Words before an hour.
const HALVES: &[(&str, Half)] = &[
    ("午前", Half::Morning),
    ("朝", Half::Morning),
    ("早朝", Half::Morning),
    ("明け方", Half::Morning),
    ("未明", Half::Morning),
    ("AM", Half::Morning),
    ("am", Half::Morning),
    ("午後", Half::Afternoon),
    ("夕方", Half::Afternoon),
    ("夕", Half::Afternoon),
    ("PM", Half::Afternoon),
    ("pm", Half::Afternoon),
    ("夜", Half::Night),
    ("晩", Half::Night),
    ("深夜", Half::Midnight),
    ("夜中", Half::Midnight),
    ("真夜中", Half::Midnight),
    ("夜遅く", Half::Midnight),
    ("昼", Half::Noon),
    ("お昼", Half::Noon),
    ("昼食時", Half::Noon),
    ("昼食時の", Half::Noon),
    ("正午", Half::Noon),
];

/// Halves of the day that follow an hour: 3:20 pm.
const AFTER: &[(&str, Half)] = &[
    ("am", Half::Morning),
    ("AM", Half::Morning),
    ("a.m.", Half::Morning),
    ("pm", Half::Afternoon),
    ("PM", Half::Afternoon),
    ("p.m.", Half::Afternoon),
];

/// A part of a day, the part of that, and whether に belongs to it.
type PartWord = (DayPart, Option<Part>, bool);

/// Words for parts of a day. Some of them take に into the expression.
const DAY_PARTS: &[(&str, PartWord)] = &[
    ("午前", (DayPart::Morning, None, false)),
    ("午前中", (DayPart::Morning, None, false)),
    ("朝", (DayPart::Morning, None, false)),
    ("早朝", (DayPart::Morning, Some(Modifier::Start), true)),
    ("昼前", (DayPart::Morning, Some(Modifier::End), true)),
    ("お昼前", (DayPart::Morning, Some(Modifier::End), true)),
    ("昼", (DayPart::Midday, None, false)),
    ("お昼", (DayPart::Midday, None, false)),
    ("昼間", (DayPart::Daytime, None, false)),
    ("日中", (DayPart::Daytime, None, false)),
    ("午後", (DayPart::Afternoon, None, true)),
    ("昼過ぎ", (DayPart::Afternoon, None, true)),
    ("夕方前", (DayPart::Afternoon, Some(Modifier::End), true)),
    ("夕方", (DayPart::Evening, None, true)),
    ("晩", (DayPart::Evening, None, true)),
    ("夜", (DayPart::Night, None, true)),
    ("夜中", (DayPart::Night, None, true)),
    ("真夜中", (DayPart::Night, None, true)),
    ("深夜", (DayPart::Night, None, true)),
    ("営業時間内", (DayPart::BusinessHours, None, true)),
];

/// What words for parts of a day, or for the present, start other words with.
const NOT_PARTS: &[&str] = &[
    "朝食",
    "朝ドラ",
    "朝ごは",
    "朝ご飯",
    "朝市",
    "朝刊",
    "朝礼",
    "朝顔",
    "朝日",
    "朝風呂",
    "朝倉",
    "朝鮮",
    "朝採",
    "夜景",
    "夜行",
    "夜食",
    "夜空",
    "夜勤",
    "夜更",
    "夜明",
    "夜桜",
    "夜店",
    "夜市",
    "夜泣",
    "夜間",
    "夜逃",
    "昼食",
    "お昼ごは",
    "お昼ご飯",
    "お昼休",
    "お昼寝",
    "昼ごは",
    "昼ご飯",
    "昼寝",
    "昼休",
    "昼夜",
    "夕方以外",
    "晩ごは",
    "晩ご飯",
    "晩酌",
    "晩年",
    "晩餐",
    "晩御",
    "深夜料金",
    "深夜便",
    "深夜バス",
    "夜行バス",
    "夜間料金",
    "午前様",
    "日中韓",
    "日中関係",
    "日中戦争",
    "日中友好",
    "日中国交",
    "日中両",
];

/// A day from today with a part of it.
const DAYS_WITH_PARTS: &[(&str, (i64, DayPart, Half))] = &[
    ("今朝", (0, DayPart::Morning, Half::Morning)),
    ("けさ", (0, DayPart::Morning, Half::Morning)),
    ("今晩", (0, DayPart::Evening, Half::Night)),
    ("今夜", (0, DayPart::Night, Half::Night)),
    ("今夕", (0, DayPart::Evening, Half::Afternoon)),
    ("昨夜", (-1, DayPart::Night, Half::Night)),
    ("昨晩", (-1, DayPart::Evening, Half::Night)),
    ("ゆうべ", (-1, DayPart::Evening, Half::Night)),
    ("一昨夜", (-2, DayPart::Night, Half::Night)),
    ("明朝", (1, DayPart::Morning, Half::Morning)),
    ("明晩", (1, DayPart::Evening, Half::Night)),
    ("翌朝", (1, DayPart::Morning, Half::Morning)),
    ("翌晩", (1, DayPart::Evening, Half::Night)),
];

/// A time of day as it was said.
#[derive(Clone, Copy)]
pub(super) struct Said {
    pub(super) clock: Clock,
    /// Whether it was said with ごろ or the like.
    pub(super) about: bool,
    /// Whether the half of the day was said.
    pub(super) half: bool,
}

impl Grammar<'_> {
    /// A time of day with the words before it: 夜の8時.
    pub(super) fn clock(&self, at: usize) -> Found<Said> {
        let (half, start) = self.halves(at);
        self.clock_in(half, start).or_else(|| self.noon(at))
    }

    /// The words before an hour; of several the last counts: 早朝午前7時.
    pub(super) fn halves(&self, at: usize) -> (Option<Half>, usize) {
        let (mut half, mut end) = (None, at);
        for _ in 0..3 {
            let start = if half.is_some() {
                self.text.skip(end, &["の", ",", " "])
            } else {
                end
            };
            let Some((next, next_end)) = self.text.lookup(start, HALVES) else {
                break;
            };
            // 午前 and 午後 say it more exactly than 朝 and 夜, wherever they stand.
            (half, end) = (Some(next), next_end);
        }
        (half, self.text.skip(end, &["の", ",", " "]))
    }

    /// 正午 without an hour.
    fn noon(&self, at: usize) -> Found<Said> {
        let start = self.text.skip(at, &["昼食時の"]);
        if let Some(end) = self.text.word(start, "正午") {
            let end = self.text.skip(end, &["の昼食時"]);
            return Some(self.about(exact(12, None), end));
        }
        if let Some(end) = self.text.word(at, "午前半ば") {
            return Some(self.about(exact(10, None), end));
        }
        if let Some(end) = self.text.word(at, "零時") {
            return Some(self.about(exact(0, None), end));
        }
        None
    }

    pub(super) fn clock_in(&self, half: Option<Half>, at: usize) -> Found<Said> {
        let (hour, end) = self.small(at, 0, 30)?;
        let (mut clock, mut end) = self
            .colons(hour, end)
            .or_else(|| self.hours(at, hour, end, half.is_some()))?;
        let mut half = half;
        if let Some((after, after_end)) = self.text.lookup(self.text.spaces(end), AFTER)
            && self.text.get(after_end).is_none_or(|c| !c.is_ascii_alphanumeric())
        {
            (half, end) = (Some(after), after_end);
        }
        if let Some(after) = self.text.word(end, "の昼食時") {
            (half, end) = (Some(Half::Noon), after);
        }
        let said = half.is_some();
        if let Some(half) = half {
            clock.hour = in_half(half, clock.hour);
            clock.ambiguous = false;
        }
        let (clock, end) = self.about(clock, end);
        Some((Said { half: said, ..clock }, end))
    }

    /// 18:30, 8:00:24.
    fn colons(&self, hour: i8, end: usize) -> Found<Clock> {
        let (minute, end) = self.two_figures(end)?;
        let (second, end) = match self.two_figures(end) {
            Some((second, end)) => (Some(second), end),
            None => (None, end),
        };
        let more = self.text.get(end).is_some_and(|c| c.is_ascii_digit() || c == ':');
        (!more).then_some((
            Clock {
                hour,
                minute: Some(minute),
                second,
                ambiguous: (1..=12).contains(&hour),
            },
            end,
        ))
    }

    /// The minute or second after a colon.
    fn two_figures(&self, at: usize) -> Found<i8> {
        let start = self.text.word(at, ":")?;
        let (value, end) = self.small(start, 0, 59)?;
        (end == start + 2 && self.text.get(start)?.is_ascii_digit()).then_some((value, end))
    }

    /// 3時, 3時半, 3時20分30秒; 8時3分前.
    fn hours(&self, at: usize, hour: i8, end: usize, certain: bool) -> Found<Clock> {
        let end = self.text.word(self.text.spaces(end), "時")?;
        if matches!(
            self.text.get(end),
            Some('間' | '代' | '期' | '給' | '計' | '短' | '差' | '限' | '制' | '刻')
        ) {
            return None;
        }
        // 一時 mostly means "for a while".
        if self.text.get(at) == Some('一')
            && hour == 1
            && !certain
            && !matches!(
                self.text.get(end),
                Some('半' | 'に' | 'か' | 'ご' | '頃' | 'ま' | 'の') | None
            )
            && self.small(end, 0, 59).is_none()
        {
            return None;
        }
        let mut clock = Clock {
            hour,
            minute: None,
            second: None,
            ambiguous: (1..=12).contains(&hour),
        };
        let mut end = end;
        if self.text.get(end) == Some('半') && self.text.get(end + 1) != Some('額') {
            clock.minute = Some(30);
            end += 1;
        } else if let Some((minute, minute_end)) = self.small(end, 0, 59)
            && let Some(minute_end) = self.text.word(minute_end, "分")
            && self.text.get(minute_end) != Some('間')
        {
            clock.minute = Some(minute);
            end = minute_end;
            if let Some(before) = self.text.word(end, "前")
                && minute <= 20
                && minute > 0
            {
                clock.hour = if hour == 1 { 12 } else { hour - 1 };
                clock.minute = Some(60 - minute);
                return (hour > 0).then_some((clock, before));
            }
        }
        if let Some((second, second_end)) = self.small(end, 0, 59)
            && let Some(second_end) = self.text.word(second_end, "秒")
        {
            clock.minute = clock.minute.or(Some(0));
            clock.second = Some(second);
            end = second_end;
        }
        Some((clock, end))
    }

    /// The words after a time of day.
    fn about(&self, clock: Clock, end: usize) -> (Said, usize) {
        let end = self.text.skip(
            end,
            &[
                "ちょうど",
                "きっかり",
                "かっきり",
                "ぴったり",
                "ジャスト",
                "過ぎに",
                "過ぎ",
                "すぎに",
                "すぎ",
            ],
        );
        let about = self
            .text
            .any(end, &["ごろ", "頃", "ころ", "ぐらい", "くらい", "位", "前後"]);
        (
            Said {
                clock,
                about: about.is_some(),
                half: false,
            },
            about.unwrap_or(end),
        )
    }

    /// A part of a day; `attached` to a day before it.
    pub(super) fn day_part(&self, at: usize, attached: bool) -> Found<(DayPart, Option<Part>)> {
        let ((part, of, takes_particle), end) = self.text.lookup(at, DAY_PARTS)?;
        if self
            .text
            .any(at, NOT_PARTS)
            .is_some_and(|other| other > end || other > at + 1)
        {
            return None;
        }
        let kanji = |c: Option<char>| c.is_some_and(is_kanji);
        if !attached {
            if kanji(self.text.before(at)) || self.text.before(at).is_some_and(|c| is_numeral(c) || is_katakana(c)) {
                return None;
            }
            // A single kanji before another is mostly a part of a longer word.
            if end == at + 1
                && kanji(self.text.get(end))
                && self.text.any(end, &["頃", "遅", "早", "出発", "到着", "戻"]).is_none()
            {
                return None;
            }
        }
        let end = if takes_particle {
            self.text
                .word(end, "に")
                .filter(|end| !matches!(self.text.get(*end), Some('は' | 'も' | 'か' | 'な' | 'て')))
                .unwrap_or(end)
        } else {
            end
        };
        Some(((part, of), end))
    }

    /// 今夜, 昨夜: a day and a part of it.
    pub(super) fn day_with_part(&self, at: usize) -> Found<(i64, DayPart)> {
        if !self.kana_stands_alone(at, at + 2) || self.text.before(at).is_some_and(is_kanji) {
            return None;
        }
        let ((days, part, _), end) = self.text.lookup(at, DAYS_WITH_PARTS)?;
        Some(((days, part), end))
    }

    /// 今夜10時: a day and a time on it.
    pub(super) fn day_with_clock(&self, at: usize) -> Found<(i64, Said)> {
        let ((days, _, half), end) = self.text.lookup(at, DAYS_WITH_PARTS)?;
        let next = self.text.skip(end, &["の", ",", " "]);
        let (said, end) = match self.halves(next) {
            (Some(_), _) => self.clock(next)?,
            (None, start) => self.clock_in(Some(half), start)?,
        };
        Some(((days, said), end))
    }
}

const fn exact(hour: i8, minute: Option<i8>) -> Clock {
    Clock {
        hour,
        minute,
        second: None,
        ambiguous: false,
    }
}

/// A full hour in a half of the day.
pub(super) fn hour_of(half: Option<Half>, hour: i8) -> Clock {
    Clock {
        ambiguous: half.is_none() && (1..=12).contains(&hour),
        ..exact(half.map_or(hour, |half| in_half(half, hour)), None)
    }
}

const fn in_half(half: Half, hour: i8) -> i8 {
    match (half, hour) {
        (Half::Morning, 12) | (Half::Night | Half::Midnight, 12) => 0,
        (Half::Afternoon, 0..12) | (Half::Night, 5..12) | (Half::Midnight, 6..12) | (Half::Noon, 1..6) => hour + 12,
        _ => hour,
    }
}

/// All words that a time of day or a part of a day may start with.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    let halves = HALVES.iter().map(|(word, _)| *word);
    let parts = DAY_PARTS.iter().map(|(word, _)| *word);
    halves.chain(parts).chain(DAYS_WITH_PARTS.iter().map(|(word, _)| *word))
}
