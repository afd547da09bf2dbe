//! Days, moments and stretches that are said by their distance: 三日後, 今後2週間, 5時間以内に, 明日から3日後.

use super::{
    grammar::{Found, Grammar},
    lengths::{Stated, bound, bound_if},
    numerals::is_numeral,
    text::is_kanji,
};
use crate::{
    Modifier,
    expression::{Day, Expression, Stretch, Unit},
    length::Length,
};

/// Words that say that a length goes on from now.
const COMING: &[&str] = &[
    "向こう",
    "今後",
    "この先",
    "これから",
    "これからの",
    "次の",
    "未来の",
    "後",
    "あと",
    "あとの",
    "来たる",
    "直後",
    "直後の",
];

/// Words that say that a length ends now.
const GONE: &[&str] = &[
    "過去",
    "過去の",
    "前の",
    "この",
    "ここ",
    "直近",
    "直近の",
    "最後の",
    "前",
    "直在",
    "最近の",
    "最近",
];

impl Grammar<'_> {
    /// A day, a moment or a stretch that is said by its distance from now.
    pub(super) fn relative_length(&self, at: usize) -> Found<Expression> {
        let started = self.text.any(at, &["今から", "いまから"]).unwrap_or(at);
        if let Some(found) = self.rolling(started) {
            return Some(found);
        }
        if let Some(found) = self.counted_weekdays(started) {
            return Some(found);
        }
        let (stated, end) = self.length(started)?;
        // How far it is, and not when: 徒歩5分以内.
        if self.is_way(at)
            && let Some(end) = self.text.any(end, &["以内に", "以内"])
        {
            return Some((bound(Modifier::Less, Expression::Length(stated.length)), end));
        }
        self.weekday_after(&stated, end)
            .or_else(|| self.distance(&stated.length, end))
    }

    /// A day that is said by its distance, to which a time may be added: 3日後の15時.
    pub(super) fn day_by_distance(&self, at: usize) -> Found<Expression> {
        let (Expression::Later(by), end) = self.relative_length(at)? else {
            return None;
        };
        if by.has_clock() || self.text.before(end) == Some('で') {
            return None;
        }
        let day = Day::Shifted {
            from: Box::new(Day::Relative(0)),
            by,
            to: None,
        };
        Some((Expression::Day(day), end))
    }

    /// Whether a word before a length says that it is that of a way.
    fn is_way(&self, at: usize) -> bool {
        [
            "徒歩",
            "徒歩で",
            "歩いて",
            "車で",
            "電車で",
            "バスで",
            "駅から",
            "駅より",
            "空港から",
        ]
        .iter()
        .any(|word| {
            at.checked_sub(word.chars().count())
                .is_some_and(|start| self.text.word(start, word).is_some())
        })
    }

    /// 2週先の日曜日: the second Sunday from now.
    fn weekday_after(&self, stated: &Stated, end: usize) -> Found<Expression> {
        let (amount, Unit::Week) = stated.length.single()? else {
            return None;
        };
        let end = self.text.any(end, &["先の", "後の"])?;
        let (weekday, end) = self.weekday(end)?;
        #[expect(clippy::cast_possible_truncation, reason = "amounts have at most eight figures")]
        let count = amount as i64;
        Some((Expression::Day(Day::Weekdays { weekday, count }), end))
    }

    /// 2個先の日曜日: the second Sunday from now.
    fn counted_weekdays(&self, at: usize) -> Found<Expression> {
        let (count, end) = self.small(at, 1, 99)?;
        let (weekday, end) = self.weekday(self.text.any(end, &["個先の", "つ先の", "回先の"])?)?;
        Some((
            Expression::Day(Day::Weekdays {
                weekday,
                count: i64::from(count),
            }),
            end,
        ))
    }

    /// What follows a length that counts from now.
    pub(super) fn distance(&self, length: &Length, end: usize) -> Found<Expression> {
        if let Some(end) = self.text.any(end, &["以内に", "以内"]) {
            return Some((within(length), end));
        }
        let over = self.text.any(end, &["以上", "以上も"]);
        let from = over.unwrap_or(end);
        let later = [
            "後",
            "あと",
            "のち",
            "経ったら",
            "経ってから",
            "経過後に",
            "経過後",
            "経過してから",
            "経過したら",
            "過ぎに",
            "過ぎたら",
        ];
        let (later, end) = if let Some(end) = self.text.any(from, &later) {
            (length.clone(), end)
        } else if let Some(end) = self.text.any(from, &["前"]) {
            if self.text.any(end, &["半", "後半"]).is_some() {
                return None;
            }
            (length.negated(), end)
        } else if let Some(end) = self.text.any(from, &["間で", "で"]) {
            // 3泊4日で says how long.
            let nights = self.has_nights(end.saturating_sub(5), end);
            let verb = self.text.get(end).is_some_and(|c| "すしはあき".contains(c));
            // 25日で mostly says when, 3日で how soon.
            let date = matches!(length.single(), Some((amount, Unit::Day)) if amount >= 10.0)
                && self.text.get(end - 2) == Some('日');
            let enough = self.text.before(end - 1) == Some('分') && self.text.before(end - 2) == Some('十');
            if over.is_some() || verb || date || nights || enough {
                return None;
            }
            (length.clone(), end)
        } else {
            return None;
        };
        if self.text.get(end) == Some('半') {
            return None;
        }
        let by = if later.is_negative() {
            Modifier::Before
        } else {
            Modifier::After
        };
        let moment = Expression::Later(later);
        Some((bound_if(over.is_some(), by, moment), end))
    }

    /// 今後3日間, 過去5年間, あと1時間.
    fn rolling(&self, at: usize) -> Found<Expression> {
        if let Some(start) = self.text.any(at, COMING)
            && self.apart(at, start)
        {
            let (stated, end) = self.length(start)?;
            // そのあと1泊: nights are a stay.
            if self.has_nights(start, end) {
                return None;
            }
            if let Some(end) = self.text.any(end, &["以内に", "以内"]) {
                return Some((within(&stated.length), end));
            }
            // あと1時間 is the moment then, あと5分間 the time until then.
            let stretch = self.text.before(end) == Some('間') && self.text.before(end - 1) != Some('時');
            let then = stated.length.has_clock() && !stretch || self.text.get(end) == Some('で');
            if self.text.word(at, "あと").is_some() && then {
                return Some(self.left(stated.length, end));
            }
            return Some((rolling(stated.length), end));
        }
        if let Some(found) = self.current(at) {
            return Some(found);
        }
        let start = self.text.any(at, GONE).filter(|start| self.apart(at, *start))?;
        let (stated, end) = self.length(start)?;
        if self.text.get(at) == Some('こ')
            && let Some((amount, unit)) = stated.length.single()
            && (amount - 1.0).abs() < f64::EPSILON
            && matches!(unit, Unit::Day | Unit::Week | Unit::Month | Unit::Year)
        {
            if unit == Unit::Day {
                return Some((Expression::Day(Day::Relative(0)), end));
            }
            return Some((Expression::Stretch(Stretch::Relative { unit, offset: 0 }), end));
        }
        Some((rolling(stated.length.negated()), end))
    }

    /// この1時間: the hour that it is, 直近1時間: the one before; and 前分, the last minute.
    fn current(&self, at: usize) -> Found<Expression> {
        if self.text.before(at).is_some_and(|c| is_kanji(c) || is_numeral(c)) {
            return None;
        }
        if let Some(end) = self.text.any(at, &["前分", "昨分"]) {
            return Some((rolling(Length::new(-1.0, Unit::Minute)), end));
        }
        let (offset, start) = self.text.lookup(
            at,
            &[
                ("この", 0),
                ("当", 0),
                ("現", 0),
                ("今", 0),
                ("現在の", 0),
                ("今の", 0),
                ("前", -1),
                ("直近", -1),
                ("直近の", -1),
                ("最後の", -1),
            ],
        )?;
        let start = self.text.any(start, &["1", "一"])?;
        let (unit, end) = self.text.lookup(
            start,
            &[("時間", Unit::Hour), ("分間", Unit::Minute), ("分", Unit::Minute)],
        )?;
        Some((Expression::ByClock(unit, offset), end))
    }

    /// あと1時間で: the moment then.
    fn left(&self, length: Length, end: usize) -> (Expression, usize) {
        if let Some(end) = self.text.word(end, "弱") {
            return (bound(Modifier::Less, Expression::Later(length)), end);
        }
        (Expression::Later(length), self.text.skip(end, &["で"]))
    }

    /// Whether a word that is one kanji stands alone: not the 後 of 午後.
    fn apart(&self, at: usize, end: usize) -> bool {
        end - at > 1 || self.text.before(at).is_none_or(|c| !is_kanji(c))
    }

    /// A length from a day on, after the day: 明日から3日以内, 昨日の2日前.
    pub(super) fn counted_from(&self, day: &Day, end: usize) -> Found<Expression> {
        let start = self.text.any(end, &["から", "の"])?;
        let (stated, end) = self.length(start)?;
        let length = stated.length;
        if length.has_clock() {
            return None;
        }
        let shifted = |by: Length| Day::Shifted {
            from: Box::new(day.clone()),
            by,
            to: None,
        };
        if let Some(end) = self.text.any(end, &["以内"]) {
            return Some((Expression::Stretch(Stretch::For(Box::new(day.clone()), length)), end));
        }
        let over = self.text.any(end, &["以上"]);
        let from = over.unwrap_or(end);
        if let Some(end) = self.text.any(from, &["後", "あと", "先"]) {
            let later = Expression::Day(shifted(length));
            return Some((bound_if(over.is_some(), Modifier::After, later), end));
        }
        if let Some(end) = self.text.any(from, &["前"]) {
            let earlier = Expression::Day(shifted(length.negated()));
            return Some((bound_if(over.is_some(), Modifier::Before, earlier), end));
        }
        // 今日から2日: the day then. Nights are a stay, and not a day.
        let from_today = matches!(day, Day::Relative(_)) && self.text.get(start - 1) == Some('ら');
        if !from_today || over.is_some() || self.has_nights(start, end) {
            return None;
        }
        // After a bare 日 the で belongs to what follows.
        let after = if stated.bare {
            end
        } else {
            self.text.skip(end, &["で"])
        };
        Some((Expression::Day(shifted(length)), after))
    }

    /// Whether nights are counted somewhere: 2泊3日.
    fn has_nights(&self, start: usize, end: usize) -> bool {
        (start..end).any(|at| self.text.get(at) == Some('泊'))
    }
}

fn within(length: &Length) -> Expression {
    if length.has_clock() {
        Expression::Rolling {
            by: length.clone(),
            within: true,
        }
    } else {
        Expression::Stretch(Stretch::Rolling {
            by: length.clone(),
            within: true,
        })
    }
}

fn rolling(by: Length) -> Expression {
    if by.has_clock() {
        Expression::Rolling { by, within: false }
    } else {
        Expression::Stretch(Stretch::Rolling { by, within: false })
    }
}

/// All words that a length from or to now may start with.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    COMING.iter().chain(GONE).copied()
}
